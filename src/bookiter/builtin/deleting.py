"""Taking a sentence, paragraph, line or passage out, with just the space that goes with it."""

import re
from collections.abc import Mapping

from bookiter.builtin.edits import Delete, Edited, Unsure
from bookiter.builtin.markdown import Page, front_lines, read_page, split_lines
from bookiter.builtin.matching import EOL, SPACES, Span
from bookiter.builtin.passages import Found, content, locate
from bookiter.builtin.reports import place_of

_BEFORE = re.compile(rf"(?:[{SPACES}]*\\?{EOL}[ \t>]*|[{SPACES}]+)$")
_AFTER = re.compile(rf"[{SPACES}]*\\?{EOL}[ \t>]*|[{SPACES}]+")
_STRUCTURE = re.compile(r"[ \t]*(?:#{1,6}(?:\s|$)|[-+*](?:\s|$)|\d{1,9}[.)](?:\s|$)|>|```|~~~|---|===|\[[^\]]+\]:|<)")
_PAIRS = (("“", "”"), ("(", ")"), ("[", "]"), ("«", "»"))
_PUNCTUATION = ".,;:!?…)]}”’\"'»—"


def delete(edit: Delete, texts: Mapping[str, str]) -> Edited:
    """Delete the one place an edit names. Raises Unsure when it is not one, or not to be had alone."""
    found = locate(texts, edit.kind, edit.text, edit.match)
    span = _extent(edit, found)
    after = found.text[: span[0]] + found.text[span[1] :]
    if not after.strip("\ufeff \t\r\n"):
        raise Unsure([f"That is all the text there is in {found.path}. Should the file really be emptied?"])
    if _has_front(after) != _has_front(found.text):
        raise Unsure([f"Without that, {found.path} would begin with what looks like front matter. Should it?"])
    if len(read_page(after).blocks) != len(found.page.blocks) - _blocks_going(found):
        raise Unsure(
            [
                "Without that, the lines around it would become a heading, a list or one paragraph. What should stand there?"
            ],
            [place_of(found.path, found.text, found.span)],
        )
    return Edited({found.path: after}, 1)


def _blocks_going(found: Found) -> int:
    inside = [block for block in found.page.blocks if found.block.first <= block.first < found.block.last]
    return len(inside) if found.whole else 0


def _has_front(text: str) -> bool:
    return front_lines(text, tuple(split_lines(text))) > 0


def _extent(edit: Delete, found: Found) -> Span:
    if edit.kind == "line" and not found.whole:
        return _line_span(found.page, found.page.line_at(found.span[0]))
    if found.whole:
        if found.block.kind == "heading" and edit.kind != "line":
            raise Unsure(["That is a heading. Should the heading go?"], [place_of(found.path, found.text, found.span)])
        return _block_span(found.page, found.block.first, found.block.last)
    if edit.kind == "sentence":
        return _with_space(found, _balanced(found))
    if edit.text != edit.text.strip():
        return found.span
    return _with_space(found, found.span)


def _balanced(found: Found) -> Span:
    """Leave to its neighbours the quote or bracket that a sentence shares with them. Raises Unsure when it cannot."""
    text, (start, end) = found.text, found.span
    while start < end and _opens_more(text[start], text[start:end]):
        start += 1
    while start < end and _closes_more(text[end - 1], text[start:end]):
        end -= 1
    said = text[start:end]
    odd = said.count('"') % 2 or said.count("*") % 2
    if odd or any(said.count(one) != said.count(other) for one, other in _PAIRS) or _single_open(said) != 0:
        raise Unsure(
            ["That sentence shares its quotation marks with its neighbours. Which words should go?"],
            [place_of(found.path, text, found.span)],
        )
    return start, end


def _opens_more(mark: str, said: str) -> bool:
    if mark in '"*':
        return said.count(mark) % 2 == 1
    if mark in "‘'":
        return _single_open(said) > 0
    return any(mark == one and said.count(one) > said.count(other) for one, other in _PAIRS)


def _closes_more(mark: str, said: str) -> bool:
    if mark in '"*':
        return said.count(mark) % 2 == 1
    if mark in "’'":
        return _single_open(said) < 0
    return any(mark == other and said.count(other) > said.count(one) for one, other in _PAIRS)


def _single_open(said: str) -> int:
    """Return how many single quotes open more than close; apostrophes are neither."""
    opens = len(re.findall(r"(?<![^\W_])‘|(?:^|(?<=[\s“\"(—]))'(?=[A-Z“\"])", said))
    closes = len(re.findall(r"(?<=[.,!?…—])['’](?![^\W_])", said))
    return opens - closes


def _with_space(found: Found, span: Span) -> Span:
    """Return a span inside a block with the space before or after it, so that one gap is left and no line is re-wrapped."""
    text, (start, end) = found.text, span
    floor, ceiling = content(found.page, found.block)
    before = _BEFORE.search(text, max(floor, start - 200), start)
    after = _AFTER.match(text, end, ceiling)
    if after is None:
        closes = end >= ceiling or text[end] in _PUNCTUATION
        span = (before.start(), end) if before and closes else span
    elif before is None:
        span = (start, after.end()) if start <= floor or text[start - 1] in "“‘\"'«([*_" else span
    elif _breaks(after[0]) and not _breaks(before[0]):
        span = (before.start(), end)
    else:
        span = (start, after.end())
    _refuse_joined(found, span)
    return span


def _breaks(gap: str) -> bool:
    return "\n" in gap or "\r" in gap


def _refuse_joined(found: Found, span: Span) -> None:
    line = found.page.lines[found.page.line_at(span[0])]
    rest = found.text[span[1] : found.page.lines[found.page.line_at(max(span[0], span[1] - 1))].end]
    if not found.text[line.start : span[0]].strip(" \t>\ufeff") and _STRUCTURE.match(rest):
        raise Unsure(
            ["Without that, the rest of the line would become a list, heading or the like. What should stand there?"],
            [place_of(found.path, found.text, found.span)],
        )
    left, right = found.text[span[0] - 1 : span[0]], found.text[span[1] : span[1] + 1]
    if left.isalnum() and right.isalnum():
        raise Unsure(
            ["Taking that out would join two words. Which words should go?"],
            [place_of(found.path, found.text, found.span)],
        )


def _line_span(page: Page, number: int) -> Span:
    line = page.lines[number]
    if line.stop == line.end and number:
        return page.lines[number - 1].end, line.end
    return line.start, line.stop


def _block_span(page: Page, first: int, last: int) -> Span:
    """Return the lines of a block with exactly one of the blank lines that set it off."""
    start = page.lines[first].start + (1 if page.text.startswith("\ufeff") and first == 0 else 0)
    end = page.lines[last - 1].stop
    if _quoted_blank(page, first - 1) and page.is_blank(last) and not _quoted_blank(page, last):
        return page.lines[first - 1].start, end  # the last paragraph of a quote: the quote's own blank line goes
    if page.is_blank(last) and (first == 0 or page.is_blank(first - 1) or _tight_heading(page, first - 1)):
        return start, page.lines[last].stop
    if last < len(page.lines) or not page.is_blank(first - 1):
        return _line_span(page, first) if last == len(page.lines) and last - first == 1 else (start, end)
    if page.lines[last - 1].stop == page.lines[last - 1].end:
        return page.lines[max(0, first - 2)].end, end
    return page.lines[first - 1].start, end


def _quoted_blank(page: Page, number: int) -> bool:
    return page.is_blank(number) and ">" in page.content(number)


def _tight_heading(page: Page, number: int) -> bool:
    block = page.block_at(page.lines[number].start)
    return block is not None and block.kind in {"heading", "rule"}
