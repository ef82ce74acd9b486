"""From an edit to changed texts."""

from collections.abc import Mapping

from bookiter.builtin.deleting import delete
from bookiter.builtin.edits import Append, Delete, Edit, Edited, Insert, Prepend, Rename, Replace, Retitle, Typography
from bookiter.builtin.inserting import append, insert, prepend
from bookiter.builtin.titles import retitle
from bookiter.builtin.typography import fix
from bookiter.builtin.words import rewrite


def apply(edit: Edit, texts: Mapping[str, str]) -> Edited:
    """Carry out ``edit`` on ``texts`` (path to full text), exactly.

    Raises Unsure when the text does not decide what is meant.
    """
    done: Edited
    match edit:
        case Rename() | Replace():
            done = rewrite(edit, texts)
        case Delete():
            done = delete(edit, texts)
        case Insert():
            done = insert(edit, texts)
        case Append():
            done = append(edit, texts)
        case Prepend():
            done = prepend(edit, texts)
        case Retitle():
            done = retitle(edit, texts)
        case Typography():
            done = fix(edit, texts)
        case _:
            raise TypeError(f"no edit: {edit!r}")
    return done
