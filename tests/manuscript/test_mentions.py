"""What a sentence names, read from its words alone."""

import pytest

from bookiter.manuscript.mentions import find_mentions, mask_quotes
from bookiter.manuscript.numerals import value_of

LEVELS = ("taxonomy", "premise", "treatment", "chapters", "prose")


def named(text: str) -> list[tuple[str, object]]:
    found = find_mentions(text, LEVELS)
    values = {"numbers": lambda m: m.numbers, "end": lambda m: m.ends, "path": lambda m: m.path}
    return [(m.kind, values.get(m.kind, lambda m: m.level)(m)) for m in found]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Add dialogue to chapter 3", (3,)),
        ("Add dialogue to Chapter Three", (3,)),
        ("make ch. 3 darker", (3,)),
        ("make ch 12 darker", (12,)),
        ("make chapter III darker", (3,)),
        ("make the third chapter darker", (3,)),
        ("make the 21st chapter darker", (21,)),
        ("make chapter twenty-one darker", (21,)),
        ("darken chapters 3-7", (3, 4, 5, 6, 7)),
        ("darken chapters 3–5", (3, 4, 5)),
        ("darken chapters 3 to 5", (3, 4, 5)),
        ("darken chapters three through five", (3, 4, 5)),
        ("Add dialogue to chapters 3, 5, and 7", (3, 5, 7)),
        ("Add dialogue to chapters 3, 5 and 7.", (3, 5, 7)),
        ("chapters 2 & 4 need rain", (2, 4)),
        ("chapters 1-3 and 6 need rain", (1, 2, 3, 6)),
        ("the first and second chapters need rain", (1, 2)),
        ("In chapter #4, cut the dog", (4,)),
        ("In chapter no. 4 cut the dog", (4,)),
        ("chapter 3's ending is weak", (3,)),
    ],
)
def test_chapter_numbers_are_read_however_they_are_written(text: str, numbers: tuple[int, ...]) -> None:
    assert named(text) == [("numbers", numbers)]


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("make the last chapter sadder", -1),
        ("make the final chapter sadder", -1),
        ("make the opening chapter faster", 1),
        ("the penultimate chapter drags", -2),
        ("the second-to-last chapter drags", -2),
    ],
)
def test_a_chapter_may_be_counted_from_an_end(text: str, end: int) -> None:
    assert named(text) == [("end", end)]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("make the premise darker", "premise"),
        ("Premise: make it darker", "premise"),
        ("rewrite the treatment from her side", "treatment"),
        ("fix the taxonomy", "taxonomy"),
        ("add rain to every chapter", "prose"),
        ("add rain to all the chapters", "prose"),
        ("tighten the chapter beats", "chapters"),
    ],
)
def test_levels_are_named_by_their_words(text: str, level: str) -> None:
    assert named(text) == [("level", level)]


@pytest.mark.parametrize(
    "text", ["rename Sarah to Clara everywhere", "throughout the book, use grey", "in the whole novel, no rain"]
)
def test_the_whole_book_is_everything(text: str) -> None:
    assert [kind for kind, _ in named(text)] == ["everything"]


def test_beats_of_a_chapter_are_not_its_prose() -> None:
    (mention,) = find_mentions("reorder the beats of chapter 3", LEVELS)
    assert (mention.level, mention.numbers) == ("chapters", (3,))


@pytest.mark.parametrize(
    "text",
    [
        "replace “chapter 3” with “chapter three”",
        'replace "the premise" with "the idea"',
        "Sarah should read a chapter by the fire",
        "make it darker",
        "she closed the chapter-house door",
        "let Sarah inherit 3 chapters of debt",
        "write it i like rain",
        "put him on the premises",
        "everybody everywhichway",
    ],
)
def test_quoted_words_and_look_alikes_name_nothing(text: str) -> None:
    assert named(text) == []


def test_a_path_is_a_mention_even_with_a_number_in_it() -> None:
    assert named("add rain to chapters/chapter-03.md") == [("path", "chapters/chapter-03.md")]


def test_a_range_that_runs_backwards_names_nothing() -> None:
    assert named("darken chapters 7-3") == []


def test_masking_quotes_keeps_every_offset() -> None:
    text = "say “chapter 3” and 'chapter 4' don't"
    masked = mask_quotes(text)
    assert len(masked) == len(text)
    assert "chapter" not in masked
    assert masked.endswith("don't")


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("7", 7),
        ("7th", 7),
        ("seven", 7),
        ("Seventh", 7),
        ("XIV", 14),
        ("XC", 90),
        ("forty-second", 42),
        ("ninety nine", 99),
    ],
)
def test_numbers_have_one_value_in_every_spelling(word: str, value: int) -> None:
    assert value_of(word) == value


@pytest.mark.parametrize("word", ["", "chapter", "IIII", "iv", "zero", "VX", "12345"])
def test_what_is_no_number_has_no_value(word: str) -> None:
    assert value_of(word) is None
