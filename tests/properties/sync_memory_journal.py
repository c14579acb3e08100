"""The journal of a desk in the simulator: what a crash leaves of it is drawn like everything else."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from functools import partial

from vtt_desktop.domain.document import Document, Snapshot
from vtt_desktop.domain.edit import Edit, Origin
from vtt_desktop.domain.history import Step
from vtt_desktop.sync.journal_file import reason_of
from vtt_desktop.sync.journal_replay import Append, Checkpoint, Command, PutMeta, PutSegments
from vtt_desktop.sync.journal_rows import kept
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.state import IN_MEMORY
from vtt_desktop.sync.sync_log import LogLine

FULL = OSError(errno.ENOSPC, "")
READ_ONLY = OSError(errno.EROFS, "")


class Disk:
    """What a journal is kept on; it is there before and after the program."""

    def __init__(self, clock: Callable[[], float] = lambda: 0.0) -> None:
        self._clock = clock
        self._error = FULL
        self._until = 0.0

    def refuses(self, error: OSError, until: float) -> None:
        """It takes nothing before then, and says that; a time that is over: it takes everything."""
        self._error, self._until = error, until

    @property
    def said(self) -> str:
        """Why nothing can be written, as the journal says it; empty: it can."""
        return f"{IN_MEMORY}: {reason_of(self._error)}." if self._clock() < self._until else ""


class MemoryJournal:
    """What a desk wrote down, and how much of it a crash leaves: only what was put together stays so."""

    def __init__(self, disk: Disk | None = None) -> None:
        self.disk = disk or Disk()
        self.segments: dict[str, Segment] = {}
        self.meta: dict[str, str] = {}
        self.diary: list[LogLine] = []
        self.snapshot = Snapshot()
        self.next_id = 1
        self._began = Checkpoint(self.snapshot, self.next_id)
        self._log: list[Append] = []
        self.closed = False
        self.on_error: Callable[[str], object] = lambda sentence: None
        self.told = ""
        """What it said last about its disk."""
        self._queue: list[list[Callable[[], object]]] = []
        self._open = 0

    def together(self) -> AbstractContextManager[object]:
        return self

    def __enter__(self) -> None:
        if not self._open:
            self._queue.append([])
        self._open += 1

    def __exit__(self, *error: object) -> None:
        self._open -= 1

    def put_segments(self, segments: Iterable[Segment]) -> None:
        for one in segments:
            self._put(partial(self.segments.__setitem__, one.key, one))

    def drop_segment(self, key: str) -> None:
        self._put(lambda: self.segments.pop(key, None))

    def put_meta(self, key: str, value: str) -> None:
        self._put(lambda: self.meta.__setitem__(key, value))

    def tell(self, line: LogLine) -> None:
        self._put(lambda: self.diary.append(line))

    def put_document(self, document: Document, edit: Edit) -> None:
        """The document as it is now, by that edit."""
        snapshot, next_id = document.snapshot, document.next_id
        entry = Append(None if edit.origin is Origin.REMOTE else Step.DID, edit)

        def put() -> None:
            self.snapshot, self.next_id = snapshot, next_id
            self._log.append(entry)

        self._put(put)

    def begin(self, snapshot: Snapshot, next_id: int) -> None:
        """What edits are told on top of."""
        self.snapshot, self.next_id = snapshot, next_id
        self._began = Checkpoint(snapshot, next_id)

    def left(self) -> MemoryJournal:
        """What a crash leaves of it."""
        again = MemoryJournal(self.disk)
        again.begin(self.snapshot, self.next_id)
        again.segments = {key: kept(one) for key, one in self.segments.items()}
        again.meta, again.diary = dict(self.meta), list(self.diary)
        return again

    def commands(self) -> list[Command]:
        """What is on disk, as the real journal is told it."""
        metas = [PutMeta(key, value) for key, value in self.meta.items()]
        return [*metas, self._began, *self._log, PutSegments(tuple(self.segments.values()))]

    @property
    def texts(self) -> set[str]:
        """What the document on disk says."""
        return {cue.text for cue in self.snapshot.cues}

    async def flushed(self) -> bool:
        self.commit(len(self._queue))
        return not self._queue

    def commit(self, count: int) -> None:
        """So much of the queue is on disk, where the disk takes it."""
        if self.closed:
            return
        said = self.disk.said
        if not said:
            for group in self._queue[:count]:
                for put in group:
                    put()
            del self._queue[:count]
        self._tell(said if count else "")

    @property
    def waiting(self) -> int:
        return len(self._queue)

    def _put(self, put: Callable[[], object]) -> None:
        if not self._open:
            self._queue.append([])
        self._queue[-1].append(put)

    def _tell(self, sentence: str) -> None:
        if sentence != self.told:
            self.told = sentence
            self.on_error(sentence)
