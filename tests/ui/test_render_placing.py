"""A cue moved on the picture: the settings that put it there do put it there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.test_render_boxes import PICTURE, Measured
from vtt_desktop.formats.webvtt_cue import parse_settings
from vtt_desktop.ui.rendering.boxes import bounding, place
from vtt_desktop.ui.rendering.placing import moved


def after(
    settings: str, right: float, down: float, *lines: Measured, by_lines: bool = False, region: bool = False
) -> str:
    """The settings of a cue after it was moved so far."""
    said = parse_settings(settings)
    shown = lines or (Measured(),)
    boxes = place(said, shown, PICTURE, ())
    assert boxes is not None
    return moved(settings, said, shown, boxes.lines, PICTURE, right, down, by_lines=by_lines)


@pytest.mark.parametrize(
    ("settings", "right", "down", "expected"),
    [
        ("", 0, -240, "line:48%"),
        ("", 3, -4, ""),
        ("", 100, 0, "position:60%"),
        ("", -1000, 0, "position:5%"),
        ("", 1000, -1000, "line:0% position:95%"),
        ("", 0, 1000, ""),
        ("line:10%", 0, 1000, "line:96%"),
        ("line:50%,center", 0, 50, "line:60%,center"),
        ("line:50%,end", 0, 50, "line:60%,end"),
        ("line:3 align:left", 0, 100, "line:32% align:left"),
        ("align:left", 100, 0, "align:left position:10%"),
        ("align:right", -100, 0, "align:right position:90%"),
        ("align:start position:10%", 200, 0, "align:start position:30%"),
        ("position:30%,line-left", 200, 0, "position:70%,line-left"),
        ("position:30%,line-right", 500, 0, "position:65%,center"),
        ("position:45%", 55, 0, "position:50%"),
        ("size:40%", 400, 0, "size:40% position:90%"),
        ("odd stuff:1 line:0%", 0, 100, "odd stuff:1 line:20%"),
        ("vertical:rl line:50%", -100, 0, "vertical:rl line:40%"),
        ("vertical:rl line:0 align:start position:0%", 0, 100, "vertical:rl line:0 align:start position:20%"),
    ],
)
def test_percentages(settings: str, right: float, down: float, expected: str) -> None:
    assert after(settings, right, down) == expected


@pytest.mark.parametrize(
    ("settings", "right", "down", "expected"),
    [
        ("", 0, -61, "line:-4"),
        ("", 0, -400, "line:4"),
        ("line:50%,center", 0, -1000, "line:0"),
        ("line:0", 0, 1000, "line:-1"),
        ("vertical:lr line:0", 100, 0, "vertical:lr line:5"),
        ("vertical:lr line:0", 900, 0, "vertical:lr line:-5"),
        ("vertical:rl line:0", -100, 0, "vertical:rl line:5"),
        ("vertical:rl line:0", -900, 0, "vertical:rl line:-5"),
    ],
)
def test_lines(settings: str, right: float, down: float, expected: str) -> None:
    assert after(settings, right, down, by_lines=True) == expected


def test_two_lines_are_counted_by_the_upper_one() -> None:
    assert after("", 0, -40, Measured(), Measured(), by_lines=True) == "line:-4"


def test_a_cue_leaves_its_region_and_stays_where_it_is_put() -> None:
    said = parse_settings("region:r align:center")
    boxes = [PICTURE._replace(left=250, top=100, width=100, height=20)]
    found = moved("region:r align:center", said, [Measured()], boxes, PICTURE, 0, 50, by_lines=False)
    assert found == "align:center line:30% position:30%"


@given(
    st.sampled_from(["", "vertical:lr", "vertical:rl"]),
    st.sampled_from(["", "align:left", "align:end", "position:30%,line-right", "line:40%,center", "line:2"]),
    st.integers(-600, 600),
    st.integers(-300, 300),
    st.booleans(),
    st.lists(st.builds(Measured, st.integers(20, 250)), min_size=1, max_size=3),
)
def test_the_cue_goes_where_it_was_moved_to(
    vertical: str, settings: str, right: int, down: int, by_lines: bool, lines: list[Measured]
) -> None:
    written = f"{vertical} {settings}".strip()
    before = place(parse_settings(written), lines, PICTURE, ())
    assert before is not None
    read = parse_settings(written)
    said = moved(written, read, lines, before.lines, PICTURE, right, down, by_lines=by_lines)
    there = place(parse_settings(said), lines, PICTURE, ())
    assert there is not None
    wanted, found = bounding(before.lines).moved(right, down), bounding(there.lines)
    assert found.within(PICTURE)
    left = min(max(wanted.left, 0), 1000 - found.width)
    top = min(max(wanted.top, 0), 500 - found.height)
    # A whole percentage, or a line, or what a hand means when it hardly moves.
    across = 21 if by_lines else 11
    assert abs(found.left - left) <= (across if vertical else 16)
    assert abs(found.top - top) <= (16 if vertical else across)
