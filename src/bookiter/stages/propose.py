"""Make a change out of an intent: the built-in editor's exact edit, a model's patch, or a unit written anew."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bookiter import builtin
from bookiter.errors import InvalidInput, NeedsClarification
from bookiter.llm.interface import Message, Reply, Request
from bookiter.manuscript.sections import relevant_text
from bookiter.patch import PatchRefused, adopt, apply_files
from bookiter.stages.background import background_for, history_of
from bookiter.stages.change import Change
from bookiter.stages.context import Context
from bookiter.stages.documents import Intent, Target
from bookiter.stages.events import Note, Proposing, Unplaced, Writing
from bookiter.stages.learn import preferences
from bookiter.stages.mechanical import mechanical_edit
from bookiter.stages.prompts import render

_FENCED = re.compile(r"\A\s*(`{3,}|~{3,})[\w-]*[ \t]*\r?\n(?P<inner>.*?)\r?\n?\1[ \t]*\s*\Z", re.S)
# Attempts of different variants must not be given the same answer by a cache.
_SAMPLES = 1000
_NO_CHANGE = re.compile(r"\A\W*no change(?:s)?(?: needed| necessary| required)?\W*\Z", re.I)


@dataclass(frozen=True)
class Proposal:
    """A change proposed, the road it came by (``patch``, ``regenerate``, ``builtin``) and who wrote it."""

    change: Change
    road: str
    author: str


def propose(ctx: Context, intent: Intent, attempt: int = 1, findings: tuple[str, ...] = ()) -> Proposal:
    """Return the change an intent asks for; nothing is written to the manuscript.

    Raises NeedsClarification when a built-in edit finds nothing or several places, ModelFailed when the model does.
    """
    before = {target.path: ctx.book.read(target.path) for target in intent.targets}
    if intent.editor == "builtin":
        return _built_in(ctx, intent, before)
    record = _Record(ctx, attempt)
    after: dict[str, str] = {}
    roads = set()
    for target in intent.targets:
        writer = _Writer(ctx, intent, target, before[target.path], findings, record)
        after[target.path], road = writer.patched() if intent.scale == "patch" else writer.regenerated()
        roads.add(road)
    record.save()
    road = "regenerate" if "regenerate" in roads else "patch"
    return Proposal(
        Change.between(before, after), road, ctx.models().model_for("diff" if road == "patch" else "regenerate")
    )


def _built_in(ctx: Context, intent: Intent, before: dict[str, str]) -> Proposal:
    edit = mechanical_edit(intent.feedback, ctx.book)
    if edit is None:
        raise InvalidInput(
            "the built-in editor does not understand the request of this intent.",
            hint="Run `bookiter analyze-intent` again.",
        )
    ctx.report(Proposing(1, "builtin", ""))
    try:
        edited = builtin.apply(edit, before)
    except builtin.NothingToDo as nothing:
        ctx.report(Note(nothing.message))
        return Proposal(Change(()), "builtin", "builtin")
    except builtin.Unsure as unsure:
        raise NeedsClarification(
            "the built-in editor is not certain where this edit belongs.",
            hint="Say it more exactly, or name the chapter.",
            details={"questions": list(unsure.questions)},
        ) from None
    for note in edited.notes:
        ctx.report(Note(note))
    return Proposal(Change.between(before, edited.texts), "builtin", "builtin")


class _Record:
    """What was asked and answered in one attempt, kept in the run."""

    def __init__(self, ctx: Context, attempt: int) -> None:
        self._ctx = ctx
        self.attempt = attempt
        self._prompts: list[str] = []
        self._replies: list[str] = []

    def add(self, messages: tuple[Message, ...], reply: Reply) -> None:
        self._prompts.append("\n\n".join(f"## {message.role}\n\n{message.content}" for message in messages))
        self._replies.append(reply.text)
        self.save()

    def save(self) -> None:
        self._ctx.run.write(f"attempt-{self.attempt}.prompt.md", "\n\n---\n\n".join(self._prompts) + "\n")
        self._ctx.run.write(f"attempt-{self.attempt}.reply.txt", "\n\n---\n\n".join(self._replies) + "\n")


@dataclass(frozen=True)
class _Writer:
    """One unit and how a model changes it."""

    ctx: Context
    intent: Intent
    target: Target
    before: str
    findings: tuple[str, ...]
    record: _Record

    def patched(self) -> tuple[str, str]:
        """Ask for a patch; a refused one is asked for once more with the reason, then the unit is regenerated.

        Raises PatchRefused instead of regenerating when the author asked for a patch.
        """
        self._report("patch")
        shown, partial = relevant_text(self.before, self.intent.request, self.ctx.book.config.section_chars)
        messages = self._prompt("diff", shown, partial)
        for again in (True, False):
            reply = self._ask("diff", messages)
            if _NO_CHANGE.match(reply.text):
                return self.before, "patch"
            try:
                return apply_files({self.target.path: self.before}, reply.text)[self.target.path].text, "patch"
            except PatchRefused as refused:
                self.ctx.report(Unplaced(refused.message, falling_back=not again and not self.intent.scale_forced))
                if not again and self.intent.scale_forced:
                    raise
                correction = f"{refused.explanation()}\n\nAnswer with the whole corrected diff and nothing else."
                messages = (*messages, Message("assistant", reply.text), Message("user", correction))
        return self.regenerated()

    def regenerated(self) -> tuple[str, str]:
        """Ask for the whole unit anew; what the model only re-typed keeps the author's bytes."""
        self._report("regenerate")
        reply = self._ask("regenerate", self._prompt("regenerate", self.before, partial=False))
        text = _unfenced(reply.text)
        if _NO_CHANGE.match(text):
            return self.before, "regenerate"
        return adopt(self.before, text), "regenerate"

    def _report(self, road: str) -> None:
        unit = self.ctx.book.unit_at(self.target.path)
        self.ctx.report(Proposing(self.record.attempt, road, unit.label if unit else self.target.path))

    def _ask(self, stage: str, messages: tuple[Message, ...]) -> Reply:
        reply = self.ctx.models().complete(
            Request(stage, messages, sample=self.ctx.variant * _SAMPLES + self.record.attempt - 1),
            on_text=_counting(self.ctx),
        )
        self.record.add(messages, reply)
        return reply

    def _prompt(self, name: str, shown: str, partial: bool) -> tuple[Message, ...]:
        book = self.ctx.book
        unit = book.unit_at(self.target.path)
        return render(
            name,
            {
                "path": self.target.path,
                "target": unit.label if unit else self.target.path,
                "partial": partial,
            },
            {
                "text": shown,
                "feedback": self.intent.request,
                "description": self.intent.description,
                "findings": "\n".join(f"- {finding}" for finding in self.findings),
                "context": _context(self.ctx, self.target),
                "preferences": preferences(self.ctx.runs),
            },
            root=book.root,
            key=self.ctx.boundary_key,
        )


def _context(ctx: Context, target: Target) -> str:
    earlier = history_of(ctx.book, target.level, target, ctx.repo)
    return "\n\n".join(filter(None, [background_for(ctx.book, target), earlier and f"Earlier iterations:\n{earlier}"]))


def _counting(ctx: Context) -> Callable[[str], None]:
    so_far = 0

    def heard(piece: str) -> None:
        nonlocal so_far
        so_far += sum(character.isspace() for character in piece)
        ctx.report(Writing(so_far))

    return heard


def _unfenced(text: str) -> str:
    fenced = _FENCED.match(text)
    return fenced["inner"] + "\n" if fenced else text
