"""What a write does in MongoDB, inside its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import BulkWriteError, DuplicateKeyError

from vtt_desktop.server.mongodb_schema import Database, Document
from vtt_desktop.server.revisions import RECEIPTS, AppliedBeforeError, new_mark
from vtt_desktop.server.store import (
    Answer,
    NewDocument,
    NoSuchProjectError,
    Revision,
    SecondHeadError,
    StaleTagError,
    Write,
)

Session = AsyncClientSession
DUPLICATE = 11000


def key_of(project: str, name: str) -> str:
    """The `_id` of what has a name in a project; no project's name holds a slash."""
    return f"{project}/{name}"


def revision_in(found: Document) -> Revision:
    """The revision in a document of `segment` or `revision`."""
    return Revision(
        found["id"],
        found["rev"],
        found["tag"],
        found["text"],
        found["seq"],
        found["author"],
        found["modified"],
    )


async def next_seqs(db: Database, session: Session, name: str, count: int, write: Write) -> tuple[int, str]:
    """The last of `count` new sequence numbers, and the mark of this write.

    Two transactions that come here at once are in conflict: the database lets one of them begin anew.
    """
    found = await db.project.find_one_and_update(
        {"_id": name}, {"$inc": {"seq": count}}, session=session, return_document=ReturnDocument.AFTER
    )
    if found is None:
        raise NoSuchProjectError(name)
    await not_applied_before(db, session, name, write)
    seq: int = found["seq"]
    mark = new_mark(seq)
    await db.written.insert_one({"project": name, "seq": seq, "mark": mark}, session=session)
    return seq, mark


async def not_applied_before(db: Database, session: Session, name: str, write: Write) -> None:
    if write.receipt is None:
        return
    if await db.receipt.find_one({"_id": key_of(name, write.receipt.key)}, {"_id": 1}, session=session):
        raise AppliedBeforeError(write.receipt.key)


async def insert(
    db: Database, session: Session, project: str, made: Sequence[tuple[Revision, NewDocument]]
) -> None:
    """New segments; one that was deleted goes on with the revision after its deletion."""
    for revision, document in made:
        if revision.rev > 1:
            await swap(db, session, project, None, revision, document)
    fresh = [
        {"_id": key_of(project, revision.id), "project": project, "id": revision.id}
        | _fields(revision, document)
        for revision, document in made
        if revision.rev == 1
    ]
    if not fresh:
        return
    try:
        await db.segment.insert_many(fresh, session=session)
    except BulkWriteError as error:
        if all(one["code"] == DUPLICATE for one in error.details["writeErrors"]):
            raise SecondHeadError(project) from None
        raise


async def swap(
    db: Database,
    session: Session,
    project: str,
    expected: str | None,
    revision: Revision,
    document: NewDocument | None,
) -> None:
    """Compare and swap. Raises StaleTagError unless the segment is at tag `expected` (None: deleted)."""
    try:
        past = await db.segment.find_one_and_update(
            {"_id": key_of(project, revision.id), "rev": revision.rev - 1, "tag": expected},
            {"$set": _fields(revision, document)},
            session=session,
            return_document=ReturnDocument.BEFORE,
        )
    except DuplicateKeyError:
        raise SecondHeadError(project) from None
    if past is None:
        raise StaleTagError(revision.id)
    kept = {name: past[name] for name in ("project", "id", "rev", "tag", "text", "seq", "author", "modified")}
    await db.revision.insert_one(kept, session=session)


def _fields(revision: Revision, document: NewDocument | None) -> Document:
    return {
        "rev": revision.rev,
        "tag": revision.tag,
        "kind": document.kind if document else None,
        "order": document.order if document else None,
        "text": revision.document,
        "seq": revision.seq,
        "author": revision.author,
        "modified": revision.modified,
    }


async def answer_of(
    db: Database, session: Session, project: str, mark: str, write: Write, revisions: Sequence[Revision]
) -> Answer:
    answer = replace(write.answer(revisions), mark=mark)
    if write.receipt is not None:
        found = await db.project.find_one_and_update(
            {"_id": project},
            {"$inc": {"receipts": 1}},
            session=session,
            return_document=ReturnDocument.AFTER,
        )
        number: int = (found or {})["receipts"]
        await db.receipt.delete_many(
            {"project": project, "number": {"$lte": number - RECEIPTS}}, session=session
        )
        await db.receipt.insert_one(
            {
                "_id": key_of(project, write.receipt.key),
                "project": project,
                "number": number,
                "fingerprint": write.receipt.fingerprint,
                "status": answer.status,
                "tag": answer.tag,
                "body": answer.body,
            },
            session=session,
        )
    return answer
