"""The command in a child of a warm process: all modules are loaded once, and each run is a process of its own all the same.

Starting the interpreter and importing takes most of a command's time, a thousand times over in these tests. Where that very
start is what is tested (exit codes, streams, packaging), the installed command is run itself.
"""

import atexit
import contextlib
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


class Warm:
    """The process that forks a child for each command."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "support.warm"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
        )
        atexit.register(self._process.kill)

    def run(
        self, arguments: Sequence[str], cwd: Path, stdin: bytes, env: Mapping[str, str], timeout: float
    ) -> tuple[int, bytes, bytes]:
        """Return exit code, standard output and standard error. Raises TimeoutExpired."""
        with tempfile.TemporaryDirectory() as name:
            place = Path(name)
            (place / "stdin").write_bytes(stdin)
            asked = {
                "arguments": list(arguments), "cwd": str(cwd), "env": dict(env), "place": name, "timeout": timeout,
            }  # fmt: skip
            if self._process.stdin is None or self._process.stdout is None:
                raise OSError
            self._process.stdin.write(json.dumps(asked).encode("ascii") + b"\n")
            self._process.stdin.flush()
            code = int(self._process.stdout.readline())
            if code == _LATE:
                raise subprocess.TimeoutExpired(["bookiter", *arguments], timeout)
            return code, (place / "stdout").read_bytes(), (place / "stderr").read_bytes()


_LATE = -1000
_one: list[Warm] = []


def warm() -> Warm:
    """Return the warm process of this test process."""
    if not _one:
        _one.append(Warm())
    return _one[0]


def _serve() -> None:
    import bookiter

    for module in pkgutil.walk_packages(bookiter.__path__, "bookiter."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in ("git", "openai", "rich.console", "rich.status", "jinja2.sandbox", "unidiff", "rapidfuzz.distance"):
        importlib.import_module(name)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    requests = os.fdopen(os.dup(0), "rb")
    for line in requests:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _command(asked)
        answers.write(f"{_waited(child, float(asked['timeout']))}\n".encode())


def _waited(child: int, timeout: float) -> int:
    until = time.monotonic() + timeout
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return _LATE
        time.sleep(0.002)


def _command(asked: dict[str, Any]) -> None:
    """Be the installed command: its streams, folder, environment and arguments."""
    place, code = Path(asked["place"]), 1
    try:
        for number, name, flags in ((0, "stdin", os.O_RDONLY), (1, "stdout", _NEW), (2, "stderr", _NEW)):
            opened = os.open(place / name, flags, 0o600)
            os.dup2(opened, number)
            os.close(opened)
        os.chdir(asked["cwd"])
        os.environ.clear()
        os.environ.update(asked["env"])
        sys.argv = ["bookiter", *asked["arguments"]]
        sys.path[:] = [entry for entry in sys.path if entry]
        from bookiter.cli.app import main

        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        os._exit(code)


_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC

if __name__ == "__main__":
    _serve()
