"""What badges and the status bar show while a bulk edit is still being written out."""

from dataclasses import replace

from tests.sync.segments import body, cue, dirty, synced
from vtt_desktop.sync.segment import Phase, Segment
from vtt_desktop.sync.state import SyncChange, SyncState


def state(*segments: Segment) -> SyncState:
    made = SyncState()
    made.put(segments)
    return made


def test_a_touched_segment_counts_as_dirty_until_it_is_put() -> None:
    one = state(synced(body("base")))
    one.touch(["k"], {1: "k"})
    assert one.phase(1) is Phase.DIRTY and one.summary.phases == {Phase.DIRTY: 1}
    one.put([dirty(body("base"), body("mine"))])
    assert one.phase(1) is Phase.DIRTY and one.summary.phases == {Phase.DIRTY: 1}
    one.put([synced(body("mine"))])
    assert one.summary.phases == {Phase.SYNCED: 1}


def test_a_touched_segment_that_is_what_it_was_is_synced_again() -> None:
    one = state(synced(body("base")))
    one.touch(["k"], {1: "k"})
    one.touch(["k"], {1: "k"})
    one.settle(["k"])
    assert one.phase(1) is Phase.SYNCED and one.summary.phases == {Phase.SYNCED: 1}


def test_a_touched_segment_that_others_let_go_is_not_shown_as_saved_before_it_follows() -> None:
    one = state(synced(body("base")))
    one.touch(["k"], {1: "k"})
    one.put([dirty(body("base"), body("base"))], touched={"k"})
    assert one.phase(1) is Phase.DIRTY and one.summary.phases == {Phase.DIRTY: 1}
    one.settle(["k"])
    assert one.phase(1) is Phase.SYNCED and one.summary.phases == {Phase.SYNCED: 1}


def test_what_changes_together_is_announced_once_also_within_another() -> None:
    one, heard = state(), list[SyncChange]()
    one.changed.connect(heard.append)
    with one.together():
        with one.together():
            one.put([synced(body("base"))])
        one.put([dirty(body("base"), body("mine"))])
        assert heard == []
    assert heard == [SyncChange(frozenset({"k"}), frozenset({1}))]
    one.put([synced(body("mine"))])
    assert len(heard) == 2


def test_what_was_known_to_be_of_a_touched_segment_is_announced() -> None:
    one = state(synced(body(cue("first", id=1), cue("second", id=2))))
    heard: list[SyncChange] = []
    one.changed.connect(heard.append)
    assert one.knows({1, 2}) and not one.knows({1, 3})
    one.touch(["k"], {2: "k"}, frozenset({1}))
    assert heard == [SyncChange(frozenset({"k"}), frozenset({1, 2}))]


def test_a_new_segment_is_counted_once() -> None:
    one = state(synced(body("base")))
    one.touch(["new"], {2: "new"})
    assert one.phase(2) is Phase.DIRTY and one.summary.total == 2
    made = body(cue("new", id=2))
    one.put([Segment("new", mine=made)])
    assert one.summary.total == 2 and one.summary.waiting == 1


def test_a_new_segment_that_came_to_nothing_leaves_no_count() -> None:
    one = state()
    one.touch(["new"], {2: "new"})
    one.settle(["new"])
    assert one.summary.total == 0 and one.summary.phases == {}


def test_what_cannot_be_sent_or_waits_for_a_person_is_shown_as_that() -> None:
    refused = replace(synced(body("base")), refused="no")
    read_only = replace(dirty(body("base"), body("mine")), read_only="not yours")
    for segment, shown in ((refused, Phase.DIRTY), (read_only, Phase.REFUSED)):
        one = state(segment)
        one.touch(["k"], {1: "k"})
        assert one.phase(1) is shown


def test_a_touched_segment_can_be_dropped() -> None:
    one = state(synced(body("base")))
    one.touch(["k"], {1: "k"})
    one.drop("k")
    assert one.phase(1) is Phase.LOCAL and one.summary.total == 0 and one.summary.phases == {}


def test_who_wants_to_talk_to_the_server_is_known() -> None:
    one = state(synced(body("base")))
    assert one.due == ()
    one.put([dirty(body("base"), body("mine"))])
    assert one.due == ("k",)
    one.put([synced(body("mine"))])
    assert one.due == ()
    one.put([dirty(body("base"), body("mine"))])
    one.drop("k")
    assert one.due == ()


def test_a_state_is_taken_over_whole() -> None:
    other, here = state(dirty(body("base"), body("mine"))), state()
    heard: list[SyncChange] = []
    here.changed.connect(heard.append)
    here.take_over(other)
    assert here.phase(1) is Phase.DIRTY and here.due == ("k",) and here.summary == other.summary
    assert heard == [SyncChange(frozenset({"k"}), frozenset({1}))]
