"""git, as a manuscript needs it: real repositories, real hooks, other people's staged work."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bookiter.errors import NotReady
from bookiter.store.begin import begin_repository
from bookiter.store.repo import open_repository
from support.book import commit_all, git, make_book, write_files

CHAPTER = "chapters/chapter-03.md"


def stage_edit(book: Path) -> None:
    write_files(book, {CHAPTER: "staged\n"})
    git(book, "add", CHAPTER)


def commit(root: Path, paths: list[str], message: str = "Change\n") -> str:
    with open_repository(root) as repo:
        return repo.commit(paths, message)


def test_only_the_named_paths_are_committed_and_staged_work_stays_staged(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book")
    write_files(book, {CHAPTER: "new\n", "premise/premise.md": "staged by the author\n", "notes.txt": "untracked\n"})
    git(book, "add", "premise/premise.md")
    commit(book, [CHAPTER])
    assert git(book, "show", "--name-only", "--format=", "HEAD").split() == [CHAPTER]
    assert git(book, "status", "--porcelain").splitlines() == ["M  premise/premise.md", "?? notes.txt"]


def test_a_new_file_is_committed_even_when_it_is_ignored(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book")
    write_files(book, {".gitignore": "*.json\n"})
    commit_all(book, "Ignore")
    write_files(book, {"chapters/iteration_history.json": "{}\n", CHAPTER: "new\n"})
    commit(book, [CHAPTER, "chapters/iteration_history.json"])
    assert git(book, "show", "HEAD:chapters/iteration_history.json") == "{}\n"
    assert git(book, "status", "--porcelain") == ""


def test_a_refusing_hook_leaves_head_and_index_as_they_were(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book")
    head = git(book, "rev-parse", "HEAD")
    hook = book / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\necho 'spelling: recieve' >&2\nexit 1\n")
    hook.chmod(0o755)
    write_files(book, {CHAPTER: "new\n", "chapters/iteration_history.json": "{}\n"})
    with pytest.raises(NotReady) as caught:
        commit(book, [CHAPTER, "chapters/iteration_history.json"])
    assert "spelling: recieve" in caught.value.hint
    assert git(book, "rev-parse", "HEAD") == head
    assert git(book, "status", "--porcelain").splitlines() == [f" M {CHAPTER}", "?? chapters/iteration_history.json"]


def test_odd_names_are_literal(tmp_path: Path) -> None:
    names = ["chapters/ein Übel.md", "chapters/a 'b' \"c\".md", "chapters/[x]*.md", "chapters/--all.md"]
    book = make_book(tmp_path / "book", dict.fromkeys(names, "one\n") | {"chapters/x.md": "one\n"})
    write_files(book, dict.fromkeys([*names, "chapters/x.md"], "two\n"))
    with open_repository(book) as repo:
        assert sorted(item.path for item in repo.dirty(names)) == sorted(names)
        repo.commit(names, "Odd\n")
        assert repo.read(names[0]) == b"two\n"
    assert git(book, "status", "--porcelain").split() == ["M", "chapters/x.md"]


def test_paths_are_the_manuscripts_own_in_a_subfolder(tmp_path: Path) -> None:
    write_files(tmp_path, {"other.txt": "x\n"})
    book = tmp_path / "books" / "one"
    write_files(book, {"bookiter.yaml": "project: x\n", CHAPTER: "one\n"})
    commit_all(tmp_path)
    write_files(book, {CHAPTER: "two\n"})
    with open_repository(book) as repo:
        assert [(d.path, d.how) for d in repo.dirty([CHAPTER])] == [(CHAPTER, "edited")]
        assert repo.read(CHAPTER) == b"one\n"
        repo.commit([CHAPTER], "Sub\n")
        assert repo.last_committed([CHAPTER, "bookiter.yaml"]) == (CHAPTER,)
    assert git(tmp_path, "show", "HEAD:books/one/" + CHAPTER) == "two\n"


@pytest.mark.parametrize(
    ("make", "how"),
    [
        (lambda b: write_files(b, {CHAPTER: "edited\n"}), "edited"),
        (stage_edit, "staged"),
        (lambda b: (b / CHAPTER).unlink(), "deleted"),
        (lambda b: git(b, "rm", "-q", "--cached", CHAPTER), "staged"),
    ],
)
def test_every_kind_of_uncommitted_edit_is_seen(tmp_path: Path, make: Callable[[Path], object], how: str) -> None:
    book = make_book(tmp_path / "book")
    make(book)
    with open_repository(book) as repo:
        assert how in {item.how for item in repo.dirty([CHAPTER])}


def test_no_repository_a_bare_one_and_no_commit_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="not in a git repository"), open_repository(tmp_path):
        pass
    git(tmp_path, "init", "-q", "--bare", "bare.git")
    with pytest.raises(NotReady, match="bare"), open_repository(tmp_path / "bare.git"):
        pass
    git(tmp_path, "init", "-q", "fresh")
    with open_repository(tmp_path / "fresh") as repo, pytest.raises(NotReady, match="no commit yet"):
        repo.require_committable()


def test_a_detached_head_a_merge_a_lock_and_no_identity_forbid_a_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = make_book(tmp_path / "book")
    with open_repository(book) as repo:
        (book / ".git/index.lock").touch()
        with pytest.raises(NotReady, match="locked"):
            repo.require_committable()
        (book / ".git/index.lock").unlink()
        (book / ".git/MERGE_HEAD").write_text(git(book, "rev-parse", "HEAD"))
        with pytest.raises(NotReady, match="a merge is in progress"):
            repo.require_committable()
        (book / ".git/MERGE_HEAD").unlink()
        repo.require_committable()
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        git(book, "config", "user.useConfigOnly", "true")
        with pytest.raises(NotReady, match="does not know who you are"):
            repo.require_committable()
        git(book, "switch", "-q", "--detach")
        with pytest.raises(NotReady, match="detached"):
            repo.require_committable()


def test_a_file_of_head_is_read_as_a_checkout_would_write_it(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book", {".gitattributes": "*.md text eol=crlf\n", CHAPTER: "one\r\ntwo\r\n"})
    with open_repository(book) as repo:
        assert repo.read(CHAPTER) == b"one\r\ntwo\r\n"
        assert repo.dirty([CHAPTER]) == ()
        assert repo.read("chapters/none.md") is None


def test_commits_are_found_by_their_trailers(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book")
    write_files(book, {CHAPTER: "two\n"})
    made = commit(book, [CHAPTER], "Iterate chapter 3: x\n\nBookiter-Iteration: abc\nBookiter-Scale: patch\n")
    with open_repository(book) as repo:
        assert repo.trailers("Bookiter-Iteration", [CHAPTER]) == {"abc": made}


def test_a_first_commit_is_made_but_not_inside_another_repository(tmp_path: Path) -> None:
    write_files(tmp_path / "new", {"a.md": "a\n"})
    made, why = begin_repository(tmp_path / "new", ["a.md"], "Begin")
    assert (made == git(tmp_path / "new", "rev-parse", "HEAD").strip(), why) == (True, "")
    write_files(tmp_path / "new" / "inner", {"b.md": "b\n"})
    made, why = begin_repository(tmp_path / "new" / "inner", ["b.md"], "Begin")
    assert made is None
    assert "inside a git repository already" in why
