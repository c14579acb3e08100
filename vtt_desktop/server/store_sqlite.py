"""The store in one SQLite file: compare-and-swap is one conditional statement."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from vtt_desktop.server.documents import HEAD
from vtt_desktop.server.revisions import (
    RECEIPTS,
    Filling,
    deletion_of,
    new_epoch,
    new_mark,
    rev_after,
    revision_of,
    seq_in,
)
from vtt_desktop.server.sqlite_grants import SqliteGrants
from vtt_desktop.server.sqlite_schema import open_or_create
from vtt_desktop.server.sqlite_threads import Readers, Writer
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
    SecondHeadError,
    SegmentPage,
    SegmentsExistError,
    StaleTagError,
    Write,
)

MARKS = 4096
"""Marks kept in memory; the oldest go first."""

_COLUMNS = "id, rev, tag, document, seq, author, modified"

_KEEP_PAST = (
    "INSERT INTO revision (segment, rev, tag, document, seq, author, modified)"
    " SELECT key, rev, tag, document, seq, author, modified FROM segment WHERE project = ? AND id = ?"
)


class SqliteStore:
    """Keeps the promises of `Store`."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; raises UserError when that cannot be done."""
        self._writer = Writer(open_or_create(path))
        self._readers = Readers(path)
        self.grants = SqliteGrants(self._readers, self._writer)
        self._known: dict[tuple[str, str], None] = {}
        """Marks that need not be looked up: a history never loses one while it is open."""

    async def close(self) -> None:
        await asyncio.to_thread(self._readers.close)
        await asyncio.to_thread(self._writer.close)

    async def watch(self, changed: Callable[[str | None], None]) -> None:
        """SQLite tells nobody; a stream looks again at each heartbeat."""

    # -- reading

    async def projects(self) -> Sequence[Project]:
        def read(db: sqlite3.Connection) -> list[Project]:
            return [
                Project(*row)
                for row in db.execute(
                    "SELECT name, epoch, seq, (SELECT count(*) FROM segment"
                    " WHERE segment.project = project.key AND document IS NOT NULL)"
                    " FROM project ORDER BY name"
                )
            ]

        return await self._readers.run(read)

    async def knows(self, project: str, mark: str) -> bool:
        if (project, mark) in self._known:
            return True

        def read(db: sqlite3.Connection) -> bool:
            key = _project_key(db, project)
            where = "project = ? AND seq = ? AND mark = ?"
            found = db.execute(f"SELECT 1 FROM written WHERE {where}", (key, seq_in(mark), mark)).fetchone()
            return found is not None

        known = await self._readers.run(read)
        if known:
            self._remember(project, mark)
        return known

    def _remember(self, project: str, mark: str) -> None:
        self._known[project, mark] = None
        if len(self._known) > MARKS:
            del self._known[next(iter(self._known))]

    async def _write(self, project: str, run: Callable[[sqlite3.Connection], Answer]) -> Answer:
        """Carries out a write. Its mark is what the next request of this client brings."""
        answer = await self._writer.run(run)
        if answer.mark:
            self._remember(project, answer.mark)
        return answer

    async def recall(self, project: str, key: str) -> Answer | None:
        return await self._readers.run(lambda db: _recall(db, project, key))

    async def segment(self, project: str, segment_id: str) -> Revision:
        def read(db: sqlite3.Connection) -> Revision:
            key = _project_key(db, project)
            found = db.execute(
                f"SELECT {_COLUMNS} FROM segment WHERE project = ? AND id = ?", (key, segment_id)
            ).fetchone()
            if found is None:
                raise NoSuchSegmentError(segment_id)
            current = Revision(*found)
            return replace(current, mark=_mark(db, key, current.seq))

        return await self._readers.run(read)

    async def history(
        self, project: str, segment_id: str, before: int | None, limit: int
    ) -> Sequence[Revision]:
        def read(db: sqlite3.Connection) -> list[Revision]:
            found = db.execute(
                "SELECT key FROM segment WHERE project = ? AND id = ?",
                (_project_key(db, project), segment_id),
            ).fetchone()
            if found is None:
                raise NoSuchSegmentError(segment_id)
            past = "rev, tag, document, seq, author, modified"
            rows = db.execute(
                f"SELECT {past} FROM segment WHERE key = :key AND rev < :before UNION ALL"
                f" SELECT {past} FROM revision WHERE segment = :key AND rev < :before"
                " ORDER BY rev DESC LIMIT :limit",
                {"key": found[0], "before": (1 << 62) if before is None else before, "limit": limit},
            )
            return _bounded((Revision(segment_id, *row) for row in rows), limit)[0]

        return await self._readers.run(read)

    async def page(self, project: str, after: tuple[str, str] | None, limit: int) -> SegmentPage:
        def read(db: sqlite3.Connection) -> SegmentPage:
            key, epoch, seq = _project(db, project)
            # No order and no id is an empty string, so ("", "") stands before everything.
            rows = db.execute(
                f"SELECT {_COLUMNS}, position FROM segment WHERE project = ? AND document IS NOT NULL"
                " AND (position, id) > (?, ?) ORDER BY position, id LIMIT ?",
                (key, *(after or ("", "")), limit + 1),
            )
            positions: dict[str, str] = {}

            def revisions() -> Iterable[Revision]:
                for *row, position in rows:
                    positions[row[0]] = position
                    yield Revision(*row)

            items, more = _bounded(revisions(), limit)
            following = (positions[items[-1].id], items[-1].id) if more else None
            return SegmentPage(epoch, seq, _mark(db, key, seq), items, following)

        return await self._readers.run(read)

    async def changes(self, project: str, since: int, limit: int) -> ChangePage:
        def read(db: sqlite3.Connection) -> ChangePage:
            key, epoch, seq = _project(db, project)
            if since > seq:
                raise CursorGoneError(seq)
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM segment WHERE project = ? AND seq > ? ORDER BY seq LIMIT ?",
                (key, since, limit + 1),
            )
            items, more = _bounded((Revision(*row) for row in rows), limit)
            upto = items[-1].seq if more else seq
            return ChangePage(epoch, upto, _mark(db, key, upto), items, more)

        return await self._readers.run(read)

    async def file_parts(self, project: str) -> Sequence[str]:
        def read(db: sqlite3.Connection) -> list[str]:
            rows = db.execute(
                "SELECT document FROM segment WHERE project = ? AND document IS NOT NULL"
                " ORDER BY kind <> ?, position, id",
                (_project_key(db, project), HEAD),
            )
            return [document for (document,) in rows]

        return await self._readers.run(read)

    # -- writing

    async def create_project(self, name: str, write: Write) -> Answer:
        def run(db: sqlite3.Connection) -> Answer:
            if kept := _kept(db, name, write):
                return kept
            made = db.execute(
                "INSERT INTO project (name, epoch, seq) VALUES (?, ?, 0) ON CONFLICT (name) DO NOTHING",
                (name, new_epoch()),
            )
            if made.rowcount == 0:
                raise ProjectExistsError(name)
            return _answer(db, name, write, [])

        return await self._writer.run(run)

    async def create(self, project: str, documents: Sequence[NewDocument], write: Write) -> Answer:
        def run(db: sqlite3.Connection) -> Answer:
            if kept := _kept(db, project, write):
                return kept
            key, last = _next_seqs(db, project, len(documents))
            made: list[Revision] = []
            existing: list[str] = []
            for seq, document in enumerate(documents, last - len(documents) + 1):
                revision = _insert(db, key, document, seq, write.author)
                if revision is None:
                    existing.append(document.id)
                else:
                    made.append(revision)
            if existing:
                raise SegmentsExistError(existing)
            return _answer(db, project, write, made)

        return await self._write(project, run)

    async def replace(self, project: str, expected: str, document: NewDocument, write: Write) -> Answer:
        def run(db: sqlite3.Connection) -> Answer:
            if kept := _kept(db, project, write):
                return kept
            key, seq = _next_seqs(db, project, 1)
            revision = revision_of(document, rev_after(expected), seq, write.author)
            _swap(db, key, expected, revision, document)
            return _answer(db, project, write, [revision])

        return await self._write(project, run)

    async def delete(self, project: str, segment_id: str, expected: str, write: Write) -> Answer:
        def run(db: sqlite3.Connection) -> Answer:
            if kept := _kept(db, project, write):
                return kept
            key, seq = _next_seqs(db, project, 1)
            revision = deletion_of(segment_id, rev_after(expected), seq, write.author)
            _swap(db, key, expected, revision, None)
            return _answer(db, project, write, [revision])

        return await self._write(project, run)


def _project(db: sqlite3.Connection, name: str) -> tuple[int, str, int]:
    found = db.execute("SELECT key, epoch, seq FROM project WHERE name = ?", (name,)).fetchone()
    if found is None:
        raise NoSuchProjectError(name)
    return found[0], found[1], found[2]


def _project_key(db: sqlite3.Connection, name: str) -> int:
    return _project(db, name)[0]


def _next_seqs(db: sqlite3.Connection, name: str, count: int) -> tuple[int, int]:
    """The project's key and the last of `count` new sequence numbers, which are one write under one mark."""
    found = db.execute(
        "UPDATE project SET seq = seq + ? WHERE name = ? RETURNING key, seq", (count, name)
    ).fetchone()
    if found is None:
        raise NoSuchProjectError(name)
    mark = new_mark(found[1])
    db.execute("INSERT INTO written (project, seq, mark) VALUES (?, ?, ?)", (*found, mark))
    return found[0], found[1]


def _mark(db: sqlite3.Connection, project: int, seq: int) -> str:
    """The mark of the write that a sequence number belongs to; nothing where it is older than the first."""
    found = db.execute(
        "SELECT mark FROM written WHERE project = ? AND seq >= ? ORDER BY seq LIMIT 1", (project, seq)
    ).fetchone()
    return found[0] if found is not None and seq > 0 else ""


def _insert(
    db: sqlite3.Connection, project: int, document: NewDocument, seq: int, author: str
) -> Revision | None:
    """The new segment's first revision, or its next one after a deletion; None when it is there."""
    found = db.execute(
        "SELECT key, rev, document IS NULL FROM segment WHERE project = ? AND id = ?", (project, document.id)
    ).fetchone()
    if found is not None and not found[2]:
        return None
    revision = revision_of(document, 1 if found is None else found[1] + 1, seq, author)
    values = (
        revision.rev,
        revision.tag,
        document.kind,
        document.order,
        document.text,
        seq,
        author,
        revision.modified,
    )
    try:
        if found is None:
            db.execute(
                "INSERT INTO segment (rev, tag, kind, position, document, seq, author, modified, project, id)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, project, document.id),
            )
        else:
            db.execute(_KEEP_PAST, (project, document.id))
            db.execute(
                "UPDATE segment SET rev = ?, tag = ?, kind = ?, position = ?, document = ?, seq = ?,"
                " author = ?, modified = ? WHERE key = ?",
                (*values, found[0]),
            )
    except sqlite3.IntegrityError as error:
        raise SecondHeadError(document.id) from error
    return revision


def _swap(
    db: sqlite3.Connection, project: int, expected: str, revision: Revision, document: NewDocument | None
) -> None:
    """Compare and swap. Raises StaleTagError unless the segment is at tag `expected`."""
    # What will be replaced is copied first. Whether it is replaced is decided by the UPDATE alone, which
    # finds the segment at the expected tag or changes nothing; then the savepoint takes the copy back.
    db.execute(_KEEP_PAST, (project, revision.id))
    try:
        swapped = db.execute(
            "UPDATE segment SET rev = ?, tag = ?, kind = ?, position = ?, document = ?, seq = ?, author = ?,"
            " modified = ? WHERE project = ? AND id = ? AND tag = ?",
            (
                revision.rev,
                revision.tag,
                document.kind if document else None,
                document.order if document else None,
                revision.document,
                revision.seq,
                revision.author,
                revision.modified,
                project,
                revision.id,
                expected,
            ),
        )
    except sqlite3.IntegrityError as error:
        raise SecondHeadError(revision.id) from error
    if swapped.rowcount != 1:
        raise StaleTagError(revision.id)


def _recall(db: sqlite3.Connection, project: str, key: str) -> Answer | None:
    found = db.execute(
        "SELECT status, tag, body, fingerprint FROM receipt WHERE project = ? AND key = ?", (project, key)
    ).fetchone()
    if found is None:
        return None
    number, _, seq = _project(db, project)
    return replace(Answer(*found), mark=_mark(db, number, seq))


def _kept(db: sqlite3.Connection, project: str, write: Write) -> Answer | None:
    """The answer of the same request, when it was applied while this one waited."""
    return None if write.receipt is None else _recall(db, project, write.receipt.key)


def _answer(db: sqlite3.Connection, project: str, write: Write, revisions: Sequence[Revision]) -> Answer:
    answer = write.answer(revisions)
    if revisions:
        answer = replace(answer, mark=_mark(db, _project_key(db, project), revisions[-1].seq))
    if write.receipt is not None:
        number = db.execute(
            "INSERT INTO receipt (project, key, fingerprint, status, tag, body) VALUES (?, ?, ?, ?, ?, ?)",
            (project, write.receipt.key, write.receipt.fingerprint, answer.status, answer.tag, answer.body),
        ).lastrowid
        assert number is not None
        db.execute("DELETE FROM receipt WHERE number <= ?", (number - RECEIPTS,))
    return answer


def _bounded(revisions: Iterable[Revision], limit: int) -> tuple[list[Revision], bool]:
    """A page of revisions, and whether there are more."""
    page = Filling(limit)
    more = not all(map(page.takes, revisions))
    return page.items, more
