"""A change that is there already, judged against words: a range of commits, the working tree, or any diff.

No model says what the words are about: the targets are the parts of the manuscript that the change touches.
"""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from bookiter.errors import InvalidInput, NotReady
from bookiter.manuscript.book import Book, decode
from bookiter.manuscript.config import FILE_NAME
from bookiter.stages.change import Change, FileChange
from bookiter.stages.context import Context
from bookiter.stages.documents import Intent, Scale, Target
from bookiter.stages.intent import checked
from bookiter.stages.locate import Feedback
from bookiter.stages.measure import measure
from bookiter.store.repo import Repository
from bookiter.text import one_line

# As git reads it: A..B, and A...B for what B changed since it left A. No revision begins with a slash; a path may.
_RANGE = re.compile(r"(?P<a>(?:(?!\.\.).)*)(?P<dots>\.{2,3})(?P<b>(?![./])(?:(?!\.\.).)*)")


@dataclass(frozen=True)
class Ranged:
    """What a range changes in the manuscript's parts, and which other files it changes; ``base`` and ``tip`` are commits."""

    change: Change
    beside: tuple[str, ...]
    base: str
    tip: str


def is_range(words: str) -> bool:
    """Tell whether words name a range of commits rather than a file."""
    found = _RANGE.fullmatch(words)
    return found is not None and bool(found["a"] or found["b"])


def change_in(book: Book, repo: Repository, words: str) -> Ranged:
    """Return what a range of commits changes.

    Raises NotReady with git's words for an unknown revision, and when the settings or prompts in force are the range's own:
    a change does not decide what it is judged by.
    """
    found = _RANGE.fullmatch(words)
    if not found:
        raise InvalidInput(f"{words!r} is no range of commits.", hint="A range is A..B, or A...B.")
    base, tip = (repo.resolve(found[side] or "HEAD") for side in "ab")
    if found["dots"] == "...":
        base = repo.merge_base(base, tip)
    paths = repo.changed_paths(base, tip)
    _require_own_measure(book, repo, paths, base)
    parts = [path for path in paths if book.level_of(path)]
    files = [FileChange(path, _text(repo, path, base), _text(repo, path, tip)) for path in parts]
    beside = tuple(path for path in paths if path not in parts)
    return Ranged(Change(tuple(file for file in files if file.before != file.after)), beside, base, tip)


def working_parts(book: Book, repo: Repository) -> Change:
    """Return what the working tree changes in any part of the manuscript, new parts included."""
    dirty = sorted({item.path for item in repo.dirty(sorted(book.paths))})
    files = [FileChange(path, _text(repo, path, "HEAD"), book.read(path)) for path in dirty]
    return Change(tuple(file for file in files if file.before != file.after))


def intent_about(ctx: Context, feedback: str, change: Change, tip: str) -> Intent:
    """Return the intent that a change is judged by: these words, about the parts it touches.

    Raises InvalidInput when the words are empty, overlong or no text.
    """
    book = ctx.book
    said = checked(Feedback(feedback), book.config.limits.feedback_chars)
    targets = [_target(book, path) for path in change.paths]
    large = bool(change) and measure(change).facts.share > book.config.patch_share
    scale: Scale = "regenerate" if large else "patch"
    return Intent(
        run=ctx.run.id,
        base=tip,
        feedback=said.text,
        intent_type="modify",
        confidence=1.0,
        target_type="project" if len({target.level for target in targets}) != 1 else targets[0].level,
        scope="multiple" if len(targets) > 1 else "section",
        action="judge",
        description=one_line(said.text, 300),
        reasoning="The change was there already; its parts are the target.",
        scale=scale,
        editor="model",
        targets=targets,
    )


def at_tip(ctx: Context, found: Ranged) -> Context:
    """Return the surroundings in which the texts are as the range leaves them, whatever is checked out."""
    head = ctx.repo.head() or ""
    texts = {file.path: file.after for file in found.change.files}
    for path in ctx.repo.changed_paths(found.tip, head) if found.tip != head else ():
        if ctx.book.unit_at(path):
            texts.setdefault(path, _text(ctx.repo, path, found.tip))
    return ctx.reading(texts)


def _target(book: Book, path: str) -> Target:
    unit = book.unit_at(path)
    if unit:
        return Target(level=unit.level, number=unit.number, path=path, title=unit.title)
    return Target(level=book.level_of(path) or "", number=None, path=path)


def _text(repo: Repository, path: str, revision: str) -> str:
    """Return a file's text at a revision; "" where it is not there."""
    data = repo.read(path, revision)
    return "" if data is None else decode(path, data)


def _require_own_measure(book: Book, repo: Repository, paths: tuple[str, ...], base: str) -> None:
    """Raise NotReady when settings or prompts that a range changes are the ones that would judge it."""
    for path in paths:
        if path != FILE_NAME and PurePosixPath(path).parts[0] != "prompts":
            continue
        place = book.root / path
        here = place.read_bytes() if place.is_file() and not place.is_symlink() else None
        if here != repo.read(path, base) or place.is_symlink():
            raise NotReady(
                f"the range changes {path}, and that is what it would be judged by.",
                hint=f"Check out {base[:12]} and judge the range from there, or bring in {path} by itself first.",
                details={"path": path, "base": base},
            )
