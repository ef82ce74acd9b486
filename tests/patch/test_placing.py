"""Where one hunk goes: whole lines before parts of lines, one place or none, and one meaning or none."""

import pytest

from bookiter.patch import PatchRefused, apply_patch

TEXT = "Alpha came in early.\n\nBeta came in late.\n\nGamma did not come.\n"


def _applied(reply: str, text: str = TEXT) -> str:
    return apply_patch(text, reply).text


def _reasons(reply: str, text: str = TEXT) -> list[str]:
    with pytest.raises(PatchRefused) as caught:
        apply_patch(text, reply)
    return [finding.reason for finding in caught.value.findings]


def test_tiers_are_told_and_a_blank_line_of_context_leaves_a_place_exact() -> None:
    reply = "@@ @@\n Alpha came in early.\n \n-Beta came in late.\n+Beta came.\n"
    assert [(hunk.tier, hunk.line) for hunk in apply_patch(TEXT, reply).hunks] == [("exact", 1)]


@pytest.mark.parametrize("inside", ["He cried “Stop it now.”", "“Stop it now.” he cried", "“No.” “Stop it now.” “No.”"])
def test_a_whole_line_is_meant_before_the_same_words_inside_another(inside: str) -> None:
    text = f"{inside}\n\n“Stop it now.”\n\n{inside}\n"
    assert _applied('@@ @@\n-"Stop it now."\n+"Go on."\n', text) == f"{inside}\n\n“Go on.”\n\n{inside}\n"


@pytest.mark.parametrize(
    "reply",
    [
        "@@ @@\n-came in late.\n",
        "@@ @@\n-Beta came\n",
        "@@ @@\n \n-came in late.\n \n",
        "@@ @@\n-came\n",
    ],
)
def test_a_part_of_a_line_is_never_removed(reply: str) -> None:
    assert _reasons(reply)[0] in ("not_found", "contradiction", "part_of_line")


PARAGRAPH = "One came in. Two went out. Three slept. Four ate. Five sang.\n"


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        (" Two went out.\n-Three slept.\n+Three woke.\n Four ate.\n", "Three slept>Three woke"),
        (
            " One came in. Two\n-went out. Three slept.\n+left. Three woke.\n Four ate. Five sang.\n",
            "went out. Three slept>left. Three woke",
        ),
        (" Three slept.\n-Four ate.\n+Four drank.\n Five sang.\n", "Four ate>Four drank"),
        (" One came in.\n-Two went out.\n+Two left.\n Three slept.\n", "Two went out>Two left"),
    ],
)
def test_rows_may_be_pieces_of_one_line_of_the_file(rows: str, wanted: str) -> None:
    old, new = wanted.split(">")
    text = f"Before it all.\n\n{PARAGRAPH}\nAfter it all.\n"
    assert _applied("@@ @@\n" + rows, text) == text.replace(old, new)


def test_a_piece_of_a_line_that_is_removed_at_its_edge_is_refused() -> None:
    text = f"Before it all.\n\n{PARAGRAPH}"
    for reply in (
        "@@ @@\n-Two went out.\n+Two.\n+Left.\n Three slept.\n",
        "@@ @@\n Two went out.\n-Three slept.\n+3.\n+Woke.\n",
    ):
        assert _reasons(reply, text)[0] in ("not_found", "contradiction", "part_of_line")


def test_nothing_is_added_in_the_middle_of_a_line() -> None:
    text = f"Before it all.\n\n{PARAGRAPH}\nAfter it all.\n"
    for reply in ("@@ @@\n Four ate.\n+Six fell.\n", "@@ @@\n+Six fell.\n Two went out.\n"):
        assert _reasons(reply, text)[0] in ("not_found", "contradiction")


def _with_lines_left_out(count: int) -> str:
    return "alpha came in early\nbeta came in late\n" + "left out\n" * count + "gamma did not come\ndelta was ill\n"


LEFT_OUT = (
    "@@ @@\n-alpha came in early\n+alpha came\n beta came in late\n-gamma did not come\n+gamma came\n delta was ill\n"
)


def test_changes_with_lines_of_context_left_out_between_them_are_placed_each_by_itself() -> None:
    result = apply_patch(_with_lines_left_out(2), LEFT_OUT)
    assert result.text == _with_lines_left_out(2).replace("alpha came in early", "alpha came").replace(
        "did not come", "came"
    )
    assert [(hunk.tier, hunk.line) for hunk in result.hunks] == [("context", 1)]
    assert _reasons(LEFT_OUT, _with_lines_left_out(40))


def test_how_far_down_two_changes_stand_says_nothing_of_how_far_apart_they_are() -> None:
    preface = "".join(f"line {number} of the preface\n" for number in range(60))
    wanted = _with_lines_left_out(2).replace("alpha came in early", "alpha came").replace("did not come", "came")
    assert _applied(LEFT_OUT, preface + _with_lines_left_out(2)) == preface + wanted


def test_changes_with_a_line_left_out_may_be_typed_straight() -> None:
    text = "“alpha,” she said\n\nbeta came\n\nleft out\n\n“gamma,” he said\n"
    reply = '@@ @@\n-"alpha," she said\n+"alpha," she cried\n \n beta came\n \n-"gamma," he said\n+"gamma," he cried\n'
    assert _applied(reply, text) == text.replace("said", "cried")


def test_changes_in_the_wrong_order_are_not_one_hunk() -> None:
    text = "gamma did not come\ndelta was ill\nleft out\nalpha came in early\nbeta came in late\n"
    assert _reasons(LEFT_OUT, text)


def test_one_of_two_changes_that_stands_twice_is_not_placed() -> None:
    assert _reasons(LEFT_OUT, _with_lines_left_out(2) + "\ngamma did not come\ndelta was ill\n")


SECTIONS = "# East\n\nAlpha came.\n\nBeta came.\n\n# West\n\nAlpha came.\n\nDelta came.\n"


def test_a_heading_beside_numbers_limits_nothing() -> None:
    """git names there the heading above the hunk, which may be that of the section before."""
    assert _applied("@@ -50,1 +50,1 @@ # West\n-Beta came.\n+Beta left.\n", SECTIONS) == SECTIONS.replace(
        "Beta came", "Beta left"
    )
    assert _reasons("@@ # West @@\n-Beta came.\n+Beta left.\n", SECTIONS) == ["not_found"]
    assert _applied("@@ # West @@\n-Alpha came.\n+Alpha left.\n", SECTIONS).count("\nAlpha came.") == 1


def test_a_line_added_at_an_edge_that_is_there_already_is_not_added_again() -> None:
    text = "“Alpha,” she said.\n\n“Beta,” he said.\n\nGamma came.\n"
    assert _reasons('@@ @@\n "Alpha," she said.\n+\n+"Beta," he said.\n', text) == ["already_applied"]
    assert _reasons("@@ @@\n “Alpha,” she said.\n+\n+“Beta,” he said.\n", text) == ["already_applied"]
    assert _reasons("@@ @@\n+“Beta,” he said.\n+\n Gamma came.\n", text) == ["already_applied"]


def test_the_same_words_inside_a_line_elsewhere_are_not_the_line_that_is_to_be_added() -> None:
    text = "Stop.\n\nHe cried: Stop. Go away. Then he left.\n"
    assert _applied("@@ @@\n Stop.\n+Go away.\n", text) == text.replace("Stop.\n", "Stop.\nGo away.\n", 1)


def test_two_words_that_stand_already_are_done_and_one_word_proves_nothing() -> None:
    text = "Stop.\n\nGo away.\n\nBeta came.\n"
    assert _reasons("@@ @@\n-Never mind.\n+Go away.\n", text) == ["already_applied"]
    assert _reasons("@@ @@\n-Never mind.\n+Stop.\n", text) == ["not_found"]


def test_what_is_done_already_is_seen_through_line_numbers() -> None:
    reply = "@@ @@\n 1| Alpha came in early.\n 2| \n-3| Beta came too late.\n+3| Beta came in late.\n"
    assert _reasons(reply) == ["already_applied"]


def test_a_line_without_a_mark_that_is_like_nothing_in_the_text_is_added() -> None:
    reply = "@@ @@\n Alpha came in early.\n \n-Beta came in late.\n+Beta came with\nXerxes, quizzing Zog.\n"
    assert _applied(reply) == TEXT.replace("Beta came in late.", "Beta came with\nXerxes, quizzing Zog.")
    assert _applied(reply.replace("Xerxes, quizzing Zog.", "0123456789 §§§"), TEXT).count("§§§") == 1


def test_a_line_without_a_mark_that_stands_inside_a_long_line_is_not_added() -> None:
    text = (
        TEXT
        + "\nDelta, who had been ill for all of that winter, wrote to the others that he would not come after all.\n"
    )
    reply = "@@ @@\n Alpha came in early.\n \n-Beta came in late.\n+Beta came with\nhad been ill\n"
    assert _reasons(reply, text)[0] in ("not_found", "contradiction")


def test_marks_lost_on_some_lines_and_straight_marks_together_are_one_meaning() -> None:
    text = "“Alpha,” she said.\n\n“Beta,” he said.\n\nGamma came.\n"
    reply = '@@ @@\n "Alpha," she said.\n\n-"Beta," he said.\n+"Delta," he said.\nGamma came.\n'
    assert _applied(reply, text) == text.replace("Beta", "Delta")


def test_lines_that_begin_with_a_blank_of_their_own_and_a_new_one_without() -> None:
    text = " Ring,\n the bell,\n and sing.\n"
    assert _applied("@@ @@\n Ring,\n- the bell,\n+the bells\n and sing.\n", text) == " Ring,\nthe bells\n and sing.\n"


def test_a_line_added_between_lines_that_stand_with_a_blank_of_their_own_is_as_it_is_written() -> None:
    text = " Ring,\n the bell,\n and sing.\n"
    assert _applied("@@ @@\n Ring,\n+and ring\n the bell,\n and sing.\n", text) == text.replace(
        ",\n", ",\nand ring\n", 1
    )


def test_a_line_that_begins_with_dashes_is_not_removed_because_one_was_taken_for_a_mark() -> None:
    text = "Alpha came.\n\n-- “Beta,” he said.\n\n  -- “Gamma,” he said.\n\nDelta came.\n"
    after_beta = '@@ @@\n Alpha came.\n \n-- "Beta," he said.\n+Nothing.\n'
    assert _applied(after_beta, text) == text.replace("he said.\n", "he said.\nNothing.\n", 1)
    after_gamma = '@@ @@\n-- "Gamma," he said.\n+Nothing.\n \n Delta came.\n'
    assert _applied(after_gamma, text) == text.replace("he said.\n\nDelta", "he said.\nNothing.\n\nDelta")


def test_a_line_that_begins_with_dashes_is_changed_when_it_has_its_mark() -> None:
    text = "Alpha came.\n\n-- “Beta,” he said.\n\n- “Gamma,” he said.\n\n  - Delta\n  - Eta\n\nDelta came.\n"
    reply = '@@ @@\n Alpha came.\n \n--- "Beta," he said.\n+-- "Beta," she said.\n'
    assert _applied(reply, text) == text.replace("“Beta,” he", "“Beta,” she")
    lower = text.replace("“Beta,” he", "“beta,” he")
    assert _applied('@@ @@\n Alpha came.\n \n--- "beta," he said.\n', lower) == lower.replace(
        "-- “beta,” he said.\n", ""
    )
    assert _applied('@@ @@\n - "Beta," he said.\n+Nobody spoke.\n', text) == text.replace(
        "he said.\n", "he said.\nNobody spoke.\n", 1
    )
    reply = '@@ @@\n-- "Gamma," he said.\n+- "Gamma," she said.\n'
    assert _applied(reply, text) == text.replace("“Gamma,” he", "“Gamma,” she")
    reply = '@@ @@\n - "Gamma," he said.\n \n-  - Delta\n   - Eta\n'
    assert _applied(reply, text) == text.replace("  - Delta\n", "")


@pytest.mark.parametrize(("ending", "other"), [("\r\n", "\n"), ("\n", "\r\n")])
def test_an_ending_is_changed_where_the_rows_say_so(ending: str, other: str) -> None:
    text = f"Alpha came.{ending}Beta came.{ending}Gamma came.{ending}"
    reply = f"@@ @@\n Alpha came.{ending}-Beta came.{ending}+Beta came.{other} Gamma came.{ending}"
    assert _applied(reply, text) == f"Alpha came.{ending}Beta came.{other}Gamma came.{ending}"


def test_a_newline_at_the_end_is_added_and_removed_without_numbers() -> None:
    marker = "\\ No newline at end of file\n"
    assert (
        _applied(f"@@ @@\n Alpha came.\n-Beta came.\n{marker}+Beta came.\n", "Alpha came.\nBeta came.")
        == "Alpha came.\nBeta came.\n"
    )
    assert (
        _applied(f"@@ @@\n Alpha came.\n-Beta came.\n+Beta came.\n{marker}", "Alpha came.\nBeta came.\n")
        == "Alpha came.\nBeta came."
    )


def test_single_marks_are_curled_as_the_double_ones_were_where_the_file_has_only_curly_ones() -> None:
    reply = '@@ @@\n-"Alpha," she said.\n+"Don\'t," she said.\n'
    assert _applied(reply, "“Alpha,” she said.\n\nIt’s late.\n") == "“Don’t,” she said.\n\nIt’s late.\n"
    for other in ("It's late.", "It’s late, it's so.", "Nothing."):
        assert _applied(reply, f"“Alpha,” she said.\n\n{other}\n") == f"“Don't,” she said.\n\n{other}\n"
