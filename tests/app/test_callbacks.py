"""asyncio's callbacks on Qt's loop: their order, their portions, and how many timers of Qt's they take."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from vtt_desktop.app import callbacks
from vtt_desktop.app.callbacks import Callbacks, Loop


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[Loop]:
    with Loop(qapp) as made:
        yield made


class Counted(Callbacks):
    """Knows how many timers it had of Qt's."""

    begun = 0

    def startTimer(self, interval: int, kind: Qt.TimerType = Qt.TimerType.CoarseTimer) -> int:
        self.begun += 1
        return int(super().startTimer(interval, kind))


def test_they_come_in_their_order_and_those_that_wait_in_their_time(loop: Loop) -> None:
    came: list[int] = []

    async def work() -> None:
        ended = loop.create_future()
        loop.call_later(0.004, came.append, 5)
        loop.call_later(0.002, came.append, 4)
        cancelled = loop.call_later(0.001, came.append, 99)
        for number in (1, 2):
            loop.call_soon(came.append, number)
        loop.call_soon(99).cancel()  # type: ignore[arg-type]  # would fail if it were called
        loop.call_later(0, came.append, 3)
        cancelled.cancel()
        begun = loop.time()
        loop.call_at(begun + 0.006, lambda: ended.set_result(loop.time() - begun))
        assert await ended >= 0.006

    loop.run_until_complete(work())
    assert came == [1, 2, 3, 4, 5]


def test_what_is_called_from_another_thread_wakes_it(loop: Loop) -> None:
    async def work() -> str:
        told = loop.create_future()
        threading.Thread(target=lambda: loop.call_soon_threadsafe(told.set_result, "told")).start()
        return str(await told)

    assert loop.run_until_complete(work()) == "told"


def test_between_portions_of_what_is_ready_others_have_their_turn(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each takes half as long as a portion may, by the clock of the test."""
    clock, done, turns = [0.0], [0], [0]
    monkeypatch.setattr(callbacks, "perf_counter", lambda: clock[0])

    def takes_its_time() -> None:
        clock[0] += callbacks._PORTION_S / 2
        done[0] += 1

    async def work() -> None:
        ended = loop.create_future()
        paint = QTimer(interval=0)
        paint.timeout.connect(lambda: turns.append(done[0]))
        paint.start()
        for _ in range(20):
            loop.call_soon(takes_its_time)
        loop.call_soon(ended.set_result, None)
        await ended
        paint.stop()

    loop.run_until_complete(work())
    assert done == [20] and max(b - a for a, b in zip(turns, turns[1:], strict=False)) <= 3


def test_they_go_on_in_a_loop_that_one_of_them_runs(loop: Loop) -> None:
    """As a menu does, or a dialog for a file."""
    came: list[str] = []

    async def later(inner: QEventLoop) -> None:
        waited = loop.create_future()
        loop.call_later(0.001, waited.set_result, None)
        await waited
        came.append("later")
        inner.quit()

    def runs_its_own() -> None:
        inner = QEventLoop()
        QTimer.singleShot(2000, inner.quit)  # if nobody else does
        task = loop.create_task(later(inner))
        inner.exec()
        came.append("after")
        assert task.done()

    async def work() -> None:
        ended = loop.create_future()
        loop.call_soon(runs_its_own)
        loop.call_soon(came.append, "ready with it")
        loop.call_later(0.002, ended.set_result, None)
        await ended
        inner = QEventLoop()
        QTimer.singleShot(2000, lambda: (came.append("nobody"), inner.quit()))
        loop.call_soon(inner.exec)
        loop.call_soon(inner.quit)
        await asyncio.sleep(0)

    loop.run_until_complete(work())
    assert came == ["ready with it", "later", "after"]


def test_thousands_that_wait_and_are_cancelled_take_one_timer_and_no_room(loop: Loop) -> None:
    loop._callbacks = counted = Counted()

    async def work() -> None:
        loop.call_later(30.0, print)
        for _ in range(3000):
            loop.call_later(60.0, print).cancel()
        for _ in range(3000):
            loop.call_soon(int)
        await asyncio.sleep(0)

    loop.run_until_complete(work())
    assert counted.begun < 10
    assert len(counted._later) < 200
