"""A change in portions that fit into one prompt each: file by file, and a long file in parts. No part goes unseen."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bookiter.stages.change import Change, FileChange

_DIFF_CHARS = 60_000
_WHOLE_CHARS = 24_000
_LINE = re.compile(r"[^\n]*\n(?:\\[^\n]*\n?)?|[^\n]+")


@dataclass(frozen=True)
class Portion:
    """A piece of a change: the file it is about (the first of several), its diff, and the texts before and after."""

    path: str
    diff: str
    old: str
    new: str


def portions_of(change: Change, diff: str) -> tuple[Portion, ...]:
    """Return a change as portions of bounded length, in order."""
    if len(diff) <= _DIFF_CHARS:
        return (_portion(change.files, diff),)
    return tuple(portion for file in change.files for portion in _of_file(file))


def _of_file(file: FileChange) -> Iterator[Portion]:
    diff = Change((file,)).diff()
    if len(diff) <= _DIFF_CHARS:
        yield _portion((file,), diff)
        return
    for part in split_diff(diff, _DIFF_CHARS):
        yield Portion(file.path, part, _side(part, "-"), _side(part, "+"))


def _portion(files: Sequence[FileChange], diff: str) -> Portion:
    """Show the texts whole where they are short enough, else the passages that the diff is about."""
    old, new = ("\n\n".join(texts) for texts in ([f.before for f in files], [f.after for f in files]))
    if max(len(old), len(new)) <= _WHOLE_CHARS:
        return Portion(files[0].path, diff, old, new)
    diffs = [Change((file,)).diff() for file in files]
    old, new = ("\n\n".join(_side(each, sign) for each in diffs) for sign in "-+")
    return Portion(files[0].path, diff, old, new)


def _side(diff: str, sign: str) -> str:
    """Return the lines of one file's diff that stand on one side, a blank line for each gap."""
    body = _LINE.findall(diff)[2:]
    kept = ["\n" if line.startswith("@@ ") else line[1:] for line in body if line[0] in (" ", "@", sign)]
    return "".join(kept).strip("\n") + "\n"


def split_diff(diff: str, limit: int) -> list[str]:
    """Cut the canonical diff of one file into diffs of at most ``limit`` characters: between changes where it can be.

    Within a long change, what went and what came in its place stay together.
    """
    lines = _LINE.findall(diff)
    header = "".join(lines[:2])
    parts: list[str] = []
    current, heading, shown = header, "", ""
    for at, piece in _pieces(lines[2:], (limit - len(header) - 200) // 2):
        heading = at or heading
        added = piece if shown == heading else heading + piece
        if len(current) + len(added) > limit and current != header:
            parts.append(current)
            current, added = header, heading + piece
        current += added
        shown = heading
    return [*parts, current] if current != header else parts


def _pieces(lines: Sequence[str], limit: int) -> Iterator[tuple[str, str]]:
    """Yield runs of context and of change, none longer than the limit, each new hunk's heading with its first one."""
    heading = ""
    run: list[str] = []
    for line in [*lines, ""]:
        starts = not line or line.startswith("@@ ")
        if run and (starts or (line[0] == " ") != (run[0][0] == " ")):
            for piece in _cut(run, limit):
                yield heading, piece
                heading = ""
            run = []
        if line.startswith("@@ "):
            heading = line
        elif line:
            run.append(line)


def _cut(run: Sequence[str], limit: int) -> list[str]:
    """Cut one run of lines: each piece gets the same share of what was taken out and of what was put in."""
    short = [piece for line in run for piece in _short(line, limit // 8)]
    sides = [[line for line in short if line[0] == sign] for sign in (" ", "-", "+")]
    count = math.ceil(sum(map(len, short)) / (limit * 0.6))
    shares = [_shares(side, count) for side in sides]
    return ["".join(line for share in shares for line in share[index]) for index in range(count)]


def _short(line: str, limit: int) -> list[str]:
    """Cut a line that is a long paragraph into several lines of the same sign."""
    if len(line) <= limit:
        return [line]
    sign, text = line[0], line[1:]
    cuts = [text[at : at + limit] for at in range(0, len(text), limit)]
    return [f"{sign}{cut}\n" for cut in cuts[:-1]] + [sign + cuts[-1]]


def _shares(lines: Sequence[str], count: int) -> list[list[str]]:
    """Deal lines out in order, by their length."""
    total = sum(map(len, lines)) or 1
    shares: list[list[str]] = [[] for _ in range(count)]
    seen = 0
    for line in lines:
        shares[min(count - 1, (seen + len(line) // 2) * count // total)].append(line)
        seen += len(line)
    return shares
