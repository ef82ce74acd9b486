"""One bookiter writes at a time; a lock outlives its holder only in a git that was given it; nothing is left lying about."""

import os
import subprocess
from pathlib import Path

import pytest

from bookiter.errors import NotReady
from bookiter.store.runs import Runs
from support.book import python


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


def given_to_a_child(runs: Runs) -> "subprocess.Popen[bytes]":
    """Start a process that is given the lock and lives until its input ends."""
    assert runs.lock is not None
    return subprocess.Popen(python("-c", "import sys; sys.stdin.read()"), stdin=subprocess.PIPE, pass_fds=(runs.lock,))


def test_a_second_one_is_told_who_holds_it(runs: Runs, tmp_path: Path) -> None:
    told: list[str] = []
    with (
        runs.locked(),
        pytest.raises(NotReady, match=f"process {os.getpid()}"),
        Runs(tmp_path).locked(seconds=0.1, waiting=told.append),
    ):
        pass
    assert told == [str(os.getpid())]
    with Runs(tmp_path).locked():
        assert runs.lock is None


def test_a_git_that_outlives_a_killed_bookiter_holds_it_until_it_ends(tmp_path: Path) -> None:
    script = """
import os, subprocess, sys
from pathlib import Path
from bookiter.store.runs import Runs
runs = Runs(Path(sys.argv[1]))
with runs.locked():
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], pass_fds=(runs.lock,))
    os.kill(os.getpid(), 9)
"""
    process = subprocess.Popen(python("-c", script, str(tmp_path)), stdin=subprocess.PIPE)
    assert process.wait() == -9
    with pytest.raises(NotReady), Runs(tmp_path).locked():
        pass
    assert process.stdin is not None
    process.stdin.close()
    with Runs(tmp_path).locked(seconds=20):
        pass


def test_whatever_a_hook_left_running_does_not_hold_it(runs: Runs, tmp_path: Path) -> None:
    with runs.locked():
        child = given_to_a_child(runs)
    try:
        with Runs(tmp_path).locked():
            pass
    finally:
        child.communicate()


def test_what_killed_ones_left_goes_and_what_others_are_writing_stays(runs: Runs) -> None:
    dead = subprocess.Popen(python("-c", ""))
    dead.wait()
    left, current = (runs.prepared() / f".bookiter-{pid}-0123456789ab.tmp" for pid in (dead.pid, os.getpid()))
    left.touch()
    current.touch()
    with runs.locked():
        assert not left.exists()
        assert current.exists()
