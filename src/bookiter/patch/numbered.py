"""The strict tier: a diff that a program could have written, standing byte for byte where its numbers say.

Lines are git's here: they end at line feeds only, and a carriage return is part of its line.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from bookiter.patch.diff import OPEN_END, git_lines
from bookiter.patch.model import Edit, Hunk, Numbers

_CONTEXT = 3
_MARKER = "\\ No newline"
_Row = tuple[str, str]
"""A mark and a line as ``git_lines`` has it."""


def numbered(raw: str, hunks: Sequence[Hunk], *, reverse: bool) -> list[tuple[int, list[Edit]]] | None:
    """The first line (1-based) and the edits of every hunk.

    None unless all counts and all line numbers are true and every byte is the file's.
    """
    lines = git_lines(raw)
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    placed: list[tuple[int, list[Edit]]] = []
    shift = reached = 0
    for hunk in hunks:
        rows, claim = _rows(hunk, reverse), _claim(hunk, reverse)
        if rows is None or claim is None:
            return None
        first = claim.old_start - (1 if claim.old_count else 0)
        new_first = claim.new_start - (1 if claim.new_count else 0)
        if first < reached or new_first != first + shift or not _stands(lines, rows, claim, first):
            return None
        placed.append((first + 1, list(_edits(rows, starts, first, len(raw)))))
        reached, shift = first + claim.old_count, shift + claim.new_count - claim.old_count
    return placed if _whole_lines([own for _, own in placed], len(raw)) else None


def _claim(hunk: Hunk, reverse: bool) -> Numbers | None:
    said = hunk.numbers
    if said is None or not reverse:
        return said
    return Numbers(said.new_start, said.new_count, said.old_start, said.old_count)


def _rows(hunk: Hunk, reverse: bool) -> list[_Row] | None:
    """The rows as marks and lines; None if one has no mark."""
    turned = {"-": "+", "+": "-"} if reverse else {}
    rows: list[_Row] = []
    for row in hunk.rows:
        if row.startswith(_MARKER) and rows:
            rows[-1] = (rows[-1][0], rows[-1][1].removesuffix(OPEN_END) + OPEN_END)
        elif row[:1] in (" ", "-", "+"):
            rows.append((turned.get(row[0], row[0]), row[1:]))
        else:
            return None
    return rows


def _stands(lines: list[str], rows: list[_Row], claim: Numbers, first: int) -> bool:
    old = [line for mark, line in rows if mark != "+"]
    if (len(old), sum(mark != "-" for mark, _ in rows)) != (claim.old_count, claim.new_count):
        return False
    return lines[first : first + len(old)] == old and _anchored(rows, first, len(lines))


def _anchored(rows: list[_Row], first: int, count: int) -> bool:
    """Is there context, or the end of the file, on either side, and are there words in what is quoted?"""
    marks = "".join(mark for mark, _ in rows)
    above, below = len(marks) - len(marks.lstrip(" ")), len(marks) - len(marks.rstrip(" "))
    top, bottom = first == 0, first + len(marks) - marks.count("+") == count
    if (above >= _CONTEXT or top) and (below >= _CONTEXT or bottom):
        return True
    run_above, run_below = marks.split(" ")[0], marks.split(" ")[-1]
    held_above, held_below = above > 0 or top or "-" in run_above, below > 0 or bottom or "-" in run_below
    return held_above and held_below and any(line.strip() for mark, line in rows if mark != "+")


def _edits(rows: list[_Row], starts: list[int], first: int, size: int) -> Iterator[Edit]:
    at = start = first
    new: list[str] = []
    for mark, line in [*rows, (" ", "")]:
        if mark == "+":
            new.append(line)
        elif mark == "-":
            at += 1
        else:
            if new or at > start:
                yield Edit(min(starts[start], size), min(starts[at], size), "".join(map(_ended, new)))
            at += 1
            start, new = at, []


def _ended(line: str) -> str:
    return line.removesuffix(OPEN_END) if line.endswith(OPEN_END) else line + "\n"


def _whole_lines(edits: list[list[Edit]], size: int) -> bool:
    """Is a line without its ending written only as the last one?"""
    return all(edit.text.endswith("\n") or not edit.text or edit.end == size for own in edits for edit in own)
