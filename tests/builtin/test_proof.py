"""The proof finds what should not have happened."""

import pytest

from bookiter.builtin import Append, Delete, Edit, Insert, Rename, Replace, Retitle, Typography, verify

LAMP = "It rained. The lamp burned. She slept.\n\nHe left.\n\nThey ate.\n"

WRONG: list[tuple[str, Edit, str, str]] = [
    ("a form left over", Rename("Sarah", "Clara"), "Sarah saw Sarah.", "Clara saw Sarah."),
    ("inside another word", Rename("Ann", "Ruth"), "Ann saw Annie.", "Ruth saw Ruthie."),
    ("another new name", Rename("Sarah", "Clara"), "Sarah left.", "Emma left."),
    ("upper case lost", Rename("Sarah", "Clara"), "SARAH! Sarah!", "Clara! Clara!"),
    ("the possessive lost", Rename("Sarah", "Clara"), "Sarah’s lamp.", "Clara’ lamp."),
    ("a bare possessive kept", Rename("James", "Peter"), "James’ lamp.", "Peter’ lamp."),
    ("in a link", Rename("Sarah", "Clara"), "Sarah [x](Sarah.md)", "Clara [x](Clara.md)"),
    ("in code", Rename("Sarah", "Clara"), "Sarah `Sarah`", "Clara `Clara`"),
    ("two swapped", Rename("Sarah", "Clara"), "Sarah met Clara.", "Clara met Sarah."),
    ("a capital lost", Replace("grey", "gray"), "Grey sea.", "gray sea."),
    ("the rest edited", Replace("grey", "gray"), "A grey sea.", "A gray lake."),
    ("quotes changed too", Replace("grey", "gray"), "“A grey sea.”", '"A gray sea."'),
    ("line ends changed too", Replace("grey", "gray"), "A grey\r\nsea.", "A gray\nsea."),
    ("the wrong sentence", Delete("sentence", "The lamp burned."), LAMP, LAMP.replace("She slept.", "")),
    (
        "more than the sentence",
        Delete("sentence", "The lamp burned."),
        LAMP,
        LAMP.replace("The lamp burned. She slept.", ""),
    ),
    ("a space too many left", Delete("sentence", "The lamp burned."), LAMP, LAMP.replace("The lamp burned.", "")),
    ("half the sentence", Delete("sentence", "The lamp", "begins"), LAMP, LAMP.replace("The lamp ", "")),
    ("paragraphs joined", Delete("paragraph", "He left."), LAMP, LAMP.replace("\n\nHe left.\n\n", "\n")),
    ("two paragraphs", Delete("paragraph", "He left."), LAMP, LAMP.replace("He left.\n\nThey ate.\n", "")),
    ("other words in", Append("All slept."), LAMP, LAMP + "\nAll died.\n"),
    ("in the wrong place", Append("All slept."), LAMP, "All slept.\n\n" + LAMP),
    ("on the wrong side", Insert("after", "He left.", "She sat."), LAMP, LAMP.replace("He left.", "She sat. He left.")),
    (
        "at another place",
        Insert("after", "He left.", "She sat."),
        LAMP,
        LAMP.replace("They ate.", "They ate. She sat."),
    ),
    ("another title", Retitle("Home"), "# Storm\n\nOut.\n", "# House\n\nOut.\n"),
    ("text changed with the title", Retitle("Home"), "# Storm\n\nOut.\n", "# Home\n\nIn.\n"),
    ("a quote turned", Typography(frozenset({"curly-quotes"})), 'He said "go" now.', "He said ”go“ now."),
    ("a straight one left", Typography(frozenset({"curly-quotes"})), '"Go," she said. "Go."', '“Go,” she said. "Go."'),
    ("code curled", Typography(frozenset({"curly-quotes"})), '"Go" `"x"`', "“Go” `“x”`"),
    ("a word changed", Typography(frozenset({"ellipses"})), "Well... no.", "Well… yes."),
    ("another rule's marks", Typography(frozenset({"ellipses"})), "Well... a--b", "Well… a—b"),
    ("a hard break lost", Typography(frozenset({"double-spaces"})), "a  b  \nc", "a b \nc"),
    ("a rule turned", Typography(frozenset({"em-dashes"})), "a--b\n\n---\n\nc", "a—b\n\n—\n\nc"),
]


@pytest.mark.parametrize(("edit", "before", "after"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_a_wrong_outcome_is_found(edit: Edit, before: str, after: str) -> None:
    assert verify(edit, {"a.md": before}, {"a.md": after})


def test_a_text_that_was_not_there_is_found() -> None:
    assert verify(Rename("Sarah", "Clara"), {"a.md": "Sarah"}, {"a.md": "Clara", "b.md": "Clara"})


def test_a_deletion_in_two_texts_is_found() -> None:
    before = {"a.md": LAMP, "b.md": LAMP}
    after = {path: text.replace("He left.\n\n", "") for path, text in before.items()}
    assert any("more than one text" in finding for finding in verify(Delete("paragraph", "He left."), before, after))


def test_a_text_not_given_counts_as_unchanged() -> None:
    before = {"a.md": "Sarah left.\n", "b.md": "Nobody came.\n"}
    assert verify(Rename("Sarah", "Clara"), before, {"a.md": "Clara left.\n"}) == ()
    assert verify(Rename("Sarah", "Clara"), {**before, "b.md": "Sarah came.\n"}, {"a.md": "Clara left.\n"})


def test_a_finding_names_path_and_line() -> None:
    findings = verify(
        Rename("Sarah", "Clara"), {"a.md": "One.\n\nSarah saw Sarah.\n"}, {"a.md": "One.\n\nClara saw Sarah.\n"}
    )
    assert findings == ("a.md:3: “Sarah” still stands here",)
