"""Clocks on the wall that nobody may decide by (I15): each look shows another day."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.properties.sync_virtual_time import VirtualLoop
from vtt_desktop.sync import link

START = datetime(2026, 3, 1, tzinfo=UTC)
DAY_S = 86_400.0


class _Shown:
    """What `sync.link` knows by the name of `datetime`: to say until when, by the clock on the wall."""

    def __init__(self, wall: Wall) -> None:
        self._wall = wall

    def now(self) -> datetime:
        return self._wall.now()


class Wall:
    """The wall clocks of a world. They `jump` up to a day at every look, forth and back, or are right."""

    def __init__(self, seed: int, loop: VirtualLoop, *, jump: bool) -> None:
        self._chance = random.Random(f"wall {seed}")
        self._loop = loop
        self._jump = jump

    def now(self) -> datetime:
        off = self._chance.uniform(-DAY_S, DAY_S) if self._jump else 0.0
        return START + timedelta(seconds=self._loop.now + off)

    def time(self) -> float:
        """As `time.time`."""
        return self.now().timestamp()

    def told(self, after_s: float) -> dict[str, str]:
        """The headers by which a server that has such a clock asks to be left alone for so long."""
        now = self.now()
        then = now + timedelta(seconds=after_s)
        return {"Date": format_datetime(now, usegmt=True), "Retry-After": format_datetime(then, usegmt=True)}

    @contextmanager
    def hung(self) -> Iterator[None]:
        """The program sees no other wall clock meanwhile."""
        was = time.time, link.datetime
        time.time = self.time
        link.datetime = _Shown(self)  # type: ignore[assignment,misc]
        try:
            yield
        finally:
            time.time, link.datetime = was  # type: ignore[assignment,misc]
