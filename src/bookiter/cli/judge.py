"""bookiter judge: a verdict on the working tree, a diff, or a range of commits."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bookiter.cli import options
from bookiter.errors import ExitCode

if TYPE_CHECKING:
    from bookiter.cli.session import Session
    from bookiter.stages.change import Change
    from bookiter.stages.context import Context
    from bookiter.stages.documents import Intent
    from bookiter.store.repo import Repository
    from bookiter.store.runs import Run


def run(
    what: Annotated[
        str,
        typer.Argument(
            metavar="INTENT|A..B",
            help="The intent's file, or -; or a range of commits to judge. Otherwise the current run's intent.",
        ),
    ] = "",
    diff_file: Annotated[
        str, typer.Option("--diff", help="Judge this diff against HEAD instead of the working tree.")
    ] = "",
    feedback: Annotated[
        str, typer.Option("--feedback", metavar="TEXT", help="What the change should do, instead of an intent.")
    ] = "",
    file: Annotated[Path | None, typer.Option("--file", "-F", help="Read what it should do from this file.")] = None,
    intent_file: Annotated[str, typer.Option("--intent", help="The intent's file, beside a range.")] = "",
    votes: Annotated[
        int | None, typer.Option("--votes", min=1, max=9, help="How many opinions; more than half must approve.")
    ] = None,
    output: options.Output = None,
    model: options.Models = [],  # noqa: B006 - typer copies it
    replay: options.Replay = None,
    no_cache: options.NoCache = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """Check and judge a change against the request; exit code 5 when it needs revision.

    The change is the working tree against HEAD, a diff against HEAD, or what a range of commits changed.
    """
    from bookiter.cli import inputs
    from bookiter.cli.console import Console
    from bookiter.cli.progress import Progress
    from bookiter.cli.session import open_session, repository
    from bookiter.cli.stage import read_intent, require_belongs
    from bookiter.errors import InvalidInput
    from bookiter.stages.events import Judged
    from bookiter.stages.gate import require_clear
    from bookiter.stages.judge import judge
    from bookiter.stages.ranged import is_range

    inputs.require_text("the range or file", what)
    span = what if is_range(what) and not Path(what).is_file() else ""
    named = intent_file or ("" if span else what)
    if intent_file and what and not span:
        raise InvalidInput("the intent is named twice.", hint="Name it once; a range of commits has two dots in it.")
    if span and diff_file:
        raise InvalidInput("there are two changes to judge: a range and a diff.", hint="Leave one of them out.")
    worded = bool(feedback) or file is not None
    if worded and named:
        raise InvalidInput("there are both feedback and an intent.", hint="Leave one of them out.")
    words = inputs.read_feedback(feedback, file) if worded else ""
    console = Console(json_wanted=json, quiet=quiet)
    flags = {} if votes is None else {"judge.votes": votes}
    session = open_session(console, manuscript, flags=flags, models=model, replay=replay, no_cache=no_cache)
    intent = None if worded else require_clear(read_intent(session.runs, named))
    with repository(session.root) as repo, Progress(console) as progress:
        repo.require_commits()
        at = _run(session, intent, aside=bool(span))
        ctx = session.context(repo, at, progress, dry=at.folder is None)
        if intent is not None:
            require_belongs(ctx, intent)
        ctx, intent, change = _judged(ctx, repo, intent, span, diff_file, words)
        verdict = judge(ctx, intent, change, change.diff())
        ctx.run.write("verdict.json", verdict.json_text())
        ctx.report(Judged(verdict))
    inputs.write_result(console, verdict.json_text(), output)
    return ExitCode.DONE if verdict.approved else ExitCode.NOT_APPROVED


def _run(session: "Session", intent: "Intent | None", *, aside: bool) -> "Run":
    """Return the run to keep the verdict in; one that leaves no trace where nothing can be written.

    A range is judged ``aside``: the stage commands go on with the run they were working on.
    """
    from bookiter.cli.stage import run_of

    try:
        if intent is not None and not aside:
            return run_of(session.runs, intent)
        before = session.runs.current() if aside else None
        made = session.runs.new()
        if before is not None:
            session.runs.select(before)
    except OSError as error:
        session.console.say(f"No run is kept, because .bookiter cannot be written: {error.strerror}.")
        return session.runs.new(dry=True)
    return made


def _judged(
    ctx: "Context", repo: "Repository", intent: "Intent | None", span: str, diff_file: str, words: str
) -> "tuple[Context, Intent, Change]":
    """Return what is judged, and by which intent; what a range changes beside the manuscript's parts is told."""
    from bookiter.cli.inputs import read_text
    from bookiter.stages.apply import committed_change, working_change
    from bookiter.stages.events import Note
    from bookiter.stages.ranged import at_tip, change_in, intent_about, working_parts

    tip = repo.require_commits()
    if span:
        found = change_in(ctx.book, repo, span)
        ctx, change, tip = at_tip(ctx, found), found.change, found.tip
        if found.beside:
            more = f" and {len(found.beside) - 5} more" if len(found.beside) > 5 else ""
            ctx.report(Note(f"Not judged, for they are no texts of the book: {', '.join(found.beside[:5])}{more}."))
    elif diff_file:
        change = committed_change(ctx.book, repo, read_text(diff_file)[0])
    elif intent is not None:
        change = working_change(ctx.book, repo, intent.targets)
    else:
        change = working_parts(ctx.book, repo)
    if intent is None:
        intent = intent_about(ctx, words, change, tip)
        ctx.run.write("feedback.txt", intent.feedback)
        ctx.run.write("intent.json", intent.json_text())
    return ctx, intent, change
