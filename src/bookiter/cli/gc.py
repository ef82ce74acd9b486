"""bookiter gc: collect old candidates."""

from bookiter.cli import options
from bookiter.errors import ExitCode
from bookiter.text import plural


def run(
    dry_run: options.DryRun = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """Remove the candidates that are old, rejected or too many; never what is locked, in use, or on the branch."""
    from bookiter.cli.console import Console, printable
    from bookiter.cli.decide import deciding
    from bookiter.stages.collect import collect

    console = Console(json_wanted=json, quiet=quiet)
    with deciding(console, manuscript, dry=dry_run) as (_, ctx), ctx.writing():
        found = collect(ctx, dry=dry_run)
    if json:
        gone = [{"id": each.candidate.id, "why": each.why} for each in found]
        console.json({"status": "dry_run" if dry_run else "ok", "collected": gone})
        return ExitCode.DONE
    for each in found:
        verb = "would go" if dry_run else "gone"
        console.result(printable(f"{each.candidate.short}  {verb}: {each.why}  ({each.candidate.subject})") + "\n")
    console.say(f"{plural(len(found), 'candidate')} {'would be ' if dry_run else ''}collected.")
    return ExitCode.DONE
