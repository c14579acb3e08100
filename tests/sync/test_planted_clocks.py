"""As `test_planted_faults`: rules of clocks and of suspended computers, broken on purpose.

| planted | noticed as |
|---|---|
| times are read off the wall | I15 |
| what was out before a nap is taken for saved after it | I9 or I12 |
| a dead connection is waited for without an end | I6 |
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

import pytest

from tests.properties import sync_desk, sync_schedules
from tests.properties.sync_faults import Network
from tests.properties.sync_schedules import Schedule, failure
from tests.sync.test_planted_faults import first_cry
from vtt_desktop.sync.answers import Done, Unproven
from vtt_desktop.sync.engine import Engine


def test_the_same_happens_whatever_the_clocks_on_the_wall_say() -> None:
    """I15, I17: they jump at every look; and they are looked at, or this proves nothing."""
    schedule = Schedule.of(4)
    lines = [schedule.world(jump=jump).desks[0].state.diary.lines for jump in (True, False)]
    assert [line.words for line in lines[0]] == [line.words for line in lines[1]] != []
    assert [line.at for line in lines[0]] != [line.at for line in lines[1]]
    schedule.run()


def test_times_that_are_read_off_the_wall_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """I15: the pause after a failure ends by a clock that somebody set."""

    def by_the_wall(*args: Any, clock: object, **more: Any) -> Engine:
        return Engine(*args, clock=lambda: time.time(), **more)

    monkeypatch.setattr(sync_desk, "Engine", by_the_wall)
    monkeypatch.setattr(sync_schedules, "COMPARED", 1)
    cries = (str(failure(Schedule.of(seed))) for seed in range(30))
    assert any(cry.startswith("I15 ") for cry in cries)


def test_a_write_believed_after_a_nap_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was on its way when the computer was suspended has not always arrived."""
    sound = Network._connected

    async def hopeful(self: Network, request: Coroutine[Any, Any, Any], broken: Any) -> Any:
        answer = await sound(self, request, broken)
        return Done('"hoped"') if answer is broken and isinstance(broken, Unproven) else answer

    monkeypatch.setattr(Network, "_connected", hopeful)
    assert first_cry(monkeypatch).split(" ")[0] in ("I9", "I12")


def test_a_dead_connection_waited_for_without_an_end_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = Network._connected

    async def patient(self: Network, request: Coroutine[Any, Any, Any], broken: Any) -> Any:
        answer = await sound(self, request, broken)
        if answer is broken:
            await asyncio.Event().wait()
        return answer

    monkeypatch.setattr(Network, "_connected", patient)
    assert first_cry(monkeypatch).split(" ")[0] == "I6"
