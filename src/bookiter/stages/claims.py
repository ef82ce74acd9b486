"""The figures in a sentence, so that a model's may be held against what the author and the text say."""

import re
import unicodedata

from bookiter.manuscript.mentions import find_mentions
from bookiter.manuscript.numerals import value_of

_TOKEN = re.compile(r"(?P<digits>\d+(?:[.,:]\d+)*)|(?P<word>[^\W\d_]+(?:-[^\W\d_]+)*)|(?P<percent>[%‰])|(?P<mark>\S)")
_AMOUNTS = frozenset(
    "half halves halved quarter quarters dozen dozens hundred hundreds thousand thousands million millions twice thrice "
    "double doubled doubles triple tripled triples quadrupled threefold twofold tenfold".split()
)
_ORDINAL = re.compile(r"(?:first|second|third|th|st|nd|rd)$")
_MEASURES = {
    name: stem
    for stem in (
        "word",
        "line",
        "character",
        "letter",
        "paragraph",
        "sentence",
        "page",
        "file",
        "chapter",
        "scene",
        "time",
    )
    for name in (stem, stem + "s")
} | {"percent": "%", "percentage": "%", "%": "%", "‰": "‰", "cent": "%"}
_NEAR = 2


def figures(text: str) -> frozenset[str]:
    """Return the figures in a text, in digits and in English words, each as "3", or "3 word" where it counts words.

    "One" and ordinals in words are none: they are rarely counts.
    """
    tokens = [(match.lastgroup or "", match[0]) for match in _TOKEN.finditer(text)]
    found: set[str] = set()
    for at, (kind, token) in enumerate(tokens):
        for figure in _values(kind, token):
            found.add(figure)
            following = [word.lower() for _, word in tokens[at + 1 : at + 1 + _NEAR]]
            measure = next((_MEASURES[word] for word in following if word in _MEASURES), "")
            if token.lower() in _AMOUNTS and following[:1] == ["as"]:  # twice as dark
                found.add(f"{figure} as")
            if measure:
                found.add(f"{figure} {measure}")
    return frozenset(found)


def _values(kind: str, token: str) -> list[str]:
    if kind == "digits":
        plain = token.replace(",", "")
        return [str(int(plain)) if plain.isdecimal() else plain]
    odd = [character for character in token if unicodedata.category(character) in ("No", "Nl")]  # ½, ², Ⅳ
    return odd or (_in_words(token) if kind == "word" else [])


def _in_words(token: str) -> list[str]:
    lowered = token.lower()
    if lowered in _AMOUNTS:
        return [lowered]
    if _ORDINAL.search(lowered) or lowered == "one" or len(lowered) < 3:
        return []
    value = value_of(lowered)
    if value is not None:
        return [str(value)]
    first, hyphen, _ = lowered.partition("-")
    value = value_of(first) if hyphen and first != "one" and not _ORDINAL.search(first) else None
    return [] if value is None else [str(value)]


class Ground:
    """What a model may take figures from: the author's words, the changed places, the numbers of the target's chapters."""

    def __init__(self, *texts: str, chapters: frozenset[int], paths: frozenset[str]) -> None:
        self._known = frozenset(figure for text in texts for figure in figures(text))
        self._chapters = chapters
        self._paths = paths

    def bears(self, sentence: str) -> bool:
        """Tell whether every figure of a sentence is found there, and those that count something as such."""
        for path in self._paths:
            sentence = sentence.replace(path, " ")
        for mention in reversed(find_mentions(sentence, ())):
            if mention.kind == "numbers":
                if not all(number in self._chapters or str(number) in self._known for number in mention.numbers):
                    return False
                sentence = f"{sentence[: mention.start]} {sentence[mention.stop :]}"
        return figures(sentence) <= self._known
