"""Measure the program as a whole process: start-up, an exact edit of a whole novel, and what is added around a model.

    make bench [ARGS="--runs 9 --novel FOLDER"]

Every figure is the median of several runs, measured side by side; ratios are what to compare between machines.
"""

import argparse
import contextlib
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from support.book import COMMAND, commit_all, git, make_book  # noqa: E402 - the tests' helpers, found just above
from support.scripted import intent, model, verdict  # noqa: E402

NOVEL = HERE.parent.parent / "shared" / "manuscripts" / "pride-and-prejudice"
HEAVY = ("openai", "git", "rich", "jinja2", "pydantic")


def timed(command: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None) -> float:
    """Return the wall time of one run in seconds."""
    started = time.perf_counter()
    subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    return time.perf_counter() - started


def median(run: Callable[[], float], runs: int) -> float:
    run()
    return statistics.median(run() for _ in range(runs))


def startup(runs: int, folder: Path) -> None:
    """``bookiter --help`` beside a bare ``import typer``, run in turn, and what it imports."""
    bare = [sys.executable, "-c", "import typer"]
    ours = [str(COMMAND), "--help"]
    pairs = [(timed(ours, cwd=folder), timed(bare, cwd=folder)) for _ in range(runs + 1)][1:]
    helped, imported = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", str(COMMAND), "--help"], capture_output=True, check=True, cwd=folder
    ).stderr.decode()
    names = {line.rpartition("|")[2].strip().partition(".")[0] for line in loaded.splitlines()}
    heavy = sorted(names & set(HEAVY))
    beside = f"import typer {imported * 1000:4.0f} ms   ratio {ratio:.2f} (limit 1.6)"
    print(f"bookiter --help              {helped * 1000:6.0f} ms   {beside}")
    print(f"heavy imports at --help      {', '.join(heavy) or 'none'}")


@contextlib.contextmanager
def novel(source: Path, folder: Path) -> Iterator[Path]:
    """A 61-chapter novel in a repository: a real one when it is there, else one made of the sample."""
    book = folder / "novel"
    if source.is_dir():
        shutil.copytree(source / "chapters", book / "chapters")
        name = "Elizabeth"
    else:
        sample = sorted((HERE.parent / "src/bookiter/sample/chapters").glob("*.md"))
        (book / "chapters").mkdir(parents=True)
        for number in range(61):
            text = sample[number % len(sample)].read_text("utf-8")
            (book / f"chapters/chapter-{number + 1:02}.md").write_text(text * 2, encoding="utf-8")
        name = "Thirza"
    for path in book.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    (book / "bookiter.yaml").write_text("project: novel\n", encoding="utf-8")
    (book / "name").write_text(name, encoding="utf-8")
    commit_all(book)
    yield book


def exact_edit(runs: int, folder: Path, source: Path) -> None:
    """A rename through the whole novel, from words to commit."""
    with novel(source, folder) as book:
        name = (book / "name").read_text("utf-8")
        head = git(book, "rev-parse", "HEAD").strip()

        def once() -> float:
            git(book, "reset", "-q", "--hard", head)
            return timed([str(COMMAND), "iterate", "--yes", f"rename {name} to Keturah everywhere"], cwd=book)

        seconds = median(once, runs)
        chapters = len(list((book / "chapters").glob("*.md")))
        files = git(book, "show", "--format=", "--name-only").count("\n")
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"exact edit, {chapters} chapters     {seconds * 1000:6.0f} ms   {files} files committed (limit 1000 ms)")
    print(f"largest process so far       {memory:6.0f} MB   (limit 120 MB)")


def around_a_model(runs: int, folder: Path) -> None:
    """Calls to a server that answers at once (intent, diff, checklist, two votes, summary): what is left is ours."""
    book = make_book(folder / "book")
    head = git(book, "rev-parse", "HEAD").strip()
    diff = (
        "--- a/chapters/chapter-03.md\n+++ b/chapters/chapter-03.md\n@@ @@\n “I read once,” said Sarah.\n+\n+He left.\n"
    )
    with model(intent=[intent()] * (runs + 1), diff=[diff] * (runs + 1), judge=[verdict()] * (runs + 1)) as (_, env):

        def once() -> float:
            git(book, "reset", "-q", "--hard", head)
            return timed([str(COMMAND), "iterate", "--yes", "--no-cache", "Add a line to chapter 3"], cwd=book, env=env)

        seconds = median(once, runs)
    print(f"around a model (6 calls)     {seconds * 1000:6.0f} ms   (limit 800 ms)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--novel", type=Path, default=NOVEL)
    options = parser.parse_args()
    os.environ.update(
        GIT_AUTHOR_NAME="bench",
        GIT_AUTHOR_EMAIL="b@example.org",
        GIT_COMMITTER_NAME="bench",
        GIT_COMMITTER_EMAIL="b@example.org",
    )
    with tempfile.TemporaryDirectory() as folder:
        startup(options.runs, Path(folder))
        exact_edit(options.runs, Path(folder), options.novel)
        around_a_model(options.runs, Path(folder))


if __name__ == "__main__":
    main()
