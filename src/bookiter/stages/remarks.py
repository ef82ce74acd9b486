"""What a checker printed, read as remarks: JSON of any usual shape, a line each, or nothing but the exit code."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bookiter.manuscript.config import Checker
from bookiter.stages.command import Answer
from bookiter.text import one_line

_TAIL = 400
_DEEPEST = 12
# By these names Vale, textlint, proselint, ESLint's and SARIF's kin tell message, rule and words.
_MESSAGE = ("message", "msg", "text", "description", "ruledescription")
_RULE = ("check", "ruleid", "rule", "check_path", "code", "rulenames", "id")
_QUOTE = ("match", "extent", "errorcontext", "quote", "context")
_LINE = ("line", "linenumber", "startline")
_POSITION = re.compile(r"\b(line|column|col|offset|position)s?(\s*[:#]?\s*)\d+(?:\s*[-:,]\s*\d+)*", re.I)
_START = re.compile(r"^\s*(?:line\s+)?\d+(?::\d+)*(?:-\d+(?::\d+)*)?\s*[:,)]?\s+", re.I)


class Unreadable(Exception):
    """The output is not what the settings say it is; the message says why, in words that follow the checker's name."""


@dataclass(frozen=True)
class Remark:
    """One finding of a checker; ``placed`` tells that its line named the file, ``line`` where in it (0: not told)."""

    message: str
    rule: str = ""
    quote: str = ""
    placed: bool = True
    line: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two remarks the same: not where they stand."""
        return self.rule, _POSITION.sub(r"\1", " ".join(self.message.split())), self.quote


def read_remarks(checker: Checker, answer: Answer, copy: Path, path: str) -> list[Remark]:
    """Return what a checker found in ``copy``, which stands for ``path``. Raises Unreadable."""
    if checker.parse == "exit":
        return [_of_exit(answer, copy, path)] if answer.code else []
    if checker.parse == "json":
        return list(_of_json(checker, answer, copy, path))
    return list(_of_lines(answer, copy, path))


def _of_exit(answer: Answer, copy: Path, path: str) -> Remark:
    said = (answer.out.strip() + "\n" + answer.err.strip()).strip()[-_TAIL:].replace(str(copy), path)
    # Its words are not compared: they may tell of other places, and a text that failed before fails as before.
    return _Failed(message=one_line(said, _TAIL) or f"exit code {answer.code}")


@dataclass(frozen=True)
class _Failed(Remark):
    @property
    def key(self) -> tuple[str, str, str]:
        return "", "failed", ""


def _of_lines(answer: Answer, copy: Path, path: str) -> Iterator[Remark]:
    name = re.escape(copy.name)
    # chapter-03.md:12:5: …, /tmp/…/chapter-03.md(12,5) …, chapter-03.md: line 12, col 5, …
    place = re.compile(
        rf"^\W*(?:\S*/)?{name}(?=[\s:(,])[:(,\s]*(?:(?:line|col(?:umn)?)?\s*\d+[):,\s]*)*(?:-\s+)?", re.I
    )
    for stream, stray in ((answer.out, True), (answer.err, False)):
        for line in stream.splitlines():
            found = place.match(line)
            # What is on standard error is talk, unless it names the file.
            if line.strip() and (found or stray):
                said = place.sub("", line) if found else _START.sub("", line)
                number = re.search(r"\d+", found[0].rpartition(copy.name)[2]) if found else None
                yield Remark(
                    (said.strip() or line.strip()).replace(str(copy), path),
                    placed=bool(found),
                    line=int(number[0][:9]) if number else 0,
                )


def _of_json(checker: Checker, answer: Answer, copy: Path, path: str) -> Iterator[Remark]:
    if not answer.out.strip() and not answer.code:
        return
    try:
        value: Any = json.loads(answer.out)
    except (ValueError, RecursionError):
        raise Unreadable("what it printed is no JSON") from None
    if not isinstance(value, dict | list):
        raise Unreadable("what it printed is no list of findings")
    items = list(_at(value, checker.items.split("."))) if checker.items else list(_anywhere(value, 0))
    for item in items:
        message = item if isinstance(item, str) else _field(item, (checker.message,) if checker.message else _MESSAGE)
        if not message:
            wanted = f"“{checker.message}”" if checker.message else "message"
            raise Unreadable(f"a finding in what it printed has no {wanted}")
        line = _field(item, _LINE)
        yield Remark(
            message.replace(str(copy), path),
            _field(item, _RULE),
            _field(item, _QUOTE),
            line=int(line) if re.fullmatch(r"\d{1,9}", line) else 0,
        )


def _at(value: Any, steps: list[str]) -> Iterator[Any]:
    """Follow a dotted path: a name, or ``*`` for every key; lists on the way are gone through."""
    if isinstance(value, list):
        for each in value:
            yield from _at(each, steps)
    elif not steps:
        yield value
    elif not isinstance(value, dict):
        raise Unreadable(f"what it printed has nothing at “{'.'.join(steps)}”")
    elif steps[0] == "*":
        for each in value.values():
            yield from _at(each, steps[1:])
    elif steps[0] in value:
        yield from _at(value[steps[0]], steps[1:])
    elif value:
        raise Unreadable(f"what it printed has nothing at “{'.'.join(steps)}”")


def _anywhere(value: Any, depth: int) -> Iterator[Any]:
    """Yield the objects in lists, however deep, that have a message."""
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for each in value.values():
            yield from _anywhere(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            if isinstance(each, dict) and _field(each, _MESSAGE):
                yield each
            else:
                yield from _anywhere(each, depth + 1)


def _field(item: Any, names: tuple[str, ...]) -> str:
    """Return the text of the first of these fields that an object has; dots lead inside, capitals do not count."""
    if not isinstance(item, dict):
        return ""
    lowered = {str(key).casefold(): value for key, value in item.items()}
    for name in names:
        head, _, rest = name.casefold().partition(".")
        value = lowered.get(head)
        if rest:
            value = _field(value, (rest,))
        if isinstance(value, dict):
            value = _field(value, ("text", "id", "value"))
        if isinstance(value, list) and value and isinstance(value[0], str):
            value = "/".join(map(str, value))
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""
