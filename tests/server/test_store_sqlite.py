"""SQLite's own: durable commits, older files, threads that fail apart, a disk that refuses."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server.writes import by, new
from vtt_desktop.server.sqlite_schema import open_or_create
from vtt_desktop.server.sqlite_threads import GROUP, Readers, Writer
from vtt_desktop.server.store import StoreFullError, StoreUnavailableError
from vtt_desktop.server.store_sqlite import SqliteStore


def test_a_commit_is_on_the_disk_before_it_is_told(tmp_path: Path) -> None:
    db = open_or_create(tmp_path / "s.sqlite")
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert db.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    db.close()


async def test_a_file_of_the_version_before_is_brought_up_to_date(tmp_path: Path) -> None:
    """It has no marks, and gets them from here on; what it holds stays."""
    store = SqliteStore(tmp_path / "s.sqlite")
    await store.create_project("p", by())
    await store.create("p", [new("a", "a")], by())
    await store.close()
    db = sqlite3.connect(tmp_path / "s.sqlite")
    with db:
        db.execute("DROP TABLE written")
        db.execute("DROP TABLE granted")
        db.execute("PRAGMA user_version = 1")
    db.close()
    store = SqliteStore(tmp_path / "s.sqlite")
    try:
        before = await store.changes("p", 0, 10)
        assert not await store.knows("p", "1-0123456789abcdef")
        assert (before.seq, before.mark) == (1, "") and [one.id for one in before.items] == ["a"]
        await store.create("p", [new("b", "b")], by())
        after = await store.changes("p", 1, 10)
        assert await store.knows("p", after.mark) and [one.id for one in after.items] == ["b"]
    finally:
        await store.close()


async def test_writes_that_wait_together_fail_apart(tmp_path: Path) -> None:
    writer, readers = Writer(open_or_create(tmp_path / "s.sqlite")), Readers(tmp_path / "s.sqlite")

    def insert(name: str, fail: bool) -> Callable[[sqlite3.Connection], str]:
        def job(db: sqlite3.Connection) -> str:
            db.execute("INSERT INTO project (name, epoch, seq) VALUES (?, '', 0)", (name,))
            if fail:
                raise LookupError(name)
            return name

        return job

    try:
        jobs = [writer.run(insert(f"{n:04}", fail=n % 3 == 0)) for n in range(GROUP + 50)]
        outcomes = await asyncio.gather(*jobs, return_exceptions=True)
        assert all(isinstance(o, LookupError) == (n % 3 == 0) for n, o in enumerate(outcomes))
        kept = await readers.run(
            lambda db: [name for (name,) in db.execute("SELECT name FROM project ORDER BY 1")]
        )
        assert kept == [name for name in outcomes if isinstance(name, str)]
        # A statement that breaks a rule of the tables is its own writer's fault, nobody else's.
        twice = [writer.run(insert("twice", fail=False)) for _ in range(3)]
        done = await asyncio.gather(*twice, return_exceptions=True)
        assert [type(o) for o in done] == [str, sqlite3.IntegrityError, sqlite3.IntegrityError]
    finally:
        await asyncio.to_thread(readers.close)
        await asyncio.to_thread(writer.close)


@pytest.mark.parametrize(
    ("pragma", "undo", "expected"),
    [
        ("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000", StoreFullError),
        ("PRAGMA query_only = ON", "PRAGMA query_only = OFF", StoreUnavailableError),
    ],
)
async def test_a_disk_that_refuses(tmp_path: Path, pragma: str, undo: str, expected: type[Exception]) -> None:
    """Full, and read-only: each write is told so, none is half done, and the store works again after."""
    connection = open_or_create(tmp_path / "s.sqlite")
    writer = Writer(connection)

    def insert(db: sqlite3.Connection) -> None:
        name = "x" * 100_000
        db.execute("INSERT INTO project (name, epoch, seq) SELECT ?, '', count(*) FROM project", (name,))

    def count(db: sqlite3.Connection) -> int:
        found: int = db.execute("SELECT count(*) FROM project").fetchone()[0]
        return found

    try:
        connection.execute(pragma)
        outcomes = await asyncio.gather(*(writer.run(insert) for _ in range(3)), return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [expected] * 3
        connection.execute(undo)
        assert await writer.run(count) == 0
        await writer.run(insert)
        assert await writer.run(count) == 1
    finally:
        await asyncio.to_thread(writer.close)
