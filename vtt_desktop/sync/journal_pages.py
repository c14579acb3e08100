"""All rows that can be had of a damaged journal, whatever of it is damaged.

A table that SQLite finds whole is believed. What SQLite can read of any other is joined by a walk over all
pages of the file, which needs neither header, schema nor tree (SQLite's "Database File Format", 1.6 and 2):
each row has a CRC over its body and the table and key that it belongs to, so a row says by itself what it is.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from vtt_desktop.sync.journal_rows import DamagedRow, unseal

SIDECARS = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file."""

COLUMNS = {
    "meta": ("key TEXT PRIMARY KEY", "body BLOB"),
    "mark": ("name TEXT PRIMARY KEY", "body BLOB"),
    "segment": ("key TEXT PRIMARY KEY", "body BLOB"),
    "chunk": ("id INTEGER PRIMARY KEY", "body BLOB"),
    "told": ("number INTEGER PRIMARY KEY", "body BLOB"),
    "log": ("seq INTEGER PRIMARY KEY", "step TEXT", "body BLOB"),
}
NAMED, _NUMBERED = ("meta", "mark", "segment"), ("chunk", "told")
_PAGE = 4096
_LEAF = 0x0D
_WAL_HEADER, _FRAME_HEADER = 32, 24

Key = str | int


class Mined:
    """What was found. `db` has all of it in tables like the journal's; `whole` names the tables of which
    nothing can be missing."""

    def __init__(self, path: Path) -> None:
        """OSError where not even a copy of the file can be made."""
        self.whole: set[str] = set()
        self._rows: dict[str, dict[Key, tuple[Any, ...]]] = {table: {} for table in COLUMNS}
        self._doubtful: set[tuple[str, Key]] = set()
        self._indexed: dict[str, int] = {}
        with tempfile.TemporaryDirectory(prefix="salvage-") as folder:
            copy = Path(folder) / "copy"
            for sidecar in ("", *SIDECARS):
                with suppress(FileNotFoundError):
                    shutil.copyfile(path.with_name(path.name + sidecar), copy.with_name(copy.name + sidecar))
            pages = _pages(copy)
            for table in NAMED:  # a name that is no text is an error of its own
                with suppress(sqlite3.Error, ValueError), closing(sqlite3.connect(copy)) as connection:
                    self._indexed[table] = indexed(connection, table)
            with suppress(sqlite3.Error), closing(_without_indexes(copy)) as connection:
                for table in COLUMNS:
                    self._ask(connection, table)
        free = _free_pages(pages)
        for number, page in pages.items():
            if number not in free:
                for rowid, values in _leaf_rows(page, 100 if number == 1 else 0, pages):
                    self._meet(rowid, values)
        for table, key in self._doubtful:
            del self._rows[table][key]
        self.db = _in_memory(self._rows)

    @property
    def has_marks(self) -> bool:
        """Whether it is known where the last checkpoint and the log end, or that there is none."""
        return "mark" in self.whole or self._rows["mark"].keys() >= {"checkpoint", "last"}

    def rows(self, table: str) -> Iterator[tuple[Key, bytes, str]]:
        """Key, sealed body and place of each row, in the order of the keys."""
        names = ", ".join(column.split()[0] for column in COLUMNS[table])
        for row in self.db.execute(f"SELECT {names} FROM {table} ORDER BY 1"):
            yield row[0], row[-1], place_of(table, row)

    def _ask(self, connection: sqlite3.Connection, table: str) -> None:
        """Rows that SQLite gives; the table is whole where it finds no fault in any page or row of it."""
        found = self._rows[table]
        names = [column.split()[0] for column in COLUMNS[table]]
        flaws = 0
        try:
            for row in connection.execute(f"SELECT {', '.join(names)} FROM {table}"):
                if _holds(table, row):
                    found[row[0]] = row
                else:
                    flaws += 1
            verdict = connection.execute(f"PRAGMA quick_check({table})").fetchone()
        except sqlite3.Error as error:
            if table == "told" and "no such table" in str(error):  # made with its first line
                self.whole.add(table)
            return
        if not flaws and verdict == ("ok",) and len(found) >= self._indexed.get(table, 0):
            self.whole.add(table)

    def _meet(self, rowid: int, values: tuple[Any, ...]) -> None:
        """A row of the walk, under the table that its CRC names. Two that differ are both left out: one of
        them is from a page that was given up long ago, and nothing says which."""
        tables: tuple[str, ...]
        row: tuple[Any, ...]
        match values:
            case (str(name), bytes(body)):
                tables, row = NAMED, (name, body)
            case (None, bytes(body)):
                tables, row = _NUMBERED, (rowid, body)
            case (None, str(step), bytes(body)):
                tables, row = ("log",), (rowid, step, body)
            case _:
                return
        for table in tables:
            if _holds(table, row):
                known = self._rows[table].setdefault(row[0], row)
                if known is row:
                    self.whole.discard(table)  # its tree does not lead here
                elif known != row and table not in self.whole:
                    self._doubtful.add((table, row[0]))


def indexed(connection: sqlite3.Connection, table: str) -> int:
    """How many rows of the table its index names: one that was written over with an empty one has none, and
    else nothing tells. sqlite3.Error where the index cannot be read."""
    query = f"SELECT count(*) FROM {table} INDEXED BY sqlite_autoindex_{table}_1"
    return int(connection.execute(query).fetchone()[0])


def place_of(table: str, row: tuple[Any, ...]) -> str:
    """What a row's CRC counts beside its body: the place it belongs to."""
    return ":".join((table, *(str(part) for part in row[:-1])))


def _holds(table: str, row: tuple[Any, ...]) -> bool:
    try:
        unseal(row[-1], place_of(table, row))
    except (DamagedRow, ValueError):
        return False
    return True


def _in_memory(rows: dict[str, dict[Key, tuple[Any, ...]]]) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    for table, columns in COLUMNS.items():
        db.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
        marks = ", ".join("?" * len(columns))
        db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows[table].values())
    return db


def _without_indexes(copy: Path) -> sqlite3.Connection:
    """The copy, its tables declared without keys: a damaged index, which says nothing of its own, is then
    neither read nor checked."""
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_master WHERE type = 'index'")
        for table in NAMED:
            plain = ", ".join(column.removesuffix(" PRIMARY KEY") for column in COLUMNS[table])
            sql = f"CREATE TABLE {table} ({plain})"
            connection.execute(
                "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (sql, table)
            )
        connection.commit()
    return sqlite3.connect(copy)


# Pages without SQLite -----------------------------------------------------------------------------


def _pages(copy: Path) -> dict[int, bytes]:
    """The file's pages by their number, those of the write-ahead log up to its last commit in their place."""
    data = copy.read_bytes()
    pages = {at // _PAGE + 1: data[at : at + _PAGE] for at in range(0, len(data), _PAGE)}
    with suppress(FileNotFoundError):
        wal = copy.with_name(copy.name + "-wal").read_bytes()
        salts = wal[16:24]
        waiting: dict[int, bytes] = {}
        for at in range(_WAL_HEADER, len(wal) - _FRAME_HEADER, _FRAME_HEADER + _PAGE):
            header = wal[at : at + _FRAME_HEADER]
            if header[8:16] != salts:
                break
            waiting[_number(header, 0)] = wal[at + _FRAME_HEADER : at + _FRAME_HEADER + _PAGE]
            if _number(header, 4):  # the size of the file after a commit
                pages |= waiting
                waiting.clear()
    return pages


def _free_pages(pages: dict[int, bytes]) -> set[int]:
    """Pages that were given up: what they hold is old (1.5). As far as their list can be followed."""
    free: set[int] = set()
    trunk = _number(pages.get(1, b""), 32)
    while trunk in pages and trunk not in free:
        free.add(trunk)
        page = pages[trunk]
        count = min(_number(page, 4), _PAGE // 4 - 2)
        free.update(_number(page, 8 + 4 * i) for i in range(count))
        trunk = _number(page, 0)
    return free


def _leaf_rows(page: bytes, header: int, pages: dict[int, bytes]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Rows of a table's leaf (1.6), each as rowid and columns; a cell that makes no sense is left out."""
    if len(page) < _PAGE or page[header] != _LEAF:
        return
    cells = int.from_bytes(page[header + 3 : header + 5], "big")
    for i in range(min(cells, _PAGE // 4)):
        with suppress(IndexError, ValueError, UnicodeDecodeError):
            at = header + 8 + 2 * i
            yield _cell(page, int.from_bytes(page[at : at + 2], "big"), pages)


def _cell(page: bytes, at: int, pages: dict[int, bytes]) -> tuple[int, tuple[Any, ...]]:
    size, at = _varint(page, at)
    rowid, at = _varint(page, at)
    largest = _PAGE - 35
    if size <= largest:
        return rowid, _record(page[at : at + size])
    smallest = (_PAGE - 12) * 32 // 255 - 23
    local = smallest + (size - smallest) % (_PAGE - 4)
    local = local if local <= largest else smallest
    payload = bytearray(page[at : at + local])
    following = _number(page, at + local)
    while len(payload) < size:
        if following not in pages:
            raise ValueError("a row's end")
        rest = pages[following]
        payload += rest[4 : 4 + min(_PAGE - 4, size - len(payload))]
        following = _number(rest, 0)
    return rowid, _record(bytes(payload))


def _record(payload: bytes) -> tuple[Any, ...]:
    """The columns of a record (2.1): None for one that is the rowid; numbers are none of ours."""
    end, at = _varint(payload, 0)
    kinds = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    values: list[Any] = []
    for kind in kinds:
        if kind == 0:
            values.append(None)
            continue
        if kind < 12:
            raise ValueError("a number")
        length = (kind - 12) // 2
        if at + length > len(payload):
            raise ValueError("a record cut short")
        part = payload[at : at + length]
        values.append(part if kind % 2 == 0 else part.decode())
        at += length
    return tuple(values)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for i in range(9):
        byte = data[at + i]
        if i == 8:
            return (value << 8) | byte, at + 9
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            return value, at + i + 1
    raise AssertionError("nine bytes at most")


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")
