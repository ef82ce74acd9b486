"""Dots and remarks that stand for text the model did not write out. They are never written into a file."""

import re
from collections.abc import Sequence

from bookiter.patch.fold import DOTS_WORD, fold_words
from bookiter.patch.model import Op

_REMARK = re.compile(
    r"^\W*(?:\.{3}|…)?\W*(?:the )?(?:rest|remainder|remaining|existing|previous|other|following|same)\b.{0,60}"
    r"\b(?:unchanged|as before|as is|the same|continues|omitted|here|above|text|content|paragraphs?)\b\W*$",
    re.IGNORECASE,
)
_UNCHANGED = re.compile(r"^\W*[(\[{<].{0,40}\bunchanged\b.{0,40}[)\]}>]\W*$", re.IGNORECASE)
_KEPT_SHARE = 0.7
_FEWEST_LOST = 6
_MOST_COMPARED = 500


def elided(ops: Sequence[Op]) -> str:
    """The first added line that leaves text out; empty when there is none."""
    removed = [op.text for op in ops if op.kind == "-"]
    known = {line.strip() for line in removed}
    for op in ops:
        if op.kind == "+" and not op.blank and op.text.strip() not in known and _leaves_out(op.text, removed):
            return op.text
    return ""


def _leaves_out(line: str, removed: list[str]) -> bool:
    if (
        "…" not in line
        and ".." not in line
        and ". ." not in line
        and "unchanged" not in line.lower()
        and not _REMARK.match(line)
    ):
        return False
    words = fold_words(line)
    if not any(any(char.isalnum() for char in word) for word in words) and DOTS_WORD in words:
        return not any(DOTS_WORD in fold_words(old) for old in removed) and len(line.strip()) <= 8 and _bracketed(line)
    if _REMARK.match(line) and ("…" in line or "..." in line or line.strip()[:1] in "([{<"):
        return True
    if _UNCHANGED.match(line):
        return True
    return DOTS_WORD in words and any(_cut_from(words, fold_words(old)) for old in removed[:_MOST_COMPARED])


def _bracketed(line: str) -> bool:
    """A row of dots alone is an elision; in a scene break it comes with more than three."""
    return line.strip() in {"...", "…", "[...]", "[…]", "(...)", "(…)"}


def _cut_from(words: list[str], old: list[str]) -> bool:
    """Does a line end, begin or break off in dots where the removed one goes on?"""
    lost = len(old) - len(words)
    if DOTS_WORD not in words or old.count(DOTS_WORD) >= words.count(DOTS_WORD):
        return False
    at = words.index(DOTS_WORD)
    head, tail = words[:at], words[at + 1 :]
    shares = set(head) & set(old) if head else set(tail) & set(old)
    near = len(shares) >= len(set(head or tail)) / 2
    return near and lost >= _FEWEST_LOST and len(words) < _KEPT_SHARE * len(old)
