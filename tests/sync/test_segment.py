"""The machine of a segment: each rule of saving as a line of events, and every event in every phase."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.sync.segments import CODEC, T1, T2, T3, T4, Line, body, cue, dirty, head, synced, version
from vtt_desktop.sync.body import Body, ConflictKind
from vtt_desktop.sync.journal_rows import kept, pack_segment, unpack_segment
from vtt_desktop.sync.segment import NO_VERSION, TAGS_KEPT, Phase, Segment, Sent, Version
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
    NewToken,
    NotSent,
    Overruled,
    PutBack,
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
from vtt_desktop.sync.segment_step import step

BASE, MINE, MORE, THEIRS = body("base"), body("mine"), body("mine and more"), body("theirs")
MINE_TEXT_THEIR_TIME = body(cue("mine", 1500))
THEIR_TIME = body(cue("base", 1500))
GONE = Version(None, None)


def sending(was: Body = BASE, mine: Body | None = MINE) -> Line:
    line = Line(dirty(was, mine))
    line(Due("w"))
    return line


def refused_as_stale() -> Line:
    """A save that got 412; the refetch is out."""
    line = sending()
    line(Stale())
    assert line(Due()) == (Fetch(),)
    return line


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


def test_what_the_server_made_of_it_is_taken_over() -> None:
    line = sending()
    assert line(Saved(version(MINE_TEXT_THEIR_TIME, T2))) == (Adopt(MINE_TEXT_THEIR_TIME, ("all of it",)),)
    assert line.phase == "synced"


def test_never_a_save_without_a_tag() -> None:
    line = Line(dirty(BASE, MINE))
    line.segment = replace(line.segment, etag=None)
    assert line(Due()) == (Fetch(),)
    line(Fetched(version(BASE, None)))
    assert line.phase == "refused" and line.segment.read_only == NO_VERSION and not line.segment.due
    line(Seen(version(BASE, T1)))
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


# Unseen answers


def test_a_lost_answer_is_unknown_until_a_read_shows_it_arrived() -> None:
    line = sending()
    line(Unanswered())
    assert line.phase == "unknown"
    assert line(Due("w2")) == (Fetch(),)  # never the write again
    line.sees(version(MINE, T2))
    assert line.phase == "synced" and line.segment.conflicts == ()


def test_a_lost_answer_and_a_lost_read_stay_unknown() -> None:
    line = sending()
    line(Unanswered())
    line(Due())
    line(NotSent())
    assert line.phase == "unknown" and line(Due()) == (Fetch(),)


def test_a_write_that_never_arrived_is_sent_again_under_the_same_tag() -> None:
    line = sending()
    line(Unanswered())
    line(Due())
    line(Fetched(version(BASE, T1)))
    assert line(Due("w2")) == (Save(MINE, BASE, T1, "w"),)  # and the same id


def test_one_that_arrived_late_after_all_is_ours() -> None:
    line = sending()
    line(Unanswered())
    line(Due())
    line(Fetched(version(BASE, T1)))
    line(Due("w2"))
    line(Edited(MORE))
    line(Stale())  # the first one arrived before the second
    line(Due())
    line.sees(version(MINE, T2))
    assert line.segment.conflicts == () and line(Due("w3")) == (Save(MORE, MINE, T2, "w3"),)


def unseen_and_not_there(now: Version, write_id: str = "w") -> Line:
    """A save whose answer nobody saw, and then the server shows something without a trace of it; without an
    id it cannot be asked about again."""
    line = Line(dirty(BASE, MINE))
    line(Due(write_id))
    line(Unanswered())
    assert line(Due()) == (Fetch(),)
    assert line(Fetched(now)) == ()
    return line


def test_a_replay_of_the_same_write_tells_that_it_had_arrived() -> None:
    """I5, I7: then what is there now is simply what a colleague made of it, and nobody has to be asked."""
    line = unseen_and_not_there(version(BASE, T3))
    assert line.phase == "unknown" and line.segment.conflicts == ()
    assert line(Due("w2")) == (Save(MINE, BASE, T1, "w"),)
    line(Saved(version(MINE, T2)))
    assert line(Due("w3")) == (Fetch(),)
    assert line(Fetched(version(BASE, T3))) == (Adopt(BASE, ("all of it",)),)
    assert line.phase == "synced" and line.segment.etag == T3


def test_a_replay_after_which_one_had_typed_on_is_a_conflict_like_any() -> None:
    line = unseen_and_not_there(version(BASE, T3))
    line(Edited(MORE))
    assert line(Due("w2")) == (Save(MINE, BASE, T1, "w"),)
    line(Saved(version(MINE, T2)))
    line(Due())
    line(Fetched(version(BASE, T3)))
    assert line.segment.base == MINE and line.segment.conflicts[0].kind is ConflictKind.EDIT


@pytest.mark.parametrize(
    "answer", [Stale(), Refused("no"), Forbidden("no"), Saved(version(None, None))], ids=str
)
def test_a_replay_that_proves_nothing_leaves_it_to_a_person(answer: Event) -> None:
    """I5: ids of writes are not remembered for ever; a 412 does not tell that it never arrived."""
    line = unseen_and_not_there(version(BASE, T3))
    line(Due("w2"))
    line(answer)
    assert line.phase == "conflict" and line.segment.conflicts[0].kind is ConflictKind.REVERTED
    assert not line.segment.due


@pytest.mark.parametrize("answer", [NotSent(), Unanswered()], ids=str)
def test_a_replay_that_did_not_get_through_is_made_again(answer: Event) -> None:
    line = unseen_and_not_there(version(BASE, T3))
    line(Due("w2"))
    line(answer)
    if line(Due("w3")) == (Fetch(),):
        line(Fetched(version(BASE, T3)))
        assert line(Due("w4")) == (Save(MINE, BASE, T1, "w"),)
    else:
        assert isinstance(answer, NotSent) and line.segment.sent == Sent(MINE, T1, "w")


def test_what_is_told_while_a_write_is_in_doubt_is_read_afterwards() -> None:
    line = unseen_and_not_there(version(BASE, T3))
    line(Seen(version(THEIRS, T4)))
    line(Due("w2"))
    line(Stale())
    assert line(Due()) == (Fetch(),)
    line(Fetched(version(THEIRS, T4)))
    assert line.segment.theirs == version(THEIRS, T4)


def test_a_write_in_doubt_is_so_after_a_restart() -> None:
    """I3: the id and what was sent are on disk; the version that was read is read again."""
    line = unseen_and_not_there(version(BASE, T3))
    again = Line(unpack_segment(pack_segment(line.segment)))
    assert again.segment == kept(line.segment) and again.segment.unseen == Sent(MINE, T1, "w")
    assert again(Due("w2")) == (Save(MINE, BASE, T1, "w"),)


def test_a_save_that_came_late_and_was_taken_back_is_not_sent_again() -> None:
    """I5: a read shows that it did not arrive; it does, a colleague takes it back, the next one gets 412."""
    line = sending()
    line(Unanswered())
    line(Due())
    line(Fetched(version(BASE, T1)))
    line(Edited(MORE))
    assert line(Due("w2")) == (Save(MORE, BASE, T1, "w2"),)
    line(Stale())
    line(Due())
    line.sees(version(BASE, T3))
    assert line(Due("w3")) == (Save(MINE, BASE, T1, "w"),)


def test_a_version_heard_of_lacks_what_was_sent() -> None:
    """I5: the feed shows it, before anything is sent again."""
    line = sending()
    line(Unanswered())
    line(Due())
    line(Fetched(version(BASE, T1)))
    line.hears(version(BASE, T3))
    assert line(Due("w3")) == (Save(MINE, BASE, T1, "w"),)


def test_of_two_creations_it_can_have_been_either() -> None:
    """I3: the first arrives late, a colleague makes something of it; what was typed since is not theirs."""
    line = Line(Segment("k", mine=MINE))
    line(Due("w"))
    line(Unanswered())
    line(Due())
    line(Fetched(GONE))
    line(Edited(MORE))
    line(Due("w2"))
    line(Stale())
    line(Due())
    line.sees(version(THEIRS, T2))
    assert line.phase == "conflict" and line.segment.mine == MORE


def test_unseen_and_back_to_what_it_was_is_a_persons_matter() -> None:
    """I5: a blind retry could undo what a colleague took back on purpose."""
    line = unseen_and_not_there(version(BASE, T3), "")
    assert line.phase == "conflict" and line.segment.conflicts[0].kind is ConflictKind.REVERTED
    line(Resolved(BASE))
    assert line.phase == "synced" and line.segment.etag == T3


def test_unseen_and_gone_from_what_a_colleague_made_of_it_is_a_persons_matter_too() -> None:
    """I5: taken back together with a change of the times."""
    line = unseen_and_not_there(version(THEIR_TIME, T3), "")
    (found,) = line.segment.conflicts
    assert found.kind is ConflictKind.REVERTED
    assert found.keep_mine == MINE.cues[0] and found.take_theirs == THEIR_TIME.cues[0]


def test_a_move_that_was_unseen_and_is_not_there_is_simply_sent_again() -> None:
    moved = body("base", order="b")
    line = sending(BASE, moved)
    line(Unanswered())
    line(Due())
    line(Fetched(version(BASE, T3)))
    assert line(Due("w2")) == (Save(moved, BASE, T1, "w"),)
    line(Stale())
    assert line.segment.conflicts == () and line(Due("w")) == (Save(moved, BASE, T3, "w"),)


def test_a_colleague_who_went_on_from_what_arrived_unseen_is_no_conflict() -> None:
    """I7: what was sent is what both sides come from."""
    line = sending()
    line(Edited(MORE))
    line(Unanswered())
    line(Due())
    theirs = body(cue("mine", 1500))
    assert line.sees(version(theirs, T3)) == (Adopt(body(cue("mine and more", 1500)), ("start",)),)
    assert line.segment.conflicts == () and line.phase == "dirty"


def test_taking_back_what_arrived_unseen_is_kept() -> None:
    """I10: back to the old words while the save was out, and a colleague changed the times meanwhile."""
    line = sending()
    line(Edited(BASE))
    line(Unanswered())
    line(Due())
    line.sees(version(body(cue("mine", 1500)), T3))
    assert line.segment.mine == body(cue("base", 1500)) and line.phase == "dirty"


def test_bodies_of_old_tags_are_not_ours_for_ever() -> None:
    """I8: a colleague may come to write what we once sent in vain; that is theirs."""
    line = refused_as_stale()
    line.sees(version(THEIRS, T2))
    line(Resolved(THEIRS))
    assert line.segment.unproven == ()
    line(Edited(MORE))
    line.hears(version(MINE, T3))
    assert line.phase == "conflict"


@pytest.mark.parametrize(
    ("was", "mine"), [(BASE, MINE), (BASE, None), (None, MINE)], ids=["save", "delete", "create"]
)
def test_what_was_not_sent_is_as_before(was: Body | None, mine: Body | None) -> None:
    before = Segment("k", was, T1 if was else None, mine)
    line = Line(before)
    line(Due("w"))
    line(NotSent())
    assert line.segment == before


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
    assert line.segment.nowhere


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
    line = sending()
    line(Saved(version(MINE, T2)))
    line(Seen(version(BASE, T1)))
    assert line.segment.mine == MINE
    assert line(Due()) == (Fetch(),)
    assert line(Fetched(version(BASE, T1))) == (Adopt(BASE, ("all of it",)),)
    assert line.phase == "synced" and line.segment.etag == T1


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
    for seen in (version(BASE, T1), version(THEIRS, T2)):
        assert line(Seen(seen)) == () and line(Due()) == (Fetch(),)
        line(Fetched(GONE))
        assert line.segment.nowhere


# A server that went back


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
    line = Line(synced(BASE))
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


# Refused and forbidden


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


def test_forbidden_is_read_only_until_another_token() -> None:
    line = sending()
    line(Forbidden("you may not"))
    line(Edited(MORE))
    assert line.phase == "refused" and not line.segment.due
    line(NewToken())
    assert line(Due("w")) == (Save(MORE, BASE, T1, "w"),)


def test_tags_held_before_are_remembered_and_not_without_end() -> None:
    line = Line(synced(BASE, '"0"'))
    for n in range(1, 2 * TAGS_KEPT):
        line(Edited(body(f"mine {n}")))
        line(Due("w"))
        line(Saved(version(None, f'"{n}"')))
    assert len(line.segment.past) == TAGS_KEPT and line.segment.past[-1] == f'"{2 * TAGS_KEPT - 2}"'


# Every event in every phase

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
