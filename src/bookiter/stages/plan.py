"""Estimate an iteration before any model is asked: calls, tokens, cost."""

from dataclasses import dataclass
from typing import Any

from bookiter.llm.estimate import tokens
from bookiter.manuscript.sections import relevant_text
from bookiter.manuscript.targets import describe, resolve
from bookiter.stages.attempts import MOST_UNASKED
from bookiter.stages.background import background_for
from bookiter.stages.context import Context, current_target
from bookiter.stages.documents import Target
from bookiter.stages.locate import Feedback
from bookiter.stages.mechanical import mechanical_edit
from bookiter.text import plural

_OVERHEAD = 600  # tokens of instructions in one prompt
_ANSWER = 250  # tokens of a structured answer


@dataclass(frozen=True)
class Estimate:
    """What one attempt of an iteration would take; ``cost`` in US dollars, None without prices."""

    target: str
    editor: str
    calls: int
    prompt_tokens: int
    completion_tokens: int
    attempts: int
    cost: float | None

    def as_json(self) -> dict[str, Any]:
        """Return the figures by name."""
        return dict(vars(self))

    def text(self) -> str:
        """Return the estimate for a person."""
        if self.editor == "builtin":
            return "The built-in editor does this by itself: no model call, no cost.\n"
        cost = f"about ${self.cost:.4f}" if self.cost is not None else "cost unknown (set openai.prices)"
        sizes = f"about {self.prompt_tokens:,} tokens in and {self.completion_tokens:,} out"
        return (
            f"Target: {self.target}\n"
            f"One attempt: {plural(self.calls, 'call')}, {sizes}, {cost}.\n"
            f"At most {plural(self.attempts, 'attempt')}; a patch that does not fit costs two more calls.\n"
        )


def plan_iteration(ctx: Context, feedback: Feedback) -> Estimate:
    """Return what an iteration would take, from the author's words alone; no model is asked."""
    config = ctx.book.config
    if config.provider not in ("openai", "replay") and mechanical_edit(feedback.text, ctx.book):
        return Estimate("", "builtin", 0, 0, 0, 1, 0.0)
    current = current_target(ctx.book, ctx.repo, ctx.runs)
    found = resolve(feedback.target or feedback.text, ctx.book, current)
    units = found.units or (ctx.book.level(current) if current else ())
    asked = tokens(feedback.whole)
    votes = config.judge.votes
    # Intent, checklist and summary are asked once; every vote sees the request, both texts and the change.
    sent, received = (3 + votes) * (asked + _OVERHEAD), (3 + votes) * _ANSWER
    for unit in units:
        text = ctx.book.read(unit.path)
        context = background_for(ctx.book, Target(level=unit.level, number=unit.number, path=unit.path))
        shown = text if len(units) > 1 else relevant_text(text, feedback.whole, config.section_chars)[0]
        written = tokens(text) if len(units) > 1 else tokens(shown) // 3
        sent += _OVERHEAD + asked + tokens(context) + tokens(shown)
        sent += votes * (tokens(context) + 2 * tokens(text) + written) + 2 * tokens(text)
        received += written
    price = config.openai.prices.get(config.model_for("regenerate" if len(units) > 1 else "diff"))
    cost = (sent * price.input + received * price.output) / 1e6 if price else None
    return Estimate(
        describe(units, ctx.book) if units else "",
        "model",
        3 + len(units) + votes,
        sent,
        received,
        config.max_attempts or MOST_UNASKED,
        cost,
    )
