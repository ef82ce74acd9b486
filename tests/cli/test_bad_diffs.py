"""Diffs of another shape, for another place, cut off or out to do harm: refused whole."""

import json
from pathlib import Path

import pytest

from support.bad import said, state
from support.book import CHAPTERS, PREMISE, bookiter

CHAPTER = "chapters/chapter-03.md"
TIDY = """--- a/chapters/chapter-03.md
+++ b/chapters/chapter-03.md
@@ -9,5 +9,7 @@
 “You read slowly,” he said.
 
 “I read once,” said Sarah.
+
+“Then read it to me,” said Mr. Orrin.
 
 Outside, the bell for the last crossing rang twice.
"""  # noqa: W293 - a blank context line is one space
SAID = "“I read once,” said Sarah.\n"
WANTED = CHAPTERS[3].replace(SAID, SAID + "\n“Then read it to me,” said Mr. Orrin.\n")
ERROR = {"schema_version": 1, "status": "error", "error": {"code": "model", "message": "the river is closed"}}


HOSTILE = {
    "nothing": "",
    "json": json.dumps(ERROR),
    "another book": TIDY.replace("“You read slowly,” he said.", "“It is a truth,” said she.").replace("Sarah", "Jane"),
    "another file": TIDY.replace("chapter-03", "chapter-07"),
    "up and out": TIDY.replace("chapters/chapter-03.md", "../../../outside.md"),
    "git config": "--- a/.git/config\n+++ b/.git/config\n@@ -1 +1,2 @@\n [core]\n+\tfsmonitor = steal\n",
    "new file": "--- /dev/null\n+++ b/.git/hooks/pre-commit\n@@ -0,0 +1 @@\n+#!/bin/sh\n",
    "deletion": f"--- a/{CHAPTER}\n+++ /dev/null\n@@ -1,3 +0,0 @@\n-# The Library at Thole\n-\n-The library smelled of tar.\n",
    "rename": f"diff --git a/{CHAPTER} b/stolen.md\nsimilarity index 100%\nrename from {CHAPTER}\nrename to stolen.md\n",
    "good and bad": TIDY + f"--- a/premise/premise.md\n+++ b/premise/premise.md\n@@ -1 +1 @@\n-# Promise\n+# {PREMISE}",
}


@pytest.mark.parametrize("diff", HOSTILE.values(), ids=HOSTILE)
def test_a_diff_of_another_shape_or_place_is_refused_whole(book: Path, diff: str) -> None:
    before = state(book)
    config = (book / ".git/config").read_bytes()
    said(bookiter("apply", "-", stdin=diff, cwd=book), 4)
    assert state(book) == before
    assert (book / ".git/config").read_bytes() == config
    assert not (book / ".git/hooks/pre-commit").exists()


@pytest.mark.parametrize("upto", ["said Sarah.\n", "+“Then read", "Outside, the"])
def test_a_diff_that_was_cut_off_is_never_half_applied(book: Path, upto: str) -> None:
    cut = TIDY[: TIDY.index(upto) + len(upto)]
    ran = bookiter("apply", "-", stdin=cut, cwd=book)
    text = (book / CHAPTER).read_text("utf-8")
    if ran.code == 0:  # "done" may only be said of all that was meant
        assert text == WANTED
    else:
        said(ran, 4)
        assert text == CHAPTERS[3]


def test_a_diff_that_is_not_utf_8(book: Path) -> None:
    before = state(book)
    assert "UTF-8" in said(bookiter("apply", "-", stdin=TIDY.encode("utf-16"), cwd=book), 2, 4, hint=False)
    assert state(book) == before


def test_a_diff_is_not_applied_over_uncommitted_edits(book: Path) -> None:
    (book / CHAPTER).write_text(CHAPTERS[3] + "\nMine.\n", encoding="utf-8")
    before = state(book)
    assert "git stash" in said(bookiter("apply", "-", stdin=TIDY, cwd=book), 6)
    assert state(book) == before
