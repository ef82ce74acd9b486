"""What the model's typing did to the file's typography, learnt from the words both have, and undone in new words.

Only what was seen is undone: if the hunk has ``"`` where the file has curly marks, new straight marks become curly; if
nothing of the kind was seen, new words stay as they were written. Markup, code and addresses are left alone.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bookiter.patch.fold import DASH_WORD, DOTS_WORD, INVISIBLE, letter_map
from bookiter.patch.model import Unclear
from bookiter.patch.words import Words

_PROTECTED = re.compile(r"<[^<>]*>|`[^`]*`|https?://[^\s)>\]]*|\]\([^)]*\)")
_REACH = 300
_TYPOGRAPHIC = set("'\"") | set("\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb")
_MATES = {"“": "”", "„": "“", "‘": "’", "‚": "‘", "«": "»", "»": "«"}
_BEFORE_OPENING = " \t\n\r\u00a0\u202f\u2009([{<-\u2013\u2014\u2e3a*_" + INVISIBLE
_AFTER_CLOSING = " \t\n\r\u00a0\u202f.,;:!?)]}*_…"
_ELISIONS = re.compile(r"(?:tis|twas|twere|twill|em|cause|til|bout|round|neath|n|d|\d\ds?)\b", re.IGNORECASE)


@dataclass
class Style:
    """The seen correspondences of one hunk: characters, whole dash and ellipsis words, indents; model's → file's."""

    curly_single: bool = False
    strict: bool = True
    marks: Counter[tuple[str, str]] = field(default_factory=Counter)
    openings: Counter[tuple[str, str]] = field(default_factory=Counter)
    closings: Counter[tuple[str, str]] = field(default_factory=Counter)
    words: dict[tuple[str, bool, bool], Counter[tuple[str, bool, bool]]] = field(default_factory=dict)
    indents: dict[str, Counter[str]] = field(default_factory=dict)

    def learn(self, said: Words, file: Words, pairs: Iterable[tuple[int, int]]) -> None:
        """Compare words of the reply with the same words of the file; ``pairs`` are their positions."""
        shield_said, shield_file = shielded(said.raw), shielded(file.raw)
        for at, here in pairs:
            if said.folded[at] in (DASH_WORD, DOTS_WORD):
                if not shield_said[said.starts[at]]:
                    self.words.setdefault(said.set_as(at), Counter())[file.set_as(here)] += 1
            elif _TYPOGRAPHIC & set(said.word(at)):
                self._learn_marks(said, file, at, here, (shield_said, shield_file))

    def _learn_marks(self, said: Words, file: Words, at: int, here: int, shields: tuple[bytearray, bytearray]) -> None:
        ours, theirs = letter_map(said.word(at)), letter_map(file.word(here))
        if len(ours) != len(theirs):
            return
        for (a, a_end), (b, b_end) in zip(ours, theirs, strict=True):
            mark, has = said.word(at)[a:a_end].strip(INVISIBLE), file.word(here)[b:b_end].strip(INVISIBLE)
            if mark not in _TYPOGRAPHIC or shields[0][said.starts[at] + a] or shields[1][file.starts[here] + b]:
                continue
            self.marks[mark, has] += 1
            if mark in "'\"":
                opening = _opens(said.raw, said.starts[at] + a)
                (self.openings if opening else self.closings)[mark, has] += 1

    def learn_indents(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Take pairs of lines that are the same but for their indent."""
        for said, has in pairs:
            if said.strip():
                self.indents.setdefault(indent(said), Counter())[indent(has)] += 1

    def indent_of(self, line: str) -> str:
        """The indent the file would give a new line."""
        said = indent(line)
        seen = self.indents.get(said)
        if seen:
            return next(iter(seen)) if len(seen) == 1 else said
        if any(said in has for has in self.indents.values()):
            return said
        return self._shifted(said)

    def _shifted(self, said: str) -> str:
        """An indent not seen yet, moved as all that were seen are: by a fixed start, or from blanks to tabs."""
        pairs = [(a, b) for a, seen in self.indents.items() for b in seen]
        extra = {a.removesuffix(b) if a.endswith(b) else None for a, b in pairs}
        lost = {b.removesuffix(a) if b.endswith(a) else None for a, b in pairs}
        tabs = {len(a) / len(b) if b and not b.strip("\t") and not a.strip(" ") else None for a, b in pairs if a or b}
        if len(extra) == 1 and (start := next(iter(extra))) is not None:
            rest = said.removeprefix(start)
            if self.strict and start and rest[:1] == start[-1]:
                raise Unclear("the indent of the new lines is not one the quoted lines have")
            return rest
        if len(lost) == 1 and (start := next(iter(lost))) is not None:
            return start + said
        if len(tabs) == 1 and (width := next(iter(tabs))) and not said.strip(" ") and not len(said) % width:
            return "\t" * int(len(said) / width)
        return said

    def dash(self, said: tuple[str, bool, bool]) -> tuple[str, bool, bool]:
        """How the file sets a dash or ellipsis that the model sets as ``said`` (word, space before, space after)."""
        seen = self.words.get(said)
        return next(iter(seen)) if seen and len(seen) == 1 else said

    def mark(self, raw: str, at: int) -> str:
        """How the file writes the quotation mark at ``raw[at]``, a mark of the model's."""
        said = raw[at]
        seen = {has for (said_, has) in self.marks if said_ == said}
        if said == "'" and not seen and self.curly_single and any(a == '"' != b for a, b in self.marks):
            # who straightens double marks straightens the single ones too
            return self._curly(raw, at)
        if said not in _TYPOGRAPHIC or not seen or said in seen:
            return said
        if said not in "'\"":
            return next(iter(seen)) if len(seen) == 1 else said
        return self._curly(raw, at)

    def _curly(self, raw: str, at: int) -> str:
        said, opening = raw[at], _opens(raw, at)
        seen = {has for (a, has) in (self.openings if opening else self.closings) if a == said}
        if len(seen) == 1:
            return next(iter(seen))
        if said == "'":
            return "‘" if opening else "’"
        others = {has for (a, has) in (self.closings if opening else self.openings) if a == said}
        if len(others) != 1 or seen:
            return said
        other = next(iter(others))
        backwards = {close: start for start, close in (("“", "”"), ("„", "“"), ("«", "»"))}
        return (
            (backwards.get(other, said) if opening else _MATES.get(other, said)) if other in _MATES or opening else said
        )


def _opens(raw: str, at: int) -> bool:
    """Does the straight mark at ``raw[at]`` open a quotation? An apostrophe never does."""
    before = _visible(raw[max(0, at - _REACH) : at], last=True)
    after = _visible(raw[at + 1 : at + 1 + _REACH], last=False)
    if raw[at] == "'" and (before.isalnum() or _ELISIONS.match(raw, at + 1)):
        return False
    if not after or after in _AFTER_CLOSING:
        return False
    return not before or before in _BEFORE_OPENING or (before in "'\"‘“„«" and not after.isspace())


def _visible(text: str, *, last: bool) -> str:
    """The nearest character that is neither markup nor invisible; empty at the end of the text."""
    piece = re.sub(r"<[^<>]*>$" if last else r"^<[^<>]*>", "", text).strip(INVISIBLE)
    return (piece[-1] if last else piece[0]) if piece else ""


def shielded(raw: str) -> bytearray:
    """Mark the characters that belong to markup, code or addresses."""
    mask = bytearray(len(raw) + 1)
    for match in _PROTECTED.finditer(raw):
        mask[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    return mask


def indent(line: str) -> str:
    """The white space a line starts with."""
    return line[: len(line) - len(line.lstrip())]
