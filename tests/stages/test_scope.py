"""The proof of scope: words and paragraphs, counted."""

import time

from bookiter.stages.change import Change, FileChange
from bookiter.stages.check import ScopeProof, prove_scope
from bookiter.stages.documents import Intent, Target
from bookiter.stages.pairing import longest_rise, pair

INSIDE, OUTSIDE = "chapters/chapter-03.md", "chapters/chapter-01.md"
PARTS = [
    f"The {nth} keeper of the light wrote {nth} lines and crossed {nth} of them out."
    for nth in ("first", "second", "third", "fourth", "fifth", "sixth")
]


def text(*parts: str) -> str:
    return "# Title\n\n" + "\n\n* * *\n\n".join(["\n\n".join(parts[:2]), "\n\n".join(parts[2:])]) + "\n"


def proof(after: str, before: str = text(*PARTS), *others: FileChange, number: int | None = 3) -> ScopeProof:
    intent = Intent(
        feedback="x",
        intent_type="modify",
        confidence=1,
        target_type="chapter",
        scope="specific",
        action="x",
        description="x",
        editor="model",
        targets=[Target(level="prose", number=number, path=INSIDE)],
    )
    return prove_scope(intent, Change((FileChange(INSIDE, before, after), *others)))


def figures(found: ScopeProof) -> tuple[int, int, int, int]:
    return found.paragraphs_kept, found.paragraphs_changed, found.paragraphs_added, found.paragraphs_lost


def test_one_changed_paragraph_is_counted_with_its_words() -> None:
    found = proof(text(PARTS[0].replace("crossed", "struck"), *PARTS[1:]))
    assert figures(found) == (5, 1, 0, 0)
    assert (found.words_inside, found.words_outside) == (1, 0)
    assert found.line() == (
        "1 word changed inside chapter 3, none outside; paragraphs: 5 kept, 1 changed, 0 added, 0 lost"
    )


def test_words_outside_the_target_are_counted_apart() -> None:
    found = proof(text(*PARTS[:-1]), text(*PARTS), FileChange(OUTSIDE, "One two three.\n", "One two four five.\n"))
    assert found.words_outside == 2
    assert "2 outside" in found.line()
    assert found.as_json() == {
        "words_inside": 15,
        "words_outside": 2,
        "paragraphs_kept": 5,
        "paragraphs_changed": 1,
        "paragraphs_added": 0,
        "paragraphs_lost": 1,
    }


def test_a_moved_paragraph_is_kept_and_not_lost() -> None:
    assert figures(proof(text(*PARTS[1:], PARTS[0]))) == (6, 0, 0, 0)


def test_a_moved_and_changed_paragraph_is_changed() -> None:
    assert figures(proof(text(*PARTS[1:], PARTS[0].replace("crossed", "struck")))) == (5, 1, 0, 0)


def test_added_and_lost_paragraphs_are_told_from_changed_ones() -> None:
    assert figures(proof(text(*PARTS, "Nobody came."))) == (6, 0, 1, 0)
    assert figures(proof(text(*PARTS[:-1]))) == (5, 0, 0, 1)
    assert figures(proof(text(*PARTS[:2], "Nobody came, and the pen was dry.", *PARTS[3:]))) == (5, 1, 0, 0)


def test_joined_and_split_paragraphs_are_neither_lost_nor_added() -> None:
    joined = text(PARTS[0] + " " + PARTS[1], *PARTS[2:])
    assert figures(proof(joined)) == (4, 2, 0, 0)
    assert figures(proof(text(*PARTS), joined)) == (4, 1, 0, 0)


def test_a_text_of_one_paragraph_a_line_is_counted_by_lines() -> None:
    lines = [" ".join([part] * 3) for part in PARTS]
    assert figures(proof("\n".join(lines[:-1]) + "\n", "\n".join(lines) + "\n")) == (5, 0, 0, 1)


def test_a_target_without_a_number_is_called_by_its_level() -> None:
    assert "inside prose," in proof(text(*PARTS[:-1]), number=None).line()


def test_the_longest_rise_leaves_out_what_was_moved() -> None:
    numbers = [1, 2, 9, 3, 4, 0, 5]
    assert [numbers[at] for at in longest_rise(numbers)] == [1, 2, 3, 4, 5]
    assert longest_rise([]) == []


def test_a_long_text_written_anew_is_paired_in_time() -> None:
    def paragraph(at: int, other: str) -> str:
        return (
            f"The keeper number {at} came in the year {at * 7} with {at % 13} lamps and a {other} of salt, and stayed."
        )

    before = "\n\n".join(paragraph(at, "bag") for at in range(2000))
    after = "\n\n".join(paragraph(at, "box") for at in range(2000))
    began = time.perf_counter()
    found = pair(before, after)
    assert time.perf_counter() - began < 8
    assert len(found.changed) == 2000
