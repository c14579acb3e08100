"""What all stores do alike: the next revision of a segment, marks, pages of bounded size, writers' turns."""

from __future__ import annotations

import asyncio
import datetime
import secrets
from weakref import WeakValueDictionary

from vtt_desktop.server.documents import revision_tag
from vtt_desktop.server.store import NewDocument, Revision

PAGE_CHARACTERS = 8 << 20
"""A page ends before its items' documents pass this together, however high the limit."""
RECEIPTS = 20_000
"""Answers kept for replays; the oldest go first."""
BUSY_SECONDS = 3
"""How long a write waits for one of another program; shorter than clients wait for an answer."""


class AppliedBeforeError(Exception):
    """The write was carried out while this copy of it waited."""


class Filling:
    """A page while it fills: at most `limit` revisions and about `PAGE_CHARACTERS` of documents."""

    def __init__(self, limit: int) -> None:
        self.items: list[Revision] = []
        self._limit = limit
        self._size = 0

    def takes(self, revision: Revision) -> bool:
        """Whether there was room for one more; if not, the page is full and there are more."""
        self._size += len(revision.document or "")
        if len(self.items) == self._limit or (self.items and self._size > PAGE_CHARACTERS):
            return False
        self.items.append(revision)
        return True


class Turns:
    """Lets one write into a project at a time: others of this process would wait in the database instead."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, project: str) -> asyncio.Lock:
        """The lock of a project, the same for all who hold or wait for it."""
        lock = self._locks.get(project)
        if lock is None:
            self._locks[project] = lock = asyncio.Lock()
        return lock


def revision_of(document: NewDocument, rev: int, seq: int, author: str) -> Revision:
    """A document as the revision `rev` of its segment."""
    tag = revision_tag(rev, document.text)
    return Revision(document.id, rev, tag, document.text, seq, author, now())


def deletion_of(segment_id: str, rev: int, seq: int, author: str) -> Revision:
    """The deletion of a segment as its revision `rev`."""
    return Revision(segment_id, rev, None, None, seq, author, now())


def rev_after(tag: str) -> int:
    """The number of the revision that replaces the one at `tag`."""
    return int(tag.partition("-")[0]) + 1


def new_epoch() -> str:
    """What tells a project from another one of its name."""
    return secrets.token_hex(8)


def new_mark(seq: int) -> str:
    """The mark of a write whose last sequence number is `seq`."""
    return f"{seq}-{secrets.token_hex(8)}"


def seq_in(mark: str) -> int:
    """The sequence number in a mark; 0, which no write has, in what is none."""
    digits = mark.partition("-")[0]
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else 0


def now() -> str:
    """UTC in ISO 8601, for people."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
