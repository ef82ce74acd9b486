"""A reply that quotes one sentence of a longer line: what is a sentence, and what is only a part of a line."""

import pytest

from bookiter.patch import PatchRefused, apply_patch

SAID, WANTED = "Two went out.", "Two were gone."
ABBREVIATIONS = "Mr Mrs Ms Dr St Prof Rev Capt Col Gen Sr Jr vs etc No Vol p pp e.g i.e A".split()


def _reply(said: str = SAID, wanted: str = WANTED) -> str:
    return f"@@ @@\n-{said}\n+{wanted}\n"


def _reasons(text: str, reply: str) -> list[str]:
    with pytest.raises(PatchRefused) as caught:
        apply_patch(text, reply)
    return [finding.reason for finding in caught.value.findings]


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("“", "”"),
        ("‘", "’"),
        ('"', '"'),
        ("'", "'"),
        ("(", ")"),
        ("[", "]"),
        ("«", "»"),
        ("*", "*"),
        ("_", "_"),
        ("**", "**"),
        ("<i>", "</i>"),
        ('<em class="x">“', "”</em>"),
    ],
)
def test_marks_and_markup_around_a_sentence_are_no_part_of_it(opening: str, closing: str) -> None:
    inside = f"One came in. {opening}Two went out.{closing} Three slept.\n"
    assert apply_patch(inside, _reply()).text == inside.replace(SAID, WANTED)
    after = f"{opening}One came in.{closing} Two went out. Three slept.\n"
    assert apply_patch(after, _reply()).text == after.replace(SAID, WANTED)


@pytest.mark.parametrize("mark", [".", "!", "?", "…"])
def test_a_sentence_ends_in_a_mark_of_its_own(mark: str) -> None:
    text = f"One came in{mark} Two went out{mark} Three slept.\n"
    assert apply_patch(text, _reply(f"Two went out{mark}")).text == text.replace(f"Two went out{mark}", WANTED)


@pytest.mark.parametrize(
    "marker", ["- ", "* ", "+ ", "12. ", "3) ", "## ", "###### ", "> ", "> > ", ">> - ", "<li> ", "  ", "<br> "]
)
def test_a_sentence_may_begin_after_the_mark_of_a_line(marker: str) -> None:
    text = f"{marker}Two went out. Three slept.\n"
    assert apply_patch(text, _reply()).text == f"{marker}Two were gone. Three slept.\n"


def test_markup_between_two_sentences_parts_them() -> None:
    text = "<p>One came in.<br> Two went out. Three slept.</p>\n"
    assert apply_patch(text, _reply()).text == text.replace(SAID, WANTED)


@pytest.mark.parametrize("text", ["One came in. Two went out\n", "One came in. <b>Two went out</b>  \n"])
def test_the_last_sentence_of_a_line_needs_no_mark_at_its_end(text: str) -> None:
    assert apply_patch(text, _reply("Two went out", "Two were gone")).text == text.replace("went out", "were gone")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("One came in, Two went out. Three slept.\n", SAID),
        ("One came in: Two went out. Three slept.\n", SAID),
        ("“Go in!” he said. Three slept.\n", "he said."),
        ("One came in.Two went out. Three slept.\n", SAID),
        ("One came in. Two went out to sea. Three slept.\n", "Two went out"),
        ("One came in. Two went out, and so on. Three slept.\n", "Two went out,"),
        ("One came in. Two went out. Three slept. Four ate.\n", "Two went out. Three"),
        ("One came in. “go out.” Three slept.\n", "“go out.”"),
        ("One came in. Visit the shop.de site now. Three slept.\n", "Visit the shop."),
        ("One came in. He met Dr. Lund at noon. Three slept.\n", "He met Dr."),
        ("One of 12. Two went out. Three slept.\n", "12. Two went out."),
    ],
)
def test_a_part_of_a_line_that_is_no_whole_sentence_is_refused_as_such(text: str, said: str) -> None:
    assert _reasons(text, _reply(said)) == ["part_of_line"]


@pytest.mark.parametrize("before", ["", "One came in. ", "One came in (", "“", '"', "'", "‘"])
@pytest.mark.parametrize("short", ABBREVIATIONS)
def test_an_abbreviation_ends_no_sentence(short: str, before: str) -> None:
    assert _reasons(f"{before}{short}. Two went out. Three slept.\n", _reply()) == ["part_of_line"]


@pytest.mark.parametrize("word", ["the BBC", "the casinO", "he slept", "a comrade Ames", "number 3"])
def test_a_word_that_only_ends_like_an_abbreviation_ends_a_sentence(word: str) -> None:
    text = f"One saw {word}. Two went out. Three slept.\n"
    assert apply_patch(text, _reply()).text == text.replace(SAID, WANTED)


def test_an_abbreviation_inside_a_sentence_does_no_harm() -> None:
    text = "One came in. Two saw Mr. Lund. Three slept.\n"
    assert apply_patch(text, _reply("Two saw Mr. Lund.", WANTED)).text == "One came in. Two were gone. Three slept.\n"


def test_one_word_is_too_little_for_a_sentence_and_two_are_enough() -> None:
    text = "He called. Go. She stayed. Go now. They slept.\n"
    assert _reasons("He called. Go. She stayed.\n", _reply("Go.", "Stay.")) == ["not_found"]
    assert apply_patch(text, _reply("Go now.", "Stay.")).text == text.replace("Go now.", "Stay.")


def test_blanks_around_a_quoted_sentence_are_nothing() -> None:
    text = "One came in. Two went out. Three slept.\n"
    assert apply_patch(text, _reply(f"  {SAID} ", f"  {WANTED} ")).text == text.replace(SAID, WANTED)


@pytest.mark.parametrize(
    "rows",
    [
        f"-{SAID}\n",
        f"-{SAID}\n+{WANTED}\n+They never came back.\n",
        f"-{SAID}\n-Three slept.\n+{WANTED}\n",
        f"-{SAID}\n+\n",
        f"+{WANTED}\n-{SAID}\n",
    ],
)
def test_a_sentence_is_replaced_by_one_line_or_not_at_all(rows: str) -> None:
    text = "One came in. Two went out. Three slept. Four ate.\n"
    assert _reasons(text, "@@ @@\n" + rows)[0] in ("not_found", "part_of_line", "contradiction")


def test_a_sentence_that_is_broken_over_two_lines_is_not_taken_for_a_part_of_one() -> None:
    assert _reasons("One came in. Two went\nout. Three slept.\n", _reply()) == ["not_found"]


PAGE = "She waited there.\n\nOne came in. Two went out. Three slept.\n\nIt rained.\n\nFour ate. Five sang. Six fell.\n\nDone.\n"


def test_two_sentences_of_two_paragraphs_are_changed_by_one_hunk() -> None:
    reply = (
        f"@@ @@\n She waited there.\n \n-{SAID}\n+{WANTED}\n \n It rained.\n \n-Five sang.\n+Five cried.\n \n Done.\n"
    )
    assert apply_patch(PAGE, reply).text == PAGE.replace(SAID, WANTED).replace("sang", "cried")


def test_sentences_in_the_wrong_order_are_refused() -> None:
    assert _reasons(PAGE, f"@@ @@\n-Five sang.\n+Five cried.\n-{SAID}\n+{WANTED}\n") == ["not_found"]


@pytest.mark.parametrize(
    "reply",
    [
        f"@@ @@\n It rained.\n-{SAID}\n+{WANTED}\n",
        f"@@ @@\n-{SAID}\n+{WANTED}\n She waited there.\n",
        f"@@ @@\n-{SAID}\n+{WANTED}\n \n It rained.\n \n Done.\n",
        f"@@ @@\n Done.\n She waited there.\n \n-{SAID}\n+{WANTED}\n",
        "@@ @@\n-Five sang.\n+Five cried.\n Done.\n She waited there.\n",
    ],
)
def test_the_lines_around_must_be_those_around_the_line_of_the_sentence(reply: str) -> None:
    assert _reasons(PAGE, reply) == ["not_found"]


def test_a_line_beside_a_sentence_may_have_a_word_misquoted() -> None:
    text = PAGE.replace("She waited there.", "She waited there all day.")
    reply = f"@@ @@\n She waited there all night.\n \n-{SAID}\n+{WANTED}\n"
    assert apply_patch(text, reply).text == text.replace(SAID, WANTED)


def test_a_sentence_that_has_grown_already_is_not_grown_again_whatever_stands_around() -> None:
    text = "She waited there.\n\nOne came in. Two went out. They were gone. Three slept.\n"
    reply = "@@ @@\n She waited there.\n \n-Two went out.\n+Two went out. They were gone.\n"
    assert _reasons(text, reply) == ["already_applied"]


def test_marks_that_are_to_change_but_are_misquoted_are_a_contradiction_in_a_sentence_too() -> None:
    text = "One came in. Two said «go» to three. Four slept.\n"
    reply = _reply('Two said "go" to three.', "Two said “go” to four.")
    assert _reasons(text, reply) == ["contradiction"]


def test_new_words_of_a_sentence_follow_the_files_manners() -> None:
    text = "One came in. “Two,” said he, “don’t go.” Four slept.\n"
    reply = _reply('"Two," said he, "don\'t go."', '"Two," said she, "don\'t \'stay\' here."')
    assert apply_patch(text, reply).text == "One came in. “Two,” said she, “don’t ‘stay’ here.” Four slept.\n"


def test_a_heading_limits_a_sentence_to_its_section_and_numbers_beside_it_do_not() -> None:
    text = f"# East\n\n{PAGE}\n# West\n\nNobody.\n"
    assert _reasons(text, f"@@ West @@\n-{SAID}\n+{WANTED}\n") == ["not_found"]
    assert apply_patch(text, f"@@ East @@\n-{SAID}\n+{WANTED}\n").text == text.replace(SAID, WANTED)
    assert apply_patch(text, f"@@ -50,1 +50,1 @@ West\n-{SAID}\n+{WANTED}\n").text == text.replace(SAID, WANTED)


def test_what_was_placed_by_a_sentence_says_so_and_names_its_line() -> None:
    assert [(hunk.tier, hunk.line) for hunk in apply_patch(PAGE, _reply("Five sang.", "Five cried.")).hunks] == [
        ("sentence", 7)
    ]
