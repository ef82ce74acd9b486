"""Which paragraph of a text became which of the other: kept, changed, moved, joined, split, added, lost."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz.distance import Indel

from bookiter.builtin.markdown import read_page
from bookiter.text import words

_PROSE = ("paragraph", "item", "quote", "table")
_LINE_BREAK = re.compile(r"\r\n|\n|\r")
# Lines this long on average that all end as sentences do are paragraphs of their own: nobody wraps like that.
_LONG_LINE = 100
_ENDS = ".!?…:\"'”’»)]*_"
_ALIKE = 0.5
_RARE = 12
_CLOSEST = 5
# So much of a paragraph's runs of words must stand in another one for the two to have been joined.
_JOINED = 0.6
_NEIGHBOURS = 3


@dataclass(frozen=True)
class Passage:
    """A paragraph of prose and its words in lower case; headings, breaks, front matter, code and comments are none."""

    text: str
    words: tuple[str, ...]

    @cached_property
    def key(self) -> str:
        return self.text.strip()

    @cached_property
    def bag(self) -> frozenset[str]:
        return frozenset(self.words)

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """Every three words in a row."""
        return frozenset(zip(self.words, self.words[1:], self.words[2:], strict=False)) or frozenset([self.words])


@dataclass(frozen=True)
class Pairing:
    """Passages of two texts, and by their positions which became which.

    ``kept`` are the same to the byte, ``changed`` have half of the words or the place in common, ``joined`` and
    ``split`` live on inside another one. ``likeness`` tells how much of a changed one stayed, 0 to 1.
    """

    old: tuple[Passage, ...]
    new: tuple[Passage, ...]
    kept: dict[int, int]
    changed: dict[int, int]
    likeness: dict[int, float]
    joined: dict[int, int] = field(default_factory=dict)
    split: dict[int, int] = field(default_factory=dict)

    @property
    def lost(self) -> list[int]:
        """Positions of old passages of which nothing is left."""
        return [
            i for i in range(len(self.old)) if i not in self.kept and i not in self.changed and i not in self.joined
        ]

    @property
    def added(self) -> list[int]:
        """Positions of new passages that come from none of the old."""
        known = {*self.kept.values(), *self.changed.values(), *self.split}
        return [j for j in range(len(self.new)) if j not in known]

    def alike(self, least: float) -> Iterator[tuple[Passage, Passage]]:
        """Yield the changed passages of which at least this share stayed, before and after."""
        for i, j in sorted(self.changed.items()):
            if self.likeness.get(i, 0) >= least:
                yield self.old[i], self.new[j]


def passages(text: str) -> tuple[Passage, ...]:
    """Return the paragraphs of a text that hold prose."""
    found = []
    for block in read_page(text).blocks:
        if block.kind in _PROSE:
            for part in _parts(text[block.start : block.end]):
                said = tuple(word.casefold() for word in words(part))
                if said:
                    found.append(Passage(part, said))
    return tuple(found)


def _parts(block: str) -> list[str]:
    lines = [line for line in _LINE_BREAK.split(block) if line.strip()]
    apart = len(block) > _LONG_LINE * len(lines) and all(line.rstrip()[-1] in _ENDS for line in lines)
    return lines if apart else [block]


def pair(before: str, after: str) -> Pairing:
    """Pair the passages of two texts, by their words and then by their place."""
    old, new = passages(before), passages(after)
    kept = _same(old, new)
    free_old = [i for i in range(len(old)) if i not in kept]
    taken = set(kept.values())
    free_new = [j for j in range(len(new)) if j not in taken]
    likeness: dict[int, float] = {}
    changed: dict[int, int] = {}
    scale = len(new) / max(1, len(old))
    for score, i, j in sorted(
        _candidates(old, new, free_old, free_new), key=lambda each: (-round(each[0], 1), abs(each[1] * scale - each[2]))
    ):
        if i not in changed and j not in taken:
            changed[i], likeness[i] = j, score
            taken.add(j)
    changed.update(_in_place(len(old), len(new), kept | changed, taken))
    taken |= set(changed.values())
    rest_old = [i for i in free_old if i not in changed]
    rest_new = [j for j in free_new if j not in taken]
    joined = _inside(rest_old, old, {j: i for i, j in changed.items()}, new)
    split = _inside(rest_new, new, changed, old)
    return Pairing(old, new, kept, changed, likeness, joined, split)


def _same(old: Sequence[Passage], new: Sequence[Passage]) -> dict[int, int]:
    """Pair what is the same: first what stands in the same order, then what was moved."""
    found: dict[int, int] = {}
    for step in Indel.opcodes([p.key for p in old], [p.key for p in new]):
        if step.tag == "equal":
            found.update(zip(range(step.src_start, step.src_end), range(step.dest_start, step.dest_end), strict=True))
    taken = set(found.values())
    places: dict[str, list[int]] = defaultdict(list)
    for j in reversed(range(len(new))):
        if j not in taken:
            places[new[j].key].append(j)
    for i, passage in enumerate(old):
        if i not in found and places[passage.key]:
            found[i] = places[passage.key].pop()
    return found


def _candidates(
    old: Sequence[Passage], new: Sequence[Passage], free_old: list[int], free_new: list[int]
) -> Iterator[tuple[float, int, int]]:
    """Yield pairs that have half of the words in common, found by the words that few passages have."""
    where: dict[str, list[int]] = defaultdict(list)
    for j in free_new:
        for word in new[j].bag:
            where[word].append(j)
    near = dict(zip(free_old, _spread(len(free_old), free_new), strict=True))
    for i in free_old:
        shared = Counter(j for word in old[i].bag if len(where[word]) <= _RARE for j in where[word])
        for j in {*(j for j, _ in shared.most_common(_CLOSEST)), *near[i]}:
            score = _likeness(old[i], new[j])
            if score >= _ALIKE:
                yield score, i, j


def _spread(count: int, free_new: list[int]) -> list[list[int]]:
    """Return for each of ``count`` passages the new ones that stand about where it stood."""
    places = [at * len(free_new) // max(1, count) for at in range(count)]
    return [free_new[max(0, at - 2) : at + 3] for at in places]


def _likeness(one: Passage, other: Passage) -> float:
    """Return which share of the longer one's words both have; an old one that was only added to counts as whole."""
    shared = len(one.bag & other.bag)
    whole = shared / len(one.bag)
    return whole if len(one.bag) >= 4 or len(other.bag) <= 2 * len(one.bag) else shared / len(other.bag)


def _in_place(old: int, new: int, paired: dict[int, int], taken: set[int]) -> dict[int, int]:
    """Pair what is left between the same neighbours: a paragraph written anew in the place of another is a change."""
    found: dict[int, int] = {}
    spine = _in_order(paired)
    for (i, j), (next_i, next_j) in zip([(-1, -1), *spine], [*spine, (old, new)], strict=True):
        left = [at for at in range(i + 1, next_i) if at not in paired]
        right = [at for at in range(j + 1, next_j) if at not in taken]
        found.update(zip(left, right, strict=False))
    return found


def _in_order(paired: dict[int, int]) -> list[tuple[int, int]]:
    chosen = set(longest_rise([j for _, j in sorted(paired.items())]))
    return [(i, j) for at, (i, j) in enumerate(sorted(paired.items())) if at in chosen]


def longest_rise(numbers: Sequence[int]) -> list[int]:
    """Return the positions of a longest rising part of a row of different numbers."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, number in enumerate(numbers):
        place = bisect_left(tails, number)
        before.append(ends[place - 1] if place else -1)
        tails[place : place + 1] = [number]
        ends[place : place + 1] = [at]
    return _backwards(before, ends[-1]) if ends else []


def _backwards(before: list[int], last: int) -> list[int]:
    found = []
    while last >= 0:
        found.append(last)
        last = before[last]
    return found[::-1]


def _inside(
    rest: Iterable[int], those: Sequence[Passage], hosts: Mapping[int, int], there: Sequence[Passage]
) -> dict[int, int]:
    """Return which of the rest live on inside a passage of the other text that a neighbour became, as when two were joined."""
    where: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for host in hosts:
        for run in there[host].runs:
            where[run].append(host)
    found: dict[int, int] = {}
    for at in rest:
        runs = those[at].runs
        shared = Counter(host for run in runs for host in where.get(run, ()) if abs(hosts[host] - at) <= _NEIGHBOURS)
        if shared and shared.most_common(1)[0][1] >= _JOINED * len(runs):
            found[at] = shared.most_common(1)[0][0]
    return found
