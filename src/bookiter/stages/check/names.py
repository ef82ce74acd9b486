"""Names and figures of the story that vanished or turned into others without having been asked for."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rapidfuzz.distance import OSA, Indel

from bookiter.manuscript.numerals import value_of
from bookiter.stages.change import FileChange
from bookiter.stages.check.request import Asked
from bookiter.stages.documents import Finding
from bookiter.stages.pairing import Pairing, Passage, passages
from bookiter.text import WORD, one_line, words

# A rewriting may drop a name that is mentioned in passing; one of some weight is mentioned so often, in so many paragraphs.
_WEIGHTY, _WEIGHTY_ANEW = (3, 2), (6, 3)
_STAYS = 0.8
_STRETCH = 4
_MISSPELT = 2
_LONG_NAME = 5
_STYLES = frozenset("Mrs Miss Sir Madam Mme Monsieur Lady Lord God".split())
# Where more of the words inside sentences are capitalised than this, a capital makes no name: German.
_NOUNS_CAPITALISED = 0.12
_INSIDE = re.compile(rf"(?<=[\w,;’'][ \n\u00a0])(?:{WORD.pattern})")
_ASKED_NAMES = (
    r"\b(?:name[sd]?|renam\w*|call(?:ed)?|replac\w*|combin\w*|merg\w*|person|point\s+of\s+view|pov|perspective|narrat\w*|pronoun\w*|"
    r"anonym\w*|without|relocat\w*|setting|set\s+(?:it|in|the)|spell\w*)\b"
)
_ASKED_FIGURES = (
    r"\b(?:numbers?|figures?|dates?|years?|months?|weeks?|days?|hours?|minutes?|times?|ages?|older|younger|later|earlier|"
    r"timeline|centur\w+|decades?|period|season|counts?|amounts?|prices?|distances?|miles|kilomet\w+|metric|imperial|convert\w*|units?|"
    r"o[’']clock|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
)
_ADDRESSES = re.compile(r"\[\^[^\]\s]*\]|\]\([^)\s]*\)|\w+://\S+")
_DIGITS = re.compile(r"\d[\d.,:]*")
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTHS = "january february april june july august september october november december".split()
_CALENDAR = frozenset([*_WEEKDAYS, *_MONTHS, "march", "may"])
# These count things; "one" and "first" mostly do not.
_NO_FIGURES = frozenset("one first second".split())
_LARGE = {"hundred": "100", "thousand": "1000", "dozen": "12", "million": "1000000"}


def vanished(file: FileChange, pairing: Pairing, asked: Asked) -> Iterable[Finding]:
    """Yield names that stand nowhere in the new text any more, and names that came back misspelt."""
    if asked.removes or asked.anew or asked.shrinks or asked.says(_ASKED_NAMES):
        return
    known = _names(file.before)
    after = _forms(file.after)
    often, places = _WEIGHTY_ANEW if asked.rewritten else _WEIGHTY
    for name, count in known.items():
        if name in after or asked.names([name]) or name.casefold() in _CALENDAR:
            continue
        holding = sum(name.casefold() in _plain_bag(passage) for passage in pairing.old)
        if count >= often and holding >= places:
            message = f"“{name}” stood here {count} times and is gone without having been asked for"
            yield Finding(check="names", message=message, path=file.path, quote=name)
    yield from _misspelt(file, pairing, asked, known)


def _misspelt(file: FileChange, pairing: Pairing, asked: Asked, known: dict[str, int]) -> Iterable[Finding]:
    """A name in a paragraph that otherwise stays became a word that is nearly it, and that the text did not have."""
    had = _forms(file.before)
    seen = set()
    for old, new in pairing.alike(_STAYS):
        for went, came in _replaced(old, new):
            for name in went & known.keys():
                for form in came - had.keys():
                    if _nearly(name, form) and not asked.names([name, form]) and form not in seen:
                        seen.add(form)
                        message = f"“{name}” became “{form}” without having been asked for"
                        yield Finding(check="names", message=message, path=file.path, quote=one_line(new.text, 120))


def _nearly(name: str, form: str) -> bool:
    if not form[:1].isupper() or form in (name + "s", name + "es") or name in (form + "s", form + "es"):
        return False
    most = _MISSPELT if len(name) >= _LONG_NAME else 1
    return 0 < OSA.distance(name, form, score_cutoff=most) <= most


def figures(file: FileChange, pairing: Pairing, asked: Asked) -> Iterable[Finding]:
    """Yield numbers and dates that became others, or went, in paragraphs that otherwise stay."""
    if asked.removes or asked.anew or asked.says(_ASKED_FIGURES):
        return
    left = {_figure(form) for form in _tokens(file.after)}
    for old, new in pairing.alike(_STAYS):
        for went, came in _replaced(old, new):
            was, now = ({figure for word in side if (figure := _figure(word))} for side in (went, came))
            if any(_is_asked(word, asked) for word in (*went, *came) if _figure(word)):
                continue
            message = ""
            if was - now and now - was:
                message = f"{_shown(was - now, went)} became {_shown(now - was, came)} without having been asked for"
            elif gone := {figure for figure in was - now if figure not in left and any(map(_DIGITS.match, went))}:
                message = f"{_shown(gone, went)} is gone without having been asked for"
            if message:
                yield Finding(check="figures", message=message, path=file.path, quote=one_line(new.text, 120))


def _is_asked(word: str, asked: Asked) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", asked.text, re.I) is not None


def _shown(figures: set[str], among: Iterable[str]) -> str:
    return "“" + "”, “".join(sorted(word for word in among if _figure(word) in figures)) + "”"


def _replaced(old: Passage, new: Passage) -> Iterator[tuple[set[str], set[str]]]:
    """Yield the few words that went at a place, and those that came there; longer stretches are written anew."""
    was, now = (_tokens(_ADDRESSES.sub(" ", passage.text)) for passage in (old, new))
    went: list[str] = []
    came: list[str] = []
    for step in [*Indel.opcodes(was, now), None]:
        if step is not None and step.tag != "equal":
            went += was[step.src_start : step.src_end]
            came += now[step.dest_start : step.dest_end]
            continue
        if went and len(went) <= _STRETCH and len(came) <= _STRETCH:
            yield set(went), set(came)
        went, came = [], []


def _tokens(text: str) -> list[str]:
    return [_bare(found) for found in re.findall(rf"{_DIGITS.pattern}(?=\W|$)|{WORD.pattern}", text)]


def _bare(word: str) -> str:
    return re.sub(r"[’']s?$", "", word).rstrip(".,:")


@lru_cache(maxsize=4096)
def _figure(word: str) -> str:
    """Return the value of a number, weekday or month, the same however it is written; "" for other words."""
    plain = word.casefold()
    if _DIGITS.fullmatch(plain):
        return plain.replace(",", "")
    if plain in _WEEKDAYS or plain in _MONTHS:
        return plain
    if plain in _LARGE:
        return _LARGE[plain]
    value = value_of(plain) if plain.islower() and len(plain) > 2 and plain not in _NO_FIGURES else None
    return str(value) if value is not None else ""


def _names(text: str) -> dict[str, int]:
    """Return the words that are names, and how often each stands: capitalised inside sentences, never in small letters."""
    inside = [_bare(match[0]) for passage in passages(text) for match in _INSIDE.finditer(passage.text)]
    capital = Counter(word for word in inside if _is_capital(word))
    if inside and sum(capital.values()) > _NOUNS_CAPITALISED * len(inside):
        return {}
    forms = _forms(text)
    return {
        word: forms[word] for word in capital if word.lower() not in forms and len(word) > 2 and word not in _STYLES
    }


def _is_capital(word: str) -> bool:
    return word[:1].isupper() and word[1:2].islower()


def _forms(text: str) -> Counter[str]:
    return Counter(_bare(word) for word in words(text))


@lru_cache(maxsize=4096)
def _plain_bag(passage: Passage) -> frozenset[str]:
    return frozenset(_bare(word) for word in passage.words)
