"""Texts in and out of git's object store: many at once, without touching index or working tree."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bookiter.store.repo import GitFailed, Repository

# A temporary index must be one plain file, whatever the repository is set to.
_PLAIN_INDEX = ("-c", "core.splitIndex=false", "-c", "core.fsmonitor=false", "-c", "core.fileMode=false")


def read_many(repo: Repository, revision: str, paths: Sequence[str]) -> dict[str, bytes | None]:
    """Return files of a commit as a checkout would write them; None for those that the commit does not have."""
    if not paths:
        return {}
    blobs = dict(_blobs(repo.run("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", revision)))
    present = [path for path in paths if repo.full(path) in blobs and "\n" not in path]
    # With filters git gives the size before them, so texts are told apart by asking for what nobody has in between.
    boundary = f"none-{secrets.token_hex(16)}"
    wanted = "".join(f"{blobs[repo.full(path)]} {repo.full(path)}\n{boundary} x\n" for path in present)
    out = (
        repo.run("cat-file", "--batch", "--filters", stdin=wanted.encode("utf-8", "surrogateescape"))
        if present
        else b""
    )
    texts: dict[str, bytes | None] = dict(zip(present, _contents(out, boundary), strict=True))
    # A name with a line feed in it would end the line that asks for it.
    return {path: repo.read(path, revision) if "\n" in path else texts.get(path) for path in paths}


def _blobs(listing: bytes) -> Iterator[tuple[str, str]]:
    for record in listing.split(b"\0"):
        meta, _, name = record.partition(b"\t")
        mode, _, rest = meta.partition(b" ")
        if mode in (b"100644", b"100755"):  # what a symbolic link leads to is none of ours
            yield name.decode("utf-8", "surrogateescape"), rest.split(b" ")[1].decode("ascii")


def _contents(out: bytes, boundary: str) -> Iterator[bytes]:
    for record in out.split(f"\n{boundary} missing\n".encode())[:-1]:
        yield record.partition(b"\n")[2]


def changed_paths(repo: Repository, before: str, after: str) -> tuple[str, ...]:
    """Return the files, of the whole repository, in which two commits differ."""
    out = repo.run("diff-tree", "-r", "-z", "--name-only", "--no-renames", "--end-of-options", before, after)
    return tuple(name.decode("utf-8", "surrogateescape") for name in out.split(b"\0") if name)


def commit_files(repo: Repository, parent: str, files: Mapping[str, bytes | None], message: str) -> str:
    """Make a commit that differs from its parent in these files (None removes one), and return its id.

    Neither a branch, the index nor the working tree moves. Attributes and filters apply as they do to ``git add``.
    """
    with _workplace(repo) as (folder, env):
        repo.run(*_PLAIN_INDEX, "read-tree", "--end-of-options", parent, folder=folder, env=env)
        for path, data in files.items():
            if data is not None:
                place = folder / repo.full(path)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
        names = b"".join(repo.full(path).encode("utf-8", "surrogateescape") + b"\0" for path in files)
        if names:
            repo.run(
                *_PLAIN_INDEX, "update-index", "--add", "--remove", "-z", "--stdin", stdin=names, folder=folder, env=env
            )
        tree = repo.run(*_PLAIN_INDEX, "write-tree", folder=folder, env=env).decode().strip()
    made = repo.run("commit-tree", tree, "-p", parent, "-F", "-", stdin=message.encode("utf-8"))
    return made.decode().strip()


@contextmanager
def _workplace(repo: Repository) -> Iterator[tuple[Path, dict[str, str]]]:
    """A working tree and index of our own over the repository's objects."""
    with TemporaryDirectory(prefix="bookiter-") as name:
        folder = Path(name) / "tree"
        folder.mkdir()
        yield (
            folder,
            {"GIT_DIR": str(repo.git_dir), "GIT_WORK_TREE": str(folder), "GIT_INDEX_FILE": str(Path(name) / "index")},
        )


def merged(repo: Repository, ours: bytes, base: bytes, theirs: bytes) -> bytes | None:
    """Return git's own three-way merge of a file; None where both sides changed the same lines."""
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    with TemporaryDirectory(prefix="bookiter-") as name:
        places = [Path(name) / side for side in ("ours", "base", "theirs")]
        for place, data in zip(places, (ours, base, theirs), strict=True):
            place.write_bytes(data)
        try:
            return repo.run("merge-file", "-p", "-q", *map(str, places))
        except GitFailed:
            return None
