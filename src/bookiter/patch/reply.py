"""Read a model's reply into hunks: forgiving of form, never of substance.

Headers, fences and chatter are recognised here; what each row of a hunk *means* is left open (``readings``), because
only the file can tell a list item from a removed line.
"""

import re
from dataclasses import dataclass, field, replace

from bookiter.patch.model import FilePatch, Hunk, Numbers
from bookiter.patch.names import parse_name
from bookiter.patch.refusal import refuse

MAX_REPLY = 24_000_000
MAX_HUNKS = 1_000
MAX_ROWS = 400_000
MAX_LINE = 1_000_000
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*([\w.+-]*)[^`]*$")
_NUMBERS = re.compile(r"@@+ *-(\d+)(?:,(\d+))? +\+(\d+)(?:,(\d+))? *@@+(.*)")
_PLACEHOLDER = re.compile(r"[\s.…?,+\-\d_xXnN]*$")
_REFUSED_META = re.compile(
    r"(rename (?:from|to) |copy (?:from|to) |similarity index |dissimilarity index |old mode |new mode |"
    r"deleted file mode |new file mode |GIT binary patch|Binary files )"
)
_LANGUAGES = {"diff", "patch", "udiff", "gitdiff"}
_SURROGATE = re.compile("[\ud800-\udfff]")
_VERSION = re.compile(r"\d+(\.\d+)+\S*$")


@dataclass
class _File:
    old: str = ""
    new: str = ""
    hunks: list[Hunk] = field(default_factory=list)


def read_reply(reply: str) -> tuple[FilePatch, ...]:
    """Find the diffs of a reply, one :class:`FilePatch` for each file named.

    Raises :class:`PatchRefused` for a reply without a diff, one that is cut off, contradicts itself, or is hostile.
    """
    _guard(reply)
    if reply.count("\n") > MAX_ROWS:
        raise refuse("too_big", f"the reply has {reply.count(chr(10))} lines; more than {MAX_ROWS} are not read")
    repairs: list[str] = []
    reader = _Reader(_lines(reply, repairs), repairs)
    reader.run()
    return _merged(reader, reply)


def _guard(reply: str) -> None:
    if len(reply) > MAX_REPLY:
        raise refuse("too_big", f"the reply has {len(reply)} characters; more than {MAX_REPLY} are not read")
    if "\0" in reply:
        raise refuse("unsafe", "the reply holds NUL characters, which no text has")
    if _SURROGATE.search(reply):
        raise refuse("unsafe", "the reply holds lone surrogates, which cannot be written as UTF-8")


def _lines(reply: str, repairs: list[str]) -> list[str]:
    lines = reply.removeprefix("\ufeff").split("\n")
    body = lines[:-1]
    if body and all(line.endswith("\r") for line in body):
        repairs.append("carriage returns of the reply itself dropped")
        lines = [line.removesuffix("\r") for line in lines]
    if lines and not lines[-1]:
        lines.pop()
    if max(map(len, lines), default=0) > MAX_LINE:
        raise refuse("too_big", f"the reply has a line of more than {MAX_LINE} characters")
    return lines


class _Reader:
    """Walks the lines once; a hunk is open from its header to a fence, another header or the end."""

    def __init__(self, lines: list[str], repairs: list[str]) -> None:
        self.lines, self.repairs = lines, repairs
        self.files: list[_File] = []
        self.fences: list[tuple[str, str]] = []
        self.rows: list[str] | None = None
        self.numbers: Numbers | None = None
        self.heading = ""
        self.outside: list[str] = []
        self.unclosed = False
        self.blocks = 0
        self.block_of: list[int] = []

    def run(self) -> None:
        at = 0
        while at < len(self.lines):
            at += self._step(at)
        self.unclosed = bool(self.fences) and self.rows is not None
        self._close(ended=False)

    def _step(self, at: int) -> int:
        """Take the line at ``at`` (and those that belong to it); return how many were taken."""
        line = self.lines[at]
        if line.startswith("diff --git "):
            self._close(ended=True)
            self.files.append(_git_names(line))
            return 1
        if self._is_header(at):
            return self._header(at)
        if line.startswith("@@"):
            self._close(ended=True)
            self._open(line)
            return 1
        if self._fence(line):
            return 1
        if self.rows is not None:
            self.rows.append(line)
        else:
            self._outside(line)
        return 1

    def _outside(self, line: str) -> None:
        if (met := _REFUSED_META.match(line)) and self.files and not self.files[-1].hunks:
            raise refuse("unsafe", f"the diff would do more than change text: {met[0].strip()!r}")
        if self._starts_body(line):
            self.repairs.append("hunk header missing")
            self.numbers, self.heading, self.rows = None, "", [line]
        else:
            self.outside.append(line)

    def _starts_body(self, line: str) -> bool:
        """Is this the first row of a hunk that has no header of its own?"""
        if line.startswith("index "):
            return False
        last = self.files[-1] if self.files else None
        if last and last.new and not last.hunks:
            return True
        in_diff = bool(self.fences) and self.fences[-1][1].lower() in _LANGUAGES
        return in_diff and line[:1] in (" ", "-", "+") and not (last and last.hunks and not self.blocks)

    def _is_header(self, at: int) -> bool:
        line, after = self.lines[at], self.lines[at + 1 : at + 3]
        if line.startswith("+++ ") and self.rows is None:
            return not (self.files and self.files[-1].new and not self.files[-1].hunks)
        if not line.startswith("--- ") or not after or not after[0].startswith("+++ "):
            return False
        if self.rows is None or (len(after) > 1 and after[1].startswith("@@")):
            return True
        return not _short(self.rows, self.numbers) and _like_path(line[4:]) and _like_path(after[0][4:])

    def _header(self, at: int) -> int:
        self._close(ended=True)
        line = self.lines[at]
        if line.startswith("+++ "):
            old, new, taken = "", parse_name(line[4:]), 1
        else:
            old, new, taken = parse_name(line[4:]), parse_name(self.lines[at + 1][4:]), 2
        if self.files and not self.files[-1].hunks and self.files[-1].old:
            self.files.pop()
        self.files.append(_File(old, new))
        return taken

    def _fence(self, line: str) -> bool:
        met = _FENCE.match(line)
        if not met:
            return False
        mark, language = met[1], met[2]
        opener = self.fences[-1][0] if self.fences else ""
        closes = bool(opener) and mark[0] == opener[0] and len(mark) >= len(opener) and not language
        if self.rows is not None and (not closes or line[:1] == " "):
            return False
        if closes:
            self.fences.pop()
            self._close(ended=True)
        else:
            self.fences.append((mark, language))
            self.blocks += 1
        return True

    def _open(self, line: str) -> None:
        met = _NUMBERS.match(line)
        self.rows, self.numbers, self.heading = [], None, ""
        if met:
            first, count, second, new_count = met[1], met[2], met[3], met[4]
            if max(map(len, (first, count or "", second, new_count or ""))) < 10:
                self.numbers = Numbers(int(first), int(count or 1), int(second), int(new_count or 1))
            return
        self.repairs.append("hunk header without numbers")
        inner = line.strip().strip("@").strip()
        self.heading = "" if _PLACEHOLDER.match(inner) else inner

    def _close(self, *, ended: bool) -> None:
        if self.rows is None:
            return
        rows, self.rows = self.rows, None
        if not any(row.strip() for row in rows):
            return
        if not self.files:
            self.files.append(_File())
        if len(rows) > 2 and rows[-2] == "-- " and _VERSION.match(rows[-1]):
            rows = rows[:-2]
        self.files[-1].hunks.append(Hunk(tuple(rows), self.numbers, self.heading, ended and not self._chatty(rows)))
        self.block_of.append(self.blocks)
        if len(self.block_of) > MAX_HUNKS:
            raise refuse("too_big", f"the reply has more than {MAX_HUNKS} hunks")

    def _chatty(self, rows: list[str]) -> bool:
        """Outside a fence, talk between two hunks may have been taken for rows."""
        return not self.fences and bool(rows) and not self.blocks


def _git_names(line: str) -> _File:
    met = re.match(r'diff --git ("?a/.*"?) ("?b/.*"?)$', line)
    return _File() if not met else _File(parse_name(met[1]), "")


def _short(rows: list[str], numbers: Numbers | None) -> bool:
    """Does the header promise more rows than were seen?"""
    if numbers is None:
        return False
    return tally(rows) < (numbers.old_count, numbers.new_count) and tally(rows)[0] < numbers.old_count


def tally(rows: list[str] | tuple[str, ...]) -> tuple[int, int]:
    """Count the rows of the old and of the new side, marks taken at their word."""
    old = new = 0
    for row in rows:
        old += not row.startswith(("+", "\\"))
        new += not row.startswith(("-", "\\"))
    return old, new


def _like_path(name: str) -> bool:
    parsed = parse_name(name)
    return parsed == "/dev/null" or bool(re.fullmatch(r"[^\s\"“”]*[/.][^\s\"“”]*\w", parsed))


def _merged(reader: _Reader, reply: str) -> tuple[FilePatch, ...]:
    found = [file for file in reader.files if file.hunks]
    if not found and (rows := _only_rows(reader.lines)):
        reader.repairs.append("hunk header missing")
        reader.outside.clear()
        found = [_File(hunks=[Hunk(rows)])]
    if not found:
        raise refuse("no_diff", "the reply holds no diff", status="nothing_found")
    _refuse_cut(reader, found, reply)
    _refuse_leftovers(reader)
    merged: dict[tuple[str, str], FilePatch] = {}
    for file in found:
        key = (file.old, file.new)
        known = merged.get(key, FilePatch(file.old, file.new, (), tuple(dict.fromkeys(reader.repairs))))
        merged[key] = replace(known, hunks=known.hunks + tuple(file.hunks))
    return tuple(merged.values())


def _only_rows(lines: list[str]) -> tuple[str, ...]:
    """The rows of a reply that is nothing but marked lines, some of them removed and some added; else none."""
    rows = tuple(line for line in lines if not _FENCE.match(line))
    if any(row.startswith(("--- ", "+++ ")) for row in rows):
        return ()
    firsts = {row[0] for row in rows if row.strip()}
    return rows if {"-", "+"} <= firsts <= {"-", "+", " "} else ()


def _refuse_cut(reader: _Reader, found: list[_File], reply: str) -> None:
    """A reply that stops in mid-hunk: nothing follows the last row, and it promised more or breaks off."""
    hunks = [hunk for file in found for hunk in file.hunks]
    marked = any(row.startswith(("+", "-")) for hunk in hunks for row in hunk.rows)
    if not marked and any(h.numbers and tally(h.rows)[1] < h.numbers.new_count != h.numbers.old_count for h in hunks):
        raise refuse("cut_off", "the reply promises changed lines and holds none")
    last = found[-1].hunks[-1]
    if last.ended:
        return
    mid_line, mid_change = not reply.endswith("\n"), last.rows[-1][:1] in ("+", "-")
    old, new = tally(last.rows)
    short = last.numbers is not None and (old < last.numbers.old_count or new < last.numbers.new_count)
    if (short and (mid_line or (reader.unclosed and mid_change))) or (mid_line and _breaks_off(reader, last.rows)):
        raise refuse("cut_off", "the reply stops in the middle of its last hunk")
    if reader.unclosed and last.numbers is None and last.rows[-1].startswith("-"):
        raise refuse("cut_off", "the reply stops after a removed line, before what should take its place")


def _breaks_off(reader: _Reader, rows: tuple[str, ...]) -> bool:
    """Is the last row an added one that may be cut: in an open fence, or without the full stop the removed ones have?"""
    if not rows[-1].startswith("+"):
        return False
    ends = [row.rstrip()[-1] for row in rows if row.startswith("-") and row.strip("- ")]
    return reader.unclosed or (rows[-1].rstrip()[-1].isalnum() and bool(ends) and not ends[-1].isalnum())


def _refuse_leftovers(reader: _Reader) -> None:
    """Rows after a closing fence: was the fence a line of the text? Bullets (a mark and a blank) are only talk."""
    for line in reader.outside:
        if re.match(r"[+-](?=[^\s+\-*_.#=]|\t)", line):
            raise refuse("unclear", f"a changed line stands outside the diff: {line[:80]!r}")
