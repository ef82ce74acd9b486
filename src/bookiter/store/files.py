"""Write files so that each is whole old or whole new, and a group of them all new or all old."""

import contextlib
import errno
import os
import re
import shutil
import signal
import threading
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from types import FrameType

from bookiter.errors import NotReady

_TEMPORARY = re.compile(r"\.bookiter-(\d+)-[0-9a-f]{12}\.tmp")


def write_whole(path: Path, data: bytes) -> None:
    """Write one file by way of a temporary one beside it, keeping the mode of the file it replaces."""
    temporary = _written_beside(path, data)
    try:
        os.replace(temporary, path)  # noqa: PTH105 - os.replace is the documented atomic one
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def replace_all(
    root: Path, before: Mapping[str, bytes | None], after: Mapping[str, bytes | None], *, keep: Path | None = None
) -> None:
    """Replace files below ``root``, all or none; None stands for no file.

    ``before`` is what each must hold now, ``after`` what each will. The old files stay in the folder ``keep`` until
    ``forget_kept``: to put them back then takes no space on the disk, the lack of which may be why it is needed.

    Raises NotReady when a file changed meanwhile or cannot be written; then every file is as it was.
    """
    staged: dict[str, Path | None] = {}
    path = ""
    try:
        for path, data in after.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            staged[path] = None if data is None else _written_beside(root / path, data)
        with uninterrupted():
            _require_unchanged(root, before)
            if keep:
                for path in after:
                    _keep(root / path, kept_as(keep, path))
            _swap(root, before, staged, keep)
            for folder in {(root / path).parent for path in after}:
                sync_folder(folder)
    except OSError as error:
        raise NotReady(
            f"{path} could not be written: {error.strerror}. Nothing was changed.",
            hint="Look at the folder's permissions and the space on the disk.",
        ) from error
    finally:
        for temporary in staged.values():
            if temporary is not None:
                temporary.unlink(missing_ok=True)


def put_back(path: Path, data: bytes | None, kept: Path | None) -> None:
    """Put a file back to what it held, whatever it holds now; the one that was kept comes back itself."""
    if data is None:
        path.unlink(missing_ok=True)
    elif kept and kept.is_file() and not kept.is_symlink() and kept.read_bytes() == data:
        os.replace(kept, path)  # noqa: PTH105
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)


def forget_kept(folder: Path, paths: Iterable[str]) -> None:
    """Remove the old files that were kept in a folder."""
    for path in paths:
        kept_as(folder, path).unlink(missing_ok=True)


def sweep(folder: Path, *, shared: bool = False) -> None:
    """Remove the temporary files that killed processes have left in a folder; of a ``shared`` one only those of the dead."""
    for entry in os.scandir(folder) if folder.is_dir() else ():
        made = _TEMPORARY.fullmatch(entry.name)
        if made and not (shared and _is_alive(int(made[1]))):
            Path(entry.path).unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make sure that what was renamed in a folder outlasts a power cut; some file systems cannot."""
    with contextlib.suppress(OSError):
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # somebody else's
        pass
    return True


def _keep(path: Path, kept: Path) -> None:
    kept.unlink(missing_ok=True)
    try:
        os.link(path, kept, follow_symlinks=False)
    except FileNotFoundError:
        return
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO):
            raise  # what could not be put back must not be begun; any other reason is a file system without links


def kept_as(folder: Path, path: str) -> Path:
    """Return where the old file of a path is kept: not beside it, where a hook might add it to the commit."""
    return folder / f"kept-{sha256(os.fsencode(path)).hexdigest()[:16]}"


def _require_unchanged(root: Path, before: Mapping[str, bytes | None]) -> None:
    for path, data in before.items():
        place = root / path
        now = place.read_bytes() if place.is_file() else None
        if place.is_symlink() or now != data:
            raise NotReady(
                f"{path} was changed by someone else in the meantime. Nothing was written.",
                hint="Your edit is untouched. Commit or stash it, then try again.",
            )


def _swap(root: Path, before: Mapping[str, bytes | None], staged: Mapping[str, Path | None], keep: Path | None) -> None:
    done: list[str] = []
    try:
        for path, temporary in staged.items():
            if temporary is None:
                (root / path).unlink(missing_ok=True)
            else:
                os.replace(temporary, root / path)  # noqa: PTH105
            done.append(path)
    except BaseException:
        for path in done:
            put_back(root / path, before[path], kept_as(keep, path) if keep else None)
        raise


def _written_beside(path: Path, data: bytes) -> Path:
    temporary = path.with_name(f".bookiter-{os.getpid()}-{_short(path)}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename = str(path)  # what the person knows; a failed write names no file at all
        raise
    return temporary


def _short(path: Path) -> str:
    # Not the whole name: that may be as long as a name can be.
    return sha256(os.fsencode(path.name)).hexdigest()[:12]


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
