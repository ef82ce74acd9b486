"""Run one foreign command: no shell, no input, bounded in time and output, and its whole process group ended with it."""

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

MOST_BYTES = 4_000_000
_TICK = 0.05
_PIECE = 65_536


@dataclass(frozen=True)
class Answer:
    """How a command ended and what it printed; a negative code is the signal that killed it."""

    code: int
    out: str
    err: str
    timed_out: bool = False
    too_long: bool = False


def run_command(command: Sequence[str], folder: Path, seconds: float) -> Answer:
    """Run a command in a folder. Raises OSError when it cannot be started.

    Whatever it leaves running in its process group is killed, also when the caller is interrupted.
    """
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    printed = {"out": bytearray(), "err": bytearray()}
    with process, selectors.DefaultSelector() as ready:
        try:
            ready.register(_of(process.stdout), selectors.EVENT_READ, printed["out"])
            ready.register(_of(process.stderr), selectors.EVENT_READ, printed["err"])
            timed_out, too_long = _listen(process, ready, printed, time.monotonic() + seconds)
        finally:
            _end(process)
    out, err = (bytes(printed[name]).decode("utf-8", "replace") for name in ("out", "err"))
    return Answer(process.returncode, out, err, timed_out, too_long)


def _listen(
    process: "subprocess.Popen[bytes]", ready: selectors.BaseSelector, printed: dict[str, bytearray], deadline: float
) -> tuple[bool, bool]:
    """Collect what a command prints until it ends; a helper that it leaves behind with its pipes is not waited for."""
    while True:
        ended = process.poll() is not None
        events = (
            ready.select(0 if ended else min(_TICK, max(0.0, deadline - time.monotonic()))) if ready.get_map() else []
        )
        for key, _ in events:
            piece = os.read(key.fd, _PIECE)
            if not piece:
                ready.unregister(key.fileobj)
            key.data.extend(piece)
        if sum(map(len, printed.values())) > MOST_BYTES:
            return False, True
        if ended and not events:
            return False, False
        if not ended and time.monotonic() >= deadline:
            return True, False
        if not ready.get_map() and not ended:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(min(_TICK, max(0.0, deadline - time.monotonic())))


def _end(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _of(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # noqa: S101 - a pipe was asked for
    return stream
