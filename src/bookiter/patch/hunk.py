"""Decide where one hunk goes: the tiers in their order, and one place or a refusal.

    exact      whole lines, character for character
    folded     the same words in a row under the normalisation of ``fold``
    context    removed lines word for word, context bent, or a line of context left out between two changes
    sentence   one whole sentence of a line, once in the file
    filled     dots in the middle of a quoted line, both ends of which name one span; read again with that span
    corrected  a word or two of a long removed line misquoted, far from any change; read again with the file's words

The first tier that finds anything must find one place, and all readings that stand there must write the same. Before
the looser tiers are asked, a hunk whose new side is in the file already is refused as done. The last two only complete
what the reply quotes: the completed hunk must stand as exact or folded, and the words it was completed with must stay.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bookiter.patch.bent import bent
from bookiter.patch.corrected import corrected
from bookiter.patch.edits import learn, minimal, spliced, verbatim
from bookiter.patch.filled import filled
from bookiter.patch.fold import fold_words
from bookiter.patch.mended import Mended, keeps
from bookiter.patch.model import Edit, Hunk, Op, PlacedHunk, Tier, Unclear
from bookiter.patch.nearest import nearest
from bookiter.patch.parts import parts
from bookiter.patch.place import Ground, Place, exact, folded
from bookiter.patch.readings import (
    Reading,
    as_written,
    continued,
    counted,
    decoded,
    guesses,
    prefixed,
    reversed_reading,
    tails,
    unmarked_blanks,
)
from bookiter.patch.refusal import Reason
from bookiter.patch.sections import inside
from bookiter.patch.sentence import NotASentence, sentences
from bookiter.patch.weave import weave

Found = list[tuple[Reading, Place]]
_FARTHEST_PARTS = 12
_MENDING: tuple[tuple[Tier, Callable[[Ground, Reading], Mended | None]], ...] = (
    ("filled", filled),
    ("corrected", corrected),
)


class HunkRefused(Exception):
    """One hunk cannot be placed; ``places`` are lines, 1-based."""

    def __init__(self, reason: Reason, message: str, places: Sequence[int] = ()) -> None:
        super().__init__(message)
        self.reason, self.message, self.places = reason, message, tuple(place + 1 for place in places)


@dataclass(frozen=True)
class Task:
    """One hunk to be placed, its number in the reply, and whether it is to be undone."""

    number: int
    hunk: Hunk
    reverse: bool

    def turned(self, reading: Reading) -> Reading:
        return reversed_reading(reading) if self.reverse else reading

    @property
    def reading(self) -> Reading:
        """What the hunk says if every mark is taken at its word."""
        return self.turned(as_written(self.hunk))


def place(ground: Ground, task: Task) -> PlacedHunk:
    """Ask the tiers in turn; the first that finds anything decides. Raises :class:`HunkRefused`."""
    if not any(fold_words(op.text) for op in task.reading.ops if op.kind != "+"):
        raise HunkRefused("no_anchor", "it adds lines but quotes no line of the text to put them next to")
    variants = [task.turned(as_written(hunk)) for hunk in tails(task.hunk)]
    others = [task.turned(reading) for reading in guesses(task.hunk, ground.stands_marked, ground.verbatim)]
    for reading in variants:
        if found := _standing(ground, task, reading, others):
            return _only(ground, found)
    for reading in variants:
        _refuse_done(ground, reading)
    for reading in variants:
        if found := _found(ground, task, bent, [reading, *others]):
            return _only(ground, found)
    for reading in variants:
        if (whole := _in_parts(ground, task, reading)) is not None:
            return whole
    repaired = _repaired(ground, task, variants[0])
    if repaired is not None:
        return repaired
    for reading in variants:
        if (whole := _sentences(ground, task, reading)) is not None:
            return whole
    return _mended(ground, task, variants)


def _standing(ground: Ground, task: Task, reading: Reading, others: list[Reading]) -> Found:
    """The places of the first of the two sure tiers that finds any."""
    found = _found(ground, task, exact, [reading, *_rivals(task, reading), *others])
    if found:
        return [(r, where) for r, where in found if not task.reverse and counted(task.hunk, r)] or found
    return _found(ground, task, folded, [reading, *others])


def _found(
    ground: Ground, task: Task, tier: Callable[[Ground, Sequence[Op]], list[Place]], readings: Sequence[Reading]
) -> Found:
    found = [(reading, where) for reading in readings for where in tier(ground, reading.ops)]
    found = [(reading, where) for reading, where in found if not _eats_mark(ground, reading, where)]
    if not task.hunk.heading or task.hunk.numbers:
        return found
    return [(reading, where) for reading, where in found if inside(ground.text, task.hunk.heading, where.line)]


def _eats_mark(ground: Ground, reading: Reading, where: Place) -> bool:
    """Would a line of the file that begins with dashes go because one of its own dashes was taken for a mark?"""
    for chunk in where.chunks if where.tier != "exact" else ():
        for op, line in zip(
            reading.ops[chunk.row : chunk.row_end], ground.text.lines[chunk.first : chunk.last], strict=False
        ):
            if op.kind == "-" and op.text != line and _dashes("-" + op.text) == _dashes(line.lstrip()) != "":
                return True
    return False


def _dashes(line: str) -> str:
    """The hyphens a line begins with."""
    return line[: len(line) - len(line.lstrip("-"))]


def _rivals(task: Task, reading: Reading) -> list[Reading]:
    """Whole lines may also stand with the blank rows read as added ones."""
    rival = unmarked_blanks(task.hunk)
    return [task.turned(rival)] if rival is not None and reading.ops == task.reading.ops else []


def _repaired(ground: Ground, task: Task, reading: Reading) -> PlacedHunk | None:
    """Readings that change what the rows say, for whole lines only."""
    restored = continued(reading, lambda line: _near(ground, line))
    for other in [*([restored] if restored else []), *decoded(reading), *prefixed(reading, ground.text.lines)]:
        for tier in (exact, folded):
            if found := _found(ground, task, tier, [other]):
                return _only(ground, found)
        _refuse_done(ground, other)
    return None


def _near(ground: Ground, line: str) -> bool:
    """Does the file have this line or one like it?"""
    key = " ".join(fold_words(line))
    if key in ground.by_key or f" {key} " in ground.folded.joined:
        return True
    found = nearest(ground, [line])
    return found is not None and found.score >= 50


def _only(ground: Ground, found: Found) -> PlacedHunk:
    """The one place, or a refusal: several places, or several readings that differ in what they write."""
    per_reading: dict[tuple[Op, ...], list[Place]] = {}
    for reading, where in found:
        per_reading.setdefault(reading.ops, []).append(where)
    single = [(reading, where) for reading, where in found if len(per_reading[reading.ops]) == 1]
    if not single:
        lines = sorted({where.line for _, where in found})
        raise HunkRefused("several_places", f"its lines stand in {len(lines)} places", lines[:10])
    outcomes: dict[tuple[Edit | None, ...], PlacedHunk] = {}
    problem: Unclear | None = None
    for reading, where in single:
        try:
            hunk = _written(ground, reading, where)
            outcomes.setdefault(_effect(ground, hunk.edits), hunk)
        except Unclear as unclear:
            problem = unclear
    if len(outcomes) == 1 and (problem is None or len(single) == 1):
        return next(iter(outcomes.values()))
    if outcomes:
        raise HunkRefused("unclear", "its rows can be read in several ways that would give different texts")
    raise HunkRefused("contradiction", str(problem))


def _effect(ground: Ground, edits: Sequence[Edit]) -> tuple[Edit | None, ...]:
    """What edits do, however they are cut: equal for equal outcomes."""
    return tuple(minimal(ground.text.raw, edit) for edit in edits)


def _written(ground: Ground, reading: Reading, where: Place) -> PlacedHunk:
    swaps = weave(ground.text, reading.ops, where.chunks)
    if where.tier in ("exact", "folded"):
        _refuse_twice(ground, reading, where)
    if where.verbatim:
        edits = [verbatim(ground.text, swap) for swap in swaps]
    else:
        style = learn(ground, reading.ops, where)
        edits = [spliced(ground.text, swap, style) for swap in swaps]
    return PlacedHunk(where.tier, where.line + 1, reading.repairs, tuple(edits))


def _refuse_twice(ground: Ground, reading: Reading, where: Place) -> None:
    """Lines added at the edge of a hunk may be there already, just outside of what it quotes."""
    old = [word for line in reading.old for word in fold_words(line)]
    new = [word for line in reading.new for word in fold_words(line)]
    if len(new) <= len(old) or f" {' '.join(old)} " not in f" {' '.join(new)} ":
        return
    span = range(where.chunks[0].first, where.chunks[-1].last)
    for other in folded(ground, _wanted(reading)):
        if any(chunk.first in span for chunk in other.chunks):
            raise HunkRefused("already_applied", "the text has these lines already")


def _wanted(reading: Reading) -> list[Op]:
    """The new side, to be looked for."""
    return [replace(op, kind=" ") for op in reading.ops if op.kind != "-"]


def _refuse_done(ground: Ground, reading: Reading) -> None:
    """The old side is not in the file; is the new one?"""
    wanted = _wanted(reading)
    if sum(len(fold_words(op.text)) for op in wanted) < 2 or _stands_in_part(ground, reading):
        return
    if exact(ground, wanted) or folded(ground, wanted):
        raise HunkRefused("already_applied", "the text already reads as this hunk wants it")


def _stands_in_part(ground: Ground, reading: Reading) -> bool:
    """Does the file have the words of the old side, though not as whole lines? Then a new side within it proves nothing."""
    sides = ([op.text for op in reading.ops if op.kind != kind] for kind in "+-")
    old, new = (f" {' '.join(word for line in side for word in fold_words(line))} " for side in sides)
    return old in f" {ground.folded.joined} " and old not in new


def _in_parts(ground: Ground, task: Task, reading: Reading) -> PlacedHunk | None:
    """Place the changes of a hunk one by one, where a line of context between them was left out."""
    outcomes: dict[tuple[Edit | None, ...], PlacedHunk] = {}
    for split in parts(reading.ops):
        placed = list(_placed_parts(ground, task, [Reading(ops, reading.repairs) for ops in split]))
        if len(placed) != len(split):
            continue
        lines = [hunk.line for hunk in placed]
        if lines == sorted(lines) and lines[-1] - lines[0] <= len(reading.ops) + _FARTHEST_PARTS:
            edits = tuple(edit for hunk in placed for edit in hunk.edits)
            outcomes[_effect(ground, edits)] = replace(placed[0], tier="context", edits=edits)
    return next(iter(outcomes.values())) if len(outcomes) == 1 else None


def _placed_parts(ground: Ground, task: Task, readings: list[Reading]) -> Iterator[PlacedHunk]:
    for reading in readings:
        found = _found(ground, task, exact, [reading]) or _found(ground, task, folded, [reading])
        try:
            if not found:
                return
            yield _only(ground, found)
        except HunkRefused:
            return


def _mended(ground: Ground, task: Task, readings: Sequence[Reading]) -> PlacedHunk:
    """Place the first reading that can be made whole with words of the file, which must stay."""
    for reading in readings:
        for tier, mend in _MENDING:
            if (mended := mend(ground, reading)) and (whole := _whole(ground, task, tier, mended)):
                return whole
    raise HunkRefused("not_found", "its lines are not in the text")


def _whole(ground: Ground, task: Task, tier: Tier, mended: Mended) -> PlacedHunk | None:
    if not mended.reading.changes:
        raise HunkRefused("already_applied", "the text already reads as this hunk wants it")
    found = _found(ground, task, exact, [mended.reading]) or _found(ground, task, folded, [mended.reading])
    if not found:
        return None
    hunk = _only(ground, found)
    if not keeps(ground.text.raw, hunk.edits, mended.kept):
        raise HunkRefused("unclear", "it is open what becomes of the words of the file that it does not quote")
    return replace(hunk, tier=tier)


def _sentences(ground: Ground, task: Task, reading: Reading) -> PlacedHunk | None:
    try:
        found = sentences(ground, reading.ops, ground.text.newline)
    except NotASentence as part:
        message = f"it quotes a part of line {part.line + 1} that is no whole sentence"
        raise HunkRefused("part_of_line", message) from part
    except Unclear as unclear:
        raise HunkRefused("contradiction", str(unclear)) from unclear
    if found is None:
        return None
    edits, line = found
    if not task.hunk.numbers and not inside(ground.text, task.hunk.heading, line):
        return None
    for op in reading.ops:
        # a sentence that grows by what already follows it in the file has been changed before
        if op.kind == "+" and ground.folded.find_loose(fold_words(op.text), 1):
            raise HunkRefused("already_applied", "the text already reads as this hunk wants it")
    return PlacedHunk("sentence", line + 1, reading.repairs, tuple(edits))
