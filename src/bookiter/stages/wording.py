"""Two wordings of a passage compared word by word, and marked up as an editor would: by phrases, not by crumbs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from bookiter.glyphs import joins

_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = rf"[^\W_{_IDEOGRAPHS}]"
# Scripts without spaces go character by character, everything else word by word.
_PIECE = re.compile(
    rf"{_LETTER}+(?:[’']{_LETTER}+)*|[{_IDEOGRAPHS}]|\r\n|[\r\n\u00a0\u202f]|[^\S\r\n\u00a0\u202f]+|[^\w\s]|_"
)
_MOST_CELLS = 400_000_000
_LEAST_KEPT = 0.4
_ISLAND_WORDS = 2
_ISLAND_LETTERS = 8


@dataclass(frozen=True)
class Delta:
    """One stretch of a passage: text that stays, or text taken out and put in."""

    kept: str = ""
    removed: str = ""
    added: str = ""


def pieces(text: str) -> list[str]:
    """Return a text as words, white space and marks; no piece begins in the middle of a character with its accents."""
    found: list[str] = _PIECE.findall(text)
    if text.isascii():
        return found
    joined: list[str] = []
    for piece in found:
        marked = bool(joined) and _is_mark(joined[-1][-1]) and joined[-1][0].isalnum() and piece[0].isalpha()
        if joined and (joins(joined[-1], piece[0]) or marked):
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def _is_mark(character: str) -> bool:
    return not character.isascii() and joins("a", character)


def compared(before: str, after: str) -> list[Delta]:
    """Return two wordings as the stretches that stay and those that differ, in order and to the letter."""
    old, new = pieces(before), pieces(after)
    if len(old) * len(new) > _MOST_CELLS:
        return [Delta(removed=before, added=after)]
    found: list[Delta] = []
    for step in Indel.opcodes(old, new):
        went = "".join(old[step.src_start : step.src_end])
        came = "".join(new[step.dest_start : step.dest_end])
        if step.tag == "equal":
            found.append(Delta(kept=went))
        elif found and not found[-1].kept:
            found[-1] = Delta(removed=found[-1].removed + went, added=found[-1].added + came)
        else:
            found.append(Delta(removed=went, added=came))
    return found


def marked_up(before: str, after: str) -> tuple[Delta, ...]:
    """Return two wordings marked up for a reader.

    A word or two that stay between changed ones go with them, and of a passage that keeps less than two fifths of its
    words the old wording is taken out whole and the new one put in.
    """
    found = _without_islands(compared(before, after))
    kept = sum(len(_words(delta.kept)) for delta in found)
    fewest = min(len(_words(before)), len(_words(after)))
    if fewest and kept < fewest * _LEAST_KEPT:
        return (Delta(removed=before, added=after),)
    return tuple(_settled(found))


def kept_words(deltas: Iterable[Delta]) -> int:
    """Count the words that stay."""
    return sum(len(_words(delta.kept)) for delta in deltas)


def _words(text: str) -> list[str]:
    return [piece for piece in pieces(text) if piece[0].isalnum()]


def _without_islands(found: list[Delta]) -> list[Delta]:
    merged: list[Delta] = []
    for at, delta in enumerate(found):
        between = delta.kept and merged and at + 1 < len(found)
        if between and _is_island(merged[-1], delta.kept, found[at + 1]):
            merged[-1] = Delta(removed=merged[-1].removed + delta.kept, added=merged[-1].added + delta.kept)
        elif merged and not merged[-1].kept and not delta.kept:
            merged[-1] = Delta(removed=merged[-1].removed + delta.removed, added=merged[-1].added + delta.added)
        else:
            merged.append(delta)
    return merged


def _is_island(before: Delta, kept: str, after: Delta) -> bool:
    """Tell whether what stays between two changes is too little to hold on to; marks alone are never merged over words."""
    around = [max(len(_words(delta.removed)), len(_words(delta.added))) for delta in (before, after)]
    stays = _words(kept)
    if not stays:
        return any(around) and "\n" not in kept
    few = len(stays) <= _ISLAND_WORDS and all(around)
    return few and (sum(map(len, stays)) <= _ISLAND_LETTERS or sum(around) >= 8 * len(stays))


def _settled(found: list[Delta]) -> list[Delta]:
    """Give back what both sides of a change begin or end with, and let what is put in or taken out end with its space."""
    settled: list[Delta] = []
    after = ""
    for at, delta in enumerate(found):
        if delta.kept:
            _keep(settled, after + delta.kept)
            after = ""
            continue
        removed, added = pieces(delta.removed), pieces(delta.added)
        head = _common(removed, added)
        tail = _common(removed[head:][::-1], added[head:][::-1])
        _keep(settled, after + "".join(removed[:head]))
        after = "".join(removed[len(removed) - tail :])
        removed, added = removed[head : len(removed) - tail], added[head : len(added) - tail]
        following = found[at + 1].kept if at + 1 < len(found) else ""
        if not after and following and bool(removed) != bool(added):
            removed, added, moved = _slid(removed, added, following)
            if moved:
                _keep(settled, moved)
                found[at + 1] = Delta(kept=following[len(moved) :])
        if removed or added:
            settled.append(Delta(removed="".join(removed), added="".join(added)))
    _keep(settled, after)
    return settled


def _keep(settled: list[Delta], text: str) -> None:
    if text and settled and settled[-1].kept:
        settled[-1] = Delta(kept=settled[-1].kept + text)
    elif text:
        settled.append(Delta(kept=text))


def _common(one: list[str], other: list[str]) -> int:
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return count


def _slid(removed: list[str], added: list[str], following: str) -> tuple[list[str], list[str], str]:
    """Turn "the{+ old+} house" into "the {+old +}house"."""
    moving = removed or added
    space = moving[0]
    if len(moving) < 2 or not space.isspace() or pieces(following)[0] != space:
        return removed, added, ""
    turned = [*moving[1:], space]
    return (turned, [], space) if removed else ([], turned, space)
