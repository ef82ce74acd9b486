"""Several hunks of one reply: their order, what they owe to each other, and what a refusal says of each."""

import pytest

from bookiter.patch import Finding, PatchRefused, apply_files, apply_patch

LINES = ["Alpha came in early.", "Beta came in late.", "Gamma did not come.", "Delta was ill again.", "Epsilon wrote."]
TEXT = "\n".join(LINES) + "\n"


def _findings(reply: str, text: str = TEXT, path: str = "text") -> list[Finding]:
    with pytest.raises(PatchRefused) as caught:
        apply_patch(text, reply, path=path)
    return list(caught.value.findings)


def _reasons(reply: str, text: str = TEXT) -> list[tuple[int, str]]:
    return [(finding.hunk, finding.reason) for finding in _findings(reply, text)]


def _change(old: str, new: str) -> str:
    return f"@@ @@\n-{old}\n+{new}\n"


TOP = _change(LINES[0], "Alpha came in much earlier than anybody had thought.")
MIDDLE = _change(LINES[2], "Gamma came after all.")


def test_a_hunk_that_quotes_new_lines_is_placed_between_others_that_move_them() -> None:
    second = _change(LINES[1], "Beta came.")
    quoting = "@@ @@\n Gamma came after all.\n-Delta was ill again.\n+Delta was well.\n"
    last = _change(LINES[4], "Epsilon wrote a letter.")
    result = apply_patch(TEXT, quoting + last + MIDDLE + second + TOP)
    assert result.text == (
        "Alpha came in much earlier than anybody had thought.\nBeta came.\nGamma came after all.\nDelta was well.\n"
        "Epsilon wrote a letter.\n"
    )
    assert [(hunk.tier, hunk.line) for hunk in result.hunks] == [
        ("chained", 4),
        ("exact", 5),
        ("exact", 3),
        ("exact", 2),
        ("exact", 1),
    ]


def test_a_hunk_may_quote_below_its_change_what_another_hunk_writes() -> None:
    quoting = "@@ @@\n-Beta came in late.\n+Beta came.\n Gamma came after all.\n"
    result = apply_patch(TEXT, TOP + MIDDLE + quoting)
    assert result.text.split("\n")[1:3] == ["Beta came.", "Gamma came after all."]
    assert (result.hunks[2].tier, result.hunks[2].line) == ("chained", 2)


def test_new_words_are_quoted_with_straight_marks_where_the_file_has_curly_ones() -> None:
    text = "“Come,” said Alpha.\n\nBeta came.\n\nGamma went.\n"
    reply = _change('"Come," said Alpha.', '"Never mind that," she replied.') + (
        '@@ @@\n "Never mind that," she replied.\n \n-Beta came.\n+Beta stayed.\n'
    )
    result = apply_patch(text, reply)
    assert result.text == "“Never mind that,” she replied.\n\nBeta stayed.\n\nGamma went.\n"
    assert [hunk.tier for hunk in result.hunks] == ["folded", "chained"]


def test_new_lines_that_are_misquoted_are_no_context() -> None:
    quoting = "@@ @@\n Gamma came after nothing.\n-Delta was ill again.\n+Delta was well.\n"
    assert _reasons(MIDDLE + quoting) == [(2, "not_found")]
    assert apply_patch(TEXT, MIDDLE + quoting.replace("nothing", "all")).text.split("\n")[3] == "Delta was well."


def test_a_line_that_another_hunk_writes_is_not_changed_again_by_a_sentence_of_it() -> None:
    reply = _change(LINES[2], "Gamma came after all. She sat down.") + _change("She sat down.", "She stood there.")
    assert _reasons(reply) == [(2, "not_found")]


def test_a_blank_line_that_another_hunk_puts_in_may_be_quoted() -> None:
    text = "Alpha came.\n\nBeta came.\n"
    wider = "@@ @@\n Alpha came.\n+\n \n Beta came.\n"
    quoting = "@@ @@\n Alpha came.\n \n \n+Gamma came.\n Beta came.\n"
    assert _reasons(quoting, text) == [(1, "contradiction")]
    assert apply_patch(text, wider + quoting).text == "Alpha came.\n\n\nGamma came.\nBeta came.\n"


def test_a_refrain_that_is_unique_only_after_another_hunk_is_still_one_of_two() -> None:
    text = "Ring the bell.\n\nOne.\n\nRing the bell.\n\nTwo.\n"
    reply = "@@ @@\n-Ring the bell.\n+Ring it.\n \n One.\n" + _change("Ring the bell.", "Ring it twice.")
    assert _reasons(reply, text) == [(2, "several_places")]


def test_a_line_is_removed_by_one_hunk_and_the_next_one_changed_by_another() -> None:
    removed, changed = "@@ @@\n-Alpha came in early.\n", _change(LINES[1], "Beta came.")
    wanted = "Beta came.\n" + "\n".join(LINES[2:]) + "\n"
    assert apply_patch(TEXT, removed + changed).text == wanted
    assert apply_patch(TEXT, changed + removed).text == wanted


def test_two_hunks_that_share_a_line_and_begin_at_different_ones_overlap() -> None:
    wide = "@@ @@\n-Alpha came in early.\n-Beta came in late.\n+Both came.\n"
    assert _reasons(wide + _change(LINES[1], "Beta came.")) == [(2, "overlap")]
    narrow = "@@ @@\n-Alpha came in early.\n-Beta came in late.\n-Gamma did not come.\n+All came.\n"
    assert _reasons(_change(LINES[1], "Beta came.") + narrow) == [(1, "overlap")]


def test_hunks_that_are_done_beside_one_that_is_nowhere_are_not_done() -> None:
    done, nowhere = _change("Beta came in before.", LINES[1]), _change("Omega came in too late.", "Omega stayed away.")
    with pytest.raises(PatchRefused) as caught:
        apply_patch(TEXT, done + nowhere)
    assert caught.value.status == "refused"
    assert [finding.reason for finding in caught.value.findings] == ["already_applied", "not_found"]
    with pytest.raises(PatchRefused) as caught:
        apply_patch(TEXT, done)
    assert caught.value.status == "already_applied"


def test_typing_that_the_file_has_already_is_nothing_to_do() -> None:
    with pytest.raises(PatchRefused) as caught:
        apply_patch("“Come,” said Alpha.\n", _change('"Come," said Alpha.', "“Come,” said Alpha."), path="one.md")
    assert caught.value.status == "already_applied"
    assert [(f.hunk, f.reason, f.path) for f in caught.value.findings] == [(1, "already_applied", "one.md")]


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("One\0.\n", _change("One.", "Two.")),
        ("One\ud800.\n", _change("One.", "Two.")),
        (TEXT, _change("Alpha came in early.", "...")),
        (TEXT, _change("Omega came in too late.", "Omega stayed away.")),
        (TEXT, _change(LINES[0], "One thing.") + _change(LINES[0], "Another.")),
        (TEXT * 2, _change(LINES[0], "One thing.")),
    ],
    ids=["nul", "surrogate", "elided", "nowhere", "overlap", "twice"],
)
def test_every_finding_names_the_file(text: str, reply: str) -> None:
    assert {finding.path for finding in _findings(reply, text, "prose/one.md")} == {"prose/one.md"}


def test_what_was_repaired_is_told_even_if_nothing_changes() -> None:
    assert apply_patch(TEXT, f"@@ @@\n-{LINES[0]}\n+{LINES[0]}\n").repairs == ("hunk header without numbers",)


def test_the_line_that_is_missing_is_looked_for_and_not_those_that_stand() -> None:
    (finding,) = _findings("@@ @@\n Alpha came in early.\n-Beta was in late.\n+Beta came.\n Gamma did not come.\n")
    assert (finding.wanted, finding.nearest, finding.line) == ("Beta was in late.", "Beta came in late.", 2)
    (finding,) = _findings("@@ @@\n \n Omega came in never.\n-Epsilon wrote.\n-Alpha came in early.\n+Nothing.\n")
    assert finding.wanted == "Omega came in never."


def test_a_removed_line_that_is_missing_is_looked_for_before_a_line_of_context() -> None:
    text = "Ännchen kam.\n"
    (finding,) = _findings("@@ @@\n xxxxxx zzzzzzzz\n \n-qqqqqqq wwwww\n+Nothing.\n yyyyyy\n", text)
    assert (finding.wanted, finding.nearest, finding.line, finding.column) == ("qqqqqqq wwwww", "", 0, 0)


def test_lines_that_all_stand_but_not_together_are_shown_where_they_are() -> None:
    (finding,) = _findings("@@ @@\n-Alpha came in early.\n-Delta was ill again.\n+Nothing.\n")
    assert finding.reason == "not_found"
    assert (finding.wanted, finding.nearest, finding.line) == ("Alpha came in early.", "Alpha came in early.", 1)


def test_a_line_that_stands_in_many_places_is_shown_with_the_first_ten_and_nothing_near() -> None:
    (finding,) = _findings(_change("Alpha came in early.", "Never."), TEXT * 15)
    assert (finding.reason, finding.wanted, finding.nearest) == ("several_places", "Alpha came in early.", "")
    assert finding.places == tuple(range(1, 51, 5))


def test_the_file_of_a_part_that_is_refused_in_several_files_is_named() -> None:
    files = {"a.md": TEXT, "b.md": "Ring.\n"}
    reply = f"--- a.md\n+++ a.md\n{_change('Omega came.', 'x')}--- b.md\n+++ b.md\n{_change('Zeta wrote.', 'y')}"
    with pytest.raises(PatchRefused) as caught:
        apply_files(files, reply)
    assert [finding.path for finding in caught.value.findings] == ["a.md", "b.md"]
