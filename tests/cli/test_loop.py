"""The loop: what makes it end, and that the best attempt is kept whatever came after it."""

import json
from pathlib import Path
from typing import Any

from support.book import CHAPTERS, Ran, bookiter, git, tree_of
from support.model_replies import Exchange, Reply, status, text
from support.scripted import intent, model, stages_asked, verdict, vote

CHAPTER = "chapters/chapter-03.md"
OLD = "“You read slowly,” he said."
ASK = "let Mr. Orrin say more in chapter 3"


def line(more: str) -> str:
    return f"--- a/{CHAPTER}\n+++ b/{CHAPTER}\n@@ ... @@\n-{OLD}\n+{OLD} {more}\n"


def failing(*unmet: str, why: str = "Not yet.") -> Reply:
    """A judge that finds these questions of the checklist unanswered."""

    def reply(exchange: Exchange) -> None:
        made = vote(exchange.request, verdict="needs_revision", reasoning=why)
        for answer in made["answers"]:
            if answer["id"] in unmet:
                answer |= {"met": False, "evidence": "", "why": why}
        text(json.dumps(made, ensure_ascii=False))(exchange)

    return reply


def iterate(book: Path, env: dict[str, str], *more: str) -> tuple[Ran, dict[str, Any]]:
    ran = bookiter("iterate", ASK, "--json", *more, cwd=book, env=env)
    return ran, json.loads(ran.out)


def kept_text(book: Path) -> str:
    name = git(book, "for-each-ref", "--format=%(refname)", "refs/bookiter/candidates").strip()
    return git(book, "show", f"{name}:{CHAPTER}")


def test_the_best_attempt_is_kept_and_not_the_last(book: Path) -> None:
    before = tree_of(book)
    lines = [line("“Nobody hurries you.”"), line("“Slower than I do.”"), line("“I had noticed.”")]
    judges = [failing("q1", "q2"), failing("q2"), failing("q1", "q2", "q3")]
    with model(intent=intent(), diff=lines, judge=judges) as (server, env):
        ran, said = iterate(book, env)
    assert (ran.code, said["status"], said["attempts"]) == (5, "not_approved", 3)
    assert stages_asked(server).count("diff") == 3
    assert kept_text(book) == CHAPTERS[3].replace(OLD, f"{OLD} “Slower than I do.”")
    assert tree_of(book) == before


def test_the_same_text_again_ends_it(book: Path) -> None:
    lines = [line("“Nobody hurries you.”")] * 2
    with model(intent=intent(), diff=lines, judge=failing("q1")) as (server, env):
        ran, said = iterate(book, env)
    assert (ran.code, said["attempts"], said["stopped"]) == (5, 2, "no_progress")
    assert stages_asked(server).count("judge") == 1


def test_what_had_been_mended_and_is_wrong_again_ends_it(book: Path) -> None:
    lines = [line(f"“{word}.”") for word in ("Slowly", "Very slowly", "Most slowly")]
    judges = [failing("q1"), failing("q2"), failing("q1")]
    with model(intent=intent(), diff=lines, judge=judges) as (_, env):
        ran, said = iterate(book, env, "--max-attempts", "9")
    assert (ran.code, said["attempts"], said["stopped"]) == (5, 3, "no_progress")


def test_a_model_that_fails_later_leaves_the_best_attempt_and_its_own_exit_code(book: Path) -> None:
    replies = [text(line("“Nobody hurries you.”")), status(401, "no such key")]
    with model(intent=intent(), diff=replies, judge=failing("q1")) as (_, env):
        ran, said = iterate(book, env)
    assert ran.code == 7
    assert said["candidate"]
    assert "Nobody hurries you" in kept_text(book)


def test_a_budget_that_is_used_up_leaves_the_best_attempt(book: Path) -> None:
    heavy = text(line("“Nobody hurries you.”"), usage=(100, 60_000))
    with model(intent=intent(), diff=[heavy, heavy], judge=[failing("q1")] * 2) as (_, env):
        ran, said = iterate(book, {**env, "BOOKITER_LIMITS__TOKENS": "60900"})
    assert ran.code == 8
    assert (said["stopped"], said["verdict"]["verdict"]) == ("limit", "unjudged")
    assert "Nobody hurries you" in kept_text(book)


def test_an_attempt_that_fails_the_checks_costs_no_judge(book: Path) -> None:
    lines = [line("[the rest of the scene continues here]"), line("“Nobody hurries you.”")]
    with model(intent=intent(), diff=lines, judge=verdict()) as (server, env):
        ran, said = iterate(book, env)
    assert (ran.code, said["attempts"]) == (0, 2)
    assert stages_asked(server).count("judge") == 1
    second = [request.prompt for request in server.requests if "You answer with a unified diff" in request.prompt][1]
    assert "placeholder" in second


def test_most_attempts_are_those_of_the_flag(book: Path) -> None:
    with model(intent=intent(), diff=line("“No.”"), judge=failing("q1")) as (server, env):
        ran, said = iterate(book, env, "--max-attempts", "1")
    assert (ran.code, said["attempts"]) == (5, 1)
    assert stages_asked(server).count("diff") == 1


def test_a_script_may_overrule_the_judge_with_a_reason(book: Path) -> None:
    with model(intent=intent(), diff=line("“No.”"), judge=failing("q1")) as (_, env):
        ran, said = iterate(book, env, "--max-attempts", "1", "--accept-rejected", "short is right here")
    assert (ran.code, said["status"]) == (0, "committed")
    entry = json.loads((book / "chapters/iteration_history.json").read_text("utf-8"))["iterations"][0]
    assert (entry["overruled"], entry["judge_verdict"]) == ("short is right here", "needs_revision")


def test_a_preview_by_the_settings_is_no_commit(book: Path) -> None:
    with model(intent=intent(), diff=line("“No.”"), judge=verdict()) as (_, env):
        ran, said = iterate(book, {**env, "BOOKITER_APPROVAL": "preview"})
    assert (ran.code, said["status"], said["commit"]) == (0, "candidate", None)
    assert git(book, "rev-list", "--count", "HEAD").strip() == "1"
    name = said["candidate"]
    assert bookiter("accept", name, cwd=book).code == 0
    assert (book / CHAPTER).read_text("utf-8") == CHAPTERS[3].replace(OLD, f"{OLD} “No.”")


def test_an_unapproved_candidate_is_accepted_only_against_a_reason(book: Path) -> None:
    with model(intent=intent(), diff=line("“No.”"), judge=failing("q1")) as (_, env):
        _, said = iterate(book, env, "--max-attempts", "1")
    assert bookiter("accept", said["candidate"], cwd=book).code == 5
    assert bookiter("accept", said["candidate"], "--accept-rejected", "yes, so", cwd=book).code == 0
