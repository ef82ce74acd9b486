"""Added lines that leave text out are refused; lines of an author that only look like them are applied."""

import pytest

from bookiter.patch import PatchRefused, apply_patch

OLD = "The boat lay on the sand all winter, and nobody came to look at it, nor at the nets that hung beside it."
TEXT = f"One came in.\n\n{OLD}\n\nThree slept.\n"


def _reply(wanted: str, old: str = OLD) -> str:
    return f"@@ @@\n One came in.\n \n-{old}\n+{wanted}\n"


def _apply(wanted: str, old: str = OLD) -> str:
    return apply_patch(TEXT.replace(OLD, old), _reply(wanted, old)).text


@pytest.mark.parametrize(
    "line",
    [
        "...",
        "…",
        "[...]",
        "[…]",
        "(...)",
        "(…)",
        "  ...  ",
        "... rest unchanged ...",
        "... the rest of the paragraph ...",
        "…the rest as before…",
        "[the rest of the paragraph]",
        "[ Rest of the text ]",
        "(rest as is)",
        "(remaining text the same)",
        "(remainder omitted)",
        "[existing content]",
        "{previous paragraphs here}",
        "<other text continues>",
        "(following text as above)",
        "(same as before)",
        "(the same text as above)",
        "(middle part unchanged)",
        "(unchanged)",
        "[Everything below is UNCHANGED]",
        "{unchanged text}",
        "<!-- unchanged -->",
        "The boat lay on the sand all winter...",
        "The boat lay on the sand…",
        "...nor at the nets that hung beside it.",
        "…hung beside it.",
        "The boat lay on the sand ... that hung beside it.",
        "The boat lay [...] beside it.",
        "The boat lay on the beach ... beside it.",
    ],
)
def test_a_line_that_leaves_text_out_is_refused(line: str) -> None:
    with pytest.raises(PatchRefused) as caught:
        _apply(line)
    assert [(finding.reason, finding.wanted) for finding in caught.value.findings] == [("elided", line)]


@pytest.mark.parametrize(
    "line",
    [
        "The rest of the village stayed the same.",
        "Other people came to look here.",
        "The same boat lay above.",
        "She said the rest was unchanged.",
        "The house (unchanged since the war) stood by the boat.",
        "It was [as he said] unchanged.",
        "Unchanged, the boat lay there (as it had).",
        "Nothing of the rest unchanged... and yet she (the widow) came.",
        "....",
        "......",
        "* * *",
        "---",
        "# ...",
        "Everything was gone…",
        "And then… nothing.",
        "…and then it was gone, like everything else that spring.",
        "The boat lay on the sand all winter, and nobody came to look at it, nor at the nets…",
    ],
)
def test_a_line_that_only_looks_like_it_is_applied(line: str) -> None:
    assert _apply(line) == TEXT.replace(OLD, line)


@pytest.mark.parametrize(
    ("old", "line"),
    [
        ("He did not know what to say.", "He did not know…"),
        ("Well… he left the house at nine with his hat and his stick and his dog and his sister.", "Well… he left."),
        ("...", "…"),
        ("(the rest is unchanged, she wrote)", "She wrote."),
        ("…he left the house at nine with his hat and his stick and his dog.", "…he left the house."),
    ],
)
def test_dots_for_little_and_dots_that_were_there_are_the_authors(old: str, line: str) -> None:
    assert _apply(line, old) == TEXT.replace(OLD, line)


def test_a_line_that_stays_as_it_was_is_no_elision() -> None:
    text = "One came in.\n\n[the rest of the text]\n\n...\n\nThree slept.\n"
    reply = "@@ @@\n-One came in.\n-\n-[the rest of the text]\n+Two came in.\n+\n+[the rest of the text]\n \n ...\n"
    assert apply_patch(text, reply).text == text.replace("One", "Two")
    spaced = reply.replace("+[the rest", "+  [the rest")
    assert apply_patch(text, spaced).text.startswith("Two came in.\n\n")


def test_an_elision_is_found_in_whichever_removed_line_it_was_cut_from() -> None:
    reply = f"@@ @@\n-One came in.\n-\n-{OLD}\n+Two came in.\n+\n+The boat lay on the sand all winter...\n"
    with pytest.raises(PatchRefused) as caught:
        apply_patch(TEXT, reply)
    assert [finding.reason for finding in caught.value.findings] == ["elided"]


def test_every_hunk_that_leaves_text_out_is_reported() -> None:
    reply = f"@@ @@\n-One came in.\n+...\n@@ @@\n-{OLD}\n+Gone.\n@@ @@\n-Three slept.\n+[…]\n"
    with pytest.raises(PatchRefused) as caught:
        apply_patch(TEXT, reply, path="prose/one.md")
    assert [(f.hunk, f.reason, f.path) for f in caught.value.findings] == [
        (1, "elided", "prose/one.md"),
        (3, "elided", "prose/one.md"),
    ]
