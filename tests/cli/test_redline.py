"""A change is shown word by word, readable on a screen of 80 columns however long the author's lines are."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookiter.cli.redline import redline_file
from bookiter.cli.wrap import Run, wrapped
from bookiter.glyphs import clusters, width
from bookiter.stages.change import Change

PATH = "chapters/chapter-03.md"
LONG = (
    "On Saturdays the yard shut at noon. Thirza washed her hands, put on her interview hat, and caught the twenty past to "
    "Aldersey, where the county kept its papers in what had been the Assembly Rooms. There was a plaster lyre over every "
    "door. Beneath the largest of them, at a table with a green cloth, sat a Miss Iremonger, with a hot-water bottle in her "
    "lap and a card in front of her that said PENCIL ONLY. The books came up from the cellar on a tea trolley. They were tall "
    "and narrow and bound in sugar-bag blue, and the dust on them was a different dust from any at home, soft, with no grit "
    "in it. There was one for each campaign. The railway used to take the beet from the yards to the factory on the yards’ "
    "own weight, and in the tarehouse they drew a pailful from each load and washed it, and weighed it again, and what had "
    "gone down the drain was the dirt. Gross, tare, dirt, net. Thirza had been writing the first column all her grown life. "
    "She had not seen the others before. It was like being shown the rest of a letter of which she had only the address."
)
BEFORE = f"# Tarehouse Books\n\n{LONG}\n\n“Whose?”\n\n* * *\n\nShe went on turning.\n"


def lines(before: str, after: str, *, colour: bool = False, columns: int | None = 80) -> list[str]:
    change = Change.between({PATH: before}, {PATH: after})
    return list(redline_file(change, PATH, colour, columns))


def test_two_small_changes_in_a_paragraph_of_a_thousand_characters_fit_on_a_screen() -> None:
    assert len(LONG) > 1000
    after = BEFORE.replace("a plaster lyre", "a plaster harp").replace("no grit in it", "hardly any grit in it")
    assert lines(BEFORE, after) == [
        "━━━ chapters/chapter-03.md ━━━",
        "Paragraphs: 1 changed.",
        "",
        "Line 3, Tarehouse Books, scene 1",
        "    … kept its papers in what had been the Assembly Rooms. There was a plaster",
        "    [-lyre-]{+harp+} over every door. Beneath the largest of them, at a table",
        "    with a green … and the dust on them was a different dust from any at home,",
        "    soft, with [-no-]{+hardly any+} grit in it. There was one for each campaign.",
        "    The railway used to take …",
    ]


def test_paragraphs_that_come_and_go_are_shown_whole() -> None:
    after = BEFORE.replace("“Whose?”\n\n", "").replace("turning.\n", "turning.\n\nNobody had ever asked for them.\n")
    assert lines(BEFORE, after) == [
        "━━━ chapters/chapter-03.md ━━━",
        "Paragraphs: 1 put in, 1 taken out.",
        "",
        "Line 5, Tarehouse Books, scene 1, taken out",
        "    [-“Whose?”-]",
        "",
        "Line 9, Tarehouse Books, scene 2, put in",
        "    {+Nobody had ever asked for them.+}",
    ]


def test_a_paragraph_written_anew_is_shown_old_then_new() -> None:
    after = BEFORE.replace("She went on turning.", "All night the rain fell into the yard; no wagon came.")
    assert lines(BEFORE, after)[3:] == [
        "Line 9, Tarehouse Books, scene 2, written anew",
        "    [-She went on turning.-]",
        "    {+All night the rain fell into the yard; no wagon came.+}",
    ]


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Miss Iremonger spoke.\n", "Miss\u00a0Iremonger spoke.\n", "    Miss[-␣-]{+·+}Iremonger spoke."),
        ("He said 10 km.\n", "He said 10\u202fkm.\n", "    He said 10[-␣-]{+·+}km."),
        ("two  spaces\n", "two spaces\n", "    two[-␣␣-]{+␣+}spaces"),
        ("a\tcolumn here\n", "a column here\n", "    a[-→-]{+␣+}column here"),
        ("“No,” he said.\n", '"No," he said.\n', '    [-“-]{+"+}No,[-”-]{+"+} he said.'),
        ("No end here.\n", "No end here.", "    No end here.[-⏎-]"),
        ("One.\n\nTwo.\n", "One.\n\n\nTwo.\n", "    One.⏎⏎{+⏎+}"),
        ("One\nline.\n", "One line.\n", "    One[-⏎-]{+␣+}line."),
        ("A soft\u00adhyphen there.\n", "A softhyphen there.\n", "    A [-soft⟨U+00AD⟩hyphen-]{+softhyphen+} there."),
        ("She ate caf\u00e9 cake.\n", "She ate cafe\u0301 cake.\n",
         "    She ate [-cafU+00E9-]{+cafU+0065 U+0301+} cake."),
    ],
)  # fmt: skip
def test_what_is_not_seen_gets_a_sign_where_it_changed(before: str, after: str, shown: str) -> None:
    assert lines(before, after)[-1] == shown


def test_line_ends_that_changed_in_the_whole_file_are_said_once() -> None:
    shown = lines(BEFORE, BEFORE.replace("\n", "\r\n").replace("Whose", "Who"))
    assert "Of the whole file: the line ends: LF → CR LF." in shown
    assert shown[3:] == ["", "Line 5, Tarehouse Books, scene 1, written anew", "    [-“Whose?”-]", "    {+“Who?”+}"]


def test_lines_wrapped_anew_are_counted_and_not_marked_one_by_one() -> None:
    text = "How can I describe my emotions at this sad catastrophe or how delineate the wretch whom I had endeavoured to form?"
    words = text.split()
    before = "\n".join(" ".join(words[at : at + 4]) for at in range(0, len(words), 4)) + "\n"
    after = "\n".join(" ".join(words[at : at + 5]) for at in range(0, len(words), 5)).replace("sad ", "") + "\n"
    shown = " ".join(line.strip() for line in lines(before, after)[4:])
    assert shown.startswith("How can I describe my emotions at this [-sad -]catastrophe or how delineate")
    assert re.search(r"to form\? \(\d line ends moved\)$", shown)
    assert "⏎" not in shown


def test_a_verse_put_in_keeps_its_lines() -> None:
    shown = lines("Before.\n", "Before.\n\nTide goes out\nand comes in,\nnobody asks.\n")
    assert shown[-3:] == ["    {+Tide goes out", "    and comes in,", "    nobody asks.+}"]


def test_colours_stand_for_marks_and_are_closed_on_every_line() -> None:
    shown = lines(
        BEFORE, BEFORE.replace("plaster lyre", "plaster harp").replace("turning", "reading " * 30), colour=True
    )
    text = "\n".join(shown)
    assert "\x1b[9;31mlyre\x1b[0m\x1b[32mharp\x1b[0m" in text
    assert "[-" not in text
    assert all(line.count("\x1b[") == 2 * line.count("\x1b[0m") for line in shown)


def test_wide_letters_and_letters_with_accents_are_not_torn_apart() -> None:
    before = (
        "彼女は静かに本を閉じて、窓の外の雨を見ていた。鐘が二度鳴り、渡し船の綱が水に落ちた。誰も何も言わなかった。\n"
    )
    shown = lines(before, before.replace("鐘が二度", "鐘が一度"), columns=40)
    body = [line.removeprefix("    ") for line in shown[4:]]
    assert (
        "".join(body)
        == "彼女は静かに本を閉じて、窓の外の雨を見ていた。鐘が[-二-]{+一+}度鳴り、渡し船の綱が水に落ちた。誰も何も言わなかった。"
    )
    assert all(width(line) <= 40 for line in shown)
    assert not any(line.startswith(("、", "。", "-]")) for line in body)
    accents = unicodedata.normalize("NFD", "é" * 90)
    assert [unicodedata.normalize("NFC", line) for line in wrapped([Run(accents)], 40)] == [
        "é" * 40,
        "é" * 40,
        "é" * 10,
    ]


def test_a_manuscript_cannot_paint() -> None:
    shown = "\n".join(lines("He left.\n", "He \x1b[32mleft\x1b[0m. \x1b[2JAll is well.\n", colour=True))
    assert "\x1b[2J" not in shown
    assert "\x1b[32mleft" not in shown


def test_without_a_width_no_line_is_broken() -> None:
    shown = lines(BEFORE, BEFORE.replace(LONG, ""), columns=None)
    assert shown[-1] == f"    [-{LONG}-]"


def test_a_diff_alone_is_shown_by_what_it_has() -> None:
    after = BEFORE.replace("plaster lyre", "plaster harp").replace("“Whose?”", "“Who?”")
    diff = Change.between({PATH: BEFORE, "b.md": "a\n"}, {PATH: after, "b.md": "b\n"}).diff()
    shown = list(redline_file(diff, PATH, False, 80))
    assert shown == lines(BEFORE, after)


_TEXTS = st.text(alphabet="ab .,“”é\u0301\u00a0\n\r\t猫犬\u200d👩🇩🇪#", max_size=80)


@given(_TEXTS, _TEXTS, st.sampled_from([10, 40, None]))
def test_any_change_is_shown_within_the_width(before: str, after: str, columns: int | None) -> None:
    if before == after:
        return
    shown = lines(before, after, columns=columns)
    assert len(shown) > 2
    body = [line for line in shown[2:] if line.startswith("    ")]
    if columns:
        assert all(width(line) <= max(columns, 4 + max(map(width, clusters(line)), default=0)) for line in body)


@given(st.text(alphabet="ab 猫犬é\u0301👩\u200d", max_size=60), st.integers(2, 20))
def test_wrapping_loses_nothing_but_spaces(text: str, columns: int) -> None:
    wrapped_lines = list(wrapped([Run(text)], columns))
    assert "".join(wrapped_lines).replace(" ", "") == text.replace(" ", "")
