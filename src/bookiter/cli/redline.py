"""Show a change word by word, readable even where a paragraph is one long line."""

from collections.abc import Iterator
from itertools import islice

from bookiter.cli.console import paint
from bookiter.stages.measure import Delta
from bookiter.stages.summarise import Place, places

_LINE_END = "⏎"


def redline(diff: str, colour: bool, most: int) -> Iterator[str]:
    """Yield a change as lines for a person, at most ``most`` places: what went is struck out, what came is marked."""
    every = places(diff)
    path = ""
    for place in islice(every, most):
        if place.path != path:
            path = place.path
            yield paint(path, "bold") if colour else path
        yield f"  {place.line:>5}  {_marked(place, colour)}"
    more = sum(1 for _ in every)
    if more:
        yield f"  … and {more:,} more places"


def _marked(place: Place, colour: bool) -> str:
    """Line ends become a sign: a place is one line here, and paragraphs put in must not look like words run together."""
    shown = "".join(_delta(delta, colour) for delta in place.deltas)
    return shown.rstrip(_LINE_END)


def _delta(delta: Delta, colour: bool) -> str:
    if delta.kept:
        return _flat(delta.kept)
    removed, added = _flat(delta.removed), _flat(delta.added)
    if colour:
        return (paint(removed, "strike") if removed else "") + (paint(added, "green") if added else "")
    return (f"[-{removed}-]" if removed else "") + (f"{{+{added}+}}" if added else "")


def _flat(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", _LINE_END)
