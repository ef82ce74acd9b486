"""At a terminal: questions are asked, changes are shown and approved, colours come and go."""

import os
import re
from pathlib import Path

import pexpect
import pytest

from support.book import COMMAND, git, tree_of
from support.scripted import intent, model, verdict

RENAME = "rename Sarah to Clara in chapter 3"


def terminal(book: Path, *arguments: str, env: dict[str, str] | None = None) -> "pexpect.spawn[str]":
    return pexpect.spawn(
        str(COMMAND),
        list(arguments),
        cwd=str(book),
        env={**os.environ, **(env or {})},
        encoding="utf-8",
        timeout=20,
        dimensions=(40, 100),
    )


def code_of(child: "pexpect.spawn[str]") -> int:
    child.expect(pexpect.EOF)
    child.close()
    return int(child.exitstatus)


def test_yes_commits_what_was_shown(book: Path) -> None:
    child = terminal(book, "iterate", RENAME)
    child.expect("Commit this change")
    shown = child.before or ""
    assert "chapters/chapter-03.md" in shown
    assert "Clara" in shown
    child.sendline("yes")
    assert code_of(child) == 0
    assert git(book, "rev-list", "--count", "HEAD").strip() == "2"


def test_no_leaves_everything_as_it_was(book: Path) -> None:
    before = tree_of(book)
    child = terminal(book, "iterate", RENAME)
    child.expect("Commit this change")
    child.sendline("no")
    assert code_of(child) == 5
    assert tree_of(book) == before
    assert git(book, "status", "--porcelain") == ""


def test_diff_shows_the_whole_diff_and_asks_again(book: Path) -> None:
    child = terminal(book, "iterate", RENAME)
    child.expect("Commit this change")
    child.sendline("diff")
    child.expect_exact("+++ b/chapters/chapter-03.md")
    child.expect("Commit this change")
    child.sendline("n")
    assert code_of(child) == 5


def test_the_end_of_input_is_no_approval(book: Path) -> None:
    child = terminal(book, "iterate", RENAME)
    child.expect("Commit this change")
    child.sendeof()
    assert code_of(child) == 5
    assert git(book, "rev-list", "--count", "HEAD").strip() == "1"


def test_an_interrupt_at_the_question_changes_nothing(book: Path) -> None:
    before = tree_of(book)
    child = terminal(book, "iterate", RENAME)
    child.expect("Commit this change")
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
