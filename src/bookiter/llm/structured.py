"""Answers as objects: sent with a JSON schema, parsed strictly, asked for once more when they are not what they must be.

Nothing is repaired into a value: an answer that was cut off must never become a valid score. Only a code fence around
the whole answer is taken off.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bookiter.errors import ModelFailed
from bookiter.llm.interface import Message, Model, Reply, Request, forget

Answer = TypeVar("Answer", bound=BaseModel)
_FENCE = re.compile(r"\s*```[A-Za-z]*[ \t]*\r?\n(?P<inside>.*?)\r?\n?[ \t]*```\s*", re.DOTALL)
_DROPPED = ("default", "title")
SHOWN = 200
MAX_COMPLAINTS = 5


class UnusableAnswerError(ValueError):
    """An answer that is not the wanted object; the text says what is wrong with it."""


def ask(model: Model, request: Request, schema_type: type[Answer]) -> tuple[Answer, tuple[Reply, ...]]:
    """Ask for an object of a pydantic type, and return it with the one or two replies it took.

    Raises ModelFailed when the second answer is no better than the first, and whatever the model raises.
    """
    asked = replace(request, schema=strict_schema(schema_type))
    first = model.complete(asked)
    try:
        return parse(first.text, schema_type), (first,)
    except UnusableAnswerError as wrong:
        forget(model, asked)  # else the next run would be given the same useless answer
        again = replace(asked, messages=(*asked.messages, *_correction(first.text, wrong)))
    second = model.complete(again)
    try:
        return parse(second.text, schema_type), (first, second)
    except UnusableAnswerError as wrong:
        forget(model, again)
        raise _failure(model, request.stage, second.text, wrong) from None


def parse(text: str, schema_type: type[Answer]) -> Answer:
    """Parse an answer strictly; raise UnusableAnswerError.

    Whether keys beyond the wanted ones are allowed is for the type to say (``extra="forbid"``).
    """
    fenced = _FENCE.fullmatch(text)
    inside = fenced["inside"] if fenced else text
    _check_json(inside)
    try:
        return schema_type.model_validate_json(inside, strict=True)
    except ValidationError as error:
        raise UnusableAnswerError(_complaints(error)) from None


def strict_schema(schema_type: type[BaseModel]) -> dict[str, Any]:
    """Return a type's JSON schema in the strict style: no further keys allowed, all keys required, no defaults."""
    strict = _strict(schema_type.model_json_schema())
    if not isinstance(strict, dict):
        raise TypeError(schema_type)
    return strict


def _strict(node: Any) -> Any:
    if isinstance(node, list):
        return [_strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:  # strict servers allow nothing beside it
        return {"$ref": node["$ref"]}
    made = {name: _strict_member(name, value) for name, value in node.items() if name not in _DROPPED}
    if isinstance(node.get("properties"), dict):
        made |= {"additionalProperties": False, "required": list(node["properties"])}
    return made


def _strict_member(name: str, value: Any) -> Any:
    """Go on into a member; the names under ``properties`` and ``$defs`` are the author's own, "title" among them."""
    if name in ("properties", "$defs") and isinstance(value, dict):
        return {key: _strict(inner) for key, inner in value.items()}
    return value if name in ("enum", "const") else _strict(value)


def _check_json(text: str) -> None:
    """Refuse what pydantic's own parser would let pass: repeated keys, NaN and infinities, a value that is no object."""
    try:
        value = json.loads(text, object_pairs_hook=_unrepeated, parse_constant=_no_number, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise UnusableAnswerError(f"it is no JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise UnusableAnswerError("it is nested without end") from None
    if not isinstance(value, Mapping):
        raise UnusableAnswerError("it is no JSON object")


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = sorted({name for name in names if names.count(name) > 1})
        raise UnusableAnswerError(f"the key {repeated[0][:60]!r} comes more than once")
    return made


def _no_number(name: str) -> float:
    raise UnusableAnswerError(f"{name} is no JSON value")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise UnusableAnswerError(f"{digits[:20]} is too large a number")
    return number


def _complaints(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False, include_context=False)
    lines = [f"{'.'.join(str(part) for part in each['loc']) or 'the object'}: {each['msg']}" for each in found]
    more = [f"and {len(lines) - MAX_COMPLAINTS} more"] if len(lines) > MAX_COMPLAINTS else []
    return "; ".join(lines[:MAX_COMPLAINTS] + more)


def _correction(previous: str, wrong: UnusableAnswerError) -> tuple[Message, Message]:
    again = "Answer again: one JSON object of the required shape, complete, with nothing before or after it."
    return Message("assistant", previous), Message("user", f"That answer cannot be used: {wrong}. {again}")


def _failure(model: Model, stage: str, text: str, wrong: UnusableAnswerError) -> ModelFailed:
    came = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    shown = came if len(came) <= SHOWN else came[: SHOWN - 1] + "…"
    name = model.model_for(stage)
    return ModelFailed(
        f"the model {name} gave an unusable answer twice ({stage}): {wrong}; it said: {shown}",
        hint=f"name another model under models.{stage}",
        details={"stage": stage, "model": name, "problem": str(wrong)},
    )
