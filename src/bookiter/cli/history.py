"""bookiter history: what was asked, judged and changed, and the commit it became."""

import shutil
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bookiter.cli import options
from bookiter.errors import ExitCode

if TYPE_CHECKING:
    from bookiter.manuscript.book import Book
    from bookiter.stages.chronicle import Iteration

_FIELDS = (
    "timestamp", "feedback", "judge_attempts", "judge_verdict", "judge_reasoning", "semantic_summary", "commit_sha",
    "files_changed", "lines_changed",
)  # fmt: skip
_INDENT = " " * 11
_TARGET_COLUMNS = 36


def run(
    level: Annotated[str, typer.Argument(help="Only this level's; otherwise those of all levels.")] = "",
    number: Annotated[
        int | None, typer.Option("--number", "-n", metavar="N", min=1, help="Only the last N iterations.")
    ] = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """List the accepted iterations, newest first, with their commits as they are now."""
    from bookiter.cli.console import Console, printable
    from bookiter.cli.session import open_session, repository
    from bookiter.errors import InvalidInput
    from bookiter.stages.chronicle import iterations

    console = Console(json_wanted=json, quiet=quiet)
    session = open_session(console, manuscript)
    wanted = level.strip().lower()
    if wanted and wanted not in session.config.levels:
        raise InvalidInput(f"{level!r} is no level.", hint=f"Known levels: {', '.join(session.config.levels)}.")
    with repository(session.root) as repo:
        found = iterations(session.book, repo, wanted or None, latest=number)[:number]
    if json:
        console.json({"status": "ok", "iterations": [_as_json(each) for each in found]})
    elif found:
        console.result(printable("\n".join(_lines(found, session.book, console.result_colour))) + "\n")
    else:
        console.say("There are no iterations yet. `bookiter iterate` makes one.")
    return ExitCode.DONE


def _as_json(iteration: "Iteration") -> dict[str, Any]:
    known = dict.fromkeys(_FIELDS) | dict(iteration.entry)
    if iteration.id:
        known["commit_sha"] = iteration.commit
    return {**known, "levels": list(iteration.levels), "undone": iteration.undone}


def _lines(found: "list[Iteration]", book: "Book", colour: bool) -> list[str]:
    from bookiter.cli.console import paint
    from bookiter.cli.wrap import fitted
    from bookiter.manuscript.targets import describe

    units = {unit.path: unit for unit in book.units}
    names: dict[tuple[str, ...], str] = {}
    room = max(40, shutil.get_terminal_size().columns) - len(_INDENT)
    lines = []
    for each in found:
        if each.targets not in names:
            here = tuple(units[path] for path in each.targets if path in units)
            gone = [path for path in each.targets if path not in units]
            names[each.targets] = ", ".join([*([describe(here, book)] if here else []), *gone])
        where = fitted(names[each.targets] or ", ".join(each.levels), _TARGET_COLUMNS)
        commit = f"{each.commit[:9] if each.commit else 'no commit':<9}"
        when = each.timestamp[:16].replace("T", " ") or "no date"
        head = paint(commit, "dim" if each.undone else "yellow") if colour else commit
        lines.append(f"{head}  {when:<16}  {', '.join(_said(each))}")
        lines.append(_INDENT + fitted(f"{where}: {each.feedback}", room))
    return lines


def _said(iteration: "Iteration") -> "list[str]":
    """Return the facts of one iteration, those that its entry has, as it has them."""
    entry = iteration.entry
    attempts, lines = entry.get("judge_attempts"), entry.get("lines_changed")
    verdict = "overruled" if entry.get("overruled") else str(entry.get("judge_verdict") or "unjudged").replace("_", " ")
    facts = [] if iteration.is_undo else [verdict]
    if isinstance(attempts, int) and attempts > 1:
        facts.append(f"{attempts} attempts")
    if isinstance(lines, int):
        facts.append(f"±{lines} lines")
    return [*facts, *(["taken back"] if iteration.undone else [])]
