"""Rename and replace: whole words in an author's sense, in every form they take, and nothing else.

A word joined by a hyphen counts when what it is joined to is no name: “Sarah-like” and “grey-eyed” are changed (and
the latter noted), “Anne-Marie” and the stammered “S-Sarah” are not. “O’Neil” and “d’Anne” are words of their own.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bookiter.builtin.edits import Edited, Place, Rename, Replace, Unsure, shorten
from bookiter.builtin.habits import conform
from bookiter.builtin.machinery import machinery, merge, touches
from bookiter.builtin.markdown import markers
from bookiter.builtin.matching import SPACES, WRAP, Change, Span, find_exact, find_folded, fold, spliced
from bookiter.builtin.names import bare_after_s, is_ordinary, is_uncertain, longer_name, plurals, possessive
from bookiter.builtin.reports import nothing_found, place_of

_WRAP = re.compile(WRAP)
_HYPHENS = "-‐‑"


@dataclass
class _Tally:
    """What was met on the way and belongs into the notes."""

    longer: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    joined: Counter[str] = field(default_factory=Counter)
    hidden: list[Place] = field(default_factory=list)
    doubtful: list[Place] = field(default_factory=list)
    uncertain: list[Place] = field(default_factory=list)


def rewrite(edit: Rename | Replace, texts: Mapping[str, str]) -> Edited:
    """Rename or replace in ``texts`` (path to text).

    Raises Unsure when the words stand nowhere, when they may be no name in some places, or when a swap may be meant.
    """
    tally = _Tally()
    ordinary = edit.new[:1].isupper() and is_ordinary(edit.old, list(texts.values()))
    present = _count(edit.new, texts) if fold(edit.old).casefold() != fold(edit.new).casefold() else 0
    if edit.fresh and present:
        raise Unsure(
            [
                f"“{edit.new}” already stands in {_places(present)}. Should the two trade places, or all “{edit.old}” change?"
            ]
        )
    changed: dict[str, str] = {}
    places = 0
    for path, text in texts.items():
        changes = list(_changes(edit, path, text, ordinary, tally))
        if changes:
            changed[path] = spliced(text, changes)
            places += len(changes)
    if tally.uncertain:
        raise Unsure(
            [f"“{edit.old}” is an ordinary word too. Is it the name here? Name the place by more of its words."],
            tally.uncertain,
        )
    if not places:
        raise nothing_found(edit.old, texts, whole_word=True, hidden=tally.hidden)
    return Edited(changed, places, tuple(_notes(edit, texts, tally, present)))


def _count(words: str, texts: Mapping[str, str]) -> int:
    return sum(1 for text in texts.values() for _ in find_folded(text, words))


def _changes(edit: Rename | Replace, path: str, text: str, ordinary: bool, tally: _Tally) -> Iterator[Change]:
    spans = [(span, new) for form, new in forms(edit.old, edit.new) for span in _occurrences(form, edit, text)]
    if not spans:
        return
    hidden, grows = _untouchable(text, edit.old), len(edit.new) > len(edit.old)
    settled = merge(span for _, new in forms(edit.old, edit.new) for span in find_folded(text, new)) if grows else ()
    literal = not any(char.isalnum() for char in edit.old) or fold(edit.old) == fold(edit.new)
    for span, new in spans:
        if touches(hidden, span):
            tally.hidden.append(place_of(path, text, span))
        elif any(start <= span[0] and span[1] <= end for start, end in settled if touches(settled, span)):
            continue
        elif ordinary and is_uncertain(text, span, edit.old):
            tally.uncertain.append(place_of(path, text, span))
        elif literal:
            yield span, new
        elif _belongs_elsewhere(text, span):
            tally.kept[_whole(text, span)] += 1
        else:
            yield _change(edit, (path, text), span, new, tally)


def _change(edit: Rename | Replace, source: tuple[str, str], span: Span, new: str, tally: _Tally) -> Change:
    path, text = source
    words = _dressed(conform(new, text), text[span[0] : span[1]])
    owner = possessive(text, span, new, new[-1:] in "sS" and bare_after_s(text))
    if owner.doubtful:
        tally.doubtful.append(place_of(path, text, span))
    if isinstance(edit, Rename) and " " not in edit.old:
        name = longer_name(text, span)
        tally.longer.update([name] if name else [])
    elif _joined(text, span):
        tally.joined[_whole(text, span)] += 1
    return (span[0], span[1] + owner.length), words + owner.text


def forms(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield each form the old words take, with the new words in the same form: as typed, capitalised, upper-case."""
    yield old, new
    if fold(old).casefold() == fold(new).casefold() or not any(char.isalpha() for char in old):
        return
    raised = _raised(old)
    if raised != old:
        yield raised, _raised(new)
    if sum(char.isalpha() for char in old) > 1 and old.upper() not in {old, raised}:
        yield old.upper(), new.upper()


def _raised(words: str) -> str:
    """Return words with the first letter in upper case, if a letter comes first."""
    at = next((i for i, char in enumerate(words) if char.isalnum()), len(words))
    return words[:at] + words[at : at + 1].upper() + words[at + 1 :]


def _occurrences(form: str, edit: Rename | Replace, text: str) -> Iterator[Span]:
    if any(char.isalnum() for char in form) and fold(edit.old) != fold(edit.new):
        yield from find_folded(text, form)
        return
    for start, end in find_exact(text, form):
        if text[start - 1 : start] != form[0] and text[end : end + 1] != form[-1]:
            yield start, end


def _untouchable(text: str, old: str) -> tuple[Span, ...]:
    hidden = machinery(text)
    return hidden if any(char.isalnum() for char in old) else merge([*hidden, *markers(text)])


def _belongs_elsewhere(text: str, span: Span) -> bool:
    """Tell whether the words are part of another name: O’Neil, Anne-Marie, or a stammered S-Sarah."""
    start, end = span
    if text[start - 1 : start] in {"'", "’"} and text[start - 2 : start - 1].isalpha():
        return True
    if not text[start].isupper():
        return False
    before = re.search(rf"([^\W\d_])[^\W_]*[{_HYPHENS}]$", text[max(0, start - 40) : start])
    after = re.match(rf"[{_HYPHENS}]([^\W\d_])", text[end : end + 2])
    return bool((before and before[1].isupper()) or (after and after[1].isupper() and not text[start:end].isupper()))


def _joined(text: str, span: Span) -> bool:
    before, after = text[max(0, span[0] - 2) : span[0]], text[span[1] : span[1] + 2]
    return bool(re.fullmatch(rf"[^\W_][{_HYPHENS}]", before) or re.fullmatch(rf"[{_HYPHENS}][^\W_]", after))


def _whole(text: str, span: Span) -> str:
    """Return the whole run of letters, hyphens and apostrophes a span stands in."""
    start, end = span
    while start and (
        text[start - 1].isalnum() or (text[start - 1] in "-‐‑'’" and text[start - 2 : start - 1].isalnum())
    ):
        start -= 1
    while end < len(text) and (text[end].isalnum() or (text[end] in "-‐‑'’" and text[end + 1 : end + 2].isalnum())):
        end += 1
    return text[start:end]


def _dressed(new: str, matched: str) -> str:
    """Return the new words set apart by the spaces and line breaks that the old ones had."""
    gaps = _WRAP.findall(matched)
    if not gaps or set(gaps) == {" "}:
        return new
    old_words, new_words = _WRAP.split(matched), re.split(rf"[{SPACES}]+", new)
    gaps = _fitted(gaps, old_words, new_words)
    return "".join(word + gap for word, gap in zip(new_words, [*gaps, ""], strict=True))


def _fitted(gaps: list[str], old: list[str], new: list[str]) -> list[str]:
    wanted = len(new) - 1
    if len(gaps) <= wanted:
        same = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(gaps))
        return [*gaps[:same], *[" "] * (wanted - len(gaps)), *gaps[same:]]
    breaks = [gap for gap in gaps if "\n" in gap or "\r" in gap]
    kept = breaks[:wanted] or gaps[:wanted]
    return [*kept, *[" "] * (wanted - len(kept))]


def _notes(edit: Rename | Replace, texts: Mapping[str, str], tally: _Tally, present: int) -> Iterator[str]:
    if present:
        yield f"“{edit.new}” already stood in {_places(present)}."
    if tally.longer:
        yield f"It stood within longer names, changed there too: {_listed(tally.longer)}."
    if tally.joined:
        yield f"Changed inside hyphenated words: {_listed(tally.joined)}."
    if tally.kept:
        yield f"Left as other words: {_listed(tally.kept)}."
    if isinstance(edit, Rename):
        many = Counter(form for text in texts.values() for form in plurals(text, edit.old) if form != edit.new)
        if many:
            yield f"Left, for they are other forms: {_listed(many)}."
    if tally.hidden:
        yield f"Left untouched in code, links, HTML or front matter: {_listed(Counter(map(_spot, tally.hidden)))}."
    if tally.doubtful:
        yield f"A possessive or a closing quote? Left as it was: {_listed(Counter(map(str, tally.doubtful)))}."


def _spot(place: Place) -> str:
    return f"{place.path}:{place.line}"


def _listed(counts: Counter[str], most: int = 5) -> str:
    shown = [f"{shorten(word, 80)}{f' ({count})' if count > 1 else ''}" for word, count in counts.most_common(most)]
    return ", ".join(shown) + (f" and {len(counts) - most} more" if len(counts) > most else "")


def _places(count: int) -> str:
    return "1 place" if count == 1 else f"{count} places"
