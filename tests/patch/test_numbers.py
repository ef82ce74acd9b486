"""Line numbers break a tie only when every number and every count of the diff is true."""

import pytest

from bookiter.patch import PatchRefused, apply_patch

REFRAIN = "Ring the bell.\n\nOne.\n\nRing the bell.\n\nTwo.\n\nRing the bell.\n\nThree.\n"


def _reasons(reply: str, text: str = REFRAIN) -> list[str]:
    with pytest.raises(PatchRefused) as caught:
        apply_patch(text, reply)
    return [finding.reason for finding in caught.value.findings]


def test_true_numbers_decide_between_equal_lines() -> None:
    result = apply_patch(REFRAIN, "@@ -5 +5 @@\n-Ring the bell.\n+Ring it twice.\n")
    assert result.text == REFRAIN.replace("One.\n\nRing the bell.", "One.\n\nRing it twice.")
    assert [(hunk.tier, hunk.line) for hunk in result.hunks] == [("numbered", 5)]


@pytest.mark.parametrize(
    "header",
    [
        "@@ -4 +4 @@",
        "@@ -5,2 +5 @@",
        "@@ -5 +5,2 @@",
        "@@ -5 +6 @@",
        "@@ -6 +5 @@",
        "@@ -500 +500 @@",
        "@@ ... @@",
        "@@",
    ],
)
def test_one_number_that_is_not_true_decides_nothing(header: str) -> None:
    assert _reasons(f"{header}\n-Ring the bell.\n+Ring it twice.\n") == ["several_places"]


def test_the_numbers_of_a_later_hunk_must_agree_with_what_the_earlier_ones_add() -> None:
    first = "@@ -1 +1,2 @@\n-Ring the bell.\n+Ring the bell\n+again.\n"
    true = apply_patch(REFRAIN, first + "@@ -5 +6 @@\n-Ring the bell.\n+Ring it twice.\n")
    assert true.text == "Ring the bell\nagain.\n\nOne.\n\nRing it twice.\n\nTwo.\n\nRing the bell.\n\nThree.\n"
    assert set(_reasons(first + "@@ -5 +5 @@\n-Ring the bell.\n+Ring it twice.\n")) == {"several_places"}


def test_numbers_of_hunks_out_of_order_decide_nothing() -> None:
    second, first = "@@ -5 +5 @@\n-Ring the bell.\n+B.\n", "@@ -1 +1 @@\n-Ring the bell.\n+A.\n"
    assert apply_patch(REFRAIN, first + second).text.startswith("A.\n\nOne.\n\nB.\n")
    assert set(_reasons(second + first)) == {"several_places"}


def test_numbers_alone_are_no_anchor_for_an_insertion() -> None:
    assert _reasons("@@ -4,0 +5 @@\n+New.\n") == ["no_anchor"]


def test_a_blank_line_with_true_numbers_is_no_anchor_for_an_insertion() -> None:
    assert _reasons("@@ -4 +4,2 @@\n \n+New.\n") == ["no_anchor"]


def test_a_line_with_true_numbers_but_open_below_is_one_place_among_several() -> None:
    assert _reasons("@@ -5 +5,2 @@\n Ring the bell.\n+Again.\n") == ["several_places"]


def test_numbers_are_read_the_other_way_round_when_a_diff_is_undone() -> None:
    changed = REFRAIN.replace("One.\n\nRing the bell.", "One.\n\nRing it twice.")
    reply = "@@ -5 +5 @@\n-Ring the bell.\n+Ring it twice.\n"
    assert apply_patch(changed, reply, reverse=True).text == REFRAIN
    assert apply_patch("x\n" * 9, "@@ -5,0 +5 @@\n x\n", reverse=True).text == "x\n" * 9


def test_two_hunks_on_neighbouring_lines_are_both_applied() -> None:
    result = apply_patch("a b\nc d\n", "@@ @@\n-a b\n+A B\n@@ @@\n-c d\n+C D\n")
    assert result.text == "A B\nC D\n"


def test_a_change_with_context_on_one_side_only_and_a_refrain_on_the_other_is_held_by_what_it_removes() -> None:
    result = apply_patch(REFRAIN, "@@ -4,2 +4,2 @@\n \n-Ring the bell.\n+Ring it twice.\n")
    assert result.text == REFRAIN.replace("One.\n\nRing the bell.", "One.\n\nRing it twice.")


def test_an_overlap_names_both_hunks() -> None:
    with pytest.raises(PatchRefused) as caught:
        apply_patch("a b\nc d\n", "@@ @@\n-a b\n+A B\n@@ @@\n-c d\n+C D\n@@ @@\n-c d\n+E F\n")
    assert [(finding.hunk, finding.reason) for finding in caught.value.findings] == [(3, "overlap")]
    assert "hunk 2" in caught.value.message
