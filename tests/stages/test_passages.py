"""Texts are laid side by side paragraph by paragraph, each told by its line, its heading and its scene."""

from hypothesis import given
from hypothesis import strategies as st

from bookiter.stages.passages import compare, split

BEFORE = (
    "# The Library\n\nThe library smelled of tar and of old rope.\n\n“You read slowly,” he said to her back.\n\n"
    "* * *\n\nOutside, the bell for the last crossing rang twice.\n"
)


def fates(before: str, after: str) -> list[tuple[str, int, int]]:
    return [
        (p.fate, p.old.line if p.old else 0, p.new.line if p.new else 0)
        for p in compare(before, after).passages
        if p.fate != "kept" or p.gap_differs
    ]


def test_an_edited_paragraph_is_a_changed_one() -> None:
    assert fates(BEFORE, BEFORE.replace("tar", "salt")) == [("changed", 3, 3)]


def test_a_paragraph_put_in_moves_the_lines_of_those_after_it_and_changes_none() -> None:
    after = BEFORE.replace("“You read", "He waited a while.\n\n“You read").replace("twice", "once")
    assert fates(BEFORE, after) == [("added", 0, 5), ("changed", 9, 11)]


def test_a_paragraph_at_the_end_comes_alone() -> None:
    assert fates(BEFORE, BEFORE + "\nShe shut the book.\n") == [("added", 0, 11)]
    assert fates(BEFORE + "\nShe shut the book.\n", BEFORE) == [("lost", 11, 0)]


def test_one_paragraph_in_the_place_of_another_is_written_anew() -> None:
    after = BEFORE.replace("“You read slowly,” he said to her back.", "Nobody spoke; a candle guttered between them.")
    assert fates(BEFORE, after) == [("changed", 5, 5)]


def test_of_several_new_paragraphs_the_one_with_the_old_words_is_the_changed_one() -> None:
    after = BEFORE.replace(
        "The library smelled of tar and of old rope.",
        "It was dark by four.\n\nThe library smelled of salt and of old rope.\n\nA lamp swung.",
    )
    assert fates(BEFORE, after) == [("added", 0, 3), ("changed", 3, 5), ("added", 0, 7)]


def test_white_space_alone_is_a_difference_too() -> None:
    assert fates(BEFORE, BEFORE.replace("rope.\n\n", "rope.\n\n\n")) == [("kept", 3, 3)]
    assert fates(BEFORE, BEFORE.removesuffix("\n")) == [("kept", 9, 9)]


def test_line_ends_that_changed_throughout_are_told_once() -> None:
    found = compare(BEFORE, BEFORE.replace("\n", "\r\n"))
    assert found.notes == ("the line ends: LF → CR LF",)
    assert {p.fate for p in found.passages} == {"kept"}
    assert not any(p.gap_differs for p in found.passages)


def test_a_byte_order_mark_is_told() -> None:
    assert compare(BEFORE, "\ufeff" + BEFORE).notes == ("the byte order mark came",)


def test_a_place_is_named_by_heading_and_scene() -> None:
    places = [(part.line, part.heading, part.scene) for part in split(BEFORE) if part.text]
    assert places == [(1, "The Library", 1), (3, "The Library", 1), (5, "The Library", 1), (7, "The Library", 2),
                      (9, "The Library", 2)]  # fmt: skip
    assert [part.scene for part in split("Title\n=====\n\nOnly one scene.\n")] == [0, 0, 0]
    assert split("Title\n=====\n\nOnly one scene.\n")[2].heading == "Title"


def test_items_verse_and_unwrapped_lines_stand_for_themselves() -> None:
    beats = "1. The bus to Aldersey.\n2. Miss Iremonger.\n3. The column in red ink.\n"
    assert fates(beats, beats.replace("Miss Iremonger", "A hot-water bottle")) == [("changed", 2, 2)]
    verse = "Tide goes out,  \ntide comes in,  \nnobody asks.\n"
    assert fates(verse, verse.replace("in", "back")) == [("changed", 2, 2)]
    long = ("word " * 80).strip()
    assert fates(f"{long}\n{long} end\n", f"{long}\n{long} close\n") == [("changed", 2, 2)]


_TEXTS = st.text(alphabet="ab #*-1.\n\r \u2028猫", max_size=80)


@given(_TEXTS)
def test_the_parts_of_a_text_are_the_text(text: str) -> None:
    assert "".join(part.text + part.gap for part in split(text)) == text


@given(_TEXTS, _TEXTS)
def test_every_paragraph_of_both_texts_has_one_fate(before: str, after: str) -> None:
    found = compare(before, after)
    if any("line ends" in note for note in found.notes):
        return
    assert "".join(p.old.text + p.old.gap for p in found.passages if p.old) == before
    assert "".join(p.new.text + p.new.gap for p in found.passages if p.new) == after
    if before == after:
        assert all(p.fate == "kept" and not p.gap_differs for p in found.passages)
    else:
        differs = any(p.fate != "kept" or p.gap_differs for p in found.passages)
        assert differs or found.notes
