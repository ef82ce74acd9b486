"""The loop: propose and judge until a change is approved, with every finding so far; the best attempt is kept."""

from dataclasses import dataclass, field
from typing import Literal

from bookiter.errors import LimitReached, ModelFailed
from bookiter.stages.context import Context
from bookiter.stages.documents import Intent, Rubric, Verdict
from bookiter.stages.events import Judged, Note, Proposed
from bookiter.stages.judge import judge, score
from bookiter.stages.measure import measure
from bookiter.stages.person import Person
from bookiter.stages.propose import Proposal, propose
from bookiter.stages.rubric import rubric_for
from bookiter.stages.summarise import Summary, summarise

MOST_UNASKED = 3
"""Attempts where nobody is there to decide and the settings name no number."""


Stopped = Literal["approved", "attempts", "no_change", "no_progress", "person", "limit", "model"]
"""Why the attempts ended."""


@dataclass(frozen=True)
class Attempt:
    """One change proposed, and what became of it; ``number`` counts from 1."""

    number: int
    proposal: Proposal
    summary: Summary

    @property
    def verdict(self) -> Verdict:
        return self.summary.verdict


@dataclass
class Tried:
    """All attempts of a run, why they ended, and the error that ended them, if one did."""

    attempts: list[Attempt] = field(default_factory=list)
    error: LimitReached | ModelFailed | None = None
    stopped: Stopped = "attempts"

    @property
    def best(self) -> Attempt | None:
        """The attempt worth keeping: the one that fails least, of equals the later one."""
        made = [attempt for attempt in self.attempts if attempt.proposal.change]
        return max(made or self.attempts, key=lambda each: (score(each.verdict), each.number), default=None)

    @property
    def findings(self) -> tuple[str, ...]:
        """What was wrong with the attempts so far, each said once."""
        said = [
            issue
            for each in self.attempts
            for issue in ([*each.verdict.specific_issues, *each.verdict.suggestions] or [each.verdict.reasoning])
        ]
        return tuple(dict.fromkeys(said))


def attempt_all(ctx: Context, intent: Intent, person: Person, rubric: Rubric | None = None) -> Tried:
    """Make attempts until one is approved or a stop rule holds.

    The rules: the most attempts allowed, no progress, a limit or a model that fails (kept in the result unless there is
    no attempt yet, when it is raised), and the person, who is asked after each attempt that was not approved.
    """
    tried = Tried()
    most = 1 if intent.editor == "builtin" else _most(ctx, person)
    while most is None or len(tried.attempts) < most:
        number = len(tried.attempts) + 1
        proposal: Proposal | None = None
        try:
            proposal = propose(ctx, intent, number, tried.findings)
            same = next((each for each in tried.attempts if each.proposal.change == proposal.change), None)
            if rubric is None and intent.editor == "model" and proposal.change:
                rubric = rubric_for(ctx, intent)
            earlier = [each.verdict for each in tried.attempts]
            summary = same.summary if same else judged(ctx, intent, proposal, number, rubric, earlier)
        except (LimitReached, ModelFailed) as error:
            if not tried.attempts and (proposal is None or not proposal.change):
                raise
            if proposal is not None and proposal.change:  # what was written has been paid for
                tried.attempts.append(Attempt(number, proposal, _unjudged(intent, proposal, number, error)))
            tried.error = error
            tried.stopped = "limit" if isinstance(error, LimitReached) else "model"
            return tried
        attempt = Attempt(number, proposal, summary)
        stuck = _stuck(tried.attempts, attempt)
        tried.attempts.append(attempt)
        if attempt.verdict.approved or not proposal.change:
            tried.stopped = "approved" if attempt.verdict.approved else "no_change"
            return tried
        if number == most:
            return tried
        if person.asked:
            if not person.go_on(summary, stuck):
                tried.stopped = "person"
                return tried
        elif stuck:
            ctx.report(Note(f"Stopped after {number} attempts: {stuck}."))
            tried.stopped = "no_progress"
            return tried
    return tried


def _unjudged(intent: Intent, proposal: Proposal, number: int, error: LimitReached | ModelFailed) -> Summary:
    verdict = Verdict(
        verdict="unjudged",
        reasoning=f"It was not judged: {error.message}",
        by="nobody",
        change=proposal.change.fingerprint(),
    )
    return summarise(intent, verdict, number, proposal.change, measure(proposal.change))


def _most(ctx: Context, person: Person) -> int | None:
    set_to = ctx.book.config.max_attempts
    return set_to if set_to is not None or person.asked else MOST_UNASKED


def judged(  # noqa: PLR0913, PLR0917 - what a verdict depends on
    ctx: Context,
    intent: Intent,
    proposal: Proposal,
    number: int,
    rubric: Rubric | None = None,
    earlier: list[Verdict] | None = None,
) -> Summary:
    """Measure, check and judge a proposal, and keep all of it in the run."""
    change = proposal.change
    measured = measure(change)
    diff, facts = measured.diff, measured.facts
    ctx.run.write(f"attempt-{number}.diff", diff)
    beyond = proposal.road == "patch" and facts.share > ctx.book.config.patch_share
    if change:
        ctx.report(Proposed(facts.added_lines, facts.removed_lines, facts.share, facts.files, beyond))
    record = f"attempt-{number}.checks.json"
    verdict = judge(ctx, intent, change, diff, record, rubric=rubric, earlier=earlier or [])
    ctx.run.write(f"attempt-{number}.verdict.json", verdict.json_text())
    ctx.report(Judged(verdict))
    return summarise(intent, verdict, number, change, measured)


def _stuck(before: list[Attempt], now: Attempt) -> str:
    """Say why another attempt is not likely to help: the same text again, or a finding that was mended and is back."""
    if any(now.proposal.change == each.proposal.change for each in before):
        return "the same text came again"
    if before:
        back = _failures(now.verdict) - _failures(before[-1].verdict)
        if any(back & _failures(each.verdict) for each in before[:-1]):
            return "what had been mended is wrong again"
    return ""


def _failures(verdict: Verdict) -> set[str]:
    return {criterion.id for criterion in verdict.criteria if not criterion.met} | {
        f"{objection.criterion}: {objection.problem}" for objection in verdict.objections
    }
