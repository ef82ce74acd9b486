"""Paragraphs in another order, and sentences that stand twice, without having been asked for."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from bookiter.stages.change import FileChange
from bookiter.stages.check.request import Asked
from bookiter.stages.documents import Finding
from bookiter.stages.pairing import Pairing, longest_rise, passages
from bookiter.text import one_line, words

_TELLING = 6
_SAME = 0.8
_SHARE_ANEW = 0.3
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’»)*_]*\s+")
_LONG_SENTENCE = 8


def moved(file: FileChange, pairing: Pairing, asked: Asked) -> Iterable[Finding]:
    """Yield a finding when paragraphs that stayed stand in another order."""
    if asked.moves:
        return
    common = Counter(passage.key for passage in pairing.old)
    stayed = [
        (i, j)
        for i, j in sorted((pairing.kept | _much_alike(pairing)).items())
        if len(pairing.old[i].words) >= _TELLING and common[pairing.old[i].key] == 1
    ]
    straight = set(longest_rise([j for _, j in stayed]))
    strays = [i for at, (i, _) in enumerate(stayed) if at not in straight]
    allowed = int(_SHARE_ANEW * len(stayed)) if asked.anew else 1 if asked.rewritten else 0
    if len(strays) > allowed:
        yield Finding(
            check="order",
            message=f"paragraphs stand in another order without having been asked for ({len(strays)} moved)",
            path=file.path,
            quote=one_line(pairing.old[strays[0]].text, 120),
        )


def _much_alike(pairing: Pairing) -> dict[int, int]:
    return {i: j for i, j in pairing.changed.items() if pairing.likeness.get(i, 0) >= _SAME}


def doubled(file: FileChange, asked: Asked) -> Iterable[Finding]:
    """Yield a finding when sentences stand more often than before, as when a passage was pasted in again."""
    if asked.repeats:
        return
    before, after = Counter(_sentences(file.before)), Counter(_sentences(file.after))
    # A line that a text has twice already is a refrain or a form, and may come again.
    twice = [said for said, count in after.items() if count > 1 and before[said] < min(2, count)]
    if twice:
        yield Finding(
            check="doubled",
            message="a sentence stands twice without having been asked for"
            if len(twice) == 1
            else f"{len(twice)} sentences stand twice without having been asked for",
            path=file.path,
            quote=one_line(" ".join(twice[0]), 120),
        )


def _sentences(text: str) -> Iterator[tuple[str, ...]]:
    for passage in passages(text):
        parts = [tuple(word.casefold() for word in words(part)) for part in _SENTENCE.split(passage.text)]
        yield from (part for part in parts if len(part) >= _LONG_SENTENCE)
        if len(parts) > 1 and len(passage.words) >= _LONG_SENTENCE and max(map(len, parts)) < _LONG_SENTENCE:
            yield passage.words
