"""Milliseconds and pixels, and back; nothing here needs a screen."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from vtt_desktop.ui.timeline.geometry import FINEST, Geometry, tick_label, tick_step, ticks
from vtt_desktop.ui.timeline.painting import label_rect

views = st.builds(
    lambda width, length, left, scale: Geometry(left=left, ms_per_px=scale).resized(width, length),
    st.integers(50, 4000),
    st.integers(0, 20_000_000),
    st.floats(0, 20_000_000),
    st.floats(0.1, 5000),
)


@given(views, st.integers(0, 4000))
def test_a_pixel_comes_back_from_its_moment(view: Geometry, x: int) -> None:
    assert abs(view.x(view.moment(x)) - x) <= 0.5 / view.ms_per_px + 1e-6


@given(views, st.floats(0.2, 5), st.floats(0, 1))
def test_zooming_keeps_the_moment_under_the_pointer(view: Geometry, factor: float, share: float) -> None:
    x = view.width * share
    zoomed = view.zoomed(factor, x)
    at_a_border = zoomed.left == 0 or zoomed.last >= zoomed.length
    assert at_a_border or abs(zoomed.moment(x) - view.moment(x)) <= view.ms_per_px + zoomed.ms_per_px + 1


@given(views, st.floats(-1e6, 1e6))
def test_the_view_never_leaves_the_film(view: Geometry, by: float) -> None:
    scrolled = view.scrolled(by)
    assert scrolled.left >= 0 and scrolled.first <= scrolled.length
    assert FINEST <= scrolled.ms_per_px <= scrolled.coarsest


@given(views)
def test_scrolling_there_and_back_is_nothing(view: Geometry) -> None:
    away = view.scrolled(17)
    if away.origin == view.origin + 17:
        assert away.scrolled(-17).origin == view.origin


def test_what_is_to_be_shown_is_in_view() -> None:
    view = Geometry().resized(1000, 3_600_000)
    shown = view.showing(600_000, 620_000)
    assert 0 < shown.x(600_000) < shown.x(620_000) < 1000
    revealed = view.revealing(600_000, 601_000)
    assert revealed.shows(600_000) and revealed.shows(601_000) and revealed.ms_per_px == view.ms_per_px
    assert revealed.revealing(600_100, 600_900) == revealed
    assert revealed.revealing(0, 1000).first == 0


@pytest.mark.parametrize("scale", [1.0, 3.7, 20.0, 200.0, 750.0])
def test_labels_never_touch(scale: float) -> None:
    step, minor = tick_step(scale, 80)
    assert step / scale >= 80
    assert step % minor == 0


def test_ticks_cover_the_view_and_stand_on_round_times() -> None:
    view = Geometry(ms_per_px=20.0).resized(1000, 600_000).starting(123_456)
    found = list(ticks(view, 80, 0, 1000))
    assert found[0][0] <= view.first and found[-1][0] >= view.last - 400
    assert all(at % 400 == 0 for at, _ in found)
    assert [at for at, labelled in found if labelled] == [at for at, _ in found if at % 2000 == 0]


@pytest.mark.parametrize(
    ("ms", "step", "label"),
    [(0, 1000, "0:00"), (83_000, 5000, "1:23"), (3_723_000, 1000, "1:02:03"), (83_500, 500, "1:23.5")]
    + [(83_450, 50, "1:23.45")],
)
def test_labels_read_as_times(ms: int, step: int, label: str) -> None:
    assert tick_label(ms, step) == label


@pytest.mark.parametrize("lanes", [1, 2, 3])
@pytest.mark.parametrize("height", [48, 60, 72, 73, 100, 115, 200])
def test_labels_of_cues_that_overlap_do_not_stand_on_each_other(height: int, lanes: int) -> None:
    block = QRect(10, 22, 200, height)
    labels = [label_rect(block, lane, lanes) for lane in range(lanes)]
    assert all(block.contains(label) for label in labels)
    assert all(upper.bottom() < lower.top() for lower, upper in pairwise(labels))
    assert all(label.height() >= 13 for label in labels), "there is room for its words"
