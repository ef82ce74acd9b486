"""What counts as done already, and what only looks so: "done" must never hide that nothing was changed."""

import pytest

from bookiter.patch import PatchRefused, apply_patch


def outcome(text: str, reply: str) -> str:
    """The new text, or the status of the refusal."""
    try:
        return apply_patch(text, reply).text
    except PatchRefused as refused:
        return refused.status


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("> alpha came in early\n\nThe end.\n", "@@ ... @@\n-alpha came in early\n+alpha came\n"),
        ("Beta came in late.\n\nGamma did not come.\n", "@@ ... @@\n-came in late.\n \n Gamma did not come.\n"),
        ("She said that he left the house.\n", "@@ ... @@\n-he left the house.\n+he left\n"),
    ],
    ids=["a part of a quoted line", "a line cut off before what is taken out", "the end of a longer line"],
)
def test_a_new_side_that_is_a_part_of_the_old_one_is_not_taken_for_done(text: str, reply: str) -> None:
    assert outcome(text, reply) != "already_applied"


def test_a_sentence_that_was_doubled_once_is_not_doubled_again() -> None:
    reply = "@@ ... @@\n-He left.\n+He left. He left again.\n"
    done = outcome("He left.\n\nIt rained.\n", reply)
    assert done == "He left. He left again.\n\nIt rained.\n"
    assert outcome(done, reply) == "already_applied"
