"""Texts in other encodings, with other line ends, marks and ends: refused, or changed with every other byte kept."""

from pathlib import Path

import pytest

from support.bad import said, state
from support.book import CHAPTERS, bookiter, chapter_files, commit_all, git, make_book, tree_of, write_files
from support.scripted import intent, model, verdict

CHAPTER = "chapters/chapter-03.md"
HISTORY = "chapters/iteration_history.json"
ASK = "Rename Sarah to Clara in chapter 3"
EVERYWHERE = "Rename Sarah to Clara in all chapters"
TIDY = """--- a/chapters/chapter-03.md
+++ b/chapters/chapter-03.md
@@ -9,5 +9,7 @@
 “You read slowly,” he said.
 
 “I read once,” said Sarah.
+
+“Then read it to me,” said Mr. Orrin.
 
 Outside, the bell for the last crossing rang twice.
"""  # noqa: W293 - a blank context line is one space


ENCODINGS = {
    "windows-1252": CHAPTERS[3].encode("windows-1252"),
    "half-a-surrogate": CHAPTERS[3].encode() + b"\xed\xa0\x80\n",
}


@pytest.mark.parametrize("data", ENCODINGS.values(), ids=ENCODINGS)
def test_a_chapter_that_is_not_utf_8(book: Path, data: bytes) -> None:
    write_files(book, {CHAPTER: data})
    commit_all(book)
    before = state(book)
    shown = said(bookiter("iterate", ASK, cwd=book), 6)
    assert f"{CHAPTER} is not UTF-8" in shown
    assert "iconv" in shown
    assert state(book) == before


def test_one_chapter_that_is_not_utf_8_stops_a_change_of_all_but_not_of_another(book: Path) -> None:
    write_files(book, {CHAPTER: ENCODINGS["windows-1252"]})
    commit_all(book)
    before = state(book)
    said(bookiter("iterate", EVERYWHERE, cwd=book), 6)
    assert state(book) == before
    ran = bookiter("iterate", "Rename Sarah to Clara in chapter 1", cwd=book)
    assert ran.code == 0, ran.err
    assert (book / CHAPTER).read_bytes() == ENCODINGS["windows-1252"]


PECULIAR = {
    "crlf": "# One\r\n\r\n“Hold it,” said Sarah.\r\n",
    "bom": "\ufeff# Two\n\nSarah held it.\n",
    "no final newline": "# Three\n\nSarah held it.\n\n“No,” said Sarah",
    "bom, crlf, no final newline": "\ufeff# Four\r\n\r\nSarah held it.\r\n\r\nSarah",
    "lone returns": "# Five\r\rSarah held it.\r",
    "mixed": "# Six\r\n\nSarah held it.\n\r\n\nSarah\r\n",
    "separators": "# Seven\n\nSarah\u2028held\x85it,\x0bSarah\x0cand\xa0Sarah.\n",
    "trailing blanks": "# Eight\n\nSarah  \nheld\t\nit.\n\n\n\n",
    "nul and bell": "# Nine\n\nSarah\x00held\x07 it.\n",
    "wide and joined": "# Ten\n\nSarah 👩🏽‍🚀 e\u0301 \u200b held it.\n",
}


def test_every_other_byte_of_peculiar_files_stays(tmp_path: Path) -> None:
    files = {f"chapters/{number:02} {name}.md": text for number, (name, text) in enumerate(PECULIAR.items(), 1)}
    book = make_book(tmp_path / "book", files)
    before = tree_of(book)
    ran = bookiter("iterate", EVERYWHERE, cwd=book)
    assert ran.code == 0, ran.err
    after = tree_of(book)
    after.pop(HISTORY)
    assert after == {name: data.replace(b"Sarah", b"Clara") for name, data in before.items()}
    git(book, "revert", "--no-edit", "HEAD")
    assert tree_of(book) == before


def test_a_models_patch_keeps_bom_line_ends_and_the_missing_newline(book: Path) -> None:
    old = ("\ufeff" + CHAPTERS[3].removesuffix("\n")).replace("\n", "\r\n")
    write_files(book, {CHAPTER: old})
    commit_all(book)
    with model(intent=intent(), diff=TIDY, judge=verdict()) as (_, env):
        ran = bookiter("iterate", "Add a line of dialogue to chapter 3", cwd=book, env=env)
    assert ran.code == 0, ran.err
    line = "“I read once,” said Sarah.\r\n"
    wanted = old.replace(line, line + "\r\n“Then read it to me,” said Mr. Orrin.\r\n")
    assert (book / CHAPTER).read_bytes() == wanted.encode()


def test_line_ends_that_git_converts_stay_converted(book: Path) -> None:
    git(book, "config", "core.autocrlf", "true")
    crlf = {name: text.replace("\n", "\r\n") for name, text in chapter_files().items()}
    write_files(book, crlf)
    git(book, "add", "--renormalize", ".")
    assert git(book, "status", "--porcelain") == ""
    ran = bookiter("iterate", ASK, cwd=book)
    assert ran.code == 0, ran.err
    assert (book / CHAPTER).read_bytes() == crlf[CHAPTER].replace("Sarah", "Clara").encode()
    assert git(book, "show", f"HEAD:{CHAPTER}") == CHAPTERS[3].replace("Sarah", "Clara")
    assert git(book, "status", "--porcelain") == ""


def test_an_empty_chapter_has_nothing_to_rename(book: Path) -> None:
    write_files(book, {CHAPTER: b""})
    commit_all(book)
    before = state(book)
    said(bookiter("iterate", ASK, cwd=book), 3)
    assert state(book) == before


def test_an_empty_chapter_can_be_written(book: Path) -> None:
    write_files(book, {CHAPTER: b""})
    commit_all(book)
    asked = intent(intent_type="regenerate", scope="entire", scale="regenerate", action="write_chapter")
    with model(intent=asked, regenerate=CHAPTERS[3], judge=verdict()) as (_, env):
        ran = bookiter("iterate", "Write chapter 3", cwd=book, env=env)
    assert ran.code == 0, ran.err
    assert (book / CHAPTER).read_text("utf-8") == CHAPTERS[3]
