"""Read what a command is given: a file, standard input, or the current run's."""

import os
import sys
from pathlib import Path

from bookiter.cli.console import Console
from bookiter.errors import InvalidInput

MAX_BYTES = 64_000_000


def read_bytes(name: str) -> tuple[bytes, str]:
    """Return the bytes of a file, or of standard input for ``-``, and how to call it in messages."""
    if name == "-":
        if sys.stdin is None:
            raise InvalidInput("standard input is closed.", hint="Pipe the input in, or name a file.")
        if sys.stdin.isatty():
            raise InvalidInput("standard input is a terminal.", hint="Pipe the input in, or name a file.")
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
        shown = "standard input"
    else:
        shown = name
        try:
            with Path(name).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise InvalidInput(f"{name} cannot be read: {error.strerror}.") from error
    if len(data) > MAX_BYTES:
        raise InvalidInput(f"{shown} is larger than {MAX_BYTES // 1_000_000} MB.")
    return data, shown


def read_text(name: str) -> tuple[str, str]:
    """Return a file's text and how to call it. Raises InvalidInput unless it is UTF-8."""
    data, shown = read_bytes(name)
    try:
        return data.decode("utf-8"), shown
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{shown} is not UTF-8 (byte {error.start + 1:,}).") from error


def read_feedback(words: str, file: Path | None) -> str:
    """Return the author's request from the command line, a file, or standard input."""
    if words and file is not None:
        raise InvalidInput("the feedback is given twice: as words and with --file.")
    if file is not None:
        return read_text(str(file))[0]
    if words == "-":
        return read_text("-")[0]
    require_text("the feedback", words)
    return words


def require_text(what: str, *values: str) -> None:
    """Raise InvalidInput when words from the command line are not UTF-8."""
    if any("\ud800" <= character <= "\udfff" for value in values for character in value):
        raise InvalidInput(f"{what} is not UTF-8.", hint="Look at your terminal's character set, or use --file.")


def write_result(console: Console, text: str, output: Path | None) -> None:
    """Write a result to standard output or, whole or not at all, to a file."""
    if output is None or str(output) == "-":
        console.result(text)
        return
    try:
        if output.exists() and not output.is_file():
            output.write_text(text, encoding="utf-8", newline="")  # a device or a pipe
            return
        temporary = output.with_name(f".{output.name}.{os.getpid()}.tmp")
        temporary.write_text(text, encoding="utf-8", newline="")
        temporary.replace(output)
    except OSError as error:
        raise InvalidInput(f"{output} cannot be written: {error.strerror}.") from error
