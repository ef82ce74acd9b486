"""The options that several commands share, each worded once."""

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[
    Path,
    typer.Option(
        "--manuscript",
        "-C",
        help="Work on the manuscript in this folder (or the nearest one above it).",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing on standard error but errors.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more, such as why a scale was chosen.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write the result to this file instead of standard output.")
]
Answers = Annotated[
    list[str], typer.Option("--answer", metavar="TEXT", help="The answer to a question asked before; may be repeated.")
]
Target = Annotated[
    str, typer.Option("--target", help='What may change, such as "chapter 3"; otherwise the words decide.')
]
Models = Annotated[
    list[str],
    typer.Option("--model", metavar="STAGE=NAME", help="STAGE=NAME, or NAME for every stage; may be repeated."),
]
Provider = Annotated[str | None, typer.Option("--provider", help="auto, builtin, openai or replay.")]
Replay = Annotated[
    str | None, typer.Option("--replay", help="Play back the answers of this run (its id or folder); no network.")
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Ask the model anew even if the answer is known.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Go the whole way but write nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Commit an approved change without asking.")]
NoInput = Annotated[bool, typer.Option("--no-input", help="Never ask, even on a terminal.")]
Only = Annotated[list[str], typer.Option("--only", metavar="PATH", help="Only this file of it; may be repeated.")]
Overrule = Annotated[
    str,
    typer.Option("--accept-rejected", metavar="WHY", help="Accept what was not approved, and say why in the history."),
]
CandidateName = Annotated[str, typer.Argument(metavar="ID", help="A candidate's id, or enough of its end.")]
FeedbackWords = Annotated[
    str, typer.Argument(metavar="FEEDBACK", help="What should change, in plain words; - reads standard input.")
]
FeedbackFile = Annotated[Path | None, typer.Option("--file", "-F", help="Read the feedback from this file.")]
IntentFile = Annotated[
    str, typer.Argument(metavar="INTENT", help="The intent's file, or -; otherwise the current run's.")
]

HERE = Path()
