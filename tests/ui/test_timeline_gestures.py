"""What is under the pointer and what a drag does, told in times; nothing here needs a screen."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot, applied
from vtt_desktop.ui.timeline.geometry import Geometry
from vtt_desktop.ui.timeline.gestures import DRAG_PX, Grip, Hit, Press, Zone, edit_of, grip, hit

VIEW = Geometry(ms_per_px=10.0).resized(1000, 60_000)
ONE = Cue(1, 1000, 2000, "one")
TWO = Cue(2, 2000, 3000, "two")
FAR = Cue(3, 5000, 6000, "far")
CUES = (ONE, TWO, FAR)


def held(zone: Zone, cue: Cue, at: int, **more: object) -> Grip:
    found = grip(Hit(zone, cue), at, CUES, **more)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_edges_bodies_and_empty_ground_are_told_apart() -> None:
    assert hit(VIEW, CUES, 150) == Hit(Zone.BODY, ONE)
    assert hit(VIEW, CUES, 102) == Hit(Zone.START, ONE)
    assert hit(VIEW, CUES, 97) == Hit(Zone.START, ONE)
    assert hit(VIEW, CUES, 90) == Hit(Zone.EMPTY)
    assert hit(VIEW, CUES, 303) == Hit(Zone.END, TWO)
    assert hit(VIEW, CUES, 400) == Hit(Zone.EMPTY)


def test_where_cues_touch_the_side_of_the_pointer_decides() -> None:
    assert hit(VIEW, CUES, 199) == Hit(Zone.END, ONE)
    assert hit(VIEW, CUES, 201) == Hit(Zone.START, TWO)


def test_a_short_cue_can_still_be_moved() -> None:
    short = Cue(9, 1000, 1090, "9 px")
    assert hit(VIEW, [short], 104.5) == Hit(Zone.BODY, short)
    assert hit(VIEW, [short], 101).zone is Zone.START


def test_of_two_that_overlap_the_selected_one_is_meant() -> None:
    over = Cue(4, 1200, 1900, "over")
    assert hit(VIEW, (ONE, over), 150).cue == over
    assert hit(VIEW, (ONE, over), 150, selected=(1,)).cue == ONE


def test_an_edge_follows_the_pointer_and_stops_before_the_cue_is_gone() -> None:
    end = held(Zone.END, FAR, 6000)
    assert end.times(6300, snap_ms=0) == {3: (5000, 6300)}
    assert end.times(100, snap_ms=0) == {3: (5000, 5001)}
    start = held(Zone.START, FAR, 5000)
    assert start.times(9999, snap_ms=0) == {3: (5999, 6000)}
    assert held(Zone.START, ONE, 1000).times(0, snap_ms=0) == {1: (0, 2000)}


def test_an_edge_is_caught_by_a_neighbour_and_by_the_playhead() -> None:
    start = held(Zone.START, FAR, 5000)
    assert start.times(3070, snap_ms=80) == {3: (3000, 6000)}
    assert start.times(3070, snap_ms=0) == {3: (3070, 6000)}
    assert held(Zone.END, FAR, 6000, playhead=7010).times(7000, snap_ms=80) == {3: (5000, 7010)}


def test_a_body_is_caught_by_whichever_of_its_edges_is_nearer() -> None:
    body = held(Zone.BODY, FAR, 5500)
    assert body.times(3560, snap_ms=80) == {3: (3000, 4000)}
    assert body.times(1470, snap_ms=80) == {3: (1000, 2000)}
    assert body.times(0, snap_ms=0) == {3: (0, 1000)}


def test_all_selected_move_together_and_keep_their_distances() -> None:
    body = held(Zone.BODY, TWO, 2500, selected=(ONE, TWO))
    assert body.times(3000, snap_ms=0) == {1: (1500, 2500), 2: (2500, 3500)}
    assert body.times(0, snap_ms=0) == {1: (0, 1000), 2: (1000, 2000)}


def test_alt_takes_the_neighbours_edge_along() -> None:
    end = held(Zone.END, ONE, 2000)
    assert end.times(2400, snap_ms=0, linked=True) == {1: (1000, 2400), 2: (2400, 3000)}
    assert end.times(9000, snap_ms=0, linked=True) == {1: (1000, 2999), 2: (2999, 3000)}
    start = held(Zone.START, TWO, 2000)
    assert start.times(500, snap_ms=0, linked=True) == {2: (1001, 3000), 1: (1000, 1001)}
    assert end.times(2400, snap_ms=0) == {1: (1000, 2400)}


def test_a_linked_gap_stays_as_wide_as_it_is() -> None:
    after = Cue(5, 6200, 8000, "after a gap")
    found = grip(Hit(Zone.END, FAR), 6000, (*CUES, after))
    assert found is not None
    assert found.times(6500, snap_ms=0, linked=True) == {3: (5000, 6500), 5: (6700, 8000)}


def test_a_click_that_trembles_is_no_drag() -> None:
    press = Press(150, held(Zone.BODY, ONE, 1500), Zone.BODY)
    assert not press.move(VIEW, 150 + DRAG_PX - 1, snap=True, linked=False)
    assert not press.dragging and not press.times
    assert press.move(VIEW, 180, snap=False, linked=False)
    assert press.times == {1: (1300, 2300)}


def test_a_drag_comes_to_one_edit() -> None:
    snapshot = Snapshot(cues=CueList.of(CUES))
    end = held(Zone.END, ONE, 2000)
    edit = edit_of(end, end.times(2400, snap_ms=0, linked=True), snapshot)
    after = applied(snapshot, edit)
    assert [(c.start, c.end) for c in after.cues] == [(1000, 2400), (2400, 3000), (5000, 6000)]
    assert not edit_of(end, end.times(2000, snap_ms=0), snapshot).changes


@given(
    st.lists(st.integers(0, 20_000), min_size=4, max_size=12, unique=True).map(sorted),
    st.integers(0, 100),
    st.sampled_from([Zone.BODY, Zone.START, Zone.END]),
    st.integers(-5_000, 40_000),
    st.floats(0, 2000),
    st.booleans(),
    st.booleans(),
)
def test_no_drag_makes_times_that_are_none(
    edges: list[int], which: int, zone: Zone, to: int, snap_ms: float, linked: bool, together: bool
) -> None:
    cues = [Cue(i, a, b, "") for i, (a, b) in enumerate(pairwise(edges), 1)]
    cue = cues[which % len(cues)]
    found = grip(Hit(zone, cue), cue.start, cues, cues if together else ())
    assert found is not None
    for start, end in found.times(to, snap_ms=snap_ms, linked=linked).values():
        assert 0 <= start < end
    edit_of(found, found.times(to, snap_ms=snap_ms, linked=linked), Snapshot(cues=CueList.of(cues)))
