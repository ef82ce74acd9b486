"""From words to units that exist, or a question that lists what does."""

from pathlib import Path

import pytest

from bookiter.manuscript.book import Book
from bookiter.manuscript.config import load_config
from bookiter.manuscript.targets import describe, resolve, resolve_exactly
from support.book import CHAPTERS, chapter_files, write_files


def book_of(folder: Path, files: dict[str, str]) -> Book:
    write_files(folder, files)
    return Book(folder, load_config(folder, {}, {}).config)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    beats = {f"chapter-beats/chapter-{n:02}.md": f"# Beats {n}\n\n- rain\n" for n in CHAPTERS}
    return book_of(tmp_path, {"premise/premise.md": "# Premise\n\nRain.\n", **beats, **chapter_files()})


def paths(text: str, book: Book, current: str | None = None) -> list[str]:
    return [unit.path for unit in resolve(text, book, current).units]


def test_a_chapter_means_its_prose(book: Book) -> None:
    assert paths("make chapter three darker", book) == ["chapters/chapter-03.md"]


def test_a_chapter_means_its_beats_while_the_beats_are_the_target(book: Book) -> None:
    assert paths("make chapter 3 darker", book, "chapters") == ["chapter-beats/chapter-03.md"]
    assert paths("make the prose of chapter 3 darker", book, "chapters") == ["chapters/chapter-03.md"]


def test_a_title_names_its_chapter(book: Book) -> None:
    assert paths("add rain to The Library at Thole", book) == ["chapters/chapter-03.md"]
    assert paths("add rain to the chapter called “The Ledger”", book) == ["chapters/chapter-02.md"]


def test_a_file_may_be_named_by_path_or_by_a_unique_name(book: Book) -> None:
    assert paths("darken premise/premise.md", book) == ["premise/premise.md"]
    assert resolve("darken chapter-03.md", book, None).questions != ()


def test_everywhere_is_every_unit_of_every_level(book: Book) -> None:
    assert len(paths("rename Sarah to Clara everywhere", book)) == 7


@pytest.mark.parametrize("text", ["darken chapter 9", "darken chapters 2-9", "the ninth chapter drags"])
def test_a_missing_chapter_becomes_a_question_that_lists_what_exists(book: Book, text: str) -> None:
    found = resolve(text, book, None)
    assert found.units == ()
    assert "chapters 1 to 3" in found.questions[0]


def test_a_level_without_content_becomes_a_question(book: Book) -> None:
    found = resolve("rewrite the treatment", book, None)
    assert found.units == ()
    assert "prose (3 files)" in found.questions[0]


def test_no_mention_is_told_apart_from_a_failed_one(book: Book) -> None:
    assert resolve("make it darker", book, None).named is False
    assert resolve("make chapter 9 darker", book, None).named is True


def test_ten_follows_nine(tmp_path: Path) -> None:
    book = book_of(tmp_path, {f"chapters/{n}.md": "x\n" for n in (10, 9, 2, 1)})
    assert [unit.number for unit in book.level("prose")] == [1, 2, 9, 10]


def test_names_without_numbers_are_numbered_by_position(tmp_path: Path) -> None:
    book = book_of(
        tmp_path, {"chapters/Ängste.md": "x\n", "chapters/dusk.md": "x\n", "chapters/a 'quoted' name.md": "x\n"}
    )
    assert [(u.number, u.path) for u in book.level("prose")] == [
        (1, "chapters/a 'quoted' name.md"),
        (2, "chapters/dusk.md"),
        (3, "chapters/Ängste.md"),
    ]


@pytest.mark.parametrize(
    ("names", "numbers"),
    [
        (["1-a", "1-b", "2"], [None, None, 2]),
        (["chapter-01", "chapter-02", "chapter-02b", "chapter-03", "appendix"], [1, 2, None, 3, None]),
        (["prologue", "01", "02", "epilogue"], [None, 1, 2, None]),
        (["chapter-3", "chapter-3.5", "chapter-4"], [3, None, 4]),
        (["Chapter One", "Chapter Two", "Chapter Three"], [1, 2, 3]),
        (["I", "II", "V", "X"], [1, 2, 5, 10]),
        (["chapter-01-the-27th-of-may", "chapter-02"], [1, 2]),
    ],
)
def test_a_chapter_keeps_its_own_number_whatever_stands_beside_it(
    tmp_path: Path, names: list[str], numbers: list[int | None]
) -> None:
    book = book_of(tmp_path, {f"chapters/{name}.md": "x\n" for name in names})
    found = {unit.path[9:-3]: unit.number for unit in book.level("prose")}
    assert found == dict(zip(names, numbers, strict=True))


def test_what_opens_and_closes_a_book_stands_where_it_belongs(tmp_path: Path) -> None:
    book = book_of(tmp_path, {f"chapters/{name}.md": "x\n" for name in ("epilogue", "01", "prologue", "02")})
    assert [unit.path[9:-3] for unit in book.level("prose")] == ["prologue", "01", "02", "epilogue"]
    assert paths("the last chapter drags", book) == ["chapters/02.md"]


def test_an_ambiguous_number_is_asked_about(tmp_path: Path) -> None:
    book = book_of(tmp_path, {"chapters/1-a.md": "x\n", "chapters/1-b.md": "x\n", "chapters/2.md": "x\n"})
    assert "1-a.md" in resolve("darken chapter 1", book, None).questions[0]


@pytest.mark.parametrize(
    "words",
    [
        "chapter 3",
        "in chapters 1 and 2",
        "the premise",
        "everywhere",
        "only the last chapter",
        "the book",
        "my whole novel",
    ],
)
def test_a_phrase_of_place_words_only_is_understood_exactly(book: Book, words: str) -> None:
    found = resolve_exactly(words, book, None)
    assert found is not None
    assert found.units


@pytest.mark.parametrize(
    "words",
    [
        "the boring chapters",
        "chapter 3 where she laughs",
        "the ship",
        "chapter 3 except the letter",
        "the book on the table",
        "",
    ],
)
def test_a_phrase_with_any_other_word_is_not(book: Book, words: str) -> None:
    assert resolve_exactly(words, book, None) is None


def test_targets_are_described_as_an_author_would(book: Book) -> None:
    prose = book.level("prose")
    assert describe(prose[2:], book) == "chapter 3"
    assert describe(prose[:2], book) == "chapters 1-2"
    assert describe((prose[0], prose[2]), book) == "chapters 1 and 3"
    assert describe(prose, book) == "prose"
    assert describe(book.level("premise"), book) == "premise"
    assert describe(book.units, book) == "project"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("rename Wilf to Alf in chapter 2 of the book", [2]),
        ("the last chapter of the book drags", [3]),
        ("Add fog throughout chapter 2", [2]),
        ("let the fog be everywhere in chapter 2", [2]),
        ("hide the money in the book in chapter 2", [2]),
        ("Make the prose tighter in chapter 3", [3]),
        ("the prose style of the last chapter is too fine", [3]),
        ("In chapter 2, I want more fog", [2]),
        ("In chapter 2, two of the growers quarrel", [2]),
        ("In chapter 3, one more paragraph about the spoon", [3]),
        ("In chapter 3, 1927 should be 1928", [3]),
        ("make chapter 2 and chapter 3 darker", [2, 3]),
        ("darken chapters 1 and 3, two of them at least", [1, 3]),
        ("chapters 1, 2, 3 need rain", [1, 2, 3]),
        ("in chapter 1, 2 and 3, add rain", [1, 2, 3]),
        ("in chapter 1, 2 and 3 add rain", [1, 2, 3]),
        ("in chapter 1 and 2, add rain", [1, 2]),
        ("all chapters of the book need rain", [1, 2, 3]),
    ],
)
def test_of_several_mentions_the_narrowest_counts(book: Book, text: str, numbers: list[int]) -> None:
    assert [unit.number for unit in resolve(text, book, "prose").units] == numbers
    assert {unit.level for unit in resolve(text, book, "prose").units} == {"prose"}


@pytest.mark.parametrize(
    "text",
    [
        "darken all chapters except chapter 3",
        "darken every chapter but the last",
        "darken everything from chapter 2 on",
        "darken chapter 2 to the end",
        "darken everything after chapter 1",
        "darken the first two chapters",
        "darken the first and the last chapter",
        "darken the middle chapter",
    ],
)
def test_what_cannot_be_read_exactly_becomes_a_question(book: Book, text: str) -> None:
    found = resolve(text, book, "prose")
    assert found.units == ()
    assert found.questions


@pytest.mark.parametrize(
    "text", ["give her better medical treatment", "show the treatment of Sarah by her uncle", "visit example.org"]
)
def test_words_of_the_story_name_no_level(book: Book, text: str) -> None:
    assert resolve(text, book, "prose").named is False


@pytest.mark.parametrize(
    "text", ["In chapter 3, let everyone leave except Sarah", "no one but Sarah reads on in chapter 3"]
)
def test_an_exception_that_is_no_chapter_is_none(book: Book, text: str) -> None:
    assert paths(text, book, "prose") == ["chapters/chapter-03.md"]
