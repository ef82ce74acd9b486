"""Every row of the table of exit codes, reached by the installed command."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bookiter.errors import ExitCode
from support.book import COMMAND, make_book
from support.book import installed as bookiter
from support.model_replies import hang, status
from support.scripted import intent, model, verdict

ASK = "Add a line of dialogue to chapter 3"


def done(book: Path) -> int:
    return bookiter("iterate", "rename Sarah to Clara everywhere", cwd=book).code


def fault(book: Path) -> int:
    """Break the program from outside, as a damaged installation would."""
    broken = book.parent / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text("import bookiter.builtin\nbookiter.builtin.apply = None\n")
    ran = bookiter("iterate", "rename Sarah to Clara everywhere", cwd=book, env={"PYTHONPATH": str(broken)})
    saved = next((book / ".bookiter/runs").glob("*/traceback.txt"))
    assert "Traceback" in saved.read_text("utf-8")
    assert str(saved.name) in ran.err
    return ran.code


def usage(book: Path) -> int:
    assert bookiter("iterate", "--nonsense", cwd=book).code == 2
    assert bookiter("nonsense", cwd=book).code == 2
    return bookiter("iterate", "", cwd=book).code


def clarify(book: Path) -> int:
    return bookiter("iterate", "rename Sarah to Clara in chapter 99", cwd=book).code


def refused(book: Path) -> int:
    return bookiter(
        "apply",
        "-",
        cwd=book,
        stdin="--- a/chapters/chapter-03.md\n+++ b/chapters/chapter-03.md\n@@ @@\n-none\n+some\n",
    ).code


def not_approved(book: Path) -> int:
    diff = (
        "--- a/chapters/chapter-03.md\n+++ b/chapters/chapter-03.md\n@@ @@\n “I read once,” said Sarah.\n+\n+He left.\n"
    )
    with model(intent=intent(), diff=diff, judge=verdict(False, "No.")) as (_, env):
        return bookiter("iterate", ASK, cwd=book, env={**env, "BOOKITER_MAX_ATTEMPTS": "1"}).code


def not_ready(book: Path) -> int:
    return bookiter("status", cwd=book.parent).code


def model_failed(book: Path) -> int:
    with model(intent=[status(401, {"message": "no such key"})]) as (_, env):
        return bookiter("iterate", ASK, cwd=book, env=env).code


def limit(book: Path) -> int:
    with model(intent=intent()) as (server, env):
        ran = bookiter("iterate", ASK, cwd=book, env={**env, "BOOKITER_LIMITS__TOKENS": "5"})
        assert server.requests == []
    assert "limits.tokens" in ran.err
    return ran.code


def interrupted(book: Path) -> int:
    with model(intent=hang(30)) as (server, env):
        process = subprocess.Popen(
            [str(COMMAND), "iterate", ASK], cwd=book, env={**os.environ, **env}, stderr=subprocess.PIPE
        )
        last = time.monotonic() + 20
        while not server.requests and process.poll() is None:
            assert time.monotonic() < last, "it never asked the model"
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert b"interrupted" in err
    return process.returncode


CASES = {
    ExitCode.DONE: done,
    ExitCode.FAULT: fault,
    ExitCode.USAGE: usage,
    ExitCode.CLARIFY: clarify,
    ExitCode.REFUSED: refused,
    ExitCode.NOT_APPROVED: not_approved,
    ExitCode.NOT_READY: not_ready,
    ExitCode.MODEL: model_failed,
    ExitCode.LIMIT: limit,
    ExitCode.INTERRUPTED: interrupted,
}


def test_the_table_is_covered() -> None:
    assert list(CASES) == list(ExitCode)


@pytest.mark.parametrize(("code", "way"), CASES.items(), ids=[code.name.lower() for code in CASES])
def test_every_exit_code_is_reached(tmp_path: Path, code: ExitCode, way: Callable[[Path], int]) -> None:
    assert way(make_book(tmp_path / "book")) == code
