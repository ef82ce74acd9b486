"""What a killed bookiter left half done, while git is still at it or other commands come; the installed command itself."""

import json
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from support.book import CHAPTERS, COMMAND, bookiter, git, make_book, write_files

CHAPTER = "chapters/chapter-03.md"
NEW = CHAPTERS[3].replace("Sarah", "Clara")
HISTORY = "chapters/iteration_history.json"
PATIENCE = 20.0


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return make_book(tmp_path / "book")


def preview(book: Path) -> str:
    ran = bookiter("iterate", "rename Sarah to Clara in chapter 3", "--preview", "--json", cwd=book)
    return str(json.loads(ran.out)["candidate"])


def killed_in_a_hook(book: Path) -> tuple[str, Path]:
    """Kill bookiter alone while git, which goes on, runs a hook; return the candidate's id, and the file that ends the hook."""
    name = preview(book)
    told, go = book / ".git/at-work", book / ".git/go"
    hook = book / ".git/hooks/pre-commit"
    hook.write_text(f'#!/bin/sh\ntouch "{told}"\nuntil [ -e "{go}" ]; do sleep 0.02; done\n', encoding="utf-8")
    hook.chmod(0o755)
    process = start(book, "accept", name)
    wait_until(told.exists)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    hook.unlink()
    return name, go


def start(book: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [str(COMMAND), *arguments], cwd=book, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    )


def wait_until(true: Callable[[], object]) -> None:
    last = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < last, "it never came so far"
        time.sleep(0.01)


def states(book: Path) -> dict[str, str]:
    known = json.loads(bookiter("candidates", "--all", "--json", cwd=book).out)["candidates"]
    return {each["id"]: each["state"] for each in known}


def test_the_next_command_waits_for_the_git_that_was_left_at_work(book: Path) -> None:
    name, go = killed_in_a_hook(book)
    process = start(book, "accept", name)
    assert process.stderr is not None
    assert b"waiting for it" in process.stderr.readline()
    go.touch()
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 5, err
    assert b"has been accepted already" in err
    assert git(book, "show", f"HEAD:{CHAPTER}") == NEW == (book / CHAPTER).read_text("utf-8")
    assert git(book, "status", "--porcelain") == ""
    assert states(book) == {name: "accepted"}


def test_a_command_that_only_looks_neither_waits_nor_disturbs_it(book: Path) -> None:
    name, go = killed_in_a_hook(book)
    assert bookiter("status", cwd=book).code == 0
    assert git(book, "rev-list", "--count", "HEAD") == "1\n"
    go.touch()
    assert bookiter("gc", cwd=book).code == 0
    assert git(book, "log", "-1", "--format=%(trailers:key=Bookiter-Iteration,valueonly)").strip() == name
    assert git(book, "status", "--porcelain") == ""
    assert states(book) == {name: "accepted"}


def half_done(book: Path) -> str:
    """Leave the files new, the commit not made, as a kill between them does; return the candidate's id."""
    name = preview(book)
    hook = book / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\nkill -9 $(ps -o ppid= -p $PPID)\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    assert bookiter("accept", name, cwd=book).code == -signal.SIGKILL
    hook.unlink()
    assert (book / CHAPTER).read_text("utf-8") == NEW
    return name


@pytest.mark.parametrize(
    "command", [["status"], ["candidates"], ["show"], ["doctor"], ["target"], ["history"], ["stats"]]
)
def test_a_command_that_only_looks_takes_it_back_first_and_says_so(book: Path, command: list[str]) -> None:
    name = half_done(book)
    ran = bookiter(*command, *([name] if command == ["show"] else []), cwd=book)
    assert ran.code == 0, ran.err
    assert "Took back what an interrupted bookiter had left half done" in ran.err
    assert git(book, "status", "--porcelain") == ""
    assert (book / CHAPTER).read_text("utf-8") == CHAPTERS[3]
    assert states(book) == {name: "open"}


def test_what_the_author_wrote_since_stays(book: Path) -> None:
    half_done(book)
    write_files(book, {CHAPTER: NEW + "\nMine.\n"})
    assert bookiter("status", cwd=book).code == 0
    assert (book / CHAPTER).read_text("utf-8") == NEW + "\nMine.\n"
    assert not (book / HISTORY).exists()


def test_while_the_authors_git_holds_the_index_it_is_told_and_left(book: Path) -> None:
    half_done(book)
    (book / ".git/index.lock").touch()
    looked = bookiter("status", cwd=book)
    assert looked.code == 0
    assert "left half done" in looked.err
    assert "index is locked" in looked.err
    assert bookiter("undo", cwd=book).code == 6
    (book / ".git/index.lock").unlink()
    assert bookiter("status", cwd=book).code == 0
    assert git(book, "status", "--porcelain") == ""


def test_two_commands_that_find_it_at_once_do_not_hinder_each_other(book: Path) -> None:
    half_done(book)
    found = [start(book, "status") for _ in range(4)]
    said = [process.communicate(timeout=PATIENCE) for process in found]
    assert [process.returncode for process in found] == [0] * 4, said
    assert sum(b"Took back" in err for _, err in said) == 1
    assert git(book, "status", "--porcelain") == ""


def test_a_hook_that_takes_the_trailers_out_leaves_a_commit_that_stands(book: Path) -> None:
    name = preview(book)
    for hook, script in {
        "commit-msg": 'echo "All words are mine" > "$1"',
        "post-commit": "kill -9 $(ps -o ppid= -p $PPID)",
    }.items():
        place = book / ".git/hooks" / hook
        place.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        place.chmod(0o755)
    assert bookiter("accept", name, cwd=book).code == -signal.SIGKILL
    assert bookiter("status", cwd=book).code == 0
    assert (book / CHAPTER).read_text("utf-8") == NEW == git(book, "show", f"HEAD:{CHAPTER}")
    assert git(book, "status", "--porcelain") == ""
    assert states(book) == {name: "accepted"}


def test_a_note_that_came_with_a_clone_writes_nothing_outside(book: Path, tmp_path: Path) -> None:
    item = {"before": "Zm9yZ2VkCg==", "after": "", "own": True}
    names = ("../outside.md", str(tmp_path / "outside.md"), ".git/hooks/pre-commit", "chapters/../../outside.md")
    note = {"run": "x", "head": None, "files": dict.fromkeys(names, item)}
    write_files(book, {".bookiter/journal.json": json.dumps(note)})
    before = sorted((book / ".git/hooks").iterdir())
    assert bookiter("status", cwd=book).code == 0
    assert not (tmp_path / "outside.md").exists()
    assert sorted((book / ".git/hooks").iterdir()) == before
    assert not (book / ".bookiter/journal.json").exists()
