"""Where the old side of a reading stands in the file: as whole lines, byte for byte, or as the same words.

Each tier answers with every place it finds, up to a few. Whoever asks takes a tier's answer only if it is one place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bookiter.patch.fold import Folded, fold, fold_words
from bookiter.patch.model import Op, Tier
from bookiter.patch.text import Text
from bookiter.patch.weave import Chunk

MOST_PLACES = 20


@dataclass(frozen=True)
class Place:
    """One place for a reading; ``verbatim`` when even the line endings of the old side are the file's."""

    tier: Tier
    chunks: tuple[Chunk, ...]
    verbatim: bool = False

    @property
    def line(self) -> int:
        """The first line, 0-based."""
        return self.chunks[0].first


class Ground:
    """The file, and what is computed from it once however many hunks are placed."""

    def __init__(self, raw: str) -> None:
        self.text = Text(raw)

    @cached_property
    def folded(self) -> Folded:
        return fold(self.text.raw)

    @cached_property
    def curly_single(self) -> bool:
        """Are all apostrophes and single quotation marks of the file curly?"""
        return "’" in self.text.raw and "'" not in self.text.raw

    @cached_property
    def keys(self) -> list[str]:
        """Every line as its folded words."""
        keys = [""] * len(self.text)
        folded, line, first = self.folded, 0, 0
        for line in range(len(self.text)):
            last = folded.word_at(self.text.start(line + 1))
            if last > first:
                keys[line] = " ".join(folded.words[first:last])
            first = last
        return keys

    @cached_property
    def by_key(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for line, key in enumerate(self.keys):
            if key:
                found.setdefault(key, []).append(line)
        return found

    @cached_property
    def _lines(self) -> frozenset[str]:
        return frozenset(self.text.lines)

    def verbatim(self, line: str) -> bool:
        """Does the file have this line, character for character?"""
        return line in self._lines

    def stands(self, line: str) -> bool:
        """Does the file have this line, whatever its typing?"""
        return " ".join(fold_words(line)) in self.by_key

    def stands_marked(self, row: str) -> bool:
        """Does the file have this row as a line that begins with the very same mark?"""
        mark = row.split(None, 1)[0]
        lines = self.by_key.get(" ".join(fold_words(row)), ())
        return any(self.text.lines[line].split(None, 1)[0] == mark for line in lines)


def exact(ground: Ground, ops: Sequence[Op]) -> list[Place]:
    """Places where the old side stands as whole lines, character for character."""
    rows = [at for at, op in enumerate(ops) if op.kind != "+"]
    old = [ops[at] for at in rows]
    if not any(not op.blank for op in old):
        return []
    places = []
    for line in ground.text.find_lines([op.text for op in old], MOST_PLACES):
        chunks = tuple(Chunk(at, at + 1, line + k, line + k + 1) for k, at in enumerate(rows))
        places.append(Place("exact", chunks, endings_agree(ground.text, old, line)))
    return places


def endings_agree(text: Text, old: Sequence[Op], line: int) -> bool:
    """Do the endings of the old side agree with those of the file from ``line`` on?"""
    return all(op.ending == text.ending(line + k) for k, op in enumerate(old))


def folded(ground: Ground, ops: Sequence[Op]) -> list[Place]:
    """Places where the old side stands as the same words in a row, however broken into lines."""
    rows = [(at, fold_words(op.text)) for at, op in enumerate(ops) if op.kind != "+"]
    rows = [(at, words) for at, words in rows if words]
    wanted = [word for _, words in rows for word in words]
    if not wanted:
        return []
    found = ground.folded.find(wanted, MOST_PLACES * 10)
    whole = [first for first in found if _whole(ground, first, first + len(wanted))]
    if not whole and not _rests_on_context(ops):
        return []
    return [_place(ground, rows, first) for first in (whole or found)[:MOST_PLACES]]


def _rests_on_context(ops: Sequence[Op]) -> bool:
    """Are the outermost rows with words context? Only such a hunk may begin or end inside of a line."""
    said = [op for op in ops if not op.blank]
    return said[0].kind == said[-1].kind == " "


def _whole(ground: Ground, first: int, last: int) -> bool:
    return starts_line(ground, first) and (last == len(ground.folded) or starts_line(ground, last))


def starts_line(ground: Ground, word: int) -> bool:
    """Is there nothing visible between the start of its line and this word?"""
    if word == 0:
        return True
    starts, text = ground.folded.starts, ground.text
    return text.line_at(starts[word - 1]) != text.line_at(starts[word])


def _place(ground: Ground, rows: list[tuple[int, list[str]]], first: int) -> Place:
    """Cut the match where a row and a line end together; between two cuts lies a chunk."""
    chunks: list[Chunk] = []
    at = start = first
    row_start = rows[0][0]
    for number, (row, words) in enumerate(rows):
        at += len(words)
        last_row = number == len(rows) - 1
        if last_row or at == len(ground.folded) or starts_line(ground, at):
            chunks.append(_chunk(ground, (row_start, row + 1), start, at, last_row))
            start = at
            row_start = row + 1 if last_row else rows[number + 1][0]
    return Place("folded", tuple(chunks))


def _chunk(ground: Ground, rows: tuple[int, int], first: int, last: int, final: bool) -> Chunk:
    folded, text = ground.folded, ground.text
    top, bottom = text.line_at(folded.starts[first]), text.line_at(folded.starts[last - 1])
    prefix = "" if starts_line(ground, first) else text.raw[text.start(top) : folded.starts[first]]
    ragged = final and last < len(folded) and not starts_line(ground, last)
    suffix = text.raw[folded.ends[last - 1] : text.end(bottom)] if ragged else ""
    return Chunk(*rows, top, bottom + 1, prefix, suffix)
