"""Break styled text into lines of a terminal: by columns, never inside a character, never inside a word that fits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bookiter.cli.console import paint
from bookiter.glyphs import clusters, width

_WIDE = 2
_OPENING = frozenset("「『（〈《“‘([{+-")
_CLOSING = frozenset("」』）〉》、。，．！？ー…”’.,!?;:)]}+-")


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style; "" is plain."""

    text: str
    style: str = ""


Cell = tuple[str, str]  # a character as a reader sees it, and its style


def wrapped(runs: Iterable[Run], columns: int | None, indent: str = "", hang: str | None = None) -> Iterator[str]:
    """Yield the lines of a text; ``hang`` leads all lines but the first. Without ``columns`` it is one line.

    A line feed in a run ends the line.
    """
    hang = indent if hang is None else hang
    lead = indent
    for cells in _paragraphs(runs):
        if columns is None:
            yield lead + _painted(cells)
            lead = hang
            continue
        rest = cells
        while True:
            line, rest = _first_line(rest, max(1, columns - width(lead)))
            yield (lead + _painted(line)).rstrip()
            lead = hang
            if not rest:
                break


def fitted(text: str, columns: int) -> str:
    """Return a text on one line of so many columns, cut with an ellipsis where it is longer."""
    flat = " ".join(text[: columns * 8].split())
    if width(flat) <= columns and len(text) <= columns * 8:
        return flat
    used = 0
    kept = ""
    for cluster in clusters(flat):
        used += width(cluster)
        if used >= columns:
            break
        kept += cluster
    return kept.rstrip(" ,;:.") + "…"


def _paragraphs(runs: Iterable[Run]) -> list[list[Cell]]:
    found: list[list[Cell]] = [[]]
    for run in runs:
        for cluster in clusters(run.text):
            if cluster == "\n":
                found.append([])
            else:
                found[-1].append((cluster, run.style))
    return found


def _first_line(cells: list[Cell], room: int) -> tuple[list[Cell], list[Cell]]:
    """Cut off what fits: at the last space, or after the last character of a script without spaces."""
    used = 0
    cut = 0
    for at, (cluster, _) in enumerate(cells):
        if cluster == " " or (at and _may_part(cells[at - 1][0], cluster)):
            cut = at
        used += width(cluster)
        if used > room and cluster != " ":
            stop = cut or max(1, at)
            return cells[:stop], _without_spaces(cells[stop:])
    return cells, []


def _may_part(before: str, after: str) -> bool:
    """Tell whether a line may end between two characters of a script without spaces; never before a closing mark."""
    wide = width(before) == _WIDE or width(after) == _WIDE
    return wide and before not in _OPENING and after not in _CLOSING and " " not in (before, after)


def _without_spaces(cells: list[Cell]) -> list[Cell]:
    start = 0
    while start < len(cells) and cells[start][0] == " ":
        start += 1
    return cells[start:]


def _painted(cells: list[Cell]) -> str:
    shown: list[str] = []
    at = 0
    while at < len(cells):
        style = cells[at][1]
        stop = at
        while stop < len(cells) and cells[stop][1] == style:
            stop += 1
        text = "".join(cluster for cluster, _ in cells[at:stop])
        shown.append(paint(text, style) if style else text)
        at = stop
    return "".join(shown)
