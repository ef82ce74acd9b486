"""What a model says about a change, and how much of it is let through: no file, figure or size that the change lacks."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from bookiter.builtin.sentences import sentences
from bookiter.stages.change import Change
from bookiter.stages.claims import Ground
from bookiter.stages.documents import Intent
from bookiter.stages.figures import CHAPTERS, MAGNITUDES, Magnitude, UnitFigures
from bookiter.stages.measure import blocks_of
from bookiter.text import one_line

_WHAT, _SIDE, _DETAIL, _IMPACT, _WHY, _RISK = 160, 300, 160, 240, 900, 240
_MOST_SHIFTS, _MOST_CHANGES, _MOST_DETAILS, _MOST_RISKS = 12, 60, 6, 6
_READ = 4  # times as much as may stand on the page is looked at
_JOINERS = "\u200c\u200d"


class _Said(BaseModel):
    model_config = ConfigDict(strict=True)


class SaidShift(_Said):
    what: str
    before: str
    after: str


class SaidChange(_Said):
    magnitude: Magnitude
    path: str
    what: str
    before: str
    after: str
    details: list[str]


class SaidImpact(_Said):
    arc: str
    tone: str
    consistency: str


class SummaryAnswer(_Said):
    """What the model of the stage ``summary`` answers."""

    foundation: list[SaidShift]
    changes: list[SaidChange]
    impact: SaidImpact
    why: str
    risks: list[str]


@dataclass(frozen=True)
class Shift:
    """Something that is otherwise now; ``before`` and ``after`` are both there or both empty."""

    what: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Told:
    """What is told about one changed file, and how large its change is; without ``shifts`` its figures speak."""

    path: str
    magnitude: Magnitude
    shifts: tuple[Shift, ...] = ()
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Telling:
    """What is let through of a model's answer; ``left_out`` counts the sentences and entries that are not."""

    foundation: tuple[Shift, ...] = ()
    told: tuple[Told, ...] = ()
    arc: str = ""
    tone: str = ""
    consistency: str = ""
    why: str = ""
    risks: tuple[str, ...] = ()
    left_out: int = 0


def vetted(answer: SummaryAnswer, intent: Intent, change: Change, diff: str, units: Sequence[UnitFigures]) -> Telling:
    """Let through what an answer says about this change and no other."""
    sieve = _Sieve(_ground(intent, change, diff))
    by_name = {name: unit for unit in units for name in (unit.label.casefold(), unit.path)}
    foundation: list[Shift] = []
    if any(unit.foundation for unit in units):
        foundation = [shift for said in answer.foundation[:_MOST_SHIFTS] if (shift := sieve.shift(said))]
    else:
        sieve.left_out += len(answer.foundation)
    told: list[Told] = []
    for said in answer.changes[:_MOST_CHANGES]:
        unit = by_name.get(said.path.removeprefix("./")) or by_name.get(said.path.strip().casefold())
        entry = sieve.entry(said, unit.path) if unit else None
        sieve.left_out += unit is None
        told += [entry] if entry else []
    return Telling(
        foundation=tuple(foundation),
        told=tuple(_of_unit(told, unit) for unit in units),
        arc=sieve.text(answer.impact.arc, _IMPACT),
        tone=sieve.text(answer.impact.tone, _IMPACT),
        consistency=sieve.text(answer.impact.consistency, _IMPACT),
        why=sieve.text(answer.why, _WHY),
        risks=tuple(risk for said in answer.risks[:_MOST_RISKS] if (risk := sieve.text(said, _RISK))),
        left_out=sieve.left_out,
    )


def _ground(intent: Intent, change: Change, diff: str) -> Ground:
    changed = "\n".join(f"{block.removed}\n{block.added}" for block in blocks_of(diff))
    titles = "\n".join(target.title for target in intent.targets)
    numbers = frozenset(t.number for t in intent.targets if t.number is not None and t.level in CHAPTERS)
    return Ground(intent.request, titles, changed, chapters=numbers, paths=frozenset(change.paths))


def _of_unit(told: Iterable[Told], unit: UnitFigures) -> Told:
    """Put together what is told of one file. Its size is the largest that was said, as far as the figures bear it out."""
    own = [entry for entry in told if entry.path == unit.path]
    if not own:
        return Told(unit.path, unit.magnitude)
    largest = min((entry.magnitude for entry in own), key=MAGNITUDES.index)
    shifts = tuple(shift for entry in own for shift in entry.shifts)
    details = tuple(dict.fromkeys(detail for entry in own for detail in entry.details))
    return Told(unit.path, unit.within(largest), shifts, details[: 2 * _MOST_DETAILS])


class _Sieve:
    """Passes what has no figure of its own, on one line and of bounded length; counts what it holds back."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.left_out = 0

    def text(self, said: str, limit: int) -> str:
        plain = " ".join(cleaned(said[: _READ * limit]).split())
        found = [plain[start:stop] for start, stop in sentences(plain, 0, len(plain))]
        kept = [sentence for sentence in found if self._ground.bears(sentence)]
        self.left_out += len(found) - len(kept)
        return one_line(" ".join(kept), limit)

    def shift(self, said: SaidShift | SaidChange) -> Shift | None:
        what = self.text(said.what, _WHAT)
        if not what:
            return None
        before, after = self.text(said.before, _SIDE), self.text(said.after, _SIDE)
        return Shift(what, before, after) if before and after and before != after else Shift(what)

    def entry(self, said: SaidChange, path: str) -> Told | None:
        shift = self.shift(said)
        if shift is None:
            return None
        details = [detail for each in said.details[:_MOST_DETAILS] if (detail := self.text(each, _DETAIL))]
        return Told(path, said.magnitude, (shift,), tuple(details))


def cleaned(text: str) -> str:
    """Return a text without control characters, marks of direction and whatever else is not seen."""
    return "".join(
        character
        for character in text
        if character.isspace() or character in _JOINERS or unicodedata.category(character)[0] != "C"
    )


def from_facts(units: Sequence[UnitFigures]) -> Telling:
    """Return what the figures alone tell."""
    return Telling(told=tuple(Told(unit.path, unit.magnitude) for unit in units))
