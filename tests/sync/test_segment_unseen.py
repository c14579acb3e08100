"""The machine of a segment: a write whose answer nobody saw."""

from __future__ import annotations

import pytest

from tests.sync.segments import (
    BASE,
    GONE,
    MINE,
    MORE,
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
    refused_as_stale,
    sending,
    unseen_and_not_there,
    version,
)
from vtt_desktop.sync.body import Body, ConflictKind
from vtt_desktop.sync.journal_rows import kept, pack_segment, unpack_segment
from vtt_desktop.sync.segment import NO_VERSION, Segment, Sent
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
)


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


@pytest.mark.parametrize("tag", [f"W/{T1}", f'{T1[:-1]}-gzip"', T1.strip('"')])
def test_a_version_that_something_rewrote_is_no_other_one(tag: str) -> None:
    """I7: nobody wrote between, so nobody took anything back."""
    line = sending()
    line(Unanswered())
    line(Due())
    line(Fetched(version(BASE, tag)))
    assert line.segment.conflicts == () and line(Due("w2")) == (Save(MINE, BASE, tag, "w2"),)


@pytest.mark.parametrize("tag", [f"W/{T1}", f'{T1[:-1]}-gzip"', T1.strip('"')])
def test_nobody_is_asked_about_a_removal_because_something_rewrote_the_version(tag: str) -> None:
    """I7: it was lost, and then refused under what the read had made of its tag."""
    line = Line(dirty(BASE, None))
    line(Due())
    line(Unanswered())
    line(Due())
    line(Fetched(version(BASE, tag)))
    assert line.segment.conflicts == () and line(Due()) == (Delete(tag, ""),)
    line(Refused("no such tag"))
    assert line(Due()) == (Fetch(),)
    line(Fetched(version(BASE, T1)))
    assert line.segment.conflicts == () and line(Due()) == (Delete(T1, ""),)


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


@pytest.mark.parametrize("tag", [T1, f'{T1[:-1]}-gzip"'])
def test_one_that_arrived_late_is_ours_though_another_text_was_sent_since(tag: str) -> None:
    """Also where something rewrote the version that a read showed in between."""
    line = sending()
    line(Unanswered())
    line(Due())
    line(Fetched(version(BASE, tag)))
    line(Edited(MORE))
    assert line(Due("w2")) == (Save(MORE, BASE, tag, "w2"),)
    line(Stale())
    line(Due())
    line.sees(version(MINE, T2))
    assert line.segment.conflicts == () and line(Due("w3")) == (Save(MORE, MINE, T2, "w3"),)


def two_unseen_and_the_first_there() -> Line:
    """Two writes under one tag whose answers were lost; the first one's text is there under a new version."""
    line = sending()
    line(Unanswered())
    line(Due())
    line(Fetched(version(BASE, T1)))
    line(Edited(MORE))
    assert line(Due("w2")) == (Save(MORE, BASE, T1, "w2"),)
    line(Unanswered())
    assert line(Due()) == (Fetch(),)
    line.sees(version(MINE, T3))
    assert line.phase == "unknown" and line(Due("w3")) == (Save(MORE, BASE, T1, "w2"),)
    return line


def test_the_second_of_two_unseen_writes_that_was_taken_back_is_not_sent_again() -> None:
    """I5: both arrived, and a colleague went back to what the first one said."""
    line = two_unseen_and_the_first_there()
    line(Saved(version(MORE, T2)))
    assert line(Due("w4")) == (Fetch(),)
    assert line(Fetched(version(MINE, T3))) == (Adopt(MINE, ("all of it",)),)


def test_the_first_of_two_unseen_writes_is_ours_where_the_second_never_arrived() -> None:
    """I7: then nobody is asked about one's own words."""
    line = two_unseen_and_the_first_there()
    line(Stale())
    assert line.segment.conflicts == () and line(Due("w4")) == (Save(MORE, MINE, T3, "w4"),)


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
    assert again(Due()) == (Fetch(),)
    again.sees(version(BASE, T3))
    assert again(Due("w2")) == (Save(MINE, BASE, T1, "w"),)


def test_what_was_told_is_read_after_a_restart_also_where_the_next_write_has_to_wait() -> None:
    """I12: the feed tells a version once, and a segment that waits for another writes nothing for long."""
    line = unseen_and_not_there(version(BASE, T3))
    line(Edited(MORE, frozenset({"half"})))
    again = Line(unpack_segment(pack_segment(line.segment)))
    assert again(Due()) == (Fetch(),)


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


def removed_and_typed_again() -> Line:
    """A removal nobody saw arrive, and a read shows that it did not; then words again, and then 410."""
    line = sending(BASE, None)
    line(Unanswered())
    line(Due())
    line(Fetched(version(BASE, T1)))
    line(Edited(MORE))
    assert line(Due("w2")) == (Save(MORE, BASE, T1, "w2"),)
    line(Fetched(GONE, deleted=True))
    assert line.segment.conflicts == () and line(Due("w3")) == (Delete(T1, "w"),)
    return line


def test_ones_own_removal_that_came_late_is_no_conflict() -> None:
    """I7: the replay tells that it was ours, and the words that came after it are made again."""
    line = removed_and_typed_again()
    line(Saved(version(None, None)))
    assert line(Due()) == (Fetch(),)
    line(Fetched(GONE, deleted=True))
    assert line(Due("w4")) == (Create(MORE, "w4"),)


def test_somebody_elses_removal_is_one() -> None:
    """I11: the replay is not remembered as carried out."""
    line = removed_and_typed_again()
    line(Fetched(GONE, deleted=True))
    assert line.phase == "gone" and line.segment.mine == MORE and not line.segment.due


def test_a_creation_without_a_version_that_is_gone_is_made_again() -> None:
    line = Line(Segment("k", mine=MINE))
    line(Due("w"))
    line(Saved(version(None, None)))
    line(Due())
    line.sees(version(MINE, None))
    assert line.segment.read_only == NO_VERSION
    line(Told(None))
    line(Due())
    line(Fetched(GONE))
    assert line(Due("w2")) == (Create(MINE, "w"),)


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
