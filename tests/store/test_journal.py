"""What a killed process leaves behind is taken back, unless it was committed or is somebody else's; a note is not believed."""

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

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
    write_files(book, {CHAPTER: b"new\n", HISTORY: b"{}\n", "chapters/.bookiter-1-0123456789ab.tmp": b"half"})
    return old


def restored(book: Path, folder: Path) -> list[str]:
    with open_repository(book) as repo:
        return recover(folder, book, repo, lambda path: path.startswith("chapters/"), {HISTORY})


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
    with pytest.raises(NotReady), written(folder, book, writing(book)) as note:  # noqa: PT012 - the block is what is tested
        write_files(book, {CHAPTER: "the author\n", HISTORY: "a hook\n"})
        raise NotReady("refused")
    assert note.foreign == [CHAPTER]
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


@pytest.mark.parametrize("message", ["Tidied by a hook", "Iterate\n\nBookiter-Iteration: run-10"])
def test_a_commit_whose_trailer_a_hook_took_out_is_known_by_its_files(book: Path, folder: Path, message: str) -> None:
    killed(book, folder)
    git(book, "add", CHAPTER, HISTORY)
    git(book, "commit", "-q", "-m", message)
    assert restored(book, folder) == []
    assert git(book, "status", "--porcelain", "--", CHAPTER, HISTORY) == ""


def test_the_authors_own_commits_since_do_not_count_as_ours(book: Path, folder: Path) -> None:
    old = killed(book, folder)
    write_files(book, {"notes.md": "Mine.\n"})
    git(book, "add", "notes.md")
    git(book, "commit", "-q", "-m", "Mine")
    assert restored(book, folder) == [CHAPTER, HISTORY]
    assert (book / CHAPTER).read_bytes() == old


def test_a_branch_that_was_switched_since_keeps_its_own_history(book: Path, folder: Path) -> None:
    killed(book, folder)
    git(book, "checkout", "-q", "-f", "-b", "other", "HEAD")
    write_files(book, {HISTORY: '{"iterations": []}\n'})
    git(book, "add", HISTORY)
    git(book, "commit", "-q", "-m", "Other")
    assert restored(book, folder) == []
    assert git(book, "status", "--porcelain", "--", "chapters") == ""


def test_a_note_of_a_commit_that_is_gone_is_carried_out(book: Path, folder: Path) -> None:
    old = killed(book, folder)
    note = json.loads((folder / "journal.json").read_bytes())
    (folder / "journal.json").write_text(json.dumps(note | {"head": "1" * 40}), encoding="utf-8")
    assert restored(book, folder) == [CHAPTER, HISTORY]
    assert (book / CHAPTER).read_bytes() == old


def test_the_file_that_was_kept_comes_back_itself(book: Path, folder: Path) -> None:
    (book / CHAPTER).chmod(0o640)
    number = (book / CHAPTER).stat().st_ino
    with pytest.raises(KeyboardInterrupt), written(folder, book, writing(book)):
        raise KeyboardInterrupt
    assert (book / CHAPTER).stat().st_ino == number
    assert list(folder.iterdir()) == []


def test_what_cannot_be_put_back_is_said_and_the_note_stays(
    book: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed(book, folder)

    def refused(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", refused)
        with pytest.raises(NotReady, match="Read-only"):
            restored(book, folder)
    assert (folder / "journal.json").exists()
    assert restored(book, folder) == [CHAPTER, HISTORY]


def forged(folder: Path, path: str, now: bytes | None, **more: Any) -> None:
    item = {"before": "Zm9yZ2VkCg==", "after": "" if now is None else sha256(now).hexdigest(), "own": True, **more}
    note = {"run": "run-1", "head": None, "files": {path: item}}
    (folder / "journal.json").write_text(json.dumps(note), encoding="utf-8")


@pytest.mark.parametrize(
    "path",
    [
        "../outside.md",
        "chapters/../../outside.md",
        ".git/config",
        "chapters/.git/config",
        ".bookiter/current",
        "bookiter.yaml",
    ],
)
def test_a_forged_note_writes_only_where_bookiter_writes(book: Path, folder: Path, path: str) -> None:
    write_files(book, {"../outside.md": "Not ours.\n", "chapters/.git/config": "", ".bookiter/current": "x\n"})
    before = (book / path).read_bytes()
    forged(folder, path, before)
    assert restored(book, folder) == []
    assert (book / path).read_bytes() == before
    assert not (folder / "journal.json").exists()


def test_a_forged_note_with_an_absolute_path_or_a_link_writes_nothing(book: Path, folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write_files(outside, {"a.md": "Not ours.\n"})
    (book / "chapters/linked").symlink_to(outside)
    (book / "chapters/a.md").symlink_to(outside / "a.md")
    for path in (str(outside / "a.md"), "chapters/linked/a.md", "chapters/linked/new.md", "chapters/a.md"):
        forged(folder, path, b"Not ours.\n" if not path.endswith("new.md") else None)
        assert restored(book, folder) == []
    assert {place.name: place.read_bytes() for place in outside.iterdir()} == {"a.md": b"Not ours.\n"}


def test_a_forged_note_overwrites_no_words_of_the_author(book: Path, folder: Path) -> None:
    write_files(book, {CHAPTER: "Mine, not committed.\n"})
    forged(folder, CHAPTER, b"what a forger can know")
    assert restored(book, folder) == []
    assert (book / CHAPTER).read_text("utf-8") == "Mine, not committed.\n"


@pytest.mark.parametrize(
    "item", [{"before": 3}, {"before": "%%%"}, {"before": "ä"}, {"before": ["a"]}, {"after": None}, {"after": {}}]
)
def test_a_note_that_makes_no_sense_is_dropped(book: Path, folder: Path, item: dict[str, Any]) -> None:
    before = (book / CHAPTER).read_bytes()
    forged(folder, CHAPTER, before, **item)
    restored(book, folder)
    assert (book / CHAPTER).read_bytes() == before
    assert not (folder / "journal.json").exists()
