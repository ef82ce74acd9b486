"""Write files and commit them as one: journalled, so that whatever interrupts it leaves all or nothing."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from bookiter.errors import BookiterError
from bookiter.manuscript.book import read_regular
from bookiter.manuscript.units import HISTORY_NAME
from bookiter.stages.context import Context
from bookiter.store.candidates import settle
from bookiter.store.files import uninterrupted
from bookiter.store.journal import Note, Writing, written


@dataclass(frozen=True)
class Landing:
    """What becomes of files in one commit: before and after of each, None for no file.

    ``histories`` are the new contents of bookiter's own files; ``applied`` are files that hold their change already;
    ``candidates`` are those that count as accepted by it.
    """

    id: str
    message: str
    before: Mapping[str, bytes | None]
    after: Mapping[str, bytes | None]
    histories: Mapping[str, bytes]
    applied: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    paths: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "paths", tuple(sorted({*self.after, *self.histories, *self.applied})))


def land(ctx: Context, landing: Landing) -> str:
    """Carry out a landing; return the commit's id.

    Raises NotReady when git or a hook refuses; then files, histories and index are as they were before.
    """
    root = ctx.book.root
    before, after = dict(landing.before), dict(landing.after)
    for path, data in landing.histories.items():
        before[path] = read_regular(root, path) if (root / path).exists() else None
        after[path] = data
    own = frozenset(landing.histories)
    writing = Writing(landing.id, ctx.repo.head(), before, after, own=own, candidates=landing.candidates)
    note = Note()
    try:
        with uninterrupted() as signals:
            with written(ctx.runs.prepared(), root, writing) as note:
                try:
                    commit = ctx.repo.commit(landing.paths, landing.message, lambda: signals, ctx.runs.lock)
                except BaseException:  # on a full disk git cannot even take the mark of a new file out of its index
                    note.stays = not ctx.repo.unstage([path for path, data in before.items() if data is None])
                    raise
                note.stays = not _settled(ctx, landing.candidates)
            signals.clear()  # the commit is made: whoever wanted to stop came too late
    except BookiterError as error:
        if note.foreign:
            names = ", ".join(note.foreign)
            error.hint += (
                f" {names} was changed meanwhile and left so; `git restore -- {note.foreign[0]}` takes it back."
            )
        raise
    with suppress(OSError):  # the commit is made, and nothing that comes after it may say otherwise
        ctx.runs.forget_applied(landing.paths)
    ctx.repo.merge_by_lines(HISTORY_NAME)
    return commit


def _settled(ctx: Context, names: Iterable[str]) -> bool:
    """Let candidates count as accepted. The commit counts, not the label: what fails here is left to the next command."""
    try:
        for name in names:
            settle(ctx.repo, name, "accepted")
    except BookiterError:
        return False
    return True
