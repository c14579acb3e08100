"""What a damaged journal still gives: the whole of it, or a document put together from what can be read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot, applied
from vtt_desktop.domain.edit import CueChange, Head, HeadChange
from vtt_desktop.domain.errors import StaleEditError
from vtt_desktop.sync.journal_file import JournalFile, free_name
from vtt_desktop.sync.journal_pages import Mined
from vtt_desktop.sync.journal_reading import Base, Reading, no_base
from vtt_desktop.sync.journal_replay import Checkpoint, Contents, Walk
from vtt_desktop.sync.journal_rows import (
    DamagedRow,
    Difference,
    PackedEdit,
    row_head,
    unpack,
    unpack_cues,
    unpack_edit,
    unseal,
)

_PLAIN = Head(b"WEBVTT", b"\n")
"""The head of a document of which it could not be read."""
_KEPT_WORDS = ("title", "media")
"""Meta values of a document that stands for itself: not where it was shared, nor which file it was."""


@dataclass(frozen=True, slots=True)
class Salvage:
    """What was read. `complete`: the document and all that is known of its segments are there, so that work
    goes on where it stopped. Else `contents` is a document by itself: no file and no server, since what is
    missing would look to them like a person's deletions.

    `missing` says in words what could not be read; of a complete one that is nothing, or old undo steps.
    """

    contents: Contents
    complete: bool
    missing: tuple[str, ...] = ()

    @property
    def anything(self) -> bool:
        at = self.contents.checkpoint
        return at is not None and (len(at.snapshot.cues) > 0 or at.snapshot.head != _PLAIN)

    def written_beside(self, path: Path) -> Path | None:
        """Writes what was read into a project beside the damaged one; None where that is nothing."""
        if not self.anything:
            return None
        rescued = free_name(path, ".recovered-", path.suffix)
        JournalFile.create(rescued, self.contents.commands())[0].close()
        return rescued


def salvaged(path: Path, base: Base = no_base) -> Salvage:
    """Reads all that can be had of a damaged file, which stays as it is. Raises nothing."""
    try:
        mined = Mined(path)
    except OSError:
        return Salvage(Contents(), False)
    with closing(mined.db):
        if {"meta", "segment"} <= mined.whole and mined.has_marks:
            with suppress(sqlite3.Error, DamagedRow, ValueError):
                contents = Reading(mined.db, base=base).contents
                missing = [
                    words
                    for table, words in (("log", "steps to take back"), ("told", "lines of the sync log"))
                    if table not in mined.whole
                ]
                return Salvage(contents, True, tuple(missing))
        return _Pieces(mined, base).salvage()


@dataclass(slots=True)
class _Lost:
    """What the log tells of a cue whose chunk could not be read."""

    fields: dict[str, Any] = field(default_factory=dict)

    def hear(self, change: Difference) -> None:
        for name, was, now in zip(change.names, change.was, change.now, strict=True):
            self.fields.setdefault(name, was)
            if name == "text":
                self.fields[name] = now

    def cue(self, cue_id: int) -> Cue | None:
        """As it was when the log began; without a text there is nothing to show."""
        if not self.fields.get("text"):
            return None
        known = {name: value for name, value in self.fields.items() if name != "source"}
        start = known.pop("start", 0)
        return Cue(cue_id, start, known.pop("end", start + 1000), **known)


class _Pieces:
    """A document put together: the cues that the last checkpoint still has, those of the file it began as
    in the place of lost ones, and on top of both what the log says."""

    def __init__(self, mined: Mined, base: Base) -> None:
        self._mined, self._base = mined, base
        self._missing: dict[str, None] = {}
        self._newest = 0

    def salvage(self) -> Salvage:
        meta = {key: unpack(payload) for key, payload in self._payloads("meta")}
        marks = {name: unpack(payload) for name, payload in self._payloads("mark")}
        chunks = {number: unpack_cues(payload) for number, payload in self._payloads("chunk")}
        log = {seq: unpack_edit(payload) for seq, payload in self._payloads("log")}
        began = self._began(meta)
        at, next_id, head, cues = self._checkpointed(marks.get("checkpoint"), chunks, began)
        self._see_log(log, at, marks.get("last"))
        if not {"meta", "segment"} <= self._mined.whole:
            self._missing["what was known of the server"] = None
        read = {cue.id for cue in cues}
        if "cues" in self._missing:
            cues += self._filled(read, began, log)
            cues.sort(key=lambda cue: (cue.start, cue.id))
        snapshot = Snapshot(head, CueList.of(cues))
        for seq in sorted(log):
            snapshot = self._replayed(snapshot, log[seq], read if seq <= at else set())
        self._newest = max([self._newest, next_id - 1, *(cue.id for cue in snapshot.cues)])
        contents = Contents(meta={key: meta[key] for key in _KEPT_WORDS if key in meta})
        contents.checkpoint = Checkpoint(snapshot, self._newest + 1)
        return Salvage(contents, False, tuple(self._missing))

    def _payloads(self, table: str) -> Iterator[tuple[Any, bytes]]:
        for key, body, place in self._mined.rows(table):
            yield key, unseal(body, place)

    def _began(self, meta: Mapping[str, str]) -> Snapshot | None:
        with suppress(ValueError):
            return self._base(meta)
        return None

    def _checkpointed(
        self, mark: Any, chunks: dict[int, tuple[Cue, ...]], began: Snapshot | None
    ) -> tuple[int, int, Head, list[Cue]]:
        """Number of the last entry that it has, the next id, and what is there of the document of then."""
        whole = self._mined.whole
        if mark is None and not chunks and "chunk" in whole:
            if began is None:
                self._missing["cues"] = None
                return 0, 1, _PLAIN, []
            return 0, 1, began.head, list(began.cues)  # there was none yet
        if mark is not None:
            at, next_id, packed, order = mark
            head = row_head(packed)
            if not chunks.keys() >= set(order):
                self._missing["cues"] = None
        else:
            at, next_id = 0, 1
            head = began.head if began is not None else _PLAIN
            self._missing["the header"] = None
            order = sorted(chunks, key=lambda number: chunks[number][0].start if chunks[number] else 0)
            if "chunk" not in whole:
                self._missing["cues"] = None
        found = {cue.id: cue for number in order for cue in chunks.get(number, ())}
        return at, next_id, head, list(found.values())

    def _see_log(self, log: Mapping[int, PackedEdit], at: int, last: Any) -> None:
        """Whether entries are missing that the checkpoint does not have."""
        if last is None:  # nothing says where the log ended
            unknown = "log" not in self._mined.whole
        else:
            unknown = not log.keys() >= set(range(at + 1, last + 1))
        if unknown:
            self._missing["edits"] = None
        self._missing["steps to take back"] = None

    def _filled(self, read: set[int], began: Snapshot | None, log: Mapping[int, PackedEdit]) -> list[Cue]:
        """Lost cues: as the file had them, else as far as the log tells."""
        filled = {cue.id: cue for cue in (began.cues if began is not None else ()) if cue.id not in read}
        lost: dict[int, _Lost] = {}
        for seq in sorted(log):
            for change in log[seq].changes:
                if isinstance(change, Difference) and change.id not in read and change.id not in filled:
                    lost.setdefault(change.id, _Lost()).hear(change)
        inserted = {
            change.id
            for packed in log.values()
            for change in packed.changes
            if isinstance(change, CueChange) and change.before is None
        }
        told = (one.cue(cue_id) for cue_id, one in lost.items() if cue_id not in inserted)
        return [*filled.values(), *(cue for cue in told if cue is not None)]

    def _replayed(self, snapshot: Snapshot, packed: PackedEdit, leave: set[int]) -> Snapshot:
        """The document after an entry of the log, which leaves the cues that were read after it alone."""
        changes = tuple(
            change
            for change in packed.changes
            if not leave or not (isinstance(change, HeadChange) or change.id in leave)
        )
        ids = [change.id for change in changes if not isinstance(change, HeadChange)]
        self._newest = max([self._newest, *ids])
        edit = Walk(snapshot).forward(PackedEdit(packed.label, packed.origin, packed.group, changes))
        with suppress(StaleEditError):
            return applied(snapshot, edit)
        return snapshot
