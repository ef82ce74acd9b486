"""The history in a prompt: what stands, shortened by rule."""

from pathlib import Path
from typing import Any

import pytest

from bookiter.stages.background import history_of
from bookiter.stages.documents import Target
from bookiter.store.history import with_entries
from bookiter.store.repo import open_repository
from support.book import chapter_files, git, make_book
from support.iterated import iterated, open_book, union

ONE, TWO, THREE = chapter_files()
HISTORY = "chapters/iteration_history.json"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_book(tmp_path / "book")


def noted(root: Path, count: int, **changes: Any) -> None:
    entries = [
        {
            "timestamp": f"2026-01-01T{number // 60:02}:{number % 60:02}:00Z",
            "iteration": f"i{number}",
            "level": "prose",
            "targets": [ONE],
            "feedback": f"Request {number}.",
            "semantic_summary": f"Outcome {number}.",
            **changes,
        }
        for number in range(count, 0, -1)
    ]
    (root / HISTORY).write_bytes(with_entries(root / HISTORY, HISTORY, entries))


def shown(root: Path, target: Target | None = None) -> list[str]:
    return history_of(open_book(root), "prose", target).splitlines()


def test_no_history_is_no_text(root: Path) -> None:
    assert shown(root) == []


def test_a_short_history_is_told_whole_oldest_first(root: Path) -> None:
    noted(root, 2)
    assert shown(root) == ["- “Request 1.”: Outcome 1.", "- “Request 2.”: Outcome 2."]


def test_what_was_taken_back_is_left_out_with_its_taking_back(root: Path) -> None:
    iterated(root, "a", {ONE: "1\n"}, "First")
    iterated(root, "b", {ONE: "0\n"}, "Undo: First", undoes="a")
    iterated(root, "c", {TWO: "2\n"}, "Third")
    assert shown(root) == ["- “Third”: Darker: Third"]


def test_what_plain_git_took_back_is_left_out_where_git_is_asked(root: Path) -> None:
    union(root)
    iterated(root, "z", {THREE: "0\n"}, "Before")
    iterated(root, "a", {ONE: "1\n"}, "First")
    iterated(root, "b", {TWO: "2\n"}, "Second")
    git(root, "revert", "--no-edit", "HEAD~1")
    with open_repository(root) as repo:
        told = history_of(open_book(root), "prose", repo=repo)
    assert "First" not in told
    assert "First" in history_of(open_book(root), "prose")


def test_a_long_one_is_shortened_by_rule(root: Path) -> None:
    noted(root, 100)
    found = shown(root)
    assert found[0] == "(70 iterations not shown)"
    assert found[1:21] == [f"- “Request {n}.”" for n in range(71, 91)]
    assert found[21:] == [f"- “Request {n}.”: Outcome {n}." for n in range(91, 101)]


def test_those_about_the_same_text_or_chapter_are_preferred(root: Path) -> None:
    noted(root, 100)
    book = (root / HISTORY).read_text("utf-8")
    book = book.replace('"Request 3."', '"Make chapter 3 darker."').replace('"Request 5."', '"Not chapter 33."')
    lines = [
        line.replace(ONE, THREE) if '"Outcome 7."' in line or '"Outcome 8."' in line else line
        for line in book.split("\n")
    ]
    (root / HISTORY).write_text("\n".join(lines), encoding="utf-8")
    found = shown(root, Target(level="prose", number=3, path=THREE))
    told = [line for line in found if "Outcome" in line]
    assert told[:3] == [
        "- “Make chapter 3 darker.”: Outcome 3.",
        "- “Request 7.”: Outcome 7.",
        "- “Request 8.”: Outcome 8.",
    ]
    assert [line for line in told if "Outcome 1" in line] == ["- “Request 100.”: Outcome 100."]
    assert len(told) == 10


def test_very_long_entries_are_cut_and_the_whole_stays_within_bounds(root: Path) -> None:
    noted(root, 60, feedback="word " * 400, semantic_summary="thing " * 400)
    found = shown(root)
    assert len("\n".join(found)) <= 6100
    assert found[-1].endswith("…")
    assert max(map(len, found)) < 720
    assert found[0].startswith("(")


def test_the_same_history_gives_the_same_text(root: Path) -> None:
    noted(root, 80)
    assert shown(root) == shown(root)


def test_a_stranger_s_entries_do_no_harm(root: Path) -> None:
    noted(root, 1, feedback=["no"], semantic_summary={"a": 1}, targets=7, undoes=[], timestamp=None)
    assert shown(root) == ["- “”"]
