"""Turn the words that name a place into units that exist, or into a question that lists what does."""

import re
from dataclasses import dataclass

from bookiter.manuscript.book import Book
from bookiter.manuscript.mentions import Mention, beyond_reading, find_mentions, mask_quotes
from bookiter.manuscript.units import Unit
from bookiter.text import plural

_LISTED = 12
_FILLER = re.compile(
    r"^(?:in|of|from|for|at|within|inside|throughout|across|the|my|only|just|all|and|&|,|text|file|level|whole|"
    r"entire|both|every|one|\s|[.!])*$",
    re.I,
)


# Alone these words can only mean everything; inside a sentence "the book" may be one that lies on a table.
_WHOLE_BOOK = re.compile(
    r"(?:(?:in|throughout|across|of|over)\s+)?(?:the|my|this)\s+(?:(?:whole|entire)\s+)?"
    r"(?:book|novel|manuscript|story|text|project)",
    re.I,
)


@dataclass(frozen=True)
class Resolution:
    """Units that a sentence names, or the questions that keep it from naming any; ``named`` tells whether it tried.

    ``parts`` are the units of each mention by itself.
    """

    units: tuple[Unit, ...] = ()
    questions: tuple[str, ...] = ()
    named: bool = False
    parts: tuple[tuple[Unit, ...], ...] = ()


def resolve(text: str, book: Book, current: str | None) -> Resolution:
    """Return the units that a sentence names, in book order; none are ``named`` when it names no place."""
    mentions = _narrowest([*_mentions(text, book), *_titles(text, book)])
    if odd := beyond_reading(text):
        return _question(
            f"“{odd}” is not understood. Which chapters should change? Name them, as in chapters 3-5 and 7."
        )
    if not mentions:
        return Resolution()
    parts = [_units_of(mention, book, current) for mention in mentions]
    questions = tuple(dict.fromkeys(question for part in parts for question in part.questions))
    chosen = {unit for part in parts for unit in part.units}
    units = tuple(unit for unit in book.units if unit in chosen)
    return Resolution(() if questions else units, questions, True, tuple(part.units for part in parts))


def resolve_exactly(words: str, book: Book, current: str | None) -> Resolution | None:
    """Return the units that a phrase names when every word of it is understood as naming a place, else None."""
    plain = words.strip().casefold()
    if _WHOLE_BOOK.fullmatch(plain):
        return Resolution(book.units, named=True)
    if plain in book.config.levels and book.level(plain):  # as the questions, and `bookiter target`, call them
        return Resolution(book.level(plain), named=True)
    if plain.isdecimal():
        words = f"chapter {plain}"
    found = [*_mentions(words, book), *_titles(words, book)]
    rest = words
    for mention in sorted(found, key=lambda m: -m.start):
        rest = rest[: mention.start] + " " + rest[mention.stop :]
    if not found or not _FILLER.match(rest) or beyond_reading(words):
        return None
    return resolve(words, book, current)


def _narrowest(mentions: list[Mention]) -> list[Mention]:
    """Leave out what only says where a chapter is found: in "chapter 2 of the book" the book is no target."""
    narrow = [m for m in mentions if m.kind in ("numbers", "end", "path") or m.level not in ("", "prose", "chapters")]
    levels = [m for m in mentions if m.kind == "level"]
    return narrow or levels or mentions


def describe(units: tuple[Unit, ...], book: Book) -> str:
    """Return the words for a target: ``chapter 3``, ``chapters 3-7``, ``premise``, ``prose``, ``project``."""
    if len(units) == 1:
        return units[0].label
    levels = tuple(dict.fromkeys(unit.level for unit in units))
    if len(levels) > 1:
        return "project" if set(units) == set(book.units) else " and ".join(levels)
    if len(units) == len(book.level(levels[0])):
        return levels[0]
    numbers = [unit.number for unit in units if unit.number is not None]
    if len(numbers) < len(units):
        return f"{len(units)} parts of {levels[0]}"
    name = {"prose": "chapters", "chapters": "beats of chapters"}.get(levels[0], levels[0])
    if numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{name} {numbers[0]}-{numbers[-1]}"
    return f"{name} {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _mentions(text: str, book: Book) -> list[Mention]:
    return find_mentions(text, tuple(book.config.levels), book.paths)


def _titles(text: str, book: Book) -> list[Mention]:
    """Find chapters named by their titles: quoted after the word chapter, or several words long as they stand."""
    taken = _mentions(text, book)
    masked = mask_quotes(text).casefold()
    found: list[Mention] = []
    for unit in book.units:
        if unit.single or not unit.title:
            continue
        for start, stop in _title_places(unit.title, text, masked):
            if not any(m.start < stop and start < m.stop for m in taken):
                found.append(Mention("path", start, stop, text[start:stop], path=unit.path))
    longest = [
        m
        for m in found
        if not any(o.start <= m.start and m.stop <= o.stop and len(o.words) > len(m.words) for o in found)
    ]
    return _prefer_prose(longest, book)


def _title_places(title: str, text: str, masked: str) -> list[tuple[int, int]]:
    name = re.escape(title.casefold())
    places = [m.span() for m in re.finditer(rf"(?<!\w){name}(?!\w)", masked)] if " " in title else []
    called = rf"chapters?\s+(?:called|titled|entitled|named)?\s*[“\"'‘«]?({name})(?!\w)[”\"'’»]?"
    quoted = rf"\bin\s+[“\"‘«]({name})[”\"’»]"
    for pattern in (called, quoted):
        places += [m.span() for m in re.finditer(pattern, text.casefold()) if len(text) == len(text.casefold())]
    return places


def _prefer_prose(found: list[Mention], book: Book) -> list[Mention]:
    """Beats often carry the title of their chapter; the title then means the chapter."""
    prose = [m for m in found if (unit := book.unit_at(m.path)) and unit.level == "prose"]
    return prose or found


def _units_of(mention: Mention, book: Book, current: str | None) -> Resolution:
    if mention.kind == "everything":
        return Resolution(book.units, named=True)
    if mention.kind == "path":
        return _by_path(mention, book)
    if mention.kind == "level":
        return _whole_level(mention, book, current)
    return _by_number(mention, book, chapter_level(book, mention.level, current))


def chapter_level(book: Book, wanted: str, current: str | None) -> str:
    """Return the level that "chapter 3" is looked for in: the beats while they are the current target, else the prose."""
    if wanted:
        return wanted
    if current == "chapters" and book.level("chapters"):
        return "chapters"
    if not book.level("prose") and book.level("chapters"):
        return "chapters"
    return "prose"


def _by_path(mention: Mention, book: Book) -> Resolution:
    wanted = mention.path.removeprefix("./")
    units = [u for u in book.units if u.path == wanted] or [u for u in book.units if u.path.endswith("/" + wanted)]
    if len(units) == 1:
        return Resolution((units[0],), named=True)
    if units:
        names = ", ".join(unit.path for unit in units)
        return _question(f"Which file is meant by {mention.words}: {names}?")
    return _question(f"There is no {mention.words} in this manuscript. {what_exists(book)} Which is meant?")


def _whole_level(mention: Mention, book: Book, current: str | None) -> Resolution:
    level = mention.level
    if level == "prose" and re.search(r"chapter", mention.words, re.I):
        level = chapter_level(book, "", current)
    if units := book.level(level):
        return Resolution(units, named=True)
    return _question(f"There is no {level} yet. {what_exists(book)} Which is meant?")


def _by_number(mention: Mention, book: Book, level: str) -> Resolution:
    units = book.level(level)
    if not units:
        return _question(f"There are no chapters in {level} yet. {what_exists(book)} Which is meant?")
    if mention.ends:
        # "The last chapter" is the last numbered one: an epilogue is called by its name.
        units = tuple(unit for unit in units if unit.number is not None)
        index = mention.ends - 1 if mention.ends > 0 else len(units) + mention.ends
        if 0 <= index < len(units):
            return Resolution((units[index],), named=True)
        return _question(f"There is no {mention.words}: {_range_of(units)}. Which is meant?")
    known = {unit.number: unit for unit in units if unit.number is not None}
    missing = [number for number in mention.numbers if number not in known]
    if missing:
        names = "chapter " + ", ".join(map(str, missing[:_LISTED]))
        return _question(f"There is no {names}: {_range_of(units)}. Which is meant?")
    return Resolution(tuple(known[number] for number in mention.numbers), named=True)


def _question(text: str) -> Resolution:
    return Resolution(questions=(text,), named=True)


def _range_of(units: tuple[Unit, ...]) -> str:
    numbers = [unit.number for unit in units if unit.number is not None]
    unnumbered = ", ".join(unit.label for unit in units if unit.number is None)
    return _numbers_in_words(numbers) + (f", and {unnumbered}" if unnumbered else "")


def _numbers_in_words(numbers: list[int]) -> str:
    if numbers == list(range(numbers[0], numbers[-1] + 1)):
        return (
            f"there are chapters {numbers[0]} to {numbers[-1]}"
            if len(numbers) > 1
            else f"there is chapter {numbers[0]}"
        )
    shown = ", ".join(map(str, numbers[:_LISTED])) + (" …" if len(numbers) > _LISTED else "")
    return f"there are chapters {shown}"


def what_exists(book: Book) -> str:
    """Return one sentence that lists the levels with content."""
    names = [f"{level} ({plural(len(book.level(level)), 'file')})" for level in book.levels_with_content()]
    return f"There is: {', '.join(names)}." if names else "The manuscript has no content yet."
