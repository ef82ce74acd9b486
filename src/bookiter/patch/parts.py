"""A hunk cut into its changes, for the case that a line of context between two of them was left out."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from bookiter.patch.model import Op

_MOST_CHANGES = 4
_MOST_CONTEXT = 6


def parts(ops: Sequence[Op]) -> Iterator[list[tuple[Op, ...]]]:
    """Every way to cut the context between the changes in two, each change going with what is next to it."""
    changes = runs(ops)
    between = list(pairwise(changes))
    if not 1 < len(changes) <= _MOST_CHANGES or any(b[0] - a[1] > _MOST_CONTEXT for a, b in between):
        return
    if any(all(op.kind != "-" or op.blank for op in ops[start:end]) for start, end in changes):
        return
    for cuts in product(*(range(a[1], b[0] + 1) for a, b in between)):
        edges = [0, *cuts, len(ops)]
        yield [tuple(ops[start:end]) for start, end in pairwise(edges)]


def runs(ops: Sequence[Op]) -> list[tuple[int, int]]:
    """The runs [start, end) of removed and added rows."""
    found: list[tuple[int, int]] = []
    for at, op in enumerate(ops):
        if op.kind == " ":
            continue
        if found and found[-1][1] == at:
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return found
