"""The tier for sentences: authors' paragraphs are single lines, and a reply may quote just the sentence it changes.

Legal only where the quoted text stands once in the whole file, begins and ends where a sentence does, and any context
fits the lines around.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bookiter.patch.bent import fits
from bookiter.patch.fold import fold_words
from bookiter.patch.model import Edit, Op
from bookiter.patch.place import Ground
from bookiter.patch.splice import splice
from bookiter.patch.style import Style
from bookiter.patch.words import Words

_CLOSERS = r"(?:[”’\"')\]»*_]|</[^<>]*>)*"
_ENDED = re.compile(rf"[.!?…]{_CLOSERS}$")
_OPENERS = re.compile(r"(?:[“‘\"'(\[«*_]|<[^/<>][^<>]*>)*$")
_MARKER = re.compile(r"\s*(?:>\s*)*(?:[-*+]|\d+[.)]|#{1,6})?\s*$")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"'‘])(?:Mr|Mrs|Ms|Dr|St|Prof|Rev|Capt|Col|Gen|Sr|Jr|vs|etc|No|Vol|pp?|e\.g|i\.e|[A-Z])\.$"
)
_AFTER = re.compile(rf"{_CLOSERS}(?:\s|$)")
_TAG = re.compile(r"<[^<>]*>")
_FEWEST_WORDS = 2


@dataclass(frozen=True)
class Fragment:
    """A removed part of a line and what it becomes."""

    row: int
    old: str
    new: str


class NotASentence(Exception):
    """The removed text stands in the file as a part of a line that is no whole sentence; ``line`` is 0-based."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def sentences(ground: Ground, ops: Sequence[Op], newline: str) -> tuple[list[Edit], int] | None:
    """The edits of a hunk all of whose changes are whole sentences, and its first line (0-based); None if it has others.

    Raises :class:`NotASentence` for a part of a line that is none, and :class:`Unclear` as the splice does.
    """
    fragments = _fragments(ops)
    if not fragments:
        return None
    edits, lines = [], []
    for fragment in fragments:
        spots = ground.folded.find_loose(fold_words(fragment.old), 2)
        if len(spots) != 1:
            return None
        start, end = ground.folded.raw_at(spots[0][0]), ground.folded.raw_at(spots[0][1], end=True)
        line = ground.text.line_at(start)
        if ground.text.line_at(end - 1) != line:
            return None
        if not _is_sentence(ground.text.raw, ground.text.start(line), start, end, ground.text.end(line)):
            raise NotASentence(line)
        edits.append(_edit(ground, fragment, start, end, newline))
        lines.append(line)
    return (edits, lines[0]) if _context_fits(ground, ops, fragments, lines) else None


def _fragments(ops: Sequence[Op]) -> list[Fragment]:
    """The changed runs of a hunk, if each is one removed and one added line; none otherwise."""
    found: list[Fragment] = []
    at = 0
    while at < len(ops):
        if ops[at].kind == " ":
            at += 1
            continue
        pair = ops[at : at + 2]
        if len(pair) != 2 or (pair[0].kind, pair[1].kind) != ("-", "+") or pair[1].blank:
            return []
        if len(fold_words(pair[0].text)) < _FEWEST_WORDS:
            return []
        found.append(Fragment(at, pair[0].text.strip(), pair[1].text.strip()))
        at += 2
    return found


def _is_sentence(raw: str, line_start: int, start: int, end: int, line_end: int) -> bool:
    before = _OPENERS.sub("", raw[line_start:start])
    text, after = raw[start:end], raw[end:line_end]
    plain = _TAG.sub("", before)
    begins = bool(_MARKER.fullmatch(plain)) or (
        before != before.rstrip() and bool(_ENDED.search(plain.rstrip())) and not _ABBREVIATION.search(plain.rstrip())
    )
    if not begins or not _capital(text):
        return False
    if _ENDED.search(text) and not _ABBREVIATION.search(text):
        return bool(_AFTER.match(after))
    return not re.sub(_CLOSERS, "", after).strip()


def _capital(text: str) -> bool:
    letters = [char for char in _TAG.sub("", text) if char.isalnum()]
    return bool(letters) and not letters[0].islower()


def _edit(ground: Ground, fragment: Fragment, start: int, end: int, newline: str) -> Edit:
    file = ground.text.raw[start:end]
    style, old = Style(), Words(fragment.old)
    if old.folded == Words(file).folded:
        style.learn(old, Words(file), zip(range(len(old)), range(len(old)), strict=True))
    return Edit(start, end, splice(fragment.old, fragment.new, file, style, newline))


def _context_fits(ground: Ground, ops: Sequence[Op], fragments: list[Fragment], lines: list[int]) -> bool:
    """Do the context rows fit the lines next to those of the fragments, in order?"""
    at: dict[int, int] = {fragment.row: line for fragment, line in zip(fragments, lines, strict=True)}
    if lines != sorted(lines):
        return False
    return _fits_along(ground, ops, at, range(len(ops)), 1) and _fits_along(
        ground, ops, at, range(len(ops) - 1, -1, -1), -1
    )


def _fits_along(ground: Ground, ops: Sequence[Op], at: dict[int, int], order: range, step: int) -> bool:
    line: int | None = None
    for row in order:
        op = ops[row]
        if row in at:
            line = at[row]
        elif op.kind == " " and not op.blank and line is not None:
            words = fold_words(op.text)
            following = _following(ground, line, step)
            if following is None or not fits(words, ground.keys[following]):
                return False
            line = following
    return True


def _following(ground: Ground, line: int, step: int) -> int | None:
    line += step
    while 0 <= line < len(ground.keys):
        if ground.keys[line]:
            return line
        line += step
    return None
