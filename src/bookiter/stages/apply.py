"""Apply any unified diff to files: exactly or not at all, and only to files that may be touched."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from bookiter.errors import NotReady
from bookiter.manuscript.book import Book, decode, read_regular
from bookiter.patch import Applied, FilePatch, apply_files, read_reply, resolve_path
from bookiter.stages.change import Change
from bookiter.stages.documents import Target
from bookiter.store.files import replace_all
from bookiter.store.journal import Writing, written
from bookiter.store.repo import Repository
from bookiter.store.runs import Runs

_MOST_FILES = 20_000


@dataclass(frozen=True)
class Application:
    """A diff placed on files, not written yet; ``placed`` tells by path how each hunk was placed."""

    change: Change
    placed: Mapping[str, Applied]


def place_on_book(book: Book, diff: str, *, reverse: bool = False) -> Application:
    """Place a diff on a manuscript's units. Raises PatchRefused when it names other files or does not fit."""
    return _place(book.root, diff, book.paths, reverse)


def place_on_folder(folder: Path, diff: str, *, reverse: bool = False) -> Application:
    """Place a diff on the regular files below a folder, never on symlinks or anything in .git."""
    patches = read_reply(diff)
    return _place(folder, diff, _candidates(folder, patches), reverse)


def _place(root: Path, diff: str, allowed: frozenset[str], reverse: bool) -> Application:
    paths = {resolve_path(patch, allowed) for patch in read_reply(diff)}
    texts = {path: decode(path, read_regular(root, path)) for path in sorted(paths)}
    placed = apply_files(texts, diff, reverse=reverse)
    return Application(Change.between(texts, {path: applied.text for path, applied in placed.items()}), placed)


def committed_change(book: Book, repo: Repository, diff: str) -> Change:
    """Return what a diff would change in the manuscript as it was committed last; nothing is written."""
    paths = {resolve_path(patch, book.paths) for patch in read_reply(diff)}
    texts = {path: committed_text(repo, path) for path in sorted(paths)}
    return Change.between(texts, {path: applied.text for path, applied in apply_files(texts, diff).items()})


def _candidates(folder: Path, patches: tuple[FilePatch, ...]) -> frozenset[str]:
    """Return the files a diff may mean: those with a name it gives; all of a small folder when it gives none."""
    wanted = {PurePosixPath(name).name for patch in patches for name in (patch.old_name, patch.new_name) if name}
    found = []
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if name not in (".git", ".bookiter") and not Path(at, name).is_symlink()
        )
        here = Path(at)
        found += [here / name for name in names if (not wanted or name in wanted) and not (here / name).is_symlink()]
        if len(found) > _MOST_FILES:
            break
    return frozenset(path.relative_to(folder).as_posix() for path in found if path.is_file())


def require_ours(repo: Repository, runs: Runs, change: Change) -> None:
    """Raise NotReady when a file has uncommitted edits that ``bookiter apply`` did not make."""
    known = runs.applied()
    before = {file.path: file.before for file in change.files}
    for item in repo.dirty(change.paths):
        if known.get(item.path) != _hash(before.get(item.path, "")):
            raise NotReady(
                f"{item.path} is {item.how}; bookiter changes only what is committed, so that nothing of yours is lost.",
                hint=f"Commit it (`git add {item.path} && git commit`) or stash it (`git stash`), then try again.",
                details={"path": item.path, "how": item.how},
            )


def write_change(root: Path, change: Change, runs: Runs | None) -> None:
    """Write a change to its files, all or none, and note what was written."""
    before = {file.path: file.before.encode("utf-8") for file in change.files}
    after = {file.path: file.after.encode("utf-8") for file in change.files}
    if runs is None:
        replace_all(root, before, after)
        return
    with written(runs.prepared(), root, Writing("apply", None, before, after)):
        runs.note_applied({file.path: _hash(file.after) for file in change.files})


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8")).hexdigest()


def working_change(book: Book, repo: Repository, targets: list[Target]) -> Change:
    """Return what the working tree has changed in the targets since HEAD."""
    before = {t.path: committed_text(repo, t.path) for t in targets}
    return Change.between(before, {path: book.read(path) for path in before})


def committed_text(repo: Repository, path: str) -> str:
    """Return a file's text at HEAD as a checkout would write it. Raises NotReady when it is not committed."""
    data = repo.read(path)
    if data is None:
        raise NotReady(
            f"{path} is not in the last commit of this manuscript.",
            hint="Commit it first, or check that the intent belongs to this manuscript.",
        )
    return decode(path, data)
