"""Texts in and out of git's objects."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bookiter.store.objects import changed_paths, commit_files, merged, read_many
from bookiter.store.repo import Repository, open_repository
from support.book import commit_all, git, write_files

NAMES = ["a.md", "with space.md", "Kapitel Ü.md", 'quo"te.md', "tab\there.md", "line\nfeed.md", "-dash.md", "sub/x.md"]


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repository]:
    write_files(tmp_path, {name: f"text of {name!r}\n" for name in NAMES})
    write_files(tmp_path, {"empty.md": ""})
    (tmp_path / "link.md").symlink_to("a.md")
    commit_all(tmp_path)
    with open_repository(tmp_path) as opened:
        yield opened


def test_files_of_any_name_are_read_at_once(repo: Repository) -> None:
    found = read_many(repo, "HEAD", [*NAMES, "empty.md", "none.md"])
    assert found == {**{name: f"text of {name!r}\n".encode() for name in NAMES}, "empty.md": b"", "none.md": None}


def test_a_symbolic_link_is_no_text(repo: Repository) -> None:
    assert read_many(repo, "HEAD", ["link.md"]) == {"link.md": None}


def test_files_are_read_as_a_checkout_would_write_them(repo: Repository) -> None:
    git(repo.root, "config", "core.autocrlf", "true")
    assert read_many(repo, "HEAD", ["a.md"]) == {"a.md": b"text of 'a.md'\r\n"}


def test_a_commit_changes_adds_and_removes_just_its_files(repo: Repository) -> None:
    wanted: dict[str, bytes | None] = {"with space.md": b"new\n", "sub/deep/new.md": b"added\n", "a.md": None}
    made = commit_files(repo, "HEAD", wanted, "Made\n")
    assert set(changed_paths(repo, "HEAD", made)) == set(wanted)
    assert read_many(repo, made, list(wanted)) == wanted
    assert git(repo.root, "status", "--porcelain") == ""


def test_both_sides_of_a_merge_are_kept_and_a_clash_is_none(repo: Repository) -> None:
    base = b"one\n\ntwo\n\nthree\n\nfour\n"
    ours, theirs = base.replace(b"one", b"ONE"), base.replace(b"four", b"FOUR")
    assert merged(repo, ours, base, theirs) == b"ONE\n\ntwo\n\nthree\n\nFOUR\n"
    assert merged(repo, ours, base, base.replace(b"one", b"Uno")) is None
    assert merged(repo, ours, base, ours) == ours
    assert merged(repo, ours, base, base) == ours
