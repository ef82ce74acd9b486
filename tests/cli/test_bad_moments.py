"""What the author and the author's hooks do while bookiter works: never overwritten, always respected."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.bad import said, state
from support.book import CHAPTERS, Ran, bookiter, git, make_book, write_files
from support.model_replies import Reply, text
from support.model_server import ModelServer
from support.scripted import AUTOMATIC, intent, settings, stage_of, verdict

ASK = "Add a line of dialogue to chapter 3"
EXACT = "Rename Sarah to Clara in chapter 3"
CHAPTER = "chapters/chapter-03.md"
HISTORY = "chapters/iteration_history.json"
TIDY = """--- a/chapters/chapter-03.md
+++ b/chapters/chapter-03.md
@@ -11,3 +11,5 @@
 “I read once,” said Sarah.
+
+“Then read it to me,” said Mr. Orrin.
 
 Outside, the bell for the last crossing rang twice.
"""  # noqa: W293 - a blank context line is one space
GOOD: dict[str, Reply] = {**AUTOMATIC, "intent": intent(), "diff": text(TIDY), "judge": verdict()}
MINE = CHAPTERS[3] + "\nMine, typed meanwhile.\n"


def iterate_while(book: Path, stage: str, meanwhile: Callable[[], object]) -> Ran:
    """Run an iteration during one stage of which something happens in the book, once."""
    happened: list[object] = []

    def handler(request: dict[str, Any]) -> Reply:
        if stage_of(request) == stage and not happened:
            happened.append(meanwhile())
        return GOOD[stage_of(request)]

    with ModelServer(handler=handler) as server:
        return bookiter("iterate", ASK, cwd=book, env=settings(server.base_url))


# --- The author -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["diff", "judge"])
def test_a_chapter_edited_while_the_model_works_is_not_overwritten(book: Path, stage: str) -> None:
    head = git(book, "rev-parse", "HEAD")
    ran = iterate_while(book, stage, lambda: write_files(book, {CHAPTER: MINE}))
    said(ran, 6)
    assert (book / CHAPTER).read_text("utf-8") == MINE
    assert git(book, "status", "--porcelain") == f" M {CHAPTER}\n"
    assert git(book, "rev-parse", "HEAD") == head


def test_a_chapter_staged_while_the_model_works_stays_staged(book: Path) -> None:
    def stage_it() -> None:
        write_files(book, {CHAPTER: MINE})
        git(book, "add", CHAPTER)

    said(iterate_while(book, "judge", stage_it), 6)
    assert git(book, "status", "--porcelain") == f"M  {CHAPTER}\n"
    assert git(book, "show", f":{CHAPTER}") == MINE


def test_what_was_committed_while_the_model_worked_is_merged_with_its_change(book: Path) -> None:
    def commit_it() -> None:
        write_files(book, {CHAPTER: MINE})
        git(book, "commit", "-qam", "Mine")

    ran = iterate_while(book, "judge", commit_it)
    assert ran.code == 0, ran.err
    text = (book / CHAPTER).read_text("utf-8")
    added = set(text.splitlines()) - set(CHAPTERS[3].splitlines())
    assert set(MINE.splitlines()) - set(CHAPTERS[3].splitlines()) < added
    assert git(book, "status", "--porcelain") == ""
    assert git(book, "log", "-2", "--format=%s").splitlines()[1] == "Mine"


def test_the_same_place_changed_and_committed_while_the_model_worked_are_a_conflict_and_stay(book: Path) -> None:
    mine = CHAPTERS[3].replace("“I read once,” said Sarah.\n", "“I read once,” said Sarah.\n\n“And then no more.”\n")

    def commit_it() -> None:
        write_files(book, {CHAPTER: mine})
        git(book, "commit", "-qam", "Mine")

    said(iterate_while(book, "judge", commit_it), 6)
    assert (book / CHAPTER).read_text("utf-8") == mine
    assert git(book, "status", "--porcelain") == ""
    assert git(book, "log", "-1", "--format=%s") == "Mine\n"


def test_other_work_goes_on_while_the_model_works(book: Path) -> None:
    def work() -> None:
        write_files(book, {"chapters/chapter-01.md": "# Mine\n"})
        git(book, "commit", "-qam", "Mine")
        write_files(book, {"notes.md": "Staged.\n", "chapters/chapter-02.md": "Edited.\n"})
        git(book, "add", "notes.md")

    ran = iterate_while(book, "diff", work)
    assert ran.code == 0, ran.err
    assert git(book, "log", "-2", "--format=%s").splitlines()[1] == "Mine"
    assert git(book, "show", "HEAD:chapters/chapter-01.md") == "# Mine\n"
    assert git(book, "status", "--porcelain") == " M chapters/chapter-02.md\nA  notes.md\n"
    assert git(book, "show", "--format=", "--name-only", "HEAD").split() == [CHAPTER, HISTORY]


def test_a_chapter_deleted_while_the_model_works_does_not_come_back(book: Path) -> None:
    said(iterate_while(book, "judge", (book / CHAPTER).unlink), 6)
    assert not (book / CHAPTER).exists()
    assert git(book, "status", "--porcelain") == f" D {CHAPTER}\n"


def test_a_head_detached_while_the_model_works_gets_no_commit(book: Path) -> None:
    head = git(book, "rev-parse", "HEAD")
    said(iterate_while(book, "judge", lambda: git(book, "checkout", "-q", "--detach")), 6)
    assert git(book, "rev-parse", "HEAD") == head
    assert git(book, "status", "--porcelain") == ""


# --- Hooks ----------------------------------------------------------------------------------------------------------


def hook(book: Path, name: str, script: str) -> None:
    place = book / ".git/hooks" / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    place.chmod(0o755)


FAILING = {
    "pre-commit": 'echo "no commits after midnight" >&2; exit 1',
    "commit-msg": 'echo "no commits after midnight" >&2; exit 1',
}


@pytest.mark.parametrize(("name", "script"), FAILING.items(), ids=FAILING)
def test_a_failing_hook_leaves_everything_as_it_was(book: Path, name: str, script: str) -> None:
    write_files(book, {"notes.md": "Staged.\n", "chapters/chapter-01.md": "# Edited\n"})
    git(book, "add", "notes.md")
    hook(book, name, script)
    before = state(book)
    words = said(bookiter("iterate", EXACT, cwd=book), 6)
    assert "hook" in words
    assert "no commits after midnight" in words
    assert state(book) == before
    assert not (book / HISTORY).exists()


def test_a_signature_that_fails_leaves_everything_as_it_was(book: Path) -> None:
    git(book, "config", "commit.gpgsign", "true")
    git(book, "config", "gpg.program", "false")
    before = state(book)
    assert "gpg" in said(bookiter("iterate", EXACT, cwd=book), 6)
    assert state(book) == before


def test_a_hook_that_refuses_a_chapter_applied_by_stages_leaves_it_applied(book: Path) -> None:
    assert bookiter("analyze-intent", EXACT, cwd=book).code == 0
    assert bookiter("diff", cwd=book).code == 0
    assert bookiter("apply", cwd=book).code == 0
    hook(book, "pre-commit", "exit 1")
    before = state(book)
    said(bookiter("commit", cwd=book), 6)
    assert state(book) == before
    assert f" M {CHAPTER}" in git(book, "status", "--porcelain")


def test_a_hook_that_rewrites_the_chapter_and_passes_is_respected(book: Path) -> None:
    hook(book, "pre-commit", f'echo "Formatted." >> {CHAPTER}; git add {CHAPTER}')
    ran = bookiter("iterate", EXACT, cwd=book)
    assert ran.code == 0, ran.err
    wanted = CHAPTERS[3].replace("Sarah", "Clara") + "Formatted.\n"
    assert git(book, "show", f"HEAD:{CHAPTER}") == wanted
    assert (book / CHAPTER).read_text("utf-8") == wanted
    assert git(book, "status", "--porcelain") == ""


def test_a_hook_that_rewrites_the_chapter_and_fails_costs_nobody_a_word(book: Path) -> None:
    """It may be a formatter that wrote, or the author while it ran: what was written must be somewhere still."""
    head = git(book, "rev-parse", "HEAD")
    hook(book, "pre-commit", f'echo "Written meanwhile." >> {CHAPTER}; exit 1')
    said(bookiter("iterate", EXACT, cwd=book), 6)
    assert git(book, "rev-parse", "HEAD") == head
    assert git(book, "diff", "--cached") == ""
    kept = [path for path in book.rglob("*") if path.is_file() and ".git" not in path.parts]
    assert any(b"Written meanwhile." in path.read_bytes() for path in kept)


def test_a_hook_that_adds_to_the_message_is_respected(book: Path) -> None:
    hook(book, "commit-msg", 'echo "Change-Id: I0123" >> "$1"')
    ran = bookiter("iterate", EXACT, cwd=book)
    assert ran.code == 0, ran.err
    trailers = git(book, "log", "-1", "--format=%(trailers:only)")
    assert "Change-Id: I0123" in trailers
    assert "Bookiter-Scale: patch" in trailers


def test_bookiter_as_a_hook_of_git_works_on_its_own_manuscript(book: Path) -> None:
    """Git tells its hooks which repository and index they are in; those of another one must not lead bookiter there."""
    other = make_book(book.parent / "other")
    before = state(other)
    env = {"GIT_DIR": str(other / ".git"), "GIT_WORK_TREE": str(other), "GIT_INDEX_FILE": str(other / ".git/index")}
    ran = bookiter("iterate", EXACT, cwd=book, env=env)
    assert ran.code == 0, ran.err
    assert state(other) == before
    assert git(book, "status", "--porcelain") == ""
    assert b"Clara" in (book / CHAPTER).read_bytes()
