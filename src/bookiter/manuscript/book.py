"""A manuscript on disk: where it begins, what it holds, and its texts, byte for byte."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from bookiter.errors import InvalidConfig, NotReady
from bookiter.manuscript.config import FILE_NAME, Config
from bookiter.manuscript.units import HISTORY_NAME, Unit, is_unit_name, list_units

MAX_FILE_BYTES = 50_000_000


def find_root(start: Path) -> Path | None:
    """Return the nearest folder at or above ``start`` that has a bookiter.yaml."""
    start = start.resolve()
    return next((folder for folder in (start, *start.parents) if (folder / FILE_NAME).is_file()), None)


@dataclass(frozen=True)
class Book:
    """A manuscript: its root folder, the configuration in force, and texts that count instead of the files'."""

    root: Path
    config: Config
    texts: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Every unit of every level, upstream levels first. Raises InvalidConfig when a file is in two levels."""
        levels = self.config.levels.items()
        units = tuple(unit for level, settings in levels for unit in list_units(self.root, level, settings))
        seen: dict[str, str] = {}
        for unit in units:
            if unit.path in seen:
                raise InvalidConfig(
                    f"{unit.path} belongs to two levels, {seen[unit.path]} and {unit.level}.",
                    hint="Change `files` or `exclude` of one of them in bookiter.yaml.",
                )
            seen[unit.path] = unit.level
        return units

    @cached_property
    def paths(self) -> frozenset[str]:
        """The paths of all units: the only files an iteration may ever touch, besides its histories."""
        return frozenset(unit.path for unit in self.units)

    def level(self, name: str) -> tuple[Unit, ...]:
        """Return the units of one level in order."""
        return tuple(unit for unit in self.units if unit.level == name)

    def levels_with_content(self) -> tuple[str, ...]:
        """Return the names of the levels that have at least one unit, upstream first."""
        return tuple(name for name in self.config.levels if self.level(name))

    def unit_at(self, path: str) -> Unit | None:
        """Return the unit a path belongs to."""
        return next((unit for unit in self.units if unit.path == path), None)

    def level_of(self, path: str) -> str | None:
        """Return the level that a file of this path belongs to, whether it is there or not."""
        folder, _, name = path.rpartition("/")
        levels = self.config.levels.items()
        return next((key for key, at in levels if at.folder == (folder or ".") and is_unit_name(name, at)), None)

    def history_path(self, level: str) -> str:
        """Return where a level's history is kept."""
        folder = self.config.levels[level].folder
        return HISTORY_NAME if folder == "." else f"{folder}/{HISTORY_NAME}"

    def read(self, path: str) -> str:
        """Return a file's text, every byte of it represented.

        Raises NotReady when it is missing, a symlink, outside the manuscript, too large, or not UTF-8.
        """
        return self.texts[path] if path in self.texts else decode(path, read_regular(self.root, path))


def decode(path: str, data: bytes) -> str:
    """Return the text of a file's bytes, with BOM and line endings as they are. Raises NotReady unless UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotReady(
            f"{path} is not UTF-8 (byte {error.start + 1:,}).",
            hint="Convert it first, for example with `iconv -f windows-1252 -t utf-8`, and commit the result.",
            details={"path": path, "byte": error.start + 1},
        ) from error


def read_regular(root: Path, path: str) -> bytes:
    """Return the bytes of a regular file inside ``root``, no part of whose path is a symlink.

    Raises NotReady otherwise.
    """
    place = regular_file(root, path)
    try:
        if place.stat().st_size > MAX_FILE_BYTES:
            raise NotReady(f"{path} is larger than {MAX_FILE_BYTES // 1_000_000} MB; that is no chapter.")
        return place.read_bytes()
    except OSError as error:
        hint = "Look at the file's permissions."
        raise NotReady(f"{path} cannot be read: {error.strerror}.", hint=hint, details={"path": path}) from error


def regular_file(root: Path, path: str) -> Path:
    """Return the place of a regular file inside ``root``, no part of whose path is a symlink. Raises NotReady."""
    if any("\ud800" <= character <= "\udfff" for character in path):
        shown = path.encode("utf-8", "replace").decode()
        raise NotReady(
            f"the name of {shown} is not UTF-8.", hint="Rename the file with git mv.", details={"path": shown}
        )
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or {".git", ".bookiter"} & set(pure.parts) or "\0" in path:
        hint = "`bookiter status` shows what belongs to it."
        raise NotReady(f"{path} is not a file of this manuscript.", hint=hint, details={"path": path})
    place = root
    for part in pure.parts:
        place = place / part
        if place.is_symlink():
            raise NotReady(
                f"{path} is a symbolic link; bookiter changes only regular files inside the manuscript.",
                hint="Put the file itself into the manuscript.",
                details={"path": path},
            )
    if not place.is_file():
        hint = "`git status` tells whether it was deleted or moved."
        raise NotReady(f"{path} does not exist or is no regular file.", hint=hint, details={"path": path})
    return place
