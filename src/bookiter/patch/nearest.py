"""For refusals: the passage of the file that comes nearest to what a hunk quotes, and where the two part."""

from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bookiter.patch.fold import fold_words
from bookiter.patch.place import Ground

_LONGEST = 4000
_LINES_TRIED = 3


@dataclass(frozen=True)
class Nearest:
    """A line of the file (0-based), the quoted line it was found for, and the column (0-based) of the first difference."""

    wanted: str
    text: str
    line: int
    column: int
    score: float


def nearest(ground: Ground, wanted: list[str]) -> Nearest | None:
    """Find the nearest line for the first of the wanted lines that has anything like it."""
    best: Nearest | None = None
    choices = {at: key[:_LONGEST] for at, key in enumerate(ground.keys) if key}
    for line in sorted(wanted, key=len, reverse=True)[:_LINES_TRIED]:
        key = " ".join(fold_words(line))[:_LONGEST]
        if not key:
            continue
        found = process.extractOne(key, choices, scorer=fuzz.ratio, score_cutoff=30)
        if found and (best is None or found[1] > best.score):
            best = _nearest(ground, line, found[2], found[1])
    return best


def _nearest(ground: Ground, wanted: str, line: int, score: float) -> Nearest:
    text = ground.text.lines[line]
    column = next(
        (at for at, (a, b) in enumerate(zip(wanted, text, strict=False)) if a != b), min(len(wanted), len(text))
    )
    return Nearest(wanted, text, line, column, score)
