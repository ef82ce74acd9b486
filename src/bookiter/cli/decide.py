"""What the commands share that decide about candidates: the surroundings of a stage that has no intent."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from bookiter.cli.console import Console
from bookiter.cli.progress import Progress
from bookiter.cli.session import Session, open_session, repository
from bookiter.stages.context import Context


@contextlib.contextmanager
def deciding(console: Console, manuscript: Path, *, dry: bool = False) -> Iterator[tuple[Session, Context]]:
    """Open the manuscript for a command that asks no model; nothing is kept of it as a run."""
    session = open_session(console, manuscript)
    with repository(session.root) as repo, Progress(console) as progress:
        repo.require_commits()
        run = session.runs.new(dry=True)
        yield session, session.context(repo, run, progress, dry=dry)
