"""Measure how commands grow with a manuscript: 100, 1,000 and 10,000 iterations in a book of 500 chapters.

    make bench, or: python bench/growth.py [--runs 3] [--entries 100 1000 10000] [--keep FOLDER]

Every figure is the median of several whole processes. The iterations are commits with trailers and entries in the
histories, made by `git fast-import`; their texts are synthetic.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from support.book import COMMAND, git  # noqa: E402 - the tests' helpers, found just above

CHAPTERS = 500
WORDS = 2000
BEGAN = 1_700_000_000
COMMANDS: dict[str, tuple[list[str], float]] = {
    "status": (["status"], 1.0),
    "history": (["history"], 1.0),
    "history --json": (["history", "--json"], 1.0),
    "stats": (["stats"], 1.0),
    "candidates": (["candidates"], 1.0),
}
ACCEPT = ("accept", 2.0)


def build(folder: Path, entries: int) -> Path:
    """Make a manuscript of 500 chapters with their beats, and so many iterations of them."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q")
    subprocess.run(
        ["git", "fast-import", "--quiet"], cwd=folder, input=b"".join(_stream(entries)), check=True, capture_output=True
    )
    git(folder, "reset", "-q", "--hard", "main")
    git(folder, "gc", "-q")
    return folder


def _stream(entries: int) -> Iterator[bytes]:
    draw = random.Random(1)  # noqa: S311 - texts, not secrets
    first = {
        "bookiter.yaml": "project: growth\n",
        "premise/premise.md": "# Premise\n\nA ferryman keeps a ledger.\n",
        "treatment/treatment.md": "# Treatment\n\nThe ledger is read.\n",
        **{f"chapter-beats/chapter-{n:03}.md": f"# Chapter {n}\n\n- He rows.\n" for n in range(1, CHAPTERS + 1)},
        **{f"chapters/chapter-{n:03}.md": _chapter(draw, n) for n in range(1, CHAPTERS + 1)},
    }
    yield from _commit(0, "Before\n", first)
    histories: dict[str, list[dict[str, object]]] = {"chapter-beats": [], "chapters": []}
    for number in range(1, entries + 1):
        chapter = draw.randint(1, CHAPTERS)
        folder, level = ("chapter-beats", "chapters") if draw.random() < 0.1 else ("chapters", "prose")
        path = f"{folder}/chapter-{chapter:03}.md"
        name = f"20260101-{number % 1_000_000:06}-{number:06x}"
        histories[folder].append(_entry(name, level, path, number))
        text = f"{first[path]}\n- He rows, the {number}th time.\n"
        message = (
            f"Iterate chapter {chapter}: darker\n\nBookiter-Iteration: {name}\nBookiter-Feedback: Make it darker\n"
        )
        files = {path: text}
        if number == entries:
            files |= {f"{key}/iteration_history.json": _history(value) for key, value in histories.items()}
        yield from _commit(number, message, files)


def _commit(number: int, message: str, files: dict[str, str]) -> Iterator[bytes]:
    said = message.encode()
    yield b"commit refs/heads/main\ncommitter bench <b@example.org> %d +0000\ndata %d\n%s\n" % (
        BEGAN + number * 60,
        len(said),
        said,
    )
    for path, text in files.items():
        data = text.encode()
        yield b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data)


def _chapter(draw: random.Random, number: int) -> str:
    vocabulary = "the river ledger keeps a name of every one it has carried, and he said: “rope’s end”".split()
    words = draw.choices(vocabulary, k=WORDS)
    paragraphs = [" ".join(words[at : at + 80]) for at in range(0, WORDS, 80)]
    return f"# Chapter {number}\n\n" + ".\n\n".join(paragraphs) + ".\n"


def _entry(name: str, level: str, path: str, number: int) -> dict[str, object]:
    return {
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(BEGAN + number * 60)),
        "iteration": name,
        "level": level,
        "targets": [path],
        "feedback": f"Make it darker, the {number}th time, with more of an inner conflict",
        "scale": "patch",
        "intent_type": "modify",
        "action": "change_tone",
        "judge_attempts": 1 + number % 3,
        "judge_verdict": "approved",
        "judge_reasoning": "The chapter is darker; the nightmare opens it, and nothing else was touched.",
        "semantic_summary": "The chapter is darker, and the ferryman doubts himself (1 file, +12 −9 lines).",
        "files_changed": 1,
        "lines_changed": 21,
    }


def _history(entries: Sequence[dict[str, object]]) -> str:
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in reversed(entries))
    return f'{{"iterations": [\n{lines}\n]}}\n'


def add_candidates(book: Path, count: int) -> list[str]:
    """Keep so many candidates, each of a chapter of its own as far as there are chapters; return their ids, newest last."""
    subprocess.run(
        [str(COMMAND), "iterate", "--quiet", "--preview", 'replace "Chapter 1" with "Chapter One" in chapter 1'],
        cwd=book,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    ref = git(book, "for-each-ref", "--format=%(refname)", "refs/bookiter/candidates").split()[0]
    first, message = ref.rpartition("/")[2], git(book, "log", "-1", "--format=%B", ref)
    head, when = git(book, "rev-parse", "HEAD").strip(), int(time.time())
    names = [f"20990101-{n // 3600:02}{n // 60 % 60:02}{n % 60:02}-{n:06x}" for n in range(count)]
    stream = []
    for number, name in enumerate(names):
        chapter = number % CHAPTERS + 1
        path = f"chapters/chapter-{chapter:03}.md"
        said = message.replace(first, name).replace("chapters/chapter-001.md", path).encode()
        text = (book / path).read_text("utf-8").replace(f"# Chapter {chapter}", f"# Chapter {chapter}, again").encode()
        stream.append(
            b"commit refs/bookiter/candidates/%s\ncommitter bench <b@example.org> %d +0000\ndata %d\n%s\n"
            b"from %s\nM 100644 inline %s\ndata %d\n%s\n"
            % (name.encode(), when, len(said), said, head.encode(), path.encode(), len(text), text)
        )
    subprocess.run(["git", "fast-import", "--quiet"], cwd=book, input=b"".join(stream), check=True, capture_output=True)
    return names


def measure(book: Path, names: list[str], runs: int) -> dict[str, float]:
    """Return the median wall time of each command in seconds."""
    found = {name: _median([str(COMMAND), *arguments], book, runs) for name, (arguments, _) in COMMANDS.items()}
    times = []
    for name in names[: -runs - 1 : -1]:  # the newest: each acceptance also collects what is too many
        started = time.perf_counter()
        subprocess.run([str(COMMAND), "accept", name], cwd=book, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - started)
    return found | {ACCEPT[0]: statistics.median(times)}


def _median(command: Sequence[str], book: Path, runs: int) -> float:
    def once() -> float:
        started = time.perf_counter()
        subprocess.run(command, cwd=book, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - started

    once()
    return statistics.median(once() for _ in range(runs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--entries", type=int, nargs="+", default=[100, 1000, 10_000])
    parser.add_argument("--keep", type=Path, help="leave the manuscripts in this folder")
    options = parser.parse_args()
    os.environ.update(GIT_AUTHOR_NAME="bench", GIT_AUTHOR_EMAIL="b@example.org")
    os.environ.update(GIT_COMMITTER_NAME="bench", GIT_COMMITTER_EMAIL="b@example.org", GIT_CONFIG_GLOBAL=os.devnull)
    os.environ["GIT_CONFIG_COUNT"], os.environ["GIT_CONFIG_KEY_0"] = "1", "init.defaultBranch"
    os.environ["GIT_CONFIG_VALUE_0"] = "main"
    with tempfile.TemporaryDirectory() as folder:
        place = options.keep or Path(folder)
        books = {count: build(place / f"book-{count}", count) for count in options.entries}
        candidates = {count: add_candidates(book, max(10, count // 10)) for count, book in books.items()}
        found = {count: measure(book, candidates[count], options.runs) for count, book in books.items()}
    print(f"{CHAPTERS} chapters; iterations  " + "".join(f"{count:>10,}" for count in options.entries))
    for name, limit in [*((name, limit) for name, (_, limit) in COMMANDS.items()), ACCEPT]:
        figures = "".join(f"{found[count][name] * 1000:7.0f} ms" for count in options.entries)
        print(f"{name:<25} {figures}   (limit {limit * 1000:.0f} ms)")


if __name__ == "__main__":
    main()
