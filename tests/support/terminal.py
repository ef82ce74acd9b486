"""The installed command in a pseudo-terminal."""

import os
import re
from pathlib import Path

import pexpect

from support.book import COMMAND


def terminal(book: Path, *arguments: str, env: dict[str, str] | None = None) -> "pexpect.spawn[str]":
    """Start the command in a terminal of 100 columns."""
    return pexpect.spawn(
        str(COMMAND),
        list(arguments),
        cwd=str(book),
        env={**os.environ, **(env or {})},
        encoding="utf-8",
        timeout=30,
        dimensions=(40, 100),
    )


def code_of(child: "pexpect.spawn[str]") -> int:
    """Wait for the end and return the exit code."""
    child.expect(pexpect.EOF)
    child.close()
    return int(child.exitstatus)


def plain(text: str | None) -> str:
    """Return what a terminal was sent, without colours and spinners."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", text or "")
