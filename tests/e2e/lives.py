"""What tests that kill the program know of its lives: what it promises, and what the machine kept it from.

The promise holds for the program, and the machine may be busy: then neither the thread that works nor the one
that writes runs for a tenth of a second or more. How long it was is told by a peer in the same process.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from queue import SimpleQueue

PROMISE_S = 0.1
"""Every accepted edit is out of the process within this time."""
REMEMBERED_S = 1.0
"""So long before its end it counts what the machine kept a life from."""


class Peer:
    """A bare writer: as the journal's thread it waits to be woken, takes what is there and commits a row, and
    then it notes in `path` how long that took. Nothing of the program is in it."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._notes = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._moments: SimpleQueue[float] = SimpleQueue()
        self._rows = sqlite3.connect(
            path.with_name(path.name + ".rows"), isolation_level=None, check_same_thread=False
        )
        self._rows.execute("PRAGMA journal_mode = WAL").fetchall()
        self._rows.execute("PRAGMA synchronous = OFF")
        self._rows.execute("CREATE TABLE IF NOT EXISTS row (moment REAL)")
        threading.Thread(target=self._work, daemon=True).start()

    def accepted(self, moment: float) -> None:
        """Something was accepted at this moment."""
        self._moments.put(moment)

    def _work(self) -> None:
        while True:
            first = last = self._moments.get()
            for _ in range(self._moments.qsize()):
                last = self._moments.get()
            self._rows.execute("BEGIN IMMEDIATE")
            self._rows.execute("INSERT INTO row VALUES (?)", (last,))
            self._rows.execute("COMMIT")
            os.write(self._notes, f"{last} {time.monotonic() - first}\n".encode())


def kept_from(path: Path, moments: Sequence[float], died: float) -> float:
    """Seconds that a life was kept from working or writing at the most, shortly before its end: its longest
    pause, and the longest that its peer needed for a row."""
    recent = [moment for moment in moments if moment > died - REMEMBERED_S]
    pause = max((later - sooner for sooner, later in pairwise(recent)), default=0.0)
    notes = [line.split() for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]
    took = [float(lag) for moment, lag in notes if float(moment) > died - REMEMBERED_S]
    written = float(notes[-1][0]) if notes else 0.0
    took += [died - moment for moment in moments if written < moment < died][:1]
    return pause + max(took, default=0.0)
