"""A word or two of a long removed line misquoted: kept as the file has them where no change comes near, else refused."""

import pytest

from bookiter.patch import Applied, PatchRefused, apply_patch

LINE = (
    "He carried the basket up the path behind the house, past the empty kennel and the pear tree that had never borne, "
    "and set it on the step without a word to anyone."
)
TEXT = f"# Weir\n\n“Thirty-nine,” she told the boy.\n\n{LINE}\n\nNobody answered him.\n"


def _reply(removed: str, added: str) -> str:
    return f"@@ @@\n-{removed}\n+{added}\n"


def _applied(text: str, reply: str) -> Applied | None:
    try:
        return apply_patch(text, reply)
    except PatchRefused:
        return None


def _with(line: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert line.count(old) == 1
        line = line.replace(old, new)
    return line


def _corrected(line: str, misquoted: list[tuple[str, str]], changed: tuple[str, str]) -> str | None:
    """The line after a change quoted with words misquoted alike; None for a refusal."""
    text = _with(TEXT, (LINE, line))
    said = _with(line, *misquoted)
    done = _applied(text, _reply(said, _with(said, changed)))
    if done is None:
        return None
    assert done.hunks[0].tier == "corrected"
    assert done.text == text.replace(line, _with(line, changed))
    return done.text


def test_a_corrected_line_says_by_which_tier_it_was_placed() -> None:
    said = _with(LINE, ("the path", "the track"))
    done = apply_patch(TEXT, _reply(said, _with(said, ("empty", "old"))))
    assert done.text == TEXT.replace("empty", "old")
    assert (done.hunks[0].tier, done.hunks[0].line) == ("corrected", 5)
    assert done.hunks[0].repairs == ("misquoted words kept as the file has them",)


def test_a_corrected_change_can_be_taken_back() -> None:
    said = _with(LINE, ("the path", "the track"))
    reply = _reply(said, _with(said, ("empty", "old")))
    assert apply_patch(apply_patch(TEXT, reply).text, reply, reverse=True).text == TEXT


@pytest.mark.parametrize(
    "misquoted",
    [
        ("the path", "the track"),
        ("the path", "the old path"),
        ("up the path", "up path"),
        ("up the path", "along a path"),
    ],
)
def test_a_word_may_be_another_or_one_too_many_or_lost(misquoted: tuple[str, str]) -> None:
    assert _corrected(LINE, [misquoted], ("empty", "old"))


def test_two_words_may_be_misquoted_in_two_places_but_not_three() -> None:
    two = [("the path", "the track"), ("pear", "plum")]
    assert _corrected(LINE, two, ("step", "sill"))
    assert _corrected(LINE, [*two, ("carried the", "carried a")], ("step", "sill")) is None
    assert _corrected(LINE, [("up the path", "by a track")], ("step", "sill")) is None


def test_two_misquoted_words_with_one_between_them_are_one_place() -> None:
    assert _corrected(LINE, [("up the path behind", "by the track behind")], ("empty", "old"))


def test_one_word_takes_twenty_words_of_a_paragraph_and_two_take_thirty() -> None:
    twenty = "He carried the basket up the path behind the house, past the empty kennel and set it on the step."
    assert len(twenty.split()) == 20
    assert _corrected(twenty, [("the path", "the track")], ("empty", "old"))
    assert _corrected(twenty.replace("behind ", ""), [("the path", "the track")], ("empty", "old")) is None
    thirty = LINE.removesuffix(" without a word to anyone.").replace(" and the pear", " and the one pear") + " today."
    assert len(thirty.split()) == 30
    two = [("the path", "the track"), ("pear", "plum")]
    assert _corrected(thirty, two, ("step", "sill"))
    assert _corrected(thirty.replace("one pear", "pear").replace(" today", ""), two, ("step", "sill")) is None


@pytest.mark.parametrize(
    ("changed", "applied"),
    [
        (("behind the", "beside the"), False),
        (("the house", "a house"), False),
        (("house", "barn"), True),
        (("basket up", "basket down"), False),
        (("basket up", "box up"), True),
        (("carried the", "took the"), True),
        (("path behind", "path far behind"), False),
        (("the house", "the big house"), True),
    ],
)
def test_two_words_of_the_file_must_stand_between_a_misquoted_word_and_a_change(
    changed: tuple[str, str], applied: bool
) -> None:
    said = _with(LINE, ("the path", "the track"))
    change = (changed[0].replace("path", "track"), changed[1].replace("path", "track"))
    done = _applied(TEXT, _reply(said, _with(said, change)))
    assert (done is not None) == applied
    assert done is None or done.text == _with(TEXT, changed)


@pytest.mark.parametrize("misquoted", [("He ", "She "), ("carried", "took"), ("anyone", "her"), (" to ", " for ")])
def test_a_word_at_either_end_of_the_line_is_refused(misquoted: tuple[str, str]) -> None:
    assert _corrected(LINE, [misquoted], ("empty", "old")) is None


def test_the_added_line_may_have_the_words_of_the_file() -> None:
    said = _with(LINE, ("the path", "the track"))
    done = _applied(TEXT, _reply(said, _with(LINE, ("empty", "old"))))
    assert done
    assert done.text == TEXT.replace("empty", "old")


def test_an_added_line_with_other_words_than_either_is_refused() -> None:
    said = _with(LINE, ("the path", "the track"))
    assert _applied(TEXT, _reply(said, _with(LINE, ("the path", "the lane"), ("empty", "old")))) is None


def test_words_that_stand_twice_among_the_added_or_removed_lines_are_refused() -> None:
    said = _with(LINE, ("the path", "the track"))
    added = _with(said, ("empty", "old"))
    assert _applied(TEXT, _reply(said, f"{added} He went up the track behind it.")) is not None
    assert _applied(TEXT, _reply(said, f"{added} He went up the track behind the barn.")) is None
    assert _applied(TEXT, _reply(said, f"{added} He went up the path behind the barn.")) is None
    line = _with(LINE, ("step without", "step up the path behind the barn without"))
    assert _corrected(line, [("basket up the path", "basket up the track")], ("empty", "old")) is None


@pytest.mark.parametrize("misquoted", ["the track behind the barn", "the path behind the barn"])
def test_a_change_that_takes_one_of_two_such_clauses_is_refused(misquoted: str) -> None:
    line = _with(LINE, ("and set it", "and went up the path behind the barn, and set it"))
    said = _with(line, ("the path behind the house", "the track behind the house"))
    said = _with(said, ("the path behind the barn", misquoted))
    added = _with(said, (", past the empty kennel", ""), (f"and went up {misquoted}, ", ""))
    assert _applied(_with(TEXT, (LINE, line)), _reply(said, added)) is None
    kept = _with(line, ("up the path behind the house, past the empty kennel and ", "past "))
    assert _applied(_with(TEXT, (LINE, line)), _reply(said, kept)) is None


def test_the_words_of_the_file_in_another_removed_line_are_refused() -> None:
    other = "She had gone up the path behind the barn."
    text = _with(TEXT, ("Nobody answered him.", other))
    said = _with(LINE, ("the path", "the track"))
    added = _with(said, ("empty", "old"))
    assert _applied(text, f"@@ @@\n-{said}\n-\n-{other}\n+{added}\n+\n+{other}\n") is None


def test_one_of_two_equal_words_lost_or_doubled_is_refused() -> None:
    line = _with(LINE, ("up the path", "up up the path"))
    assert _corrected(line, [("up up", "up")], ("empty", "old")) is None
    assert _corrected(LINE, [("up the path", "up up the path")], ("empty", "old")) is None
    pair = _with(LINE, ("up the path", "up the up the path"))
    assert _corrected(pair, [("up the up the", "up the")], ("empty", "old")) is None


def test_a_line_that_another_paragraph_is_like_is_refused() -> None:
    said = _with(LINE, ("the path", "the track"))
    reply = _reply(said, _with(said, ("empty", "old")))
    near = _with(LINE, ("basket", "bucket"), ("pear", "plum"), ("step", "sill"), ("house", "barn"), ("anyone", "her"))
    assert _applied(f"{TEXT}\n{near}\n", reply) is None
    assert _applied(f"{TEXT}\nAnd so it was that {near} That was all.\n", reply) is None
    half = " ".join(LINE.split()[:16])
    assert _applied(f"{TEXT}\n{half}, and then he came home.\n", reply) is not None


def test_a_line_of_one_word_beside_it_leaves_the_place_certain() -> None:
    text = _with(TEXT, (LINE, f"No.\n\n{LINE}\n\nYes."))
    said = _with(LINE, ("the path", "the track"))
    done = _applied(text, _reply(said, _with(said, ("empty", "old"))))
    assert done
    assert done.text == text.replace("empty", "old")


def test_many_likenesses_are_refused_in_time() -> None:
    text = "\n\n".join(f"{LINE} {number}" for number in range(3000)) + "\n"
    said = f"{LINE} 7".replace("the path", "the track")
    assert _applied(text, _reply(said, said.replace("empty", "old"))) is None


def test_lines_of_common_words_only_are_refused_in_time() -> None:
    text = (
        "".join(f"the sea and the sea and {number}\n\n" for number in range(4000)) + f"{'the sea and ' * 10}the end\n"
    )
    said = f"{'the sea and ' * 4}the sky and {'the sea and ' * 5}the end"
    assert _applied(text, _reply(said, said.replace("the end", "his end"))) is None


def test_misquoted_context_or_dots_besides_are_refused() -> None:
    said = _with(LINE, ("the path", "the track"))
    rows = f"-{said}\n+{_with(said, ('empty', 'old'))}\n"
    assert _applied(TEXT, f"@@ @@\n “Thirty-nine,” she told the boy.\n \n{rows}") is not None
    assert _applied(TEXT, f"@@ @@\n “Thirty-nine,” she told the lad.\n \n{rows}") is None
    dots = _with(LINE, ("the path", "the track"), (" empty", " ..."))
    assert _applied(TEXT, _reply(dots, _with(dots, ("step", "sill")))) is None
    unchanged = _with(said, (" empty", " (unchanged)"))
    assert _applied(TEXT, _reply(unchanged, _with(unchanged, ("step", "sill")))) is None
    assert _applied(TEXT, _reply(said, _with(said, ("anyone.", "anyone…")))) is None


def test_dots_that_stand_on_both_sides_and_in_the_file_are_no_hindrance() -> None:
    line = _with(LINE, ("never borne,", "never borne…"))
    assert _corrected(line, [("the path", "the track")], ("empty", "old"))
    assert _corrected(line, [("never borne…", "never borne,")], ("empty", "old")) is None


def test_a_line_removed_or_written_anew_is_refused() -> None:
    said = _with(LINE, ("the path", "the track"))
    assert _applied(TEXT, f"@@ @@\n-{said}\n") is None
    assert _applied(TEXT, _reply(said, "The basket went up the hill by itself.")) is None


def test_a_change_that_is_made_already_says_so() -> None:
    said = _with(LINE, ("the path", "the track"))
    with pytest.raises(PatchRefused) as caught:
        apply_patch(TEXT.replace("empty", "old"), _reply(said, _with(said, ("empty", "old"))))
    assert caught.value.status == "already_applied"


def test_a_change_that_is_made_already_beside_one_that_is_not_is_refused() -> None:
    said = _with(LINE, ("the path", "the track"))
    reply = _reply(said, _with(said, ("empty", "old"))) + _reply("Nobody answered him.", "Nobody ever did.")
    with pytest.raises(PatchRefused) as caught:
        apply_patch(TEXT.replace("empty", "old"), reply)
    assert [(finding.hunk, finding.reason) for finding in caught.value.findings] == [(1, "already_applied")]


def test_the_words_around_a_misquotation_keep_their_typography() -> None:
    line = _with(LINE, ("up the path", "up  ‘the path’"), ("the house", "the\u00a0house"))
    text = _with(TEXT, (LINE, line))
    said = _with(LINE, ("up the path", "up 'the track'"))
    done = _applied(text, _reply(said, _with(said, ("empty", "old"))))
    assert done
    assert done.text == text.replace("empty", "old")


def test_a_line_of_a_wrapped_paragraph_counts_with_the_lines_around_it() -> None:
    wrapped = LINE.replace("house, past", "house, past\nthe wall and").replace("pear tree", "pear\ntree")
    text = _with(TEXT, (LINE, wrapped))
    first, second, third = wrapped.split("\n")
    said = second.replace("kennel", "shed")
    rows = f"-{said}\n+{said.replace('wall', 'gate')}\n"
    assert _applied(text, f"@@ @@\n {first}\n{rows} {third}\n") is not None
    assert _applied(text, f"@@ @@\n{rows} {third}\n") is not None
    assert _applied(text, f"@@ @@\n{rows}") is None
