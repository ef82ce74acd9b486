"""A Markdown text as lines and blocks, as far as an editor of prose needs to know.

Lines indented by four spaces count as prose, not as code: novels indent paragraphs and verse, and hold no programs.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bookiter.builtin.matching import Span

BlockKind = Literal["paragraph", "heading", "item", "quote", "table", "rule", "code", "front", "html", "definition"]

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r(?!\n)|\Z)")
_BOM = "\ufeff"
_VOID = " \t\u00a0>"  # a line of nothing else sets paragraphs off, in a block quote too
_FENCE = re.compile(r"[ \t>]*(`{3,}(?!.*`)|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_SETEXT = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)")
_QUOTE = re.compile(r" {0,3}>")
_TABLE = re.compile(r"\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_DEFINITION = re.compile(r" {0,3}\[[^\]\r\n]+\]:")
_HTML = re.compile(r" {0,3}</?(?:div|section|article|table|figure|center|blockquote|hr|br|img|details|ul|ol|dl|nav)\b")
_MARKER = re.compile(
    r"(?:[ \t]*>)*[ \t]*(?:#{1,6}[ \t]+|(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)?|[ \t]*\[\^?[^\]\r\n]+\]:[ \t]*"
)


@dataclass(frozen=True)
class Line:
    """A line: its start, the end of its content, and the end of its line ending."""

    start: int
    end: int
    stop: int


@dataclass(frozen=True)
class Block:
    """Lines that belong together; ``first`` and ``last`` (exclusive) count lines from 0."""

    kind: BlockKind
    first: int
    last: int
    start: int
    end: int


@dataclass(frozen=True)
class Page:
    """A text and its lines and blocks."""

    text: str
    lines: tuple[Line, ...]
    blocks: tuple[Block, ...]

    def block_at(self, offset: int) -> Block | None:
        """Return the block that holds an offset."""
        at = bisect_right(self.blocks, offset, key=lambda block: block.start) - 1
        return self.blocks[at] if at >= 0 and offset <= self.blocks[at].end else None

    def line_at(self, offset: int) -> int:
        """Return the number, from 0, of the line that holds an offset."""
        return max(0, bisect_right(self.lines, offset, key=lambda line: line.start) - 1)

    def is_blank(self, line: int) -> bool:
        """Tell whether a line that exists holds nothing but spaces and quote signs."""
        return 0 <= line < len(self.lines) and not self.content(line).strip(_VOID)

    def content(self, line: int) -> str:
        """Return what a line holds, without its line ending."""
        return self.text[self.lines[line].start : self.lines[line].end]


@lru_cache(maxsize=128)
def read_page(text: str) -> Page:
    """Read a text into lines and blocks."""
    lines = tuple(split_lines(text))
    return Page(text, lines, tuple(_blocks(text, lines)))


def line_number(text: str, offset: int) -> int:
    """Return the number, from 1, of the line that holds an offset."""
    return read_page(text).line_at(offset) + 1


def split_lines(text: str) -> Iterator[Line]:
    for found in _LINE.finditer(text):
        if found[0]:
            yield Line(found.start(), found.start() + len(found[0].rstrip("\r\n")), found.end())


def _blocks(text: str, lines: tuple[Line, ...]) -> Iterator[Block]:
    at = front = front_lines(text, lines)
    if front:
        yield _block(lines, "front", 0, front)
    contents = [text[line.start : line.end] for line in lines]
    if not front and contents and contents[0].startswith(_BOM):
        contents[0] = contents[0][1:]
    while at < len(lines):
        if not contents[at].strip(_VOID):
            at += 1
            continue
        kind, stop = _extent(contents, at)
        yield _block(lines, kind, at, stop)
        at = stop


def _block(lines: tuple[Line, ...], kind: BlockKind, first: int, last: int) -> Block:
    return Block(kind, first, last, lines[first].start, lines[last - 1].end)


def _extent(contents: list[str], at: int) -> tuple[BlockKind, int]:
    """Return the kind of the block that begins at a line, and the line behind it."""
    line = contents[at]
    fence = _FENCE.match(line)
    if fence:
        return "code", _fence_end(contents, at, fence[1])
    if line.lstrip().startswith("<!--"):
        return "html", _until(contents, at, "-->")
    if _HEADING.match(line):
        return "heading", at + 1
    if _RULE.match(line):
        return "rule", at + 1
    kind: BlockKind = "paragraph"
    for pattern, name in _STARTS:
        if pattern.match(line):
            kind = name
            break
    stop = at + 1
    while stop < len(contents) and contents[stop].strip(_VOID) and not _starts_other(contents[stop], kind):
        if kind == "paragraph" and _SETEXT.match(contents[stop]):
            return "heading", stop + 1
        if _TABLE.match(contents[stop].lstrip()) and "|" in contents[stop]:
            kind = "table"
        stop += 1
    return kind, stop


_STARTS: tuple[tuple[re.Pattern[str], BlockKind], ...] = (
    (_ITEM, "item"),
    (_QUOTE, "quote"),
    (_DEFINITION, "definition"),
    (_HTML, "html"),
)


def _starts_other(line: str, kind: BlockKind) -> bool:
    if _FENCE.match(line) or _HEADING.match(line) or _DEFINITION.match(line):
        return True
    if kind == "paragraph" and _SETEXT.match(line):
        return False
    if _RULE.match(line):
        return True
    starts_item = _ITEM.match(line) is not None
    if kind == "item":
        return starts_item
    return (starts_item and kind == "paragraph" and _interrupts(line)) or (
        kind != "quote" and _QUOTE.match(line) is not None
    )


def _interrupts(line: str) -> bool:
    """Only a bullet or the number 1 begins a list inside a paragraph; a year at a line's start does not."""
    return re.match(r"[ \t]*(?:[-*+]|1[.)])[ \t]+\S", line) is not None


def _fence_end(contents: list[str], at: int, mark: str) -> int:
    closing = re.compile(rf"[ \t>]*{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$")
    for stop in range(at + 1, len(contents)):
        if closing.match(contents[stop]):
            return stop + 1
    return len(contents)


def _until(contents: list[str], at: int, mark: str) -> int:
    return next((stop + 1 for stop in range(at, len(contents)) if mark in contents[stop]), at + 1)


def front_lines(text: str, lines: tuple[Line, ...]) -> int:
    """Return how many lines the front matter has, its fences included."""
    if not lines:
        return 0
    fence = text[lines[0].start : lines[0].end].removeprefix(_BOM).rstrip()
    if fence not in {"---", "+++"}:
        return 0
    closing = {"---", "..."} if fence == "---" else {"+++"}
    for at, line in enumerate(lines[1:], 1):
        if text[line.start : line.end].rstrip() in closing:
            return at + 1
    return 0


def markers(text: str) -> Iterator[Span]:
    """Yield the marks of Markdown's structure: bullets, heading signs, quote signs, rules, table and heading underlines."""
    page = read_page(text)
    for block in page.blocks:
        for number in range(block.first, block.last):
            line = page.lines[number]
            content = text[line.start : line.end]
            ruled = (
                block.kind in {"rule", "front"}
                or _TABLE.match(content.lstrip())
                or (_SETEXT.match(content) and number > block.first)
            )
            lead = _MARKER.match(content)
            yield (
                line.start,
                line.end if ruled or not content.strip(".-–—… \t") else line.start + (lead.end() if lead else 0),
            )
