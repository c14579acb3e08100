"""The machine of a segment: each rule of saving as a line of events."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.sync.segments import (
    BASE,
    GONE,
    MINE,
    MINE_TEXT_THEIR_TIME,
    MORE,
    T1,
    T2,
    T3,
    THEIR_TIME,
    THEIRS,
    Line,
    dirty,
    head,
    refused_as_stale,
    sending,
    synced,
    version,
)
from vtt_desktop.sync.body import Body, ConflictKind
from vtt_desktop.sync.segment import NO_VERSION, Segment
from vtt_desktop.sync.segment_events import (
    Adopt,
    Delete,
    Due,
    Edited,
    Fetch,
    Fetched,
    Resolved,
    Save,
    Saved,
    Seen,
    Stale,
    Told,
    Unanswered,
)

# Saving


def test_an_edit_is_saved_under_its_tag_and_the_new_tag_is_held() -> None:
    line = Line(synced(BASE))
    assert line(Edited(MINE)) == () and line.phase == "dirty"
    assert line(Due("w")) == (Save(MINE, BASE, T1, "w"),) and line.phase == "sending"
    assert line(Saved(version(MINE, T2))) == () and line.phase == "synced"
    assert (line.segment.base, line.segment.etag) == (MINE, T2)


def test_an_edit_in_flight_is_kept_and_sent_next_under_the_fresh_tag() -> None:
    """I10."""
    line = sending()
    line(Edited(MORE))
    line(Saved(version(MINE, T2)))
    assert line.phase == "dirty"
    assert line(Due("w2")) == (Save(MORE, MINE, T2, "w2"),)


def test_one_write_at_a_time() -> None:
    """I13."""
    line = sending()
    line(Edited(MORE))
    assert line(Due("w2")) == () and not line.segment.due


def test_no_version_no_proof() -> None:
    """I4: 200 without a tag is a save only when a read shows what was sent."""
    line = sending()
    assert line(Saved(version(None, None))) == ()
    assert line.phase == "unknown"
    assert line(Due()) == (Fetch(),)
    line.sees(version(MINE, T2))
    assert line.phase == "synced" and line.segment.etag == T2


@pytest.mark.parametrize("shown", [None, MINE], ids=["nothing", "what was sent"])
def test_the_version_that_was_sent_is_no_proof(shown: Body | None) -> None:
    """I4: a success under the version that it was sent under; nothing may have been written."""
    line = sending()
    assert line(Saved(version(shown, T1))) == ()
    assert line.phase == "unknown" and line(Due()) == (Fetch(),)
    line(Fetched(version(BASE, T1)))
    assert line.phase == "dirty" and line(Due("w2")) == (Save(MINE, BASE, T1, "w"),)


def test_a_version_that_is_a_hash_may_be_the_one_that_was_sent() -> None:
    """A read shows what was sent, under whatever version."""
    line = sending()
    line(Saved(version(MINE, T1)))
    line(Due())
    line(Fetched(version(MINE, T1)))
    assert line.phase == "synced" and line.segment.etag == T1


def test_a_colleagues_cue_without_a_version_is_shown_to_be_read_only() -> None:
    """I12: it was told of, and the position in the feed passes it."""
    line = Line(Segment("k"))
    line(Told(T1))
    assert line(Due()) == (Fetch(),)
    assert line(Fetched(version(BASE, None))) == (Adopt(BASE, ()),)
    assert line(Due()) == (Fetch(),)  # that one answer may have lost it on the way
    assert line(Fetched(version(BASE, None))) == ()
    assert (line.segment.mine, line.segment.read_only) == (BASE, NO_VERSION) and not line.segment.due
    line(Seen(version(BASE, T1)))
    assert line.phase == "synced" and line.segment.etag == T1 and not line.segment.read_only


def test_what_the_server_made_of_it_is_taken_over() -> None:
    line = sending()
    assert line(Saved(version(MINE_TEXT_THEIR_TIME, T2))) == (Adopt(MINE_TEXT_THEIR_TIME, ("all of it",)),)
    assert line.phase == "synced"


def test_never_a_save_without_a_tag() -> None:
    line = Line(dirty(BASE, MINE))
    line.segment = replace(line.segment, etag=None)
    assert line(Due()) == (Fetch(),)
    line.sees(version(BASE, None))
    assert line.phase == "refused" and line.segment.read_only == NO_VERSION and not line.segment.due
    line(Seen(version(BASE, T1)))
    assert line.segment.read_only == "" and line(Due("w")) == (Save(MINE, BASE, T1, "w"),)


def test_an_answer_that_lost_its_version_on_the_way_is_read_again() -> None:
    line = sending()
    line(Unanswered())
    line(Due())
    line(Fetched(version(BASE, None)))
    assert line(Due()) == (Fetch(),)
    line(Fetched(version(BASE, T1)))
    assert line.segment.read_only == "" and line(Due("w")) == (Save(MINE, BASE, T1, "w"),)


# 412 is not a conflict yet: refetch, then


def test_412_refetch_shows_what_was_sent() -> None:
    line = refused_as_stale()
    line.sees(version(MINE, T2))
    assert line.phase == "synced" and line.segment.etag == T2


def test_412_refetch_shows_what_was_sent_while_typing_went_on() -> None:
    line = sending()
    line(Edited(MORE))
    line(Stale())
    line(Due())
    line.sees(version(MINE, T2))
    assert line.segment.conflicts == () and line(Due("w")) == (Save(MORE, MINE, T2, "w"),)


def test_412_refetch_shows_the_base_under_another_tag() -> None:
    """I7: only the version moved; resent under it."""
    line = refused_as_stale()
    line.sees(version(BASE, T2))
    assert line(Due("w")) == (Save(MINE, BASE, T2, "w"),)


def test_412_refetch_shows_the_very_version_that_was_refused() -> None:
    """A stale cache between: once past it, then reported; never round and round (I14)."""
    line = refused_as_stale()
    line(Fetched(version(BASE, T1)))
    assert line(Due()) == (Fetch(),)
    line(Fetched(version(BASE, T1)))
    assert line.phase == "refused" and "stale" in line.segment.refused and not line.segment.due
    again = Line(line.segment)
    line(Edited(MORE))
    assert line(Due("w")) == (Save(MORE, BASE, T1, "w"),)
    again(Seen(version(BASE, T1)))  # a list shows that it is so
    assert again(Due("w")) == (Save(MINE, BASE, T1, "w"),)


def test_412_refetch_past_the_cache_shows_theirs() -> None:
    line = refused_as_stale()
    line(Fetched(version(BASE, T1)))
    line(Due())
    line.sees(version(THEIR_TIME, T2))
    assert line(Due("w")) == (Save(MINE_TEXT_THEIR_TIME, THEIR_TIME, T2, "w"),)


def test_412_different_fields_merge_and_are_saved_under_the_fresh_tag() -> None:
    line = refused_as_stale()
    assert line.sees(version(THEIR_TIME, T2)) == (Adopt(MINE_TEXT_THEIR_TIME, ("start",)),)
    assert line(Due("w")) == (Save(MINE_TEXT_THEIR_TIME, THEIR_TIME, T2, "w"),)


def test_412_one_field_is_a_conflict_with_all_three_sides() -> None:
    """I8."""
    line = refused_as_stale()
    assert line.sees(version(THEIRS, T2)) == ()
    assert line.phase == "conflict" and not line.segment.due
    (found,) = line.segment.conflicts
    assert found.kind is ConflictKind.EDIT
    assert [side and side.text for side in (found.base, found.mine, found.theirs)] == [
        "base",
        "mine",
        "theirs",
    ]
    assert line.segment.mine == MINE and line.segment.base == BASE


def test_412_the_same_on_both_sides_is_none() -> None:
    line = refused_as_stale()
    line.sees(version(MINE, T2))
    assert line.segment.conflicts == () and line.phase == "synced"


def test_412_gone() -> None:
    line = refused_as_stale()
    line.sees(GONE)
    assert line.phase == "gone" and line.segment.conflicts[0].kind is ConflictKind.REMOVED_THERE


# Deciding


@pytest.mark.parametrize(
    ("choice", "sent"),
    [(MINE, Save(MINE, THEIRS, T2, "w")), (MORE, Save(MORE, THEIRS, T2, "w")), (None, Delete(T2, "w"))],
    ids=["mine", "composed", "removed"],
)
def test_a_decision_goes_out_under_the_tag_that_was_seen(choice: Body | None, sent: object) -> None:
    line = refused_as_stale()
    line.sees(version(THEIRS, T2))
    actions = line(Resolved(choice))
    assert actions == (() if choice == MINE else (Adopt(choice, ()),))
    assert line(Due("w")) == (sent,)


def test_taking_theirs_sends_nothing() -> None:
    line = refused_as_stale()
    line.sees(version(THEIRS, T2))
    assert line(Resolved(THEIRS)) == (Adopt(THEIRS, ()),)
    assert line.phase == "synced" and not line.segment.due


def test_deciding_what_is_no_conflict_changes_nothing() -> None:
    line = Line(dirty(BASE, MINE))
    assert line(Resolved(THEIRS)) == () and line.segment == dirty(BASE, MINE)


def test_heads_merge_and_conflict() -> None:
    base, mine = head(b"WEBVTT"), head(b"WEBVTT - mine")
    line = Line(dirty(base, mine))
    tail = head(b"WEBVTT", b"\n\nNOTE end\n")
    assert line(Seen(version(tail, T2))) == (
        Adopt(head(b"WEBVTT - mine", b"\n\nNOTE end\n"), ("the header",)),
    )
    line.hears(version(head(b"WEBVTT - theirs", b"\n\nNOTE end\n"), T3))
    assert line.phase == "conflict" and line.segment.conflicts[0].kind is ConflictKind.HEAD
