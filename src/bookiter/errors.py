"""Every expected failure, and the one table of exit codes.

An expected failure is a :class:`BookiterError`: what happened, what the person can do about it, and the exit code that
tells a script which kind it was. Anything else that escapes is a fault of bookiter itself (exit code 1).
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, ClassVar


class ExitCode(IntEnum):
    """What a script can tell from the way bookiter ends; ``docs/exit-codes.md`` is checked against this table."""

    DONE = 0
    FAULT = 1
    USAGE = 2
    CLARIFY = 3
    REFUSED = 4
    NOT_APPROVED = 5
    NOT_READY = 6
    MODEL = 7
    LIMIT = 8
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.DONE: "done",
    ExitCode.FAULT: "a fault of bookiter itself; the traceback is saved in the run",
    ExitCode.USAGE: "wrong usage or configuration",
    ExitCode.CLARIFY: "needs clarification; the questions are in the result",
    ExitCode.REFUSED: "the patch was refused; nothing was changed",
    ExitCode.NOT_APPROVED: "the change was not approved; nothing was committed",
    ExitCode.NOT_READY: "the manuscript is not ready (no repository, no such target, uncommitted edits, locked, conflict)",
    ExitCode.MODEL: "the model failed (none configured, unreachable, refused, or unusable answer)",
    ExitCode.LIMIT: "stopped by a limit (budget, time)",
    ExitCode.INTERRUPTED: "interrupted",
}


class BookiterError(Exception):
    """An expected failure: one sentence for the person, one hint, one exit code.

    ``details`` holds JSON-ready facts for scripts. A cause set with ``raise … from`` is shown as "caused by".
    """

    exit_code: ClassVar[ExitCode] = ExitCode.FAULT
    code: ClassVar[str] = "fault"

    def __init__(self, message: str, *, hint: str = "", details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details: dict[str, Any] = dict(details or {})


class InvalidInput(BookiterError):
    """A command was called in a way that cannot work, or a file given to it is not what it should be."""

    exit_code = ExitCode.USAGE
    code = "usage"


class InvalidConfig(BookiterError):
    """A setting is unknown, of the wrong type, or not allowed for this repository."""

    exit_code = ExitCode.USAGE
    code = "config"


class NeedsClarification(BookiterError):
    """The request cannot be carried out without an answer; ``details["questions"]`` lists what to ask."""

    exit_code = ExitCode.CLARIFY
    code = "clarify"


class Refused(BookiterError):
    """A proposed change cannot be applied exactly, so it is not applied at all."""

    exit_code = ExitCode.REFUSED
    code = "refused"


class NotApproved(BookiterError):
    """Checks, judge or author did not approve the change."""

    exit_code = ExitCode.NOT_APPROVED
    code = "not_approved"


class NotReady(BookiterError):
    """The manuscript is not in a state in which the command may work on it."""

    exit_code = ExitCode.NOT_READY
    code = "not_ready"


class ModelFailed(BookiterError):
    """No model is configured, it cannot be reached, or its answer cannot be used."""

    exit_code = ExitCode.MODEL
    code = "model"


class LimitReached(BookiterError):
    """A limit the author set (tokens, cost, time) was reached."""

    exit_code = ExitCode.LIMIT
    code = "limit"
