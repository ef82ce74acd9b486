"""Where a request is about: the author's own words decide, the model may narrow them, and nobody guesses."""

from dataclasses import dataclass, replace

from bookiter.errors import InvalidInput, NotReady
from bookiter.manuscript.book import Book
from bookiter.manuscript.locks import is_locked
from bookiter.manuscript.targets import Resolution, describe, resolve, resolve_exactly, what_exists
from bookiter.manuscript.units import Unit
from bookiter.stages.evidence import find_quoted, find_scene

_LISTED = 12


@dataclass(frozen=True)
class Feedback:
    """What the author said: the request, the answers to questions since, and a target named by a flag."""

    text: str
    answers: tuple[str, ...] = ()
    target: str = ""

    @property
    def whole(self) -> str:
        return "\n".join([self.text, *self.answers])


def locate_exactly(book: Book, feedback: Feedback, where: str, current: str | None) -> Resolution | None:
    """Return where an exact edit is to be made; None when the author's words for it are not wholly understood.

    Raises InvalidInput when the target given by a flag is not understood.
    """
    for words in reversed(feedback.answers):
        if found := resolve_exactly(words, book, current):
            return _agreeing(_by_flag(book, feedback.target, current), found, book) if feedback.target else found
    named = resolve_exactly(where, book, current) if where else None
    if feedback.target:
        return _agreeing(_by_flag(book, feedback.target, current), named, book)
    return named if where else _current(book, current)


def locate(book: Book, feedback: Feedback, model_says: str, current: str | None) -> Resolution:
    """Return where a request for a model is to be carried out; ``model_says`` are the model's words for it.

    Of several places that the author names it may choose; a place the author does not name it can only suggest.
    """
    named = _latest_named(book, feedback, current)
    if feedback.target:
        return _agreeing(_by_flag(book, feedback.target, current), named, book)
    own = resolve(model_says, book, current).units
    if not named.named:
        return _unnamed(book, feedback, own, current)
    if named.questions or not own:
        return named
    broad = [part for part in named.parts if len({unit.level for unit in part}) > 1]
    if broad and len(named.parts) == 1 and set(own) < set(named.units):
        return _question(f"Should the whole book change, or only {describe(own, book)}?")
    chosen = {unit for part in named.parts if set(part) & set(own) for unit in part}
    if not chosen:
        return _disagreement(named.units, own, book)
    return replace(named, units=tuple(unit for unit in named.units if unit in chosen))


def without_locked(found: Resolution, book: Book) -> tuple[Resolution, tuple[Unit, ...]]:
    """Return a resolution without the files that are locked, and those. Raises NotReady when nothing else is left."""
    why = {unit: is_locked(book.config, unit.path, book.read(unit.path)) for unit in found.units}
    locked = tuple(unit for unit in found.units if why[unit])
    if locked and len(locked) == len(found.units):
        raise NotReady(
            f"{locked[0].path} is locked {why[locked[0]]}; no iteration may change it.",
            hint="Take it out of `locked:` in bookiter.yaml, or the `locked:` out of its front matter, if it should be changed.",
            details={"locked": [unit.path for unit in locked]},
        )
    return replace(found, units=tuple(unit for unit in found.units if unit not in locked)), locked


def _agreeing(flagged: Resolution, named: Resolution | None, book: Book) -> Resolution:
    """The flag decides, unless the words name something else altogether."""
    if named and named.units and flagged.units and not set(named.units) & set(flagged.units):
        words, flag = describe(named.units, book), describe(flagged.units, book)
        return _question(f"The request names {words}, and --target names {flag}. Which part should change?")
    return flagged


def _by_flag(book: Book, target: str, current: str | None) -> Resolution:
    if found := resolve_exactly(target, book, current):
        return found
    raise InvalidInput(f"the target {target!r} is not understood.", hint=what_exists(book))


def _current(book: Book, current: str | None) -> Resolution:
    if current is None:
        return Resolution(questions=(f"Which part of the book is meant? {what_exists(book)}",))
    return Resolution(book.level(current))


def _latest_named(book: Book, feedback: Feedback, current: str | None) -> Resolution:
    """An answer that names a place settles it; else the request does."""
    for words in reversed(feedback.answers):
        found = resolve_exactly(words, book, current) or resolve(words, book, current)
        if found.named:
            return found
    return resolve(feedback.text, book, current)


def _disagreement(named: tuple[Unit, ...], own: tuple[Unit, ...], book: Book) -> Resolution:
    return _question(
        f"The request names {describe(named, book)}, but was understood as being about {describe(own, book)}. "
        "Which part should change?"
    )


def _question(text: str) -> Resolution:
    return Resolution(questions=(text,), named=True)


def _unnamed(book: Book, feedback: Feedback, own: tuple[Unit, ...], current: str | None) -> Resolution:
    level = current or ("prose" if book.level("prose") else None)
    if level is None:
        return _current(book, None)
    candidates = book.level(level)
    if len(candidates) == 1:
        return Resolution(candidates)
    found = find_quoted(feedback.whole, book, candidates) or find_scene(feedback.whole, book, candidates)
    if len(found) == 1:
        return Resolution(found, named=True) if not own or found[0] in own else _disagreement(found, own, book)
    if found:
        return Resolution(questions=(f"Several parts may be meant: {listed(found)}. Which one?",))
    suggested = [unit for unit in own if unit in candidates]
    hint = f" It sounds like {suggested[0].label}." if len(suggested) == 1 else ""
    question = (
        f"Which part of {level} should change?{hint} There are {listed(candidates)}. Say “all chapters” for every one."
    )
    return Resolution(questions=(question,))


def listed(units: tuple[Unit, ...]) -> str:
    """Return units with their titles, as a question names them."""
    shown = [unit.label + (f" “{unit.title}”" if unit.title else "") for unit in units[:_LISTED]]
    return ", ".join(shown) + (f" and {len(units) - _LISTED} more" if len(units) > _LISTED else "")
