"""The machine of a segment that was refused or forbidden: nothing goes out again by itself, all is kept."""

from __future__ import annotations

from dataclasses import replace

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
    dirty,
    sending,
    synced,
    version,
)
from vtt_desktop.sync.segment import NO_VERSION, TAGS_KEPT, Segment
from vtt_desktop.sync.segment_base import SPELLINGS
from vtt_desktop.sync.segment_events import (
    Again,
    Due,
    Edited,
    Event,
    Fetch,
    Fetched,
    Forbidden,
    NewToken,
    Refused,
    Resolved,
    Save,
    Saved,
    Told,
)


def test_refused_content_waits_for_another() -> None:
    line = sending()
    line(Refused("too long"))
    assert line.phase == "refused" and not line.segment.due and line.segment.mine == MINE
    line(Edited(MORE))
    assert line.phase == "dirty" and line(Due("w")) == (Save(MORE, BASE, T1, "w"),)


def test_what_was_typed_meanwhile_is_not_what_was_refused() -> None:
    """I10."""
    line = sending()
    line(Edited(MORE))
    line(Refused("too long"))
    assert line(Due("w")) == (Save(MORE, BASE, T1, "w"),)


@pytest.mark.parametrize("again", [Edited(MORE), Again(), NewToken(), Resolved(MORE)], ids=str)
def test_what_was_forbidden_is_tried_once_more_when_a_person_does_something(again: Event) -> None:
    """A right that had ended for a moment must not lock a cue for ever; nor is it asked in a loop (I14)."""
    line = sending()
    line(Forbidden("you may not"))
    assert line.phase == "refused" and not line.segment.due
    if isinstance(again, Resolved):
        line(Told(T2))
        line(Due("r"))
        line(Fetched(version(THEIRS, T2)))
        assert line.phase == "conflict"
    line(again)
    assert line.segment.due and (isinstance(again, NewToken) or line.segment.read_only == "you may not")
    (write,) = line(Due("w"))
    assert isinstance(write, Save)
    line(Forbidden("you still may not"))
    assert line.phase == "refused" and not line.segment.due and line.segment.read_only == "you still may not"
    line(Again())
    line(Due("w"))
    line(Saved(version(None, T3)))
    assert line.phase == "synced" and not line.segment.read_only
    line(Edited(THEIRS))
    assert line.phase == "dirty"


def test_what_was_typed_meanwhile_is_tried_though_what_went_before_was_forbidden() -> None:
    """I10."""
    line = sending()
    line(Edited(MORE))
    line(Forbidden("you may not"))
    assert line(Due("w")) == (Save(MORE, BASE, T1, "w"),)


def test_a_read_of_what_was_there_all_along_does_not_send_again_what_was_refused() -> None:
    """I14: a list without versions has every segment read at every look."""
    line = sending()
    line(Refused("too long"))
    line(Told(None))
    line(Due("r"))
    line(Fetched(version(BASE, T1)))
    assert line.phase == "refused" and not line.segment.due
    line(Again())
    assert line(Due("r")) == (Fetch(),)
    line(Fetched(version(BASE, T1)))
    assert line(Due("w")) == (Save(MINE, BASE, T1, "w"),)
    line(Refused("too long"))
    assert line.phase == "refused" and not line.segment.due


def test_what_was_refused_under_a_tag_that_never_was_one_goes_when_a_person_asks_for_it() -> None:
    """The answer to a save had its tag rewritten, and so had the read after it: no other is known."""
    line = Line(dirty(BASE, MINE, "W/" + T1))
    line(Due("w"))
    line(Refused("no such tag"))
    assert not line.segment.due
    line(Again())
    assert line(Due("r")) == (Fetch(),)
    line(Fetched(version(BASE, T1)))
    assert line(Due("w2")) == (Save(MINE, BASE, T1, "w2"),)


def test_who_asks_again_while_it_is_out_makes_no_read_of_it() -> None:
    line = sending()
    line(Refused("too long"))
    line(Again())
    line(Due("r"))
    line(Fetched(version(BASE, T1)))
    line(Due("w2"))
    line(Again())
    line(Refused("too long"))
    assert line.phase == "refused" and not line.segment.due and line.segment.unproven == ()


def test_a_tag_that_something_rewrote_on_the_way_is_read_again_once_it_was_refused() -> None:
    """Once for each spelling: where it is rewritten for good, the server's sentence stays (I14)."""
    line = Line(dirty(BASE, MINE, "W/" + T1))
    line.segment = replace(line.segment, past=(T1,))
    line(Due("w"))
    line(Refused("no such tag"))
    assert line.phase == "refused" and line(Due()) == (Fetch(),)
    line(Fetched(version(BASE, "W/" + T1)))
    assert line.phase == "refused" and not line.segment.due
    line(Again())
    line(Due("r"))
    line(Fetched(version(BASE, "W/" + T1)))
    line(Due("w"))
    line(Refused("no such tag"))
    assert line(Due()) == (Fetch(),)
    line(Fetched(version(BASE, T1)))
    assert line.phase == "dirty" and line(Due("w2")) == (Save(MINE, BASE, T1, "w2"),)


def test_a_tag_that_is_rewritten_each_time_another_way_is_not_read_for_ever() -> None:
    line, reads = Line(dirty(BASE, MINE, "W/" + T1)), 0
    line.segment = replace(line.segment, past=(T1,))
    while line.segment.due and reads < TAGS_KEPT:
        line(Due("w"))
        line(Refused("no such tag"))
        if line.segment.due:
            reads += 1
            line(Due())
            line(Fetched(version(BASE, T1 if line.segment.etag != T1 else "W/" + T1)))
    assert reads == SPELLINGS - 1 and line.phase == "refused"


def test_what_cannot_be_saved_for_want_of_a_version_is_not_sent_however_often_it_is_asked_for() -> None:
    """But read: whoever took the version away may be gone."""
    line = Line(Segment("k", base=BASE, etag=T1, mine=MINE, read_only=NO_VERSION))
    for _ in range(2):
        line(Again())
        assert line(Due("w")) == (Fetch(),)
        line(Fetched(version(BASE, None)))
        assert line.segment.read_only == NO_VERSION and not line.segment.due
    line(Again())
    line(Due("w"))
    line(Fetched(version(BASE, T1)))
    assert line(Due("w")) == (Save(MINE, BASE, T1, "w"),)


def test_tags_held_before_are_remembered_and_not_without_end() -> None:
    line = Line(synced(BASE, '"0"'))
    for n in range(1, 2 * TAGS_KEPT):
        line(Edited(body(f"mine {n}")))
        line(Due("w"))
        line(Saved(version(None, f'"{n}"')))
    assert len(line.segment.past) == TAGS_KEPT and line.segment.past[-1] == f'"{2 * TAGS_KEPT - 2}"'
