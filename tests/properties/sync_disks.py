"""The disks under the journals of the simulator's desks, of which one now and then is full, or can only be
read: as a system leaves it that has found an error on it, until somebody mounts it anew."""

from __future__ import annotations

import random

from tests.properties.sync_desk import Desk
from tests.properties.sync_memory_journal import FULL, READ_ONLY
from tests.properties.sync_virtual_time import Broken
from vtt_desktop.sync.journal_rows import kept
from vtt_desktop.sync.link import DISK_REFUSES

REFUSE_IN = 5
"""Of so many schedules one has disks that refuse what is written."""
REFUSE_OFTEN = 0.12
"""Of its steps, those at which some disk does from then on, for a while."""
REFUSE_S = (0.3, 2.0, 8.0)
ERRORS = (FULL, FULL, READ_ONLY)


def refuse_some(desks: list[Desk], seed: int, number: int, now: float) -> None:
    """Now and then somebody's disk refuses: drawn by itself, so that other schedules are what they were. A
    full one may turn into one that can only be read."""
    if seed % REFUSE_IN:
        return
    for desk in desks:
        _check_said(desk)
    chance = random.Random(f"disks {seed} {number}")
    if chance.random() < REFUSE_OFTEN:
        until, disk = now + chance.choice(REFUSE_S), chance.choice(desks).journal.disk
        disk.refuses(chance.choice(ERRORS), until)


def _check_said(desk: Desk) -> None:
    """Whose disk refuses what is typed reads why, and whose disk takes it again reads nothing (I4)."""
    if (said := desk.state.summary.journal_error) != desk.journal.told:
        raise Broken(f"I4 {desk.name} says “{said}”, and its journal “{desk.journal.told}”")


def make_sound(desks: list[Desk]) -> None:
    for desk in desks:
        desk.journal.disk.refuses(FULL, 0.0)


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
