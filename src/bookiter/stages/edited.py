"""A change that the author edited before accepting it: read like any diff, and checked like any change."""

from dataclasses import replace

from bookiter.errors import NotApproved
from bookiter.patch import apply_files
from bookiter.stages.change import Change
from bookiter.stages.check import check
from bookiter.stages.context import Context
from bookiter.stages.documents import Verdict
from bookiter.stages.measure import measure
from bookiter.stages.summarise import Summary, summarise


def as_edited(ctx: Context, summary: Summary, diff: str) -> Summary:
    """Return the summary of the change that an edited diff makes of the same texts.

    Raises PatchRefused when it does not fit, NotApproved when it changes nothing or what it may not.
    """
    before = {file.path: file.before for file in summary.change.files}
    placed = apply_files(before, diff)
    change = Change.between(before, {path: applied.text for path, applied in placed.items()})
    if not change:
        raise NotApproved("the edited diff changes nothing.")
    findings = check(ctx.book, summary.intent, change)
    hard = [finding for finding in findings if finding.check in ("locked", "scope", "emptied")]
    if hard:
        raise NotApproved(f"{hard[0].path}: {hard[0].message}.")
    verdict = Verdict(
        verdict="approved",
        reasoning="The author edited the change by hand.",
        by="author",
        rubric=summary.verdict.rubric,
        change=change.fingerprint(),
    )
    made = summarise(summary.intent, verdict, summary.attempts, change, measure(change))
    return replace(made, semantic=f"{made.semantic} Edited by the author.")
