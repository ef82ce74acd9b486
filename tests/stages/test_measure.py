"""Figures and redlines are counted from the change itself."""

from hypothesis import given
from hypothesis import strategies as st

from bookiter.cli.redline import redline
from bookiter.stages.change import Change
from bookiter.stages.measure import blocks_of, deltas, measure

BEFORE = "# One\n\nThe ferry came in sideways and nobody minded.\n\nIt rained.\n"


def change(after: str, before: str = BEFORE) -> Change:
    return Change.between({"a.md": before}, {"a.md": after})


def test_lines_words_and_the_share_are_counted() -> None:
    facts = measure(
        change(BEFORE.replace("sideways", "backwards").replace("It rained.\n", "It rained.\n\nAll night.\n"))
    ).facts
    assert (facts.files, facts.added_lines, facts.removed_lines) == (1, 3, 1)
    assert (facts.words_before, facts.words_after) == (11, 13)
    assert facts.changed_words == 3
    assert round(facts.share, 3) == round(3 / 11, 3)


def test_a_file_that_stays_the_same_is_no_part_of_a_change() -> None:
    assert not change(BEFORE)
    assert Change.between({"a": "1", "b": "2"}, {"b": "3"}).paths == ("b",)


def test_a_removed_line_that_looks_like_a_header_is_counted() -> None:
    before = "-- Who is there?\n++ Nobody.\nEnd\n"
    (block,) = blocks_of(change("End\n", before).diff())
    assert block.removed == "-- Who is there?\n++ Nobody.\n"


def test_a_fingerprint_belongs_to_one_change_only() -> None:
    one, other = change(BEFORE + "x"), change(BEFORE + "y")
    assert one.fingerprint() != other.fingerprint()
    assert one.fingerprint() == change(BEFORE + "x").fingerprint()
    moved = Change.between({"b.md": BEFORE}, {"b.md": BEFORE + "x"})
    assert one.fingerprint() != moved.fingerprint()


def test_a_redline_shows_the_words_around_a_change_and_no_more() -> None:
    before = "word " * 60 + "Sarah left. " + "more " * 60 + "\n"
    (path, line) = redline(change(before.replace("Sarah", "Clara"), before).diff(), colour=False, most=5)
    assert path == "a.md"
    assert "[-Sarah-]{+Clara+}" in line
    assert len(line) < 150


def test_a_redline_says_how_many_places_it_leaves_out() -> None:
    before = "".join(f"line {n} Sarah\n\n" for n in range(9))
    shown = list(redline(change(before.replace("Sarah", "Clara"), before).diff(), colour=False, most=4))
    assert len(shown) == 1 + 4 + 1
    assert shown[-1].strip() == "… and 5 more places"


@given(st.text(alphabet="ab “”é\n\r\u2028.", max_size=60), st.text(alphabet="ab “”é\n\r\u2028.", max_size=60))
def test_the_deltas_of_a_block_are_its_two_sides(before: str, after: str) -> None:
    made = change(after, before)
    for block in blocks_of(made.diff()):
        pieces = deltas(block)
        assert "".join(d.kept + d.removed for d in pieces) == block.removed
        assert "".join(d.kept + d.added for d in pieces) == block.added
