"""The history of a level: what was asked, judged and changed, kept in the commit it belongs to."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bookiter.errors import NotReady


def read_history(path: Path, shown_as: str) -> list[dict[str, Any]]:
    """Return the entries of a history file, newest first; none when there is no file.

    Raises NotReady when the file is damaged: an empty history never takes its place.
    """
    entries: list[dict[str, Any]] = _read(path, shown_as)["iterations"]
    return entries


def with_entries(path: Path, shown_as: str, new: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the bytes of a history file with more entries at its head, a line an entry.

    Raises NotReady when it is damaged.
    """
    document = _read(path, shown_as)
    entries = [*map(dict, new), *document.pop("iterations")]
    head = "".join(
        f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)},\n" for name, value in document.items()
    )
    # A line an entry: git merges and reverts by lines, and half an entry is none.
    body = ",\n".join(json.dumps(each, ensure_ascii=False) for each in entries)
    return f'{{{head}"iterations": [\n{body}\n]}}\n'.encode()


# What a new manuscript begins with: taking back the first iteration then leaves a history, not a deleted file.
EMPTY = '{"iterations": [\n]}\n'


def _read(path: Path, shown_as: str) -> dict[str, Any]:
    if path.is_symlink():
        raise NotReady(
            f"{shown_as} is a symbolic link.", hint="A history is a file of its own; put the file itself there."
        )
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {"iterations": []}
    except OSError as error:
        raise NotReady(
            f"the history {shown_as} cannot be read: {error.strerror}.",
            hint="It must be a file that you may read and write.",
        ) from error
    try:
        document = _parsed(data.decode("utf-8-sig"))
        if not isinstance(document, dict):
            raise TypeError("it holds no object")
        entries = document["iterations"]
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise TypeError("iterations must be a list of objects")
    except KeyError:
        raise _damaged(shown_as, "it has no list of iterations") from None
    except (ValueError, TypeError, RecursionError) as error:
        raise _damaged(shown_as, str(error)) from error
    return document


def _parsed(text: str) -> Any:
    """Read our own form, in which git may have put the lines of two branches together without a comma between them."""
    try:
        return json.loads(text)
    except ValueError:
        first, *lines = text.strip().split("\n")
        if first != '{"iterations": [' or not lines or lines.pop() != "]}":
            raise
        return {"iterations": [json.loads(line.removesuffix(",")) for line in lines]}


def _damaged(shown_as: str, why: str) -> NotReady:
    return NotReady(
        f"the history {shown_as} is damaged: {why}.",
        hint=f"Restore it: `git checkout HEAD -- {shown_as}`. bookiter never replaces it by an empty one.",
        details={"path": shown_as},
    )
