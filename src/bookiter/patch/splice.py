"""The word-level delta from the quoted text to the wanted one, laid onto the file's own bytes.

Three texts: ``old`` (what the reply says the file has), ``new`` (what it shall have) and ``file`` (what it has), where
``old`` and ``file`` are the same words but for their typing. Words and gaps that the reply keeps stay the file's; those
it changes become the reply's, in the file's manners. Where the reply changes the typing of something it also misquotes,
there is no telling what is meant, and the splice refuses.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from rapidfuzz.distance import Indel

from bookiter.patch.fold import DASH_WORD, DOTS_WORD, INVISIBLE, fold_word, letter_map
from bookiter.patch.model import Unclear
from bookiter.patch.style import Style, indent, shielded
from bookiter.patch.words import Words

_ENDING = re.compile(r"\r\n|\n|\r")
BLOCK = re.compile(r"\s*(?:[-*+>|#]|\d+[.)])\s|\s*<(?:p|h\d|li|div|br|span|section|blockquote)\b|\t| {4}")
SOFT = {"space", "line"}


def splice(old: str, new: str, file: str, style: Style, newline: str) -> str:
    """Write ``new`` onto ``file``. Raises :class:`Unclear` where the delta does not say what the file should have."""
    work = Splice(Words(old), Words(new), Words(file), style, newline)
    if not work.rewrapped:
        return work.run()
    like_file, like_old = wraps_like(new, file), wraps_like(new, old)
    if work.breaks_as_quoted():
        like_file, like_old = False, True
    if like_file and not like_old:
        return work.run(own_wrap=True)
    merged = work.run()
    if like_old == like_file and merged != work.run(own_wrap=True):
        raise Unclear("the lines were broken differently, and it is open how they should be broken now")
    if not wraps_like(merged, file) and wraps_like(file, file) and _ENDING.search(file):
        raise Unclear("the lines were broken differently, and the change moves the breaks")
    return merged


class Splice:
    """One splice; every method answers for one word or one gap of the new text."""

    typing_is_noise = False

    def __init__(self, old: Words, new: Words, file: Words, style: Style, newline: str) -> None:
        if len(old) != len(file) or old.folded != file.folded:
            raise Unclear("the removed text is not what the file has")
        self.old, self.new, self.file, self.style, self.newline = old, new, file, style, newline
        self.kept: dict[int, int] = {}
        for opcode in Indel.opcodes(old.folded, new.folded):
            if opcode.tag == "equal":
                self.kept |= {
                    opcode.dest_start + k: opcode.src_start + k for k in range(opcode.src_end - opcode.src_start)
                }
        self.shield = shielded(new.raw)
        self.width = max(len(line) for line in [*_ENDING.split(old.raw), *_ENDING.split(new.raw)])
        self.opcodes = list(_regions(self.kept, len(new), len(old)))
        self.rewrapped = self.own_wrap = False
        self.prepare()

    def prepare(self) -> None:
        """Find out whether the reply broke the lines elsewhere than the file does."""
        self.rewrapped = self._rewrapped()

    def breaks_as_quoted(self) -> bool:
        """Does the new text break where the quotation does? Then its breaks are the quotation's, not a wish."""
        kept = [(at, source) for at, source in self.kept.items() if at and self.kept.get(at - 1) == source - 1]
        return all(kind_of(self.new.gap(at)) == kind_of(self.old.gap(source)) for at, source in kept)

    def _rewrapped(self) -> bool:
        """Did the reply break the file's lines elsewhere? Then its line breaks say nothing."""
        for at in range(1, len(self.old)):
            said, has = kind_of(self.old.gap(at)), kind_of(self.file.gap(at))
            if {said, has} == {"space", "line"}:
                return True
        return False

    def run(self, *, own_wrap: bool = False) -> str:
        """The text; with ``own_wrap`` the line breaks are the new text's, else the file's where words stay."""
        self.own_wrap = own_wrap
        parts = []
        for at in range(len(self.new) + 1):
            parts.append(self._gap(at))
            if at < len(self.new):
                parts.append(self._word(at))
        return "".join(parts)

    def _word(self, at: int) -> str:
        source = self.kept.get(at)
        if source is not None:
            return _three_way(self.old.word(source), self.new.word(at), self.file.word(source))
        if self.new.folded[at] in (DASH_WORD, DOTS_WORD):
            return (
                self.style.dash(self.new.set_as(at))[0] if not self.shield[self.new.starts[at]] else self.new.word(at)
            )
        partner = self._partner(at)
        if partner is None:
            return self._styled(self.new.starts[at], self.new.ends[at])
        return self._altered(at, partner)

    def _partner(self, at: int) -> int | None:
        """The old word that a new word stands for, where a run of words was changed into as many."""
        for first, last, start, end in self.opcodes:
            if first <= at < last:
                if end - start == last - first:
                    return start + at - first
                if at == first and end > start:
                    return start
                if at == last - 1 and end > start:
                    return end - 1
        return None

    def _altered(self, at: int, source: int) -> str:
        """A word changed inside: what it shares with the old one at either end stays the file's."""
        old, new, file = self.old.word(source), self.new.word(at), self.file.word(source)
        plain_old, plain_new = fold_word(old), fold_word(new)
        spans_old, spans_new, spans = letter_map(old), letter_map(new), letter_map(file)
        if not len(spans) == len(plain_old) == len(spans_old) or len(spans_new) != len(plain_new):
            return self._styled(self.new.starts[at], self.new.ends[at])
        head, most = 0, min(len(plain_old), len(plain_new))
        while head < most and plain_old[head] == plain_new[head]:
            head += 1
        tail = 0
        while tail < most - head and plain_old[-1 - tail] == plain_new[-1 - tail]:
            tail += 1
        if self.typing_is_noise:
            old, spans_old = new, spans_new
        first = _letters(old, new, file, [(spans_old[k], spans_new[k], spans[k]) for k in range(head)])
        last = _letters(old, new, file, [(spans_old[k], spans_new[k], spans[k]) for k in range(-tail, 0)])
        start = self.new.starts[at]
        inner_start = spans_new[head][0] if head < len(spans_new) else len(new)
        inner_end = spans_new[len(spans_new) - tail - 1][1] if len(spans_new) > tail + head else inner_start
        return first + self._styled(start + inner_start, start + max(inner_start, inner_end)) + last

    def _styled(self, start: int, end: int) -> str:
        raw = self.new.raw
        return "".join(raw[k] if self.shield[k] else self.style.mark(raw, k) for k in range(start, end))

    def _gap(self, at: int) -> str:
        """The white space in front of new word ``at``, blanks at the end of a line as they belong to its words."""
        gap = self._gap_of(at)
        if self.own_wrap and {kind_of(gap), kind_of(self.new.gap(at))} == SOFT:
            gap = self._new_gap(self.new.gap(at), at)
        if at == 0 or not (at == len(self.new) or _ENDING.search(gap)) or self._same_line(at):
            return gap
        source = self.kept.get(at - 1)
        has, said = _trailing(gap), _trailing(self.new.gap(at))
        below = next((end for _, last, _, end in self.opcodes if last == at), None) if source is None else source + 1
        quoted = _trailing(self.old.gap(below)) if below is not None else said
        stands = _trailing(self.file.gap(below)) if below is not None else has
        if said == quoted and stands.endswith("\\"):  # unlike spaces, a break that is written out is meant
            return stands + gap[len(has) :]
        return ("" if not has and said == quoted else said) + gap[len(has) :]

    def _same_line(self, at: int) -> bool:
        """Are the words of the line that ends before new word ``at`` just those of a line of the file?"""
        source = self.kept.get(at - 1)
        while source is not None and not (source == 0 or _ENDING.search(self.file.gap(source))):
            at -= 1
            source = source - 1 if self.kept.get(at - 1) == source - 1 else None
        return source is not None

    def _gap_of(self, at: int) -> str:
        """The white space in front of new word ``at``: the file's where it stands between what was there."""
        said = self.new.gap(at)
        if at == 0 and len(self.new):
            return self._lead(said)
        left = self.kept.get(at - 1) if at else -1
        right = self.kept.get(at) if at < len(self.new) else len(self.old)
        if left is not None and right is not None and right == left + 1:
            return self._kept_gap(right, said, at)
        if left is not None and right is not None:
            return self._closed_gap(left + 1, right, said, at)
        if at and at < len(self.new) and self._unset(at):
            return ""
        beside = left + 1 if left is not None else right
        if beside is None or not self._same_kind(said, beside) or self._doubles(at, left, beside):
            return self._new_gap(said, at)
        return self._new_gap(said, at) if _moved(said, self.old.gap(beside)) else self.file.gap(beside)

    def _lead(self, said: str) -> str:
        """The indent of the first line with words, and any blank lines the reply puts above it."""
        quoted, has = self.old.gap(0), self.file.gap(0)
        if said in (quoted, has):
            return has
        *above, own = _ENDING.split(said)
        if own in (quoted, has):
            own = has
        elif quoted != has:
            own = self.style.indent_of(own + "x")
        return self.newline.join([*above, own])

    def _kept_gap(self, at: int, said: str, new_at: int) -> str:
        quoted, has = self.old.gap(at), self.file.gap(at)
        plain = _ENDING.sub("\n", has)
        if said in (quoted, has, plain):
            return has
        kinds = kind_of(said), kind_of(quoted), kind_of(has)
        if self.rewrapped and {kinds[0], kinds[2]} <= SOFT and not self._hard(new_at):
            return has
        if quoted == plain or (kinds[1] == kinds[2] != kinds[0]) or (self.own_wrap and kinds[0] in SOFT):
            return self._new_gap(said, new_at)
        if kinds[0] == kinds[1]:
            return self._new_gap(said, new_at) if _moved(said, quoted) else has
        raise Unclear("the spacing that is to change is not what the file has")

    def _closed_gap(self, first: int, last: int, said: str, new_at: int) -> str:
        """Words between were taken out: of the gaps around them one stays, a line break before a space."""
        sides = [(self.file.gap(k), self.old.gap(k)) for k in (first, last)]
        if first == 0 or last == len(self.old):
            sides = sides[:1] if first == 0 else sides[1:]
        fits = [has for has, was in sides if kind_of(was) == kind_of(said)]
        if self.rewrapped and kind_of(said) in SOFT and not self._hard(new_at):
            fits = [has for has, _ in sides if kind_of(has) in SOFT]
        if not fits:
            return self._new_gap(said, new_at)
        return next((has for has in fits if kind_of(has) == "line"), fits[0])

    def _same_kind(self, said: str, beside: int) -> bool:
        kinds = {kind_of(said), kind_of(self.old.gap(beside))}
        return len(kinds) == 1 or (self.rewrapped and kinds <= SOFT)

    def _doubles(self, at: int, left: int | None, beside: int) -> bool:
        """Would a pure insertion use the one gap of the file on both its sides?"""
        if left is not None:
            return False
        first = next((f for f, last, s, e in self.opcodes if f <= at <= last and s == e == beside), None)
        return first is not None and self._same_kind(self.new.gap(first), beside)

    def _hard(self, at: int) -> bool:
        """Is the line break before new word ``at`` meant? One that mere wrapping would not have made is."""
        if self.own_wrap:
            return True
        if kind_of(self.new.gap(at)) != "line" or not 0 < at < len(self.new):
            return False
        start = max(self.new.raw.rfind("\n", 0, self.new.ends[at - 1]), 0)
        end = self.new.raw.find(" ", self.new.starts[at])
        word = (end if end >= 0 else len(self.new.raw)) - self.new.starts[at]
        return self.new.ends[at - 1] - start + 1 + word <= self.width

    def _unset(self, at: int) -> bool:
        """Is this gap next to a new dash that the file sets without spaces?"""
        for word, side in ((at, 1), (at - 1, 2)):
            if word not in self.kept and self.new.folded[word] in (DASH_WORD, DOTS_WORD):
                said = self.new.set_as(word)
                has = self.style.dash(said)
                if said != has and said[side] and not has[side]:
                    return True
        return False

    def _new_gap(self, said: str, at: int) -> str:
        kind = kind_of(said)
        if kind in ("none", "space"):
            return said
        if self.rewrapped and kind == "line" and not self._hard(at):
            return " "
        lines = _ENDING.split(said)
        lines[-1] = self.style.indent_of(lines[-1] + "x") if at < len(self.new) else lines[-1]
        return self.newline.join(lines)


def _regions(kept: dict[int, int], count_new: int, count_old: int) -> Iterator[tuple[int, int, int, int]]:
    """The changed runs: words [first, last) of the new text stand for words [start, end) of the old."""
    pairs = [(-1, -1), *sorted(kept.items()), (count_new, count_old)]
    for (a, i), (b, j) in pairwise(pairs):
        if b > a + 1 or j > i + 1:
            yield a + 1, b, i + 1, j


def kind_of(gap: str) -> str:
    """The kind of a gap: none, space, line (one line ending) or paragraph (more)."""
    breaks = len(_ENDING.findall(gap))
    if breaks:
        return "line" if breaks == 1 else "paragraph"
    return "space" if gap.strip(INVISIBLE) else "none"


def _moved(said: str, quoted: str) -> bool:
    """Does the reply change the indent of the line that begins after this gap?"""
    breaks, were = _ENDING.split(said), _ENDING.split(quoted)
    return len(breaks) > 1 and len(were) > 1 and breaks[-1] != were[-1]


def _trailing(gap: str) -> str:
    """The blanks of a gap before its first line ending."""
    met = _ENDING.search(gap)
    return gap[: met.start()] if met else gap


def wraps_like(one: str, other: str) -> bool:
    """Could both texts have been wrapped greedily at the same width?"""
    (low, high), (other_low, other_high) = _widths(one), _widths(other)
    return max(low, other_low) < min(high, other_high)


def _widths(raw: str) -> tuple[float, float]:
    """The widths [low, high) at which greedy wrapping would break a text as it is broken."""
    lines = [line.rstrip() for line in _ENDING.split(raw)]
    breaks = [(a, b) for a, b in pairwise(lines) if a and b and not BLOCK.match(b)]
    high = min((len(a) + 1 + len(b.split(None, 1)[0]) for a, b in breaks), default=float("inf"))
    return max(map(len, lines)), high


def _three_way(old: str, new: str, file: str) -> str:
    if new in (old, file):
        return file
    if old == file:
        return new
    spans_old, spans_new, spans = letter_map(old), letter_map(new), letter_map(file)
    if not spans or not len(spans_old) == len(spans_new) == len(spans):
        raise Unclear("the typography that is to change is not what the file has")
    return _letters(old, new, file, list(zip(spans_old, spans_new, spans, strict=True)))


def _letters(old: str, new: str, file: str, spans: list[tuple[tuple[int, int], ...]]) -> str:
    """Letter by letter: what the reply changes becomes the reply's, what it keeps stays the file's."""
    parts = []
    for a, b, c in spans:
        was, wanted, has = old[a[0] : a[1]], new[b[0] : b[1]], file[c[0] : c[1]]
        if wanted in (was, has):
            parts.append(has)
        elif was == has:
            parts.append(wanted)
        else:
            raise Unclear("the typography that is to change is not what the file has")
    return "".join(parts)


def reindent(line: str, style: Style) -> str:
    """A new line with the indent the file uses where the reply uses its own."""
    return style.indent_of(line) + line[len(indent(line)) :]


def restyle(line: str, style: Style) -> str:
    """A whole new line in the file's manners."""
    return splice("", line, "", style, "\n") if line.strip() else line
