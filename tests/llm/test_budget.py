"""Counting, and stopping before a limit is passed."""

from pathlib import Path
from typing import Any

import pytest

from bookiter.errors import ExitCode, LimitReached, ModelFailed
from bookiter.llm import estimate
from bookiter.llm.budget import MeteredModel
from bookiter.llm.cache import CachedModel
from bookiter.llm.interface import Message, Request, Usage
from support.stand_in import StandIn

EACH = Usage(100, 20, 1, 0.5, 0.25)


def metered(*texts: str, usage: Usage = EACH, **limits: Any) -> tuple[MeteredModel, StandIn]:
    inner = StandIn(*texts, usage=usage)
    chosen = {"max_tokens": None, "max_cost": None, "deadline": None, "clock": lambda: 0.0, **limits}
    return MeteredModel(inner, **chosen), inner


def asking(characters: int = 4, stage: str = "diff") -> Request:
    return Request(stage, (Message("user", "x" * characters),))


def test_usage_is_counted_by_stage() -> None:
    model, _ = metered("a", "b", "c")
    for stage in ("diff", "judge", "diff"):
        model.complete(asking(stage=stage))
    assert model.usage_by_stage == {"diff": Usage(200, 40, 2, 1.0, 0.5), "judge": EACH}
    assert model.usage == Usage(300, 60, 3, 1.5, 0.75)


def test_without_limits_nothing_stops() -> None:
    model, inner = metered(*"abc")
    for _ in range(3):
        model.complete(asking(4_000_000))
    assert len(inner.requests) == 3


@pytest.mark.parametrize(("limit", "characters", "allowed"), [(121, 4, True), (121, 5, False), (120, 0, False)])
def test_tokens_used_and_the_request_itself_must_fit(limit: int, characters: int, allowed: bool) -> None:
    model, inner = metered("a", "b", max_tokens=limit)  # the first call uses 120; 4 characters are one token
    model.complete(asking())
    if allowed:
        model.complete(asking(characters))
    else:
        with pytest.raises(LimitReached):
            model.complete(asking(characters))
    assert len(inner.requests) == (2 if allowed else 1)


def test_the_message_names_limit_use_and_setting() -> None:
    model, _ = metered("a", "b", max_tokens=121)
    model.complete(asking())
    with pytest.raises(LimitReached) as caught:
        model.complete(asking(40))
    assert "limit of 121 tokens" in caught.value.message
    assert "120 are used" in caught.value.message
    assert "about 10" in caught.value.message
    assert "limits.tokens" in caught.value.hint
    assert caught.value.exit_code is ExitCode.LIMIT


def test_a_first_request_that_is_too_large_is_never_sent() -> None:
    model, inner = metered("a", max_tokens=99)
    with pytest.raises(LimitReached):
        model.complete(asking(400))
    assert inner.requests == []


@pytest.mark.parametrize(("limit", "calls"), [(0.25, 1), (0.26, 2), (0.5, 2), (0.0, 0)])
def test_cost_stops_once_it_is_reached(limit: float, calls: int) -> None:
    model, inner = metered(*"abc", max_cost=limit)
    for _ in range(calls):
        model.complete(asking())
    with pytest.raises(LimitReached, match="cost limit") as caught:
        model.complete(asking())
    assert len(inner.requests) == calls
    assert "limits.cost" in caught.value.hint


def test_with_prices_the_cost_of_the_request_is_foreseen() -> None:
    prices = {"stand-in-diff": (1_000_000.0, 0.0)}  # one a token
    model, inner = metered("a", max_cost=9.0, prices=prices)
    with pytest.raises(LimitReached, match=r"request alone costs about 10\.0000"):
        model.complete(asking(40))
    model.complete(asking(36))
    assert len(inner.requests) == 1


def test_a_cost_limit_is_not_kept_silently_by_a_model_without_a_price() -> None:
    model, inner = metered("a", "b", usage=Usage(1, 1, 1, 0.1, None), max_cost=5.0)
    model.complete(asking())
    with pytest.raises(LimitReached, match="has no price") as caught:
        model.complete(asking())
    assert "openai.prices" in caught.value.hint
    assert len(inner.requests) == 1


def test_time_stops_before_the_next_call() -> None:
    moments = iter([9.9, 10.0])
    model, inner = metered("a", "b", deadline=10.0, clock=lambda: next(moments))
    model.complete(asking())
    with pytest.raises(LimitReached, match="time") as caught:
        model.complete(asking())
    assert "limits.seconds" in caught.value.hint
    assert len(inner.requests) == 1


def test_answers_from_the_cache_cost_nothing_and_are_given_at_the_limit(tmp_path: Path) -> None:
    meter, _ = metered("a", max_tokens=120)
    model = CachedModel(meter, tmp_path)
    assert [model.complete(asking()).cached, model.complete(asking()).cached] == [False, True]
    assert meter.usage == EACH
    outside, _ = metered()
    outside.model = model
    outside.complete(asking())
    assert outside.usage == Usage()


def test_a_failed_call_is_the_models_failure() -> None:
    model, _ = metered()
    with pytest.raises(ModelFailed):
        model.complete(asking())
    assert model.usage_by_stage == {}


def test_names_and_forgetting_are_passed_on() -> None:
    model, inner = metered()
    model.forget(asking())
    assert (model.model_for("judge"), inner.forgotten) == ("stand-in-judge", [asking()])


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("ü" * 8, 2)])
def test_tokens_are_characters_by_four_rounded_up(text: str, tokens: int) -> None:
    assert estimate.tokens(text) == tokens


def test_the_schema_counts_as_part_of_the_request() -> None:
    request = Request("judge", (Message("user", "x" * 8),), {"a": 1})  # {"a":1} has seven characters
    assert estimate.request_tokens(request) == 4


def test_costs_that_are_not_known_stay_unknown_in_sums() -> None:
    known, unknown = Usage(1, 1, 1, 1.0, 0.5), Usage(1, 1, 1, 1.0, None, estimated=True)
    assert (known + known).cost == 1.0
    assert (known + unknown).cost is None
    assert (known + unknown).estimated
