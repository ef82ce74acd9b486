"""The page of a change on its way: into the run, the history, `show`, and onto the terminal."""

import json
import os
from pathlib import Path

import pexpect

from support.book import COMMAND, bookiter, git
from support.model_replies import json_object, status
from support.scripted import intent, model, verdict

DIFF = (
    "--- a/chapters/chapter-03.md\n+++ b/chapters/chapter-03.md\n@@ @@\n “I read once,” said Sarah.\n+\n"
    "+“Then you know how it ends,” said Mr. Orrin.\n"
)
TOLD = json_object(
    {
        "foundation": [],
        "changes": [
            {
                "magnitude": "major",
                "path": "chapters/chapter-03.md",
                "what": "Mr. Orrin answers Sarah.",
                "before": "He lets her last word stand.",
                "after": "He has the last word.",
                "details": ["Adds 99 words"],
            }
        ],
        "impact": {"arc": "", "tone": "A shade more menacing.", "consistency": ""},
        "why": "The answer was asked for.",
        "risks": [],
    }
)
REQUEST = "Let Mr. Orrin answer Sarah in chapter 3"


def test_what_is_told_stands_in_the_run_and_in_the_history(book: Path) -> None:
    with model(intent=intent(), diff=DIFF, judge=verdict(), summary=TOLD) as (_, env):
        ran = bookiter("iterate", "--yes", REQUEST, cwd=book, env=env)
    assert ran.code == 0, ran.err
    (page,) = book.glob(".bookiter/runs/*/summary.md")
    assert "**Chapter 3:** Mr. Orrin answers Sarah.\n" in page.read_text("utf-8")
    assert "99" not in page.read_text("utf-8")
    entry = json.loads((book / "chapters/iteration_history.json").read_text("utf-8"))["iterations"][0]
    assert entry["semantic_summary"] == (
        "Major: chapter 3: Mr. Orrin answers Sarah (+9 words, 21% changed). Tone: A shade more menacing."
    )


def test_a_summary_that_fails_stops_nothing_and_is_told(book: Path) -> None:
    with model(intent=intent(), diff=DIFF, judge=verdict(), summary=status(400, "no such model")) as (_, env):
        ran = bookiter("iterate", "--yes", REQUEST, cwd=book, env=env)
    assert ran.code == 0, ran.err
    assert "The summary is counted only, without the model's part: " in ran.err
    assert git(book, "rev-list", "--count", "HEAD").strip() == "2"


def test_a_broken_prompt_of_the_manuscripts_own_costs_the_models_part_only(book: Path) -> None:
    (book / "prompts").mkdir()
    (book / "prompts/summary.j2").write_text(
        "{% block system %}{{ nobody }}{% endblock %}{% block user %}{% endblock %}"
    )
    with model(intent=intent(), diff=DIFF, judge=verdict(), summary=TOLD) as (_, env):
        ran = bookiter("iterate", "--yes", REQUEST, cwd=book, env=env)
    assert ran.code == 0, ran.err
    assert "the prompt prompts/summary.j2 of this manuscript cannot be rendered" in ran.err


def test_a_candidate_is_shown_by_its_page_and_word_by_word_without_breaking_lines(book: Path) -> None:
    with model(intent=intent(), diff=DIFF, judge=verdict(), summary=TOLD) as (_, env):
        made = json.loads(bookiter("iterate", "--preview", "--json", REQUEST, cwd=book, env=env).out)
    shown = bookiter("show", made["candidate"], cwd=book).out
    assert "  • Chapter 3: Mr. Orrin answers Sarah.\n      Before: He lets her last word stand.\n" in shown
    words = bookiter("show", made["candidate"], "chapter-3", cwd=book).out
    assert words == (
        "━━━ chapters/chapter-03.md ━━━\nParagraphs: 1 put in.\n\nLine 11, The Library at Thole, put in\n"
        "    {+“Then you know how it ends,” said Mr. Orrin.+}\n"
    )
    wrong = bookiter("show", made["candidate"], "chapter-9", cwd=book)
    assert (wrong.code, wrong.out) == (2, "")
    assert "It changes chapter 3; or say all." in wrong.err


def test_a_slip_at_the_question_ends_nothing(book: Path) -> None:
    several = "rename Sarah to Clara in chapters 1-3"
    child = pexpect.spawn(
        str(COMMAND), ["iterate", several], cwd=str(book), env=dict(os.environ), encoding="utf-8", timeout=20,
        dimensions=(60, 80),
    )  # fmt: skip
    child.expect("Accept this change")
    page = child.before or ""
    assert "ITERATION SUMMARY" in page
    assert "Names that went" in page
    child.sendline("diff")
    child.expect("Which text")
    child.sendline("chapter 9")
    child.expect("the change has nothing called “chapter 9”")
    child.expect("Accept this change")
    child.sendline("diff")
    child.expect("Which text")
    child.sendline("3")
    child.expect("━━━ chapters/chapter-03.md ━━━")
    child.expect("Line 3, The Library at Thole")
    child.expect("Accept this change")
    child.sendline("yes")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
