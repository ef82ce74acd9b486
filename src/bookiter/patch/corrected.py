"""The tier for long removed lines with a word or two misquoted: the misquoted words stay as the file has them.

Sound only because of what it asks for. The hunk is the file's word for word but for one or two words, of a paragraph of
which many more are quoted and which has no likeness elsewhere in the file. Every misquoted word stands, with two words
on either side that are the file's, once among the removed lines and once among the added ones; so nothing that the hunk
changes touches it, and what the hunk changes is the file's word for word. An added line may instead have the very words
that the file has there. Then the hunk is read again with the file's words in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from bookiter.patch.edits import compose
from bookiter.patch.fold import DOTS_WORD, fold_words
from bookiter.patch.mended import MARKER, Mended, count, paragraph, unbroken
from bookiter.patch.model import Edit, Op
from bookiter.patch.parts import runs
from bookiter.patch.place import Ground, starts_line
from bookiter.patch.readings import Reading
from bookiter.patch.words import Words

_MOST_MISQUOTED = 2
_FEWEST_WORDS = 20
"""Words of a paragraph that must be quoted for one of them to be misquoted."""
_FEWEST_FOR_TWO = 30
_MARGIN = 2
_MOST_WORDS = 5000
_MOST_PLACES = 20
_NEAR = 12
_MOST_LIKENESSES = 3000


@dataclass(frozen=True)
class _Spot:
    """Words [first, last) of the quotation stand for words [start, end) of the file."""

    first: int
    last: int
    start: int
    end: int


def corrected(ground: Ground, reading: Reading) -> Mended | None:
    """The reading with the file's words for the misquoted ones; None where that is not beyond doubt."""
    rows = [(at, fold_words(op.text)) for at, op in enumerate(reading.ops) if op.kind != "+"]
    said = [word for _, words in rows for word in words]
    if not _FEWEST_WORDS <= len(said) <= _MOST_WORDS or _leaves_out(reading.ops):
        return None
    place = _place(ground, said)
    if place is None:
        return None
    spots = _spots(said, ground.folded.words[place[0] : place[1]], place[0])
    if not spots or not _long(ground, place, spots):
        return None
    ops, kept = list(reading.ops), []
    rewrites: dict[int, list[Edit]] = {}
    for spot in spots:
        found = _rewrites(ground, reading.ops, _located(rows, spot), said, spot)
        if found is None:
            return None
        for row, edit in found:
            rewrites.setdefault(row, []).append(edit)
        kept.append((ground.folded.starts[spot.start - _MARGIN], ground.folded.ends[spot.end + _MARGIN - 1]))
    for row, edits in rewrites.items():
        edits.sort(key=lambda edit: edit.start)
        if any(a.end > b.start for a, b in pairwise(edits)):
            return None
        ops[row] = replace(ops[row], text=compose(ops[row].text, edits))
    repairs = (*reading.repairs, "misquoted words kept as the file has them")
    return Mended(replace(reading, ops=tuple(ops), repairs=repairs), tuple(kept))


def _leaves_out(ops: Sequence[Op]) -> bool:
    """May words be left out as well? Dots are the text's own if there are as many on both sides."""
    marks = {kind: [mark for op in ops if op.kind == kind for mark in MARKER.findall(op.text)] for kind in "-+"}
    return len(marks["-"]) != len(marks["+"]) or any("unchanged" in mark.lower() for mark in marks["-"] + marks["+"])


def _place(ground: Ground, said: Sequence[str]) -> tuple[int, int] | None:
    """The words [start, end) of the file, whole lines, from which the quotation differs in a word or two, if there is one.

    Two words cannot spoil all of three pieces, so one of the pieces stands in the file as it is.
    """
    cuts = [len(said) * k // (_MOST_MISQUOTED + 1) for k in range(_MOST_MISQUOTED + 2)]
    places: set[tuple[int, int]] = set()
    for low, high in pairwise(cuts):
        found = ground.folded.find(list(said[low:high]), _MOST_PLACES)
        if len(found) == _MOST_PLACES:
            return None
        for at in found:
            places.update(_stretches(ground, said, at - low, at + len(said) - low))
    return next(iter(places)) if len(places) == 1 else None


def _stretches(ground: Ground, said: Sequence[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The whole lines about [start, end) that are the quotation but for a word or two."""
    words = ground.folded.words
    about = range(-_MOST_MISQUOTED, _MOST_MISQUOTED + 1)
    starts = [start + by for by in about if 0 <= start + by < len(words) and starts_line(ground, start + by)]
    ends = [end + by for by in about if 0 < end + by <= len(words)]
    ends = [at for at in ends if at == len(words) or starts_line(ground, at)]
    for first in starts:
        for last in ends:
            has = words[first:last]
            framed = said[:_MARGIN] == has[:_MARGIN] and said[-_MARGIN:] == has[-_MARGIN:]
            if framed and Levenshtein.distance(said, has, score_cutoff=_MOST_MISQUOTED) <= _MOST_MISQUOTED:
                yield first, last


def _spots(said: Sequence[str], has: Sequence[str], offset: int) -> list[_Spot]:
    """Where the two part; differences too near to each other to have their own margins are one."""
    spots: list[_Spot] = []
    for step in Levenshtein.opcodes(said, has):
        first, last, start, end = step.src_start, step.src_end, step.dest_start, step.dest_end
        if step.tag == "equal":
            continue
        if spots and first - spots[-1].last < _MARGIN:
            spots[-1] = replace(spots[-1], last=last, end=end + offset)
        else:
            spots.append(_Spot(first, last, start + offset, end + offset))
    return spots


def _long(ground: Ground, place: tuple[int, int], spots: Sequence[_Spot]) -> bool:
    """Is every paragraph with a misquotation long enough, and without a likeness?"""
    misquoted = sum(max(spot.last - spot.first, spot.end - spot.start) for spot in spots)
    folded, text = ground.folded, ground.text
    for spot in spots:
        first, last = paragraph(ground, text.line_at(folded.starts[spot.start]))
        start = max(place[0], folded.word_at(text.start(first)))
        end = min(place[1], folded.word_at(text.start(last)))
        if end - start < (_FEWEST_WORDS if misquoted == 1 else _FEWEST_FOR_TWO):
            return False
        if _has_likeness(ground, start, end):
            return False
    return True


def _has_likeness(ground: Ground, start: int, end: int) -> bool:
    """Does the file have, anywhere else, words like [start, end)? Many of their pieces elsewhere are too many."""
    words = ground.folded.words
    here = words[start:end]
    near = len(here) // 3
    pieces, left = min(near, _NEAR) + 1, _MOST_LIKENESSES
    for low, high in pairwise(len(here) * k // pieces for k in range(pieces + 1)):
        found = ground.folded.find(here[low:high], left)
        left -= len(found)
        if not left:
            return True
        for at in found:
            begin = max(0, at - low)
            there = words[begin : begin + len(here)]
            if at != start + low and Levenshtein.distance(here, there, score_cutoff=near) <= near:
                return True
    return False


def _located(rows: Sequence[tuple[int, list[str]]], spot: _Spot) -> tuple[int, int] | None:
    """The row that holds a spot with its margins, and the index of its first word in the quotation."""
    at = 0
    for row, words in rows:
        if at <= spot.first - _MARGIN and spot.last + _MARGIN <= at + len(words):
            return row, at
        at += len(words)
    return None


def _rewrites(
    ground: Ground, ops: Sequence[Op], located: tuple[int, int] | None, said: Sequence[str], spot: _Spot
) -> list[tuple[int, Edit]] | None:
    """The edits of rows that put the file's words for the misquoted ones; None where that could touch the change."""
    run = next(((low, high) for low, high in runs(ops) if located and low <= located[0] < high), None)
    before, after = list(said[spot.first - _MARGIN : spot.first]), list(said[spot.last : spot.last + _MARGIN])
    quoted, has = list(said[spot.first : spot.last]), ground.folded.words[spot.start : spot.end]
    if located is None or run is None or not _firm(before, quoted, has, after):
        return None
    wrong, right = [*before, *quoted, *after], [*before, *has, *after]
    removed, added = _side(ops, run, "-"), _side(ops, run, "+")
    if count(removed, wrong) != 1 or count(removed, right):
        return None
    folded = ground.folded
    text = unbroken(ground.text.raw[folded.ends[spot.start - 1] : folded.starts[spot.end]])
    found = [(located[0], _put(ops[located[0]], spot.first - located[1], spot.last - located[1], text))]
    if (count(added, wrong), count(added, right)) == (0, 1):
        return found
    if (count(added, wrong), count(added, right)) != (1, 0):
        return None
    for row in range(*run):
        at = _index(fold_words(ops[row].text), wrong) if ops[row].kind == "+" else None
        if at is not None:
            return [*found, (row, _put(ops[row], at + _MARGIN, at + _MARGIN + len(quoted), text))]
    return None


def _firm(before: Sequence[str], quoted: Sequence[str], has: Sequence[str], after: Sequence[str]) -> bool:
    """Is it certain which words were misquoted? Not of dots, nor where one of two equal words was lost or doubled."""
    moved = list(has or quoted)
    return DOTS_WORD not in (*quoted, *has) and (
        bool(quoted and has) or (moved[0] != after[0] and moved[-1] != before[-1])
    )


def _side(ops: Sequence[Op], run: tuple[int, int], kind: str) -> list[str]:
    return [word for op in ops[run[0] : run[1]] if op.kind == kind for word in fold_words(op.text)]


def _index(words: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((at for at in range(len(words)) if list(words[at : at + len(wanted)]) == list(wanted)), None)


def _put(op: Op, first: int, last: int, text: str) -> Edit:
    """Put a piece of the file, with the gaps around it, for words [first, last) of a row."""
    words = Words(op.text)
    return Edit(words.ends[first - 1], words.starts[last], text)
