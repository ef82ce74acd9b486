"""init, status, target, doctor, config: what a newcomer types first."""

import json
from pathlib import Path

import pytest

from support.book import CHAPTERS, bookiter, chapter_files, commit_all, git, make_book, tree_of, write_files
from support.model_server import ModelServer


def test_a_folder_of_chapters_is_adopted_in_place_in_natural_order(tmp_path: Path) -> None:
    files = {f"text/{n}.md": f"# Part {n}\n\nRain.\n" for n in (1, 2, 9, 10)} | {"README.md": "About this book.\n"}
    write_files(tmp_path, files)
    before = tree_of(tmp_path)
    ran = bookiter("init", cwd=tmp_path)
    assert (ran.code, ran.out) == (0, "Adopted 4 chapters here; wrote bookiter.yaml and nothing else.\n")
    after = tree_of(tmp_path)
    assert after.pop("bookiter.yaml")
    assert after == before
    assert not (tmp_path / ".git").exists()
    commit_all(tmp_path)
    found = json.loads(bookiter("iterate", "retitle the last chapter to “The End”", "--json", cwd=tmp_path).out)
    assert found["files"] == ["text/10.md"]


def test_chapters_beside_a_readme_and_a_premise_are_told_from_them(tmp_path: Path) -> None:
    write_files(tmp_path, {"README.md": "About.\n", "premise.md": "Rain.\n", "one.md": "# One\n", "two.md": "# Two\n"})
    assert bookiter("init", cwd=tmp_path).code == 0
    commit_all(tmp_path)
    levels = {level["name"]: level for level in json.loads(bookiter("status", "--json", cwd=tmp_path).out)["levels"]}
    assert (levels["prose"]["units"], levels["premise"]["units"]) == (2, 1)


def test_init_can_be_run_twice(tmp_path: Path) -> None:
    make_book(tmp_path)
    before = tree_of(tmp_path)
    ran = bookiter("init", cwd=tmp_path)
    assert (ran.code, "nothing was changed" in ran.out) == (0, True)
    assert tree_of(tmp_path) == before


def test_a_new_manuscript_has_all_levels_and_a_first_commit(tmp_path: Path) -> None:
    assert bookiter("init", "My Novel", cwd=tmp_path).code == 0
    book = tmp_path / "My Novel"
    found = json.loads(bookiter("status", "--json", cwd=book).out)
    assert found["project"] == "my-novel"
    assert [level["units"] for level in found["levels"]] == [1, 1, 1, 1, 1]
    assert git(book, "status", "--porcelain") == ""
    assert bookiter("iterate", "replace “begins” with “starts” in chapter 1", cwd=book).code == 0


def test_the_sample_is_a_whole_book_that_can_be_iterated_at_once(tmp_path: Path) -> None:
    assert bookiter("init", "--sample", "sample", cwd=tmp_path).code == 0
    book = tmp_path / "sample"
    found = json.loads(bookiter("status", "--json", cwd=book).out)
    units = {level["name"]: level["units"] for level in found["levels"]}
    assert units["prose"] >= 6
    assert units["chapters"] == units["prose"]
    assert bookiter("iterate", "use curly quotes in chapter 6", cwd=book).code == 0


def test_the_sample_does_not_overwrite_anything(tmp_path: Path) -> None:
    write_files(tmp_path / "mine", {"a.md": "mine\n"})
    ran = bookiter("init", "--sample", "mine", cwd=tmp_path)
    assert ran.code == 2
    assert tree_of(tmp_path) == {"mine/a.md": b"mine\n"}


def test_init_inside_another_repository_leaves_the_committing_to_its_owner(tmp_path: Path) -> None:
    write_files(tmp_path, {"x": "x\n"})
    commit_all(tmp_path)
    ran = bookiter("init", "novel", cwd=tmp_path)
    assert ran.code == 0
    assert "inside a git repository already" in ran.err
    assert not (tmp_path / "novel" / ".git").exists()
    assert git(tmp_path, "rev-list", "--count", "HEAD").strip() == "1"


def test_status_tells_what_is_there_and_what_was_done(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book")
    bookiter("iterate", "rename Sarah to Clara in chapter 3", cwd=book)
    write_files(book, {"premise/premise.md": "changed\n"})
    out = bookiter("status", cwd=book).out
    assert "ferry on main" in out
    assert "Iteration target: prose" in out
    assert "premise/premise.md (edited)" in out
    assert git(book, "rev-parse", "HEAD").strip()[:9] + "  rename Sarah to Clara in chapter 3" in out


def test_the_commit_of_an_entry_is_found_even_after_it_was_amended(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book")
    bookiter("iterate", "rename Sarah to Clara in chapter 3", cwd=book)
    git(book, "commit", "-q", "--amend", "--no-edit", "--date=2001-01-01T00:00:00Z")
    (entry,) = json.loads(bookiter("status", "--json", cwd=book).out)["iterations"]
    assert entry["commit_sha"] == git(book, "rev-parse", "HEAD").strip()


def test_the_target_is_asked_for_set_and_refused(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book")
    assert bookiter("target", cwd=book).out == "No iteration target set.\n"
    assert bookiter("target", "treatment", cwd=book).out == "Iteration target: treatment\n"
    assert bookiter("target", cwd=book).out == "Current iteration target: treatment\nIteration history: 0 iterations\n"
    wrong = bookiter("target", "foo", cwd=book)
    assert (wrong.code, "Valid targets: taxonomy, premise, treatment, chapters, prose" in wrong.err) == (2, True)
    empty = bookiter("target", "chapters", cwd=book)
    assert (empty.code, "there is no chapters yet" in empty.err) == (6, True)


def test_the_last_level_worked_on_is_the_target_even_in_a_fresh_clone(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book")
    bookiter("iterate", "rename Sarah to Clara in the treatment", cwd=book)
    assert json.loads(bookiter("target", "--json", cwd=book).out) == {
        "schema_version": 1,
        "status": "ok",
        "target": "treatment",
        "iterations": 1,
    }
    git(tmp_path, "clone", "-q", "book", "clone")
    assert json.loads(bookiter("target", "--json", cwd=tmp_path / "clone").out)["target"] == "treatment"


def test_a_request_without_a_place_is_made_in_the_current_target(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book")
    asked = bookiter("iterate", "rename Sarah to Clara", cwd=book)
    assert (asked.code, "Which part of the book is meant?" in asked.err) == (3, True)
    bookiter("target", "treatment", cwd=book)
    found = json.loads(bookiter("iterate", "rename Sarah to Clara", "--json", cwd=book).out)
    assert found["files"] == ["treatment/treatment.md"]


def test_doctor_finds_nothing_to_complain_of_in_a_ready_book(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book")
    found = json.loads(bookiter("doctor", "--json", cwd=book).out)
    checks = {check["name"]: check for check in found["checks"]}
    assert found["status"] == "ok"
    assert checks["repository"]["says"] == "on main"
    assert checks["commits"]["says"] == "as Test Author <author@example.org>"
    assert (checks["model"]["ok"], checks["model"]["needed"]) == (False, False)
    assert checks["key"]["says"] == "OPENAI_API_KEY is not set"


def test_doctor_says_what_is_missing_and_how_to_get_it(tmp_path: Path) -> None:
    ran = bookiter("doctor", cwd=tmp_path)
    assert ran.code == 6
    assert "✗ manuscript" in ran.out
    assert "bookiter init" in ran.out
    assert "git init" in ran.out


def test_doctor_asks_a_local_server_and_never_shows_the_key(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book")
    with ModelServer(models=("tiny", "large")) as server:
        env = {
            "BOOKITER_OPENAI__BASE_URL": server.base_url,
            "BOOKITER_MODELS__DEFAULT": "tiny",
            "OPENAI_API_KEY": "sk-very-secret-1",
        }
        ran = bookiter("doctor", cwd=book, env=env)
    assert "answers with 2 models: tiny, large" in ran.out
    assert "OPENAI_API_KEY is set" in ran.out
    assert "sk-very-secret-1" not in ran.out + ran.err
    gone = bookiter("doctor", cwd=book, env=env)
    assert "does not answer" in gone.out


def test_config_shows_every_value_and_where_it_comes_from(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book", settings="confidence: 0.9\n")
    out = bookiter("config", cwd=book, env={"BOOKITER_MAX_ATTEMPTS": "2"}).out
    assert "confidence: 0.9   # bookiter.yaml" in out
    assert "max_attempts: 2   # environment" in out
    assert "cache: true\n" in out
    assert bookiter("config", "confidence", cwd=book).out == "confidence: 0.9   # bookiter.yaml\n"
    unknown = bookiter("config", "confidense", cwd=book)
    assert (unknown.code, "confidence" in unknown.err) == (2, True)


def test_config_works_outside_a_manuscript(tmp_path: Path) -> None:
    assert json.loads(bookiter("config", "--json", cwd=tmp_path).out)["settings"]["confidence"] == {
        "value": 0.8,
        "source": "default",
    }


def test_a_repository_that_names_a_server_needs_consent_once_and_again_after_a_change(tmp_path: Path) -> None:
    settings = "models: {default: m}\nopenai: {base_url: 'https://models.example.org/v1', timeout: 2, max_retries: 0}\n"
    book = make_book(tmp_path / "book", settings=settings)
    refused = bookiter("iterate", "make chapter 3 darker", cwd=book)
    assert (refused.code, "bookiter config --allow" in refused.err) == (2, True)
    assert "not in force" in bookiter("config", "openai", cwd=book).out
    assert bookiter("config", "--allow", "openai.base_url", cwd=book).code == 0
    allowed = bookiter("iterate", "make chapter 3 darker", cwd=book)
    assert allowed.code == 7
    text = (book / "bookiter.yaml").read_text("utf-8").replace("models.example.org", "other.example.org")
    (book / "bookiter.yaml").write_text(text, encoding="utf-8")
    assert bookiter("iterate", "make chapter 3 darker", cwd=book).code == 2


def test_a_plan_asks_nobody_and_writes_nothing(tmp_path: Path) -> None:
    prices = "models: {default: m}\nopenai: {prices: {m: {input: 1.0, output: 4.0}}}\n"
    book = make_book(tmp_path / "book", settings=prices)
    found = json.loads(bookiter("iterate", "make chapter 3 darker", "--plan", "--json", cwd=book).out)
    assert (found["target"], found["calls"]) == ("chapter 3", 6)
    assert found["cost"] == pytest.approx((found["prompt_tokens"] * 1.0 + found["completion_tokens"] * 4.0) / 1e6)
    free = bookiter("iterate", "rename Sarah to Clara everywhere", "--plan", cwd=book)
    assert free.out == "The built-in editor does this by itself: no model call, no cost.\n"
    assert not (book / ".bookiter" / "runs").exists()


def test_a_manuscript_may_lie_in_a_subfolder_of_its_repository(tmp_path: Path) -> None:
    write_files(tmp_path, {"site/index.html": "<p>\n"})
    book = tmp_path / "books" / "ferry"
    write_files(book, {"bookiter.yaml": "project: ferry\n", "chapters/chapter-03.md": CHAPTERS[3]})
    commit_all(tmp_path)
    ran = bookiter("iterate", "rename Sarah to Clara", cwd=book / "chapters")
    assert ran.code == 0, ran.err
    assert git(tmp_path, "show", "--format=", "--name-only").split() == [
        "books/ferry/chapters/chapter-03.md",
        "books/ferry/chapters/iteration_history.json",
    ]


def test_any_iteration_can_be_taken_back_with_plain_git(tmp_path: Path) -> None:
    book = make_book(
        tmp_path / "book", {**chapter_files(), "chapters/iteration_history.json": '{"iterations": [\n]}\n'}
    )
    start = tree_of(book)
    for request in (
        "rename Sarah to Clara in chapter 3",
        "rename Sarah to Clara in chapter 1",
        "rename Sarah to Clara in chapter 2",
    ):
        assert bookiter("iterate", request, cwd=book).code == 0
    last = tree_of(book)
    git(book, "revert", "--no-edit", "HEAD")
    git(book, "revert", "--no-edit", "HEAD")
    assert tree_of(book) == last
    git(book, "revert", "--no-edit", "HEAD~4")
    middle = tree_of(book)
    assert middle["chapters/chapter-03.md"] == start["chapters/chapter-03.md"]
    assert middle["chapters/chapter-01.md"] == last["chapters/chapter-01.md"]
    assert len(json.loads(middle["chapters/iteration_history.json"])["iterations"]) == 3
    assert bookiter("iterate", "rename Sarah to Ada in chapter 3", cwd=book).code == 0


def test_iterations_of_two_branches_are_merged_with_both_histories(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book")
    assert bookiter("iterate", "rename Sarah to Clara in chapter 1", cwd=book).code == 0
    git(book, "switch", "-q", "-c", "side")
    assert bookiter("iterate", "rename Sarah to Clara in chapter 2", cwd=book).code == 0
    git(book, "switch", "-q", "main")
    assert bookiter("iterate", "rename Sarah to Clara in chapter 3", cwd=book).code == 0
    git(book, "merge", "-q", "--no-edit", "side")
    entries = json.loads((book / "chapters/iteration_history.json").read_text("utf-8"))["iterations"]
    assert {entry["targets"][0][-5:-3] for entry in entries} == {"01", "02", "03"}


def test_nothing_worked_on_is_no_target_even_in_a_fresh_sample(tmp_path: Path) -> None:
    bookiter("init", "--sample", "sample", cwd=tmp_path)
    assert bookiter("target", cwd=tmp_path / "sample").out == "No iteration target set.\n"


def test_levels_in_one_folder_share_a_history_and_lose_no_entry(tmp_path: Path) -> None:
    write_files(
        tmp_path, {"premise.md": "Abel leaves.\n", "01.md": "# One\n\nAbel left.\n", "02.md": "# Two\n\nRain.\n"}
    )
    bookiter("init", cwd=tmp_path)
    commit_all(tmp_path)
    assert bookiter("iterate", "rename Abel to Esau everywhere", cwd=tmp_path).code == 0
    entries = json.loads((tmp_path / "iteration_history.json").read_text("utf-8"))["iterations"]
    assert [(entry["level"], entry["targets"]) for entry in entries] == [
        ("premise", ["premise.md"]),
        ("prose", ["01.md"]),
    ]
    assert json.loads(bookiter("status", "--json", cwd=tmp_path).out)["levels"][-1]["units"] == 2


def test_two_branches_of_a_new_book_merge_their_first_iterations(tmp_path: Path) -> None:
    bookiter("init", "--sample", "sample", cwd=tmp_path)
    book = tmp_path / "sample"
    trunk = git(book, "symbolic-ref", "--short", "HEAD").strip()
    git(book, "switch", "-q", "-c", "side")
    assert bookiter("iterate", "use curly quotes in chapter 6", cwd=book).code == 0
    git(book, "switch", "-q", trunk)
    assert bookiter("iterate", "retitle chapter 5 to “The Second Sheet”", cwd=book).code == 0
    git(book, "merge", "-q", "--no-edit", "side")
    levels = {
        level["name"]: level["iterations"] for level in json.loads(bookiter("status", "--json", cwd=book).out)["levels"]
    }
    assert levels["prose"] == 2
    assert bookiter("iterate", "retitle chapter 4 to “The Pony”", cwd=book).code == 0


def test_a_chapter_of_the_book_is_that_chapter(tmp_path: Path) -> None:
    bookiter("init", "--sample", "sample", cwd=tmp_path)
    found = json.loads(
        bookiter("iterate", "rename Wilf to Alf in chapter 2 of the book", "--json", cwd=tmp_path / "sample").out
    )
    assert found["files"] == ["chapters/chapter-02.md"]


def test_a_chapter_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book")
    write_files(book, {"chapters/chapter-02.md": b"caf\xe9\n"})
    ran = bookiter("status", cwd=book)
    assert ran.code == 0
    assert "chapters/chapter-02.md is not UTF-8" in ran.out
