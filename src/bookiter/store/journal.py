"""A note of what is about to be written, so that a killed process leaves nothing half done.

It is written before the first file and removed after the commit. A command that finds one takes back what its writer
left behind, unless the commit was made.
"""

import base64
import contextlib
import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from bookiter.store.files import replace_all, uninterrupted, write_whole
from bookiter.store.repo import Repository

_NAME = "journal.json"
TRAILER = "Bookiter-Iteration"


@contextlib.contextmanager
def written(
    folder: Path, root: Path, run: str, before: Mapping[str, bytes | None], after: Mapping[str, bytes]
) -> Iterator[list[str]]:
    """Replace files, and put them back unless the block ends well; ``folder`` is where the note is kept.

    Yields a list that names, after a failure, the files somebody else changed meanwhile: those are left as they are.
    Raises NotReady when a file is not as ``before`` says.
    """
    note = {
        "run": run,
        "files": {path: {"before": _encoded(before.get(path)), "after": _digest(data)} for path, data in after.items()},
    }
    write_whole(folder / _NAME, json.dumps(note).encode())
    foreign: list[str] = []
    try:
        replace_all(root, before, after)
        yield foreign
    except BaseException:
        with uninterrupted():
            foreign += _taken_back(root, note)
        raise
    finally:
        (folder / _NAME).unlink(missing_ok=True)


def recover(folder: Path, root: Path, repo: Repository | None) -> list[str]:
    """Take back what a killed process left half done; return the files that were put back."""
    try:
        note: dict[str, Any] = json.loads((folder / _NAME).read_bytes())
        paths = list(note["files"])
    except (OSError, ValueError, KeyError, TypeError):
        (folder / _NAME).unlink(missing_ok=True)
        return []
    if repo is not None and note["run"] in repo.trailers(TRAILER, paths):
        (folder / _NAME).unlink(missing_ok=True)
        return []
    with uninterrupted():
        foreign = _taken_back(root, note)
        if repo is not None:
            repo.unstage(paths)
    (folder / _NAME).unlink(missing_ok=True)
    return [path for path in paths if path not in foreign]


def _taken_back(root: Path, note: Mapping[str, Any]) -> list[str]:
    """Put back what still holds what we wrote, and name what holds something else."""
    foreign = []
    for path, item in note["files"].items():
        place = root / path
        now = place.read_bytes() if place.is_file() and not place.is_symlink() else None
        before = None if item["before"] is None else base64.b64decode(item["before"])
        if now is not None and _digest(now) == item["after"]:
            if before is None:
                place.unlink()
            else:
                write_whole(place, before)
        elif now != before:
            foreign.append(path)
    return foreign


def _encoded(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode("ascii")


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
