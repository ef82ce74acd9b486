"""What a reader takes for one character: a letter with its marks, a joined emoji, a flag; and how wide it is shown."""

import unicodedata
from collections.abc import Iterator

_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)


def clusters(text: str) -> Iterator[str]:
    """Yield the characters of a text as a reader counts them."""
    if text.isascii():
        yield from text
        return
    at = ""
    for character in text:
        if at and joins(at, character):
            at += character
            continue
        if at:
            yield at
        at = character
    if at:
        yield at


def joins(before: str, character: str) -> bool:
    """Tell whether a character belongs to what stands before it and cannot be shown without it."""
    if character.isascii():
        return False
    if unicodedata.category(character)[0] == "M" or character == _JOINER or ord(character) in _SKIN_TONES:
        return True
    if before[-1] == _JOINER:
        return True
    return ord(character) in _FLAG_LETTERS and len(before) == 1 and ord(before) in _FLAG_LETTERS


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(_cluster_width(cluster) for cluster in clusters(text))


def _cluster_width(cluster: str) -> int:
    if len(cluster) > 1 and (cluster[-1] == "\ufe0f" or ord(cluster[0]) in _FLAG_LETTERS):
        return 2
    first = cluster[0]
    if unicodedata.category(first) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(first) in "WF" else 1
