"""Tokens given out for projects, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from vtt_desktop.server.postgresql_writes import Connection
from vtt_desktop.server.store import (
    MOST_GRANTS,
    Grant,
    NoSuchGrantError,
    NoSuchProjectError,
    TooManyGrantsError,
)


class PostgresqlGrants:
    """Keeps the promises of `Grants`."""

    def __init__(self, connection: Callable[[], AbstractAsyncContextManager[Connection]]) -> None:
        self._connection = connection

    async def role_of(self, project: str, digest: str) -> str | None:
        async with self._connection() as db:
            role: str | None = await db.fetchval(
                "SELECT role FROM granted JOIN project ON project.key = project"
                " WHERE project.name = $1 AND digest = $2",
                project,
                digest,
            )
        return role

    async def all(self, project: str) -> Sequence[Grant]:
        async with self._connection() as db:
            rows = await db.fetch(
                "SELECT id, name, role, digest, made FROM granted WHERE project = $1 ORDER BY made, id",
                await _key(db, project),
            )
        return [Grant(*row) for row in rows]

    async def add(self, project: str, grant: Grant) -> None:
        async with self._connection() as db, db.transaction():
            key = await _key(db, project, "FOR UPDATE")  # two that are added at once count each other
            if await db.fetchval("SELECT count(*) FROM granted WHERE project = $1", key) >= MOST_GRANTS:
                raise TooManyGrantsError(project)
            await db.execute(
                "INSERT INTO granted (project, id, name, role, digest, made) VALUES ($1, $2, $3, $4, $5, $6)",
                key,
                grant.id,
                grant.name,
                grant.role,
                grant.digest,
                grant.made,
            )

    async def remove(self, project: str, grant_id: str) -> None:
        async with self._connection() as db:
            key = await _key(db, project)
            if (
                await db.execute("DELETE FROM granted WHERE project = $1 AND id = $2", key, grant_id)
                == "DELETE 0"
            ):
                raise NoSuchGrantError(grant_id)


async def _key(db: Connection, project: str, lock: str = "") -> int:
    key: int | None = await db.fetchval(f"SELECT key FROM project WHERE name = $1 {lock}", project)
    if key is None:
        raise NoSuchProjectError(project)
    return key
