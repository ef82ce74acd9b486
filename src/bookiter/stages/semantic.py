"""The semantic diff: what a change means, told by a model and held against the figures, or told by the figures alone."""

from dataclasses import asdict, dataclass
from typing import Any

from bookiter.errors import InvalidConfig, LimitReached, ModelFailed
from bookiter.llm.interface import Message, Request
from bookiter.llm.structured import ask
from bookiter.manuscript.book import Book
from bookiter.stages.background import history_of
from bookiter.stages.change import Change
from bookiter.stages.context import Context
from bookiter.stages.documents import Intent, Verdict
from bookiter.stages.events import Note, Summarising
from bookiter.stages.excerpt import excerpt
from bookiter.stages.figures import Figures, count
from bookiter.stages.measure import Measured
from bookiter.stages.page import Row, as_markdown, line_of, rows_of
from bookiter.stages.prompts import render
from bookiter.stages.telling import SummaryAnswer, Telling, from_facts, vetted
from bookiter.text import one_line

_DIFF_CHARS = 48_000


@dataclass(frozen=True)
class SemanticDiff:
    """A change told to its author; ``model`` is "" where the figures speak alone."""

    intent: Intent
    verdict: Verdict
    attempts: int
    figures: Figures
    telling: Telling
    model: str = ""

    def rows(self) -> tuple[Row, ...]:
        """Return the page as rows, for whoever draws it."""
        return rows_of(self.intent, self.verdict, self.attempts, self.figures, self.telling)

    def markdown(self) -> str:
        """Return the page as Markdown."""
        return as_markdown(self.rows())

    def line(self) -> str:
        """Return the short summary that the history keeps, at most 400 characters."""
        return line_of(self.intent, self.figures, self.telling)

    def as_json(self) -> dict[str, Any]:
        """Return what is told and what was counted."""
        told = asdict(self.telling)
        return {
            "summary": self.line(),
            "model": self.model,
            **told,
            "files": [unit.as_json() for unit in self.figures.units],
            "files_changed": self.figures.facts.files,
            "files_in_all": self.figures.out_of,
            "scope": self.figures.scope.as_json(),
            "names_came": list(self.figures.came),
            "names_went": list(self.figures.went),
        }


def semantic_diff(  # noqa: PLR0913, PLR0917 - what is to be told, and by whose leave
    ctx: Context, intent: Intent, change: Change, measured: Measured, verdict: Verdict, attempts: int
) -> SemanticDiff:
    """Return what a change means. Where the model fails, or a limit is reached, the figures speak alone and a note says so."""
    alone = facts_alone(intent, change, measured, verdict, attempts, ctx.book)
    if intent.editor == "builtin" or not change:
        return alone
    ctx.report(Summarising())
    try:
        messages = _prompt(ctx, intent, change, verdict, alone.figures)
        answer, replies = ask(ctx.models(), Request("summary", messages), SummaryAnswer)
    except (ModelFailed, LimitReached, InvalidConfig) as error:
        ctx.report(Note(f"The summary is counted only, without the model's part: {one_line(error.message, 200)}"))
        return alone
    telling = vetted(answer, intent, change, measured.diff, alone.figures.units)
    return SemanticDiff(intent, verdict, attempts, alone.figures, telling, replies[-1].model)


def facts_alone(  # noqa: PLR0913, PLR0917 - all that stands on the page
    intent: Intent, change: Change, measured: Measured, verdict: Verdict, attempts: int, book: Book | None = None
) -> SemanticDiff:
    """Return what can be told without a model; without a book, files are called by what the intent knows of them."""
    figures = count(change, measured, intent, book)
    return SemanticDiff(intent, verdict, attempts, figures, from_facts(figures.units))


def _prompt(ctx: Context, intent: Intent, change: Change, verdict: Verdict, figures: Figures) -> tuple[Message, ...]:
    levels = dict.fromkeys(target.level for target in intent.targets)
    histories = dict.fromkeys(ctx.book.history_path(level) for level in levels)
    level_of = {ctx.book.history_path(level): level for level in levels}
    return render(
        "summary",
        {},
        {
            "feedback": intent.request,
            "history": "\n".join(
                filter(None, (history_of(ctx.book, level_of[path], repo=ctx.repo) for path in histories))
            ),
            "files": "\n".join(f"{unit.path} ({unit.label})" for unit in figures.units),
            "change": excerpt(change, _DIFF_CHARS),
            "verdict": f"{verdict.verdict}: {verdict.reasoning}",
        },
        root=ctx.book.root,
        key=ctx.boundary_key,
    )
