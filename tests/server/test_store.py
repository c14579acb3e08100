"""What every store must keep to, whatever database it stands on; and SQLite's own threads.

`STORES` is where another store joins the suite.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vtt_desktop.server.documents import canonical, check_document, stored_form
from vtt_desktop.server.sqlite_schema import open_or_create
from vtt_desktop.server.sqlite_threads import GROUP, Readers, Writer
from vtt_desktop.server.store import (
    Answer,
    CursorGoneError,
    NewDocument,
    NoSuchProjectError,
    NoSuchSegmentError,
    ProjectExistsError,
    Receipt,
    Revision,
    SecondHeadError,
    SegmentsExistError,
    StaleTagError,
    Store,
    StoreFullError,
    StoreUnavailableError,
    Write,
)
from vtt_desktop.server.store_sqlite import RECEIPTS, SqliteStore

STORES: dict[str, Callable[[Path], Store]] = {"sqlite": lambda folder: SqliteStore(folder / "store.sqlite")}


def new(segment_id: str, order: str, content: str = "", kind: str = "cues") -> NewDocument:
    document = check_document({"id": segment_id, "order": order, "content": content, "kind": kind})
    return NewDocument(segment_id, kind, order, stored_form(document))


def tags_of(made: Sequence[Revision]) -> Answer:
    return Answer(200, made[0].tag if made else None, canonical([revision.tag for revision in made]))


def by(author: str = "", receipt: Receipt | None = None) -> Write:
    return Write(author, tags_of, receipt)


STEP = st.tuples(
    st.sampled_from(["create", "replace", "stale", "delete", "reopen", "head"]),
    st.sampled_from("abcd"),
    st.sampled_from(["0", "1", "1!", "Z", "a"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
)


@pytest.mark.parametrize("kind", STORES)
@settings(max_examples=40)
@given(steps=st.lists(STEP, max_size=25), cut=st.integers(0, 30))
def test_a_store_agrees_with_a_plain_account_of_what_was_written(
    kind: str, steps: list[tuple[str, str, str, str]], cut: int
) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(_compare(STORES[kind], Path(folder), steps, cut))


async def _compare(
    open_store: Callable[[Path], Store], folder: Path, steps: list[tuple[str, str, str, str]], cut: int
) -> None:
    store = open_store(folder)
    written: dict[
        str, list[tuple[str | None, NewDocument | None]]
    ] = {}  # by id: tag and document, oldest first
    order_of_writes: list[str] = []

    def live(segment_id: str) -> bool:
        return bool(written.get(segment_id)) and written[segment_id][-1][1] is not None

    def note(segment_id: str, tag: str | None, document: NewDocument | None) -> None:
        written.setdefault(segment_id, []).append((tag, document))
        order_of_writes.append(segment_id)

    try:
        await store.create_project("p", by())
        for action, segment_id, order, content in steps:
            document = new(segment_id, order, content, "head" if action == "head" else "cues")
            tag = written[segment_id][-1][0] if live(segment_id) else None
            heads = [i for i in written if live(i) and written[i][-1][1].kind == "head"]  # type: ignore[union-attr]
            if action == "reopen":
                await store.close()
                store = open_store(folder)
            elif action in ("create", "head"):
                if live(segment_id):
                    with pytest.raises(SegmentsExistError):
                        await store.create("p", [document], by())
                elif action == "head" and heads:
                    with pytest.raises(SecondHeadError):
                        await store.create("p", [document], by())
                else:
                    note(segment_id, (await store.create("p", [document], by())).tag, document)
            elif action == "replace" and tag is not None:
                note(segment_id, (await store.replace("p", tag, document, by())).tag, document)
            elif action == "delete" and tag is not None:
                await store.delete("p", segment_id, tag, by())
                note(segment_id, None, None)
            else:
                # A tag that the segment had before, or never had.
                old = [t for t, _ in written.get(segment_id, []) if t not in (None, tag)]
                for stale in (*filter(None, old), "7-0"):
                    with pytest.raises(StaleTagError):
                        await store.replace("p", stale, document, by())
                    with pytest.raises(StaleTagError):
                        await store.delete("p", segment_id, stale, by())

        last = {segment_id: n for n, segment_id in enumerate(order_of_writes, 1)}
        page = await store.changes("p", 0, 100)
        assert page.seq == len(order_of_writes) and not page.more
        assert [(r.id, r.seq) for r in page.items] == sorted(last.items(), key=lambda item: item[1])
        since = min(cut, page.seq)
        assert [r.seq for r in (await store.changes("p", since, 100)).items] == [
            r.seq for r in page.items if r.seq > since
        ]
        with pytest.raises(CursorGoneError):
            await store.changes("p", page.seq + 1, 100)

        documents = {i: revisions[-1][1] for i, revisions in written.items() if revisions[-1][1] is not None}
        in_order = sorted(documents.values(), key=lambda d: (d.order, d.id))  # type: ignore[union-attr]
        assert [r.document for r in (await store.page("p", None, 100)).items] == [
            d.text for d in in_order if d
        ]
        head_first = sorted(documents.values(), key=lambda d: (d.kind != "head", d.order, d.id))  # type: ignore[union-attr]
        assert list(await store.file_parts("p")) == [d.text for d in head_first if d]
        for segment_id, revisions in written.items():
            history = await store.history("p", segment_id, None, 100)
            assert [r.rev for r in history] == list(range(len(revisions), 0, -1))
            assert [(r.tag, r.document) for r in reversed(history)] == [
                (t, d and d.text) for t, d in revisions
            ]
            current = await store.segment("p", segment_id)
            assert replace(current, mark="") == history[0] and await store.knows("p", current.mark)
            tags = [t for t, _ in revisions if t]
            assert len(set(tags)) == len(tags)
        assert [(p.name, p.seq, p.segments) for p in await store.projects()] == [
            ("p", page.seq, len(documents))
        ]
    finally:
        await store.close()


@pytest.mark.parametrize("kind", STORES)
async def test_a_store_refuses(kind: str, tmp_path: Path) -> None:
    store = STORES[kind](tmp_path)
    try:
        for read in (
            store.segment("p", "a"),
            store.history("p", "a", None, 1),
            store.page("p", None, 1),
            store.changes("p", 0, 1),
            store.file_parts("p"),
            store.create("p", [new("a", "a")], by()),
            store.replace("p", "1-0", new("a", "a"), by()),
            store.delete("p", "a", "1-0", by()),
        ):
            with pytest.raises(NoSuchProjectError):
                await read
        await store.create_project("p", by())
        with pytest.raises(ProjectExistsError):
            await store.create_project("p", by())
        with pytest.raises(NoSuchSegmentError):
            await store.segment("p", "a")
        await store.create("p", [new("a", "a")], by())
        with pytest.raises(SegmentsExistError) as caught:
            await store.create("p", [new("b", "b"), new("a", "a")], by())
        assert caught.value.ids == ["a"]
        # A refused write leaves no gap in the numbers and nothing of itself.
        assert (await store.changes("p", 0, 9)).seq == 1
    finally:
        await store.close()


@pytest.mark.parametrize("kind", STORES)
async def test_two_programs_on_one_store_never_both_win(kind: str, tmp_path: Path) -> None:
    one, other = STORES[kind](tmp_path), STORES[kind](tmp_path)
    try:
        await one.create_project("p", by())
        tag = (await one.create("p", [new("a", "a")], by())).tag
        for n in range(30):
            assert tag is not None
            outcomes = await asyncio.gather(
                *(
                    s.replace("p", tag, new("a", "a", f"{n} {i}"), by())
                    for i, s in enumerate([one, other] * 2)
                ),
                return_exceptions=True,
            )
            won = [outcome for outcome in outcomes if isinstance(outcome, Answer)]
            assert len(won) == 1 and sum(isinstance(o, StaleTagError) for o in outcomes) == 3
            tag = won[0].tag
    finally:
        await one.close()
        await other.close()


@pytest.mark.parametrize("kind", STORES)
async def test_answers_are_kept_with_the_write_and_not_for_ever(kind: str, tmp_path: Path) -> None:
    store = STORES[kind](tmp_path)
    try:
        await store.create_project("p", by())
        first = await store.create("p", [new("a", "a")], by(receipt=Receipt("k", "f")))
        again = await store.create("p", [new("a", "a")], by(receipt=Receipt("k", "f")))
        assert (again.tag, again.body, again.fingerprint) == (
            first.tag,
            first.body,
            "f",
        ) and not first.fingerprint
        with pytest.raises(SegmentsExistError):
            await store.create("p", [new("a", "a")], by(receipt=Receipt("l", "f")))
        assert await store.recall("p", "l") is None and await store.recall("other", "k") is None
    finally:
        await store.close()


async def test_old_answers_make_room(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "s.sqlite")
    try:
        await store.create_project("p", by(receipt=Receipt("old", "f")))
        db = sqlite3.connect(tmp_path / "s.sqlite")
        with db:
            db.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'receipt'", (RECEIPTS - 1,))
        db.close()
        await store.create("p", [new("a", "a")], by(receipt=Receipt("new", "f")))
        assert await store.recall("p", "old") is not None
        await store.create("p", [new("b", "b")], by(receipt=Receipt("newer", "f")))
        assert await store.recall("p", "old") is None and await store.recall("p", "new") is not None
    finally:
        await store.close()


def test_a_commit_is_on_the_disk_before_it_is_told(tmp_path: Path) -> None:
    db = open_or_create(tmp_path / "s.sqlite")
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert db.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    db.close()


async def test_a_file_of_the_version_before_is_brought_up_to_date(tmp_path: Path) -> None:
    """It has no marks, and gets them from here on; what it holds stays."""
    store = SqliteStore(tmp_path / "s.sqlite")
    await store.create_project("p", by())
    await store.create("p", [new("a", "a")], by())
    await store.close()
    db = sqlite3.connect(tmp_path / "s.sqlite")
    with db:
        db.execute("DROP TABLE written")
        db.execute("PRAGMA user_version = 1")
    db.close()
    store = SqliteStore(tmp_path / "s.sqlite")
    try:
        before = await store.changes("p", 0, 10)
        assert not await store.knows("p", "1-0123456789abcdef")
        assert (before.seq, before.mark) == (1, "") and [one.id for one in before.items] == ["a"]
        await store.create("p", [new("b", "b")], by())
        after = await store.changes("p", 1, 10)
        assert await store.knows("p", after.mark) and [one.id for one in after.items] == ["b"]
    finally:
        await store.close()


async def test_writes_that_wait_together_fail_apart(tmp_path: Path) -> None:
    writer, readers = Writer(open_or_create(tmp_path / "s.sqlite")), Readers(tmp_path / "s.sqlite")

    def insert(name: str, fail: bool) -> Callable[[sqlite3.Connection], str]:
        def job(db: sqlite3.Connection) -> str:
            db.execute("INSERT INTO project (name, epoch, seq) VALUES (?, '', 0)", (name,))
            if fail:
                raise LookupError(name)
            return name

        return job

    try:
        jobs = [writer.run(insert(f"{n:04}", fail=n % 3 == 0)) for n in range(GROUP + 50)]
        outcomes = await asyncio.gather(*jobs, return_exceptions=True)
        assert all(isinstance(o, LookupError) == (n % 3 == 0) for n, o in enumerate(outcomes))
        kept = await readers.run(
            lambda db: [name for (name,) in db.execute("SELECT name FROM project ORDER BY 1")]
        )
        assert kept == [name for name in outcomes if isinstance(name, str)]
        # A statement that breaks a rule of the tables is its own writer's fault, nobody else's.
        twice = [writer.run(insert("twice", fail=False)) for _ in range(3)]
        done = await asyncio.gather(*twice, return_exceptions=True)
        assert [type(o) for o in done] == [str, sqlite3.IntegrityError, sqlite3.IntegrityError]
    finally:
        await asyncio.to_thread(readers.close)
        await asyncio.to_thread(writer.close)


@pytest.mark.parametrize(
    ("pragma", "undo", "expected"),
    [
        ("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000", StoreFullError),
        ("PRAGMA query_only = ON", "PRAGMA query_only = OFF", StoreUnavailableError),
    ],
)
async def test_a_disk_that_refuses(tmp_path: Path, pragma: str, undo: str, expected: type[Exception]) -> None:
    """Full, and read-only: each write is told so, none is half done, and the store works again after."""
    connection = open_or_create(tmp_path / "s.sqlite")
    writer = Writer(connection)

    def insert(db: sqlite3.Connection) -> None:
        name = "x" * 100_000
        db.execute("INSERT INTO project (name, epoch, seq) SELECT ?, '', count(*) FROM project", (name,))

    def count(db: sqlite3.Connection) -> int:
        found: int = db.execute("SELECT count(*) FROM project").fetchone()[0]
        return found

    try:
        connection.execute(pragma)
        outcomes = await asyncio.gather(*(writer.run(insert) for _ in range(3)), return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [expected] * 3
        connection.execute(undo)
        assert await writer.run(count) == 0
        await writer.run(insert)
        assert await writer.run(count) == 1
    finally:
        await asyncio.to_thread(writer.close)
