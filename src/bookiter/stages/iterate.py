"""The whole way from a sentence to a commit: intent, gate, scale, attempts, candidate, summary, approval, accept."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

from bookiter.errors import BookiterError, NeedsClarification, NotReady, Refused
from bookiter.manuscript.book import decode
from bookiter.manuscript.targets import describe, resolve
from bookiter.manuscript.units import Unit
from bookiter.patch import PatchRefused
from bookiter.stages.accept import accept
from bookiter.stages.attempts import Attempt, Tried, attempt_all
from bookiter.stages.candidate import Offer, keep_candidate, open_offer
from bookiter.stages.commit import require_clean, require_clean_paths, require_sound_histories, subject_of
from bookiter.stages.context import Context
from bookiter.stages.documents import Intent, Scale
from bookiter.stages.downstream import downstream_of
from bookiter.stages.edited import as_edited
from bookiter.stages.events import Analysing, Applied, Committed, IntentFound, Note, ScaleFound
from bookiter.stages.gate import pass_gate
from bookiter.stages.intent import analyse
from bookiter.stages.learn import Lesson, learn
from bookiter.stages.locate import Feedback
from bookiter.stages.measure import measure
from bookiter.stages.person import Decision, Person
from bookiter.stages.reworded import edits_between, learn_edits
from bookiter.stages.scale import detect
from bookiter.stages.semantic import semantic_diff
from bookiter.stages.summarise import Summary
from bookiter.store.candidates import Candidate, find, move
from bookiter.store.objects import read_many
from bookiter.text import plural

Status = Literal["committed", "candidate", "no_change", "clarify", "refused", "not_approved", "cancelled", "dry_run"]
_ROUNDS = 3


@dataclass(frozen=True)
class Wishes:
    """How the author wants an iteration to be made: a scale, no commit yet, so many variants."""

    scale: Scale | None = None
    preview: bool = False
    overrule: str = ""


@dataclass(frozen=True)
class Outcome:
    """How an iteration ended, and why its attempts did; ``error`` is what ended them early, if anything did.

    ``variants`` are the candidates that were drawn at once, best first.
    """

    status: Status
    intent: Intent
    attempts: int = 0
    road: str = ""
    author: str = ""
    summary: Summary | None = None
    candidate: Candidate | None = None
    commit: str | None = None
    subject: str = ""
    culled: tuple[str, ...] = ()
    stopped: str = ""
    variants: tuple[str, ...] = ()
    error: BookiterError | None = None


def iterate(ctx: Context, feedback: Feedback, person: Person, wishes: Wishes | None = None) -> Outcome:
    """Carry out one iteration. Whatever ends it before the commit leaves the manuscript as it was."""
    wishes = wishes or Wishes()
    ctx, feedback, branch = begun(ctx, feedback)
    prepared = understood(ctx, feedback, person, wishes)
    if isinstance(prepared, Outcome):
        return prepared
    ctx, intent = prepared
    culled = decided_downstream(ctx, intent, person)
    if culled is None:
        return Outcome("cancelled", intent)
    try:
        tried = attempt_all(ctx, intent, person)
    except NeedsClarification as unclear:
        questions = list(unclear.details.get("questions", [unclear.message]))
        return Outcome("clarify", intent.model_copy(update={"status": "clarify", "questions": questions}))
    except Refused:
        return Outcome("refused", intent)
    return _decided(ctx, intent, tried, person, wishes, culled, branch)


def begun(ctx: Context, feedback: Feedback) -> tuple[Context, Feedback, str]:
    """Return the surroundings and the request of an iteration that is about to begin, and the branch it is for.

    What is asked of a candidate without naming a place is about the places it changed.
    """
    with ctx.writing():
        branch = ctx.repo.require_committable()
    ctx.run.write("feedback.txt", feedback.text)
    if ctx.parent is not None:
        offer = open_offer(ctx, ctx.parent)
        ctx = on_candidate(ctx, offer)
        if not feedback.target and not resolve(feedback.whole, ctx.book, None).named:
            units = tuple(unit for unit in ctx.book.units if unit.path in offer.change.paths)
            feedback = replace(feedback, target=units[0].path if len(units) == 1 else describe(units, ctx.book))
    return ctx, feedback, branch


def understood(ctx: Context, feedback: Feedback, person: Person, wishes: Wishes) -> Outcome | tuple[Context, Intent]:
    """Analyse the request until it is clear, and take the texts it is about as the base has them."""
    for round_ in range(_ROUNDS + 1):
        ctx.report(Analysing())
        intent = pass_gate(ctx, analyse(ctx, feedback))
        ctx.run.write("intent.json", intent.json_text())
        if intent.status == "ok":
            return _grounded(ctx, intent, wishes)
        answer = person.answer(intent.questions) if round_ < _ROUNDS else None
        if answer is None:
            break
        feedback = replace(feedback, answers=(*feedback.answers, answer))
    return Outcome("clarify", intent)


def _grounded(ctx: Context, intent: Intent, wishes: Wishes) -> tuple[Context, Intent]:
    ctx.report(IntentFound(intent, _target_words(ctx, intent)))
    with ctx.writing():
        require_clean(ctx, intent)
        require_sound_histories(ctx, intent)
        if ctx.parent is None:
            ctx = replace(ctx, base=ctx.repo.require_commits())
    subject_of(ctx, intent, intent.scale)  # a broken template is told before anything is spent
    ctx = on_base(ctx, [target.path for target in intent.targets])
    if intent.editor == "model" and not ctx.dry:
        learn_edits(ctx.book, ctx.repo, ctx.runs)
    intent = detect(ctx, intent, wishes.scale)
    ctx.run.write("intent.json", intent.json_text())
    ctx.report(ScaleFound(intent))
    return ctx, intent


def on_base(ctx: Context, paths: list[str]) -> Context:
    """Return the surroundings in which these texts are those of the commit that is iterated on."""
    found = read_many(ctx.repo, ctx.base, paths)
    for path, data in found.items():
        if data is None:
            raise NotReady(
                f"{path} is not in the commit that is iterated on.",
                hint="Commit it first: `git add` and `git commit`.",
                details={"path": path},
            )
    return ctx.reading({path: decode(path, data) for path, data in found.items() if data is not None})


def on_candidate(ctx: Context, offer: Offer) -> Context:
    """Return the surroundings in which the texts are those of a candidate."""
    ctx = replace(ctx, base=offer.candidate.commit, parent=offer.candidate)
    paths = [target.path for target in offer.record.targets if target.path in ctx.book.paths]
    return on_base(ctx, paths)


def _target_words(ctx: Context, intent: Intent) -> str:
    units = tuple(unit for unit in ctx.book.units if any(target.path == unit.path for target in intent.targets))
    return describe(units, ctx.book)


def decided_downstream(ctx: Context, intent: Intent, person: Person) -> tuple[str, ...] | None:
    """Return the files that go because they were made from what changes; None when the author calls it off."""
    if intent.editor == "builtin":  # an exact edit does not change what a text says to those below it
        return ()
    units = downstream_of(ctx.book, intent)
    wish = ctx.book.config.downstream
    if not units or wish == "keep":
        return ()
    choice = person.downstream(units) if wish == "ask" else wish
    if choice == "cancel":
        return None
    if choice != "cull":
        return ()
    paths = tuple(unit.path for unit in units)
    require_clean_paths(ctx, paths)
    ctx.report(Note(f"In the same commit go: {_counted(units)}."))
    return paths


def _counted(units: Sequence[Unit]) -> str:
    levels = Counter(unit.level for unit in units)
    return ", ".join(f"{level} ({plural(count, 'file')})" for level, count in levels.items())


def _decided(  # noqa: PLR0913, PLR0917 - all that has been found out by now
    ctx: Context,
    intent: Intent,
    tried: Tried,
    person: Person,
    wishes: Wishes,
    culled: tuple[str, ...],
    branch: str,
) -> Outcome:
    best = tried.best
    if best is None or not best.proposal.change:
        return Outcome("no_change", intent, len(tried.attempts), stopped=tried.stopped, error=tried.error)
    full = best.verdict.approved or person.asked
    outcome = told(ctx, intent, best, len(tried.attempts), full=full)
    outcome = replace(outcome, culled=culled, stopped=tried.stopped, error=tried.error)
    if ctx.dry:
        return replace(outcome, status="dry_run" if best.verdict.approved else "not_approved")
    outcome = kept(ctx, outcome)
    if tried.error is not None:
        return replace(outcome, status="candidate" if best.verdict.approved else "not_approved")
    return settled(ctx, outcome, person, wishes, branch)


def told(ctx: Context, intent: Intent, best: Attempt, attempts: int, *, full: bool) -> Outcome:
    """Return the outcome that an attempt is so far; ``full`` asks the model to tell what changed."""
    summary = replace(best.summary, attempts=attempts)
    if full:
        measured = measure(best.proposal.change)
        summary = summary.with_semantic(semantic_diff(ctx, intent, summary.change, measured, summary.verdict, attempts))
    ctx.run.write("summary.md", summary.markdown())
    return Outcome("not_approved", intent, attempts, best.proposal.road, best.proposal.author, summary)


def kept(ctx: Context, outcome: Outcome) -> Outcome:
    """Keep the change as a candidate, in the place of one that was kept of this run before."""
    summary = outcome.summary
    if summary is None:
        return outcome
    candidate = keep_candidate(
        ctx,
        outcome.intent,
        summary,
        road=outcome.road,
        author=outcome.author,
        subject=subject_of(ctx, outcome.intent, outcome.road),
        culled=outcome.culled,
        replaces=outcome.candidate,
    )
    return replace(outcome, candidate=candidate)


def settled(ctx: Context, outcome: Outcome, person: Person, wishes: Wishes, branch: str) -> Outcome:
    """Let the author decide; without one an approved change is accepted, and any other stays a candidate."""
    if wishes.preview or ctx.book.config.approval == "preview":
        good = outcome.summary is not None and outcome.summary.verdict.approved
        return replace(outcome, status="candidate" if good else "not_approved")
    while True:
        summary, candidate = outcome.summary, outcome.candidate
        if summary is None or candidate is None:
            return outcome
        approved = summary.verdict.approved
        if person.asked:
            decision = person.decide(summary)
        else:
            why = "" if approved else wishes.overrule
            decision = Decision("accept" if approved or why else "keep", why=why)
        match decision.kind:
            case "edit":
                outcome = _edited(ctx, outcome, decision.diff, person)
            case "reject":
                with ctx.writing():
                    move(ctx.repo, candidate, "rejected")
                learn(ctx.runs, Lesson("rejected", outcome.intent.request, why=decision.why))
                return replace(outcome, status="cancelled")
            case "keep":
                return replace(outcome, status="candidate" if approved else "not_approved")
            case "accept":
                return _accepted(ctx, outcome, decision.why, branch)


def _edited(ctx: Context, outcome: Outcome, diff: str, person: Person) -> Outcome:
    """Take the author's own version of the change, if it is one; the judge is not asked about an author's words."""
    if outcome.summary is None:
        return outcome
    try:
        summary = as_edited(ctx, outcome.summary, diff)
    except (PatchRefused, BookiterError) as refused:
        person.edit_refused(refused.message)
        return outcome
    for lesson in edits_between(outcome.summary.change, summary.change):
        learn(ctx.runs, lesson)
    return kept(ctx, replace(outcome, summary=summary, author=f"{outcome.author}, edited"))


def _accepted(ctx: Context, outcome: Outcome, why: str, branch: str) -> Outcome:
    if outcome.candidate is None:
        return outcome
    with ctx.writing():
        ctx.repo.require_branch(branch)
        done = accept(ctx, open_offer(ctx, find(ctx.repo, outcome.candidate.id)), why=why)
    intent = outcome.intent
    ctx.report(Applied(_target_words(ctx, intent), done.summary.facts.files))
    ctx.report(Committed(done.commit, done.subject))
    remember_target(ctx, intent)
    if not outcome.culled:
        tell_downstream(ctx, intent)
    learn(ctx.runs, Lesson("accepted", intent.request, kind=intent.action))
    return replace(outcome, status="committed", commit=done.commit, subject=done.subject)


def remember_target(ctx: Context, intent: Intent) -> None:
    """Make the level that was worked on the current target; a change of several levels leaves it as it was."""
    levels = {target.level for target in intent.targets}
    if len(levels) == 1:
        with suppress(OSError):  # the commit is made, and nothing that comes after it may say otherwise
            ctx.runs.set_target(levels.pop())


def tell_downstream(ctx: Context, intent: Intent) -> None:
    """Note which levels were made from what has just changed."""
    below = list(dict.fromkeys(unit.level for unit in downstream_of(ctx.book, intent)))
    if below and intent.editor == "model":
        ctx.report(Note(f"{', '.join(below)} may need iterating to match; `bookiter status` shows what is stale."))
