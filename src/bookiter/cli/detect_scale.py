"""bookiter detect-scale: the intent, with patch or regenerate filled in."""

from typing import Annotated

import typer

from bookiter.cli import options
from bookiter.errors import ExitCode


def run(
    intent_file: options.IntentFile = "",
    scale: Annotated[str | None, typer.Option("--scale", help="patch or regenerate, instead of deciding.")] = None,
    output: options.Output = None,
    model: options.Models = [],  # noqa: B006 - typer copies it
    replay: options.Replay = None,
    no_cache: options.NoCache = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """Decide whether a change is a small patch or a regeneration."""
    from bookiter.cli import inputs
    from bookiter.cli.console import Console
    from bookiter.cli.flags import scale_flag
    from bookiter.cli.stage import stage
    from bookiter.stages.events import ScaleFound
    from bookiter.stages.gate import require_clear
    from bookiter.stages.scale import detect

    forced = scale_flag(scale)
    console = Console(json_wanted=json, quiet=quiet)
    with stage(console, manuscript, intent_file, models=model, replay=replay, no_cache=no_cache) as at:
        intent = detect(at.ctx, require_clear(at.intent), forced)
        at.ctx.run.write("intent.json", intent.json_text())
        at.ctx.report(ScaleFound(intent))
    inputs.write_result(console, intent.json_text(), output)
    return ExitCode.DONE
