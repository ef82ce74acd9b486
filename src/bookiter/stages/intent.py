"""From the author's words to an intent: what is wanted, where, how far, how sure.

The built-in editor is asked first where the configuration lets it; the model only says what kind of request it is. Which
files that means is decided here, from the author's own words, never by the model alone.
"""

from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bookiter.errors import InvalidInput, ModelFailed
from bookiter.llm.interface import Message, Request
from bookiter.llm.structured import ask
from bookiter.manuscript.book import Book
from bookiter.manuscript.targets import Resolution, describe
from bookiter.manuscript.units import Unit
from bookiter.stages.context import Context, current_target
from bookiter.stages.documents import Intent, IntentType, Scope, Target, TargetType
from bookiter.stages.events import Note
from bookiter.stages.locate import Feedback, listed, locate, locate_exactly, without_locked
from bookiter.stages.mechanical import mechanical_edit
from bookiter.stages.prompts import render
from bookiter.text import one_line

_EXCERPT = 200
_UNIT_LIST = 40
# Built-in edits that can only mean one chapter.
_ONE_PART = frozenset({"append_text", "prepend_text", "retitle_chapter"})


class IntentAnswer(BaseModel):
    """What the model says about a request; the fields of the requirement's intent, and its questions."""

    model_config = ConfigDict(strict=True)

    intent_type: IntentType
    confidence: float = Field(ge=0, le=1)
    target_type: TargetType
    target_id: str | None
    scope: Scope
    action: str = Field(min_length=1, max_length=80)
    description: str = Field(min_length=1, max_length=2000)
    scale: Literal["patch", "regenerate", "unclear"]
    reasoning: str
    questions: list[str]


def analyse(ctx: Context, feedback: Feedback) -> Intent:
    """Return the intent of a request; one that cannot be carried out yet has questions and status ``clarify``.

    Raises InvalidInput for empty or overlong feedback, ModelFailed when a model is needed and none can answer.
    """
    feedback = checked(feedback, ctx.book.config.limits.feedback_chars)
    current = current_target(ctx.book, ctx.repo, ctx.runs)
    provider = ctx.book.config.provider
    intent = None if provider in ("openai", "replay") else _by_builtin(ctx, feedback, current)
    if intent is None and provider == "builtin":
        raise ModelFailed(
            "the built-in editor is not certain what this request means, and the provider is set to builtin.",
            hint="It renames, replaces quoted words, deletes and inserts quoted passages, retitles and mends typography. "
            "For anything else use a model: --provider auto.",
        )
    intent = intent or _by_model(ctx, feedback, current)
    base = ctx.repo.head() or ""
    return intent.model_copy(
        update={"run": ctx.run.id, "base": base, "answers": list(feedback.answers), "target_words": feedback.target}
    )


def checked(feedback: Feedback, limit: int) -> Feedback:
    """Return feedback without the white space around it. Raises InvalidInput when it is empty, overlong or no text."""
    text = feedback.text.strip().removeprefix("\ufeff")
    if not text:
        raise InvalidInput(
            "the feedback is empty.", hint='Say what should change: bookiter iterate "Add dialogue to chapter 3"'
        )
    if len(feedback.whole) > limit:
        raise InvalidInput(
            f"the feedback has {len(feedback.whole):,} characters; {limit:,} are allowed.",
            hint="Say what should change; the manuscript itself is read from its files. (limits.feedback_chars)",
        )
    if "\0" in feedback.whole:
        raise InvalidInput("the feedback holds NUL characters; it is no text.")
    return Feedback(text, feedback.answers, feedback.target)


def _by_builtin(ctx: Context, feedback: Feedback, current: str | None) -> Intent | None:
    feedback = _said_anew(feedback, ctx.book)
    edit = mechanical_edit(feedback.text, ctx.book)
    if edit is None:
        return None
    found = locate_exactly(ctx.book, feedback, edit.where, current)
    if found is None:
        return None
    found = _unlocked(ctx, found)
    if not found.questions and edit.action in _ONE_PART and len(found.units) > 1:
        found = Resolution(questions=(f"Which one is meant? There are {listed(found.units)}.",), named=True)
    return _intent(
        feedback,
        found,
        ctx.book,
        intent_type=_kind_of(edit.action),
        confidence=1.0,
        action=edit.action,
        description=edit.description,
        reasoning="The built-in editor understands every word of the request.",
        editor="builtin",
        where=edit.where,
        subject=edit.subject,
        scope="multiple" if len(found.units) > 1 else "specific",
    )


def _said_anew(feedback: Feedback, book: Book) -> Feedback:
    """An answer may be the whole request, said more exactly: then it takes the old one's place."""
    for index in range(len(feedback.answers) - 1, -1, -1):
        if mechanical_edit(feedback.answers[index], book):
            return replace(feedback, text=feedback.answers[index], answers=feedback.answers[index + 1 :])
    return feedback


def _unlocked(ctx: Context, found: Resolution) -> Resolution:
    found, locked = without_locked(found, ctx.book)
    if locked:
        ctx.report(Note(f"Locked, and left as they are: {', '.join(unit.path for unit in locked)}."))
    return found


def _kind_of(action: str) -> IntentType:
    if action.startswith("delete"):
        return "remove"
    return "add" if action.startswith(("insert", "append", "prepend")) else "modify"


def _by_model(ctx: Context, feedback: Feedback, current: str | None) -> Intent:
    answer, _ = ask(ctx.models(), Request("intent", _prompt(ctx, feedback, current)), IntentAnswer)
    found = _unlocked(ctx, locate(ctx.book, feedback, _place_of(answer), current))
    intent = _intent(
        feedback,
        found,
        ctx.book,
        editor="model",
        **answer.model_dump(exclude={"questions", "target_type", "target_id"}),
    )
    questions = [*intent.questions, *(one_line(q, 300) for q in answer.questions if q.strip())]
    return intent.model_copy(update={"questions": questions})


def _place_of(answer: IntentAnswer) -> str:
    """Put the model's target into an author's words, so that it is looked up like them."""
    if answer.target_type in ("chapter", "chapters", "prose"):
        if not answer.target_id:
            return "all chapters"
        plain = answer.target_id.strip()
        return plain if any(character.isalpha() for character in plain) else f"chapter {plain}"
    return "the whole book" if answer.target_type == "project" else f"the {answer.target_type}"


def _prompt(ctx: Context, feedback: Feedback, current: str | None) -> tuple[Message, ...]:
    book = ctx.book
    excerpts = {name: _excerpt(book, name) for name in ("premise", "treatment")}
    return render(
        "intent",
        {
            "current": current,
            "threshold": book.config.confidence,
            "patch_percent": round(book.config.patch_share * 100),
        },
        {"feedback": feedback.whole, "contents": _contents(book), **excerpts},
        root=book.root,
        key=ctx.boundary_key,
    )


def _excerpt(book: Book, level: str) -> str:
    units = book.level(level)
    return one_line(book.read(units[0].path), _EXCERPT) if units else ""


def _contents(book: Book) -> str:
    found = []
    for level in book.levels_with_content():
        units = book.level(level)
        listed = [f"{u.number} {u.title!r}" if u.title else str(u.number) for u in units[:_UNIT_LIST]]
        more = f" and {len(units) - _UNIT_LIST} more" if len(units) > _UNIT_LIST else ""
        found.append(f"- {level}: " + (units[0].title or "one file" if units[0].single else ", ".join(listed) + more))
    return "\n".join(found)


def _intent(feedback: Feedback, found: Resolution, book: Book, **fields: object) -> Intent:
    target_type, target_id = _seed_target(found.units, book)
    return Intent.model_validate(
        {
            "feedback": feedback.text,
            "target_type": target_type,
            "target_id": target_id,
            "targets": [Target(level=u.level, number=u.number, path=u.path, title=u.title) for u in found.units],
            "questions": list(found.questions),
            **fields,
        }
    )


def _seed_target(units: tuple[Unit, ...], book: Book) -> tuple[str, str | None]:
    """Return target type and id in the requirement's terms, from what was resolved."""
    levels = {unit.level for unit in units}
    if len(levels) != 1:
        return "project", None
    level = units[0].level
    if level not in ("prose", "chapters") or len(units) == len(book.level(level)) > 1:
        return level, None
    if len(units) == 1:
        return "chapter", str(units[0].number)
    return "chapters", describe(units, book).rpartition("chapters ")[2]
