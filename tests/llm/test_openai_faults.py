"""Answers that cannot be used, and servers that do not answer: each ends as ModelFailed with a message and a hint."""

import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest

from bookiter.errors import ExitCode
from bookiter.llm.interface import Message, Request
from support.model_replies import (
    body,
    broken_json_body,
    chunk,
    cut_stream,
    drip,
    endless_text,
    events,
    finish,
    hang,
    html,
    no_choices,
    null_content,
    payload,
    redirect,
    reset,
    short_body,
    slow_headers,
    status,
    text,
    whole,
)

Start = Callable[..., Any]
BOTH = pytest.mark.parametrize("stage", ["diff", "judge"])  # streamed, and whole


@BOTH
@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (html(), "no chat completion: <html><body>Sign in"),
        (no_choices(), 'no chat completion: {"id": "scripted"'),
        (payload("just words"), "no chat completion: just words"),
        (payload([1, 2]), "no chat completion: [1, 2]"),
        (broken_json_body(), 'no chat completion: {"choices": [{"message"'),
        (body(b"\xff\xfe\x00\x01"), "no chat completion"),
        (body(b"[" * 200_000), "no chat completion"),
        (body(b""), "no chat completion"),
        (null_content(), "gave an empty answer"),
        (text(" \n"), "gave an empty answer"),
        (text("<think>Let me see"), "thought, but gave no answer"),
        (finish("length"), "stopped for length before its answer was finished: It was a dark and"),
        (finish("max_tokens"), "stopped for length"),
        (finish("content_filter"), "was stopped by a content filter"),
        (finish("sunset"), "ended for an unknown reason (sunset)"),
        (whole(message={"content": None, "refusal": "I would rather not."}), "declined: I would rather not."),
        (whole(message={"content": None, "tool_calls": [{"id": "1"}]}, finish="tool_calls"), "called a tool"),
        (whole(message={"content": "half \ud83d"}), "broken characters"),
    ],
)
def test_an_answer_that_is_no_finished_text_is_refused_at_once(
    start: Start, stage: str, reply: Any, words: str
) -> None:
    bench = start(reply)
    error = bench.fail(stage)
    assert words in error.message
    assert error.hint
    assert error.exit_code is ExitCode.MODEL
    assert (len(bench.sent), bench.pauses) == (1, [])


@pytest.mark.parametrize(
    ("deltas", "words"),
    [
        ([{"refusal": "I would "}, {"refusal": "rather not."}], "declined: I would rather not."),
        ([{"tool_calls": [{"index": 0, "function": {"name": "edit"}}]}], "called a tool"),
    ],
)
def test_a_streamed_refusal_or_tool_call_is_no_answer(start: Start, deltas: list[Any], words: str) -> None:
    bench = start(events(*(chunk(delta) for delta in deltas), chunk({}, "stop")))
    assert words in bench.fail().message


def test_length_says_what_to_do(start: Start) -> None:
    hint = start(finish("length")).fail().hint
    assert "openai.max_tokens" in hint
    assert "smaller target" in hint


def test_what_came_is_shown_short_and_without_control_characters(start: Start) -> None:
    error = start(html(page="\x1b[31mred\x07\n" + "long " * 200)).fail("judge")
    shown = error.message.split("completion: ")[1]
    assert shown.startswith("[31mred long long")
    assert len(shown) == 200
    assert error.message.isprintable()


@BOTH
@pytest.mark.parametrize("cut", [finish(None), finish("error"), short_body(), reset()])
def test_an_answer_that_breaks_off_is_asked_for_again(start: Start, stage: str, cut: Any) -> None:
    bench = start(cut, text("Whole."))
    assert bench.ask(stage).text == "Whole."
    assert len(bench.pauses) == 1


@pytest.mark.parametrize(
    "cut",
    [
        cut_stream(),
        cut_stream("It was", " a"),
        cut_stream("It was", chunked=True),
        events(chunk({"content": "It was"}), b'data: {"choices": [{"del'),
        events(chunk({"content": "It was"}), {"error": {"message": "the worker died", "code": 502}}),
    ],
)
def test_a_stream_without_an_end_is_a_cut_however_it_broke(start: Start, cut: Any) -> None:
    bench = start(cut, text("Whole."))
    assert bench.ask().text == "Whole."


def test_a_stream_that_is_cut_every_time_fails(start: Start) -> None:
    bench = start(*[cut_stream("It was")] * 3, max_retries=2)
    error = bench.fail()
    assert "broke off before the answer was finished (3 tries)" in error.message
    assert len(bench.sent) == 3


def test_an_error_inside_a_stream_is_told(start: Start) -> None:
    bench = start(events({"error": {"message": "the worker died"}}), max_retries=0)
    assert "the worker died" in bench.fail().message


def test_an_error_object_with_status_200_counts_as_its_status(start: Start) -> None:
    wrapped = payload({"error": {"message": "upstream is busy", "code": 503}})
    bench = start(wrapped, text("Here."))
    assert bench.ask("judge").text == "Here."
    assert "upstream said no" in start(payload({"error": {"message": "upstream said no"}})).fail("judge").message


@BOTH
def test_a_server_that_says_nothing_is_asked_once_more_and_no_oftener(start: Start, stage: str) -> None:
    bench = start(hang(), hang(), hang(), idle_timeout=0.15)
    error = bench.fail(stage)
    assert "sent nothing for too long (2 tries)" in error.message
    assert "openai.idle_timeout" in error.hint
    assert len(bench.sent) == 2


@BOTH
@pytest.mark.parametrize("endless", [drip(), slow_headers(), hang()])
def test_the_deadline_holds_against_servers_that_never_finish(start: Start, stage: str, endless: Any) -> None:
    bench = start(endless, timeout=0.25, idle_timeout=30.0)
    error = bench.fail(stage)
    assert "gave no finished answer within 0.25 s" in error.message
    assert "openai.timeout" in error.hint


def test_the_deadline_holds_while_text_is_coming(start: Start) -> None:
    bench = start(endless_text("on and "), timeout=0.3)
    assert "gave no finished answer" in bench.fail().message
    assert set(bench.pieces) == {"on and "}


def test_the_end_of_time_names_what_went_wrong_before(start: Start) -> None:
    bench = start(status(500, headers={"Retry-After-Ms": "10"}), drip(), timeout=0.3)
    assert "the last try failed: the model server at" in bench.fail().message


def test_a_connection_that_is_never_accepted_is_given_up(start: Start) -> None:
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for filler in (first, second):  # these fill the queue, so that the next connection hangs
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        assert "within 0.25 s" in start(base_url=address, timeout=0.25).fail().message


def test_a_server_that_is_not_there_is_named_with_a_hint(start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refuses, and nobody else gets the port
        port = taken.getsockname()[1]
        bench = start(base_url=f"http://localhost:{port}/v1", max_retries=2)
        error = bench.fail()
    assert f"the model server at localhost:{port} cannot be reached (3 tries)" in error.message
    assert "is the server running" in error.hint
    assert "bookiter doctor" in error.hint
    assert len(bench.pauses) == 2


def test_listing_models_fails_with_a_message_too(start: Start) -> None:
    bench = start(timeout=0.25)
    for reply, words in [(html(), "no chat completion"), (status(500), "status 500"), (drip(), "within 0.25 s")]:
        bench.server.models_reply = reply
        with pytest.raises(Exception, match=words):
            bench.model.available_models()


def test_a_redirect_is_not_followed(start: Start) -> None:
    other = start(text("stolen")).server
    bench = start(redirect(f"{other.base_url}/chat/completions"), api_key="sk-made-up-123456")
    error = bench.fail("judge")
    assert f"redirects to http://{other.address}" in error.message
    assert other.requests == []


def test_what_the_listener_raises_comes_out_as_it_is(start: Start) -> None:
    bench = start(text("one two three"))

    def stop(piece: str) -> None:
        raise RuntimeError(piece)

    with pytest.raises(RuntimeError, match="one"):
        bench.model.complete(Request("diff", (Message("user", "Count."),)), stop)


class _InterruptedHere(BaseException):
    pass


def test_a_wait_for_a_hanging_server_can_be_interrupted(start: Start) -> None:
    bench = start(hang(), idle_timeout=30.0)

    def interrupt(number: int, frame: object) -> None:
        raise _InterruptedHere

    before = signal.signal(signal.SIGUSR1, interrupt)  # ^C itself would stop the test run, were it to come too late
    main = threading.get_ident()
    timer = threading.Timer(0.2, lambda: signal.pthread_kill(main, signal.SIGUSR1))
    timer.start()
    try:
        with pytest.raises(_InterruptedHere):
            bench.ask()
    finally:
        timer.join()
        signal.signal(signal.SIGUSR1, before)
