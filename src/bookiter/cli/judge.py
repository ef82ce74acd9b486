"""bookiter judge: a verdict on the working tree or on a diff."""

from typing import Annotated

import typer

from bookiter.cli import options
from bookiter.errors import ExitCode


def run(
    intent_file: options.IntentFile = "",
    diff_file: Annotated[
        str, typer.Option("--diff", help="Judge this diff against HEAD instead of the working tree.")
    ] = "",
    output: options.Output = None,
    model: options.Models = [],  # noqa: B006 - typer copies it
    replay: options.Replay = None,
    no_cache: options.NoCache = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """Check and judge a change against the request; exit code 5 when it needs revision."""
    from bookiter.cli import inputs
    from bookiter.cli.console import Console
    from bookiter.cli.stage import stage
    from bookiter.stages.apply import committed_change, working_change
    from bookiter.stages.events import Judged
    from bookiter.stages.gate import require_clear
    from bookiter.stages.judge import judge

    console = Console(json_wanted=json, quiet=quiet)
    with stage(console, manuscript, intent_file, models=model, replay=replay, no_cache=no_cache) as at:
        ctx = at.ctx
        intent = require_clear(at.intent)
        if diff_file:
            change = committed_change(ctx.book, ctx.repo, inputs.read_text(diff_file)[0])
        else:
            change = working_change(ctx.book, ctx.repo, intent.targets)
        verdict = judge(ctx, intent, change, change.diff())
        ctx.run.write("verdict.json", verdict.json_text())
        ctx.report(Judged(verdict))
    inputs.write_result(console, verdict.json_text(), output)
    return ExitCode.DONE if verdict.approved else ExitCode.NOT_APPROVED
