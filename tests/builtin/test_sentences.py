"""Where sentences end."""

import pytest

from bookiter.builtin.sentences import sentences

CASES = [
    ["It rained.", "He left!", "Why?"],
    ["Mr. and Mrs. Moor met Dr. Hale at St. Ives.", "They ate."],
    ["J. R. Hobb wrote it.", "Nobody read it."],
    ["“Go!” she said.", "He went."],
    ["‘Go!’ she said.", "He went."],
    ["“Go!” Sarah said.", "He went."],
    ["“Go!” Mr. Moor quietly said.", "He went."],
    ["“Go!” I said.", "He went."],
    ["“Go!”", "She turned."],
    ["“Go.”", "“Where?”", "“Home.”"],
    ["He waited… and waited.", "Nobody came."],
    ["He waited...", "Nobody came."],
    ["It cost 3.50 at 4 p.m. in No. 7.", "He paid."],
    ["They sold rope, tar, etc.", "He bought some."],
    ["It was I.", "He knew it."],
    ["*He left.*", "She stayed."],
    ["(He left.)", "She stayed."],
    ["He left.[^1]", "She stayed."],
    ["What?!", "No."],
    ["He read “Go home.”", "Then he went."],
    ["No full stop here"],
]


@pytest.mark.parametrize("expected", CASES, ids=lambda parts: parts[0][:40])
@pytest.mark.parametrize("gap", [" ", "\n", "  ", "\r\n", "\n> "])
def test_sentences_are_told_apart(expected: list[str], gap: str) -> None:
    text = gap.join(expected)
    assert [text[start:end] for start, end in sentences(text, 0, len(text))] == expected


def test_a_sentence_over_two_lines_is_one() -> None:
    text = "He left\nthe house. She\nstayed."
    assert [text[start:end] for start, end in sentences(text, 0, len(text))] == ["He left\nthe house.", "She\nstayed."]


def test_only_the_given_block_is_read() -> None:
    text = "One. Two.\n\nThree."
    assert [text[start:end] for start, end in sentences(text, 0, 9)] == ["One.", "Two."]
