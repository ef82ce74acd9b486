"""Facts about a change, counted from its canonical diff: lines, words, and the share of the text that changed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import Indel
from unidiff.patch import PatchSet

from bookiter.stages.change import Change
from bookiter.text import words

_PIECE = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*|\s+|[^\w\s]|_")


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
    """A change's canonical diff, and its figures."""

    diff: str
    facts: Facts


def measure(change: Change) -> Measured:
    """Return the canonical diff of a change and count it."""
    diff = change.diff()
    added = removed = changed = 0
    for block in blocks_of(diff):
        added += _line_count(block.added)
        removed += _line_count(block.removed)
        changed += _changed_words(block)
    before = sum(len(words(file.before)) for file in change.files)
    after = sum(len(words(file.after)) for file in change.files)
    return Measured(diff, Facts(len(change.files), added, removed, before, after, changed))


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
class Delta:
    """One stretch of a block: text that stays, or text taken out and put in."""

    kept: str = ""
    removed: str = ""
    added: str = ""


def deltas(block: Block) -> list[Delta]:
    """Return a block as stretches of words kept and changed, in order."""
    old, new = _PIECE.findall(block.removed), _PIECE.findall(block.added)
    found: list[Delta] = []
    for step in Indel.opcodes(old, new):
        went = "".join(old[step.src_start : step.src_end])
        came = "".join(new[step.dest_start : step.dest_end])
        if step.tag == "equal":
            found.append(Delta(kept=went))
        elif found and not found[-1].kept:
            found[-1] = Delta(removed=found[-1].removed + went, added=found[-1].added + came)
        else:
            found.append(Delta(removed=went, added=came))
    return found


def _changed_words(block: Block) -> int:
    return sum(max(len(words(d.removed)), len(words(d.added))) for d in deltas(block) if not d.kept)


def _line_count(text: str) -> int:
    return text.count("\n") + (0 if text.endswith("\n") or not text else 1)
