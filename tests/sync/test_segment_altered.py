"""The machine of a segment: a server that makes something else of what it is sent, and names its version."""

from __future__ import annotations

import pytest

from tests.sync.segments import (
    BASE,
    MINE,
    MORE,
    T1,
    T2,
    T3,
    THEIRS,
    Line,
    body,
    sending,
    version,
)
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.segment_events import Adopt, Create, Delete, Due, Edited, Fetch, Fetched, Save, Saved

TIDY = body("mine, tidied")
UNTOLD = version(None, None)


def answered(named: str | None) -> Line:
    line = sending()
    line(Saved(UNTOLD, named))
    assert line.phase == "sending" or line.segment.due
    return line


def test_what_is_under_the_version_that_the_answer_named_is_ours() -> None:
    line = answered(T2)
    assert line(Due()) == (Fetch(),)
    assert line(Fetched(version(TIDY, T2))) == (Adopt(TIDY, (), altered=True),)
    assert line.phase == "synced" and (line.segment.base, line.segment.etag) == (TIDY, T2)
    assert line.segment.saved == (T2,) and not line.segment.due


@pytest.mark.parametrize("named", [T2, None, T1])
def test_anything_else_is_asked_about(named: str | None) -> None:
    """I8: somebody wrote in between; or nothing named a version, or the one that it was sent under."""
    line = answered(named)
    line(Due())
    line.sees(version(THEIRS, T3 if named == T2 else (named or T2)))
    assert line.phase == "conflict" or named == T1 and line.phase in ("unknown", "sending", "dirty")
    assert line.segment.mine == MINE


def test_what_was_typed_since_goes_on_top() -> None:
    """I10."""
    line = answered(T2)
    line(Due())
    line(Edited(MORE))
    assert line(Fetched(version(TIDY, T2))) == ()
    assert line.phase == "dirty" and line(Due("w2")) == (Save(MORE, TIDY, T2, "w2"),)


def test_what_was_removed_since_stays_removed() -> None:
    line = answered(T2)
    line(Due())
    line(Edited(None))
    assert line(Fetched(version(TIDY, T2))) == ()
    assert line(Due("w2")) == (Delete(T2, "w2"),)


def test_a_creation_that_is_altered_is_ours_too() -> None:
    line = Line(Segment("k", mine=MINE))
    assert line(Due("w")) == (Create(MINE, "w"),)
    line(Saved(UNTOLD, T1))
    line(Due())
    assert line(Fetched(version(TIDY, T1))) == (Adopt(TIDY, (), altered=True),)
    assert line.phase == "synced" and line.segment.base == TIDY != BASE
