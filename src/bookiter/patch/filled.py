"""The tier for lines quoted with dots in their middle: what the dots stand for comes from the file.

Both ends must name one span. What stands before the dots begins a line, what stands after them ends one of the same
paragraph; each is there once, and one of the two nowhere else in the file. A removed line with dots needs an added one
whose dots stand between the same words. The dots themselves are never written, and where the file has dots of its own
at that place there is no telling whose they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bookiter.patch.fold import DOTS_WORD, fold_words
from bookiter.patch.mended import MARKER, Mended, count, paragraph, unbroken
from bookiter.patch.model import Op
from bookiter.patch.parts import runs
from bookiter.patch.place import Ground, starts_line
from bookiter.patch.readings import Reading

_MOST_CUTS = 20
_FEWEST_AT_AN_END = 3
_FEWEST_UNIQUE = 5
_FEWEST_OF_A_START = 8
_BORDER = 3
"""Words on either side of the dots that both sides of the hunk must have alike."""
_MOST_LOST = 2
_LOST_SHARE = 0.3


@dataclass(frozen=True)
class _Cut:
    """A line in two: what stands before the dots and what stands after them."""

    head: str
    tail: str

    def closed(self, middle: str) -> str:
        return self.head.rstrip() + middle + self.tail.lstrip()


def filled(ground: Ground, reading: Reading) -> Mended | None:
    """The reading with every line written out; None where it has no dots, or where they are not pinned down."""
    ops = list(reading.ops)
    cuts = {at: cut for at, op in enumerate(ops) if op.kind != "+" and (cut := _cut(op)) and not ground.stands(op.text)}
    partners = _partners(ops, cuts)
    if not 0 < len(cuts) <= _MOST_CUTS or partners is None:
        return None
    kept = []
    for at, cut in cuts.items():
        span = _span(ground, cut) if cut.tail.strip() else _rest_of_line(ground, cut)
        if span is None:
            return None
        kept.append(span)
        middle = unbroken(ground.text.raw[span[0] : span[1]])
        ops[at] = replace(ops[at], text=cut.closed(middle))
        if at in partners:
            row, partner = partners[at]
            if not _pair(cut, partner, middle):
                return None
            ops[row] = replace(ops[row], text=partner.closed(middle))
    repairs = (*reading.repairs, "text left out with dots kept as the file has it")
    return Mended(replace(reading, ops=tuple(ops), repairs=repairs), tuple(kept))


def _cut(op: Op) -> _Cut | None:
    """The line around its one mark of something left out."""
    marks = list(MARKER.finditer(op.text))
    if len(marks) != 1:
        return None
    return _Cut(op.text[: marks[0].start()], op.text[marks[0].end() :])


def _partners(ops: Sequence[Op], cuts: dict[int, _Cut]) -> dict[int, tuple[int, _Cut]] | None:
    """For every removed line with dots the added one; None where there are more of the one than of the other."""
    found: dict[int, tuple[int, _Cut]] = {}
    for start, end in runs(ops):
        removed = [at for at in range(start, end) if at in cuts]
        added = [at for at in range(start, end) if ops[at].kind == "+" and MARKER.search(ops[at].text)]
        if not removed:
            continue
        if len(removed) != len(added):
            return None
        for at, row in zip(removed, added, strict=True):
            partner = _cut(ops[row])
            if partner is None:
                return None
            found[at] = row, partner
    return found


def _pair(old: _Cut, new: _Cut, middle: str) -> bool:
    """Do the dots of both lines stand for these words of the file?

    They do if they stand between the same words, which neither line has anywhere else when it is written out, and if
    the new line has not lost so much that its dots may stand for more.
    """
    heads, tails = (_plain(old.head), _plain(new.head)), (_plain(old.tail), _plain(new.tail))
    before, after = heads[0][-_BORDER:], tails[0][:_BORDER]
    if min(len(before), len(after)) < _BORDER or heads[1][-_BORDER:] != before or tails[1][:_BORDER] != after:
        return False
    if any(len(was) - len(will) > max(_MOST_LOST, _LOST_SHARE * len(was)) for was, will in (heads, tails)):
        return False
    lines = _plain(old.closed(middle)), _plain(new.closed(middle))
    return all(count(line, border) == 1 for line in lines for border in (before, after))


def _plain(text: str) -> list[str]:
    """The words of a text without their punctuation and capitals."""
    plain = ("".join(filter(str.isalnum, word)).lower() for word in fold_words(text))
    return [word for word in plain if word]


def _span(ground: Ground, cut: _Cut) -> tuple[int, int] | None:
    """The part of the file between the two ends, if they stand at one place only."""
    head, tail = fold_words(cut.head), fold_words(cut.tail)
    if min(len(head), len(tail)) < _FEWEST_AT_AN_END:
        return None
    before, after = " " + " ".join(head), " ".join(tail) + " "
    folded, text = ground.folded, ground.text
    long = [needle for needle, end in ((before, head), (after, tail)) if len(end) >= _FEWEST_UNIQUE]
    at = next((at for needle in long if (at := _only(folded.joined, needle)) is not None), None)
    if at is None:
        return None
    first, last = paragraph(ground, text.line_at(folded.raw_at(at + 1)))
    low, high = folded.word_at(text.start(first)), folded.word_at(text.start(last))
    start, end = folded.offsets[low] - 1, folded.offsets[high - 1] + len(folded.words[high - 1]) + 1
    from_, to = _only(folded.joined, before, start, end), _only(folded.joined, after, start, end)
    if from_ is None or to is None:
        return None
    return _between(ground, from_, from_ + len(before), to, to + len(after) - 1)


def _rest_of_line(ground: Ground, cut: _Cut) -> tuple[int, int] | None:
    """What follows a start of many words that the file has once, if its line is a paragraph."""
    head = fold_words(cut.head)
    before = " " + " ".join(head)
    folded, text = ground.folded, ground.text
    at = _only(folded.joined, before) if len(head) >= _FEWEST_OF_A_START else None
    if at is None:
        return None
    line = text.line_at(folded.raw_at(at + 1))
    if paragraph(ground, line) != (line, line + 1):
        return None
    last = folded.word_at(text.start(line + 1)) - 1
    end = folded.offsets[last] + len(folded.words[last])
    return _between(ground, at, at + len(before), end, end) if at + len(before) < end else None


def _only(joined: str, needle: str, start: int = 0, end: int | None = None) -> int | None:
    """Where the needle stands, if that is once."""
    at = joined.find(needle, start, end)
    return at if at >= 0 and joined.find(needle, at + 1, end) < 0 else None


def _between(ground: Ground, first: int, start: int, end: int, last: int) -> tuple[int, int] | None:
    """The span [start, end) of a quotation [first, last) in the file's own offsets; None where it cannot be meant.

    All four are offsets in the joined words.
    """
    folded = ground.folded
    joined = folded.joined
    middle = joined[start:end]
    at_cut = middle.split(" ")[0] + (middle.split(" ")[-1] if end < last else "")
    if DOTS_WORD in middle or any(map(str.isalnum, at_cut)) or not any(map(str.isalnum, middle)):
        return None
    span = folded.raw_at(start, end=True), folded.raw_at(end, end=end == last)
    begin, stop = folded.word_at(folded.raw_at(first + 1)), folded.word_at(folded.raw_at(last, end=True))
    whole = starts_line(ground, begin) and (stop == len(folded) or starts_line(ground, stop))
    return span if whole and span[0] < span[1] else None
