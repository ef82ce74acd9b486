"""State of earlier runs that is damaged or forged: said as what it is, never replaced, never followed out of the book."""

import json
from pathlib import Path

import pytest

from support.bad import said, state
from support.book import bookiter, commit_all, git, write_files
from support.scripted import intent, model

EXACT = "Rename Sarah to Clara in chapter 3"
HISTORY = "chapters/iteration_history.json"


DAMAGED = {
    "empty": b"",
    "cut off": b'{"iterations": [{"feedback": "Dar',
    "without its list": b"{}",
    "in conflict": b'<<<<<<< HEAD\n{"iterations": []}\n=======\n{}\n>>>>>>> other\n',
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_history_stops_the_program_and_stays_as_it_is(book: Path, data: bytes) -> None:
    write_files(book, {HISTORY: data})
    commit_all(book)
    before = state(book)
    words = said(bookiter("iterate", EXACT, cwd=book), 6)
    assert HISTORY in words
    assert "damaged" in words
    assert state(book) == before


def test_a_history_folder_is_no_history(book: Path) -> None:
    write_files(book, {f"{HISTORY}/kept.md": "Kept.\n"})
    commit_all(book)
    before = state(book)
    assert HISTORY in said(bookiter("iterate", EXACT, cwd=book), 6)
    assert state(book) == before


def test_what_others_wrote_into_the_history_stays(book: Path) -> None:
    old = {"iterations": [{"feedback": "Earlier.", "mood": "grey"}], "note": "Ours."}
    write_files(book, {HISTORY: json.dumps(old)})
    commit_all(book)
    assert bookiter("iterate", EXACT, cwd=book).code == 0
    new = json.loads((book / HISTORY).read_text("utf-8"))
    assert new["note"] == "Ours."
    assert new["iterations"][1:] == old["iterations"]
    assert new["iterations"][0]["feedback"] == EXACT


@pytest.mark.parametrize("name", ["../../..", "20200101-000000-abcdef\0"])
def test_a_current_run_that_is_none(book: Path, name: str) -> None:
    (book / ".bookiter").mkdir()
    (book / ".bookiter/current").write_bytes(name.encode("utf-8", "surrogateescape"))
    before = state(book)
    said(bookiter("judge", cwd=book), 2)
    assert bookiter("iterate", EXACT, cwd=book).code == 0
    assert git(book, "rev-parse", "HEAD^") == before[1]


def test_a_damaged_file_of_the_current_run_is_named(book: Path) -> None:
    run = json.loads(bookiter("analyze-intent", EXACT, cwd=book).out)["run"]
    for command in ("diff", "apply"):
        assert bookiter(command, cwd=book).code == 0
    before = state(book)
    for name in ("verdict.json", "intent.json"):
        (book / ".bookiter/runs" / run / name).write_text('{"cut": ', encoding="utf-8")
        assert name in said(bookiter("commit", cwd=book), 2)
    assert state(book) == before


def test_a_damaged_answer_in_the_cache_is_asked_for_again(book: Path) -> None:
    ask = "Add a line of dialogue to chapter 3"
    with model(intent=[intent(), intent()]) as (server, env):
        assert bookiter("analyze-intent", ask, cwd=book, env=env).code == 0
        for entry in (book / ".bookiter/cache").rglob("*.json"):
            entry.write_bytes(entry.read_bytes()[:-20])
        assert bookiter("analyze-intent", ask, cwd=book, env=env).code == 0
    assert len(server.requests) == 2


@pytest.mark.parametrize("run", ["../../../..", "20200101-000000-abcdef"])
def test_a_replay_of_what_is_no_run(book: Path, run: str) -> None:
    before = state(book)
    said(bookiter("iterate", EXACT, "--replay", run, cwd=book), 2)
    assert state(book) == before
