"""Who is where: told once one stays, heard by two roads, and nothing of it when offline."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync import presence
from vtt_desktop.sync.body import Body
from vtt_desktop.sync.presence import Colleague, Colleagues, Presence
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.state import Link, SyncState


def segment(key: str, *ids: int) -> Segment:
    body = Body(key, cues=tuple(Cue(i, 0, 1, "x") for i in ids))
    return Segment(key, body, '"1"', body)


class Road:
    """A server that lists what it was told, and `others`."""

    def __init__(self) -> None:
        self.on_presence: Callable[[Any], object] | None = None
        self.told: list[str | None] = []
        self.others: list[Any] = []
        self.fails: Exception | None = None
        self.asked = asyncio.Event()

    async def be_at(self, desk: str, name: str, segment: str | None) -> Any:
        self.told.append(segment)
        self.asked.set()
        if self.fails is not None:
            raise self.fails
        return {"items": [{"desk": desk, "name": name, "segment": segment}, *self.others]}

    async def once(self) -> None:
        """Returns when it was told again."""
        async with asyncio.timeout(10):
            await self.asked.wait()
        self.asked.clear()


class Desk:
    def __init__(self) -> None:
        self.state = SyncState(Link.ONLINE)
        self.state.put([segment("a", 1), segment("b", 2), segment("c", 3, 4)])
        self.others = Colleagues(self.state)
        self.road = Road()
        self.me = Presence(self.road, self.state, self.others, "me")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "SETTLE_S", 0.0)


@asynccontextmanager
async def running(desk: Desk) -> AsyncIterator[None]:
    task = asyncio.get_running_loop().create_task(desk.me.run())
    try:
        await desk.road.once()
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


BO = {"desk": "x", "name": "Bo  Lee", "segment": "b"}


async def test_where_one_is_is_told_and_the_others_are_heard() -> None:
    desk = Desk()
    desk.road.others = [BO, {"desk": "y", "name": "", "segment": None}]
    heard = []
    desk.others.changed.connect(heard.append)
    async with running(desk):
        desk.me.be_at(1)
        await desk.road.once()
        assert desk.road.told == [None, "a"]
        assert [(one.title, one.initials) for one in desk.others.all] == [("Bo Lee", "BL"), ("Somebody", "S")]
        assert [one.name for one in desk.others.at(2)] == ["Bo Lee"] and desk.others.at(1) == ()
        assert len(heard) == 1  # the second time said the same
    assert desk.others.all == () and desk.road.on_presence is None


async def test_who_walks_through_the_cues_is_told_of_the_last() -> None:
    desk = Desk()
    async with running(desk):
        for cue_id in (1, 2, 3, None, 2):
            desk.me.be_at(cue_id)
        await desk.road.once()
        assert desk.road.told == [None, "b"]
        desk.me.be_at(2)  # the same: nothing new to tell
        assert desk.me._later is not None and not desk.road.asked.is_set()


async def test_the_event_stream_is_heard() -> None:
    desk = Desk()
    async with running(desk):
        assert desk.road.on_presence is not None
        desk.road.on_presence({"items": [BO]})
        assert [one.name for one in desk.others.at(2)] == ["Bo Lee"]
        desk.road.on_presence({"items": []})
        assert desk.others.all == ()


async def test_alone_it_is_said_seldom_and_who_comes_is_told_at_once() -> None:
    desk = Desk()
    async with running(desk):
        assert desk.me._beat == presence.BEAT_S, "nothing says yet that the feed tells of others"
        assert desk.road.on_presence is not None
        desk.road.on_presence({"items": [{"desk": desk.me.desk, "name": "me", "segment": None}]})
        assert desk.me._beat == presence.ALONE_S
        assert not desk.road.asked.is_set()
        desk.road.others = [BO]
        desk.road.on_presence({"items": [BO]})
        await desk.road.once()
        assert desk.me._beat == presence.BEAT_S
        desk.road.on_presence({"items": [{**BO, "segment": "c"}]})
        await until_idle()
        assert desk.road.told == [None, None], "who only moves needs no word from us"


async def test_a_desk_that_was_killed_is_itself_again() -> None:
    state = SyncState(Link.ONLINE)
    first = Presence(Road(), state, Colleagues(state), "me")
    again = Presence(Road(), state, others := Colleagues(state), "me", first.desk)
    again._heard({"items": [{"desk": first.desk, "name": "me", "segment": None}]})
    assert others.all == () and again.desk == first.desk


async def test_offline_nothing_is_told_and_nobody_is_shown() -> None:
    desk = Desk()
    desk.road.others = [BO]
    async with running(desk):
        assert desk.others.all
        desk.state.set_link(Link.OFFLINE)
        assert desk.others.all == ()
        desk.me.wake()
        desk.me.be_at(1)
        await until_idle()
        assert desk.road.told == [None]
        desk.state.set_link(Link.ONLINE)
        desk.me.wake()
        await desk.road.once()
        assert desk.road.told == [None, "a"] and desk.others.all


async def until_idle() -> None:
    """Lets everything that is ready run, timers of nought too."""
    done = asyncio.Event()
    asyncio.get_running_loop().call_later(0.0, lambda: asyncio.get_running_loop().call_soon(done.set))
    await done.wait()


async def test_a_server_that_refuses_is_asked_again_and_nothing_fails() -> None:
    desk = Desk()
    desk.road.fails = UserError("no")
    async with running(desk):
        desk.road.fails = None
        desk.me.be_at(1)
        await desk.road.once()
        assert desk.road.told == [None, "a"]


def test_of_a_segment_of_several_cues_one_is_marked() -> None:
    desk = SyncState(Link.ONLINE)
    desk.put([segment("c", 3, 4)])
    others = Colleagues(desk)
    others.hear([{"desk": "x", "name": "Bo", "segment": "c"}], "me")
    assert [cue_id for cue_id in (3, 4) if others.at(cue_id)] == [3]
    assert others.cue_of(Colleague("x", "Bo", "c")) == 3
    assert others.cue_of(Colleague("x", "Bo", "nowhere")) is None


@pytest.mark.parametrize(
    "items",
    [None, 5, "x", [None], [5], [{}], [{"desk": 5}], [{"desk": "x", "name": 5, "segment": 5}], [["desk"]]],
)
def test_whatever_a_server_says_does_no_harm(items: Any) -> None:
    others = Colleagues(SyncState(Link.ONLINE))
    others.hear(items, "me")
    assert all(one.segment is None for one in others.all)


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Ann Lee", "AL"), ("bo", "B"), ("Zoë van der Berg", "ZB"), ("j.doe", "JD"), ("", "S"), (". .", "?")],
)
def test_initials(name: str, initials: str) -> None:
    assert Colleague("x", name, None).initials == initials
