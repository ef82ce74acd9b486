"""Several changes for one request, drawn at once and ranked: each is kept as a candidate, and one is taken."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bookiter.errors import BookiterError, InvalidInput
from bookiter.manuscript.units import Unit
from bookiter.stages.attempts import Tried, attempt_all
from bookiter.stages.context import Context
from bookiter.stages.documents import Intent, Rubric
from bookiter.stages.events import Event, Note, Writing
from bookiter.stages.iterate import (
    Outcome,
    Wishes,
    begun,
    decided_downstream,
    kept,
    settled,
    told,
    understood,
)
from bookiter.stages.locate import Feedback
from bookiter.stages.person import Decision, Downstream, Person
from bookiter.stages.rank import rank
from bookiter.stages.rubric import rubric_for
from bookiter.stages.summarise import Summary

_POLL = 0.1


def iterate_variants(ctx: Context, feedback: Feedback, person: Person, wishes: Wishes, count: int) -> Outcome:
    """Draw so many changes, keep each as a candidate, rank them, and let the author take one; else the best is taken.

    Raises what the model raises when no variant came about.
    """
    ctx, feedback, branch = begun(ctx, feedback)
    prepared = understood(ctx, feedback, person, wishes)
    if isinstance(prepared, Outcome):
        return prepared
    ctx, intent = prepared
    if intent.editor == "builtin":
        raise InvalidInput("an exact edit has no variants.", hint="Leave --variants out.")
    culled = decided_downstream(ctx, intent, person)
    if culled is None:
        return Outcome("cancelled", intent)
    rubric = rubric_for(ctx, intent)
    drawn = _drawn(_contexts(ctx, intent, rubric, count), intent, rubric)
    outcomes = [_outcome(each, intent, culled) for each in drawn]
    made = [(each, outcome) for each, outcome in zip(drawn, outcomes, strict=True) if outcome.summary is not None]
    if not made:
        error = next((each.error or (each.tried and each.tried.error) for each in drawn), None)
        if error:
            raise error
        return outcomes[0]
    entries = [(o.summary.change, o.summary.verdict) for _, o in made if o.summary is not None]
    order = rank(ctx, intent, entries)
    names = tuple(made[index][1].candidate for index in order)
    every = tuple(candidate.id for candidate in names if candidate is not None)
    ranked = [(made[index][0], replace(made[index][1], variants=every)) for index in order]
    for place, (_, outcome) in enumerate(ranked, 1):
        ctx.report(Note(f"{place}. {_line(outcome)}"))
    if ctx.dry:
        return ranked[0][1]
    chosen = person.choose([o.summary for _, o in ranked if o.summary is not None]) if person.asked else 0
    if chosen is None:
        return replace(ranked[0][1], status="candidate")
    variant, outcome = ranked[chosen]
    return settled(variant.ctx, outcome, person, wishes, branch)


@dataclass
class _Variant:
    """One variant being drawn."""

    ctx: Context
    tried: Tried | None = None
    error: BaseException | None = field(default=None)


def _contexts(ctx: Context, intent: Intent, rubric: Rubric, count: int) -> list[Context]:
    """Return surroundings for each variant: runs of their own, judged by the one rubric."""
    lock = threading.Lock()
    found = []
    for number in range(count):
        own = ctx if number == 0 else ctx.spawn(ctx)
        own.run.write("feedback.txt", intent.feedback)
        own.run.write("intent.json", intent.json_text())
        own.run.write("rubric.json", rubric.json_text())
        found.append(replace(own, variant=number, report=_labelled(ctx.report, number + 1, lock)))
    return found


def _labelled(report: Callable[[Event], None], number: int, lock: threading.Lock) -> Callable[[Event], None]:
    """Tell what happens to one variant among others; how many words it has so far would only be noise."""

    def tell(event: Event) -> None:
        if not isinstance(event, Writing):
            with lock:
                report(Note(f"Variant {number}:"))
                report(event)

    return tell


def _drawn(contexts: Sequence[Context], intent: Intent, rubric: Rubric) -> list[_Variant]:
    """Draw all variants at once. The threads are daemons: an interrupt ends the program at once."""
    variants = [_Variant(ctx) for ctx in contexts]

    def draw(variant: _Variant) -> None:
        try:
            variant.tried = attempt_all(variant.ctx, intent, _Nobody(), rubric)
        except BaseException as error:
            variant.error = error

    threads = [threading.Thread(target=draw, args=(variant,), daemon=True) for variant in variants]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(_POLL)
    for variant in variants:
        if variant.error is not None and not isinstance(variant.error, BookiterError):
            raise variant.error
    return variants


def _outcome(variant: _Variant, intent: Intent, culled: tuple[str, ...]) -> Outcome:
    if variant.tried is None:
        return Outcome("no_change", intent)
    best = variant.tried.best
    if best is None or not best.proposal.change:
        return Outcome("no_change", intent, len(variant.tried.attempts))
    ctx = variant.ctx
    outcome = told(ctx, intent, best, len(variant.tried.attempts), full=best.verdict.approved)
    outcome = replace(outcome, culled=culled, stopped=variant.tried.stopped)
    if ctx.dry:
        return replace(outcome, status="dry_run" if best.verdict.approved else "not_approved")
    return kept(ctx, outcome)


def _line(outcome: Outcome) -> str:
    summary, candidate = outcome.summary, outcome.candidate
    verdict = summary.verdict.verdict.replace("_", " ") if summary else ""
    name = f"candidate {candidate.short}, " if candidate else ""
    return f"{name}{verdict}: {summary.semantic if summary else ''}"


class _Nobody:
    """Nobody is asked while variants are drawn."""

    asked = False

    def answer(self, questions: list[str]) -> str | None:  # noqa: ARG002
        return None

    def go_on(self, attempt: Summary, stuck: str) -> bool:  # noqa: ARG002
        return False

    def downstream(self, units: Sequence[Unit]) -> Downstream:  # noqa: ARG002
        return "keep"

    def choose(self, summaries: Sequence[Summary]) -> int | None:  # noqa: ARG002
        return 0

    def decide(self, summary: Summary) -> Decision:  # noqa: ARG002
        return Decision("keep")

    def edit_refused(self, reason: str) -> None:
        pass
