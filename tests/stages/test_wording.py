"""Two wordings are marked up by phrases: nothing is lost, and nobody has to read crumbs."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookiter.stages.wording import Delta, compared, marked_up, pieces


def shown(before: str, after: str) -> str:
    return "".join(
        delta.kept
        or (f"[-{delta.removed}-]" if delta.removed else "") + (f"{{+{delta.added}+}}" if delta.added else "")
        for delta in marked_up(before, after)
    )


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        # one word for another
        ("She turned the pages with a spoon.", "She turned the pages with a knife.",
         "She turned the pages with a [-spoon-]{+knife+}."),
        # what is put in ends with its space
        ("the house stood there", "the old house stood there", "the {+old +}house stood there"),
        ("the old house stood there", "the house stood there", "the [-old -]house stood there"),
        # a short word between two changed ones goes with them
        ("He was cold and tired that night in March.", "He was warm and rested that night in March.",
         "He was [-cold and tired-]{+warm and rested+} that night in March."),
        # a long one does not
        ("The librarian smiled at her across the room.", "A librarian frowned at her across the room.",
         "[-The-]{+A+} librarian [-smiled-]{+frowned+} at her across the room."),
        # marks alone are not merged over the word between them
        ('"Yes, indeed," she said.', "“Yes, indeed,” she said.", '[-"-]{+“+}Yes, indeed,[-"-]{+”+} she said.'),
        # a sentence added to a paragraph is no rewriting of it
        ("It rained.", "It rained. All night long the gutters ran over, and nobody in the house slept at all.",
         "It rained.{+ All night long the gutters ran over, and nobody in the house slept at all.+}"),
        # less than two fifths of the words stay: the old wording, then the new one
        ("Marcus woke as the first rays of sunlight streamed through the window.",
         "Marcus lay in the dark, heart pounding, while the faces of the drowned went by.",
         "[-Marcus woke as the first rays of sunlight streamed through the window.-]"
         "{+Marcus lay in the dark, heart pounding, while the faces of the drowned went by.+}"),
        # a no-break space for a space is a change
        ("Mr. Orrin left.", "Mr.\u00a0Orrin left.", "Mr.[- -]{+\u00a0+}Orrin left."),
        # scripts without spaces go character by character
        ("彼女は静かに本を閉じて、窓の外の雨を見た。", "彼女は静かに扉を閉じて、窓の外の雨を見た。",
         "彼女は静かに[-本-]{+扉+}を閉じて、窓の外の雨を見た。"),
        ("", "New.", "{+New.+}"),
        ("Same.", "Same.", "Same."),
    ],
)  # fmt: skip
def test_a_wording_is_marked_up_as_an_editor_would(before: str, after: str, marked: str) -> None:
    assert shown(before, after) == marked


def test_letters_stay_with_their_accents() -> None:
    decomposed = unicodedata.normalize("NFD", "café crème naïve")
    assert pieces(decomposed) == [*(unicodedata.normalize("NFD", "café crème naïve"[a:b])
                                    for a, b in ((0, 4), (4, 5), (5, 10), (10, 11), (11, 16)))]  # fmt: skip
    family = "👩\u200d👧 🇩🇪🇩🇰"
    assert pieces(family) == ["👩\u200d👧", " ", "🇩🇪", "🇩🇰"]


def test_of_two_huge_wordings_the_whole_is_changed() -> None:
    before, after = "one two " * 15_000, "three four " * 15_000
    assert compared(before, after) == [Delta(removed=before, added=after)]


_TEXTS = st.text(alphabet="ab c.,“”é\u0301\u00a0\n\r猫犬\u200d👩", max_size=60)


@given(_TEXTS, _TEXTS)
def test_both_wordings_can_be_read_from_the_mark_up(before: str, after: str) -> None:
    found = marked_up(before, after)
    assert "".join(delta.kept + delta.removed for delta in found) == before
    assert "".join(delta.kept + delta.added for delta in found) == after
    assert all(delta.kept or delta.removed != delta.added for delta in found)
    assert not any(one.kept and other.kept for one, other in pairwise(found))
