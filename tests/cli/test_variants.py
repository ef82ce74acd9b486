"""Several changes for one request, drawn at once and ranked."""

import json
from pathlib import Path
from typing import Any

from support.book import CHAPTERS, bookiter, git
from support.model_replies import Exchange, Reply, json_object, status, text
from support.scripted import intent, material, model, verdict
from support.terminal import code_of, plain, terminal

CHAPTER = "chapters/chapter-03.md"
OLD = "“You read slowly,” he said."
ASK = "let Mr. Orrin say more in chapter 3"


def line(more: str) -> str:
    return f"--- a/{CHAPTER}\n+++ b/{CHAPTER}\n@@ ... @@\n-{OLD}\n+{OLD} {more}\n"


def preferring(word: str) -> Reply:
    """A reader that prefers the version with a word in it, wherever it stands."""

    def reply(exchange: Exchange) -> None:
        first, second = (material(exchange.request, name) for name in ("first", "second"))
        better = "neither" if (word in first) == (word in second) else "first" if word in first else "second"
        json_object({"reasoning": "Taste.", "better": better})(exchange)

    return reply


def drawn(book: Path, env: dict[str, str], *more: str, count: int = 3) -> dict[str, Any]:
    ran = bookiter("iterate", ASK, "--variants", str(count), "--json", *more, cwd=book, env=env)
    return {"code": ran.code, "err": ran.err, **json.loads(ran.out)}


def candidates(book: Path) -> int:
    return len(git(book, "for-each-ref", "refs/bookiter").splitlines())


def test_the_one_that_wins_in_both_orders_is_taken_and_all_are_kept(book: Path) -> None:
    lines = [line(f"“{word}.”") for word in ("Slowly", "Best", "Late")]
    with model(intent=intent(), diff=lines, judge=[verdict()] * 3, compare=[preferring("Best")] * 6) as (server, env):
        said = drawn(book, env)
        compared = [each for each in server.requests if "You compare two versions" in each.prompt]
    assert (said["code"], said["status"]) == (0, "committed"), said["err"]
    assert (book / CHAPTER).read_text("utf-8") == CHAPTERS[3].replace(OLD, f"{OLD} “Best.”")
    assert candidates(book) == 3
    assert 4 <= len(compared) <= 6
    assert len(said["variants"]) == 3
    assert said["variants"][0] == said["candidate"]


def test_each_variant_has_a_run_and_a_question_of_its_own(book: Path) -> None:
    lines = [line(f"“{word}.”") for word in ("Slowly", "Best")]
    with model(intent=intent(), diff=lines, judge=[verdict()] * 2) as (_, env):
        said = drawn(book, env, "--preview", count=2)
    assert (said["code"], said["status"]) == (0, "candidate")
    runs = [place for place in (book / ".bookiter/runs").iterdir() if (place / "attempt-1.diff").exists()]
    assert len({(run / "attempt-1.diff").read_text("utf-8") for run in runs}) == 2
    assert len({(run / "rubric.json").read_text("utf-8") for run in runs}) == 1
    assert git(book, "rev-list", "--count", "HEAD").strip() == "1"


def test_one_that_fails_leaves_the_others(book: Path) -> None:
    with model(intent=intent(), diff=[text(line("“Slowly.”")), status(401)], judge=verdict()) as (_, env):
        said = drawn(book, env, count=2)
    assert (said["code"], candidates(book)) == (0, 1)


def test_when_all_fail_the_failure_is_told(book: Path) -> None:
    with model(intent=intent(), diff=[status(401), status(401)]) as (_, env):
        said = drawn(book, env, count=2)
    assert (said["code"], said["error"]["code"]) == (7, "model")
    assert candidates(book) == 0


def test_an_exact_edit_has_no_variants(book: Path) -> None:
    ran = bookiter("iterate", "rename Sarah to Clara in chapter 3", "--variants", "2", cwd=book)
    assert ran.code == 2
    assert "no variants" in ran.err


def test_at_a_terminal_the_author_takes_one(book: Path) -> None:
    lines = [line(f"“{word}.”") for word in ("Slowly", "Best")]
    with model(intent=intent(), diff=lines, judge=[verdict()] * 2) as (_, env):
        child = terminal(book, "iterate", ASK, "--variants", "2", env=env)
        child.expect("Which one")
        assert "Slowly" in plain(child.before)
        assert "Best" in plain(child.before)
        child.sendline("2")
        child.expect("Accept this change")
        child.sendline("yes")
        assert code_of(child) == 0
    assert git(book, "rev-list", "--count", "HEAD").strip() == "2"
