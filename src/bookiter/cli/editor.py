"""Let the author edit a text in the editor of their choice."""

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from bookiter.errors import InvalidInput


def edit_text(text: str, suffix: str) -> str:
    """Return a text as the author leaves it. Raises InvalidInput when there is no editor, or it fails."""
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    with tempfile.TemporaryDirectory(prefix="bookiter-") as folder:
        place = Path(folder) / f"change{suffix}"
        place.write_bytes(text.encode("utf-8"))
        try:
            code = subprocess.run([*command, str(place)], check=False).returncode
        except OSError as error:
            raise InvalidInput(
                f"the editor {command[0] if command else ''} cannot be started: {error.strerror}.",
                hint="Name yours in the variable EDITOR.",
            ) from error
        if code:
            raise InvalidInput(f"the editor ended with exit code {code}, so nothing was taken from it.")
        try:
            return place.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            raise InvalidInput("what the editor saved is not UTF-8 text.") from None
