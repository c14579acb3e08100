"""Tokens given out for projects, in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from vtt_desktop.server.sqlite_threads import Readers, Writer
from vtt_desktop.server.store import (
    MOST_GRANTS,
    Grant,
    NoSuchGrantError,
    NoSuchProjectError,
    TooManyGrantsError,
)


class SqliteGrants:
    """Keeps the promises of `Grants`."""

    def __init__(self, readers: Readers, writer: Writer) -> None:
        self._readers = readers
        self._writer = writer

    async def role_of(self, project: str, digest: str) -> str | None:
        def read(db: sqlite3.Connection) -> str | None:
            found = db.execute(
                "SELECT role FROM granted JOIN project ON project.key = project"
                " WHERE project.name = ? AND digest = ?",
                (project, digest),
            ).fetchone()
            return None if found is None else found[0]

        return await self._readers.run(read)

    async def all(self, project: str) -> Sequence[Grant]:
        def read(db: sqlite3.Connection) -> list[Grant]:
            rows = db.execute(
                "SELECT id, name, role, digest, made FROM granted WHERE project = ? ORDER BY made, id",
                (_key(db, project),),
            )
            return [Grant(*row) for row in rows]

        return await self._readers.run(read)

    async def add(self, project: str, grant: Grant) -> None:
        def run(db: sqlite3.Connection) -> None:
            key = _key(db, project)
            count = db.execute("SELECT count(*) FROM granted WHERE project = ?", (key,)).fetchone()[0]
            if count >= MOST_GRANTS:
                raise TooManyGrantsError(project)
            db.execute(
                "INSERT INTO granted (project, id, name, role, digest, made) VALUES (?, ?, ?, ?, ?, ?)",
                (key, grant.id, grant.name, grant.role, grant.digest, grant.made),
            )

        await self._writer.run(run)

    async def remove(self, project: str, grant_id: str) -> None:
        def run(db: sqlite3.Connection) -> None:
            where = "project = ? AND id = ?"
            if db.execute(f"DELETE FROM granted WHERE {where}", (_key(db, project), grant_id)).rowcount == 0:
                raise NoSuchGrantError(grant_id)

        await self._writer.run(run)


def _key(db: sqlite3.Connection, project: str) -> int:
    found = db.execute("SELECT key FROM project WHERE name = ?", (project,)).fetchone()
    if found is None:
        raise NoSuchProjectError(project)
    key: int = found[0]
    return key
