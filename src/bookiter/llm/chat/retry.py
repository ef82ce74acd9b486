"""Whether to ask again, and how long to wait before it."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from bookiter.llm.chat.problem import Problem

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 20.0
PASSING_STATUS = frozenset({408, 409, 425, 429})
MAX_SILENT = 2  # a server silent twice is down or too slow; the full number of retries would only cost minutes
_SPENT = re.compile(r"insufficient_quota|billing_hard_limit|billing_not_active|insufficient[_ ]balance|credit balance")


@dataclass(frozen=True)
class Pause:
    """Seconds to wait before the next try; ``asked`` when the server itself named the time."""

    seconds: float
    asked: bool = False


def is_spent(problem: Problem) -> bool:
    """Tell a used-up quota, which no waiting cures, from a rate limit, which uses the same status."""
    # Not by "exceeded your current quota": Google says that of its limits per minute, too.
    return problem.status == 402 or bool(_SPENT.search(problem.words))


def is_passing(problem: Problem) -> bool:
    """Tell a problem that may be over in a moment."""
    if problem.kind in ("connect", "silent"):
        return True
    if is_spent(problem) or problem.kind == "garbage":
        return False
    return problem.kind == "cut" or problem.status in PASSING_STATUS or problem.status >= 500


def pause_before(tries: int, problem: Problem, now: float, chance: float) -> Pause:
    """Say how long to wait after so many failed tries (from 1); ``now`` in epoch seconds, ``chance`` in [0, 1)."""
    asked = asked_for(problem.headers or {}, now)
    if asked:
        return Pause(asked, asked=True)
    doubled = FIRST_PAUSE * 2 ** (tries - 1)
    return Pause(min(LONGEST_PAUSE, doubled) * (0.75 + chance / 2))


def asked_for(headers: Mapping[str, str], now: float) -> float | None:
    """Read the seconds a server asks to wait, from ``retry-after-ms`` or ``retry-after`` (seconds, or an HTTP date).

    A time already past gives 0; None when neither header is there or readable. The names are in lower case.
    """
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return max(0.0, milliseconds / 1000)
    value = headers.get("retry-after", "")
    seconds = _number(value)
    if seconds is None:
        seconds = _seconds_until(value, now)
    return None if seconds is None else max(0.0, seconds)


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return None if math.isnan(number) else number


def _seconds_until(date: str, now: float) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp() - now
    except (ValueError, TypeError, OverflowError):
        return None
