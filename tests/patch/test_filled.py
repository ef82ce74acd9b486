"""Dots in the middle of a quoted line: filled in from the file where both ends name one span, else refused."""

import pytest

from bookiter.patch import Applied, PatchRefused, apply_patch

LINE = (
    "He carried the basket up the path behind the house, past the empty kennel and the pear tree that had never borne, "
    "and set it on the step without a word to anyone."
)
TEXT = f"# Weir\n\n“Thirty-nine,” she told the boy.\n\n{LINE}\n\nNobody answered him.\n"
HEAD, TAIL = "He carried the basket up the path", "without a word to anyone."


def _reply(removed: str, added: str) -> str:
    return f"@@ @@\n-{removed}\n+{added}\n"


def _applied(text: str, reply: str) -> Applied | None:
    try:
        return apply_patch(text, reply)
    except PatchRefused:
        return None


def _filled(text: str, removed: str, added: str) -> str | None:
    """The text after a change that was placed by this tier; None for a refusal."""
    done = _applied(text, _reply(removed, added))
    assert done is None or done.hunks[0].tier == "filled"
    return done.text if done else None


def test_a_filled_line_says_by_which_tier_it_was_placed() -> None:
    done = apply_patch(TEXT, _reply(f"{HEAD} ... {TAIL}", f"She had {HEAD[3:]} ... {TAIL}"))
    assert done.text == TEXT.replace("He carried", "She had carried")
    assert (done.hunks[0].tier, done.hunks[0].line) == ("filled", 5)
    assert done.hunks[0].repairs == ("text left out with dots kept as the file has it",)


def test_a_filled_change_can_be_taken_back() -> None:
    reply = _reply(f"{HEAD} ... {TAIL}", f"She had {HEAD[3:]} ... {TAIL}")
    assert apply_patch(apply_patch(TEXT, reply).text, reply, reverse=True).text == TEXT


@pytest.mark.parametrize("dots", ["...", "…", " . . . ", "....", "[...]", "(…)", "(unchanged)", "[… rest unchanged …]"])
def test_dots_may_be_written_in_several_ways(dots: str) -> None:
    wanted = TEXT.replace("He carried", "He took")
    assert _filled(TEXT, f"{HEAD} {dots} {TAIL}", f"{HEAD.replace('carried', 'took')} {dots} {TAIL}") == wanted
    assert _filled(TEXT, f"{HEAD}{dots}{TAIL}", f"{HEAD.replace('carried', 'took')}{dots}{TAIL}") == wanted


def test_dots_that_the_file_has_are_read_as_they_stand() -> None:
    line = f"{HEAD} ... {TAIL}"
    text = TEXT.replace("Nobody answered him.", line)
    done = apply_patch(text, _reply(line, line.replace("word", "look")))
    assert done.hunks[0].tier == "exact"
    assert done.text == text.replace("... without a word", "... without a look")


def test_dots_of_a_line_of_context_that_the_file_has_are_no_hindrance() -> None:
    text = TEXT.replace("she told the boy.", "she told the boy, and then the miller… and that was all of it.")
    above = text.split("\n")[2]
    done = apply_patch(text, f"@@ @@\n {above}\n \n-{HEAD} ... {TAIL}\n+{HEAD} ... {TAIL.replace('anyone', 'him')}\n")
    assert done.hunks[0].tier == "filled"
    assert done.text == text.replace("anyone", "him")


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        ("He carried the basket up the path", "to anyone."),
        ("He carried", "it on the step without a word to anyone."),
        ("He carried the basket", "word to anyone."),
    ],
)
def test_ends_of_few_words_are_refused(head: str, tail: str) -> None:
    assert _filled(TEXT, f"{head} ... {tail}", f"{head.replace('carried', 'took')} ... {tail}") is None
    long_enough = "He carried the basket up ... word to anyone."
    assert _filled(TEXT, long_enough, long_enough.replace("He carried", "She took")) == TEXT.replace(
        "He carried", "She took"
    )


def test_one_of_the_two_ends_must_be_long_and_stand_nowhere_else() -> None:
    four = "He carried the basket ... a word to anyone."
    assert _filled(TEXT, four, f"{four[:-7]}him.") is None
    twice = TEXT.replace("Nobody answered him.", f"{HEAD} again.\n\nShe came {TAIL}")
    reply = f"{HEAD} ... {TAIL}", f"{HEAD} ... {TAIL.replace('anyone', 'him')}"
    assert _filled(twice, *reply) is None
    once = TEXT.replace("Nobody answered him.", f"{HEAD} again.")
    assert _filled(once, *reply) == once.replace("to anyone.", "to him.")


def test_an_end_that_its_paragraph_has_twice_is_refused() -> None:
    reply = f"{HEAD} ... {TAIL}", f"{HEAD} ... {TAIL.replace('anyone', 'him')}"
    assert _filled(TEXT.replace("past the", f"{TAIL} He went past the"), *reply) is None
    assert _filled(TEXT.replace("past the", f"(where {HEAD} once) past the"), *reply) is None


def test_an_end_within_a_line_or_a_word_is_refused() -> None:
    reply = f"{HEAD} ... {TAIL}", f"{HEAD} ... {TAIL.replace('anyone', 'him')}"
    assert _filled(TEXT.replace(HEAD, f"Then {HEAD}"), *reply) is None
    assert _filled(TEXT.replace(TAIL, f"{TAIL} So it was."), *reply) is None
    assert _filled(TEXT.replace("up the path", "up the pathway"), *reply) is None
    assert _filled(TEXT.replace("step without", "step–without").replace("–", "X"), *reply) is None


def test_a_part_of_a_line_between_lines_of_context_is_refused() -> None:
    text = TEXT.replace(LINE, f"She slept. {LINE} He rose.")
    rows = f"-{HEAD} ... {TAIL}\n+{HEAD} ... {TAIL.replace('anyone', 'him')}\n"
    assert _applied(text, f"@@ @@\n She slept.\n{rows} He rose.\n") is None
    parted = TEXT.replace(LINE, f"She slept.\n{LINE}\nHe rose.")
    assert _applied(parted, f"@@ @@\n She slept.\n{rows} He rose.\n") is not None


def test_ends_that_meet_or_stand_the_other_way_round_are_refused() -> None:
    met = f"{HEAD}, {TAIL}"
    assert _filled(f"{met}\n", f"{HEAD} ... {TAIL}", f"{HEAD} ... {TAIL.replace('anyone', 'him')}") is None
    turned = "She came without a word to anyone.\nHe carried the basket up the path\n"
    assert (
        _filled(turned, f"{HEAD} ... She came {TAIL}", f"{HEAD} ... She came {TAIL.replace('anyone', 'him')}") is None
    )


def test_a_span_does_not_leave_its_paragraph() -> None:
    wrapped = TEXT.replace(" and the pear", "\nand the pear")
    reply = f"{HEAD} ... {TAIL}", f"{HEAD.replace('carried', 'took')} ... {TAIL}"
    assert _filled(wrapped, *reply) == wrapped.replace("carried", "took")
    assert _filled(wrapped.replace("\nand the pear", "\n\nand the pear"), *reply) is None
    assert _filled(wrapped.replace("\nand the pear", "\n- and the pear"), *reply) is None


def test_dots_of_the_file_s_own_within_the_span_are_refused() -> None:
    reply = f"{HEAD} ... {TAIL}", f"{HEAD.replace('carried', 'took')} ... {TAIL}"
    assert _filled(TEXT.replace("never borne", "never… borne"), *reply) is None


def test_a_line_with_dots_twice_is_refused_even_if_the_file_has_one_of_them() -> None:
    text = TEXT.replace("word to anyone", "word… to anyone")
    reply = f"{HEAD} ... without a word… to anyone."
    assert _filled(text, reply, reply.replace("carried", "took")) is None
    assert (
        _filled(TEXT, f"{HEAD} ... never borne, ... {TAIL}", f"He took{HEAD[10:]} ... never borne, ... {TAIL}") is None
    )


def test_dots_on_one_side_only_are_refused() -> None:
    assert _filled(TEXT, f"{HEAD} ... {TAIL}", f"{HEAD} and set it down {TAIL}") is None
    both = f"@@ @@\n-{HEAD} ... {TAIL}\n+{HEAD} ... {TAIL.replace('anyone', 'him')}\n+And then... he went ... home.\n"
    assert _applied(TEXT, both) is None


@pytest.mark.parametrize(
    ("removed", "added"),
    [
        # the added line leaves out more: its dots begin at an earlier place with the same words
        ("He saw the wide sea and left the wide sea ... and he sat down.", "He saw the wide sea ... and he sat down."),
        # and the same at the end
        ("He saw it all ... and he sat down, rose, and he sat down.", "He saw it all ... and he sat down."),
        (
            "He saw it all ... and he sat down, rose, and he sat down.",
            "She saw it all ... and he sat down, rose, and he sat down.",
        ),
        # it writes out some of what the removed one leaves out
        ("He saw the wide sea ... and he sat down.", "He saw the wide sea and left the wide sea ... and he sat down."),
        ("He saw the wide sea ... and he sat down.", "He saw the Wide Sea, and left the wide sea ... and he sat down."),
    ],
)
def test_dots_that_may_stand_for_more_on_one_side_are_refused(removed: str, added: str) -> None:
    middle = "and went, all that long day, from the wind to the wood and to the well, as he had as a boy,"
    line = removed.replace("...", middle)
    assert _filled(f"One.\n\n{line}\n\nTwo.\n", removed, added) is None
    longer = removed.replace("He saw", "She saw")
    if removed.count("the wide sea") == removed.count("and he sat down") == 1:
        assert (
            _filled(f"One.\n\n{line}\n\nTwo.\n", removed, longer)
            == f"One.\n\n{line.replace('He saw', 'She saw')}\n\nTwo.\n"
        )


@pytest.mark.parametrize(
    "added",
    [
        "He carried the basket up the lane ... without a word to anyone.",
        "He carried the basket down the path ... without a word to anyone.",
        "He carried the basket up the path slowly ... without a word to anyone.",
        "He carried the basket up the path ... quietly without a word to anyone.",
        "He carried the basket up ... without a word to anyone.",
        "He carried the basket up the path ... with a word to anyone.",
        "He carried the basket up the path ... word to anyone.",
        "Up the path ... without a word to anyone.",
    ],
)
def test_a_change_beside_the_dots_is_refused(added: str) -> None:
    assert _filled(TEXT, f"{HEAD} ... {TAIL}", added) is None


def test_an_added_line_that_lost_much_of_an_end_is_refused() -> None:
    head = f"{HEAD} behind the house, past the empty kennel"
    shorter = head.replace(" the basket up the path", "")
    assert _filled(TEXT, f"{head} ... {TAIL}", f"{shorter} ... {TAIL}") is None
    little = head.replace(" the basket", " it")
    assert _filled(TEXT, f"{head} ... {TAIL}", f"{little} ... {TAIL}") == TEXT.replace(" the basket", " it")


def test_a_line_of_context_cut_in_its_middle_holds_an_addition() -> None:
    wanted = TEXT.replace("anyone.\n", "anyone.\n\nShe heard him.\n")
    done = _applied(TEXT, f"@@ @@\n {HEAD} ... {TAIL}\n+\n+She heard him.\n")
    assert done
    assert done.text == wanted
    for cut in (
        f"the basket up the path ... {TAIL}",
        f"{HEAD} ... to anyone.",
        f"He carried ... {TAIL}",
        f"{HEAD[:-1]} ... {TAIL}",
    ):
        assert _applied(TEXT, f"@@ @@\n {cut}\n+\n+She heard him.\n") is None


def test_a_line_of_context_cut_short_holds_an_addition_if_its_start_is_long_and_its_line_a_paragraph() -> None:
    addition = "+\n+She heard him.\n"
    done = _applied(TEXT, f"@@ @@\n {HEAD} behind ...\n{addition}")
    assert done
    assert done.text == TEXT.replace("anyone.\n", "anyone.\n\nShe heard him.\n")
    assert _applied(TEXT, f"@@ @@\n {HEAD} ...\n{addition}") is None
    assert _applied(TEXT, f"@@ @@\n ... and set it on the step {TAIL}\n{addition}") is None
    assert _applied(TEXT, f"@@ @@\n {LINE} ...\n{addition}") is None
    assert _applied(TEXT.replace(HEAD, f"Then {HEAD}"), f"@@ @@\n {HEAD} behind ...\n{addition}") is None
    wrapped = TEXT.replace(" and the pear", "\nand the pear")
    assert _applied(wrapped, f"@@ @@\n {HEAD} behind ...\n{addition}") is None


def test_the_words_left_out_keep_their_typography_and_breaks() -> None:
    text = TEXT.replace("the empty kennel", "the  “empty”\u00a0kennel").replace("pear tree", "pear\u00adtree")
    reply = f"{HEAD} ... {TAIL}", f"{HEAD.replace('carried', 'took')} ... {TAIL}"
    assert _filled(text, *reply) == text.replace("carried", "took")
    broken = TEXT.replace(" and the pear", "  \nand the pear").replace("\n", "\r\n")
    assert _filled(broken, *reply) in (None, broken.replace("carried", "took"))


def test_more_lines_with_dots_than_anyone_writes_are_refused_in_time() -> None:
    rows = "".join(f"-{HEAD} {number} ... {TAIL}\n" for number in range(5000))
    assert _applied(TEXT, f"@@ @@\n{rows}+x\n") is None
