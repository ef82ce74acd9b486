"""Waiting in one thread for work in another."""

import threading

import pytest

from bookiter.llm.chat.worker import AbandonedError, Hand, TimeUpError, wait_for


def always() -> float:
    return 10.0


def test_the_result_comes_after_all_pieces() -> None:
    seen: list[str] = []

    def work(hand: Hand) -> int:
        for piece in ("a", "b", "c"):
            hand.text(piece)
        return 7

    assert wait_for(work, seen.append, always) == 7
    assert seen == ["a", "b", "c"]


def test_pieces_are_shown_in_the_waiting_thread() -> None:
    threads: list[threading.Thread] = []
    wait_for(lambda hand: hand.text("a"), lambda _: threads.append(threading.current_thread()), always)
    assert threads == [threading.current_thread()]


def test_what_the_work_raises_is_raised() -> None:
    def work(hand: Hand) -> None:
        raise LookupError("nobody home")

    with pytest.raises(LookupError, match="nobody home"):
        wait_for(work, print, always)


def test_work_without_end_is_left_at_the_deadline_and_told_so() -> None:
    release, told = threading.Event(), threading.Event()

    def work(hand: Hand) -> None:
        release.wait(10)
        try:
            hand.text("too late")
        except AbandonedError:
            told.set()

    with pytest.raises(TimeUpError):
        wait_for(work, print, lambda: 0.05)
    release.set()
    assert told.wait(10)


@pytest.mark.parametrize("left", [0.0, -1.0])
def test_no_time_left_means_no_waiting(left: float) -> None:
    blocked = threading.Event()
    with pytest.raises(TimeUpError):
        wait_for(lambda _: blocked.wait(10), print, lambda: left)
    blocked.set()


def test_the_deadline_holds_while_pieces_keep_coming() -> None:
    left = iter([5.0, 5.0, 0.0])
    stop = threading.Event()

    def work(hand: Hand) -> None:
        while not stop.wait(0.001):
            hand.text("on and on")

    with pytest.raises(TimeUpError):
        wait_for(work, lambda _: None, lambda: next(left))
    stop.set()


def test_the_thread_does_not_keep_the_program_alive() -> None:
    daemons: list[bool] = []
    wait_for(lambda _: daemons.append(threading.current_thread().daemon), print, always)
    assert daemons == [True]
