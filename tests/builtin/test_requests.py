"""What the grammar understands, and what it leaves alone."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bookiter import builtin
from bookiter.builtin import Delete, Edit, Rename, Replace, Retitle, Typography, parse
from bookiter.builtin.lexer import readings

DATA = Path(__file__).parents[1] / "data" / "builtin"


def _load(name: str) -> list[Any]:
    loaded: list[Any] = yaml.safe_load((DATA / name).read_text("utf-8"))
    return loaded


UNDERSTOOD = _load("understood.yaml")
ABSTAIN = _load("abstain.yaml")


def _edit(fields: dict[str, Any]) -> Edit:
    rest = {key: value for key, value in fields.items() if key not in {"say", "edit"}}
    if "rules" in rest:
        rest["rules"] = frozenset(rest["rules"])
    edit: Edit = getattr(builtin, fields["edit"])(**rest)
    return edit


@pytest.mark.parametrize("fields", UNDERSTOOD, ids=lambda fields: fields["say"][:60])
def test_a_certain_request_becomes_its_edit(fields: dict[str, Any]) -> None:
    assert parse(fields["say"]) == _edit(fields)


@pytest.mark.parametrize("request_", ABSTAIN, ids=lambda text: repr(text[:60]))
def test_an_uncertain_request_is_left_alone(request_: str) -> None:
    assert parse(request_) is None


def test_the_data_files_hold_enough_and_no_request_twice() -> None:
    said = [fields["say"] for fields in UNDERSTOOD]
    assert len(set(said)) == len(said) >= 80
    assert len(set(ABSTAIN)) == len(ABSTAIN) >= 120
    assert not set(said) & set(ABSTAIN)


WORDS = (
    "not never almost braver darker except unless first second twice sometimes half maybe something dialogue narration "
    "mostly slightly if most some where when because again without sad sadly be more later before after don't"
).split()
PHRASES = [
    "and make it darker",
    "in dialogue",
    "but not",
    "for now",
    "in the morning",
    "if possible",
    "or so",
    "in a way",
]


def _outside_quotes(request_: str) -> list[int]:
    """Return the offsets between words at which no quotation is open."""
    quoted = [
        (token.start, token.end)
        for reading in readings(request_)
        for token in reading.tokens
        if token.quoted is not None
    ]
    gaps = [0, *(at for at, char in enumerate(request_) if char == " "), len(request_)]
    return [at for at in gaps if not any(start < at < end for start, end in quoted)]


@given(data=st.data())
def test_words_added_to_a_certain_request_never_make_it_another_edit(data: st.DataObject) -> None:
    fields = data.draw(st.sampled_from(UNDERSTOOD))
    added = data.draw(st.sampled_from([*WORDS, *PHRASES]))
    at = data.draw(st.sampled_from(_outside_quotes(fields["say"])))
    said = f"{fields['say'][:at]} {added}{fields['say'][at:]}" if at else f"{added} {fields['say']}"
    assert parse(said) in {None, _edit(fields)}


@given(st.text(alphabet="ab AB“”\"'‘’,.?\n3", max_size=60))
def test_any_text_is_parsed_or_left_alone_without_a_fault(text: str) -> None:
    assert parse(text) is None or parse(text) is not None


@given(st.sampled_from(UNDERSTOOD), st.sampled_from(["", " ", "\n", "  \n"]), st.sampled_from(["", "\n", " "]))
def test_space_around_a_request_changes_nothing(fields: dict[str, Any], before: str, after: str) -> None:
    assert parse(f"{before}{fields['say']}{after}") == _edit(fields)


def test_a_megabyte_of_feedback_is_left_alone() -> None:
    assert parse("rename Sarah to Clara " * 50_000) is None


def test_many_quotation_marks_are_left_alone() -> None:
    assert parse("replace 'a" + "' 'b" * 2000 + "' with 'c'") is None
    assert parse("replace " + "'a' " * 2000) is None


def test_a_long_quoted_passage_is_understood() -> None:
    passage = "The lamp burned low, and nobody came to trim it. " * 60
    assert parse(f"delete “{passage.strip()}”") == Delete("passage", passage.strip())


def test_decomposed_letters_in_a_request_are_composed() -> None:
    assert parse("rename Zoe\u0308 to Clara") == Rename("Zoë", "Clara")


def test_declared_levels_name_places_when_the_caller_says_so() -> None:
    assert parse("rename Sarah to Clara in the codex") is None
    assert parse("rename Sarah to Clara in the codex", nouns=["codex"]) == Rename("Sarah", "Clara", where="the codex")


@pytest.mark.parametrize(
    ("edit", "action", "subject"),
    [
        (Rename("Sarah", "Clara"), "rename", "rename Sarah to Clara"),
        (Replace("grey", "gray"), "replace_text", "replace “grey” with “gray”"),
        (
            Delete("sentence", "He left.", "begins"),
            "delete_sentence",
            "delete the sentence that begins with “He left.”",
        ),
        (Delete("passage", "very"), "delete_text", "delete the passage “very”"),
        (Retitle("Home"), "retitle_chapter", "retitle to “Home”"),
        (Typography(frozenset({"curly-quotes"})), "fix_quotes", "make the quotes curly"),
        (Typography(frozenset({"em-dashes", "en-dash-ranges"})), "fix_dashes", None),
        (Typography(frozenset({"ellipses", "double-spaces"})), "fix_typography", None),
    ],
)
def test_an_edit_says_what_it_does(edit: Edit, action: str, subject: str | None) -> None:
    assert edit.action == action
    assert subject is None or edit.subject == subject
    assert edit.description.endswith(".")


def test_a_description_names_the_place() -> None:
    assert Rename("Sarah", "Clara", where="chapter 3").description.endswith("(chapter 3).")


def test_a_long_subject_is_shortened() -> None:
    assert len(Delete("passage", "word " * 100).subject) < 72
