"""The one door for background work."""

import asyncio
import sys

import pytest

from vtt_desktop.app.tasks import Tasks


async def test_idle_is_when_nothing_that_ends_is_under_way() -> None:
    tasks, gate = Tasks(), asyncio.Event()
    assert tasks.idle
    await tasks.until_idle()

    async def work() -> None:
        await gate.wait()
        if len(names) < 2:
            names.append("more")
            tasks.spawn(work(), "more")

    names: list[str] = []
    tasks.spawn(work(), "work")
    assert not tasks.idle
    gate.set()
    await tasks.until_idle()
    assert tasks.idle and names == ["more", "more"], "work that work began is waited for too"


async def test_standing_work_does_not_count_and_ends_with_the_door() -> None:
    tasks, ended = Tasks(), asyncio.Event()

    async def listen() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    tasks.spawn_standing(listen(), "listening")
    await asyncio.sleep(0)
    assert tasks.idle and not ended.is_set()
    await tasks.close()
    assert ended.is_set()


async def test_a_failure_reaches_the_hook_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: heard.append(error))
    tasks = Tasks()

    async def fail() -> None:
        raise ValueError("broken")

    task = tasks.spawn(fail(), "failing")
    await tasks.until_idle()
    assert [str(error) for error in heard] == ["broken"] and task.get_name() == "failing"
    await tasks.close()


async def test_closing_waits_for_what_is_under_way_and_cancels_none_of_it() -> None:
    tasks, done = Tasks(), []

    async def save() -> None:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        done.append("saved")

    tasks.spawn(save(), "a save")
    await tasks.close()
    assert done == ["saved"]


async def test_a_cancelled_task_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: heard.append(error))
    tasks = Tasks()
    task = tasks.spawn(asyncio.Event().wait(), "waiting")  # type: ignore[arg-type]  # what it gives is not asked for
    task.cancel()
    await tasks.until_idle()
    assert heard == []
