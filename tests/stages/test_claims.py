"""A figure of a model's is let through only where the author or the text has it."""

import pytest

from bookiter.stages.claims import Ground, figures

GROUND = Ground(
    "Make chapter 3 darker. Let the bell ring 4 times.",
    "He had fourteen men and 1,200 sheep, and it was 1936. Twenty-two campaigns; half of them wet.",
    chapters=frozenset({3, 5}),
    paths=frozenset({"chapters/chapter-03.md"}),
)


@pytest.mark.parametrize(
    "sentence",
    [
        "The ending is colder now.",
        "Nobody is left but one man.",
        "The first scene comes second.",
        "Chapter 3 opens on a nightmare.",
        "Chapters 3 and 5 now agree.",
        "The bell rings 4 times.",
        "He loses 14 men.",
        "He loses fourteen men and 1200 sheep in 1936.",
        "Twenty-two campaigns pass.",
        "The other half stays dry.",
        "See chapters/chapter-03.md for it.",
    ],
)
def test_what_is_known_passes(sentence: str) -> None:
    assert GROUND.bears(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Three lamps go out one after the other, and seven return.",
        "It grew by 15%.",
        "It grew by 4%.",
        "It is 4 percent longer.",
        "Adds 3 scenes.",
        "Adds 14 new lines.",
        "About 1,200 words were added.",
        "Chapter 7 foreshadows this.",
        "Chapters 3-6 are calmer.",
        "The chapter doubled in length.",
        "A dozen readers would notice.",
        "It is ½ as long.",
        "It rises twenty-three feet.",
        "A two-thirds cut.",
        "Set in 1937.",
        "The share is 0.3 now.",
    ],
)
def test_what_is_not_is_held_back(sentence: str) -> None:
    assert not GROUND.bears(sentence)


def test_figures_are_read_in_digits_and_in_words() -> None:
    assert figures("Three men, 12 words and 5 new pages; one fell, the second rose 2.5 feet, 40% of it") == {
        "3", "12", "12 word", "5", "5 page", "2.5", "40", "40 %",
    }  # fmt: skip
