"""Errors as JSON, and standard streams that are closed, full or gone."""

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from support.bad import state
from support.book import COMMAND, bookiter, chapter_files, git, write_files
from support.model_replies import hang, status
from support.model_server import ModelServer
from support.scripted import intent, model, settings, verdict

ASK = "Add a line of dialogue to chapter 3"
EXACT = "Rename Sarah to Clara in chapter 3"
NOWHERE = """--- a/chapters/chapter-03.md
+++ b/chapters/chapter-03.md
@@ -9,2 +9,2 @@
 The harbour master laughed at both of them.
-“You row badly,” he told the twins.
+“You row well,” he told the twins.
"""


# --- JSON -----------------------------------------------------------------------------------------------------------


def error_of(out: str, code: int) -> dict[str, Any]:
    """Return the error, once it is sure to be the one object on standard output and of the documented shape."""
    found = json.loads(out)
    assert set(found) == {"schema_version", "status", "error"}
    assert (found["schema_version"], found["status"]) == (1, "error")
    error: dict[str, Any] = found["error"]
    assert set(error) == {"code", "exit_code", "message", "hint", "details"}
    assert error["exit_code"] == code
    assert error["code"]
    assert error["message"]
    assert isinstance(error["details"], dict)
    return error


@pytest.mark.parametrize(
    ("arguments", "code", "name"),
    [
        (("iterate", "", "--json"), 2, "usage"),
        (("iterate", "--frobnicate", "--json"), 2, "usage"),
        (("judge", "--json"), 2, "usage"),
        (("iterate", "Make chapter 3 darker", "--json"), 7, "model"),
        (("iterate", EXACT, "--json", "-C", "/"), 6, "not_ready"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else None,
)
def test_an_error_is_one_object(book: Path, arguments: tuple[str, ...], code: int, name: str) -> None:
    before = state(book)
    ran = bookiter(*arguments, cwd=book)
    assert ran.code == code, ran.out + ran.err
    assert error_of(ran.out, code)["code"] == name
    assert ran.err == ""
    assert state(book) == before


def test_a_refused_patch_is_one_object_with_the_reasons(book: Path) -> None:
    ran = bookiter("apply", "-", "--json", stdin=NOWHERE, cwd=book)
    assert ran.code == 4
    error = error_of(ran.out, 4)
    assert error["code"].endswith("refused")
    assert error["details"]
    assert ran.err == ""


def test_a_wrong_setting_is_one_object_with_its_key(book: Path) -> None:
    write_files(book, {"bookiter.yaml": "confidense: 1\n"})
    ran = bookiter("iterate", EXACT, "--json", cwd=book)
    assert error_of(ran.out, 2)["details"]["key"] == "confidense"
    assert error_of(ran.out, 2)["code"] == "config"


def test_open_questions_are_in_the_object(book: Path) -> None:
    ran = bookiter("iterate", "Rename Sarah to Clara in chapter 9", "--json", cwd=book)
    found = json.loads(ran.out)
    assert ran.code == 3
    assert found["status"] == "clarify"
    assert "3" in found["intent"]["questions"][0]
    assert ran.err == ""


def test_a_fault_of_the_server_is_one_object_with_its_status(book: Path) -> None:
    with model(intent=status(401)) as (server, env):
        ran = bookiter("iterate", ASK, "--json", cwd=book, env=env)
    error = error_of(ran.out, 7)
    assert error["details"]["status"] == 401
    assert error["details"]["server"] == server.address
    assert ran.err == ""


def test_a_change_that_is_not_approved_is_one_object(book: Path) -> None:
    no = verdict(False, "Flat.")
    with model(intent=intent(), diff="NO CHANGE", judge=no) as (_, env):
        ran = bookiter("iterate", ASK, "--json", cwd=book, env={**env, "BOOKITER_MAX_ATTEMPTS": "1"})
    found = json.loads(ran.out)
    assert (ran.code, found["status"], found["commit"]) == (5, "no_change", None)
    assert ran.err == ""


def test_an_interruption_is_one_object(book: Path) -> None:
    with ModelServer(handler=lambda _: hang()) as server:
        process = subprocess.Popen(
            [str(COMMAND), "iterate", ASK, "--json"],
            cwd=book,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **settings(server.base_url)},
        )
        while not server.requests and process.poll() is None:
            pass
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert error_of(out.decode(), 130)["code"] == "interrupted"
    assert err == b""


# --- Streams --------------------------------------------------------------------------------------------------------


def shell(book: Path, script: str) -> tuple[int, str]:
    """Run a shell line in the book, with the command as $B; return its exit code and what it said."""
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {script}"], cwd=book, capture_output=True, check=False,
                          env={**os.environ, "B": str(COMMAND)}, timeout=30)  # fmt: skip
    return done.returncode, done.stderr.decode()


def test_whoever_stops_reading_hears_no_complaint(book: Path) -> None:
    write_files(book, chapter_files({number: f"# {number}\n\nSarah.\n" for number in range(4, 90)}))
    _, err = shell(book, '"$B" config | true; "$B" status --json | head -c 1 > /dev/null')
    assert "Traceback" not in err
    assert "BrokenPipe" not in err
    assert "Exception ignored" not in err


def test_a_commit_that_was_made_is_made_even_if_nobody_reads_of_it(book: Path) -> None:
    _, err = shell(book, f'"$B" iterate "{EXACT}" | true')
    assert "Traceback" not in err
    assert git(book, "status", "--porcelain") == ""
    assert "Clara" in git(book, "show", "HEAD:chapters/chapter-03.md")
    assert "nothing was committed" not in err


@pytest.mark.parametrize("to", ["> /dev/full", ">&-"])
def test_an_output_that_takes_nothing_is_said_and_is_no_fault(book: Path, to: str) -> None:
    code, err = shell(book, f'"$B" config {to}')
    assert code not in (0, 1), err
    assert "error: " in err
    assert "bookiter itself failed" not in err
    assert "Traceback" not in err


@pytest.mark.parametrize("arguments", ["analyze-intent -", "apply -"])
def test_an_input_that_is_closed_is_said_and_is_no_fault(book: Path, arguments: str) -> None:
    before = state(book)
    code, err = shell(book, f'"$B" {arguments} <&-')
    assert code == 2, err
    assert "standard input" in err
    assert state(book) == before


def test_a_closed_standard_error_changes_nothing_else(book: Path) -> None:
    code, _ = shell(book, f'"$B" iterate "{EXACT}" 2>&-')
    assert code == 0
    assert "Clara" in git(book, "show", "HEAD:chapters/chapter-03.md")


def test_a_result_file_is_whole_or_not_there(book: Path) -> None:
    (book / "old.json").write_text("Old.\n", encoding="utf-8")
    ran = bookiter("analyze-intent", EXACT, "-o", "no such folder/intent.json", cwd=book)
    assert ran.code == 2
    assert "cannot be written" in ran.err
    ran = bookiter("analyze-intent", EXACT, "-o", "chapters", cwd=book)
    assert ran.code == 2
    assert (book / "old.json").read_text("utf-8") == "Old.\n"
    assert [path.name for path in book.rglob("*.tmp")] == []
