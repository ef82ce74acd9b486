"""From a request to an edit: every word must be understood, and all readings must say the same; else nothing is."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from bookiter.builtin.edits import Edit
from bookiter.builtin.lexer import Reading, Token, readings
from bookiter.builtin.phrases import PHRASES, Match, Phrase
from bookiter.builtin.typewords import typography
from bookiter.builtin.vocabulary import is_place

MAX_CHARS = 20_000
_POLITE = re.compile(
    r"(?:\^?(?:please|kindly|just|simply|now|could you|can you|would you|will you|i want you to|i'd like you to|"
    r"i would like you to|i want to|i'd like to|i would like to|let's|let us|go ahead and)(?: ,)? )*"
)
_ASKING = re.compile(r"(?:\^?please )?\^?(?:could|can|would|will) you ")
_CLOSING = re.compile(r"(?: ,)? (?:please|thanks|thank you)$")
_THANKS = re.compile(r" [.!] \^(?:thanks|thank you)(?: [.!])?$")
_PREPOSITION = re.compile(
    r"(?:(?:only|just) )?(in|within|inside|throughout|across|through|all through|all over|from|out of|of|to|for|into)"
)
_JOINING = frozenset(["to", "with", "by", "the", "of", "for", "as", "a", "into"])
_NEEDS_COMMA = re.compile(r",|^[^\W\d_a-z]")
_CAPITALISED = re.compile(r"[^\W\d_a-z](?!hapter|h\.)")
_FREE = {"everywhere": "everywhere", "throughout": "everywhere", "globally": "everywhere"}


@dataclass(frozen=True)
class _Core:
    """A reading without its place: the rest, the preposition, and the place's own words."""

    reading: Reading
    preposition: str = ""
    where: str = ""


# Every request that the grammar knows has one of these. Most requests for a model have none, and need not wait until
# the grammar is compiled.
_MARKS = re.compile(
    r"[\"'`“”„‘’«»:]|quot|apostroph|dash|hyphen|ellips|dots|points|period|spac|typograph|renam|retitl|titl|call|nam|replac|chang|"
    r"swap|switch|turn|convert|substitut|exchang",
    re.I,
)


def parse(feedback: str, *, nouns: Collection[str] = ()) -> Edit | None:
    """Return the edit that ``feedback`` asks for, or None unless every word of it is understood.

    ``nouns`` are further words that name a place, such as the names of levels a manuscript declares.
    """
    source = unicodedata.normalize("NFC", feedback).strip()
    if not source or len(source) > MAX_CHARS or not _MARKS.search(source):
        return None
    edits = {edit for reading in readings(source) for edit in _edits(reading, nouns)}
    return edits.pop() if len(edits) == 1 else None


def _edits(reading: Reading, nouns: Collection[str]) -> Iterator[Edit]:
    request = _unwrap(reading)
    if request is None:
        return
    for core in _cores(request, nouns):
        yield from _understood(core, nouns)


def _understood(core: _Core, nouns: Collection[str]) -> Iterator[Edit]:
    rules = typography(core.reading)
    if rules and core.preposition in {"", "in", "within", "throughout", "across", "through", "of", "for", "to"}:
        yield replace(rules, where=core.where)
    skeleton = core.reading.skeleton
    for phrase, pattern in _compiled():
        if core.preposition not in phrase.prepositions:
            continue
        found = pattern.fullmatch(skeleton)
        if found:
            edit = phrase.build(Match(core.reading, found, nouns))
            if edit is not None:
                yield replace(edit, where=core.where) if core.where else edit


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[Phrase, re.Pattern[str]], ...]:
    return tuple((phrase, re.compile(phrase.pattern)) for phrase in PHRASES)


def _unwrap(reading: Reading) -> Reading | None:
    """Take off politeness and the final stop; None when it is a question that asks for no deed."""
    tokens = reading.tokens
    tokens = _shorten(reading.source, tokens, _THANKS)
    asked = bool(tokens) and tokens[-1].form == "?"
    if tokens and tokens[-1].form in {".", "!", "?"}:
        tokens = tokens[:-1]
    tokens = _shorten(reading.source, tokens, _CLOSING)
    rest = Reading(reading.source, tokens)
    if asked and not _ASKING.match(rest.skeleton):
        return None
    polite = _POLITE.match(rest.skeleton)
    count = polite[0].count(" ") if polite else 0
    return Reading(reading.source, tokens[count:]) if len(tokens) > count else None


def _shorten(source: str, tokens: tuple[Token, ...], ending: re.Pattern[str]) -> tuple[Token, ...]:
    found = ending.search(Reading(source, tokens).skeleton)
    return tokens[: len(tokens) - found[0].count(" ")] if found else tokens


def _cores(request: Reading, nouns: Collection[str]) -> Iterator[_Core]:
    """Yield the request whole, and without each stretch of it that can name a place."""
    yield _Core(request)
    tokens = request.tokens
    for start in range(len(tokens)):
        if start and tokens[start - 1].form in _JOINING:
            continue
        for end, preposition, where in _places(request, start, nouns):
            rest = _rest(tokens, start, end, where)
            if rest:
                yield _Core(Reading(request.source, rest), preposition, where)


def _rest(tokens: tuple[Token, ...], start: int, end: int, where: str) -> tuple[Token, ...]:
    """Return the tokens around a place; none where a place of that kind cannot stand."""
    rest = tokens[:start] + tokens[end:]
    if not rest:
        return ()
    if start == 0:
        set_off = rest[0].form in {",", ":"}
        return _without_lead(rest) if set_off or not _NEEDS_COMMA.search(where) else ()
    if end == len(tokens):
        return rest[:-1] if rest[-1].form == "," else rest
    return rest if not _CAPITALISED.match(where) else ()


def _without_lead(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    if tokens and tokens[0].form in {",", ":"}:
        tokens = tokens[1:]
    if tokens and tokens[0].form in {"please", "just"}:
        tokens = tokens[1:]
    return tokens


def _places(request: Reading, start: int, nouns: Collection[str]) -> Iterator[tuple[int, str, str]]:
    """Yield (end, preposition, words) of each place that begins, with its preposition, at the token ``start``."""
    tokens = request.tokens
    first = tokens[start].form.removeprefix("^")
    if first in _FREE:
        yield start + 1, "in", _FREE[first]
    for size in (1, 2, 3):
        words = " ".join(token.form for token in tokens[start : start + size])
        lead = _PREPOSITION.fullmatch(words.removeprefix("^") if start == 0 else words)
        if not lead:
            continue
        for end in range(start + size + 1, min(len(tokens), start + size + 14) + 1):
            part = tokens[start + size : end]
            if is_place(" ".join(token.form for token in part), nouns):
                yield end, lead[1], request.source[part[0].start : part[-1].end]
