"""bookiter candidates: the changes that are kept and not on the branch."""

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bookiter.cli import options
from bookiter.errors import ExitCode

if TYPE_CHECKING:
    from bookiter.store.candidates import Candidate


def run(
    every: Annotated[bool, typer.Option("--all", help="Also those that were accepted or rejected.")] = False,
    lock: Annotated[str, typer.Option("--lock", metavar="ID", help="Never collect this candidate.")] = "",
    unlock: Annotated[str, typer.Option("--unlock", metavar="ID", help="Let it be collected again.")] = "",
    json: options.Json = False,
    quiet: options.Quiet = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """List the candidates, newest first, each with the one it was made from."""
    from bookiter.cli.console import Console, printable
    from bookiter.cli.session import open_session, repository
    from bookiter.store import candidates

    console = Console(json_wanted=json, quiet=quiet)
    session = open_session(console, manuscript)
    with repository(session.root) as repo:
        repo.require_commits()
        for name, wanted in ((lock, True), (unlock, False)):
            if name:
                with session.writing(repo):
                    candidates.lock(repo, candidates.find(repo, name), locked=wanted)
        known = [each for each in candidates.listed(repo) if every or each.state == "open"]
    if json:
        console.json({"status": "ok", "candidates": [_as_json(each) for each in known]})
    elif known:
        console.result(printable("\n".join(_lines(known))) + "\n")
    else:
        console.say("There are no candidates. `bookiter iterate --preview` makes one.")
    return ExitCode.DONE


def _as_json(candidate: "Candidate") -> dict[str, Any]:
    return {
        "id": candidate.id,
        "state": candidate.state,
        "locked": candidate.locked,
        "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(candidate.created)),
        "level": candidate.level,
        "feedback": candidate.feedback,
        "verdict": candidate.verdict,
        "attempts": candidate.attempts,
        "subject": candidate.subject,
        "commit": candidate.commit,
        "base": candidate.base,
        "parent": candidate.parent or None,
        "damage": candidate.damage or None,
    }


def _lines(known: "list[Candidate]") -> list[str]:
    """A table for a person; one that was made from another stands below it."""
    shown = {candidate.id for candidate in known}
    children: dict[str, list[Candidate]] = {}
    for candidate in known:
        children.setdefault(candidate.parent if candidate.parent in shown else "", []).append(candidate)
    return list(_branch(children, "", ""))


def _branch(children: "dict[str, list[Candidate]]", parent: str, indent: str) -> "Any":
    for candidate in children.pop(parent, []):
        mark = "locked" if candidate.locked else ""
        state = candidate.damage or (candidate.verdict if candidate.state == "open" else candidate.state)
        said = ", ".join(filter(None, [state.replace("_", " "), mark, _age(candidate.created)]))
        yield f"{indent}{candidate.short}  {candidate.subject}  ({said})"
        yield from _branch(children, candidate.id, indent + "  └ " if not indent else "    " + indent)


def _age(created: int) -> str:
    minutes = max(0, int(time.time()) - created) // 60
    if minutes < 60:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 60 * 48 else f"{minutes // 1440} days ago"
