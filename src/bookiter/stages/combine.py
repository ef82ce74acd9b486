"""Bring a change made elsewhere into the last commit: three-way, file by file, by git's own merge."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bookiter.errors import NotReady
from bookiter.manuscript.book import decode
from bookiter.stages.change import Change
from bookiter.store.objects import merged, read_many
from bookiter.store.repo import Repository

Files = Mapping[str, bytes | None]


@dataclass(frozen=True)
class Combined:
    """What would become of the files of the last commit; None stands for no file."""

    before: dict[str, bytes | None]
    after: dict[str, bytes | None]

    def __bool__(self) -> bool:
        return bool(self.after)

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(self.after)

    def change(self) -> Change:
        """Return what becomes of texts that stay texts. Raises NotReady when one is not UTF-8."""
        both = [path for path, data in self.after.items() if data is not None and self.before[path] is not None]
        return Change.between(
            {path: decode(path, self.before[path] or b"") for path in both},
            {path: decode(path, self.after[path] or b"") for path in both},
        )

    @property
    def removed(self) -> tuple[str, ...]:
        return tuple(path for path, data in self.after.items() if data is None)

    @property
    def restored(self) -> tuple[str, ...]:
        return tuple(path for path in self.after if self.before[path] is None)


def combine(repo: Repository, base: str, theirs: str, paths: Sequence[str], *, what: str) -> Combined:
    """Return what the last commit becomes with the change from ``base`` to ``theirs`` in these files.

    Raises NotReady, naming the files, where both sides changed the same lines; then nothing is to be written.
    """
    old, new, now = (read_many(repo, revision, paths) for revision in (base, theirs, "HEAD"))
    after: dict[str, bytes | None] = {}
    conflicts = []
    for path in paths:
        result, clean = _file(repo, old[path], new[path], now[path])
        if not clean:
            conflicts.append(path)
        elif result != now[path]:
            after[path] = result
    if conflicts:
        raise NotReady(
            f"{what} does not fit any more: {_listed(conflicts)} was changed in the same lines since. Nothing was changed.",
            hint="Iterate anew from the text as it is now.",
            details={"conflicts": conflicts},
        )
    return Combined({path: now[path] for path in after}, after)


def _file(repo: Repository, old: bytes | None, new: bytes | None, now: bytes | None) -> tuple[bytes | None, bool]:
    if now in (old, new):
        return new, True
    if old == new:
        return now, True
    if old is None or new is None or now is None:
        return None, False
    result = merged(repo, now, old, new)
    return result, result is not None


def _listed(paths: Sequence[str]) -> str:
    return ", ".join(paths[:3]) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")


def require_places(root: Path, paths: Iterable[str]) -> None:
    """Raise NotReady when a file that is to be written anew would be written through a symbolic link."""
    for path in paths:
        place = root
        for part in PurePosixPath(path).parts:
            place = place / part
            if place.is_symlink():
                raise NotReady(
                    f"{path} lies behind a symbolic link; bookiter changes only regular files inside the manuscript.",
                    hint="Put the file itself into the manuscript.",
                    details={"path": path},
                )
