"""The canonical unified diff: what ``git apply`` takes without fuzz, written from two texts.

Lines of a diff end at line feeds only, as git sees them: a carriage return is part of its line. Equal ends are cut off
first, and lines that occur once on either side anchor the rest, so that a megabyte with few changes costs milliseconds.
"""

import itertools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

Block = tuple[int, int, int, int]
"""Lines [a, b) of the one text stand where lines [c, d) of the other stand."""

OPEN_END = "\n\\ No newline at end of file"
_QUADRATIC = 400
_NEAR, _RUN, _STRIDE = 24, 8, 256
_ESCAPES = {"\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r"}
_ESCAPES |= {'"': '\\"', "\\": "\\\\"}
_UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\]')


def unified_diff(path: str, before: str, after: str, *, context: int = 3) -> str:
    """Write the diff of one file; empty when the texts are equal. Diffs of several files are simply concatenated."""
    if before == after:
        return ""
    old, new = git_lines(before), git_lines(after)
    blocks = list(changes(old, new))
    parts = [_header("---", "a/" + path), _header("+++", "b/" + path)]
    for group in _grouped(blocks, context):
        parts.append(_hunk(old, new, group, context))
    return "".join(parts)


def git_lines(text: str) -> list[str]:
    """The lines as git counts them, without line feeds; a last line without one carries git's remark about that."""
    lines = text.split("\n")
    last = lines.pop()
    return [*lines, last + OPEN_END] if last else lines


def _header(mark: str, name: str) -> str:
    if _UNSAFE.search(name):
        return f'{mark} "{_UNSAFE.sub(_escape, name)}"\n'
    return f"{mark} {name}\t\n" if " " in name else f"{mark} {name}\n"


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or f"\\{ord(match[0]):03o}"


def _hunk(old: list[str], new: list[str], group: list[Block], context: int) -> str:
    first, last = group[0], group[-1]
    a, c = max(0, first[0] - context), max(0, first[2] - context)
    b, d = min(len(old), last[1] + context), min(len(new), last[3] + context)
    rows, at = [f"@@ -{_range(a, b)} +{_range(c, d)} @@\n"], a
    for i, j, k, m in group:
        rows += (f" {line}\n" for line in old[at:i])
        rows += (f"-{line}\n" for line in old[i:j])
        rows += (f"+{line}\n" for line in new[k:m])
        at = j
    rows += (f" {line}\n" for line in old[at:b])
    return "".join(rows)


def _range(start: int, end: int) -> str:
    count = end - start
    first = start + 1 if count else start
    return str(first) if count == 1 else f"{first},{count}"


def _grouped(blocks: list[Block], context: int) -> Iterator[list[Block]]:
    group: list[Block] = []
    for block in blocks:
        if group and block[0] - group[-1][1] > 2 * context:
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def changes(old: list[str], new: list[str]) -> Iterator[Block]:
    """The changed blocks, in order, none empty on both sides and no two touching."""
    pending: Block | None = None
    for a, b, c, d in _blocks(old, new, (0, len(old), 0, len(new))):
        if pending and (pending[1], pending[3]) == (a, c):
            pending = (pending[0], b, pending[2], d)
            continue
        if pending:
            yield pending
        pending = (a, b, c, d)
    if pending:
        yield pending


def _blocks(old: list[str], new: list[str], whole: Block) -> Iterator[Block]:
    stack = [whole]
    while stack:
        a, b, c, d = _trimmed(old, new, stack.pop())
        if a == b and c == d:
            continue
        if (met := _resync(old, new, (a, b, c, d))) is not None:
            stack += [(met[0], b, met[1], d), (a, met[0], c, met[1])]
            continue
        anchors = _anchors(old, new, (a, b, c, d)) if a < b and c < d else []
        if anchors:
            cuts = [(a, c), *[(i, j) for i, j in anchors], (b, d)]
            pieces = [(i, k, j, m) for (i, j), (k, m) in itertools.pairwise(cuts)]
            stack += reversed(pieces)
        elif a < b and c < d and b - a < _QUADRATIC and d - c < _QUADRATIC:
            yield from _small(old, new, (a, b, c, d))
        else:
            yield a, b, c, d


def _resync(old: list[str], new: list[str], block: Block) -> tuple[int, int] | None:
    """In a large block, where the two go on alike after a few lines: cheaper than looking at all lines."""
    a, b, c, d = block
    if b - a < _QUADRATIC or d - c < _QUADRATIC:
        return None
    for far in range(1, _NEAR):
        for i in range(far + 1):
            j = far - i
            if old[a + i] == new[c + j] and old[a + i : a + i + _RUN] == new[c + j : c + j + _RUN]:
                return a + i, c + j
    return None


def _small(old: list[str], new: list[str], block: Block) -> Iterator[Block]:
    a, b, c, d = block
    matcher = SequenceMatcher(None, old[a:b], new[c:d], autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            yield a + i, a + j, c + k, c + m


def _trimmed(old: list[str], new: list[str], block: Block) -> Block:
    a, b, c, d = block
    for step in (_STRIDE, 1):
        # slices are compared far faster than their lines one by one
        while a + step <= b and c + step <= d and old[a : a + step] == new[c : c + step]:
            a, c = a + step, c + step
        while a + step <= b and c + step <= d and old[b - step : b] == new[d - step : d]:
            b, d = b - step, d - step
    return a, b, c, d


def _anchors(old: list[str], new: list[str], block: Block) -> list[tuple[int, int]]:
    """Pairs of equal lines, rising on both sides, of lines that occur once in either block."""
    a, b, c, d = block
    counts_old, counts_new = Counter(old[a:b]), Counter(new[c:d])
    where = {line: c + at for at, line in enumerate(new[c:d]) if counts_new[line] == 1}
    pairs = [(i, where[old[i]]) for i in range(a, b) if counts_old[old[i]] == 1 and old[i] in where]
    return _rising(pairs)


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs that rises on the second side (patience)."""
    tops: list[int] = []
    piles: list[int] = []
    back: list[int] = []
    for at, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        back.append(piles[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [j]
        piles[pile : pile + 1] = [at]
    found, at = [], piles[-1] if piles else -1
    while at >= 0:
        found.append(pairs[at])
        at = back[at]
    return found[::-1]
