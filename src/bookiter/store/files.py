"""Write files so that each is whole old or whole new, and a group of them all new or all old."""

import contextlib
import os
import shutil
import signal
import threading
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from types import FrameType

from bookiter.errors import NotReady


def write_whole(path: Path, data: bytes) -> None:
    """Write one file by way of a temporary one beside it, keeping the mode of the file it replaces."""
    temporary = _written_beside(path, data)
    os.replace(temporary, path)  # noqa: PTH105 - os.replace is the documented atomic one


def replace_all(root: Path, before: Mapping[str, bytes | None], after: Mapping[str, bytes]) -> None:
    """Replace files below ``root``, all or none; ``before`` is what each must hold now, None for one that must not exist.

    Raises NotReady when a file changed meanwhile or cannot be written; then every file is as it was.
    """
    staged: dict[str, Path] = {}
    path = ""
    try:
        for path, data in after.items():
            staged[path] = _written_beside(root / path, data)
        with uninterrupted():
            _require_unchanged(root, before)
            _swap(root, before, staged)
    except OSError as error:
        raise NotReady(
            f"{path} could not be written: {error.strerror}. Nothing was changed.",
            hint="Look at the folder's permissions and the space on the disk.",
        ) from error
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)


def restore(root: Path, before: Mapping[str, bytes | None]) -> None:
    """Put files back to what they held, whatever they hold now."""
    for path, data in before.items():
        if data is None:
            (root / path).unlink(missing_ok=True)
        else:
            write_whole(root / path, data)


def _require_unchanged(root: Path, before: Mapping[str, bytes | None]) -> None:
    for path, data in before.items():
        place = root / path
        now = place.read_bytes() if place.is_file() else None
        if place.is_symlink() or now != data:
            raise NotReady(
                f"{path} was changed by someone else in the meantime. Nothing was written.",
                hint="Your edit is untouched. Commit or stash it, then try again.",
            )


def _swap(root: Path, before: Mapping[str, bytes | None], staged: Mapping[str, Path]) -> None:
    done: list[str] = []
    try:
        for path, temporary in staged.items():
            os.replace(temporary, root / path)  # noqa: PTH105
            done.append(path)
    except BaseException:
        restore(root, {path: before[path] for path in done})
        raise


def _written_beside(path: Path, data: bytes) -> Path:
    # Not made from the whole name: that may be as long as a name can be.
    temporary = path.with_name(f".bookiter-{os.getpid()}-{sha256(os.fsencode(path.name)).hexdigest()[:12]}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


@contextlib.contextmanager
def uninterrupted() -> Iterator[list[int]]:
    """Hold ^C and SIGTERM back until the block has ended: a swap of files is finished or undone, never left half.

    Yields the signals that came meanwhile; what is left in the list at the end takes effect then.
    """
    held: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield held
        return

    def hold(number: int, _: FrameType | None) -> None:
        held.append(number)

    mine = [
        which for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) if signal.getsignal(which) != signal.SIG_IGN
    ]
    old = {which: signal.signal(which, hold) for which in mine}  # what is ignored, as under nohup, stays so
    try:
        yield held
    finally:
        for which, handler in old.items():
            signal.signal(which, handler)
        for number in held[:1]:
            signal.raise_signal(number)
