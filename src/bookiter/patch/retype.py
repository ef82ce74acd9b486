"""The splice for text that was typed anew: there is no quotation, and differences of typing are noise."""

from bookiter.patch.splice import SOFT, Splice, kind_of
from bookiter.patch.style import Style
from bookiter.patch.words import Words

_MOST_CELLS = 400_000_000


def retype(new: str, file: str, style: Style, newline: str) -> str:
    """Write the words of ``new`` onto ``file``, keeping the bytes of all words and gaps that stay."""
    wanted, has = Words(new), Words(file)
    if len(wanted) * len(has) > _MOST_CELLS:
        return new.replace("\r\n", "\n").replace("\r", "\n").replace("\n", newline)
    return _Retype(has, wanted, has, style, newline).run()


class _Retype(Splice):
    """A splice that takes no typing for a wish."""

    typing_is_noise = True

    def prepare(self) -> None:
        pairs = [(at, source) for at, source in self.kept.items()]
        self.style.learn(self.new, self.file, pairs)
        self.rewrapped = any(
            {kind_of(self.new.gap(at)), kind_of(self.file.gap(source))} == SOFT
            for at, source in pairs
            if at and self.kept.get(at - 1) == source - 1
        )

    def _word(self, at: int) -> str:
        source = self.kept.get(at)
        return self.file.word(source) if source is not None else super()._word(at)

    def _gap(self, at: int) -> str:
        return self._gap_of(at)

    def _lead(self, said: str) -> str:
        above = said.count("\n") if len(self.file) else 0
        return self.newline * above + (self.file.gap(0) if len(self.file) else said)

    def _kept_gap(self, at: int, said: str, new_at: int) -> str:
        has = self.file.gap(at)
        return self._new_gap(said, new_at) if (kind_of(said) == "paragraph") != (kind_of(has) == "paragraph") else has
