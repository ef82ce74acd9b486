"""Whether words that a judge quotes stand in the text: looked up under the typography that models flatten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bookiter.patch.fold import DOTS_WORD
from bookiter.stages.change import Change
from bookiter.stages.evidence import fold_flat

_MARKUP = re.compile(r"[*_`]+")
_DIFF_SIGN = re.compile(r"^[+-] ?", re.M)
_ELISION = re.compile(rf"[\[(]?\s*{DOTS_WORD}\s*[\])]?")
_EDGES = " \t\n\"'“”‘’«»„.,;:"
_LETTERS = 3
_NEAR = 1000
_PLACES = 50


@dataclass(frozen=True)
class Texts:
    """The texts of a change before and after, folded, one for each file."""

    old: tuple[str, ...]
    new: tuple[str, ...]

    @classmethod
    def of(cls, change: Change) -> "Texts":
        return cls(
            tuple(_folded(file.before) for file in change.files), tuple(_folded(file.after) for file in change.files)
        )

    def hold(self, quote: str) -> bool:
        """Tell whether a quote stands in the old or the new text."""
        return self.in_new(quote) or self.in_old(quote)

    def in_new(self, quote: str) -> bool:
        """Tell whether a quote stands in the new text."""
        return any(_stands(quote, text) for text in self.new)

    def in_old(self, quote: str) -> bool:
        """Tell whether a quote stands in the old text."""
        return any(_stands(quote, text) for text in self.old)


def within(quote: str, passage: str) -> bool:
    """Tell whether a quote is part of another one."""
    return _stands(quote, _folded(passage))


def _folded(text: str) -> str:
    return fold_flat(_MARKUP.sub("", text))


def _stands(quote: str, text: str) -> bool:
    return any(_in_order(parts, text) for parts in _readings(quote))


def _readings(quote: str) -> Iterator[list[str]]:
    """Yield what a quote may mean: its words as they are, without a diff's signs, and with gaps where dots stand.

    A part with next to no letters proves nothing, and is not looked for.
    """
    for raw in dict.fromkeys((quote, _DIFF_SIGN.sub("", quote))):
        whole = _folded(raw.strip(_EDGES)).strip(_EDGES)
        if _letters(whole) >= _LETTERS:
            yield [whole]
        parts = [part.strip(_EDGES) for part in _ELISION.split(whole)]
        telling = [part for part in parts if _letters(part) >= _LETTERS]
        if len(parts) > 1 and telling:
            yield telling


def _letters(text: str) -> int:
    return sum(character.isalnum() for character in text)


def _in_order(parts: list[str], text: str) -> bool:
    """Tell whether the parts occur one after the other, none far from the one before it."""
    start = text.find(parts[0])
    for _ in range(_PLACES):
        if start < 0:
            return False
        at = start + len(parts[0])
        for part in parts[1:]:
            found = text.find(part, at, at + _NEAR + len(part))
            if found < 0:
                break
            at = found + len(part)
        else:
            return True
        start = text.find(parts[0], start + 1)
    return False
