"""What a writer or judge should know besides the text itself: upstream levels and what earlier iterations settled."""

from bookiter.manuscript.book import Book
from bookiter.stages.documents import Target
from bookiter.store.history import read_history
from bookiter.text import one_line

_CHARS_PER_LEVEL = 6000
_ENTRIES = 20
_BEATS = "chapters"


def background_for(book: Book, target: Target) -> str:
    """Return the upstream content of a unit: the single documents whole, of the beats only its own chapter's."""
    found = []
    for level in book.levels_with_content():
        if level == target.level:
            break
        units = book.level(level)
        chosen = [u for u in units if u.number == target.number] if level == _BEATS else list(units[:1])
        found += [f"{unit.label}:\n{book.read(unit.path)[:_CHARS_PER_LEVEL].strip()}" for unit in chosen]
    return "\n\n".join(found)


def history_of(book: Book, level: str) -> str:
    """Return the level's last iterations, oldest first, one line each: what was asked and what came of it."""
    path = book.history_path(level)
    entries = read_history(book.root / path, path)[:_ENTRIES]
    return "\n".join(
        f"- “{one_line(str(entry.get('feedback', '')), 200)}”: {one_line(str(entry.get('semantic_summary', '')), 300)}"
        for entry in reversed(entries)
    )
