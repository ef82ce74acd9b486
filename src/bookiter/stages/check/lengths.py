"""The length band: a text does not shrink or swell without having been asked for."""

from collections.abc import Iterable

from bookiter.manuscript.config import Checks
from bookiter.stages.change import FileChange
from bookiter.stages.check.request import Asked
from bookiter.stages.documents import Finding
from bookiter.text import words

_SMALL = 100


def band(file: FileChange, asked: Asked, limits: Checks) -> Iterable[Finding]:
    """Yield a finding when the words left the band; a short text has none."""
    before, after = len(words(file.before)), len(words(file.after))
    if before < _SMALL:
        return
    figures = f"from {before:,} to {after:,} words"
    if after < before * limits.shortest and not asked.shrinks:
        yield Finding(check="length", message=f"the text shrank {figures}", path=file.path)
    if after > before * limits.longest and not asked.grows:
        yield Finding(check="length", message=f"the text grew {figures}", path=file.path)
