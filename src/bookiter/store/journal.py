"""A note of what is about to be written, so that a killed process leaves nothing half done.

It is written before the first file and removed after the commit. A command that finds one takes back what its writer
left behind, unless the commit was made; then it finishes what goes with it. The note is untrusted: a repository may have
been cloned with one in it.
"""

import base64
import contextlib
import errno
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from bookiter.errors import NotReady
from bookiter.store.candidates import settle
from bookiter.store.files import (
    forget_kept,
    kept_as,
    put_back,
    replace_all,
    sweep,
    sync_folder,
    uninterrupted,
    write_whole,
)
from bookiter.store.objects import read_many
from bookiter.store.repo import Repository

_NAME = "journal.json"
TRAILER = "Bookiter-Iteration"


@dataclass(frozen=True)
class Writing:
    """What is about to be written: by which run, on which commit, and which of the files are bookiter's own.

    ``candidates`` are those that count as accepted once the commit is made; ``recover`` sees to that too.
    """

    run: str
    head: str | None
    before: Mapping[str, bytes | None]
    after: Mapping[str, bytes | None]
    own: frozenset[str] = frozenset()
    candidates: tuple[str, ...] = ()

    def note(self) -> dict[str, Any]:
        """Return all that is needed to take it back, JSON-ready."""
        files = {
            path: {"before": _encoded(self.before.get(path)), "after": _digest(data)}
            for path, data in self.after.items()
        }
        return {"run": self.run, "head": self.head, "candidates": list(self.candidates), "files": files}


@dataclass
class Note:
    """What becomes of a note: ``foreign`` are the files that somebody else changed meanwhile, which are left as they are.

    One that ``stays`` leaves to ``recover`` what could not be done, though the files are as they must be.
    """

    foreign: list[str] = field(default_factory=list)
    stays: bool = False


@dataclass(frozen=True)
class _File:
    """One file of a note: what it held, the digest of what it was to hold, and whether it is bookiter's own."""

    path: str
    before: bytes | None
    after: str
    own: bool


@contextlib.contextmanager
def written(folder: Path, root: Path, writing: Writing) -> Iterator[Note]:
    """Replace files, and put them back unless the block ends well; ``folder`` is where the note is kept.

    Raises NotReady when a file is not as it should be before. A note that cannot be carried out stays.
    """
    write_whole(folder / _NAME, json.dumps(writing.note()).encode())
    sync_folder(folder)  # else a power cut could leave the files new and the note lost
    files = [
        _File(path, writing.before.get(path), _digest(data), path in writing.own)
        for path, data in writing.after.items()
    ]
    note = Note()
    try:
        replace_all(root, writing.before, writing.after, keep=folder)
        yield note
    except BaseException:
        with uninterrupted():
            note.foreign += _taken_back(folder, root, files)[1]
            _forget(folder, files, note.stays)
        raise
    with contextlib.suppress(OSError):  # all is done: a note that cannot be removed says nothing else
        _forget(folder, files, note.stays)


def pending(folder: Path) -> bool:
    """Tell whether somebody is writing, or was killed while writing."""
    return (folder / _NAME).is_file()


def recover(
    folder: Path, root: Path, repo: Repository | None, belongs: Callable[[str], bool], own: Collection[str]
) -> list[str]:
    """Take back what a killed process left half done; return the files that were put back.

    ``belongs`` tells whether a path may be written at all, ``own`` are the histories. Raises NotReady while another git
    holds the index, and when a file cannot be written; then the note stays.
    """
    if not pending(folder):
        return []
    restored: list[str] = []
    if repo is not None:
        repo.require_unlocked()
    try:
        note, files = _read(folder, root, belongs, own)
        if repo is not None and _is_committed(repo, note, files):
            _finish(root, repo, note, files)
        else:
            with uninterrupted():
                here = [file for file in files if not _is_elsewhere(repo, root, note, file)]
                restored, _ = _taken_back(folder, root, here)
                if repo is not None and not repo.unstage([file.path for file in files if file.before is None]):
                    raise OSError(errno.EIO, "git cannot write its index")
        for place in {(root / file.path).parent for file in files}:
            sweep(place)
        _forget(folder, files)
    except OSError as error:
        raise NotReady(
            f"what an interrupted bookiter left half done cannot be put back: {error.strerror}.",
            hint="Look at the folder's permissions and the space on the disk; any bookiter command tries again.",
        ) from error
    return restored


def _read(
    folder: Path, root: Path, belongs: Callable[[str], bool], own: Collection[str]
) -> tuple[dict[str, Any], list[_File]]:
    """Return a note and those of its files that may be written; a damaged one, never ours, as if it were empty."""
    data = (folder / _NAME).read_bytes()
    try:
        note: dict[str, Any] = json.loads(data)
        files = [
            _File(path, _decoded(item["before"]), str(item["after"]), path in own)
            for path, item in note["files"].items()
            if _is_inside(root, path) and (path in own or belongs(path))
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}, []
    return note, files


def _is_inside(root: Path, path: str) -> bool:
    pure = PurePosixPath(path)
    if not path or pure.is_absolute() or "\0" in path or {"..", ".git", ".bookiter"} & set(pure.parts):
        return False
    return not any((root / part).is_symlink() for part in [pure, *pure.parents])


def _is_committed(repo: Repository, note: Mapping[str, Any], files: Sequence[_File]) -> bool:
    """Tell whether the commit was made: its trailer says so or, if a hook took that out, its files do."""
    head = note.get("head")
    if not isinstance(head, str) or not repo.has_commit(head) or repo.head() == head:
        return False
    if repo.has_said_since(head, f"{TRAILER}: {note.get('run')}"):
        return True
    there = read_many(repo, "HEAD", [file.path for file in files])
    return bool(files) and all(_digest(there[file.path]) == file.after for file in files)


def _finish(root: Path, repo: Repository, note: Mapping[str, Any], files: Sequence[_File]) -> None:
    """Do what would have been done after the commit: candidates count as accepted, and the index is as the commit is."""
    names = note.get("candidates")
    for name in names if isinstance(names, list) else []:
        settle(repo, str(name), "accepted")
    repo.unstage([file.path for file in files if _is_as_committed(repo, root, file)])


def _is_elsewhere(repo: Repository | None, root: Path, note: Mapping[str, Any], file: _File) -> bool:
    """Tell whether the author has gone to another commit meanwhile, and the file is as that one has it."""
    return repo is not None and note.get("head") not in (None, repo.head()) and _is_as_committed(repo, root, file)


def _is_as_committed(repo: Repository, root: Path, file: _File) -> bool:
    return _now(root / file.path) == repo.read(file.path)


def _taken_back(folder: Path, root: Path, files: Sequence[_File]) -> tuple[list[str], list[str]]:
    """Put back what still holds what we wrote, or is ours alone; return what was put back and what is somebody else's."""
    restored, foreign = [], []
    for file in files:
        now = _now(root / file.path)
        if now == file.before:
            continue
        if not file.own and _digest(now) != file.after:
            foreign.append(file.path)
            continue
        put_back(root / file.path, file.before, kept_as(folder, file.path))
        restored.append(file.path)
    return restored, foreign


def _forget(folder: Path, files: Sequence[_File], stays: bool = False) -> None:
    forget_kept(folder, [file.path for file in files])
    if not stays:
        (folder / _NAME).unlink(missing_ok=True)


def _now(place: Path) -> bytes | None:
    return place.read_bytes() if place.is_file() and not place.is_symlink() else None


def _encoded(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode("ascii")


def _decoded(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text, validate=True)


def _digest(data: bytes | None) -> str:
    return "" if data is None else sha256(data).hexdigest()
