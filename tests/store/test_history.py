"""Histories grow at the head, keep what they do not know, and are never replaced by an empty one."""

import json
from pathlib import Path

import pytest

from bookiter.errors import NotReady
from bookiter.store.history import EMPTY, read_history, with_entries


def test_the_newest_entry_stands_first(tmp_path: Path) -> None:
    path = tmp_path / "iteration_history.json"
    path.write_bytes(with_entries(path, "h", [{"feedback": "eins – “1”"}]))
    path.write_bytes(with_entries(path, "h", [{"feedback": "zwei"}]))
    assert [entry["feedback"] for entry in read_history(path, "h")] == ["zwei", "eins – “1”"]
    assert "“1”" in path.read_text("utf-8")


def test_what_else_the_file_holds_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "h.json"
    path.write_text('{"note": "mine", "iterations": [{"feedback": "a", "mood": "grim"}]}', encoding="utf-8")
    document = json.loads(with_entries(path, "h", [{"feedback": "b"}]))
    assert document["note"] == "mine"
    assert document["iterations"][1] == {"feedback": "a", "mood": "grim"}


def test_no_file_is_an_empty_history(tmp_path: Path) -> None:
    assert read_history(tmp_path / "none.json", "h") == []


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"{}", b'{"iterations": 3}', b'{"iterations": [3]}', b"\xff\xfe", b"null"]
)
def test_a_damaged_history_stops_and_stays(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "h.json"
    path.write_bytes(data)
    with pytest.raises(NotReady, match=r"h\.json is damaged"):
        with_entries(path, "h.json", [])
    assert path.read_bytes() == data


def test_lines_that_git_put_together_are_read_and_mended(tmp_path: Path) -> None:
    path = tmp_path / "h.json"
    path.write_text(EMPTY.replace("[\n", '[\n{"feedback": "ours"}\n{"feedback": "theirs"}\n'), encoding="utf-8")
    assert [entry["feedback"] for entry in read_history(path, "h.json")] == ["ours", "theirs"]
    assert len(json.loads(with_entries(path, "h.json", [{"feedback": "new"}]))["iterations"]) == 3
