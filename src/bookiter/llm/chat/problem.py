"""What went wrong with one attempt, as plain facts without the SDK's exceptions.

======== =====================================================================
kind     meaning
======== =====================================================================
status   the server answered with an error (``status`` is its HTTP status)
connect  no connection, or it broke before an answer came
silent   no byte came for the idle timeout
cut      the answer began and did not end properly
garbage  what came is no chat completion
======== =====================================================================
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["status", "connect", "silent", "cut", "garbage"]
MAX_ERROR_TEXT = 1000


@dataclass(frozen=True)
class Problem:
    """Facts about a failed attempt; ``text`` is scrubbed of the key and kept to one line."""

    kind: Kind
    text: str = ""
    status: int = 0
    code: str = ""
    param: str = ""
    headers: Mapping[str, str] | None = None

    @property
    def words(self) -> str:
        """All the server said, in lower case, for looking up names in it."""
        return f"{self.code} {self.param} {self.text}".lower()


class AttemptError(Exception):
    """One attempt came to nothing; the caller decides whether there is another."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


@dataclass(frozen=True)
class ServerError:
    """The error object of a response body, whatever dialect it was written in."""

    text: str = ""
    code: str = ""
    param: str = ""


def read_error(body: str) -> ServerError:
    """Read the body of an error response: OpenAI's object, a bare string, FastAPI's ``detail``, or any text."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return ServerError(body[:MAX_ERROR_TEXT])
    if isinstance(value, list) and value:  # Google wraps the object into a list
        value = value[0]
    if not isinstance(value, dict):
        return ServerError(body[:MAX_ERROR_TEXT])
    return error_object(value.get("error", value.get("detail", value)))


def error_object(error: Any) -> ServerError:
    """Read the value under ``error`` or ``detail``."""
    if isinstance(error, dict):
        words = [_text(error.get(name)) for name in ("message", "msg", "detail")]
        code = " ".join(filter(None, (_text(error.get("code")), _text(error.get("type")))))
        return ServerError(" ".join(filter(None, words))[:MAX_ERROR_TEXT], code, _text(error.get("param")))
    if isinstance(error, list):
        return ServerError("; ".join(_complaint(item) for item in error)[:MAX_ERROR_TEXT])
    return ServerError(_text(error)[:MAX_ERROR_TEXT])


def _complaint(item: Any) -> str:
    """Word one entry of a validator's list: only where and what, since its ``input`` may quote the whole prompt."""
    if not isinstance(item, dict):
        return _text(item)
    where = item.get("loc")
    path = ".".join(str(part) for part in where) if isinstance(where, list) else ""
    return f"{path}: {_text(item.get('msg'))}"


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
