"""What code finds in a change before anybody is asked for an opinion."""

from pathlib import Path
from typing import Any

import pytest

from bookiter.manuscript.book import Book
from bookiter.manuscript.config import load_config
from bookiter.stages.change import Change
from bookiter.stages.check import check
from bookiter.stages.documents import Intent, Target

PATH = "chapters/chapter-03.md"
BEFORE = (
    "---\ntitle: Thole\n---\n# The Library\n\nThe library smelled of tar, and “quiet” was written over the door.\n\n* * *\n\n"
    + "".join(
        f"“Page {n},” said Sarah, and she turned it over slowly with the handle of a spoon.\n\n" for n in range(12)
    )
    + "See [the map](map.png) and the note.[^1]\n\n> Dear Sarah,\n> come home.\n\n[^1]: Torn out.\n"
)


def intent(request: str = "Add a line of dialogue to chapter 3", **changes: Any) -> Intent:
    fields: dict[str, Any] = {
        "feedback": request,
        "intent_type": "modify",
        "confidence": 0.9,
        "target_type": "chapter",
        "scope": "specific",
        "action": "add_dialogue",
        "description": "…",
        "scale": "patch",
        "editor": "model",
        "targets": [Target(level="prose", number=3, path=PATH)],
    }
    return Intent.model_validate({**fields, **changes})


def found(
    tmp_path: Path, after: str, asked: Intent | None = None, *, path: str = PATH, before: str = BEFORE, yaml: str = ""
) -> set[str]:
    (tmp_path / "bookiter.yaml").write_text(yaml, encoding="utf-8")
    book = Book(tmp_path, load_config(tmp_path, {}, {}).config)
    change = Change.between({path: before}, {path: after})
    return {finding.check for finding in check(book, asked or intent(), change)}


def test_a_change_that_does_what_it_should_passes(tmp_path: Path) -> None:
    assert found(tmp_path, BEFORE.replace("slowly with", "slowly, with")) == set()
    assert found(tmp_path, BEFORE.replace("come home.\n", "come home soon.\n")) == set()


def test_no_change_is_a_finding(tmp_path: Path) -> None:
    assert found(tmp_path, BEFORE) == {"no_change"}


def test_a_file_outside_the_target_is_out_of_scope(tmp_path: Path) -> None:
    assert found(tmp_path, BEFORE + "x\n", path="chapters/chapter-01.md") == {"scope"}


@pytest.mark.parametrize(
    "placeholder",
    [
        "[The rest of the chapter remains unchanged]",
        "[... rest of chapter unchanged ...]",
        "(rest unchanged)",
        "… (continues)",
        "...\n\n[Previous scene continues here]",
        "*The remainder of the scene is unchanged.*",
        "[Original dialogue here]",
        "Rest of the chapter unchanged.",
        "[[7 paragraphs not shown]]",
        "[Insert argument]",
        "TODO: the storm",
    ],
)
def test_a_placeholder_is_found_however_it_is_dressed(tmp_path: Path, placeholder: str) -> None:
    assert "placeholder" in found(tmp_path, BEFORE + f"\n{placeholder}\n")


@pytest.mark.parametrize(
    "prose",
    [
        "He spent the rest of the day unchanged.",
        "“… the rest is silence,” said Sarah.",
        "The rest of them continued up the stairs.",
        "(The other letters, unopened, lay above.)",
        "She had nothing to do here but wait… and continue.",
        "Of course, she said. Certainly not.",
        "“Sure. Let me know,” she said.",
        "*The rest of him remains in Dover.*",
        "(The other passengers continue to sleep.)",
        "… the rest remains a mystery.",
        "[Your name here] was written on the form.",
        "Lo perdí todo: la casa, el perro.",
        "She was 5'2\" and stood at 52° 4' north.",
    ],
)
def test_prose_that_only_sounds_like_one_is_left_alone(tmp_path: Path, prose: str) -> None:
    assert found(tmp_path, BEFORE.replace("> Dear", f"{prose}\n\n> Dear")) == set()


@pytest.mark.parametrize(
    "line",
    [
        "“Would you like me to stay?” she asked.",
        "“Feel free to go,” he said.",
        "“Let me know if it rains.”",
        "I hope this letter finds you well.",
    ],
)
def test_a_last_line_of_the_story_is_no_remark(tmp_path: Path, line: str) -> None:
    assert found(tmp_path, BEFORE + f"\n{line}\n") == set()


@pytest.mark.parametrize(
    "line",
    [
        "# Here Is the House",
        "I have never liked the sea.",
        "Of course it rained.",
        "Here is the house.",
        "# Certainly Not",
    ],
)
def test_a_first_line_of_the_story_is_no_remark(tmp_path: Path, line: str) -> None:
    before = "A line to begin with.\n\n" + BEFORE.partition("* * *\n\n")[2]
    assert found(tmp_path, before.replace("A line to begin with.", line), before=before) == set()


def test_a_word_of_the_story_is_no_leave_to_cut(tmp_path: Path) -> None:
    quarter = BEFORE[: len(BEFORE) // 4] + "\n[^1]: Torn out.\n"
    for request in ("Make her less timid", "Let him drop the glass", "Give him a cut on the hand"):
        assert "length" in found(tmp_path, quarter, intent(request, scale="regenerate")), request
    assert "structure" in found(tmp_path, BEFORE.replace("[the map](map.png)", "the map"), intent("Make her blink"))


def test_paragraphs_written_anew_in_their_place_are_not_lost(tmp_path: Path) -> None:
    after = BEFORE.replace(
        "“Page 3,” said Sarah, and she turned it over slowly with the handle of a spoon.", "He put out the lamp."
    )
    after = after.replace(
        "“Page 4,” said Sarah, and she turned it over slowly with the handle of a spoon.", "Nothing stirred."
    )
    assert found(tmp_path, after) == set()


def test_a_lock_without_an_end_holds_to_the_end(tmp_path: Path) -> None:
    guarded = BEFORE.replace("> Dear", "<!-- Bookiter:Lock -->\n\n> Dear")
    assert found(tmp_path, guarded.replace("come home", "come back"), before=guarded) == {"locked"}


def test_invisible_characters_that_come_in_are_found(tmp_path: Path) -> None:
    assert found(tmp_path, BEFORE.replace("tar,", "tar\x1b[8m,")) == {"control"}
    assert found(tmp_path, BEFORE.replace("tar,", "t\ufffdr,")) == {"control"}


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        ("Here is the revised chapter:\n\n", ""),
        ("Sure! I've added the dialogue.\n\n", ""),
        ("", "\nLet me know if you want more changes.\n"),
        ("", "\nAs an AI language model I kept it short.\n"),
    ],
)
def test_a_models_remarks_are_found(tmp_path: Path, head: str, tail: str) -> None:
    assert "chatter" in found(tmp_path, head + BEFORE + tail)


def test_a_fence_around_the_text_is_found(tmp_path: Path) -> None:
    assert "chatter" in found(tmp_path, f"```markdown\n{BEFORE}```\n")


@pytest.mark.parametrize(
    "lost",
    [
        "---\ntitle: Thole\n---\n",
        "# The Library\n\n",
        "* * *\n\n",
        "[the map](map.png)",
        "[^1]: Torn out.\n",
        "> Dear Sarah,\n> come home.\n",
    ],
)
def test_structure_that_vanishes_is_found(tmp_path: Path, lost: str) -> None:
    assert "structure" in found(tmp_path, BEFORE.replace(lost, "", 1))


def test_structure_that_was_to_go_may_go(tmp_path: Path) -> None:
    asked = intent("Take out the scene break in chapter 3", intent_type="remove")
    assert found(tmp_path, BEFORE.replace("* * *\n\n", ""), asked) == set()


def test_paragraphs_that_vanish_unasked_are_found(tmp_path: Path) -> None:
    shorter = BEFORE
    for number in (3, 4, 5):
        shorter = shorter.replace(
            f"“Page {number},” said Sarah, and she turned it over slowly with the handle of a spoon.\n\n", ""
        )
    assert found(tmp_path, shorter) == {"lost_paragraphs"}
    unlike = BEFORE.replace(
        "> Dear Sarah",
        "The tide table hung crooked.\n\nNobody had wound the clock.\n\nA gull walked in.\n\n> Dear Sarah",
    )
    assert "lost_paragraphs" in found(tmp_path, BEFORE, before=unlike)
    assert "lost_paragraphs" not in found(tmp_path, BEFORE, intent("Shorten chapter 3"), before=unlike)


def test_a_text_that_shrinks_or_swells_unasked_is_found(tmp_path: Path) -> None:
    half = BEFORE[: len(BEFORE) // 4] + "\n[^1]: Torn out.\n"
    assert "length" in found(tmp_path, half, intent("Change the mood", scale="regenerate"))
    assert "length" not in found(tmp_path, half, intent("Cut it to a quarter", scale="regenerate"))
    assert "length" in found(tmp_path, BEFORE + BEFORE.partition("* * *")[2] * 2, intent("Change the mood"))
    assert "length" not in found(tmp_path, BEFORE + BEFORE.partition("* * *")[2] * 2, intent("Expand it"))


def test_straight_quotes_in_a_curly_text_are_found(tmp_path: Path) -> None:
    assert found(tmp_path, BEFORE.replace("> Dear", '"Who?" said Sarah.\n\n> Dear')) == {"quote_style"}


def test_an_emptied_file_is_found_even_for_an_exact_edit(tmp_path: Path) -> None:
    assert found(tmp_path, " \n", intent(editor="builtin")) == {"emptied"}


def test_a_locked_file_and_a_locked_passage_are_kept(tmp_path: Path) -> None:
    assert found(tmp_path, BEFORE + "x\n", yaml="locked: ['chapters/*']\n") == {"locked"}
    guarded = BEFORE.replace("> Dear", "<!-- bookiter:lock -->\nThe oath stands.\n<!-- bookiter:unlock -->\n\n> Dear")
    assert found(tmp_path, guarded.replace("The oath stands", "The oath falls"), before=guarded) == {"locked"}
    assert found(
        tmp_path, guarded.replace("The oath stands", "The oath falls"), intent(editor="builtin"), before=guarded
    ) == {"locked"}
    assert found(tmp_path, guarded.replace("come home", "come back"), before=guarded) == set()
