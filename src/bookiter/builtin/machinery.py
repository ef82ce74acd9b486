"""What in a Markdown text is machinery that no edit of words may touch."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bookiter.builtin.markdown import front_lines, read_page, split_lines
from bookiter.builtin.matching import EOL, Span

_BOM = "\ufeff"
_TITLES = re.compile(
    r"^(?:title|subtitle|short_title|description|summary|abstract)[ \t]*[:=][ \t]*(?P<value>\S[^\r\n]*)", re.MULTILINE
)
_INLINE = re.compile(
    r"\]\((?:<[^<>\r\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:[ \t]+(?:\"[^\"\r\n]*\"|'[^'\r\n]*'))?\)"
    r"|</?[A-Za-z][\w-]*(?:\s[^<>]{0,1000})?/?>|<[!?][A-Za-z][^<>]{0,1000}>"
    r"|(?:https?|ftp|mailto)://?[^\s<>\"“”’)\]]+|www\.[^\s<>\"“”’)\]]+"
    r"|\{[#.:%{][^{}\r\n]*\}+"
)
_BLANK = re.compile(rf"{EOL}[ \t>]*{EOL}")
_TARGET = re.compile(r"^ {0,3}\[(?!\^)[^\]\r\n]+\]:[ \t]*(?P<target>\S[^\r\n]*)", re.MULTILINE)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")


@lru_cache(maxsize=128)
def machinery(text: str) -> tuple[Span, ...]:
    """Return the spans no edit of words touches: code, HTML, URLs, link targets, attributes, front matter save titles."""
    spans: list[Span] = []
    if text.startswith(("---", "+++", f"{_BOM}---", f"{_BOM}+++")):
        spans += _front_machinery(text)
    if "```" in text or "~~~" in text:
        spans += [(block.start, block.end) for block in read_page(text).blocks if block.kind == "code"]
    if "`" in text:
        spans += _code_spans(text)
    if "<!--" in text:
        spans += _enclosed(text, "<!--", "-->")
    if any(mark in text for mark in ("](", "<", "://", "www.", "{")):
        spans += _verbatim_elements(text)
        spans += [found.span() for found in _INLINE.finditer(text)]
    spans += _small_machinery(text)
    return merge(spans)


def _small_machinery(text: str) -> Iterator[Span]:
    if "]:" in text:
        yield from (found.span("target") for found in _TARGET.finditer(text))
    if "@" in text:
        for at in re.finditer("@", text):
            found = _MAIL.search(text, max(0, at.start() - 64), at.start() + 255)
            if found:
                yield found.span()


def _front_machinery(text: str) -> Iterator[Span]:
    lines = tuple(split_lines(text))
    count = front_lines(text, lines)
    if not count:
        return
    at, end = 0, lines[count - 1].stop
    for found in _TITLES.finditer(text, lines[0].stop, end):
        yield at, found.start("value")
        at = found.end("value")
    yield at, end


def _code_spans(text: str) -> Iterator[Span]:
    start = 0
    for stop in [*(found.start() for found in _BLANK.finditer(text)), len(text)]:
        if "`" in text[start:stop]:
            yield from _paired(list(re.compile("`+").finditer(text, start, stop)))
        start = stop


def _paired(runs: list[re.Match[str]]) -> Iterator[Span]:
    """Pair each run of backticks with the next of its length; from the right, so that it takes one pass."""
    partner: dict[int, int | None] = {}
    latest: dict[int, int] = {}
    for at in range(len(runs) - 1, -1, -1):
        partner[at] = latest.get(len(runs[at][0]))
        latest[len(runs[at][0])] = at
    at = 0
    while at < len(runs):
        other = partner[at]
        if other is not None:
            yield runs[at].start(), runs[other].end()
        at = (other if other is not None else at) + 1


def _enclosed(text: str, opening: str, closing: str) -> Iterator[Span]:
    at = text.find(opening)
    while at >= 0:
        end = text.find(closing, at + len(opening))
        if end < 0:
            yield at, at + len(opening)
            return
        yield at, end + len(closing)
        at = text.find(opening, end)


def _verbatim_elements(text: str) -> Iterator[Span]:
    for name in ("script", "style", "pre", "code"):
        if f"<{name}" in text:
            yield from _enclosed(text, f"<{name}", f"</{name}>")


def merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans sorted, those that touch or overlap made one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return tuple(merged)


def touches(spans: tuple[Span, ...], span: Span) -> bool:
    """Tell whether a span overlaps any of the merged ``spans``."""
    at = bisect_left(spans, (span[1],)) - 1
    return at >= 0 and spans[at][1] > span[0]
