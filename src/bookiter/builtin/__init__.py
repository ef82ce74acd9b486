"""The built-in editor: mechanical edits, exactly, with no network and no key. It is certain, or it abstains."""

from bookiter.builtin.applying import apply
from bookiter.builtin.edits import (
    Append,
    Delete,
    Edit,
    Edited,
    Insert,
    NothingToDo,
    Place,
    Prepend,
    Rename,
    Replace,
    Retitle,
    Typography,
    Unsure,
)
from bookiter.builtin.grammar import parse
from bookiter.builtin.proof import verify

__all__ = [
    "Append",
    "Delete",
    "Edit",
    "Edited",
    "Insert",
    "NothingToDo",
    "Place",
    "Prepend",
    "Rename",
    "Replace",
    "Retitle",
    "Typography",
    "Unsure",
    "apply",
    "parse",
    "verify",
]
