"""What a killed process leaves behind is taken back, unless it was committed or is somebody else's."""

import json
from pathlib import Path

import pytest

from bookiter.errors import NotReady
from bookiter.store.journal import TRAILER, Writing, recover, written
from bookiter.store.repo import open_repository
from support.book import git, make_book, write_files

CHAPTER = "chapters/chapter-03.md"
HISTORY = "chapters/iteration_history.json"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return make_book(tmp_path / "book")


@pytest.fixture
def folder(book: Path) -> Path:
    place = book / ".bookiter"
    place.mkdir()
    return place


def writing(book: Path) -> Writing:
    before = {CHAPTER: (book / CHAPTER).read_bytes(), HISTORY: None}
    with open_repository(book) as repo:
        return Writing("run-1", repo.head(), before, {CHAPTER: b"new\n", HISTORY: b"{}\n"}, frozenset({HISTORY}))


def killed(book: Path, folder: Path) -> bytes:
    """Leave everything as a process killed after the writing would."""
    old = (book / CHAPTER).read_bytes()
    (folder / "journal.json").write_text(json.dumps(writing(book).note()), encoding="utf-8")
    write_files(book, {CHAPTER: b"new\n", HISTORY: b"{}\n", "chapters/.bookiter-1-ab.tmp": b"half"})
    return old


def restored(book: Path, folder: Path) -> list[str]:
    with open_repository(book) as repo:
        return recover(folder, book, repo)


def test_a_block_that_ends_well_leaves_the_new_files_and_no_note(book: Path, folder: Path) -> None:
    with written(folder, book, writing(book)):
        assert (folder / "journal.json").exists()
    assert (book / CHAPTER).read_bytes() == b"new\n"
    assert not (folder / "journal.json").exists()


def test_a_block_that_fails_puts_everything_back(book: Path, folder: Path) -> None:
    old = (book / CHAPTER).read_bytes()
    with pytest.raises(KeyboardInterrupt), written(folder, book, writing(book)):
        raise KeyboardInterrupt
    assert (book / CHAPTER).read_bytes() == old
    assert not (book / HISTORY).exists()
    assert not (folder / "journal.json").exists()


def test_what_somebody_else_changed_meanwhile_is_left_and_named(book: Path, folder: Path) -> None:
    with pytest.raises(NotReady), written(folder, book, writing(book)) as foreign:  # noqa: PT012 - the block is what is tested
        write_files(book, {CHAPTER: "the author\n", HISTORY: "a hook\n"})
        raise NotReady("refused")
    assert foreign == [CHAPTER]
    assert (book / CHAPTER).read_text("utf-8") == "the author\n"
    assert not (book / HISTORY).exists(), "a history is bookiter's own"


def test_a_killed_writing_is_taken_back_with_its_leftovers(book: Path, folder: Path) -> None:
    old = killed(book, folder)
    assert restored(book, folder) == [CHAPTER, HISTORY]
    assert (book / CHAPTER).read_bytes() == old
    assert git(book, "status", "--porcelain", "--", "chapters") == ""
    assert restored(book, folder) == []


def test_a_killed_writing_that_was_committed_stands_whatever_a_hook_did_to_the_message(
    book: Path, folder: Path
) -> None:
    killed(book, folder)
    git(book, "add", CHAPTER, HISTORY)
    git(book, "commit", "-q", "-m", f"Iterate\n\n{TRAILER}: run-1\n\nRefs draft two.")
    assert restored(book, folder) == []
    assert (book / CHAPTER).read_bytes() == b"new\n"
    assert not (folder / "journal.json").exists()


def test_nothing_is_taken_back_while_an_orphaned_git_may_still_commit(book: Path, folder: Path) -> None:
    killed(book, folder)
    (book / ".git/index.lock").touch()
    with pytest.raises(NotReady, match="locked"):
        restored(book, folder)
    assert (book / CHAPTER).read_bytes() == b"new\n"
    assert (folder / "journal.json").exists()


@pytest.mark.parametrize("note", ["", "{", "[]", "{}", '{"files": 3}'])
def test_a_damaged_note_is_dropped(book: Path, folder: Path, note: str) -> None:
    (folder / "journal.json").write_text(note, encoding="utf-8")
    assert restored(book, folder) == []
    assert not (folder / "journal.json").exists()
