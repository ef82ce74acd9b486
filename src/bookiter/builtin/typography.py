"""Marks and spaces brought into one form, in prose only; what cannot be decided is left and noted."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from bookiter.builtin.edits import Edited, NothingToDo, Place, Rule, Typography
from bookiter.builtin.machinery import machinery, merge, touches
from bookiter.builtin.markdown import markers, read_page
from bookiter.builtin.matching import Change, Span, spliced
from bookiter.builtin.quotes import curl
from bookiter.builtin.reports import place_of

_MAX_NOTED = 5
_STRAIGHT = {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'"}
_CURLED = re.compile("[“”„‘’‚]")
_HYPHENS = re.compile(r"(?<!-)---?(?!-)")
_DOTS = re.compile(r"(?<!\.)\.{3,4}(?!\.)")
_RANGE = re.compile(r"(?<![\w.,/:$€£#-])(?P<low>\d{1,6})(?P<mark>--?)(?P<high>\d{1,6})(?![\w/:-]|[.,]\d)")
_NO_NEIGHBOUR = frozenset("\r\n-–—")
"""Beside a line ending or another dash the habit of the file says nothing about spaces."""
_SPACES = re.compile(r"(?<=\S)  +(?=\S)")
_Result = tuple[list[Change], list[Span]]


def fix(edit: Typography, texts: Mapping[str, str]) -> Edited:
    """Apply the rules of an edit to all texts. Raises NothingToDo when they hold already."""
    changed: dict[str, str] = {}
    places = 0
    doubts: list[Place] = []
    for path, text in texts.items():
        after, count, undecided = fixed(text, edit.rules)
        doubts += [place_of(path, after, span) for span in undecided]
        places += count
        if after != text:
            changed[path] = after
    if not changed:
        raise NothingToDo([_nothing(edit, doubts)], doubts)
    return Edited(changed, places, tuple(_notes(doubts)))


def fixed(text: str, rules: frozenset[Rule]) -> tuple[str, int, list[Span]]:
    """Return ``text`` with the rules applied, how many places changed, and the spans left undecided in it."""
    count = 0
    for rule in _ORDER:
        if rule in rules:
            text, changes = _apply(rule, text)
            count += changes
    return text, count, [span for rule in _ORDER if rule in rules for span in _RULES[rule](text)[1]]


def _apply(rule: Rule, text: str) -> tuple[str, int]:
    if rule == "curly-quotes":
        after, _, count = curl(text)
        return after, count
    changes, _ = _RULES[rule](text)
    return spliced(text, changes), len(changes)


@lru_cache(maxsize=128)
def _untouchable(text: str) -> tuple[Span, ...]:
    page = read_page(text)
    structure = [(block.start, block.end) for block in page.blocks if block.kind in {"front", "code", "rule"}]
    return merge([*machinery(text), *markers(text), *structure])


def _free(text: str, pattern: re.Pattern[str], group: str | int = 0) -> Iterator[re.Match[str]]:
    hidden = _untouchable(text)
    return (found for found in pattern.finditer(text) if not touches(hidden, found.span(group)))


def _curly(text: str) -> _Result:
    return [], [(at, at + 1) for at in curl(text)[1]]


def _straight(text: str) -> _Result:
    return [(found.span(), _STRAIGHT[found[0]]) for found in _free(text, _CURLED)], []


def _em_dashes(text: str) -> _Result:
    """Double hyphens take the spaces that the file's own em dashes have; between figures they may be a range."""
    changes: list[Change] = []
    doubts: list[Span] = []
    spaced = _spaced_dashes(text)
    for found in _free(text, _HYPHENS):
        mark = found.span()
        start, end = _with_spaces(text, mark)
        left, right = text[start - 1 : start], text[end : end + 1]
        if left.isdigit() and right.isdigit():
            doubts.append(mark)
        elif (
            touches(_untouchable(text), (start, end))
            or spaced is None
            or not (left and right)
            or left in _NO_NEIGHBOUR
            or right in _NO_NEIGHBOUR
        ):
            changes.append((mark, "—"))
        else:
            inner = " " if spaced and _wordlike(left, ",;.!?…”’") and _wordlike(right, "“‘") else ""
            changes.append(((start, end), f"{inner}—{inner}"))
    return changes, doubts


def _with_spaces(text: str, span: Span) -> Span:
    start, end = span
    while text[start - 1 : start] in {" ", "\t"}:
        start -= 1
    while text[end : end + 1] in {" ", "\t"}:
        end += 1
    return start, end


def _wordlike(char: str, others: str) -> bool:
    return char.isalnum() or char in others or char in "*_)(\"'"


def _spaced_dashes(text: str) -> bool | None:
    """Tell whether the file's em dashes stand between spaces; None when it has none."""
    spaced = len(re.findall(r"\S[ \u00a0\u2009\u202f]—[ \u00a0\u2009\u202f]\S", text))
    closed = len(re.findall(r"[^\s—]—[^\s—]", text))
    return None if spaced == closed else spaced > closed


def _ellipses(text: str) -> _Result:
    """Three dots are an ellipsis; of four, one is a full stop, and which one is a matter of style."""
    found = list(_free(text, _DOTS))
    return (
        [(dots.span(), "…") for dots in found if len(dots[0]) == 3],
        [dots.span() for dots in found if len(dots[0]) == 4],
    )


def _ranges(text: str) -> _Result:
    """Only rising figures are surely a range; 555-0123 and 7-3 may be anything."""
    changes: list[Change] = []
    doubts: list[Span] = []
    for found in _free(text, _RANGE, "mark"):
        low, high = found["low"], found["high"]
        full = low[: len(low) - len(high)] + high if len(high) < len(low) else high
        phone = len(low) == 3 and len(high) == 4
        if int(full) > int(low) and not high.startswith("0") and not phone:
            changes.append((found.span("mark"), "–"))
        else:
            doubts.append(found.span())
    return changes, doubts


def _double_spaces(text: str) -> _Result:
    page = read_page(text)
    tables = merge((block.start, block.end) for block in page.blocks if block.kind == "table")
    return [(found.span(), " ") for found in _free(text, _SPACES) if not touches(tables, found.span())], []


_RULES: dict[Rule, Callable[[str], _Result]] = {
    "curly-quotes": _curly,
    "straight-quotes": _straight,
    "en-dash-ranges": _ranges,
    "em-dashes": _em_dashes,
    "ellipses": _ellipses,
    "double-spaces": _double_spaces,
}
_ORDER: tuple[Rule, ...] = tuple(_RULES)


def _notes(doubts: list[Place]) -> Iterator[str]:
    if doubts:
        listed = "; ".join(map(str, doubts[:_MAX_NOTED])) + ("; …" if len(doubts) > _MAX_NOTED else "")
        yield f"Left as they were, for they cannot be decided ({len(doubts)}): {listed}"


def _nothing(edit: Typography, doubts: list[Place]) -> str:
    if doubts:
        return f"To {edit.subject}: what is left cannot be decided without you."
    return f"To {edit.subject}: there is nothing of that kind left to change."
