"""Finding quoted text as an author means it: exactly, or else whatever typographic dress it wears in the file."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

Span = tuple[int, int]
Change = tuple[Span, str]  # what is cut out, and what takes its place

SPACES = " \\t\u00a0\u2000-\u200a\u202f\u205f\u3000"
IGNORED = "\u00ad\u2060\u200b\u200c\u200d\ufeff"
SINGLE_QUOTES = "'‘’‚‛ʼ"
DOUBLE_QUOTES = '"“”„‟«»'
EOL = r"(?:\r\n|\n|\r(?!\n))"
BLANK_LINES = rf"[{SPACES}]*{EOL}(?:[{SPACES}>]*{EOL})+[{SPACES}>]*"
WRAP = rf"(?:[{SPACES}]*\\?{EOL}[{SPACES}>]*|[{SPACES}]+)"

_IGNORED = re.compile(f"[{IGNORED}]")
_PIECES = re.compile(
    rf"(?P<blank>\s*?{EOL}\s*{EOL}\s*)|(?P<dash>\s*(?:-{{2,3}}|[—–―]|(?<=\s)-(?=\s))\s*)|(?P<space>\s+)"
    rf"|(?P<dots>…|\.\.\.|\. \. \.)|(?P<range>(?<=\d)-(?=\d))|(?P<hyphen>[-‐‑])"
    rf"|(?P<double>[{DOUBLE_QUOTES}])|(?P<single>[{SINGLE_QUOTES}])|(?P<char>.)",
    re.DOTALL,
)
_FORMS = {
    "blank": BLANK_LINES,
    "dash": rf"{WRAP}?(?:-{{2,3}}|[—–―]|(?<=[\s])-(?=[\s])){WRAP}?",
    "space": WRAP,
    "dots": r"(?:…|\.[ \u00a0\u202f]?\.[ \u00a0\u202f]?\.)",
    "range": "[-–‐‑]",
    "hyphen": "[-‐‑]",
    "double": f"[{DOUBLE_QUOTES}]",
    "single": f"[{SINGLE_QUOTES}]",
}


def is_word(char: str) -> bool:
    """Tell whether a character is part of a word: a letter, a digit or a combining mark, but no underscore."""
    return bool(char) and (char.isalnum() or "\u0300" <= char <= "\u036f" or char in IGNORED[:1])


def stands_alone(text: str, span: Span) -> bool:
    """Tell whether a span whose ends are word characters is cut out of no longer word."""
    start, end = span
    before, after = text[start - 1 : start], text[end : end + 1]
    opens = not (is_word(text[start]) and is_word(before))
    return opens and not (is_word(text[end - 1]) and is_word(after))


def find_exact(text: str, wanted: str) -> Iterator[Span]:
    """Yield the spans where ``wanted`` stands letter for letter, cut out of no longer word."""
    at = text.find(wanted)
    while at >= 0:
        if stands_alone(text, (at, at + len(wanted))):
            yield at, at + len(wanted)
        at = text.find(wanted, at + 1)


def find_folded(text: str, wanted: str) -> Iterator[Span]:
    """Yield the spans where ``wanted`` stands whatever its quotes, dashes, spaces, line wrap or Unicode form are."""
    if not may_contain(text, wanted):
        return
    for found in loose(wanted, has_ignored(text)).finditer(text):
        span = _without_edges(text, found.span()) if wanted == wanted.strip() else found.span()
        if stands_alone(text, span):
            yield span


def _without_edges(text: str, span: Span) -> Span:
    """Leave out the space around a dash at the edge: it is not part of the words."""
    found = text[span[0] : span[1]]
    start = span[0] + len(found) - len(found.lstrip())
    return start, start + len(found.strip())


@lru_cache(maxsize=128)
def has_ignored(text: str) -> bool:
    """Tell whether a text holds characters that do not show, such as soft hyphens."""
    return not text.isascii() and _IGNORED.search(text) is not None


def may_contain(text: str, wanted: str) -> bool:
    """Tell quickly whether ``wanted`` can stand in ``text``: its longest plain word does."""
    return has_ignored(text) or _longest_plain_word(wanted) in text


@lru_cache(maxsize=64)
def _longest_plain_word(wanted: str) -> str:
    return max(re.findall(r"(?<![^\W_])[A-Za-z]+(?![^\W_])", unicodedata.normalize("NFC", wanted)), key=len, default="")


@lru_cache(maxsize=64)
def loose(wanted: str, ignorable: bool) -> re.Pattern[str]:
    """Return the pattern of ``wanted`` in any typographic dress; ``ignorable`` allows soft hyphens inside words."""
    joint = f"[{IGNORED}]*" if ignorable else ""
    pieces = []
    for piece in _PIECES.finditer(unicodedata.normalize("NFC", _IGNORED.sub("", wanted))):
        kind = piece.lastgroup or "char"
        pieces.append(_FORMS[kind] if kind != "char" else _letter(piece[0]))
    return re.compile(joint.join(pieces))


def _letter(char: str) -> str:
    apart = unicodedata.normalize("NFD", char)
    return re.escape(char) if apart == char else f"(?:{re.escape(char)}|{re.escape(apart)})"


_FOLDS = str.maketrans(
    dict.fromkeys("‘’‚‛ʼ", "'") | dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‐‑", "-") | dict.fromkeys(IGNORED, None)
)


def fold(text: str) -> str:
    """Return ``text`` without its typographic dress; two texts that fold alike say the same."""
    plain = unicodedata.normalize("NFC", text).translate(_FOLDS).replace("…", "...")
    plain = re.sub(r"\.[ \u00a0\u202f]\.[ \u00a0\u202f]\.", "...", plain)
    plain = re.sub(r"\s*(?:-{2,3}|[—–―]|(?<=\s)-(?=\s))\s*", "--", plain)
    plain = re.sub(rf"\\?{EOL}[^\S\r\n]*[> ]*", " ", plain)
    return re.sub(r"\s+", " ", plain).strip()


def spliced(text: str, changes: Iterable[Change]) -> str:
    """Return ``text`` with disjoint changes made; every other character stays."""
    pieces: list[str] = []
    at = 0
    for (start, end), new in sorted(changes):
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]])
