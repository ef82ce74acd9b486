"""bookiter reject: turn a candidate down."""

from typing import Annotated

import typer

from bookiter.cli import options
from bookiter.errors import ExitCode


def run(
    candidate: options.CandidateName,
    why: Annotated[str, typer.Option("--why", help="The reason; later requests are answered with it in mind.")] = "",
    json: options.Json = False,
    quiet: options.Quiet = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """Put a candidate away; it is collected an hour later, unless it is locked."""
    from bookiter.cli.console import Console
    from bookiter.cli.decide import deciding
    from bookiter.cli.inputs import require_text
    from bookiter.errors import NotApproved
    from bookiter.stages.learn import Lesson, learn
    from bookiter.store.candidates import find, move

    console = Console(json_wanted=json, quiet=quiet)
    require_text("an argument", candidate, why)
    with deciding(console, manuscript) as (session, ctx):
        with ctx.writing():
            found = find(ctx.repo, candidate)
            if found.state == "accepted":
                raise NotApproved(
                    f"candidate {found.short} has been accepted; it is on the branch.",
                    hint=f"`bookiter undo {found.short}` takes it back.",
                )
            if found.state == "open":
                move(ctx.repo, found, "rejected")
        if found.state == "open" and not found.damage:
            learn(session.runs, Lesson("rejected", found.feedback, why=why))
    if json:
        console.json({"status": "rejected", "candidate": found.id})
    else:
        console.say(f"Rejected candidate {found.short}: {found.subject}")
    return ExitCode.DONE
