"""The page of a change fits a terminal, and is left alone where there is none."""

from bookiter.cli.page import draw
from bookiter.glyphs import width

PAGE = """\
# Iteration summary

## Feedback

> Make chapter 3 darker with more internal conflict, and let the bell ring where it does the most harm to her

## Foundation

- ✓ Archetype: hero → anti-hero

## Major changes (★★★)

- **Chapter 3:** Complete rewrite for a darker tone, from the first waking to the bell that does not ring.
  - **Before:** Sarah wakes rested and goes to the library with the ledger under her arm, ready for whatever comes.
  - **After:** Sarah wakes from a nightmare.
  - The stairs speak
  - **Counted:** 812 → 994 words (+182), 61% of them changed

## Why these changes work

The dark comes before the bell, and \\# what was asked for &lt;b> is [there]\\(x).
"""

DRAWN = """\
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
ITERATION SUMMARY
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━

Feedback
  │ Make chapter 3 darker with more internal conflict, and let the bell ring
  │ where it does the most harm to her

Foundation
  ✓ Archetype: hero → anti-hero

Major changes (★★★)
  • Chapter 3: Complete rewrite for a darker tone, from the first waking to the
    bell that does not ring.
      Before: Sarah wakes rested and goes to the library with the ledger under
              her arm, ready for whatever comes.
      After: Sarah wakes from a nightmare.
      - The stairs speak
      Counted: 812 → 994 words (+182), 61% of them changed

Why these changes work
  The dark comes before the bell, and \\# what was asked for <b> is [there](x)."""


def test_the_page_is_drawn_for_eighty_columns() -> None:
    drawn = draw(PAGE, 80, colour=False)
    assert drawn == DRAWN
    assert max(map(width, drawn.splitlines())) <= 80


def test_a_narrow_terminal_loses_no_word() -> None:
    drawn = draw(PAGE, 40, colour=False)
    assert max(map(width, drawn.splitlines())) <= 40
    flat = " ".join(drawn.replace("│", "").replace("━", "").split())
    assert flat == " ".join(DRAWN.replace("│", "").replace("━", "").split())


def test_without_a_terminal_nothing_is_wrapped_or_painted() -> None:
    drawn = draw(PAGE, None, colour=False)
    assert "Complete rewrite for a darker tone, from the first waking to the bell that does not ring.\n" in drawn
    assert "\x1b" not in drawn


def test_headings_are_bold_and_what_is_counted_stands_back() -> None:
    drawn = draw(PAGE, 80, colour=True)
    assert "\x1b[1mMajor changes (★★★)\x1b[0m" in drawn
    assert "\x1b[2mCounted: 812" in drawn


def test_a_text_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in draw("# T\n\n- **a:** \x1b[2J\x1b[1mbold\n", 80, colour=False)
