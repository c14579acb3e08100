"""Where segments stand: what one desk sees is what every desk sees."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.sync.segments import body, cue, head, synced
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot, applied
from vtt_desktop.domain.edit import FIRST, Origin
from vtt_desktop.domain.edits_text import insert_cue, remove_cues
from vtt_desktop.sync.body import Body
from vtt_desktop.sync.layout import Layout
from vtt_desktop.sync.segment import Segment, Sent
from vtt_desktop.sync.sorting import Sorting


def segment(key: str, *ids: int, order: str) -> Segment:
    made = body(*(cue(f"cue {i}", 1000 * i, 1000 * i + 500, id=i) for i in ids), order=order)
    return Segment(key, made, '"1"', made)


def document(*segments: Segment) -> tuple[Layout, Snapshot]:
    layout = Layout()
    cues = []
    for one in segments:
        layout.learn(one)
        if one.mine is not None:
            cues += one.mine.cues
    return layout, Snapshot(cues=CueList.of(cues))


def adopted(layout: Layout, snapshot: Snapshot, key: str, what: Body | None) -> Snapshot:
    if what is not None:
        layout.learn(Segment(key, what, '"1"', what))
        layout.rank(key, what.order)
    snapshot = applied(snapshot, layout.edit_for(key, what, snapshot, "it", Origin.REMOTE))
    return applied(snapshot, layout.move_for(key, snapshot, "it", Origin.REMOTE))


def shown(snapshot: Snapshot) -> list[int]:
    return [one.id for one in snapshot.cues]


def test_a_segment_arrives_at_its_place() -> None:
    layout, snapshot = document(segment("a", 1, order="B"), segment("b", 2, order="D"))
    for key, cue_id, order in (("c", 3, "C"), ("d", 4, "A"), ("e", 5, "E")):
        snapshot = adopted(layout, snapshot, key, body(cue("new", id=cue_id), order=order))
    assert shown(snapshot) == [4, 1, 3, 2, 5]


def test_a_segment_moves_to_its_new_place() -> None:
    layout, snapshot = document(*(segment(k, i, order=k.upper()) for i, k in enumerate("abcd", 1)))
    moved = body(cue("cue 1", 1000, 1500, id=1), order="Cx")
    assert shown(adopted(layout, snapshot, "a", moved)) == [2, 3, 1, 4]


def test_several_cues_keep_their_order_and_gaps() -> None:
    layout, snapshot = document(segment("a", 1, 2, 3, order="B"), segment("b", 4, order="D"))
    two_more = body(*(cue("x", id=i) for i in (1, 8, 3, 9)), order="B")
    assert shown(adopted(layout, snapshot, "a", two_more)) == [1, 8, 3, 9, 4]
    assert shown(adopted(layout, snapshot, "a", None)) == [4]


def test_no_room_between_equal_keys_moves_what_follows() -> None:
    """Two desks inserted at one place and chose one key; then somebody inserts between the two."""
    layout, snapshot = document(
        segment("a", 1, order="I"), segment("b", 2, order="I"), segment("c", 3, order="b")
    )
    layout.assign(9, "new")
    snapshot = applied(snapshot, insert_cue(cue("new", id=9), 1))
    assert layout.find_place("new", snapshot) == ["new", "b"]
    orders = [layout.order_of(key) for key in ("a", "new", "b", "c")]
    assert orders == sorted(set(orders))


def test_the_head_is_no_neighbour() -> None:
    layout = Layout()
    layout.learn(synced(head(b"WEBVTT")))
    assert layout.head_key == "k" and layout.order_of("k") == ""


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=40))
def test_two_desks_that_hear_of_each_insert_show_the_same(inserts: list[tuple[int, bool]]) -> None:
    layouts = [Layout(), Layout()]
    snapshots = [Snapshot(), Snapshot()]
    for number, (place, first) in enumerate(inserts, 1):
        here, there = (0, 1) if first else (1, 0)
        new = cue(f"cue {number}", id=number)
        before = (FIRST, *shown(snapshots[here]))
        snapshots[here] = applied(snapshots[here], insert_cue(new, before[place % len(before)]))
        layouts[here].assign(number, f"key {number}")
        for key in layouts[here].find_place(f"key {number}", snapshots[here]):
            order = layouts[here].order_of(key)
            made = body(*layouts[here].cues_of(key, snapshots[here]), order=order)
            snapshots[there] = adopted(layouts[there], snapshots[there], key, made)
        assert shown(snapshots[0]) == shown(snapshots[1])


def test_a_creation_whose_cue_was_removed_since_still_has_that_cue() -> None:
    """I5: after a crash the removal may be in the segment's row and not in the document: the cue must not be
    given a second segment, it would be created twice."""
    sent = Sent(body(cue("new", id=7), order="C"), None, "w")
    layout = Layout()
    layout.learn(Segment("k", sent=sent, fetch=True))
    assert layout.key_of(7) == "k"


def listed(*keys: str) -> tuple[Layout, Snapshot]:
    layout = Layout(Sorting.LIST)
    segments = [segment(key, i, order="") for i, key in enumerate(keys, 1)]
    for one in segments:
        layout.learn(one)
    cues = [c for one in segments if one.mine is not None for c in one.mine.cues]
    return layout, Snapshot(cues=CueList.of(cues))


def moved(layout: Layout, snapshot: Snapshot, keys: str) -> Snapshot:
    for key in keys:
        snapshot = applied(snapshot, layout.move_for(key, snapshot, "it", Origin.REMOTE))
    return snapshot


def test_the_order_of_a_list_is_taken_over() -> None:
    layout, snapshot = listed(*"abcd")
    assert not layout.told(list("abcd")) and not layout.told(list("abcd"))
    assert layout.told(list("dbac"))
    assert shown(moved(layout, snapshot, "dbac")) == [4, 2, 1, 3]


def test_what_a_list_does_not_name_stays_behind_what_it_stands_behind() -> None:
    layout, snapshot = listed(*"abcd")  # b is not sent yet, or was removed there
    assert layout.told(list("dca"))
    assert shown(moved(layout, snapshot, "dca")) == [4, 3, 1, 2]
    layout, snapshot = listed(*"abcd")
    assert not layout.told(list("acd"))
    assert shown(moved(layout, snapshot, "acd")) == [1, 2, 3, 4]


def test_a_place_in_the_list_is_found_between_its_neighbours() -> None:
    """Also before the first and behind the last one of a list."""
    layout, snapshot = listed(*"abc")
    layout.told(list("cba"))
    snapshot = moved(layout, snapshot, "cba")
    for follows, cue_id in ((FIRST, 8), (1, 9), (3, 10)):
        edit = insert_cue(cue("new", 0, 500, id=cue_id), follows)
        snapshot = applied(snapshot, edit)
        layout.assign(cue_id, f"new {cue_id}")
        layout.find_place(f"new {cue_id}", snapshot)
        assert layout.fits(f"new {cue_id}", snapshot)
    assert shown(snapshot) == [8, 3, 10, 2, 1, 9]


@given(st.lists(st.integers(0, 20), min_size=1, max_size=12))
def test_by_times_all_orders_of_hearing_come_to_one(starts: list[int]) -> None:
    def heard(order: list[int]) -> list[str]:
        layout, snapshot = Layout(Sorting.TIMES), Snapshot(cues=CueList.of(()))
        for i in order:
            made = body(cue(f"cue {i}", 1000 * starts[i], 1000 * starts[i] + 500, id=i + 1), order="")
            one = Segment(f"key {i:02d}", made, '"1"', made)
            layout.learn(one)
            snapshot = applied(snapshot, layout.edit_for(one.key, made, snapshot, "it", Origin.REMOTE))
        return [c.text for c in snapshot.cues]

    there = list(range(len(starts)))
    wanted = [f"cue {i}" for i in sorted(there, key=lambda i: (starts[i], f"key {i:02d}"))]
    assert heard(there) == heard(there[::-1]) == wanted


def test_what_a_list_names_again_is_where_it_stood() -> None:
    """Removed here, and made again by somebody whose edit won: the list is as it was before."""
    layout, snapshot = listed(*"abc")
    layout.told(["a", "b", "c"])
    snapshot = applied(snapshot, remove_cues(snapshot, [2]))
    layout.forget("b")
    snapshot = adopted(layout, snapshot, "b", body(cue("again", id=9), order=""))
    assert layout.told(["a", "b", "c"])
    assert shown(moved(layout, snapshot, "abc")) == [1, 9, 3]


def test_a_segment_of_several_cues_goes_past_others() -> None:
    layout, snapshot = document(segment("a", 1, 2, order="B"), segment("b", 3, order="D"))
    cues = body(*(cue(f"cue {i}", 1000 * i, 1000 * i + 500, id=i) for i in (1, 2)), order="E")
    assert shown(adopted(layout, snapshot, "a", cues)) == [3, 1, 2]


def test_neighbours_that_stand_the_wrong_way_round_are_named() -> None:
    segments = [segment(k, i, order=k.upper()) for i, k in enumerate("abcdef", 1)]
    layout, snapshot = document(*segments)
    assert not layout.misplaced(snapshot) and layout.in_place(snapshot)
    a, b, c, d, e, f = snapshot.cues
    assert layout.misplaced(Snapshot(cues=CueList.of((a, c, b, d, e, f)))) == {"b", "c"}
    assert layout.misplaced(Snapshot(cues=CueList.of((a, b, c, d, f, e)))) == {"e", "f"}


def test_whose_the_cues_are_is_told_of_many_or_of_those_that_have_several() -> None:
    one = Layout(Sorting.KEYS)
    for cue_id, key in ((1, "a"), (2, "b"), (3, "b"), (4, "c"), (5, "c")):
        one.assign(cue_id, key)
    keys = {"a": None, "b": None}.keys()
    assert one.owners(keys) == {1: "a", 2: "b", 3: "b"}
    assert one.owners(keys, beside=True) == {2: "b", 3: "b"}
    one.forget("b")
    assert one.owners(keys, beside=True) == {}
