"""What a write does in PostgreSQL, inside its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import asyncpg

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

PAST = "rev, tag, document, seq, author, modified"
"""The columns that a revision has, whether it is the current one or a past one."""

# Compare, swap and keep what was: one statement. Its parts see the table as it was before, so that the past
# revision is the one that was swapped out. No segment at the expected tag: no row, in either table.
_SWAP = """
WITH swapped AS (
    UPDATE segment SET rev = $4, tag = $5, kind = $6, position = $7, document = $8, seq = $9, author = $10,
        modified = $11
    WHERE project = $1 AND id = $2 AND tag IS NOT DISTINCT FROM $3 RETURNING key
)
INSERT INTO revision (segment, rev, tag, document, seq, author, modified)
SELECT key, rev, tag, document, seq, author, modified FROM segment JOIN swapped USING (key)
"""
_INSERT = """
INSERT INTO segment (project, id, rev, tag, kind, position, document, seq, author, modified)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_KEEP_ANSWER = """
WITH counted AS (UPDATE project SET receipts = receipts + 1 WHERE name = $1 RETURNING receipts),
     gone AS (DELETE FROM receipt WHERE project = $1 AND number <= (SELECT receipts FROM counted) - $7)
INSERT INTO receipt (project, key, number, fingerprint, status, tag, body)
SELECT $1, $2, receipts, $3, $4, $5, $6 FROM counted
"""

Connection = Any
"""The driver tells its types to nobody."""


async def next_seqs(db: Connection, name: str, count: int, write: Write) -> tuple[int, int, str]:
    """The project's key, the last of `count` new sequence numbers, and the mark of this write.

    Who comes here second waits for the first one's commit, and sees all of it after.
    """
    found = await db.fetchrow(
        "UPDATE project SET seq = seq + $2 WHERE name = $1 RETURNING key, seq", name, count
    )
    if found is None:
        raise NoSuchProjectError(name)
    key, seq = found
    await not_applied_before(db, name, write)
    mark = new_mark(seq)
    await db.execute("INSERT INTO written (project, seq, mark) VALUES ($1, $2, $3)", key, seq, mark)
    return key, seq, mark


async def not_applied_before(db: Connection, name: str, write: Write) -> None:
    if write.receipt is not None and await db.fetchval(
        "SELECT true FROM receipt WHERE project = $1 AND key = $2", name, write.receipt.key
    ):
        raise AppliedBeforeError(write.receipt.key)


async def insert(db: Connection, project: int, made: Sequence[tuple[Revision, NewDocument]]) -> None:
    """New segments; one that was deleted goes on with the revision after its deletion."""
    for revision, document in made:
        if revision.rev > 1:
            await swap(db, project, None, revision, document)
    try:
        await db.executemany(
            _INSERT,
            [
                (project, revision.id, *_values(revision, document))
                for revision, document in made
                if revision.rev == 1
            ],
        )
    except asyncpg.UniqueViolationError as error:
        raise SecondHeadError(str(error)) from None


async def swap(
    db: Connection, project: int, expected: str | None, revision: Revision, document: NewDocument | None
) -> None:
    """Compare and swap. Raises StaleTagError unless the segment is at tag `expected` (None: deleted)."""
    try:
        done = await db.execute(_SWAP, project, revision.id, expected, *_values(revision, document))
    except asyncpg.UniqueViolationError as error:
        raise SecondHeadError(str(error)) from None
    if done != "INSERT 0 1":
        raise StaleTagError(revision.id)


def _values(revision: Revision, document: NewDocument | None) -> tuple[object, ...]:
    return (
        revision.rev,
        revision.tag,
        document.kind if document else None,
        document.order if document else None,
        revision.document,
        revision.seq,
        revision.author,
        revision.modified,
    )


async def answer_of(
    db: Connection, project: str, mark: str, write: Write, revisions: Sequence[Revision]
) -> Answer:
    answer = replace(write.answer(revisions), mark=mark)
    if write.receipt is not None:
        await db.execute(
            _KEEP_ANSWER,
            project,
            write.receipt.key,
            write.receipt.fingerprint,
            answer.status,
            answer.tag,
            answer.body,
            RECEIPTS,
        )
    return answer
