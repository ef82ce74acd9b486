"""One commit of just the target's files, with the history entry inside it and trailers that tell where it came from."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bookiter.errors import BookiterError, NotApproved, NotReady
from bookiter.manuscript.book import Book, read_regular
from bookiter.manuscript.targets import describe
from bookiter.manuscript.units import HISTORY_NAME
from bookiter.stages.change import Change
from bookiter.stages.check import check
from bookiter.stages.context import Context
from bookiter.stages.documents import Intent, Verdict, read_document
from bookiter.stages.prompts import render_line
from bookiter.stages.summarise import Summary
from bookiter.store.files import uninterrupted
from bookiter.store.history import read_history, with_entries
from bookiter.store.journal import TRAILER, Writing, written
from bookiter.store.runs import Run
from bookiter.text import one_line

_SUBJECT_CHARS = 120
_TRAILER_CHARS = 300


def require_clean(ctx: Context, intent: Intent) -> None:
    """Raise NotReady when the target or its histories have uncommitted edits: they would be mixed up with ours."""
    _require_clean(ctx, [*(target.path for target in intent.targets), *_history_paths(ctx, intent)])


def require_clean_histories(ctx: Context, intent: Intent) -> None:
    """Raise NotReady when a history has uncommitted edits, or is gone: neither is ours to commit."""
    _require_clean(ctx, _history_paths(ctx, intent))


def require_uncommitted(ctx: Context, intent: Intent) -> None:
    """Raise NotReady when this run has been committed already: what is edited now is the author's own."""
    if ctx.run.id in ctx.repo.trailers(TRAILER, [target.path for target in intent.targets]):
        raise NotReady(
            "this run is committed already; what is edited now was not made by it.",
            hint="Commit your own edits with git, or begin anew with `bookiter analyze-intent`.",
        )


def _require_clean(ctx: Context, paths: list[str]) -> None:
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


def commit_change(  # noqa: PLR0913 - road and author tell where the change came from
    ctx: Context, intent: Intent, summary: Summary, *, road: str, author: str, applied: bool
) -> tuple[str, str]:
    """Write the change and its history entries and commit them; return the commit's id and subject.

    ``applied`` tells that the files hold the change already. Raises NotReady when git or a hook refuses; then the files,
    the history and the index are as they were before.
    """
    before: dict[str, bytes | None] = {}
    after: dict[str, bytes] = {}
    if not applied:
        for file in summary.change.files:
            before[file.path], after[file.path] = file.before.encode("utf-8"), file.after.encode("utf-8")
    histories = _histories(ctx, intent, summary)
    for path, data in histories.items():
        place = ctx.book.root / path
        before[path] = read_regular(ctx.book.root, path) if place.exists() else None
        after[path] = data
    subject = subject_of(ctx, intent, road)
    message = f"{subject}\n\n{_trailers(ctx, intent, summary, road, author)}"
    paths = sorted({*summary.change.paths, *after})
    writing = Writing(ctx.run.id, ctx.repo.head(), before, after, own=frozenset(histories))
    foreign: list[str] = []
    try:
        with uninterrupted() as signals:
            with written(ctx.runs.prepared(), ctx.book.root, writing) as foreign:
                commit = ctx.repo.commit(paths, message, stop=lambda: signals)
            signals.clear()  # the commit is made: whoever wanted to stop came too late
    except BookiterError as error:
        if foreign:
            names = ", ".join(foreign)
            error.hint += (
                f" {names} was changed meanwhile and is left as it is; `git restore -- {foreign[0]}` takes it back."
            )
        raise
    ctx.runs.forget_applied(paths)
    ctx.repo.merge_by_lines(HISTORY_NAME)
    return commit, subject


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


def _trailers(ctx: Context, intent: Intent, summary: Summary, road: str, author: str) -> str:
    values = {
        TRAILER: ctx.run.id,
        "Bookiter-Feedback": one_line(intent.request, _TRAILER_CHARS),
        "Bookiter-Scale": "regenerate" if road == "regenerate" else "patch",
        "Bookiter-Verdict": summary.verdict.verdict,
        "Bookiter-Attempts": str(summary.attempts),
        "Bookiter-Model": author,
    }
    return "".join(f"{name}: {_printable(value)}\n" for name, value in values.items())


def _printable(value: str) -> str:
    return "".join(character for character in value if character.isprintable()) or "-"


def _history_paths(ctx: Context, intent: Intent) -> list[str]:
    """Return the history files of the levels that an intent may touch."""
    return list(dict.fromkeys(ctx.book.history_path(target.level) for target in intent.targets))


def _histories(ctx: Context, intent: Intent, summary: Summary) -> dict[str, bytes]:
    """Return the new content of every history that has something to add; levels in one folder share a file."""
    of = {target.path: target.level for target in intent.targets}
    touched = {of[path] for path in summary.change.paths if path in of}
    entries: dict[str, list[Mapping[str, Any]]] = {}
    for level in (level for level in ctx.book.config.levels if level in touched):
        entries.setdefault(ctx.book.history_path(level), []).append(_entry(ctx, intent, summary, level))
    return {path: with_entries(ctx.book.root / path, path, new) for path, new in entries.items()}


def _entry(ctx: Context, intent: Intent, summary: Summary, level: str) -> Mapping[str, Any]:
    """One entry in the requirement's fields; the commit's id is looked up by its trailer when the history is read."""
    return {
        "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "iteration": ctx.run.id,
        "level": level,
        "targets": [
            target.path for target in intent.targets if target.level == level and target.path in summary.change.paths
        ],
        "feedback": intent.request,
        "scale": intent.scale,
        "judge_attempts": summary.attempts,
        "judge_verdict": summary.verdict.verdict,
        "judge_reasoning": summary.verdict.reasoning,
        "semantic_summary": summary.semantic,
        "files_changed": summary.facts.files,
        "lines_changed": summary.facts.lines_changed,
    }


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
