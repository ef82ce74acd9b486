"""A request as tokens: quoted text, words, commas.

Whether a single quote opens, closes or is an apostrophe can be open; then there are several readings, and the grammar
understands a request only when all that make sense say the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

MAX_READINGS = 32
MAX_TOKENS = 80
QUOTED = "§"  # how quoted text stands in a skeleton
COMMA = ","
CAPITAL = "^"  # set before a capitalised word in a skeleton, which is otherwise lower-case

_CLOSERS = {
    "“": "”",
    "”": "”",
    "„": "“”",
    '"': '"',
    "'": "'",
    "‘": "’",
    "’": "’",
    "‚": "‘’",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "`": "`",
}
_QUOTES = "".join(_CLOSERS)
_SINGLE = "'’"
_AFTER_QUOTE = re.compile(r"\s|$|[.,;:!?)]")
_WORD = re.compile(r"[^\s]+")
_TRAILING = re.compile(r"[,;:!?]+$|(?<![.])[.]$")
_ELISIONS = re.compile(r"['’](?:tis|twas|twere|twill|twould|em|til|cause|bout|n['’]|\d\ds?\b)", re.IGNORECASE)
_ABBREVIATIONS = frozenset(
    "mr. mrs. ms. dr. st. prof. rev. capt. col. gen. lt. sgt. jr. sr. ch. chs. chap. mt. ft.".split()
)
_LONE_PUNCTUATION = {"--", "---", "...", "…", "—", "–", "-"}


@dataclass(frozen=True)
class Token:
    """A piece of a request: its place in it, and for quoted text the words between the marks."""

    form: str
    start: int
    end: int
    quoted: str | None = None


@dataclass(frozen=True)
class Reading:
    """One way to read a request: its tokens, and the skeleton the grammar is matched against."""

    source: str
    tokens: tuple[Token, ...]

    @cached_property
    def skeleton(self) -> str:
        """The tokens' forms, one space apart."""
        return " ".join(token.form for token in self.tokens)

    @cached_property
    def _starts(self) -> dict[int, int]:
        starts, offset = {}, 0
        for index, token in enumerate(self.tokens):
            starts[offset] = index
            offset += len(token.form) + 1
        return starts

    def tokens_of(self, span: tuple[int, int]) -> tuple[Token, ...]:
        """Return the tokens of a span of the skeleton that begins at a token."""
        first = self._starts[span[0]]
        count = self.skeleton[span[0] : span[1]].count(" ") + 1
        return self.tokens[first : first + count]

    def raw(self, span: tuple[int, int]) -> str:
        """Return the request's own words for a span of the skeleton."""
        tokens = self.tokens_of(span)
        return self.source[tokens[0].start : tokens[-1].end]


def readings(source: str) -> list[Reading]:
    """Return every way to tell quoted text from words in ``source``; none when it cannot be told or there are too many."""
    found: list[Reading] = []
    for tokens in _lex(source, 0, MAX_TOKENS):
        found.append(Reading(source, tuple(tokens)))
        if len(found) > MAX_READINGS:
            return []
    return found


def _lex(source: str, start: int, room: int) -> Iterator[list[Token]]:
    while start < len(source) and source[start].isspace():
        start += 1
    if start == len(source):
        yield []
    elif room <= 0:
        return
    elif source[start] in _QUOTES:
        for end, text in _quotations(source, start):
            marks = [Token(source[end], end, end + 1)] if source[end : end + 1] in tuple(",;:.!?)") else []
            for rest in _lex(source, end + len(marks), room - 1):
                yield [Token(QUOTED, start, end, text), *marks, *rest]
    else:
        tokens, end = _word(source, start)
        for rest in _lex(source, end, room - 1) if tokens else ():
            yield [*tokens, *rest]


def _quotations(source: str, start: int) -> Iterator[tuple[int, str]]:
    """Yield (end, text) for every mark that may close the quotation opened at ``start``."""
    opener = source[start]
    closers = _CLOSERS[opener]
    for at in range(start + 1, len(source)):
        mark = source[at]
        if mark in closers and _AFTER_QUOTE.match(source, at + 1):
            text = source[start + 1 : at]
            if text.strip() and (opener in _SINGLE or opener not in text):
                yield at + 1, text.strip(" \u00a0\u202f") if opener in "«»‹›" else text
        if (mark in closers and mark not in _SINGLE) or (closers in _SINGLE and _opens_inside(source, at)):
            return


def _opens_inside(source: str, at: int) -> bool:
    """Tell whether a single quote inside a single-quoted text opens another one, which no text does."""
    if source[at] not in "'’‘" or source[at + 1 : at + 2].strip() == "":
        return False
    return (source[at - 1].isspace() or source[at - 1] == "(") and not _ELISIONS.match(source, at)


def _word(source: str, start: int) -> tuple[list[Token], int]:
    match = _WORD.match(source, start)
    raw, end = (match[0], match.end()) if match else ("", start)
    tail: list[Token] = []
    if raw not in _LONE_PUNCTUATION and raw.lower() not in _ABBREVIATIONS and not _initials(raw):
        trailing = _TRAILING.search(raw)
        if trailing and trailing.start():
            cut = start + trailing.start()
            tail = [Token(mark, cut + i, cut + i + 1) for i, mark in enumerate(trailing[0])]
            raw = raw[: trailing.start()]
    if any(mark in raw for mark in '"“”„«»‹›`‘§^,;'):
        return [], end
    return [Token(_form(raw), start, start + len(raw)), *tail], end


def _initials(raw: str) -> bool:
    return re.fullmatch(r"(?:[^\W\d_]\.){1,4}", raw) is not None and raw[0].isupper()


def _form(raw: str) -> str:
    letters = re.sub(r"^(?:[dlDL]['’])(?=\w)", "", raw)
    mark = CAPITAL if letters[:1].isupper() or letters[:1].istitle() else ""
    return mark + raw.lower().replace("’", "'")
