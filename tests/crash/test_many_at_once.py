"""Eight processes iterate and accept in one manuscript at once: no change is lost, and every one is told of.

`make test-kill` lets them make 200 iterations; the suite makes a few.
"""

import json
import os
import time
from pathlib import Path

from support.book import commit_all, git, write_files
from support.killing import Warm

PROCESSES = 8
EACH = 25 if os.environ.get("KILL_POINTS") == "all" else 2
CHAPTERS = 4


def chapter(number: int) -> str:
    """A chapter in which each iteration has a sentence of its own to change, and none stands beside another's."""
    lines = [f"Line {line}, which nobody touches.\n" for line in range(4)]
    own = [f"The kettle {process}-{turn} sang.\n" for process in range(PROCESSES) for turn in range(EACH)]
    own = [line for at, line in enumerate(own) if at % CHAPTERS == number - 1]
    return f"# Chapter {number}\n\n" + "\n".join("\n".join([line, *lines]) for line in own)


def place(process: int, turn: int) -> int:
    return (process * EACH + turn) % CHAPTERS + 1


def commands(process: int) -> list[list[str]]:
    """Every other iteration is committed at once; the others are kept first, and accepted then."""
    found = []
    for turn in range(EACH):
        words = f'replace "kettle {process}-{turn} sang" with "kettle {process}-{turn} sighed" in chapter {place(process, turn)}'
        if turn % 2:
            found += [["iterate", words, "--preview", "--json"], ["accept", "{candidate}", "--json"]]
        else:
            found += [["iterate", words, "--json"]]
    return found


def test_eight_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    book = tmp_path / "book"
    paths = {number: f"chapters/chapter-0{number}.md" for number in range(1, CHAPTERS + 1)}
    write_files(book, {"bookiter.yaml": "project: ferry\nlimits: {lock_seconds: 300}\n"})
    write_files(book, {path: chapter(number) for number, path in paths.items()})
    before = commit_all(book)
    started = time.monotonic()
    with Warm() as bookiter:
        done = bookiter.at_once([commands(process) for process in range(PROCESSES)], book)
    print(f"{PROCESSES * EACH} iterations by {PROCESSES} processes: {time.monotonic() - started:.1f} s")  # noqa: T201 - for make test-kill
    assert [ran for each in done for ran in each if ran.code] == []

    for number, path in paths.items():
        assert (book / path).read_text("utf-8") == chapter(number).replace(" sang", " sighed")
    assert git(book, "status", "--porcelain") == ""
    wanted = PROCESSES * EACH
    said = git(
        book, "log", "--format=%(trailers:key=Bookiter-Iteration,valueonly,separator=)", f"{before}..HEAD"
    ).split()
    told = json.loads((book / "chapters/iteration_history.json").read_text("utf-8"))["iterations"]
    assert len(said) == len(set(said)) == wanted
    assert [entry["iteration"] for entry in told] == said, "each entry is in its own commit, in order"
    added = git(book, "log", "--format=", "--numstat", f"{before}..HEAD", "--", *paths.values()).splitlines()
    assert [line.split("\t")[:2] for line in added] == [["1", "1"]] * wanted
    assert git(book, "for-each-ref", "refs/bookiter/candidates") == ""
    git(book, "fsck", "--no-dangling", "--no-progress")
