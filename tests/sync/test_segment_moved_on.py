"""The machine of a segment: the server's copy moves again while a person has to decide."""

from __future__ import annotations

import pytest

from tests.sync.segments import (
    BASE,
    GONE,
    MINE,
    MINE_TEXT_THEIR_TIME,
    T1,
    T2,
    T3,
    T4,
    THEIR_TIME,
    THEIRS,
    Line,
    body,
    cue,
    dirty,
    unseen_and_not_there,
    version,
)
from vtt_desktop.sync.body import Body, ConflictKind
from vtt_desktop.sync.segment_events import Adopt, Chose, Due, Edited, Fetch, Fetched, NotSent, Save, Seen


def in_conflict() -> Line:
    """Two texts; nothing of ours was sent."""
    line = Line(dirty(BASE, MINE))
    line.hears(version(THEIRS, T2))
    assert line.phase == "conflict" and line.segment.conflicts[0].kind is ConflictKind.EDIT
    return line


@pytest.mark.parametrize(("now", "merged"), [(THEIR_TIME, MINE_TEXT_THEIR_TIME), (BASE, MINE)])
def test_a_conflict_of_which_nothing_is_left_ends_once_a_read_has_shown_it(now: Body, merged: Body) -> None:
    line = in_conflict()
    line(Seen(version(now, T3)))
    assert line.phase == "conflict" and line(Due()) == (Fetch(),)
    actions = line(Fetched(version(now, T3)))
    assert [one.body for one in actions if isinstance(one, Adopt)] == ([merged] if merged != MINE else [])
    assert line.phase == "dirty" and line.segment.etag == T3
    assert line(Due("w")) == (Save(merged, now, T3, "w"),)


def test_until_then_nobody_is_told_that_something_was_sent() -> None:
    line = in_conflict()
    line(Seen(version(THEIR_TIME, T3)))
    assert [one.kind for one in line.segment.conflicts] == [ConflictKind.EDIT]
    line(Due())
    line(NotSent())
    assert [one.kind for one in line.segment.conflicts] == [ConflictKind.EDIT]


@pytest.mark.parametrize("now", [body("another"), None])
def test_what_is_still_in_conflict_stays_so(now: Body | None) -> None:
    line = in_conflict()
    line(Seen(version(now, T3) if now is not None else GONE))
    assert line.phase == ("conflict" if now is not None else "gone") and not line.segment.due


def test_what_was_sent_and_not_seen_is_still_asked_about() -> None:
    """I5: what would merge may be what somebody took back."""
    line = unseen_and_not_there(version(BASE, T3), "")
    line(Seen(version(THEIR_TIME, T4)))
    assert line.phase == "conflict" and not line.segment.due
    assert line.segment.conflicts[0].kind is ConflictKind.REVERTED


def test_what_was_decided_of_it_before_is_put_aside() -> None:
    """One of two is decided; then the other is taken back there, and the first as well."""
    was, mine = body("a", cue("b", 3000, 4000, id=2)), body("x", cue("y", 3000, 4000, id=2))
    line = Line(dirty(was, mine))
    line.hears(version(body("p", cue("q", 3000, 4000, id=2)), T2))
    line(Chose(1, cue("composed")))
    line(Seen(version(was, T3)))
    assert line.phase == "conflict" and line(Due()) == (Fetch(),)
    line(Fetched(version(was, T3)))
    assert line.phase == "dirty" and line.segment.mine == mine and line.segment.chosen == ()
    assert line.segment.etag != T1


@pytest.mark.parametrize("typed", ["a", "p"], ids=["as it was", "as they have it"])
def test_typing_it_back_ends_the_conflict_of_a_cue_beside_one_that_was_edited(typed: str) -> None:
    """Nobody is asked about two cues that one side each has changed."""
    other = cue("y", 3000, 4000, id=2)
    line = Line(dirty(body("a", cue("b", 3000, 4000, id=2)), body("x", other)))
    theirs = version(body("p", cue("b", 3000, 4000, id=2)), T2)
    line.hears(theirs)
    assert [one.id for one in line.segment.conflicts] == [1]
    line(Edited(body(typed, other)))
    assert line.phase == "dirty" and line(Due()) == (Fetch(),)
    line(Fetched(theirs))
    assert line.segment.mine == body("p", other) and line.segment.etag == T2
