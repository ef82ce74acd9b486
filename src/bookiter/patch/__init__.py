"""Apply a model's diff to prose: the right bytes, or refused.

A library of its own: it knows neither models, nor git, nor manuscripts. ``apply_patch`` is for one text, ``apply_files``
for several; both read any form of diff, place every hunk in one place or raise :class:`PatchRefused`, and return the
new text with a canonical diff. ``adopt`` folds a text re-typed as a whole onto the original.
"""

from bookiter.patch.adopt import adopt
from bookiter.patch.diff import unified_diff
from bookiter.patch.files import apply_files, apply_patch
from bookiter.patch.model import Applied, Edit, FilePatch, Hunk, Numbers, PlacedHunk
from bookiter.patch.names import resolve_path
from bookiter.patch.refusal import Finding, PatchRefused
from bookiter.patch.reply import read_reply

__all__ = [
    "Applied",
    "Edit",
    "FilePatch",
    "Finding",
    "Hunk",
    "Numbers",
    "PatchRefused",
    "PlacedHunk",
    "adopt",
    "apply_files",
    "apply_patch",
    "read_reply",
    "resolve_path",
    "unified_diff",
]
