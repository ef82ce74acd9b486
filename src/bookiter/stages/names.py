"""Names in a text, conservatively: capitalised words that owe their capital to nothing else."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from bookiter.stages.change import Change
from bookiter.stages.measure import blocks_of
from bookiter.stages.prose import prose_of

_TITLES = (
    "Mr|Mrs|Ms|Miss|Mistress|Master|Dr|Sir|Lady|Lord|Madam|Captain|Colonel|Father|Sister|Brother|Aunt|Uncle|Saint|St"
)
_NAME = r"[^\W\d_a-z][^\W\d_]*[a-zà-öø-ÿ][^\W\d_]*"
_TITLED = re.compile(rf"\b(?:{_TITLES})\.?[ \u00a0\u202f](?P<name>{_NAME})")
# In the middle of a sentence: after a small letter or a comma, and a space.
_INSIDE = re.compile(rf"(?<=[a-zà-öø-ÿ,;][ \u00a0])(?P<name>{_NAME})(?!\.?\w)")
_ANYWHERE = re.compile(rf"(?<![\w’']){_NAME}(?:-{_NAME})*")
_NO_NAMES = frozenset(
    "January February March April May June July August September October November December Monday Tuesday Wednesday Thursday "
    "Friday Saturday Sunday English French German Italian Spanish Latin Greek Irish Scottish Welsh American British European "
    "Christian Christmas Easter God Lord Lady Sir Mr Mrs Ms Miss Master Mistress Dr Captain Colonel Father Mother Sister "
    "Brother Aunt Uncle Madam King Queen Bible Act Chapter Part Scene Street Road I’m I’ll I’d I’ve".split()
)
_OFTEN = 2


@lru_cache(maxsize=32)
def names_of(text: str) -> Counter[str]:
    """Count the names in a text: each is titled once, or stands twice in it and once in the middle of a sentence.

    A word that also stands in small letters, a weekday, a month and the like are none.
    """
    prose = prose_of(text)
    titled = {match["name"] for match in _TITLED.finditer(prose)}
    inside = {match["name"] for match in _INSIDE.finditer(prose)}
    often = Counter(match[0] for match in _ANYWHERE.finditer(prose))
    found = titled | {name for name in inside if often[name] >= _OFTEN}
    small = set(re.findall(r"[^\W\d_]+", prose)) if found else set()
    return Counter(
        {
            name: often[name]
            for name in found
            if name[0].isupper() and name not in _NO_NAMES and name.lower() not in small
        }
    )


def came_and_went(change: Change, diff: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names that stand on one side of a change only, the most frequent of the changed places first."""
    old: Counter[str] = Counter()
    new: Counter[str] = Counter()
    for block in blocks_of(diff):
        old.update(match[0] for match in _ANYWHERE.finditer(block.removed))
        new.update(match[0] for match in _ANYWHERE.finditer(block.added))
    before, after = [file.before for file in change.files], [file.after for file in change.files]
    return _only(new - old, after, before), _only(old - new, before, after)


def _only(candidates: Counter[str], here: Sequence[str], there: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        name
        for name, _ in candidates.most_common()
        if not _stands(name, there) and any(_is_name(name, text) for text in here)
    )


def _is_name(name: str, text: str) -> bool:
    return name in text and name in names_of(text)


def _stands(name: str, texts: Iterable[str]) -> bool:
    whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    return any(name in text and whole.search(text) for text in texts)
