"""The journal's SQLite file: made, opened, written to, set aside when damaged. For one thread at a time."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from itertools import count
from pathlib import Path

from vtt_desktop.domain.cue_list import Chunk
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.history import Step
from vtt_desktop.sync.journal_pages import SIDECARS
from vtt_desktop.sync.journal_reading import REMOTE, Base, Reading, no_base
from vtt_desktop.sync.journal_replay import (
    STEPS_KEPT,
    Append,
    Checkpoint,
    Command,
    Contents,
    DropSegment,
    PutMeta,
    PutSegments,
    Tell,
    cut,
)
from vtt_desktop.sync.journal_rows import (
    DamagedRow,
    head_row,
    pack,
    pack_cues,
    pack_edit,
    pack_line,
    pack_segment,
    seal,
)
from vtt_desktop.sync.journal_wal import WriteAheadLog
from vtt_desktop.sync.sync_log import LogLine

SUFFIX = ".vttproj"
SCHEMA_VERSION = 1
BYTES_KEPT = 64 << 20
"""What the log may take on disk after a checkpoint."""

_APPLICATION_ID = 0x56545444  # "VTTD"
_MAGIC = b"SQLite format 3\0"

# All that matters is in sealed blobs, whose CRC covers `table:key` too. The numbers of the log have no holes.
_SCHEMA = f"""
PRAGMA application_id = {_APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
CREATE TABLE meta (key TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE log (seq INTEGER PRIMARY KEY, step TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE chunk (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE mark (name TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE segment (key TEXT PRIMARY KEY, body BLOB NOT NULL);
"""
_TOLD = "CREATE TABLE IF NOT EXISTS told (number INTEGER PRIMARY KEY, body BLOB NOT NULL)"
"""The sync log: made with its first line, since files of earlier versions do not have it."""


class Damaged(Exception):
    """The file does not say what was written into it."""


class Unwritable(Exception):
    """A value that cannot be written down whatever the disk does: a bug, told with its cause."""

    def __init__(self, command: Command) -> None:
        super().__init__(type(command).__name__)
        self.command = command


class JournalFile:
    """An open file. `write` is one transaction; one that fails leaves nothing behind."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._db = connection
        self._identity = _identity(path)
        self.log = WriteAheadLog(path, connection)
        # Held as long as the connection: to close it earlier would let go SQLite's locks (fcntl(2)).
        self._descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
        self._seq = 0
        self._chunk_id = 0
        self._has_told = False
        self._written: dict[int, tuple[Chunk, int]] = {}  # of the last checkpoint; held, so id() stays theirs

    @classmethod
    def create(
        cls, path: Path, commands: Iterable[Command] = (), old: JournalFile | None = None
    ) -> tuple[JournalFile, Path | None]:
        """A new file with these values, there whole or not at all, and where what stood there was set aside.

        `old` is what is open under this name; it is closed once the new file is whole. OSError,
        sqlite3.Error, Unwritable.
        """
        fresh = path.with_name(path.name + ".new")
        remove_file(fresh)
        first = cls(fresh, _connected(fresh))
        try:
            first._db.executescript(_SCHEMA)
            first._identity = _identity(fresh)
            first.write(commands)
            first.log.fold()  # closing does it too, and tells nobody where that fails
        except BaseException:
            first.close()
            remove_file(fresh)
            raise
        first.close()
        if old is not None:
            old.close()
        aside = None if is_fresh(path) else set_aside(path)
        remove_file(path, SIDECARS)  # of a file that is gone: they must not be taken for the new one's
        os.replace(fresh, path)
        _sync_folder(path.parent)
        made = cls(path, _connected(path))
        made._seq, made._chunk_id, made._written = first._seq, first._chunk_id, first._written
        made.log.begin()
        made.log.made_durable()
        return made, aside

    @classmethod
    def open(cls, path: Path, base: Base = no_base) -> tuple[JournalFile, Contents]:
        """An existing file and what it holds. Damaged; OSError and sqlite3.Error from the disk."""
        if _header(path)[:2] != (_MAGIC, _APPLICATION_ID):
            raise Damaged("the header")
        connection: sqlite3.Connection | None = None
        try:
            connection = _connected(path)
            reading = Reading(connection, base=base)
        except BaseException as error:
            if connection is not None:
                connection.close()
            if is_damage(error):
                raise Damaged(str(error)) from error
            raise
        self = cls(path, connection)
        self._seq, self._chunk_id = reading.last, reading.last_chunk
        self.log.begin()
        return self, reading.contents

    def moved(self) -> bool:
        """Whether the name is no longer this file's: somebody deleted, moved or replaced it."""
        return _identity(self._path) != self._identity

    @property
    def is_somewhere(self) -> bool:
        """Whether the file still has a name, be it another one: nobody deleted it."""
        return self._descriptor >= 0 and os.fstat(self._descriptor).st_nlink > 0

    def write(self, commands: Iterable[Command]) -> None:
        """All of it, out of this process when this returns, and durable when `log` is synced after it.
        sqlite3.Error, OSError; Unwritable names a value at fault."""
        self.log.must_be_sound()
        seq, chunk_id, written = self._seq, self._chunk_id, self._written
        try:
            self._db.execute("BEGIN IMMEDIATE")
            for command in commands:
                try:
                    self._write(command)
                except (sqlite3.DataError, sqlite3.ProgrammingError) as error:  # too big, say
                    raise Unwritable(command) from error
                except (sqlite3.Error, OSError, MemoryError):
                    raise
                except Exception as error:
                    raise Unwritable(command) from error
            if self._seq != seq:
                self._put("mark", "name", "last", pack(self._seq))
            self._db.execute("COMMIT")
            self.log.committed()
        except BaseException:
            self._seq, self._chunk_id, self._written = seq, chunk_id, written
            self._has_told = False  # the table may be taken back too
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise

    def trim(self, before_checkpoint: int) -> int:
        """Forgets the oldest steps where there are too many; how many entries of the log went.

        `before_checkpoint`: how many of the first entries the document does not need any more.
        """
        rows = self._db.execute("SELECT seq, step, length(body) FROM log ORDER BY seq").fetchall()
        size, at_least = 0, 0
        for i, row in reversed([*enumerate(rows)]):
            size += row[2]
            if size > BYTES_KEPT:
                at_least = i + 1
                break
        if not at_least and len(rows) <= STEPS_KEPT * 5 // 4:
            return 0
        steps = [None if row[1] == REMOTE else Step(row[1]) for row in rows]
        gone = min(cut(steps, STEPS_KEPT, at_least), before_checkpoint)
        if gone:
            self._db.execute("DELETE FROM log WHERE seq <= ?", (rows[gone - 1][0],))
        return gone

    def close(self) -> None:
        self.log.close()
        with suppress(sqlite3.Error):
            self._db.close()
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def remove(self) -> None:
        """Closes the file and deletes it: all that it holds is in another one by now."""
        ours = not self.moved()
        self.close()
        if ours:
            with suppress(OSError):
                remove_file(self._path)

    def _write(self, command: Command) -> None:
        match command:
            case PutMeta(key, value):
                self._put("meta", "key", key, pack(value))
            case Append(step, edit):
                self._seq += 1
                kind = step.value if step is not None else REMOTE
                blob = seal(pack_edit(edit), f"log:{self._seq}:{kind}")
                self._db.execute("INSERT INTO log VALUES (?, ?, ?)", (self._seq, kind, blob))
            case Checkpoint(snapshot, next_id):
                self._checkpoint(snapshot, next_id)
            case PutSegments(segments):
                self._db.executemany(
                    "INSERT OR REPLACE INTO segment VALUES (?, ?)",
                    ((s.key, seal(pack_segment(s), f"segment:{s.key}")) for s in segments),
                )
            case DropSegment(key):
                self._db.execute("DELETE FROM segment WHERE key = ?", (key,))
            case Tell(line, dropped):
                self._tell(line, dropped)

    def _tell(self, line: LogLine, dropped: int) -> None:
        if not self._has_told:
            self._db.execute(_TOLD)
            self._has_told = True
        blob = seal(pack_line(line), f"told:{line.number}")
        self._db.execute("INSERT OR REPLACE INTO told VALUES (?, ?)", (line.number, blob))
        if dropped:
            self._db.execute("DELETE FROM told WHERE number = ?", (dropped,))

    def _checkpoint(self, snapshot: Snapshot, next_id: int) -> None:
        """Writes the chunks that the last checkpoint did not have, and drops those that this one has not."""
        old, self._written = self._written, {}
        order = []
        for chunk in snapshot.cues.chunks:
            known = old.get(id(chunk))
            if known is None:
                self._chunk_id += 1
                known = (chunk, self._chunk_id)
                blob = seal(pack_cues(chunk.cues), f"chunk:{self._chunk_id}")
                self._db.execute("INSERT INTO chunk VALUES (?, ?)", (self._chunk_id, blob))
            self._written[id(chunk)] = known
            order.append(known[1])
        if old:
            gone = {number for _, number in old.values()}.difference(order)
            self._db.executemany("DELETE FROM chunk WHERE id = ?", [(number,) for number in gone])
        else:  # the first one since the start has written all anew
            self._db.execute("DELETE FROM chunk WHERE id <= ?", (self._chunk_id - len(order),))
        self._put("mark", "name", "checkpoint", pack([self._seq, next_id, head_row(snapshot.head), order]))

    def _put(self, table: str, column: str, key: str, payload: bytes) -> None:
        blob = seal(payload, f"{table}:{key}")
        self._db.execute(f"INSERT OR REPLACE INTO {table} ({column}, body) VALUES (?, ?)", (key, blob))


def is_fresh(path: Path) -> bool:
    """Whether there is nothing under this name, or an empty file that never was a journal."""
    wal = path.with_name(path.name + "-wal")
    return not path.exists() or (path.stat().st_size == 0 and not wal.exists())


def refuse_strangers(path: Path) -> None:
    """UserError where a file is not ours or too new for us; a damaged one passes if its name is one of ours.

    Nothing is touched, and no lock is left beside what is somebody else's.
    """
    if not path.exists():
        return
    if not path.is_file():
        what = "a folder" if path.is_dir() else "a device or a pipe"
        raise UserError(f"The project {path.name or path} cannot be read: it is {what}.")
    try:
        magic, application, version = _header(path)
        empty = path.stat().st_size == 0
    except OSError as error:
        raise UserError(
            f"The project {path.name} cannot be read: {error.strerror or error}.", "It was left as it is."
        ) from error
    if (magic, application) != (_MAGIC, _APPLICATION_ID):
        if path.suffix != SUFFIX and not empty:
            raise UserError(f"{path.name} is not a project of this program.", "It was left as it is.")
    elif version > SCHEMA_VERSION:
        raise UserError(
            f"{path.name} was written by a newer version of this program.", "Open it with that version."
        )


def set_aside(path: Path, mark: str = ".damaged-") -> Path:
    """Renames a file and what SQLite keeps beside it to NAME.damaged-N; the new name. OSError."""
    aside = free_name(path, mark)
    for sidecar in ("", *SIDECARS):
        with suppress(FileNotFoundError):
            os.rename(path.with_name(path.name + sidecar), aside.with_name(aside.name + sidecar))
    _sync_folder(path.parent)
    return aside


def free_name(path: Path, mark: str, suffix: str = "") -> Path:
    """NAME + mark + N + suffix beside the file, with the first N that is free; NAME without that suffix."""
    stem = path.name.removesuffix(suffix)
    return next(free for n in count(1) if not (free := path.with_name(f"{stem}{mark}{n}{suffix}")).exists())


def is_damage(error: BaseException) -> bool:
    """Whether SQLite, a CRC or JSON says that the file itself is broken; a full disk, say, is no damage."""
    if isinstance(error, sqlite3.OperationalError):
        # A table or column that is missing comes as the general error.
        return error.sqlite_errorcode & 0xFF in (
            sqlite3.SQLITE_ERROR,
            sqlite3.SQLITE_CORRUPT,
            sqlite3.SQLITE_NOTADB,
        )
    return isinstance(error, sqlite3.DatabaseError | DamagedRow | ValueError)


def _connected(path: Path) -> sqlite3.Connection:
    # The thread that writes is not the one that opens. EXCLUSIVE: the lock file keeps others out already,
    # and SQLite then needs no shared memory beside the file.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        WriteAheadLog.settings(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _header(path: Path) -> tuple[bytes, int, int]:
    """Magic, application id and user version (SQLite's "Database File Format", 1.3), read without SQLite:
    the file may be anybody's, or open in another program."""
    with path.open("rb") as file:
        start = file.read(100).ljust(100, b"\0")
    return start[:16], int.from_bytes(start[68:72], "big"), int.from_bytes(start[60:64], "big")


def _identity(path: Path) -> tuple[int, int]:
    try:
        status = os.stat(path)
    except OSError:
        return (0, 0)
    return status.st_dev, status.st_ino


def remove_file(path: Path, suffixes: Iterable[str] = (*SIDECARS, "")) -> None:
    """Deletes a file, first what SQLite keeps beside it. OSError."""
    for suffix in suffixes:
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """A new name is only there after a power cut when its folder was written down too."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def reason_of(error: BaseException) -> str:
    """What the disk says, in words that end without a full stop."""
    number = getattr(error, "errno", None)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or code == sqlite3.SQLITE_FULL:
        return "the disk is full"
    if number == errno.EROFS or code == sqlite3.SQLITE_READONLY:
        return "the disk can only be read"
    if code == sqlite3.SQLITE_IOERR or number == errno.EIO:
        return "the disk reports an error"
    if number in (errno.EACCES, errno.EPERM) or code in (sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN):
        return "its folder may not be written to"
    if code == sqlite3.SQLITE_BUSY:
        return "another program is using it"
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(words).rstrip(".")
