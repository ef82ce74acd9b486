"""What every model offers, and what is exchanged with it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar, runtime_checkable

Role = Literal["system", "user", "assistant"]
OnText = Callable[[str], None]
Value = TypeVar("Value")


@dataclass(frozen=True)
class Message:
    """One turn of the conversation sent to a model."""

    role: Role
    content: str


@dataclass(frozen=True)
class Request:
    """One question for a model.

    ``stage`` is one of intent, scale, diff, regenerate, judge, summary and chooses model and temperature. ``schema`` is
    a JSON schema of the answer, or None for plain text. ``sample`` tells apart several answers wanted to the same
    question (votes); it is never sent, and only keeps a cache from giving the same answer each time.
    """

    stage: str
    messages: tuple[Message, ...]
    schema: Mapping[str, Any] | None = None
    schema_name: str = "answer"
    sample: int = 0


@dataclass(frozen=True)
class Usage:
    """What calls have used: tokens, number of calls, seconds of wall time, and cost in the unit of the price table.

    ``cost`` is None where a price is not known. ``estimated`` says that some server gave no count of its own.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    calls: int = 0
    seconds: float = 0.0
    cost: float | None = 0.0
    estimated: bool = False

    @property
    def tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.calls + other.calls,
            self.seconds + other.seconds,
            None if self.cost is None or other.cost is None else self.cost + other.cost,
            self.estimated or other.estimated,
        )


@dataclass(frozen=True)
class Reply:
    """A model's finished answer: never cut off, never empty."""

    text: str
    model: str
    usage: Usage
    cached: bool = False


class Model(Protocol):
    """Anything that answers requests."""

    def complete(self, request: Request, on_text: OnText | None = None) -> Reply:
        """Answer the request, handing pieces of the text to ``on_text`` as they come; raise ModelFailed.

        After an answer was cut off and asked for again, the pieces start again from the beginning.
        """
        ...

    def model_for(self, stage: str) -> str:
        """Name the model that answers this stage."""
        ...


@runtime_checkable
class Forgetful(Protocol):
    """A model, or a wrapper around one, that may hold an answer which has turned out to be useless."""

    def forget(self, request: Request) -> None:
        """Drop what is kept for this request, so that asking again asks the model."""
        ...


def forget(model: Model, request: Request) -> None:
    """Drop any kept answer to the request, wherever in the chain of wrappers it is."""
    if isinstance(model, Forgetful):
        model.forget(request)


def for_stage(table: Mapping[str, Value], stage: str) -> Value | None:
    """Look up a per-stage setting: the stage's own value unless it is None or empty, else the one under "default"."""
    own = table.get(stage)
    return table.get("default") if own is None or own == "" else own


def canonical_json(value: Any) -> str:
    """Write a value as JSON in the one form that equal values share."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def request_digest(request: Request, *more: Any) -> str:
    """Hash the parts of a request that shape its answer, and whatever else is given; 64 hexadecimal digits."""
    parts = [[m.role, m.content] for m in request.messages], request.schema, request.sample, *more
    return hashlib.sha256(canonical_json(parts).encode("ascii")).hexdigest()
