"""bookiter accept: bring a candidate onto the branch."""

from bookiter.cli import options
from bookiter.errors import ExitCode


def run(
    candidate: options.CandidateName,
    only: options.Only = [],  # noqa: B006 - typer copies it
    accept_rejected: options.Overrule = "",
    json: options.Json = False,
    quiet: options.Quiet = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """Commit a candidate, whole or in part, also when the branch has moved on; conflicts change nothing."""
    from bookiter.cli.console import Console
    from bookiter.cli.decide import deciding
    from bookiter.cli.inputs import require_text
    from bookiter.stages.accept import accept
    from bookiter.stages.candidate import open_offer
    from bookiter.stages.collect import collect_quietly
    from bookiter.stages.iterate import remember_target
    from bookiter.stages.learn import Lesson, learn
    from bookiter.store.candidates import find

    console = Console(json_wanted=json, quiet=quiet)
    require_text("an argument", candidate, accept_rejected, *only)
    with deciding(console, manuscript) as (session, ctx):
        with ctx.writing():
            offer = open_offer(ctx, find(ctx.repo, candidate))
            done = accept(ctx, offer, only=only, why=accept_rejected)
        intent = offer.record.intent
        remember_target(ctx, intent)
        learn(session.runs, Lesson("accepted", intent.request, kind=intent.action))
        collect_quietly(ctx)
    if json:
        console.json(
            {
                "status": "committed",
                "candidate": offer.candidate.id,
                "iteration": done.origin.id,
                "partial": done.origin.partial,
                "commit": done.commit,
                "subject": done.subject,
                "files": [*done.summary.change.paths, *done.removed],
            }
        )
    else:
        console.result(f"{done.commit[:9]} {done.subject}\n")
    return ExitCode.DONE
