"""Answers kept by what was asked."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bookiter.errors import ModelFailed
from bookiter.llm.cache import CachedModel
from bookiter.llm.interface import Message, Request, Usage
from support.stand_in import StandIn

REQUEST = Request("diff", (Message("system", "Edit."), Message("user", "Mend “it”.\r\n")), {"type": "object"})


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_the_same_question_is_asked_once(tmp_path: Path) -> None:
    inner = StandIn("\ufeffMended.\u2028\r\n", "Otherwise.")
    model = CachedModel(inner, tmp_path / "cache")
    first, second = model.complete(REQUEST), model.complete(REQUEST)
    assert first.text == second.text == "\ufeffMended.\u2028\r\n"
    assert (first.cached, second.cached) == (False, True)
    assert (second.usage, second.model) == (Usage(), "stand-in-diff")
    assert len(inner.requests) == 1


def test_an_answer_outlives_the_program(tmp_path: Path) -> None:
    CachedModel(StandIn("Mended."), tmp_path).complete(REQUEST)
    assert CachedModel(StandIn(), tmp_path).complete(REQUEST).text == "Mended."


def test_a_cached_answer_is_shown_like_any_other(tmp_path: Path) -> None:
    model, seen = CachedModel(StandIn("Mended."), tmp_path), list[str]()
    model.complete(REQUEST)
    model.complete(REQUEST, seen.append)
    assert seen == ["Mended."]


@pytest.mark.parametrize(
    "other",
    [
        lambda model: (model, replace(REQUEST, messages=REQUEST.messages[1:])),
        lambda model: (model, replace(REQUEST, messages=(Message("user", "Edit."), REQUEST.messages[1]))),
        lambda model: (model, replace(REQUEST, schema=None)),
        lambda model: (model, replace(REQUEST, stage="judge")),  # another model answers it
        lambda model: (model, replace(REQUEST, sample=1)),
        lambda model: (replace(model, namespace="http://elsewhere/v1"), REQUEST),
        lambda model: (replace(model, temperatures={"diff": 0.9}), REQUEST),
        lambda model: (replace(model, temperatures={"default": 0.9}), REQUEST),
    ],
)
def test_another_question_is_asked_anew(
    tmp_path: Path, other: Callable[[CachedModel], tuple[CachedModel, Request]]
) -> None:
    model = CachedModel(StandIn("First.", "Second."), tmp_path, namespace="http://here/v1")
    model.complete(REQUEST)
    changed, request = other(model)
    assert changed.complete(request).text == "Second."


def test_the_temperature_of_another_stage_does_not_matter(tmp_path: Path) -> None:
    model = CachedModel(StandIn("First."), tmp_path)
    model.complete(REQUEST)
    assert replace(model, temperatures={"judge": 0.9}).complete(REQUEST).cached


def test_switched_off_it_neither_reads_nor_writes(tmp_path: Path) -> None:
    model = CachedModel(StandIn("First.", "Second."), tmp_path, enabled=False)
    assert [model.complete(REQUEST).text, model.complete(REQUEST).text] == ["First.", "Second."]
    assert entries(tmp_path) == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda data: data[:-5],
        lambda _: b"[]",
        lambda data: b"\xff\xfe" + data,
        lambda data: data.replace(b"First", b"Worst"),
        lambda data: data.replace(b'"version": 1', b'"version": 99'),
        lambda _: b"[" * 100_000,
    ],
)
def test_a_damaged_entry_is_asked_anew_and_mended(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    model = CachedModel(StandIn("First.", "Second."), tmp_path)
    model.complete(REQUEST)
    (entry,) = entries(tmp_path)
    damaged = damage(entry.read_bytes())
    assert damaged != entry.read_bytes()
    entry.write_bytes(damaged)
    assert model.complete(REQUEST).text == "Second."
    assert model.complete(REQUEST).cached
    assert entries(tmp_path) == [entry]


def test_an_entry_under_a_wrong_name_is_not_believed(tmp_path: Path) -> None:
    model = CachedModel(StandIn("First.", "Second.", "Third."), tmp_path)
    model.complete(REQUEST)
    (first,) = entries(tmp_path)
    model.complete(replace(REQUEST, schema=None))
    second = next(path for path in entries(tmp_path) if path != first)
    second.write_bytes(first.read_bytes())
    assert model.complete(replace(REQUEST, schema=None)).text == "Third."


def test_a_failed_call_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(ModelFailed):
        CachedModel(StandIn(), tmp_path).complete(REQUEST)
    assert entries(tmp_path) == []


def test_a_forgotten_answer_is_asked_anew(tmp_path: Path) -> None:
    inner = StandIn("First.", "Second.")
    model = CachedModel(inner, tmp_path)
    model.forget(REQUEST)
    model.complete(REQUEST)
    model.forget(REQUEST)
    assert model.complete(REQUEST).text == "Second."
    assert inner.forgotten == [REQUEST, REQUEST]


def test_a_folder_that_cannot_be_written_costs_a_call_and_no_more(tmp_path: Path) -> None:
    blocked = tmp_path / "cache"
    blocked.write_text("a file where the folder should be")
    model = CachedModel(StandIn("First.", "Second."), blocked)
    assert [model.complete(REQUEST).text, model.complete(REQUEST).text] == ["First.", "Second."]


def test_entries_hold_neither_address_nor_question(tmp_path: Path) -> None:
    CachedModel(StandIn("First."), tmp_path, namespace="http://here/v1?key=abc").complete(REQUEST)
    (entry,) = entries(tmp_path)
    content = entry.read_text(encoding="utf-8")
    assert "here" not in content
    assert "Mend" not in content
