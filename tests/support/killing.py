"""A warm bookiter that is stopped at any of its writes: killed, or told that the disk is full.

    with Warm() as bookiter:
        done = bookiter.run(["accept", name], book)
        bookiter.run(["accept", name], book, at=done.points.index("before replace chapter-03.md"))

A process of its own holds all modules and forks a child for each command. In the child every call that writes below the
current folder, and every git process that writes, is a point, before and after; half a buffer, and git left at work
alone, are points too. Points are numbered from 0. The faults are "kill" and those of ``FAULTS``: a disk that is full at
that point or from then on, which lets things be removed and renamed, and one that is read-only from then on.
"""

import builtins
import contextlib
import errno
import fcntl
import importlib
import io
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from support.book import Ran, python

GIT_WRITES = ("add", "commit", "commit-tree", "read-tree", "reset", "update-index", "update-ref", "write-tree")
REFUSED = "fatal: unable to write new file: No space left on device"


@dataclass(frozen=True)
class Stopped(Ran):
    """What a command did, and the points it came by; ``code`` is negative for a signal."""

    points: tuple[str, ...] = ()


class Warm:
    """The process that forks a child for each command."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            python("-m", "support.killing"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self._process:
            if self._process.stdin:
                self._process.stdin.close()

    def run(
        self, arguments: Sequence[str], book: Path, *, at: int | None = None, fault: str = "kill", patient: bool = True
    ) -> Stopped:
        """Run a command, which suffers a fault at the point ``at``; ``patient`` waits for a git that is left at work too."""
        self.start(arguments, book, at=at, fault=fault, patient=patient)
        return self.wait()

    def start(
        self, arguments: Sequence[str], book: Path, *, at: int | None = None, fault: str = "kill", patient: bool = True
    ) -> None:
        """Begin a command; ``wait`` returns what became of it."""
        self._ask({"arguments": list(arguments), "book": str(book), "at": at, "fault": fault, "patient": patient})

    def _ask(self, request: dict[str, Any]) -> None:
        if self._process.stdin:
            self._process.stdin.write(json.dumps({**request, "env": dict(os.environ)}).encode() + b"\n")
            self._process.stdin.flush()

    def at_once(self, lists: Sequence[Sequence[Sequence[str]]], book: Path) -> list[list[Stopped]]:
        """Run lists of commands, each list in a process of its own and all of them at once.

        In a command ``{candidate}`` stands for what the command before it in its list told as JSON.
        """
        self._ask({"lists": lists, "book": str(book)})
        answers = json.loads(self._process.stdout.readline()) if self._process.stdout else []
        return [[Stopped(each["code"], each["out"], each["err"]) for each in answer] for answer in answers]

    def wait(self) -> Stopped:
        """Return what became of the command that was started."""
        answer = json.loads(self._process.stdout.readline()) if self._process.stdout else {}
        return Stopped(answer["code"], answer["out"], answer["err"], tuple(answer["points"]))


FAULTS = {"full": errno.ENOSPC, "full from then on": errno.ENOSPC, "read-only from then on": errno.EROFS}


class _Points:
    """Counts the points a child comes by, notes their names, and strikes at one of them."""

    def __init__(self, note: int, request: dict[str, Any]) -> None:
        self._note, self._at, self._fault = note, request["at"], str(request["fault"])
        self._root = os.path.realpath(request["book"]) + os.sep
        self._write = os.write
        self._count = 0
        self.names: dict[int, str] = {}

    def reach(self, name: str, *, takes_space: bool = False, writes: bool = True) -> bool:
        """Come by a point; tell whether what stands there must fail. The process may end here."""
        self._write(self._note, name.encode() + b"\n")
        now = self._count
        self._count += 1
        if self._at is None or now < self._at or (now > self._at and "from then on" not in self._fault):
            return False
        if self._fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        return writes and (takes_space or not self._fault.startswith("full"))

    def enter(self, name: str, *, takes_space: bool = False) -> None:
        """Come by the point before a call, which may fail there."""
        if self.reach(name, takes_space=takes_space):
            number = FAULTS[self._fault]
            raise OSError(number, os.strerror(number), name.rpartition(" ")[2])

    def leave(self, name: str) -> None:
        """Come by the point after a call."""
        self.reach(name, writes=False)

    def inside(self, path: Any) -> str | None:
        """Return a name for a path of the book, or of a file that is open for writing; None for any other."""
        if isinstance(path, int | io.IOBase):
            return self.names.get(path if isinstance(path, int) else path.fileno())
        place = os.path.abspath(os.fsdecode(path))  # noqa: PTH100
        place = os.path.join(os.path.realpath(os.path.dirname(place)), os.path.basename(place))  # noqa: PTH118, PTH119, PTH120
        return os.path.basename(place) if place.startswith(self._root) else None  # noqa: PTH119

    def watch(self, module: Any, name: str, target: int = 0, *, takes_space: bool = False) -> None:
        """Make a function of a module two points for each call whose argument ``target`` lies in the book."""
        real = getattr(module, name)

        def watched(*arguments: Any, **named: Any) -> Any:
            shown = self.inside(arguments[target]) if len(arguments) > target else None
            if shown is None:
                return real(*arguments, **named)
            self.enter(f"before {name} {shown}", takes_space=takes_space)
            result = real(*arguments, **named)
            self.leave(f"after {name} {shown}")
            return result

        setattr(module, name, watched)


class _File(io.BufferedWriter):
    """A file whose every write can be stopped half way."""

    def __init__(self, raw: io.FileIO, points: _Points, name: str) -> None:
        super().__init__(raw)
        self._points, self._shown = points, name
        points.names[raw.fileno()] = name

    def write(self, data: Any) -> int:
        data = bytes(data)
        self._points.enter(f"before write {self._shown}", takes_space=True)
        super().write(data[: len(data) // 2])
        super().flush()
        self._points.enter(f"half of write {self._shown}", takes_space=True)
        super().write(data[len(data) // 2 :])
        super().flush()
        self._points.leave(f"after write {self._shown}")
        return len(data)


def _watch_open(points: _Points) -> None:
    real, real_os = io.open, os.open

    def watched(file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        shown = points.inside(file) if set(mode) & set("wax+") else None
        if shown is None or isinstance(file, int):
            return real(file, mode, *arguments, **named)
        points.enter(f"before open {shown}", takes_space=True)
        plain = "b" in mode and "+" not in mode
        made = (
            _File(io.FileIO(file, mode.replace("b", "")), points, shown)
            if plain
            else real(file, mode, *arguments, **named)
        )
        points.leave(f"after open {shown}")
        return made

    def watched_os(path: Any, flags: int, *arguments: Any, **named: Any) -> int:
        shown = points.inside(path) if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) else None
        if shown is None:
            made = real_os(path, flags, *arguments, **named)
            points.names.pop(made, None)  # the number was another file's before
            return made
        points.enter(f"before open {shown}", takes_space=True)
        made = real_os(path, flags, *arguments, **named)
        points.names[made] = shown
        points.leave(f"after open {shown}")
        return made

    vars(builtins)["open"] = vars(io)["open"] = watched
    vars(os)["open"] = watched_os


def _watch_git(points: _Points, told: int) -> None:
    real: Callable[..., None] = subprocess.Popen.__init__

    def watched(self: "subprocess.Popen[bytes]", command: Any, *arguments: Any, **named: Any) -> None:
        verb = _verb(command)
        if verb not in GIT_WRITES:
            real(self, command, *arguments, **named)
            return
        if points.reach(f"before git {verb}", takes_space=True):
            command = ["sh", "-c", 'echo "$0" >&2; exit 128', REFUSED]
        named["pass_fds"] = (*named.get("pass_fds", ()), told)
        real(self, command, *arguments, **named)
        points.leave(f"beside git {verb}")
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        points.leave(f"after git {verb}")

    vars(subprocess)["Popen"].__init__ = watched


def _verb(command: Any) -> str:
    words: list[str] = list(command) if isinstance(command, list) and command[0] == "git" else []
    settings = [at for at, word in enumerate(words) if word == "-c"]
    rest = [word for at, word in enumerate(words) if at and at - 1 not in settings and not word.startswith("-")]
    return rest[0] if rest else ""


def _child(request: dict[str, Any], note: int, told: int) -> int:
    from bookiter.cli.app import run

    os.chdir(request["book"])
    if not request["fault"]:
        return run(request["arguments"])
    points = _Points(note, request)
    for name in ("unlink", "rmdir", "chmod", "fsync"):
        points.watch(os, name)
    points.watch(os, "mkdir", takes_space=True)
    for name in ("replace", "rename"):
        points.watch(os, name, 1)
    points.watch(os, "link", 1, takes_space=True)
    points.watch(fcntl, "flock")
    _watch_open(points)
    _watch_git(points, told)
    return run(request["arguments"])


def _forked(request: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as note:
        ended, told = os.pipe()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                code = _child(request, note.fileno(), told)
                sys.stdout.flush()
                sys.stderr.flush()
            finally:
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.close(told)
        if request["patient"]:
            os.read(ended, 1)  # its other end is closed when the last git that was started has ended
        os.close(ended)
        texts = []
        for file in (out, err, note):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
        return {"code": code, "out": texts[0], "err": texts[1], "points": texts[2].splitlines()}


def _at_once(lists: Sequence[Sequence[Sequence[str]]], book: str) -> list[Any]:
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(tempfile.TemporaryFile()) for _ in lists]
        for commands, file in zip(lists, files, strict=True):
            if os.fork() == 0:
                code = 1
                try:
                    file.write(json.dumps(_one_after_another(commands, book)).encode())
                    file.flush()
                    code = 0
                finally:
                    os._exit(code)
        for _ in lists:
            os.wait()
        for file in files:
            file.seek(0)
        return [json.loads(file.read()) for file in files]


def _one_after_another(commands: Sequence[Sequence[str]], book: str) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = []
    name = ""
    for command in commands:
        arguments = [word.replace("{candidate}", name) for word in command]
        request = {"arguments": arguments, "book": book, "at": None, "fault": "", "patient": False}
        answers.append(_forked(request))
        if answers[-1]["out"].startswith("{"):
            name = json.loads(answers[-1]["out"]).get("candidate") or ""
    return answers


def _serve() -> None:
    import bookiter

    for module in pkgutil.walk_packages(bookiter.__path__, "bookiter."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in ("git", "jinja2", "pydantic", "unidiff", "rapidfuzz"):
        importlib.import_module(name)
    for line in sys.stdin:
        request = json.loads(line)
        os.environ.clear()
        os.environ.update(request["env"])  # each test has an environment of its own
        answer = _at_once(request["lists"], request["book"]) if "lists" in request else _forked(request)
        print(json.dumps(answer), flush=True)  # noqa: T201


if __name__ == "__main__":
    _serve()
