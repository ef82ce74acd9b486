"""Quotes, dashes, ellipses and line endings that go against what the text is used to."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bookiter.builtin.machinery import machinery
from bookiter.stages.change import FileChange
from bookiter.stages.check.request import Asked
from bookiter.stages.documents import Finding

_JOINER = "\u2060\u200b"
_SPACE = "[ \u00a0\u202f\u2009\u200a]"
_WORD = rf"[^\s—–-][{_JOINER}]?"


@dataclass(frozen=True)
class _Habit:
    """One choice that a text makes, and its ways; a way needs ``least`` places, and nine in ten, to be a habit."""

    check: str
    ways: dict[str, re.Pattern[str]]
    least: int
    asked: str


_QUOTES_ASKED = r"quot|curly|straight|smart|typograph|guillemet|apostrophe"
# Of the habits with one name the first that a text has counts: one that is used to curly quotes and straight apostrophes
# has none over all marks, but one for each. After a digit a straight mark is no quote: 6'2" and 52° 4'.
_HABITS = (
    _Habit(
        "quote_style",
        {
            "curly quotes": re.compile(r"[“”„‘’]"),
            "straight quotes": re.compile(r"(?<!\d)[\"']"),
            "guillemets": re.compile("[«»]"),
        },
        8,
        _QUOTES_ASKED,
    ),
    _Habit(
        "quote_style",
        {
            "curly quotes": re.compile(r"[“”„]"),
            "straight quotes": re.compile(r'(?<!\d)"'),
            "guillemets": re.compile("[«»]"),
        },
        8,
        _QUOTES_ASKED,
    ),
    _Habit(
        "quote_style",
        {"curly apostrophes": re.compile(r"[‘’]"), "straight apostrophes": re.compile(r"(?<!\d)'")},
        8,
        _QUOTES_ASKED,
    ),
    _Habit(
        "dash_style",
        {
            "dashes without spaces": re.compile(rf"{_WORD}—(?=[{_JOINER}]?[^\s—])"),
            "dashes with spaces": re.compile(rf"\S{_SPACE}—{_SPACE}(?=\S)"),
            "spaced en dashes": re.compile(rf"\S{_SPACE}–{_SPACE}(?=\S)"),
            "double hyphens": re.compile(rf"(?:\S{_SPACE}|[^\s-])--(?:{_SPACE}\S|[^\s>-])"),
        },
        5,
        r"dash|hyphen|typograph|punctuat",
    ),
    _Habit(
        "ellipsis_style",
        {
            "ellipsis signs": re.compile("…"),
            "three dots": re.compile(r"(?<!\.)\.\.\.(?!\.)"),
            "spaced dots": re.compile(r"\.[ \u00a0]\.[ \u00a0]\."),
        },
        4,
        r"ellips|dots|typograph|punctuat",
    ),
    _Habit(
        "line_endings",
        {"line ends of Unix": re.compile(r"(?<!\r)\n"), "line ends of Windows": re.compile(r"\r\n")},
        2,
        r"line[\s-]*end|crlf",
    ),
)
_STRONG = 0.9


def flipped(file: FileChange, asked: Asked) -> Iterable[Finding]:
    """Yield each way of setting that came into a text with another habit."""
    before, after = _bare(file.before), _bare(file.after)
    known: set[str] = set()
    for habit in _HABITS:
        had = {way: len(pattern.findall(before)) for way, pattern in habit.ways.items()}
        usual = max(had, key=lambda way: had[way])
        if habit.check in known or had[usual] < habit.least or had[usual] < _STRONG * sum(had.values()):
            continue
        known.add(habit.check)
        for way, pattern in () if asked.says(habit.asked) else habit.ways.items():
            more = len(pattern.findall(after)) - had[way]
            if way != usual and more > 0:
                yield Finding(check=habit.check, message=f"{more} {way} in a text that has {usual}", path=file.path)


def _bare(text: str) -> str:
    """Return a text without code, markup, addresses and front matter, whose marks are no typography."""
    at, kept = 0, []
    for start, end in machinery(text):
        kept.append(text[at:start])
        at = end
    return "".join(kept) + text[at:]
