"""What was accepted is taken back: whole, in part, in any order, and by commits alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.book import CHAPTERS, bookiter, chapter_files, git, tree_of

ONE, THREE = "chapters/chapter-01.md", "chapters/chapter-03.md"
HISTORY = "chapters/iteration_history.json"


def answer(book: Path, *arguments: str, code: int = 0) -> dict[str, Any]:
    ran = bookiter(*arguments, "--json", cwd=book)
    assert ran.code == code, ran
    found: dict[str, Any] = json.loads(ran.out)
    return found


def iterated(book: Path, words: str) -> str:
    return str(answer(book, "iterate", words)["run"])


def chapters_of(book: Path) -> dict[str, str]:
    return {path: (book / path).read_text("utf-8") for path in chapter_files()}


def entries(book: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((book / HISTORY).read_text("utf-8"))["iterations"]
    return found


def test_undo_takes_back_the_last_iteration_and_says_so_in_the_history(book: Path) -> None:
    before = git(book, "rev-list", "--count", "HEAD")
    run = iterated(book, "rename Sarah to Clara in chapters 1-3")
    undone = answer(book, "undo")
    assert undone["undoes"] == run
    assert chapters_of(book) == chapter_files()
    assert int(git(book, "rev-list", "--count", "HEAD")) == int(before) + 2
    assert [entry.get("undoes") for entry in entries(book)] == [run, None]
    assert "This reverts commit" in git(book, "log", "-1", "--format=%B")
    assert git(book, "status", "--porcelain") == ""


def test_undoing_goes_back_step_by_step_and_stops(book: Path) -> None:
    first = iterated(book, "rename Sarah to Clara in chapter 3")
    second = iterated(book, "rename Sarah to Agnes in chapter 1")
    assert [answer(book, "undo")["undoes"] for _ in range(2)] == [second, first]
    assert chapters_of(book) == chapter_files()
    answer(book, "undo", code=5)


def test_an_undo_can_be_undone(book: Path) -> None:
    iterated(book, "rename Sarah to Clara in chapter 3")
    undone = answer(book, "undo")["iteration"]
    answer(book, "undo", undone[-6:])
    assert chapters_of(book)[THREE] == CHAPTERS[3].replace("Sarah", "Clara")


def test_an_older_iteration_is_taken_back_under_later_ones(book: Path) -> None:
    first = iterated(book, "rename Sarah to Clara in chapter 3")
    iterated(book, 'replace "the bell" with "the horn" in chapter 3')
    answer(book, "undo", first)
    assert chapters_of(book)[THREE] == CHAPTERS[3].replace("the bell", "the horn")


def test_it_is_found_by_its_commit_too(book: Path) -> None:
    iterated(book, "rename Sarah to Clara in chapter 3")
    answer(book, "undo", git(book, "rev-parse", "--short=9", "HEAD").strip())
    assert chapters_of(book) == chapter_files()


def test_one_file_of_an_iteration_is_taken_back(book: Path) -> None:
    run = iterated(book, "rename Sarah to Clara in chapters 1-3")
    answer(book, "undo", "--only", THREE)
    assert chapters_of(book)[THREE] == CHAPTERS[3]
    assert chapters_of(book)[ONE] == CHAPTERS[1].replace("Sarah", "Clara")
    assert entries(book)[0]["undoes_part_of"] == run
    assert answer(book, "undo", run, "--only", "premise/none.md", code=2)["error"]["code"] == "usage"
    answer(book, "undo", run)
    assert "Clara" not in "".join(chapters_of(book).values())


def test_later_edits_in_the_same_lines_are_a_conflict_and_stay(book: Path) -> None:
    run = iterated(book, 'replace "tar" with "pitch" in chapter 3')
    mine = (book / THREE).read_text("utf-8").replace("smelled of pitch", "stank of old pitch")
    (book / THREE).write_text(mine, encoding="utf-8")
    git(book, "commit", "-qam", "Mine")
    before = tree_of(book)
    error = answer(book, "undo", run, code=6)["error"]
    assert error["details"]["conflicts"] == [THREE]
    assert tree_of(book) == before


def test_uncommitted_edits_are_never_touched(book: Path) -> None:
    iterated(book, "rename Sarah to Clara in chapter 3")
    (book / THREE).write_text("Mine alone.\n", encoding="utf-8")
    answer(book, "undo", code=6)
    assert (book / THREE).read_text("utf-8") == "Mine alone.\n"


def test_an_iteration_of_another_branch_is_not_known_here(book: Path) -> None:
    git(book, "switch", "-qc", "side")
    run = iterated(book, "rename Sarah to Clara in chapter 3")
    git(book, "switch", "-q", "main")
    answer(book, "undo", run, code=2)


def test_the_very_first_iteration_of_an_adopted_book_is_taken_back_after_others(book: Path) -> None:
    first = iterated(book, "rename Sarah to Clara in chapter 3")
    iterated(book, "rename Sarah to Agnes in chapter 1")
    answer(book, "undo", first)
    assert chapters_of(book)[THREE] == CHAPTERS[3]
    assert len(entries(book)) == 3


@pytest.mark.parametrize("name", ["", "0", "HEAD", "--only", "zzzzzz"])
def test_what_names_no_iteration_changes_nothing(book: Path, name: str) -> None:
    before = tree_of(book)
    assert bookiter("undo", "--json", "--", name, cwd=book).code in (2, 5)
    assert tree_of(book) == before
