"""Whoever may be asked while an iteration runs, and what can be answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bookiter.manuscript.units import Unit
from bookiter.stages.summarise import Summary

Downstream = Literal["keep", "cull", "cancel"]


@dataclass(frozen=True)
class Decision:
    """What the author makes of a change: accept, reject, keep it as a candidate, or this edited diff instead.

    ``why`` is the reason: to turn it down, or to accept what the judge did not approve.
    """

    kind: Literal["accept", "reject", "keep", "edit"]
    why: str = ""
    diff: str = ""


class Person(Protocol):
    """Somebody at a terminal, or nobody: then nothing is asked, and ``asked`` is False."""

    @property
    def asked(self) -> bool:
        """Tell whether there is somebody who decides about attempts and changes."""

    def answer(self, questions: list[str]) -> str | None:
        """Return the answer to questions about the request, or None when nobody answers."""

    def go_on(self, attempt: Summary, stuck: str) -> bool:
        """Tell whether to try again with the judge's findings; ``stuck`` says why it may not help, "" if it may."""

    def downstream(self, units: Sequence[Unit]) -> Downstream:
        """Decide what becomes of the texts that were made from what is going to change."""

    def choose(self, summaries: Sequence[Summary]) -> int | None:
        """Return which of several changes, best first, is decided about; None keeps all of them."""

    def decide(self, summary: Summary) -> Decision:
        """Show a change and return what the author makes of it."""

    def edit_refused(self, reason: str) -> None:
        """Say why an edited diff cannot be taken."""
