"""The store in MongoDB: compare-and-swap is one `find_one_and_update` on the revision expected.

A write is a transaction that takes its sequence number from the project's document. Two that do so at once
are in conflict, so that numbers are seen in their order, and one of the two begins anew.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterable, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Self, TypeVar

from pymongo import ASCENDING, DESCENDING
from pymongo.errors import DuplicateKeyError, OperationFailure, PyMongoError, ServerSelectionTimeoutError
from pymongo.read_concern import ReadConcern

from vtt_desktop.server.documents import HEAD
from vtt_desktop.server.mongodb_grants import MongodbGrants
from vtt_desktop.server.mongodb_schema import Client, Database, Document, prepared, said
from vtt_desktop.server.mongodb_writes import (
    Session,
    answer_of,
    insert,
    key_of,
    next_seqs,
    not_applied_before,
    revision_in,
    swap,
)
from vtt_desktop.server.revisions import (
    BUSY_SECONDS,
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

T = TypeVar("T")

LISTEN_AGAIN_SECONDS = 1
AGAIN_SECONDS = 0.02
"""The longest that a write waits before it begins anew, the first time; each time twice as long."""
DISK_FULL = 14031
_LIVE = {"$gt": ""}
"""An order that is a text: a deletion has none, and no order is empty."""


class MongodbStore:
    """Keeps the promises of `Store`."""

    def __init__(self, client: Client, database: Database) -> None:
        self._client = client
        self._db = database
        self._turns = Turns()
        self.grants = MongodbGrants(database, self._transaction)

    @classmethod
    async def open(cls, url: str, shown: str) -> Self:
        """Connect, and make the collections where there are none. Raises UserError."""
        return cls(*await prepared(url, shown))

    async def close(self) -> None:
        await self._client.close()

    async def watch(self, changed: Callable[[str | None], None]) -> None:
        while True:
            with suppress(PyMongoError):  # requests find it away, too, and say so
                await self._listen(changed)
            await asyncio.sleep(LISTEN_AGAIN_SECONDS)

    async def _listen(self, changed: Callable[[str | None], None]) -> None:
        """Follows the projects' documents until the stream of changes ends, or looks at them all the time."""
        try:
            stream = await self._db.project.watch()
        except OperationFailure:  # not offered, or not to this user
            await self._look_again_and_again(changed)
            return
        async with stream:
            changed(None)  # nobody told what was written before
            while stream.alive:
                event = await stream.try_next()
                _unless_cancelled()
                if event is not None and "documentKey" in event:
                    changed(event["documentKey"]["_id"])

    async def _look_again_and_again(self, changed: Callable[[str | None], None]) -> None:
        before: dict[str, int] | None = None
        while True:
            now = {found["_id"]: found["seq"] async for found in self._db.project.find({}, {"seq": 1})}
            if before is None:
                changed(None)
            else:
                for project in now:
                    if now[project] != before.get(project):
                        changed(project)
            before = now
            _unless_cancelled()
            await asyncio.sleep(LISTEN_AGAIN_SECONDS)

    # -- reading

    async def projects(self) -> Sequence[Project]:
        async def read(session: Session) -> list[Project]:
            groups = await self._db.segment.aggregate(
                [{"$match": {"order": _LIVE}}, {"$group": {"_id": "$project", "count": {"$sum": 1}}}],
                session=session,
            )
            counts = {group["_id"]: group["count"] async for group in groups}
            rows = self._db.project.find({}, session=session).sort("_id", ASCENDING)
            return [Project(p["_id"], p["epoch"], p["seq"], counts.get(p["_id"], 0)) async for p in rows]

        return await self._transaction(read, keep=False)

    async def knows(self, project: str, mark: str) -> bool:
        async def read(session: Session) -> bool:
            await self._project(session, project)
            wanted = {"project": project, "seq": seq_in(mark), "mark": mark}
            return await self._db.written.find_one(wanted, session=session) is not None

        return await self._transaction(read, keep=False)

    async def recall(self, project: str, key: str) -> Answer | None:
        async def read(session: Session) -> Answer | None:
            found = await self._db.receipt.find_one({"_id": key_of(project, key)}, session=session)
            if found is None:
                return None
            mark = await self._mark(session, project, (await self._project(session, project))[1])
            return Answer(found["status"], found["tag"], found["body"], found["fingerprint"], mark)

        return await self._transaction(read, keep=False)

    async def segment(self, project: str, segment_id: str) -> Revision:
        async def read(session: Session) -> Revision:
            found = await self._db.segment.find_one({"_id": key_of(project, segment_id)}, session=session)
            if found is None:
                await self._project(session, project)
                raise NoSuchSegmentError(segment_id)
            current = revision_in(found)
            return replace(current, mark=await self._mark(session, project, current.seq))

        return await self._transaction(read, keep=False)

    async def history(
        self, project: str, segment_id: str, before: int | None, limit: int
    ) -> Sequence[Revision]:
        async def read(session: Session) -> list[Revision]:
            found = await self._db.segment.find_one({"_id": key_of(project, segment_id)}, session=session)
            if found is None:
                await self._project(session, project)
                raise NoSuchSegmentError(segment_id)
            page = Filling(limit)
            if before is None or found["rev"] < before:
                page.takes(revision_in(found))
            past = {
                "project": project,
                "id": segment_id,
                "rev": {"$lt": (1 << 62) if before is None else before},
            }
            rows = self._db.revision.find(past, session=session).sort("rev", DESCENDING).limit(limit)
            await _fill(page, rows)
            return page.items

        return await self._transaction(read, keep=False)

    async def page(self, project: str, after: tuple[str, str] | None, limit: int) -> SegmentPage:
        async def read(session: Session) -> SegmentPage:
            epoch, seq = await self._project(session, project)
            # No order and no id is an empty string, so ("", "") stands before everything.
            order, segment_id = after or ("", "")
            beyond = [{"order": {"$gt": order}}, {"order": order, "id": {"$gt": segment_id}}]
            rows = self._db.segment.find({"project": project, "$or": beyond}, session=session)
            page = Filling(limit)
            last = await _fill(page, rows.sort([("order", ASCENDING), ("id", ASCENDING)]).limit(limit + 1))
            following = (last["order"], last["id"]) if last is not None else None
            mark = await self._mark(session, project, seq)
            return SegmentPage(epoch, seq, mark, page.items, following)

        return await self._transaction(read, keep=False)

    async def changes(self, project: str, since: int, limit: int) -> ChangePage:
        async def read(session: Session) -> ChangePage:
            epoch, seq = await self._project(session, project)
            if since > seq:
                raise CursorGoneError(seq)
            rows = self._db.segment.find({"project": project, "seq": {"$gt": since}}, session=session)
            page = Filling(limit)
            last = await _fill(page, rows.sort("seq", ASCENDING).limit(limit + 1))
            upto = seq if last is None else last["seq"]
            mark = await self._mark(session, project, upto)
            return ChangePage(epoch, upto, mark, page.items, last is not None)

        return await self._transaction(read, keep=False)

    async def file_parts(self, project: str) -> Sequence[str]:
        async def read(session: Session) -> list[str]:
            await self._project(session, project)
            rows = self._db.segment.find(
                {"project": project, "order": _LIVE}, {"kind": 1, "text": 1}, session=session
            )
            in_order = [row async for row in rows.sort([("order", ASCENDING), ("id", ASCENDING)])]
            return [row["text"] for row in sorted(in_order, key=lambda row: row["kind"] != HEAD)]

        return await self._transaction(read, keep=False)

    async def _project(self, session: Session, name: str) -> tuple[str, int]:
        found = await self._db.project.find_one({"_id": name}, session=session)
        if found is None:
            raise NoSuchProjectError(name)
        return found["epoch"], found["seq"]

    async def _mark(self, session: Session, project: str, seq: int) -> str:
        """The mark of the write that a sequence number belongs to."""
        if seq == 0:
            return ""
        found = await self._db.written.find_one(
            {"project": project, "seq": {"$gte": seq}}, session=session, sort=[("seq", ASCENDING)]
        )
        return found["mark"] if found is not None else ""

    # -- writing

    async def create_project(self, name: str, write: Write) -> Answer:
        async def run(session: Session) -> Answer:
            if await self._db.project.find_one({"_id": name}, session=session):
                await not_applied_before(self._db, session, name, write)
                raise ProjectExistsError(name)
            try:
                await self._db.project.insert_one(
                    {"_id": name, "epoch": new_epoch(), "seq": 0, "receipts": 0}, session=session
                )
            except DuplicateKeyError:
                raise ProjectExistsError(name) from None
            return await answer_of(self._db, session, name, "", write, [])

        return await self._write(name, write, run)

    async def create(self, project: str, documents: Sequence[NewDocument], write: Write) -> Answer:
        async def run(session: Session) -> Answer:
            last, mark = await next_seqs(self._db, session, project, len(documents), write)
            keys = [key_of(project, document.id) for document in documents]
            rows = self._db.segment.find(
                {"_id": {"$in": keys}}, {"id": 1, "rev": 1, "tag": 1}, session=session
            )
            found = {row["id"]: row async for row in rows}
            existing = {segment_id for segment_id, row in found.items() if row["tag"] is not None}
            if existing:
                raise SegmentsExistError([document.id for document in documents if document.id in existing])
            made = [
                revision_of(document, found.get(document.id, {"rev": 0})["rev"] + 1, seq, write.author)
                for seq, document in enumerate(documents, last - len(documents) + 1)
            ]
            await insert(self._db, session, project, list(zip(made, documents, strict=True)))
            return await answer_of(self._db, session, project, mark, write, made)

        return await self._write(project, write, run)

    async def replace(self, project: str, expected: str, document: NewDocument, write: Write) -> Answer:
        async def run(session: Session) -> Answer:
            seq, mark = await next_seqs(self._db, session, project, 1, write)
            revision = revision_of(document, rev_after(expected), seq, write.author)
            await swap(self._db, session, project, expected, revision, document)
            return await answer_of(self._db, session, project, mark, write, [revision])

        return await self._write(project, write, run)

    async def delete(self, project: str, segment_id: str, expected: str, write: Write) -> Answer:
        async def run(session: Session) -> Answer:
            seq, mark = await next_seqs(self._db, session, project, 1, write)
            revision = deletion_of(segment_id, rev_after(expected), seq, write.author)
            await swap(self._db, session, project, expected, revision, None)
            return await answer_of(self._db, session, project, mark, write, [revision])

        return await self._write(project, write, run)

    async def _write(self, project: str, write: Write, run: Callable[[Session], Awaitable[Answer]]) -> Answer:
        """Carries out a write in one transaction; an answer that is there already is given again."""
        try:
            async with self._turns.of(project):
                return await self._transaction(run, keep=True)
        except AppliedBeforeError:
            assert write.receipt is not None
            kept = await self.recall(project, write.receipt.key)
            assert kept is not None
            return kept

    # -- transactions

    async def _transaction(self, run: Callable[[Session], Awaitable[T]], *, keep: bool) -> T:
        """Runs a transaction, again where the database says so, and keeps what it wrote if that is asked for.

        What the driver raises comes out in the store's own terms.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + BUSY_SECONDS
        wait = AGAIN_SECONDS
        while True:
            try:
                async with self._client.start_session() as session:
                    await session.start_transaction(read_concern=ReadConcern("snapshot"))
                    try:
                        result = await run(session)
                        if keep:
                            await _commit(session, until)
                        return result
                    finally:
                        if session.in_transaction:
                            await session.abort_transaction()
            except PyMongoError as error:
                if loop.time() > until or not _may_pass(error, "TransientTransactionError"):
                    raise _as_store_error(error) from error
            await asyncio.sleep(random.uniform(0, wait))
            wait *= 2


def _may_pass(error: PyMongoError, label: str) -> bool:
    """Whether it makes sense to try again; the driver itself has waited for a server long enough."""
    return error.has_error_label(label) and not isinstance(error, ServerSelectionTimeoutError)


def _unless_cancelled() -> None:
    """Up to Python 3.11, `asyncio.wait_for`, by which the driver sends, loses a cancellation now and then."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def _commit(session: Session, until: float) -> None:
    while True:
        try:
            await session.commit_transaction()
            return
        except PyMongoError as error:
            if not error.has_error_label("UnknownTransactionCommitResult"):
                raise
            late = asyncio.get_running_loop().time() > until
            if late or not _may_pass(error, "UnknownTransactionCommitResult"):
                raise StoreUncertainError(said(error)) from error
            await asyncio.sleep(AGAIN_SECONDS)


async def _fill(page: Filling, rows: AsyncIterable[Document]) -> Document | None:
    """Fills a page; the last document that it took if there are more."""
    last: Document | None = None
    async for row in rows:
        if not page.takes(revision_in(row)):
            return last
        last = row
    return None


def _as_store_error(error: PyMongoError) -> StoreError:
    if isinstance(error, OperationFailure) and error.code == DISK_FULL:
        return StoreFullError(said(error))
    return StoreUnavailableError(said(error))
