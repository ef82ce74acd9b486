"""The normalisation under which a model's typing is compared with the file, with the way back to the file's offsets.

A text becomes a row of words. White space of any kind only parts words; dashes and ellipses are words of their own,
however they are written and spaced; quotation marks, composed letters and invisible characters are levelled inside a
word. Nothing here is ever written: folded text finds places, the bytes come from the file.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
DASHES = "\\-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63"
SINGLE = "\u2018\u2019\u201a\u201b\u2032\u02bc\uff07"
DOUBLE = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02"
_DOTS = r"\.(?:[ \u00a0\u202f\u2009]?\.){2,}"
_WORD = re.compile(
    rf"[{DASHES}][{DASHES}{INVISIBLE}]*|\u2026[{INVISIBLE}]*|{_DOTS}|(?:(?!{_DOTS})[^\s{DASHES}\u2026])+"
)
_LEVEL = {ord(char): "'" for char in SINGLE} | {ord(char): '"' for char in DOUBLE} | dict.fromkeys(map(ord, INVISIBLE))
_DASH = re.compile(f"[{DASHES}]")
DASH_WORD, DOTS_WORD = "-", "…"


def fold_word(raw: str) -> str:
    """Level one word; empty when nothing visible is left of it."""
    if _DASH.match(raw):
        return DASH_WORD
    if raw[0] == "…" or (raw.startswith(".") and len(raw) > 2 and not raw.strip(". \u00a0\u202f\u2009")):
        return DOTS_WORD
    raw = raw[: len(raw) - _hard_break(raw)]
    if raw.isascii():
        return raw
    return unicodedata.normalize("NFC", raw.translate(_LEVEL))


def _hard_break(word: str) -> bool:
    """Does a word end in a hard break of Markdown, which models drop? It goes with the white space behind the word."""
    return word[-1] == "\\" and len(word) > 1


@dataclass(frozen=True)
class Folded:
    """A text as folded words; word ``k`` stands at ``raw[starts[k]:ends[k]]``."""

    raw: str
    words: list[str]
    starts: "array[int]"
    ends: "array[int]"

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def joined(self) -> str:
        return " " + " ".join(self.words) + " "

    @cached_property
    def offsets(self) -> "array[int]":
        offsets, at = array("l"), 1
        for word in self.words:
            offsets.append(at)
            at += len(word) + 1
        return offsets

    def find(self, words: list[str], limit: int) -> list[int]:
        """The index of the first word of every place at which ``words`` stand in a row, at most ``limit`` places."""
        needle = " " + " ".join(words) + " "
        found: list[int] = []
        at = self.joined.find(needle)
        while at >= 0 and len(found) < limit:
            found.append(bisect_left(self.offsets, at + 1))
            at = self.joined.find(needle, at + 1)
        return found

    def word_at(self, offset: int) -> int:
        """The first word that starts at or after ``offset`` of the raw text."""
        return bisect_left(self.starts, offset)

    def find_loose(self, words: list[str], limit: int) -> list[tuple[int, int]]:
        """As :meth:`find`, but the outer two may be parts of words: pairs of offsets in :attr:`joined`."""
        needle = " ".join(words)
        found: list[tuple[int, int]] = []
        at = self.joined.find(needle) if needle else -1
        while at >= 0 and len(found) < limit:
            found.append((at, at + len(needle)))
            at = self.joined.find(needle, at + 1)
        return found

    def raw_at(self, offset: int, *, end: bool = False) -> int:
        """Map an offset in :attr:`joined` that lies on or in a word back to the raw text."""
        word = max(0, bisect_left(self.offsets, offset + 1) - 1)
        inside = offset - self.offsets[word]
        letters = letter_map(self.raw[self.starts[word] : self.ends[word]])
        if not letters:
            return self.ends[word] if end else self.starts[word]
        if end and inside > 0:
            return self.starts[word] + letters[inside - 1][1]
        return self.starts[word] + (letters[inside][0] if inside < len(letters) else 0)


def fold(raw: str) -> Folded:
    """Fold a whole text."""
    words: list[str] = []
    starts, ends = array("l"), array("l")
    known: dict[str, str] = {}
    for match in _WORD.finditer(raw):
        word = match[0]
        folded = known.get(word)
        if folded is None:
            folded = known[word] = fold_word(word)
        if folded:
            words.append(folded)
            starts.append(match.start())
            ends.append(match.end() - _hard_break(word))
    return Folded(raw, words, starts, ends)


def fold_words(raw: str) -> list[str]:
    """The folded words of a short text."""
    return [folded for word in _WORD.findall(raw) if (folded := fold_word(word))]


def letter_map(raw: str) -> list[tuple[int, int]]:
    """For every character of a folded word the span of ``raw`` it comes from; empty where that cannot be told."""
    folded = fold_word(raw)
    if len(folded) == len(raw):
        return [(at, at + 1) for at in range(len(raw))]
    if folded in (DASH_WORD, DOTS_WORD):
        return [(0, len(raw))]
    spans: list[tuple[int, int]] = []
    start = 0
    # one base character with all that follows it and folds into it
    while start < len(raw):
        end = start + 1
        while end < len(raw) and (unicodedata.combining(raw[end]) or raw[end] in INVISIBLE):
            end += 1
        spans += [(start, end)] * len(fold_word(raw[start:end]))
        start = end
    return spans if len(spans) == len(set(spans)) == len(folded) else []
