"""What a journal's file holds, read strictly; or of a damaged one, what can be had."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import Any

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.history import Step
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

SIDECARS = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file."""

Base = Callable[[Mapping[str, str]], Snapshot | None]
"""Meta values → the document as it was before the first edit, its ids 1 … n; None where they do not say."""


def no_base(_meta: Mapping[str, str]) -> Snapshot | None:
    """For a journal whose document is written down in it."""
    return None


class Reading:
    """One reading of a file. Strict, it raises DamagedRow, sqlite3.Error or ValueError at the first flaw.

    Lenient, it goes as far as what it reads is a document that once was. Of a log that lost its end the
    segments are left out: they would make the older texts look like a person's edits of newer ones.

    Without a checkpoint the document began as what `base` makes of the meta values, if it makes anything; it
    raises ValueError where it should and cannot.
    """

    def __init__(self, connection: sqlite3.Connection, *, lenient: bool, base: Base = no_base) -> None:
        self._db = connection
        self._lenient = lenient
        self._base = base
        self.contents = Contents()
        self.last = 0
        """Number of the log's last entry."""
        self.last_chunk = 0
        """Highest number of a chunk."""
        if not lenient:
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != ("ok",):
                raise DamagedRow(str(verdict))
        for key, body in self._rows("SELECT key, body FROM meta"):
            with self._forgiving():
                self.contents.meta[key] = unpack(unseal(body, f"meta:{key}"))
        at, snapshot = self._checkpoint()
        whole = self._later(at, snapshot)
        self._earlier(at, snapshot)
        if self._has("told"):  # files of earlier versions have no such table
            for number, body in self._rows("SELECT number, body FROM told ORDER BY number"):
                with self._forgiving():
                    self.contents.told[number] = unpack_line(unseal(body, f"told:{number}"), number)
        if whole:
            for key, body in self._rows("SELECT key, body FROM segment"):
                with self._forgiving():
                    self.contents.segments[key] = unpack_segment(unseal(body, f"segment:{key}"))

    def _checkpoint(self) -> tuple[int, Snapshot]:
        """The last entry that it has, and the document of then. Without one there is nothing to stand on."""
        mark = self._mark("checkpoint")
        if mark is None:
            if (base := self._base(self.contents.meta)) is not None:
                self.contents.checkpoint = Checkpoint(base, len(base.cues) + 1)
                return 0, base
            if self._lenient:
                raise DamagedRow("no checkpoint")
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

    def _later(self, at: int, snapshot: Snapshot) -> bool:
        """The log after the checkpoint; whether all of it was there."""
        walk, seq = Walk(snapshot), at
        query = f"SELECT seq, step, body FROM log WHERE seq > {int(at)} ORDER BY seq"
        with self._forgiving():
            for number, step, body in self._rows(query):
                if number != seq + 1:
                    raise DamagedRow(f"log:{seq + 1}")
                edit = walk.forward(unpack_edit(unseal(body, f"log:{number}:{step}")))
                self.contents.log.append(Append(_step(step), edit))
                seq = number
        self.contents.after_checkpoint = seq - at
        self.last = seq
        whole = False
        with self._forgiving():
            whole = seq == (self._mark("last") or 0)
            if not whole:
                raise DamagedRow("the log's end")
        return whole

    def _earlier(self, at: int, snapshot: Snapshot) -> None:
        """The log before the checkpoint, as far back as it fits: it only serves to take steps back."""
        walk, seq = Walk(snapshot), at + 1
        found: list[Append] = []
        query = f"SELECT seq, step, body FROM log WHERE seq <= {int(at)} ORDER BY seq DESC"
        with self._forgiving():
            for number, step, body in self._rows(query):
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
        return any(self._rows(f"SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '{table}'"))

    def _rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        with self._forgiving():
            yield from self._db.execute(query)

    def _forgiving(self) -> AbstractContextManager[object]:
        """Lets past what a flaw of the file raises, when lenient."""
        return suppress(sqlite3.Error, DamagedRow, ValueError) if self._lenient else nullcontext()


def salvaged(path: Path, base: Base = no_base) -> Contents | None:
    """What can be read of a damaged file, when that is a document as it once was. The file stays as it is."""
    with tempfile.TemporaryDirectory(prefix="salvage-") as folder, suppress(OSError):
        copy = Path(folder) / "copy"
        for sidecar in ("", *SIDECARS):
            with suppress(FileNotFoundError):
                shutil.copyfile(path.with_name(path.name + sidecar), copy.with_name(copy.name + sidecar))
        connection = sqlite3.connect(copy)
        try:
            return Reading(connection, lenient=True, base=base).contents
        except (sqlite3.Error, DamagedRow, ValueError):
            return None
        finally:
            connection.close()
    return None


def _step(kind: str) -> Step | None:
    return None if kind == REMOTE else Step(kind)
