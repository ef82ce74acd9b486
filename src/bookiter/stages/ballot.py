"""One opinion of the judging model: what it is asked, the shape of its answer, and which of its words are believed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bookiter.llm.interface import Message, Request, forget
from bookiter.llm.structured import ask, strict_schema
from bookiter.stages.background import background_for, history_of
from bookiter.stages.context import Context
from bookiter.stages.documents import Criterion, Intent, Objection, Rubric
from bookiter.stages.learn import preferences
from bookiter.stages.portions import Portion
from bookiter.stages.prompts import render
from bookiter.stages.quotes import Texts
from bookiter.stages.rubric import STANDING
from bookiter.text import one_line


class Answered(BaseModel):
    """One question of the checklist, answered."""

    model_config = ConfigDict(strict=True)

    id: str
    why: str
    evidence: str
    met: bool


class Standing(BaseModel):
    """One standing question, answered."""

    model_config = ConfigDict(strict=True)

    why: str
    met: bool


class StandingAnswers(BaseModel):
    """The five standing questions, answered."""

    model_config = ConfigDict(strict=True)

    feedback: Standing
    history: Standing
    quality: Standing
    scope: Standing
    upstream: Standing


class Objected(BaseModel):
    """One thing the model finds wrong."""

    model_config = ConfigDict(strict=True)

    criterion: str
    kind: Literal["fact", "style"]
    problem: str = Field(min_length=1)
    quote: str
    suggestion: str


class OpinionAnswer(BaseModel):
    """What the judging model says: reasons first, the verdict last."""

    model_config = ConfigDict(strict=True)

    asked: ClassVar[int] = 0

    answers: list[Answered]
    standing: StandingAnswers
    objections: list[Objected]
    reasoning: str = Field(min_length=1)
    verdict: Literal["approved", "needs_revision"]

    @model_validator(mode="after")
    def _about_the_checklist(self) -> Self:
        wanted = ids(self.asked)
        if [answer.id for answer in self.answers] != wanted:
            raise ValueError(f"answers must be about {', '.join(wanted)}, each once and in this order")
        known = {*wanted, *(name for name, _ in STANDING)}
        if unknown := [each.criterion for each in self.objections if each.criterion not in known]:
            raise ValueError(f"an objection names the criterion {unknown[0][:40]!r}, which there is not")
        return self


@dataclass(frozen=True)
class Opinion:
    """What one answer says once its quotes have been looked up.

    ``approves`` is what the model itself said; ``faults`` is why code does not take it for an approval; ``dropped`` counts
    the objections that quote what is not there.
    """

    approves: bool
    criteria: tuple[Criterion, ...]
    objections: tuple[Objection, ...]
    reasoning: str
    model: str
    faults: tuple[str, ...] = ()
    dropped: int = 0


@dataclass(frozen=True)
class Seat:
    """One place in the jury: its number, from 0, by which every other one sees the new text first."""

    number: int
    part: int
    parts: int


def ids(count: int) -> list[str]:
    """Return what the questions of a checklist are called."""
    return [f"q{number}" for number in range(1, count + 1)]


def opinion(ctx: Context, intent: Intent, rubric: Rubric, portion: Portion, texts: Texts, seat: Seat) -> Opinion:  # noqa: PLR0913, PLR0917 - all a judge is told
    """Ask for one opinion on one portion of a change.

    An approval that quotes what is not there is asked for once more, told which quotes are false; one that still does
    is no approval. Raises what the model raises.
    """
    kind = _shape(len(rubric.questions))
    request = Request("judge", _prompt(ctx, intent, rubric, portion, seat), sample=seat.number)
    answer, replies = ask(ctx.models(), request, kind)
    false = _unproven(answer, texts)
    if answer.verdict == "approved" and false:
        again = replace(request, messages=(*request.messages, *_correction(replies[-1].text, false)))
        answer, replies = ask(ctx.models(), again, kind)
        false = _unproven(answer, texts)
        if answer.verdict == "approved" and false:  # else the next run would be given the same invented quotes
            for each in (request, again):
                forget(ctx.models(), replace(each, schema=strict_schema(kind)))
    return _believed(answer, rubric, texts, false, replies[-1].model)


@cache
def _shape(count: int) -> type[OpinionAnswer]:
    class Shape(OpinionAnswer):
        asked: ClassVar[int] = count

    return Shape


def _unproven(answer: OpinionAnswer, texts: Texts) -> dict[str, str]:
    """Return by its id the evidence of each question that is called met by words which stand nowhere."""
    return {each.id: each.evidence for each in answer.answers if each.met and not texts.hold(each.evidence)}


def _correction(previous: str, false: dict[str, str]) -> tuple[Message, Message]:
    named = "; ".join(
        f"{name}: “{one_line(quote, 200)}”" if quote.strip() else f"{name}: none" for name, quote in false.items()
    )
    words = (
        f"The evidence of these questions stands neither in the old nor in the new text: {named}. A question is met only when "
        "words copied from the text letter for letter show it. Look again, and answer again with the whole JSON object."
    )
    return Message("assistant", previous), Message("user", words)


def _believed(answer: OpinionAnswer, rubric: Rubric, texts: Texts, false: dict[str, str], model: str) -> Opinion:
    """Take from an answer what can be believed: nothing is met by invented words, nothing is wrong with absent ones."""
    approves = answer.verdict == "approved"
    criteria = [
        Criterion(
            id=each.id,
            question=question,
            kind="request",
            met=each.met and each.id not in false,
            note=each.why,
            quote=each.evidence if each.met and each.id not in false else "",
        )
        for each, question in zip(answer.answers, rubric.questions, strict=True)
    ]
    for name, question in STANDING:
        standing: Standing = getattr(answer.standing, name)
        criteria.append(Criterion(id=name, question=question, kind="standing", met=standing.met, note=standing.why))
    unmet = {criterion.id for criterion in criteria if not criterion.met}
    objections = tuple(
        Objection.model_validate(each.model_dump())
        for each in answer.objections
        if (texts.hold(each.quote) if each.quote.strip() else each.criterion in unmet)
    )
    faults = []
    if approves and false:
        shown = next((f": “{one_line(quote, 80)}”" for quote in false.values() if quote.strip()), "")
        faults.append(f"The judge approved, but its evidence is not in the text{shown}.")
    dropped = len(answer.objections) - len(objections)
    return Opinion(approves, tuple(criteria), objections, answer.reasoning, model, tuple(faults), dropped)


def _prompt(ctx: Context, intent: Intent, rubric: Rubric, portion: Portion, seat: Seat) -> tuple[Message, ...]:
    target = next((t for t in intent.targets if t.path == portion.path), intent.targets[0])
    return render(
        "judge",
        {"standing": STANDING, "new_first": seat.number % 2 == 1, "part": seat.part, "parts": seat.parts},
        {
            "feedback": intent.request,
            "description": intent.description,
            "checklist": _listed(rubric.questions),
            "context": background_for(ctx.book, target),
            "history": history_of(ctx.book, target.level, target, ctx.repo),
            "preferences": preferences(ctx.runs),
            "change": portion.diff,
            "old": portion.old,
            "new": portion.new,
        },
        root=ctx.book.root,
        key=ctx.boundary_key,
    )


def _listed(questions: Sequence[str]) -> str:
    return "\n".join(f"{name}. {question}" for name, question in zip(ids(len(questions)), questions, strict=True))
