"""Comparing two texts without knowing how one became the other."""

import re

from bookiter.builtin.edits import shorten
from bookiter.builtin.markdown import line_number
from bookiter.builtin.matching import Span

_DOUBLED = re.compile(r"(?<=\S)  +(?=\S)")


def common_start(one: str, other: str) -> int:
    """Return how many characters two texts share at the beginning, by halving, which is quick on long texts."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low


def one_cut(longer: str, shorter: str) -> Span | None:
    """Return the one span without which ``longer`` is ``shorter``, None when there is no such span."""
    size = len(longer) - len(shorter)
    start = common_start(longer, shorter)
    return (start, start + size) if size > 0 and longer[start + size :] == shorter[start:] else None


def differing(old: str, new: str) -> str:
    """Return where two texts first differ, with a few words of each."""
    at = common_start(old, new)
    start = max(0, at - 15)
    return f"line {line_number(old, at)}, “{shorten(old[start : at + 25])}” became “{shorten(new[start : at + 25])}”"


def spaces_doubled(old: str, new: str) -> bool:
    """Tell whether ``new`` has more double spaces between words than ``old``."""
    return len(_DOUBLED.findall(new)) > len(_DOUBLED.findall(old))
