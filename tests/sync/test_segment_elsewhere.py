"""The machine of a segment: what comes, goes and changes elsewhere, and what it is told of that."""

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
    body,
    cue,
    dirty,
    refused_as_stale,
    sending,
    synced,
    unseen_and_not_there,
    version,
)
from vtt_desktop.sync.body import Body, ConflictKind
from vtt_desktop.sync.segment import Segment, Sent, Version
from vtt_desktop.sync.segment_events import (
    Adopt,
    Create,
    Delete,
    Due,
    Edited,
    Event,
    Fetch,
    Fetched,
    Forbidden,
    NotSent,
    Refused,
    Resolved,
    Save,
    Saved,
    Seen,
    Stale,
    Told,
    Unanswered,
    Unreadable,
)

# Creating and deleting


def test_creating() -> None:
    line = Line(Segment("k"))
    line(Edited(MINE))
    assert line(Due("w")) == (Create(MINE, "w"),)
    line(Saved(version(MINE, T1)))
    assert line.phase == "synced" and line.segment.etag == T1


def test_a_creation_that_did_not_arrive_is_made_again() -> None:
    line = sending(was=None, mine=MINE)  # type: ignore[arg-type]
    line.segment = replace(line.segment, etag=None, sent=Sent(MINE, None, "w"))
    line(Unanswered())
    line(Due())
    line.sees(GONE)
    assert line(Due("w2")) == (Create(MINE, "w"),)


def test_a_creation_that_arrived_and_was_removed_is_not_brought_back() -> None:
    """I11: 410 tells that it was there."""
    line = Line(Segment("k", mine=MINE))
    line(Due("w"))
    line(Unanswered())
    line(Due())
    untouched = line.segment
    assert line.sees(GONE, deleted=True) == (Adopt(None, ("a removal",)),)
    assert line.segment.nowhere
    line = Line(untouched)
    line(Edited(MORE))
    line.sees(GONE, deleted=True)
    assert line.phase == "gone" and not line.segment.due


def test_a_name_taken_by_another_is_a_conflict() -> None:
    line = Line(Segment("k", mine=MINE, past=(T1,)))
    line(Due("w"))
    line(Stale())
    line(Due())
    line.sees(version(THEIRS, T2))
    assert line.phase == "conflict"


def test_deleting() -> None:
    line = sending(BASE, None)
    assert line.segment.sent == Sent(None, T1, "w")
    line(Saved(version(None, None)))
    assert line.phase == "unknown" and line(Due()) == (Fetch(),)
    line(Fetched(GONE))
    assert line.segment.nowhere


def test_a_removal_that_was_only_said_to_be_done_goes_out_again() -> None:
    """I4: no answer to a removal shows that it is gone."""
    line = sending(BASE, None)
    line(Saved(version(None, None)))
    line(Due())
    line(Fetched(version(BASE, T1)))
    assert line.phase == "dirty" and line(Due("w2")) == (Delete(T1, "w"),)


def test_a_removal_that_another_made_too_is_done() -> None:
    line = sending(BASE, None)
    line.sees(GONE)
    assert line.segment.nowhere


def test_removed_here_changed_there() -> None:
    """I11."""
    line = sending(BASE, None)
    line(Stale())
    line(Due())
    line.sees(version(THEIRS, T2))
    (found,) = line.segment.conflicts
    assert found.kind is ConflictKind.REMOVED_HERE and found.theirs is not None
    line(Resolved(None))
    assert line(Due("w")) == (Delete(T2, "w"),)


def test_removed_here_and_only_the_version_moved_there() -> None:
    line = sending(BASE, None)
    line(Stale())
    line(Due())
    line.sees(version(BASE, T2))
    assert line(Due("w")) == (Delete(T2, "w"),)


def test_changed_here_removed_there() -> None:
    """I11: no resurrection, no silent loss."""
    line = Line(dirty(BASE, MINE))
    assert line.hears(GONE) == ()
    assert line.phase == "gone" and line.segment.mine == MINE and not line.segment.due
    line(Resolved(MINE))
    assert line(Due("w")) == (Create(MINE, "w"),)


def test_untouched_here_removed_there() -> None:
    line = Line(synced(BASE))
    assert line(Seen(GONE)) == (Adopt(None, ("a removal",)),)
    assert line.segment.nowhere


def test_undone_while_the_removal_was_out() -> None:
    line = sending(BASE, None)
    line(Edited(BASE))
    line(Saved(version(None, None)))
    line(Due())
    line(Fetched(GONE))
    assert line(Due("w2")) == (Create(BASE, "w2"),)


# Being told


def test_the_echo_of_our_own_save_is_nothing() -> None:
    line = sending()
    line(Saved(version(MINE, T2)))
    before = line.segment
    assert line(Seen(version(MINE, T2))) == () and line.segment == before


def test_the_echo_that_comes_before_the_answer_is_nothing_either() -> None:
    line = sending()
    line(Seen(version(MINE, T2)))
    line(Saved(version(MINE, T2)))
    assert line.phase == "synced" and not line.segment.due


def test_an_echo_of_what_we_wrote_upon_is_nothing() -> None:
    line = sending()
    line(Seen(version(BASE, T1)))
    line(Saved(version(MINE, T2)))
    assert not line.segment.due


@pytest.mark.parametrize(
    "answer",
    [Saved(version(MINE, T2)), NotSent(), Refused("no"), Forbidden("no")],
    ids=lambda event: type(event).__name__,
)
def test_what_was_told_while_a_write_was_out_is_read_afterwards(answer: Event) -> None:
    """I6: the feed's position has passed it, so it must not be forgotten whatever the answer was."""
    line = sending()
    line(Seen(version(THEIRS, T3)))
    line(answer)
    assert line(Due()) == (Fetch(),)
    line.sees(version(THEIRS, T3))
    assert line.segment.seen is None and not line.segment.fetch


def test_what_was_told_while_a_read_was_out_is_read_again() -> None:
    line = refused_as_stale()
    line(Seen(version(THEIRS, T3)))
    line(Fetched(version(THEIR_TIME, T2)))
    assert line(Due()) == (Fetch(),)
    line.sees(version(body(cue("theirs", 1500)), T3))
    assert line.phase == "conflict"


def test_a_version_named_and_not_shown_is_read() -> None:
    line = Line(synced(BASE))
    line(Told(T1))
    assert not line.segment.due
    line(Told(T2))
    assert line(Due()) == (Fetch(),)
    assert line.sees(version(THEIRS, T2)) == (Adopt(THEIRS, ("all of it",)),)


def test_a_new_segment_named_and_not_shown_is_read() -> None:
    line = Line(Segment("new"))
    line(Told(T1))
    assert line(Due()) == (Fetch(),)
    assert line(Fetched(version(THEIRS, T1))) == (Adopt(THEIRS, ("a new cue",)),)


def test_a_tag_of_long_ago_is_looked_at_past_all_caches() -> None:
    """A hash comes back when the text does; a cache shows old things. A fresh read tells which."""
    line = Line(synced(BASE))
    line(Seen(version(THEIRS, T2)))
    line(Seen(version(BASE, T1)))
    assert line.segment.mine == THEIRS
    assert line(Due()) == (Fetch(),)
    assert line(Fetched(version(BASE, T1))) == (Adopt(BASE, ("all of it",)),)
    assert line.phase == "synced" and line.segment.etag == T1


def saved_and_shown_as_before() -> Line:
    """Our save was acknowledged, and then the version before it is there again."""
    line = sending()
    line(Saved(version(MINE, T2)))
    line(Seen(version(BASE, T1)))
    assert line(Due()) == (Fetch(),)
    assert line(Fetched(version(BASE, T1))) == ()
    return line


@pytest.mark.parametrize("choice", [MINE, BASE])
def test_what_takes_back_what_was_saved_here_is_asked_about(choice: Body) -> None:
    """Somebody put it back, or the server was: nothing here tells which."""
    line = saved_and_shown_as_before()
    (found,) = line.segment.conflicts
    assert line.phase == "conflict" and found.kind is ConflictKind.TAKEN_BACK and line.segment.mine == MINE
    assert found.keep_mine == MINE.cues[0] and found.take_theirs == BASE.cues[0]
    line(Resolved(choice))
    assert line.segment.etag == T1
    assert line(Due("w")) == ((Save(MINE, BASE, T1, "w"),) if choice == MINE else ())


@pytest.mark.parametrize("form", ['{}-gzip"', "W/{}", 'W/{};br"', '{}--gzip"'])
def test_a_version_met_before_is_known_in_the_clothes_of_a_proxy(form: str) -> None:
    tag = form.replace("{}", T1.rstrip('"') if form.endswith('"') else T1)
    line = sending()
    line(Saved(version(MINE, T2)))
    line(Seen(version(BASE, tag)))
    if line.segment.fetch:
        line.sees(version(BASE, tag))
    assert line.phase == "conflict" and line.segment.mine == MINE


def test_it_is_asked_about_however_much_came_after_it() -> None:
    """A colleague went on from what was saved here, and both are taken back."""
    line = sending()
    line(Saved(version(MINE, T2)))
    line(Seen(version(THEIRS, T3)))
    assert line.segment.mine == THEIRS
    line(Seen(version(BASE, T1)))
    line.sees(version(BASE, T1))
    assert line.phase == "conflict" and line.segment.mine == THEIRS


def test_a_merge_by_field_takes_nothing_back_either() -> None:
    line = sending()
    line(Saved(version(MINE, T2)))
    later = body(cue("mine", end=2500))
    line(Edited(later))
    line(Due("w"))
    line(Stale())
    assert line(Due()) == (Fetch(),)
    line.sees(version(BASE, T1))
    assert line.phase == "conflict" and line.segment.mine == later


def test_the_same_words_under_another_version_are_still_saved_here() -> None:
    line = sending()
    line(Saved(version(MINE, T2)))
    line(Seen(version(MINE, T3)))
    line(Seen(version(BASE, T1)))
    line.sees(version(BASE, T1))
    assert line.phase == "conflict"


def test_what_cannot_be_read_stops_this_segment_and_keeps_it() -> None:
    line = Line(dirty(BASE, MINE))
    line(Unreadable("no text there"))
    assert line.phase == "refused" and line.segment.mine == MINE and not line.segment.due
    assert line.segment.etag == T1  # a later save can only be refused, never overwrite it


def test_theirs_moving_while_a_person_decides() -> None:
    line = refused_as_stale()
    line.sees(version(THEIRS, T2))
    line(Seen(version(body("theirs, newer"), T3)))
    (found,) = line.segment.conflicts
    assert found.theirs is not None and found.theirs.text == "theirs, newer"
    line(Resolved(MINE))
    assert line(Due("w")) == (Save(MINE, body("theirs, newer"), T3, "w"),)


def test_told_of_a_version_while_a_person_decides() -> None:
    line = refused_as_stale()
    line.sees(version(THEIRS, T2))
    line(Told(T3))
    assert line(Due()) == (Fetch(),)
    line.sees(version(body("theirs, newer"), T3))
    assert line.phase == "conflict" and line.segment.theirs == version(body("theirs, newer"), T3)


def test_theirs_becoming_mine_ends_the_conflict() -> None:
    line = refused_as_stale()
    line.sees(version(THEIRS, T2))
    line(Seen(version(MINE, T3)))
    assert line.phase == "synced" and line.segment.etag == T3


@pytest.mark.parametrize("theirs", [version(THEIRS, T2), GONE], ids=["changed", "removed"])
def test_taking_ones_edit_back_ends_the_conflict(theirs: Version) -> None:
    """It is as if nothing had been typed: theirs is taken over, once more read since it may have moved."""
    line = refused_as_stale()
    line.sees(theirs)
    line(Edited(BASE))
    assert line.segment.conflicts == () and line.segment.base == BASE
    assert line(Due()) == (Fetch(),)
    words = ("a removal",) if theirs.body is None else ("all of it",)
    assert line(Fetched(theirs)) == (Adopt(theirs.body, words),)


def test_undoing_ones_removal_ends_the_conflict() -> None:
    line = sending(BASE, None)
    line(Stale())
    line(Due())
    line.sees(version(THEIRS, T2))
    line(Edited(BASE))
    line(Due())
    assert line(Fetched(version(THEIRS, T2))) == (Adopt(THEIRS, ("all of it",)),)


def test_taking_back_what_may_have_arrived_is_no_end_of_it() -> None:
    line = unseen_and_not_there(version(THEIR_TIME, T3), "")
    line(Edited(BASE))
    assert line.segment.theirs == version(THEIR_TIME, T3) or line.segment.due


def test_typing_what_they_have_ends_the_conflict() -> None:
    line = refused_as_stale()
    line.sees(version(THEIRS, T2))
    line(Edited(THEIRS))
    assert line.phase == "synced" and line.segment.etag == T2


# A cache between


def test_a_conflict_out_of_a_cache_is_none() -> None:
    """I7: nobody is asked about a version that is older than others that were met."""
    line = Line(dirty(BASE, MINE))
    assert line(Seen(version(THEIRS, T2))) == ()
    assert line.segment.theirs is None and line(Due()) == (Fetch(),)
    assert line(Fetched(version(THEIR_TIME, T3))) == (Adopt(MINE_TEXT_THEIR_TIME, ("start",)),)


def test_a_list_without_a_segment_may_be_older_than_it() -> None:
    line = Line(synced(BASE))
    assert line(Told(None)) == () and line(Due()) == (Fetch(),)
    assert line(Fetched(version(BASE, T1))) == () and line.segment == synced(BASE)


def test_what_was_removed_does_not_come_back_out_of_a_cache() -> None:
    """I11: it is remembered that it was there."""
    line = sending(BASE, None)
    line(Saved(version(None, None)))
    line(Due())
    line(Fetched(GONE))
    for seen in (version(BASE, T1), version(THEIRS, T2)):
        assert line(Seen(seen)) == () and line(Due()) == (Fetch(),)
        line(Fetched(GONE))
        assert line.segment.nowhere
