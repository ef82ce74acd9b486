"""The verdict on a change: code first, then proof for built-in edits or a jury of the model for all others."""

from collections.abc import Sequence

from bookiter import builtin
from bookiter.stages.change import Change
from bookiter.stages.check import all_findings, prove_scope
from bookiter.stages.context import Context
from bookiter.stages.documents import Finding, Intent, Rubric, Verdict
from bookiter.stages.events import Checked, Judging
from bookiter.stages.jury import deliberate
from bookiter.stages.mechanical import mechanical_edit
from bookiter.stages.rubric import rubric_for
from bookiter.text import one_line, plural


def judge(  # noqa: PLR0913 - what is judged, and what it is judged by
    ctx: Context,
    intent: Intent,
    change: Change,
    diff: str,
    record: str = "checks.json",
    *,
    rubric: Rubric | None = None,
    earlier: Sequence[Verdict] = (),
) -> Verdict:
    """Return the verdict on a change; an error of the judge is raised, never taken for an approval.

    What code found is kept in the run under the name ``record``. Without a ``rubric`` it is the run's; ``earlier`` are the
    verdicts on the attempts before this one, which settle what stays settled.
    """
    findings = all_findings(ctx, intent, change)
    scope = prove_scope(intent, change)
    ctx.run.write_json(record, {"findings": [finding.model_dump() for finding in findings], "scope": scope.as_json()})
    ctx.report(Checked(findings, scope if change else None))
    if findings:
        verdict = _failed_checks(findings)
    elif intent.editor == "builtin":
        verdict = _proof(ctx, intent, change)
    else:
        ctx.report(Judging())
        verdict = deliberate(ctx, intent, change, diff, rubric or rubric_for(ctx, intent), earlier)
    return verdict.model_copy(update={"change": change.fingerprint()})


def _failed_checks(findings: tuple[Finding, ...]) -> Verdict:
    issues = [": ".join(filter(None, [f.path, f.message + (f" (“{f.quote}”)" if f.quote else "")])) for f in findings]
    return Verdict(
        verdict="needs_revision",
        reasoning=f"{plural(len(findings), 'check')} failed: {one_line('; '.join(issues), 400)}",
        specific_issues=issues,
        by="checks",
    )


def _proof(ctx: Context, intent: Intent, change: Change) -> Verdict:
    """A built-in edit is approved when every changed place follows its rule and nothing else differs."""
    edit = mechanical_edit(intent.feedback, ctx.book)
    before = {file.path: file.before for file in change.files}
    after = {file.path: file.after for file in change.files}
    problems = builtin.verify(edit, before, after) if edit else ("the request is not one for the built-in editor",)
    if problems:
        return Verdict(
            verdict="needs_revision", reasoning=one_line(problems[0], 400), specific_issues=list(problems), by="proof"
        )
    return Verdict(
        verdict="approved",
        reasoning=f"Proven by comparison: exactly this edit, and nothing else differs ({plural(len(change.files), 'file')}).",
        by="proof",
    )


def score(verdict: Verdict) -> tuple[int, ...]:
    """Return how good a verdict is, to compare attempts by: higher is better.

    Approved before all; then the checks passed, the questions met of the request, the standing ones met; then fewer
    objections of fact, fewer of style, and fewer failed checks.
    """
    met = [criterion.kind for criterion in verdict.criteria if criterion.met]
    against = [objection.kind for objection in verdict.objections]
    failed = len(verdict.specific_issues) if verdict.by == "checks" else 0
    return (
        int(verdict.approved),
        int(verdict.by != "checks"),
        met.count("request"),
        met.count("standing"),
        -against.count("fact"),
        -against.count("style"),
        -failed,
    )
