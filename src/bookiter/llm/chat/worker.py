"""Waiting for work that may never end, without being held by it.

The SDK's timeouts count from one byte to the next, so a server that drips holds a call for ever; and a blocked read
does not notice ^C. So the call runs in a daemon thread, and the main thread waits on a queue: with a deadline, and
interruptible at any moment. An abandoned thread is told so, and stops at its next event or at its own timeout.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from bookiter.llm.interface import OnText

Result = TypeVar("Result")
LONGEST_WAIT = 3600.0


class TimeUpError(Exception):
    """The deadline passed before the work was done."""


class AbandonedError(Exception):
    """Raised inside the work once nobody waits for it any more."""


@dataclass(frozen=True)
class _Done(Generic[Result]):
    result: Result


class Hand:
    """What the work uses to hand pieces of text to the one who waits."""

    def __init__(self, events: "SimpleQueue[object]", abandoned: threading.Event) -> None:
        self._events = events
        self._abandoned = abandoned

    def text(self, piece: str) -> None:
        """Pass a piece on; raise AbandonedError when nobody waits any more."""
        if self._abandoned.is_set():
            raise AbandonedError
        self._events.put(piece)


def wait_for(work: Callable[[Hand], Result], on_text: OnText, remaining: Callable[[], float]) -> Result:
    """Run ``work`` in a thread and return its result, calling ``on_text`` in this thread with each piece it hands over.

    ``remaining`` gives the seconds left; at 0 TimeUpError is raised. What the work raises is raised here.
    """
    events: SimpleQueue[object] = SimpleQueue()
    abandoned = threading.Event()
    arguments = (work, Hand(events, abandoned), events)
    threading.Thread(target=_run, args=arguments, name="bookiter-model", daemon=True).start()
    try:
        while True:
            event = _next(events, remaining())
            if isinstance(event, _Done):
                result: Result = event.result
                return result
            if isinstance(event, BaseException):
                raise event
            on_text(str(event))
    finally:
        abandoned.set()


def _next(events: "SimpleQueue[object]", seconds: float) -> object:
    if seconds <= 0:
        raise TimeUpError
    try:
        return events.get(timeout=min(seconds, LONGEST_WAIT))
    except Empty:
        raise TimeUpError from None


def _run(work: Callable[[Hand], object], hand: Hand, events: "SimpleQueue[object]") -> None:
    try:
        events.put(_Done(work(hand)))
    except BaseException as error:  # handed over, not lost: the waiting thread raises it
        events.put(error)
