"""Collect old candidates: what nobody accepted for a day, what failed for an hour, and all beyond so many a level.

Never collected: what is locked, what was accepted last on its level, and whatever one of those, or one that stays, was
made from.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bookiter.errors import BookiterError
from bookiter.manuscript.config import Candidates
from bookiter.stages.context import Context
from bookiter.stages.events import Note
from bookiter.store.candidates import Candidate, drop, listed
from bookiter.text import plural

_HOUR = 3600


@dataclass(frozen=True)
class Collectable:
    """A candidate that may go, and why."""

    candidate: Candidate
    why: str


def collectable(known: Sequence[Candidate], rules: Candidates, now: float) -> list[Collectable]:
    """Return the candidates that the rules let go, oldest first; ``now`` in seconds since 1970."""
    sound = [candidate for candidate in known if not candidate.damage]
    kept = {candidate.id for candidate in [*_active(sound), *(each for each in sound if each.locked)]}
    old = {candidate.id: why for candidate in sound if (why := _old(candidate, rules, now))}
    over = {candidate.id: f"more than {rules.most} of its level" for candidate in _beyond(sound, rules.most)}
    gone = {**over, **old}
    staying = kept | {candidate.id for candidate in sound if candidate.id not in gone}
    staying |= _ancestors(staying, sound)
    return [Collectable(each, gone[each.id]) for each in reversed(sound) if each.id in gone and each.id not in staying]


def _active(known: Iterable[Candidate]) -> list[Candidate]:
    """The one that was accepted last, for each level."""
    latest: dict[str, Candidate] = {}
    for candidate in known:  # newest first
        if candidate.state == "accepted":
            latest.setdefault(candidate.level, candidate)
    return list(latest.values())


def _old(candidate: Candidate, rules: Candidates, now: float) -> str:
    hours = (now - candidate.created) / _HOUR
    if candidate.state == "rejected" and hours > rules.failed_hours:
        return f"rejected, and older than {rules.failed_hours:g} hours"
    if candidate.failed and hours > rules.failed_hours:
        return f"failed the checks, and older than {rules.failed_hours:g} hours"
    return f"older than {rules.inactive_hours:g} hours" if hours > rules.inactive_hours else ""


def _beyond(known: Iterable[Candidate], most: int) -> list[Candidate]:
    per_level: dict[str, list[Candidate]] = {}
    for candidate in known:
        per_level.setdefault(candidate.level, []).append(candidate)
    return [candidate for each in per_level.values() for candidate in each[most:]]


def _ancestors(names: set[str], known: Iterable[Candidate]) -> set[str]:
    parents = {candidate.id: candidate.parent for candidate in known}
    found: set[str] = set()
    for name in names:
        parent = parents.get(name, "")
        while parent and parent not in found:
            found.add(parent)
            parent = parents.get(parent, "")
    return found


def collect(ctx: Context, *, dry: bool = False) -> list[Collectable]:
    """Drop the candidates that the rules let go, all in one step; return them. The caller holds the lock."""
    found = collectable(listed(ctx.repo), ctx.book.config.candidates, time.time())
    if found and not dry:
        drop(ctx.repo, [each.candidate for each in found])
    return found


def collect_quietly(ctx: Context) -> None:
    """Collect after a run; whatever goes wrong is no fault of the run."""
    try:
        if not collect(ctx, dry=True):
            return
        with ctx.writing():
            found = collect(ctx)
    except (BookiterError, OSError):
        return
    if found:
        ctx.report(Note(f"Collected {plural(len(found), 'old candidate')}."))
