"""Iterations made without the pipeline: a text, its history entry and a commit with the trailer, as bookiter leaves them."""

from pathlib import Path
from typing import Any

from bookiter.manuscript.book import Book
from bookiter.manuscript.config import load_config
from bookiter.store.history import with_entries
from support.book import git, write_files


def open_book(root: Path) -> Book:
    return Book(root, load_config(root, {}, {}).config)


def iterated(root: Path, name: str, files: dict[str, str], feedback: str = "Make it darker", **entry: Any) -> str:
    """Commit texts with a history entry for each level they are in; return the commit's id."""
    book = open_book(root)
    write_files(root, files)
    levels: dict[str, list[str]] = {}
    for path in files:
        levels.setdefault(str(book.level_of(path)), []).append(path)
    for level, paths in levels.items():
        shown = book.history_path(level)
        fields = {
            "timestamp": "2026-01-01T12:00:00Z",
            "iteration": name,
            "level": level,
            "targets": paths,
            "feedback": feedback,
            "intent_type": "modify",
            "action": "change_tone",
            "judge_attempts": 1,
            "judge_verdict": "approved",
            "judge_reasoning": "It is darker.",
            "semantic_summary": f"Darker: {feedback}",
            "files_changed": len(files),
            "lines_changed": 2,
            **entry,
        }
        (root / shown).write_bytes(with_entries(root / shown, shown, [fields]))
    return committed(root, f"Iterate: {feedback}\n\nBookiter-Iteration: {name}\nBookiter-Scale: patch\n")


def committed(root: Path, message: str, files: dict[str, str] | None = None) -> str:
    """Commit everything, and return the commit's id."""
    write_files(root, files or {})
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD").strip()


def union(root: Path) -> None:
    """Let git merge histories by lines, as bookiter does in every clone it commits in."""
    (root / ".git/info/attributes").write_text("iteration_history.json merge=union\n", encoding="utf-8")
