"""The catalogue, row by row, from data files: ``<row>-<name>/`` holds before.md, reply.txt, and after.md or refusal.json."""

import json
from pathlib import Path

import pytest

from bookiter.patch import PatchRefused, apply_patch

CASES = sorted((Path(__file__).parent.parent / "data" / "patch").iterdir())
ROWS = range(1, 36)


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


@pytest.mark.parametrize("case", [case for case in CASES if (case / "after.md").exists()], ids=lambda case: case.name)
def test_the_reply_gives_exactly_the_wanted_text(case: Path) -> None:
    before = _read(case / "before.md")
    result = apply_patch(before, _read(case / "reply.txt"))
    assert result.text == _read(case / "after.md")
    assert result.changed


@pytest.mark.parametrize(
    "case", [case for case in CASES if (case / "refusal.json").exists()], ids=lambda case: case.name
)
def test_the_reply_is_refused_for_the_right_reason(case: Path) -> None:
    wanted = json.loads(_read(case / "refusal.json"))
    with pytest.raises(PatchRefused) as caught:
        apply_patch(_read(case / "before.md"), _read(case / "reply.txt"))
    refused = caught.value
    assert refused.status == wanted["status"]
    assert {finding.reason for finding in refused.findings} & set(wanted["reasons"]), refused.explanation()
    if "hunks" in wanted:
        assert [finding.hunk for finding in refused.findings] == wanted["hunks"]
    if "places" in wanted:
        assert list(refused.findings[0].places) == wanted["places"]
    for key in ("line", "column"):
        if key in wanted:
            assert getattr(refused.findings[0], key) == wanted[key]
    json.dumps(refused.details)


@pytest.mark.parametrize("row", ROWS)
def test_every_row_of_the_catalogue_has_cases(row: int) -> None:
    own = [case.name for case in CASES if case.name.startswith(f"{row:02d}-")]
    assert len(own) >= 2, f"row {row}: {own}"


def test_the_catalogue_is_long_enough_to_mean_something() -> None:
    assert len(CASES) >= 150
