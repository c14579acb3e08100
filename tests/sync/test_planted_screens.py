"""As `test_planted_faults`: rules that are looked at in each step of the simulator, broken on purpose.

| planted | noticed as |
|---|---|
| the server looks at a version, and writes whatever is there by then | I2 |
| a colleague's change is taken for known and never shown | I4 |
| what goes out after a save is what was there before | I10 |
| a turn that ends gives its segment no other | I10 |
| redirects are followed | I18 |
| the next page is read wherever it is said to be | I18 |
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace

import httpx
import pytest

from tests.properties import sync_faults
from tests.properties.sync_backend import Backend, Change
from tests.properties.sync_faults import PROFILE
from tests.properties.sync_lures import LANES, Lures
from tests.properties.sync_virtual_time import VirtualLoop
from tests.properties.sync_walls import Wall
from tests.sync.test_planted_faults import first_cry, sound
from vtt_desktop.sync import body, machines, schedule, segment_step
from vtt_desktop.sync.answers import Answer, Done, NotReached
from vtt_desktop.sync.lanes import Lanes
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.segment_events import Adopt, Event, Save
from vtt_desktop.sync.wire import Wire

OFTEN = 0.2
"""The share of requests that are answered so, where that is what is looked for."""


def test_a_server_that_does_not_compare_and_swap_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    write = Backend.write

    def naive(
        self: Backend, key: str, tag: str | None, change: Change, author: str, write_id: str = ""
    ) -> Answer:
        there = self.documents.get(key)
        if there is None or tag is None:
            return write(self, key, tag, change, author, write_id)
        document = change(there[1])
        return Done(self.put(key, document, author, tag), document)

    monkeypatch.setattr(Backend, "write", naive)
    assert first_cry(monkeypatch, "I2 ")


def test_a_row_that_says_saved_and_shows_something_else_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def unshown(s: Segment, event: Event, make: body.MakeBody) -> segment_step.Outcome:
        after, actions = sound(s, event, make)
        return after, tuple(one for one in actions if not isinstance(one, Adopt))

    monkeypatch.setattr(machines, "step", unshown)
    assert first_cry(monkeypatch, "I4 ")


def test_an_edit_that_is_not_sent_after_the_save_it_was_made_in_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stuck(s: Segment, event: Event, make: body.MakeBody) -> segment_step.Outcome:
        after, actions = sound(s, event, make)
        return after, tuple(
            replace(one, body=one.base) if isinstance(one, Save) and one.base is not None else one
            for one in actions
        )

    monkeypatch.setattr(machines, "step", stuck)
    assert first_cry(monkeypatch, "I10 ")


def test_an_edit_that_waits_for_a_button_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    turn = schedule.Schedule._turn

    async def last(self: schedule.Schedule, key: str) -> None:
        await turn(self, key)
        self._due.pop(key, None)

    monkeypatch.setattr(schedule.Schedule, "_turn", last)
    assert first_cry(monkeypatch, "I10 ")


def test_a_token_that_follows_a_redirect_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    another = Lanes._another

    def following(self: Lanes) -> httpx.AsyncClient:
        client = another(self)
        client.follow_redirects = True
        return client

    monkeypatch.setattr(Lanes, "_another", following)
    monkeypatch.setattr(LANES, "_free", [])
    monkeypatch.setattr(sync_faults, "LURED", OFTEN)
    assert first_cry(monkeypatch, "I18 ")


def test_a_token_that_goes_to_a_page_elsewhere_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    url = Wire.url

    def anywhere(self: Wire, path: str, asked: str = "") -> str:
        return path if path.startswith("http") else url(self, path, asked)

    monkeypatch.setattr(Wire, "url", anywhere)
    monkeypatch.setattr(sync_faults, "LURED", OFTEN)
    assert first_cry(monkeypatch, "I18 ")


def test_a_server_is_left_alone_for_as_long_as_it_says_by_its_own_clock() -> None:
    """I15; and its own origin gets the token each time, or nothing would be shown of I18."""
    cries: list[str] = []
    loop = VirtualLoop()
    lures = Lures("desk", PROFILE, random.Random(1), Wall(1, loop, jump=True), cries.append)
    answers = [asyncio.run(lures.busy(lambda real: real.fetch("k"), 2.0)) for _ in range(12)]
    loop.close()
    assert {type(one) for one in answers} == {NotReached} and {one.retry_after_s for one in answers} == {2.0}
    assert len(lures.asked) == 12 and all(lures.carries(one) for one in lures.asked) and cries == []
