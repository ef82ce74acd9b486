"""Everything that is shown: results to standard output as bytes, talk to standard error, one look for all commands."""

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bookiter.errors import BookiterError, ExitCode, InvalidInput

SCHEMA_VERSION = 1
_KEY_NAME = re.compile(r"(?:KEY|TOKEN|SECRET|PASSWORD)$")
_CODES = {"red": "31", "green": "32", "yellow": "33", "cyan": "36", "dim": "2", "bold": "1", "strike": "9;31"}


def scrubbed(text: str, environment: Mapping[str, str]) -> str:
    """Return a text with the values of key variables of the environment blotted out."""
    for name, value in environment.items():
        if _KEY_NAME.search(name.upper()) and len(value) >= 8:
            text = text.replace(value, "***")
    return text


class Console:
    """The two streams of a command. Manuscript text, diffs and JSON go out as they are, never re-wrapped."""

    def __init__(self, *, json_wanted: bool = False, quiet: bool = False) -> None:
        self.json_wanted = json_wanted
        self.quiet = quiet or json_wanted
        # A stream that the caller has closed is None.
        self.interactive = sys.stderr is not None and sys.stderr.isatty()
        self.colour = _colour(self.interactive)
        self.result_colour = _colour(sys.stdout is not None and sys.stdout.isatty())

    def result(self, text: str) -> None:
        """Write a result to standard output, byte for byte."""
        if sys.stdout is None:
            raise InvalidInput("standard output is closed.", hint="Leave it open, or use --output FILE.")
        try:
            sys.stdout.flush()
            sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise InvalidInput(
                f"standard output cannot be written: {error.strerror}.", hint="Look at where it leads."
            ) from error

    def json(self, value: Mapping[str, Any]) -> None:
        """Write one JSON object to standard output."""
        self.result(json.dumps({"schema_version": SCHEMA_VERSION, **value}, ensure_ascii=False, indent=2) + "\n")

    def say(self, text: str = "") -> None:
        """Tell the person something on standard error, unless only the result is wanted."""
        if not self.quiet:
            self.talk(text)

    def error(self, error: BookiterError) -> None:
        """Show an error: the object for a script, or error / caused by / hint for a person."""
        if self.json_wanted:
            self.json(
                {
                    "status": "error",
                    "error": {
                        "code": error.code,
                        "exit_code": int(error.exit_code),
                        "message": error.message,
                        "hint": error.hint,
                        "details": error.details,
                    },
                }
            )
            return
        self.talk(f"{self.paint('error:', 'red')} {error.message}")
        if error.__cause__ is not None and str(error.__cause__).strip():
            self.talk(
                f"{self.paint('caused by:', 'dim')} {scrubbed(' '.join(str(error.__cause__).split())[:500], os.environ)}"
            )
        for question in error.details.get("questions", []):
            self.talk(f"  {self.paint('?', 'yellow')} {question}")
        if error.hint:
            self.talk(f"{self.paint('hint:', 'cyan')} {error.hint}")

    def fault(self, error: BaseException, saved: Path | None, *, verbose: bool) -> None:
        """Show a fault of the program itself."""
        where = f" The traceback is in {saved}." if saved else ""
        self.error(
            BookiterError(
                f"bookiter itself failed: {type(error).__name__}: {scrubbed(str(error), os.environ)}.".replace(
                    "..", "."
                ),
                hint=f"This is a fault of bookiter, not yours; please report it.{where}",
                details={"traceback": str(saved) if saved else None},
            )
        )
        if verbose:
            import traceback

            self.talk(scrubbed(traceback.format_exc(), os.environ))

    def interrupted(self) -> None:
        """Say that the person stopped the command."""
        if self.json_wanted:
            code = int(ExitCode.INTERRUPTED)
            message = "interrupted; nothing was committed."
            self.json(
                {
                    "status": "error",
                    "error": {"code": "interrupted", "exit_code": code, "message": message, "hint": "", "details": {}},
                }
            )
        else:
            self.talk(f"{self.paint('interrupted:', 'yellow')} nothing was committed.")

    def paint(self, text: str, style: str) -> str:
        """Return a text in a colour, where colours are wanted on standard error."""
        return paint(text, style) if self.colour else text

    def talk(self, text: str) -> None:
        """Write to standard error whether or not quiet was asked for."""
        if sys.stderr is None:
            return
        sys.stderr.flush()
        sys.stderr.buffer.write((printable(text) + "\n").encode("utf-8", "replace"))
        sys.stderr.buffer.flush()


def paint(text: str, style: str) -> str:
    """Return a text wrapped in the codes of a style."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m"


def _colour(terminal: bool) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return terminal and os.environ.get("TERM") != "dumb"


# Control characters, and marks that turn the direction of writing: but not the few codes that `paint` itself makes.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|"
    r"\x1b(?!\[(?:0|1|2|31|32|33|36|9;31)m)"
)


def printable(text: str) -> str:
    """Keep what a model or a manuscript says from steering or deceiving the terminal."""
    return _CONTROL.sub("�", text)
