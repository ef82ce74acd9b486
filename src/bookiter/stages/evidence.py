"""What in the manuscript speaks for a request: the passages it quotes, the scene it names."""

import re

from bookiter.manuscript.book import Book
from bookiter.manuscript.mentions import mask_quotes, quoted_passages
from bookiter.manuscript.units import Unit
from bookiter.patch.fold import fold_words

# Only after these is a quoted passage taken from the text; after most others ("let him say", "add", "to") it is to be written.
_POINTING = re.compile(
    r"(?:\b(?:replace|change|delete|remove|cut|soften|sharpen|rework|rewrite|rephrase|fix|trim|shorten|darken|keep|after|before|"
    r"from|at|where\s+it\s+says|that\s+says)|\bmake)\s+(?:(?:the|this|that|her|his)\s+)?(?:\w+\s+)?"
    r"(?:(?:sentence|line|paragraph|passage|phrase|words?|bit|part|place)s?\s+)?"
    r"(?:(?:that\s+)?(?:begins?|beginning|starts?|starting|ends?|ending)\s+(?:with\s+)?)?[:,]?\s*$",
    re.I,
)
_SCENE = re.compile(
    r"\b(?:scenes?|moment|part|passage|conversation|argument|fight)\s+(?:in|at|on|with|inside|near|about|where|between)\s+"
    r"(?:the\s+|a\s+|an\s+)?(?P<after>[\w’'-]+(?:\s+[A-Z][\w’'-]+)*)|"
    r"\b(?:the|a|that|this)\s+(?P<before>[\w’'-]+)\s+scene\b",
    re.I,
)
_NO_PLACE = frozenset(
    "opening closing first last final next previous same whole entire love fight sex death big main key".split()
)


def quoted_from_text(feedback: str) -> list[str]:
    """Return the quoted passages that a request points to in the manuscript, of several words each."""
    return [
        passage
        for passage, before in quoted_passages(feedback)
        if len(passage.split()) > 1 and _POINTING.search(before)
    ]


def fold_flat(text: str) -> str:
    """Return a text folded to plain typography with every run of white space as one space."""
    return " ".join(fold_words(text)).casefold()


def find_quoted(feedback: str, book: Book, candidates: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Return the units that hold the passages a request quotes."""
    passages = [fold_flat(passage) for passage in quoted_from_text(feedback)]
    if not passages:
        return ()
    return tuple(u for u in candidates if any(passage in fold_flat(book.read(u.path)) for passage in passages))


def find_scene(feedback: str, book: Book, candidates: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Return the units that speak of the place or person by which a request names a scene."""
    match = _SCENE.search(mask_quotes(feedback))
    word = (match["after"] or match["before"] or "").lower() if match else ""
    if not word or word in _NO_PLACE:
        return ()
    whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.I)
    return tuple(unit for unit in candidates if whole.search(book.read(unit.path)))
