"""Files are whole old or whole new, and a group of them all new or all old."""

import os
import signal
from pathlib import Path

import pytest

from bookiter.errors import NotReady
from bookiter.store import files


def test_a_group_is_replaced_together_and_keeps_its_modes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one")
    (tmp_path / "a").chmod(0o640)
    files.replace_all(tmp_path, {"a": b"one", "new": None}, {"a": b"two", "new": b"fresh"})
    assert (tmp_path / "a").read_bytes() == b"two"
    assert (tmp_path / "new").read_bytes() == b"fresh"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "new"]


def test_nothing_is_written_when_a_file_has_changed_meanwhile(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one")
    (tmp_path / "b").write_bytes(b"edited by the author")
    with pytest.raises(NotReady, match="b was changed by someone else"):
        files.replace_all(tmp_path, {"a": b"one", "b": b"one"}, {"a": b"two", "b": b"two"})
    assert (tmp_path / "a").read_bytes() == b"one"
    assert (tmp_path / "b").read_bytes() == b"edited by the author"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]


def test_a_failure_half_way_puts_everything_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {name: name.encode() for name in ("a", "b", "c")}
    for name, data in before.items():
        (tmp_path / name).write_bytes(data)
    real = os.replace

    def failing(source: Path, target: Path) -> None:
        if Path(target).name == "c" and Path(source).read_bytes() == b"new c":
            raise OSError(28, "No space left on device", str(target))
        real(source, target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(NotReady, match="No space left"):
        files.replace_all(tmp_path, before, {name: b"new " + name.encode() for name in before})
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_an_interrupt_waits_until_the_swap_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {"a": b"a", "b": b"b"}
    for name, data in before.items():
        (tmp_path / name).write_bytes(data)
    real = os.replace

    def interrupted(source: Path, target: Path) -> None:
        signal.raise_signal(signal.SIGINT)
        real(source, target)

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        files.replace_all(tmp_path, before, {"a": b"1", "b": b"2"})
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"a": b"1", "b": b"2"}


def test_a_symlink_is_never_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"secret")
    book = tmp_path / "book"
    book.mkdir()
    (book / "a").symlink_to(outside)
    with pytest.raises(NotReady):
        files.replace_all(book, {"a": b"secret"}, {"a": b"gone"})
    assert outside.read_bytes() == b"secret"
    assert (book / "a").is_symlink()
