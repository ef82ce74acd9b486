"""Words are counted as they are listed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookiter.text import count_words, words

_TRICKY = "ab1é_-'’‐‑ .\n\u00ad\u0301\u2060\x1c\x85\u2028\u00a0“”—…漢字ー²½"


@given(st.text(alphabet=_TRICKY, max_size=12) | st.text(max_size=40))
def test_counting_words_is_listing_them(text: str) -> None:
    assert count_words(text) == len(words(text))


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), (" - ", 0), ("rope’s end", 2), ("well-known", 1), ("“Whose?”—she", 2), ("1,000", 2), ("\ud800", 0)],
)
def test_what_counts_as_a_word(text: str, count: int) -> None:
    assert count_words(text) == count
