"""bookiter init: begin a manuscript."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from bookiter.cli import options
from bookiter.errors import ExitCode


def run(
    folder: Annotated[Path, typer.Argument(help="The manuscript's folder.", show_default=False)] = options.HERE,
    sample: Annotated[bool, typer.Option("--sample", help="Lay out the sample story instead of a new book.")] = False,
    git: Annotated[
        bool, typer.Option("--git/--no-git", help="Make a new book a repository with a first commit.")
    ] = True,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> int:
    """Adopt the chapters in a folder (writing only bookiter.yaml), or lay out a new manuscript with all levels."""
    from bookiter.cli.console import Console
    from bookiter.cli.session import without_misleading_variables
    from bookiter.stages.begin import Beginning, begin

    console = Console(json_wanted=json, quiet=quiet)
    without_misleading_variables()
    made: Beginning = begin(folder, sample=sample, use_git=git)
    if json:
        console.json(
            {
                "status": "ok",
                "kind": made.kind,
                "root": str(made.root),
                "written": list(made.written),
                "chapters": made.chapters,
                "commit": made.commit,
            }
        )
        return ExitCode.DONE
    place = "here" if str(folder) == "." else f"in {folder}"
    first = {
        "existing": f"There is a manuscript {place} already; nothing was changed.",
        "adopted": f"Adopted {made.chapters} chapters {place}; wrote bookiter.yaml and nothing else.",
        "new": f"A new manuscript {place}: taxonomy, premise, treatment, chapter-beats, chapters.",
        "sample": f"The sample story {place}: {made.chapters} chapters with premise, taxonomy, treatment and beats.",
    }[made.kind]
    console.result(first + "\n")
    if made.commit:
        console.say(f"First commit: {made.commit[:9]}")
    elif made.why_no_commit:
        console.say(f"No commit was made: {made.why_no_commit}.")
    enter = "" if str(folder) == "." else f"cd {shlex.quote(str(folder))} && "
    console.say(f'Next: {enter}bookiter status, then bookiter iterate "…"')
    return ExitCode.DONE
