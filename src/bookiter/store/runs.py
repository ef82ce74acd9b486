"""The run folder: all that one iteration asked, received and decided, and the state that joins stage commands."""

import contextlib
import fcntl
import json
import os
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from bookiter.errors import InvalidInput, NotReady
from bookiter.store.files import sweep, write_whole

FOLDER = ".bookiter"
_POLL = 0.02
_RUN_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")


@dataclass(frozen=True)
class Run:
    """One iteration's folder; ``folder`` is None in a dry run, and then nothing is written."""

    id: str
    folder: Path | None

    def write(self, name: str, text: str) -> None:
        """Keep a text under a plain file name."""
        if self.folder is not None:
            write_whole(self.folder / name, text.encode("utf-8", "replace"))

    def write_json(self, name: str, value: Mapping[str, Any]) -> None:
        """Keep an object as JSON."""
        self.write(name, json.dumps(value, ensure_ascii=False, indent=2) + "\n")

    def path(self, name: str) -> Path | None:
        """Return where a file of this run lies, if it is there."""
        place = self.folder / name if self.folder else None
        return place if place is not None and place.is_file() else None

    def last(self, pattern: str) -> Path | None:
        """Return the file of the highest number that matches a pattern such as ``attempt-*.diff``."""
        found = list(self.folder.glob(pattern)) if self.folder else []
        return max(found, key=lambda path: (len(path.name), path.name), default=None)

    def read_json(self, name: str) -> dict[str, Any] | None:
        """Return an object kept before; None when there is none. Raises InvalidInput when it is damaged."""
        place = self.path(name)
        if place is None:
            return None
        try:
            value = json.loads(place.read_bytes())
        except ValueError as error:
            raise InvalidInput(f"{name} of run {self.id} is damaged: {error}.") from error
        if not isinstance(value, dict):
            raise InvalidInput(f"{name} of run {self.id} is damaged: it holds no object.")
        return value


class Runs:
    """The ``.bookiter`` folder of a manuscript: runs, the current one, the target, the lock."""

    lock: int | None = None
    """The lock's file descriptor, while it is held: a process that is given it holds the lock with us, and after us."""

    def __init__(self, root: Path) -> None:
        self.folder = root / FOLDER
        if self.folder.is_symlink() or (self.folder.exists() and not self.folder.is_dir()) or self._links():
            raise NotReady(
                f"{FOLDER} is, or holds, something that leads out of this manuscript.",
                hint=f"A symbolic link there would let a repository write outside itself. Look into {FOLDER} and remove it.",
            )

    def _links(self) -> bool:
        """Tell whether anything we might write to is a symbolic link: a cloned repository can bring one along."""
        places = (self.folder, self.folder / "runs", self.folder / "cache")
        return any(entry.is_symlink() for place in places if place.is_dir() for entry in os.scandir(place))

    def new(self, *, dry: bool = False) -> Run:
        """Make a run and let the stage commands work on it; a dry one leaves no trace."""
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
        if dry:
            return Run(name, None)
        folder = self.prepared() / "runs" / name
        folder.mkdir(parents=True)
        self._put("current", name)
        return Run(name, folder)

    def current(self) -> Run | None:
        """Return the run the stage commands work on."""
        name = self._get("current")
        return self.open(name) if name else None

    def open(self, name: str) -> Run:
        """Return a run by its id. Raises InvalidInput when there is none."""
        folder = self.folder / "runs" / name
        if not _RUN_ID.fullmatch(name) or not folder.is_dir():
            raise InvalidInput(f"there is no run {name!r}.", hint=f"Runs are the folders in {FOLDER}/runs.")
        return Run(name, folder)

    def select(self, run: Run) -> None:
        """Let the stage commands work on a run."""
        if run.folder is not None:
            self._put("current", run.id)

    def target(self) -> str | None:
        """Return the level that was set as the current target."""
        return self._get("target")

    def set_target(self, level: str) -> None:
        """Set the current target."""
        self._put("target", level)

    def applied(self) -> dict[str, str]:
        """Return by path the hash of what ``bookiter apply`` last wrote: the uncommitted edits that are ours."""
        with contextlib.suppress(OSError, ValueError):
            known = json.loads((self.folder / "applied.json").read_bytes())
            return {str(path): str(value) for path, value in known.items()} if isinstance(known, dict) else {}
        return {}

    def note_applied(self, hashes: Mapping[str, str]) -> None:
        """Remember what was written."""
        text = json.dumps({**self.applied(), **hashes}, ensure_ascii=False, indent=2) + "\n"
        write_whole(self.prepared() / "applied.json", text.encode("utf-8", "surrogateescape"))

    def forget_applied(self, paths: Iterable[str]) -> None:
        """Forget what was written to files whose change has been committed: from now on their edits are the author's."""
        left = {path: value for path, value in self.applied().items() if path not in set(paths)}
        if left != self.applied():
            write_whole(self.prepared() / "applied.json", (json.dumps(left) + "\n").encode())

    def cache_folder(self) -> Path:
        """Return where answers are cached."""
        return self.prepared() / "cache"

    @contextlib.contextmanager
    def locked(
        self, *, dry: bool = False, seconds: float = 0.0, waiting: Callable[[str], None] | None = None
    ) -> Iterator[None]:
        """Keep other bookiter processes from writing this manuscript, waiting for one that does at most ``seconds``.

        ``waiting`` is told the holder once. Raises NotReady, naming the holder, when it does not end in time.
        """
        if dry:
            yield
            return
        with os.fdopen(os.open(self.prepared() / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644), "r+b") as file:
            _flock(file, seconds, waiting)
            try:
                file.seek(0)
                file.truncate()
                file.write(str(os.getpid()).encode())
                file.flush()
                sweep(self.folder, shared=True)  # runs are written without the lock
                self.lock = file.fileno()
                yield
            finally:
                self.lock = None
                fcntl.flock(file, fcntl.LOCK_UN)  # also for whoever was given the lock and outlives us

    def prepared(self) -> Path:
        """Return the folder, made on first use, which ignores itself."""
        self.folder.mkdir(exist_ok=True)
        ignore = self.folder / ".gitignore"
        if not ignore.exists():
            write_whole(ignore, b"# bookiter's working files; nothing here belongs into the repository\n*\n")
        return self.folder

    def all(self) -> list[Run]:
        """Return every run there is a folder of, oldest first."""
        folder = self.folder / "runs"
        names = sorted(entry.name for entry in os.scandir(folder)) if folder.is_dir() else []
        return [Run(name, folder / name) for name in names if _RUN_ID.fullmatch(name)]

    def _put(self, name: str, value: str) -> None:
        write_whole(self.prepared() / name, value.encode() + b"\n")

    def _get(self, name: str) -> str | None:
        try:
            return (self.folder / name).read_text("utf-8").strip() or None
        except (OSError, UnicodeDecodeError):
            return None


def _flock(file: IO[bytes], seconds: float, waiting: Callable[[str], None] | None) -> None:
    until = time.monotonic() + seconds
    told = False
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().decode("ascii", "replace").strip() or "unknown"
            if time.monotonic() >= until:
                raise NotReady(
                    f"another bookiter is writing to this manuscript (process {holder}).",
                    hint="Wait until it has ended.",
                ) from error
            if waiting is not None and not told:
                waiting(holder)
            told = True
            time.sleep(_POLL)
