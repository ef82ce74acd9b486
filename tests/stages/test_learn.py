"""Preferences: learned from what the author decides, in a file that stays the author's."""

import json
from pathlib import Path

import pytest

from bookiter.stages.change import Change
from bookiter.stages.chronicle import iterations
from bookiter.stages.learn import Lesson, learn, preferences
from bookiter.stages.reworded import edited_since, edits_between, learn_edits
from bookiter.store.repo import open_repository
from bookiter.store.runs import Runs
from support.book import make_book
from support.iterated import committed, iterated, open_book

CHAPTER = "chapters/1.md"


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


def place(runs: Runs) -> Path:
    return runs.folder / "preferences.md"


def lines(runs: Runs) -> list[str]:
    return [line for line in preferences(runs).splitlines() if line.startswith("- ")]


def turned_down(why: str, feedback: str = "make it darker") -> Lesson:
    return Lesson("rejected", feedback, why=why)


def test_nothing_is_known_at_first(runs: Runs) -> None:
    assert preferences(runs) == ""
    assert not runs.folder.exists()


def test_a_reason_is_learned_once_and_none_is_not(runs: Runs) -> None:
    learn(runs, turned_down(""))
    assert preferences(runs) == ""
    for _ in range(2):
        learn(runs, turned_down("too\nmelodramatic\x1b[8m"))
    assert lines(runs) == ["- Turned down “make it darker”: too melodramatic[8m"]


def test_a_kind_of_edit_is_learned_when_it_was_accepted_often(runs: Runs) -> None:
    for count in range(4):
        assert lines(runs) == (["- Often asked for and accepted: add dialogue"] if count >= 3 else [])
        learn(runs, Lesson("accepted", "more talk", kind="add_dialogue"))


def test_words_are_learned_when_they_were_replaced_twice(runs: Runs) -> None:
    learn(runs, Lesson("edited", was="whilst", now="while"))
    assert lines(runs) == []
    learn(runs, Lesson("edited", was="whilst", now="while"))
    learn(runs, Lesson("edited", was="amongst", now="among", times=2))
    assert lines(runs) == ["- Write “while” rather than “whilst”", "- Write “among” rather than “amongst”"]


def test_a_line_that_the_author_removed_does_not_come_back(runs: Runs) -> None:
    learn(runs, turned_down("too sweet"))
    learn(runs, turned_down("too long"))
    text = place(runs).read_text("utf-8")
    place(runs).write_text(text.replace("- Turned down “make it darker”: too sweet\n", ""), encoding="utf-8")
    learn(runs, turned_down("too sweet"))
    assert lines(runs) == ["- Turned down “make it darker”: too long"]


def test_a_line_that_the_author_reworded_is_the_author_s(runs: Runs) -> None:
    learn(runs, turned_down("too sweet"))
    text = place(runs).read_text("utf-8")
    place(runs).write_text(text.replace("too sweet", "far too sweet"), encoding="utf-8")
    learn(runs, turned_down("too sweet"))
    assert lines(runs) == ["- Turned down “make it darker”: far too sweet"]


def test_a_file_that_was_removed_stays_without_what_it_held(runs: Runs) -> None:
    learn(runs, turned_down("too sweet"))
    place(runs).unlink()
    learn(runs, turned_down("too sweet"))
    learn(runs, turned_down("too long"))
    assert lines(runs) == ["- Turned down “make it darker”: too long"]


@pytest.mark.parametrize(
    "own",
    [
        b"No adverbs.",
        b"No adverbs.\r\n\r\n## Learned\r\n\r\nMine too.\r\n",
        "Keine Umlaute\u2028hier.\n".encode(),
        b"caf\xe9\n",
        b"## Learned",
        b"\n\n",
    ],
)
def test_what_the_author_wrote_stays_to_the_byte(runs: Runs, own: bytes) -> None:
    runs.prepared()
    place(runs).write_bytes(own)
    learn(runs, turned_down("too sweet"))
    learn(runs, turned_down("too long"))
    text = place(runs).read_bytes()
    assert len(lines(runs)) == 2
    assert [line for line in own.splitlines() if line not in text.splitlines()] == []
    assert text.startswith(own) or b"Mine too.\r\n" in text
    assert (b"\r\n" in own) == (b"\r\n" in text)


def test_at_most_thirty_lines_are_learned_and_the_author_s_do_not_count(runs: Runs) -> None:
    runs.prepared()
    place(runs).write_text("- Mine.\n", encoding="utf-8")
    for number in range(35):
        learn(runs, turned_down(f"reason {number}"))
    assert len(lines(runs)) == 31
    assert lines(runs)[0] == "- Mine."
    assert [line[-2:].strip() for line in lines(runs)[1:]] == [str(number) for number in range(5, 35)]


def test_a_prompt_gets_no_more_than_four_thousand_characters_in_whole_lines(runs: Runs) -> None:
    runs.prepared()
    place(runs).write_text("- A line of the author's.\n" * 1000, encoding="utf-8")
    assert 3900 < len(preferences(runs)) <= 4000
    assert set(preferences(runs).splitlines()) == {"- A line of the author's."}


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b"\xff", b'{"lines": 3, "counts": [], "compared": 1}', b"[" * 9999]
)
def test_a_damaged_memory_fails_nothing(runs: Runs, damage: bytes) -> None:
    runs.prepared()
    (runs.folder / "learned.json").write_bytes(damage)
    learn(runs, turned_down("too sweet"))
    assert len(lines(runs)) == 1
    assert json.loads((runs.folder / "learned.json").read_bytes())["lines"]


def test_what_is_no_plain_file_is_neither_read_nor_replaced(runs: Runs, tmp_path: Path) -> None:
    runs.prepared()
    (tmp_path / "secret").write_text("secret\n", encoding="utf-8")
    place(runs).symlink_to(tmp_path / "secret")
    learn(runs, turned_down("too sweet"))
    assert preferences(runs) == ""
    assert (tmp_path / "secret").read_text("utf-8") == "secret\n"
    place(runs).unlink()
    place(runs).mkdir()
    learn(runs, turned_down("too sweet"))
    assert preferences(runs) == ""


def test_another_bookiter_that_writes_holds_no_iteration_up(runs: Runs) -> None:
    with runs.locked():
        learn(runs, turned_down("too sweet"))
    assert preferences(runs) == ""


WRITTEN = "Whilst it rained, she sat amongst the nets.\n\nHe sang whilst she slept.\n\nWhilst and whilst.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = make_book(tmp_path / "book", {CHAPTER: "Old.\n\nUpon the hill.\n\nUpon the sea.\n"})
    iterated(made, "20260101-120000-aaaaaa", {CHAPTER: "Upon the hill.\n\nUpon the sea.\n\n" + WRITTEN})
    return made


def edits(root: Path) -> list[tuple[str, str, int]]:
    with open_repository(root) as repo:
        found = edited_since(open_book(root), repo, iterations(open_book(root), repo))
    return [(each.was, each.now, each.times) for each in found]


def edit(root: Path, **replaced: str) -> None:
    text = (root / CHAPTER).read_text("utf-8")
    for was, now in replaced.items():
        text = text.replace(was, now)
    committed(root, "Mine", {CHAPTER: text})


def test_nothing_was_edited_since(root: Path) -> None:
    assert edits(root) == []


def test_words_that_the_author_replaced_twice_are_found(root: Path) -> None:
    edit(root, whilst="while", amongst="among")
    assert edits(root) == [("whilst", "while", 2)]


def test_what_the_iteration_had_not_written_is_no_matter_of_it(root: Path) -> None:
    edit(root, Upon="on")
    assert edits(root) == []


def test_a_later_iteration_s_words_are_not_the_author_s(root: Path) -> None:
    text = (root / CHAPTER).read_text("utf-8").replace("whilst", "while")
    iterated(root, "20260102-120000-bbbbbb", {CHAPTER: text}, timestamp="2026-01-02T12:00:00Z")
    assert edits(root) == []


def test_a_name_for_a_name_is_no_matter_of_taste(tmp_path: Path) -> None:
    root = make_book(tmp_path / "book", {CHAPTER: "Old.\n"})
    iterated(root, "a", {CHAPTER: "Sarah sat.\n\nThen Sarah rose, and it was grey and grey.\n"})
    edit(root, Sarah="Clara", grey="blue")
    assert edits(root) == [("grey", "blue", 2)]


def test_an_iteration_that_was_taken_back_teaches_nothing(root: Path) -> None:
    iterated(
        root, "b", {CHAPTER: "Old.\n"}, undoes="20260101-120000-aaaaaa", timestamp="2026-01-02T12:00:00Z"
    )  # fmt: skip
    committed(root, "Mine", {CHAPTER: WRITTEN.replace("whilst", "while")})
    assert edits(root) == []


def test_a_commit_that_is_not_here_teaches_nothing(root: Path, tmp_path: Path) -> None:
    edit(root, whilst="while")
    git_clone = tmp_path / "clone"
    from support.book import git

    git(tmp_path, "clone", "-q", "--depth", "1", root.as_uri(), "clone")
    assert edits(git_clone) == []


def test_edits_are_looked_through_once_for_each_commit(root: Path) -> None:
    runs = Runs(root)
    edit(root, whilst="while")
    with open_repository(root) as repo:
        learn_edits(open_book(root), repo, runs)
        assert lines(runs) == ["- Write “while” rather than “whilst”"]
        place(runs).unlink()
        (runs.folder / "learned.json").write_text(json.dumps({"compared": repo.head()}), encoding="utf-8")
        learn_edits(open_book(root), repo, runs)
        assert lines(runs) == []


def test_learning_from_a_damaged_history_fails_nothing(root: Path) -> None:
    (root / "chapters/iteration_history.json").write_text("{", encoding="utf-8")
    with open_repository(root) as repo:
        learn_edits(open_book(root), repo, Runs(root))


def test_what_the_author_edits_before_accepting_is_seen_word_by_word() -> None:
    before = {"a.md": "Old.\n"}
    proposed = Change.between(before, {"a.md": "He sat upon the wall whilst it rained.\n"})
    mine = Change.between(before, {"a.md": "He sat on the wall while it rained.\n"})
    assert [(each.was, each.now) for each in edits_between(proposed, mine)] == [("upon", "on"), ("whilst", "while")]
    assert edits_between(proposed, proposed) == []
