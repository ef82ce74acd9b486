"""The tier for bent context: removed lines word for word, context misquoted or cut short, and only one place for all.

Lines are compared one to one, blank ones left out. A context line fits when its words are the file's, when it is an
elision of the file's line, or when most of its words are; the file keeps its own in any case.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from bookiter.patch.fold import DOTS_WORD, fold_words
from bookiter.patch.model import Op
from bookiter.patch.place import MOST_PLACES, Ground, Place
from bookiter.patch.weave import Chunk

_BRACKETED = re.compile(r"\[\s*(?:\.{3}|…)\s*\]|\(\s*(?:\.{3}|…)\s*\)")
_ALIKE = 0.6
_FEWEST_WORDS = 3
_MOST_WORDS = 5000
_FARTHEST = 80
_ENOUGH = 4
"""Words that must stand exactly as quoted before a place counts at all."""


@dataclass(frozen=True)
class _Row:
    row: int
    op: Op
    words: tuple[str, ...]

    @property
    def key(self) -> str:
        return " ".join(self.words)

    @property
    def wild(self) -> bool:
        """Does the row stand for any number of lines?"""
        return self.op.kind == " " and DOTS_WORD in self.words and not any(_letters(word) for word in self.words)


def _words(op: Op) -> tuple[str, ...]:
    """The words of a line; of context, with bracketed dots as plain ones."""
    return tuple(fold_words(_BRACKETED.sub(" … ", op.text) if op.kind == " " else op.text))


def _letters(word: str) -> bool:
    return any(char.isalnum() for char in word)


def bent(ground: Ground, ops: Sequence[Op]) -> list[Place]:
    """Places where every removed line stands and every context line fits."""
    rows = [_Row(at, op, _words(op)) for at, op in enumerate(ops) if op.kind != "+"]
    rows = [row for row in rows if row.words]
    while rows and rows[-1].wild:
        rows.pop()
    while rows and rows[0].wild:
        rows.pop(0)
    anchor = _anchor(ground, rows, ops)
    if anchor is None or any(row.op.kind == "-" and row.key not in ground.by_key for row in rows):
        return []
    spots = ground.by_key[rows[anchor].key]
    if len(spots) > MOST_PLACES or len(ground.folded.find(list(rows[anchor].words), MOST_PLACES + 1)) > len(spots):
        # where the line stands in the midst of others, bent context cannot be weighed
        return []
    fits = [fit for spot in spots if (fit := _fit(ground, rows, anchor, spot)) is not None]
    lone = len(spots) == 1
    return [Place("context", tuple(fit)) for fit in fits if _proven(ground, rows, ops, fit, lone)]


def _anchor(ground: Ground, rows: list[_Row], ops: Sequence[Op]) -> int | None:
    """The row to start from: the rarest removed one, or without any the rarest next to an addition."""
    fit = [at for at, row in enumerate(rows) if row.op.kind == "-"]
    if not fit:
        fit = [at for at, row in enumerate(rows) if _beside_addition(row.row, ops)]
    known = [at for at in fit if rows[at].key in ground.by_key]
    return min(known, key=lambda at: (len(ground.by_key[rows[at].key]), -len(rows[at].words)), default=None)


def _beside_addition(row: int, ops: Sequence[Op]) -> bool:
    for step in (1, -1):
        at = row + step
        while 0 <= at < len(ops) and ops[at].blank:
            at += step
        if 0 <= at < len(ops) and ops[at].kind == "+":
            return True
    return False


def _fit(ground: Ground, rows: list[_Row], anchor: int, spot: int) -> list[Chunk] | None:
    """Walk from the anchor both ways; None as soon as a row does not fit."""
    here = Chunk(rows[anchor].row, rows[anchor].row + 1, spot, spot + 1)
    below = _walk(ground, rows[anchor + 1 :], spot, 1)
    above = _walk(ground, rows[:anchor][::-1], spot, -1) if below is not None else None
    return None if below is None or above is None else [*above[::-1], here, *below]


def _walk(ground: Ground, rows: list[_Row], line: int, step: int) -> list[Chunk] | None:
    chunks: list[Chunk] = []
    wild: _Row | None = None
    for row in rows:
        if row.wild:
            wild = row
            continue
        found = _next_fit(ground, row, line, step, _FARTHEST if wild else 1)
        if found is None:
            return None
        if wild:
            span = (line + 1, found) if step > 0 else (found + 1, line)
            chunks.append(Chunk(wild.row, wild.row + 1, *_trimmed(ground, *span)))
            wild = None
        chunks.append(Chunk(row.row, row.row + 1, found, found + 1))
        line = found
    return chunks


def _trimmed(ground: Ground, first: int, last: int) -> tuple[int, int]:
    """A span without the blank lines at its ends, which other rows may stand for."""
    while first < last and not ground.keys[first]:
        first += 1
    while first < last and not ground.keys[last - 1]:
        last -= 1
    return first, last


def _next_fit(ground: Ground, row: _Row, line: int, step: int, tries: int) -> int | None:
    while tries:
        line += step
        if not 0 <= line < len(ground.keys):
            return None
        if ground.keys[line]:
            if fits(row.words, ground.keys[line], removed=row.op.kind == "-", loosely=tries == 1):
                return line
            tries -= 1
    return None


def fits(words: Sequence[str], key: str, *, removed: bool = False, loosely: bool = True) -> bool:
    """Does a quoted line fit the line with this key?"""
    if " ".join(words) == key:
        return True
    has = key.split(" ")
    return not removed and (elides(words, has) or (loosely and alike(words, has)))


def elides(words: Sequence[str], has: Sequence[str]) -> bool:
    """Is the quoted line the file's with one part left out and dots in its place?"""
    if list(words).count(DOTS_WORD) != 1:
        return False
    at = list(words).index(DOTS_WORD)
    head, tail = list(words[:at]), list(words[at + 1 :])
    if len(head) + len(tail) < 2 or len(head) + len(tail) > len(has):
        return False
    return _cut_like(head, has[: len(head)]) and _cut_like(tail[::-1], has[::-1][: len(tail)], backwards=True)


def _cut_like(words: list[str], has: Sequence[str], *, backwards: bool = False) -> bool:
    """Are the words the same, save for punctuation that the dots may have swallowed at the cut?"""
    if not words or words == list(has):
        return True
    word, other = words[-1], has[-1]
    rest = other.removesuffix(word) if backwards else other.removeprefix(word)
    return words[:-1] == list(has[:-1]) and rest != other and not _letters(rest)


def alike(words: Sequence[str], has: Sequence[str]) -> bool:
    """Are most of the words the same, in the same order?"""
    if min(len(words), len(has)) < _FEWEST_WORDS or max(len(words), len(has)) > _MOST_WORDS:
        return False
    return Indel.normalized_similarity(words, has, score_cutoff=_ALIKE) >= _ALIKE


def _proven(ground: Ground, rows: list[_Row], ops: Sequence[Op], fit: list[Chunk], lone: bool) -> bool:
    """Is enough of the quotation exact, and every addition held by an exact neighbour?"""
    by_row = {row.row: row for row in rows}
    exact = {
        chunk.row
        for chunk in fit
        if chunk.last == chunk.first + 1 and by_row[chunk.row].key == ground.keys[chunk.first]
    }
    cut = {row.row for row in by_row.values() if DOTS_WORD in row.words and not row.wild} - exact
    if sum(len(by_row[row].words) for row in exact | cut) < _ENOUGH:
        return False
    context = [row for row in exact if ops[row].kind == " "]
    if not lone and not context and not cut:
        return False
    return all(_held(at, ops, exact | cut, by_row) for at, op in enumerate(ops) if op.kind == "+")


def _held(at: int, ops: Sequence[Op], sure: set[int], by_row: dict[int, _Row]) -> bool:
    """Is what stands next to this addition quoted as the file has it? A removed line on one side suffices."""
    beside = []
    for step in (-1, 1):
        k = at + step
        while 0 <= k < len(ops) and (ops[k].kind == "+" or ops[k].blank):
            k += step
        if 0 <= k < len(ops):
            beside.append(k)
    if any(k in by_row and by_row[k].wild for k in beside):
        return False
    if any(ops[k].kind == "-" and abs(k - at) <= _run(ops, at, k) for k in beside):
        return True
    return bool(beside) and all(k in sure for k in beside)


def _run(ops: Sequence[Op], at: int, row: int) -> int:
    """The distance to a removed row of the same change; 0 if context stands between."""
    low, high = min(at, row), max(at, row)
    return 0 if any(ops[k].kind == " " for k in range(low, high + 1)) else high - low
