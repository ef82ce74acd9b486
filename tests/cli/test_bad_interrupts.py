"""Stopped at any moment: exit 130, nothing half done, nothing that comes later of itself, and the next run works."""

import fcntl
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from support import model_replies as replies
from support.bad import state
from support.book import COMMAND, bookiter, git
from support.model_replies import Reply
from support.model_server import ModelServer
from support.scripted import AUTOMATIC, intent, settings, stage_of, verdict

ASK = "Add a line of dialogue to chapter 3"
EXACT = "Rename Sarah to Clara in chapter 3"
CHAPTER = "chapters/chapter-03.md"
TIDY = """--- a/chapters/chapter-03.md
+++ b/chapters/chapter-03.md
@@ -11,3 +11,5 @@
 “I read once,” said Sarah.
+
+“Then read it to me,” said Mr. Orrin.
 
 Outside, the bell for the last crossing rang twice.
"""  # noqa: W293 - a blank context line is one space
GOOD: dict[str, Reply] = {**AUTOMATIC, "intent": intent(), "diff": replies.text(TIDY), "judge": verdict()}
PATIENCE = 20.0


@contextmanager
def model_that_hangs(at: str) -> Iterator[tuple[dict[str, str], threading.Event]]:
    """Answer well until a stage, and never in that one; the event tells that it was reached."""
    reached = threading.Event()

    def handler(request: dict[str, Any]) -> Reply:
        if stage_of(request) != at:
            return GOOD[stage_of(request)]
        reached.set()
        return replies.hang()

    with ModelServer(handler=handler) as server:
        yield settings(server.base_url), reached


def start(book: Path, *arguments: str, env: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start the command in a process group of its own, as a shell does."""
    return subprocess.Popen(
        [str(COMMAND), *arguments],
        cwd=book,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **(env or {})},
        start_new_session=True,
    )


def end(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    """Wait for the end; return the exit code as a shell shows it, and what was said."""
    out, err = process.communicate(timeout=PATIENCE)
    assert out == b""
    return process.returncode, err.decode()


def wait_until(true: Callable[[], bool]) -> None:
    last = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < last, "it never came so far"
        time.sleep(0.01)


def next_run_works(book: Path) -> None:
    ran = bookiter("iterate", EXACT, cwd=book)
    assert ran.code == 0, ran.err
    assert git(book, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("stage", "which"),
    [("intent", signal.SIGINT), ("diff", signal.SIGINT), ("judge", signal.SIGINT), ("diff", signal.SIGTERM)],
)
def test_stopped_while_the_model_is_silent(book: Path, stage: str, which: signal.Signals) -> None:
    before = state(book)
    with model_that_hangs(stage) as (env, reached):
        process = start(book, "iterate", ASK, env=env)
        assert reached.wait(PATIENCE)
        process.send_signal(which)
        code, err = end(process)
    assert code == 130, err
    assert "nothing was committed" in err
    assert "Traceback" not in err
    assert state(book) == before
    next_run_works(book)


def test_stopped_in_a_stage_command(book: Path) -> None:
    before = state(book)
    with model_that_hangs("intent") as (env, reached):
        process = start(book, "analyze-intent", ASK, "-o", "intent.json", env=env)
        assert reached.wait(PATIENCE)
        process.send_signal(signal.SIGINT)
        code, err = end(process)
    assert code == 130, err
    assert state(book) == before


def slow_hook(book: Path) -> Path:
    """Install a pre-commit hook that tells when it is at work and takes its time; return the file it tells it by."""
    told = book / ".git/at-work"
    hook = book / ".git/hooks/pre-commit"
    hook.write_text(f'#!/bin/sh\ntouch "{told}"\nsleep 2\n', encoding="utf-8")
    hook.chmod(0o755)
    return told


def stopped_in_the_hook(book: Path, how: Callable[[subprocess.Popen[bytes]], None]) -> tuple[int, str]:
    """Stop bookiter while git runs the slow hook; return when everything that was started must have ended."""
    told = slow_hook(book)
    process = start(book, "iterate", EXACT)
    wait_until(told.exists)
    how(process)
    ended = end(process)
    time.sleep(2.5)  # longer than the hook: a git left behind would commit by now
    (book / ".git/hooks/pre-commit").unlink()
    return ended


HOW: dict[str, Callable[[subprocess.Popen[bytes]], None]] = {
    "^C on the terminal": lambda process: os.killpg(process.pid, signal.SIGINT),
    "SIGINT to bookiter alone": lambda process: process.send_signal(signal.SIGINT),
    "SIGTERM to bookiter alone": lambda process: process.send_signal(signal.SIGTERM),
}


@pytest.mark.parametrize("how", HOW.values(), ids=HOW)
def test_stopped_while_a_hook_of_the_author_runs(book: Path, how: Callable[[subprocess.Popen[bytes]], None]) -> None:
    """Either the commit is made and told, or nothing is; a git left at work would commit after "nothing was committed"."""
    before = state(book)
    code, err = stopped_in_the_hook(book, how)
    if code == 0:
        assert git(book, "status", "--porcelain") == ""
        return
    assert code == 130, err
    assert state(book) == before
    assert not (book / ".git/index.lock").exists()
    next_run_works(book)


def test_killed_in_a_hook_the_next_command_finishes_or_rolls_back(book: Path) -> None:
    before = state(book)
    stopped_in_the_hook(book, lambda process: os.killpg(process.pid, signal.SIGKILL))
    ran = bookiter("iterate", "Rename Orrin to Arran in chapter 1", cwd=book)
    assert ran.code == 0 or "index.lock" in ran.err, ran.err
    (book / ".git/index.lock").unlink(missing_ok=True)
    bookiter("status", cwd=book)
    ran = bookiter("iterate", "Rename Orrin to Arran in chapter 1", cwd=book)
    assert ran.code == 0, ran.err
    assert git(book, "status", "--porcelain") == ""
    text = (book / CHAPTER).read_bytes()
    assert isinstance(before[0], dict)
    assert text in (before[0][CHAPTER], before[0][CHAPTER].replace(b"Sarah", b"Clara"))


@pytest.mark.parametrize("delay", [0.25, 0.45, 0.6])
def test_stopped_at_any_moment_all_or_nothing_is_done(book: Path, delay: float) -> None:
    """Wherever the delay falls on this machine, the outcome must be one of two."""
    before = state(book)
    process = start(book, "iterate", EXACT)
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert git(book, "status", "--porcelain") == ""
    if git(book, "rev-parse", "HEAD") == before[1]:
        assert process.returncode != 0
        assert state(book) == before
        next_run_works(book)
    else:
        assert b"Clara" in (book / CHAPTER).read_bytes()
        assert bookiter("iterate", "Rename Orrin to Arran in chapter 3", cwd=book).code == 0


def test_a_second_bookiter_works_while_the_first_waits_for_its_model(book: Path) -> None:
    with model_that_hangs("diff") as (env, reached):
        first = start(book, "iterate", ASK, env=env)
        assert reached.wait(PATIENCE)
        second = bookiter("iterate", EXACT, cwd=book)
        first.send_signal(signal.SIGINT)
        assert end(first)[0] == 130
    assert second.code == 0, second.err
    assert b"Clara" in (book / CHAPTER).read_bytes()
    assert git(book, "status", "--porcelain") == ""


def test_while_one_writes_a_second_waits_and_says_who_is_at_work(book: Path) -> None:
    assert bookiter("iterate", EXACT, "--preview", cwd=book).code == 0
    before = state(book)
    with (book / ".bookiter/lock").open("r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write(b"4711")
        lock.flush()
        env = {"BOOKITER_LIMITS__LOCK_SECONDS": "0.2"}
        writing = bookiter("iterate", EXACT, cwd=book, env=env), bookiter("apply", "-", stdin=TIDY, cwd=book, env=env)
        looking = bookiter("status", cwd=book)
    assert [ran.code for ran in (*writing, looking)] == [6, 6, 0]
    for ran in writing:
        assert "process 4711" in ran.err
        assert ran.err.splitlines()[-1].startswith("hint: ")
    assert state(book) == before


def test_stopped_in_a_hook_after_the_commit_the_commit_stands(book: Path) -> None:
    hook = book / ".git/hooks/post-commit"
    told = book.parent / "told"
    hook.write_text(f'#!/bin/sh\ntouch "{told}"\nsleep 1\n', encoding="utf-8")
    hook.chmod(0o755)
    process = subprocess.Popen(
        [str(COMMAND), "iterate", "Rename Sarah to Clara in chapter 3"],
        cwd=book,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    last = time.monotonic() + PATIENCE
    while not told.exists():
        assert time.monotonic() < last, "it never came so far"
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert git(book, "rev-list", "--count", "HEAD").strip() == "2"
    assert git(book, "status", "--porcelain") == ""
    assert b"Clara" in (book / CHAPTER).read_bytes()
