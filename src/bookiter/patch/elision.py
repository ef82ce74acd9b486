"""Dots and remarks that stand for text the model did not write out. They are never written into a file."""

import re
from collections.abc import Sequence

from bookiter.patch.fold import DOTS_WORD, fold_words
from bookiter.patch.model import Op

_REMARK = re.compile(
    r"^\W{0,20}(?:the )?(?:rest|remainder|remaining|existing|previous|other|following|same)\b.{0,60}"
    r"\b(?:unchanged|as before|as is|the same|continues|omitted|here|above|text|content|paragraphs?)\b\W{0,20}$",
    re.IGNORECASE,
)
_UNCHANGED = re.compile(r"^\W{0,20}[(\[{<].{0,40}\bunchanged\b.{0,40}[)\]}>]\W{0,20}$", re.IGNORECASE)
_REMARK_INSIDE = re.compile(
    r"[\[(<{]\W{0,6}(?:unchanged|(?:the )?(?:rest|remainder)\b[\w ]{0,40}\b(?:unchanged|as before|as is|omitted|continues))"
    r"\W{0,6}[\])>}]",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[\[(]\s*(?:\.{3}|…)\s*[\])]")
_KEPT_SHARE = 0.7
_FEWEST_LOST = 6
_FEWEST_SKIPPED = 4
_MOST_COMPARED = 500
_MOST_DOTS = 100
"""No line of a book has so many; looking at each would take a hostile one for hours."""


def elided(ops: Sequence[Op]) -> str:
    """The first added line that leaves text out; empty when there is none."""
    removed = [op.text for op in ops if op.kind == "-"]
    known = {line.strip() for line in removed}
    doubtful = [op.text for op in ops if op.kind == "+" and op.text.strip() not in known and _doubtful(op.text)]
    quoted = [fold_words(line) for line in removed[:_MOST_COMPARED]] if doubtful else []
    return next((line for line in doubtful if _leaves_out(line, removed, quoted)), "")


def _doubtful(line: str) -> bool:
    """Is there anything in a line that could stand for text left out?"""
    if not line.strip():
        return False
    dots = "…" in line or ".." in line or ". ." in line
    return dots or "unchanged" in line.lower() or bool(_REMARK.match(line) or _REMARK_INSIDE.search(line))


def _leaves_out(line: str, removed: list[str], quoted: list[list[str]]) -> bool:
    words = fold_words(line)
    if not any(any(char.isalnum() for char in word) for word in words) and DOTS_WORD in words:
        return not any(DOTS_WORD in old for old in quoted) and len(line.strip()) <= 8 and _bracketed(line)
    if _REMARK.match(line) and ("…" in line or "..." in line or line.strip()[:1] in "([{<"):
        return True
    if _UNCHANGED.match(line) or (_REMARK_INSIDE.search(line) and not any(map(_REMARK_INSIDE.search, removed))):
        return True
    if DOTS_WORD not in words:
        return False
    plain, fewest = fold_words(_BRACKETED.sub(" … ", line)), 1 if _BRACKETED.search(line) else _FEWEST_SKIPPED
    return any(_cut_from(words, old) or _skips(plain, old, fewest) for old in quoted)


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


def _skips(words: list[str], old: list[str], fewest: int) -> bool:
    """Do dots between words of a line stand where the removed one has words between the same?"""
    if old.count(DOTS_WORD) >= words.count(DOTS_WORD):
        return False
    if words.count(DOTS_WORD) > _MOST_DOTS:
        return True
    text = f" {' '.join(old)} "
    for at in (at for at, word in enumerate(words) if word == DOTS_WORD):
        before, after = words[max(0, at - 2) : at], words[at + 1 : at + 3]
        start = text.find(f" {' '.join(before)} ") if before else -1
        end = text.find(f" {' '.join(after)} ", start + 1) if after else -1
        if start >= 0 and end >= 0 and len(text[start:end].split()) - len(before) >= fewest:
            return True
    return False
