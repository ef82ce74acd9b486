"""Blank lines that a reply lost or invented, and what they decide."""

import pytest

from bookiter.patch import PatchRefused, apply_patch

TEXT = "First words.\n\nSecond words.\n\n\nThird words.\n"


def _reason(reply: str, text: str = TEXT) -> str:
    with pytest.raises(PatchRefused) as caught:
        apply_patch(text, reply)
    return caught.value.findings[0].reason


def test_a_blank_line_lost_before_an_added_paragraph_is_put_where_it_parts() -> None:
    reply = "@@ @@\n First words.\n+New words.\n+\n Second words.\n"
    assert apply_patch(TEXT, reply).text == TEXT.replace("First words.\n", "First words.\n\nNew words.\n")


def test_a_blank_line_lost_after_an_added_paragraph_is_put_where_it_parts() -> None:
    reply = "@@ @@\n First words.\n+\n+New words.\n Second words.\n"
    assert apply_patch(TEXT, reply).text == TEXT.replace("First words.\n", "First words.\n\nNew words.\n")


def test_a_blank_line_lost_beside_a_lone_added_line_is_not_guessed() -> None:
    assert _reason("@@ @@\n First words.\n+New words.\n Second words.\n") == "contradiction"


def test_blank_rows_without_a_mark_beside_added_ones_are_added_where_the_file_has_too_few() -> None:
    reply = "@@ @@\n First words.\n\n+New words.\n\n Second words.\n"
    assert apply_patch(TEXT, reply).text == TEXT.replace("Second", "New words.\n\nSecond")


def test_blank_rows_with_a_mark_that_the_file_does_not_have_are_not_taken_for_added_ones() -> None:
    assert _reason("@@ @@\n First words.\n \n+New words.\n \n Second words.\n") == "contradiction"


def test_the_counts_of_the_header_tell_a_kept_blank_line_from_an_added_one() -> None:
    rows = "\n Second words.\n+\n+New words.\n\n\n Third words.\n"
    kept = apply_patch(TEXT, "@@ -2,5 +2,7 @@" + "\n" + rows[1:])
    assert kept.text == "First words.\n\nSecond words.\n\nNew words.\n\n\nThird words.\n"


def test_a_removed_paragraph_takes_the_blank_line_that_is_removed_with_it() -> None:
    assert apply_patch(TEXT, "@@ @@\n-First words.\n-\n Second words.\n").text == "Second words.\n\n\nThird words.\n"


def test_blank_lines_lost_around_a_removed_paragraph_stay() -> None:
    reply = "@@ @@\n First words.\n-Second words.\n Third words.\n"
    assert apply_patch(TEXT, reply).text == "First words.\n\n\n\nThird words.\n"


def test_blank_lines_lost_between_two_changed_paragraphs_stay_between_them() -> None:
    reply = "@@ @@\n-First words.\n+1st words.\n-Second words.\n+2nd words.\n Third words.\n"
    assert apply_patch(TEXT, reply).text == "1st words.\n\n2nd words.\n\n\nThird words.\n"


def test_blank_rows_invented_in_context_are_nothing() -> None:
    reply = "@@ @@\n First words.\n \n \n \n-Second words.\n+2nd words.\n"
    assert apply_patch(TEXT, reply).text == TEXT.replace("Second", "2nd")


def test_one_blank_line_of_two_is_removed_when_that_is_asked_for() -> None:
    reply = "@@ @@\n Second words.\n \n-\n Third words.\n"
    assert apply_patch(TEXT, reply).text == TEXT.replace("\n\n\n", "\n\n")


def test_lines_for_the_top_and_the_end_keep_the_blank_lines_there() -> None:
    assert apply_patch(TEXT, "@@ @@\n+# Title\n+\n First words.\n").text == "# Title\n\n" + TEXT
    assert apply_patch(TEXT, "@@ @@\n Third words.\n+\n+The end.\n").text == TEXT + "\nThe end.\n"
