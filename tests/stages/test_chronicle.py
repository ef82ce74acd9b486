"""What the histories say, with the commits that git knows now: whatever was rewritten, reverted or merged since."""

from pathlib import Path

import pytest

from bookiter.errors import NotReady
from bookiter.stages.chronicle import Iteration, iterations
from bookiter.store.history import EMPTY
from bookiter.store.repo import open_repository
from support.book import chapter_files, git, make_book, write_files
from support.iterated import committed, iterated, open_book, union

ONE, TWO, THREE = chapter_files()
HISTORY = "chapters/iteration_history.json"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = make_book(tmp_path / "book", {"premise/premise.md": "A premise.\n", **chapter_files(), HISTORY: EMPTY})
    union(made)
    return made


def known(root: Path, level: str | None = None, latest: int | None = None) -> dict[str, Iteration]:
    with open_repository(root) as repo:
        return {each.id: each for each in iterations(open_book(root), repo, level, latest=latest)}


def commits(root: Path) -> dict[str, str | None]:
    return {name: each.commit for name, each in known(root).items()}


def standing(root: Path) -> list[str]:
    return [name for name, each in known(root).items() if not each.undone]


def test_the_newest_comes_first_whatever_level_it_is_of(root: Path) -> None:
    iterated(root, "a", {ONE: "1\n"}, timestamp="2026-01-01T00:00:00Z")
    iterated(root, "b", {"premise/premise.md": "2\n"}, timestamp="2026-01-02T00:00:00Z")
    iterated(root, "c", {ONE: "3\n"}, timestamp="2026-01-03T00:00:00Z")
    assert list(known(root)) == ["c", "b", "a"]
    assert list(known(root, "prose")) == ["c", "a"]


def test_one_of_several_levels_is_one_iteration(root: Path) -> None:
    iterated(root, "a", {ONE: "1\n", TWO: "2\n", "premise/premise.md": "2\n"})
    (each,) = known(root).values()
    assert each.levels == ("premise", "prose")
    assert set(each.targets) == {ONE, TWO, "premise/premise.md"}
    assert known(root, "prose")["a"].targets == (ONE, TWO)


def test_an_amended_and_a_rebased_commit_are_found_again(root: Path) -> None:
    start = git(root, "rev-parse", "HEAD").strip()
    first = iterated(root, "a", {ONE: "1\n"})
    iterated(root, "b", {TWO: "2\n"})
    git(root, "commit", "-q", "--amend", "--no-edit", "--date=2001-01-01T00:00:00Z")
    git(root, "switch", "-q", "-c", "other", start)
    committed(root, "Mine", {"notes.txt": "x\n"})
    git(root, "rebase", "-q", "other", "main")
    assert commits(root) == {
        "b": git(root, "rev-parse", "HEAD").strip(),
        "a": git(root, "rev-parse", "HEAD~1").strip(),
    }
    assert first != git(root, "rev-parse", "HEAD~1").strip()


@pytest.mark.parametrize("message", ["Both\n", None], ids=["a message of its own", "both messages"])
def test_a_squashed_iteration_has_no_commit_of_its_own(root: Path, message: str | None) -> None:
    iterated(root, "a", {ONE: "1\n"})
    iterated(root, "b", {TWO: "2\n"})
    both = message or git(root, "log", "-2", "--format=%B")
    git(root, "reset", "-q", "--soft", "HEAD~2")
    git(root, "commit", "-q", "-m", both)
    assert commits(root) == {"b": None, "a": None}


def test_what_a_hook_writes_below_the_trailers_hides_no_iteration(root: Path) -> None:
    commit = iterated(root, "a", {ONE: "1\n"})
    git(root, "commit", "-q", "--amend", "-m", git(root, "log", "-1", "--format=%B") + "\n\nReviewed-by: Somebody\n")
    assert commits(root)["a"] == git(root, "rev-parse", "HEAD").strip() != commit


def test_an_entry_that_takes_another_back_does_so_even_within_a_second(root: Path) -> None:
    iterated(root, "f", {ONE: "1\n"})
    iterated(root, "e", {ONE: "0\n"}, undoes="f")
    assert standing(root) == ["e"]
    iterated(root, "d", {ONE: "1\n"}, undoes="e")
    assert standing(root) == ["d", "f"]
    iterated(root, "c", {ONE: "2\n"}, undoes_part_of="f")
    assert standing(root) == ["c", "d", "f"]


def test_the_last_one_that_plain_git_takes_back_leaves_the_history(root: Path) -> None:
    iterated(root, "a", {ONE: "1\n"})
    iterated(root, "b", {TWO: "2\n"})
    git(root, "revert", "--no-edit", "HEAD")
    assert standing(root) == ["a"]


@pytest.mark.parametrize("reference", ["false", "true"], ids=["in full", "as a reference"])
def test_an_older_one_that_plain_git_takes_back_is_marked_until_that_is_taken_back(root: Path, reference: str) -> None:
    git(root, "config", "revert.reference", reference)
    iterated(root, "a", {ONE: "1\n"})
    iterated(root, "b", {TWO: "2\n"})
    git(root, "revert", "--no-edit", "HEAD~1")
    assert (root / ONE).read_text("utf-8") == chapter_files()[ONE]
    assert standing(root) == ["b"]
    git(root, "revert", "--no-edit", "HEAD")
    assert standing(root) == ["b", "a"]


def test_iterations_of_merged_branches_all_have_their_commits(root: Path) -> None:
    iterated(root, "a", {ONE: "1\n"})
    git(root, "switch", "-q", "-c", "side")
    side = iterated(root, "b", {TWO: "2\n"})
    git(root, "switch", "-q", "main")
    trunk = iterated(root, "c", {THREE: "3\n"})
    assert set(known(root)) == {"a", "c"}
    git(root, "merge", "-q", "--no-edit", "side")
    found = commits(root)
    assert (found["b"], found["c"], len(found)) == (side, trunk, 3)


def test_in_a_shallow_clone_the_older_commits_are_unknown(root: Path, tmp_path: Path) -> None:
    iterated(root, "a", {ONE: "1\n"})
    last = iterated(root, "b", {TWO: "2\n"})
    git(tmp_path, "clone", "-q", "--depth", "1", root.as_uri(), "clone")
    assert commits(tmp_path / "clone") == {"b": last, "a": None}


def test_a_copied_commit_counts_where_it_is_newest(root: Path) -> None:
    first = iterated(root, "a", {ONE: "1\n"})
    git(root, "revert", "--no-edit", "HEAD")
    git(root, "cherry-pick", first)
    assert commits(root)["a"] == git(root, "rev-parse", "HEAD").strip()


def test_only_the_latest_are_looked_up_when_that_is_enough(root: Path) -> None:
    iterated(root, "a", {ONE: "1\n"})
    last = iterated(root, "b", {TWO: "2\n"})
    assert {name: each.commit for name, each in known(root, latest=1).items()} == {"b": last, "a": None}


def test_a_stranger_s_entries_are_listed_as_they_are(root: Path) -> None:
    odd = '{"iterations": [{"feedback": 3, "iteration": [], "targets": "x", "undoes": {}}, {"timestamp": null}]}'
    write_files(root, {HISTORY: odd})
    with open_repository(root) as repo:
        found = iterations(open_book(root), repo)
    assert [(each.id, each.feedback, each.targets, each.commit, each.undone) for each in found] == [
        ("", "", (), None, False)
    ] * 2


def test_a_damaged_history_is_named(root: Path) -> None:
    write_files(root, {HISTORY: "{"})
    with pytest.raises(NotReady, match=HISTORY):
        known(root)


def test_before_the_first_commit_nothing_is_known(tmp_path: Path) -> None:
    write_files(tmp_path, {"bookiter.yaml": "", HISTORY: '{"iterations": [{"iteration": "a"}]}'})
    git(tmp_path, "init", "-q")
    assert commits(tmp_path) == {"a": None}
