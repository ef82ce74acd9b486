"""A text as lines, every line with the ending it has.

A line ends at ``\\n``, ``\\r\\n`` or a lone ``\\r`` and nowhere else: ``str.splitlines`` would also split at U+2028, form
feeds and a few more that authors do have inside their lines.
"""

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

_ENDING = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Text:
    """One text and where its lines start and end; every offset is in characters of ``raw``."""

    raw: str

    @cached_property
    def _spans(self) -> tuple[list[int], list[int]]:
        starts, ends = [0], []
        for match in _ENDING.finditer(self.raw):
            ends.append(match.start())
            starts.append(match.end())
        if starts[-1] == len(self.raw):
            starts.pop()
        else:
            ends.append(len(self.raw))
        return starts, ends

    def __len__(self) -> int:
        return len(self._spans[0])

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their endings."""
        if "\r" not in self.raw:
            found = self.raw.split("\n")
            return found if found[-1] else found[:-1]
        starts, ends = self._spans
        return [self.raw[start:end] for start, end in zip(starts, ends, strict=True)]

    @cached_property
    def joined(self) -> str:
        """All lines, each between two line feeds: the haystack for whole-line searches."""
        return "\n" + "".join(line + "\n" for line in self.lines) if "\r" in self.raw else self._joined_plain()

    def _joined_plain(self) -> str:
        return "\n" + self.raw + ("" if self.raw.endswith("\n") or not self.raw else "\n")

    @cached_property
    def _joined_starts(self) -> list[int]:
        starts, at = [], 1
        for line in self.lines:
            starts.append(at)
            at += len(line) + 1
        return starts

    def start(self, line: int) -> int:
        """Where line ``line`` (0-based) starts; one past the last line is the end of the text."""
        starts = self._spans[0]
        return starts[line] if line < len(starts) else len(self.raw)

    def end(self, line: int) -> int:
        """Where the words of line ``line`` end, its ending excluded."""
        return self._spans[1][line]

    def ending(self, line: int) -> str:
        return self.raw[self.end(line) : self.start(line + 1)]

    def line_at(self, offset: int) -> int:
        """The line that holds the character at ``offset``."""
        return max(0, bisect_right(self._spans[0], offset) - 1)

    @cached_property
    def newline(self) -> str:
        """The ending most lines have; a line feed where there is none."""
        if "\r" not in self.raw:
            return "\n"
        counts = Counter(match[0] for match in _ENDING.finditer(self.raw))
        return max(counts, key=lambda ending: counts[ending])

    @property
    def open_ended(self) -> bool:
        """Does the text end without a line ending?"""
        return bool(self.raw) and self.raw[-1] not in "\r\n"

    def newline_near(self, line: int) -> str:
        """The ending a new line takes that is put before line ``line``: that of the line above, else below."""
        for neighbour in (line - 1, line):
            if 0 <= neighbour < len(self) and self.ending(neighbour):
                return self.ending(neighbour)
        return self.newline

    def find_lines(self, wanted: list[str], limit: int) -> list[int]:
        """Every line (0-based) at which ``wanted`` stands as whole lines, at most ``limit`` of them."""
        needle = "\n" + "".join(line + "\n" for line in wanted)
        found: list[int] = []
        at = self.joined.find(needle)
        while at >= 0 and len(found) < limit:
            found.append(bisect_right(self._joined_starts, at + 1) - 1)
            at = self.joined.find(needle, at + 1)
        return found
