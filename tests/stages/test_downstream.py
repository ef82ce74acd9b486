"""What was made from what, and what has fallen behind: from git's history alone, also where it branches."""

from pathlib import Path

import pytest

from bookiter.stages.documents import Intent, Target
from bookiter.stages.downstream import downstream_of, stale
from bookiter.store.repo import open_repository
from support.book import git, make_book, write_files
from support.iterated import committed, open_book

PREMISE, TREATMENT = "premise/premise.md", "treatment/treatment.md"
LEVELS = {
    PREMISE: "A premise.\n",
    TREATMENT: "A treatment.\n",
    **{f"chapter-beats/{n}.md": f"# Beats {n}\n" for n in (1, 2, 3)},
    **{f"chapters/{n}.md": f"# Chapter {n}\n" for n in (1, 2, 3)},
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_book(tmp_path / "book", LEVELS)


def found(root: Path) -> dict[tuple[str, str], dict[str, str]]:
    """Return, by level and what it was made from, each stale text with the commit since when."""
    with open_repository(root) as repo:
        shown: dict[tuple[str, str], dict[str, str]] = {}
        for each in stale(open_book(root), repo):
            shown.setdefault((each.level, each.upstream), {}).update(dict.fromkeys(each.paths, each.commit))
        return shown


def test_a_book_as_it_began_is_not_stale(root: Path) -> None:
    assert found(root) == {}


def test_a_chapter_is_stale_when_its_own_beats_changed_until_it_is_touched(root: Path) -> None:
    since = committed(root, "Beats", {"chapter-beats/2.md": "New beats\n"})
    assert found(root) == {("prose", "chapters"): {"chapters/2.md": since}}
    committed(root, "Other", {"chapters/1.md": "Not that one\n"})
    assert found(root) == {("prose", "chapters"): {"chapters/2.md": since}}
    committed(root, "Prose", {"chapters/2.md": "Follows\n"})
    assert found(root) == {}


def test_a_commit_that_changes_both_leaves_neither_stale(root: Path) -> None:
    committed(root, "Both", {"chapter-beats/2.md": "New\n", "chapters/2.md": "New\n"})
    assert found(root) == {}


def test_all_that_stands_below_a_single_document_is_stale(root: Path) -> None:
    since = committed(root, "Treatment", {TREATMENT: "New\n"})
    assert found(root) == {
        ("chapters", "treatment"): dict.fromkeys([f"chapter-beats/{n}.md" for n in (1, 2, 3)], since),
        ("prose", "treatment"): dict.fromkeys([f"chapters/{n}.md" for n in (1, 2, 3)], since),
    }
    committed(root, "Chapter", {"chapters/3.md": "Follows\n"})
    assert set(found(root)["prose", "treatment"]) == {"chapters/1.md", "chapters/2.md"}


def test_the_newest_change_is_named(root: Path) -> None:
    committed(root, "First", {PREMISE: "New\n"})
    last = committed(root, "Second", {PREMISE: "Newer\n"})
    assert set(found(root)["treatment", "premise"].values()) == {last}


def test_a_history_is_no_change(root: Path) -> None:
    committed(root, "Noted", {"premise/iteration_history.json": '{"iterations": []}'})
    assert found(root) == {}


def test_a_text_of_the_level_that_went_is_a_change(root: Path) -> None:
    committed(root, "Two", {"premise/second.md": "Another\n", "treatment/treatment.md": "Follows\n"})
    (root / "premise/second.md").unlink()
    since = committed(root, "One again")
    assert found(root)["treatment", "premise"] == {TREATMENT: since}


def test_what_came_in_from_a_branch_is_newer_than_a_later_commit_that_did_not_know_it(root: Path) -> None:
    git(root, "switch", "-q", "-c", "side")
    since = committed(root, "Beats", {"chapter-beats/2.md": "New beats\n"})
    git(root, "switch", "-q", "main")
    committed(root, "Prose", {"chapters/2.md": "Written without them, and later\n"})
    assert found(root) == {}
    git(root, "merge", "-q", "--no-edit", "side")
    assert found(root) == {("prose", "chapters"): {"chapters/2.md": since}}
    committed(root, "Prose again", {"chapters/2.md": "Follows\n"})
    assert found(root) == {}


def test_a_text_that_followed_on_its_branch_is_fresh_after_the_merge(root: Path) -> None:
    git(root, "switch", "-q", "-c", "side")
    committed(root, "Beats", {"chapter-beats/2.md": "New beats\n"})
    committed(root, "Prose", {"chapters/2.md": "Follows\n"})
    git(root, "switch", "-q", "main")
    committed(root, "Else", {"chapters/1.md": "Else\n"})
    git(root, "merge", "-q", "--no-edit", "side")
    assert found(root) == {}


def test_a_clean_merge_of_two_edits_of_a_text_has_not_followed(root: Path) -> None:
    lines = [f"Line {n}.\n\n" for n in range(9)]
    committed(root, "Long", {"chapters/2.md": "".join(lines)})
    git(root, "switch", "-q", "-c", "side")
    committed(root, "Top", {"chapters/2.md": "".join(["Top.\n\n", *lines[1:]])})
    git(root, "switch", "-q", "main")
    committed(root, "End", {"chapters/2.md": "".join([*lines[:-1], "End.\n\n"])})
    since = committed(root, "Beats", {"chapter-beats/2.md": "New beats\n"})
    git(root, "merge", "-q", "--no-edit", "side")
    assert found(root) == {("prose", "chapters"): {"chapters/2.md": since}}


def test_a_shallow_clone_tells_what_it_can(root: Path, tmp_path: Path) -> None:
    committed(root, "Premise", {PREMISE: "New\n"})
    since = committed(root, "Beats", {"chapter-beats/2.md": "New beats\n"})
    git(tmp_path, "clone", "-q", "--depth", "1", root.as_uri(), "one")
    git(tmp_path, "clone", "-q", "--depth", "2", root.as_uri(), "two")
    assert found(tmp_path / "one") == {}
    assert found(tmp_path / "two") == {("prose", "chapters"): {"chapters/2.md": since}}


def test_a_manuscript_in_a_subfolder_minds_its_own_files(tmp_path: Path) -> None:
    root = tmp_path / "books" / "one"
    write_files(root, {"bookiter.yaml": "", **LEVELS})
    write_files(tmp_path, {"premise/premise.md": "Not ours\n"})
    git(tmp_path, "init", "-q")
    committed(tmp_path, "Before")
    committed(tmp_path, "Theirs", {"premise/premise.md": "New\n"})
    assert found(root) == {}
    committed(root, "Ours", {PREMISE: "New\n"})
    assert ("treatment", "premise") in found(root)


def test_names_that_git_would_quote_are_found(tmp_path: Path) -> None:
    odd = ["chapters/Kapitel 1 “Über”.md", "chapters/2 'x'.md"]
    root = make_book(tmp_path / "book", {PREMISE: "A\n", **dict.fromkeys(odd, "x\n")})
    since = committed(root, "Premise\n\nwith a body", {PREMISE: "B\n"})
    assert found(root)["prose", "premise"] == dict.fromkeys(odd, since)


def test_settings_of_git_do_not_change_what_is_found(root: Path) -> None:
    for setting in (
        "diff.relative true",
        "log.showSignature true",
        "diff.renames copies",
        "log.diffMerges first-parent",
    ):
        git(root, "config", *setting.split())
    since = committed(root, "Beats", {"chapter-beats/2.md": "New beats\n"})
    assert found(root) == {("prose", "chapters"): {"chapters/2.md": since}}


def test_before_the_first_commit_nothing_is_stale(tmp_path: Path) -> None:
    write_files(tmp_path, {"bookiter.yaml": "", **LEVELS})
    git(tmp_path, "init", "-q")
    assert found(tmp_path) == {}


def below(root: Path, *paths: str) -> list[str]:
    book = open_book(root)
    units = [unit for unit in book.units if unit.path in paths]
    intent = Intent(
        feedback="x", intent_type="modify", confidence=1, target_type="project", scope="multiple", action="x",
        description="x", editor="model", targets=[Target(level=u.level, number=u.number, path=u.path) for u in units],
    )  # fmt: skip
    return [unit.path for unit in downstream_of(book, intent)]


def test_what_stands_below_a_target(root: Path) -> None:
    assert below(root, "chapter-beats/2.md") == ["chapters/2.md"]
    assert below(root, TREATMENT) == [path for path in LEVELS if path.startswith("chapter")]
    assert below(root, PREMISE, "chapters/1.md") == [path for path in LEVELS if path not in (PREMISE, "chapters/1.md")]
    assert below(root, "chapters/1.md", "chapters/2.md") == []


def test_a_chapter_without_a_number_is_called_by_its_file_and_a_level_of_ones_own_stands_below(tmp_path: Path) -> None:
    files = {**LEVELS, "chapter-beats/prologue.md": "x\n", "chapters/prologue.md": "x\n", "notes/a.md": "x\n"}
    root = make_book(tmp_path / "book", files, settings="levels: {notes: {folder: notes}}\n")
    assert below(root, "chapter-beats/prologue.md") == ["chapters/prologue.md", "notes/a.md"]
    assert below(root, "chapters/3.md") == ["notes/a.md"]
    since = committed(root, "Beats", {"chapter-beats/prologue.md": "New\n"})
    assert found(root) == {
        ("prose", "chapters"): {"chapters/prologue.md": since},
        ("notes", "chapters"): {"notes/a.md": since},
    }
