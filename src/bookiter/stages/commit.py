"""One commit of just the target's files, with the history entry inside it and trailers that tell where it came from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bookiter.errors import NotApproved, NotReady
from bookiter.manuscript.book import Book
from bookiter.manuscript.targets import describe
from bookiter.stages.change import Change
from bookiter.stages.check import check
from bookiter.stages.combine import Combined
from bookiter.stages.context import Context
from bookiter.stages.documents import Intent, Target, Verdict, read_document
from bookiter.stages.land import Landing, land
from bookiter.stages.prompts import render_line
from bookiter.stages.summarise import Summary
from bookiter.store.history import read_history, with_entries
from bookiter.store.journal import TRAILER
from bookiter.store.runs import Run
from bookiter.text import one_line

_SUBJECT_CHARS = 120
_TRAILER_CHARS = 300


def require_clean(ctx: Context, intent: Intent) -> None:
    """Raise NotReady when the target or its histories have uncommitted edits: they would be mixed up with ours."""
    require_clean_paths(ctx, [*(target.path for target in intent.targets), *_history_paths(ctx, intent)])


def require_clean_histories(ctx: Context, intent: Intent) -> None:
    """Raise NotReady when a history has uncommitted edits, or is gone: neither is ours to commit."""
    require_clean_paths(ctx, _history_paths(ctx, intent))


def require_uncommitted(ctx: Context, intent: Intent) -> None:
    """Raise NotReady when this run has been committed already: what is edited now is the author's own."""
    if ctx.run.id in ctx.repo.trailers(TRAILER, [target.path for target in intent.targets]):
        raise NotReady(
            "this run is committed already; what is edited now was not made by it.",
            hint="Commit your own edits with git, or begin anew with `bookiter analyze-intent`.",
        )


def require_clean_paths(ctx: Context, paths: Sequence[str]) -> None:
    """Raise NotReady when one of the files has uncommitted edits, or is gone."""
    dirty = ctx.repo.dirty(paths)
    if not dirty:
        return
    first = dirty[0]
    others = f" and {len(dirty) - 1} more" if len(dirty) > 1 else ""
    raise NotReady(
        f"{first.path} is {first.how}{others}; bookiter changes only what is committed, so that nothing of yours is lost.",
        hint=f"Commit it (`git add {first.path} && git commit`) or stash it (`git stash`), then try again.",
        details={"dirty": [{"path": item.path, "how": item.how} for item in dirty]},
    )


@dataclass(frozen=True)
class Origin:
    """Where a change came from: the road it was made by, who wrote it, and the candidate it was kept as.

    ``id`` is the iteration's; a candidate accepted in part gets one of its own. ``settles`` are the candidates that count
    as accepted by it. ``overruled`` is why a person accepted
    what the judge did not.
    """

    id: str
    road: str
    author: str
    candidate: str = ""
    partial: bool = False
    settles: tuple[str, ...] = ()
    overruled: str = ""
    turns: tuple[str, ...] = ()


def commit_change(
    ctx: Context, intent: Intent, summary: Summary, origin: Origin, files: Combined | None
) -> tuple[str, str]:
    """Write the change and its history entries and commit them; return the commit's id and subject.

    ``files`` are what becomes of the last commit's files; None tells that the working tree holds the change already.
    Raises NotReady when git or a hook refuses; then the files, the history and the index are as they were before.
    """
    touched = files.paths if files else summary.change.paths
    histories = histories_with(
        ctx, intent.targets, touched, lambda level: _entry(intent, summary, origin, level, touched)
    )
    here = [target for target in intent.targets if target.path in touched]
    subject = subject_of(ctx, intent.model_copy(update={"targets": here}), origin.road)
    message = f"{subject}\n\n{_trailers(intent, summary, origin)}"
    landing = Landing(
        id=origin.id,
        message=message,
        before=files.before if files else {},
        after=files.after if files else {},
        histories=histories,
        applied=() if files else touched,
        candidates=origin.settles,
    )
    return land(ctx, landing), subject


def subject_of(ctx: Context, intent: Intent, road: str) -> str:
    """Return the commit's subject, from the template in the configuration."""
    config = ctx.book.config
    units = tuple(unit for unit in ctx.book.units if any(target.path == unit.path for target in intent.targets))
    action = intent.action.replace("_", " ")
    line = render_line(
        config.commit.subject,
        {
            "verb": "Regenerate" if road == "regenerate" else "Iterate",
            "target": describe(units, ctx.book) if units else intent.target_type,
            "what": intent.subject or action,
            "action": action,
            "project": config.project,
            "scale": intent.scale,
            "feedback": one_line(intent.feedback, _TRAILER_CHARS),
        },
        "commit.subject",
    )
    prefix = f"[{config.project}] " if config.commit.prefix and config.project else ""
    return one_line(prefix + line, _SUBJECT_CHARS) or "Iterate"


def _trailers(intent: Intent, summary: Summary, origin: Origin) -> str:
    return trailers(
        {
            TRAILER: origin.id,
            "Bookiter-Feedback": intent.request,
            "Bookiter-Scale": "regenerate" if origin.road == "regenerate" else "patch",
            "Bookiter-Verdict": "overruled" if origin.overruled else summary.verdict.verdict,
            "Bookiter-Attempts": str(summary.attempts),
            "Bookiter-Model": origin.author,
        }
    )


def trailers(values: Mapping[str, str]) -> str:
    """Return a commit's trailers, each a line of its own whatever its value holds."""
    return "".join(f"{name}: {_printable(one_line(value, _TRAILER_CHARS))}\n" for name, value in values.items())


def _printable(value: str) -> str:
    return "".join(character for character in value if character.isprintable()) or "-"


def _history_paths(ctx: Context, intent: Intent) -> list[str]:
    """Return the history files of the levels that an intent may touch."""
    return list(dict.fromkeys(ctx.book.history_path(target.level) for target in intent.targets))


def histories_with(
    ctx: Context, targets: Sequence[Target], touched: Sequence[str], entry: Callable[[str], Mapping[str, Any]]
) -> dict[str, bytes]:
    """Return the new content of the history of each level that is touched; levels in one folder share a file."""
    of = {target.path: target.level for target in targets}
    levels = {of[path] for path in touched if path in of}
    entries: dict[str, list[Mapping[str, Any]]] = {}
    for level in (level for level in ctx.book.config.levels if level in levels):
        entries.setdefault(ctx.book.history_path(level), []).append(entry(level))
    return {path: with_entries(ctx.book.root / path, path, new) for path, new in entries.items()}


def now() -> str:
    """Return the time as histories write it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _entry(intent: Intent, summary: Summary, origin: Origin, level: str, touched: Sequence[str]) -> Mapping[str, Any]:
    """One entry in the requirement's fields; the commit's id is looked up by its trailer when the history is read."""
    entry = {
        "timestamp": now(),
        "iteration": origin.id,
        "level": level,
        "targets": [target.path for target in intent.targets if target.level == level and target.path in touched],
        "feedback": "\n".join([*origin.turns, intent.request]),
        "scale": intent.scale,
        "intent_type": intent.intent_type,
        "action": intent.action,
        "judge_attempts": summary.attempts,
        "judge_verdict": summary.verdict.verdict,
        "judge_reasoning": summary.verdict.reasoning,
        "semantic_summary": summary.semantic,
        "files_changed": summary.facts.files,
        "lines_changed": summary.facts.lines_changed,
    }
    more = {
        "rubric": summary.verdict.rubric,
        "overruled": origin.overruled,
        "candidate": origin.candidate if origin.partial else "",
    }
    return entry | {name: value for name, value in more.items() if value}


def require_sound_histories(ctx: Context, intent: Intent) -> None:
    """Raise NotReady when a history that this iteration would add to is damaged, before anything is spent on it."""
    for path in _history_paths(ctx, intent):
        read_history(ctx.book.root / path, path)


def require_lawful(book: Book, intent: Intent, change: Change) -> None:
    """Raise NotApproved when a change breaks a lock, leaves its target or empties a file, whether it was judged or not."""
    found = [finding for finding in check(book, intent, change) if finding.check in ("locked", "scope", "emptied")]
    if found:
        raise NotApproved(
            f"{found[0].path}: {found[0].message}; nothing was committed.", hint="Take that part of the change back."
        )


def verdict_on(run: Run, change: Change) -> Verdict:
    """Return the verdict that was given on exactly this change; one that says it was not judged when there is none.

    Raises NotApproved when the change was turned down.
    """
    place = run.path("verdict.json")
    verdict = read_document(Verdict, place.read_text("utf-8"), "verdict.json of the current run") if place else None
    if verdict is None or verdict.change != change.fingerprint():
        return Verdict(verdict="unjudged", reasoning="The change was committed without a verdict.", by="nobody")
    if not verdict.approved:
        raise NotApproved(
            f"the judge asks for a revision of this change: {one_line(verdict.reasoning, 300)}",
            hint="Revise the text and judge it again; or commit it yourself with git.",
        )
    return verdict
