"""Answer from a recorded run: the same result without a network, a key, or chance."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bookiter.errors import InvalidInput, ModelFailed
from bookiter.llm.interface import OnText, Reply, Request, Usage, request_digest

HINT = "record the run again, or give the folder of another run"


@dataclass(frozen=True)
class Recorded:
    """One line of a recording."""

    stage: str
    request: str
    reply: Reply


class ReplayModel:
    """Play back the file that RecordingModel wrote.

    Within a stage the answer recorded for this very request is taken, else the first one not yet used. Usage is given
    as it was recorded.
    """

    def __init__(self, calls: Path) -> None:
        """Read the recording; raise InvalidInput when it is missing or damaged."""
        self._calls = calls
        self._left = read_recording(calls)

    def model_for(self, stage: str) -> str:
        """Name the model whose answer comes next in this stage, or "replay" when none is left."""
        return next((recorded.reply.model for recorded in self._left if recorded.stage == stage), "replay")

    def complete(self, request: Request, on_text: OnText | None = None) -> Reply:
        """Give the recorded answer; raise ModelFailed when the stage has none left."""
        of_stage = [recorded for recorded in self._left if recorded.stage == request.stage]
        if not of_stage:
            message = f"the recorded run has no further answer for stage {request.stage}"
            raise ModelFailed(message, hint=HINT, details={"recording": str(self._calls), "stage": request.stage})
        digest = request_digest(request)
        chosen = next((recorded for recorded in of_stage if recorded.request == digest), of_stage[0])
        self._left.remove(chosen)
        if on_text is not None:
            on_text(chosen.reply.text)
        return chosen.reply


def read_recording(calls: Path) -> list[Recorded]:
    """Read a recording in order; raise InvalidInput naming the line that is damaged."""
    try:
        lines = calls.read_bytes().decode("utf-8").split("\n")
    except OSError as error:
        message = f"the recording {calls} cannot be read: {error.strerror}"
        raise InvalidInput(message, hint="give the folder of a run that asked a model") from None
    except UnicodeDecodeError:
        raise InvalidInput(f"the recording {calls} is not UTF-8", hint=HINT) from None
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    return [_parse(calls, number, line) for number, line in numbered]


def _parse(calls: Path, number: int, line: str) -> Recorded:
    try:
        return _recorded(json.loads(line))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise InvalidInput(f"line {number} of the recording {calls} is damaged", hint=HINT) from None


def _recorded(value: Any) -> Recorded:
    stage, request, model, text = (_text(value[name]) for name in ("stage", "request", "model", "text"))
    return Recorded(stage, request, Reply(text, model, _usage(value["usage"])))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _usage(value: Mapping[str, Any]) -> Usage:
    counts = [value[name] for name in ("prompt_tokens", "completion_tokens", "calls", "seconds")]
    cost = value["cost"]
    if not all(isinstance(number, int | float) for number in (*counts, 0 if cost is None else cost)):
        raise TypeError
    return Usage(int(counts[0]), int(counts[1]), int(counts[2]), float(counts[3]), cost, bool(value["estimated"]))
