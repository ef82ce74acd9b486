"""What a writer or judge should know besides the text itself: upstream levels and what earlier iterations settled."""

import re
from collections.abc import Sequence

from bookiter.manuscript.book import Book
from bookiter.stages.chronicle import Iteration, iterations
from bookiter.stages.documents import Target
from bookiter.store.repo import Repository
from bookiter.text import one_line, plural

_CHARS_PER_LEVEL = 6000
_BEATS = "chapters"
_LAST = 4
_FULL = 10
_SHORT = 20
_HISTORY_CHARS = 6000
_FEEDBACK_CHARS, _SUMMARY_CHARS, _SHORT_CHARS = 300, 400, 100


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


def history_of(book: Book, level: str, target: Target | None = None, repo: Repository | None = None) -> str:
    """Return the level's iterations for a prompt, oldest first: what was asked and what came of it.

    What was taken back is left out, and so is the taking back; what plain git took back is known with ``repo`` only. A
    long history is shortened by rule: the last 4 stand in full, then those about the text or chapter of ``target``, newest
    first, then the others, until 10 stand in full; 20 more stand by their request alone, cut to a line; of the rest only
    the number is told. Where all that would be longer than 6,000 characters, the less wanted are shortened first, then
    left out.
    """
    standing = [each for each in iterations(book, repo, level) if not each.undone and not each.undoes]
    lines: dict[int, str] = {}
    left = _HISTORY_CHARS
    for place, at in enumerate(_by_want(standing, target)[: _FULL + _SHORT]):
        forms = [_short(standing[at])] if place >= _FULL else [_full(standing[at]), _short(standing[at])]
        line = next((form for form in forms if len(form) < left), None)
        if line is None:
            break
        lines[at] = line
        left -= len(line) + 1
    omitted = len(standing) - len(lines)
    head = [f"({plural(omitted, 'iteration')} not shown)"] if omitted else []
    return "\n".join([*head, *(lines[at] for at in sorted(lines, reverse=True))])


def _by_want(standing: Sequence[Iteration], target: Target | None) -> list[int]:
    """Return the places of iterations, newest first, in the order in which they are wanted."""
    near = [at for at, each in enumerate(standing) if target is not None and _is_about(each, target)]
    return list(dict.fromkeys([*range(min(_LAST, len(standing))), *near, *range(len(standing))]))


def _is_about(iteration: Iteration, target: Target) -> bool:
    """Tell whether an iteration changed a text, or names its chapter."""
    if target.path in iteration.targets:
        return True
    named = target.number is not None and re.search(
        rf"\b(?:chapter|ch\.?) *{target.number}\b", iteration.feedback, re.I
    )
    return bool(named)


def _full(iteration: Iteration) -> str:
    summary = iteration.entry.get("semantic_summary")
    told = f": {one_line(summary, _SUMMARY_CHARS)}" if isinstance(summary, str) and summary else ""
    return f"- “{one_line(iteration.feedback, _FEEDBACK_CHARS)}”{told}"


def _short(iteration: Iteration) -> str:
    return f"- “{one_line(iteration.feedback, _SHORT_CHARS)}”"
