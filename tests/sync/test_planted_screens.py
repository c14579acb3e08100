"""As `test_planted_faults`: rules that are looked at in each step of the simulator, broken on purpose.

| planted | noticed as |
|---|---|
| the server looks at a version, and writes whatever is there by then | I2 |
| a colleague's change is taken for known and never shown | I4 |
| what goes out after a save is what was there before | I10 |
| a turn that ends gives its segment no other | I10 |
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.properties.sync_backend import Backend, Change
from tests.sync.test_planted_faults import first_cry, sound
from vtt_desktop.sync import body, machines, schedule, segment_step
from vtt_desktop.sync.answers import Answer, Done
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.segment_events import Adopt, Event, Save


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
