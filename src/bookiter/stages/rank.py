"""Rank several changes made to one request: in pairs, each pair in both orders, so that chance of place decides nothing."""

from collections.abc import Sequence
from itertools import combinations
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bookiter.errors import BookiterError, LimitReached
from bookiter.llm.interface import Message, Request
from bookiter.llm.structured import ask
from bookiter.stages.background import background_for
from bookiter.stages.change import Change
from bookiter.stages.context import Context
from bookiter.stages.documents import Intent, Verdict
from bookiter.stages.judge import score
from bookiter.stages.prompts import render

_CHARS = 40_000


class PreferenceAnswer(BaseModel):
    """Which of two versions the judging model would keep."""

    model_config = ConfigDict(strict=True)

    reasoning: str = Field(min_length=1)
    better: Literal["first", "second", "neither"]


def rank(ctx: Context, intent: Intent, entries: Sequence[tuple[Change, Verdict]]) -> list[int]:
    """Return the entries' indices, best first.

    What was approved goes before what was not, and that before what failed the checks: only changes of the same standing
    are compared. Among them the one that wins most pairs is first; ties go by the verdict's score, then by position. A pair
    counts only when the model says the same in both orders; where it fails, neither is preferred. Raises LimitReached.
    """
    wins = [0] * len(entries)
    for one, other in combinations(range(len(entries)), 2):
        if _standing(entries[one][1]) == _standing(entries[other][1]) > 0:
            better = _preferred(ctx, intent, entries[one][0], entries[other][0])
            if better is not None:
                wins[(one, other)[better]] += 1
    return sorted(
        range(len(entries)),
        key=lambda index: (_standing(entries[index][1]), wins[index], score(entries[index][1]), -index),
        reverse=True,
    )


def _standing(verdict: Verdict) -> int:
    return 0 if verdict.by == "checks" else 2 if verdict.approved else 1


def _preferred(ctx: Context, intent: Intent, one: Change, other: Change) -> int | None:
    """Return 0 or 1 when the model prefers this one in either order, else None."""
    if one.fingerprint() == other.fingerprint():
        return None
    said = _asked(ctx, intent, one, other)
    if said not in ("first", "second"):
        return None
    again = _asked(ctx, intent, other, one)
    return (0 if said == "first" else 1) if {said, again} == {"first", "second"} else None


def _asked(ctx: Context, intent: Intent, first: Change, second: Change) -> str:
    try:
        request = Request("judge", _prompt(ctx, intent, first, second))
        return ask(ctx.models(), request, PreferenceAnswer)[0].better
    except LimitReached:
        raise
    except BookiterError:  # no preference is no loss: the verdicts' scores decide
        return "neither"


def _prompt(ctx: Context, intent: Intent, first: Change, second: Change) -> tuple[Message, ...]:
    return render(
        "compare",
        {},
        {
            "feedback": intent.request,
            "description": intent.description,
            "context": background_for(ctx.book, intent.targets[0]),
            "first": _cut(first.diff()),
            "second": _cut(second.diff()),
        },
        root=ctx.book.root,
        key=ctx.boundary_key,
    )


def _cut(diff: str) -> str:
    """Both versions are cut alike: a preference may go by the beginning, a verdict never."""
    return diff if len(diff) <= _CHARS else diff[:_CHARS] + "\n(The rest is not shown.)"
