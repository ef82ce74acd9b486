"""Headings in ``@@ … @@``: they limit a hunk to their section."""

import re

from bookiter.patch.fold import fold_words
from bookiter.patch.text import Text

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$|(=+)\s+(.*?)\s*=*$|\s*<h([1-6])\b[^>]*>(.*?)</h[1-6]>")


def inside(text: Text, heading: str, line: int) -> bool:
    """Is a line (0-based) in the section that a hunk's heading names, or has the file no such heading?"""
    sections = _sections(text, heading) if heading else []
    return not sections or any(first <= line < last for first, last in sections)


def _sections(text: Text, heading: str) -> list[tuple[int, int]]:
    """The lines [first, last) of every section whose heading has the words asked for."""
    wanted = fold_words(heading.strip("#= "))
    heads = [
        (at, level, words) for at, line in enumerate(text.lines) if (head := _head(line)) for level, words in [head]
    ]
    found = []
    for number, (at, level, words) in enumerate(heads):
        if words == wanted:
            below = (line for line, other, _ in heads[number + 1 :] if other <= level)
            found.append((at, next(below, len(text))))
    return found


def _head(line: str) -> tuple[int, list[str]] | None:
    met = _HEADING.match(line)
    if not met:
        return None
    if met[1]:
        return len(met[1]), fold_words(met[2])
    if met[3]:
        return len(met[3]), fold_words(met[4])
    return int(met[5]), fold_words(re.sub(r"<[^<>]*>", " ", met[6]))
