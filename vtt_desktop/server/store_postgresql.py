"""The store in PostgreSQL: compare-and-swap is one conditional statement.

A write takes its sequence number from the project's row in its own transaction. That row is locked until the
commit, so that numbers are seen in their order: one of a sequence object would be passed over by a reader
when its transaction commits late.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any, Self

import asyncpg

from vtt_desktop.server.documents import HEAD
from vtt_desktop.server.postgresql_grants import PostgresqlGrants
from vtt_desktop.server.postgresql_schema import DRIVER_ERRORS, Place, prepared, said
from vtt_desktop.server.postgresql_writes import (
    PAST,
    Connection,
    answer_of,
    insert,
    next_seqs,
    not_applied_before,
    swap,
)
from vtt_desktop.server.revisions import (
    AppliedBeforeError,
    Filling,
    Turns,
    deletion_of,
    new_epoch,
    rev_after,
    revision_of,
    seq_in,
)
from vtt_desktop.server.store import (
    Answer,
    ChangePage,
    CursorGoneError,
    NewDocument,
    NoSuchProjectError,
    NoSuchSegmentError,
    Project,
    ProjectExistsError,
    Revision,
    SegmentPage,
    SegmentsExistError,
    StoreError,
    StoreFullError,
    StoreUnavailableError,
    StoreUncertainError,
    Write,
)

CONNECTIONS = 10
WAIT_SECONDS = 20
"""How long a request waits for a connection while others hold them all."""
LISTEN_AGAIN_SECONDS = 1
CHANNEL = "vtt_desktop"

_COLUMNS = "id, rev, tag, document, seq, author, modified"
_MARK = "SELECT mark FROM written WHERE project = {} AND seq >= {} ORDER BY seq LIMIT 1"


class PostgresqlStore:
    """Keeps the promises of `Store`."""

    def __init__(self, place: Place, pool: Any) -> None:
        self._place = place
        self._pool = pool
        self._turns = Turns()
        self.grants = PostgresqlGrants(self._connection)
        self._name = secrets.token_hex(8)
        """Tells what this process wrote from what others did, where the database tells all of all."""

    @classmethod
    async def open(cls, url: str, shown: str) -> Self:
        """Connect, and make the tables where there are none; raises UserError when that cannot be done."""
        place = await prepared(url, shown)
        # None is kept up for its own sake: the driver would log each failure of that. Nothing is set on a
        # connection while it is used, so nothing has to be put back after.
        pool = await asyncpg.create_pool(
            place.url, min_size=0, max_size=CONNECTIONS, reset=_as_it_is, **place.options
        )
        return cls(place, pool)

    async def close(self) -> None:
        with suppress(*DRIVER_ERRORS):
            await asyncio.wait_for(self._pool.close(), WAIT_SECONDS)

    async def watch(self, changed: Callable[[str | None], None]) -> None:
        while True:
            with suppress(*DRIVER_ERRORS):  # requests find it away, too, and say so
                await self._listen(changed)
            await asyncio.sleep(LISTEN_AGAIN_SECONDS)

    async def _listen(self, changed: Callable[[str | None], None]) -> None:
        """Listens until the connection ends."""
        ended = asyncio.Event()

        def heard(_connection: object, _pid: int, _channel: str, payload: str) -> None:
            name, _, project = payload.partition(" ")
            if name != self._name:
                changed(project)

        connection = await self._place.connect()
        try:
            connection.add_termination_listener(lambda _: ended.set())
            await connection.add_listener(CHANNEL, heard)
            changed(None)  # nobody told what was written before
            await ended.wait()
        finally:
            connection.terminate()

    # -- reading

    async def projects(self) -> Sequence[Project]:
        async with self._connection() as db:
            rows = await db.fetch(
                "SELECT name, epoch, seq, (SELECT count(*) FROM segment"
                " WHERE segment.project = project.key AND document IS NOT NULL)"
                " FROM project ORDER BY name"
            )
        return [Project(*row) for row in rows]

    async def knows(self, project: str, mark: str) -> bool:
        async with self._connection() as db:
            known = await db.fetchval(
                "SELECT EXISTS (SELECT FROM written WHERE project = key AND seq = $2 AND mark = $3)"
                " FROM project WHERE name = $1",
                project,
                seq_in(mark),
                mark,
            )
        if known is None:
            raise NoSuchProjectError(project)
        return bool(known)

    async def recall(self, project: str, key: str) -> Answer | None:
        async with self._connection() as db:
            found = await db.fetchrow(
                "SELECT status, tag, body, fingerprint,"
                f" ({_MARK.format('project.key', 'project.seq')}) AS mark"
                " FROM receipt JOIN project ON name = project WHERE receipt.project = $1"
                " AND receipt.key = $2",
                project,
                key,
            )
        if found is None:
            return None
        return Answer(found["status"], found["tag"], found["body"], found["fingerprint"], found["mark"] or "")

    async def segment(self, project: str, segment_id: str) -> Revision:
        async with self._connection() as db:
            columns = ", ".join(f"segment.{name}" for name in _COLUMNS.split(", "))
            found = await db.fetchrow(
                f"SELECT {columns}, ({_MARK.format('project.key', 'segment.seq')})"
                " FROM project LEFT JOIN segment ON segment.project = project.key AND id = $2"
                " WHERE name = $1",
                project,
                segment_id,
            )
        if found is None:
            raise NoSuchProjectError(project)
        *row, mark = found
        if row[0] is None:
            raise NoSuchSegmentError(segment_id)
        return replace(Revision(*row), mark=mark or "")

    async def history(
        self, project: str, segment_id: str, before: int | None, limit: int
    ) -> Sequence[Revision]:
        page = Filling(limit)
        async with self._snapshot() as db:
            number = (await _project(db, project))[0]
            key = await db.fetchval(
                "SELECT key FROM segment WHERE project = $1 AND id = $2", number, segment_id
            )
            if key is None:
                raise NoSuchSegmentError(segment_id)
            rows = db.cursor(
                f"SELECT {PAST} FROM segment WHERE key = $1 AND rev < $2 UNION ALL"
                f" SELECT {PAST} FROM revision WHERE segment = $1 AND rev < $2 ORDER BY rev DESC LIMIT $3",
                key,
                (1 << 62) if before is None else before,
                limit,
            )
            async for row in rows:
                if not page.takes(Revision(segment_id, *row)):
                    break
        return page.items

    async def page(self, project: str, after: tuple[str, str] | None, limit: int) -> SegmentPage:
        page, following = Filling(limit), None
        async with self._snapshot() as db:
            key, epoch, seq = await _project(db, project)
            # No order and no id is an empty string, so ("", "") stands before everything.
            rows = db.cursor(
                f"SELECT {_COLUMNS}, position FROM segment WHERE project = $1 AND document IS NOT NULL"
                " AND (position, id) > ($2, $3) ORDER BY position, id LIMIT $4",
                key,
                *(after or ("", "")),
                limit + 1,
            )
            last = ("", "")
            async for *row, position in rows:
                if not page.takes(Revision(*row)):
                    following = last
                    break
                last = (position, row[0])
            mark = await db.fetchval(_MARK.format("$1", "$2"), key, seq)
        return SegmentPage(epoch, seq, mark or "", page.items, following)

    async def changes(self, project: str, since: int, limit: int) -> ChangePage:
        page, more = Filling(limit), False
        async with self._snapshot() as db:
            key, epoch, seq = await _project(db, project)
            if since > seq:
                raise CursorGoneError(seq)
            rows = db.cursor(
                f"SELECT {_COLUMNS} FROM segment WHERE project = $1 AND seq > $2 ORDER BY seq LIMIT $3",
                key,
                since,
                limit + 1,
            )
            async for row in rows:
                if not page.takes(Revision(*row)):
                    more, seq = True, page.items[-1].seq
                    break
            mark = await db.fetchval(_MARK.format("$1", "$2"), key, seq)
        return ChangePage(epoch, seq, mark or "", page.items, more)

    async def file_parts(self, project: str) -> Sequence[str]:
        async with self._snapshot() as db:
            rows = await db.fetch(
                "SELECT document FROM segment WHERE project = $1 AND document IS NOT NULL"
                " ORDER BY kind <> $2, position, id",
                (await _project(db, project))[0],
                HEAD,
            )
        return [document for (document,) in rows]

    # -- writing

    async def create_project(self, name: str, write: Write) -> Answer:
        async def run(db: Connection) -> Answer:
            made = await db.fetchval(
                "INSERT INTO project (name, epoch, seq) VALUES ($1, $2, 0) ON CONFLICT (name) DO NOTHING"
                " RETURNING key",
                name,
                new_epoch(),
            )
            if made is None:
                await not_applied_before(db, name, write)
                raise ProjectExistsError(name)
            return await answer_of(db, name, "", write, [])

        return await self._write(name, write, run)

    async def create(self, project: str, documents: Sequence[NewDocument], write: Write) -> Answer:
        async def run(db: Connection) -> Answer:
            key, last, mark = await next_seqs(db, project, len(documents), write)
            found = await db.fetch(
                "SELECT id, rev, tag FROM segment WHERE project = $1 AND id = ANY($2)",
                key,
                [document.id for document in documents],
            )
            existing = {segment_id for segment_id, _, tag in found if tag is not None}
            if existing:
                raise SegmentsExistError([document.id for document in documents if document.id in existing])
            before = {segment_id: rev for segment_id, rev, _ in found}
            made = [
                revision_of(document, before.get(document.id, 0) + 1, seq, write.author)
                for seq, document in enumerate(documents, last - len(documents) + 1)
            ]
            await insert(db, key, list(zip(made, documents, strict=True)))
            return await answer_of(db, project, mark, write, made)

        return await self._write(project, write, run)

    async def replace(self, project: str, expected: str, document: NewDocument, write: Write) -> Answer:
        async def run(db: Connection) -> Answer:
            key, seq, mark = await next_seqs(db, project, 1, write)
            revision = revision_of(document, rev_after(expected), seq, write.author)
            await swap(db, key, expected, revision, document)
            return await answer_of(db, project, mark, write, [revision])

        return await self._write(project, write, run)

    async def delete(self, project: str, segment_id: str, expected: str, write: Write) -> Answer:
        async def run(db: Connection) -> Answer:
            key, seq, mark = await next_seqs(db, project, 1, write)
            revision = deletion_of(segment_id, rev_after(expected), seq, write.author)
            await swap(db, key, expected, revision, None)
            return await answer_of(db, project, mark, write, [revision])

        return await self._write(project, write, run)

    async def _write(
        self, project: str, write: Write, run: Callable[[Connection], Awaitable[Answer]]
    ) -> Answer:
        """Carries out a write in one transaction; an answer that is there already is given again."""
        try:
            async with self._turns.of(project), self._connection() as db:
                transaction = db.transaction()
                await transaction.start()
                try:
                    answer = await run(db)
                    # Told at the commit, and only then.
                    await db.execute("SELECT pg_notify($1, $2)", CHANNEL, f"{self._name} {project}")
                except BaseException:
                    with suppress(*DRIVER_ERRORS):
                        await transaction.rollback()
                    raise
                try:
                    await transaction.commit()
                except DRIVER_ERRORS as error:
                    raise StoreUncertainError(said(error)) from error
                return answer
        except AppliedBeforeError:
            assert write.receipt is not None
            kept = await self.recall(project, write.receipt.key)
            assert kept is not None
            return kept

    # -- connections

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        """A connection of the pool. What the driver raises comes out in the store's own terms."""
        try:
            async with self._pool.acquire(timeout=WAIT_SECONDS) as db:
                yield db
        except DRIVER_ERRORS as error:
            raise _as_store_error(error) from error

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[Connection]:
        """A connection whose statements all see the store as it was at the first of them."""
        async with self._connection() as db, db.transaction(isolation="repeatable_read", readonly=True):
            yield db


async def _as_it_is(_connection: object) -> None:
    pass


def _as_store_error(error: BaseException) -> StoreError:
    if isinstance(error, (asyncpg.DiskFullError, asyncpg.ProgramLimitExceededError)):
        return StoreFullError(said(error))
    return StoreUnavailableError(said(error))


async def _project(db: Connection, name: str) -> tuple[int, str, int]:
    found = await db.fetchrow("SELECT key, epoch, seq FROM project WHERE name = $1", name)
    if found is None:
        raise NoSuchProjectError(name)
    return found["key"], found["epoch"], found["seq"]
