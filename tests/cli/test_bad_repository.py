"""Repositories that are not ready: bookiter says so, says what to do, and changes nothing."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from support.bad import said, state
from support.book import CHAPTERS, bookiter, chapter_files, commit_all, git, tree_of, write_files

CHAPTER = "chapters/chapter-03.md"
HISTORY = "chapters/iteration_history.json"
ASK = "Rename Sarah to Clara in chapter 3"
WANTED = CHAPTERS[3].replace("Sarah", "Clara").encode()


def refused(book: Path, *arguments: str) -> str:
    """Run iterate, which must find the manuscript not ready and leave everything as it was; return what it said."""
    before = state(book)
    ran = bookiter("iterate", *(arguments or (ASK,)), cwd=book)
    assert state(book) == before
    return said(ran, 6)


def committed(book: Path, ask: str = ASK) -> None:
    ran = bookiter("iterate", ask, cwd=book)
    assert ran.code == 0, ran.err


def test_a_folder_without_a_manuscript(tmp_path: Path) -> None:
    ran = bookiter("iterate", ASK, cwd=tmp_path)
    assert "bookiter init" in said(ran, 6)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["iterate", "analyze-intent"])
def test_a_manuscript_without_a_repository(tmp_path: Path, command: str) -> None:
    write_files(tmp_path, {"bookiter.yaml": "project: ferry\n", **chapter_files()})
    before = tree_of(tmp_path)
    shown = said(bookiter(command, ASK, cwd=tmp_path), 6)
    assert "not in a git repository" in shown
    assert "git init" in shown
    assert tree_of(tmp_path) == before


def test_a_repository_that_is_set_to_bare(book: Path) -> None:
    git(book, "config", "core.bare", "true")
    before = tree_of(book)
    shown = said(bookiter("iterate", ASK, cwd=book), 6)
    assert "bare" in shown
    assert "git clone" in shown
    assert tree_of(book) == before


@pytest.mark.parametrize("command", [("iterate", ASK), ("init",)])
def test_a_bare_clone_is_no_place_to_write(book: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(book), "book.git")
    bare = tmp_path / "book.git"
    before = tree_of(bare)
    said(bookiter(*command, cwd=bare), 6)
    assert tree_of(bare) == before
    assert not (bare / ".bookiter").exists()


def test_a_repository_without_a_commit(tmp_path: Path) -> None:
    write_files(tmp_path, {"bookiter.yaml": "project: ferry\n", **chapter_files()})
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "bookiter.yaml")
    shown = refused(tmp_path)
    assert "no commit yet" in shown
    assert "git commit" in shown


def test_git_does_not_know_who_the_author_is(book: Path) -> None:
    Path(os.environ["GIT_CONFIG_GLOBAL"]).write_text("[user]\n\tuseConfigOnly = true\n", encoding="utf-8")
    shown = refused(book)
    assert "git config user.name" in shown
    assert "user.email" in shown


def test_a_detached_head(book: Path) -> None:
    git(book, "checkout", "-q", "--detach")
    shown = refused(book)
    assert "detached" in shown
    assert "git switch" in shown


def test_a_repository_of_somebody_else(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state(book)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    shown = said(bookiter("iterate", ASK, cwd=book), 6)
    monkeypatch.delenv("GIT_TEST_ASSUME_DIFFERENT_OWNER")
    assert "safe.directory" in shown
    assert state(book) == before


def test_a_held_index_lock(book: Path) -> None:
    lock = book / ".git/index.lock"
    lock.write_bytes(b"")
    before = tree_of(book)
    shown = said(bookiter("iterate", ASK, cwd=book), 6)
    assert "index.lock" in shown
    assert tree_of(book) == before
    assert lock.exists()
    lock.unlink()
    committed(book)


def test_a_merge_in_progress(book: Path) -> None:
    git(book, "switch", "-qc", "other")
    (book / "chapters/chapter-01.md").write_text("# Other\n", encoding="utf-8")
    git(book, "commit", "-qam", "Other")
    git(book, "switch", "-q", "main")
    (book / "chapters/chapter-01.md").write_text("# Mine\n", encoding="utf-8")
    git(book, "commit", "-qam", "Mine")
    git(book, "merge", "-q", "other", check=False)
    assert "merge is in progress" in refused(book)


def edited(book: Path) -> None:
    (book / CHAPTER).write_text(CHAPTERS[3] + "\nAn afterthought.\n", encoding="utf-8")


def staged(book: Path) -> None:
    edited(book)
    git(book, "add", CHAPTER)


def staged_and_taken_back_on_disk(book: Path) -> None:
    staged(book)
    (book / CHAPTER).write_text(CHAPTERS[3], encoding="utf-8")


def untracked(book: Path) -> None:
    git(book, "rm", "-q", "--cached", CHAPTER)
    git(book, "commit", "-qm", "Keep it to myself")


def ignored(book: Path) -> None:
    untracked(book)
    (book / ".git/info/exclude").write_text("chapter-03.md\n", encoding="utf-8")


def history_edited(book: Path) -> None:
    write_files(book, {HISTORY: '{"iterations": []}\n'})
    commit_all(book)
    write_files(book, {HISTORY: '{"iterations": [], "note": "mine"}\n'})


@pytest.mark.parametrize(
    ("make", "how"),
    [
        (edited, "is edited"),
        (staged, "is staged"),
        (staged_and_taken_back_on_disk, "edited"),
        (untracked, "not committed yet"),
        (ignored, "ignored by git"),
        (history_edited, "is edited"),
    ],
)
def test_uncommitted_edits_in_the_target_stop_everything(book: Path, make: Callable[[Path], None], how: str) -> None:
    make(book)
    shown = refused(book)
    assert how in shown
    assert "git stash" in shown or "git add" in shown


def test_a_deleted_chapter_is_no_chapter(book: Path) -> None:
    (book / CHAPTER).unlink()
    before = state(book)
    ran = bookiter("iterate", ASK, cwd=book)
    assert ran.code in (3, 6), ran.err
    assert state(book) == before


def test_the_authors_other_edits_and_staged_files_survive(book: Path) -> None:
    write_files(book, {"drafts/old name.md": "Old words, kept.\n", "drafts/going.md": "To go.\n"})
    commit_all(book)
    write_files(book, {"chapters/chapter-01.md": CHAPTERS[1] + "\nStaged.\n", "drafts/new ümlaut.md": "New.\n"})
    git(book, "add", "-A")
    git(book, "mv", "drafts/old name.md", "drafts/renamed.md")
    git(book, "rm", "-q", "drafts/going.md")
    write_files(book, {"chapters/chapter-01.md": CHAPTERS[1] + "\nStaged, then edited.\n", "notes.txt": "Loose.\n"})
    write_files(book, {"premise/premise.md": "# Premise\n\nEdited.\n", "planned.md": "Planned.\n"})
    git(book, "add", "--intent-to-add", "planned.md")
    (book / "treatment/treatment.md").unlink()
    files, _, _, *rest = state(book)
    committed(book)
    after, _, _, *rest_after = state(book)
    assert rest_after == rest
    assert isinstance(after, dict)
    assert isinstance(files, dict)
    assert after.pop(CHAPTER) == WANTED
    assert after.pop(HISTORY)
    files.pop(CHAPTER)
    assert after == files
    assert git(book, "show", "--format=", "--name-only", "HEAD").split() == [CHAPTER, HISTORY]


def test_a_manuscript_in_a_subfolder_touches_nothing_beside_it(tmp_path: Path) -> None:
    root = tmp_path / "all my books"
    book = root / "series one/die Fähre"
    write_files(root, {"chapters/chapter-03.md": "Sarah, of another book.\n", "notes.md": "Sarah.\n"})
    write_files(book, {"bookiter.yaml": "project: ferry\n", **chapter_files()})
    commit_all(root)
    write_files(root, {"notes.md": "Sarah, again.\n", "chapters/staged.md": "Staged.\n"})
    git(root, "add", "chapters/staged.md")
    before = tree_of(root)
    committed(book / "chapters")
    after = tree_of(root)
    inside = "series one/die Fähre/"
    assert after.pop(inside + CHAPTER) == WANTED
    assert after.pop(inside + HISTORY)
    before.pop(inside + CHAPTER)
    assert after == before
    assert git(root, "status", "--porcelain", "-z") == "A  chapters/staged.md\0 M notes.md\0"
    names = git(root, "show", "--format=", "--name-only", "-z", "HEAD").strip("\0").split("\0")
    assert names == [inside + CHAPTER, inside + HISTORY]


def test_uncommitted_edits_are_found_in_a_subfolder_too(tmp_path: Path) -> None:
    book = tmp_path / "repo/book"
    write_files(book, {"bookiter.yaml": "project: ferry\n", **chapter_files()})
    commit_all(tmp_path / "repo")
    edited(book)
    assert f" {CHAPTER} is edited" in refused(book)


def test_a_linked_worktree_commits_on_its_own_branch(book: Path, tmp_path: Path) -> None:
    main = git(book, "rev-parse", "main")
    git(book, "worktree", "add", "-q", "-b", "second", str(tmp_path / "second"))
    before = state(book)
    committed(tmp_path / "second")
    assert (tmp_path / "second" / CHAPTER).read_bytes() == WANTED
    assert git(book, "rev-parse", "main") == main == git(book, "rev-parse", "second^")
    assert state(book) == before
