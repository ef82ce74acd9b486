"""Candidates on the command line: kept, shown, accepted, rejected, and taken back, whatever happened meanwhile."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.book import CHAPTERS, bookiter, git, make_book, tree_of

ONE, TWO, THREE = (f"chapters/chapter-0{number}.md" for number in (1, 2, 3))
HISTORY = "chapters/iteration_history.json"
LONG = "# The Crossing\n\n" + "\n\n".join(
    f"Paragraph {number} of the crossing, and nothing else." for number in range(9)
)


def answer(book: Path, *arguments: str, code: int = 0) -> dict[str, Any]:
    ran = bookiter(*arguments, "--json", cwd=book)
    assert ran.code == code, ran
    found: dict[str, Any] = json.loads(ran.out)
    return found


def preview(book: Path, words: str, *more: str) -> str:
    return str(answer(book, "iterate", words, "--preview", *more)["candidate"])


def states(book: Path) -> dict[str, str]:
    return {each["id"]: each["state"] for each in answer(book, "candidates", "--all")["candidates"]}


def head_files(book: Path) -> dict[str, str]:
    return {path: git(book, "show", f"HEAD:{path}") for path in (ONE, TWO, THREE)}


def test_a_preview_changes_nothing_but_the_refs(book: Path) -> None:
    before, log = tree_of(book), git(book, "log", "--all", "--not", "--glob=refs/bookiter", "--format=%H")
    name = preview(book, "rename Sarah to Clara in chapters 1-3")
    assert tree_of(book) == before
    assert git(book, "status", "--porcelain") == ""
    assert git(book, "rev-parse", "HEAD") in log
    assert states(book) == {name: "open"}
    assert answer(book, "status")["candidates"] == 1


def test_accepting_makes_one_commit_of_the_text_and_its_history(book: Path) -> None:
    name = preview(book, "rename Sarah to Clara in chapter 3")
    done = answer(book, "accept", name[-6:])
    assert done["files"] == [THREE]
    assert git(book, "show", "--name-only", "--format=").split() == [THREE, HISTORY]
    assert (book / THREE).read_text("utf-8") == CHAPTERS[3].replace("Sarah", "Clara")
    assert f"Bookiter-Iteration: {name}" in git(book, "log", "-1", "--format=%B")
    assert states(book) == {name: "accepted"}
    assert answer(book, "accept", name, code=5)["error"]["message"].endswith("has been accepted already.")


def test_a_line_of_candidates_is_accepted_as_one(book: Path) -> None:
    first = preview(book, "rename Sarah to Clara in chapter 3")
    second = preview(book, "rename Clara to Agnes in chapter 3", "--from", first)
    third = preview(book, 'replace "sideways" with "backwards" in chapter 1', "--from", second)
    shown = answer(book, "show", third)
    assert shown["parent"] == second
    assert shown["turns"] == ["rename Sarah to Clara in chapter 3", "rename Clara to Agnes in chapter 3"]
    assert shown["files"] == [ONE]
    answer(book, "accept", third)
    assert (book / THREE).read_text("utf-8") == CHAPTERS[3].replace("Sarah", "Agnes")
    assert (book / ONE).read_text("utf-8") == CHAPTERS[1].replace("sideways", "backwards")
    assert set(states(book).values()) == {"accepted"}
    entry = json.loads((book / HISTORY).read_text("utf-8"))["iterations"][0]
    assert entry["feedback"].split("\n") == [*shown["turns"], 'replace "sideways" with "backwards" in chapter 1']
    assert sorted(entry["targets"]) == [ONE, THREE]


def test_a_turn_that_names_no_place_is_about_what_the_one_before_changed(book: Path) -> None:
    first = preview(book, "rename Sarah to Clara in chapter 3")
    second = preview(book, "rename Clara to Agnes", "--from", first)
    assert answer(book, "show", second)["files"] == [THREE]


def test_a_turn_is_counted_from_the_one_before_when_that_was_accepted_alone(book: Path) -> None:
    first = preview(book, "rename Sarah to Clara in chapter 3")
    second = preview(book, "rename Clara to Agnes in chapter 3", "--from", first)
    answer(book, "accept", first)
    answer(book, "accept", second)
    assert (book / THREE).read_text("utf-8") == CHAPTERS[3].replace("Sarah", "Agnes")
    entries = json.loads((book / HISTORY).read_text("utf-8"))["iterations"]
    assert [entry["feedback"] for entry in entries] == [
        "rename Clara to Agnes in chapter 3", "rename Sarah to Clara in chapter 3",
    ]  # fmt: skip


def test_two_candidates_accepted_one_after_the_other_are_merged(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book", {"chapters/chapter-01.md": LONG})
    first = preview(book, 'replace "Paragraph 0" with "The first" in chapter 1')
    second = preview(book, 'replace "Paragraph 8" with "The last" in chapter 1')
    answer(book, "accept", second)
    answer(book, "accept", first)
    wanted = LONG.replace("Paragraph 0", "The first").replace("Paragraph 8", "The last")
    assert (book / ONE).read_text("utf-8") == wanted
    assert git(book, "status", "--porcelain") == ""


def test_a_conflict_is_reported_and_nothing_changes(book: Path) -> None:
    first = preview(book, "rename Sarah to Clara in chapters 1-3")
    second = preview(book, "rename Sarah to Agnes in chapter 3")
    answer(book, "accept", first)
    before, head = tree_of(book), git(book, "rev-parse", "HEAD")
    error = answer(book, "accept", second, code=6)["error"]
    assert error["details"]["conflicts"] == [THREE]
    assert (tree_of(book), git(book, "rev-parse", "HEAD")) == (before, head)
    assert git(book, "status", "--porcelain") == ""
    assert states(book)[second] == "open"


def test_a_part_is_accepted_and_the_rest_stays_to_be(book: Path) -> None:
    name = preview(book, "rename Sarah to Clara in chapters 1-3")
    answer(book, "accept", name, "--only", THREE)
    assert head_files(book)[THREE] == CHAPTERS[3].replace("Sarah", "Clara")
    assert head_files(book)[ONE] == CHAPTERS[1]
    assert states(book) == {name: "open"}
    answer(book, "accept", name)
    assert all("Sarah" not in text for text in head_files(book).values())
    assert states(book) == {name: "accepted"}
    entries = json.loads((book / HISTORY).read_text("utf-8"))["iterations"]
    assert [entry.get("candidate") for entry in entries] == [None, name]
    assert len({entry["iteration"] for entry in entries}) == 2


def test_a_part_that_it_does_not_change_is_refused(book: Path) -> None:
    name = preview(book, "rename Sarah to Clara in chapter 3")
    assert THREE in answer(book, "accept", name, "--only", ONE, code=2)["error"]["hint"]


def test_uncommitted_edits_in_the_target_stop_it_and_stay(book: Path) -> None:
    name = preview(book, "rename Sarah to Clara in chapter 3")
    mine = CHAPTERS[3] + "\nMy own last line.\n"
    (book / THREE).write_text(mine, encoding="utf-8")
    answer(book, "accept", name, code=6)
    assert (book / THREE).read_text("utf-8") == mine


def test_other_staged_work_stays_staged(book: Path) -> None:
    name = preview(book, "rename Sarah to Clara in chapter 3")
    (book / ONE).write_text("mine\n", encoding="utf-8")
    git(book, "add", ONE)
    answer(book, "accept", name)
    assert git(book, "diff", "--cached", "--name-only").split() == [ONE]


def test_a_hook_that_refuses_leaves_all_as_it_was(book: Path) -> None:
    name = preview(book, "rename Sarah to Clara in chapter 3")
    hook = book / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\necho 'no commits on Saturdays' >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    before = tree_of(book)
    error = answer(book, "accept", name, code=6)["error"]
    assert "no commits on Saturdays" in error["hint"]
    assert tree_of(book) == before
    assert git(book, "status", "--porcelain") == ""
    assert states(book) == {name: "open"}
    hook.unlink()
    answer(book, "accept", name)


def test_a_rejected_one_is_accepted_only_with_a_reason(book: Path) -> None:
    name = preview(book, "rename Sarah to Clara in chapter 3")
    answer(book, "reject", name, "--why", "Sarah is her mother's name")
    assert states(book) == {name: "rejected"}
    answer(book, "accept", name, code=5)
    answer(book, "accept", name, "--accept-rejected", "I like Clara after all")
    assert states(book) == {name: "accepted"}
    assert "bookiter undo" in answer(book, "reject", name, code=5)["error"]["hint"]


def test_a_candidate_that_reaches_outside_its_target_is_not_accepted(book: Path) -> None:
    name = preview(book, "rename Sarah to Clara in chapter 3")
    (book / ONE).write_text("# Tampered\n", encoding="utf-8")
    git(book, "add", ONE)
    tree = git(book, "write-tree").strip()
    git(book, "reset", "-q", "--hard")
    message = git(book, "log", "-1", "--format=%B", f"refs/bookiter/candidates/{name}")
    forged = git(book, "commit-tree", tree, "-p", "HEAD", "-m", message).strip()
    git(book, "update-ref", f"refs/bookiter/candidates/{name}", forged)
    assert ONE in answer(book, "accept", name, code=6)["error"]["message"]
    assert head_files(book)[ONE] == CHAPTERS[1]


@pytest.mark.parametrize("message", ["Not ours", "Subject\n\n{}\n\n", 'Subject\n\n{"id": 3}\n\n'])
def test_a_hand_made_commit_is_no_candidate(book: Path, message: str) -> None:
    name = "20260101-120000-aaaaaa"
    made = git(book, "commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", f"{message}\nBookiter-Candidate: {name}").strip()
    git(book, "update-ref", f"refs/bookiter/candidates/{name}", made)
    assert answer(book, "accept", name, code=6 if "{" not in message else 2)["status"] == "error"
    answer(book, "reject", name)


def test_a_base_that_is_gone_is_told(book: Path, tmp_path: Path) -> None:
    name = preview(book, "rename Sarah to Clara in chapter 3")
    git(book, "commit", "--allow-empty", "-qm", "Later")
    clone = tmp_path / "clone"
    ref = f"refs/bookiter/candidates/{name}"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{book}", str(clone))
    git(clone, "fetch", "-q", "--depth=1", "origin", f"{ref}:{ref}")
    assert "is gone" in answer(clone, "accept", name, code=6)["error"]["message"]


def test_gc_says_what_would_go_and_then_lets_it_go(book: Path) -> None:
    old = preview(book, "rename Sarah to Clara in chapter 3")
    env = {"BOOKITER_CANDIDATES__INACTIVE_HOURS": "0"}
    for dry, left in ((["--dry-run"], {old: "open"}), ([], {})):
        ran = bookiter("gc", "--json", *dry, cwd=book, env=env)
        assert [each["id"] for each in json.loads(ran.out)["collected"]] == [old]
        assert states(book) == left


def test_a_run_collects_at_its_end_what_is_old(book: Path) -> None:
    env = {"GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z"}
    assert bookiter("iterate", "rename Sarah to Clara in chapter 3", "--preview", cwd=book, env=env).code == 0
    assert states(book) == {}


def test_a_locked_one_survives_gc(book: Path) -> None:
    name = preview(book, "rename Sarah to Clara in chapter 3")
    answer(book, "candidates", "--lock", name[-6:])
    git(book, "config", "user.name", "Somebody")  # any other command in between
    bookiter("gc", cwd=book, env={"BOOKITER_CANDIDATES__INACTIVE_HOURS": "0"})
    assert states(book) == {name: "open"}
    answer(book, "candidates", "--unlock", name[-6:])
    bookiter("gc", cwd=book, env={"BOOKITER_CANDIDATES__INACTIVE_HOURS": "0"})
    assert states(book) == {}


@pytest.mark.parametrize(
    "command", [["show"], ["accept"], ["reject"], ["candidates", "--lock"], ["iterate", "x", "--from"]]
)
def test_an_unknown_id_is_wrong_usage(book: Path, command: list[str]) -> None:
    assert answer(book, *command, "ffffff", code=2)["error"]["code"] == "usage"


def test_candidates_and_their_page_are_readable(book: Path) -> None:
    first = preview(book, "rename Sarah to Clara in chapter 3")
    second = preview(book, "rename Clara to Agnes in chapter 3", "--from", first)
    ran = bookiter("candidates", cwd=book)
    top, below = ran.out.splitlines()
    assert top.startswith(f"{first[-6:]}  Iterate chapter 3: rename Sarah to Clara")
    assert below.strip().startswith(f"└ {second[-6:]}")
    shown = bookiter("show", second[-6:], cwd=book).out
    assert "[-Clara-]{+Agnes+}" in shown
    diff = bookiter("show", second[-6:], "--diff", cwd=book).out
    git(book, "switch", "-qc", "try", f"refs/bookiter/candidates/{first}")
    git(book, "apply", "--check", "-", input=diff.encode())
