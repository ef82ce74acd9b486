"""The verdict on a change: code first, then proof for built-in edits or one model's opinion for all others."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bookiter import builtin
from bookiter.llm.interface import Message, Request
from bookiter.llm.structured import ask
from bookiter.stages.background import background_for, history_of
from bookiter.stages.change import Change
from bookiter.stages.check import check
from bookiter.stages.context import Context
from bookiter.stages.documents import Finding, Intent, Verdict
from bookiter.stages.events import Checked, Judging
from bookiter.stages.mechanical import mechanical_edit
from bookiter.stages.prompts import render
from bookiter.text import one_line, plural

_WHOLE_CHARS = 24_000
_DIFF_CHARS = 60_000


class VerdictAnswer(BaseModel):
    """What the judging model says."""

    model_config = ConfigDict(strict=True)

    verdict: Literal["approved", "needs_revision"]
    reasoning: str = Field(min_length=1)
    specific_issues: list[str]
    suggestions: list[str]


def judge(ctx: Context, intent: Intent, change: Change, diff: str, record: str = "checks.json") -> Verdict:
    """Return the verdict on a change; an error of the judge is raised, never taken for an approval.

    What code found is kept in the run under the name ``record``.
    """
    findings = check(ctx.book, intent, change)
    ctx.run.write_json(record, {"findings": [finding.model_dump() for finding in findings]})
    ctx.report(Checked(findings))
    if findings:
        verdict = _failed_checks(findings)
    elif intent.editor == "builtin":
        verdict = _proof(ctx, intent, change)
    else:
        ctx.report(Judging())
        verdict = _opinion(ctx, intent, change, diff)
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


def _opinion(ctx: Context, intent: Intent, change: Change, diff: str) -> Verdict:
    """Ask about the whole change at once, or file by file when it is long: no part of it goes unseen."""
    parts = [(change, diff)]
    if len(diff) > _DIFF_CHARS and len(change.files) > 1:
        parts = [(part, part.diff()) for part in (Change((file,)) for file in change.files)]
    return _all_of([_asked(ctx, intent, *part) for part in parts])


def _asked(ctx: Context, intent: Intent, change: Change, diff: str) -> Verdict:
    answer, replies = ask(ctx.models(), Request("judge", _prompt(ctx, intent, change, diff)), VerdictAnswer)
    issues = [issue for issue in answer.specific_issues if issue.strip()]
    # A judge that approves and complains in one breath has not approved.
    approved = answer.verdict == "approved" and not issues
    return Verdict(
        verdict="approved" if approved else "needs_revision",
        reasoning=answer.reasoning,
        specific_issues=issues,
        suggestions=answer.suggestions,
        by="model",
        model=replies[-1].model,
    )


def _all_of(verdicts: list[Verdict]) -> Verdict:
    turned_down = [verdict for verdict in verdicts if not verdict.approved]
    shown = turned_down or verdicts[:1]
    return shown[0].model_copy(
        update={
            "reasoning": " ".join(verdict.reasoning for verdict in shown),
            "specific_issues": [issue for verdict in shown for issue in verdict.specific_issues],
            "suggestions": [suggestion for verdict in shown for suggestion in verdict.suggestions],
        }
    )


def _prompt(ctx: Context, intent: Intent, change: Change, diff: str) -> tuple[Message, ...]:
    whole = "\n\n".join(file.after for file in change.files)
    target = next((t for t in intent.targets if t.path in change.paths), intent.targets[0])
    return render(
        "judge",
        {},
        {
            "feedback": intent.request,
            "description": intent.description,
            "context": background_for(ctx.book, target),
            "history": history_of(ctx.book, target.level),
            "change": diff,
            "whole": whole if len(whole) <= _WHOLE_CHARS else "",
        },
        root=ctx.book.root,
        key=ctx.boundary_key,
    )
