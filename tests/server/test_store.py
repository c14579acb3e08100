"""What every store must keep to, whatever database it stands on. `KINDS` is where another joins the suite."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.server.writes import by, new
from vtt_desktop.server import revisions
from vtt_desktop.server.store import (
    Answer,
    CursorGoneError,
    Grant,
    NewDocument,
    NoSuchGrantError,
    NoSuchProjectError,
    NoSuchSegmentError,
    ProjectExistsError,
    Receipt,
    SecondHeadError,
    SegmentsExistError,
    StaleTagError,
    Store,
    TooManyGrantsError,
)
from vtt_desktop.server.store_address import Opening, store_at

KINDS = {"sqlite": "store_sqlite", "postgresql": "postgresql_writes", "mongodb": "mongodb_writes"}
"""Each kind of store, and the module that throws old answers away."""
_NUMBERS = count(1)

# MongoDB's driver leaves a socket behind when it is closed while it connects once more, to watch the server.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def opening(kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Opening:
    """Opens one store of each kind, as often as it is asked to."""
    if kind == "sqlite":
        return store_at(f"sqlite:///{tmp_path_factory.mktemp('store')}/store.sqlite")
    return store_at(request.getfixturevalue(kind).new())


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as one:
        yield one


@pytest.fixture(scope="module")
def programs(opening: Opening, runner: asyncio.Runner) -> Iterator[list[Store]]:
    """The store as two programs have it open at once, on the loop of `runner`."""
    both = [runner.run(opening()), runner.run(opening())]
    yield both
    for one in both:
        runner.run(one.close())


@pytest.fixture
async def store(opening: Opening) -> AsyncIterator[Store]:
    one = await opening()
    yield one
    await one.close()


@pytest.fixture
async def other(opening: Opening) -> AsyncIterator[Store]:
    """The same store, as another program has it open."""
    one = await opening()
    yield one
    await one.close()


@pytest.fixture
def name() -> str:
    """A project that no other test has."""
    return f"p{next(_NUMBERS)}"


STEP = st.tuples(
    st.sampled_from(["create", "replace", "stale", "delete", "reopen", "head"]),
    st.sampled_from("abcd"),
    st.sampled_from(["0", "1", "1!", "Z", "a"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
)


def test_a_store_agrees_with_a_plain_account_of_what_was_written(
    kind: str, opening: Opening, programs: list[Store], runner: asyncio.Runner
) -> None:
    async def another() -> Store:
        if kind == "sqlite":  # where the file is the program's own
            await programs[0].close()
            programs[0] = await opening()
        programs.reverse()
        return programs[0]

    @settings(max_examples=10 if kind == "mongodb" else 40)  # SecantusDB takes ten times as long
    @given(steps=st.lists(STEP, max_size=25), cut=st.integers(0, 30))
    def agrees(steps: list[tuple[str, str, str, str]], cut: int) -> None:
        runner.run(_compare(programs[0], another, f"p{next(_NUMBERS)}", steps, cut))

    agrees()


async def _compare(
    store: Store,
    another: Callable[[], Awaitable[Store]],
    name: str,
    steps: list[tuple[str, str, str, str]],
    cut: int,
) -> None:
    written: dict[
        str, list[tuple[str | None, NewDocument | None]]
    ] = {}  # by id: tag and document, oldest first
    order_of_writes: list[str] = []

    def live(segment_id: str) -> bool:
        return bool(written.get(segment_id)) and written[segment_id][-1][1] is not None

    def note(segment_id: str, tag: str | None, document: NewDocument | None) -> None:
        written.setdefault(segment_id, []).append((tag, document))
        order_of_writes.append(segment_id)

    await store.create_project(name, by())
    for action, segment_id, order, content in steps:
        document = new(segment_id, order, content, "head" if action == "head" else "cues")
        tag = written[segment_id][-1][0] if live(segment_id) else None
        heads = [i for i in written if live(i) and written[i][-1][1].kind == "head"]  # type: ignore[union-attr]
        if action == "reopen":
            store = await another()
        elif action in ("create", "head"):
            if live(segment_id):
                with pytest.raises(SegmentsExistError):
                    await store.create(name, [document], by())
            elif action == "head" and heads:
                with pytest.raises(SecondHeadError):
                    await store.create(name, [document], by())
            else:
                note(segment_id, (await store.create(name, [document], by())).tag, document)
        elif action == "replace" and tag is not None:
            note(segment_id, (await store.replace(name, tag, document, by())).tag, document)
        elif action == "delete" and tag is not None:
            await store.delete(name, segment_id, tag, by())
            note(segment_id, None, None)
        else:
            # A tag that the segment had before, or never had.
            old = [t for t, _ in written.get(segment_id, []) if t not in (None, tag)]
            for stale in (*filter(None, old), "7-0"):
                with pytest.raises(StaleTagError):
                    await store.replace(name, stale, document, by())
                with pytest.raises(StaleTagError):
                    await store.delete(name, segment_id, stale, by())

    last = {segment_id: n for n, segment_id in enumerate(order_of_writes, 1)}
    page = await store.changes(name, 0, 100)
    assert page.seq == len(order_of_writes) and not page.more
    assert [(r.id, r.seq) for r in page.items] == sorted(last.items(), key=lambda item: item[1])
    since = min(cut, page.seq)
    assert [r.seq for r in (await store.changes(name, since, 100)).items] == [
        r.seq for r in page.items if r.seq > since
    ]
    with pytest.raises(CursorGoneError):
        await store.changes(name, page.seq + 1, 100)

    documents = {i: revisions[-1][1] for i, revisions in written.items() if revisions[-1][1] is not None}
    in_order = sorted(documents.values(), key=lambda d: (d.order, d.id))  # type: ignore[union-attr]
    assert [r.document for r in (await store.page(name, None, 100)).items] == [d.text for d in in_order if d]
    head_first = sorted(documents.values(), key=lambda d: (d.kind != "head", d.order, d.id))  # type: ignore[union-attr]
    assert list(await store.file_parts(name)) == [d.text for d in head_first if d]
    for segment_id, states in written.items():
        history = await store.history(name, segment_id, None, 100)
        assert [r.rev for r in history] == list(range(len(states), 0, -1))
        assert [(r.tag, r.document) for r in reversed(history)] == [(t, d and d.text) for t, d in states]
        current = await store.segment(name, segment_id)
        assert replace(current, mark="") == history[0] and await store.knows(name, current.mark)
        tags = [t for t, _ in states if t]
        assert len(set(tags)) == len(tags)
    listed = [(p.name, p.seq, p.segments) for p in await store.projects() if p.name == name]
    assert listed == [(name, page.seq, len(documents))]


async def test_a_store_refuses(store: Store, name: str) -> None:
    for read in (
        store.segment(name, "a"),
        store.history(name, "a", None, 1),
        store.page(name, None, 1),
        store.changes(name, 0, 1),
        store.file_parts(name),
        store.knows(name, "1-0123456789abcdef"),
        store.create(name, [new("a", "a")], by()),
        store.replace(name, "1-0", new("a", "a"), by()),
        store.delete(name, "a", "1-0", by()),
    ):
        with pytest.raises(NoSuchProjectError):
            await read
    assert await store.recall(name, "k") is None
    await store.create_project(name, by())
    with pytest.raises(ProjectExistsError):
        await store.create_project(name, by())
    with pytest.raises(NoSuchSegmentError):
        await store.segment(name, "a")
    with pytest.raises(NoSuchSegmentError):
        await store.history(name, "a", None, 1)
    assert not await store.knows(name, "") and not await store.knows(name, "0-0123456789abcdef")
    await store.create(name, [new("a", "a")], by())
    with pytest.raises(SegmentsExistError) as caught:
        await store.create(name, [new("b", "b"), new("a", "a")], by())
    assert caught.value.ids == ["a"]
    with pytest.raises(StaleTagError):
        await store.replace(name, "1-0", new("none", "a"), by())
    # A refused write leaves no gap in the numbers and nothing of itself.
    assert (await store.changes(name, 0, 9)).seq == 1


async def test_a_project_has_one_head_whoever_makes_a_second(store: Store, other: Store, name: str) -> None:
    await store.create_project(name, by())
    heads = [new(f"h{n}", "!", kind="head") for n in range(4)]
    made = await asyncio.gather(
        *(s.create(name, [head], by()) for s, head in zip([store, other] * 2, heads, strict=True)),
        return_exceptions=True,
    )
    assert [type(one) for one in made if not isinstance(one, Answer)] == [SecondHeadError] * 3
    tag = (await store.create(name, [new("c", "c")], by())).tag
    assert tag is not None
    with pytest.raises(SecondHeadError):
        await store.replace(name, tag, new("c", "!", kind="head"), by())
    assert (await store.changes(name, 0, 9)).seq == 2


async def test_two_programs_on_one_store_never_both_win(store: Store, other: Store, name: str) -> None:
    await store.create_project(name, by())
    tag = (await store.create(name, [new("a", "a")], by())).tag
    for n in range(20):
        assert tag is not None
        outcomes = await asyncio.gather(
            *(
                s.replace(name, tag, new("a", "a", f"{n} {i}"), by())
                if i != n % 4 or n < 19
                else s.delete(name, "a", tag, by())
                for i, s in enumerate([store, other] * 2)
            ),
            return_exceptions=True,
        )
        won = [outcome for outcome in outcomes if isinstance(outcome, Answer)]
        assert len(won) == 1 and sum(isinstance(o, StaleTagError) for o in outcomes) == 3
        tag = won[0].tag
    # Each revision is the successor of one that was there, and all that were superseded are kept.
    history = await store.history(name, "a", None, 100)
    assert [revision.rev for revision in history] == list(range(21, 0, -1))


async def test_of_two_programs_that_make_one_project_or_segment_one_does(
    store: Store, other: Store, name: str
) -> None:
    both = [store, other] * 2
    made = await asyncio.gather(*(s.create_project(name, by()) for s in both), return_exceptions=True)
    assert sum(isinstance(one, Answer) for one in made) == 1
    assert sum(isinstance(one, ProjectExistsError) for one in made) == 3
    again = await asyncio.gather(
        *(s.create(name, [new("a", "a")], by()) for s in both), return_exceptions=True
    )
    assert sum(isinstance(one, Answer) for one in again) == 1
    assert sum(isinstance(one, SegmentsExistError) for one in again) == 3


async def test_who_follows_by_numbers_misses_nothing_while_two_programs_write(
    store: Store, other: Store, name: str
) -> None:
    """A number is seen only when all below it are: a cursor that passes one never comes back for it."""
    await store.create_project(name, by())

    async def write(program: Store, letter: str) -> None:
        for n in range(0, 30, 3):
            await program.create(name, [new(f"{letter}{n + i}", "a") for i in range(3)], by())

    async def follow() -> list[int]:
        seen: list[int] = []
        while len(seen) < 120:
            page = await store.changes(name, seen[-1] if seen else 0, 7)
            seen += [revision.seq for revision in page.items]
            assert page.seq == (seen[-1] if seen else 0)
        return seen

    async with asyncio.timeout(60):
        *_, seen = await asyncio.gather(
            write(store, "a"), write(store, "b"), write(other, "c"), write(other, "d"), follow()
        )
    assert seen == list(range(1, 121))


async def test_who_watches_is_told_of_what_others_write(
    store: Store, other: Store, name: str, kind: str
) -> None:
    if kind == "sqlite":
        await store.watch(lambda _: None)  # it tells nobody, and says so by coming back
        return
    await store.create_project(name, by())
    told: asyncio.Queue[str | None] = asyncio.Queue()
    async with asyncio.timeout(30), asyncio.TaskGroup() as background:
        watching = background.create_task(store.watch(told.put_nowait))
        assert await told.get() is None  # what was written before, nobody told
        await other.create(name, [new("a", "a")], by())
        assert await told.get() == name
        watching.cancel()


async def test_marks_of_others_are_known_and_lead_to_the_write_that_made_a_number(
    store: Store, other: Store, name: str
) -> None:
    await store.create_project(name, by())
    several = (await store.create(name, [new(f"s{n}", "a") for n in range(3)], by())).mark
    one = (await other.create(name, [new("x", "a")], by())).mark
    assert [await program.knows(name, mark) for program in (store, other) for mark in (several, one)] == [
        True
    ] * 4
    assert not await store.knows(name, several[:-1] + ("0" if several[-1] != "0" else "1"))
    assert {(await store.segment(name, f"s{n}")).mark for n in range(3)} == {several}
    assert (await store.changes(name, 0, 2)).mark == several  # in the middle of the write
    assert (await store.changes(name, 0, 9)).mark == one == (await other.page(name, None, 9)).mark


async def test_answers_are_kept_with_the_write_and_not_for_ever(
    store: Store, other: Store, name: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await store.create_project(name, by(receipt=Receipt("new", "g")))
    assert (await other.create_project(name, by(receipt=Receipt("new", "g")))).fingerprint == "g"
    assert not made.fingerprint
    first = await store.create(name, [new("a", "a")], by(receipt=Receipt("k", "f")))
    again = await store.create(name, [new("a", "a")], by(receipt=Receipt("k", "f")))
    assert (again.tag, again.body, again.fingerprint) == (
        first.tag,
        first.body,
        "f",
    ) and not first.fingerprint
    assert again.mark == first.mark
    with pytest.raises(SegmentsExistError):
        await store.create(name, [new("a", "a")], by(receipt=Receipt("l", "f")))
    assert await store.recall(name, "l") is None and await store.recall(name + "-", "k") is None
    # Copies of one request that race are one write, whichever program they reach.
    assert first.tag is not None
    copies = [
        s.replace(name, first.tag, new("a", "b"), by(receipt=Receipt("r", "f"))) for s in [store, other] * 2
    ]
    answers = await asyncio.gather(*copies)
    assert len({answer.tag for answer in answers}) == 1
    assert [answer.fingerprint for answer in answers].count("f") == 3
    assert (await store.changes(name, 0, 9)).seq == 2
    monkeypatch.setattr(importlib.import_module(f"vtt_desktop.server.{KINDS[kind]}"), "RECEIPTS", 2)
    await store.create(name, [new("b", "b")], by(receipt=Receipt("last", "f")))
    kept = [await store.recall(name, key) is not None for key in ("new", "k", "r", "last")]
    assert kept == [False, False, True, True]


async def test_tokens_are_known_by_their_hashes_until_they_are_taken_back(
    store: Store, other: Store, name: str, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    one, two = (
        Grant(f"id{n}", "Anna", role, f"{n}" * 64, f"{n}") for n, role in enumerate(["reader", "owner"])
    )
    for read in (store.grants.all(name), store.grants.add(name, one), store.grants.remove(name, "id0")):
        with pytest.raises(NoSuchProjectError):
            await read
    assert await store.grants.role_of(name, one.digest) is None
    await store.create_project(name, by())
    await store.create_project(f"{name}-", by())
    await store.grants.add(name, one)
    await other.grants.add(name, two)
    assert list(await store.grants.all(name)) == [one, two] and not await store.grants.all(f"{name}-")
    assert [await other.grants.role_of(name, grant.digest) for grant in (one, two)] == ["reader", "owner"]
    assert await store.grants.role_of(f"{name}-", one.digest) is None
    await store.grants.remove(name, one.id)
    assert [await p.grants.role_of(name, one.digest) for p in (store, other)] == [None, None]
    with pytest.raises(NoSuchGrantError):
        await other.grants.remove(name, one.id)
    monkeypatch.setattr(importlib.import_module(f"vtt_desktop.server.{kind}_grants"), "MOST_GRANTS", 3)
    for _ in range(5):
        more = [Grant(f"more{n}", "", "editor", f"more{n}", "") for n in range(4)]
        added = [p.grants.add(name, grant) for p, grant in zip([store, other] * 2, more, strict=True)]
        outcomes = await asyncio.gather(*added, return_exceptions=True)
        assert sum(isinstance(outcome, TooManyGrantsError) for outcome in outcomes) == 2
        kept = [grant.id for grant in await store.grants.all(name) if grant.name == ""]
        assert len(kept) == 2  # and the owner's
        for grant_id in kept:
            await store.grants.remove(name, grant_id)


async def test_orders_and_ids_sort_by_their_bytes(store: Store, name: str) -> None:
    await store.create_project(name, by())
    orders = ["a", "Z", "1!", "1", "_", "a0", "aZ", "~"]
    await store.create(name, [new(f"s{n}", order) for n, order in enumerate(orders)], by())
    ids = ["b", "B", "-", "~", ".a", "_", "9"]
    await store.create(name, [new(one, "!") for one in ids], by())
    expected = [*sorted(ids), *(f"s{orders.index(order)}" for order in sorted(orders))]
    assert [revision.id for revision in (await store.page(name, None, 99)).items] == expected
    one_by_one, after = [], None
    for _ in expected:
        page = await store.page(name, after, 1)
        one_by_one += [revision.id for revision in page.items]
        after = page.next_after
    assert one_by_one == expected and after is None


async def test_a_page_ends_before_its_documents_are_too_large_together(
    store: Store, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.create_project(name, by())
    await store.create(name, [new(f"s{n}", f"{n}", "x" * 1000) for n in range(6)], by())
    monkeypatch.setattr(revisions, "PAGE_CHARACTERS", 2500)
    first = await store.page(name, None, 9)
    assert [revision.id for revision in first.items] == ["s0", "s1"] and first.next_after == ("1", "s1")
    following = await store.page(name, first.next_after, 9)
    assert [revision.id for revision in following.items] == ["s2", "s3"]
    changes = await store.changes(name, 0, 9)
    assert (len(changes.items), changes.seq, changes.more) == (2, 2, True)
    monkeypatch.setattr(revisions, "PAGE_CHARACTERS", 10)
    alone = await store.page(name, None, 9)  # one at least, however large
    assert [revision.id for revision in alone.items] == ["s0"]
