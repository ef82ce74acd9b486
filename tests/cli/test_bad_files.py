"""Files that are not what they seem: links, odd names, modes, folders that cannot be written."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support.bad import said, state
from support.book import (
    CHAPTERS,
    COMMAND,
    Ran,
    bookiter,
    chapter_files,
    commit_all,
    git,
    make_book,
    tree_of,
)
from support.scripted import intent, model

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


def test_a_chapter_that_is_a_link_out_of_the_book(book: Path, tmp_path: Path) -> None:
    diary = tmp_path / "diary.md"
    diary.write_text(CHAPTERS[3], encoding="utf-8")
    (book / CHAPTER).unlink()
    (book / CHAPTER).symlink_to(diary)
    commit_all(book)
    before = state(book)
    shown = said(bookiter("iterate", ASK, cwd=book), 6)
    assert "symbolic link" in shown
    assert state(book) == before
    assert diary.read_text("utf-8") == CHAPTERS[3]


@pytest.mark.parametrize("settings", ["bookiter.yaml", None], ids=["in a manuscript", "in any folder"])
def test_a_diff_is_not_applied_through_a_link(book: Path, tmp_path: Path, settings: str | None) -> None:
    diary = tmp_path / "diary.md"
    diary.write_text(CHAPTERS[3], encoding="utf-8")
    (book / CHAPTER).unlink()
    (book / CHAPTER).symlink_to(diary)
    if settings is None:
        (book / "bookiter.yaml").unlink()
    commit_all(book)
    before = state(book)
    said(bookiter("apply", "-", stdin=TIDY, cwd=book), 4, 6)
    assert diary.read_text("utf-8") == CHAPTERS[3]
    assert state(book) == before


@pytest.mark.parametrize("inside", [True, False])
def test_a_chapters_folder_that_is_a_link(book: Path, tmp_path: Path, inside: bool) -> None:
    real = book / "text" if inside else tmp_path / "elsewhere"
    (book / "chapters").rename(real)
    (book / "chapters").symlink_to(real)
    commit_all(book)
    before, text = state(book), tree_of(real)
    assert "symbolic link" in said(bookiter("iterate", ASK, cwd=book), 6)
    assert state(book) == before
    assert tree_of(real) == text


def test_a_history_that_is_a_link(book: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.json"
    elsewhere.write_text('{"iterations": []}\n', encoding="utf-8")
    (book / HISTORY).symlink_to(elsewhere)
    commit_all(book)
    before = state(book)
    assert "symbolic link" in said(bookiter("iterate", ASK, cwd=book), 6)
    assert state(book) == before
    assert elsewhere.read_text("utf-8") == '{"iterations": []}\n'


def test_a_working_folder_that_is_a_link(book: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (book / ".bookiter").symlink_to(elsewhere)
    before = state(book)
    assert ".bookiter" in said(bookiter("iterate", ASK, cwd=book), 6)
    assert list(elsewhere.iterdir()) == []
    assert state(book) == before


@pytest.mark.parametrize("name", ["lock", "runs", "cache", ".gitignore"])
def test_a_link_inside_the_working_folder_leads_nowhere(book: Path, tmp_path: Path, name: str) -> None:
    """A cloned repository may bring a .bookiter of its own, with links to the author's files in it."""
    precious = tmp_path / "precious"
    if name in ("runs", "cache"):
        precious.mkdir()
    else:
        precious.write_text("Years of work.\n", encoding="utf-8")
    (book / ".bookiter").mkdir()
    (book / ".bookiter" / name).symlink_to(precious)
    if name == "cache":
        with model(intent=intent()) as (_, env):
            bookiter("analyze-intent", "Add dialogue to chapter 3", cwd=book, env=env)
    else:
        bookiter("iterate", ASK, cwd=book)
    if precious.is_dir():
        assert list(precious.iterdir()) == []
    else:
        assert precious.read_text("utf-8") == "Years of work.\n"


ODD_NAMES = (
    "Kapitel 3 – „Die Fähre“, zweiter Teil.md",
    'it\'s "quoted".md',
    "-n.md",
    ":(top)*.md",
    "[a]?*.md",
    "back\\slash.md",
    "décomposé.md",
    "%s {{ project }} $HOME `x`.md",
    "tab\tand\nline.md",
    "end with space .md",
)


def test_odd_names_are_names_like_any_other(tmp_path: Path) -> None:
    files = {f"chapters/{name}": f"# A chapter\n\nSarah, number {at}.\n" for at, name in enumerate(ODD_NAMES)}
    book = make_book(tmp_path / "book", files)
    (book / "chapters/a folder.md").mkdir()
    os.mkfifo(book / "chapters/a pipe.md")
    before = tree_of(book)
    ran = bookiter("iterate", EVERYWHERE, cwd=book)
    assert ran.code == 0, ran.err
    after = tree_of(book)
    after.pop(HISTORY)
    assert after == {name: data.replace(b"Sarah", b"Clara") for name, data in before.items()}
    assert git(book, "status", "--porcelain") == ""


def test_a_name_as_long_as_the_file_system_allows(tmp_path: Path) -> None:
    name = f"chapters/{'w' * 252}.md"
    book = make_book(tmp_path / "book", {name: "# A chapter\n\nSarah.\n"})
    ran = bookiter("iterate", EVERYWHERE, cwd=book)
    assert ran.code == 0, ran.err
    assert (book / name).read_text("utf-8") == "# A chapter\n\nClara.\n"


def test_a_name_that_is_not_utf_8_is_refused_or_carried_out_but_no_fault(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book", chapter_files())
    name = os.fsdecode(b"chapter-04-caf\xe9.md")
    (book / "chapters" / name).write_bytes(b"# Caf\xc3\xa9\n\nSarah.\n")
    commit_all(book)
    before = state(book)
    ran = bookiter("iterate", "Rename Sarah to Clara in chapter 4", cwd=book)
    if ran.code == 0:
        assert (book / "chapters" / name).read_bytes() == b"# Caf\xc3\xa9\n\nClara.\n"
    else:
        said(ran, 6)
        assert state(book) == before


def test_the_mode_of_a_file_stays(book: Path) -> None:
    (book / CHAPTER).chmod(0o750)
    commit_all(book)
    assert bookiter("iterate", ASK, cwd=book).code == 0
    assert (book / CHAPTER).stat().st_mode & 0o777 == 0o750


def test_a_folder_that_cannot_be_written(book: Path) -> None:
    without_power = []
    if os.geteuid() == 0:  # root writes everywhere, unless it lays that power down
        if shutil.which("setpriv") is None:
            pytest.skip("running as root, and setpriv is not there to drop its powers")
        without_power = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
    before = state(book)
    (book / "chapters").chmod(0o555)
    try:
        done = subprocess.run(
            [*without_power, str(COMMAND), "iterate", ASK], cwd=book, capture_output=True, check=False
        )
    finally:
        (book / "chapters").chmod(0o755)
    shown = said(Ran(done.returncode, done.stdout.decode(), done.stderr.decode()), 6)
    assert "Permission denied" in shown
    assert state(book) == before
