"""Diffs as models write them: an exact diff of two texts, and what is done to it on the way."""

import random
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

Row = tuple[str, str]
"""A mark and a line."""


@dataclass(frozen=True)
class Hunk:
    rows: tuple[Row, ...]
    old_start: int
    new_start: int

    @property
    def header(self) -> str:
        old = sum(mark != "+" for mark, _ in self.rows)
        new = sum(mark != "-" for mark, _ in self.rows)
        return f"@@ -{self.old_start},{old} +{self.new_start},{new} @@"


@dataclass
class Diff:
    """A diff on its way: rows, how rows and headers are printed, and what is put around it all."""

    hunks: list[Hunk]
    headers: Callable[[int, Hunk], str] = lambda _number, hunk: hunk.header
    marks: Callable[[str, str], str] = lambda mark, line: mark + line
    names: str = "--- a/text\n+++ b/text\n"
    before: str = ""
    after: str = ""
    newline: str = "\n"
    done: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        body = "".join(
            self.headers(number, hunk) + "".join(self.marks(mark, line) + "\n" for mark, line in hunk.rows)
            for number, hunk in enumerate(self.hunks)
        )
        return (self.before + self.names + body + self.after).replace("\n", self.newline)


def exact(old: str, new: str, context: int = 3) -> Diff:
    """The exact diff of two texts whose lines end in line feeds."""
    a, b = old.split("\n")[:-1], new.split("\n")[:-1]
    hunks = []
    for group in SequenceMatcher(None, a, b, autojunk=False).get_grouped_opcodes(context):
        rows: list[Row] = []
        for tag, i, j, k, m in group:
            if tag == "equal":
                rows += [(" ", line) for line in a[i:j]]
            else:
                rows += [("-", line) for line in a[i:j]] + [("+", line) for line in b[k:m]]
        hunks.append(Hunk(tuple(rows), group[0][1] + 1, group[0][3] + 1))
    return Diff(hunks, headers=lambda _number, hunk: hunk.header + "\n")


def _rows(diff: Diff, change: Callable[[str, str], str], marks: str = " -+") -> None:
    diff.hunks = [
        replace(hunk, rows=tuple((mark, change(mark, line) if mark in marks else line) for mark, line in hunk.rows))
        for hunk in diff.hunks
    ]


def wrong_numbers(diff: Diff, pick: random.Random) -> None:
    by = pick.choice([-7, -2, 1, 5, 400])
    hunks = [
        replace(hunk, old_start=max(1, hunk.old_start + by), new_start=max(1, hunk.new_start + by))
        for hunk in diff.hunks
    ]
    diff.hunks = hunks


def wrong_counts(diff: Diff, pick: random.Random) -> None:
    by = pick.choice([-2, -1, 1, 3, 40])
    diff.headers = lambda _n, hunk: (
        f"@@ -{hunk.old_start},{max(1, len(hunk.rows) + by)} +{hunk.new_start},{len(hunk.rows)} @@\n"
    )


def no_numbers(diff: Diff, pick: random.Random) -> None:
    header = pick.choice(["@@ ... @@\n", "@@\n", "@@ @@\n", "@@ -?,? +?,? @@\n"])
    diff.headers = lambda _n, _hunk: header


def no_marks(diff: Diff, _pick: random.Random) -> None:
    """Context loses the blank in front of it."""
    diff.marks = lambda mark, line: line if mark == " " else mark + line


def bare_blanks(diff: Diff, _pick: random.Random) -> None:
    marks = diff.marks
    diff.marks = lambda mark, line: "" if mark == " " and not line else marks(mark, line)


def straight_context(diff: Diff, _pick: random.Random) -> None:
    _rows(diff, lambda _mark, line: straight(line), " ")


def straight_old(diff: Diff, _pick: random.Random) -> None:
    _rows(diff, lambda _mark, line: straight(line), " -")


def straight_all(diff: Diff, _pick: random.Random) -> None:
    _rows(diff, lambda _mark, line: straight(line))


def straight(line: str) -> str:
    table = {"“": '"', "”": '"', "‘": "'", "’": "'", "—": "--", "…": "...", "\u00a0": " "}
    return re.sub("[“”‘’—…\u00a0]", lambda match: table[match[0]], line)


def lost_trailing(diff: Diff, _pick: random.Random) -> None:
    _rows(diff, lambda _mark, line: line.rstrip(" "), " -")


def gained_trailing(diff: Diff, pick: random.Random) -> None:
    _rows(diff, lambda _mark, line: line + pick.choice(["", " ", "  "]) if line else line, " ")


def deeper(diff: Diff, _pick: random.Random) -> None:
    _rows(diff, lambda _mark, line: "  " + line if line else line)


def rewrapped(diff: Diff, pick: random.Random) -> None:
    """Context broken into other lines."""
    width = pick.choice([40, 60, 90])
    hunks = []
    for hunk in diff.hunks:
        rows: list[Row] = []
        for mark, line in hunk.rows:
            plain = mark == " " and re.match(r"\w|“", line)
            rows += [(mark, piece) for piece in textwrap.wrap(line, width)] if plain else [(mark, line)]
        hunks.append(replace(hunk, rows=tuple(rows)))
    diff.hunks = hunks


def lost_blanks(diff: Diff, _pick: random.Random) -> None:
    diff.hunks = [replace(hunk, rows=tuple(row for row in hunk.rows if row != (" ", ""))) for hunk in diff.hunks]


def misquoted(diff: Diff, pick: random.Random) -> None:
    """One word of one context line of every hunk is another."""
    hunks = []
    for hunk in diff.hunks:
        rows = list(hunk.rows)
        long = [at for at, (mark, line) in enumerate(rows) if mark == " " and len(line.split()) > 6]
        if long:
            at = pick.choice(long)
            words = rows[at][1].split(" ")
            words[pick.randrange(1, len(words) - 1)] = "thereupon"
            rows[at] = (" ", " ".join(words))
        hunks.append(replace(hunk, rows=tuple(rows)))
    diff.hunks = hunks


def shortened(diff: Diff, _pick: random.Random) -> None:
    """Long context lines end in dots."""

    def cut(_mark: str, line: str) -> str:
        words = line.split(" ")
        return " ".join(words[:6]) + "..." if len(words) > 9 else line

    _rows(diff, cut, " ")


def fenced(diff: Diff, pick: random.Random) -> None:
    fence = pick.choice(["```", "~~~", "````"])
    diff.before = f"Here is the change you asked for.\n\n{fence}{pick.choice(['diff', 'patch', ''])}\n"
    diff.after = f"{fence}\n\nTell me if I should go on.\n"


def chatty(diff: Diff, _pick: random.Random) -> None:
    diff.before = "I have read the chapter.\n\n"


def carriage_returns(diff: Diff, _pick: random.Random) -> None:
    diff.newline = "\r\n"


def other_names(diff: Diff, pick: random.Random) -> None:
    names = ["text", "b/text", "`text`", "old/text\t2024-01-01 10:00:00"]
    name = pick.choice(names)
    diff.names = pick.choice([f"--- {name}\n+++ {name}\n", f"+++ {name}\n", ""])


def shuffled(diff: Diff, pick: random.Random) -> None:
    pick.shuffle(diff.hunks)


def doubled(diff: Diff, pick: random.Random) -> None:
    diff.hunks.append(pick.choice(diff.hunks))


BENIGN: dict[str, Callable[[Diff, random.Random], None]] = {
    function.__name__: function
    for function in (
        wrong_numbers,
        wrong_counts,
        no_numbers,
        no_marks,
        bare_blanks,
        straight_context,
        straight_old,
        lost_trailing,
        gained_trailing,
        deeper,
        rewrapped,
        lost_blanks,
        misquoted,
        shortened,
        fenced,
        chatty,
        carriage_returns,
        other_names,
        shuffled,
        doubled,
    )
}


def disturbed(old: str, new: str, names: list[str], seed: int, context: int = 3) -> str:
    """The diff of two texts after the disturbances named, in the order of :data:`BENIGN`."""
    diff, pick = exact(old, new, context), random.Random(seed)  # noqa: S311 (no secrets here)
    for name, change in BENIGN.items():
        if name in names:
            change(diff, pick)
    return str(diff)
