"""Lines quoted with a word misquoted or with dots in their middle: the new text and nothing else, or a refusal."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookiter.patch import Applied, PatchRefused, apply_patch
from patch.disturb import straight

WORDS = tuple(
    "the a of and to in he she it was had with for on at his her not from back lamp harbour bell rain window chart kettle"
    " fog street garden letter voice river stone boat winter coat walked looked asked laughed carried opened left took kept"
    " quiet last thin old grey long slow early dark".split()
)
FOREIGN = ("thereupon", "quartz", "seldom")
DOTS = ("...", "…", "[...]", "(rest unchanged)")
Paragraphs = list[list[str]]
Damage = Callable[[random.Random, list[str], int, int], tuple[list[str], list[str]]]


def _sentence(pick: random.Random) -> list[str]:
    words = [pick.choice(WORDS) for _ in range(pick.randint(5, 18))]
    words[0] = words[0].capitalize()
    if pick.random() < 0.3:
        words[-1] = "“" + words[-1] + ",” — he"
    return " ".join([*words[:-1], words[-1] + "."]).split(" ")


def _chapter(pick: random.Random) -> Paragraphs:
    """Paragraphs that share sentences, and one that is nearly another."""
    sentences = [_sentence(pick) for _ in range(pick.randint(8, 14))]
    paragraphs = [[w for s in pick.choices(sentences, k=pick.randint(1, 5)) for w in s] for _ in range(6)]
    likeness = list(pick.choice(paragraphs))
    for _ in range(pick.randint(1, 12)):
        likeness[pick.randrange(len(likeness))] = pick.choice(WORDS)
    return [*paragraphs, likeness]


def _text(paragraphs: Paragraphs) -> str:
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs) + "\n"


def _misquoted(pick: random.Random, old: list[str], at: int, shift: int) -> tuple[list[str], list[str]]:
    """One or two words misquoted alike before or behind the changed word ``at``."""
    was, will = list(old), list(old)
    will[at : at + 1] = ["bright"] * (1 + shift)
    words = [pick.choice([*FOREIGN, *WORDS]) for _ in range(2)]
    for word in words[: pick.randint(1, 2)]:
        spot = pick.randrange(len(old))
        if spot != at:
            was[spot] = will[spot if spot < at else spot + shift] = word
    return was, will


def _elided(pick: random.Random, old: list[str], at: int, shift: int) -> tuple[list[str], list[str]]:
    """The same words left out before or behind the changed word ``at``."""
    will = [*old[:at], *["bright"] * (1 + shift), *old[at + 1 :]]
    low, high = (0, at) if pick.random() < 0.5 else (at + 1, len(old))
    start = pick.randint(low, high)
    end = pick.randint(start, high)
    moved = shift if low else 0
    dots = pick.choice(DOTS)
    return [*old[:start], dots, *old[end:]], [*will[: start + moved], dots, *will[end + moved :]]


def _outcome(text: str, reply: str, *, reverse: bool = False) -> Applied | None:
    try:
        return apply_patch(text, reply, reverse=reverse)
    except PatchRefused:
        return None


def _case(pick: random.Random, damage: Damage) -> tuple[str, str, str]:
    """A chapter, the chapter with one word changed, and the diff of that whose lines are damaged."""
    before = _chapter(pick)
    number, shift = pick.randrange(len(before)), pick.randint(-1, 1)
    at = pick.randrange(len(before[number]))
    after = [*before]
    after[number] = [*before[number][:at], *["bright"] * (1 + shift), *before[number][at + 1 :]]
    was, will = damage(pick, before[number], at, shift)
    above = f" {' '.join(before[number - 1])}\n \n" if number and pick.random() < 0.5 else ""
    if was in before or will in after:
        # the damage made another paragraph's own words, and no tier can know
        was, will = before[number], after[number]
    diff = f"@@ @@\n{above}-{' '.join(was)}\n+{' '.join(will)}\n"
    return _text(before), _text(after), straight(diff) if pick.random() < 0.5 else diff


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from([_misquoted, _elided]), st.booleans())
def test_words_misquoted_or_left_out_alike_give_the_new_text_or_a_refusal(
    seed: int, damage: Damage, reverse: bool
) -> None:
    old, new, diff = _case(random.Random(seed), damage)  # noqa: S311 (no secrets here)
    if reverse:
        old, new = new, old
    done = _outcome(old, diff, reverse=reverse)
    assert done is None or done.text == new


@pytest.mark.parametrize(("damage", "tier"), [(_misquoted, "corrected"), (_elided, "filled")])
def test_such_lines_are_placed_often_enough_for_the_law_to_mean_something(damage: Damage, tier: str) -> None:
    pick = random.Random(14)  # noqa: S311 (no secrets here)
    cases = [_case(pick, damage) for _ in range(120)]
    done = [(_outcome(old, diff), new) for old, new, diff in cases]
    assert all(applied is None or applied.text == new for applied, new in done)
    assert sum(applied is not None and applied.hunks[0].tier == tier for applied, _ in done) >= 10
