"""Known answers to the steps of WebVTT 7.2 and 3.1, on plain numbers: no font is looked at.

The picture is 1000 × 500; lines are 20 high unless said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtt_desktop.formats.webvtt_cue import CueSettings, parse_settings
from vtt_desktop.formats.webvtt_region import Region
from vtt_desktop.ui.rendering.boxes import (
    Box,
    bounding,
    closest_free,
    computed_line,
    computed_position,
    computed_position_align,
    cue_size,
    cue_start,
    place,
    region_box,
    region_offset,
)

PICTURE = Box(0, 0, 1000, 500)


@dataclass(frozen=True)
class Measured:
    """A line as if a font had been asked."""

    length: float = 100
    height: float = 20
    rtl: bool = False


def put(settings: str, *lines: Measured, output: tuple[Box, ...] = ()) -> list[Box]:
    found = place(parse_settings(settings), lines or (Measured(),), PICTURE, output)
    assert found is not None
    return found.lines


# 3.1 computed line, computed position, computed position alignment


@pytest.mark.parametrize(
    ("settings", "before", "line"),
    [("", 0, -1), ("", 2, -3), ("line:5", 1, 5), ("line:-2", 0, -2), ("line:30%", 0, 30)],
)
def test_3_1_computed_line(settings: str, before: int, line: float) -> None:
    assert computed_line(parse_settings(settings), before) == line


def test_3_1_computed_line_of_percentages_that_an_api_may_set() -> None:
    assert computed_line(CueSettings(line=101, snap_to_lines=False)) == 100
    assert computed_line(CueSettings(line=-1, snap_to_lines=False)) == 100
    assert computed_line(CueSettings(line="auto", snap_to_lines=False)) == 100


@pytest.mark.parametrize(
    ("settings", "rtl", "position", "align"),
    [
        ("", False, 50, "center"),
        ("align:left", False, 0, "line-left"),
        ("align:right", False, 100, "line-right"),
        ("align:start", False, 50, "line-left"),
        ("align:start", True, 50, "line-right"),
        ("align:end", False, 50, "line-right"),
        ("align:end", True, 50, "line-left"),
        ("position:10%", True, 10, "center"),
        ("position:10%,line-right align:left", False, 10, "line-right"),
        ("position:10% align:left", True, 10, "line-left"),
    ],
)
def test_3_1_computed_position_and_its_alignment(
    settings: str, rtl: bool, position: float, align: str
) -> None:
    said = parse_settings(settings)
    assert (computed_position(said), computed_position_align(said, rtl)) == (position, align)


# 7.2 steps 2 to 5: maximum size, size, x-position


@pytest.mark.parametrize(
    ("settings", "size", "start"),
    [
        ("", 100, 0),
        ("size:40%", 40, 30),
        ("position:30%", 60, 0),
        ("position:80%", 40, 60),
        ("position:80% size:10%", 10, 75),
        ("position:30%,line-left", 70, 30),
        ("position:30%,line-left size:20%", 20, 30),
        ("position:30%,line-right", 30, 0),
        ("position:30%,line-right size:20%", 20, 10),
        ("align:start", 50, 50),
        ("align:left", 100, 0),
    ],
)
def test_7_2_size_and_where_it_begins(settings: str, size: float, start: float) -> None:
    said = parse_settings(settings)
    assert (cue_size(said, False), cue_start(said, False)) == (size, start)


# 7.4 text-align


@pytest.mark.parametrize(
    ("align", "rtl", "left"),
    [
        ("left", False, 200),
        ("right", False, 700),
        ("center", True, 450),
        ("start", False, 200),
        ("start", True, 700),
        ("end", False, 700),
        ("end", True, 200),
        ("left", True, 200),
    ],
)
def test_7_4_lines_are_aligned_each_by_its_own_direction(align: str, rtl: bool, left: float) -> None:
    said = f"align:{align} position:50%,center size:60%"
    (box,) = put(said, Measured(rtl=rtl))
    assert box == Box(left, 480, 100, 20)


def test_7_4_a_line_too_long_sticks_out_at_its_end() -> None:
    (box,) = put("position:50% size:10%", Measured(300))
    assert (box.left, box.right) == (450, 750)
    (box,) = put("position:50% size:10%", Measured(300, rtl=True))
    assert (box.left, box.right) == (250, 550)


# 7.2 step 10, snap-to-lines


@pytest.mark.parametrize(
    ("settings", "tops"),
    [
        ("", [460, 480]),
        ("line:0", [0, 20]),
        ("line:3", [60, 80]),
        ("line:2.5", [60, 80]),
        ("line:-1", [460, 480]),
        ("line:-2", [460, 480]),
        ("line:-3", [440, 460]),
        ("line:24", [460, 480]),
        ("line:900000000", [460, 480]),
        ("line:-900000000", [0, 20]),
    ],
)
def test_7_2_lines_are_counted_by_the_height_of_the_first(settings: str, tops: list[float]) -> None:
    assert [box.top for box in put(settings, Measured(), Measured(60))] == tops


def test_7_2_the_step_is_the_first_line() -> None:
    boxes = put("line:2", Measured(height=50), Measured(height=10))
    assert [(box.top, box.height) for box in boxes] == [(100, 50), (150, 10)]


def test_7_2_step_loop_moves_a_line_at_a_time_off_what_is_there() -> None:
    below = Box(440, 471, 80, 29)
    assert put("", output=(below,))[0].top == 440
    assert put("line:0", output=(Box(400, 0, 200, 35),))[0].top == 40
    assert put("size:20%", output=(Box(0, 300, 300, 200),))[0].top == 480, "beside it there is room"
    assert put("", output=(Box(0, 300, 300, 200),))[0].top == 280, "its box is as wide as its size says"


def test_7_2_switch_direction_when_one_side_is_full() -> None:
    assert put("line:2", output=(Box(0, 30, 1000, 470),))[0].top == 0
    assert put("line:-20", output=(Box(0, 0, 1000, 300),))[0].top == 300


def test_7_2_a_cue_without_a_place_is_not_shown() -> None:
    assert place(parse_settings(""), (Measured(),), PICTURE, (PICTURE,)) is None
    assert place(parse_settings(""), (Measured(),) * 26, PICTURE, ()) is None
    assert place(parse_settings(""), (), PICTURE, ()) is None


# 7.2, vertical


@pytest.mark.parametrize(
    ("settings", "lefts"),
    [
        ("vertical:lr line:0", [0, 20]),
        ("vertical:lr line:2", [40, 60]),
        ("vertical:lr line:-3", [940, 960]),
        ("vertical:lr", [960, 980]),
        ("vertical:rl line:0", [980, 960]),
        ("vertical:rl line:2", [940, 920]),
        ("vertical:rl", [20, 0]),
    ],
)
def test_7_2_vertical_lines_follow_each_other_from_their_side(settings: str, lefts: list[float]) -> None:
    boxes = put(settings, Measured(300), Measured(200))
    assert [box.left for box in boxes] == lefts
    assert [(box.top, box.height, box.width) for box in boxes] == [(100, 300, 20), (150, 200, 20)]


def test_7_2_size_and_position_of_vertical_cues_are_of_the_height() -> None:
    (box,) = put("vertical:lr line:0 position:20% size:40% align:start", Measured(50))
    assert box == Box(0, 100, 20, 50)


def test_7_2_vertical_cues_step_sideways() -> None:
    assert put("vertical:rl line:0", output=(Box(990, 0, 10, 500),))[0].right == 980
    assert put("vertical:lr line:0", output=(Box(0, 0, 10, 500),))[0].left == 20


# 7.2 step 10, percentages


@pytest.mark.parametrize(
    ("settings", "top"),
    [
        ("line:0%", 0),
        ("line:50%", 250),
        ("line:50%,center", 230),
        ("line:50%,end", 210),
        ("line:100%", 460),
        ("line:0%,end", 0),
    ],
)
def test_7_2_a_percentage_is_where_the_line_alignment_puts_it(settings: str, top: float) -> None:
    assert put(settings, Measured(), Measured())[0].top == top


@pytest.mark.parametrize(("align", "left"), [("start", 500), ("center", 490), ("end", 480)])
def test_7_2_a_percentage_of_a_vertical_cue_is_of_the_width(align: str, left: float) -> None:
    assert put(f"vertical:rl line:50%,{align}")[0].left == left


def test_7_2_the_closest_free_place_is_taken() -> None:
    taken = (Box(400, 200, 200, 100),)
    assert closest_free(Box(450, 205, 100, 20), PICTURE, taken) == (450, 180), "up"
    assert closest_free(Box(450, 275, 100, 20), PICTURE, taken) == (450, 300), "down"
    assert closest_free(Box(310, 240, 100, 20), PICTURE, taken) == (300, 240), "left"
    assert closest_free(Box(590, 240, 100, 20), PICTURE, taken) == (600, 240), "right"
    assert closest_free(Box(950, 490, 100, 20), PICTURE, ()) == (900, 480), "into the picture"


def test_7_2_of_equally_near_places_the_highest_then_the_leftmost() -> None:
    square = Box(400, 200, 100, 100)
    assert closest_free(square, PICTURE, (square,)) == (400, 100)
    bar = Box(400, 0, 100, 500)
    assert closest_free(bar._replace(height=20), PICTURE, (bar,)) == (300, 0)


def test_7_2_without_a_free_place_the_boxes_overlap() -> None:
    assert closest_free(Box(0, 0, 10, 10), PICTURE, (PICTURE,)) is None
    assert put("line:50%", output=(PICTURE,))[0].top == 250


BOXES = st.builds(Box, st.integers(0, 800), st.integers(0, 400), st.integers(1, 200), st.integers(1, 100))


@given(BOXES, st.lists(BOXES, max_size=6))
def test_the_place_found_is_free_and_no_other_place_on_a_grid_is_nearer(box: Box, taken: list[Box]) -> None:
    found = closest_free(box, PICTURE, taken)

    def free(left: float, top: float) -> bool:
        there = box._replace(left=left, top=top)
        return there.within(PICTURE) and not any(there.overlaps(one) for one in taken)

    def distance(left: float, top: float) -> float:
        return float(((left - box.left) ** 2 + (top - box.top) ** 2) ** 0.5)

    nearest = inf if found is None else distance(*found)
    if found is not None:
        assert free(*found)
    grid = ((x, y) for x in range(0, 1000, 50) for y in range(0, 500, 25))
    assert all(distance(x, y) >= nearest - 0.01 for x, y in grid if free(x, y))


SETTINGS = st.builds(
    "{} {} {} {}".format,
    st.sampled_from(["", "vertical:rl", "vertical:lr"]),
    st.one_of(
        st.just(""), st.integers(-99, 99).map("line:{}".format), st.integers(0, 100).map("line:{}%".format)
    ),
    st.one_of(st.just(""), st.integers(0, 100).map("position:{}%".format)),
    st.sampled_from(["", "align:start", "align:end", "align:left", "align:right"]),
)
LINES = st.lists(
    st.builds(Measured, st.integers(1, 100), st.integers(1, 60), st.booleans()), min_size=1, max_size=4
)


@given(st.lists(st.tuples(SETTINGS, LINES), max_size=6))
def test_snapped_cues_are_on_the_picture_and_off_each_other(cues: list[tuple[str, list[Measured]]]) -> None:
    output: list[Box] = []
    for settings, lines in cues:
        said = parse_settings(settings)
        found = place(said, lines, PICTURE, output)
        if found is None:
            continue
        around = found.whole
        assert bounding(found.lines).within(around)
        if said.snap_to_lines:
            assert around.within(PICTURE)
            assert not any(around.overlaps(other) for other in output)
        assert len(found.lines) == len(lines)
        output.append(around)


# 7.1 regions


def test_7_1_a_region_hangs_by_its_anchor() -> None:
    region = Region("r", 60, 3, (50, 0), (50, 8))
    assert region_box(region, PICTURE) == Box(200, 40, 600, 90)
    assert region_box(Region("r"), PICTURE) == Box(0, 410, 1000, 90)
    assert region_box(Region("r", 40, 5, (100, 50), (90, 50)), PICTURE) == Box(500, 175, 400, 150)


@pytest.mark.parametrize(
    ("settings", "offset"),
    [("", 0), ("align:left", 0), ("align:right", 0), ("position:20%,line-left", 12), ("position:20%", -18)],
)
def test_7_1_the_offset_of_a_cue_in_its_region(settings: str, offset: float) -> None:
    assert region_offset(parse_settings(settings), Region("r", 60), False) == offset
