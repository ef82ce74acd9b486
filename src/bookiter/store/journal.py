"""A note of what is about to be written, so that a killed process leaves nothing half done.

It is written before the first file and removed after the commit. A command that finds one takes back what its writer
left behind, unless the commit was made.
"""

import base64
import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from bookiter.store.files import replace_all, uninterrupted, write_whole
from bookiter.store.repo import Repository

_NAME = "journal.json"
TRAILER = "Bookiter-Iteration"


@dataclass(frozen=True)
class Writing:
    """What is about to be written: by which run, on which commit, and which of the files are bookiter's own."""

    run: str
    head: str | None
    before: Mapping[str, bytes | None]
    after: Mapping[str, bytes]
    own: frozenset[str] = frozenset()

    def note(self) -> dict[str, Any]:
        """Return all that is needed to take it back, JSON-ready."""
        files = {
            path: {"before": _encoded(self.before.get(path)), "after": _digest(data), "own": path in self.own}
            for path, data in self.after.items()
        }
        return {"run": self.run, "head": self.head, "files": files}


@contextlib.contextmanager
def written(folder: Path, root: Path, writing: Writing) -> Iterator[list[str]]:
    """Replace files, and put them back unless the block ends well; ``folder`` is where the note is kept.

    Yields a list that names, after a failure, the files somebody else changed meanwhile: those are left as they are.
    Raises NotReady when a file is not as it should be before. A note that cannot be carried out stays.
    """
    note = writing.note()
    write_whole(folder / _NAME, json.dumps(note).encode())
    foreign: list[str] = []
    try:
        replace_all(root, writing.before, writing.after)
        yield foreign
    except BaseException:
        with uninterrupted():
            foreign += _taken_back(root, note)[1]
            (folder / _NAME).unlink(missing_ok=True)
        raise
    (folder / _NAME).unlink(missing_ok=True)


def recover(folder: Path, root: Path, repo: Repository | None) -> list[str]:
    """Take back what a killed process left half done; return the files that were put back.

    Raises NotReady while git, orphaned perhaps, still holds its index: it may be making that very commit.
    """
    try:
        note: dict[str, Any] = json.loads((folder / _NAME).read_bytes())
        paths = list(note["files"])
    except (OSError, ValueError, KeyError, TypeError):
        (folder / _NAME).unlink(missing_ok=True)
        return []
    restored: list[str] = []
    if repo is not None:
        repo.require_unlocked()
    if repo is None or not repo.has_said_since(note.get("head"), f"{TRAILER}: {note['run']}"):
        with uninterrupted():
            restored, _ = _taken_back(root, note)
            if repo is not None:
                repo.unstage(paths)
    for place in {(root / path).parent for path in paths}:
        for leftover in place.glob(".bookiter-*-*.tmp"):
            leftover.unlink(missing_ok=True)
    (folder / _NAME).unlink(missing_ok=True)
    return restored


def _taken_back(root: Path, note: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Put back what still holds what we wrote, or is ours alone; return what was put back and what is somebody else's."""
    restored, foreign = [], []
    for path, item in note["files"].items():
        place = root / path
        now = place.read_bytes() if place.is_file() and not place.is_symlink() else None
        before = None if item["before"] is None else base64.b64decode(item["before"])
        if now == before:
            continue
        if not item.get("own") and (now is None or _digest(now) != item["after"]):
            foreign.append(path)
            continue
        if before is None:
            place.unlink(missing_ok=True)
        else:
            write_whole(place, before)
        restored.append(path)
    return restored, foreign


def _encoded(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode("ascii")


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
