"""What a diff with true numbers decides by them alone, and how much it must quote for that."""

import pytest

from bookiter.patch import PatchRefused, apply_patch

BELLS = "Ring.\n\nRing.\n\nRing.\n\nRing.\n"
BLANK = "\n" * 9


def _lines(reply: str, text: str = BELLS, *, reverse: bool = False) -> list[str]:
    result = apply_patch(text, reply, reverse=reverse)
    assert {hunk.tier for hunk in result.hunks} == {"numbered"}
    return result.text.split("\n")


def _reasons(reply: str, text: str = BELLS) -> set[str]:
    with pytest.raises(PatchRefused) as caught:
        apply_patch(text, reply)
    return {finding.reason for finding in caught.value.findings}


def test_a_removed_line_is_an_anchor_on_its_own_side() -> None:
    both = "@@ -3,3 +3,3 @@\n-Ring.\n+A.\n \n-Ring.\n+B.\n"
    assert _lines(both) == ["Ring.", "", "A.", "", "B.", "", "Ring.", ""]
    assert _reasons("@@ -3,3 +3,4 @@\n-Ring.\n+A.\n \n Ring.\n+New.\n") == {"several_places"}
    assert _reasons("@@ -3,3 +3,4 @@\n+New.\n Ring.\n \n-Ring.\n+A.\n") == {"several_places"}


def test_context_on_the_open_side_closes_it() -> None:
    assert _lines("@@ -3,4 +3,5 @@\n-Ring.\n+A.\n \n Ring.\n+New.\n \n")[2:6] == ["A.", "", "Ring.", "New."]
    assert _lines("@@ -2,4 +2,5 @@\n \n+New.\n Ring.\n \n-Ring.\n+A.\n")[1:6] == ["", "New.", "Ring.", "", "A."]
    assert _lines("@@ -2,3 +2,4 @@\n \n Ring.\n+New.\n \n")[1:5] == ["", "Ring.", "New.", ""]


@pytest.mark.parametrize("reply", ["@@ -5 +5,2 @@\n Ring.\n+New.\n", "@@ -5 +5,2 @@\n+New.\n Ring.\n"])
def test_an_addition_that_is_open_on_one_side_has_no_place(reply: str) -> None:
    assert _reasons(reply) == {"several_places"}


def test_the_top_and_the_end_of_the_file_are_anchors() -> None:
    assert _lines("@@ -1,2 +1,3 @@\n+New.\n Ring.\n \n")[:3] == ["New.", "Ring.", ""]
    assert _lines("@@ -6,2 +6,3 @@\n \n Ring.\n+New.\n")[5:] == ["", "Ring.", "New.", ""]
    assert _reasons("@@ -2,2 +2,3 @@\n \n Ring.\n+New.\n") == {"several_places"}


@pytest.mark.parametrize(
    ("header", "above", "below"),
    [("-3,6 +3,7", 3, 3), ("-1,4 +1,5", 1, 3), ("-1,3 +1,4", 0, 3), ("-6,4 +6,5", 3, 1), ("-7,3 +7,4", 3, 0)],
)
def test_three_lines_of_context_or_the_edge_of_the_file_place_even_between_blank_lines(
    header: str, above: int, below: int
) -> None:
    reply = f"@@ {header} @@\n" + " \n" * above + "+New.\n" + " \n" * below
    first = int(header[1:].split(",", maxsplit=1)[0]) - 1
    assert _lines(reply, BLANK).index("New.") == first + above


@pytest.mark.parametrize(
    ("header", "above", "below"),
    [("-3,5 +3,6", 3, 2), ("-3,5 +3,6", 2, 3), ("-3,4 +3,5", 2, 2), ("-1,3 +1,4", 1, 2), ("-7,3 +7,4", 2, 1)],
)
def test_fewer_blank_lines_place_nothing(header: str, above: int, below: int) -> None:
    assert _reasons(f"@@ {header} @@\n" + " \n" * above + "+New.\n" + " \n" * below, BLANK) == {"no_anchor"}


@pytest.mark.parametrize("reply", ["@@ -2 +1,0 @@\n-\n", "@@ -2 +2 @@\n-\n+New words.\n"])
def test_a_removed_blank_line_is_no_anchor(reply: str) -> None:
    assert _reasons(reply) == {"no_anchor"}


def test_lines_are_removed_where_the_numbers_say() -> None:
    assert _lines("@@ -3,2 +2,0 @@\n-Ring.\n-\n@@ -7 +5 @@\n-Ring.\n+Last.\n") == [
        "Ring.",
        "",
        "Ring.",
        "",
        "Last.",
        "",
    ]


def test_two_hunks_at_one_line_are_not_placed_by_their_numbers() -> None:
    assert _reasons("@@ -3 +3 @@\n-Ring.\n+A.\n@@ -3 +3 @@\n-Ring.\n+B.\n") == {"several_places"}


def test_a_diff_is_undone_where_its_numbers_say() -> None:
    assert _lines("@@ -3 +3 @@\n-Rang.\n+Ring.\n", reverse=True)[:5] == ["Ring.", "", "Rang.", "", "Ring."]
    assert (
        _lines("@@ -3,4 +3,2 @@\n-A.\n-B.\n Ring.\n \n", reverse=False, text="x\n\nA.\nB.\n" + BELLS[:7])[2] == "Ring."
    )


def test_a_last_line_without_its_ending_is_written_as_the_last_one_only() -> None:
    marker = "\\ No newline at end of file\n"
    text = "Ring.\nRing."
    assert _lines(f"@@ -2 +2 @@\n-Ring.\n{marker}+Rang.\n{marker}", text) == ["Ring.", "Rang."]
    assert _lines(f"@@ -2 +2 @@\n-Ring.\n{marker}+Rang.\n", text) == ["Ring.", "Rang.", ""]
    assert _lines(f"@@ -2 +2 @@\n-Ring.\n{marker}{marker}+Rang.\n", text) == ["Ring.", "Rang.", ""]
    assert _reasons(f"@@ -1 +1 @@\n-Ring.\n+Rang.\n{marker}", "Ring.\nRing.\nRing.\n") == {"several_places"}


def test_a_marker_before_all_rows_is_no_reason_to_fail() -> None:
    assert _reasons("@@ -1 +1 @@\n\\ No newline at end of file\n-Ring.\n+Rang.\n") <= {"several_places", "not_found"}


def test_numbers_before_the_first_line_are_not_true() -> None:
    assert _reasons("@@ -0,1 +0,1 @@\n-Ring.\n+Rang.\n") == {"several_places"}
