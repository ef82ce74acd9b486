"""Facts about a change, counted from its canonical diff: lines, words, and the share of the text that changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from unidiff.patch import PatchSet

from bookiter.patch import unified_diff
from bookiter.stages.change import Change, FileChange
from bookiter.stages.wording import Delta, compared
from bookiter.text import words


@dataclass(frozen=True)
class Block:
    """Neighbouring lines that were taken out and put in; ``line`` is the first one's number in the old file, 1-based."""

    path: str
    line: int
    removed: str
    added: str


@dataclass(frozen=True)
class Facts:
    """A change in figures; ``share`` is that of the words of the changed files, 0 to 1."""

    files: int
    added_lines: int
    removed_lines: int
    words_before: int
    words_after: int
    changed_words: int

    @property
    def share(self) -> float:
        return min(1.0, self.changed_words / max(1, self.words_before))

    @property
    def lines_changed(self) -> int:
        return self.added_lines + self.removed_lines

    def as_json(self) -> dict[str, Any]:
        """Return the figures by name."""
        return {
            "files": self.files,
            "added_lines": self.added_lines,
            "removed_lines": self.removed_lines,
            "words_before": self.words_before,
            "words_after": self.words_after,
            "changed_words": self.changed_words,
            "share": round(self.share, 4),
        }


@dataclass(frozen=True)
class Measured:
    """A change's canonical diff, and its figures: of the whole, and of each file by its path."""

    diff: str
    facts: Facts
    by_path: Mapping[str, Facts] = field(default_factory=dict)


def measure(change: Change) -> Measured:
    """Return the canonical diff of a change and count it."""
    diffs = {file.path: unified_diff(file.path, file.before, file.after) for file in change.files}
    each = {file.path: _facts(file, diffs[file.path]) for file in change.files}
    return Measured("".join(diffs.values()), _total(each.values()), each)


def _facts(file: FileChange, diff: str) -> Facts:
    added = removed = changed = 0
    for block in blocks_of(diff):
        added += _line_count(block.added)
        removed += _line_count(block.removed)
        changed += _changed_words(block)
    return Facts(1, added, removed, len(words(file.before)), len(words(file.after)), changed)


def _total(each: Iterable[Facts]) -> Facts:
    figures = [(f.files, f.added_lines, f.removed_lines, f.words_before, f.words_after, f.changed_words) for f in each]
    return Facts(*map(sum, zip(*figures, strict=True))) if figures else Facts(0, 0, 0, 0, 0, 0)


def blocks_of(diff: str) -> Iterator[Block]:
    """Yield the blocks of a canonical diff in order."""
    for file in PatchSet.from_string(diff) if diff else ():
        for hunk in file:
            removed: list[str] = []
            added: list[str] = []
            first = hunk.source_start
            for line in [*hunk, None]:
                if line is not None and line.is_removed:
                    first = first if removed or added else line.source_line_no
                    removed.append(line.value)
                elif line is not None and line.is_added:
                    added.append(line.value)
                elif line is None or line.is_context:
                    if removed or added:
                        yield Block(file.path, first, "".join(removed), "".join(added))
                    removed, added = [], []
                    first = line.source_line_no + 1 if line is not None else first


@dataclass(frozen=True)
class HunkTexts:
    """The text of a hunk before and after, its context with it, and the numbers of the first lines, 1-based."""

    before: str
    after: str
    old_line: int
    new_line: int


def hunks_of(diff: str, path: str) -> Iterator[HunkTexts]:
    """Yield the hunks of one file of a canonical diff."""
    for file in PatchSet.from_string(diff) if diff else ():
        for hunk in file if file.path == path else ():
            before = "".join(line.value for line in hunk if line.is_context or line.is_removed)
            after = "".join(line.value for line in hunk if line.is_context or line.is_added)
            yield HunkTexts(before, after, hunk.source_start, hunk.target_start)


def deltas(block: Block) -> list[Delta]:
    """Return a block as stretches of words kept and changed, in order."""
    return compared(block.removed, block.added)


def _changed_words(block: Block) -> int:
    return sum(max(len(words(d.removed)), len(words(d.added))) for d in deltas(block) if not d.kept)


def _line_count(text: str) -> int:
    return text.count("\n") + (0 if text.endswith("\n") or not text else 1)
