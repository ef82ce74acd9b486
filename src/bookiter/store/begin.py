"""Where there is no repository yet: is git there, is the folder in one, and how to make one."""

from collections.abc import Sequence
from pathlib import Path

from bookiter.errors import NotReady
from bookiter.store.repo import open_repository, run_git, tail


def git_version() -> str | None:
    """Return git's version; None when git is not installed."""
    try:
        code, out, _ = run_git(Path.cwd(), ("--version",))
    except NotReady:
        return None
    return out.decode("utf-8", "replace").removeprefix("git version ").strip() if code == 0 else None


def require_not_bare(folder: Path) -> None:
    """Raise NotReady when a folder lies in a bare repository."""
    if _asks(folder, "--is-bare-repository"):
        raise NotReady(
            "this is a bare repository: it has no place for files to edit.",
            hint="Work in a clone of it: `git clone PATH`.",
        )


def begin_repository(folder: Path, paths: Sequence[str], message: str) -> tuple[str | None, str]:
    """Make a folder a repository with a first commit of these paths; return the commit, or None and why there is none.

    A folder inside another repository is left to that one's owner, unless that repository ignores it.
    """
    if _asks(folder, "--is-inside-work-tree") and run_git(folder, ("check-ignore", "--quiet", "."))[0] != 0:
        return None, "the folder is inside a git repository already; commit the files there"
    code, _, err = run_git(folder, ("init", "--quiet"))
    if code:
        return None, f"git init failed: {tail(err)}"
    with open_repository(folder) as repo:
        if repo.identity() is None:
            return (
                None,
                'git does not know who you are: `git config --global user.name "Your Name"`, likewise user.email',
            )
        run_git(folder, ("--literal-pathspecs", "add", "--", *paths))
        code, _, err = run_git(folder, ("commit", "--quiet", "--file=-"), message.encode())
        return (repo.head(), "") if code == 0 else (None, f"git commit failed: {tail(err)}")


def _asks(folder: Path, question: str) -> bool:
    place = next((place for place in (folder, *folder.resolve().parents) if place.is_dir()), folder)
    code, out, _ = run_git(place, ("rev-parse", question))
    return code == 0 and out.strip() == b"true"
