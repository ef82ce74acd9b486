"""Find the files of a change that a person means by a few words: chapter-3, 3, foundation, a path, all."""

import re
from collections.abc import Iterator

from bookiter.errors import InvalidInput
from bookiter.manuscript.book import Book
from bookiter.manuscript.numerals import value_of
from bookiter.manuscript.targets import resolve_exactly
from bookiter.stages.change import Change
from bookiter.stages.figures import CHAPTERS

_ALL = ("all", "everything", "*")
_FOUNDATION = ("foundation", "the foundation")
_NUMBERED = re.compile(
    r"(?:the )?(?:(?P<beats>beats?)(?: of)? )?(?:(?:chapter|ch|chap) ?)?(?P<number>\w+)(?P<after> beats)?"
)
_LISTED = 8


def chosen_files(words: str, change: Change, book: Book) -> tuple[str, ...]:
    """Return the paths of a change that a person's words mean, in its order. Raises InvalidInput when they mean none."""
    said = " ".join(words.split())
    for found in _readings(said, change, book):
        if found:
            return tuple(path for path in change.paths if path in found)
    names = [unit.label if (unit := book.unit_at(path)) else path for path in change.paths]
    shown = ", ".join(names[:_LISTED]) + (f" and {len(names) - _LISTED} more" if len(names) > _LISTED else "")
    raise InvalidInput(f"the change has nothing called “{said}”.", hint=f"It changes {shown}; or say all.")


def _readings(said: str, change: Change, book: Book) -> Iterator[set[str]]:
    """Yield what the words may mean, the plainest reading first."""
    plain = re.sub(r"[-_ ]+", " ", said.casefold()).strip()
    paths = change.paths
    if plain in _ALL:
        yield set(paths)
    yield {path for path in paths if path == said or path.endswith("/" + said)}
    levels = {path: unit.level for path in paths if (unit := book.unit_at(path))}
    if plain in _FOUNDATION:
        yield {path for path, level in levels.items() if level not in CHAPTERS}
    yield {path for path, level in levels.items() if level.casefold() == said.casefold()}
    yield _by_number(plain, change, book)
    yield {path for path in paths if _stem(path) == plain}
    resolved = resolve_exactly(said, book, None) or resolve_exactly(plain, book, None)
    yield {unit.path for unit in resolved.units} & set(paths) if resolved else set()


def _by_number(plain: str, change: Change, book: Book) -> set[str]:
    """Read "3", "chapter 3" and "beats 3". The number alone means the chapter's prose and its beats, if both change."""
    said = _NUMBERED.fullmatch(plain)
    number = value_of(said["number"].lstrip("0") or "0") if said else None
    if said is None or number is None:
        return set()
    levels = ("chapters",) if said["beats"] or said["after"] else CHAPTERS
    units = [unit for path in change.paths if (unit := book.unit_at(path))]
    return {unit.path for unit in units if unit.level in levels and unit.number == number}


def _stem(path: str) -> str:
    name = path.rpartition("/")[2].casefold()
    return re.sub(r"[-_ ]+", " ", name.rpartition(".")[0] or name)
