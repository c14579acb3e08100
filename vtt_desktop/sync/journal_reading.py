"""What a journal's file holds, read strictly."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.history import Step
from vtt_desktop.sync.journal_pages import NAMED, indexed
from vtt_desktop.sync.journal_replay import Append, Checkpoint, Contents, Walk
from vtt_desktop.sync.journal_rows import (
    DamagedRow,
    row_head,
    unpack,
    unpack_cues,
    unpack_edit,
    unpack_line,
    unpack_segment,
    unseal,
)

REMOTE = "remote"
"""In the log's column `step`: an edit that no person here made."""

Base = Callable[[Mapping[str, str]], Snapshot | None]
"""Meta values → the document as it was before the first edit, its ids 1 … n; None where they do not say."""


def no_base(_meta: Mapping[str, str]) -> Snapshot | None:
    """For a journal whose document is written down in it."""
    return None


class Reading:
    """One reading of a file: DamagedRow, sqlite3.Error or ValueError at the first flaw.

    Without a checkpoint the document began as what `base` makes of the meta values, if it makes anything; it
    raises ValueError where it should and cannot.
    """

    def __init__(self, connection: sqlite3.Connection, *, base: Base = no_base) -> None:
        self._db = connection
        self._base = base
        self.contents = Contents()
        self.last = 0
        """Number of the log's last entry."""
        self.last_chunk = 0
        """Highest number of a chunk."""
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != ("ok",):
            raise DamagedRow(str(verdict))
        for table in NAMED:
            (rows,) = self._db.execute(f"SELECT count(*) FROM {table} NOT INDEXED").fetchone()
            if rows != indexed(self._db, table):
                raise DamagedRow(table)
        for key, body in self._db.execute("SELECT key, body FROM meta"):
            self.contents.meta[key] = unpack(unseal(body, f"meta:{key}"))
        at, snapshot = self._checkpoint()
        self._later(at, snapshot)
        self._earlier(at, snapshot)
        if self._has("told"):  # files of earlier versions have no such table
            for number, body in self._db.execute("SELECT number, body FROM told ORDER BY number"):
                self.contents.told[number] = unpack_line(unseal(body, f"told:{number}"), number)
        for key, body in self._db.execute("SELECT key, body FROM segment"):
            self.contents.segments[key] = unpack_segment(unseal(body, f"segment:{key}"))

    def _checkpoint(self) -> tuple[int, Snapshot]:
        """The last entry that it has, and the document of then. Without one there is nothing to stand on."""
        mark = self._mark("checkpoint")
        if mark is None:
            if (base := self._base(self.contents.meta)) is not None:
                self.contents.checkpoint = Checkpoint(base, len(base.cues) + 1)
                return 0, base
            return 0, Snapshot()
        at, next_id, head, order = mark
        cues: list[Cue] = []
        for number in order:
            row = self._db.execute("SELECT body FROM chunk WHERE id = ?", (number,)).fetchone()
            cues += unpack_cues(unseal(row[0] if row else None, f"chunk:{number}"))
        snapshot = Snapshot(row_head(head), CueList.of(cues))
        self.contents.checkpoint = Checkpoint(snapshot, next_id)
        self.last_chunk = max(order, default=0)
        return at, snapshot

    def _later(self, at: int, snapshot: Snapshot) -> None:
        """The log after the checkpoint."""
        walk, seq = Walk(snapshot), at
        query = "SELECT seq, step, body FROM log WHERE seq > ? ORDER BY seq"
        for number, step, body in self._db.execute(query, (at,)):
            if number != seq + 1:
                raise DamagedRow(f"log:{seq + 1}")
            edit = walk.forward(unpack_edit(unseal(body, f"log:{number}:{step}")))
            self.contents.log.append(Append(_step(step), edit))
            seq = number
        self.contents.after_checkpoint = seq - at
        self.last = seq
        if seq != (self._mark("last") or 0):
            raise DamagedRow("the log's end")

    def _earlier(self, at: int, snapshot: Snapshot) -> None:
        """The log before the checkpoint, as far back as it fits: it only serves to take steps back."""
        walk, seq = Walk(snapshot), at + 1
        found: list[Append] = []
        query = "SELECT seq, step, body FROM log WHERE seq <= ? ORDER BY seq DESC"
        for number, step, body in self._db.execute(query, (at,)):
            edit = walk.backward(unpack_edit(unseal(body, f"log:{number}:{step}")))
            if number != seq - 1 or edit is None:
                break
            found.append(Append(_step(step), edit))
            seq = number
        self.contents.log[:0] = reversed(found)

    def _mark(self, name: str) -> Any:
        row = self._db.execute("SELECT body FROM mark WHERE name = ?", (name,)).fetchone()
        return unpack(unseal(row[0], f"mark:{name}")) if row is not None else None

    def _has(self, table: str) -> bool:
        query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        return self._db.execute(query, (table,)).fetchone() is not None


def _step(kind: str) -> Step | None:
    return None if kind == REMOTE else Step(kind)
