"""What the rows of a hunk may mean: lost marks, talk after the hunk, prefixes, and what each repair is called."""

import re

import pytest

from bookiter.patch import PatchRefused, apply_patch, unified_diff

TEXT = "Alpha came in early.\n\nBeta came in late.\n\nGamma did not come.\n"
WANTED = TEXT.replace("Beta came in late.", "Beta came.")
CHANGE = "-Beta came in late.\n+Beta came.\n"


def _applied(reply: str, text: str = TEXT) -> str:
    return apply_patch(text, reply).text


def _reasons(reply: str, text: str = TEXT) -> list[str]:
    with pytest.raises(PatchRefused) as caught:
        apply_patch(text, reply)
    return [finding.reason for finding in caught.value.findings]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("one one\ntwo two\n", "one one\ntwo 2\n"),
        ("one one\r\ntwo two\r\n", "one one\r\ntwo 2\r\n"),
        ("one one\r\ntwo two\r\n", "one one\r\ntwo two\n"),
        ("one one\rtwo two\rthree three\r", "one one\rtwo 2\rthree three\r"),
        ("one one\rtwo two\nthree three\n", "one one\rtwo 2\nthree three\n"),
        ("one one\rtwo two\r\nthree three\n", "one one\rtwo two\r\nthree 3\n"),
        ("one one\rtwo two\r", "one one\rtwo two"),
        ("one one\ntwo two\r", "one one\ntwo 2\r"),
        ("one one\r\ntwo two", "one one\r\ntwo 2"),
        ("one one\ntwo two", "one one\ntwo two\n"),
        ("one one\ntwo two\n", "one one\ntwo two"),
        ("one one\ntwo two\nthree three\n", "two two\nthree three\n"),
        ("one one\ntwo two\nthree three\n", "one one\ntwo two\n"),
        ("one one\ntwo two\nthree three", "one one\ntwo two"),
    ],
)
def test_an_exact_diff_without_its_numbers_gives_the_same_bytes(old: str, new: str) -> None:
    diff = re.sub(r"^@@.*@@$", "@@ @@", unified_diff("text", old, new), flags=re.MULTILINE)
    assert _applied(diff, old) == new


@pytest.mark.parametrize(
    "marker",
    [
        "\\ No newline at end of file",
        "\\No newline",
        "\\ no newline at end of file",
        "\\ Kein Zeilenumbruch, end of file",
    ],
)
def test_the_marker_of_a_missing_newline_is_read_in_any_form(marker: str) -> None:
    assert _applied(f"@@ @@\n Alpha.\n-Beta.\n{marker}\n+Gamma.\n{marker}\n", "Alpha.\nBeta.") == "Alpha.\nGamma."


@pytest.mark.parametrize(
    "talk",
    [
        "I hope that this is what you had in mind.",
        "- Beta is now shorter\n+ and nothing else is changed",
        "1. Beta is now shorter\n2) nothing else is changed",
        "* Beta is now shorter\n\n- and nothing else is changed",
        "  Beta is now shorter.\n\n\nTell me if I should go on.",
    ],
)
def test_talk_after_a_hunk_whose_counts_are_complete_is_talk(talk: str) -> None:
    assert _applied(f"@@ -40,3 +40,3 @@\n Alpha came in early.\n \n{CHANGE}\n{talk}\n") == WANTED
    assert _applied(f"@@ -40,3 +40,3 @@\n Alpha came in early.\n \n{CHANGE}\n\n{talk}\n") == WANTED


@pytest.mark.parametrize(
    "talk", ["I hope that this is what you had in mind.", "  Beta is now shorter.\n\n\nTell me more."]
)
def test_talk_after_a_line_of_context_needs_no_counts(talk: str) -> None:
    assert _applied(f"@@ @@\n{CHANGE} \n Gamma did not come.\n\n{talk}\n") == WANTED


@pytest.mark.parametrize(
    "reply",
    [
        f"@@ @@\n Alpha came in early.\n \n{CHANGE}\nNobody had asked her to.\n",
        "@@ @@\n Alpha came in early.\n \n-Beta came in late.\n\nNobody had asked her to.\n",
        f"@@ -3,1 +3,3 @@\n{CHANGE}\nNobody had asked her to.\n",
        f"@@ @@\n{CHANGE} \n Gamma did not come.\n\n- Nobody had asked her to.\n",
        f"@@ -3,3 +3,3 @@\n{CHANGE} \n Gamma did not come.\n\n-Nobody had asked her to.\n",
        f"@@ -3,3 +3,3 @@\n{CHANGE} \n Gamma did not come.\n\n+Nobody had asked her to.\n Then it rained.\n",
    ],
)
def test_what_may_be_text_is_never_dropped_as_talk(reply: str) -> None:
    assert _reasons(reply)


ITEMS = "".join(f"- item {name}\n" for name in "one two three four five six".split())


def test_many_rows_of_a_list_may_lack_their_marks_all_together() -> None:
    text = f"Buy this:\n\n{ITEMS}\nAnd come home.\n"
    reply = f"@@ @@\n Buy this:\n \n{ITEMS}\n-And come home.\n+And stay.\n"
    assert _applied(reply, text) == text.replace("come home", "stay")


def test_the_marks_of_a_hunk_with_true_counts_are_marks() -> None:
    text = "- milk today\n\nhoney\n\n milk today\n"
    sound = "@@ -90 +90 @@\n- milk today\n+ cream today\n"
    assert _applied(sound, text) == text.replace("\n milk", "\n cream")
    assert _reasons(sound.replace("-90 +90", "-90,2 +90,2"), text) == ["unclear"]


def test_a_line_without_a_mark_is_only_added_if_another_line_has_its_mark() -> None:
    change = "-Beta came in late.\n+Beta came with\nXerxes, quizzing Zog.\n"
    assert _applied(f"@@ @@\n Alpha came in early.\n \n{change}").count("Xerxes") == 1
    assert _reasons(f"@@ @@\nAlpha came in early.\n\n{change}") == ["not_found"]
    assert _reasons(f"@@ @@\n Alpha came in early.\nXerxes, quizzing Zog.\n \n{CHANGE}") == ["not_found"]


@pytest.mark.parametrize("sign", ["| ", "|", ": ", " | ", "│ ", "→ ", "→", "\t"])
def test_line_numbers_before_all_lines_are_dropped(sign: str) -> None:
    reply = f"@@ @@\n 1{sign}Alpha came in early.\n   2{sign}\n- 3{sign}Beta came in late.\n+ 3{sign}Beta came.\n"
    result = apply_patch(TEXT, reply)
    assert (result.text, result.hunks[0].repairs) == (WANTED, ("line numbers dropped",))


@pytest.mark.parametrize("text", ["Beta came at 9: late.", "Beta 3| came in late."])
def test_a_number_inside_a_line_is_no_line_number(text: str) -> None:
    reply = f"@@ @@\n Alpha came in early.\n \n-{text.replace('came', 'was')}\n+Beta came.\n"
    assert _reasons(reply, TEXT.replace("Beta came in late.", text)) == ["not_found"]


def test_entities_line_feeds_and_line_numbers_together_are_read() -> None:
    text = "“Alpha” & sons.\n\nBeta came in late.\n"
    reply = (
        "@@ @@\n-1| “Alpha” &amp; sons.\\n\\nBeta came in late.\n+1| “Alpha” &amp; daughters.\\n\\nBeta came in late.\n"
    )
    result = apply_patch(text, reply)
    assert result.text == text.replace("sons", "daughters")
    assert set(result.hunks[0].repairs) == {
        "line numbers dropped",
        "HTML entities decoded",
        "written-out line feeds read",
    }


MARKS = ["> ", ">", "> > ", ">> ", "- ", "* ", "+ ", "1. ", "12) ", "\t- ", "-\t", "  > "]


@pytest.mark.parametrize("mark", MARKS)
def test_the_mark_that_all_lines_have_is_kept_where_the_reply_lost_it(mark: str) -> None:
    text = f"Before.\n\n{mark}alpha came in early\n{mark}beta came in late\n\nAfter.\n"
    result = apply_patch(text, "@@ @@\n alpha came in early\n-beta came in late\n+beta came\n")
    assert result.text == text.replace("beta came in late", "beta came")


@pytest.mark.parametrize("mark", ["> ", ">> ", "* ", "1. ", "12) "])
def test_a_mark_that_the_lines_do_not_have_is_not_added(mark: str) -> None:
    text = "Before.\n\nalpha came in early\nbeta came in late\n\nAfter.\n"
    reply = f"@@ @@\n {mark}alpha came in early\n \n-{mark}beta came in late\n+{mark}beta came\n"
    assert _applied(reply, text) == text.replace("beta came in late", "beta came")


def test_marks_of_two_kinds_are_not_restored() -> None:
    text = "> alpha came in early\n- beta came in late\n"
    assert _reasons("@@ @@\n alpha came in early\n-beta came in late\n+beta came\n", text)[0] in (
        "not_found",
        "part_of_line",
    )


def test_a_blank_line_beside_lines_with_a_mark_stays_without() -> None:
    text = "> alpha came in early\n\n> beta came in late\n"
    reply = "@@ @@\n alpha came in early\n \n-beta came in late\n+beta came\n+\n+gamma came\n"
    assert _applied(reply, text) == "> alpha came in early\n\n> beta came\n\n> gamma came\n"


def test_every_repair_has_its_name() -> None:
    bare = apply_patch(TEXT, f"@@ @@\nAlpha came in early.\n\n{CHANGE}")
    assert bare.hunks[0].repairs == ("marks in front of context lines restored",)
    assert apply_patch(TEXT, f"@@ @@\n Alpha came in early.\n \n{CHANGE}").hunks[0].repairs == ()
    added = apply_patch(
        TEXT, "@@ @@\n Alpha came in early.\n \n-Beta came in late.\n+Beta came with\nXerxes, quizzing Zog.\n"
    )
    assert added.hunks[0].repairs[-1] == "marks in front of added lines restored"
    quoted = apply_patch("> alpha came in early\n", "@@ @@\n-alpha came in early\n+omega left\n")
    assert quoted.hunks[0].repairs == ("'>' in front of the lines restored",)
    dropped = apply_patch("alpha came in early\n", "@@ @@\n-> alpha came in early\n+> omega left\n")
    assert dropped.hunks[0].repairs == ("'>' in front of the lines dropped",)
    blank = apply_patch("First words.\nSecond words.\n", "@@ @@\n First words.\n+New words.\n\n Second words.\n")
    assert blank.text == "First words.\nNew words.\n\nSecond words.\n"
    assert blank.hunks[0].repairs == ("marks in front of added blank lines restored",)
