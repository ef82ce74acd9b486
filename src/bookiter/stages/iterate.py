"""The whole way from a sentence to a commit: intent, gate, scale, propose, check, judge, summary, approval, commit."""

from dataclasses import dataclass, replace
from typing import Literal, Protocol

from bookiter.errors import NeedsClarification, Refused
from bookiter.manuscript.targets import describe
from bookiter.stages.commit import commit_change, require_clean, require_sound_histories, subject_of
from bookiter.stages.context import Context
from bookiter.stages.documents import Intent, Scale
from bookiter.stages.events import Analysing, Applied, Committed, IntentFound, Judged, Note, Proposed, ScaleFound
from bookiter.stages.gate import pass_gate
from bookiter.stages.intent import analyse
from bookiter.stages.judge import judge
from bookiter.stages.locate import Feedback
from bookiter.stages.measure import measure
from bookiter.stages.propose import Proposal, propose
from bookiter.stages.scale import detect
from bookiter.stages.summarise import Summary, summarise

Status = Literal["committed", "no_change", "clarify", "refused", "not_approved", "cancelled", "dry_run"]
_ROUNDS = 3


class Person(Protocol):
    """Whoever may be asked; without a terminal, someone who answers nothing and lets approved changes through."""

    def answer(self, questions: list[str]) -> str | None:
        """Return the answer to questions about the request, or None when nobody answers."""

    def approve(self, summary: Summary) -> bool:
        """Tell whether an approved change may be committed."""


@dataclass(frozen=True)
class Outcome:
    """How an iteration ended."""

    status: Status
    intent: Intent
    attempts: int = 0
    road: str = ""
    author: str = ""
    summary: Summary | None = None
    commit: str | None = None
    subject: str = ""


def iterate(ctx: Context, feedback: Feedback, person: Person, forced: Scale | None = None) -> Outcome:
    """Carry out one iteration. Whatever ends it before the commit leaves the manuscript as it was."""
    branch = ctx.repo.require_committable()
    ctx.run.write("feedback.txt", feedback.text)
    for _ in range(_ROUNDS):
        outcome = _round(ctx, feedback, forced)
        if outcome.status != "clarify":
            return _finish(ctx, outcome, person, branch)
        answer = person.answer(outcome.intent.questions)
        if answer is None:
            return outcome
        feedback = replace(feedback, answers=(*feedback.answers, answer))
    return _finish(ctx, _round(ctx, feedback, forced), person, branch)


def _round(ctx: Context, feedback: Feedback, forced: Scale | None) -> Outcome:
    """Analyse the request as far as it has been answered, and carry it out if it is clear."""
    ctx.report(Analysing())
    intent = pass_gate(ctx, analyse(ctx, feedback))
    ctx.run.write("intent.json", intent.json_text())
    if intent.status == "clarify":
        return Outcome("clarify", intent)
    ctx.report(IntentFound(intent, _target_words(ctx, intent)))
    require_clean(ctx, intent)
    require_sound_histories(ctx, intent)
    subject_of(ctx, intent, intent.scale)  # a broken template is told before anything is spent
    intent = detect(ctx, intent, forced)
    ctx.run.write("intent.json", intent.json_text())
    ctx.report(ScaleFound(intent))
    try:
        return _attempts(ctx, intent)
    except NeedsClarification as unclear:
        questions = list(unclear.details.get("questions", [unclear.message]))
        return Outcome("clarify", intent.model_copy(update={"status": "clarify", "questions": questions}))
    except Refused:
        return Outcome("refused", intent)


def _target_words(ctx: Context, intent: Intent) -> str:
    units = tuple(unit for unit in ctx.book.units if any(target.path == unit.path for target in intent.targets))
    return describe(units, ctx.book)


def _attempts(ctx: Context, intent: Intent) -> Outcome:
    """Propose and judge until a change is approved or the attempts are used up; findings accumulate."""
    findings: tuple[str, ...] = ()
    most = 1 if intent.editor == "builtin" else ctx.book.config.max_attempts
    outcome = Outcome("no_change", intent)
    for attempt in range(1, most + 1):
        proposal = propose(ctx, intent, attempt, findings)
        summary = judged(ctx, intent, proposal, attempt)
        status: Status = "committed" if summary.verdict.approved else "not_approved" if summary.change else "no_change"
        outcome = Outcome(status, intent, attempt, proposal.road, proposal.author, summary)
        if summary.verdict.approved or not summary.change:  # the same question would get the same answer
            break
        new = [*summary.verdict.specific_issues, *summary.verdict.suggestions] or [summary.verdict.reasoning]
        findings = tuple(dict.fromkeys([*findings, *new]))
    return outcome


def judged(ctx: Context, intent: Intent, proposal: Proposal, attempt: int) -> Summary:
    """Measure, check and judge a proposal, and keep all of it in the run."""
    change = proposal.change
    measured = measure(change)
    diff, facts = measured.diff, measured.facts
    ctx.run.write(f"attempt-{attempt}.diff", diff)
    beyond = proposal.road == "patch" and facts.share > ctx.book.config.patch_share
    if change:
        ctx.report(Proposed(facts.added_lines, facts.removed_lines, facts.share, facts.files, beyond))
    verdict = judge(ctx, intent, change, diff, record=f"attempt-{attempt}.checks.json")
    ctx.run.write(f"attempt-{attempt}.verdict.json", verdict.json_text())
    ctx.report(Judged(verdict))
    return summarise(intent, verdict, attempt, change, measured)


def _finish(ctx: Context, outcome: Outcome, person: Person, branch: str) -> Outcome:
    summary, intent = outcome.summary, outcome.intent
    if summary is None or outcome.status != "committed":
        return outcome
    ctx.run.write("summary.md", summary.markdown())
    if ctx.dry:
        return replace(outcome, status="dry_run")
    if not person.approve(summary):
        return replace(outcome, status="cancelled")
    ctx.repo.require_branch(branch)
    require_clean(ctx, intent)
    commit, subject = commit_change(ctx, intent, summary, road=outcome.road, author=outcome.author, applied=False)
    ctx.report(Applied(_target_words(ctx, intent), summary.facts.files))
    ctx.report(Committed(commit, subject))
    remember_target(ctx, intent)
    tell_downstream(ctx, intent)
    return replace(outcome, commit=commit, subject=subject)


def remember_target(ctx: Context, intent: Intent) -> None:
    """Make the level that was worked on the current target; a change of several levels leaves it as it was."""
    levels = {target.level for target in intent.targets}
    if len(levels) == 1:
        ctx.runs.set_target(levels.pop())


def tell_downstream(ctx: Context, intent: Intent) -> None:
    """Note which levels were made from what has just changed."""
    order = ctx.book.levels_with_content()
    touched = [order.index(target.level) for target in intent.targets]
    below = order[max(touched) + 1 :]
    if below and intent.editor == "model":
        ctx.report(Note(f"{', '.join(below)} may need iterating to match the new {order[max(touched)]}."))
