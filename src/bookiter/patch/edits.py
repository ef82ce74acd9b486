"""From swaps to edits of characters: every line keeps its ending, the file its last byte."""

from collections.abc import Iterable, Sequence

from bookiter.patch.model import Edit, Op
from bookiter.patch.place import Ground, Place
from bookiter.patch.splice import reindent, restyle, splice
from bookiter.patch.style import Style
from bookiter.patch.text import Text
from bookiter.patch.weave import Swap
from bookiter.patch.words import Words

_BOM = "\ufeff"


def learn(ground: Ground, ops: Sequence[Op], place: Place) -> Style:
    """What the reply's typing of this hunk did to the file's."""
    style, text = Style(curly_single=ground.curly_single), ground.text
    for chunk in place.chunks:
        quoted = [op.text for op in ops[chunk.row : chunk.row_end] if op.kind != "+"]
        has = text.lines[chunk.first : chunk.last]
        if len(quoted) == len(has) and not (chunk.prefix or chunk.suffix):
            style.learn_indents(zip(quoted, has, strict=True))
        old, file = Words("\n".join(quoted)), Words("\n".join(has))
        if old.folded == file.folded:
            style.learn(old, file, zip(range(len(old)), range(len(file)), strict=True))
    return style


def verbatim(text: Text, swap: Swap) -> Edit:
    """The edit of a swap whose old side is the file's to the last byte: the new side as it is."""
    if swap.first == swap.last == len(text) and text.open_ended:
        return by_lines(text, swap.first, swap.last, [op.text for op in swap.new])
    at_end = swap.last == len(text)
    parts = []
    for number, op in enumerate(swap.new):
        final = at_end and number == len(swap.new) - 1
        parts.append(op.text + (op.ending if op.ending or final else text.newline))
    return Edit(text.start(swap.first), text.start(swap.last), "".join(parts))


def by_lines(text: Text, first: int, last: int, new: Sequence[str]) -> Edit:
    """Lines [first, last) become ``new``; endings come from the lines that go, or from the neighbours."""
    if not new:
        return _removal(text, first, last)
    if first == last == len(text) and text.open_ended:
        newline = text.newline_near(first)
        return Edit(len(text.raw), len(text.raw), "".join(newline + line for line in new))
    parts = []
    for number, line in enumerate(new):
        final = number == len(new) - 1
        if final and last > first:
            ending = text.ending(last - 1)
        else:
            old = text.ending(first + number) if first + number < last else ""
            ending = old or text.newline_near(first)
        parts.append(line + ending)
    return Edit(text.start(first), text.start(last), "".join(parts))


def _removal(text: Text, first: int, last: int) -> Edit:
    if last == len(text) and text.open_ended and first > 0:
        return Edit(text.end(first - 1), len(text.raw), "")
    return Edit(text.start(first), text.start(last), "")


def spliced(text: Text, swap: Swap, style: Style) -> Edit:
    """The edit of a swap that was quoted inexactly: only what the reply changes of its own quotation."""
    new = [op.text for op in swap.new]
    if not new:
        return _removal(text, swap.first, swap.last)
    if swap.first == swap.last:
        return by_lines(text, swap.first, swap.last, [restyle(reindent(line, style), style) for line in new])
    start = text.start(swap.first)
    if text.raw.startswith(_BOM) and start == 0:
        start, new[0] = 1, new[0].removeprefix(_BOM)
    file = text.raw[start : text.end(swap.last - 1)]
    old = "\n".join(swap.old).removeprefix(_BOM)
    wanted = splice(old, "\n".join(new), file, style, text.newline_near(swap.first))
    return Edit(start, text.end(swap.last - 1), wanted)


def trimmed(raw: str, edit: Edit) -> Edit:
    """The edit without the line ending that both its old and its new text end with."""
    old = raw[edit.start : edit.end]
    for ending in ("\r\n", "\n", "\r"):
        if old.endswith(ending) and edit.text.endswith(ending):
            return Edit(edit.start, edit.end - len(ending), edit.text[: -len(ending)])
    return edit


def minimal(raw: str, edit: Edit) -> Edit | None:
    """The edit without what it does not change; None when it changes nothing."""
    start, end, new = edit.start, edit.end, edit.text
    old = raw[start:end]
    if old == new:
        return None
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    return Edit(start + head, end - tail, new[head : len(new) - tail])


def _common(one: str, other: str) -> int:
    """The length of the longest common start, found by halving: comparing slices is fast, characters slow."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def compose(raw: str, edits: Iterable[Edit]) -> str:
    """The text after disjoint edits in rising order."""
    parts, at = [], 0
    for edit in edits:
        parts += [raw[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, raw[at:]])
