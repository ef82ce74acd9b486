"""bookiter iterate: from a sentence to a commit."""

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bookiter.cli import options
from bookiter.errors import ExitCode
from bookiter.text import plural

if TYPE_CHECKING:
    from bookiter.cli.session import Session
    from bookiter.stages.iterate import Outcome


def run(
    feedback: options.FeedbackWords = "",
    file: options.FeedbackFile = None,
    target: options.Target = "",
    answer: options.Answers = [],  # noqa: B006 - typer copies it
    scale: Annotated[str | None, typer.Option("--scale", help="patch or regenerate, instead of deciding.")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Keep the change as a candidate; commit nothing.")] = False,
    variants: Annotated[
        int, typer.Option("--variants", min=1, max=9, help="Draw so many changes at once and rank them.")
    ] = 1,
    from_: Annotated[
        str, typer.Option("--from", metavar="ID", help="Iterate on this candidate instead of the last commit.")
    ] = "",
    downstream: Annotated[
        str | None,
        typer.Option("--downstream", help="keep, cull or ask: what becomes of texts made from the one that changes."),
    ] = None,
    max_attempts: Annotated[
        int | None, typer.Option("--max-attempts", min=1, max=100, help="Stop after so many attempts.")
    ] = None,
    accept_rejected: options.Overrule = "",
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
    from bookiter.cli.pages import at_terminal
    from bookiter.cli.progress import Progress
    from bookiter.cli.session import open_session, repository
    from bookiter.stages.collect import collect_quietly
    from bookiter.stages.iterate import Wishes, iterate
    from bookiter.stages.locate import Feedback
    from bookiter.stages.mechanical import mechanical_edit
    from bookiter.stages.variants import iterate_variants
    from bookiter.store.candidates import find

    forced = scale_flag(scale)
    console = Console(json_wanted=json, quiet=quiet)
    wanted = {"downstream": downstream, "max_attempts": max_attempts}
    flags = {key: value for key, value in wanted.items() if value is not None}
    session = open_session(
        console, manuscript, flags=flags, models=model, provider=provider, replay=replay, no_cache=no_cache
    )
    words = inputs.read_feedback(feedback, file)
    inputs.require_text("an answer, target or reason", target, accept_rejected, *answer)
    answers = list(answer)
    if session.recorded is not None and not words:
        then = session.recorded.intent
        words, target, answers = then.feedback, target or then.target_words, answers or list(then.answers)
        forced = forced or session.recorded.forced
    said = Feedback(words, tuple(answers), target)
    if not plan and session.config.provider != "builtin" and mechanical_edit(words, session.book) is None:
        session.checkers()  # what would stop the judge is told before a model is asked
        session.models.warm_up()
    dry = dry_run or plan
    with repository(session.root) as repo, Progress(console, verbose=verbose) as progress:
        run = session.runs.new(dry=dry)
        ctx = session.context(repo, run, progress, dry=dry)
        if from_:
            ctx = replace(ctx, parent=find(repo, from_))
        if plan:
            return _plan(session, ctx, said)
        person = at_terminal(session, progress, no_input=no_input, ask_approval=not (yes or preview or dry))
        wishes = Wishes(forced, preview=preview, overrule=accept_rejected)
        several = variants > 1
        outcome = (
            iterate_variants(ctx, said, person, wishes, variants) if several else iterate(ctx, said, person, wishes)
        )
        progress.rest()
        shown = _as_json(session, run.id, outcome)
        with contextlib.suppress(OSError):  # what is done is done, whether there is space to write it down or not
            run.write_json("usage.json", {"usage": shown["usage"], "seconds": shown["seconds"]})
            run.write_json("decision.json", {key: shown[key] for key in _DECISION})
        if not dry:
            collect_quietly(ctx)
        return _show(session, run.folder, outcome, shown, redlined=person.shown)


_PLACES = 8
_DECISION = ("status", "commit", "candidate", "subject", "attempts", "scale")
_CODES = {
    "committed": ExitCode.DONE,
    "candidate": ExitCode.DONE,
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
        "candidate": outcome.candidate.id if outcome.candidate else None,
        "intent": outcome.intent.model_dump(mode="json"),
        "scale": outcome.road or outcome.intent.scale,
        "attempts": outcome.attempts,
        "verdict": summary.verdict.model_dump(mode="json") if summary else None,
        "files": list(summary.change.paths) if summary else [],
        "words": {name: facts[name] for name in ("words_before", "words_after", "changed_words", "share")}
        if facts
        else None,
        "lines": {name: facts[name] for name in ("added_lines", "removed_lines")} if facts else None,
        "culled": list(outcome.culled),
        "stopped": outcome.stopped or None,
        "variants": list(outcome.variants),
        "commit": outcome.commit,
        "subject": outcome.subject,
        "usage": session.usage(),
        "seconds": session.seconds(),
    }


def _show(session: "Session", folder: Path | None, outcome: "Outcome", shown: dict[str, Any], *, redlined: bool) -> int:
    from bookiter.cli.console import printable
    from bookiter.cli.redline import redline

    console = session.console
    code = outcome.error.exit_code if outcome.error else _CODES[outcome.status]
    if console.json_wanted:
        console.json(shown)
        return code
    if outcome.error is not None:
        if outcome.candidate is not None:
            outcome.error.hint = (
                f"The best attempt is kept: `bookiter show {outcome.candidate.short}`. {outcome.error.hint}"
            )
        console.error(outcome.error)
        return code
    if outcome.summary and outcome.status in ("committed", "candidate", "dry_run"):
        # What the person has just looked at and approved need not be shown again.
        lines = [] if redlined else list(redline(outcome.summary.diff, console.result_colour, _PLACES))
        console.result(printable("\n".join([*lines, "", _last_line(outcome)][0 if lines else 1 :])) + "\n")
        return code
    _explain(session, folder, outcome)
    return code


def _last_line(outcome: "Outcome") -> str:
    if outcome.status == "candidate" and outcome.candidate:
        name = outcome.candidate.short
        return (
            f"candidate {name}: {outcome.candidate.subject}\n"
            f"To look at it: bookiter show {name}   To accept it: bookiter accept {name}   "
            f'To go on from it: bookiter iterate --from {name} "…"'
        )
    if outcome.commit is None:
        return "dry run: nothing was written. Without --dry-run this change would be committed."
    short = outcome.commit[:9]
    return f"{short} {outcome.subject}\nTo look at it: git show {short}   To take it back: bookiter undo"


def _explain(session: "Session", folder: Path | None, outcome: "Outcome") -> None:
    """Say in an error's form what did not happen and what to do next."""
    from bookiter.errors import BookiterError, NeedsClarification, NotApproved, Refused

    kept = f"All attempts are in {folder.relative_to(session.root).as_posix()}." if folder else ""
    if outcome.candidate is not None and outcome.status == "not_approved":
        kept = f"The best is kept as candidate {outcome.candidate.short}: `bookiter show {outcome.candidate.short}`. {kept}"
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
            f"the change was not approved after {plural(outcome.attempts, 'attempt')}; nothing was committed. {reason}",
            hint=(
                "Say the request more exactly, or ask the model anew with --no-cache. "
                if outcome.author != "builtin"
                else ""
            )
            + kept,
        ),
        "cancelled": NotApproved("you called it off; nothing was committed.", hint=kept),
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
