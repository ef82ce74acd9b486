"""The addressable parts of a book: which files are units, in which order, and what they are called."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from bookiter.errors import NotReady
from bookiter.manuscript.config import LevelSettings
from bookiter.manuscript.numerals import value_of
from bookiter.text import one_line

_DIGITS = re.compile(r"(\d+)")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(?P<atx>.+?)[ \t]*#*[ \t]*$|^(?P<setext>\S.*)\n(?:=+|-+)[ \t]*$", re.M)
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?\n)---[ \t]*(?:\r?\n|\Z)", re.S)
_FRONT_TITLE = re.compile(r"""^title:[ \t]*(["']?)(.+?)\1[ \t]*$""", re.M)
_HEAD_BYTES = 4096
HISTORY_NAME = "iteration_history.json"
_OPENING = frozenset("cover title dedication epigraph foreword preface prologue introduction".split())
_CLOSING = frozenset("epilogue afterword appendix acknowledgements acknowledgments notes glossary".split())


@dataclass(frozen=True)
class Unit:
    """One part of a level: chapter 3 of ``prose``; ``path`` is relative.

    ``number`` is what the author calls it; None for one that stands beside numbered ones without a number of its own.
    """

    level: str
    number: int | None
    path: str
    title: str
    single: bool

    @property
    def label(self) -> str:
        """Return the words for it in messages: ``chapter 3``, ``beats of chapter 3``, ``premise``."""
        if self.single:
            return self.level
        if self.number is None:
            return self.title or self.path.rpartition("/")[2]
        names = {"prose": "chapter {}", "chapters": "beats of chapter {}"}
        return names.get(self.level, self.level + " {}").format(self.number)


def list_units(root: Path, level: str, settings: LevelSettings) -> tuple[Unit, ...]:
    """Return the units of a level in natural order (10 after 9), numbered as their files are, else by position."""
    folder = root / settings.folder
    if folder.is_dir() and not _inside(folder, root):
        raise NotReady(
            f"the folder {settings.folder} of the level {level} leads out of the manuscript by a symbolic link.",
            hint="Put the folder itself into the manuscript.",
        )
    if not folder.is_dir():
        return ()
    names = sorted((p.name for p in folder.iterdir() if _is_unit(p, settings)), key=natural_key)
    numbers = _numbers(names)
    prefix = "" if settings.folder == "." else settings.folder + "/"
    single = len(names) == 1 and level not in ("prose", "chapters")
    return tuple(
        Unit(level, number, prefix + name, read_title(folder / name), single)
        for name, number in zip(names, numbers, strict=True)
    )


def _inside(folder: Path, root: Path) -> bool:
    return folder.resolve().is_relative_to(root.resolve())


def _is_unit(path: Path, settings: LevelSettings) -> bool:
    return is_unit_name(path.name, settings) and (path.is_file() or path.is_symlink())


def is_unit_name(name: str, settings: LevelSettings) -> bool:
    """Tell whether a file of this name in a level's folder is one of its units."""
    if name.startswith(".") or name == HISTORY_NAME or not fnmatchcase(name, settings.files):
        return False
    return not any(fnmatchcase(name, pattern) for pattern in settings.exclude)


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Return a key that sorts digits by value, and what opens or closes a book where it belongs."""
    first = re.split(r"[^a-z]", name.lower().lstrip("0123456789-_. "))[0]
    place = -1 if first in _OPENING else 1 if first in _CLOSING else 0
    parts = [(0, int(part), "") if part.isdigit() else (1, 0, part.casefold()) for part in _DIGITS.split(name) if part]
    return [(place, 0, ""), *parts]


def _numbers(names: Iterable[str]) -> list[int | None]:
    """Return the number each file is called by: the one in its name, or its position when no name has one.

    A file without a number beside numbered ones has none, and so have two with the same: counting on would shift
    every chapter after them without a word.
    """
    own = [_own_number(name) for name in names]
    if not any(number is not None for number in own):
        return list(range(1, len(own) + 1))
    return [number if own.count(number) == 1 else None for number in own]


def _own_number(name: str) -> int | None:
    """Return the number in a file's name: chapter-03, 03-the-ledger, Chapter Three, IV; none in chapter-03b or 3.5."""
    stem = name.rpartition(".")[0] or name
    if digits := re.match(r"[^\d]*?(\d{1,4})(?![\d.]*\d|[A-Za-z])", stem):
        return int(digits[1])
    if re.search(r"\d", stem):
        return None
    words = [
        word for word in re.split(r"[\s_.]+|-(?=[A-Za-z]+$)", stem) if word.lower() not in ("chapter", "ch", "part")
    ]
    return value_of(words[0]) if len(words) == 1 else None


def read_title(path: Path) -> str:
    """Return the title in the front matter or the first heading; "" when there is none or the file cannot be read."""
    try:
        if path.is_symlink():  # what lies outside the book has no business in a prompt
            return ""
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES).decode("utf-8", "ignore")
    except OSError:
        return ""
    front = _FRONT_MATTER.match(head)
    if front and (named := _FRONT_TITLE.search(front[1].replace("\r\n", "\n"))):
        return one_line(named[2])
    body = head[front.end() :] if front else head
    heading = _HEADING.search(body.replace("\r\n", "\n").removeprefix("\ufeff"))
    return one_line(heading["atx"] or heading["setext"]) if heading else ""
