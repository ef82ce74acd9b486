"""What a text is used to: its line ending, its quotes, dashes and ellipses; and new words dressed to match."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bookiter.builtin.markdown import read_page
from bookiter.builtin.quotes import curl

_EOL = re.compile(r"\r\n|\n|\r(?!\n)")
_DRESSED = re.compile(r"[\"'“”„‘’‚—…\r\n]|--|\.\.\.")
_STRAIGHTEN = str.maketrans("“”„‘’‚", "\"\"\"'''")


@dataclass(frozen=True)
class Habits:
    """A text's own conventions; None or "" where it shows none."""

    eol: str
    quotes: Literal["curly", "straight", ""]
    dash: Literal["—", "--", ""]
    ellipsis: Literal["…", "...", ""]


@lru_cache(maxsize=128)
def habits(text: str) -> Habits:
    """Return the conventions that most of ``text`` follows."""
    return Habits(
        _eol(text),
        _majority(("curly", _count(text, "“”‘’")), ("straight", _count(text, "\"'"))),  # type: ignore[arg-type]
        _majority(("—", text.count("—")), ("--", len(re.findall(r"(?<=[^\s-])--(?=[^\s-])|(?<=\w )--(?= \w)", text)))),  # type: ignore[arg-type]
        _majority(("…", text.count("…")), ("...", len(re.findall(r"(?<!\.)\.\.\.(?!\.)", text)))),  # type: ignore[arg-type]
    )


def _count(text: str, marks: str) -> int:
    return sum(text.count(mark) for mark in marks)


def _majority(one: tuple[str, int], other: tuple[str, int]) -> str:
    if one[1] == other[1]:
        return ""
    return max(one, other, key=lambda pair: pair[1])[0]


def _eol(text: str) -> str:
    found = _EOL.findall(text)
    return max(dict.fromkeys(found), key=found.count) if found else "\n"


def conform(words: str, text: str, others: Iterable[str] = ()) -> str:
    """Return ``words`` with the quotes, dashes, ellipses and line endings of ``text``, or else of the ``others``."""
    if not _DRESSED.search(words):
        return words
    pages = [habits(text), *(habits(other) for other in others)]
    quotes = next((page.quotes for page in pages if page.quotes), "")
    dash = next((page.dash for page in pages if page.dash), "")
    ellipsis = next((page.ellipsis for page in pages if page.ellipsis), "")
    if quotes == "curly":
        words = curl(words)[0]
    elif quotes == "straight":
        words = words.translate(_STRAIGHTEN)
    if dash == "—":
        words = re.sub(r"(?<!-)--(?!-)", "—", words)
    elif dash == "--":
        words = words.replace("—", "--")
    if ellipsis == "…":
        words = re.sub(r"(?<!\.)\.\.\.(?!\.)", "…", words)
    elif ellipsis == "...":
        words = words.replace("…", "...")
    return _EOL.sub(lambda _: pages[0].eol, words)


def gap(text: str) -> int:
    """Return how many blank lines ``text`` sets between paragraphs, most of the time; at least one."""
    page = read_page(text)
    gaps = [after.first - before.last for before, after in zip(page.blocks, page.blocks[1:], strict=False)]
    counted = [count for count in gaps if count]
    return max(dict.fromkeys(counted), key=counted.count) if counted else 1
