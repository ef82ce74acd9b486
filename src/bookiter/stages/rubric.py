"""What every attempt of a run is judged by: questions drawn from the request once, then frozen, and five standing ones."""

import json
from hashlib import sha256
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bookiter.errors import InvalidInput
from bookiter.llm.interface import Message, Request
from bookiter.llm.structured import ask
from bookiter.manuscript.targets import describe
from bookiter.stages.context import Context
from bookiter.stages.documents import Intent, Rubric
from bookiter.stages.evidence import fold_flat
from bookiter.stages.prompts import render, template_of
from bookiter.text import one_line

STANDING = (
    ("feedback", "Does the change carry out the request, the whole of it?"),
    ("history", "Does it agree with what earlier iterations established?"),
    ("quality", "Is the writing no worse than before?"),
    ("scope", "Does it reach as far as the request does, and no further?"),
    ("upstream", "Does it fit what the premise, treatment and beats say?"),
)
"""The five questions that every change is judged by, by the names that criteria and objections have."""

FEWEST, MOST, LONGEST = 3, 6, 240
_FILE = "rubric.json"


def _different(questions: list[str]) -> list[str]:
    """Take out what is asked twice; refuse a list that is then too short or too long."""
    kept: dict[str, str] = {}
    for question in questions:
        if flat := " ".join(question.split()):
            kept.setdefault(fold_flat(flat).rstrip(" ?.!"), flat)
    if not FEWEST <= len(kept) <= MOST:
        raise ValueError(f"{FEWEST} to {MOST} different questions are wanted, and there are {len(kept)}")
    if longest := max(map(len, kept.values())) > LONGEST:
        raise ValueError(f"a question has more than {LONGEST} characters ({longest})")
    return list(kept.values())


class ChecklistAnswer(BaseModel):
    """The questions as the judge's model draws them up."""

    model_config = ConfigDict(strict=True)

    questions: Annotated[list[str], Field(max_length=50), AfterValidator(_different)]


def rubric_for(ctx: Context, intent: Intent) -> Rubric:
    """Return the rubric of the run: the one kept in it, else one asked for now and kept; a built-in edit needs none.

    Raises ModelFailed when no usable list comes, InvalidInput when the kept one is damaged.
    """
    if intent.editor == "builtin":
        return _rubric(ctx, intent, [])
    kept = _kept(ctx, intent)
    if kept is not None:
        return _rubric(ctx, intent, kept)
    answer, _ = ask(ctx.models(), Request("judge", _prompt(ctx, intent)), ChecklistAnswer)
    rubric = _rubric(ctx, intent, answer.questions)
    ctx.run.write(_FILE, rubric.json_text())
    return rubric


def _kept(ctx: Context, intent: Intent) -> list[str] | None:
    """Return the questions kept in the run, if they were drawn from this very request."""
    value = ctx.run.read_json(_FILE)
    if value is None:
        return None
    try:
        rubric = Rubric.model_validate(value)
        questions = ChecklistAnswer(questions=rubric.questions).questions
    except ValidationError as error:
        raise InvalidInput(
            f"{_FILE} of run {ctx.run.id} is no rubric: {error.errors()[0]['msg'].lower()}.",
            hint=f"Remove it, and the questions are drawn up anew: .bookiter/runs/{ctx.run.id}/{_FILE}",
        ) from None
    return questions if rubric.feedback == intent.request else None


def _rubric(ctx: Context, intent: Intent, questions: list[str]) -> Rubric:
    """The hash tells apart whatever shapes a verdict: the judge's prompt, the questions and the standing criteria."""
    parts = [template_of("judge", ctx.book.root), questions, STANDING]
    digest = sha256(json.dumps(parts, ensure_ascii=True).encode("ascii")).hexdigest()
    return Rubric(feedback=intent.request, questions=questions, hash=digest)


def _prompt(ctx: Context, intent: Intent) -> tuple[Message, ...]:
    units = tuple(u for u in ctx.book.units if any(target.path == u.path for target in intent.targets))
    target = describe(units, ctx.book) if units else ", ".join(target.path for target in intent.targets)
    return render(
        "checklist",
        {"fewest": FEWEST, "most": MOST, "chars": LONGEST},
        {"feedback": intent.request, "description": intent.description, "target": one_line(target, 300)},
        root=ctx.book.root,
        key=ctx.boundary_key,
    )
