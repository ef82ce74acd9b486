"""At a terminal: questions are asked, changes are shown and approved, colours come and go."""

import json
import re
from pathlib import Path

import pytest

from support.book import git, tree_of
from support.scripted import intent, model, verdict
from support.terminal import code_of, plain, terminal

DIFF = (
    "--- a/chapters/chapter-03.md\n+++ b/chapters/chapter-03.md\n@@ ... @@\n"
    "-“You read slowly,” he said.\n+“You read slowly,” he said. “Nobody hurries you.”\n"
)
RENAME = "rename Sarah to Clara in chapter 3"


def test_yes_commits_what_was_shown(book: Path) -> None:
    child = terminal(book, "iterate", RENAME)
    child.expect("Accept this change")
    shown = child.before or ""
    assert "chapters/chapter-03.md" in shown
    assert "Clara" in shown
    child.sendline("yes")
    assert code_of(child) == 0
    assert git(book, "rev-list", "--count", "HEAD").strip() == "2"


def test_no_leaves_everything_as_it_was(book: Path) -> None:
    before = tree_of(book)
    child = terminal(book, "iterate", RENAME)
    child.expect("Accept this change")
    child.sendline("no")
    child.expect("Why not")
    child.sendline("Sarah is her mother's name")
    assert code_of(child) == 5
    assert tree_of(book) == before
    assert "refs/bookiter/rejected/" in git(book, "for-each-ref")
    assert git(book, "status", "--porcelain") == ""


def test_diff_shows_the_text_word_by_word_and_asks_again(book: Path) -> None:
    child = terminal(book, "iterate", RENAME)
    child.expect("Accept this change")
    child.sendline("diff")
    child.expect("Accept this change")
    assert "chapters/chapter-03.md" in plain(child.before)
    assert "Clara" in plain(child.before)
    child.sendline("keep")
    assert code_of(child) == 0
    assert git(book, "rev-list", "--count", "HEAD").strip() == "1"
    assert "refs/bookiter/candidates/" in git(book, "for-each-ref")


def test_the_end_of_input_is_no_approval(book: Path) -> None:
    child = terminal(book, "iterate", RENAME)
    child.expect("Accept this change")
    child.sendeof()
    assert code_of(child) == 130
    assert "refs/bookiter/candidates/" in git(book, "for-each-ref")
    assert git(book, "rev-list", "--count", "HEAD").strip() == "1"


def test_an_interrupt_at_the_question_changes_nothing(book: Path) -> None:
    before = tree_of(book)
    child = terminal(book, "iterate", RENAME)
    child.expect("Accept this change")
    child.sendintr()
    assert code_of(child) == 130
    assert tree_of(book) == before


def test_a_question_is_asked_and_the_answer_settles_it(book: Path) -> None:
    child = terminal(book, "iterate", "--yes", "rename Sarah to Clara in chapter 9")
    child.expect("there are chapters 1 to 3")
    child.expect("Your answer")
    child.sendline("chapter 3")
    assert code_of(child) == 0
    assert "chapters/chapter-03.md" in git(book, "show", "--name-only", "--format=")


def test_no_answer_ends_with_the_questions(book: Path) -> None:
    child = terminal(book, "iterate", "rename Sarah to Clara in chapter 9")
    child.expect("Your answer")
    child.sendline("")
    assert code_of(child) == 3


@pytest.mark.parametrize("flag", ["--yes", "--no-input"])
def test_flags_silence_the_question(book: Path, flag: str) -> None:
    assert code_of(terminal(book, "iterate", RENAME, flag)) == 0


def test_json_never_asks_even_at_a_terminal(book: Path) -> None:
    child = terminal(book, "iterate", RENAME, "--json")
    assert code_of(child) == 0
    assert '"status": "committed"' in (child.before or "")


def test_colours_follow_the_terminal_and_no_color(book: Path) -> None:
    coloured = terminal(book, "iterate", RENAME, "--yes")
    code_of(coloured)
    assert "\x1b[32m✓" in (coloured.before or "")
    plain = terminal(book, "iterate", "rename Clara to Sarah in chapter 3", "--yes", env={"NO_COLOR": "1"})
    code_of(plain)
    assert not re.search(r"\x1b\[\d+m", plain.before or "")


def test_words_so_far_are_shown_while_a_model_writes(book: Path) -> None:
    from support.model_replies import text

    diff = (
        "--- a/chapters/chapter-03.md\n+++ b/chapters/chapter-03.md\n@@ @@\n “I read once,” said Sarah.\n+\n+He left.\n"
    )
    with model(intent=intent(), diff=text(diff, chunks=12), judge=verdict()) as (_, env):
        child = terminal(book, "iterate", "--yes", "Add a line to chapter 3", env=env)
        assert code_of(child) == 0
    assert re.search(r"\d+ words so far", child.before or "")


def test_an_edited_diff_is_what_is_accepted(book: Path) -> None:
    editor = book.parent / "editor.sh"
    editor.write_text("#!/bin/sh\nsed -i 's/^+\\(.*\\)Clara turned/+\\1Clara leafed/' \"$1\"\n", encoding="utf-8")
    editor.chmod(0o755)
    child = terminal(book, "iterate", RENAME, env={"EDITOR": str(editor)})
    child.expect("Accept this change")
    child.sendline("edit")
    child.expect("Accept this change")
    assert "leafed" in plain(child.before)
    child.sendline("yes")
    assert code_of(child) == 0
    assert "Clara leafed the pages" in (book / "chapters/chapter-03.md").read_text("utf-8")
    assert "edited" in git(book, "log", "-1", "--format=%(trailers:key=Bookiter-Model,valueonly)")


@pytest.mark.parametrize(
    "script",
    [
        "exit 3",
        'printf "no diff at all" > "$1"',
        'sed -i "s/Sarah/Nobody/" "$1"',
        'sed -i "s/chapter-03/chapter-01/" "$1"',
    ],
    ids=["the editor fails", "no diff is left", "what is to go is not in the text", "another file"],
)
def test_an_edit_that_cannot_be_taken_is_told_and_asked_about_again(book: Path, script: str) -> None:
    before = tree_of(book)
    editor = book.parent / "editor.sh"
    editor.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    editor.chmod(0o755)
    child = terminal(book, "iterate", RENAME, env={"EDITOR": str(editor)})
    child.expect("Accept this change")
    child.sendline("edit")
    child.expect("Your edit cannot be taken")
    child.expect("Accept this change")
    child.sendline("keep")
    assert code_of(child) == 0
    assert tree_of(book) == before


def test_overruling_the_judge_needs_a_reason_that_the_history_keeps(book: Path) -> None:
    no = verdict(False, "Too flat.", reasoning="Flat.")
    with model(intent=intent(), diff=DIFF, judge=no) as (_, env):
        child = terminal(book, "iterate", "let Mr. Orrin answer in chapter 3", env=env)
        child.expect("Continue with the judge's feedback")
        child.sendline("no")
        child.expect("Accept it anyway")
        child.sendline("yes")
        child.expect("Why, against the judge")
        child.sendline("flat is what I want")
        assert code_of(child) == 0
    entry = json.loads((book / "chapters/iteration_history.json").read_text("utf-8"))["iterations"][0]
    assert entry["overruled"] == "flat is what I want"
    assert entry["judge_verdict"] == "needs_revision"
    assert git(book, "log", "-1", "--format=%(trailers:key=Bookiter-Verdict,valueonly)").strip() == "overruled"
