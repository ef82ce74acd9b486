"""From placed lines to swaps: which lines of the file make way for which lines of the reply.

Lines with words were placed by a tier; blank lines are reconciled here, gap by gap, for models lose and invent them.
Where blank lines can be paired in several ways that would give different texts, the hunk is refused.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import comb
from typing import Literal

from bookiter.patch.model import Op, Unclear
from bookiter.patch.text import Text

_MOST_WAYS = 2000
_MOST_MISSING = 6


@dataclass(frozen=True)
class Chunk:
    """Rows of the hunk [row, row_end) that together are lines [first, last) of the file, word for word."""

    row: int
    row_end: int
    first: int
    last: int
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True)
class Swap:
    """Lines [first, last) of the file, which the reply quotes as ``old``, are to become ``new``."""

    first: int
    last: int
    old: tuple[str, ...]
    new: tuple[Op, ...]


@dataclass(frozen=True)
class _Row:
    kind: Literal["keep", "drop", "mix", "add", "blank"]
    first: int = -1
    last: int = -1
    old: tuple[str, ...] = ()
    new: tuple[Op, ...] = ()
    op: Op | None = None


def weave(text: Text, ops: Sequence[Op], chunks: Sequence[Chunk]) -> list[Swap]:
    """Turn placed rows into swaps, in the order of the file. Raises :class:`Unclear`."""
    rows = _with_gaps(text, _rows(ops, chunks))
    return list(_swaps(rows))


def _rows(ops: Sequence[Op], chunks: Sequence[Chunk]) -> list[_Row]:
    rows: list[_Row] = []
    at = 0
    for chunk in [*chunks, Chunk(len(ops), len(ops), -1, -1)]:
        # a row of dots that no tier placed stands for lines, not for a blank one
        unplaced = [op for op in ops[at : chunk.row] if op.kind != " " or op.blank]
        rows += (_Row("add", new=(op,)) if op.kind == "+" else _Row("blank", op=op) for op in unplaced)
        if chunk.first >= 0:
            rows.append(_placed(ops[chunk.row : chunk.row_end], chunk))
        at = chunk.row_end
    return rows


def _placed(ops: Sequence[Op], chunk: Chunk) -> _Row:
    kinds = {op.kind for op in ops}
    ragged = bool(chunk.prefix or chunk.suffix)
    if kinds == {" "}:
        return _Row("keep", chunk.first, chunk.last, op=ops[0] if ragged else None)
    old = [op.text for op in ops if op.kind != "+"]
    if kinds == {"-"} and not ragged:
        return _Row("drop", chunk.first, chunk.last, tuple(old))
    if ragged and (ops[0].kind != " " if chunk.prefix else ops[-1].kind != " "):
        raise Unclear("the removed text is only a part of a line")
    if chunk.prefix and chunk.suffix and ops[-1].kind != " ":
        raise Unclear("the removed text is only a part of a line")
    new = [op for op in ops if op.kind != "-"]
    old[0], old[-1] = chunk.prefix + old[0], old[-1] + chunk.suffix
    new[0] = Op(" ", chunk.prefix + new[0].text)
    new[-1] = Op(" ", new[-1].text + chunk.suffix) if chunk.suffix else new[-1]
    return _Row("mix", chunk.first, chunk.last, tuple(old), tuple(new))


def _with_gaps(text: Text, rows: list[_Row]) -> list[_Row]:
    """Put the file's own blank lines between the placed rows."""
    done: list[_Row] = []
    gap: list[_Row] = []
    before: _Row | None = None
    for row in [*rows, None]:
        if row is not None and row.kind in ("add", "blank"):
            gap.append(row)
            continue
        done += _gap(text, before, gap, row)
        if row is not None:
            done.append(row)
        before, gap = row, []
    return done


def _gap(text: Text, before: _Row | None, gap: list[_Row], after: _Row | None) -> list[_Row]:
    first = before.last if before else _blanks_above(text, after, gap)
    last = after.first if after else _blanks_below(text, before, gap)
    adds = any(row.kind == "add" for row in gap)
    if adds and ((before and before.op) or (after and after.op)) and not (before and after):
        raise Unclear("the lines would go into the middle of a line")
    if not gap and first == last:
        return []
    if all(row.op is not None and row.op.kind == " " for row in gap):
        # nothing happens here, so the file's blank lines stay whatever the reply made of them
        return [_Row("keep", first, last)] if first < last else []
    ways = _ways(gap, first, last, before, after)
    if len(ways) > 1:
        ways = [way for way in ways if _well_parted(way, before, after)] or ways
    if len(ways) != 1:
        raise Unclear("the blank lines around the change can be read in several ways")
    return ways[0]


def _blanks_above(text: Text, after: _Row | None, gap: list[_Row]) -> int:
    at = after.first if after else 0
    for _ in [row for row in gap if row.kind == "blank"]:
        if at > 0 and not text.lines[at - 1].strip():
            at -= 1
    return at


def _blanks_below(text: Text, before: _Row | None, gap: list[_Row]) -> int:
    at = before.last if before else 0
    for _ in [row for row in gap if row.kind == "blank"]:
        if at < len(text) and not text.lines[at].strip():
            at += 1
    return at


def _ways(gap: list[_Row], first: int, last: int, before: _Row | None, after: _Row | None) -> list[list[_Row]]:
    """Every different outcome of pairing the blank rows of a gap with the blank lines [first, last) of the file."""
    blanks = [at for at, row in enumerate(gap) if row.kind == "blank"]
    have, said = last - first, len(blanks)
    found: dict[tuple[str, ...], list[_Row]] = {}
    if comb(said, max(0, said - have)) > _MOST_WAYS or have > said + _MOST_MISSING:
        raise Unclear("the blank lines around the change can be read in too many ways")
    if said > have:
        chosen_rows = list(combinations(blanks, said - have))
        candidates = [_without(gap, chosen, as_added) for chosen in chosen_rows for as_added in (True, False)]
    else:
        candidates = _padded(gap, have - said, before, after)
    for candidate in candidates[:_MOST_WAYS]:
        if candidate is not None:
            way = _numbered(candidate, first)
            found.setdefault(tuple(_outcome(way)), way)
    return list(found.values())


def _without(gap: list[_Row], chosen: tuple[int, ...], as_added: bool) -> list[_Row] | None:
    """Take the chosen blank rows for added ones that lack their mark, or, where nothing changes, for nothing."""
    adds = any(row.kind == "add" for row in gap)
    drops = any(row.op is not None and row.op.kind == "-" for row in gap)
    rows: list[_Row] = []
    for at, row in enumerate(gap):
        if at not in chosen or row.op is None:
            rows.append(row)
        elif row.op.kind == "-" or (as_added and not row.op.bare) or as_added != (adds or (drops and as_added)):
            return None
        elif as_added:
            rows.append(_Row("add", new=(Op("+", "", row.op.ending),)))
    return rows


def _padded(gap: list[_Row], missing: int, before: _Row | None, after: _Row | None) -> list[list[_Row] | None]:
    """Put ``missing`` blank lines, which the reply left out, at any place of the gap where they can be."""
    places = list(range(len(gap) + 1))
    adds = bool(gap) and all(row.kind == "add" for row in gap)
    if adds and before and after and before.kind == after.kind == "drop":
        # a minus row after plus rows begins another change, so the lost context stood between the two
        places = [len(gap)]
    elif gap and gap[0].kind == "add" and before and before.kind in ("drop", "mix"):
        places.remove(0)
    elif gap and gap[-1].kind == "add" and after and after.kind in ("drop", "mix"):
        places.remove(len(gap))
    ways: list[list[_Row] | None] = []
    blank = _Row("blank", op=Op(" ", ""))
    for chosen in combinations(places * missing if missing > 1 else places, missing):
        rows: list[_Row] = []
        for at in range(len(gap) + 1):
            rows += [blank] * chosen.count(at)
            rows += gap[at : at + 1]
        ways.append(rows)
        if len(ways) > _MOST_WAYS:
            raise Unclear("the blank lines around the change can be read in too many ways")
    return ways


def _numbered(rows: list[_Row], first: int) -> list[_Row]:
    way, at = [], first
    for row in rows:
        if row.kind == "blank" and row.op is not None:
            way.append(_Row("drop" if row.op.kind == "-" else "keep", at, at + 1, (row.op.text,)))
            at += 1
        else:
            way.append(row)
    return way


def _outcome(way: list[_Row]) -> Iterator[str]:
    for row in way:
        if row.kind == "keep":
            yield ""
        elif row.kind == "add":
            yield row.new[0].text


def _well_parted(way: list[_Row], before: _Row | None, after: _Row | None) -> bool:
    """Does the outcome part the new paragraphs from both neighbours by blank lines, and double none?"""
    lines = list(_outcome(way))
    doubled = any(not a.strip() and not b.strip() for a, b in pairwise(lines))
    if not lines or doubled:
        return False
    top = not lines[0].strip() or before is None or before.kind != "keep"
    return top and (not lines[-1].strip() or after is None or after.kind != "keep")


def _swaps(rows: list[_Row]) -> Iterator[Swap]:
    run: list[_Row] = []
    at: int | None = None
    for row in [*rows, _Row("keep")]:
        if row.kind != "keep":
            run.append(row)
            continue
        if run:
            yield _swap(run, at, row.first)
        run, at = [], row.last
    return


def _swap(run: list[_Row], after: int | None, before: int) -> Swap:
    placed = [row for row in run if row.first >= 0]
    new = tuple(op for row in run for op in row.new)
    if not placed:
        where = after if after is not None else before
        if where < 0:
            raise Unclear("nothing says where the lines belong")
        return Swap(where, where, (), new)
    old = tuple(line for row in placed for line in row.old)
    return Swap(placed[0].first, placed[-1].last, old, new)
