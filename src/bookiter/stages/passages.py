"""Two texts laid side by side, paragraph by paragraph: what stayed, changed, came or went, and where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bookiter.patch.diff import changes
from bookiter.text import paragraphs, words

Fate = Literal["kept", "changed", "added", "lost"]

_BOM = "\ufeff"
_ENDING = re.compile(r"\r\n|\n|\r")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(?P<atx>.+?)[ \t]*#*[ \t]*$|(?P<setext>\S.*)\n(?:=+|-{2,})[ \t]*$", re.M)
_SCENE_BREAK = re.compile(r"[ \t]*(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|#|⁂|~{3,})[ \t]*")
# Where a line begins something of its own although no blank line stands before it.
_OWN_LINE = re.compile(r"(?<=\n)(?=[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]|#{1,6}[ \t]|\|)")
_HARD_BREAK = re.compile(r"(?<=  \n)|(?<=\\\n)")
_EACH_LINE = re.compile(r"(?<=\n)")
_LONG_LINE = 300
_ALIKE = 0.35
_HELD = 0.75
_MOST_PAIRS = 250_000


@dataclass(frozen=True)
class Part:
    """One paragraph, or one line where lines stand for themselves; ``gap`` is what follows it, up to the next.

    ``line`` is its first line, 1-based; ``heading`` and ``scene`` tell where it stands (scene 0: the section has one only).
    """

    text: str
    gap: str
    line: int
    heading: str = ""
    scene: int = 0


@dataclass(frozen=True)
class Passage:
    """What became of one paragraph."""

    old: Part | None
    new: Part | None
    gap_differs: bool = False

    @property
    def fate(self) -> Fate:
        if self.old is None or self.new is None:
            return "added" if self.old is None else "lost"
        return "kept" if self.old.text == self.new.text else "changed"


@dataclass(frozen=True)
class Comparison:
    """All passages in order; ``notes`` are differences of the whole file, such as its line ends."""

    passages: tuple[Passage, ...]
    notes: tuple[str, ...] = ()


def compare(before: str, after: str, *, old_line: int = 1, new_line: int = 1) -> Comparison:
    """Lay two texts side by side; the line numbers are those of their first lines."""
    notes = []
    if before.startswith(_BOM) != after.startswith(_BOM):
        notes.append("the byte order mark " + ("went" if before.startswith(_BOM) else "came"))
    before, after = before.removeprefix(_BOM), after.removeprefix(_BOM)
    was, is_now = _line_end(before), _line_end(after)
    if was and is_now and was != is_now:
        notes.append(f"the line ends: {_NAMES[was]} → {_NAMES[is_now]}")
        before, after = _ENDING.sub("\n", before), _ENDING.sub("\n", after)
    return Comparison(tuple(_aligned(split(before, old_line), split(after, new_line))), tuple(notes))


_NAMES = {"\r\n": "CR LF", "\n": "LF", "\r": "CR"}


def _line_end(text: str) -> str:
    """Return the line end that most lines have."""
    if "\r" not in text:
        return "\n" if "\n" in text else ""
    found = _ENDING.findall(text)
    return max(_NAMES, key=found.count)


def split(text: str, line: int = 1) -> list[Part]:
    """Return a text as its parts; the first is empty, and its gap what stands before the first paragraph."""
    spans = list(_spans(text))
    starts = [start for start, _ in spans] + [len(text)]
    parts = [Part("", text[: starts[0]], line)]
    line += _line_count(text[: starts[0]])
    heading, scene = "", 0
    breaks = _breaks_by_section([text[start:stop] for start, stop in spans])
    section = 0
    for (start, stop), following in zip(spans, starts[1:], strict=True):
        body = text[start:stop]
        if found := _heading_of(body):
            heading, scene, section = found, 0, section + 1
        elif _SCENE_BREAK.fullmatch(body):
            scene += 1
        parts.append(Part(body, text[stop:following], line, heading, scene + 1 if breaks[section] else 0))
        line += _line_count(text[start:following])
    return parts


def _breaks_by_section(bodies: list[str]) -> list[int]:
    counts = [0]
    for body in bodies:
        if _heading_of(body):
            counts.append(0)
        elif _SCENE_BREAK.fullmatch(body):
            counts[-1] += 1
    return counts


def _heading_of(body: str) -> str:
    found = _HEADING.match(body)
    return (found["atx"] or found["setext"]).strip() if found else ""


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for paragraph in paragraphs(text):
        at = paragraph.start
        for piece in _pieces(paragraph.text, front=paragraph.start == 0 and paragraph.text.startswith("---")):
            stop = at + len(piece.rstrip("\r\n"))
            if stop > at:
                yield at, stop
            at += len(piece)


def _pieces(block: str, *, front: bool) -> list[str]:
    long = any(len(line) > _LONG_LINE for line in block.splitlines())
    if "\n" not in block.rstrip("\n"):
        return [block]
    if front or long:
        return _EACH_LINE.split(block)
    return [piece for item in _OWN_LINE.split(block) for piece in _HARD_BREAK.split(item)]


def _line_count(text: str) -> int:
    return len(_ENDING.findall(text))


def _aligned(old: list[Part], new: list[Part]) -> Iterator[Passage]:
    i = j = 0
    for a, b, c, d in changes([part.text for part in old], [part.text for part in new]):
        for k in range(a - i):
            yield _pair(old, new, i + k, j + k)
        for x, y in _matched(old[a:b], new[c:d]):
            if x is None or y is None:
                yield Passage(None if x is None else old[a + x], None if y is None else new[c + y])
            else:
                yield _pair(old, new, a + x, c + y)
        i, j = b, d
    for k in range(len(old) - i):
        yield _pair(old, new, i + k, j + k)


def _pair(old: list[Part], new: list[Part], i: int, j: int) -> Passage:
    """A gap differs unless the paragraph is the last on one side only: then what follows is a paragraph put in or lost."""
    ends = (i == len(old) - 1) != (j == len(new) - 1)
    return Passage(old[i], new[j], not ends and old[i].gap != new[j].gap)


Match = tuple[int | None, int | None]


def _matched(old: list[Part], new: list[Part]) -> Iterator[Match]:
    """Pair paragraphs that share their words, in order; one left alone on either side between two pairs is a pair too."""
    i = j = 0
    for x, y in [*_alike_pairs(old, new), (len(old), len(new))]:
        if x - i == y - j == 1:
            yield i, j
        else:
            yield from ((k, None) for k in range(i, x))
            yield from ((None, k) for k in range(j, y))
        if x < len(old):
            yield x, y
        i, j = x + 1, y + 1


def _alike_pairs(old: list[Part], new: list[Part]) -> list[tuple[int, int]]:
    """Return the pairs, rising on both sides, that have the most words in common altogether."""
    if not old or not new or len(old) * len(new) > _MOST_PAIRS:
        return []
    left = [frozenset(word.casefold() for word in words(part.text)) for part in old]
    right = [frozenset(word.casefold() for word in words(part.text)) for part in new]
    gain = [[_likeness(one, other) for other in right] for one in left]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            taken = gain[i][j] + best[i + 1][j + 1] if gain[i][j] else 0.0
            best[i][j] = max(taken, best[i + 1][j], best[i][j + 1])
    found, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if gain[i][j] and best[i][j] == gain[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    common = len(one & other)
    fewest = min(len(one), len(other))
    if not common:
        return 0.0
    alike = 2 * common / (len(one) + len(other))
    held = fewest >= 4 and common >= fewest * _HELD
    return alike if alike >= _ALIKE or held else 0.0
