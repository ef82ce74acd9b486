"""bookiter status: what the manuscript holds and where the work stands."""

from typing import Any

from bookiter.cli import options
from bookiter.errors import ExitCode
from bookiter.text import one_line, plural


def run(
    json: options.Json = False,
    quiet: options.Quiet = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """Show levels, current target, uncommitted edits, what is stale and the last iterations."""
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
    if found["stale"]:
        lines += ["", "Stale, older than what they were made from:"] + [_stale(group) for group in found["stale"]]
    if found["candidates"]:
        count = plural(found["candidates"], "candidate")
        lines += ["", f"{count} not decided yet: `bookiter candidates`"]
    if found["iterations"]:
        of = f" of {found['iterations_total']:,}" if found["iterations_total"] > len(found["iterations"]) else ""
        lines += ["", f"Last iterations{of}:"] + [_iteration(item) for item in found["iterations"]]
    return lines


def _stale(group: dict[str, Any]) -> str:
    upstream = "their beats" if group["upstream"] == "chapters" else f"the {group['upstream']}"
    what = "all" if group["what"] == group["level"] else group["what"]
    last = "last changed" if group["commits"] > 1 else "changed"
    changed = f"{last} by {group['commit_sha'][:9]} “{one_line(group['subject'], 60)}”"
    return f"  {group['level']}: {what} older than {upstream} ({changed})"


def _iteration(item: dict[str, Any]) -> str:
    mark = "  (taken back)" if item["undone"] else ""
    return f"  {(item['commit_sha'] or '?')[:9]}  {item['feedback']}{mark}"
