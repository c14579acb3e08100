"""What the server asks of a store. One small interface, whatever database keeps it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Project:
    """`epoch` is random and made with the project: another epoch is another project under the same name."""

    name: str
    epoch: str
    seq: int
    segments: int


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of one segment. A deletion is a revision too: `tag` and `document` are None then.

    `document` is canonical JSON text, `modified` UTC in ISO 8601 (for people: nothing is decided by it),
    `seq` the project's sequence number of the write that made it. `mark` (`Store.knows`) is told of a current
    revision only.
    """

    id: str
    rev: int
    tag: str | None
    document: str | None
    seq: int
    author: str
    modified: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A checked document on its way in; `text` is its canonical form."""

    id: str
    kind: str
    order: str
    text: str


@dataclass(frozen=True, slots=True)
class SegmentPage:
    """Segments in file order; `next_after` is where the next page starts, None at the end. `mark` is that of
    the write that brought the project to `seq` (`Store.knows`)."""

    epoch: str
    seq: int
    mark: str
    items: Sequence[Revision]
    next_after: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class ChangePage:
    """The latest change of each segment, by ascending `seq`. The page's own `seq` is the project's or, where
    there is `more`, the last change's, and `mark` that of the write that `seq` belongs to."""

    epoch: str
    seq: int
    mark: str
    items: Sequence[Revision]
    more: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer as it is kept for a replay. `tag` is the opaque ETag, None for none; `mark` is
    where the history is (`Store.knows`)."""

    status: int
    tag: str | None
    body: str
    fingerprint: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Asks to keep the answer of a write, in the write's own transaction, under an Idempotency-Key."""

    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Write:
    """Who writes, how the answer is made from what was written, and whether it is kept for replays."""

    author: str
    answer: Callable[[Sequence[Revision]], Answer]
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """A token that was given out for a project: whose it is and what it allows (`roles.ROLES`).

    `digest` is the token's SHA-256 in hexadecimal; the token itself is kept nowhere. `made`: as `modified`.
    """

    id: str
    name: str
    role: str
    digest: str
    made: str


MOST_GRANTS = 1000
"""Tokens of one project."""


class StoreError(Exception):
    """Base of what a store refuses."""


class NoSuchProjectError(StoreError):
    """The project is not there."""


class ProjectExistsError(StoreError):
    """The project is there already."""


class NoSuchSegmentError(StoreError):
    """The segment never was."""


class SegmentsExistError(StoreError):
    """Some of the segments to create are there already: `ids`."""

    def __init__(self, ids: Sequence[str]) -> None:
        super().__init__(", ".join(ids))
        self.ids = list(ids)


class SecondHeadError(StoreError):
    """A project holds one head at most."""


class StaleTagError(StoreError):
    """The segment is not any more at the tag that the write was built on. Nothing was written."""


class CursorGoneError(StoreError):
    """The change cursor is not of this store's history: `seq` is where the project is."""

    def __init__(self, seq: int) -> None:
        super().__init__(str(seq))
        self.seq = seq


class NoSuchGrantError(StoreError):
    """The token was not given out, or was taken back already."""


class TooManyGrantsError(StoreError):
    """The project has `MOST_GRANTS` tokens."""


class StoreFullError(StoreError):
    """The disk is full. Nothing was written."""


class StoreUnavailableError(StoreError):
    """The store cannot be read or written just now. Nothing was written."""


class StoreUncertainError(StoreError):
    """The store went away while it was told to keep a write: it may be there or not."""


class Grants(Protocol):
    """The tokens of projects. What holds for a store's methods holds for these."""

    async def role_of(self, project: str, digest: str) -> str | None:
        """The role of a token's hash in a project, None where either is not there."""

    async def all(self, project: str) -> Sequence[Grant]:
        """The tokens of a project, the oldest first. Raises NoSuchProjectError."""

    async def add(self, project: str, grant: Grant) -> None:
        """Raises NoSuchProjectError, TooManyGrantsError."""

    async def remove(self, project: str, grant_id: str) -> None:
        """From when this returns the token opens nothing. Raises NoSuchProjectError, NoSuchGrantError."""


class Store(Protocol):
    """Every write is atomic and durable when it returns. Any method raises StoreUnavailableError,
    and any write StoreFullError or StoreUncertainError, when the disk or the database says so."""

    @property
    def grants(self) -> Grants:
        """The tokens that were given out."""

    async def projects(self) -> Sequence[Project]:
        """All projects by name."""

    async def create_project(self, name: str, write: Write) -> Answer:
        """Raises ProjectExistsError. The answer is made from no revisions."""

    async def knows(self, project: str, mark: str) -> bool:
        """Whether a write of that mark is in the project's history. Each write has one, its last sequence
        number and a random text: one that a client was told and that is not here is of a history that was
        lost, as by putting an older copy of the store in its place. Raises NoSuchProjectError."""

    async def recall(self, project: str, key: str) -> Answer | None:
        """The answer kept under an Idempotency-Key, if it is kept (still)."""

    async def segment(self, project: str, segment_id: str) -> Revision:
        """The current revision, which may be a deletion. Raises NoSuchProjectError, NoSuchSegmentError."""

    async def history(
        self, project: str, segment_id: str, before: int | None, limit: int
    ) -> Sequence[Revision]:
        """Revisions below `before`, the newest first. Raises NoSuchProjectError, NoSuchSegmentError."""

    async def page(self, project: str, after: tuple[str, str] | None, limit: int) -> SegmentPage:
        """Live segments by (order, id) beyond `after`. Raises NoSuchProjectError."""

    async def changes(self, project: str, since: int, limit: int) -> ChangePage:
        """Changes above `since`. Raises NoSuchProjectError, CursorGoneError."""

    async def file_parts(self, project: str) -> Sequence[str]:
        """All live documents, the head first, then by (order, id). Raises NoSuchProjectError."""

    async def create(self, project: str, documents: Sequence[NewDocument], write: Write) -> Answer:
        """All or nothing. Raises NoSuchProjectError, SegmentsExistError, SecondHeadError."""

    async def replace(self, project: str, expected: str, document: NewDocument, write: Write) -> Answer:
        """Compare and swap: only a segment that is at tag `expected` is written.

        Raises StaleTagError, SecondHeadError.
        """

    async def delete(self, project: str, segment_id: str, expected: str, write: Write) -> Answer:
        """Compare and swap to a deletion. Raises StaleTagError."""

    async def watch(self, changed: Callable[[str | None], None]) -> None:
        """Tells of projects that other programs write to, or that any may have been written to (None).

        A hint, which may come late, twice or never. Runs until it is cancelled, or returns where the store
        has no way to tell.
        """

    async def close(self) -> None:
        """Finish what was accepted, then let go of the files."""
