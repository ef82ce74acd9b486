"""Find the words of a sentence that name parts of a book: "chapters 3-7", "the premise", "the last chapter"."""

import re
from dataclasses import dataclass
from typing import Literal

from bookiter.manuscript.numerals import CARDINAL, ORDINAL, value_of

# What a mention names: numbered chapters, a chapter counted from an end, a whole level, everything, or a file.
Kind = Literal["numbers", "end", "level", "everything", "path"]


@dataclass(frozen=True)
class Mention:
    """Words that name a place. ``level`` is "" where chapters may be prose or beats; ``ends`` counts 1 = first, -1 = last."""

    kind: Kind
    start: int
    stop: int
    words: str
    level: str = ""
    numbers: tuple[int, ...] = ()
    ends: int = 0
    path: str = ""


_QUOTED = re.compile(r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|\"[^\"]*\"|‘[^’\n]*’(?!\w)|(?<!\w)'[^'\n]*'(?!\w)|`[^`]*`")
_BEATS = (
    r"(?P<beats>(?:chapter[ -])?beats?\s+(?:sheet\s+)?(?:of|for|in)\s+|(?P<prose>(?:prose|text)\s+(?:of|for|in)\s+))?"
)
_RANGE = r"(?:\s*(?:-|–)\s*|\s*\.\.\s*|\s+(?:to|through|till|until)\s+)"
_TIGHT_RANGE = r"(?:[-–]|\s+(?:to|through|till|until)\s+)"
_CHAPTER = r"ch(?:apter|ap)?\.?"
_CHAPTERS = r"ch(?:apter|ap)?s\.?"
_ITEM = rf"{CARDINAL}(?:{_RANGE}(?:{_CHAPTER}\s*)?{CARDINAL})?"
# "chapters 3, 5 and 7". After a comma a number in words may begin the next clause ("…, two of them"), digits may not.
_AND = rf"\s*(?:,\s*)?(?:and|&|\+|plus)\s*(?:{_CHAPTER}\s*)?{_ITEM}"
_COMMA = rf"\s*,\s*(?:{_CHAPTER}\s*)?(?:\d{{1,4}}(?:{_RANGE}\d{{1,4}})?|{_ITEM}(?=\s*(?:,|and\b|&|$)))"
_MORE = rf"(?:{_AND}|{_COMMA})"
# "chapter 3", "chapter 3-5", "chapter 3 and chapter 5"; of a singular nothing else joins: "in chapter 2, I want …".
_ONE = rf"{CARDINAL}(?:{_TIGHT_RANGE}(?:{_CHAPTER}\s*)?{CARDINAL})?"
_AND_ONE = (
    rf"(?:\s*(?:,\s*)?(?:and|&|,)\s*{_CHAPTER}\s*{_ONE}|"
    r"\s+(?:and|&)\s+\d{1,4}(?=\s*(?:$|[.,;:!?]))|"
    r"(?:\s*,\s*\d{1,4})+\s*,?\s*(?:and|&)\s*\d{1,4}\b)"
)
_NUMBERED = re.compile(
    rf"{_BEATS}(?:the\s+)?(?<![\w/-])(?:{_CHAPTERS}\s*(?:nos?\.?\s*|numbers?\s*|\#\s*)?(?P<list>{_ITEM}{_MORE}*)|"
    rf"{_CHAPTER}\s*(?:no\.?\s*|number\s*|\#\s*)?(?P<one>{_ONE}{_AND_ONE}*))"
    r"(?![\w/]|\.\w|-\w)(?P<after>(?:'s|’s)?\s+(?:chapter\s+)?beats\b)?",
    re.I,
)
_ORDINALS = re.compile(
    rf"{_BEATS}(?:the\s+)?\b(?P<list>{ORDINAL}(?:\s*(?:,\s*(?:and|&)?|and|&)\s*(?:the\s+)?{ORDINAL})*)\s+chapters?\b(?!-)",
    re.I,
)
_ENDS = re.compile(
    rf"{_BEATS}(?:the\s+|my\s+)?\b(?P<which>very\s+first|opening|last|final|closing|concluding|penultimate|"
    rf"(?:second|next)(?:\s+|-)to(?:\s+|-)last|last\s+but\s+one)\s+chapter\b(?!-)",
    re.I,
)
_EVERYTHING = re.compile(
    r"\beverywhere\b|\b(?:through(?:out)?|in|across|over|of)?\s*(?:the|my|this)\s+(?:whole|entire|complete)\s+"
    r"(?:book|novel|story|manuscript|project|text)\b|\bthroughout(?:\s+(?:the|my|this)\s+(?:book|novel|story|manuscript|"
    r"project))?\b|\b(?:in\s+)?(?:all|every)\s+(?:of\s+)?(?:the\s+)?(?:files?|levels?)\b|\b(?:in|across|of)\s+(?:the|my)\s+"
    r"(?:book|novel|manuscript|project)\b",
    re.I,
)
_ALL_CHAPTERS = re.compile(
    r"\b(?:all|every|each|all\s+of)\s+(?:of\s+)?(?:the\s+)?(?:single\s+)?chapters?\b|\bthe\s+chapters\b(?!\s*\d)|"
    r"\b(?:the\s+)?(?:whole|entire)\s+prose\b|\bthe\s+prose\b(?!\s+(?:of|for|in)\s)",
    re.I,
)
_ALL_BEATS = re.compile(
    r"\b(?:(?:all|every|each)\s+(?:of\s+)?)?(?:the\s+)?(?:chapter[ -])?beats\b(?!\s+(?:of|for|in)\s)", re.I
)
_PATH = re.compile(r"(?<![\w/.])(?:[\w.-]+/)*[\w.-]+\.[a-z]\w{0,9}\b", re.I)

# What speaks of chapters in a way that is not read here; better a question than the wrong ones.
_END = r"the\s+(?:end|last|final)"
_BEYOND = re.compile(
    # all chapters except chapter 3, every chapter but the last
    rf"\b(?:except|excluding|apart\s+from|other\s+than|save|besides|but)\s+(?:for\s+|not\s+|in\s+)?(?:the\s+)?"
    rf"(?:{_CHAPTER}s?\s*\d|chapters?\b|first\b|last\b|final\b|opening\b|{ORDINAL}\s+chapter)|"
    # from chapter 3 on, chapter 3 to the end, after chapter 3
    rf"\b{_CHAPTER}s?\s*{CARDINAL}\s*(?:on\b(?!\s+the)|onwards?|to\s+{_END}|(?:-|–|through|until|till)\s*{_END})|"
    rf"\b(?:after|before|since|until|till)\s+{_CHAPTER}\s*{CARDINAL}\b|"
    # the first two chapters, the first and the last chapter, the middle chapter
    rf"\b(?:first|last|next|opening|final)\s+(?:\d+|two|three|four|five|six|seven|eight|nine|ten|few|several)\s+chapters\b|"
    rf"\b(?:first|last|final|opening|{ORDINAL})\s+(?:chapter\s+)?and\s+(?:the\s+)?(?:last|final)\b|"
    rf"\b(?:odd|even|middle|other|remaining)\s+chapters?\b",
    re.I,
)

_FROM_ENDS = {
    "very first": 1, "opening": 1, "last": -1, "final": -1, "closing": -1, "concluding": -1, "penultimate": -2,
    "last but one": -2,
}  # fmt: skip


def mask_quotes(text: str) -> str:
    """Return the text with every quoted passage blanked out: what is quoted is material, never a place."""
    return _QUOTED.sub(lambda match: " " * len(match[0]), text)


def quoted_passages(text: str) -> list[tuple[str, str]]:
    """Return each quoted passage without its quotes, with the words that stand before it."""
    found = [
        (match[0][1:-1].strip(), text[max(0, match.start() - 80) : match.start()]) for match in _QUOTED.finditer(text)
    ]
    return [(passage, before) for passage, before in found if passage]


def find_mentions(text: str, levels: tuple[str, ...], paths: frozenset[str] = frozenset()) -> list[Mention]:
    """Return what a sentence names, in order, no two overlapping; quoted passages name nothing unless they are paths."""
    masked = mask_quotes(text)
    found = _path_mentions(text, paths)
    found += [m for m in (_numbered(match) for match in _NUMBERED.finditer(masked)) if m]
    found += [m for m in (_ordinal(match) for match in _ORDINALS.finditer(masked)) if m]
    found += [_from_end(match) for match in _ENDS.finditer(masked)]
    found += [_plain("level", match, "prose") for match in _ALL_CHAPTERS.finditer(masked)]
    found += [_plain("level", match, "chapters") for match in _ALL_BEATS.finditer(masked)]
    found += [_plain("everything", match) for match in _EVERYTHING.finditer(masked)]
    found += _level_mentions(masked, levels)
    return _without_overlaps(found)


def beyond_reading(text: str) -> str:
    """Return the words of a sentence that name chapters in a way that is not understood, such as an exception; or ""."""
    match = _BEYOND.search(mask_quotes(text))
    return match[0].strip() if match else ""


def _without_overlaps(found: list[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda m: (m.start, m.start - m.stop)):
        if not kept or mention.start >= kept[-1].stop:
            kept.append(mention)
    return kept


def _plain(kind: Kind, match: re.Match[str], level: str = "") -> Mention:
    start = match.start() + len(match[0]) - len(match[0].lstrip())
    return Mention(kind, start, match.end(), match[0].strip(), level)


def _level_of(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if groups.get("prose"):
        return "prose"
    return "chapters" if groups.get("beats") or groups.get("after") else ""


def _numbered(match: re.Match[str]) -> Mention | None:
    numbers = _numbers(match["list"] or match["one"])
    if not numbers:
        return None
    return Mention("numbers", match.start(), match.end(), match[0].strip(), _level_of(match), numbers)


def _numbers(listed: str) -> tuple[int, ...]:
    found: list[int] = []
    for item in re.finditer(rf"({CARDINAL})(?:{_RANGE}(?:{_CHAPTER}\s*)?({CARDINAL}))?", listed, re.I):
        first = value_of(item[1])
        last = value_of(item[2]) if item[2] else first
        if first is None or last is None or last < first:
            return ()
        found.extend(range(first, last + 1))
    return tuple(dict.fromkeys(found))


def _ordinal(match: re.Match[str]) -> Mention | None:
    values = [value_of(word) for word in re.findall(ORDINAL, match["list"], re.I)]
    if not values or any(value is None for value in values):
        return None
    numbers = tuple(value for value in values if value is not None)
    return Mention("numbers", match.start(), match.end(), match[0].strip(), _level_of(match), numbers)


def _from_end(match: re.Match[str]) -> Mention:
    which = " ".join(match["which"].lower().replace("-", " ").split())
    return Mention(
        "end", match.start(), match.end(), match[0].strip(), _level_of(match), ends=_FROM_ENDS.get(which, -2)
    )


def _path_mentions(text: str, paths: frozenset[str]) -> list[Mention]:
    # Only what ends like a file of this book can be one of its files: example.org is an address.
    endings = tuple({path[path.rfind(".") :].lower() for path in paths if "." in path}) or (".md",)
    named = (match for match in _PATH.finditer(text) if match[0].lower().endswith(endings))
    found = [Mention("path", match.start(), match.end(), match[0], path=match[0]) for match in named]
    for path in paths:
        at = text.find(path)
        if at >= 0 and text[at - 1 : at] not in ("/",):
            found.append(Mention("path", at, at + len(path), path, path=path))
    return found


def _level_mentions(masked: str, levels: tuple[str, ...]) -> list[Mention]:
    others = [name for name in levels if name not in ("prose", "chapters")]
    if not others:
        return []
    names = "|".join(re.escape(name).replace("_", "[ _-]") for name in sorted(others, key=len, reverse=True))
    # "the treatment of Thirza" and "better treatment" are words of the story; "the treatment" and "Treatment: …" are not.
    named = re.compile(
        rf"\b(?:the|my|our)\s+(?P<name>{names})\b(?!\s+of\b)|^\W*(?P<first>{names})\b(?=\W*$|\s*[:,])", re.I
    )
    found = []
    for match in named.finditer(masked):
        name = (match["name"] or match["first"]).lower().replace(" ", "_")
        found.append(_plain("level", match, next(level for level in others if level.lower() == name)))
    return found
