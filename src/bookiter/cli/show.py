"""bookiter show: look at a candidate before deciding."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bookiter.cli import options
from bookiter.errors import ExitCode

if TYPE_CHECKING:
    from bookiter.stages.candidate import Offer
    from bookiter.stages.context import Context


def run(
    candidate: options.CandidateName,
    part: Annotated[str, typer.Argument(help='One text of it, such as "chapter 3", word by word; or all.')] = "",
    diff: Annotated[bool, typer.Option("--diff", help="The change as a unified diff.")] = False,
    attempts: Annotated[bool, typer.Option("--attempts", help="Every attempt with its verdict.")] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """Show what a candidate changes and why: the summary, a text word by word, the diff, or the attempts."""
    from bookiter.cli.console import Console, printable
    from bookiter.cli.decide import deciding
    from bookiter.cli.inputs import require_text
    from bookiter.cli.pages import file_pages, width
    from bookiter.stages.candidate import open_offer
    from bookiter.store.candidates import find

    console = Console(json_wanted=json, quiet=quiet)
    require_text("an argument", candidate, part)
    with deciding(console, manuscript) as (session, ctx):
        offer = open_offer(ctx, find(ctx.repo, candidate))
        tried = _attempts(ctx, offer)
        if json:
            console.json(_as_json(offer, tried))
        elif diff:
            console.result(offer.change.diff())
        elif part:
            pages = file_pages(offer.change, part, session.book, console.result_colour, width(sys.stdout))
            console.result(printable("\n".join(pages).strip("\n")) + "\n")
        else:
            lines = [
                *_head(offer),
                "",
                *([] if attempts else _page(offer, console.result_colour)),
                *(_told(tried) if attempts else ()),
            ]
            console.result(printable("\n".join(lines)) + "\n")
    return ExitCode.DONE


def _head(offer: "Offer") -> list[str]:
    candidate, record = offer.candidate, offer.record
    lines = [f"candidate {candidate.short} ({candidate.id}): {candidate.subject}"]
    lines.append(f"{candidate.state}{', locked' if candidate.locked else ''}; made from {offer.made_from[:9]}")
    if record.parent:
        lines.append(f"goes on from candidate {record.parent[-6:]}: " + "; ".join(record.turns))
    if offer.culled:
        lines.append("removes " + ", ".join(offer.culled))
    return lines


def _page(offer: "Offer", colour: bool) -> list[str]:
    from bookiter.cli.page import draw
    from bookiter.cli.pages import width
    from bookiter.cli.redline import redline

    names = ", ".join(offer.change.paths[:3])
    return [
        draw(offer.record.page, width(sys.stdout), colour),
        "",
        *redline(offer.change.diff(), colour, 12),
        "",
        f"Word by word: bookiter show {offer.candidate.short} PART ({names})   "
        f"To accept it: bookiter accept {offer.candidate.short}",
    ]


def _attempts(ctx: "Context", offer: "Offer") -> list[dict[str, Any]]:
    """Return the attempts that the run's folder still holds."""
    from bookiter.errors import BookiterError
    from bookiter.stages.documents import Verdict, read_document

    try:
        folder = ctx.runs.open(offer.candidate.id).folder or Path()
    except BookiterError:
        return []
    found = []
    for number in range(1, offer.record.attempts + 1):
        place = folder / f"attempt-{number}.verdict.json"
        try:
            verdict = read_document(Verdict, place.read_text("utf-8"), place.name)
        except (OSError, UnicodeDecodeError, BookiterError):
            continue
        found.append({"attempt": number, "verdict": verdict.model_dump(mode="json")})
    return found


def _told(tried: list[dict[str, Any]]) -> list[str]:
    lines = []
    for each in tried:
        verdict = each["verdict"]
        lines.append(f"attempt {each['attempt']}: {verdict['verdict'].replace('_', ' ')} by {verdict['by']}")
        lines.append(f"  {verdict['reasoning']}")
        lines += [f"  - {issue}" for issue in verdict["specific_issues"]]
    return lines or ["The attempts are not kept any more: the run's folder is gone."]


def _as_json(offer: "Offer", tried: list[dict[str, Any]]) -> dict[str, Any]:
    candidate, record = offer.candidate, offer.record
    return {
        "status": "ok",
        "candidate": candidate.id,
        "state": candidate.state,
        "locked": candidate.locked,
        "commit": candidate.commit,
        "base": record.base,
        "parent": record.parent or None,
        "turns": record.turns,
        "intent": record.intent.model_dump(mode="json"),
        "verdict": record.verdict.model_dump(mode="json"),
        "attempts": tried,
        "summary": record.page,
        "files": list(offer.change.paths),
        "culled": list(offer.culled),
        "diff": offer.change.diff(),
    }
