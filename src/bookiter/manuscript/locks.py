"""What an author has locked: files by pattern or by their front matter, and passages between marks."""

import re
from fnmatch import fnmatchcase

from bookiter.manuscript.config import Config

# Without its end a lock holds to the end of the text.
_PASSAGE = re.compile(r"<!--\s*bookiter:lock\s*-->.*?(?:<!--\s*bookiter:unlock\s*-->|\Z)", re.S | re.I)
_FRONT = re.compile(r"\A\ufeff?(?P<fence>---|\+\+\+)[ \t]*(?:\r\n|\n|\r)(?P<keys>.*?)^(?P=fence)[ \t]*$", re.S | re.M)
_FRONT_LOCK = re.compile(
    r"^[\"']?(?:locked[\"']?[ \t]*[:=][ \t]*[\"']?(?:true|yes|on)\b|bookiter[\"']?[ \t]*[:=][ \t]*[\"']?lock(?:ed)?\b)",
    re.M | re.I,
)


def is_locked(config: Config, path: str, text: str) -> str:
    """Return where a file is locked as a whole, in words that follow “is locked”; "" when it is not."""
    if any(fnmatchcase(path, pattern) for pattern in config.locked):
        return "in the settings"
    front = _FRONT.match(text)
    return "in its front matter" if front and _FRONT_LOCK.search(front["keys"].replace("\r", "\n")) else ""


def locked_passages(text: str) -> list[str]:
    """Return the passages of a text that are locked, with their marks."""
    return _PASSAGE.findall(text)
