"""Settings that are misspelt, of the wrong type or missing: named with their source, and nothing is done."""

from pathlib import Path

import pytest

from support.bad import said, state
from support.book import bookiter, commit_all

ASK = "Rename Sarah to Clara in chapter 3"


def put(book: Path, yaml: str | bytes) -> None:
    (book / "bookiter.yaml").write_bytes(yaml.encode() if isinstance(yaml, str) else yaml)
    commit_all(book, "Settings")


@pytest.mark.parametrize(
    ("yaml", "shown"),
    [
        ("confidense: 0.9\n", ("confidense", "Did you mean confidence?")),
        ("openai:\n  base_ulr: http://127.0.0.1\n", ("openai.base_ulr", "Did you mean openai.base_url?")),
        ("levels:\n  prose:\n    foldr: text\n", ("foldr", "folder")),
        ("max_attempts: three\n", ("max_attempts", "three")),
        ("levels:\n  prose:\n    folder: ../elsewhere\n", ("levels.prose.folder", "inside the manuscript")),
        ("openai:\n  base_url: file:///etc/passwd\n", ("openai.base_url",)),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_wrong_setting_is_named_with_its_file(book: Path, yaml: str, shown: tuple[str, ...]) -> None:
    put(book, yaml)
    before = state(book)
    words = said(bookiter("iterate", ASK, cwd=book), 2)
    assert "bookiter.yaml" in words
    assert all(part in words for part in shown), words
    assert state(book) == before


NO_SETTINGS = {
    "cut off": "project: 'fer",
    "a key twice": "confidence: 0.9\nconfidence: 0.1\n",
    "an object": "project: !!python/object/apply:os.system ['touch harm']\n",
}


@pytest.mark.parametrize("yaml", NO_SETTINGS.values(), ids=NO_SETTINGS)
def test_a_file_that_holds_no_settings(book: Path, yaml: str | bytes) -> None:
    put(book, yaml)
    before = state(book)
    assert "bookiter.yaml" in said(bookiter("status", cwd=book), 2, hint=False)
    assert state(book) == before


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("BOOKITER_OPENAI__TIMEOUTS", "3", "openai.timeout"),
        ("BOOKITER_CONFIDENCE", "very", "confidence"),
    ],
)
def test_a_wrong_variable_is_named(book: Path, name: str, value: str, key: str) -> None:
    words = said(bookiter("iterate", ASK, cwd=book, env={name: value}), 2)
    assert key in words
    assert "environment" in words


@pytest.mark.parametrize(
    "flags",
    [
        ("--model", "judje=big"),
        ("--scale", "huge"),
        ("--replay", "../../../etc"),
    ],
    ids=" ".join,
)
def test_a_wrong_flag_is_wrong_usage(book: Path, flags: tuple[str, ...]) -> None:
    before = state(book)
    said(bookiter("iterate", ASK, *flags, cwd=book), 2)
    assert state(book) == before


def test_no_model_is_configured(book: Path) -> None:
    before = state(book)
    words = said(bookiter("iterate", "Make chapter 3 darker", cwd=book), 7)
    assert "models" in words
    assert "BOOKITER_MODELS__DEFAULT" in words
    assert state(book) == before


def test_a_locked_chapter_stays_as_it_is(book: Path) -> None:
    put(book, "locked: [chapters/chapter-03.md]\n")
    before = state(book)
    ran = bookiter("iterate", ASK, cwd=book)
    assert "locked" in said(ran, 6)
    assert state(book) == before
