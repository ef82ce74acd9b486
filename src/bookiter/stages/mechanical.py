"""The built-in editor as the stages use it: one reading of a request, shared by all of them."""

from functools import lru_cache

from bookiter.builtin import Edit, parse
from bookiter.manuscript.book import Book


def mechanical_edit(feedback: str, book: Book) -> Edit | None:
    """Return the exact edit that a request asks for; None when any word of it is not certain."""
    return _parsed(feedback.strip(), tuple(book.config.levels))


@lru_cache(maxsize=16)
def _parsed(feedback: str, levels: tuple[str, ...]) -> Edit | None:
    return parse(feedback, nouns=levels)
