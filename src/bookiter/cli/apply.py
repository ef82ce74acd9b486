"""bookiter apply: any unified diff, exactly or not at all."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bookiter.cli import options
from bookiter.errors import ExitCode
from bookiter.text import plural

if TYPE_CHECKING:
    from bookiter.patch import Applied
    from bookiter.stages.apply import Application


def run(
    diff_file: Annotated[
        str, typer.Argument(metavar="DIFF", help="The diff's file, or -; otherwise the current run's.")
    ] = "",
    check: Annotated[bool, typer.Option("--check", help="Only tell whether it would apply.")] = False,
    reverse: Annotated[bool, typer.Option("--reverse", "-R", help="Take the change back.")] = False,
    dry_run: options.DryRun = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """Apply a unified diff, a model's untidy one too: all of it exactly where it belongs, or nothing."""
    from bookiter.cli.console import Console
    from bookiter.errors import Refused
    from bookiter.patch import PatchRefused

    console = Console(json_wanted=json, quiet=quiet)
    try:
        applied = _apply(console, manuscript, diff_file, reverse=reverse, check=check or dry_run)
    except PatchRefused as refused:
        if refused.status == "already_applied":
            from bookiter.stages.apply import Application
            from bookiter.stages.change import Change

            _show(console, Application(Change(()), {}), check=check or dry_run)
            return ExitCode.DONE
        if refused.status != "nothing_found":
            raise
        # The engine speaks to a model there; here a person, or a script, named the wrong file.
        hint = "Name the file of a unified diff, or pipe one in with -."
        raise Refused("there is no diff in the input.", hint=hint, details=refused.details) from None
    _show(console, applied, check=check or dry_run)
    return ExitCode.DONE


def _apply(console: Any, folder: Path, diff_file: str, *, reverse: bool, check: bool) -> "Application":
    from bookiter.cli.inputs import read_text
    from bookiter.cli.session import open_session
    from bookiter.manuscript.book import find_root
    from bookiter.stages.apply import place_on_folder, write_change

    root = find_root(folder)
    if root is not None:
        return _apply_to_book(open_session(console, folder), diff_file, reverse=reverse, check=check)
    place = folder.resolve()
    applied = place_on_folder(place, read_text(diff_file or "-")[0], reverse=reverse)
    if not check:
        write_change(place, applied.change, None)
    return applied


def _apply_to_book(session: Any, diff_file: str, *, reverse: bool, check: bool) -> "Application":
    from bookiter.cli.inputs import read_text
    from bookiter.errors import InvalidInput
    from bookiter.stages.apply import place_on_book, require_ours, write_change

    given = read_text(diff_file)[0] if diff_file else None
    run = session.runs.current()
    if given is None:
        place = run.last("attempt-*.diff") if run else None
        if place is None:
            raise InvalidInput(
                "no diff is named, and the current run has none.",
                hint="`bookiter diff` makes one; - reads standard input.",
            )
        given = read_text(str(place))[0]
    if check:
        return place_on_book(session.book, given, reverse=reverse)
    with _repository_if_any(session.root) as repo, session.writing(repo):
        applied = place_on_book(session.book, given, reverse=reverse)
        if repo is not None:
            require_ours(repo, session.runs, applied.change)
        write_change(session.root, applied.change, session.runs)
    return applied


@contextlib.contextmanager
def _repository_if_any(root: Path) -> Iterator[Any]:
    """Open the manuscript's repository; a manuscript without one can be patched too."""
    from bookiter.cli.session import repository

    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        yield None
        return
    with repository(root) as repo:
        yield repo


def _show(console: Any, applied: "Application", *, check: bool) -> None:
    if console.json_wanted:
        status = "nothing_to_change" if not applied.change else "would_apply" if check else "applied"
        files = [_file_as_json(path, placed) for path, placed in applied.placed.items()]
        console.json({"status": status, "files": files, "diff": applied.change.diff()})
        return
    if not applied.change:
        console.say("nothing to change: the files already read as the diff would make them.")
    for path, placed in applied.placed.items():
        if placed.changed:
            console.say(f"{'would change' if check else 'changed'} {path} ({plural(len(placed.hunks), 'hunk')})")


def _file_as_json(path: str, placed: "Applied") -> dict[str, Any]:
    hunks = [{"tier": hunk.tier, "line": hunk.line, "repairs": list(hunk.repairs)} for hunk in placed.hunks]
    return {"path": path, "changed": placed.changed, "repairs": list(placed.repairs), "hunks": hunks}
