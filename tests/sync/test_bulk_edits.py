"""A bulk edit holds the loop for no longer than it has to: what it does cue by cue is counted, not timed."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from types import FrameType
from typing import Any

import pytest

from tests.sync.test_known_segments import NOWHERE, document, film
from vtt_desktop.app.journals import NoJournal
from vtt_desktop.app.session import Session
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.domain.document import Snapshot, applied, foreseen
from vtt_desktop.domain.edit import Edit
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.domain.edits_timing import shift
from vtt_desktop.domain.errors import StaleEditError
from vtt_desktop.sync.repository import Repository
from vtt_desktop.sync.state import SyncState

FEW, MANY = 100, 1100
PER_CUE = {"do": 1, "undo": 3, "redo": 3}
"""Calls for each cue: of each its segment is asked for, and of each an inverse is made (2)."""


def calls_of(work: Callable[[], object], kinds: tuple[str, ...] = ("call",)) -> int:
    """How many functions are called, of those written in Python."""
    count = 0

    def seen(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in kinds

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@asynccontextmanager
async def shared(count: int) -> AsyncIterator[Session]:
    """A session on so many cues, each a segment of a server that is not asked."""
    segments, tasks = film(count), Tasks()
    session = Session(document(segments), tasks=tasks, journal=NoJournal())
    session.share(NOWHERE, Repository(NOWHERE.profile, NOWHERE.base), segments, offline=True)
    yield session
    await session.close()
    await tasks.close()


def shifted(session: Session) -> Edit:
    snapshot = session.document.snapshot
    return foreseen(snapshot, shift(snapshot, snapshot.cues.ids, 40))


async def calls_by_act(count: int) -> dict[str, int]:
    async with shared(count) as session:
        edit = shifted(session)
        calls = {"do": calls_of(lambda: session.submit(edit))}
        assert session.sync.summary.waiting == count
        calls["undo"] = calls_of(session.undo)
        calls["redo"] = calls_of(session.redo)
        assert session.sync.summary.waiting == count and session.history.labels == (edit.label,)
    return calls


async def test_what_it_costs_the_loop_for_each_cue() -> None:
    few, many = await calls_by_act(FEW), await calls_by_act(MANY)
    grown = {act: many[act] - few[act] for act in few}
    assert all(grown[act] <= (PER_CUE[act] + 0.1) * (MANY - FEW) for act in grown), grown


def test_what_was_worked_out_in_advance_holds_for_that_document_only() -> None:
    first = document(film(3))
    edit = foreseen(first, set_text(first, 2, "ours"))
    other = applied(first, set_text(first, 1, "theirs"))
    assert [cue.text for cue in applied(other, edit).cues] == ["theirs", "ours", "words"]
    for snapshot in (first, Snapshot(first.head, first.cues)):  # an equal one is another, but for its cues
        again = foreseen(first, set_text(first, 2, "ours"))
        assert [cue.text for cue in applied(snapshot, again).cues] == ["words", "ours", "words"]
    stale = foreseen(first, set_text(first, 1, "ours"))
    with pytest.raises(StaleEditError):
        applied(other, stale)


def test_a_glance_at_the_whole_looks_at_no_segment() -> None:
    counts = []
    for count in (FEW, MANY):
        state = SyncState()
        state.touch([f"new-{number}" for number in range(count)], {})
        assert state.summary.total == state.summary.waiting == count
        counts.append(calls_of(partial(getattr, state, "summary")))
    assert counts[0] == counts[1]


async def test_what_is_not_due_any_more_is_not_dropped_one_by_one() -> None:
    """As when all of a bulk edit is undone before it was sent."""
    calls = []
    for count in (2 * FEW, MANY):
        async with shared(count) as session:
            assert session.engine is not None
            schedule = session.engine._schedule
            session.submit(shifted(session))
            await session.engine.settle()
            assert len(schedule._queue) == count
            schedule._due.clear()
            calls.append(calls_of(schedule._first, ("call", "c_call")))
            assert not schedule._queue
    assert calls[0] == calls[1]
