"""The journal: every edit on disk within a tenth of a second, and all of it back at the next start.

The loop's thread only queues frozen values. The journal's thread encodes them and commits in groups, which
takes them out of this process; it never waits for the disk where edits could come in: another thread does,
and then tells those who must know what a power cut leaves. What cannot be written (a full disk) stays in
memory and is tried again until it can.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Self, TypeAlias

from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Edit
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.history import HistoryEvent
from vtt_desktop.sync.journal_durable import Durable, settle
from vtt_desktop.sync.journal_file import (
    Damaged,
    JournalFile,
    Unwritable,
    is_fresh,
    reason_of,
    refuse_strangers,
)
from vtt_desktop.sync.journal_gathering import Gathering
from vtt_desktop.sync.journal_lock import JournalLock
from vtt_desktop.sync.journal_place import JournalPlace
from vtt_desktop.sync.journal_reading import Base, no_base
from vtt_desktop.sync.journal_replay import (
    Append,
    Checkpoint,
    Command,
    Contents,
    DropSegment,
    PutMeta,
    PutSegments,
    Recovered,
    Tell,
)
from vtt_desktop.sync.journal_salvage import salvaged
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.state import IN_MEMORY
from vtt_desktop.sync.sync_log import LogLine

__all__ = ["Journal", "Recovered"]

WINDOW = 0.01
"""Seconds from one commit to the next, so that what comes in meanwhile shares it."""
QUIET = 1.0
"""Seconds without a value after which the write-ahead log is folded, which waits for the disk."""
CALM = 0.02
"""Seconds that the disk's last answer took at most, or it is too busy to be waited for."""
RETRY_FIRST, RETRY_LONGEST = 0.25, 8.0
"""Seconds between attempts while the disk refuses; each wait is twice the one before."""

_CLOSE, _SOON = "close", "soon"


@dataclass(frozen=True, slots=True)
class _MetaToMake:
    key: str
    make: Callable[[], str]


_Value: TypeAlias = Command | _MetaToMake


class Journal:
    """One project's journal. Make one with `Journal.open`; all calls come from one thread and return at once.

    `recovered` is what the file held, None where it was new. What of a damaged file could not be read is
    named in `missing`. Where that is more than old steps, what could be read is a project by itself, in
    `rescued`, and this one begins anew.
    `edits_since_checkpoint` says how much a start has to replay; an edit of many cues counts for several.
    """

    def __init__(
        self,
        path: Path,
        place: JournalPlace,
        contents: Contents,
        on_error: Callable[[str], None],
        rescued: Path | None = None,
        missing: tuple[str, ...] = (),
    ) -> None:
        self.rescued = rescued
        self.missing = missing
        self.recovered: Recovered | None = contents.recovered() if contents.commands() else None
        later = contents.log[len(contents.log) - contents.after_checkpoint :]
        self.edits_since_checkpoint = sum(_weight(entry.edit) for entry in later)
        self._path = path
        self._wanted = path
        self._place = place
        self._contents = contents
        self._on_error = on_error
        self._told = ""
        self._values: Gathering[_Value] = Gathering(lambda: self._queue.put(_SOON))
        self._queue: SimpleQueue[Future[None] | str] = SimpleQueue()
        self._failed = ""
        self._attempted = 0.0
        self._closed = False
        self._durable = Durable(self._lost)
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
        self._thread.start()

    @classmethod
    def open(cls, path: Path, on_error: Callable[[str], None], base: Base = no_base) -> Self:
        """Opens or makes the journal at `path`; a damaged file is set aside and what can be read is offered.

        `on_error` is called in the journal's thread with a sentence while edits cannot be written or its file
        was moved, and with nothing once they can again. UserError: another program has it (says which), it is
        no project, it was written by a newer version, the folder or the disk refuses. `base` makes the
        document that a journal without a checkpoint began with.
        """
        refuse_strangers(path)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
        lock = JournalLock(path)
        aside: Path | None = None
        rescued: Path | None = None
        missing: tuple[str, ...] = ()
        contents = Contents()
        try:
            if is_fresh(path):
                file, aside = JournalFile.create(path)
            else:
                try:
                    file, contents = JournalFile.open(path, base)
                except Damaged:
                    found = salvaged(path, base)
                    missing = found.missing
                    if found.complete:
                        contents = found.contents
                    else:
                        rescued = found.written_beside(path)
                    file, aside = JournalFile.create(path, contents.commands())
        except UserError:
            lock.release()
            raise
        except (OSError, sqlite3.Error) as error:
            lock.release()
            raise UserError(f"The project {path.name} cannot be opened: {reason_of(error)}.") from error
        place = JournalPlace(path, lock, file, aside)
        return cls(path, place, contents, on_error, rescued, missing)

    @property
    def set_aside(self) -> Path | None:
        """Where a damaged file went."""
        return self._place.set_aside

    def together(self) -> AbstractContextManager[None]:
        """What is put inside is in one commit: after a crash all of it is there, or none."""
        return self._values.together()

    def step(self) -> AbstractContextManager[None]:
        """So is this, if it takes no longer than edits may be held back: who works on for longer than that
        rather finds half of it after a crash, which is one step to take back, than none."""
        return self._values.step()

    def part(self) -> None:
        """What a `step` has by now is held back no longer: something else happens before it ends."""
        self._values.part()

    def put_meta(self, key: str, value: str | Callable[[], str]) -> None:
        """Remembers a word under a name. Never a token or a password (rule 9).

        A function is called in the journal's thread: for words that take their time to make.
        """
        self._put(_MetaToMake(key, value) if callable(value) else PutMeta(key, value))

    def checkpoint(self, snapshot: Snapshot, next_id: int) -> None:
        """The whole document as it is now: a start is quick again. Edits before it serve undo only."""
        self._put(Checkpoint(snapshot, next_id))
        self.edits_since_checkpoint = 0

    def append(self, event: HistoryEvent) -> None:
        """A person's step, just applied to the document."""
        self._put(Append(event.step, event.edit))
        self.edits_since_checkpoint += _weight(event.edit)

    def append_remote(self, edit: Edit) -> None:
        """An edit with origin REMOTE or DISK, just applied to the document."""
        self._put(Append(None, edit))
        self.edits_since_checkpoint += _weight(edit)

    def put_segments(self, segments: Iterable[Segment]) -> None:
        """What is known of these segments now."""
        if several := tuple(segments):
            self._put(PutSegments(several))

    def drop_segment(self, key: str) -> None:
        """Forgets a segment that is neither here nor there."""
        self._put(DropSegment(key))

    def tell(self, line: LogLine, dropped: int = 0) -> None:
        """A line of the sync log, and the number of the one that goes for it."""
        self._put(Tell(line, dropped))

    @property
    def path(self) -> Path:
        """Where it is, or will be with the next commit."""
        return self._wanted

    def move(self, path: Path) -> None:
        """From now on all is written there, what is written already too. What is kept there is set aside as
        NAME.kept-N; where another program has that open, everything stays in its place."""
        self._wanted = path

    def flush(self) -> Future[None]:
        """Resolves when all that was queued so far is on disk, also after a power cut; UserError when that
        failed just now.

        What failed stays queued all the same.
        """
        self.part()
        done: Future[None] = Future()
        if self._closed:
            done.set_exception(UserError(f"The project {self._path.name} is closed."))
        else:
            self._queue.put(done)
        return done

    def close(self) -> None:
        """Writes what is queued and lets the file go. Blocks; UserError where that could not be written."""
        if self._closed:
            return
        self.part()
        self._closed = True
        self._queue.put(_CLOSE)
        self._thread.join()
        if self._failed:
            raise UserError(self._failed)

    def _put(self, value: _Value) -> None:
        if self._closed:
            raise UserError(f"The project {self._path.name} is closed.")
        self._values.put(value)

    # In the journal's thread

    def _work(self) -> None:
        backlog: list[Command] = []
        delay = 0.0
        closing = False
        while not closing:
            asked, closing = self._gather(backlog, delay)
            sentence = self._attempt(backlog)
            if sentence:
                delay = min(max(2 * delay, RETRY_FIRST), RETRY_LONGEST)
            else:
                backlog.clear()
                delay = 0.0
            self._failed = sentence
            self._tell(sentence or self._place.notice)
            if (log := self._place.log) is not None and not sentence:
                self._durable.written(log, asked)
                if log.is_too_long:
                    self._place.fold()
            else:
                settle(asked, sentence)
        self._durable.finish()
        if (log := self._place.log) is not None and log.unsound:
            self._failed = self._attempt(backlog)
        self._place.close()
        settle(self._asked_with(_CLOSE, backlog)[0], self._failed)

    def _lost(self, asked: Sequence[Future[None]]) -> None:
        """In the thread that waits for the disk: what they wait for has to be written once more."""
        for future in asked:
            self._queue.put(future)
        self._queue.put(_SOON)

    def _gather(self, backlog: list[Command], delay: float) -> tuple[list[Future[None]], bool]:
        """Collects what shares the next commit, until its time has come or somebody waits for it."""
        log = self._place.log
        deadline = time.monotonic() + delay if backlog or log is None or log.unsound else None
        quiet = deadline is None and log is not None and log.is_long
        while True:
            try:
                timeout = max(0.0, deadline - time.monotonic()) if deadline else QUIET if quiet else None
                item = self._queue.get(timeout=timeout)
            except Empty:
                if deadline is not None:
                    self._take_all(backlog)
                    return [], False
                quiet = False
                if self._durable.took < CALM:
                    self._place.fold()
                continue
            if item != _SOON:
                return self._asked_with(item, backlog)
            # Who types on is not left waiting for the next attempt of a disk that was full: it may have room.
            soon = max(time.monotonic(), self._attempted + WINDOW)
            deadline = soon if deadline is None else min(deadline, soon)

    def _asked_with(
        self, item: Future[None] | str, backlog: list[Command]
    ) -> tuple[list[Future[None]], bool]:
        """Somebody waits: what is queued by now shares the commit, and so does who else waits for it."""
        asked: list[Future[None]] = []
        closing = False
        for one in (item, *(self._queue.get() for _ in range(self._queue.qsize()))):
            if isinstance(one, Future):
                asked.append(one)
            elif one == _CLOSE:
                closing = True
        self._take_all(backlog)
        return [one for one in asked if one.running() or one.set_running_or_notify_cancel()], closing

    def _take_all(self, backlog: list[Command]) -> None:
        for value in self._values.take():
            backlog += self._made(value)

    def _made(self, item: _Value) -> Sequence[Command]:
        if not isinstance(item, _MetaToMake):
            return (item,)
        try:
            return (PutMeta(item.key, item.make()),)
        except Exception as error:  # a bug; the thread lives on
            self._report(error)
            return ()

    def _attempt(self, backlog: list[Command]) -> str:
        """Writes all of it; a sentence where that failed."""
        self._attempted = time.monotonic()
        while True:
            try:
                self._write(backlog)
                return ""
            except Unwritable as error:
                # One value with a bug in it must not keep the others from the disk.
                self._report(error)
                if not any(command is error.command for command in backlog):
                    return f"{IN_MEMORY}: the journal has a fault."
                backlog[:] = [command for command in backlog if command is not error.command]
            except UserError as error:
                return f"{IN_MEMORY}: {error}"
            except Exception as error:
                if not isinstance(error, sqlite3.Error | OSError):
                    self._report(error)
                return f"{IN_MEMORY}: {reason_of(error)}."

    def _write(self, backlog: list[Command]) -> None:
        wanted = self._wanted
        self._path = self._place.write(self._contents, backlog, wanted)
        if self._path != wanted:  # another program has that open
            self._wanted = self._path
        for command in backlog:
            self._contents.take(command)
        if any(isinstance(command, Checkpoint) for command in backlog):
            self._place.trim(self._contents)

    def _tell(self, sentence: str) -> None:
        if sentence == self._told:
            return
        self._told = sentence
        try:
            self._on_error(sentence)
        except Exception as error:
            self._report(error)

    def _report(self, error: BaseException) -> None:
        """A bug: to where those of threads go, and the thread lives on."""
        threading.excepthook(
            threading.ExceptHookArgs((type(error), error, error.__traceback__, threading.current_thread()))
        )


def _weight(edit: Edit) -> int:
    return 1 + len(edit.changes) // 50
