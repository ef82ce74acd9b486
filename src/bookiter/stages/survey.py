"""Survey a manuscript: its levels, the current target, what is uncommitted or stale, the last iterations."""

from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from bookiter.errors import NotReady
from bookiter.manuscript.book import Book
from bookiter.stages.chronicle import iterations
from bookiter.stages.context import current_target
from bookiter.stages.downstream import Stale, stale
from bookiter.store.candidates import listed
from bookiter.store.repo import Dirty, Repository
from bookiter.store.runs import Runs
from bookiter.text import count_words, one_line

_LATEST = 5
_NAMED_CHARS = 60


def survey(book: Book, repo: Repository, runs: Runs) -> dict[str, Any]:
    """Return the facts of ``bookiter status``, JSON-ready. Raises NotReady when a history is damaged."""
    paths = sorted(book.paths)
    with ThreadPoolExecutor() as pool:  # git reads the log and the files while the words are counted
        waited = pool.submit(stale, book, repo)
        dirty = pool.submit(repo.dirty, paths)
        return _surveyed(book, repo, runs, waited, dirty)


def _surveyed(
    book: Book, repo: Repository, runs: Runs, waited: "Future[tuple[Stale, ...]]", dirty: "Future[tuple[Dirty, ...]]"
) -> dict[str, Any]:
    known = iterations(book, repo, latest=_LATEST)
    begun = sorted({book.history_path(level) for each in known for level in each.levels})
    counts = Counter(level for each in known for level in each.levels)
    return {
        "project": book.config.project,
        "branch": repo.branch(),
        "head": repo.head(),
        "target": current_target(book, repo, runs, begun),
        "levels": [_level(book, level, counts[level]) for level in book.config.levels],
        "dirty": [{"path": item.path, "how": item.how} for item in dirty.result()],
        "stale": _stale(book, waited.result()),
        "candidates": sum(each.state == "open" for each in listed(repo)),
        "iterations_total": len(known),
        "iterations": [
            {
                "timestamp": each.timestamp,
                "level": each.levels[0],
                "feedback": one_line(each.feedback, 100),
                "judge_verdict": each.entry.get("judge_verdict"),
                "commit_sha": each.commit,
                "undone": each.undone,
            }
            for each in known[:_LATEST]
        ],
    }


def _level(book: Book, level: str, iterations: int) -> dict[str, Any]:
    units = book.level(level)
    count, unreadable = 0, []
    for unit in units:
        try:
            count += count_words(book.read(unit.path))
        except NotReady as error:
            unreadable.append(error.message)
    return {
        "unreadable": unreadable,
        "name": level,
        "folder": book.config.levels[level].folder,
        "units": len(units),
        "words": count,
        "iterations": iterations,
    }


def _stale(book: Book, found: tuple[Stale, ...]) -> list[dict[str, Any]]:
    """Return what is stale by level and by what it was made from, with the last change of that."""
    groups: dict[tuple[str, str], list[Stale]] = {}
    for each in found:
        groups.setdefault((each.level, each.upstream), []).append(each)
    order = list(book.config.levels)
    by_level = sorted(groups.items(), key=lambda group: (order.index(group[0][0]), order.index(group[0][1])))
    return [_group(book, level, upstream, each) for (level, upstream), each in by_level]


def _group(book: Book, level: str, upstream: str, found: list[Stale]) -> dict[str, Any]:
    from bookiter.manuscript.targets import describe

    since = {path: each for each in found for path in each.paths}
    units = tuple(unit for unit in book.level(level) if unit.path in since)
    what = describe(units, book)
    if len(what) > _NAMED_CHARS:
        what = f"{len(units)} of {len(book.level(level))} files"
    return {
        "level": level,
        "upstream": upstream,
        "what": what,
        "commit_sha": found[0].commit,
        "subject": found[0].subject,
        "commits": len(found),
        "units": [{"path": unit.path, "commit_sha": since[unit.path].commit} for unit in units],
    }
