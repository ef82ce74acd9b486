"""Asking again: for what, how often, after how long, and when not."""

from collections.abc import Callable
from typing import Any

import pytest

from bookiter.llm.chat.problem import Problem
from bookiter.llm.chat.retry import LONGEST_PAUSE, asked_for, is_passing, is_spent, pause_before
from support.model_replies import status, text

Start = Callable[..., Any]
NOW = 1_800_000_000.0  # Friday, 15 January 2027, 08:00:00 UTC, the clock of the bench


@pytest.mark.parametrize("code", [408, 409, 429, 500, 502, 503, 504, 529])
def test_a_passing_error_is_asked_again(start: Start, code: int) -> None:
    bench = start(status(code), text("Here."))
    assert bench.ask("judge").text == "Here."
    assert bench.pauses == [0.5]


def test_pauses_double_and_stop_growing() -> None:
    pauses = [pause_before(tries, Problem("connect"), NOW, 0.5).seconds for tries in range(1, 9)]
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, LONGEST_PAUSE, LONGEST_PAUSE]


def test_pauses_vary_by_a_quarter_either_way() -> None:
    low, high = (pause_before(2, Problem("connect"), NOW, chance).seconds for chance in (0.0, 1.0))
    assert (low, high) == (0.75, 1.25)


def test_the_number_of_tries_is_bounded(start: Start) -> None:
    bench = start(*[status(500)] * 9, max_retries=3)
    error = bench.fail()
    assert "answered with status 500 (4 tries): scripted status 500" in error.message
    assert error.details["status"] == 500
    assert (len(bench.sent), len(bench.pauses)) == (4, 3)


def test_no_retries_means_one_try(start: Start) -> None:
    bench = start(status(500), max_retries=0)
    assert "tries" not in bench.fail().message
    assert len(bench.sent) == 1


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"Retry-After": "3"}, 3.0),
        ({"Retry-After": "0.25"}, 0.25),
        ({"Retry-After": "Fri, 15 Jan 2027 08:00:07 GMT"}, 7.0),
        ({"retry-after-ms": "150", "Retry-After": "9"}, 0.15),
        ({"Retry-After": "Fri, 15 Jan 2027 07:00:00 GMT"}, 0.5),
        ({"Retry-After": "0"}, 0.5),
        ({"Retry-After": "-4"}, 0.5),
        ({"Retry-After": "soon"}, 0.5),
        ({"Retry-After": "nan"}, 0.5),
        ({}, 0.5),
    ],
)
def test_the_pause_a_server_asks_for_is_kept(start: Start, headers: dict[str, str], pause: float) -> None:
    bench = start(status(429, headers=headers), text("Here."))
    assert bench.ask().text == "Here."
    assert bench.pauses == [pause]


@pytest.mark.parametrize("wait", ["3600", "inf", "1e400", "Sat, 16 Jan 2027 08:00:00 GMT"])
def test_a_pause_beyond_the_deadline_fails_at_once_and_says_so(start: Start, wait: str) -> None:
    bench = start(status(429, headers={"Retry-After": wait}), text("never"))
    error = bench.fail()
    assert "(rate limit)" in error.message
    assert "it asks to wait" in error.message
    assert "of the 20 s of openai.timeout are left" in error.message
    assert (len(bench.sent), bench.pauses) == (1, [])


def test_a_back_off_beyond_the_deadline_fails_at_once(start: Start) -> None:
    bench = start(status(503), text("never"), timeout=0.4)
    assert "of the 0.4 s of openai.timeout are left" in bench.fail().message
    assert len(bench.sent) == 1


def test_a_header_date_without_a_zone_or_with_nonsense_is_survived() -> None:
    assert asked_for({"retry-after": "Fri, 99 Foo 2027 08:00:00 GMT"}, NOW) is None
    assert asked_for({"retry-after": ""}, NOW) is None


@pytest.mark.parametrize(
    ("reply", "words", "hint"),
    [
        (status(401), "wants a key, and none is set", "set the environment variable BOOK_KEY"),
        (status(403), "does not allow this", "BOOK_KEY"),
        (status(402, "Insufficient credits"), "the quota at", "add credit"),
        (status(404), "knows no chat completions", "/v1"),
        (status(400, "what?"), "answered with status 400: what?", "bookiter doctor"),
        (status(413), "the request is too long", "smaller target"),
        (status(418), "answered with status 418", "bookiter doctor"),
        (
            status(400, {"error": {"message": "maximum context length is 4096", "code": "context_length_exceeded"}}),
            "the request is too long for the model m",
            "smaller target",
        ),
        (
            status(429, {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}),
            "is used up: You exceeded your current quota",
            "add credit",
        ),
        (
            status(404, {"error": {"message": "No such thing", "code": "model_not_found"}}),
            "has no model m: No such thing",
            "under models",
        ),
        (status(404, 'model "m" not found, try pulling it first'), "has no model m", "under models"),
        (status(400, "m is not a valid model ID"), "has no model m", "under models"),
    ],
)
def test_what_no_waiting_cures_fails_at_once(start: Start, reply: Any, words: str, hint: str) -> None:
    bench = start(reply, api_key_name="BOOK_KEY")
    error = bench.fail()
    assert words in error.message
    assert hint in error.hint
    assert (len(bench.sent), bench.pauses) == (1, [])


def test_a_refused_key_is_told_apart_from_a_missing_one(start: Start) -> None:
    error = start(status(401), api_key="made-up-key-42", api_key_name="BOOK_KEY").fail()
    assert "does not accept the key" in error.message
    assert "BOOK_KEY" in error.hint


def test_a_rate_limit_that_speaks_of_quota_is_still_a_rate_limit() -> None:
    limit = Problem("status", "You exceeded your current quota, try again in 20 s", 429, "RESOURCE_EXHAUSTED")
    assert is_passing(limit)
    assert is_spent(Problem("status", "no", 429, "insufficient_quota"))


def test_errors_are_read_whatever_dialect_they_come_in(start: Start) -> None:
    dialects = [
        ({"error": "plain words"}, "plain words"),
        (
            {"detail": [{"loc": ["body", "top_p"], "msg": "too large", "input": "secret prompt"}]},
            "body.top_p: too large",
        ),
        ([{"error": {"message": "in a list"}}], "in a list"),
        ({"message": "bare object"}, "bare object"),
    ]
    for content, words in dialects:
        message = start(status(400, {} if content is None else content)).fail().message
        assert message.endswith(words)
        assert "secret prompt" not in message
