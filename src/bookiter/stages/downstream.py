"""What was made from what: the texts below one that changes, and those that have fallen behind the ones above them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_

from bookiter.manuscript.book import Book
from bookiter.manuscript.units import Unit
from bookiter.stages.documents import Intent, Target
from bookiter.store.repo import Logged, Repository

_BEATS, _PROSE = "chapters", "prose"
_LOOK_EVERY = 100


@dataclass(frozen=True)
class Stale:
    """Texts of a level that have not been touched since a commit changed what they were made from."""

    level: str
    paths: tuple[str, ...]
    upstream: str
    commit: str
    subject: str


def downstream_of(book: Book, intent: Intent) -> tuple[Unit, ...]:
    """Return the units that were made from those an intent touches, without these themselves.

    That is every level further down; of a chapter's beats only the chapter itself, and then what is below the prose.
    """
    order = list(book.config.levels)
    touched = {target.path for target in intent.targets}
    levels = {target.level for target in intent.targets if target.level in order}
    chapters = {_chapter(target) for target in intent.targets if target.level == _BEATS}

    def is_below(unit: Unit) -> bool:
        above = [level for level in levels if order.index(level) < order.index(unit.level)]
        return any((level, unit.level) != (_BEATS, _PROSE) or _chapter(unit) in chapters for level in above)

    return tuple(unit for unit in book.units if unit.path not in touched and is_below(unit))


def _chapter(text: Unit | Target) -> int | str:
    """Return what beats and prose of one chapter have in common: its number; a prologue is called by its file."""
    return text.path.rpartition("/")[2] if text.number is None else text.number


def stale(book: Book, repo: Repository) -> tuple[Stale, ...]:
    """Return the texts that are older than what they were made from, and since which commit, newest first.

    A text is stale when a commit that changed something above it is not an ancestor of one that touched the text, nor
    that commit itself; the newest such commit is named. Histories do not count, and a merge is not counted as a change.
    """
    search = _Search(book)
    for number, commit in enumerate(repo.log(names=True), 1):
        search.take(commit, [path for path in map(repo.own, commit.paths) if path is not None])
        if number % _LOOK_EVERY == 0 and search.settled:
            break
    return tuple(search.found)


class _Search:
    """Goes back through the commits, with a bit for every text.

    A commit's mask has the bits of the texts that were touched by it or by one that was made from it: a change to
    something above those does not make them stale.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._units = book.units
        self._bits = {unit.path: 1 << place for place, unit in enumerate(self._units)}
        present = book.levels_with_content()
        masks = {level: sum(self._bits[unit.path] for unit in book.level(level)) for level in present}
        self._below = {level: sum(masks[each] for each in present[at + 1 :]) for at, level in enumerate(present)}
        self._chapters: dict[int | str, int] = {}
        if _BEATS in present and _PROSE in present[present.index(_BEATS) :]:
            self._below[_BEATS] &= ~masks[_PROSE]
            for unit in book.level(_PROSE):
                self._chapters[_chapter(unit)] = self._bits[unit.path]
        self._asked = dict(self._below)
        for unit in book.level(_BEATS):
            self._asked[_BEATS] |= self._chapters.get(_chapter(unit), 0)
        self._level_of: dict[str, str | None] = {unit.path: unit.level for unit in book.units}
        self._key_of = {unit.path: _chapter(unit) for unit in book.level(_BEATS)}
        self._known = dict.fromkeys(present, 0)
        self._ahead: dict[str, int] = {}
        self.found: list[Stale] = []

    @property
    def settled(self) -> bool:
        """Tell whether nothing that is still to come could tell more."""
        touched = reduce(and_, self._ahead.values(), -1)
        return not any(self._asked[level] & ~known & ~touched for level, known in self._known.items())

    def take(self, commit: Logged, paths: Iterable[str]) -> None:
        """Take the next commit; those that were made from it came before."""
        mask = self._ahead.pop(commit.id, 0)
        changed: dict[str, int] = {}
        for path in paths:
            mask |= self._bits.get(path, 0)
            level = self._level(path)
            if level in self._below:
                below = self._below[level] | self._chapters.get(self._key_of.get(path, ""), 0)
                changed[level] = changed.get(level, 0) | below
        for level, below in changed.items():
            if new := below & ~mask & ~self._known[level]:
                self._known[level] |= new
                self._note(commit, level, new)
        for parent in commit.parents:
            self._ahead[parent] = self._ahead.get(parent, 0) | mask

    def _note(self, commit: Logged, upstream: str, bits: int) -> None:
        units = [unit for unit in self._units if self._bits[unit.path] & bits]
        for level in dict.fromkeys(unit.level for unit in units):
            paths = tuple(unit.path for unit in units if unit.level == level)
            self.found.append(Stale(level, paths, upstream, commit.id, commit.subject))

    def _level(self, path: str) -> str | None:
        """Return the level of a path, whether it is still there or not."""
        if path not in self._level_of:
            self._level_of[path] = self._book.level_of(path)
        return self._level_of[path]
