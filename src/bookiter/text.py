"""Small facts about prose that several packages count the same way."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

WORD = re.compile(r"[^\W_]+(?:[’'\-\u2060\u00ad‐‑]+[^\W_]+)*")
# A manuscript's lines end at \n, \r\n or a lone \r; str.splitlines would also cut at U+2028 and form feeds.
_BLANK_LINES = re.compile(r"(?:\r\n|\n|\r)(?:[ \t]*(?:\r\n|\n|\r))+")


@dataclass(frozen=True)
class Paragraph:
    """A block of text between blank lines; ``start`` is its offset, ``line`` its first line, 1-based."""

    text: str
    start: int
    line: int


def words(text: str) -> list[str]:
    """Return the words of a text in order."""
    return WORD.findall(text)


def paragraphs(text: str) -> list[Paragraph]:
    """Return the blocks between blank lines, without the blank lines."""
    found: list[Paragraph] = []
    line = 1
    at = 0
    for start, end in _blocks(text):
        line += _line_breaks(text[at:start])
        at = start
        block = text[start:end]
        if block.strip():
            found.append(Paragraph(block, start, line))
    return found


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _BLANK_LINES.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def _line_breaks(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def one_line(text: str, limit: int = 200) -> str:
    """Return a text on one line, cut at a word with an ellipsis when it is longer than ``limit`` characters."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    return flat[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def plural(count: int, noun: str, many: str = "") -> str:
    """Return a count with its noun: 1 place, 3 places."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"
