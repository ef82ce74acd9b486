"""The values that travel through the engine: what a reply says, and what became of it."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[" ", "-", "+"]


@dataclass(frozen=True)
class Op:
    """One line of a hunk: kept, removed or added. ``bare`` when the model left out the mark in front of it."""

    kind: Kind
    text: str
    ending: str = "\n"
    bare: bool = False

    @property
    def blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True)
class Numbers:
    """What a hunk header claims: first line and count before, first line and count after."""

    old_start: int
    old_count: int
    new_start: int
    new_count: int


@dataclass(frozen=True)
class Hunk:
    """One hunk as it was written: its rows still carry their marks, for more than one reading may be possible.

    ``ended`` when something certain (a closing fence, the next header) follows its last row.
    """

    rows: tuple[str, ...]
    numbers: Numbers | None = None
    heading: str = ""
    ended: bool = False


@dataclass(frozen=True)
class FilePatch:
    """The hunks of one file; names are unquoted, with ``a/`` and ``b/`` as the reply has them (empty when it has none)."""

    old_name: str
    new_name: str
    hunks: tuple[Hunk, ...]
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Edit:
    """Replace the characters [start, end) of the original."""

    start: int
    end: int
    text: str


class Unclear(Exception):
    """A hunk fits, but does not say in one way only what is to be written; the message says what is open."""


Tier = Literal["numbered", "exact", "folded", "context", "sentence", "filled", "corrected", "chained"]


@dataclass(frozen=True)
class PlacedHunk:
    """How one hunk was placed: by which tier, from which line (1-based) of the original, what was repaired in reading."""

    tier: Tier
    line: int
    repairs: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Applied:
    """The outcome of a patch: the new text, how each hunk was placed, the canonical diff (empty when nothing changes)."""

    text: str
    hunks: tuple[PlacedHunk, ...]
    diff: str
    repairs: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        return bool(self.diff)
