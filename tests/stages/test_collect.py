"""Which candidates go, by rule alone."""

import pytest

from bookiter.manuscript.config import Candidates
from bookiter.stages.collect import collectable
from bookiter.store.candidates import Candidate, State

RULES = Candidates(most=3, inactive_hours=24, failed_hours=1)
NOW = 1_000_000_000.0


def made(  # noqa: PLR0917 - a row of a table
    number: int, hours: float, state: State = "open", parent: int | None = None, failed: bool = False,
    locked: bool = False, level: str = "prose", damage: str = "",
) -> Candidate:  # fmt: skip
    name = f"20260101-12000{number}-aaaaa{number}"
    above = f"20260101-12000{parent}-aaaaa{parent}" if parent is not None else ""
    return Candidate(
        name, "c" * 40, state, int(NOW - hours * 3600), parent=above, level=level, failed=failed, locked=locked,
        damage=damage,
    )  # fmt: skip


def gone(*known: Candidate) -> set[int]:
    newest_first = sorted(known, key=lambda each: each.id, reverse=True)
    return {int(each.candidate.id[-1]) for each in collectable(newest_first, RULES, NOW)}


@pytest.mark.parametrize(
    ("candidate", "goes"),
    [
        (made(1, 23), False),
        (made(1, 25), True),
        (made(1, 0.9, "rejected"), False),
        (made(1, 1.1, "rejected"), True),
        (made(1, 0.9, failed=True), False),
        (made(1, 1.1, failed=True), True),
        (made(1, 999, locked=True), False),
        (made(1, 999, "rejected", locked=True), False),
        (made(1, 999, "accepted"), False),
        (made(1, 999, damage="its commit is missing"), False),
        (made(1, -5), False),
    ],
    ids=[
        "young", "old", "just rejected", "rejected an hour ago", "just failed", "failed an hour ago", "locked",
        "rejected but locked", "accepted last", "damaged: the author's business", "from a clock that was ahead",
    ],
)  # fmt: skip
def test_one_candidate_goes_by_age_and_state(candidate: Candidate, goes: bool) -> None:
    assert gone(candidate) == ({1} if goes else set())


def test_of_the_accepted_ones_only_the_last_of_each_level_stays() -> None:
    assert gone(
        made(1, 90, "accepted"), made(2, 80, "accepted"), made(3, 99, "accepted", level="premise")
    ) == {1}  # fmt: skip


def test_what_a_staying_candidate_was_made_from_stays() -> None:
    line = [made(1, 90, "rejected"), made(2, 80, parent=1), made(3, 2, parent=2), made(4, 90)]
    assert gone(*line) == {4}


def test_what_the_accepted_one_was_made_from_stays() -> None:
    assert gone(made(1, 90), made(2, 80, "accepted", parent=1)) == set()


def test_beyond_so_many_of_a_level_the_oldest_go() -> None:
    assert gone(*(made(n, 10 - n) for n in range(1, 6)), made(6, 1, level="premise")) == {1, 2}


def test_a_locked_one_beyond_the_number_stays() -> None:
    assert gone(made(1, 9, locked=True), *(made(n, 10 - n) for n in range(2, 6))) == {2}


def test_a_circle_of_parents_ends() -> None:
    assert gone(made(1, 90, parent=2), made(2, 90, parent=1), made(3, 1, parent=2)) == set()
