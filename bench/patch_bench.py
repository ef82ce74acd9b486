"""Bench of the patch engine: the corpus table beside the peers, and its speed as ratios.

    python bench/patch_bench.py [CORPUS] [--no-corpus] [--no-speed]

CORPUS is the folder with ``run.py`` and ``cases.jsonl.gz``, by default ``../shared/corpus`` beside the checkout. Exits 1
when a case comes out wrong or a figure misses its bound.
"""

import argparse
import importlib.util
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from bookiter.patch import PatchRefused, apply_patch, unified_diff

WORDS = "lamp harbour bell rain window morning chart kettle fog street garden letter voice river stone ladder walked said".split()
ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--no-corpus", action="store_true")
    parser.add_argument("--no-speed", action="store_true")
    options = parser.parse_args()
    good = True
    if not options.no_corpus:
        good = corpus(options.corpus) and good
    if not options.no_speed:
        good = speed() and good
    return 0 if good else 1


def corpus(folder: Path) -> bool:
    """Print the table of the corpus; False if ours has a wrong or crashed case."""
    if not (folder / "run.py").exists():
        print(f"no corpus in {folder}: table skipped")
        return True
    appliers = ["py:bookiter.patch:apply_patch", "git", "git-fuzzy", "patch"]
    if importlib.util.find_spec("diff_match_patch"):
        appliers.append("dmp")
    else:
        print("diff-match-patch is not installed: its column is left out")
    command = [sys.executable, str(folder / "run.py"), "--applier", *appliers]
    with tempfile.TemporaryDirectory() as home:
        results = Path(home) / "results.json"
        run = subprocess.run([*command, "--json", str(results)], check=False)
        text = results.read_text() if run.returncode == 0 else ""
    if not text:
        return False
    rows = [row for row in json.loads(text) if row["applier"] == appliers[0] and row["outcome"] != "n/a"]
    bad = [row["id"] for row in rows if row["outcome"] in ("WRONG", "crash", "partial")]
    due = [row for row in rows if row["expect"] == "apply"]
    share = sum(row["outcome"] == "exact" for row in due) / len(due)
    spared = [row["id"] for row in rows if row["expect"] == "refuse" and row["outcome"] != "refused"]
    print(
        f"\nwrong or crashed: {len(bad)} · exact where the result is determined: {share:.1%} · not refused: {len(spared)}"
    )
    return not bad and not spared and share >= 0.97


def speed() -> bool:
    """Print the speed figures; False if one misses its bound."""
    small, large = book(1_000_000), book(10_000_000)
    diff, big_diff = (unified_diff("text", text, edited(text)) for text in (small, large))
    missing = "@@ @@\n" + "".join(f"-{paragraph(random.Random(seed))}\n" for seed in range(60)) + "+x\n"  # noqa: S311
    ours, git = seconds(lambda: apply_patch(small, diff)), git_seconds(small, diff)
    refusal, big_refusal = seconds(lambda: refused(small, missing)), seconds(lambda: refused(large, missing))
    big = seconds(lambda: apply_patch(large, big_diff))
    figures = [
        ("clean, 10 hunks, 1 MB: ms", ours * 1000, 60.0),
        ("  … as a multiple of git apply", ours / git, 3.0),
        ("  … 10 MB as a multiple of 1 MB", big / ours, 12.0),
        ("worst refusal, 1 MB: s", refusal, 1.5),
        ("  … 10 MB as a multiple of 1 MB", big_refusal / refusal, 12.0),
        ("peak memory, clean, as a multiple of the file", peak(lambda: apply_patch(small, diff)) / len(small), 12.0),
        ("peak memory, refusal, as a multiple of the file", peak(lambda: refused(small, missing)) / len(small), 12.0),
    ]
    print(f"\n{'figure':<50} {'measured':>10} {'bound':>8}")
    for title, value, bound in figures:
        print(f"{title:<50} {value:>10.2f} {bound:>8.1f}{'' if value <= bound else '   MISSED'}")
    return all(value <= bound for _, value, bound in figures)


def refused(text: str, reply: str) -> None:
    """Apply a reply that must be refused with a nearest passage."""
    nearest = ""
    try:
        apply_patch(text, reply)
    except PatchRefused as refusal:
        nearest = refusal.findings[0].nearest
    assert nearest, "the hallucinated hunk was applied, or refused without a nearest passage"


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """The best of some runs."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def git_seconds(text: str, diff: str) -> float:
    """The best wall time of ``git apply`` as a process of its own."""
    with tempfile.TemporaryDirectory() as home:
        file, patch = Path(home) / "text", Path(home) / "in.diff"
        patch.write_text(diff)
        env = {"PATH": os.environ["PATH"], "HOME": home, "GIT_CEILING_DIRECTORIES": home}

        def work() -> float:
            file.write_text(text)
            start = time.perf_counter()
            subprocess.run(["git", "apply", "in.diff"], cwd=home, env=env, check=True)
            return time.perf_counter() - start

        return min(work() for _ in range(5))


def peak(work: Callable[[], object]) -> float:
    tracemalloc.start()
    work()
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


def book(size: int) -> str:
    pick, paragraphs, length = random.Random(7), [], 0  # noqa: S311
    while length < size:
        paragraphs.append(paragraph(pick))
        length += len(paragraphs[-1]) + 2
    return "\n\n".join(paragraphs) + "\n"


def paragraph(pick: random.Random) -> str:
    return " ".join(pick.choice(WORDS) for _ in range(pick.randint(20, 120))).capitalize() + "."


def edited(text: str) -> str:
    """The text with ten paragraphs changed, spread evenly."""
    paragraphs = text.split("\n\n")
    for at in range(5, len(paragraphs), len(paragraphs) // 10 + 1):
        paragraphs[at] += " Then it stopped."
    return "\n\n".join(paragraphs)


if __name__ == "__main__":
    raise SystemExit(main())
