"""What the author likes, learned from what was accepted, turned down and edited: a short file that goes into prompts.

The file is the author's: bookiter adds lines to it, one a lesson, and never touches another. A line that the author
removed or reworded does not come back, since what was learned once is remembered beside it.
"""

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from bookiter.errors import BookiterError
from bookiter.store.files import write_whole
from bookiter.store.runs import Runs
from bookiter.text import one_line

NAME = "preferences.md"
_LEARNED = "learned.json"
_CHARS = 4000
_MOST_BYTES = 1_000_000
_MOST_LINES = 30
_MOST_REMEMBERED = 2000
_OFTEN = 3
_TWICE = 2
_WAIT = 1.0
_WORD_CHARS = 60
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_HEADING = "## Learned"
_HEAD = (
    "# Preferences\n\nWhat is written here is shown to the model with every request. Change or remove any line, or add your "
    f"own.\n\n{_HEADING}\n\n"
)


@dataclass(frozen=True)
class Lesson:
    """What can be learned from one decision of the author's.

    ``accepted`` has the ``kind`` of edit, ``rejected`` the reason ``why``, ``edited`` the words that ``was`` there, those that
    are there ``now``, and how many times.
    """

    what: Literal["accepted", "rejected", "edited"]
    feedback: str = ""
    why: str = ""
    kind: str = ""
    was: str = ""
    now: str = ""
    times: int = 1


def preferences(runs: Runs) -> str:
    """Return what the author likes, for a prompt; "" when nothing is known. No more than 4,000 characters, whole lines."""
    text = ""
    with suppress(OSError, ValueError):
        text = _text(runs.folder / NAME).encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
    if text == _HEAD.strip():
        return ""
    return text if len(text) <= _CHARS else text[:_CHARS].rpartition("\n")[0] or text[:_CHARS]


def compared_at(runs: Runs) -> str:
    """Return the commit at which the author's own edits were last looked through; "" when they never were."""
    return _Memory.read(runs).compared


def note_compared(runs: Runs, commit: str) -> None:
    """Remember the commit at which the author's own edits were looked through."""
    with suppress(OSError, ValueError, BookiterError), runs.locked(seconds=_WAIT):
        memory = _Memory.read(runs)
        memory.compared = commit
        memory.write(runs)


def learn(runs: Runs, lesson: Lesson) -> None:
    """Remember a lesson, and write its line once it is one. Whatever goes wrong is no fault of the iteration."""
    with suppress(OSError, ValueError, BookiterError), runs.locked(seconds=_WAIT):
        _learn(runs, lesson)


@dataclass
class _Memory:
    """What was learned so far: ``lines`` by fingerprint in order, counts of what may become a line, HEAD when compared."""

    lines: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    compared: str = ""

    @classmethod
    def read(cls, runs: Runs) -> "_Memory":
        """Read what is remembered; a damaged file counts as none."""
        value: Any = None
        with suppress(OSError, ValueError, RecursionError):
            value = json.loads(_text(runs.folder / _LEARNED) or "{}")
        if not isinstance(value, dict):
            return cls()
        lines, counts, compared = value.get("lines"), value.get("counts"), value.get("compared")
        return cls(
            [str(line) for line in lines] if isinstance(lines, list) else [],
            {str(key): count for key, count in counts.items() if isinstance(count, int)}
            if isinstance(counts, dict)
            else {},
            compared if isinstance(compared, str) else "",
        )

    def write(self, runs: Runs) -> None:
        """Keep it; of very much the oldest is forgotten."""
        counts = dict(list(self.counts.items())[-_MOST_REMEMBERED:])
        value = {"lines": self.lines[-_MOST_REMEMBERED:], "counts": counts, "compared": self.compared}
        write_whole(runs.prepared() / _LEARNED, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())


def _learn(runs: Runs, lesson: Lesson) -> None:
    memory = _Memory.read(runs)
    line = _line(memory, lesson)
    if line and _fingerprint(line) not in memory.lines:
        memory.lines.append(_fingerprint(line))
        _add_line(runs.prepared() / NAME, line, memory.lines)
    memory.write(runs)


def _line(memory: _Memory, lesson: Lesson) -> str:
    """Return the line that a lesson is worth, "" when it is none yet."""
    match lesson.what:
        case "rejected":
            why = _plain(lesson.why, 200)
            return f"- Turned down “{_plain(lesson.feedback, 80)}”: {why}" if why else ""
        case "accepted":
            kind = _plain(lesson.kind.replace("_", " "), 60)
            return (
                f"- Often asked for and accepted: {kind}"
                if kind and _count(memory, f"kind {kind}", 1) >= _OFTEN
                else ""
            )
        case "edited":
            was, now = _plain(lesson.was, _WORD_CHARS), _plain(lesson.now, _WORD_CHARS)
            often = lesson.times >= _TWICE or _count(memory, f"edit {was} > {now}", lesson.times) >= _TWICE
            return f"- Write “{now}” rather than “{was}”" if often else ""


def _count(memory: _Memory, key: str, times: int) -> int:
    count = memory.counts.pop(key, 0) + times
    memory.counts[key] = count  # at the end: what was seen last is forgotten last
    return count


def _add_line(place: Path, line: str, learned: Sequence[str]) -> None:
    """Put a line below the others that were learned; beyond the most, the oldest that still stands goes."""
    text = _text(place) or _HEAD
    end = "\r\n" if "\r\n" in text else "\n"
    lines: list[str] = _LINE.findall(text)
    own = [at for at, each in enumerate(lines) if _fingerprint(each) in learned]
    if not own and not any(each.strip() == _HEADING for each in lines):
        lines += ([end] if lines[-1].endswith("\n") else [end, end]) + [_HEADING + end]
    if not own and lines[-1].strip() == _HEADING:
        lines += [end]
    at = own[-1] + 1 if own else _end_of_section(lines)
    if not lines[at - 1].endswith("\n"):
        lines[at - 1] += end
    lines.insert(at, line + end)
    over = set(own[: max(0, len(own) + 1 - _MOST_LINES)])
    kept = "".join(each for number, each in enumerate(lines) if number not in over)
    write_whole(place, kept.encode("utf-8", "surrogateescape"))


def _end_of_section(lines: Sequence[str]) -> int:
    """Return the place after the heading and the empty lines below it."""
    at = next(number for number, each in enumerate(lines) if each.strip() == _HEADING) + 1
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _text(place: Path) -> str:
    """Return a file's text, "" when there is none. Raises ValueError when it is no plain file of a sensible size."""
    try:
        if place.is_symlink() or place.stat().st_size > _MOST_BYTES:
            raise ValueError(f"{place.name} is no plain file, or too large")
        return place.read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return ""


def _fingerprint(line: str) -> str:
    return sha256(line.strip().encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _plain(text: str, most: int) -> str:
    """One line without what could be taken for the file's own structure or steer a terminal."""
    return one_line("".join(c for c in re.sub(r"\s+", " ", text) if c.isprintable()), most)
