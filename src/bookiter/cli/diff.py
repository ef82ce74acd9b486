"""bookiter diff: the intent in, a canonical unified diff out."""

from bookiter.cli import options
from bookiter.errors import ExitCode


def run(
    intent_file: options.IntentFile = "",
    output: options.Output = None,
    model: options.Models = [],  # noqa: B006 - typer copies it
    replay: options.Replay = None,
    no_cache: options.NoCache = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """Make the change an intent asks for, as a diff that `git apply` takes; no file is changed."""
    from bookiter.cli import inputs
    from bookiter.cli.console import Console
    from bookiter.cli.stage import stage
    from bookiter.errors import NotApproved
    from bookiter.stages.commit import require_clean
    from bookiter.stages.events import Proposed
    from bookiter.stages.gate import require_clear
    from bookiter.stages.measure import measure
    from bookiter.stages.propose import propose
    from bookiter.stages.scale import detect

    console = Console(json_wanted=json, quiet=quiet)
    with stage(console, manuscript, intent_file, models=model, replay=replay, no_cache=no_cache) as at:
        ctx = at.ctx
        intent = require_clear(at.intent)
        if intent.scale == "unclear":
            intent = detect(ctx, intent)
        require_clean(ctx, intent)
        proposal = propose(ctx, intent)
        measured = measure(proposal.change)
        text, facts = measured.diff, measured.facts
        beyond = proposal.road == "patch" and facts.share > ctx.book.config.patch_share
        ctx.run.write("intent.json", intent.json_text())
        ctx.run.write("attempt-1.diff", text)
        ctx.run.write_json("proposal.json", {"road": proposal.road, "author": proposal.author})
        if not proposal.change:
            raise NotApproved(
                "nothing would change: the request is already fulfilled, or the answer left the text as it was."
            )
        ctx.report(Proposed(facts.added_lines, facts.removed_lines, facts.share, facts.files, beyond))
    if json:
        console.json({"status": "ok", "run": ctx.run.id, "diff": text, "road": proposal.road, **facts.as_json()})
    else:
        inputs.write_result(console, text, output)
    return ExitCode.DONE
