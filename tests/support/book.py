"""Small manuscripts in real git repositories, and the installed command run on them."""

import os
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.warm import warm

COMMAND = Path(sysconfig.get_path("scripts")) / "bookiter"

PREMISE = (
    "# Premise\n\nSarah Vane, a ferryman’s daughter, finds that the river keeps a ledger of everyone it has carried.\n"
)
TREATMENT = "# Treatment\n\nSarah learns to read the ledger, and Mr. Orrin wants it closed.\n"

CHAPTERS = {
    1: "# The Landing\n\nThe ferry came in sideways. “Hold the rope,” said Sarah.\n\nMr. Orrin did not hold the rope.\n\n"
    "He looked at the water—it was rising—and said nothing.\n",
    2: "# The Ledger\n\nSarah’s father kept two books. One was for the parish… the other was not.\n\n"
    "* * *\n\n“Whose hand is this?” she asked.\n",
    3: "# The Library at Thole\n\nThe library smelled of tar. Sarah turned the pages with a spoon.\n\n"
    "Mr. Orrin watched her from the stairs.\n\n"
    "“You read slowly,” he said.\n\n“I read once,” said Sarah.\n\nOutside, the bell for the last crossing rang twice.\n",
}


def git(folder: Path, *arguments: str, check: bool = True, **more: Any) -> str:
    """Run git and return what it printed."""
    done = subprocess.run(["git", *arguments], cwd=folder, check=check, capture_output=True, **more)
    return bytes(done.stdout).decode("utf-8", "surrogateescape")


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files below a folder, text exactly as given."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def commit_all(folder: Path, message: str = "Before") -> str:
    """Commit everything in a folder, making it a repository if need be."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)
    return git(folder, "rev-parse", "HEAD").strip()


def chapter_files(chapters: Mapping[int, str] = CHAPTERS) -> dict[str, str]:
    return {f"chapters/chapter-{number:02}.md": text for number, text in chapters.items()}


def make_book(folder: Path, files: Mapping[str, str | bytes] | None = None, *, settings: str = "") -> Path:
    """Lay out a manuscript with premise, treatment and three chapters, and commit it."""
    folder.mkdir(parents=True, exist_ok=True)
    default: dict[str, str | bytes] = {
        "premise/premise.md": PREMISE,
        "treatment/treatment.md": TREATMENT,
        **chapter_files(),
    }
    write_files(folder, {"bookiter.yaml": f"project: ferry\n{settings}", **(default if files is None else files)})
    commit_all(folder)
    return folder


@dataclass(frozen=True)
class Ran:
    """What a command did: exit code, standard output and standard error."""

    code: int
    out: str
    err: str


def bookiter(
    *arguments: str,
    cwd: Path,
    stdin: str | bytes = "",
    env: Mapping[str, str] | None = None,
    timeout: float = 60,
) -> Ran:
    """Run the command as a process of its own."""
    data = stdin.encode("utf-8") if isinstance(stdin, str) else stdin
    code, out, err = warm().run(arguments, cwd, data, {**os.environ, **(env or {})}, timeout)
    return Ran(code, out.decode("utf-8", "surrogateescape"), err.decode("utf-8", "replace"))


def installed(
    *arguments: str, cwd: Path, stdin: str = "", env: Mapping[str, str] | None = None, timeout: float = 60
) -> Ran:
    """Run the installed command itself."""
    done = subprocess.run(
        [str(COMMAND), *arguments],
        cwd=cwd,
        input=stdin.encode("utf-8"),
        capture_output=True,
        env={**os.environ, **(env or {})},
        timeout=timeout,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode("utf-8", "replace"))


def tree_of(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder but git's and bookiter's own, with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and not {".git", ".bookiter"} & set(path.relative_to(folder).parts)
    }


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]
