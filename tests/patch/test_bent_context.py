"""Context that is misquoted or cut short: what it may still prove, and what it never does."""

import pytest

from bookiter.patch import PatchRefused, PlacedHunk, apply_patch

LONG = "The boat lay on the sand, all winter long, and “nobody came to look at it.”"
GOING = "Go away, my friend, and stay away."
NEW = "Come back, my friend."
LAST = "So the summer went by without a word."
TEXT = f"A heading of four words\n\n{LONG}\n\n{GOING}\n\n{LAST}\n"
CHANGED = TEXT.replace(GOING, NEW)


def _applied(reply: str, text: str = TEXT) -> str:
    return apply_patch(text, reply).text


def _refused(reply: str, text: str = TEXT) -> list[str]:
    with pytest.raises(PatchRefused) as caught:
        apply_patch(text, reply)
    return [finding.reason for finding in caught.value.findings]


def _with_context(context: str) -> str:
    return f"@@ @@\n {context}\n \n-{GOING}\n+{NEW}\n"


@pytest.mark.parametrize(
    "context",
    [
        "The boat lay on...",
        "The boat lay on…",
        "The boat...",
        "The boat lay on the sand...",
        "...and “nobody came to look at it.”",
        '...and "nobody came to look at it."',
        "...nobody came to look at it.”",
        "The boat lay ... came to look at it.”",
        "The boat lay [...] came to look at it.”",
        "The boat lay […] came to look at it.”",
        "The boat lay (...) came to look at it.”",
        "The boat lay (…) came to look at it.”",
        "The boat lay [ ... ] came to look at it.”",
        "The boat lay ( … ) came to look at it.”",
        "The boat lay[...]came to look at it.”",
        "The boat lay on the beach, all winter long, and “nobody came to look at it.”",
        "The boat lay on the sand, the whole winter long, and “nobody came to see it.”",
    ],
)
def test_a_context_line_cut_short_or_with_a_word_misquoted_fits_its_line(context: str) -> None:
    assert _applied(_with_context(context)) == CHANGED


@pytest.mark.parametrize(
    "context",
    [
        "The...",
        "...it.”",
        "The boat lay on the sa...",
        "...body came to look at it.”",
        "The ship lay on the sand...",
        "...and “somebody came to look at it.”",
        "The boat lay ... came to wonder at it.”",
        "A boat lay ... came to look at it.”",
        "Completely other words stand here...",
        "Nothing of this line stands in the text at all, nor anywhere near.",
        "* * *",
        "---",
    ],
)
def test_a_context_line_that_is_another_one_fits_nowhere(context: str) -> None:
    assert _refused(_with_context(context)) == ["not_found"]


@pytest.mark.parametrize(
    ("context", "line"), [("Go there. ... there.", "Go there."), ("Go there.", "Go there. Now."), ("Go.", "Stop.")]
)
def test_a_context_line_of_two_words_is_not_taken_for_another(context: str, line: str) -> None:
    text = TEXT.replace(LONG, line)
    assert _refused(_with_context(context), text) == ["not_found"]


def test_a_line_below_may_be_bent_too() -> None:
    reply = f"@@ @@\n-{GOING}\n+{NEW}\n \n So the winter went by without a word.\n"
    assert _applied(reply) == CHANGED


@pytest.mark.parametrize(
    "reply",
    [
        f"@@ @@\n {LAST}\n-A heading of four words\n+A heading\n",
        f"@@ @@\n-{LAST}\n+So it went by.\n A heading of four words\n",
        f"@@ @@\n {GOING}\n So the winter went by without a word.\n-A heading of four words\n+A heading\n",
        f"@@ @@\n-{LAST}\n+So it went by.\n A title of four words\n",
    ],
)
def test_context_from_the_other_end_of_the_file_does_not_fit(reply: str) -> None:
    assert _refused(reply) == ["not_found"]


def test_a_removed_line_must_stand_there_word_for_word() -> None:
    reply = f"@@ @@\n-The boat lay on the beach, all winter long, and “nobody came to look at it.”\n-{GOING}\n+{NEW}\n"
    assert _refused(reply) == ["not_found"]
    elsewhere = TEXT + "\nThe boat lay on the beach, all winter long, and “nobody came to look at it.”\n"
    assert _refused(reply, elsewhere) in (["not_found"], ["contradiction"])


def test_too_few_words_that_stand_as_quoted_prove_no_place() -> None:
    context = "@@ @@\n The boat lay on the beach, all winter long, and “nobody came to look at it.”\n \n"
    assert _refused(context + "-Go away now.\n-\n", TEXT.replace(GOING, "Go away now.")) == ["not_found"]
    enough = TEXT.replace(GOING, "Go away now, friend.")
    assert _applied(context + "-Go away now, friend.\n-\n", enough) == TEXT.replace(f"{GOING}\n\n", "")


def test_words_before_a_cut_count_as_words_that_stand_as_quoted() -> None:
    text = TEXT.replace(GOING, "Go away.")
    assert _applied("@@ @@\n The boat lay on...\n \n-Go away.\n+Stay.\n", text) == TEXT.replace(GOING, "Stay.")


REFRAIN = "Ring the bell again, my boy."
TWICE = f"{LONG}\n\n{REFRAIN}\n\n{GOING}\n\nQuite another line stands above this one.\n\n{REFRAIN}\n\n{LAST}\n"
FIRST_CHANGED = TWICE.replace(REFRAIN, "Ring it.", 1)


def test_a_refrain_is_told_by_context_that_stands_as_quoted() -> None:
    reply = (
        f"@@ @@\n The boat lay on the beach, all winter long, and “nobody came to look at it.”\n \n"
        f"-{REFRAIN}\n+Ring it.\n \n {GOING}\n"
    )
    assert _applied(reply, TWICE) == FIRST_CHANGED
    assert _applied(f"@@ @@\n The boat lay on...\n \n-{REFRAIN}\n+Ring it.\n", TWICE) == FIRST_CHANGED


def test_a_refrain_is_not_told_by_context_that_is_all_bent() -> None:
    reply = (
        f"@@ @@\n The boat lay on the beach, all winter long, and “nobody came to look at it.”\n \n"
        f"-{REFRAIN}\n+Ring it.\n"
    )
    assert _refused(reply, TWICE) == ["not_found"]


def test_a_refrain_beside_a_removed_line_that_stands_once_has_its_place_from_that() -> None:
    reply = (
        "@@ @@\n The boat lay on the beach, all winter long, and “nobody came to look at it.”\n \n"
        f"-{REFRAIN}\n-\n-{GOING}\n+{NEW}\n"
    )
    assert _applied(reply, TWICE) == TWICE.replace(f"{REFRAIN}\n\n{GOING}", NEW)


@pytest.mark.parametrize("dots", ["...", "…", "[...]", "(…)", ". . ."])
def test_dots_alone_stand_for_any_lines_between(dots: str) -> None:
    reply = f"@@ @@\n A heading of four words\n \n {dots}\n \n-{GOING}\n+{NEW}\n"
    assert _applied(reply) == CHANGED
    below = f"@@ @@\n-{GOING}\n+{NEW}\n \n {LAST}\n {dots}\n The tide came in.\n"
    more = TEXT + "\nThe gulls sat down.\n\nNobody saw them.\n\nThe tide came in.\n"
    assert _applied(below, more) == more.replace(GOING, NEW)


def test_dots_do_not_stand_for_a_whole_chapter() -> None:
    between = "".join(f"Line number {number} of very many.\n\n" for number in range(100))
    reply = f"@@ @@\n {LONG}\n ...\n-{GOING}\n+{NEW}\n"
    assert _refused(reply, f"{LONG}\n\n{between}{GOING}\n") == ["not_found"]


def test_dots_at_the_edges_of_a_hunk_say_nothing() -> None:
    reply = f"@@ @@\n …\n ...\n \n-{GOING}\n+{NEW}\n ...\n"
    assert _applied(reply) == CHANGED


def test_dots_alone_are_no_anchor() -> None:
    assert _refused("@@ @@\n ...\n+New words for it.\n") == ["not_found"]


def test_dots_that_are_to_be_removed_stand_for_nothing() -> None:
    reply = f"@@ @@\n A heading of four words\n \n-{LONG}\n-...\n-{LAST}\n+Gone.\n"
    assert _refused(reply)[0] in ("not_found", "elided")


def test_a_removed_line_keeps_the_brackets_that_its_author_put_around_dots() -> None:
    text = TEXT.replace(GOING, "“it is […] as it was,” she read")
    reply = "@@ @@\n The boat lay on...\n \n-“it is […] as it was,” she read\n-\n"
    assert _applied(reply, text) == TEXT.replace(f"{GOING}\n\n", "")


def test_dots_that_are_a_line_of_the_file_are_removed_as_that_line() -> None:
    text = TEXT.replace(GOING, "...")
    reply = f"@@ @@\n The boat lay on the sand, all winter...\n \n-...\n-\n {LAST}\n"
    assert _applied(reply, text) == TEXT.replace(f"{GOING}\n\n", "")


def test_an_addition_at_the_top_of_a_hunk_is_held_by_the_line_below_it() -> None:
    reply = f"@@ @@\n+Wait.\n+\n {GOING}\n \n {BENT}\n"
    assert _applied(reply) == TEXT.replace(GOING, f"Wait.\n\n{GOING}")
    assert _applied(f"@@ @@\n ...\n+Wait.\n-{GOING}\n+{NEW}\n \n {BENT}\n") == TEXT.replace(GOING, f"Wait.\n{NEW}")


BENT = "So the winter went by without a word."


def test_an_addition_is_held_by_lines_that_stand_as_quoted_on_both_sides() -> None:
    reply = f"@@ @@\n The boat lay on the beach, all winter long, and “nobody came to look at it.”\n \n {GOING}\n"
    both = reply + f"+\n+Wait.\n \n {LAST}\n"
    assert _applied(both) == TEXT.replace(GOING, f"{GOING}\n\nWait.")
    assert _refused(reply + f"+\n+Wait.\n \n {BENT}\n") == ["not_found"]


def test_an_addition_at_a_removed_line_needs_no_other_neighbour() -> None:
    assert _applied(f"@@ @@\n-{GOING}\n+Wait.\n+{NEW}\n \n {BENT}\n") == TEXT.replace(GOING, f"Wait.\n{NEW}")
    assert _applied(f"@@ @@\n+Wait.\n+{NEW}\n-{GOING}\n \n {BENT}\n") == TEXT.replace(GOING, f"Wait.\n{NEW}")


def test_an_addition_between_a_bent_line_and_an_exact_one_is_not_placed_though_another_line_is_removed() -> None:
    text = TEXT.replace("A heading of four words", "A heading of four words\n\nOne line more, to be removed.")
    head = f"@@ @@\n-One line more, to be removed.\n \n {LONG}\n \n"
    assert _refused(f"{head} {GOING}\n+\n+Wait.\n \n {BENT}\n", text) == ["not_found"]
    whole = f"{head} Go away, dear friend, and stay away.\n \n {LAST}\n+\n+Wait.\n"
    assert _applied(whole, text) == text.replace("One line more, to be removed.\n\n", "\n") + "\nWait.\n"


def test_an_addition_parted_from_the_removed_line_by_a_blank_one_needs_both_neighbours() -> None:
    head = f"@@ @@\n The boat lay on...\n \n-{GOING}\n+{NEW}\n \n"
    assert _applied(head + f"+Wait.\n+\n {LAST}\n") == TEXT.replace(GOING, f"{NEW}\n\nWait.")
    assert _refused(head + f"+Wait.\n+\n {BENT}\n") == ["not_found"]


def test_an_addition_beside_dots_has_no_place() -> None:
    assert _refused(f"@@ @@\n A heading of four words\n ...\n+Wait.\n \n-{GOING}\n+{NEW}\n") == ["not_found"]
    assert _refused(f"@@ @@\n {LONG}\n+Wait.\n ...\n-{LAST}\n+Over.\n") == ["not_found"]


def test_what_was_placed_by_bent_context_says_so_and_names_its_first_line() -> None:
    placed = apply_patch(TEXT, _with_context("The boat lay on...")).hunks
    assert [(hunk.tier, hunk.line) for hunk in placed] == [("context", 3)]
    assert isinstance(placed[0], PlacedHunk)
