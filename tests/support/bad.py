"""What every test of bad input asks: is everything as it was, and was one clear error said?"""

from pathlib import Path

from support.book import Ran, git, tree_of


def state(book: Path) -> tuple[object, ...]:
    """Return all that must stay: files, commit, branch, what git thinks of the files, index and stash."""
    asked = ("rev-parse HEAD", "branch --show-current", "status --porcelain", "diff --cached", "diff", "stash list")
    return tree_of(book), *(git(book, *words.split(), check=False) for words in asked)


def said(ran: Ran, *codes: int, hint: bool = True) -> str:
    """Return what was said, once it is sure to be one error (with a hint), and no result beside it."""
    assert ran.code in codes, ran.out + ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert len([line for line in ran.err.splitlines() if line.startswith("error: ")]) == 1, ran.err
    assert not hint or ran.err.splitlines()[-1].startswith("hint: "), ran.err
    return ran.err
