"""A run written down, and played back."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bookiter.errors import InvalidInput, ModelFailed
from bookiter.llm.interface import Message, Request, Usage
from bookiter.llm.record import RecordingModel
from bookiter.llm.replay import ReplayModel
from support.stand_in import StandIn


def asking(stage: str, words: str) -> Request:
    return Request(stage, (Message("user", words),))


def recorded(path: Path, *requests: Request) -> None:
    model = RecordingModel(StandIn(*(f"to {request.messages[0].content}" for request in requests)), path)
    for request in requests:
        model.complete(request)


def test_a_run_plays_back_as_it_was(tmp_path: Path) -> None:
    calls = tmp_path / "run" / "calls.jsonl"
    inner = StandIn("\ufeffOne.\r\n", "Two\u2028\x85\x0b.", usage=Usage(5, 6, 1, 0.5, None, estimated=True))
    model = RecordingModel(inner, calls)
    requests = [asking("intent", "a"), asking("diff", "b")]
    originals = [model.complete(request) for request in requests]
    replay = ReplayModel(calls)
    assert [replay.complete(request) for request in requests] == originals


def test_stages_are_played_back_each_in_its_own_order(tmp_path: Path) -> None:
    calls = tmp_path / "calls.jsonl"
    recorded(calls, asking("intent", "a"), asking("diff", "b"), asking("diff", "c"))
    replay = ReplayModel(calls)
    others = [asking("diff", "x"), asking("intent", "y"), asking("diff", "z")]
    assert [replay.complete(request).text for request in others] == ["to b", "to a", "to c"]


def test_the_answer_to_the_very_question_is_preferred(tmp_path: Path) -> None:
    calls = tmp_path / "calls.jsonl"
    recorded(calls, asking("diff", "a"), asking("diff", "b"))
    replay = ReplayModel(calls)
    assert [replay.complete(asking("diff", words)).text for words in "ba"] == ["to b", "to a"]


def test_each_answer_is_given_once(tmp_path: Path) -> None:
    calls = tmp_path / "calls.jsonl"
    recorded(calls, asking("diff", "a"), asking("judge", "b"))
    replay = ReplayModel(calls)
    replay.complete(asking("diff", "a"))
    with pytest.raises(ModelFailed, match="the recorded run has no further answer for stage diff"):
        replay.complete(asking("diff", "a"))


def test_pieces_are_shown_on_playing_back(tmp_path: Path) -> None:
    recorded(tmp_path / "calls.jsonl", asking("diff", "a"))
    seen: list[str] = []
    ReplayModel(tmp_path / "calls.jsonl").complete(asking("diff", "a"), seen.append)
    assert seen == ["to a"]


def test_the_recorded_model_is_named(tmp_path: Path) -> None:
    recorded(tmp_path / "calls.jsonl", asking("diff", "a"))
    replay = ReplayModel(tmp_path / "calls.jsonl")
    assert (replay.model_for("diff"), replay.model_for("judge")) == ("stand-in-diff", "replay")


def test_a_line_holds_what_was_answered_and_not_what_was_asked(tmp_path: Path) -> None:
    calls = tmp_path / "calls.jsonl"
    recorded(calls, asking("diff", "a secret chapter"))
    content = calls.read_text(encoding="utf-8").replace("to a secret chapter", "")
    assert "secret" not in content
    assert set(json.loads(content)) == {"stage", "request", "model", "text", "usage"}


def test_failed_calls_are_not_recorded_and_the_rest_is_safe_at_once(tmp_path: Path) -> None:
    calls = tmp_path / "calls.jsonl"
    model = RecordingModel(StandIn("Only."), calls)
    model.complete(asking("diff", "a"))
    with pytest.raises(ModelFailed):
        model.complete(asking("diff", "b"))
    assert calls.read_bytes().count(b"\n") == 1


def test_forgetting_reaches_the_model_inside(tmp_path: Path) -> None:
    inner = StandIn()
    RecordingModel(inner, tmp_path / "calls.jsonl").forget(asking("diff", "a"))
    assert inner.forgotten == [asking("diff", "a")]


@pytest.mark.parametrize(
    "damage",
    [
        lambda line: line[: len(line) // 2],
        lambda _: b"[]",
        lambda _: b"{}",
        lambda _: b"nonsense",
        lambda line: line.replace(b'"text": "to a"', b'"text": null'),
        lambda line: line.replace(b'"prompt_tokens": 100', b'"prompt_tokens": "100"'),
        lambda line: line.replace(b'"usage": {', b'"usages": {'),
    ],
)
def test_a_damaged_recording_is_refused_with_the_line(tmp_path: Path, damage: object) -> None:
    calls = tmp_path / "calls.jsonl"
    recorded(calls, asking("diff", "a"))
    line = calls.read_bytes()
    damaged = damage(line.rstrip(b"\n"))  # type: ignore[operator]
    assert damaged != line.rstrip(b"\n")
    calls.write_bytes(line + damaged + b"\n")
    with pytest.raises(InvalidInput, match="line 2 of the recording"):
        ReplayModel(calls)


def test_a_recording_that_is_missing_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        ReplayModel(tmp_path / "none.jsonl")
    with pytest.raises(InvalidInput, match="cannot be read"):
        ReplayModel(tmp_path)
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidInput, match="not UTF-8"):
        ReplayModel(tmp_path / "bytes")


def test_a_request_that_differs_in_its_sample_only_is_another(tmp_path: Path) -> None:
    calls, second = tmp_path / "calls.jsonl", replace(asking("judge", "a"), sample=1)
    model = RecordingModel(StandIn("First.", "Second."), calls)
    for request in (asking("judge", "a"), second):
        model.complete(request)
    assert ReplayModel(calls).complete(second).text == "Second."
