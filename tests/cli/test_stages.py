"""The stage commands by themselves: over files, over pipes, and to the same commit as iterate."""

import json
import subprocess
from pathlib import Path

import pytest

from support.book import CHAPTERS, COMMAND, Ran, bookiter, git, make_book, tree_of, write_files
from support.scripted import intent, model, verdict

CHAPTER = "chapters/chapter-03.md"
RENAME = "rename Sarah to Clara everywhere"
ASK = "Add a line of dialogue to chapter 3"
LINE = "“Then read it to me,” said Mr. Orrin."
DIFF = f"""--- a/{CHAPTER}
+++ b/{CHAPTER}
@@ @@
 “I read once,” said Sarah.
+
+{LINE}
"""


def must(ran: Ran) -> str:
    assert ran.code == 0, ran.err + ran.out
    return ran.out


def by_files(book: Path, request: str, env: dict[str, str]) -> None:
    must(bookiter("analyze-intent", request, "-o", "intent.json", cwd=book, env=env))
    must(bookiter("detect-scale", "intent.json", "-o", "intent.json", cwd=book, env=env))
    must(bookiter("diff", "intent.json", "-o", "change.diff", cwd=book, env=env))
    must(bookiter("apply", "change.diff", cwd=book, env=env))
    must(bookiter("judge", cwd=book, env=env))
    must(bookiter("commit", cwd=book, env=env))
    (book / "intent.json").unlink()
    (book / "change.diff").unlink()


def by_pipe(book: Path, request: str, env: dict[str, str]) -> None:
    chain = f"'{COMMAND}' analyze-intent \"$1\" | '{COMMAND}' detect-scale - | '{COMMAND}' diff - | '{COMMAND}' apply -"
    import os

    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", chain, "sh", request],
        cwd=book,
        env={**os.environ, **env},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    must(bookiter("judge", cwd=book, env=env))
    must(bookiter("commit", cwd=book, env=env))


def by_iterate(book: Path, request: str, env: dict[str, str]) -> None:
    must(bookiter("iterate", request, cwd=book, env=env))


def result(book: Path) -> tuple[dict[str, bytes], str, list[str], list[str]]:
    """What a chain left behind, without what differs by nature: time stamps and the run's name."""
    files = tree_of(book)
    histories = [json.loads(files.pop(name)) for name in list(files) if name.endswith("iteration_history.json")]
    entries = [{**entry, "timestamp": "", "iteration": ""} for history in histories for entry in history["iterations"]]
    message = [
        line for line in git(book, "log", "-1", "--format=%B").splitlines() if not line.startswith("Bookiter-Iteration")
    ]
    return files, git(book, "show", "--format=", "--name-only"), message, [json.dumps(entry) for entry in entries]


@pytest.mark.parametrize("request_text", [RENAME, "delete the paragraph that begins “Mr. Orrin watched” in chapter 3"])
def test_pipes_files_and_iterate_give_the_same_commit_for_an_exact_edit(tmp_path: Path, request_text: str) -> None:
    results = []
    for way in (by_files, by_pipe, by_iterate):
        book = make_book(tmp_path / way.__name__)
        way(book, request_text, {})
        results.append(result(book))
        assert git(book, "status", "--porcelain") == ""
        assert git(book, "rev-list", "--count", "HEAD").strip() == "2"
    assert results[0] == results[1] == results[2]


def test_pipes_files_and_iterate_give_the_same_commit_through_a_model(tmp_path: Path) -> None:
    results = []
    for way in (by_files, by_pipe, by_iterate):
        book = make_book(tmp_path / way.__name__)
        with model(intent=intent(), diff=DIFF, judge=verdict()) as (_, env):
            way(book, ASK, env)
        results.append(result(book))
    assert results[0] == results[1] == results[2]
    assert LINE.encode() in results[0][0][CHAPTER]


def test_an_intent_has_all_the_fields_of_the_requirement(book: Path) -> None:
    with model(intent=intent()) as (_, env):
        found = json.loads(must(bookiter("analyze-intent", ASK, cwd=book, env=env)))
    assert {
        "intent_type", "confidence", "target_type", "target_id", "scope", "action", "description", "scale", "reasoning",
        "targets", "questions", "schema_version", "status",
    } <= set(found)  # fmt: skip
    assert (found["intent_type"], found["target_type"], found["target_id"]) == ("modify", "chapter", "3")
    assert found["targets"] == [{"level": "prose", "number": 3, "path": CHAPTER, "title": "The Library at Thole"}]


def test_feedback_comes_as_words_from_a_file_or_from_standard_input(book: Path) -> None:
    write_files(book, {"ask.txt": RENAME + "\n"})
    ways = [
        bookiter("analyze-intent", RENAME, cwd=book),
        bookiter("analyze-intent", "--file", "ask.txt", cwd=book),
        bookiter("analyze-intent", "-", cwd=book, stdin=RENAME),
    ]
    assert {json.loads(must(way))["action"] for way in ways} == {"rename"}
    both = bookiter("analyze-intent", RENAME, "--file", "ask.txt", cwd=book)
    assert both.code == 2


def test_detect_scale_fills_in_the_three_fields(book: Path) -> None:
    with model(intent=intent(scope="entire", scale="unclear")) as (_, env):
        must(bookiter("analyze-intent", "Make chapter 3 darker", cwd=book, env=env))
    found = json.loads(must(bookiter("detect-scale", cwd=book)))
    assert found["scale"] == "regenerate"
    assert found["scale_reasoning"] == "it is about the whole document"
    assert 0 < found["estimated_change"] <= 1


@pytest.mark.parametrize(
    ("ask", "changes", "scale"),
    [
        ("Rewrite chapter 3", {}, "regenerate"),
        ("Take a different approach to chapter 3", {}, "regenerate"),
        (
            "Add rain to chapters 1-2",
            {"target_type": "chapters", "target_id": "1-2", "scope": "multiple"},
            "regenerate",
        ),
        ("Reorder chapter 3", {"action": "reorder"}, "regenerate"),
        ("Add rain to chapter 3", {}, "patch"),
    ],
)
def test_the_rules_decide_the_scale_without_a_model(book: Path, ask: str, changes: dict[str, str], scale: str) -> None:
    with model(intent=intent(**changes)) as (_, env):
        must(bookiter("analyze-intent", ask, cwd=book, env=env))
    assert json.loads(must(bookiter("detect-scale", cwd=book)))["scale"] == scale


def test_the_model_decides_the_scale_where_the_rules_do_not(book: Path) -> None:
    from support.model_replies import json_object

    answer = json_object({"scale": "regenerate", "estimated_change_percentage": 45, "reasoning": "Half of it changes."})
    with model(intent=intent(scope="section"), scale=answer) as (_, env):
        must(bookiter("analyze-intent", "Make the second half of chapter 3 slower", cwd=book, env=env))
        found = json.loads(must(bookiter("detect-scale", cwd=book, env=env)))
    assert (found["scale"], found["estimated_change"], found["scale_reasoning"]) == (
        "regenerate",
        0.45,
        "Half of it changes.",
    )


def test_the_diff_is_taken_by_git_apply_as_it_is(book: Path) -> None:
    before = tree_of(book)
    must(bookiter("analyze-intent", RENAME, cwd=book))
    diff = must(bookiter("diff", cwd=book))
    assert tree_of(book) == before
    git(book, "apply", "--check", "-", input=diff.encode())
    git(book, "apply", "-", input=diff.encode())
    by_git = tree_of(book)
    git(book, "checkout", "-q", ".")
    must(bookiter("apply", "-", cwd=book, stdin=diff))
    assert tree_of(book) == by_git


def test_apply_can_be_checked_and_taken_back(book: Path) -> None:
    before = tree_of(book)
    write_files(book.parent, {"change.diff": DIFF})
    change = str(book.parent / "change.diff")
    must(bookiter("apply", change, "--check", cwd=book))
    assert tree_of(book) == before
    must(bookiter("apply", change, cwd=book))
    assert tree_of(book)[CHAPTER].decode().count(LINE) == 1
    must(bookiter("apply", change, "--reverse", cwd=book))
    assert tree_of(book) == before


def test_apply_tells_how_each_hunk_was_placed(book: Path) -> None:
    found = json.loads(must(bookiter("apply", "-", "--json", cwd=book, stdin=DIFF)))
    assert found["status"] == "applied"
    (file,) = found["files"]
    assert (file["path"], file["changed"], len(file["hunks"])) == (CHAPTER, True, 1)
    assert {"tier", "line", "repairs"} <= set(file["hunks"][0])


def test_apply_touches_only_the_manuscripts_own_files(book: Path) -> None:
    write_files(book, {"notes.md": "one\ntwo\n"})
    ran = bookiter(
        "apply", "-", cwd=book, stdin="--- a/notes.md\n+++ b/notes.md\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n"
    )
    assert ran.code == 4
    assert (book / "notes.md").read_text() == "one\ntwo\n"


def test_apply_works_in_any_folder_without_a_repository(tmp_path: Path) -> None:
    write_files(tmp_path, {"deep/notes.txt": "one\ntwo\n", ".git/config": "x\n"})
    must(
        bookiter(
            "apply",
            "-",
            cwd=tmp_path,
            stdin="--- a/deep/notes.txt\n+++ b/deep/notes.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n",
        )
    )
    assert (tmp_path / "deep/notes.txt").read_text() == "one\nthree\n"
    ran = bookiter("apply", "-", cwd=tmp_path, stdin="--- a/.git/config\n+++ b/.git/config\n@@ -1 +1 @@\n-x\n+y\n")
    assert ran.code == 4
    assert (tmp_path / ".git/config").read_text() == "x\n"


def test_a_diff_of_two_files_is_applied_to_both_or_to_none(book: Path) -> None:
    hunk = "@@ @@\n-Mr. Orrin did not hold the rope.\n+Mr. Orrin held it.\n"
    first = f"--- a/chapters/chapter-01.md\n+++ b/chapters/chapter-01.md\n{hunk}"
    before = tree_of(book)
    bad = bookiter("apply", "-", cwd=book, stdin=first + DIFF.replace("I read once", "He never wrote"))
    assert bad.code == 4
    assert tree_of(book) == before
    must(bookiter("apply", "-", cwd=book, stdin=first + DIFF))
    after = tree_of(book)
    assert b"Mr. Orrin held it." in after["chapters/chapter-01.md"]
    assert LINE.encode() in after[CHAPTER]


def test_the_judge_looks_at_the_working_tree_or_at_a_diff(book: Path) -> None:
    with model(intent=intent(), judge=[verdict(), verdict(False, "It is flat.")]) as (_, env):
        must(bookiter("analyze-intent", ASK, cwd=book, env=env))
        (book / CHAPTER).write_text(CHAPTERS[3].replace("tar.", "tar and rope."), encoding="utf-8")
        good = bookiter("judge", cwd=book, env=env)
        git(book, "checkout", "-q", ".")
        write_files(book.parent, {"change.diff": DIFF})
        bad = bookiter("judge", "--diff", str(book.parent / "change.diff"), cwd=book, env=env)
    assert json.loads(must(good))["verdict"] == "approved"
    assert bad.code == 5
    assert json.loads(bad.out)["specific_issues"] == ["It is flat."]
    assert git(book, "status", "--porcelain") == ""


def test_the_judge_does_not_look_past_a_change_outside_the_target(book: Path) -> None:
    with model(intent=intent()) as (_, env):
        must(bookiter("analyze-intent", ASK, cwd=book, env=env))
        write_files(
            book.parent,
            {
                "change.diff": DIFF.replace("chapter-03", "chapter-01").replace(
                    "“I read once,” said Sarah.", "Mr. Orrin did not hold the rope."
                )
            },
        )
        ran = bookiter("judge", "--diff", str(book.parent / "change.diff"), cwd=book, env=env)
    assert ran.code == 5
    assert "outside the target" in ran.out


def test_an_exact_edit_is_proven_and_a_tampered_one_is_not(book: Path) -> None:
    must(bookiter("analyze-intent", RENAME, cwd=book))
    must(bookiter("diff", "-o", str(book.parent / "d"), cwd=book))
    must(bookiter("apply", str(book.parent / "d"), cwd=book))
    assert json.loads(must(bookiter("judge", cwd=book)))["by"] == "proof"
    path = book / CHAPTER
    path.write_text(path.read_text("utf-8").replace("with a spoon", "with a knife"), encoding="utf-8")
    assert bookiter("judge", cwd=book).code == 5


def test_commit_takes_only_the_target_and_refuses_what_was_turned_down(book: Path) -> None:
    with model(intent=intent(), judge=verdict(False, "Flat.")) as (_, env):
        must(bookiter("analyze-intent", ASK, cwd=book, env=env))
        must(bookiter("apply", "-", cwd=book, stdin=DIFF))
        assert bookiter("judge", cwd=book, env=env).code == 5
        refused = bookiter("commit", cwd=book, env=env)
    assert refused.code == 5
    assert git(book, "rev-list", "--count", "HEAD").strip() == "1"


def test_commit_without_a_verdict_says_so_in_its_trailers(book: Path) -> None:
    with model(intent=intent()) as (_, env):
        must(bookiter("analyze-intent", ASK, cwd=book, env=env))
    must(bookiter("apply", "-", cwd=book, stdin=DIFF))
    write_files(book, {"premise/premise.md": "the author is at work here\n"})
    out = must(bookiter("commit", cwd=book))
    assert out.strip().endswith("Iterate chapter 3: add dialogue")
    assert "Bookiter-Verdict: unjudged" in git(book, "log", "-1", "--format=%B")
    assert git(book, "status", "--porcelain").splitlines() == [" M premise/premise.md"]


def test_commit_with_nothing_applied_is_not_done(book: Path) -> None:
    must(bookiter("analyze-intent", RENAME, cwd=book))
    assert bookiter("commit", cwd=book).code == 5


def test_a_stage_without_a_run_says_how_to_begin(book: Path) -> None:
    ran = bookiter("diff", cwd=book)
    assert ran.code == 2
    assert "bookiter analyze-intent" in ran.err


def test_stages_report_errors_as_json_on_request(book: Path) -> None:
    ran = bookiter("diff", "--json", cwd=book)
    found = json.loads(ran.out)
    assert (ran.err, found["status"], found["error"]["exit_code"]) == ("", "error", 2)
    assert set(found["error"]) == {"code", "exit_code", "message", "hint", "details"}


def test_an_exact_edit_that_is_done_already_changes_nothing_and_says_so(book: Path) -> None:
    done = bookiter("iterate", "use curly quotes in chapter 3", cwd=book)
    assert done.code == 5
    assert "nothing of that kind left to change" in done.err
    again = bookiter("iterate", "retitle chapter 3 to “The Library at Thole”", "--json", cwd=book)
    assert (again.code, json.loads(again.out)["status"]) == (5, "no_change")
    assert git(book, "rev-list", "--count", "HEAD").strip() == "1"


def test_an_answer_places_an_exact_edit(book: Path) -> None:
    found = json.loads(must(bookiter("iterate", "rename Sarah to Clara", "--answer", "chapter 1", "--json", cwd=book)))
    assert found["files"] == ["chapters/chapter-01.md"]


def test_an_answer_may_say_the_whole_request_anew(book: Path) -> None:
    vague = "delete the paragraph that contains “Sarah” in chapter 3"
    assert bookiter("iterate", vague, cwd=book).code == 3
    exact = "delete the paragraph that begins “The library smelled” in chapter 3"
    must(bookiter("iterate", vague, "--answer", exact, cwd=book))
    assert "smelled of tar" not in (book / CHAPTER).read_text("utf-8")


def test_words_and_flag_that_contradict_each_other_are_asked_about(book: Path) -> None:
    ran = bookiter("iterate", "rename Sarah to Clara in chapter 2", "--target", "chapter 3", cwd=book)
    assert (ran.code, "--target names chapter 3" in ran.err) == (3, True)


def test_applying_twice_is_done_once(book: Path) -> None:
    must(bookiter("apply", "-", cwd=book, stdin=DIFF))
    once = tree_of(book)
    again = bookiter("apply", "-", "--json", cwd=book, stdin=DIFF)
    assert (again.code, json.loads(again.out)["status"]) == (0, "nothing_to_change")
    assert tree_of(book) == once


def test_an_edit_after_the_commit_is_the_authors_again(book: Path) -> None:
    must(bookiter("analyze-intent", RENAME, cwd=book))
    must(bookiter("diff", "-o", str(book.parent / "d"), cwd=book))
    must(bookiter("apply", str(book.parent / "d"), cwd=book))
    applied = (book / CHAPTER).read_bytes()
    must(bookiter("commit", cwd=book))
    (book / CHAPTER).write_text("The author starts over.\n", encoding="utf-8")
    git(book, "commit", "-qam", "Start over")
    (book / CHAPTER).write_bytes(applied)
    assert bookiter("apply", str(book.parent / "d"), "--reverse", cwd=book).code == 6
    assert (book / CHAPTER).read_bytes() == applied


def test_a_locked_passage_is_not_committed_even_unjudged(book: Path) -> None:
    locked = (
        CHAPTERS[3].replace("Mr. Orrin watched", "<!-- bookiter:lock -->\nMr. Orrin watched")
        + "<!-- bookiter:unlock -->\n"
    )
    (book / CHAPTER).write_text(locked, encoding="utf-8")
    git(book, "commit", "-qam", "Lock")
    with model(intent=intent()) as (_, env):
        must(bookiter("analyze-intent", ASK, cwd=book, env=env))
    must(bookiter("apply", "-", cwd=book, stdin=DIFF))
    assert bookiter("commit", cwd=book).code == 5


def test_edits_that_git_was_told_not_to_see_are_seen(book: Path) -> None:
    git(book, "update-index", "--assume-unchanged", CHAPTER)
    (book / CHAPTER).write_text(CHAPTERS[3] + "\nMine.\n", encoding="utf-8")
    ran = bookiter("iterate", "rename Sarah to Clara in chapter 3", cwd=book)
    assert (ran.code, "hidden from git" in ran.err) == (6, True)
    assert (book / CHAPTER).read_text("utf-8").endswith("Mine.\n")


def test_a_history_that_was_deleted_or_edited_is_not_committed_over(book: Path) -> None:
    must(bookiter("iterate", "rename Sarah to Clara in chapter 1", cwd=book))
    history = book / "chapters/iteration_history.json"
    kept = history.read_text("utf-8")
    history.unlink()
    assert bookiter("iterate", "rename Sarah to Clara in chapter 2", cwd=book).code == 6
    history.write_text(kept, encoding="utf-8")
    must(bookiter("analyze-intent", "rename Sarah to Clara in chapter 3", cwd=book))
    must(bookiter("diff", "-o", str(book.parent / "d"), cwd=book))
    must(bookiter("apply", str(book.parent / "d"), cwd=book))
    history.write_text(kept.replace("rename", "forged"), encoding="utf-8")
    assert bookiter("commit", cwd=book).code == 6
    history.write_text(kept, encoding="utf-8")
    must(bookiter("commit", cwd=book))


def test_a_run_is_committed_once(book: Path) -> None:
    must(bookiter("iterate", "rename Sarah to Clara in chapter 3", cwd=book))
    path = book / CHAPTER
    path.write_text(path.read_text("utf-8") + "\nMine.\n", encoding="utf-8")
    ran = bookiter("commit", cwd=book)
    assert (ran.code, "committed already" in ran.err) == (6, True)
    assert git(book, "rev-list", "--count", "HEAD").strip() == "2"


@pytest.mark.parametrize("answer", ["prose", "3", "the prose", "chapter 3"])
def test_the_questions_own_words_are_an_answer(book: Path, answer: str) -> None:
    must(bookiter("iterate", "rename Orrin to Arran", "--answer", answer, cwd=book))
