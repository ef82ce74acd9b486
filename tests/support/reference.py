"""Write docs/commands.md from the commands' own help: `make docs`; the tests compare it."""

import os
import subprocess
from pathlib import Path

from support.book import COMMAND

PATH = Path(__file__).parents[2] / "docs" / "commands.md"


def commands() -> list[str]:
    listed = _help().split("Commands:\n")[1]
    return [line.split()[0] for line in listed.splitlines() if line.startswith("  ") and not line.startswith("   ")]


def reference() -> str:
    """Return the whole page."""
    parts = ["# Commands\n\nMade from the commands' own help by `make docs`.\n", _block("bookiter", _help())]
    parts += [_block(f"bookiter {name}", _help(name)) for name in commands()]
    return "\n".join(parts)


def _block(title: str, text: str) -> str:
    return f"## {title}\n\n```text\n{text.rstrip()}\n```\n"


def _help(*command: str) -> str:
    env = {**os.environ, "COLUMNS": "110", "TERMINAL_WIDTH": "110", "NO_COLOR": "1"}
    done = subprocess.run([str(COMMAND), *command, "--help"], capture_output=True, check=True, env=env)
    return "\n".join(line.rstrip() for line in done.stdout.decode("utf-8").splitlines())


if __name__ == "__main__":
    PATH.write_text(reference(), encoding="utf-8")
