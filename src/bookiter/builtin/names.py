"""What is peculiar to names: possessives, longer names, and names that are ordinary words too."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from bookiter.builtin.machinery import machinery, touches
from bookiter.builtin.matching import SPACES, Span, find_exact, is_word
from bookiter.builtin.sentences import begins_sentence
from bookiter.builtin.vocabulary import NOT_NAMES

_APOSTROPHES = "'’"
_CALENDAR = frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
)
_NOT_VERBS = (
    r"been|not|a|an|the|in|on|at|to|gone|going|got|here|there|just|always|never|right|so|too|all|very|no|my|your|his|her|"
    r"it|what|why|where|who|how|that|this|if|as|been|about|up|out|off|over|back|still|already|only|even|more|quite"
)
_POSSESSED = re.compile(rf"[{SPACES}]+(?!(?:{_NOT_VERBS}|\w+(?:ing|ed|en|ly))\b)(?=[a-z])")
_BARE_HABIT = re.compile(r"(?<![^\W_])(?<!the )[A-Z][a-z]+s['’](?=[ \r\n]+[a-z])")
_FULL_HABIT = re.compile(r"(?<![^\W_])[A-Z][a-z]+s['’]s(?![^\W_])")
_BEFORE_MONTH = re.compile(
    r"(?:\b(?:in|of|last|next|this|early|late|mid|since|until|till|by|during|every|and|or|to|from|one|each)|\d|\dst|\dnd|\drd|\dth)"
    r"[\s,-]+$",
    re.IGNORECASE,
)
_BEFORE_THING = re.compile(r"\b(?:the|a|an|this|that|these|those|no|any)\s+$", re.IGNORECASE)
_AFTER_MONTH = re.compile(r"[\s,]+(?:\d|the \w+(?:st|nd|rd|th)\b)")
_NEXT_WORD = re.compile(rf"(?:[{SPACES}]+|[{SPACES}]*(?:\r\n|\n|\r(?!\n))[{SPACES}>]*)(?P<word>[^\W\d_][\w’'-]*)")
_WORD_BEFORE = re.compile(rf"(?P<word>[^\W\d_][\w’'-]*\.?)(?:[{SPACES}]+|[{SPACES}]*(?:\r\n|\n|\r(?!\n))[{SPACES}>]*)$")
_STYLES = frozenset(
    ["mr", "mrs", "ms", "miss", "dr", "sir", "lady", "lord", "st", "captain", "colonel", "aunt", "uncle", "madame"]
)


@dataclass(frozen=True)
class Possessive:
    """What the apostrophe behind a name becomes: ``length`` characters give way to ``text``."""

    length: int = 0
    text: str = ""
    doubtful: bool = False


def possessive(text: str, span: Span, new: str, bare: bool) -> Possessive:
    """Return how the possessive behind the name at ``span`` must change when the name becomes ``new``.

    ``bare`` tells that the text is used to a bare apostrophe after names in s.
    """
    mark = text[span[1] : span[1] + 1]
    if not mark or mark not in _APOSTROPHES or not new[-1:].isalpha():
        return Possessive()
    old_s, new_s = text[span[1] - 1] in "sS", new[-1] in "sS"
    follows = text[span[1] + 1 : span[1] + 2]
    if old_s and not new_s and not is_word(follows):
        owner = _owns(text, span[1])
        ending = "S" if text[span[0] : span[1]].isupper() and span[1] - span[0] > 1 else "s"
        return Possessive(1, mark + ending) if owner else Possessive(doubtful=owner is None)
    if new_s and not old_s and bare and follows in "sS" and not is_word(text[span[1] + 2 : span[1] + 3]):
        return Possessive(2, mark) if _POSSESSED.match(text, span[1] + 2) else Possessive()
    return Possessive()


def _owns(text: str, at: int) -> bool | None:
    """Tell whether the mark at ``at``, behind a name in s, is a possessive: False a closing quote, None undecided."""
    start = max(text.rfind("\n\n", 0, at), text.rfind("\r\n\r\n", 0, at), 0)
    before = text[start:at]
    opened = len(re.findall(r"(?<![^\W_])‘|(?<!\S)'(?=\S)", before))
    owner = re.match(rf"[{SPACES}\r\n]+[^\W_]", text[at + 1 : at + 6]) is not None
    if not opened:
        return True if owner or text[at] == "’" or '"' in before or "“" in before else None
    closed = len(re.findall(r"[.,!?…—-]['’](?![^\W_])", before))
    if closed >= opened:
        return True
    later = re.match(r"[^\r\n]*?[.,!?…—-]['’](?![^\W_])", text[at + 1 :])
    return True if owner and later else None if owner else False


@lru_cache(maxsize=128)
def bare_after_s(text: str) -> bool:
    """Tell whether a text is used to “James’ hat” rather than “James’s hat”."""
    return len(_BARE_HABIT.findall(text)) > len(_FULL_HABIT.findall(text))


def is_ordinary(name: str, texts: Iterable[str]) -> bool:
    """Tell whether a one-word name is also an ordinary word: a month, or its lower-case form occurs in prose."""
    if not name.isalpha() or not name[:1].isupper() or name[1:] != name[1:].lower():
        return False
    plain = name.lower()
    return plain in _CALENDAR or any(
        not touches(machinery(text), span) for text in texts for span in find_exact(text, plain)
    )


def is_uncertain(text: str, span: Span, name: str) -> bool:
    """Tell whether an ordinary word's capital may come from its place and not from its being a name."""
    start, end = span
    before = text[max(0, start - 30) : start]
    if text[start:end].isupper() or begins_sentence(text, start) or _in_heading(text, start):
        return True
    if _BEFORE_THING.search(before):
        return True
    return name.lower() in _CALENDAR and bool(_BEFORE_MONTH.search(before) or _AFTER_MONTH.match(text, end))


def _in_heading(text: str, at: int) -> bool:
    line = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    return re.match(r"\ufeff?[ \t>]*(?:#|title\b)", text[line:at]) is not None


def longer_name(text: str, span: Span) -> str:
    """Return the longer name that a name stands in ("Sarah Bennet", "Lady Sarah"), "" when it stands alone."""
    after = _NEXT_WORD.match(text, span[1])
    last = after["word"] if after and _capitalised(after["word"]) else ""
    before = _WORD_BEFORE.search(text, max(0, span[0] - 40), span[0])
    first = before["word"] if before and _leads(text, before) else ""
    return (
        " ".join(filter(None, (first, text[span[0] : span[1]], re.sub(r"['’]s?$", "", last)))) if first or last else ""
    )


def _capitalised(word: str) -> bool:
    return word[0].isupper() and word not in {"I", "O"} and not word.startswith(("I’", "I'"))


def _leads(text: str, before: re.Match[str]) -> bool:
    word = before["word"]
    if word.rstrip(".").lower() in _STYLES:
        return word[0].isupper()
    if word.lower() in NOT_NAMES:
        return False
    return _capitalised(word) and not word.endswith(".") and not begins_sentence(text, before.start())


def plurals(text: str, name: str) -> Iterator[str]:
    """Yield each plural of a name that stands in a text ("the Bennets")."""
    if name.isalpha():
        yield from re.findall(rf"(?<![^\W_]){re.escape(name)}e?s(?![^\W_])", text)
