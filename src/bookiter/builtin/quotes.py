"""Straight quotes into curly ones, decided mark by mark; a mark that cannot be decided stays as it is."""

import re
from dataclasses import dataclass, field

from bookiter.builtin.machinery import machinery, merge, touches
from bookiter.builtin.markdown import read_page
from bookiter.builtin.matching import IGNORED, Span

_MARK = re.compile("[\"'“”‘’„‚]")
_ROWS = re.compile("[\"'“”‘’„‚]{6,}")  # an ornament, no quotation
_SEE_THROUGH = f"*_~{IGNORED}"  # emphasis and what does not show say nothing about the side a quote stands on
_THIN = "\u2009\u200a\u202f"  # between two quotation marks these are no space
_QUOTES = "\"'“”‘’„‚"
_FAR = 500  # characters; no author sets more quotes, emphasis marks and tags side by side
_BRACKETS_OPEN, _BRACKETS_CLOSE = "([{", ")]}"
_DASHES = "—–"
_STOPS = ".,;:!?…"
_SURE = re.compile(
    r"(?:tis|twas|twere|twill|twould|twasn|tisn|em|til|n(?=['’])|\d0s|\d\d(?!\d))(?![^\W_])", re.IGNORECASE
)
_LIKELY = re.compile(
    r"(?:cause|cos|coz|bout|round|neath|gainst|mongst|fore|tween|im|er|is|ere|ow|ouse|ave|ad|as|e|un|ome|ello|appen|ead)"
    r"(?![^\W_])",
    re.IGNORECASE,
)
_OWNED = re.compile(r"s(?![^\W_])")
_BLANKS = "—–⸺⸻"  # a name left out: “General ——’s regiment”
_FEET = re.compile(r"\s?\d")
_OPEN, _CLOSE = "open", "close"


@dataclass
class _Paragraph:
    """The marks of one paragraph while they are being decided."""

    text: str
    start: int
    end: int
    hidden: tuple[Span, ...]
    changes: dict[int, str] = field(default_factory=dict)
    undecided: list[int] = field(default_factory=list)
    open_doubles: int = 0
    open_singles: int = 0


def curl(text: str) -> tuple[str, tuple[int, ...], int]:
    """Return ``text`` with curly quotes, the offsets of marks left straight for doubt, and how many were changed.

    Offsets hold in both texts: no mark changes its length.
    """
    changes: dict[int, str] = {}
    undecided: list[int] = []
    if '"' not in text and "'" not in text:
        return text, (), 0
    hidden = merge([*machinery(text), *(found.span() for found in _ROWS.finditer(text))])
    for block in read_page(text).blocks:
        if block.kind in {"front", "code"}:
            continue
        for start, end in _cells(text, block.start, block.end, block.kind == "table"):
            paragraph = _Paragraph(text, start, end, hidden)
            _decide(paragraph)
            changes |= paragraph.changes
            undecided += paragraph.undecided
    return _changed(text, changes), tuple(sorted(undecided)), len(changes)


def _changed(text: str, changes: dict[int, str]) -> str:
    chars = list(text)
    for at, mark in changes.items():
        chars[at] = mark
    return "".join(chars)


def _cells(text: str, start: int, end: int, table: bool) -> list[Span]:
    if not table:
        return [(start, end)]
    return [found.span() for found in re.compile(r"[^|\r\n]+").finditer(text, start, end)]


def _decide(paragraph: _Paragraph) -> None:
    for found in _MARK.finditer(paragraph.text, paragraph.start, paragraph.end):
        at = found.start()
        if touches(paragraph.hidden, (at, at + 1)) or paragraph.text[at - 1 : at] == "\\":
            continue
        if found[0] in '"“”„':
            _decide_double(paragraph, at)
        else:
            _decide_single(paragraph, at)


def _sides(paragraph: _Paragraph, at: int) -> tuple[str, str]:
    """Return the characters left and right of a mark, looking through emphasis, tags and neighbouring quotes."""
    left, right = at - 1, at + 1
    while left >= max(paragraph.start, at - _FAR) and (
        _transparent(paragraph, left) or paragraph.text[left] in _QUOTES
    ):
        left -= 1
    while right < min(paragraph.end, at + _FAR) and (
        _transparent(paragraph, right) or paragraph.text[right] in _QUOTES
    ):
        right += 1
    before = paragraph.text[left] if left >= paragraph.start else " "
    after = paragraph.text[right] if right < paragraph.end else " "
    return (" " if before.isspace() or before == "\ufeff" else before), (" " if after.isspace() else after)


def _transparent(paragraph: _Paragraph, at: int) -> bool:
    char = paragraph.text[at]
    if char in _SEE_THROUGH:
        return True
    if char in _THIN:
        return any(mark and mark in _QUOTES for mark in (paragraph.text[at - 1 : at], paragraph.text[at + 1 : at + 2]))
    if not touches(paragraph.hidden, (at, at + 1)):
        return False
    return any(paragraph.text[start] == "<" for start, end in paragraph.hidden if start <= at < end)


def _lean(left: str, right: str) -> str:
    """Return which way a mark between two characters can only face: "open", "close", or "" when that is open."""
    opens = left == " " or left in _BRACKETS_OPEN or left in ">|"
    closes = right == " " or right in _BRACKETS_CLOSE or right in _STOPS or (right.isdigit() and left in _STOPS)
    if left == " " and (right == " " or right in ",;:!?"):
        return ""
    if opens and right != " ":
        return _OPEN
    if closes and not opens:
        return _CLOSE
    if left in _DASHES or (left == "-" and right != " "):
        return "" if right in _DASHES else _OPEN
    if right in _DASHES or right == "-":
        return _CLOSE
    return ""


def _decide_double(paragraph: _Paragraph, at: int) -> None:
    mark = paragraph.text[at]
    if mark in "“„":
        paragraph.open_doubles += 1
        return
    if mark == "”":
        paragraph.open_doubles = max(0, paragraph.open_doubles - 1)
        return
    left, right = _sides(paragraph, at)
    way = _lean(left, right)
    if left.isdigit() and paragraph.text[at - 1].isdigit() and _is_inch(paragraph, at):
        return
    dashed = left in _DASHES or left == "-"
    if dashed and (right in _DASHES or way == _OPEN):
        way = _after_dash(paragraph, right)
    if not way:
        paragraph.undecided.append(at)
        return
    paragraph.open_doubles = max(0, paragraph.open_doubles + (1 if way == _OPEN else -1))
    paragraph.changes[at] = "“" if way == _OPEN else "”"


def _after_dash(paragraph: _Paragraph, right: str) -> str:
    """A mark between a dash and a word opens speech unless one is open; between two dashes it closes what is open."""
    if right in _DASHES:
        return _CLOSE if paragraph.open_doubles else _OPEN
    return "" if paragraph.open_doubles else _OPEN


def _is_inch(paragraph: _Paragraph, at: int) -> bool:
    """Tell whether the double mark after a figure is a prime: no speech is open, or the next mark is what closes it."""
    text = paragraph.text
    if re.search(r"\d['′’]\s?\d+(?:\.\d+)?$", text[max(paragraph.start, at - 12) : at]):
        return True
    if not paragraph.open_doubles:
        return True
    following = re.compile('["”“]').search(text, at + 1, paragraph.end)
    if not following or following[0] == "“":
        return False
    if following[0] == "”":
        return True
    return _lean(*_sides(paragraph, following.start())) == _CLOSE


def _decide_single(paragraph: _Paragraph, at: int) -> None:
    text, mark = paragraph.text, paragraph.text[at]
    if mark != "'":
        return
    near_left, near_right = (text[at - 1] if at > paragraph.start else " "), text[at + 1 : at + 2]
    left, right = _sides(paragraph, at)
    if near_left.isdigit():
        _after_digit(paragraph, at, near_right)
    elif (_wordy(left) and _wordy(right)) or (_OWNED.match(text, at + 1) and left in _BLANKS):
        paragraph.changes[at] = "’"
    else:
        way = _lean(left, right)
        if way == _CLOSE:
            paragraph.changes[at] = "’"
        elif way == _OPEN:
            _decide_opening(paragraph, at)
        else:
            paragraph.undecided.append(at)


def _wordy(char: str) -> bool:
    return char.isalnum() or "\u0300" <= char <= "\u036f"


def _after_digit(paragraph: _Paragraph, at: int, right: str) -> None:
    """After a figure stand plural and possessive apostrophes, closing marks and feet; feet are left alone."""
    text = paragraph.text
    if right.isalpha():
        paragraph.changes[at] = "’"
    elif _FEET.match(text, at + 1) or not _opened_before(paragraph, at):
        return
    else:
        paragraph.changes[at] = "’"


def _opened_before(paragraph: _Paragraph, at: int) -> bool:
    decided = [paragraph.changes.get(i, paragraph.text[i]) for i in range(paragraph.start, at)]
    return decided.count("‘") > 0


def _decide_opening(paragraph: _Paragraph, at: int) -> None:
    text = paragraph.text
    word = at + 1
    while word < paragraph.end and text[word] in _SEE_THROUGH + _QUOTES:
        word += 1
    closes = _closer_after(paragraph, at)
    if _SURE.match(text, word):
        way = "" if _closer_after(paragraph, at, after=_STOPS + _DASHES + "-") else "’"
    elif _LIKELY.match(text, word):
        way = "" if closes else "’"
    else:
        way = "‘" if closes or _speech_goes_on(paragraph, at) else ""
    if way:
        paragraph.changes[at] = way
    else:
        paragraph.undecided.append(at)


def _closer_after(paragraph: _Paragraph, at: int, after: str = "") -> bool:
    """Tell whether a single mark further on, behind one of ``after`` if given, can close what one at ``at`` would open."""
    text = paragraph.text
    for found in re.compile("['’]").finditer(text, at + 2, paragraph.end):
        place = found.start()
        if touches(paragraph.hidden, found.span()) or text[place - 1].isdigit():
            continue
        if after and text[place - 1] not in after:
            continue
        left, right = _sides(paragraph, place)
        if _lean(left, right) == _CLOSE and not re.match(r"['’]n['’]", text[place - 2 : place + 1]):
            return True
    return False


def _speech_goes_on(paragraph: _Paragraph, at: int) -> bool:
    """Tell whether the mark opens its paragraph and the next paragraph opens with one too: a speech of several."""
    text = paragraph.text
    if text[paragraph.start : at].strip(" \t>*_\ufeff"):
        return False
    return text[paragraph.end :].lstrip(" \t\r\n>*_")[:1] in {"'", "‘"}
