"""What stands on the page as a figure is counted, and names are claimed only where they are sure."""

import pytest

from bookiter.stages.change import Change, FileChange
from bookiter.stages.documents import Intent, Target
from bookiter.stages.figures import Magnitude, UnitFigures, count
from bookiter.stages.manner import Manner, manner_of
from bookiter.stages.measure import Facts, measure
from bookiter.stages.names import names_of
from bookiter.stages.scope import ScopeProof


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("# A heading\n\n“Hold the rope,” said Sarah. He did not.\n", (8, 3, 2, 5, 3)),
        ('"Go," she said. "Go now."\n', (5, 3, 2, 3, 2)),
        # single marks are quotation marks where there are no others, and apostrophes are none
        ("‘You’re late,’ said Tom’s aunt.\n", (5, 2, 1, 5, 5)),
        ("“He said ‘no’ to me,” she told Mr. Orrin.\n", (9, 5, 1, 9, 9)),
        # speech that goes on in the next paragraph has no closing mark
        ("“First.\n\n“Second,” he said.\n", (4, 2, 2, 3, 1)),
        ("---\ntitle: Ten words that no reader sees\n---\n\nShe left.\n", (2, 0, 1, 2, 2)),
        ("", (0, 0, 0, 0, 0)),
    ],
)
def test_words_spoken_words_sentences_longest_and_shortest_are_counted(text: str, figures: tuple[int, ...]) -> None:
    assert manner_of(text) == Manner(*figures)


def test_names_are_capitals_that_owe_theirs_to_nothing_else() -> None:
    text = (
        "# The Landing\n\nMr. Orrin did not hold the rope. On Monday the Captain asked Sarah, and Sarah said no.\n\n"
        "Then the rope parted. Then Rope was all anybody spoke of. Once he met Clara.\n"
    )
    assert names_of(text) == {"Orrin": 1, "Sarah": 2}


def unit(share: float) -> UnitFigures:
    facts = Facts(1, 1, 1, 1000, 1000, round(share * 1000))
    return UnitFigures("a.md", "prose", 1, "chapter 1", facts, ScopeProof(0, 0, 0, 0, 0, 0), FileChange("a.md", "", ""))


@pytest.mark.parametrize(
    ("share", "said", "borne_out"),
    [
        (0.01, "major", "minor"), (0.01, "minor", "minor"),
        (0.05, "major", "moderate"), (0.05, "moderate", "moderate"), (0.05, "minor", "minor"),
        (0.15, "major", "major"), (0.15, "minor", "minor"),
        (0.40, "minor", "moderate"), (0.40, "major", "major"),
        (0.90, "minor", "major"), (0.90, "moderate", "major"), (1.00, "major", "major"),
    ],
)  # fmt: skip
def test_a_size_is_believed_as_far_as_the_figures_bear_it_out(
    share: float, said: Magnitude, borne_out: Magnitude
) -> None:
    assert unit(share).within(said) == borne_out


@pytest.mark.parametrize(("share", "size"), [(0.0, "minor"), (0.049, "minor"), (0.05, "moderate"), (0.3, "major")])
def test_without_a_word_from_anybody_the_share_is_the_size(share: float, size: str) -> None:
    assert unit(share).magnitude == size
    assert unit(share).within(unit(share).magnitude) == size


def test_the_figures_of_a_change() -> None:
    before = "# One\n\nSarah held the rope, and Sarah said nothing.\n\nIt rained.\n"
    after = "# One\n\nClara held the rope, and Clara said nothing.\n\n“Rain,” she said.\n\nIt rained.\n"
    change = Change.between({"chapters/01.md": before}, {"chapters/01.md": after})
    intent = Intent(
        feedback="rename", intent_type="modify", confidence=1, target_type="chapter", scope="specific", action="rename",
        description="Rename.", editor="model", targets=[Target(level="prose", number=1, path="chapters/01.md")],
    )  # fmt: skip
    found = count(change, measure(change), intent)
    (only,) = found.units
    assert (only.label, only.foundation, found.out_of) == ("chapter 1", False, 0)
    assert only.paragraphs == {"kept": 1, "changed": 1, "added": 1, "lost": 0}
    assert (only.before.spoken, only.after.spoken) == (0, 1)
    assert found.scope.words_outside == 0
    assert (found.came, found.went) == (("Clara",), ("Sarah",))
