"""A server that refuses a parameter is asked again without it, and that is remembered."""

from collections.abc import Callable
from typing import Any

import pytest

from support.model_replies import status, text

Start = Callable[..., Any]
SCHEMA = {"type": "object", "properties": {"mood": {"type": "string"}}}


def unsupported(parameter: str, message: str = "Unsupported value", code: int = 400) -> Any:
    return status(code, {"error": {"message": message, "param": parameter, "code": "unsupported_value"}})


@pytest.mark.parametrize("code", [400, 404, 422])
def test_temperature_is_left_out_from_then_on(start: Start, code: int) -> None:
    bench = start(unsupported("temperature", code=code), text("a"), text("b"), temperatures={"diff": 0.4})
    assert [bench.ask().text, bench.ask().text] == ["a", "b"]
    assert ["temperature" in sent for sent in bench.sent] == [True, False, False]
    assert bench.pauses == []


def test_what_one_model_refuses_is_still_sent_to_another(start: Start) -> None:
    refuse = unsupported("temperature")
    models = {"diff": "thinker", "judge": "talker"}
    bench = start(refuse, text("a"), text("b"), models=models, temperatures={"default": 0.4})
    bench.ask("diff")
    bench.ask("judge")
    assert [(sent["model"], "temperature" in sent) for sent in bench.sent] == [
        ("thinker", True),
        ("thinker", False),
        ("talker", True),
    ]


def test_the_newer_name_of_the_limit_is_used_when_asked_for(start: Start) -> None:
    wish = status(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
    bench = start(wish, text("a"), max_tokens=50)
    bench.ask()
    assert "max_tokens" not in bench.sent[1]
    assert bench.sent[1]["max_completion_tokens"] == 50


def test_a_limit_refused_under_both_names_is_left_out(start: Start) -> None:
    bench = start(
        status(400, "use max_completion_tokens"),
        status(422, "max_completion_tokens: unknown"),
        text("a"),
        max_tokens=50,
    )
    bench.ask()
    assert not {"max_tokens", "max_completion_tokens"} & set(bench.sent[2])


def test_a_limit_that_is_too_large_is_left_out(start: Start) -> None:
    bench = start(status(400, "max_tokens is too large: 99999"), text("a"), max_tokens=99999)
    assert bench.ask().text == "a"
    assert "max_tokens" not in bench.sent[1]


@pytest.mark.parametrize(
    "complaint",
    [
        unsupported("response_format"),
        status(400, "Invalid parameter: 'json_schema' is not supported by this model"),
        status(422, {"detail": [{"loc": ["body", "response_format", "type"], "msg": "unexpected value"}]}),
        status(404, "No endpoints support structured output"),
        status(400, {"error": "failed to parse grammar"}),
    ],
)
def test_a_schema_goes_into_the_words_when_the_server_takes_none(start: Start, complaint: Any) -> None:
    bench = start(complaint, complaint, text("{}"))
    bench.ask("judge", schema=SCHEMA)
    first, second, third = bench.sent
    assert first["response_format"]["type"] == "json_schema"
    assert second["response_format"] == {"type": "json_object"}
    assert "response_format" not in third
    assert '"mood"' not in first["messages"][-1]["content"]
    for sent in (second, third):
        assert sent["messages"][-1]["content"].startswith("Mend it.\n\n")
        assert '{"properties":{"mood":{"type":"string"}},"type":"object"}' in sent["messages"][-1]["content"]
        assert [message["role"] for message in sent["messages"]] == ["system", "user"]


def test_a_question_without_schema_is_not_told_of_json(start: Start) -> None:
    bench = start(unsupported("response_format"), text("{}"), text("words"))
    bench.ask("judge", schema=SCHEMA)
    bench.ask("judge")
    assert bench.sent[2]["messages"][-1]["content"] == "Mend it."


def test_streaming_is_given_up_step_by_step(start: Start) -> None:
    bench = start(unsupported("stream_options"), status(400, "streaming is not supported"), text("a"), text("b"))
    assert bench.ask().text == "a"
    assert bench.ask().text == "b"
    assert ["stream_options" in sent for sent in bench.sent] == [True, False, False, False]
    assert ["stream" in sent for sent in bench.sent] == [True, True, False, False]


def test_a_server_that_refuses_everything_is_asked_a_bounded_number_of_times(start: Start) -> None:
    all_names = "temperature max_tokens max_completion_tokens response_format stream_options stream"
    settings = {"max_tokens": 5, "temperatures": {"diff": 1.0}}
    bench = start(*[status(400, all_names)] * 20, **settings)
    assert "answered with status 400" in bench.fail(schema=SCHEMA).message
    # temperature, the limit under two names, the format twice, the options, the stream, and the bare call
    assert len(bench.sent) == 8
    assert set(bench.sent[-1]) == {"model", "messages"}


def test_a_complaint_about_nothing_that_was_sent_is_an_error(start: Start) -> None:
    bench = start(status(400, "the temperature of the server room is too high"))
    assert "server room" in bench.fail().message
    assert len(bench.sent) == 1


def test_a_missing_model_named_like_a_parameter_is_a_missing_model(start: Start) -> None:
    bench = start(status(404, "The model `stream` does not exist"), models={"default": "stream"})
    assert "has no model stream" in bench.fail().message
    assert len(bench.sent) == 1


def test_leaving_out_and_waiting_go_together(start: Start) -> None:
    bench = start(status(500), unsupported("stream"), status(500), text("a"))
    assert bench.ask().text == "a"
    assert len(bench.pauses) == 2
