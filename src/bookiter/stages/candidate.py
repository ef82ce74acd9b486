"""Keep an iteration's outcome as a candidate, and read one back: all that accepting it needs is in its commit."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from bookiter.errors import NotReady
from bookiter.manuscript.book import decode
from bookiter.stages.change import Change
from bookiter.stages.context import Context
from bookiter.stages.documents import Document, Intent, Target, Verdict, read_document
from bookiter.stages.summarise import Summary
from bookiter.store import candidates
from bookiter.store.candidates import Candidate
from bookiter.store.objects import changed_paths, read_many
from bookiter.store.repo import Repository
from bookiter.text import one_line

_FEEDBACK_CHARS = 200


class Record(Document):
    """What is kept with a candidate besides its texts; ``turns``, ``targets`` and ``culled`` with those it was made from."""

    schema_version: Literal[1] = 1
    id: str
    base: str
    parent: str = ""
    turns: list[str] = Field(default=[])
    targets: list[Target]
    intent: Intent
    verdict: Verdict
    road: str
    author: str
    attempts: int
    semantic: str
    page: str = ""
    culled: list[str] = Field(default=[])

    def whole_intent(self) -> Intent:
        """Return the intent with the targets of the turns before, which come onto the branch with it."""
        return self.intent.model_copy(update={"targets": self.targets})


@dataclass(frozen=True)
class Offer:
    """A candidate read back: its record, and what it would make of the commit it was made from."""

    candidate: Candidate
    record: Record
    made_from: str
    change: Change
    culled: tuple[str, ...]


def keep_candidate(  # noqa: PLR0913 - road and author tell where the change came from
    ctx: Context,
    intent: Intent,
    summary: Summary,
    *,
    road: str,
    author: str,
    subject: str,
    culled: tuple[str, ...] = (),
    replaces: Candidate | None = None,
) -> Candidate:
    """Keep a change as a candidate on the commit it was made from; neither index nor working tree moves.

    ``replaces`` is the one that this run had kept before.
    """
    parent = ctx.parent
    before = _read(ctx.repo, parent) if parent else None
    base = before.base if before else ctx.base
    targets = {target.path: target for target in [*(before.targets if before else ()), *intent.targets]}
    record = Record(
        id=ctx.run.id,
        base=base,
        parent=parent.id if parent else "",
        turns=[*before.turns, before.intent.request] if before else [],
        targets=list(targets.values()),
        intent=intent,
        verdict=summary.verdict,
        road=road,
        author=author,
        attempts=summary.attempts,
        semantic=summary.semantic,
        page=summary.markdown(),
        culled=sorted({*(before.culled if before else ()), *culled}),
    )
    levels = {target.path: target.level for target in intent.targets}
    said = {
        "Candidate": record.id,
        "Base": base,
        "Parent": record.parent,
        "Level": next((levels[path] for path in summary.change.paths if path in levels), ""),
        "Verdict": summary.verdict.verdict,
        "Attempts": str(summary.attempts),
        "Feedback": one_line("".join(c for c in intent.request if c.isprintable() or c.isspace()), _FEEDBACK_CHARS),
        "Failed": "checks" if summary.verdict.by == "checks" else "",
    }
    # One line: the record is found by its braces, and cannot run into the trailers.
    text = json.dumps(record.model_dump(mode="json"), ensure_ascii=False)
    message = f"{subject}\n\n{text}\n\n{candidates.trailers_of(said)}"
    files: dict[str, bytes | None] = {file.path: file.after.encode("utf-8") for file in summary.change.files}
    candidates.keep(
        ctx.repo, record.id, ctx.base, files | dict.fromkeys(culled), message, replaces.commit if replaces else ""
    )
    return candidates.find(ctx.repo, record.id)


def _read(repo: Repository, candidate: Candidate) -> Record:
    text = candidates.record_of(repo, candidate)
    record = read_document(Record, text, f"the record of candidate {candidate.short}")
    if record.id != candidate.id:
        raise NotReady(f"the record of candidate {candidate.short} is that of another one, {record.id}.")
    return record


def open_offer(ctx: Context, candidate: Candidate) -> Offer:
    """Return a candidate with what it changes. Raises NotReady when it is damaged, or changes what it may not."""
    record = _read(ctx.repo, candidate)
    made_from = candidates.parent_commit(ctx.repo, candidate)
    before, after = texts_between(ctx, made_from, candidate.commit, candidate)
    both = {path: text for path, text in before.items() if text is not None and after[path] is not None}
    change = Change.between(both, {path: after[path] or "" for path in both})
    culled = tuple(path for path, text in after.items() if text is None)
    _require_lawful(candidate, record, change, culled, tuple(path for path, text in before.items() if text is None))
    return Offer(candidate, record, made_from, change, culled)


def texts_between(
    ctx: Context, before: str, after: str, candidate: Candidate
) -> tuple[Mapping[str, str | None], Mapping[str, str | None]]:
    """Return the texts in which two commits differ, None for those that are not there.

    Raises NotReady when they differ outside the manuscript: bookiter makes no such candidate.
    """
    paths = []
    for full in changed_paths(ctx.repo, before, after):
        path = ctx.repo.own(full)
        if path is None:
            raise _strange(candidate, full)
        paths.append(path)
    old, new = read_many(ctx.repo, before, paths), read_many(ctx.repo, after, paths)
    return _decoded(old), _decoded(new)


def _decoded(files: Mapping[str, bytes | None]) -> dict[str, str | None]:
    return {path: None if data is None else decode(path, data) for path, data in files.items()}


def _require_lawful(
    candidate: Candidate, record: Record, change: Change, culled: tuple[str, ...], added: tuple[str, ...]
) -> None:
    allowed = {target.path for target in record.intent.targets}
    for path in (*change.paths, *added):
        if path not in allowed or path in added:
            raise _strange(candidate, path)
    for path in culled:
        if path not in record.culled:
            raise _strange(candidate, path)


def _strange(candidate: Candidate, path: str) -> NotReady:
    return NotReady(
        f"candidate {candidate.short} changes {path}, which is outside its target; it was not made by bookiter.",
        hint=f"`git show {candidate.commit[:9]}` shows what it is; `bookiter reject {candidate.short}` puts it away.",
        details={"candidate": candidate.id, "path": path},
    )
