"""A thread that waits for the disk, so that the journal's own never does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeAlias

from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.journal_wal import WriteAheadLog

_Written: TypeAlias = tuple[WriteAheadLog, Sequence[Future[None]]]


class Durable:
    """Syncs what was written, once for all that came in meanwhile, and then tells who waits for it.

    Where the disk lost what was written, `failed` is called in this thread with those who wait.
    """

    def __init__(self, failed: Callable[[Sequence[Future[None]]], None]) -> None:
        self._failed = failed
        self._queue: SimpleQueue[_Written | None] = SimpleQueue()
        self.took = 0.0
        """Seconds that the disk needed for the last one."""
        self._thread = threading.Thread(target=self._work, name="journal's disk", daemon=True)
        self._thread.start()

    def written(self, log: WriteAheadLog, waiting: Sequence[Future[None]]) -> None:
        """What `waiting` wait for is in the log. A later log has all that an earlier one had, durably."""
        self._queue.put((log, waiting))

    def finish(self) -> None:
        """Returns when all of it is durable, or has failed."""
        self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        going = True
        while going:
            items = [self._queue.get()]
            items += [self._queue.get() for _ in range(self._queue.qsize())]
            going = None not in items
            written = [item for item in items if item is not None]
            if written:
                self._sync(written[-1][0], [one for _, waiting in written for one in waiting])

    def _sync(self, log: WriteAheadLog, waiting: Sequence[Future[None]]) -> None:
        began = time.monotonic()
        try:
            log.sync()
        except OSError:
            self._failed(waiting)
        else:
            self.took = time.monotonic() - began
            settle(waiting)


def settle(waiting: Sequence[Future[None]], sentence: str = "") -> None:
    """Tells who waits: all is well, or a UserError with this sentence."""
    for future in waiting:
        if sentence:
            future.set_exception(UserError(sentence))
        else:
            future.set_result(None)
