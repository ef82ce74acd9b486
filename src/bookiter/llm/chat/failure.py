"""What the author is told when a model has failed for good: a message, and what can be done about it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bookiter.errors import ModelFailed
from bookiter.llm.chat.answer import FINISHED, LENGTH, Answer
from bookiter.llm.chat.problem import Problem
from bookiter.llm.chat.retry import is_spent
from bookiter.llm.chat.scrub import scrub
from bookiter.llm.chat.thinking import without_thinking

DOCTOR = "`bookiter doctor` shows what is configured and what answers"
SHORTER = "raise openai.max_tokens, or aim at a smaller target"
SHOWN = 200
_NO_MODEL = re.compile(r"model_not_found|\bmodel\b.{0,120}\b(?:not found|not exist)|not a valid model", re.DOTALL)
_TOO_LONG = re.compile(
    r"context_length|context length|context window|maximum context|too many tokens|prompt is too long"
)


@dataclass(frozen=True)
class Place:
    """Where a call went: what failures name."""

    server: str
    model: str
    key: str | None
    key_name: str


def is_unknown_model(problem: Problem) -> bool:
    """Tell a server that does not have the model."""
    return problem.status in (400, 404) and bool(_NO_MODEL.search(problem.words))


def failure(problem: Problem, place: Place, tries: int = 1, because: str = "") -> ModelFailed:
    """Word a problem that ends the call; ``because`` says why it was not tried (again)."""
    message, hint = _wording(problem, place)
    said = f": {problem.text}" if problem.text and problem.text not in message else ""
    often = f" ({tries} tries)" if tries > 1 else ""
    details = {"server": place.server, "model": place.model, "kind": problem.kind, "tries": tries}
    if problem.status:
        details["status"] = problem.status
    return ModelFailed(f"{message}{often}{said}{'; ' + because if because else ''}", hint=hint, details=details)


def time_is_up(place: Place, timeout: float, last: Problem | None) -> ModelFailed:
    """Word the end of the time for one call."""
    said = f"; the last try failed: {_wording(last, place)[0]}" if last else ""
    return ModelFailed(
        f"the model server at {place.server} gave no finished answer within {timeout:g} s{said}",
        hint=f"raise openai.timeout, or choose a faster model; {DOCTOR}",
        details=_facts(place),
    )


def accepted_text(answer: Answer, place: Place) -> str:
    """Return the text of an answer that ended by itself; raise ModelFailed for every other kind of answer."""
    text = answer.text
    if answer.refusal:
        raise _unusable(place, "declined", answer.refusal, "put the request in other words")
    if answer.finish == "content_filter":
        raise _unusable(
            place, "was stopped by a content filter", text, "put the request in other words, or use another model"
        )
    if answer.finish in LENGTH:
        raise _unusable(place, "stopped for length before its answer was finished", text, SHORTER)
    if answer.tools:
        raise _unusable(place, "called a tool instead of answering", text, "use another model")
    if answer.finish not in FINISHED:
        raise _unusable(place, f"ended for an unknown reason ({scrub(answer.finish, place.key, 40)})", text, DOCTOR)
    return _clean(text, place)


def _clean(text: str, place: Place) -> str:
    answer = without_thinking(text)
    if not answer.strip():
        thought = "thought, but gave no answer" if text.strip() else "gave an empty answer"
        raise _unusable(place, thought, text, "try again, or use another model")
    if any("\ud800" <= character <= "\udfff" for character in answer):
        raise _unusable(place, "gave a text with broken characters", answer, "use another model")
    return answer


def _unusable(place: Place, what: str, came: str, hint: str) -> ModelFailed:
    shown = scrub(came, place.key, SHOWN)
    quoted = f": {shown}" if shown else ""
    return ModelFailed(f"the model {place.model} at {place.server} {what}{quoted}", hint=hint, details=_facts(place))


def _facts(place: Place) -> dict[str, Any]:
    return {"server": place.server, "model": place.model}


def _wording(problem: Problem, place: Place) -> tuple[str, str]:
    server = f"the model server at {place.server}"
    if problem.kind == "connect":
        return f"{server} cannot be reached", f"is the server running, and is openai.base_url right? {DOCTOR}"
    if problem.kind == "silent":
        return f"{server} sent nothing for too long", f"raise openai.idle_timeout if the model is just slow; {DOCTOR}"
    if problem.kind == "garbage":
        return (
            f"{server} answered with something that is no chat completion",
            f"openai.base_url usually ends in /v1; {DOCTOR}",
        )
    if problem.kind == "cut":
        return (
            f"{server} broke off before the answer was finished",
            "try again; a shorter target is less likely to be cut off",
        )
    return _status_wording(problem, place, server)


def _status_wording(problem: Problem, place: Place, server: str) -> tuple[str, str]:
    return next(_status_wordings(problem, place, server))


def _status_wordings(problem: Problem, place: Place, server: str) -> Iterator[tuple[str, str]]:
    """Offer the wordings that fit, the most particular first."""
    status = problem.status
    if is_spent(problem):
        yield f"the quota at {place.server} is used up", "add credit there, or use another server or key"
    if status == 401:
        yield _unauthorised(place, server)
    if is_unknown_model(problem):
        yield f"{server} has no model {place.model}", f"name one it has under models; {DOCTOR}"
    if _TOO_LONG.search(problem.words) or status == 413:
        yield f"the request is too long for the model {place.model}", "aim at a smaller target, or use a larger model"
    if 300 <= status < 400:
        where = scrub((problem.headers or {}).get("location", "elsewhere"), place.key)
        yield f"{server} redirects to {where}, which is not followed", "set openai.base_url to the server's own address"
    if status in _STATUS:
        message, hint = _STATUS[status]
        yield f"{server} {message}", hint.format(key=place.key_name)
    yield f"{server} answered with {f'status {status}' if status else 'an error'}", DOCTOR


_STATUS = {
    403: ("does not allow this", "does the key in {key} have access to this model?"),
    404: ("knows no chat completions at this address", f"openai.base_url usually ends in /v1; {DOCTOR}"),
    429: ("takes no more requests for now (rate limit)", "wait a little, then run the same command again"),
}


def _unauthorised(place: Place, server: str) -> tuple[str, str]:
    if place.key is None:
        return f"{server} wants a key, and none is set", f"set the environment variable {place.key_name}"
    return f"{server} does not accept the key", f"check the environment variable {place.key_name}"
