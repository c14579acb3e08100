"""The machine of a segment on a server that went back: what is put there again, and what is asked about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.sync.segments import (
    BASE,
    GONE,
    MINE,
    MORE,
    T1,
    T2,
    T3,
    THEIRS,
    Line,
    dirty,
    sending,
    synced,
    version,
)
from vtt_desktop.sync.body import Body, ConflictKind
from vtt_desktop.sync.segment import NO_VERSION, Segment, Version
from vtt_desktop.sync.segment_events import (
    Adopt,
    Create,
    Delete,
    Due,
    Edited,
    Overruled,
    PutBack,
    Resolved,
    Save,
    Saved,
)


def test_an_older_version_is_what_mine_goes_on_top_of() -> None:
    line = sending()
    line(Saved(version(MINE, T2)))
    assert line(PutBack(version(BASE, T1))) == ()
    assert line(Due("w")) == (Save(MINE, BASE, T1, "w"),)


def test_a_removal_is_put_back_too() -> None:
    line = Line(Segment("k", past=(T1,)))
    line(PutBack(version(BASE, T1)))
    assert line(Due("w")) == (Delete(T1, "w"),)


def test_what_the_server_lost_is_made_again() -> None:
    line = Line(replace(synced(BASE), read_only=NO_VERSION))
    line(PutBack(GONE))
    assert line(Due("w")) == (Create(BASE, "w"),)


@pytest.mark.parametrize("now", [version(THEIRS, T3), GONE], ids=["changed", "removed"])
def test_what_somebody_did_since_is_a_persons_matter(now: Version) -> None:
    """I2: what is there and was never met may be newer."""
    line = Line(synced(BASE))
    line(PutBack(now, deleted=now.body is None))
    assert line.segment.theirs == now and line.segment.mine == BASE and not line.segment.due
    line(Edited(MORE))
    line(Edited(BASE))
    assert line.segment.theirs == now
    line(Resolved(BASE))
    assert line(Due("w")) == (Save(BASE, THEIRS, T3, "w") if now.body else Create(BASE, "w"),)


@pytest.mark.parametrize(
    ("mine", "theirs", "kind"),
    [
        (MINE, THEIRS, ConflictKind.EDIT),
        (None, THEIRS, ConflictKind.REMOVED_HERE),
        (MINE, None, ConflictKind.REMOVED_THERE),
    ],
)
def test_an_open_conflict_whose_other_side_is_there_stays_open(
    mine: Body | None, theirs: Body | None, kind: ConflictKind
) -> None:
    """I8, I11: from the base that it had, so that it is told in the same words."""
    line = Line(dirty(BASE, mine))
    line.hears(version(theirs, T2 if theirs else None))
    (before,) = line.segment.conflicts
    assert line(PutBack(version(theirs, T3 if theirs else None), deleted=theirs is None)) == ()
    assert line.segment.conflicts == (before,) and before.kind is kind and before.base == BASE.cues[0]
    assert not line.segment.due and not line.segment.nowhere
    assert line.segment.theirs is not None and line.segment.theirs.etag == (T3 if theirs else None)


def test_a_removal_over_what_nobody_here_has_met_waits_for_a_person() -> None:
    line = Line(dirty(BASE, None))
    line(PutBack(version(THEIRS, T3)))
    assert [c.kind for c in line.segment.conflicts] == [ConflictKind.REMOVED_HERE]
    assert not line.segment.nowhere, "it is not to be forgotten"
    line(Resolved(None))
    assert line(Due("w")) == (Delete(T3, "w"),)


def test_a_version_that_the_log_tells_of_was_met() -> None:
    line = Line(synced(BASE))
    line(PutBack(version(THEIRS, T3), met=True))
    assert line(Due("w")) == (Save(BASE, THEIRS, T3, "w"),)


def test_nothing_is_done_where_nothing_was_lost() -> None:
    line = Line(dirty(BASE, MINE))
    line(PutBack(version(BASE, T1)))
    assert line.segment == dirty(BASE, MINE)


@pytest.mark.parametrize("now", [version(THEIRS, T3), GONE, version(BASE, T1)], ids=str)
def test_what_the_server_has_is_taken_over_mine(now: Version) -> None:
    line = Line(dirty(BASE, MINE))
    assert line(Overruled(now)) == (Adopt(now.body, ()),)
    assert line.segment.mine == line.segment.base == now.body and not line.segment.due
