"""Show a change word by word, readable even where a paragraph is one long line."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from bookiter.cli.console import paint
from bookiter.cli.wrap import Run, wrapped
from bookiter.glyphs import clusters
from bookiter.stages.change import Change
from bookiter.stages.measure import hunks_of
from bookiter.stages.passages import Comparison, Part, Passage, compare
from bookiter.stages.summarise import Place, places
from bookiter.stages.wording import Delta, compared, marked_up
from bookiter.text import plural

_LINE_END = "⏎"
_AROUND = 70  # characters of what stays that are shown on either side of a change
_SIGNS = {"\u00a0": "·", "\u202f": "·", "\t": "→", "\n": _LINE_END}
_INDENT = "    "
_MOST_WRAPS = 2
_WRAP = re.compile(r"[ \t]*\r?\n[ \t]*")


def redline(diff: str, colour: bool, most: int) -> Iterator[str]:
    """Yield a change as lines for a person, at most ``most`` places: what went is struck out, what came is marked."""
    every = places(diff)
    path = ""
    for place in islice(every, most):
        if place.path != path:
            path = place.path
            yield paint(path, "bold") if colour else path
        yield from wrapped(_place(place, colour), None, f"  {place.line:>5}  ")
    more = sum(1 for _ in every)
    if more:
        yield f"  … and {plural(more, 'more place')}"


def _place(place: Place, colour: bool) -> list[Run]:
    """A place is one line here: kept line ends become a sign, so that paragraphs do not look like words run together."""
    runs = [run for delta in place.deltas for run in _delta(delta, colour)]
    flat = [Run(run.text.replace("\r\n", "\n").replace("\n", _LINE_END), run.style) for run in runs]
    while flat and flat[-1].text.strip(_LINE_END) == "":
        flat.pop()
    return [*flat[:-1], Run(flat[-1].text.rstrip(_LINE_END), flat[-1].style)] if flat else []


def redline_file(change: Change | str, path: str, colour: bool, width: int | None) -> Iterator[str]:
    """Yield one file of a change (or of a diff), paragraph by paragraph, as lines of ``width`` columns.

    Each tells its line and the heading it stands under. What went is struck out or in ``[-…-]``, what came is coloured or in
    ``{+…+}``; white space that changed gets signs. Without a width no line is broken.
    """
    parts = list(_comparisons(change, path))
    shown = [p for comparison in parts for p in comparison.passages if p.fate != "kept" or p.gap_differs]
    yield paint(f"━━━ {path} ━━━", "bold") if colour else f"━━━ {path} ━━━"
    yield _counts(shown)
    for note in (note for comparison in parts for note in comparison.notes):
        yield f"Of the whole file: {note}."
    for passage in shown:
        yield ""
        yield paint(_heading(passage), "cyan") if colour else _heading(passage)
        for runs in _bodies(passage, colour):
            yield from wrapped(runs, width, _INDENT)


def _comparisons(change: Change | str, path: str) -> Iterator[Comparison]:
    if isinstance(change, Change):
        yield from (compare(file.before, file.after) for file in change.files if file.path == path)
    else:
        for hunk in hunks_of(change, path):
            yield compare(hunk.before, hunk.after, old_line=hunk.old_line, new_line=hunk.new_line)


def _counts(shown: list[Passage]) -> str:
    names = {"changed": "changed", "added": "put in", "lost": "taken out"}
    counted = [(sum(p.fate == fate for p in shown), name) for fate, name in names.items()]
    told = [f"{count:,} {name}" for count, name in counted if count]
    gaps = sum(p.fate == "kept" for p in shown)
    if gaps:
        told.append(f"{gaps:,} with other white space after {'it' if gaps == 1 else 'them'}")
    return f"Paragraphs: {', '.join(told)}." if told else "No paragraph differs."


def _heading(passage: Passage) -> str:
    old, new = passage.old, passage.new
    if old and new:
        line = f"Line {old.line}" if old.line == new.line else f"Line {old.line} → {new.line}"
        anew = passage.fate == "changed" and _is_anew(marked_up(old.text, new.text))
        return line + _where(new) + (", written anew" if anew else "")
    part = new or old
    if part is None:
        return ""
    return f"Line {part.line}{_where(part)}, {'put in' if new else 'taken out'}"


def _is_anew(deltas: tuple[Delta, ...]) -> bool:
    return len(deltas) == 1 and not deltas[0].kept and bool(deltas[0].removed and deltas[0].added)


def _where(part: Part) -> str:
    heading = f", {_clean(part.heading)}" if part.heading and part.heading not in part.text else ""
    return heading + (f", scene {part.scene}" if part.scene else "")


def _bodies(passage: Passage, colour: bool) -> Iterator[list[Run]]:
    old, new = passage.old, passage.new
    if old and new:
        if old.text == new.text:
            yield [*_kept(old.text, first=True, last=False), *_gap(old.gap, new.gap, colour)]
        elif _is_anew(marked_up(old.text, new.text)):
            yield _whole(old.text, colour, came=False)
            yield [*_whole(new.text, colour, came=True), *_gap(*_gaps(passage), colour)]
        else:
            yield [*_paragraph(old.text, new.text, colour), *_gap(*_gaps(passage), colour)]
    elif old:
        yield [*_whole(old.text, colour, came=False), *_gap(_odd(old.gap), "", colour)]
    elif new:
        yield [*_whole(new.text, colour, came=True), *_gap("", _odd(new.gap), colour)]


def _whole(text: str, colour: bool, *, came: bool) -> list[Run]:
    """Return a paragraph that came or went as a whole, its lines as they are in the file."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    shown = "\n".join(_signed(line) if line.strip() else line for line in lines)
    if colour:
        return [Run(shown, "green" if came else "strike")]
    return [Run(f"{{+{shown}+}}" if came else f"[-{shown}-]")]


def _gaps(passage: Passage) -> tuple[str, str]:
    if not passage.gap_differs or passage.old is None or passage.new is None:
        return "", ""
    return passage.old.gap, passage.new.gap


def _odd(gap: str) -> str:
    """Return what follows a whole paragraph where it is not the usual blank line."""
    return "" if gap.replace("\r\n", "\n") in ("", "\n", "\n\n") else gap


def _gap(before: str, after: str, colour: bool) -> list[Run]:
    if before == after:
        return []
    found = marked_up(before, after)
    return [run for d in found for run in ([Run(_signed(d.kept))] if d.kept else _delta(d, colour))]


def _paragraph(old: str, new: str, colour: bool) -> list[Run]:
    """Return a paragraph marked up. Where its lines are wrapped anew the line ends are counted instead of marked."""
    moved = _moved_line_ends(old, new)
    note = []
    if moved > _MOST_WRAPS:
        old, new = _WRAP.sub(" ", old), _WRAP.sub(" ", new)
        note = [Run(f" ({moved:,} line ends moved)", "dim" if colour else "")]
    deltas = marked_up(old, new)
    runs: list[Run] = []
    for at, delta in enumerate(deltas):
        last = at == len(deltas) - 1
        runs += _kept(delta.kept, first=at == 0, last=last) if delta.kept else _delta(delta, colour)
    return [*runs, *note]


def _moved_line_ends(old: str, new: str) -> int:
    if "\n" not in old + new:
        return 0
    changed = [delta for delta in compared(old, new) if not delta.kept]
    return max(sum(d.removed.count("\n") for d in changed), sum(d.added.count("\n") for d in changed))


def _kept(text: str, *, first: bool, last: bool) -> list[Run]:
    """Return what stays, cut to what stands next to a change; its own line ends are shown as spaces."""
    text = _clean(text).replace("\r\n", " ").replace("\n", " ")
    if len(text) <= 2 * _AROUND + 20:
        return [Run(text)]
    head = "" if first else _cut(text[: _AROUND + 30], forward=True)
    tail = "" if last else _cut(text[-_AROUND - 30 :], forward=False)
    return [Run(f"{head}…{tail}")]


def _cut(text: str, *, forward: bool) -> str:
    """Cut a stretch to about as many characters as are shown, at a space where there is one near."""
    if forward:
        stop = text.find(" ", _AROUND)
        kept = text[: stop if stop >= 0 else _AROUND]
        return "".join(list(clusters(kept))[:-1]) if stop < 0 else f"{kept} "
    start = text.rfind(" ", 0, len(text) - _AROUND)
    kept = text[start + 1 :] if start >= 0 else text[-_AROUND:]
    return "".join(list(clusters(kept))[1:]) if start < 0 else f" {kept}"


def _delta(delta: Delta, colour: bool) -> list[Run]:
    if delta.kept:
        return [Run(_clean(delta.kept))]
    removed, added = _signed(delta.removed), _signed(delta.added)
    if removed == added or unicodedata.normalize("NFC", removed) == unicodedata.normalize("NFC", added):
        removed, added = _code_points(delta.removed, delta.added)
    if colour:
        return [*([Run(removed, "strike")] if removed else []), *([Run(added, "green")] if added else [])]
    return [*([Run(f"[-{removed}-]")] if removed else []), *([Run(f"{{+{added}+}}")] if added else [])]


def _signed(text: str) -> str:
    """Return a changed stretch with signs for what is not seen; spaces get one where there is nothing else."""
    bare = not text.strip(" \u00a0\u202f\t\r\n")
    return "".join(_sign(character, bare) for character in text.replace("\r\n", "␍" + _LINE_END))


def _sign(character: str, bare: bool) -> str:
    if character == " " and bare:
        return "␣"
    if character in _SIGNS:
        return _SIGNS[character]
    if character == "\r":
        return "␍"
    if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Co", "Cs") and character not in "\u200c\u200d":
        return f"⟨U+{ord(character):04X}⟩"
    return character


def _code_points(one: str, other: str) -> tuple[str, str]:
    """Name the characters in which two stretches differ that look the same."""
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    first, second = (" ".join(f"U+{ord(character):04X}" for character in text[same:]) for text in (one, other))
    return one[:same] + first, other[:same] + second


def _clean(text: str) -> str:
    """Keep a manuscript from painting: the codes that `paint` makes are the only ones that are let through later."""
    return text.replace("\x1b", "�")
