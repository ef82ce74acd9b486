"""A short text as words and the white space between them: what the splice works on."""

from dataclasses import dataclass
from functools import cached_property

from bookiter.patch.fold import fold


@dataclass(frozen=True)
class Words:
    """Word ``k`` of ``raw`` and, by :meth:`gap`, what stands in front of it (``gap(len)`` is what follows the last)."""

    raw: str

    @cached_property
    def _fold(self) -> tuple[list[str], list[int], list[int]]:
        found = fold(self.raw)
        return found.words, list(found.starts), list(found.ends)

    @property
    def folded(self) -> list[str]:
        return self._fold[0]

    @property
    def starts(self) -> list[int]:
        return self._fold[1]

    @property
    def ends(self) -> list[int]:
        return self._fold[2]

    def __len__(self) -> int:
        return len(self.folded)

    def word(self, at: int) -> str:
        return self.raw[self.starts[at] : self.ends[at]]

    def gap(self, at: int) -> str:
        start = self.ends[at - 1] if at else 0
        return self.raw[start : self.starts[at] if at < len(self) else len(self.raw)]

    def set_as(self, at: int) -> tuple[str, bool, bool]:
        """A dash or an ellipsis as it is set: the characters, and whether white space stands before and after."""
        return self.word(at), bool(self.gap(at)), bool(self.gap(at + 1))
