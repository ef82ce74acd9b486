"""Accept, undo and gc in repositories that are not as usual: they work there too, or say why not and change nothing."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.bad import state
from support.book import CHAPTERS, git, make_book, write_files
from support.killing import Stopped, Warm

ONE, THREE = "chapters/chapter-01.md", "chapters/chapter-03.md"
HISTORY = "chapters/iteration_history.json"
ASK = "rename Sarah to Clara in chapter 3"
NEW = CHAPTERS[3].replace("Sarah", "Clara")


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    with Warm() as started:
        yield started


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return make_book(tmp_path / "book")


def ran(warm: Warm, book: Path, *arguments: str) -> Stopped:
    return warm.run([*arguments, "--json"], book, fault="")


def answer(warm: Warm, book: Path, *arguments: str) -> dict[str, object]:
    done = ran(warm, book, *arguments)
    assert done.code == 0, done
    found: dict[str, object] = json.loads(done.out)
    return found


def preview(warm: Warm, book: Path, ask: str = ASK) -> str:
    return str(answer(warm, book, "iterate", ask, "--preview")["candidate"])


def refused(warm: Warm, book: Path, *arguments: str, code: int = 6) -> str:
    """Run a command that must be refused with one error and change nothing; return the error's message."""
    before = state(book), git(book, "for-each-ref")
    done = ran(warm, book, *arguments)
    assert done.code == code, done
    assert "Traceback" not in done.err
    assert (state(book), git(book, "for-each-ref")) == before
    return str(json.loads(done.out)["error"]["message"])


def linked(book: Path) -> Path:
    place = book.parent / "linked"
    git(book, "worktree", "add", "-q", "-b", "second", str(place))
    return place


def shallow(book: Path) -> Path:
    write_files(book, {"notes.md": "Later.\n"})
    git(book, "add", "notes.md")
    git(book, "commit", "-qm", "Later")
    git(book.parent, "clone", "-q", "--depth=1", f"file://{book}", "shallow")
    return book.parent / "shallow"


def fourth_index(book: Path) -> Path:
    git(book, "update-index", "--index-version", "4")
    return book


def split_index(book: Path) -> Path:
    git(book, "update-index", "--split-index")
    return book


def reftable_like(book: Path) -> Path:
    """All refs packed away into one file, and nothing loose."""
    git(book, "update-ref", "refs/bookiter/locked/20200101-120000-aaaaaa", "HEAD")
    git(book, "pack-refs", "--all", "--prune")
    return book


def hashed_by_sha256(book: Path) -> Path:
    other = book.parent / "sha256"
    other.mkdir()
    git(other, "init", "-q", "--object-format=sha256")
    return make_book(other)


PLACES: dict[str, Callable[[Path], Path]] = {
    "a linked worktree": linked,
    "a shallow clone": shallow,
    "index format 4": fourth_index,
    "a split index": split_index,
    "packed refs": reftable_like,
    "sha256": hashed_by_sha256,
}


@pytest.mark.parametrize("make", PLACES.values(), ids=PLACES)
def test_everything_works_there_too(book: Path, warm: Warm, make: Callable[[Path], Path]) -> None:
    place = make(book)
    name = preview(warm, place)
    git(place, "pack-refs", "--all", "--prune")
    answer(warm, place, "accept", name)
    assert (place / THREE).read_text("utf-8") == NEW
    other = preview(warm, place, "rename Sarah to Agnes in chapter 1")
    answer(warm, place, "reject", other)
    answer(warm, place, "undo")
    assert (place / THREE).read_text("utf-8") == CHAPTERS[3]
    answer(warm, place, "gc")
    assert git(place, "status", "--porcelain") == ""
    assert len(json.loads((place / HISTORY).read_text("utf-8"))["iterations"]) == 2
    git(place, "fsck", "--no-dangling", "--no-progress")


def test_what_was_kept_in_one_worktree_is_accepted_in_another(book: Path, warm: Warm) -> None:
    place = linked(book)
    name = preview(warm, book)
    before = state(book)
    answer(warm, place, "accept", name)
    assert (place / THREE).read_text("utf-8") == NEW
    assert state(book) == before


def test_refs_that_cannot_be_made_are_told_and_nothing_changes(book: Path, warm: Warm) -> None:
    git(book, "update-ref", "refs/bookiter", "HEAD")
    assert "refs/bookiter" in refused(warm, book, "iterate", ASK, "--preview")
    assert "refs/bookiter" in refused(warm, book, "iterate", ASK)
    assert ran(warm, book, "candidates").code == 0


@pytest.mark.parametrize("command", [["status"], ["candidates"], ["accept", "abc"], ["gc"], ["iterate", ASK], ["undo"]])
def test_a_folder_of_bookiters_that_is_a_file(book: Path, warm: Warm, command: list[str]) -> None:
    write_files(book, {".bookiter": "Mine.\n"})
    assert ".bookiter" in refused(warm, book, *command)
    assert (book / ".bookiter").read_text("utf-8") == "Mine.\n"


@pytest.mark.parametrize("what", ["a tree", "the branch", "nothing", "text"])
def test_a_ref_that_was_edited_by_hand(book: Path, warm: Warm, what: str) -> None:
    name = preview(warm, book)
    place = book / ".git/refs/bookiter/candidates" / name
    ids = {"a tree": "HEAD^{tree}", "the branch": "HEAD"}
    written = (
        git(book, "rev-parse", ids[what]) if what in ids else "1" * 40 + "\n" if what == "nothing" else "nonsense\n"
    )
    place.write_text(written, encoding="utf-8")
    for command in ("status", "candidates", "history", "gc"):
        assert ran(warm, book, command).code == 0, command
    before = state(book)
    assert ran(warm, book, "accept", name).code in (2, 6)
    assert state(book) == before
    answer(warm, book, "iterate", "rename Sarah to Clara in chapter 1")


DAMAGED = ["", '{"iterations": [{"feedback": "Dar', '<<<<<<< HEAD\n{"iterations": []}\n=======\n{}\n>>>>>>> other\n']


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_history_stops_accept_and_undo(book: Path, warm: Warm, text: str) -> None:
    answer(warm, book, "iterate", "rename Sarah to Clara in chapter 1")
    name = preview(warm, book)
    write_files(book, {HISTORY: text})
    git(book, "commit", "-qam", "Damaged")
    assert HISTORY in refused(warm, book, "accept", name)
    assert HISTORY in refused(warm, book, "undo")


def test_a_hook_that_refuses_an_undo_leaves_everything_as_it_was(book: Path, warm: Warm) -> None:
    answer(warm, book, "iterate", "rename Sarah to Clara in chapters 1-3")
    hook = book / ".git/hooks/pre-commit"
    hook.write_text('#!/bin/sh\necho "not today" >&2\nexit 1\n', encoding="utf-8")
    hook.chmod(0o755)
    assert "hook" in refused(warm, book, "undo")
    hook.unlink()
    answer(warm, book, "undo")


def test_what_is_left_of_a_candidate_may_conflict_when_a_part_is_accepted(book: Path, warm: Warm) -> None:
    name = preview(warm, book, "rename Sarah to Clara in chapters 1-3")
    write_files(book, {ONE: CHAPTERS[1].replace("said Sarah", "said Agnes")})
    git(book, "commit", "-qam", "Mine")
    assert answer(warm, book, "accept", name, "--only", THREE)["partial"] is True
    assert (book / THREE).read_text("utf-8") == NEW
    assert git(book, "for-each-ref", "--format=%(refname)", "refs/bookiter").strip().endswith(f"candidates/{name}")


def test_a_hook_that_adds_whatever_it_finds_finds_nothing_of_ours(book: Path, warm: Warm) -> None:
    hook = book / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\ngit add -A\n", encoding="utf-8")
    hook.chmod(0o755)
    answer(warm, book, "iterate", ASK)
    assert git(book, "show", "--format=", "--name-only", "HEAD").split() == [THREE, HISTORY]
    assert git(book, "status", "--porcelain") == ""
