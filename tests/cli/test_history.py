"""history, stats and status: what an author asks about the past, as whole processes."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.bad import said
from support.book import bookiter, chapter_files, git, make_book, write_files
from support.iterated import committed, iterated, union
from support.scripted import intent, material, model, verdict

ONE, TWO, THREE = chapter_files()
HISTORY = "chapters/iteration_history.json"
SEED = (
    "timestamp", "feedback", "judge_attempts", "judge_verdict", "judge_reasoning", "semantic_summary", "commit_sha",
    "files_changed", "lines_changed",
)  # fmt: skip
DIFF = f"--- a/{THREE}\n+++ b/{THREE}\n@@ @@\n “I read once,” said Sarah.\n+\n+He left.\n"


def answer(book: Path, *arguments: str) -> dict[str, Any]:
    ran = bookiter(*arguments, "--json", cwd=book)
    assert ran.code == 0, ran
    found: dict[str, Any] = json.loads(ran.out)
    assert (found["schema_version"], found["status"]) == (1, "ok")
    return found


def test_the_history_is_the_seed_s_with_commits_resolved(book: Path) -> None:
    made = [json.loads(bookiter("iterate", f"rename Sarah to {name} in chapter 3", "--json", cwd=book).out)
            for name in ("Clara", )] + [
            json.loads(bookiter("iterate", "rename Clara to Agnes in chapter 3", "--json", cwd=book).out)]  # fmt: skip
    bookiter("undo", cwd=book)
    found = answer(book, "history")["iterations"]
    assert all(set(SEED) <= set(entry) for entry in found)
    assert [entry["commit_sha"] for entry in found[1:]] == [each["commit"] for each in reversed(made)]
    assert found[0]["commit_sha"] == git(book, "rev-parse", "HEAD").strip()
    assert [entry["undone"] for entry in found] == [False, True, False]
    assert (found[0]["undoes"], found[2]["feedback"]) == (made[1]["run"], "rename Sarah to Clara in chapter 3")


def test_for_people_an_iteration_is_two_lines_that_fit(book: Path) -> None:
    long = "Let the ferryman doubt himself, and let the daughter see it, " * 5
    first = iterated(book, "a", {ONE: "1\n"}, long, judge_attempts=3, timestamp="2026-01-01T07:08:09Z")
    iterated(book, "b", {ONE: "0\n", TWO: "2\n"}, "漢字かな" * 40, undoes="a", timestamp="2026-01-02T07:08:09Z")
    out = bookiter("history", cwd=book, env={"COLUMNS": "80"}).out
    lines = out.splitlines()
    assert lines[2] == f"{first[:9]}  2026-01-01 07:08  approved, 3 attempts, ±2 lines, taken back"
    assert lines[3].startswith("           chapter 1: Let the ferryman doubt himself, and let the daughter")
    assert lines[1].startswith("           chapters 1-2: 漢字")
    assert len(lines) == 4
    assert max(sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in lines) <= 80


def test_a_level_or_the_last_few_are_asked_for(book: Path) -> None:
    iterated(book, "a", {ONE: "1\n"}, timestamp="2026-01-01T00:00:00Z")
    iterated(book, "b", {"premise/premise.md": "2\n"}, timestamp="2026-01-02T00:00:00Z")
    last = iterated(book, "c", {ONE: "3\n"}, timestamp="2026-01-03T00:00:00Z")
    assert [entry["iteration"] for entry in answer(book, "history", "premise")["iterations"]] == ["b"]
    (entry,) = answer(book, "history", "-n", "1")["iterations"]
    assert (entry["iteration"], entry["commit_sha"]) == ("c", last)
    assert "'chapter' is no level" in said(bookiter("history", "chapter", cwd=book), 2)
    assert bookiter("history", "-n", "0", cwd=book).code == 2


def test_no_history_is_said(book: Path) -> None:
    ran = bookiter("history", cwd=book)
    assert (ran.code, ran.out, "no iterations yet" in ran.err) == (0, "", True)
    assert answer(book, "history")["iterations"] == []


def test_an_iteration_without_a_commit_is_shown_as_such(book: Path) -> None:
    iterated(book, "a", {ONE: "1\n"})
    git(book, "commit", "-q", "--amend", "-m", "Squashed")
    assert bookiter("history", cwd=book).out.startswith("no commit  2026-01-01 12:00  approved")
    assert answer(book, "history")["iterations"][0]["commit_sha"] is None


@pytest.mark.parametrize("command", ["history", "stats", "status"])
def test_a_damaged_history_is_named_and_stays(book: Path, command: str) -> None:
    write_files(book, {HISTORY: '{"iterations": [{"feedback": "Dar'})
    assert HISTORY in said(bookiter(command, cwd=book), 6)
    assert (book / HISTORY).read_text("utf-8").endswith('"Dar')


def test_a_hostile_entry_cannot_steer_the_terminal(book: Path) -> None:
    iterated(book, "a", {ONE: "1\n"}, "\x1b]0;owned\x07 and \u202egnp.exe", judge_verdict="\x1b[2J")
    out = bookiter("history", cwd=book).out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_status_tells_what_is_stale_and_since_what(tmp_path: Path) -> None:
    beats = {f"chapter-beats/chapter-{n:02}.md": f"# Beats {n}\n" for n in (1, 2, 3)}
    book = make_book(tmp_path / "book", {"treatment/treatment.md": "T\n", **beats, **chapter_files()})
    committed(book, "Iterate beats of chapter 1: slower", {"chapter-beats/chapter-01.md": "Slower\n"})
    since = committed(book, "Iterate beats of chapter 3: darker", {"chapter-beats/chapter-03.md": "Darker\n"})
    line = "  prose: chapters 1 and 3 older than their beats (last changed by {} “Iterate beats of chapter 3: darker”)"
    assert line.format(since[:9]) in bookiter("status", cwd=book).out.splitlines()
    (group,) = answer(book, "status")["stale"]
    assert (group["level"], group["upstream"], group["commit_sha"]) == ("prose", "chapters", since)
    assert [unit["path"] for unit in group["units"]] == [ONE, THREE]
    since = committed(book, "Iterate treatment: new end", {"treatment/treatment.md": "New\n"})
    out = bookiter("status", cwd=book).out
    assert f"  prose: all older than the treatment (changed by {since[:9]} “Iterate treatment: new end”)" in out
    committed(book, "All", {name: f"New {name}\n" for name in (*beats, *chapter_files())})
    assert answer(book, "status")["stale"] == []
    assert "Stale" not in bookiter("status", cwd=book).out


def test_status_counts_iterations_and_marks_what_was_taken_back(book: Path) -> None:
    union(book)
    for number in range(7):
        iterated(
            book, f"i{number}", {ONE: f"{number}\n"}, f"Request {number}", timestamp=f"2026-01-0{number + 1}T00:00:00Z"
        )
    iterated(book, "undo", {ONE: "5\n"}, "Undo: Request 6", undoes="i6", timestamp="2026-01-09T00:00:00Z")
    out = bookiter("status", cwd=book).out
    assert "Last iterations of 8:" in out
    assert [line.endswith("(taken back)") for line in out.splitlines()[-5:]] == [False, True, False, False, False]
    assert answer(book, "status")["iterations_total"] == 8


def run_folder(book: Path, name: str, **files: Any) -> None:
    folder = book / ".bookiter/runs" / name
    folder.mkdir(parents=True)
    for stem, value in files.items():
        suffix = {"prompt": ".md"}.get(stem.rpartition(".")[2], ".json")
        text = value if isinstance(value, str) else json.dumps(value)
        (folder / f"{stem.replace('_', '-') if stem.startswith('attempt') else stem}{suffix}").write_text(text, "utf-8")


def test_stats_count_what_the_histories_say(book: Path) -> None:
    iterated(book, "a", {ONE: "1\n"}, judge_attempts=1)
    iterated(book, "b", {ONE: "2\n"}, judge_attempts=3, intent_type="add", action="add_dialogue")
    iterated(book, "c", {"premise/premise.md": "3\n"}, judge_verdict="needs_revision", overruled="I like it")
    iterated(book, "d", {ONE: "1\n"}, undoes="b", judge_attempts=0, judge_verdict="unjudged")
    iterated(book, "e", {ONE: "5\n"}, judge_attempts="many", judge_verdict=None, lines_changed=-3, action=["x"])
    found = answer(book, "stats")
    total = found["iterations"]
    assert (total["total"], total["taken_back"], total["undos"], total["overruled"], total["approved"]) == (
        4,
        1,
        1,
        1,
        2,
    )
    assert (total["attempts_per_approval"], total["first_attempt_share"], total["lines_changed"]) == (2.0, 0.5, 6)
    assert total["intent_types"] == {"modify": 3, "add": 1}
    assert found["levels"]["premise"]["total"] == 1
    assert found["levels"]["prose"]["total"] == 3


def test_stats_count_what_the_runs_hold_and_damaged_ones(book: Path) -> None:
    usage = {
        "usage": {"diff": {"calls": 2, "prompt_tokens": 100, "completion_tokens": 50, "cost": 0.25}},
        "seconds": 1.5,
    }
    asked = "## system\n\nEdit.\n\n## user\n\nText.\n"
    refused = asked + "\n\n## assistant\n\nA diff.\n\n## user\n\nDoes not fit.\n"
    run_folder(
        book, "20260101-120000-aaaaa1",
        **{"decision": {"status": "committed", "scale": "regenerate"}, "intent": {"scale": "patch"}, "usage": usage,
           "attempt-1.prompt": f"{asked}\n\n---\n\n{refused}\n\n---\n\n{asked}",
           "attempt-1.verdict": {"verdict": "needs_revision", "by": "checks"},
           "attempt-2.prompt": asked,
           "attempt-2.verdict": {"verdict": "approved", "by": "model"}},
    )  # fmt: skip
    run_folder(book, "20260101-120000-aaaaa2", decision={"status": "cancelled", "scale": "patch"}, usage=usage)
    run_folder(book, "20260101-120000-aaaaa3")
    for number, damage in enumerate(["{", "[]", '{"usage": 3}', "\ud83d"]):
        run_folder(book, f"20260101-120000-bbbbb{number}", decision={"status": "committed", "scale": "patch"})
        place = book / f".bookiter/runs/20260101-120000-bbbbb{number}/usage.json"
        place.write_bytes(damage.encode("utf-8", "surrogatepass"))
    (book / ".bookiter/runs/20260101-120000-ccccc1").mkdir()
    (book / ".bookiter/runs/20260101-120000-ccccc1/decision.json").symlink_to("/dev/zero")
    found = answer(book, "stats")["runs"]
    assert (found["total"], found["unreadable"]) == (8, 5)
    assert found["statuses"] == {"committed": 1, "cancelled": 1, "undecided": 1}
    assert (found["roads"], found["fallbacks"], found["refused_patches"]) == ({"regenerate": 1}, 1, 1)
    assert (found["attempts"], found["approval_rate"], found["judged_by"]) == (2, 0.5, {"checks": 1, "model": 1})
    assert (found["usage"]["prompt_tokens"], found["usage"]["cost"], found["seconds"]) == (200, 0.5, 3.0)
    out = bookiter("stats", cwd=book).out
    assert "8, 5 unreadable" in out
    assert "1, then regenerated: 1" in out


def test_stats_of_a_real_run_are_its_own(book: Path) -> None:
    with model(intent=intent(), diff=["no diff at all", DIFF], judge=verdict()) as (_, env):
        ran = bookiter("iterate", "--json", "Add a line to chapter 3", cwd=book, env=env)
    assert ran.code == 0, ran
    made = json.loads(ran.out)
    found = answer(book, "stats")
    runs = found["runs"]
    assert found["iterations"]["attempts_per_approval"] == 1.0
    assert (runs["statuses"], runs["roads"]) == ({"committed": 1}, {"patch": 1})
    assert (runs["verdicts"]["approved"], runs["refused_patches"], runs["fallbacks"]) == (1, 1, 0)
    assert runs["usage"]["calls"] == sum(stage["calls"] for stage in made["usage"].values())
    assert runs["usage"]["cost"] is None


def test_stats_of_nothing(book: Path) -> None:
    found = answer(book, "stats")
    assert found["iterations"]["attempts_per_approval"] is None
    assert found["runs"]["total"] == 0
    assert "none yet" in bookiter("stats", cwd=book).out


def test_the_author_s_preferences_go_into_prompts_as_material(book: Path) -> None:
    write_files(book, {".bookiter/preferences.md": "- No adverbs.\n"})
    with model(intent=intent(), diff=DIFF, judge=verdict()) as (server, env):
        assert bookiter("iterate", "Add a line to chapter 3", cwd=book, env=env).code == 0
    prompts = [
        each.body for each in server.requests if "unified diff of the file" in each.body["messages"][0]["content"]
    ]
    assert [material(prompt, "preferences") for prompt in prompts] == ["- No adverbs."]


def test_a_reason_to_turn_a_change_down_is_heeded_the_next_time(book: Path) -> None:
    with model(intent=[intent(), intent()], diff=[DIFF, DIFF], judge=[verdict(), verdict()]) as (server, env):
        made = json.loads(bookiter("iterate", "--preview", "--json", "Add a line to chapter 3", cwd=book, env=env).out)
        bookiter("reject", made["candidate"][-6:], "--why", "too melodramatic", cwd=book)
        assert bookiter("iterate", "Add another line to chapter 3", cwd=book, env=env).code == 0
        asked = [each.body for each in server.requests if "unified diff of" in each.body["messages"][0]["content"]]
    assert material(asked[0], "preferences") == ""
    assert "- Turned down “Add a line to chapter 3”: too melodramatic" in material(asked[-1], "preferences")
