"""Figures over all iterations: what the histories say of those accepted, and the run folders of all that were tried."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bookiter.manuscript.book import Book
from bookiter.stages.chronicle import Iteration, iterations
from bookiter.store.repo import Repository
from bookiter.store.runs import Run, Runs

_MOST_BYTES = 20_000_000
_VERDICTS = ("approved", "needs_revision", "unjudged")
_PARTS = re.compile(r"\n\n---\n\n(?=## system\n)")
_CORRECTED = re.compile(r"\n\n## assistant\n\n")
_TOKENS = ("calls", "prompt_tokens", "completion_tokens")


def statistics(book: Book, repo: Repository, runs: Runs) -> dict[str, Any]:
    """Return the figures of ``bookiter stats``, JSON-ready. Raises NotReady when a history is damaged."""
    known = iterations(book, repo)
    return {
        "iterations": _accepted(known),
        "levels": {
            level: _accepted([each for each in known if level in each.levels])
            for level in book.config.levels
            if any(level in each.levels for each in known)
        },
        "runs": _tried(runs.all()),
    }


def _accepted(known: Sequence[Iteration]) -> dict[str, Any]:
    """Count the iterations of histories; what only takes another back is none of its own."""
    own = [each for each in known if not each.is_undo]
    approved = [
        each for each in own if each.entry.get("judge_verdict") == "approved" and not each.entry.get("overruled")
    ]
    attempts = [count for each in approved if (count := _whole(each.entry.get("judge_attempts")))]
    return {
        "total": len(own),
        "taken_back": sum(each.undone for each in own),
        "undos": len(known) - len(own),
        "approved": len(approved),
        "overruled": sum(bool(each.entry.get("overruled")) for each in own),
        "attempts_per_approval": _ratio(sum(attempts), len(attempts)),
        "first_attempt_share": _ratio(attempts.count(1), len(attempts)),
        "files_changed": sum(_whole(each.entry.get("files_changed")) for each in own),
        "lines_changed": sum(_whole(each.entry.get("lines_changed")) for each in own),
        "intent_types": _counted(each.entry.get("intent_type") for each in own),
        "actions": _counted(each.entry.get("action") for each in own),
    }


@dataclass
class _Tally:
    """What the run folders hold, added up."""

    unreadable: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    roads: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    judged_by: Counter[str] = field(default_factory=Counter)
    fallbacks: int = 0
    refused_patches: int = 0
    seconds: float = 0.0
    tokens: Counter[str] = field(default_factory=Counter)
    by_stage: dict[str, Counter[str]] = field(default_factory=dict)
    cost: float = 0.0
    unpriced: bool = False
    estimated: bool = False

    def as_json(self, total: int) -> dict[str, Any]:
        judged = self.verdicts["approved"] + self.verdicts["needs_revision"]
        return {
            "total": total,
            "unreadable": self.unreadable,
            "statuses": dict(self.statuses.most_common()),
            "roads": dict(self.roads.most_common()),
            "attempts": sum(self.verdicts.values()),
            "verdicts": {name: self.verdicts[name] for name in _VERDICTS},
            "judged_by": dict(self.judged_by.most_common()),
            "approval_rate": _ratio(self.verdicts["approved"], judged),
            "refused_patches": self.refused_patches,
            "fallbacks": self.fallbacks,
            "usage": {
                **{name: self.tokens[name] for name in _TOKENS},
                "cost": None if self.unpriced else round(self.cost, 6),
                "estimated": self.estimated,
                "stages": {stage: dict(counts) for stage, counts in sorted(self.by_stage.items())},
            },
            "seconds": round(self.seconds, 1),
        }


def _tried(runs: Sequence[Run]) -> dict[str, Any]:
    tally = _Tally()
    for run in runs:
        try:
            _add(tally, _read(run))
        except (OSError, ValueError, TypeError, RecursionError):
            tally.unreadable += 1
    return tally.as_json(len(runs))


@dataclass(frozen=True)
class _Kept:
    """What one run's folder holds; a run that was ended early, or made by stage commands, has no decision."""

    decision: dict[str, Any]
    usage: dict[str, Any]
    intent: dict[str, Any]
    verdicts: list[dict[str, Any]]
    corrections: int


def _read(run: Run) -> _Kept:
    """Read a run's folder whole, before any of it counts. Raises ValueError, TypeError or OSError when it is damaged."""
    folder = run.folder or Path()
    verdicts = sorted(folder.glob("attempt-*.verdict.json"))
    prompts = sorted(folder.glob("attempt-*.prompt.md"))
    return _Kept(
        _object(folder / "decision.json"),
        _object(folder / "usage.json"),
        _object(folder / "intent.json"),
        [_object(place) for place in verdicts],
        sum(_corrections(_bytes(place).decode("utf-8", "replace")) for place in prompts),
    )


def _corrections(prompts: str) -> int:
    """Count the prompts that answer a refused patch: they hold what the model had said."""
    return sum(bool(_CORRECTED.search(part)) for part in _PARTS.split(prompts))


def _object(place: Path) -> dict[str, Any]:
    if not place.exists():
        return {}
    value = json.loads(_bytes(place))
    if not isinstance(value, dict):
        raise TypeError(f"{place.name} holds no object")
    return value


def _bytes(place: Path) -> bytes:
    if place.is_symlink() or not place.is_file() or place.stat().st_size > _MOST_BYTES:
        raise ValueError(f"{place.name} is no file of a run")
    return place.read_bytes()


def _add(tally: _Tally, kept: _Kept) -> None:
    stages = _usage(kept.usage.get("usage", {}))
    tally.statuses[_name(kept.decision.get("status")) or "undecided"] += 1
    road = _name(kept.decision.get("scale"))
    if kept.verdicts and road:
        tally.roads[road] += 1
        tally.fallbacks += road == "regenerate" and kept.intent.get("scale") == "patch"
    for verdict in kept.verdicts:
        tally.verdicts[_name(verdict.get("verdict")) or "unjudged"] += 1
        tally.judged_by[_name(verdict.get("by")) or "nobody"] += 1
    tally.refused_patches += kept.corrections
    tally.seconds += _number(kept.usage.get("seconds"))
    for stage, used in stages.items():
        counts = tally.by_stage.setdefault(stage, Counter())
        for name in _TOKENS:
            counts[name] += _whole(used.get(name))
            tally.tokens[name] += _whole(used.get(name))
        tally.cost += _number(used.get("cost"))
        tally.unpriced |= used.get("cost") is None
        tally.estimated |= used.get("estimated") is True


def _usage(value: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(value, dict) or not all(isinstance(used, dict) for used in value.values()):
        raise TypeError("usage must be an object of objects")
    return value


def _counted(values: Iterable[Any]) -> dict[str, int]:
    return dict(Counter(name for value in values if (name := _name(value))).most_common())


def _name(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and 0 < value < float("inf") else 0.0


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None
