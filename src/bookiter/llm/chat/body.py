"""What is sent, and what is left out once a server has said that it will not have it.

Servers that speak "the OpenAI API" differ in which parameters they take. One that refuses a parameter is asked again
without it, and that is remembered. Each step leaves out strictly more, so the number of steps is bounded.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from bookiter.llm.chat.problem import Problem
from bookiter.llm.interface import Request, canonical_json

REFUSING = frozenset({400, 404, 422})
LimitName = Literal["max_tokens", "max_completion_tokens"]
_NEXT_FORMAT = {"json_schema": "json_object", "json_object": "text"}
_ABOUT_FORMAT = re.compile(
    r"response_format|response_schema|response schema|json_schema|json schema|json_object|json mode|structured output"
    r"|guided_|grammar"
)
_ABOUT_STREAM = re.compile(r"\bstream(?:ing)?\b")


@dataclass(frozen=True)
class Abilities:
    """What a model at a server is known to take; everything, until it has refused something."""

    temperature: bool = True
    stream: bool = True
    stream_options: bool = True
    limit_name: LimitName | None = "max_tokens"
    answer_format: str = "json_schema"


@dataclass(frozen=True)
class Wanted:
    """What the settings ask for in one call, before any server's taste is considered."""

    model: str
    temperature: float | None
    max_tokens: int | None
    stream: bool


def build_body(request: Request, wanted: Wanted, abilities: Abilities) -> dict[str, Any]:
    """Build the JSON body of a chat completion call from the request, the settings and what the server takes."""
    body: dict[str, Any] = {"model": wanted.model, "messages": _messages(request, abilities)}
    if wanted.temperature is not None and abilities.temperature:
        body["temperature"] = wanted.temperature
    if wanted.max_tokens is not None and abilities.limit_name:
        body[abilities.limit_name] = wanted.max_tokens
    if request.schema is not None and abilities.answer_format != "text":
        body["response_format"] = _response_format(request, abilities.answer_format)
    if wanted.stream and abilities.stream:
        body["stream"] = True
        if abilities.stream_options:
            body["stream_options"] = {"include_usage": True}
    return body


def with_less(abilities: Abilities, problem: Problem, body: Mapping[str, Any]) -> Abilities | None:
    """Leave out the parameter a server complained about; None when the complaint is about none that was sent."""
    if problem.kind != "status" or problem.status not in REFUSING:
        return None
    return next(_lesser(abilities, problem.words, body), None)


def _lesser(abilities: Abilities, words: str, body: Mapping[str, Any]) -> Iterator[Abilities]:
    """Offer what to leave out, the surest reading of the complaint first."""
    if "max_completion_tokens" in words and "max_tokens" in body:
        yield replace(abilities, limit_name="max_completion_tokens")
    if abilities.limit_name in body and ("max_tokens" in words or "max_completion_tokens" in words):
        yield replace(abilities, limit_name=None)
    if "temperature" in body and "temperature" in words:
        yield replace(abilities, temperature=False)
    if "response_format" in body and _ABOUT_FORMAT.search(words):
        yield replace(abilities, answer_format=_NEXT_FORMAT[abilities.answer_format])
    if "stream_options" in body and ("stream_options" in words or "include_usage" in words):
        yield replace(abilities, stream_options=False)
    if "stream" in body and _ABOUT_STREAM.search(words):
        yield replace(abilities, stream=False)


def _response_format(request: Request, answer_format: str) -> dict[str, Any]:
    if answer_format == "json_object":
        return {"type": "json_object"}
    schema = {"name": request.schema_name, "strict": True, "schema": request.schema}
    return {"type": "json_schema", "json_schema": schema}


def _messages(request: Request, abilities: Abilities) -> list[dict[str, str]]:
    messages = [{"role": message.role, "content": message.content} for message in request.messages]
    if request.schema is not None and abilities.answer_format != "json_schema" and messages:
        # Not a further system message: several chat templates accept one only, and only in the first place.
        messages[-1]["content"] += _told_in_words(request)
    return messages


def _told_in_words(request: Request) -> str:
    return (
        "\n\nAnswer with one JSON object and nothing else, neither before nor after it. "
        f"It must fit this JSON schema:\n{canonical_json(request.schema)}"
    )
