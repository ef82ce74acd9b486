"""Survey a manuscript: its levels, the current target, what is uncommitted, the last iterations."""

from typing import Any

from bookiter.errors import NotReady
from bookiter.manuscript.book import Book
from bookiter.stages.context import current_target
from bookiter.store.history import read_history
from bookiter.store.journal import TRAILER
from bookiter.store.repo import Repository
from bookiter.store.runs import Runs
from bookiter.text import one_line, words

_LATEST = 5


def survey(book: Book, repo: Repository, runs: Runs) -> dict[str, Any]:
    """Return the facts of ``bookiter status``, JSON-ready."""
    histories = {level: _history(book, level) for level in book.config.levels}
    latest = sorted((e for entries in histories.values() for e in entries[:_LATEST]), key=_when, reverse=True)
    unique = list({str(entry.get("iteration", "")): entry for entry in reversed(latest)}.values())[::-1][:_LATEST]
    return {
        "project": book.config.project,
        "branch": repo.branch(),
        "head": repo.head(),
        "target": current_target(book, repo, runs),
        "levels": [_level(book, level, len(histories[level])) for level in book.config.levels],
        "dirty": [{"path": item.path, "how": item.how} for item in repo.dirty(sorted(book.paths))],
        "iterations": _with_commits(book, repo, unique),
    }


def _history(book: Book, level: str) -> list[dict[str, Any]]:
    path = book.history_path(level)
    return [entry for entry in read_history(book.root / path, path) if entry.get("level", level) == level]


def _level(book: Book, level: str, iterations: int) -> dict[str, Any]:
    units = book.level(level)
    count, unreadable = 0, []
    for unit in units:
        try:
            count += len(words(book.read(unit.path)))
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


def _with_commits(book: Book, repo: Repository, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not entries:
        return []
    histories = sorted({book.history_path(level) for level in book.config.levels})
    commits = repo.trailers(TRAILER, histories)
    return [
        {
            "timestamp": entry.get("timestamp"),
            "level": entry.get("level"),
            "feedback": one_line(str(entry.get("feedback", "")), 100),
            "judge_verdict": entry.get("judge_verdict"),
            "commit_sha": commits.get(str(entry.get("iteration", ""))),
        }
        for entry in entries
    ]


def _when(entry: dict[str, Any]) -> str:
    return str(entry.get("timestamp", ""))
