"""bookiter status: what the manuscript holds and where the work stands."""

from typing import Any

from bookiter.cli import options
from bookiter.errors import ExitCode


def run(
    json: options.Json = False,
    quiet: options.Quiet = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """Show levels, current target, uncommitted edits and the last iterations."""
    from bookiter.cli.console import Console, printable
    from bookiter.cli.session import open_session, repository
    from bookiter.stages.survey import survey

    console = Console(json_wanted=json, quiet=quiet)
    session = open_session(console, manuscript)
    with repository(session.root) as repo:
        found = survey(session.book, repo, session.runs)
    if json:
        console.json({"status": "ok", **found})
    else:
        console.result(printable("\n".join(_lines(found))) + "\n")
    return ExitCode.DONE


def _lines(found: dict[str, Any]) -> list[str]:
    lines = [f"{found['project'] or 'manuscript'} on {found['branch'] or 'a detached HEAD'}"]
    lines.append(
        f"Iteration target: {found['target'] or 'none yet; name a part in the request, or set one with `bookiter target LEVEL`'}"
    )
    lines.append("")
    for level in found["levels"]:
        if not level["units"]:
            lines.append(f"  {level['name']:<10} nothing in {level['folder']} yet")
            continue
        count = f"{level['units']} file" + ("s" if level["units"] != 1 else "")
        lines.append(
            f"  {level['name']:<10} {count:>9}  {level['words']:>9,} words  {level['iterations']:>3} iterations"
        )
        lines += [f"    ! {message}" for message in level["unreadable"]]
    if found["dirty"]:
        lines += ["", "Uncommitted edits:"] + [f"  {item['path']} ({item['how']})" for item in found["dirty"][:10]]
        if len(found["dirty"]) > 10:
            lines.append(f"  and {len(found['dirty']) - 10} more")
    if found["iterations"]:
        lines += ["", "Last iterations:"]
        lines += [f"  {(item['commit_sha'] or '?')[:9]}  {item['feedback']}" for item in found["iterations"]]
    return lines
