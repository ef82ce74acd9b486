"""The iterations of a manuscript: what the histories say, with the commits that git knows now, and what was taken back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bookiter.manuscript.book import Book
from bookiter.store.history import read_history
from bookiter.store.journal import TRAILER
from bookiter.store.repo import Repository

_NAMED = re.compile(rf"^{TRAILER}: *(\S+)[ \t]*$", re.M)
# In full, or with `revert.reference` abbreviated and followed by the subject.
_REVERTS = re.compile(r"\bThis reverts commit ([0-9a-f]{7,64})\b")


@dataclass(frozen=True)
class Iteration:
    """One accepted iteration; of several levels that it touched, ``entry`` is that of the first, with all its targets.

    ``commit`` is None when no commit of the branch carries its id alone: it was rebased away, or squashed with others.
    ``id`` is "" for an entry that bookiter did not write.
    """

    id: str
    levels: tuple[str, ...]
    timestamp: str
    feedback: str
    entry: Mapping[str, Any]
    commit: str | None = None
    undone: bool = False

    @property
    def undoes(self) -> str:
        """The id of the iteration that this one takes back, if it does so whole."""
        return _text(self.entry.get("undoes"))

    @property
    def is_undo(self) -> bool:
        """Tell whether this is no iteration of its own, but takes one back, whole or in part."""
        return bool(self.undoes or self.entry.get("undoes_part_of"))

    @property
    def targets(self) -> tuple[str, ...]:
        """The paths of the texts it changed."""
        return _paths(self.entry)


def iterations(
    book: Book, repo: Repository | None, level: str | None = None, *, latest: int | None = None
) -> list[Iteration]:
    """Return the iterations of all levels, or of one, newest first.

    Commits, and what plain git took back, are looked up for the ``latest`` ones only, if so many are given, and not
    without a repository. Raises NotReady when a history is damaged.
    """
    found = _entries(book, level)
    commits, reverted = _from_git(repo, {each.id for each in found[:latest] if each.id}) if repo else ({}, ())
    undone: set[str] = set()
    known = []
    for each in found:
        commit = commits.get(each.id)
        gone = each.id in undone or (commit is not None and commit.startswith(reverted))
        if each.undoes and not gone:
            undone.add(each.undoes)
        known.append(replace(each, commit=commit, undone=gone))
    return known


def _entries(book: Book, level: str | None) -> list[Iteration]:
    levels_of: dict[str, list[str]] = {}
    for name in book.config.levels if level is None else (level,):
        levels_of.setdefault(book.history_path(name), []).append(name)
    found: list[Iteration] = []
    at: dict[str, int] = {}
    for path, levels in levels_of.items():
        for entry in read_history(book.root / path, path):
            own = _text(entry.get("level")) or levels[0]
            if own not in levels:
                continue
            name = _text(entry.get("iteration"))
            if name and name in at:
                found[at[name]] = _joined(found[at[name]], own, entry)
            else:
                at[name] = len(found)
                found.append(
                    Iteration(name, (own,), _text(entry.get("timestamp")), _text(entry.get("feedback")), entry)
                )
    # Those of one second stay as they stand in their file: what takes another back stands above it.
    return sorted(found, key=lambda each: each.timestamp, reverse=True)


def _joined(first: Iteration, level: str, entry: Mapping[str, Any]) -> Iteration:
    if level in first.levels:
        return first
    targets = list(dict.fromkeys([*first.targets, *_paths(entry)]))
    return replace(first, levels=(*first.levels, level), entry={**first.entry, "targets": targets})


def _from_git(repo: Repository, wanted: set[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the commits by iteration, and the ids (or their beginnings) of those that plain git has taken back.

    What takes a commit back was made after it: when all that are wanted are found, older ones need not be looked at.
    What a commit says to revert does not count when it was reverted itself.
    """
    commits: dict[str, str] = {}
    reverted: tuple[str, ...] = ()
    left = set(wanted)
    for commit in repo.log() if left else ():
        if "This reverts commit " in commit.message and not commit.id.startswith(reverted):
            reverted += tuple(_REVERTS.findall(commit.message))
        names = set(_NAMED.findall(commit.message))
        if len(names) == 1:  # a squashed commit carries several: it is none of theirs
            name = names.pop()
            commits.setdefault(name, commit.id)
            left.discard(name)
            if not left:
                break
    return commits, reverted


def _paths(entry: Mapping[str, Any]) -> tuple[str, ...]:
    targets = entry.get("targets")
    return tuple(each for each in targets if isinstance(each, str)) if isinstance(targets, list) else ()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
