"""The log: commits as they come, names to the byte, and a git that ends when nobody listens."""

import gc
from pathlib import Path

import pytest

from bookiter.store.repo import GitFailed, open_repository
from support.book import git, make_book
from support.iterated import committed

ODD = [
    "chapters/with space.md",
    "chapters/Ü “x”.md",
    "chapters/tab\there.md",
    "chapters/line\nfeed.md",
    "chapters/-x.md",
]


def test_commits_come_after_all_that_were_made_from_them_with_what_they_changed(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book")
    git(book, "switch", "-q", "-c", "side")
    side = committed(book, "Side\n\nWith a body\n\nAnd-A: trailer\n", dict.fromkeys(ODD, "x\n"))
    git(book, "switch", "-q", "main")
    trunk = committed(book, "Trunk", {"a.md": "x\n"})
    git(book, "merge", "-q", "--no-edit", "side")
    empty = committed(book, "Empty")
    with open_repository(book) as repo:
        found = {each.id: each for each in repo.log(names=True)}
        assert [each.paths for each in repo.log()] == [()] * 5
    first, merge, *both, last = found.values()
    assert (first.id, first.subject, first.paths, first.parents) == (empty, "Empty", (), (merge.id,))
    assert (set(merge.parents), merge.paths) == ({side, trunk}, ())
    assert {each.id for each in both} == {side, trunk}
    assert (found[side].message, sorted(found[side].paths)) == ("Side\n\nWith a body\n\nAnd-A: trailer\n", sorted(ODD))
    assert (last.parents, "premise/premise.md" in last.paths) == ((), True)


def test_a_log_that_is_left_early_leaves_nothing_behind(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book")
    newest = committed(book, "Newest", {"a.md": "x\n"})
    with open_repository(book) as repo:
        for commit in repo.log(names=True):
            assert commit.id == newest
            break
        gc.collect()  # an open pipe or a child not waited for would be a warning, and so an error


def test_a_repository_that_lost_a_commit_is_not_a_short_history(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book")
    lost = git(book, "rev-parse", "HEAD").strip()
    committed(book, "Newest", {"a.md": "x\n"})
    (book / ".git/objects" / lost[:2] / lost[2:]).unlink()
    with open_repository(book) as repo, pytest.raises(GitFailed, match="git log failed"):
        list(repo.log())
