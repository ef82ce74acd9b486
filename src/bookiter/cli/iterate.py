"""bookiter iterate: from a sentence to a commit."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bookiter.cli import options
from bookiter.errors import ExitCode

if TYPE_CHECKING:
    from bookiter.cli.session import Session
    from bookiter.stages.iterate import Outcome


def run(
    feedback: options.FeedbackWords = "",
    file: options.FeedbackFile = None,
    target: options.Target = "",
    answer: options.Answers = [],  # noqa: B006 - typer copies it
    scale: Annotated[str | None, typer.Option("--scale", help="patch or regenerate, instead of deciding.")] = None,
    yes: options.Yes = False,
    no_input: options.NoInput = False,
    dry_run: options.DryRun = False,
    plan: Annotated[
        bool, typer.Option("--plan", help="Estimate calls, tokens and cost; ask no model, write nothing.")
    ] = False,
    model: options.Models = [],  # noqa: B006
    provider: options.Provider = None,
    replay: options.Replay = None,
    no_cache: options.NoCache = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """Carry out one request: analyse it, make the change, check and judge it, show it, commit it."""
    from bookiter.cli import inputs
    from bookiter.cli.console import Console
    from bookiter.cli.flags import scale_flag
    from bookiter.cli.person import AtTerminal, may_ask
    from bookiter.cli.progress import Progress
    from bookiter.cli.session import open_session, repository
    from bookiter.stages.iterate import iterate
    from bookiter.stages.locate import Feedback
    from bookiter.stages.mechanical import mechanical_edit

    forced = scale_flag(scale)
    console = Console(json_wanted=json, quiet=quiet)
    session = open_session(console, manuscript, models=model, provider=provider, replay=replay, no_cache=no_cache)
    words = inputs.read_feedback(feedback, file)
    inputs.require_text("an answer or target", target, *answer)
    answers = list(answer)
    if session.recorded is not None and not words:
        then = session.recorded.intent
        words, target, answers = then.feedback, target or then.target_words, answers or list(then.answers)
        forced = forced or session.recorded.forced
    said = Feedback(words, tuple(answers), target)
    if not plan and session.config.provider != "builtin" and mechanical_edit(words, session.book) is None:
        session.models.warm_up()
    with (
        repository(session.root) as repo,
        session.runs.locked(dry=dry_run or plan),
        Progress(console, verbose=verbose) as progress,
    ):
        if not (dry_run or plan):
            session.recover(repo)
        run = session.runs.new(dry=dry_run or plan)
        ctx = session.context(repo, run, progress, dry=dry_run or plan)
        if plan:
            return _plan(session, ctx, said)
        asking = may_ask(no_input, json)
        ask_approval = not yes and session.config.approval == "ask"
        person = AtTerminal(console, progress, asking, ask_approval)
        outcome = iterate(ctx, said, person, forced)
        progress.rest()
        shown = _as_json(session, run.id, outcome)
        run.write_json("usage.json", {"usage": shown["usage"], "seconds": shown["seconds"]})
        run.write_json("decision.json", {key: shown[key] for key in ("status", "commit", "subject", "attempts")})
        return _show(session, run.folder, outcome, shown, redlined=person.shown)


_PLACES = 8
_CODES = {
    "committed": ExitCode.DONE,
    "dry_run": ExitCode.DONE,
    "clarify": ExitCode.CLARIFY,
    "refused": ExitCode.REFUSED,
    "no_change": ExitCode.NOT_APPROVED,
    "not_approved": ExitCode.NOT_APPROVED,
    "cancelled": ExitCode.NOT_APPROVED,
}


def _as_json(session: "Session", run: str, outcome: "Outcome") -> dict[str, Any]:
    summary = outcome.summary
    facts = summary.facts.as_json() if summary else {}
    return {
        "status": outcome.status,
        "run": run,
        "candidate": None,
        "intent": outcome.intent.model_dump(mode="json"),
        "scale": outcome.road or outcome.intent.scale,
        "attempts": outcome.attempts,
        "verdict": summary.verdict.model_dump(mode="json") if summary else None,
        "files": list(summary.change.paths) if summary else [],
        "words": {name: facts[name] for name in ("words_before", "words_after", "changed_words", "share")}
        if facts
        else None,
        "lines": {name: facts[name] for name in ("added_lines", "removed_lines")} if facts else None,
        "commit": outcome.commit,
        "subject": outcome.subject,
        "usage": session.usage(),
        "seconds": session.seconds(),
    }


def _show(session: "Session", folder: Path | None, outcome: "Outcome", shown: dict[str, Any], *, redlined: bool) -> int:
    from bookiter.cli.console import printable
    from bookiter.cli.redline import redline

    console = session.console
    code = _CODES[outcome.status]
    if console.json_wanted:
        console.json(shown)
        return code
    if outcome.summary and outcome.status in ("committed", "dry_run"):
        # What the person has just looked at and approved need not be shown again.
        lines = [] if redlined else list(redline(outcome.summary.diff, console.result_colour, _PLACES))
        console.result(printable("\n".join([*lines, "", _last_line(outcome)][0 if lines else 1 :])) + "\n")
        return code
    _explain(session, folder, outcome)
    return code


def _last_line(outcome: "Outcome") -> str:
    if outcome.commit is None:
        return "dry run: nothing was written. Without --dry-run this change would be committed."
    short = outcome.commit[:9]
    return f"{short} {outcome.subject}\nTo look at it: git show {short}   To take it back: git revert {short}"


def _explain(session: "Session", folder: Path | None, outcome: "Outcome") -> None:
    """Say in an error's form what did not happen and what to do next."""
    from bookiter.errors import BookiterError, NeedsClarification, NotApproved, Refused

    kept = f"All attempts are in {folder.relative_to(session.root).as_posix()}." if folder else ""
    reason = outcome.summary.verdict.reasoning if outcome.summary else ""
    errors: dict[str, BookiterError] = {
        "clarify": NeedsClarification(
            "the request is not clear enough to change the book; nothing was changed.",
            hint="Say it more exactly, or answer with --answer TEXT.",
            details={"questions": outcome.intent.questions},
        ),
        "refused": Refused(
            "the patch does not fit the text; nothing was changed.",
            hint=f"Without --scale patch the part is regenerated instead. {kept}",
        ),
        "no_change": NotApproved(
            "nothing changed: the request is already fulfilled, or the answer left the text as it was.", hint=kept
        ),
        "not_approved": NotApproved(
            f"the change was not approved after {outcome.attempts} attempts; nothing was committed. {reason}",
            hint=(
                "Say the request more exactly, or ask the model anew with --no-cache. "
                if outcome.author != "builtin"
                else ""
            )
            + kept,
        ),
        "cancelled": NotApproved("you turned the change down; nothing was committed.", hint=kept),
    }
    session.console.error(errors[outcome.status])


def _plan(session: "Session", ctx: Any, said: Any) -> int:
    from bookiter.stages.plan import plan_iteration

    estimate = plan_iteration(ctx, said)
    if session.console.json_wanted:
        session.console.json({"status": "ok", **estimate.as_json()})
    else:
        session.console.result(estimate.text())
    return ExitCode.DONE
