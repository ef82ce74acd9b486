"""A judge in memory: answers by function, so that many juries cost nothing."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from bookiter.llm.interface import OnText, Reply, Request, Usage
from bookiter.manuscript.book import Book
from bookiter.manuscript.config import load_config
from bookiter.stages.change import Change
from bookiter.stages.context import Context
from bookiter.stages.documents import Intent, Rubric, Target, Verdict
from bookiter.stages.judge import judge
from bookiter.store.repo import Repository
from bookiter.store.runs import Run, Runs
from support.book import CHAPTERS, write_files
from support.scripted import QUESTIONS, stage_of, vote

PATH = "chapters/chapter-03.md"
OLD = CHAPTERS[3]
LINE = "“Then read it to me,” said Mr. Orrin."
NEW = OLD.replace("“I read once,” said Sarah.\n", f"“I read once,” said Sarah.\n\n{LINE}\n")

Body = dict[str, Any]
Juror = Callable[[Body], Body | str]


@dataclass
class Jury:
    """A model whose judge answers by a function of the request; everything asked is kept."""

    juror: Juror = vote
    checklist: Callable[[], Body | str] = lambda: {"questions": list(QUESTIONS)}
    requests: list[Request] = field(default_factory=list)
    forgotten: list[Request] = field(default_factory=list)

    def model_for(self, stage: str) -> str:
        return f"stand-in-{stage}"

    def complete(self, request: Request, on_text: OnText | None = None) -> Reply:  # noqa: ARG002
        self.requests.append(request)
        body = {"messages": [{"role": m.role, "content": m.content} for m in request.messages]}
        answer = self.checklist() if stage_of(body) == "checklist" else self.juror(body)
        text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        return Reply(text, "stand-in", Usage())

    def forget(self, request: Request) -> None:
        self.forgotten.append(request)

    def asked(self, stage: str) -> list[Request]:
        return [each for each in self.requests if stage_of({"messages": [vars(each.messages[0])]}) == stage]


def context(folder: Path, jury: Jury, votes: int = 2) -> Context:
    write_files(folder, {"bookiter.yaml": "project: ferry\n", PATH: OLD})
    book = Book(folder, load_config(folder, {}, {"judge.votes": votes}).config)
    run = Run("20261121-120000-abcdef", folder / ".bookiter/runs/20261121-120000-abcdef")
    (folder / ".bookiter/runs/20261121-120000-abcdef").mkdir(parents=True, exist_ok=True)
    repo = cast("Repository", None)
    return Context(book, repo, Runs(folder), run, lambda: jury, lambda _: None, b"0123456789abcdef")


def intent(**changes: Any) -> Intent:
    fields: Body = {
        "feedback": "Add a line of dialogue to chapter 3",
        "intent_type": "modify",
        "confidence": 0.9,
        "target_type": "chapter",
        "scope": "specific",
        "action": "add_dialogue",
        "description": "Let Mr. Orrin answer.",
        "scale": "patch",
        "editor": "model",
        "targets": [Target(level="prose", number=3, path=PATH)],
    }
    return Intent.model_validate({**fields, **changes})


def judged(  # noqa: PLR0917 - what a jury may be told
    folder: Path,
    jury: Jury,
    votes: int = 2,
    new: str = NEW,
    old: str = OLD,
    earlier: tuple[Verdict, ...] = (),
    rubric: Rubric | None = None,
) -> Verdict:
    change = Change.between({PATH: old}, {PATH: new})
    return judge(context(folder, jury, votes), intent(), change, change.diff(), rubric=rubric, earlier=earlier)
