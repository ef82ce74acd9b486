"""Edits over several texts: what is changed where, what is asked, and what the author is told."""

import subprocess
import sys

import pytest

from bookiter.builtin import Append, Delete, Insert, Prepend, Rename, Replace, Retitle, Typography, Unsure, apply
from bookiter.errors import ExitCode

BOOK = {
    "chapters/chapter-01.md": "# One\n\nSarah Moor lit the lamp. The sea was grey.\n",
    "chapters/chapter-02.md": "# Two\n\nNobody came.\n",
    "chapters/chapter-03.md": "# Three\r\n\r\nIt was late. Sarah slept.\r\nThe sea was grey.",
}


def test_only_changed_texts_are_given_back_and_all_places_are_counted() -> None:
    edited = apply(Rename("Sarah", "Clara"), BOOK)
    assert list(edited.texts) == ["chapters/chapter-01.md", "chapters/chapter-03.md"]
    assert edited.texts["chapters/chapter-03.md"] == "# Three\r\n\r\nIt was late. Clara slept.\r\nThe sea was grey."
    assert edited.places == 2


def test_the_texts_given_are_not_changed() -> None:
    before = dict(BOOK)
    apply(Rename("Sarah", "Clara"), BOOK)
    assert before == BOOK


def test_a_sentence_in_two_chapters_is_asked_about_with_both_places() -> None:
    with pytest.raises(Unsure) as refused:
        apply(Delete("sentence", "The sea was grey."), BOOK)
    assert [(place.path, place.line) for place in refused.value.places] == [
        ("chapters/chapter-01.md", 3),
        ("chapters/chapter-03.md", 4),
    ]
    assert all("sea was grey" in place.excerpt for place in refused.value.places)


def test_a_refusal_carries_its_questions_for_scripts() -> None:
    with pytest.raises(Unsure) as refused:
        apply(Delete("sentence", "The sea was gray."), BOOK)
    assert refused.value.exit_code == ExitCode.CLARIFY
    assert refused.value.details["questions"] == list(refused.value.questions)
    assert refused.value.details["places"][0]["line"] == 3


def test_uncertain_places_of_a_name_that_is_a_word_are_all_listed() -> None:
    book = {"a.md": "Hope left.\n\nThere is no hope.\n", "b.md": "They saw Hope.\n\n“Hope!” he cried.\n"}
    with pytest.raises(Unsure) as refused:
        apply(Rename("Hope", "Faith"), book)
    assert [(place.path, place.line) for place in refused.value.places] == [("a.md", 1), ("b.md", 3)]


def test_a_name_is_a_word_when_its_lower_case_stands_in_any_of_the_texts() -> None:
    with pytest.raises(Unsure):
        apply(Rename("Grace", "Ruth"), {"a.md": "Grace left.\n", "b.md": "She moved with grace.\n"})
    assert apply(Rename("Grace", "Ruth"), {"a.md": "Grace left.\n"}).texts == {"a.md": "Ruth left.\n"}


@pytest.mark.parametrize("edit", [Append("The end."), Prepend("It began."), Retitle("Home")])
def test_what_needs_one_chapter_asks_which(edit: Append | Prepend | Retitle) -> None:
    with pytest.raises(Unsure, match=r"chapter-02\.md"):
        apply(edit, BOOK)


def test_an_insertion_borrows_its_dress_from_the_other_texts_when_its_own_shows_none() -> None:
    book = {"a.md": "“Well,” she said.\n", "b.md": "Nobody came.\n"}
    after = apply(Insert("after", "Nobody came.", '"Well?" he said.'), book).texts
    assert after == {"b.md": "Nobody came. “Well?” he said.\n"}


def test_longer_names_are_counted() -> None:
    notes = " ".join(apply(Rename("Sarah", "Clara"), BOOK).notes)
    assert "Sarah Moor" in notes
    assert "It was late" not in notes


def test_typography_over_several_texts_counts_marks() -> None:
    edited = apply(Typography(frozenset({"curly-quotes"})), {"a.md": '"Go."\n', "b.md": "Went.\n", "c.md": "Don't.\n"})
    assert edited.texts == {"a.md": "“Go.”\n", "c.md": "Don’t.\n"}
    assert edited.places == 3


def test_nothing_found_names_the_spelling_that_is_there() -> None:
    with pytest.raises(Unsure, match="nearest is “Sarah”"):
        apply(Rename("Sara", "Clara"), BOOK)
    with pytest.raises(Unsure, match="nearest is “lamp”"):
        apply(Replace("lammp", "light"), BOOK)


def test_an_empty_book_is_asked_about_and_no_fault() -> None:
    for edit in (Rename("Sarah", "Clara"), Delete("sentence", "He left."), Append("The end.")):
        with pytest.raises(Unsure):
            apply(edit, {})


def test_importing_the_editor_loads_only_the_standard_library() -> None:
    code = (
        "import sys; before = set(sys.modules); import bookiter.builtin; "
        "new = {name.split('.')[0] for name in set(sys.modules) - before}; "
        "print(sorted(new - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['bookiter']"


@pytest.mark.parametrize(
    "char", [" ", ".", "-", '"', "'", "`", "*", "<", "[", "(", "{", "@", "\n", "|", ">", "#", "a", "’", "_"]
)
def test_a_long_run_of_one_character_is_no_trouble(char: str) -> None:
    text = f"x{char * 5_000}x\n\nHe left. She came.\n"
    after = apply(Delete("sentence", "He left."), {"a.md": text}).texts["a.md"]
    assert after == text.replace("He left. ", "")
    for rule in ("curly-quotes", "em-dashes", "ellipses", "double-spaces", "en-dash-ranges"):
        try:
            apply(Typography(frozenset({rule})), {"a.md": text})
        except Unsure:
            continue
