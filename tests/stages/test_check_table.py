"""Honest edits that the checks must let pass, and damages that they must find; a new case is a new line."""
# ruff: noqa: E501 - a case is a line

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bookiter.manuscript.book import Book
from bookiter.manuscript.config import load_config
from bookiter.stages.change import Change
from bookiter.stages.check import check
from bookiter.stages.documents import Intent, Target

PATH = "chapters/chapter-03.md"
HEAD = """---
title: The Low Light
date: 2026-03-01
pov: Maren
---
# The Low Light

"""
BODY = """The lamp at Skarre had burned for forty-one years when Maren Holt was sent to put it out. She came by the mail boat—there was no other—and stood on the slip with one bag and a letter nobody had opened.

“You’re the new one,” said Tobias. He was sitting on a crate marked *oil*, and he did not get up.

“I’m the last one,” said Maren.

He looked at that for a while… then he laughed, not kindly, and took her bag. The path went up behind the boathouse, a hundred and twelve steps cut into the rock, and he counted none of them aloud.

At the top the wind had taken the paint off everything that faced west. Tobias showed her the stove, the pump, the ledger, and the bed, in that order—as if a keeper might leave at any of them. Nobody had slept there since Easter.

* * *

She read the ledger that night. Every entry was in the same hand until 1987, and after that there were two hands, which agreed about nothing but the weather.

> Wind south-west, fresh. Lamp lit at 5.40.
> Saw no ship.

It went on like that for page after page, and by midnight she knew the handwriting of Edda Skarre better than her own mother’s. Edda pressed hard… Edda crossed her sevens. On the third of November she had written a whole line and scratched it out with the nib.

“What did she write?” Maren asked in the morning.

“Edda?” Tobias turned his cup around. “She wrote what she saw. That was the trouble—she saw things.”

The [chart in the lamp room](chart.pdf) had a ring drawn on it in red pencil, four miles out, where the sounding gave no bottom.[^1] Maren put her thumb on it and it came away clean.

![The lamp room, as it was](lamp-room.png)

* * *

By Thursday the fog had come down, and the boat did not. Tobias split wood as though it had insulted him… Maren wound the clockwork, trimmed the wick, and waited for the hour at which a light is lit that is to be put out for good.

“You could leave it burning,” said Tobias. “Who’d know?”

“The whole coast would know.”

“The whole coast has Brandt’s new light on the point—electric, and nobody in it.” He said *nobody* the way other men say the name of a creditor. “They gave Brandt a medal. They gave Edda a letter.”

Maren thought of the letter in her bag. It had been handed to her by a clerk in Valdby who did not look at her, and it was addressed to nobody… only to The Keeper.

<!-- check the date of the storm -->

She lit the lamp at twenty to six. The fog turned to milk, and in the milk, four miles out, something answered: one long, one short—and then a dark so even that she took it for her own eyelids.

“Tobias,” she said, and found that he was already on the stairs, and that he had brought the ledger and the pen with him.

| hour | light |
|------|-------|
| 5.40 | lit |
| 6.10 | answered |

He wrote it down without asking what it was. His hand shook… his sevens were crossed. Below the line he left room for one more, as every keeper of Skarre had done before him, and shut the book on the pen.

[^1]: The survey of 1911 gives 290 fathoms and a query.
"""
TEXT = HEAD + BODY


def intent(request: str, **changes: Any) -> Intent:
    fields: dict[str, Any] = {
        "feedback": request,
        "intent_type": "modify",
        "confidence": 0.9,
        "target_type": "chapter",
        "scope": "specific",
        "action": "change",
        "description": "…",
        "scale": "patch",
        "editor": "model",
        "targets": [Target(level="prose", number=3, path=PATH)],
    }
    return Intent.model_validate({**fields, **changes})


def found(tmp_path: Path, request: str, after: str, before: str = TEXT, **asked: Any) -> set[str]:
    book = Book(tmp_path, load_config(None, {}, {}).config)
    findings = check(book, intent(request, **asked), Change.between({PATH: before}, {PATH: after}))
    return {finding.check for finding in findings}


Edit = Callable[[str], str]


def swap(*pairs: tuple[str, str]) -> Edit:
    """Return an edit that replaces passages, each of which stands in the text."""

    def edit(text: str) -> str:
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new, 1)
        return text

    return edit


def every(old: str, new: str) -> Edit:
    return lambda text: text.replace(old, new)


def behind(words: str, *paragraphs: str) -> Edit:
    """Return an edit that adds paragraphs behind the one that holds these words."""

    def edit(text: str) -> str:
        at = text.index("\n\n", text.index(words))
        return text[:at] + "".join(f"\n\n{paragraph}" for paragraph in paragraphs) + text[at:]

    return edit


def without(*words: str) -> Edit:
    """Return an edit that takes out the paragraphs that hold these words."""

    def edit(text: str) -> str:
        parts = text.split("\n\n")
        kept = [part for part in parts if not any(word in part for word in words)]
        assert len(kept) < len(parts)
        return "\n\n".join(kept)

    return edit


def exchanged(one: str, other: str) -> Edit:
    """Return an edit that lets two paragraphs change places."""

    def edit(text: str) -> str:
        parts = text.split("\n\n")
        i, j = (next(at for at, part in enumerate(parts) if words in part) for words in (one, other))
        parts[i], parts[j] = parts[j], parts[i]
        return "\n\n".join(parts)

    return edit


def each(change: Callable[[str], str], least: int = 12) -> Edit:
    """Return an edit of every longer paragraph of prose."""

    def edit(text: str) -> str:
        parts = text.split("\n\n")
        prose = [len(p.split()) >= least and p[0] not in "#>|<[!-" for p in parts]
        return "\n\n".join(change(p) if is_prose else p for p, is_prose in zip(parts, prose, strict=True))

    return edit


def all_of(*edits: Edit) -> Edit:
    def edit(text: str) -> str:
        for one in edits:
            text = one(text)
        return text

    return edit


DARKER = all_of(
    swap(
        (
            "At the top the wind had taken the paint off everything that faced west. Tobias showed her the stove, the pump, "
            "the ledger, and the bed, in that order—as if a keeper might leave at any of them. Nobody had slept there since Easter.",
            "At the top the wind had taken the paint, and some of the wood under it. Tobias showed her the stove, the pump, the "
            "ledger, and last of all the bed—stripped, and still holding the shape of somebody. He did not say whose.",
        ),
        (
            "By Thursday the fog had come down, and the boat did not. Tobias split wood as though it had insulted him… ",
            "By Thursday the fog had come down, and the boat did not. Tobias split wood until his hands bled… ",
        ),
        (
            "“The whole coast would know.”",
            "“The drowned would know,” said Maren, and was sorry at once to have said it in that room.",
        ),
    )
)
ANEW_LINES = (
    "Nothing on the rock was dry. What did not drip rusted, and what did not rust grew a fur of salt that came off on the "
    "fingers and stung for an hour.",
    "She counted the panes in the lantern, and then the cracks in the panes. There were fewer panes.",
    "He spoke of the winter of the ice as other people speak of a brother. It had come to stay, it had eaten everything, and "
    "one morning it had gone without a word.",
)


_OTHER_WORDS = {
    " the ": " that ", " and ": ", and in time ", " he ": " the old man ", " she ": " the young woman ", " was ": " had been ",
    " it ": " the thing ", " had ": " had long ago ", " said ": " answered ", " at ": " over by ", " in ": " deep inside ",
}  # fmt: skip


def rewritten(paragraph: str) -> str:
    """Say a paragraph in other words."""
    for old, new in _OTHER_WORDS.items():
        paragraph = paragraph.replace(old, new)
    return paragraph


def from_scratch(text: str) -> str:
    """Write every longer paragraph anew, and leave what is no prose."""
    count = iter(range(100))
    said = (
        "It was {0} fathoms of weather on top of a stone, and the sea went on adding to it in a hand that nobody could read. "
        "Of the {0} doors of the house Maren tried each, and the last was painted on the wall."
    )
    numbers = "ten twenty thirty forty fifty sixty seventy eighty ninety eleven twelve thirteen fourteen fifteen sixteen".split()
    return each(lambda _: said.format(numbers[next(count)]))(text)


HONEST: dict[str, tuple[str, Edit, dict[str, Any]]] = {
    "a word": ("Make the laugh unkinder", swap(("not kindly", "like a hinge")), {}),
    "a few paragraphs darker": ("Make chapter 3 darker", DARKER, {}),
    "a line of dialogue": ("Add a line of dialogue", behind("I’m the last one", "“Then God help us,” he said."), {"intent_type": "add"}),
    "three paragraphs": ("Add her first night", behind("since Easter", *ANEW_LINES), {"intent_type": "add"}),
    "a scene with its break": ("Add a scene at the pump", behind("since Easter", "* * *", *ANEW_LINES), {"intent_type": "add"}),
    "a paragraph at the end": ("Add a last image", lambda t: t.replace("\n[^1]:", f"\n{ANEW_LINES[1]}\n\n[^1]:"), {"intent_type": "add"}),
    "a paragraph written anew": (
        "Make the clerk’s letter stranger",
        swap(
            (
                "It had been handed to her by a clerk in Valdby who did not look at her, and it was addressed to nobody… only to The Keeper.",
                "There was no stamp on it, nor any crease, and when she held it to the stove it was not warm.",
            )
        ),
        {},
    ),
    "a sentence less": ("Make the landing plainer", swap(("She came by the mail boat—there was no other—and stood", "She stood")), {}),
    "a paragraph cut on request": ("Delete the paragraph about the whole coast", without("whole coast would"), {"intent_type": "remove"}),
    "a scene cut on request": (
        "Cut the scene with the ledger",
        lambda t: t[: t.index("She read the ledger")] + t[t.index("By Thursday") :].replace("[^1]: The survey of 1911 gives 290 fathoms and a query.\n", ""),
        {"intent_type": "remove"},
    ),
    "two paragraphs made one": ("Let the opening run on", swap(("get up.\n\n“I’m", "get up. “I’m")), {}),
    "a paragraph split": ("Let the ledger breathe", swap(("mother’s. Edda pressed", "mother’s.\n\nEdda pressed")), {}),
    "shorter on request": ("Shorten chapter 3", each(lambda p: ". ".join(p.split(". ")[:1]).rstrip(".") + "."), {}),
    "tighter on request": ("Tighten the prose", each(lambda p: ". ".join(p.split(". ")[:2]).rstrip(".") + "."), {"scale": "regenerate"}),
    "the whole anew": ("Make it stranger", each(rewritten), {"scale": "regenerate"}),
    "from scratch": (
        "Rewrite chapter 3 from scratch",
        all_of(from_scratch, lambda t: t.replace("\n[^1]:", "\nThe chart had a hole in it.[^1] See the [chart](chart.pdf).\n\n[^1]:").replace("* * *\n\n", "", 1)),
        {"intent_type": "regenerate", "scale": "regenerate"},
    ),
    "a rename asked for": ("Rename Tobias to Anton", every("Tobias", "Anton"), {}),
    "a name asked to change": ("Change the name of the old man", every("Tobias", "Anton"), {}),
    "a name asked away": ("Leave Brandt out of the talk", swap(("has Brandt’s new light", "has a new light"), ("They gave Brandt a medal. ", "")), {}),
    "first person": ("Put it into the first person", all_of(every("Maren thought", "I thought"), every("said Maren", "I said"), every("Maren Holt was", "I was"), every("Maren asked", "I asked"), every("Maren wound", "I wound"), every("Maren put her", "I put my")), {}),
    "a name in passing": ("Make the clerk nameless and far", swap(("a clerk in Valdby who", "a clerk, on the mainland, who")), {}),
    "a new name": ("Give the clerk a name", swap(("by a clerk in Valdby", "by Linus Aabel, the clerk in Valdby,")), {}),
    "a date asked for": ("The hands should part in 1978", swap(("until 1987", "until 1978")), {}),
    "another year in words": ("Change the year the hands part", swap(("until 1987", "until 1990")), {}),
    "a number spelt out": ("Spell out the times", swap(("290 fathoms", "two hundred and ninety fathoms")), {}),
    "a number in a new sentence": ("Let him say how old he is", swap(("he did not get up.", "he did not get up. He was sixty, or looked it.")), {}),
    "a heading asked for": ("Retitle the chapter", swap(("# The Low Light", "# Skarre")), {}),
    "a heading by its word": ("The light should be high", all_of(every("Low Light", "High Light")), {}),
    "a key asked for": ("Set the date to the first of April", swap(("date: 2026-03-01", "date: 2026-04-01")), {}),
    "a link asked for": ("Remove the link to the chart", swap(("[chart in the lamp room](chart.pdf)", "chart in the lamp room")), {}),
    "a link asked to point elsewhere": ("Let the link point to map.pdf", swap(("(chart.pdf)", "(map.pdf)")), {}),
    "the words of a link": ("Call it a map", swap(("[chart in the lamp room]", "[map in the lamp room]")), {}),
    "the picture's words": ("Let the lamp room look older", swap(("![The lamp room, as it was]", "![The lamp room, before the fire]")), {}),
    "a note added": ("Add a footnote on the slip", lambda t: t.replace("on the slip", "on the slip[^2]", 1) + "[^2]: Rebuilt twice.\n", {"intent_type": "add"}),
    "notes numbered anew": ("Add a note on the slip", lambda t: t.replace("[^1]", "[^2]").replace("on the slip", "on the slip[^1]", 1) + "[^1]: Rebuilt twice.\n", {"intent_type": "add"}),
    "a note away with its text": ("Remove the footnote", lambda t: t.replace("[^1]: The survey of 1911 gives 290 fathoms and a query.\n", "").replace("[^1]", ""), {}),
    "the scene break asked away": ("Join the first two scenes, without the break", lambda t: t.replace("* * *\n\n", "", 1), {}),
    "a comment asked away": ("Remove the comment about the storm", swap(("<!-- check the date of the storm -->\n\n", "")), {}),
    "a row more": ("Add an hour to the table", swap(("| 6.10 | answered |", "| 6.10 | answered |\n| 6.20 | dark |")), {"intent_type": "add"}),
    "a quoted entry changed": ("Let the entry name a ship", swap(("> Saw no ship.", "> Saw one ship, which did not see me.")), {}),
    "moved on request": ("Move the fog before the ledger", exchanged("By Thursday", "She read the ledger"), {}),
    "reordered on request": ("Reorder the talk", exchanged("You could leave", "The whole coast would"), {}),
    "a refrain on request": ("Repeat the sentence about the lamp at the end", lambda t: t.replace("\n[^1]:", "\nThe lamp at Skarre had burned for forty-one years when Maren Holt was sent to put it out.\n\n[^1]:"), {}),
    "a dash more": ("Break his sentence off", swap(("“Who’d know?”", "“Who’d—”")), {}),
    "feet and minutes": ("Say how tall he is", swap(("did not get up.", "did not get up, all 6'2\" of him.")), {}),
    "straight quotes on request": ("Use straight quotes", all_of(every("“", '"'), every("”", '"'), every("’", "'")), {}),
    "another line at the end": ("Change the ending", swap(("and shut the book on the pen.", "and let the ink dry.")), {}),
    "the ending cut on request": ("Cut the last paragraph", without("He wrote it down"), {}),
    "shorter, and something kept": ("Shorten chapter 3 without losing the links", each(lambda p: p if "](" in p else ". ".join(p.split(". ")[:1]).rstrip(".") + "."), {}),
    "a time asked for": ("Let her light the lamp at 5.50 instead of 5.40", every("5.40", "5.50"), {}),
    "to keep is not to lose": ("Make it colder, but keep the headings and the links", swap(("not kindly", "coldly")), {}),
    "a longer one": ("Expand the walk up", swap(("and he counted none of them aloud.", f"and he counted none of them aloud. {' '.join(ANEW_LINES)}")), {}),
}  # fmt: skip


@pytest.mark.parametrize(("request_", "edit", "asked"), HONEST.values(), ids=HONEST)
def test_an_honest_edit_passes(tmp_path: Path, request_: str, edit: Edit, asked: dict[str, Any]) -> None:
    after = edit(TEXT)
    assert after != TEXT
    assert found(tmp_path, request_, after, **asked) == set()


ASK = "Make the mood colder"
ANEW = {"scale": "regenerate"}
ADD = {"intent_type": "add"}


def halved(paragraph: str) -> str:
    words = paragraph.split(" ")
    return " ".join(words[: int(len(words) * 0.55)]).rstrip(",—…") + "."


DAMAGE: dict[str, tuple[str, Edit, str, dict[str, Any]]] = {
    "half of each paragraph": (ASK, each(halved), "lost_paragraphs", ANEW),
    "the second sentences": (ASK, each(lambda p: p.split(". ")[0].rstrip(".") + "."), "lost_paragraphs", ANEW),
    "the last paragraphs": (ASK, lambda t: t[: t.index("“Tobias,” she said")] + "[^1]: The survey of 1911 gives 290 fathoms and a query.\n", "lost_paragraphs", ANEW),
    "the last paragraph": (ASK, without("He wrote it down"), "lost_paragraphs", {}),
    "cut in a sentence": (ASK, lambda t: t[: t.index(" and shut the book on the pen.")] + "\n", "lost_paragraphs", ANEW),
    "paragraphs here and there": (ASK, without("At the top", "What did she write", "You could leave", "She lit the lamp"), "lost_paragraphs", {}),
    "one lost to an addition": ("Add a line about the pump", all_of(without("“What did she write"), behind("since Easter", ANEW_LINES[1])), "lost_paragraphs", ADD),
    "a cut hidden in an addition": ("Add a line about the pump", all_of(swap((" Maren wound the clockwork, trimmed the wick, and waited for the hour at which a light is lit that is to be put out for good.", "")), behind("since Easter", ANEW_LINES[1])), "lost_paragraphs", ADD),
    "most of the text": (ASK, lambda t: HEAD + t[t.index("She lit the lamp") :], "length", ANEW),
    "the text twice": (ASK, lambda t: t + t[t.index("The lamp at") :], "doubled", {}),
    "two neighbours swapped": (ASK, exchanged("At the top", "She read the ledger"), "order", {}),
    "the scenes in another order": (ASK, lambda t: HEAD + t[t.index("By Thursday") : t.index("| hour")] + "* * *\n\n" + t[len(HEAD) : t.index("By Thursday")] + t[t.index("| hour") :], "order", ANEW),
    "a paragraph twice": (ASK, behind("By Thursday", "Maren thought of the letter in her bag. It had been handed to her by a clerk in Valdby who did not look at her, and it was addressed to nobody… only to The Keeper."), "doubled", {}),
    "old and new side by side": (ASK, swap(("At the top the wind", "At the top the cold wind had taken the paint off everything that faced west. It never stopped. Tobias showed her the stove, the pump, the ledger, and the bed, in that order—as if a keeper might leave at any of them.\n\nAt the top the wind")), "doubled", ANEW),
    "a sentence twice": (ASK, swap(("and it came away clean.", "and it came away clean. Every entry was in the same hand until 1987, and after that there were two hands, which agreed about nothing but the weather.")), "doubled", {}),
    "the front matter": (ASK, lambda t: t.removeprefix(HEAD.partition("# ")[0]), "structure", {}),
    "a key of it": (ASK, swap(("pov: Maren\n", "")), "structure", {}),
    "a value of it": (ASK, swap(("date: 2026-03-01", "date: 2026-05-09")), "structure", {}),
    "a key too many": (ASK, swap(("pov: Maren\n", "pov: Maren\nstatus: revised\n")), "structure", {}),
    "the heading": (ASK, swap(("# The Low Light\n\n", "")), "structure", {}),
    "another heading": (ASK, swap(("# The Low Light", "# Chapter Three: Cold")), "structure", {}),
    "a lower heading": (ASK, swap(("# The Low Light", "## The Low Light")), "structure", {}),
    "a heading too many": (ASK, swap(("By Thursday", "## Fog\n\nBy Thursday")), "structure", {}),
    "a year, though a chapter has a number too": ("Make chapter 3 colder", swap(("until 1987", "until 1978")), "figures", {}),
    "a scene break of a scene that was spoken of": ("Make the scene at the lamp colder", lambda t: t.replace("* * *\n\n", "", 1), "structure", {}),
    "a name, though the characters were spoken of": ("Make the characters colder", every("Edda", "the keeper"), "names", {}),
    "links said to be kept": ("Shorten it without losing the links", swap(("[chart in the lamp room](chart.pdf)", "chart")), "structure", {}),
    "headings said to be kept": ("Make it colder, but keep the headings", swap(("# The Low Light\n\n", "")), "structure", {}),
    "a link": (ASK, swap(("[chart in the lamp room](chart.pdf)", "chart in the lamp room")), "structure", {}),
    "a link that leads elsewhere": (ASK, swap(("(chart.pdf)", "(https://evil.example/chart.pdf)")), "structure", {}),
    "a link nobody asked for": (ASK, swap(("The whole coast would know.", "The whole coast would know. See https://evil.example/x")), "structure", {}),
    "an image": (ASK, without("![The lamp room"), "structure", {}),
    "another image": (ASK, swap(("lamp-room.png", "lamp.png")), "structure", {}),
    "a note's mark": (ASK, swap(("no bottom.[^1]", "no bottom.")), "structure", {}),
    "a note's text": (ASK, swap(("[^1]: The survey of 1911 gives 290 fathoms and a query.\n", "")), "structure", {}),
    "a scene break": (ASK, lambda t: t.replace("* * *\n\n", "", 1), "structure", {}),
    "a scene break written otherwise": (ASK, lambda t: t.replace("* * *", "---", 1), "structure", {}),
    "a break at the end": (ASK, lambda t: t + "\n* * *\n", "structure", {}),
    "the quoted entry": (ASK, swap(("> Wind south-west, fresh. Lamp lit at 5.40.\n> Saw no ship.\n\n", "")), "structure", {}),
    "a comment": (ASK, swap(("<!-- check the date of the storm -->\n\n", "")), "structure", {}),
    "a comment of the model's": (ASK, swap(("She lit the lamp", "<!-- made colder -->\n\nShe lit the lamp")), "structure", {}),
    "a row of the table": (ASK, swap(("| 6.10 | answered |\n", "")), "structure", {}),
    "a name": (ASK, every("Edda", "the keeper"), "names", {}),
    "a name misspelt": (ASK, swap(("Tobias turned his cup", "Tobais turned his cup")), "names", {}),
    "a name spelt otherwise throughout": (ASK, every("Brandt", "Brand"), "names", {}),
    "a year": (ASK, swap(("until 1987", "until 1978")), "figures", {}),
    "a number in words": (ASK, swap(("forty-one years", "thirty-one years")), "figures", {}),
    "a distance": (ASK, swap(("answered: one long", "answered, it seemed: one long"), ("in the milk, four miles out", "in the milk, five miles out")), "figures", {}),
    "a weekday": (ASK, swap(("By Thursday", "By Tuesday")), "figures", {}),
    "a number that is gone": (ASK, swap((" until 1987, and after that", " until the end, and then")), "figures", {}),
    "straight quotes": (ASK, swap(("“The whole coast would know.”", '"The whole coast would freeze."')), "quote_style", {}),
    "a straight apostrophe": (ASK, swap(("“Who’d know?”", "“Who'd care?”")), "quote_style", {}),
    "spaced dashes": (ASK, swap(("one short—and then", "one short — and then")), "dash_style", {}),
    "double hyphens": (ASK, swap(("one short—and then", "one short--and then")), "dash_style", {}),
    "three dots": (ASK, swap(("His hand shook…", "His hand shook...")), "ellipsis_style", {}),
    "other line ends": (ASK, lambda t: t.replace("\n\n“I’m the last", "\r\n\r\n“I’m the very last"), "line_endings", {}),
    "a remark": (ASK, lambda t: "Here is the revised chapter:\n\n" + t, "chatter", {}),
    "a mark of a conflict": (ASK, swap(("By Thursday", "=======\n>>>>>>> REPLACE\n\nBy Thursday")), "chatter", {}),
    "a head of a diff": (ASK, swap(("By Thursday", "@@ -40,3 +40,9 @@\n\nBy Thursday")), "chatter", {}),
    "a thought": (ASK, lambda t: t + "\n<think>He should be colder.</think>\n", "chatter", {}),
    "a placeholder": (ASK, swap(("He wrote it down", "[... rest of scene unchanged ...]\n\nHe wrote it down")), "placeholder", {}),
}  # fmt: skip


@pytest.mark.parametrize(("request_", "edit", "check_", "asked"), DAMAGE.values(), ids=DAMAGE)
def test_a_damage_is_found(tmp_path: Path, request_: str, edit: Edit, check_: str, asked: dict[str, Any]) -> None:
    after = edit(TEXT)
    assert after != TEXT
    assert check_ in found(tmp_path, request_, after, **asked)


def test_the_tables_are_as_long_as_they_should_be() -> None:
    assert min(len(HONEST), len(DAMAGE)) >= 40
