"""What a person types names files of the change, and nothing else."""

from pathlib import Path

import pytest

from bookiter.errors import InvalidInput
from bookiter.manuscript.book import Book
from bookiter.manuscript.config import load_config
from bookiter.stages.change import Change, FileChange
from bookiter.stages.chosen import chosen_files
from support.book import PREMISE, chapter_files, write_files

THREE, BEATS, TWO, FIRST = (
    "chapters/chapter-03.md",
    "chapter-beats/chapter-03.md",
    "chapters/chapter-02.md",
    "premise/premise.md",
)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    write_files(tmp_path, {"bookiter.yaml": "", **chapter_files(), FIRST: PREMISE, BEATS: "# Beats\n\n1. Tar.\n"})
    return Book(tmp_path, load_config(tmp_path, {}, {}).config)


CHANGE = Change(tuple(FileChange(path, "a\n", "b\n") for path in (BEATS, TWO, THREE, FIRST)))


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        ("all", (BEATS, TWO, THREE, FIRST)),
        ("foundation", (FIRST,)),
        ("Premise", (FIRST,)),
        ("premise.md", (FIRST,)),
        (THREE, (THREE,)),
        ("chapter-3", (BEATS, THREE)),
        ("Chapter 3", (BEATS, THREE)),
        ("ch 3", (BEATS, THREE)),
        ("3", (BEATS, THREE)),
        ("03", (BEATS, THREE)),
        ("three", (BEATS, THREE)),
        ("beats of chapter 3", (BEATS,)),
        ("chapter 3 beats", (BEATS,)),
        ("chapter-2", (TWO,)),
        ("chapters 2-3", (TWO, THREE)),
        ("prose", (TWO, THREE)),
        ("The Library at Thole", (THREE,)),
    ],
)
def test_words_are_understood(book: Book, words: str, paths: tuple[str, ...]) -> None:
    assert chosen_files(words, CHANGE, book) == paths


@pytest.mark.parametrize("words", ["chapter 1", "9", "treatment", "../../etc/passwd", "", "the good part"])
def test_what_the_change_does_not_have_is_refused_with_what_it_has(book: Book, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        chosen_files(words, CHANGE, book)
    assert "beats of chapter 3, chapter 2, chapter 3, premise" in caught.value.hint
