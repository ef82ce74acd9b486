"""Edits from data files: a request, a text, and the text it must become or the question it must raise."""

from pathlib import Path

import pytest

from bookiter.builtin import Edit, Unsure, apply, parse, verify

CASES = sorted((Path(__file__).parents[1] / "data" / "builtin" / "edits").iterdir())
CHANGING = [case for case in CASES if (case / "after.md").exists()]
UNSURE = [case for case in CASES if (case / "unsure.txt").exists()]
PATH = "chapters/chapter-03.md"


def _read(case: Path, name: str) -> str:
    return (case / name).read_bytes().decode("utf-8")


def _case(case: Path) -> tuple[Edit, dict[str, str]]:
    edit = parse(_read(case, "request.txt"))
    assert edit is not None
    return edit, {PATH: _read(case, "before.md")}


def test_there_are_enough_cases_and_each_says_how_it_ends() -> None:
    assert len(CASES) >= 60
    assert sorted([*CHANGING, *UNSURE]) == CASES


@pytest.mark.parametrize("case", CHANGING, ids=lambda case: case.name)
def test_the_edit_gives_exactly_the_expected_text(case: Path) -> None:
    edit, before = _case(case)
    assert apply(edit, before).texts == {PATH: _read(case, "after.md")}


@pytest.mark.parametrize(
    "case", [case for case in CHANGING if (case / "notes.txt").exists()], ids=lambda case: case.name
)
def test_the_author_is_told(case: Path) -> None:
    edit, before = _case(case)
    assert _read(case, "notes.txt").strip() in " ".join(apply(edit, before).notes)


@pytest.mark.parametrize("case", UNSURE, ids=lambda case: case.name)
def test_what_the_text_does_not_decide_is_asked(case: Path) -> None:
    edit, before = _case(case)
    with pytest.raises(Unsure) as refused:
        apply(edit, before)
    assert _read(case, "unsure.txt").strip() in " ".join(refused.value.questions)


@pytest.mark.parametrize("case", CHANGING, ids=lambda case: case.name)
def test_the_expected_text_is_proven(case: Path) -> None:
    edit, before = _case(case)
    assert verify(edit, before, {PATH: _read(case, "after.md")}) == ()


@pytest.mark.parametrize("case", CHANGING, ids=lambda case: case.name)
def test_a_text_tampered_with_anywhere_is_not_proven(case: Path) -> None:
    edit, before = _case(case)
    after = _read(case, "after.md")
    for at in range(len(after) + 1):
        assert verify(edit, before, {PATH: f"{after[:at]}x{after[at:]}"}), f"an x at {at} went unseen"


@pytest.mark.parametrize("case", CHANGING, ids=lambda case: case.name)
def test_a_lost_letter_is_not_proven(case: Path) -> None:
    edit, before = _case(case)
    after = _read(case, "after.md")
    for at in (at for at, char in enumerate(after) if char.isalpha()):
        assert verify(edit, before, {PATH: after[:at] + after[at + 1 :]}), f"the letter at {at} went unseen"


@pytest.mark.parametrize("case", CHANGING, ids=lambda case: case.name)
def test_an_edit_not_made_is_not_proven(case: Path) -> None:
    edit, before = _case(case)
    assert verify(edit, before, before)
