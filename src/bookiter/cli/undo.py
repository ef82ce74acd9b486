"""bookiter undo: take an accepted iteration back."""

from typing import Annotated

import typer

from bookiter.cli import options
from bookiter.errors import ExitCode


def run(
    iteration: Annotated[
        str, typer.Argument(metavar="ID", help="An iteration's id or commit; otherwise the last one that stands.")
    ] = "",
    only: options.Only = [],  # noqa: B006 - typer copies it
    json: options.Json = False,
    quiet: options.Quiet = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """Take an iteration back by a commit of its own, whole or in part; what was undone can be undone in its turn."""
    from bookiter.cli.console import Console
    from bookiter.cli.decide import deciding
    from bookiter.cli.inputs import require_text
    from bookiter.stages.undo import undo

    console = Console(json_wanted=json, quiet=quiet)
    require_text("an argument", iteration, *only)
    with deciding(console, manuscript) as (_, ctx), ctx.writing():
        done = undo(ctx, iteration, only=only)
    if json:
        console.json(
            {
                "status": "committed",
                "iteration": ctx.run.id,
                "undoes": done.iteration.id,
                "commit": done.commit,
                "subject": done.subject,
                "files": list(done.files.paths),
            }
        )
    else:
        console.result(f"{done.commit[:9]} {done.subject}\n")
    return ExitCode.DONE
