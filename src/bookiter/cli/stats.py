"""bookiter stats: how the iterations went."""

from typing import Any

from bookiter.cli import options
from bookiter.errors import ExitCode


def run(
    json: options.Json = False,
    quiet: options.Quiet = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """Count iterations, attempts, approvals, kinds of feedback, failures, tokens and cost."""
    from bookiter.cli.console import Console, printable
    from bookiter.cli.session import open_session, repository
    from bookiter.stages.stats import statistics

    console = Console(json_wanted=json, quiet=quiet)
    session = open_session(console, manuscript)
    with repository(session.root) as repo:
        found = statistics(session.book, repo, session.runs)
    if json:
        console.json({"status": "ok", **found})
    else:
        console.result(printable("\n".join(_lines(found))) + "\n")
    return ExitCode.DONE


def _lines(found: dict[str, Any]) -> list[str]:
    lines = ["Accepted iterations, from the histories", *_accepted(found["iterations"])]
    if len(found["levels"]) > 1:
        lines += [f"  {level + ':':<22} {_short(each)}" for level, each in found["levels"].items()]
    return [*lines, "", "Runs, from .bookiter/runs", *_runs(found["runs"])]


def _row(name: str, value: str) -> str:
    return f"  {name + ':':<22} {value}"


def _accepted(found: dict[str, Any]) -> list[str]:
    parts = [f"{found['total']:,}", *(f"{found[key]:,} {said}" for key, said in _MARKS if found[key])]
    return [
        _row("iterations", ", ".join(parts)),
        _row("attempts", f"{_figure(found['attempts_per_approval'])} for an approval"),
        _row("at the first attempt", _percent(found["first_attempt_share"])),
        _row("kinds", _counts(found["intent_types"])),
        _row("actions", _counts(found["actions"])),
        _row("lines changed", f"{found['lines_changed']:,}"),
    ]


_MARKS = (("taken_back", "taken back"), ("overruled", "against the judge"))


def _short(found: dict[str, Any]) -> str:
    back = f", {found['taken_back']:,} taken back" if found["taken_back"] else ""
    return f"{found['total']:,} iterations{back}, {_figure(found['attempts_per_approval'])} attempts for an approval"


def _runs(found: dict[str, Any]) -> list[str]:
    if not found["total"]:
        return ["  none"]
    usage = found["usage"]
    unreadable = f", {found['unreadable']:,} unreadable" if found["unreadable"] else ""
    cost = "cost unknown" if usage["cost"] is None else f"${usage['cost']:.4f}"
    tokens = f"{usage['prompt_tokens']:,} tokens in, {usage['completion_tokens']:,} out"
    return [
        _row("runs", f"{found['total']:,}{unreadable}"),
        _row("how they ended", _counts(found["statuses"])),
        _row("roads", _counts(found["roads"])),
        _row("attempts", f"{found['attempts']:,}, {_percent(found['approval_rate'])} of those judged approved"),
        _row("judged by", _counts(found["judged_by"])),
        _row("patches refused", f"{found['refused_patches']:,}, then regenerated: {found['fallbacks']:,}"),
        _row("calls", f"{usage['calls']:,}, {tokens}{' (estimated in part)' if usage['estimated'] else ''}, {cost}"),
        _row("time", f"{found['seconds']:,.0f} seconds"),
    ]


def _counts(counts: dict[str, int]) -> str:
    shown = [f"{name.replace('_', ' ')} {count:,}" for name, count in list(counts.items())[:6]]
    return ", ".join(shown) or "none"


def _percent(share: float | None) -> str:
    return "none yet" if share is None else f"{share:.0%}"


def _figure(value: float | None) -> str:
    return "none yet" if value is None else f"{value:.2f}"
