"""The readings of a hunk: what its rows may mean, for marks get lost and Markdown has marks of its own.

The first reading takes every mark at its word. Others exist only where the file gives a reason for them, and none of
them ever removes a line that has no ``-`` in front of it.
"""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from bookiter.patch.model import Hunk, Op
from bookiter.patch.reply import tally

_NO_NEWLINE = re.compile(r"\\ ?(No newline|[^\\]*end of file)", re.IGNORECASE)
_NUMBERED = re.compile(r"^\s*\d+(?:\s?[|:│→]\s?|\t)")
_BULLET = re.compile(r"[-+*] \S|\d+[.)] \S")
_PREFIX = re.compile(r"[ \t]*(?:(?:>[ \t]?)+|[-*+][ \t]+|\d+[.)][ \t]+)")
_MOST_GUESSES = 4
_MOST_TAILS = 8
_LONGEST_TALK = 400


@dataclass(frozen=True)
class Reading:
    """One meaning of a hunk's rows, and what had to be repaired to get it."""

    ops: tuple[Op, ...]
    repairs: tuple[str, ...] = ()

    @property
    def old(self) -> list[str]:
        return [op.text for op in self.ops if op.kind != "+"]

    @property
    def new(self) -> list[str]:
        return [op.text for op in self.ops if op.kind != "-"]

    @property
    def changes(self) -> bool:
        return [(op.text, op.ending) for op in self.ops if op.kind != "+"] != [
            (op.text, op.ending) for op in self.ops if op.kind != "-"
        ]


def as_written(hunk: Hunk) -> Reading:
    """Every mark at its word; a row without one is context."""
    return read_rows(hunk.rows)


def read_rows(rows: tuple[str, ...], *, as_context: frozenset[int] = frozenset()) -> Reading:
    """Read rows into ops; those at ``as_context`` are context lines as they stand."""
    ops: list[Op] = []
    bare = False
    for at, row in enumerate(rows):
        if _NO_NEWLINE.match(row) and ops:
            ops[-1] = replace(ops[-1], ending="\r" if ops[-1].ending == "\r\n" else "")
            continue
        marked = row[:1] in (" ", "-", "+") and at not in as_context
        bare = bare or not marked
        ops += _ops(row, marked)
    return Reading(tuple(ops), ("marks in front of context lines restored",) if bare else ())


def _ops(row: str, marked: bool) -> Iterator[Op]:
    kind, body = (row[0], row[1:]) if marked else (" ", row)
    ending = "\r\n" if body.endswith("\r") else "\n"
    pieces = body.removesuffix("\r").split("\r")
    for piece in pieces[:-1]:
        yield Op(kind, piece, "\r", not marked)  # type: ignore[arg-type]
    yield Op(kind, pieces[-1], ending, not marked)  # type: ignore[arg-type]


def tails(hunk: Hunk) -> list[Hunk]:
    """The hunk, and the hunk without what may be talk after it. A row with a mark is only talk if the counts say so."""
    rows = hunk.rows
    found = [hunk]
    bare = len(rows)
    while bare and not rows[bare - 1].strip():
        bare -= 1
    if bare < len(rows):
        cut = replace(hunk, rows=rows[:bare])
        found = [cut] if _replaces(cut.rows) and not _counted_as_added(hunk, bare) else [hunk, cut]
    if hunk.ended:
        return found
    for at in range(len(rows) - 1, max(0, len(rows) - _LONGEST_TALK), -1):
        if len(found) < _MOST_TAILS and not rows[at].strip() and _is_talk(rows, at, hunk):
            end = at
            while end and not rows[end - 1].strip():
                end -= 1
            found += [replace(hunk, rows=rows[:end])] if rows[:end] else []
    return found


def _replaces(rows: tuple[str, ...]) -> bool:
    """Do the rows end in lines that take the place of others? A blank row behind those parts the reply, not the text."""
    end = len(rows)
    while end and rows[end - 1].startswith("+"):
        end -= 1
    return 0 < end < len(rows) and rows[end - 1].startswith("-")


def _counted_as_added(hunk: Hunk, bare: int) -> bool:
    """Do the counts of the header take the blank rows from ``bare`` on for added ones?"""
    if hunk.numbers is None:
        return False
    old, new = tally(hunk.rows[:bare])
    return (hunk.numbers.old_count, hunk.numbers.new_count) == (old, new + len(hunk.rows) - bare)


def _is_talk(rows: tuple[str, ...], at: int, hunk: Hunk) -> bool:
    """May the rows after the blank row ``at`` be talk?"""
    rest = [row for row in rows[at:] if row.strip()]
    if not rest:
        return False
    end = at
    while end and not rows[end - 1].strip():
        end -= 1
    said = hunk.numbers and (hunk.numbers.old_count, hunk.numbers.new_count)
    complete = said is not None and any(tally(rows[:cut]) == said for cut in range(end, at + 1))
    marked = [row for row in rest if row[0] in " +-" and not row.startswith("  ")]
    if complete:
        return all(_BULLET.match(row) for row in marked)
    return not marked and not rows[end - 1].startswith(("+", "-"))


def guesses(hunk: Hunk, stands: Callable[[str], bool], verbatim: Callable[[str], bool]) -> list[Reading]:
    """Readings in which rows that begin like a mark are lines of the text.

    ``stands`` tells if the file has a row as a line of its own, ``verbatim`` if it has it character for character.
    """
    rows = hunk.rows
    found: list[Reading] = []
    doubtful = [at for at, row in enumerate(rows) if row[:1] in ("-", "+") and row[1:].strip() and stands(row)]
    if doubtful and not _sound(hunk):
        if len(doubtful) <= _MOST_GUESSES:
            picks = [
                frozenset(a for a, on in zip(doubtful, flags, strict=True) if on)
                for flags in product((0, 1), repeat=len(doubtful))
            ]
        else:
            picks = [frozenset(doubtful)]
        found += [read_rows(rows, as_context=pick) for pick in picks if pick]
    spaced = frozenset(at for at, row in enumerate(rows) if row[:1] == " " and row.strip())
    unmarked = any(row and row[0] not in " +-\\" for row in rows)
    if spaced and (unmarked or (not _sound(hunk) and all(verbatim(rows[at].rstrip("\r")) for at in spaced))):
        found.append(read_rows(rows, as_context=spaced))
    return found


def unmarked_blanks(hunk: Hunk) -> Reading | None:
    """The reading in which blank rows without a mark, next to ``+`` rows, are added ones; None where there are none."""
    rows = list(hunk.rows)
    if _sound(hunk) or (hunk.numbers and tally(hunk.rows) == (hunk.numbers.old_count, hunk.numbers.new_count)):
        return None
    for order in (range(1, len(rows)), range(len(rows) - 2, -1, -1)):
        for at in order:
            beside = rows[at - order.step]
            if not rows[at] and beside.startswith("+"):
                rows[at] = "+"
    found = Reading(read_rows(tuple(rows)).ops, ("marks in front of added blank lines restored",))
    return found if tuple(rows) != hunk.rows else None


def counted(hunk: Hunk, reading: Reading) -> bool:
    """Do the counts of the header bear a reading out?"""
    if hunk.numbers is None:
        return False
    return (len(reading.old), len(reading.new)) == (hunk.numbers.old_count, hunk.numbers.new_count)


def _sound(hunk: Hunk) -> bool:
    """Is every row marked and does the header count them right? Then the marks are marks."""
    if hunk.numbers is None or not all(row[:1] in (" ", "-", "+", "\\") for row in hunk.rows):
        return False
    return tally(hunk.rows) == (hunk.numbers.old_count, hunk.numbers.new_count)


def continued(reading: Reading, near: Callable[[str], bool]) -> Reading | None:
    """The reading in which unmarked lines that the file has nothing like, right under a ``+`` line, are added ones."""
    if not any(op.kind == " " and not op.bare and not op.blank for op in reading.ops):
        return None
    ops: list[Op] = []
    for op in reading.ops:
        lost = op.bare and not op.blank and ops and ops[-1].kind == "+" and not near(op.text)
        ops.append(replace(op, kind="+") if lost else op)
    if tuple(ops) == reading.ops:
        return None
    return Reading(tuple(ops), (*reading.repairs, "marks in front of added lines restored"))


def decoded(reading: Reading) -> list[Reading]:
    """Readings without line numbers, HTML entities or written-out line feeds, each where it holds for all lines."""
    found: list[Reading] = []
    for again in (_unnumbered, _unescaped, _broken):
        for base in [reading, *found]:
            if (other := again(base)) is not None:
                found.append(other)
    return found


def _unnumbered(reading: Reading) -> Reading | None:
    if not all(_NUMBERED.match(op.text) for op in reading.ops if not op.blank):
        return None
    ops = tuple(replace(op, text=_NUMBERED.sub("", op.text, count=1)) for op in reading.ops)
    return Reading(ops, (*reading.repairs, "line numbers dropped"))


def _unescaped(reading: Reading) -> Reading | None:
    if all(html.unescape(op.text) == op.text for op in reading.ops):
        return None
    ops = tuple(replace(op, text=html.unescape(op.text)) for op in reading.ops)
    return Reading(ops, (*reading.repairs, "HTML entities decoded"))


def _broken(reading: Reading) -> Reading | None:
    if not any("\\n" in op.text for op in reading.ops):
        return None
    ops = tuple(replace(op, text=part) for op in reading.ops for part in op.text.split("\\n"))
    return Reading(ops, (*reading.repairs, "written-out line feeds read"))


def prefixed(reading: Reading, lines: Sequence[str]) -> list[Reading]:
    """Readings with the quote or list mark that all lines of the file have there, or without one they do not have."""
    own = {met[0] if (met := _PREFIX.match(op.text)) else "" for op in reading.ops if not op.blank}
    if len(own) != 1:
        return []
    has = next(iter(own))
    if has:
        ops = tuple(replace(op, text=op.text.removeprefix(has)) for op in reading.ops)
        return [Reading(ops, (*reading.repairs, f"{has.strip()!r} in front of the lines dropped"))]
    quoted = {op.text.strip() for op in reading.ops if op.kind != "+" and not op.blank}
    marks = {met[0] for line in lines if (met := _PREFIX.match(line)) and line[met.end() :].strip() in quoted}
    if len(marks) != 1 or not quoted:
        return []
    mark = next(iter(marks))
    ops = tuple(replace(op, text=mark + op.text.lstrip() if not op.blank else op.text) for op in reading.ops)
    return [Reading(ops, (*reading.repairs, f"{mark.strip()!r} in front of the lines restored"))]


def reversed_reading(reading: Reading) -> Reading:
    """The reading that undoes this one."""
    swap = {"-": "+", "+": "-", " ": " "}
    return replace(reading, ops=tuple(replace(op, kind=swap[op.kind]) for op in reading.ops))  # type: ignore[arg-type]
