"""All of git, and the only module that talks to it: argument lists, bytes, and `--` before anything a person wrote."""

import os
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple

import git

from bookiter.errors import NotReady
from bookiter.store.files import write_whole

# Set by git for its hooks, or by a person: they would point us at another repository or index than the manuscript's.
MISLEADING = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_TRACE",
)  # fmt: skip
_SETTINGS = ("-c", "core.quotepath=off")
_LOGGED = "--format=%x00%H %P%n%B"
_CHUNK = 1 << 16
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
_IN_PROGRESS = {
    "MERGE_HEAD": "a merge", "CHERRY_PICK_HEAD": "a cherry-pick", "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase", "rebase-apply": "a rebase",
}  # fmt: skip


class GitFailed(NotReady):
    """Git refused a command that bookiter had reason to think it would take."""

    code = "git"

    def __init__(self, message: str) -> None:
        super().__init__(message, hint="Look at the space on the disk, and at what `git status` says.")


@dataclass(frozen=True)
class Dirty:
    """A path with uncommitted changes; ``how`` is in the author's words: modified, staged, untracked, deleted."""

    path: str
    how: str


class Logged(NamedTuple):
    """One commit of the history; ``paths``, of the whole repository, are what it changed against its one parent."""

    id: str
    parents: tuple[str, ...]
    message: str
    paths: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        return self.message.partition("\n")[0]


class Repository:
    """The repository a manuscript lives in; every path is relative to the manuscript's root, with ``/``."""

    def __init__(self, repo: git.Repo, root: Path) -> None:
        self._repo = repo
        self.root = root
        worktree = Path(str(repo.working_tree_dir)).resolve()
        inside = root.resolve().relative_to(worktree).as_posix()
        self._prefix = "" if inside == "." else inside + "/"

    def head(self) -> str | None:
        """Return the id of the commit that HEAD names; None before the first commit."""
        code, out, err = self._execute("rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}")
        if code > 1:  # 1 is an unborn branch; more is a repository that git itself will not work in
            hint = err.strip().splitlines()[-1].strip() if "safe.directory" in err else "`git status` tells more."
            raise NotReady(f"git cannot work in this repository: {tail(err)}", hint=hint)
        return _text(out).strip() if code == 0 else None

    def parents(self, commit: str) -> tuple[str, ...]:
        """Return the ids of a commit's parents that are here."""
        out = self._try("rev-list", "--parents", "-n", "1", "--end-of-options", commit)
        return tuple(out.split()[1:]) if out else ()

    def subject(self, commit: str) -> str:
        """Return the first line of a commit's message."""
        return self._try("log", "-1", "--format=%s", "--end-of-options", commit, "--") or ""

    def has_commit(self, commit: str) -> bool:
        """Tell whether a commit id names a commit of this repository."""
        return (
            bool(commit)
            and self._try("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}") is not None
        )

    def branch(self) -> str | None:
        """Return the name of the branch that HEAD is on; None when it is detached."""
        return self._try("symbolic-ref", "--quiet", "--short", "HEAD")

    def identity(self) -> str | None:
        """Return the name and address that git would commit with; None when it knows none."""
        ident = self._try("var", "GIT_COMMITTER_IDENT")
        author = self._try("var", "GIT_AUTHOR_IDENT")
        return ident.rsplit(" ", 2)[0] if ident and author else None

    def require_commits(self) -> str:
        """Return HEAD's commit. Raises NotReady before the first commit."""
        if head := self.head():
            return head
        raise NotReady(
            "the repository has no commit yet, so nothing could be undone.",
            hint='Commit the manuscript first: `git add . && git commit -m "Before bookiter"`.',
        )

    def require_committable(self) -> str:
        """Return the branch a commit would be made on. Raises NotReady when none could be made, with what to do about it."""
        self.require_commits()
        branch = self.require_branch()
        self._require_nothing_in_progress()
        if self.identity() is None:
            raise NotReady(
                "git does not know who you are, so it would refuse to commit.",
                hint='Tell it: `git config user.name "Your Name"` and `git config user.email you@example.org`.',
            )
        return branch

    def require_branch(self, expected: str | None = None) -> str:
        """Return the branch that HEAD is on. Raises NotReady when it is detached, or not the expected one any more."""
        branch = self.branch()
        if branch is None:
            raise NotReady(
                "HEAD is detached: a commit made here would belong to no branch.",
                hint="Go to a branch first: `git switch NAME`, or `git switch -c NAME` for a new one.",
            )
        if expected is not None and branch != expected:
            raise NotReady(
                f"the branch was switched from {expected} to {branch} in the meantime. Nothing was committed.",
                hint=f"Go back with `git switch {expected}` and try again.",
            )
        return branch

    def require_unlocked(self) -> None:
        """Raise NotReady while another git command holds the index."""
        if (Path(str(self._repo.git_dir)) / "index.lock").exists():
            raise NotReady(
                "the git index is locked: another git command is at work, or one was killed.",
                hint="Wait for it; if none is running, remove .git/index.lock.",
            )

    def has_said_since(self, commit: str | None, line: str) -> bool:
        """Tell whether a commit made after ``commit`` has this line in its message, wherever a hook may have put it."""
        if self.head() is None:
            return False
        since = f"{commit}..HEAD" if commit else "HEAD"
        return line in _text(self._run("log", "--format=%B", "--end-of-options", since, "--")).splitlines()

    def _require_nothing_in_progress(self) -> None:
        folder = Path(str(self._repo.git_dir))
        self.require_unlocked()
        for name, what in _IN_PROGRESS.items():
            if (folder / name).exists():
                raise NotReady(f"{what} is in progress.", hint="Finish or abort it first; `git status` says how.")

    def dirty(self, paths: Iterable[str]) -> tuple[Dirty, ...]:
        """Return those of the paths that differ from HEAD in the index or on disk, or are not tracked."""
        wanted = list(paths)
        if not wanted:
            return ()
        out = self._run(
            "--literal-pathspecs", "status", "--porcelain=v1", "-z", "--untracked-files=all", "--ignored=matching",
            "--no-renames", "--",
            *self._full(wanted),
        )  # fmt: skip
        return tuple(self._dirty(record) for record in out.split(b"\0") if record) + self._hidden(wanted)

    def _hidden(self, paths: Sequence[str]) -> tuple[Dirty, ...]:
        """Return the paths whose edits git was told not to look at (assume-unchanged, skip-worktree)."""
        out = self._run("--literal-pathspecs", "ls-files", "-v", "-z", "--", *self._full(paths))
        marked = [os.fsdecode(record) for record in out.split(b"\0") if record[:1].islower() or record[:1] == b"S"]
        return tuple(Dirty(entry[2:].removeprefix(self._prefix), "hidden from git's eyes") for entry in marked)

    def _dirty(self, record: bytes) -> Dirty:
        index, tree, path = chr(record[0]), chr(record[1]), os.fsdecode(record[3:])
        if index in "?!":
            how = "not committed yet" if index == "?" else "ignored by git"
        elif tree != " ":
            how = "deleted" if tree == "D" else "edited"
        else:
            how = "staged"
        return Dirty(path.removeprefix(self._prefix), how)

    def read(self, path: str, revision: str = "HEAD") -> bytes | None:
        """Return a file of a commit as a checkout would write it; None when the commit has no such file."""
        spec = f"{revision}:{self._prefix}{path}"
        code, out, _ = self._execute("cat-file", "--filters", "--end-of-options", spec)
        return out if code == 0 else None

    def commit(
        self,
        paths: Sequence[str],
        message: str,
        stop: Callable[[], object] = lambda: None,
        lock: int | None = None,
    ) -> str:
        """Commit just these paths with git's own commit, hooks and signing included, and return the new commit's id.

        What else is staged stays staged. Git is ended when ``stop`` says so while it works; ``lock`` is a file descriptor
        that it holds with us, and after us if we are killed. Raises NotReady with git's words when git or a hook refuses,
        or it was stopped.
        """
        before = self.head()
        new = [d.path for d in self.dirty(paths) if d.how in ("not committed yet", "ignored by git")]
        if new:
            self._run("--literal-pathspecs", "add", "--force", "--intent-to-add", "--", *self._full(new))
        try:
            code, out, err = self._commit_only(self._full(paths), message, stop, lock)
            after = self.head()
        except BaseException:
            self.unstage(new)
            raise
        if after is not None and after != before:
            with suppress(GitFailed):
                if self.dirty(paths):  # a hook rewrote and staged a file, and git's index still has it as it was before
                    self.unstage(paths)
            return after
        self.unstage(new)
        raise NotReady(
            "git did not make the commit" + ("." if _is_gits_own(err) else ", most likely because a hook refused it."),
            hint="What git said: " + (tail(err) or tail(_text(out)) or f"nothing (exit code {code})."),
            details={"exit_code": code, "stderr": err[-2000:]},
        )

    def unstage(self, paths: Sequence[str]) -> bool:
        """Make the index hold what HEAD holds for these paths; the files stay as they are. Tell whether git could."""
        return not paths or self._execute("--literal-pathspecs", "reset", "--quiet", "--", *self._full(paths))[0] == 0

    def _commit_only(
        self, full: Sequence[str], message: str, stop: Callable[[], object], lock: int | None
    ) -> tuple[int, bytes, str]:
        arguments = ("commit", "--quiet", "--only", "--cleanup=verbatim", "--file=-", "--", *full)
        with TemporaryFile() as source, TemporaryFile() as out, TemporaryFile() as err:
            source.write(message.encode("utf-8"))
            source.seek(0)
            process = self._start(("--literal-pathspecs", *arguments), source, out, err, lock)
            while process.poll() is None:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=0.1)
                if stop():
                    process.terminate()
            out.seek(0)
            err.seek(0)
            return process.returncode, out.read(), _text(err.read())

    def _start(
        self, arguments: Sequence[str], source: IO[bytes], out: IO[bytes] | int, err: IO[bytes], lock: int | None = None
    ) -> "subprocess.Popen[bytes]":
        # GitPython pipes both streams, and a hook that outlives git would keep the pipes open.
        folder = str(self._repo.working_tree_dir)
        return subprocess.Popen(
            ["git", *_SETTINGS, *arguments],
            cwd=folder,
            stdin=source,
            stdout=out,
            stderr=err,
            env={**os.environ, **_ENVIRONMENT},
            pass_fds=() if lock is None else (lock,),
        )

    def merge_by_lines(self, name: str) -> None:
        """Let git keep the lines of both sides when files of this name are merged, in this clone.

        Without it, taking back any iteration but the last would stop at its neighbours in the history.
        """
        place = Path(str(self._repo.common_dir)) / "info" / "attributes"
        line = f"{name} merge=union"
        with suppress(OSError, UnicodeDecodeError):  # a convenience: never a reason to fail
            known = place.read_text("utf-8") if place.exists() else ""
            if line not in known.splitlines():
                place.parent.mkdir(exist_ok=True)
                text = known + ("" if known.endswith("\n") or not known else "\n") + line + "\n"
                write_whole(place.resolve(), text.encode("utf-8"))

    def last_committed(self, paths: Sequence[str]) -> tuple[str, ...]:
        """Return which of the paths the last commit that touched any of them touched."""
        if not paths or self.head() is None:
            return ()
        out = self._run("--literal-pathspecs", "log", "-1", "--format=", "--name-only", "-z", "--", *self._full(paths))
        names = {os.fsdecode(name).removeprefix(self._prefix) for name in out.strip(b"\0\n").split(b"\0") if name}
        return tuple(path for path in paths if path in names)

    def trailers(self, key: str, paths: Sequence[str]) -> dict[str, str]:
        """Return commit ids by the value of a trailer, for the commits that touched the paths, newest last."""
        out = self._run(
            "--literal-pathspecs", "log", "--reverse", f"--format=%H%x00%(trailers:key={key},valueonly,separator=%x20)%x00", "--",
            *self._full(paths),
        )  # fmt: skip
        fields = [_text(field).strip() for field in out.split(b"\0")]
        pairs = zip(fields[1::2], fields[::2], strict=False)
        return {value: commit for value, commit in pairs if value}

    def log(self, *, names: bool = False) -> Iterator[Logged]:
        """Yield the commits of HEAD's history, every one after all that were made from it; with ``names`` what each changed.

        A merge has no names of its own. Git is ended as soon as the caller needs no more of it.
        """
        if self.head() is None:
            return
        options = ("--name-only", "--no-renames", "--no-relative", "--diff-merges=off") if names else ("--no-patch",)
        plain = ("log", "-z", "--topo-order", "--encoding=UTF-8", "--no-show-signature", _LOGGED)
        arguments = (*plain, *options, "HEAD", "--")
        with TemporaryFile() as nothing, TemporaryFile() as err:
            process = self._start(arguments, nothing, subprocess.PIPE, err)
            try:
                if process.stdout is not None:
                    yield from _logged(process.stdout)
                code = process.wait()
            finally:
                process.kill()
                process.wait()
                if process.stdout is not None:
                    process.stdout.close()
            err.seek(0)
            if code:
                raise GitFailed(f"git log failed: {tail(_text(err.read())) or f'exit code {code}'}")

    def _full(self, paths: Iterable[str]) -> list[str]:
        return [self._prefix + path for path in paths]

    def _try(self, *arguments: str) -> str | None:
        code, out, _ = self._execute(*arguments)
        return _text(out).rstrip("\n") if code == 0 else None

    def _run(self, *arguments: str) -> bytes:
        code, out, err = self._execute(*arguments)
        if code:
            raise GitFailed(f"git {_verb(arguments)} failed: {tail(err) or f'exit code {code}'}")
        return out

    def _execute(self, *arguments: str, stdin: bytes | None = None) -> tuple[int, bytes, str]:
        return run_git(Path(str(self._repo.working_tree_dir)), arguments, stdin)

    @property
    def git_dir(self) -> Path:
        """Where git keeps this working tree's index and HEAD."""
        return Path(str(self._repo.git_dir)).resolve()

    def full(self, path: str) -> str:
        """Return a path of the manuscript as a path of the repository."""
        return self._prefix + path

    def own(self, full: str) -> str | None:
        """Return a path of the repository as one of the manuscript; None when it lies outside."""
        return full.removeprefix(self._prefix) if full.startswith(self._prefix) else None

    def run(
        self,
        *arguments: str,
        stdin: bytes | None = None,
        folder: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> bytes:
        """Run a plumbing command and return what it printed. Raises GitFailed with git's words."""
        code, out, err = run_git(folder or Path(str(self._repo.working_tree_dir)), arguments, stdin, env)
        if code:
            raise GitFailed(f"git {_verb(arguments)} failed: {tail(err) or f'exit code {code}'}")
        return out

    def resolve(self, revision: str) -> str:
        """Return the id of the commit that a revision names. Raises NotReady with git's words when there is none."""
        code, out, err = self._execute("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
        if code or not out.strip():
            raise NotReady(
                f"git knows no commit {revision!r}: {tail(err) or 'no answer'}",
                hint="In a shallow clone it may not be there yet: `git fetch --unshallow`, or fetch the branch.",
                details={"revision": revision},
            )
        return _text(out).strip()

    def merge_base(self, a: str, b: str) -> str:
        """Return the id of the last common commit of two commits. Raises NotReady when none is here."""
        code, out, err = self._execute("merge-base", "--end-of-options", a, b)
        if code or not out.strip():
            raise NotReady(
                f"{a[:12]} and {b[:12]} have no common commit here{': ' + tail(err) if err.strip() else '.'}",
                hint="In a shallow clone it may not be there yet: `git fetch --unshallow`.",
            )
        return _text(out).split()[0]

    def changed_paths(self, a: str, b: str) -> tuple[str, ...]:
        """Return the manuscript's paths that differ between two commits, those that came and went included."""
        names = self._run(
            "--literal-pathspecs", "diff", "--name-only", "-z", "--no-renames", "--end-of-options", a, b, "--",
            self._prefix or ".",
        )  # fmt: skip
        found = (self.own(os.fsdecode(name)) for name in names.split(b"\0") if name)
        return tuple(sorted(path for path in found if path is not None))


@contextmanager
def open_repository(root: Path) -> Iterator[Repository]:
    """Open the repository that a manuscript is in. Raises NotReady when there is none, or it is bare."""
    try:
        repo = git.Repo(root, search_parent_directories=True)
    except git.NoSuchPathError as error:
        raise NotReady(f"there is no folder {root}.") from error
    except (git.InvalidGitRepositoryError, ValueError) as error:
        raise NotReady(
            "this manuscript is not in a git repository, so nothing could be undone.",
            hint='Make it one: `git init && git add . && git commit -m "Before bookiter"`.',
        ) from error
    with repo:
        if repo.bare or repo.working_tree_dir is None:
            raise NotReady(
                "this is a bare repository: it has no working tree to edit.",
                hint="Work in a clone of it: `git clone PATH`.",
            )
        yield Repository(repo, root)


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without the variables that would lead git to another repository or index."""
    return {name: value for name, value in environment.items() if name not in MISLEADING}


def run_git(
    folder: Path, arguments: Sequence[str], stdin: bytes | None = None, env: Mapping[str, str] | None = None
) -> tuple[int, bytes, str]:
    """Run git in a folder; return its exit code, standard output and standard error."""
    with TemporaryFile() if stdin else nullcontext() as source:
        if source and stdin:
            source.write(stdin)
            source.seek(0)
        try:
            code, out, err = git.Git(str(folder)).execute(
                ["git", *_SETTINGS, *arguments],
                istream=source,
                with_extended_output=True,
                with_exceptions=False,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                env={**_ENVIRONMENT, **(env or {})},
            )
        except git.GitCommandNotFound as error:
            raise NotReady("git is not installed.", hint="Install it; `bookiter doctor` says how.") from error
    return int(code), bytes(out), str(err)


def _logged(stream: IO[bytes]) -> Iterator[Logged]:
    """Read the log as it comes: before each commit an empty field, then id, parents and message, then the names."""
    fields: list[str] = []
    rest = b""
    while data := stream.read(_CHUNK):
        whole, nul, rest = (rest + data).rpartition(b"\0")
        for field in whole.decode("utf-8", "surrogateescape").split("\0") if nul else ():
            if field:
                fields.append(field)
            elif fields:
                yield _commit(fields)
                fields = []
    if fields:
        yield _commit(fields)


def _commit(fields: list[str]) -> Logged:
    ids, _, message = fields[0].partition("\n")
    commit, *parents = ids.split()
    if len(fields) > 1:  # git puts a line feed between what was asked for and the first name
        fields[1] = fields[1].removeprefix("\n")
    return Logged(commit, tuple(parents), message, tuple(fields[1:]))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def tail(text: str) -> str:
    """Return the end of what git said, on one line."""
    return " / ".join(line.strip() for line in text.strip().splitlines()[-6:] if line.strip())


def _is_gits_own(err: str) -> bool:
    """Tell whether git itself failed; of a hook that refuses it says nothing."""
    return any(line.startswith("fatal: ") for line in err.splitlines()) or ".lock'" in err


def _verb(arguments: Sequence[str]) -> str:
    words = [word for word, before in zip(arguments, ("", *arguments), strict=False) if before != "-c"]
    return next((word for word in words if not word.startswith("-")), "")
