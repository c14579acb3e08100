"""The disks under the journals of the simulator's desks, of which one now and then is full."""

from __future__ import annotations

import random

from tests.properties.sync_desk import Desk
from tests.properties.sync_virtual_time import Broken
from vtt_desktop.sync.journal_rows import kept
from vtt_desktop.sync.link import DISK_REFUSES

FULL_IN = 5
"""Of so many schedules one has disks that fill up."""
FULL_OFTEN = 0.12
"""Of its steps, those at which some disk is full from then on, for a while."""
FULL_S = (0.3, 2.0, 8.0)


def fill_some(desks: list[Desk], seed: int, number: int, now: float) -> None:
    """Now and then somebody's disk is full: drawn by itself, so that other schedules are what they were."""
    if seed % FULL_IN:
        return
    chance = random.Random(f"disks {seed} {number}")
    if chance.random() < FULL_OFTEN:
        chance.choice(desks).journal.disk.full_until = now + chance.choice(FULL_S)


def make_room(desks: list[Desk]) -> None:
    for desk in desks:
        desk.journal.disk.full_until = 0.0


def check_written(desks: list[Desk]) -> None:
    """Once there is room all that is shown is on disk (I3), and nothing is said any more (I4)."""
    for desk in desks:
        desk.run(desk.journal.commit, desk.journal.waiting)
        if desk.journal.snapshot != desk.document.snapshot:
            raise Broken(f"I3 {desk.name} shows what is not on its disk")
        for key, one in desk.state.segments.items():
            known = desk.journal.segments.get(key)
            if known is None or (known.base, known.etag) != (one.base, one.etag) or known.sent is not None:
                raise Broken(f"I3 {desk.name} has {key} as {kept(one)}, and on disk as {known}")
        summary = desk.state.summary
        if summary.journal_error or summary.detail == DISK_REFUSES:
            raise Broken(f"I4 {desk.name} says “{summary.journal_error}{summary.detail}”, and all is well")
