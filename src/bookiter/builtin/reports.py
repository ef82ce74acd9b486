"""What to say when the text does not decide: where things stand, and what comes nearest."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from bookiter.builtin.edits import Place, Unsure, shorten
from bookiter.builtin.markdown import line_number, read_page
from bookiter.builtin.matching import Span
from bookiter.builtin.sentences import sentences

_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_AROUND = 30


def place_of(path: str, text: str, span: Span) -> Place:
    """Return where a span stands, with a few words around it when it is short."""
    start, end = span
    if end - start < _AROUND:
        start, end = _widened(text, span)
    return Place(path, line_number(text, span[0]), shorten(text[start:end], 2 * _AROUND + 20))


def _widened(text: str, span: Span) -> Span:
    start = max((text.rfind(mark, 0, span[0]) + 1 for mark in "\r\n"), default=0)
    if start < span[0] - _AROUND:
        start = text.find(" ", span[0] - _AROUND, span[0]) + 1 or span[0]
    ends = [at for at in (text.find(mark, span[1]) for mark in "\r\n") if at >= 0]
    end = min([*ends, len(text)])
    return start, end if end <= span[1] + _AROUND else text.rfind(" ", span[1], span[1] + _AROUND) if " " in text[
        span[1] : span[1] + _AROUND
    ] else span[1]


def nothing_found(
    wanted: str, texts: Mapping[str, str], *, whole_word: bool = False, hidden: Iterable[Place] = ()
) -> Unsure:
    """Return the refusal for words that stand nowhere, naming what comes nearest."""
    hidden = tuple(hidden)
    if hidden:
        return Unsure(
            [f"“{shorten(wanted)}” stands only in code, links, HTML or front matter, which are not touched."], hidden
        )
    question = f"“{shorten(wanted, 80)}” stands nowhere in {_named(texts)}."
    near = _nearest_word(wanted, texts) if whole_word and len(wanted.split()) == 1 else _nearest_passage(wanted, texts)
    if near is None:
        return Unsure([question])
    return Unsure([f"{question} The nearest is “{near.excerpt}” ({near.path}:{near.line})."], [near])


def several_found(wanted: str, places: Iterable[Place]) -> Unsure:
    """Return the refusal for words that stand in several places when one is meant."""
    places = tuple(places)
    listed = "; ".join(map(str, places[:8])) + ("; …" if len(places) > 8 else "")
    return Unsure([f"“{shorten(wanted, 80)}” stands in {len(places)} places. Which one is meant? {listed}"], places)


def _named(texts: Mapping[str, str]) -> str:
    return next(iter(texts)) if len(texts) == 1 else f"the {len(texts)} texts"


def _nearest_word(wanted: str, texts: Mapping[str, str]) -> Place | None:
    from difflib import get_close_matches

    words = Counter(word for text in texts.values() for word in _WORD.findall(text))
    same = [word for word in words if word.casefold() == wanted.casefold()]
    near = same or get_close_matches(wanted, list(words), n=1, cutoff=0.8)
    if not near:
        return None
    path, text = next(
        (path, text) for path, text in texts.items() if re.search(rf"(?<![^\W_]){re.escape(near[0])}", text)
    )
    return Place(path, line_number(text, text.index(near[0])), near[0])


def _nearest_passage(wanted: str, texts: Mapping[str, str]) -> Place | None:
    """Rank sentences by the words they share, then the best few letter by letter."""
    from difflib import SequenceMatcher

    words = set(map(str.casefold, _WORD.findall(wanted)))
    scored = [
        (len(words & set(map(str.casefold, _WORD.findall(text[start:end])))), path, start, end)
        for path, text in texts.items()
        for block in read_page(text).blocks
        if block.kind not in {"code", "front", "rule"}
        for start, end in sentences(text, block.start, block.end)
    ]
    best = sorted((item for item in scored if item[0]), key=lambda item: -item[0])[:8]
    ranked = [
        (SequenceMatcher(None, wanted, texts[path][start:end][:500]).ratio(), path, start, end)
        for _, path, start, end in best
    ]
    ratio, path, start, end = max(ranked, default=(0.0, "", 0, 0), key=lambda item: item[0])
    return Place(path, line_number(texts[path], start), shorten(texts[path][start:end], 120)) if ratio > 0.4 else None
