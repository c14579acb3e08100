"""The machine of a segment: every event in every phase, and any two of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.sync.segments import (
    BASE,
    CODEC,
    GONE,
    MINE,
    MORE,
    T1,
    T2,
    T3,
    T4,
    THEIRS,
    dirty,
    refused_as_stale,
    sending,
    synced,
    unseen_and_not_there,
    version,
)
from vtt_desktop.sync.segment import Phase, Segment
from vtt_desktop.sync.segment_events import (
    Adopt,
    Again,
    Due,
    Edited,
    Event,
    Fetched,
    Forbidden,
    NewToken,
    NotSent,
    PutBack,
    Refused,
    Resolved,
    Saved,
    Seen,
    Stale,
    Told,
    Unanswered,
    Unreadable,
)
from vtt_desktop.sync.segment_step import step

SEGMENTS: dict[str, Callable[[], Segment]] = {
    "nowhere": lambda: Segment("k"),
    "synced": lambda: synced(BASE),
    "dirty": lambda: dirty(BASE, MINE),
    "new": lambda: Segment("k", mine=MINE),
    "removed": lambda: dirty(BASE, None),
    "sending": lambda: sending().segment,
    "sending, typed on": lambda: step(sending().segment, Edited(MORE), CODEC.make)[0],
    "creating": lambda: step(Segment("k", mine=MINE), Due("w"), CODEC.make)[0],
    "deleting": lambda: sending(BASE, None).segment,
    "unknown": lambda: step(sending().segment, Unanswered(), CODEC.make)[0],
    "fetching": lambda: refused_as_stale().segment,
    "conflict": lambda: step(refused_as_stale().segment, Fetched(version(THEIRS, T2)), CODEC.make)[0],
    "gone": lambda: step(dirty(BASE, MINE), Seen(GONE), CODEC.make)[0],
    "in doubt": lambda: unseen_and_not_there(version(BASE, T3)).segment,
    "refused": lambda: step(sending().segment, Refused("no"), CODEC.make)[0],
    "read-only": lambda: step(sending().segment, Forbidden("no"), CODEC.make)[0],
}
EVENTS: list[Event] = [
    Edited(None),
    Edited(MORE),
    Edited(BASE),
    Due("w"),
    Saved(version(MINE, T3)),
    Saved(version(None, T3)),
    Saved(version(None, None)),
    Stale(),
    NotSent(),
    Unanswered(),
    Fetched(version(THEIRS, T3)),
    Fetched(version(BASE, T1)),
    Fetched(GONE),
    Fetched(GONE, deleted=True),
    Fetched(version(THEIRS, None)),
    Seen(version(THEIRS, T4)),
    Seen(GONE),
    Told(T4),
    Told(None),
    Unreadable("no text"),
    Refused("no"),
    Forbidden("no"),
    NewToken(),
    Again(),
    Resolved(MORE),
    Resolved(None),
    PutBack(version(THEIRS, T4)),
    PutBack(version(BASE, T1)),
    PutBack(GONE, deleted=True),
    PutBack(GONE),
]
ANSWERS = (Saved, Stale, NotSent, Unanswered, Fetched, Refused, Forbidden)


def happens(segment: Segment, event: Event) -> bool:
    """An answer comes only to a request; a write is answered as a write, a read as a read. What the server
    went back to is settled while nothing is out."""
    if isinstance(event, PutBack):
        return not segment.out
    if not isinstance(event, ANSWERS):
        return True
    if not segment.out:
        return False
    if segment.fetch:
        return not isinstance(event, (Saved, Stale, Unanswered))
    return not isinstance(event, Fetched) or event.version.body is None


def words(segment: Segment) -> set[str]:
    bodies = [segment.mine, segment.theirs.body if segment.theirs else None]
    return {one.text for side in bodies if side is not None for one in side.cues}


@pytest.mark.parametrize(("name", "event"), [*itertools.product(SEGMENTS, EVENTS)], ids=str)
def test_every_event_in_every_phase(name: str, event: Event) -> None:
    """What holds whatever happens: the person's words stay, nothing goes out unasked, the phase is one."""
    before = SEGMENTS[name]()
    if not happens(before, event):
        return
    after, actions = step(before, event, CODEC.make)
    requests = [one for one in actions if not isinstance(one, Adopt)]
    adopted = [one for one in actions if isinstance(one, Adopt)]
    assert len(requests) == (1 if isinstance(event, Due) and before.due else 0)
    assert after.out == (bool(requests) or (before.out and not isinstance(event, ANSWERS)))
    assert after.phase in Phase
    # A person's words, not known to be on the server, are never replaced without them.
    unsaved = before.mine is not None and before.mine != before.base
    if unsaved and not isinstance(event, (Edited, Resolved)):
        assert before.mine is not None and words(replace(after, theirs=None)) >= {
            one.text for one in before.mine.cues
        }
    # The document is told of what became of `mine`, or it already says so.
    if after.mine != before.mine and not isinstance(event, Edited):
        assert [one.body for one in adopted] == [after.mine]
    # Never a base without the tag it was seen under, unless that is said.
    if after.base is not None and after.etag is None:
        assert after.fetch or after.read_only
    assert bool(after.conflicts) == (after.theirs is not None)
    assert not (after.due and after.out)
    if after.theirs is not None and not after.fetch:
        assert not after.due


@pytest.mark.parametrize("name", SEGMENTS)
def test_any_two_events_end_where_something_can_be_done(name: str) -> None:
    """No dead end: after any two events a segment is at rest, due, out, or a person's to decide."""
    for first, second in itertools.product(EVENTS, EVENTS):
        segment = SEGMENTS[name]()
        for event in (first, second):
            if happens(segment, event):
                segment, _ = step(segment, event, CODEC.make)
        phase = segment.phase
        if phase in (Phase.DIRTY, Phase.UNKNOWN):
            assert segment.due or segment.out, (first, second)
        if phase is Phase.SENDING:
            assert segment.out
        if phase in (Phase.CONFLICT, Phase.GONE):
            assert segment.conflicts
        if phase is Phase.REFUSED:
            assert segment.refused or segment.read_only
