"""How a text is told, in figures: how much of it is spoken, and how long its sentences are."""

import re
from dataclasses import dataclass

from bookiter.stages.prose import prose_of
from bookiter.text import words

_CURLY = re.compile(r"[“„][^“”]*(?:[”]|\Z)|«[^»]*(?:»|\Z)|[「『][^」』]*(?:[」』]|\Z)")
_STRAIGHT = re.compile(r"\"[^\"]*(?:\"|\Z)")
_SINGLE = re.compile(r"(?<!\w)‘(?=\w).*?(?:[.,!?…—]’|’(?!\w)|\Z)|(?<!\w)'(?=\w)[^\n]*?(?:[.,!?…—]'|'(?!\w)|\Z)", re.S)
_BLANK = re.compile(r"\n[ \t]*\n\s*")
_STOP = re.compile(
    r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\b[A-Z])[.!?…。！？]+[”’\"'»」』)\]]*(?=\s+[“‘\"'«(\[—–]*[^\Wa-z]|\s*\Z)"
)


@dataclass(frozen=True)
class Manner:
    """Words in all and between quotation marks; sentences, and the words of the longest and the shortest."""

    words: int = 0
    spoken: int = 0
    sentences: int = 0
    longest: int = 0
    shortest: int = 0

    def __add__(self, other: "Manner") -> "Manner":
        shortest = min(filter(None, (self.shortest, other.shortest)), default=0)
        return Manner(
            self.words + other.words,
            self.spoken + other.spoken,
            self.sentences + other.sentences,
            max(self.longest, other.longest),
            shortest,
        )

    @property
    def dialogue(self) -> float:
        """The share of the words that are spoken, 0 to 1."""
        return self.spoken / self.words if self.words else 0.0

    @property
    def average(self) -> float:
        """Words in a sentence."""
        return self.words / self.sentences if self.sentences else 0.0


def manner_of(text: str) -> Manner:
    """Count how a text is told. A quotation that no mark closes goes to the end of its paragraph."""
    found = Manner()
    prose = prose_of(text)
    quoted = _quotations(prose)
    for paragraph in _BLANK.split(prose):
        lengths = [count for count in (len(words(sentence)) for sentence in _sentences(paragraph)) if count]
        spoken = sum(len(words(match[0])) for match in quoted.finditer(paragraph)) if lengths else 0
        if lengths:
            found += Manner(sum(lengths), spoken, len(lengths), max(lengths), min(lengths))
    return found


def _quotations(prose: str) -> re.Pattern[str]:
    """Single marks are a text's quotation marks only where it has no others; else they are quotations inside those."""
    if any(mark in prose for mark in "“„«「『"):
        return _CURLY
    return _STRAIGHT if '"' in prose else _SINGLE


def _sentences(paragraph: str) -> list[str]:
    cuts = [match.end() for match in _STOP.finditer(paragraph)]
    return [paragraph[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(paragraph)], strict=True)]
