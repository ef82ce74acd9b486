"""Good answers from a real server: streamed and whole, with what is sent and what is counted."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bookiter.errors import InvalidConfig
from bookiter.llm.chat.client import make_client
from bookiter.llm.openai import Clocks, OpenAIModel, OpenAISettings
from support.model_replies import chunk, event, events, text, whole
from support.model_server import ModelServer

Start = Callable[..., Any]


def test_a_streamed_answer_is_put_together_and_shown_while_it_comes(start: Start) -> None:
    bench = start(text("The lamp went out.", chunks=["The lamp ", "went", " out."]))
    reply = bench.ask("diff")
    assert reply.text == "The lamp went out."
    assert bench.pieces == ["The lamp ", "went", " out."]
    assert bench.sent[0]["stream"] is True


def test_a_stage_that_is_not_streamed_gets_its_answer_whole(start: Start) -> None:
    bench = start(text("It grew dark."))
    assert bench.ask("judge").text == "It grew dark."
    assert "stream" not in bench.sent[0]
    assert bench.pieces == []


@pytest.mark.parametrize("stage", ["diff", "judge"])
def test_every_character_of_an_answer_survives(start: Start, stage: str) -> None:
    odd = "\ufeffA\u00a0b\r\nc\u2028d “quoted” – … 😀\n\n"
    assert start(text(odd)).ask(stage).text == odd


def test_a_character_split_between_two_chunks_is_joined(start: Start) -> None:
    halves = b'data: {"choices":[{"delta":{"content":"%s"}}]}\n\n'
    bench = start(events(halves % b"\\ud83d", halves % b"\\ude00", chunk({}, "stop")))
    assert bench.ask().text == "😀"
    assert "".join(bench.pieces).encode("utf-8") == b"??"


def test_model_temperature_and_limit_are_those_of_the_stage(start: Start) -> None:
    settings = {"models": {"default": "big", "judge": "wise", "intent": ""}, "temperatures": {"judge": 0.0}}
    bench = start(text("a"), text("b"), text("c"), max_tokens=900, **settings)
    replies = [bench.ask("judge"), bench.ask("intent"), bench.ask("diff")]
    assert [sent["model"] for sent in bench.sent] == ["wise", "big", "big"] == [reply.model for reply in replies]
    assert bench.sent[0]["temperature"] == 0.0
    assert "temperature" not in bench.sent[1]
    assert [sent["max_tokens"] for sent in bench.sent] == [900, 900, 900]


def test_the_messages_are_sent_as_they_are(start: Start) -> None:
    bench = start(text("a"))
    bench.ask(prompt="Say “no”.\r\n")
    assert bench.sent[0]["messages"] == [
        {"role": "system", "content": "You edit."},
        {"role": "user", "content": "Say “no”.\r\n"},
    ]


def test_a_schema_is_sent_in_the_strict_form(start: Start) -> None:
    bench = start(text("{}"))
    bench.ask("judge", schema={"type": "object"})
    assert bench.sent[0]["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "strict": True, "schema": {"type": "object"}},
    }


@pytest.mark.parametrize("stage", ["diff", "judge"])
def test_tokens_are_counted_by_the_server_and_priced_by_the_table(start: Start, stage: str) -> None:
    usage = start(text("Hello", usage=(1000, 500)), prices={"m": (2.0, 8.0)}).ask(stage).usage
    assert (usage.prompt_tokens, usage.completion_tokens, usage.calls, usage.estimated) == (1000, 500, 1, False)
    assert usage.cost == pytest.approx(0.006)  # 1000 × 2 / 10⁶ + 500 × 8 / 10⁶
    assert usage.seconds > 0


@pytest.mark.parametrize("stage", ["diff", "judge"])
def test_tokens_nobody_counted_are_estimated_by_characters(start: Start, stage: str) -> None:
    usage = start(text("12345", usage=None)).ask(stage, prompt="1234567").usage  # with "You edit." 16 characters
    assert (usage.prompt_tokens, usage.completion_tokens, usage.estimated, usage.cost) == (4, 2, True, None)


def test_a_count_that_is_no_number_is_not_believed(start: Start) -> None:
    bench = start(events(chunk({"content": "12345"}, "stop"), {"choices": [], "usage": {"prompt_tokens": "many"}}))
    assert bench.ask().usage.estimated


@pytest.mark.parametrize("stage", ["diff", "judge"])
def test_thinking_before_the_answer_is_removed(start: Start, stage: str) -> None:
    bench = start(text("<think>\nThe author\nwants rain.\n</think>\n\n  It rained.\n", chunks=9))
    assert bench.ask(stage).text == "  It rained.\n"
    assert "author" not in "".join(bench.pieces)


@pytest.mark.parametrize(
    ("came", "answer"),
    [
        ("<think>a</think><think>b</think>\nRain.", "Rain."),
        ("<thinking>a</thinking>\r\n\r\nRain.", "Rain."),
        ("the author wants\nrain\n</think>\n\nRain.", "Rain."),  # the template opened the block
        ("<think></think>\n\n\tRain.", "\tRain."),
        ("<thinner> he said", "<thinner> he said"),
        ("Rain. <think>a</think> More.", "Rain. <think>a</think> More."),
    ],
)
def test_only_thinking_at_the_beginning_is_removed(start: Start, came: str, answer: str) -> None:
    assert start(text(came, chunks=len(came))).ask().text == answer


def test_reasoning_in_its_own_field_is_ignored(start: Start) -> None:
    bench = start(text("It rained.", reasoning="The author wants rain."))
    assert bench.ask().text == "".join(bench.pieces) == "It rained."


def test_an_answer_in_parts_is_read(start: Start) -> None:
    parts = [{"type": "thinking", "thinking": []}, {"type": "text", "text": "It "}, {"type": "text", "text": "rained."}]
    assert start(whole(message={"content": parts})).ask("judge").text == "It rained."


def test_a_server_that_does_not_stream_though_asked_is_understood(start: Start) -> None:
    bench = start(whole(message={"content": "It rained."}))
    assert bench.ask("diff").text == "It rained."


def test_an_answer_that_ended_is_taken_even_if_the_count_never_comes(start: Start) -> None:
    bench = start(events(chunk({"content": "It rained."}, "stop"), b"data: {brok"))
    reply = bench.ask()
    assert (reply.text, reply.usage.estimated) == ("It rained.", True)


def test_a_stream_without_the_closing_mark_is_complete_with_its_finish_reason(start: Start) -> None:
    assert start(text("It rained.", done=False)).ask().text == "It rained."


def test_comments_and_empty_chunks_in_a_stream_do_no_harm(start: Start) -> None:
    silly = [b": ping\n\n", {"choices": []}, chunk({"role": "assistant", "content": None}), {"choices": None}]
    assert start(events(*silly, chunk({"content": "Yes."}), chunk({}, "stop"))).ask().text == "Yes."


def test_one_connection_serves_several_calls(start: Start) -> None:
    bench = start(text("a"), text("b"))
    assert [bench.ask().text, bench.ask().text] == ["a", "b"]


def test_a_model_can_be_used_again_after_it_was_closed(start: Start) -> None:
    bench = start(text("a"), text("b"))
    bench.ask()
    bench.model.close()
    assert bench.ask().text == "b"


def test_warming_up_changes_nothing_but_the_time(start: Start) -> None:
    bench = start(text("a"))
    bench.model.warm_up()
    assert bench.ask().text == "a"


def test_importing_the_sdk_does_not_count_against_the_time_of_the_call(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, now = start(text("a")), [0.0]

    def slow_make_client(*arguments: Any) -> Any:
        now[0] += 1000.0
        return make_client(*arguments)

    monkeypatch.setattr("bookiter.llm.openai.make_client", slow_make_client)
    bench.model = OpenAIModel(bench.model._settings, Clocks(monotonic=lambda: now[0]))
    assert bench.ask().usage.seconds == 0.0
    bench.model.close()


def test_the_servers_models_can_be_listed(start: Start) -> None:
    bench = start(server=ModelServer(models=("small", "large")))
    assert bench.model.available_models() == ("small", "large")
    assert bench.server.requests[0].path == "/v1/models"


def test_a_stage_without_a_model_fails_before_any_call(start: Start) -> None:
    bench = start(models={"judge": "m"})
    error = bench.fail("diff")
    assert "no model is configured for the stage diff" in error.message
    assert bench.sent == []


@pytest.mark.parametrize(
    "address", ["", "localhost:11434/v1", "ftp://h/v1", "http://", "http://h:99999/v1", "http://[::1"]
)
def test_an_address_that_cannot_work_is_a_wrong_setting(address: str) -> None:
    with pytest.raises(InvalidConfig, match=r"openai\.base_url"):
        OpenAIModel(OpenAISettings(address, None, {"default": "m"}))


@pytest.mark.parametrize("address", ["http://me:secret@h/v1", "http://h/v1?key=secret", "http://h/v1#secret"])
def test_a_secret_in_the_address_is_refused_without_being_shown(address: str) -> None:
    with pytest.raises(InvalidConfig) as caught:
        OpenAIModel(OpenAISettings(address, None, {"default": "m"}))
    assert "secret" not in caught.value.message + caught.value.hint


def test_the_event_writer_of_the_tests_writes_what_the_protocol_says() -> None:
    written = event({"a": "ü"})
    assert written.startswith(b"data: ")
    assert written.endswith(b"\n\n")
    assert json.loads(written[6:]) == {"a": "ü"}
