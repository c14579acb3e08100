"""Tokens given out for projects, in MongoDB."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from pymongo import ASCENDING

from vtt_desktop.server.mongodb_schema import Database
from vtt_desktop.server.mongodb_writes import Session, key_of
from vtt_desktop.server.store import (
    MOST_GRANTS,
    Grant,
    NoSuchGrantError,
    NoSuchProjectError,
    TooManyGrantsError,
)


class Transaction(Protocol):
    """Runs a transaction, and keeps what it wrote if that is asked for."""

    async def __call__(self, run: Callable[[Session], Awaitable[Any]], *, keep: bool) -> Any: ...


class MongodbGrants:
    """Keeps the promises of `Grants`."""

    def __init__(self, database: Database, transaction: Transaction) -> None:
        self._db = database
        self._transaction = transaction

    async def role_of(self, project: str, digest: str) -> str | None:
        async def read(session: Session) -> str | None:
            wanted = {"project": project, "digest": digest}
            found = await self._db.granted.find_one(wanted, {"role": 1}, session=session)
            return None if found is None else str(found["role"])

        role: str | None = await self._transaction(read, keep=False)
        return role

    async def all(self, project: str) -> Sequence[Grant]:
        async def read(session: Session) -> list[Grant]:
            await self._known(session, project)
            rows = self._db.granted.find({"project": project}, session=session)
            return [
                Grant(row["id"], row["name"], row["role"], row["digest"], row["made"])
                async for row in rows.sort([("made", ASCENDING), ("id", ASCENDING)])
            ]

        grants: list[Grant] = await self._transaction(read, keep=False)
        return grants

    async def add(self, project: str, grant: Grant) -> None:
        async def run(session: Session) -> None:
            # Written to, so that two that are added at once are in conflict and count each other.
            if not (
                await self._db.project.update_one({"_id": project}, {"$inc": {"granted": 1}}, session=session)
            ).matched_count:
                raise NoSuchProjectError(project)
            if await self._db.granted.count_documents({"project": project}, session=session) >= MOST_GRANTS:
                raise TooManyGrantsError(project)
            await self._db.granted.insert_one(
                {
                    "_id": key_of(project, grant.id),
                    "project": project,
                    "id": grant.id,
                    "name": grant.name,
                    "role": grant.role,
                    "digest": grant.digest,
                    "made": grant.made,
                },
                session=session,
            )

        await self._transaction(run, keep=True)

    async def remove(self, project: str, grant_id: str) -> None:
        async def run(session: Session) -> None:
            await self._known(session, project)
            gone = await self._db.granted.delete_one({"_id": key_of(project, grant_id)}, session=session)
            if not gone.deleted_count:
                raise NoSuchGrantError(grant_id)

        await self._transaction(run, keep=True)

    async def _known(self, session: Session, project: str) -> None:
        if not await self._db.project.find_one({"_id": project}, {"_id": 1}, session=session):
            raise NoSuchProjectError(project)
