"""What the last two tiers have in common: a reading made whole with words of the file, and the proof that they stay."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bookiter.patch.model import Edit
from bookiter.patch.place import Ground
from bookiter.patch.readings import Reading
from bookiter.patch.splice import BLOCK

_DOTS = r"(?:\u2026|\.{3,}|\.(?:[ \u00a0\u202f\u2009]\.){2,}(?!\.))"
_REMARK = rf"[\[(<]\s{{0,3}}{_DOTS}?\s{{0,3}}(?:(?:the )?(?:rest|remainder) )?(?:is )?unchanged\s{{0,3}}{_DOTS}?\s{{0,3}}[\])>]"
MARKER = re.compile(rf"[\[(]\s{{0,3}}{_DOTS}\s{{0,3}}[\])]|{_DOTS}|{_REMARK}", re.IGNORECASE)
"""What a reply puts in a line for words that it leaves out."""
_BREAK = re.compile(r"[ \t]*(?:\r\n|\n|\r)[ \t]*")
_LONGEST_PARAGRAPH = 400


@dataclass(frozen=True)
class Mended:
    """A reading whose quoted lines are the file's word for word, and the spans of the file that must stay as they are."""

    reading: Reading
    kept: tuple[tuple[int, int], ...]


def paragraph(ground: Ground, line: int) -> tuple[int, int]:
    """The lines [first, last) of the paragraph that ``line`` belongs to: hard-wrapped ones have more than one."""
    first, last = line, line + 1
    while first > 0 and line - first < _LONGEST_PARAGRAPH and _goes_on(ground, first):
        first -= 1
    while last < len(ground.text) and last - line < _LONGEST_PARAGRAPH and _goes_on(ground, last):
        last += 1
    return first, last


def _goes_on(ground: Ground, line: int) -> bool:
    """Does a line belong to the paragraph of the line above it?"""
    lines = ground.text.lines
    return bool(lines[line].strip() and lines[line - 1].strip()) and not BLOCK.match(lines[line])


def unbroken(raw: str) -> str:
    """A piece of the file as a part of one line."""
    return _BREAK.sub(" ", raw)


def count(words: Sequence[str], wanted: Sequence[str]) -> int:
    """How often words stand in a row among others."""
    return sum(list(words[at : at + len(wanted)]) == list(wanted) for at in range(len(words) - len(wanted) + 1))


def keeps(raw: str, edits: Sequence[Edit], kept: Sequence[tuple[int, int]]) -> bool:
    """Do the edits leave every kept span as it is?"""
    for edit in edits:
        inside = [(start, end) for start, end in kept if start < edit.end and edit.start < end]
        at = 0
        for start, end in sorted(inside):
            found = edit.text.find(raw[start:end], at)
            if not edit.start <= start <= end <= edit.end or found < 0:
                return False
            at = found
    return True
