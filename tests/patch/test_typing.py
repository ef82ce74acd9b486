"""Typing that a reply changed on the way: what stays keeps the file's bytes, what is new follows the file's manners."""

import pytest

from bookiter.patch import PatchRefused, apply_patch


def _changed(text: str, old: str, new: str) -> str:
    return apply_patch(text, f"@@ @@\n-{old}\n+{new}\n").text


@pytest.mark.parametrize(
    ("line", "old", "new", "wanted"),
    [
        ("“He said, ‘go.’”", "\"He said, 'go.'\"", "\"He said, 'stay.'\"", "“He said, ‘stay.’”"),
        (
            "“’Tis late,” he said. It’s so.",
            "\"'Tis late,\" he said. It's so.",
            "\"'Tis late,\" she said. It's so, 'twas.",
            "“’Tis late,” she said. It’s so, ’twas.",
        ),
        (
            "“Go,” he said. It’s late.",
            '"Go," he said. It\'s late.',
            "\"Go,\" he said in the '80s. It's late.",
            "“Go,” he said in the ’80s. It’s late.",
        ),
        ("„Komm“, sagte er.", '"Komm", sagte er.', '"Geh", sagte er. "Nein".', "„Geh“, sagte er. „Nein“."),
        ("«Viens», dit-il.", '"Viens", dit-il.', '"Va", dit-elle. "Non".', "«Va», dit-elle. «Non»."),
        ("“Go,” she said.", '"Go," she said.', '"Go," she said—"now"—("soon").', "“Go,” she said—“now”—(“soon”)."),
        ("“Go,” she said.", '"Go," she said.', '"Go," she said: `x="1"`.', '“Go,” she said: `x="1"`.'),
        (
            "“Go,” she said.",
            '"Go," she said.',
            '"Go," she said at https://x.y/?q="a" here.',
            '“Go,” she said at https://x.y/?q="a" here.',
        ),
        (
            "“Go,” she said.",
            '"Go," she said.',
            '"Go," she said in [a "book"](b "t").',
            '“Go,” she said in [a “book”](b "t").',
        ),
        ('“a” and "b" here.', '"a" and "b" here.', '"a" and "b" there, "c".', '“a” and "b" there, "c".'),
        (
            "It was late – very late.",
            "It was late - very late.",
            "It was late - very late - and cold.",
            "It was late – very late – and cold.",
        ),
        (
            "He said — well — no.",
            "He said -- well -- no.",
            "He said -- well -- yes -- no.",
            "He said — well — yes — no.",
        ),
        ("He said—well—no.", "He said -- well -- no.", "He said -- well -- yes -- no.", "He said—well—yes—no."),
        (
            "He waited… and went.",
            "He waited... and went.",
            "He waited... and sat... and went.",
            "He waited… and sat… and went.",
        ),
        ("Ma\u0301rton came in.", "M\u00e1rton came in.", "M\u00e1rtons came in.", "Ma\u0301rtons came in."),
        ("In Ma\u0301rton’s house.", "In M\u00e1rton's house.", "In M\u00e1rta's house.", "In Ma\u0301rta’s house."),
        ("Do\u00adnau came in.", "Donau came in.", "Donaus came in.", "Do\u00adnaus came in."),
        ("“Do\u00adnau” came in.", '"Donau" came in.', '"Donaus" came in.', "“Do\u00adnaus” came in."),
        ("By the Do\u00adnau.", "By the Donau.", "By the Wonau.", "By the Wo\u00adnau."),
        (
            "Come\u00a0in, Mr.\u00a0Lund.",
            "Come in, Mr. Lund.",
            "Come in here, Mr. Lund.",
            "Come\u00a0in here, Mr.\u00a0Lund.",
        ),
        ("Wait\u2060… no.", "Wait... no.", "Wait... yes.", "Wait\u2060… yes."),
    ],
)
def test_new_words_are_typed_as_the_file_is(line: str, old: str, new: str, wanted: str) -> None:
    assert _changed(f"Before it.\n\n{line}\n\nAfter it.\n", old, new) == f"Before it.\n\n{wanted}\n\nAfter it.\n"


@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_a_byte_order_mark_stays_the_first_character(bom: str) -> None:
    text = "\ufeff“One” came.\nTwo.\n"
    assert _changed(text, f'{bom}"One" came.', f'{bom}"One" went.') == "\ufeff“One” went.\nTwo.\n"
    assert _changed(text, f"{bom}“One” came.", f"{bom}“One” went.") == "\ufeff“One” went.\nTwo.\n"
    assert _changed(text, '"One" came.', 'Zero.\n+"One" went.') == "\ufeffZero.\n“One” went.\nTwo.\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_line_added_after_a_last_line_without_ending_leaves_the_new_one_without(newline: str) -> None:
    text = f"“a” b{newline}c d"
    assert apply_patch(text, '@@ @@\n "a" b\n c d\n+e f\n').text == f"{text}{newline}e f"
    assert apply_patch(text, '@@ @@\n "a" b\n-c d\n').text == "“a” b"
    assert apply_patch(text, '@@ @@\n+"x" y\n "a" b\n c d\n').text == f"“x” y{newline}{text}"
    assert apply_patch(text, '@@ @@\n-"a" b\n-c d\n+"x" y\n').text == "“x” y"


SECTIONS = (
    "# East #\n\nAlpha came.\n\n## Inner side\n\nAlpha came.\n\n= North =\n\nAlpha came.\n\n"
    '<h1 class="x">The <i>far</i> West</h1>\n\nAlpha came.\n\n<h2>Last</h2>\n\nAlpha came.\n\n# South\n\nBeta came.\n'
)


@pytest.mark.parametrize(
    ("heading", "place"),
    [("## Inner side", 1), ("Inner side", 1), ("North", 2), ("Last", 4)],
)
def test_a_heading_of_any_kind_limits_a_hunk_to_its_section(heading: str, place: int) -> None:
    parts = SECTIONS.split("Alpha came.")
    wanted = "Alpha came.".join(parts[: place + 1]) + "Omega went." + "Alpha came.".join(parts[place + 1 :])
    assert apply_patch(SECTIONS, f"@@ {heading} @@\n-Alpha came.\n+Omega went.\n").text == wanted


@pytest.mark.parametrize(
    ("heading", "places"), [("East", [3, 7]), ("The far West", [15, 19]), ("Nowhere", [3, 7, 11, 15, 19])]
)
def test_a_section_has_its_inner_ones_and_an_unknown_heading_limits_nothing(heading: str, places: list[int]) -> None:
    with pytest.raises(PatchRefused) as caught:
        apply_patch(SECTIONS, f"@@ {heading} @@\n-Alpha came.\n+Omega went.\n")
    assert list(caught.value.findings[0].places) == places


def test_a_line_that_stands_in_another_section_only_is_not_found() -> None:
    with pytest.raises(PatchRefused) as caught:
        apply_patch(SECTIONS, "@@ # East @@\n-Beta came.\n+Omega went.\n")
    assert caught.value.findings[0].reason == "not_found"


def test_a_line_added_below_a_last_line_that_is_quoted_with_its_marker() -> None:
    reply = "@@ @@\n a b\n c d\n\\ No newline at end of file\n+e f\n"
    assert apply_patch("a b\nc d", reply).text == "a b\nc d\ne f"


def test_all_lines_of_a_file_without_a_last_ending_may_be_removed() -> None:
    assert apply_patch("“a” b", '@@ @@\n-"a" b\n').text == ""
    assert apply_patch("“a” b\nc d", '@@ @@\n-"a" b\n-c d\n').text == ""


def test_spacing_that_is_to_change_is_changed_and_spacing_that_was_misquoted_stays() -> None:
    assert _changed("“One.”  Two.\n", '"One."  Two.', '"One." Two.') == "“One.” Two.\n"
    assert _changed("“One.” Two.\n", '"One."  Two.', '"One."  Three.') == "“One.” Three.\n"
    assert _changed("“One.”\u2009Two.\n", '"One." Two.', '"One." Three.') == "“One.”\u2009Three.\n"


def test_an_indent_that_is_to_change_is_changed_by_as_much_as_the_reply_changes_its_own() -> None:
    assert _changed("    “One” came.\n", '  "One" came.', '      "One" came.') == "        “One” came.\n"
    assert _changed("    “One” came.\n", '  "One" came.', '  "One" went.') == "    “One” went.\n"
    assert _changed("“One” came.\n", '"One" came.', '  "One" came.') == "  “One” came.\n"


def test_a_blank_line_put_above_a_changed_line_is_put_there() -> None:
    text = "Alpha came.\n“One” came.\n"
    assert _changed(text, '"One" came.', '\n+"One" went.') == "Alpha came.\n\n“One” went.\n"
