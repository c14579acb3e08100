"""The journal's write-ahead log: written at once, made durable behind it, folded in quiet moments.

What is written is in the kernel, so the death of the program takes nothing of it. Against a power cut it
needs an fsync, and a busy disk may take a second for one: if the thread that writes waited for it, all that
is accepted meanwhile would be in memory only. So SQLite commits without one (`synchronous = NORMAL`, in which
a power cut takes the last commits, never the file's soundness; sqlite.org/pragma.html), and another thread
calls `WriteAheadLog.sync` (`journal_durable.py`).
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path

FOLDED_AFTER = 250
"""Commits after which the log is worth folding: about SQLite's own 1,000 pages."""
KEPT_LONG = 4 << 20
"""Bytes that the log keeps on disk when it begins anew: to write over them is quicker than to grow."""
TOO_LONG = 64 << 20
"""Bytes from which the log is folded whoever waits for it."""

_sync = getattr(os, "fdatasync", os.fsync)  # the file's size, which a reader needs, is in both


class WriteAheadLog:
    """The log beside an open SQLite file. All but `sync` and `unsound` is for the thread that writes."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """OSError where SQLite has none there."""
        self._db = connection
        self._commits = self._since = 0
        self._synced = -1
        self._lock = threading.Lock()
        self._broken: OSError | None = None
        flags = os.O_RDWR | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        self._descriptor = os.open(path.with_name(path.name + "-wal"), flags)

    @staticmethod
    def settings(connection: sqlite3.Connection) -> None:
        """Makes the connection write without waiting for the disk. sqlite3.Error."""
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0").fetchall()
        connection.execute(f"PRAGMA journal_size_limit = {KEPT_LONG}").fetchall()
        connection.execute("PRAGMA user_version").fetchall()  # the log is there from the first reading on

    @property
    def unsound(self) -> bool:
        """Whether the disk lost what was written: an fsync failed, and one that succeeds after it says
        nothing (the kernel has given the pages up). All has to be written again, to another file."""
        return self._broken is not None

    @property
    def is_long(self) -> bool:
        """Whether it should be folded when nobody waits."""
        return self._since >= FOLDED_AFTER or self._size > KEPT_LONG

    @property
    def is_too_long(self) -> bool:
        """Whether it should be folded even if edits come in; not at each commit where that failed."""
        return self._since >= FOLDED_AFTER and self._size > TOO_LONG

    @property
    def _size(self) -> int:
        return os.fstat(self._descriptor).st_size

    def must_be_sound(self) -> None:
        """OSError where nothing may be written on top of what was lost."""
        if self._broken is not None:
            raise self._broken

    def made_durable(self) -> None:
        """What is in the file by now was waited for already."""
        self._synced = self._commits

    def committed(self) -> None:
        """There is one more commit in it."""
        self._commits += 1
        self._since += 1

    def begin(self) -> None:
        """Writes the log's first page, which SQLite waits for on disk before the next, while nobody waits."""
        with suppress(sqlite3.Error):  # a full disk, say: who writes next is told
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            self._db.execute(f"PRAGMA user_version = {version}")

    def fold(self) -> None:
        """Brings the log's pages into the file and begins it anew. Waits for the disk. sqlite3.Error, after
        which the log goes on as it was."""
        self._since = 0
        try:
            self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_IOERR:  # an fsync of the log may be among them
                self._broken = OSError(errno.EIO, os.strerror(errno.EIO))
            raise
        self.begin()

    def sync(self) -> None:
        """All that is written by now is durable when this returns. OSError where it is not, or where nobody
        can tell since the file was closed meanwhile. For any thread."""
        with self._lock:
            self.must_be_sound()
            commits = self._commits
            if commits == self._synced:
                return
            try:
                _sync(self._descriptor)
            except OSError as error:
                self._broken = error
                raise
            self._synced = commits

    def close(self) -> None:
        """Waits for a `sync` under way."""
        with self._lock:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1
