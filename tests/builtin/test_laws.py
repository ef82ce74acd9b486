"""Laws that hold for every text, tried on texts made of words, marks, Markdown and all line endings."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bookiter.builtin import (
    Append,
    Delete,
    Edit,
    Insert,
    Prepend,
    Rename,
    Replace,
    Typography,
    Unsure,
    apply,
    verify,
)

PATH = "one.md"
PIECES = (
    "Sarah SARAH Sarah’s Sarah's Sarah\u00a0Moor Sarah-like Anne-Sarah Sarahs sarah.org O’Sarah Mr. Moor don't don’t 'tis "
    '"Go!" “Go,” \'Yes.\' ‘No?’ "I (she) [x](y.md) `co"de` <b> </b> <!-- -- --> https://a.org/Sarah 3-7 1914--18 6\' 2" '
    '-- --- — … ... .... a--b *so* **very** _old_ lamp. Lamp, grey Grey GREY. He left. “ ” ‘ ’ " \' | # > - 1. \\" '
    "Mari\u00adanne e\u0301t\u00e9 \u2060— { } ``` ~~~"
).split(" ")
GAPS = [
    " ",
    " ",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\r\n",
    "\r\n\r\n",
    "  \n",
    "\\\n",
    "\n\n\n",
    "\n> ",
    "\n- ",
    "\n# ",
    "\t",
    "\u00a0",
    "\r",
]
TEXTS = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(GAPS)), max_size=25).map(
    lambda pairs: "".join(piece + gap for piece, gap in pairs)
)
FRESH = "Quintilla"
RULES = ("curly-quotes", "straight-quotes", "em-dashes", "en-dash-ranges", "ellipses", "double-spaces")


def _applied(edit: Edit, text: str) -> str:
    """Return the text the edit makes, or skip a text that does not decide."""
    try:
        return apply(edit, {PATH: text}).texts[PATH]
    except Unsure:
        assume(False)
        raise


EDITS: list[Edit] = [
    Rename("Sarah", "Clara"),
    Rename("Sarah", "Agnes"),
    Rename("Sarah Moor", "Clara van Hale"),
    Replace("grey", "gray"),
    Replace("He left.", 'She "came"...'),
    Replace("--", "—"),
    Replace("lamp", "the old lamp"),
    Delete("sentence", "He left."),
    Delete("sentence", "lamp", "contains"),
    Delete("paragraph", "lamp", "contains"),
    Delete("paragraph", "Grey", "begins"),
    Delete("passage", "grey"),
    Delete("passage", "He left. He"),
    Delete("line", "lamp", "contains"),
    Insert("after", "He left.", 'She "came"--late.'),
    Insert("before", "lamp.", "bright,"),
    Insert("after", "lamp", "She came.", paragraph=True, anchor_kind="paragraph", anchor_match="contains"),
    Append('She "came"--late.'),
    Prepend("She came."),
    *(Typography(frozenset({rule})) for rule in RULES),  # type: ignore[arg-type]
    Typography(frozenset({"curly-quotes", "em-dashes", "ellipses", "double-spaces"})),
]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.subject)
@given(
    text=TEXTS,
    anchor=st.sampled_from(["", "He left. ", "It was grey. ", "A lamp burned.\n\n", "lamp. "]),
    bom=st.sampled_from(["", "", "\ufeff"]),
)
def test_what_is_applied_is_proven(edit: Edit, text: str, anchor: str, bom: str) -> None:
    before = {PATH: bom + anchor + text}
    try:
        after = apply(edit, before).texts
    except Unsure:
        return
    assert verify(edit, before, after) == ()


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.subject)
def test_every_edit_of_these_laws_is_made_on_some_text(edit: Edit) -> None:
    text = (
        'Sarah Moor\'s grey hat--"old" -- was gone…  Well... 3-7.\n\nGrey “lamp.”\n\nHe left. He ran.\n\nSarah sat.\n'
    )
    assert apply(edit, {PATH: text}).places


@given(TEXTS)
def test_a_rename_there_and_back_gives_the_original(text: str) -> None:
    there = _applied(Rename("Sarah", FRESH), text)
    assert _applied(Rename(FRESH, "Sarah"), there) == text


@given(TEXTS)
def test_a_rename_leaves_everything_but_the_name(text: str) -> None:
    after = _applied(Rename("Sarah", FRESH), text)
    back = after.replace(FRESH, "Sarah").replace(FRESH.upper(), "SARAH")
    assert back == text


@given(TEXTS)
def test_a_rename_is_done_once(text: str) -> None:
    after = _applied(Rename("Sarah", "Sarah Jane"), text)
    with pytest.raises(Unsure):
        apply(Rename("Sarah", "Sarah Jane"), {PATH: after})


@pytest.mark.parametrize("rule", RULES)
@given(text=TEXTS)
def test_typography_done_twice_is_done_once(rule: str, text: str) -> None:
    edit = Typography(frozenset({rule}))  # type: ignore[arg-type]
    try:
        after = apply(edit, {PATH: text}).texts[PATH]
    except Unsure:
        return
    with pytest.raises(Unsure):
        apply(edit, {PATH: after})


@given(TEXTS)
def test_curling_and_straightening_changes_no_other_character(text: str) -> None:
    after = _applied(Typography(frozenset({"curly-quotes"})), text)
    assert len(after) == len(text)
    assert all(new == old or (old in "\"'" and new in "“”‘’") for old, new in zip(text, after, strict=True))


@given(TEXTS)
def test_a_deletion_takes_out_one_span_and_no_paragraph_is_joined(text: str) -> None:
    before = f"First here.\n\n{text}\n\nHe left. Last here.\n"
    after = _applied(Delete("sentence", "Last here."), before)
    assert after == before[: -len(" Last here.\n")] + "\n"


@given(
    st.lists(st.sampled_from(["One.", "Two two.", "Mr. Moor came.", "“Go!” she said.", "No. 5 is three."]), min_size=3),
    st.data(),
)
def test_a_deleted_sentence_leaves_the_others_one_space_apart(others: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(others)))
    gaps = data.draw(st.lists(st.sampled_from([" ", "\n"]), min_size=len(others), max_size=len(others)))
    sentences = [*others[:at], "The lamp went out.", *others[at:]]
    text = "".join(f"{sentence}{gap}" for sentence, gap in zip(sentences, [*gaps, "\n"], strict=True))
    after = _applied(Delete("sentence", "The lamp went out."), text)
    assert after.split() == " ".join(others).split()
    assert not any(gap in after for gap in ("  ", "\n\n", "\n ", " \n"))
