"""The gate between knowing what is wanted and doing it: sure enough, and nothing that forbids it."""

import re

from bookiter.errors import InvalidInput, NeedsClarification
from bookiter.manuscript.mentions import quoted_passages
from bookiter.stages.context import Context
from bookiter.stages.documents import Intent
from bookiter.stages.evidence import fold_flat, quoted_from_text
from bookiter.text import one_line

_FILES_MOVE = frozenset(
    {"add_chapter", "remove_chapter", "delete_chapter", "merge_chapters", "split_chapter", "reorder_chapters"}
)
STRUCTURAL = _FILES_MOVE | {"change_structure", "reorder", "split"}
_QUESTION = re.compile(
    r"^\W*(?!(?:why\s+not|how\s+about|what\s+about|is\s+it\s+possible)\b)"
    r"(?:what|why|who|whom|whose|when|where|which|how|is|are|was|were|do|does|did|has|have|should|shall)\b.*\?\W*$",
    re.I | re.S,
)


def pass_gate(ctx: Context, intent: Intent) -> Intent:
    """Return the intent with status ``ok`` when it may be carried out, else with ``clarify`` and the questions.

    Raises InvalidInput for what bookiter does not do at all.
    """
    if intent.action in _FILES_MOVE:
        raise InvalidInput(
            f"bookiter does not {intent.action.replace('_', ' ')} yet: it edits the text inside existing files.",
            hint="Add, move or remove the file with git, then let bookiter work on what is in it.",
        )
    questions = list(dict.fromkeys([*intent.questions, *_vetoes(ctx, intent)]))
    if not questions and intent.confidence < ctx.book.config.confidence:
        questions = [
            f"I am not sure. I understood: {one_line(intent.description, 300)} Is that what you want? Say it in other words."
        ]
    return intent.model_copy(update={"questions": questions, "status": "clarify" if questions else "ok"})


def require_clear(intent: Intent) -> Intent:
    """Return the intent if it passed the gate. Raises NeedsClarification with the questions otherwise."""
    if intent.status == "ok" and not intent.questions:
        return intent
    raise NeedsClarification(
        "the request needs an answer first." if len(intent.questions) == 1 else "the request needs answers first.",
        hint="Answer with --answer TEXT, or say the request more exactly.",
        details={"questions": intent.questions, "intent": intent.model_dump(mode="json")},
    )


def _vetoes(ctx: Context, intent: Intent) -> list[str]:
    if intent.editor == "builtin":
        return []
    found = []
    if intent.intent_type in ("analyze", "clarify") or (_QUESTION.match(intent.feedback) and not intent.answers):
        found.append("This asks about the text and for no change. What should be changed, and how?")
    if not intent.targets and not intent.questions:
        found.append("Which part of the book should change?")
    if not intent.answers:  # whoever has answered is not asked the same again
        found += _missing_quotes(ctx, intent)
    return found


def _missing_quotes(ctx: Context, intent: Intent) -> list[str]:
    wanted = quoted_from_text(intent.request)
    if not wanted or not intent.targets:
        return []
    text = "\n\n".join(fold_flat(ctx.book.read(target.path)) for target in intent.targets)
    known = {passage for passage, _ in quoted_passages(intent.request) if fold_flat(passage) in text}
    return [
        f"“{one_line(passage, 80)}” does not occur in {', '.join(t.path for t in intent.targets[:3])}. Which passage is meant?"
        for passage in wanted
        if passage not in known
    ]
