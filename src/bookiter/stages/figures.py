"""What can be counted about a change for the page an author decides by: units, paragraphs, manner, names."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property, reduce
from typing import Any, Literal

from bookiter.manuscript.book import Book
from bookiter.manuscript.units import Unit
from bookiter.stages.change import Change, FileChange
from bookiter.stages.documents import Intent, Target
from bookiter.stages.manner import Manner, manner_of
from bookiter.stages.measure import Facts, Measured
from bookiter.stages.names import came_and_went
from bookiter.stages.scope import ScopeProof, prove_scope

Magnitude = Literal["major", "moderate", "minor"]
MAGNITUDES: tuple[Magnitude, ...] = ("major", "moderate", "minor")
CHAPTERS = ("prose", "chapters")
# By the share of a unit's words alone: from here on moderate, from here on major.
_MODERATE, _MAJOR = 0.05, 0.30
# Whatever is said of it: no more than minor and no more than moderate below, no less than moderate and major from here on.
_MOST_MINOR, _MOST_MODERATE = 0.02, 0.10
_LEAST_MODERATE, _LEAST_MAJOR = 0.30, 0.60
_STEM = re.compile(r"[^/]+(?=\.[^./]*$)|[^/]+$")


@dataclass(frozen=True)
class UnitFigures:
    """One changed file in figures; ``label`` is what the author calls it."""

    path: str
    level: str
    number: int | None
    label: str
    facts: Facts
    scope: ScopeProof
    file: FileChange

    @cached_property
    def before(self) -> Manner:
        return manner_of(self.file.before)

    @cached_property
    def after(self) -> Manner:
        return manner_of(self.file.after)

    @property
    def paragraphs(self) -> Mapping[str, int]:
        """How many paragraphs have which fate."""
        scope = self.scope
        counts = (scope.paragraphs_kept, scope.paragraphs_changed, scope.paragraphs_added, scope.paragraphs_lost)
        return dict(zip(("kept", "changed", "added", "lost"), counts, strict=True))

    @property
    def foundation(self) -> bool:
        """Tell whether it is one of the texts that the chapters are made from."""
        return self.level not in CHAPTERS

    @property
    def magnitude(self) -> Magnitude:
        """What the share of its words alone makes of the change."""
        share = self.facts.share
        return "major" if share >= _MAJOR else "moderate" if share >= _MODERATE else "minor"

    def within(self, said: Magnitude) -> Magnitude:
        """Return what is said of the change's size, as far as the figures bear it out."""
        share = self.facts.share
        highest = 2 if share < _MOST_MINOR else 1 if share < _MOST_MODERATE else 0
        lowest = 0 if share >= _LEAST_MAJOR else 1 if share >= _LEAST_MODERATE else 2
        return MAGNITUDES[min(max(MAGNITUDES.index(said), highest), lowest)]

    def as_json(self) -> dict[str, Any]:
        """Return the figures by name."""
        return {
            "path": self.path,
            "level": self.level,
            "label": self.label,
            **self.facts.as_json(),
            "paragraphs": dict(self.paragraphs),
            "before": asdict(self.before),
            "after": asdict(self.after),
        }


@dataclass(frozen=True)
class Figures:
    """A change in figures; ``out_of`` is how many files the changed levels have, 0 when that is not known."""

    facts: Facts
    units: tuple[UnitFigures, ...]
    scope: ScopeProof
    out_of: int
    came: tuple[str, ...]
    went: tuple[str, ...]

    @property
    def before(self) -> Manner:
        return reduce(Manner.__add__, (unit.before for unit in self.units), Manner())

    @property
    def after(self) -> Manner:
        return reduce(Manner.__add__, (unit.after for unit in self.units), Manner())


def count(change: Change, measured: Measured, intent: Intent, book: Book | None = None) -> Figures:
    """Return the figures of a change; without a book its files are called by what the targets tell."""
    known = {target.path: target for target in intent.targets}
    units = tuple(_unit(file, measured.by_path[file.path], intent, known.get(file.path), book) for file in change.files)
    levels = {unit.level for unit in units}
    out_of = sum(len(book.level(level)) for level in levels) if book else 0
    scope = _total(prove_scope(intent, Change(())), (unit.scope for unit in units))
    ordered = tuple(sorted(units, key=_order(book)))
    came, went = came_and_went(change, measured.diff)
    return Figures(measured.facts, ordered, scope, out_of, came, went)


def _total(none: ScopeProof, proofs: Iterable[ScopeProof]) -> ScopeProof:
    """Add up the proofs of single files, each of which costs its comparison but once."""
    found = [proof.as_json() for proof in proofs]
    inside, outside, kept, changed, added, lost = (sum(proof[name] for proof in found) for name in none.as_json())
    return ScopeProof(inside, outside, kept, changed, added, lost, none.target)


def _unit(file: FileChange, facts: Facts, intent: Intent, target: Target | None, book: Book | None) -> UnitFigures:
    unit = book.unit_at(file.path) if book else None
    level = unit.level if unit else target.level if target else ""
    number = unit.number if unit else target.number if target else None
    label = unit.label if unit else _label(target, file.path)
    return UnitFigures(file.path, level, number, label, facts, prove_scope(intent, Change((file,))), file)


def _label(target: Target | None, path: str) -> str:
    """Call a file by its level and number; one that is no chapter by its own name, for it may be the only one or not."""
    if target and target.number is not None and target.level in CHAPTERS:
        return Unit(target.level, target.number, path, target.title, single=False).label
    found = _STEM.search(path)
    return found[0] if found else path


def _order(book: Book | None) -> Any:
    places = {unit.path: at for at, unit in enumerate(book.units)} if book else {}
    return lambda unit: (places.get(unit.path, len(places)), unit.path)
