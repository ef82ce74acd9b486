"""The one sentence, paragraph, line or passage that an author names by its words."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bookiter.builtin.edits import Kind, Match, Unsure, shorten
from bookiter.builtin.machinery import machinery, touches
from bookiter.builtin.markdown import Block, Page, read_page
from bookiter.builtin.matching import Span, find_exact, find_folded
from bookiter.builtin.reports import nothing_found, place_of, several_found
from bookiter.builtin.sentences import sentences

LONG_LINE = 160  # characters; a block of several lines this long is no hard-wrapped paragraph
_MARKER = re.compile(r"\ufeff?(?:[ \t]*>)*[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+|#{1,6}[ \t]+|\[\^[^\]\r\n]+\]:[ \t]*)?")
_LEAD = "“”‘’„\"'«»([*_ \t\u00a0"
_TAIL = "“”‘’\"'«»)]*_.!?…,;: \t\u00a0\\"
_ELISION = re.compile(r"\s*(?:…|\.\.\.)$")
_PROSE = {"paragraph", "item", "quote", "html", "definition"}


@dataclass(frozen=True)
class Found:
    """A place in one of the texts: the unit meant, and the block (or run of blocks) that holds it."""

    path: str
    page: Page
    span: Span
    block: Block
    whole: bool  # the unit is all that the block says

    @property
    def text(self) -> str:
        return self.page.text


def locate(texts: Mapping[str, str], kind: Kind, text: str, match: Match) -> Found:
    """Return the one place that is meant. Raises Unsure when there is none or more than one."""
    wanted = text
    for finder in (find_exact, find_folded):
        hits = list(_hits(texts, wanted, finder))
        if not hits and match != "exact" and _ELISION.search(wanted):
            hits = list(_hits(texts, _ELISION.sub("", wanted), finder))
        units = list(dict.fromkeys(unit for hit in hits for unit in _units(hit, kind, match)))
        if len(units) == 1:
            return units[0]
        if units:
            raise several_found(text, [place_of(unit.path, unit.text, unit.span) for unit in units])
    if not hits:
        raise nothing_found(text, texts)
    places = [place_of(path, page.text, span) for path, page, span in hits]
    raise Unsure(
        [f"“{shorten(text, 80)}” {_NOT_WHOLE[match].format(kind=kind)} ({places[0]}). What exactly is meant?"], places
    )


_NOT_WHOLE: dict[Match, str] = {
    "exact": "is there, but not as a whole {kind} of prose",
    "begins": "is there, but not at the beginning of a {kind} of prose",
    "contains": "is there, but not inside one {kind} of prose",
}
_Hit = tuple[str, Page, Span]


def _hits(texts: Mapping[str, str], wanted: str, finder: Callable[[str, str], Iterator[Span]]) -> Iterator[_Hit]:
    for path, text in texts.items():
        spans = list(finder(text, wanted)) if wanted else []
        if spans:
            hidden = machinery(text)
            yield from ((path, read_page(text), span) for span in spans if not _within(hidden, span))


def _within(hidden: tuple[Span, ...], span: Span) -> bool:
    """Tell whether a span begins or ends inside machinery; a sentence may well hold a link."""
    return touches(hidden, (span[0], span[0] + 1)) or touches(hidden, (span[1] - 1, span[1]))


def _units(hit: _Hit, kind: Kind, match: Match) -> Iterator[Found]:
    path, page, span = hit
    block = page.block_at(span[0])
    if block is None or block.kind in {"code", "front", "rule"}:
        return
    if kind == "passage":
        yield from _passage(path, page, span, block)
    elif span[1] <= block.end:
        unit = {"sentence": _sentence, "paragraph": _paragraph, "line": _line}[kind](page, block, span, match)
        if unit:
            yield Found(path, page, unit, block, unit == content(page, block))


def content(page: Page, block: Block) -> Span:
    """Return the span of what a block says, without its first marker and the space around."""
    lead = _MARKER.match(page.text, block.start, block.end)
    start = lead.end() if lead else block.start
    return start, start + len(page.text[start : block.end].rstrip(" \t\\"))


def _passage(path: str, page: Page, span: Span, block: Block) -> Iterator[Found]:
    last = page.block_at(span[1] - 1)
    if last is None:
        return
    if last is not block:
        both = Block(block.kind, block.first, last.last, block.start, last.end)
        if span == (content(page, block)[0], content(page, last)[1]):
            yield Found(path, page, span, both, True)
        return
    yield Found(path, page, span, block, span == content(page, block))


def _sentence(page: Page, block: Block, span: Span, match: Match) -> Span | None:
    if block.kind not in _PROSE:
        return None
    start, end = content(page, block)
    for unit in sentences(page.text, start, end):
        if unit[0] <= span[0] < unit[1]:
            return unit if _fits(page.text, unit, span, match) else _several(page, (start, end), unit, span, match)
    return None


def _several(page: Page, within: Span, first: Span, span: Span, match: Match) -> Span | None:
    """Return the run of sentences that the words are exactly: an author's sentence may be our two."""
    if match != "exact" or page.text[first[0] : span[0]].strip(_LEAD):
        return None
    for unit in sentences(page.text, *within):
        if unit[0] < span[1] <= unit[1]:
            return None if page.text[span[1] : unit[1]].strip(_TAIL) else (first[0], unit[1])
    return None


def _fits(text: str, unit: Span, span: Span, match: Match) -> bool:
    if span[1] > unit[1]:
        return False
    if match == "contains":
        return True
    begins = not text[unit[0] : span[0]].strip(_LEAD)
    return begins and (match == "begins" or not text[span[1] : unit[1]].strip(_TAIL))


def _paragraph(page: Page, block: Block, span: Span, match: Match) -> Span | None:
    if block.kind not in _PROSE:
        return None
    unit = content(page, block)
    if not _fits(page.text, unit, span, match):
        return None
    lines = page.lines[block.first : block.last]
    if len(lines) > 1 and (any(line.end - line.start > LONG_LINE for line in lines) or _indented(page, block)):
        raise Unsure(
            [
                "Here every line seems to be a paragraph, without blank lines between. Is the line meant, or all of them?"
            ],
            [place_of("", page.text, span)],
        )
    return unit


def _indented(page: Page, block: Block) -> bool:
    """Tell whether later lines of a paragraph are indented: then each begins a paragraph of its own."""
    starts = [page.text[line.start : line.start + 2] for line in page.lines[block.first + 1 : block.last]]
    return block.kind == "paragraph" and any(start == "  " or start[:1] == "\t" for start in starts)


def _line(page: Page, block: Block, span: Span, match: Match) -> Span | None:
    number = page.line_at(span[0])
    line = page.lines[number]
    lead = _MARKER.match(page.text, line.start, line.end)
    start = lead.end() if lead else line.start
    unit = (start, start + len(page.text[start : line.end].rstrip(" \t\\")))
    alone = block.last - block.first == 1 or match == "exact" or _is_verse(page, block)
    if block.kind == "table" or not alone or not _fits_line(page.text, unit, span, match):
        return None
    return unit


def _fits_line(text: str, unit: Span, span: Span, match: Match) -> bool:
    if match == "exact":
        return span[0] == unit[0] and span[1] <= unit[1] and not text[span[1] : unit[1]].strip(_TAIL)
    return _fits(text, unit, span, match)


def _is_verse(page: Page, block: Block) -> bool:
    lines = [page.text[line.start : line.end] for line in page.lines[block.first : block.last - 1]]
    return all(line.endswith(("  ", "\\")) for line in lines)
