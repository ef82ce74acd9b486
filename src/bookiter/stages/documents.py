"""The documents that travel between stages as JSON: intent, findings, verdict; read strictly, never repaired."""

import json
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bookiter.errors import InvalidInput

SCHEMA_VERSION = 1

IntentType = Literal["modify", "add", "remove", "regenerate", "analyze", "clarify"]
TargetType = Literal["premise", "treatment", "chapter", "chapters", "prose", "taxonomy", "project"]
Scope = Literal["specific", "section", "multiple", "entire"]
Scale = Literal["patch", "regenerate"]


class Document(BaseModel):
    """A JSON object of a fixed shape: unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def json_text(self) -> str:
        """Return the object as indented JSON with a final newline."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"


class Target(Document):
    """One unit an iteration may touch."""

    level: str
    number: int | None
    path: str
    title: str = ""


class Intent(Document):
    """Feedback analysed: what, where, how far, how sure."""

    schema_version: Literal[1] = 1
    status: Literal["ok", "clarify"] = "ok"
    run: str = ""
    base: str = Field(default="", description="the commit the manuscript was at")
    feedback: str
    answers: list[str] = []
    target_words: str = Field(default="", description="what --target said")
    intent_type: IntentType
    confidence: float = Field(ge=0, le=1)
    target_type: str
    target_id: str | None = None
    scope: Scope
    action: str
    subject: str = Field(default="", description="short words for the commit subject; the action when empty")
    description: str
    reasoning: str = ""
    scale: Literal["patch", "regenerate", "unclear"] = "unclear"
    scale_reasoning: str = ""
    scale_forced: bool = Field(default=False, description="the author chose the scale: no falling back to another")
    estimated_change: float | None = Field(default=None, ge=0, le=1, description="share of the words, 0 to 1")
    editor: Literal["builtin", "model"]
    where: str = Field(default="", description="the author's words for the target of a built-in edit")
    targets: list[Target] = []
    questions: list[str] = []

    @property
    def request(self) -> str:
        """The feedback with the answers the author gave since."""
        return "\n".join([self.feedback, *self.answers])


class Finding(Document):
    """Something wrong with a change, found by code: which check, where, and in which words."""

    check: str
    message: str
    path: str = ""
    quote: str = ""


class Criterion(Document):
    """One question of the rubric and its answer; ``kind`` tells the request's own from the standing ones."""

    id: str
    question: str
    kind: Literal["request", "standing"]
    met: bool
    note: str = ""
    quote: str = Field(default="", description="words of the text that show it; looked up, not believed")


class Objection(Document):
    """What a judge found wrong: by which criterion, fact or style, and in which words of the text."""

    criterion: str
    kind: Literal["fact", "style"]
    problem: str
    quote: str = ""
    suggestion: str = ""


class Rubric(Document):
    """What every attempt of a run is judged by: yes/no questions drawn from the feedback once, then frozen."""

    schema_version: Literal[1] = 1
    feedback: str = Field(default="", description="the request that the questions were drawn from")
    questions: list[str]
    hash: str


class Verdict(Document):
    """What became of a proposed change: approved, needs_revision with the reasons, or committed without being judged."""

    schema_version: Literal[1] = 1
    status: Literal["ok"] = "ok"
    verdict: Literal["approved", "needs_revision", "unjudged"]
    reasoning: str
    specific_issues: list[str] = []
    suggestions: list[str] = []
    by: Literal["checks", "proof", "model", "author", "nobody"]
    model: str = ""
    rubric: str = Field(default="", description="hash of the rubric it was judged by")
    criteria: list[Criterion] = []
    objections: list[Objection] = []
    votes: list[Literal["approved", "needs_revision"]] = []
    change: str = Field(default="", description="fingerprint of the change that was judged")

    @property
    def approved(self) -> bool:
        return self.verdict == "approved"


def _is_text(value: Any) -> bool:
    """Tell whether a value can be written as UTF-8: a lone surrogate is JSON, but no text."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


D = TypeVar("D", bound=Document)


def read_document(kind: type[D], text: str, shown_as: str) -> D:
    """Read a stage's document. Raises InvalidInput that says what is wrong with which field."""
    noun = kind.__name__.lower()
    if not text.strip():
        raise InvalidInput(f"{shown_as} is empty; it should hold the {noun} of an earlier stage.")
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(
            f"{shown_as} is not complete JSON: {error}.", hint=f"It should be the {noun} an earlier stage wrote."
        ) from None
    if isinstance(value, dict) and value.get("status") == "error":
        cause = value.get("error", {})
        message = cause.get("message", "") if isinstance(cause, dict) else ""
        raise InvalidInput(f"{shown_as} holds the error of an earlier stage: {message}", hint="Mend that first.")
    for field, content in value.items() if isinstance(value, dict) else ():
        if not _is_text(content):
            hint = f"It should be the {noun} an earlier stage wrote."
            raise InvalidInput(
                f"{shown_as} is no {noun}: {field}: it is not valid text.", hint=hint, details={"field": field}
            )
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the whole"
        raise InvalidInput(
            f"{shown_as} is no {noun}: {field}: {first['msg'].lower()}.",
            hint=f"It should be the {noun} an earlier stage wrote.",
            details={"field": field},
        ) from None
