"""Worker threads for SQLite: one writer that commits in groups, and a few readers on snapshots."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from vtt_desktop.server.sqlite_schema import connect
from vtt_desktop.server.store import StoreError, StoreFullError, StoreUnavailableError

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], Any]
_Waiting = tuple[Job, "asyncio.Future[Any]", asyncio.AbstractEventLoop]

READERS = 3
GROUP = 256
"""The most writes that share one commit."""


def as_store_error(error: sqlite3.Error) -> StoreError:
    """What SQLite says about the disk, in the store's own terms."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_TOOBIG):
        return StoreFullError(str(error))
    return StoreUnavailableError(str(error))


class Writer:
    """The one thread that writes.

    Writes that wait together share one transaction, each under its own savepoint, and are told so
    only after the commit: a disk sync costs the same for one write as for fifty.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._thread.start()

    async def run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run `job` inside a transaction; returns once it is on disk. A job that raises changes nothing."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._waiting.put((job, future, loop))
        # Shielded: a client that hangs up must not cancel the future that the thread will set.
        return await asyncio.shield(future)

    def close(self) -> None:
        """Finish everything that waits, then close. Blocks."""
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while True:
            first = self._waiting.get()
            if first is None:
                break
            group, ending = self._gather(first)
            self._write(group)
            if ending:
                break
        self._connection.close()

    def _gather(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        group = [first]
        while len(group) < GROUP:
            try:
                following = self._waiting.get_nowait()
            except Empty:
                return group, False
            if following is None:
                return group, True
            group.append(following)
        return group, False

    def _write(self, group: list[_Waiting]) -> None:
        outcomes: list[tuple[_Waiting, Any, BaseException | None]] = []
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for waiting in group:
                result, error = self._one(waiting[0])
                outcomes.append((waiting, result, error))
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._abandon()
            failure = as_store_error(error)
            outcomes = [(waiting, None, failure) for waiting in group]
        for (_, future, loop), result, failed in outcomes:
            try:
                loop.call_soon_threadsafe(_tell, future, result, failed)
            except RuntimeError:
                pass  # the loop is closed already: nobody waits for this answer any more

    def _one(self, job: Job) -> tuple[Any, BaseException | None]:
        self._connection.execute("SAVEPOINT one")
        try:
            result = job(self._connection)
        except Exception as error:
            if isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError:
                # A full disk or a broken file concerns the whole group, and may have ended the transaction.
                raise
            self._connection.execute("ROLLBACK TO one")
            self._connection.execute("RELEASE one")
            return None, error
        self._connection.execute("RELEASE one")
        return result, None

    def _abandon(self) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            # SQLite rolls back by itself at the next BEGIN or at opening; the error told is the first one.
            pass


def _tell(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)


class Readers:
    """A few threads that read, each job on one snapshot of the store."""

    def __init__(self, path: Path) -> None:
        self._connections: SimpleQueue[sqlite3.Connection] = SimpleQueue()
        for _ in range(READERS):
            connection = connect(path)
            connection.execute("PRAGMA query_only = ON")
            self._connections.put(connection)
        self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")

    async def run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run `job` in a read transaction."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._read, job)

    def _read(self, job: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._connections.get()
        try:
            connection.execute("BEGIN")
            try:
                return job(connection)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise as_store_error(error) from error
        finally:
            self._connections.put(connection)

    def close(self) -> None:
        """Wait for what is being read, then close. Blocks."""
        self._pool.shutdown(wait=True)
        for _ in range(READERS):
            self._connections.get().close()
