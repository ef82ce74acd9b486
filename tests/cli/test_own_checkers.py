"""The author's own checkers in the pipeline, and commands of a cloned repository, which nobody has allowed yet."""

import json
import sys
from pathlib import Path

import pytest

from support.bad import said, state
from support.book import CHAPTERS, bookiter, commit_all, git, make_book
from support.scripted import intent, model, stage_of, stages_asked, verdict

ASK = "Make Mr. Orrin colder in chapter 3"
CHAPTER = "chapters/chapter-03.md"


def patch(old: str, new: str) -> str:
    return f"--- a/{CHAPTER}\n+++ b/{CHAPTER}\n@@ -5,1 +5,1 @@\n-{old}\n+{new}\n"


OLD = "Mr. Orrin watched her from the stairs."
WEAK = patch(OLD, "Mr. Orrin watched her very coldly from the stairs.")
STRONG = patch(OLD, "Mr. Orrin watched her from the stairs as one watches a tide.")
HOUSE = (
    "import re, sys\nopen('ran', 'a').write('.')\n"
    "for word in re.findall('very', open(sys.argv[1]).read()): print(word, 'is weak')\n"
)


def settings(*command: str, seconds: float = 20) -> str:
    made = [{"name": "house", "command": [*command, "{file}"], "seconds": seconds}]
    return f"checkers: {json.dumps(made)}\n"


def with_checker(folder: Path, code: str = HOUSE, **more: float) -> Path:
    """Make a book whose settings name a checker; what it runs leaves a mark in the folder."""
    return make_book(folder / "book", settings=settings(sys.executable, "-c", code, **more))


@pytest.fixture
def cloned(tmp_path: Path) -> Path:
    """A repository that somebody else made, with a command in its settings."""
    git(tmp_path, "clone", "-q", str(with_checker(tmp_path / "theirs")), str(tmp_path / "book"))
    return tmp_path / "book"


def test_a_cloned_repositorys_command_never_runs_without_consent(cloned: Path) -> None:
    before = state(cloned)
    with model(intent=intent(), diff=STRONG, judge=verdict()) as (server, env):
        words = said(bookiter("iterate", ASK, cwd=cloned, env=env), 2)
        assert "house" in words
        assert "bookiter config --allow" in words
        assert server.requests == []
        for command in (("doctor",), ("config",), ("iterate", ASK, "--plan")):
            bookiter(*command, cwd=cloned, env=env)
    assert not (cloned / "ran").exists()
    assert state(cloned) == before


def test_judging_a_change_of_a_clone_runs_no_command_either(cloned: Path) -> None:
    with model(intent=intent(), diff=STRONG, judge=verdict()) as (server, env):
        assert bookiter("analyze-intent", ASK, cwd=cloned, env=env).code == 0
        assert bookiter("diff", "-o", "change.diff", cwd=cloned, env=env).code == 0
        ran = bookiter("judge", "--diff", "change.diff", cwd=cloned, env=env)
    assert "bookiter config --allow" in said(ran, 2)
    assert "judge" not in stages_asked(server)
    assert not (cloned / "ran").exists()


def test_consent_shows_the_command_and_lets_it_run_until_it_changes(cloned: Path) -> None:
    shown = bookiter("config", "checkers", cwd=cloned)
    assert "not in force until" in shown.out
    allowed = bookiter("config", "--allow", "checkers", cwd=cloned)
    assert (allowed.code, f"Allowed here: house: {sys.executable} -c " in allowed.err) == (0, True)
    with model(intent=intent(), diff=STRONG, judge=verdict()) as (_, env):
        ran = bookiter("iterate", ASK, cwd=cloned, env=env)
        assert ran.code == 0, ran.err
        assert (cloned / "ran").exists()
        (cloned / "ran").unlink()
        text = (cloned / "bookiter.yaml").read_text("utf-8").replace("'.'", "'!'")
        (cloned / "bookiter.yaml").write_text(text, encoding="utf-8")
        commit_all(cloned, "Settings")
        said(bookiter("iterate", ASK, cwd=cloned, env=env), 2)
    assert not (cloned / "ran").exists()


def test_the_authors_own_settings_need_no_consent(book: Path) -> None:
    own = {"BOOKITER_CHECKERS": json.dumps([{"name": "house", "command": [sys.executable, "-c", HOUSE, "{file}"]}])}
    with model(intent=intent(), diff=[WEAK, STRONG], judge=verdict()) as (server, env):
        ran = bookiter("iterate", ASK, cwd=book, env={**env, **own})
    assert ran.code == 0, ran.err
    assert "Check failed: house: very is weak" in ran.err
    first, second = (request.prompt for request in server.requests if stage_of(request.body) == "diff")
    assert "very is weak" not in first
    assert "very is weak" in second
    assert "as one watches a tide" in (book / CHAPTER).read_text("utf-8")


def test_the_proof_of_scope_is_told_and_kept(book: Path) -> None:
    with model(intent=intent(), diff=STRONG, judge=verdict()) as (_, env):
        ran = bookiter("iterate", ASK, cwd=book, env=env)
    assert (
        "Scope: 5 words changed inside chapter 3, none outside; paragraphs: 4 kept, 1 changed, 0 added, 0 lost"
        in ran.err
    )
    (kept,) = (book / ".bookiter/runs").glob("*/attempt-1.checks.json")
    record = json.loads(kept.read_text("utf-8"))
    assert record["findings"] == []
    assert (record["scope"]["words_inside"], record["scope"]["words_outside"]) == (5, 0)


def test_an_exact_edit_is_not_shown_to_the_checkers(cloned: Path) -> None:
    ran = bookiter("iterate", "Rename Sarah to Clara in chapter 3", cwd=cloned)
    assert ran.code == 0, ran.err
    assert not (cloned / "ran").exists()


@pytest.mark.parametrize(
    ("code", "seconds", "shown"),
    [
        ("import time; time.sleep(60)", 1, "did not end within 1 seconds"),
        ("raise SystemExit('no rules')", 20, "no rules"),
    ],
)
def test_a_checker_that_fails_ends_the_iteration_and_leaves_the_book(
    tmp_path: Path, code: str, seconds: float, shown: str
) -> None:
    book = with_checker(tmp_path, code, seconds=seconds)
    assert bookiter("config", "--allow", cwd=book).code == 0
    before = state(book)
    with model(intent=intent(), diff=STRONG, judge=verdict()) as (server, env):
        assert shown in said(bookiter("iterate", ASK, cwd=book, env=env), 6)
    assert "judge" not in stages_asked(server)
    assert state(book) == before


def test_a_checker_that_is_missing_is_told_before_a_model_is_asked(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book", settings=settings("no-such-checker-here"))
    assert bookiter("config", "--allow", cwd=book).code == 0
    with model(intent=intent(), diff=STRONG, judge=verdict()) as (server, env):
        assert "no-such-checker-here" in said(bookiter("iterate", ASK, cwd=book, env=env), 6)
    assert server.requests == []


def test_a_chapter_whose_front_matter_locks_it_stays(book: Path) -> None:
    (book / CHAPTER).write_text(f"---\nlocked: true\n---\n{CHAPTERS[3]}", encoding="utf-8")
    commit_all(book, "Lock")
    before = state(book)
    assert "locked in its front matter" in said(bookiter("iterate", "Rename Sarah to Clara in chapter 3", cwd=book), 6)
    assert state(book) == before
