"""bookiter commit: one commit of the applied change."""

import contextlib

from bookiter.cli import options
from bookiter.errors import ExitCode


def run(
    intent_file: options.IntentFile = "",
    dry_run: options.DryRun = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    manuscript: options.Folder = options.HERE,
) -> int:
    """Commit just the target's files, with the history entry and trailers; what else is staged stays staged."""
    from bookiter.cli.console import Console
    from bookiter.cli.stage import stage
    from bookiter.errors import NotApproved
    from bookiter.stages.apply import working_change
    from bookiter.stages.commit import (
        Origin,
        commit_change,
        require_clean_histories,
        require_lawful,
        require_uncommitted,
        subject_of,
        verdict_on,
    )
    from bookiter.stages.events import Committed, Note
    from bookiter.stages.gate import require_clear
    from bookiter.stages.iterate import remember_target, tell_downstream
    from bookiter.stages.measure import measure
    from bookiter.stages.semantic import facts_alone
    from bookiter.stages.summarise import summarise

    console = Console(json_wanted=json, quiet=quiet)
    with stage(console, manuscript, intent_file, dry=dry_run) as at, at.ctx.writing():
        ctx = at.ctx
        intent = require_clear(at.intent)
        ctx.repo.require_committable()
        require_clean_histories(ctx, intent)
        require_uncommitted(ctx, intent)
        change = working_change(ctx.book, ctx.repo, intent.targets)
        if not change:
            raise NotApproved(
                "there is nothing to commit: the target is as it was in the last commit.",
                hint="`bookiter apply` first.",
            )
        require_lawful(ctx.book, intent, change)
        left = sorted({item.path for item in ctx.repo.dirty(ctx.runs.applied())} - set(change.paths))
        if left:
            ctx.report(Note(f"Applied too, but outside this intent's target and not committed: {', '.join(left[:5])}."))
        verdict = verdict_on(ctx.run, change)
        measured = measure(change)
        page = facts_alone(intent, change, measured, verdict, 1, ctx.book)
        summary = summarise(intent, verdict, 1, change, measured).with_semantic(page)
        proposal = ctx.run.read_json("proposal.json") or {}
        road, author = str(proposal.get("road", intent.scale)), str(proposal.get("author", intent.editor))
        if dry_run:
            commit, subject = "", subject_of(ctx, intent, road)
        else:
            origin = Origin(ctx.run.id, road, author)
            commit, subject = commit_change(ctx, intent, summary, origin, None)
            with contextlib.suppress(OSError):
                ctx.run.write("summary.md", summary.markdown())
            ctx.report(Committed(commit, subject))
            remember_target(ctx, intent)
            tell_downstream(ctx, intent)
    if json:
        status = "dry_run" if dry_run else "committed"
        console.json(
            {
                "status": status,
                "commit": commit or None,
                "subject": subject,
                "files": list(change.paths),
                "run": ctx.run.id,
            }
        )
    else:
        console.result(f"{commit[:9]} {subject}\n" if commit else f"would commit: {subject}\n")
    return ExitCode.DONE
