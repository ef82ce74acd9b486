"""Where sentences begin and end, as an author would say, within one block of prose."""

import re
from bisect import bisect_left
from functools import lru_cache

from bookiter.builtin.machinery import machinery
from bookiter.builtin.matching import DOUBLE_QUOTES, SINGLE_QUOTES, Span

_CLOSERS = "”’\"'»›)\\]*_"
_OPENERS = "“‘\"'«‹(\\[*_¿¡—–-"
_STOP = re.compile(
    rf"(?<![.!?…])(?P<mark>[.!?…]+)(?P<close>(?:[{_CLOSERS}]|\[\^[^\]\s]{{1,40}}\])*)(?P<space>\s[\s>]*|$)"
)
_NEXT = re.compile(rf"[{_OPENERS}]*(?P<first>\S)")
_TITLES = frozenset(
    re.findall(
        r"\S+",
        "mr mrs ms dr st prof rev capt col gen lt sgt hon maj cpl messrs mme mlle fr sr.ta mt no nos vol ch chap fig pp "
        "eg ie e.g i.e cf viz vs approx dept univ ed eds trans op cit ca",
    )
)
_MAYBE = frozenset(
    ["etc", "jr", "sr", "esq", "a.m", "p.m", "inc", "co", "ltd", "u.s", "u.k", "ph.d", "m.d", "b.c", "a.d"]
)
_SAID = (
    "said|says|asked|asks|cried|cries|replied|replies|answered|whispered|shouted|called|murmured|muttered|added|began|"
    "continued|exclaimed|returned|observed|remarked|repeated|went on|demanded|yelled|screamed|sighed|laughed|snapped|"
    "breathed|hissed|growled|agreed|insisted|protested|thought|wondered|told|explained|admitted|interrupted|responded"
)
_TAG = re.compile(
    rf"(?:I|[Ww]e|[Hh]e|[Ss]he|[Tt]hey|[Yy]ou|(?:(?:Mr|Mrs|Ms|Dr|St)\.?\s+|[A-Z][\w’']+\s+){{0,2}}[A-Z][\w’'-]+)"
    rf"\s+(?:\w+ly\s+)?(?:{_SAID})\b"
)
_LAST_WORD = re.compile(r"[^\W_][\w.’'-]*$")
_LIST_NUMBER = re.compile(r"(?:^|[\r\n])[ \t>]*\d{1,9}$")


@lru_cache(maxsize=256)
def sentences(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Return the spans of the sentences in ``text[start:end]``, without the space around them."""
    guarded = machinery(text)
    spans: list[Span] = []
    at = _skip_space(text, start, end)
    for found in _STOP.finditer(text, start, end):
        stop = found.end("close")
        if found["space"] and found.end() < end and (_inside(guarded, found.start()) or not _ends(text, found, end)):
            continue
        if stop > at:
            spans.append((at, stop))
        at = found.end()
    rest = text[at:end].rstrip()
    if rest:
        spans.append((at, at + len(rest)))
    return tuple(spans)


def _skip_space(text: str, start: int, end: int) -> int:
    while start < end and (text[start].isspace() or text[start] == ">"):
        start += 1
    return start


def _inside(spans: tuple[Span, ...], offset: int) -> bool:
    at = bisect_left(spans, (offset + 1,)) - 1
    return at >= 0 and spans[at][1] > offset


def _ends(text: str, found: re.Match[str], end: int) -> bool:
    """Tell whether a stop that is followed by space ends its sentence."""
    following = _NEXT.match(text, found.end(), end)
    if not following:
        return True
    first = following["first"]
    if first.islower():
        return False
    if _has_quote(found["close"]) and _TAG.match(text, found.end(), end):
        return False
    return found["mark"] != "." or bool(found["close"]) or not _abbreviates(text, found.start(), first)


def _has_quote(marks: str) -> bool:
    return any(mark in DOUBLE_QUOTES + SINGLE_QUOTES for mark in marks)


def _abbreviates(text: str, stop: int, first: str) -> bool:
    """Tell whether the full stop at ``stop`` belongs to an abbreviation, an initial or a list number."""
    before = text[max(0, stop - 40) : stop]
    if _LIST_NUMBER.search(before):
        return True
    found = _LAST_WORD.search(before)
    if not found:
        return False
    word = found[0]
    if word.lower() in _TITLES:
        return word[0].isupper() or word.lower() not in {"no", "ed", "ch", "fig"} or first.isdigit()
    if word.lower() in _MAYBE:
        return not first.isupper()
    if len(word) == 1 and word.isupper():
        return word != "I" or _initial_before(before)
    return re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", word) is not None and word[0].isupper()


def _initial_before(before: str) -> bool:
    return re.search(r"(?<![^\W_])[A-Z]\.\s*I$", before) is not None


def begins_sentence(text: str, offset: int) -> bool:
    """Tell whether a capital at ``offset`` may owe its capital to the sentence, a heading or a line of verse."""
    before = text[max(0, offset - 80) : offset]
    bare = before.rstrip(f"“‘\"'«‹([*_¿¡{' '}\t\u00a0")
    if re.search(r"[“‘\"'«‹(\[][*_]*$", before) or not bare:
        return True
    if bare[-1] in "\r\n":
        line = re.sub(r"(?:\r\n|\n|\r(?!\n))$", "", bare)
        return not line.strip() or line[-1] in "\r\n\\>" or line.endswith("  ") or _closed(line.rstrip())
    return _closed(bare) or bare[-1] in "#>|-—–"


def _closed(text: str) -> bool:
    bare = text.rstrip("”’\"'»›)]*_ \t")
    if not bare or bare[-1] not in ".!?…:":
        return False
    found = _LAST_WORD.search(bare[:-1])
    return not (
        bare[-1] == "." and found and found[0].lower() in {"mr", "mrs", "ms", "dr", "st", "prof", "rev", "capt", "col"}
    )
