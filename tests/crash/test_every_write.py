"""Stopped at any write, by a kill or by the disk: everything is whole, old or new, and nothing of the author's is lost.

`make test-kill` goes through every point of every operation; the suite tries some of each.
"""

import itertools
import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from support.book import git
from support.killing import FAULTS, Warm
from support.moments import (
    MOMENTS,
    Moment,
    points_to_fail,
    points_to_try,
    prepared,
    require_agreement,
    require_texts,
    require_whole,
)

ALL = os.environ.get("KILL_POINTS") == "all"
NEXT: tuple[tuple[str, ...], ...] = (("status",), ("candidates",), (), ("doctor",), ("history",))


@pytest.fixture(scope="module")
def bookiter() -> Iterator[Warm]:
    with Warm() as warm:
        yield warm


@pytest.mark.parametrize("operation", MOMENTS)
def test_stopped_at_any_write(operation: str, bookiter: Warm, tmp_path: Path) -> None:
    moment = prepared(operation, bookiter, tmp_path / "before")
    whole = bookiter.run(moment.command, moment.copy(tmp_path / "whole"))
    assert whole.code == 0, whole.err
    require_whole(moment, tmp_path / "whole")
    require_agreement(moment, tmp_path / "whole")
    tries = _tries(whole.points)
    failures = []
    for turn, (at, fault) in enumerate(tries):
        book = moment.copy(tmp_path / f"{at} {fault}")
        try:
            if fault == "kill":
                _killed(bookiter, moment, book, at, NEXT[turn % len(NEXT)])
            else:
                _refused(bookiter, moment, book, at, fault)
            require_whole(moment, book)
            require_agreement(moment, book)
        except AssertionError as failed:
            failures.append(f"{at} {whole.points[at]}, {fault}, {NEXT[turn % len(NEXT)]}: {failed}")
        shutil.rmtree(book)
    kills = len({at for at, fault in tries if fault == "kill"})
    print(f"{operation}: killed at {kills} of {len(whole.points)} points, refused {len(tries) - kills} times")  # noqa: T201 - for make test-kill
    assert not failures, "\n".join(failures)


def _tries(points: Sequence[str]) -> list[tuple[int, str]]:
    """Return where and how to stop: all of it, or a few of each kind spread over the operation."""
    kills, calls = points_to_try(points), points_to_fail(points)
    faults = itertools.cycle(FAULTS)
    every_kill, every_call = (1, 1) if ALL else (15, 19)
    return [(at, "kill") for at in kills[::every_kill]] + [(at, next(faults)) for at in calls[::every_call]]


def _killed(bookiter: Warm, moment: Moment, book: Path, at: int, following: Sequence[str]) -> None:
    """Kill the operation, and give another command; where that is the operation again, while git may still be at work."""
    done = bookiter.run(moment.command, book, at=at, patient=bool(following))
    assert done.code == -signal.SIGKILL, done
    after = bookiter.run(following or moment.command, book)
    assert after.code in ((0,) if following else (0, 3, 5, 6)), after


def _refused(bookiter: Warm, moment: Moment, book: Path, at: int, fault: str) -> None:
    """Let a write fail: one error with its reason and nothing done, or all of it done."""
    done = bookiter.run(moment.command, book, at=at, fault=fault)
    assert "Traceback" not in done.err
    assert done.code in (0, 6), done.err
    if done.code:
        assert len([line for line in done.err.splitlines() if line.startswith("error: ")]) == 1, done.err
        assert any(reason in done.err for reason in ("No space left", "Read-only file system")), done.err
    if not fault.startswith("read-only"):
        require_texts(moment, book)
        assert done.code == 0 or git(book, "rev-parse", "HEAD") == git(moment.book, "rev-parse", "HEAD"), (
            "done, but not said"
        )
    if done.code == 0 or fault.endswith("from then on"):  # what was left to do is done once it can be
        assert bookiter.run(("status",), book).code == 0
