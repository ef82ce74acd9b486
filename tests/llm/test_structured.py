"""Answers as objects: what is taken, what is asked for again, and what fails."""

import json
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from bookiter.errors import ModelFailed
from bookiter.llm.interface import Message, Request
from bookiter.llm.structured import UnusableAnswerError, ask, parse, strict_schema
from support.stand_in import StandIn

REQUEST = Request("judge", (Message("user", "Is it darker?"),))


class Finding(BaseModel):
    title: str
    weight: float = 1.0


class Verdict(BaseModel):
    model_config = ConfigDict(extra="forbid")
    verdict: Literal["approved", "needs_revision"]
    score: int = Field(description="0 to 10", ge=0, le=10)
    findings: tuple[Finding, ...] = ()
    worst: Finding | None = None


GOOD = '{"verdict": "approved", "score": 8, "findings": [], "worst": null}'


@pytest.mark.parametrize(
    "text",
    [GOOD, f" \n{GOOD}\n", f"```json\n{GOOD}\n```", f"```\r\n{GOOD}\r\n```\n", f"\n```JSON\n{GOOD}```"],
)
def test_an_object_is_taken_bare_or_in_one_fence(text: str) -> None:
    assert parse(text, Verdict) == Verdict(verdict="approved", score=8)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no JSON"),
        ("I approve.", "no JSON"),
        (f"Here you are: {GOOD}", "no JSON"),
        (f"{GOOD} I hope this helps.", "no JSON"),
        (f"{GOOD}\n{GOOD}", "no JSON"),
        (f"Sure!\n```json\n{GOOD}\n```", "no JSON"),
        (f"```json\n{GOOD}\n```\nDone.", "no JSON"),
        (GOOD[:-1], "no JSON"),
        (GOOD[:30], "no JSON"),
        (GOOD.replace('"', "'"), "no JSON"),
        (GOOD[:-1] + ",}", "no JSON"),
        (f"[{GOOD}]", "no JSON object"),
        ('"approved"', "no JSON object"),
        ("null", "no JSON object"),
        ('{"verdict": "needs_revision", "verdict": "approved", "score": 8}', "'verdict' comes more than once"),
        ('{"verdict": "approved", "score": NaN}', "NaN"),
        ('{"verdict": "approved", "score": Infinity}', "Infinity"),
        ('{"verdict": "approved", "score": 8, "findings": [{"title": "a", "weight": 1e999}]}', "too large"),
        ('{"verdict": "approved"}', "score: Field required"),
        ('{"verdict": "approved", "score": "8"}', "score: "),
        ('{"verdict": "approved", "score": 8.0}', "score: "),
        ('{"verdict": "approved", "score": true}', "score: "),
        ('{"verdict": "approved", "score": 11}', "score: "),
        ('{"verdict": "fine", "score": 8}', "verdict: "),
        ('{"verdict": "approved", "score": 8, "mood": "dark"}', "mood: "),
        ('{"verdict": "approved", "score": 8, "findings": [{}]}', "findings.0.title: "),
        ("[" * 100_000, "nested"),
        ('{"verdict": "approved", "score": 8, "findings": [{"title": "\\ud800"}]}', ""),
    ],
)
def test_nothing_else_is_repaired_into_an_object(text: str, words: str) -> None:
    with pytest.raises(UnusableAnswerError) as caught:
        parse(text, Verdict)
    assert words in str(caught.value)


@given(st.integers(min_value=0, max_value=len(GOOD) - 1))
def test_no_beginning_of_a_good_answer_is_a_good_answer(length: int) -> None:
    with pytest.raises(UnusableAnswerError):
        parse(GOOD[:length], Verdict)


def test_the_schema_that_is_sent_is_strict_at_every_level() -> None:
    model = StandIn(GOOD)
    ask(model, REQUEST, Verdict)
    schema: Any = model.requests[0].schema
    finding = schema["$defs"]["Finding"]
    assert schema["additionalProperties"] is finding["additionalProperties"] is False
    assert schema["required"] == ["verdict", "score", "findings", "worst"]
    assert finding["required"] == ["title", "weight"]
    assert finding["properties"] == {"title": {"type": "string"}, "weight": {"type": "number"}}
    assert schema["properties"]["worst"] == {"anyOf": [{"$ref": "#/$defs/Finding"}, {"type": "null"}]}
    assert schema["properties"]["score"]["description"] == "0 to 10"
    assert '"default"' not in json.dumps(schema)


def test_a_reference_stands_alone_in_the_schema() -> None:
    class Report(BaseModel):
        main: Finding = Field(description="the main one")

    assert strict_schema(Report)["properties"]["main"] == {"$ref": "#/$defs/Finding"}


def test_a_good_answer_takes_one_call() -> None:
    model = StandIn(GOOD)
    verdict, replies = ask(model, REQUEST, Verdict)
    assert (verdict.score, len(replies), len(model.requests)) == (8, 1, 1)
    assert model.requests[0].messages == REQUEST.messages


def test_a_bad_answer_is_shown_to_the_model_with_what_is_wrong() -> None:
    model = StandIn('{"verdict": "approved"}', GOOD)
    verdict, replies = ask(model, REQUEST, Verdict)
    assert (verdict.score, [reply.text for reply in replies]) == (8, ['{"verdict": "approved"}', GOOD])
    first, second = model.requests
    assert second.messages[:1] == REQUEST.messages
    assert second.messages[1] == Message("assistant", '{"verdict": "approved"}')
    assert second.messages[2].role == "user"
    assert "score: Field required" in second.messages[2].content
    assert second.schema == first.schema


def test_two_bad_answers_fail_and_say_what_was_wrong() -> None:
    model = StandIn("Yes.", "Yes,\x1b[1m I " + "really " * 60 + "approve.", GOOD)
    with pytest.raises(ModelFailed) as caught:
        ask(model, REQUEST, Verdict)
    message = caught.value.message
    assert "the model stand-in-judge gave an unusable answer twice (judge): it is no JSON" in message
    assert message.isprintable()
    assert len(message) < 400
    assert "models.judge" in caught.value.hint
    assert len(model.requests) == 2


def test_bad_answers_are_not_kept_for_the_next_run() -> None:
    model = StandIn("Yes.", "Yes.")
    with pytest.raises(ModelFailed):
        ask(model, REQUEST, Verdict)
    assert model.forgotten == model.requests


def test_a_good_answer_is_not_forgotten() -> None:
    model = StandIn("Yes.", GOOD)
    ask(model, REQUEST, Verdict)
    assert model.forgotten == model.requests[:1]


def test_many_complaints_are_told_in_short() -> None:
    findings = [{"title": 1}] * 12
    with pytest.raises(UnusableAnswerError, match="and 7 more"):
        parse(json.dumps({"verdict": "approved", "score": 1, "findings": findings}), Verdict)
