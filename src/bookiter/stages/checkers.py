"""The author's own checkers (Vale, proselint, textlint ...): commands run on old and new text; only new findings count.

A checker that cannot be trusted stops the iteration with NotReady: one that hangs, dies or prints what cannot be read
has passed nothing. Whether commands of a cloned repository may run at all is decided before they get here.
"""

import shlex
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from bookiter.errors import NotReady
from bookiter.manuscript.config import Checker
from bookiter.stages.change import Change, FileChange
from bookiter.stages.command import Answer, run_command
from bookiter.stages.documents import Finding
from bookiter.stages.remarks import Remark, Unreadable, read_remarks
from bookiter.text import one_line

_MOST_SHOWN = 20
_FILE = "{file}"


def run_checkers(root: Path, checkers: Sequence[Checker], change: Change) -> tuple[Finding, ...]:
    """Return what the checkers find in the new texts and did not find in the old ones.

    Each runs in the manuscript's folder, where its settings are, on copies of the texts. Raises NotReady when one is
    missing, hangs, fails, or prints what cannot be read.
    """
    require_runnable(root, checkers)
    return tuple(finding for checker in checkers for file in change.files for finding in _new(root, checker, file))


def require_runnable(root: Path, checkers: Iterable[Checker]) -> None:
    """Raise NotReady when the command of a checker does not exist."""
    for checker in checkers:
        if _program(root, checker.command[0]) is None:
            raise NotReady(
                f"the checker {checker.name} cannot be run: there is no command {checker.command[0]}.",
                hint="Install it, or change `checkers:` in the settings.",
                details=_details(checker),
            )


def _new(root: Path, checker: Checker, file: FileChange) -> Iterator[Finding]:
    after = _remarks(root, checker, file.path, file.after)
    if not after:
        return
    before = _remarks(root, checker, file.path, file.before)
    if checker.parse == "line" and any(remark.placed for remark in (*after, *before)):
        # Where lines name the file, the others are headings and totals.
        after, before = ([remark for remark in side if remark.placed] for side in (after, before))
    known = Counter(remark.key for remark in before)
    shown = 0
    for remark in after:
        known[remark.key] -= 1
        if known[remark.key] < 0 and shown < _MOST_SHOWN:
            shown += 1
            said = f"{remark.rule}: {remark.message}" if remark.rule else remark.message
            message = f"{checker.name}: {one_line(said, 300)}"
            quote = one_line(remark.quote or _line(file.after, remark.line), 120)
            yield Finding(check=checker.name, message=message, path=file.path, quote=quote)


def _line(text: str, number: int) -> str:
    return next(islice(text.splitlines(), number - 1, None), "") if number else ""


def _remarks(root: Path, checker: Checker, path: str, text: str) -> list[Remark]:
    with TemporaryDirectory(prefix="bookiter-") as folder:
        # Under its own path, by which a checker's settings may know it.
        copy = Path(folder).resolve() / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(text.encode("utf-8"))
        command = [word.replace(_FILE, str(copy)) for word in checker.command]
        command[0] = _program(root, command[0]) or command[0]
        try:
            answer = run_command(command, root, checker.seconds)
        except OSError as error:
            raise _failed(checker, f"it cannot be run: {error.strerror}") from error
        return _read(checker, answer, copy, path)


def _read(checker: Checker, answer: Answer, copy: Path, path: str) -> list[Remark]:
    if answer.timed_out:
        raise _failed(checker, f"it did not end within {checker.seconds:g} seconds, and was stopped")
    if answer.too_long:
        raise _failed(checker, "it printed more than any list of findings holds, and was stopped")
    if answer.code < 0 or answer.code in (126, 127):
        raise _failed(checker, f"it died ({_how(answer)})", answer)
    try:
        remarks = read_remarks(checker, answer, copy, path)
    except Unreadable as problem:
        raise _failed(checker, f"{problem} ({_how(answer)})", answer) from None
    if answer.code and not remarks:
        raise _failed(checker, f"it failed ({_how(answer)}) and named nothing that is wrong", answer)
    return remarks


def _how(answer: Answer) -> str:
    return f"signal {-answer.code}" if answer.code < 0 else f"exit code {answer.code}"


def _failed(checker: Checker, what: str, answer: Answer | None = None) -> NotReady:
    said = one_line((answer.err.strip() or answer.out.strip())[-300:], 300) if answer else ""
    return NotReady(
        f"the checker {checker.name} is of no use: {what}." + (f" It said: {said}" if said else ""),
        hint=f"Try it by hand: {shlex.join(checker.command)}; mend it, or take it out of `checkers:` in the settings.",
        details=_details(checker),
    )


def _details(checker: Checker) -> dict[str, object]:
    return {"checker": checker.name, "command": checker.command}


def _program(root: Path, name: str) -> str | None:
    """Return the absolute path of a command: one with a slash is of the manuscript's folder, others are installed.

    An entry of PATH that is relative would lead into the manuscript, which nobody consented to.
    """
    found = shutil.which(root / name) if "/" in name else shutil.which(name)
    return str(found) if found and Path(found).is_absolute() else None
