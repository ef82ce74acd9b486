"""bookiter target: ask for, or set, the level that is meant when a request names none."""

from typing import Annotated

import typer

from bookiter.cli import options
from bookiter.errors import ExitCode


def run(
    level: Annotated[
        str, typer.Argument(help="The level to work on from now on; without it the current one is shown.")
    ] = "",
    json: options.Json = False,
    quiet: options.Quiet = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """Show or set the current iteration target."""
    from bookiter.cli.console import Console
    from bookiter.cli.session import open_session, repository
    from bookiter.errors import InvalidInput, NotReady
    from bookiter.manuscript.targets import what_exists
    from bookiter.stages.context import current_target
    from bookiter.store.history import read_history

    console = Console(json_wanted=json, quiet=quiet)
    session = open_session(console, manuscript)
    book, runs = session.book, session.runs
    if level:
        wanted = level.strip().lower()
        if wanted not in book.config.levels:
            raise InvalidInput(f"{level!r} is no target.", hint=f"Valid targets: {', '.join(book.config.levels)}.")
        if not book.level(wanted):
            raise NotReady(f"there is no {wanted} yet.", hint=what_exists(book))
        runs.set_target(wanted)
        current: str | None = wanted
    else:
        with repository(session.root) as repo:
            current = current_target(book, repo, runs)
    path = book.history_path(current) if current else ""
    entries = [e for e in read_history(book.root / path, path) if e.get("level", current) == current] if current else []
    if json:
        console.json({"status": "ok", "target": current, "iterations": len(entries)})
    elif current is None:
        console.result("No iteration target set.\n")
        console.say(f"{what_exists(book)} Set one with `bookiter target LEVEL`, or name the part in the request.")
    elif level:
        console.result(f"Iteration target: {current}\n")
    else:
        console.result(f"Current iteration target: {current}\nIteration history: {len(entries)} iterations\n")
    return ExitCode.DONE
