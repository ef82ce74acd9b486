"""Send one chat completion call and read what comes; every way it can fail becomes a Problem."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from bookiter.llm.chat.answer import Answer
from bookiter.llm.chat.problem import AttemptError, Problem, ServerError, error_object, read_error
from bookiter.llm.chat.scrub import scrub
from bookiter.llm.chat.worker import Hand

if TYPE_CHECKING:
    from openai import APIConnectionError, APIStatusError, OpenAI, Stream

PATH = "/chat/completions"
SHOWN = 200  # characters of a useless answer that are quoted
_NOT_A_STREAM = ("application/json", "text/html", "text/plain")


def send(client: "OpenAI", body: Mapping[str, Any], hand: Hand, key: str | None) -> Answer:
    """Send the call, hand over the pieces of a streamed text, and return the answer; raise AttemptError."""
    answer = Answer()
    with _problems(answer, key):
        if body.get("stream"):
            _read_stream(client, body, hand, answer)
        else:
            _read_whole(client.post(PATH, cast_to=object, body=dict(body)), answer)
    return answer


def model_names(client: "OpenAI", key: str | None) -> tuple[str, ...]:
    """List the models a server offers; raise AttemptError."""
    with _problems(Answer(), key):
        payload = client.get("/models", cast_to=object)
        entries = payload.get("data") if isinstance(payload, Mapping) else None
        if not isinstance(entries, list):
            raise AttemptError(Problem("garbage", str(payload)))
        return tuple(str(entry["id"]) for entry in entries if isinstance(entry, Mapping) and "id" in entry)


def _read_stream(client: "OpenAI", body: Mapping[str, Any], hand: Hand, answer: Answer) -> None:
    from openai import Stream

    with client.post(PATH, cast_to=object, body=dict(body), stream=True, stream_cls=Stream[object]) as stream:
        if stream.response.headers.get("content-type", "").startswith(_NOT_A_STREAM):
            _read_whole(_whole_body(stream), answer)  # a server that streams for nobody
            return
        answer.streamed = True
        for chunk in stream:
            hand.text(answer.add(chunk))


def _whole_body(stream: "Stream[object]") -> object:
    import httpx2

    try:
        return stream.response.read().decode("utf-8")
    except httpx2.TimeoutException as error:
        raise AttemptError(Problem("silent", str(error))) from None
    except httpx2.RequestError as error:
        raise AttemptError(Problem("cut", str(error))) from None


def _read_whole(payload: object, answer: Answer) -> None:
    value = json.loads(payload) if isinstance(payload, str) else payload
    if isinstance(value, Mapping) and value.get("error") and not value.get("choices"):
        _raise_error_object(value["error"])
    answer.add(value)
    if not answer.choices:
        raise AttemptError(Problem("garbage", json.dumps(value, ensure_ascii=False)))


def _raise_error_object(error: object) -> NoReturn:
    """Some gateways wrap the error of the server behind them into an answer of status 200."""
    read = error_object(error)
    raise AttemptError(_status_problem(read, _status_in(error)))


def _status_in(error: object) -> int:
    code = error.get("code") if isinstance(error, Mapping) else None
    return code if isinstance(code, int) and 400 <= code < 600 else 0


def _status_problem(read: ServerError, status: int, headers: Mapping[str, str] | None = None) -> Problem:
    return Problem("status", read.text, status, read.code, read.param, headers)


@contextmanager
def _problems(answer: Answer, key: str | None) -> Iterator[None]:
    """Turn what is raised inside into AttemptError with a scrubbed text, unless the answer was already complete."""
    try:
        yield
    except AttemptError as failed:
        problem = failed.problem
    except Exception as error:
        if answer.finish:  # what broke is only the wait for the count of tokens
            return
        found = _problem_of(error, answer)
        if found is None:
            raise
        problem = found
    else:
        return
    raise AttemptError(_scrubbed(problem, key))


def _scrubbed(problem: Problem, key: str | None) -> Problem:
    limit = SHOWN if problem.kind == "garbage" else 600
    return replace(problem, text=scrub(problem.text, key, limit))


def _problem_of(error: Exception, answer: Answer) -> Problem | None:
    import openai

    if isinstance(error, openai.APIStatusError):
        return _of_status(error)
    if isinstance(error, openai.APIConnectionError):
        return _of_connection(error, bool(answer.pieces))
    if isinstance(error, openai.APIError):
        read = error_object(error.body)
        return Problem("cut", read.text or error.message, _status_in(error.body), read.code, read.param)
    garbage = _of_garbage(error)
    # A connection that breaks usually breaks in the middle of an event, which then is no JSON.
    return replace(garbage, kind="cut") if garbage and answer.streamed else garbage


def _of_garbage(error: Exception) -> Problem | None:
    if isinstance(error, json.JSONDecodeError):
        return Problem("garbage", error.doc)
    if isinstance(error, UnicodeDecodeError):
        return Problem("garbage", error.object.decode("utf-8", "replace"))
    if isinstance(error, RecursionError):
        return Problem("garbage", "JSON nested without end")
    return None


def _of_status(error: "APIStatusError") -> Problem:
    response = error.response
    headers = {name.lower(): value for name, value in response.headers.items()}
    return _status_problem(read_error(response.text), response.status_code, headers)


def _of_connection(error: "APIConnectionError", begun: bool) -> Problem:
    import openai

    cause = str(error.__cause__ or "") or type(error.__cause__).__name__
    if isinstance(error, openai.APITimeoutError):
        return Problem("silent", cause)
    return Problem("cut" if begun else "connect", cause)
