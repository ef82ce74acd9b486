"""What the stage commands share: find the intent and the run it belongs to."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bookiter.cli.console import Console
from bookiter.cli.inputs import read_text
from bookiter.cli.progress import Progress
from bookiter.cli.session import Session, open_session, repository
from bookiter.errors import InvalidInput, NotReady
from bookiter.stages.context import Context
from bookiter.stages.documents import Intent, read_document
from bookiter.store.runs import Run, Runs


@dataclass(frozen=True)
class Stage:
    """One stage command at work."""

    session: Session
    ctx: Context
    intent: Intent


@contextlib.contextmanager
def stage(
    console: Console,
    manuscript: Path,
    intent_file: str,
    *,
    models: Sequence[str] = (),
    replay: str | None = None,
    no_cache: bool = False,
    dry: bool = False,
) -> Iterator[Stage]:
    """Open the manuscript and read the intent: from a file, standard input, or the current run."""
    session = open_session(console, manuscript, models=models, replay=replay, no_cache=no_cache)
    intent = read_intent(session.runs, intent_file)
    with repository(session.root) as repo, Progress(console) as progress:
        repo.require_commits()
        run = run_of(session.runs, intent, dry=dry)
        ctx = session.context(repo, run, progress, dry=dry)
        require_belongs(ctx, intent)
        yield Stage(session, ctx, intent)


def read_intent(runs: Runs, name: str) -> Intent:
    """Return the intent in a file, on standard input, or of the current run. Raises InvalidInput."""
    if name:
        return read_document(Intent, *read_text(name))
    run = runs.current()
    place = run.path("intent.json") if run else None
    if place is None:
        raise InvalidInput(
            "no intent is named, and there is no current run that has one.",
            hint='Begin with `bookiter analyze-intent "…"`, or name an intent file.',
        )
    return read_document(Intent, *read_text(str(place)))


def run_of(runs: Runs, intent: Intent, *, dry: bool = False) -> Run:
    """Return the run that an intent names; a new one when it names none of this manuscript."""
    if intent.run and not dry:
        with contextlib.suppress(InvalidInput):
            run = runs.open(intent.run)
            runs.select(run)
            return run
    run = runs.new(dry=dry)
    run.write("feedback.txt", intent.feedback)
    run.write("intent.json", intent.json_text())
    return run


def require_belongs(ctx: Context, intent: Intent) -> None:
    """Raise NotReady when an intent was made for another manuscript than this one."""
    if intent.base and not ctx.repo.has_commit(intent.base):
        raise NotReady(
            f"the intent belongs to another manuscript: this one has no commit {intent.base[:12]}.",
            hint="Run `bookiter analyze-intent` here.",
        )
    for target in intent.targets:
        unit = ctx.book.unit_at(target.path)
        if unit is None or unit.level != target.level:
            raise NotReady(
                f"the intent names {target.path}, which is not a part of this manuscript.",
                hint="Run `bookiter analyze-intent` here.",
                details={"path": target.path},
            )
