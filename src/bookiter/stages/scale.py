"""Patch or regenerate: by the requirement's rules where they decide, by the model where they do not."""

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bookiter.llm.interface import Message, Request
from bookiter.llm.structured import ask
from bookiter.stages.context import Context
from bookiter.stages.documents import Intent, Scale
from bookiter.stages.gate import STRUCTURAL
from bookiter.stages.prompts import render
from bookiter.text import words

_REGENERATE_WORDS = (
    "rewrite", "completely change", "start over", "different approach", "major revision", "restructure", "rethink",
    "total rewrite",
)  # fmt: skip
_KEYWORD = re.compile(r"\b(?:" + "|".join(map(re.escape, _REGENERATE_WORDS)) + r")\b", re.I)
# What the rules expect, as shares of the words; what really changed is measured on the change.
_GUESS: dict[Scale, float] = {"patch": 0.1, "regenerate": 0.6}


class ScaleAnswer(BaseModel):
    """What the model says about the scale of a change."""

    model_config = ConfigDict(strict=True)

    scale: Literal["patch", "regenerate"]
    estimated_change_percentage: float = Field(ge=0, le=100)
    reasoning: str


def detect(ctx: Context, intent: Intent, forced: Scale | None = None) -> Intent:
    """Return the intent with scale, reasoning and estimated change filled in."""
    if forced:
        asked = intent.model_copy(update={"scale_forced": True})
        return _with(asked, forced, "asked for by --scale", _GUESS[forced])
    if intent.editor == "builtin":
        return _with(intent, "patch", "an exact edit of the built-in editor", _GUESS["patch"])
    if decided := _by_rule(intent):
        return _with(intent, *decided, _GUESS[decided[0]])
    answer, _ = ask(ctx.models(), Request("scale", _prompt(ctx, intent)), ScaleAnswer)
    return _with(intent, answer.scale, answer.reasoning, answer.estimated_change_percentage / 100)


def _by_rule(intent: Intent) -> tuple[Scale, str] | None:
    if keyword := _KEYWORD.search(intent.request):
        return "regenerate", f"the request says “{keyword[0]}”"
    if intent.scope == "entire":
        return "regenerate", "it is about the whole document"
    if intent.scope == "multiple" or len(intent.targets) > 1:
        return "regenerate", "it is about several parts"
    if intent.action in STRUCTURAL:
        return "regenerate", "it changes the structure"
    if intent.scope == "specific":
        return "patch", "localized change"
    return None


def _with(intent: Intent, scale: Scale, reasoning: str, estimated: float) -> Intent:
    return intent.model_copy(
        update={"scale": scale, "scale_reasoning": reasoning, "estimated_change": round(estimated, 3)}
    )


def _prompt(ctx: Context, intent: Intent) -> tuple[Message, ...]:
    count = sum(len(words(ctx.book.read(target.path))) for target in intent.targets)
    return render(
        "scale",
        {
            "patch_percent": round(ctx.book.config.patch_share * 100),
            "target": ", ".join(target.path for target in intent.targets),
            "words": count,
            "intent_type": intent.intent_type,
            "action": intent.action,
        },
        {"feedback": intent.request, "description": intent.description},
        root=ctx.book.root,
        key=ctx.boundary_key,
    )
