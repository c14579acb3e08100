"""Cues in regions laid out with real fonts (WebVTT 7.1), and taken by a hand."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.test_render_stage import REGION, WIDE, cue, dark, painted
from vtt_desktop.app.rendering import WebVTTReader
from vtt_desktop.domain.edit import Head
from vtt_desktop.ui.rendering.stage import Stage


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return Stage(WebVTTReader())


def test_7_1_cues_of_a_region_stack_up_from_its_lower_edge(stage: Stage) -> None:
    stage.set_head(Head(REGION))
    one = stage.show([cue(1, settings="region:r")], 0, WIDE)
    (region,) = one.regions
    assert (region.box.left, region.box.width, region.box.bottom) == (320, 640, 360)
    assert region.box.height == pytest.approx(region.cues[0].box.height)
    (region,) = stage.show([cue(1, settings="region:r"), cue(2, settings="region:r")], 0, WIDE).regions
    first, second = region.cues
    assert first.box.bottom == pytest.approx(second.box.top)
    assert second.box.bottom == pytest.approx(360)


def test_7_1_a_full_region_cuts_off_its_oldest_lines(stage: Stage) -> None:
    stage.set_head(Head(REGION))
    frame = stage.show([cue(n, "Two\nlines", "region:r") for n in (1, 2, 3)], 0, WIDE)
    (region,) = frame.regions
    assert region.box.height == pytest.approx(3 * 0.06 * 720)
    assert region.cues[0].box.top < region.box.top
    assert dark(painted(frame)) == pytest.approx((80, 57, 239, 89), abs=1)


def test_a_region_that_is_not_there_is_as_none(stage: Stage) -> None:
    frame = stage.show([cue(1, settings="region:nowhere")], 0, WIDE)
    assert frame.regions == () and frame.cues[0].box.bottom == pytest.approx(720)


def test_the_last_region_of_a_name_counts(stage: Stage) -> None:
    stage.set_head(Head(REGION + b"\nREGION\nid:r\nwidth:20%\n"))
    (region,) = stage.show([cue(1, settings="region:r")], 0, WIDE).regions
    assert region.box.width == pytest.approx(256)


def test_cues_keep_off_regions(stage: Stage) -> None:
    stage.set_head(Head(b"WEBVTT\n\nREGION\nid:r\n"))
    frame = stage.show([cue(1), cue(2, settings="region:r")], 0, WIDE)
    assert frame.cues[0].box.bottom <= frame.regions[0].box.top + 0.01


def test_a_cue_is_under_the_bar_of_its_region_beside_its_words_too(stage: Stage) -> None:
    stage.set_head(Head(REGION))
    one, two = cue(1, settings="region:r align:left"), cue(2, "Longer words", "region:r")
    frame = stage.show([one, two, cue(3, settings="line:0")], 0, WIDE)
    (region,) = frame.regions
    for shown in region.cues:
        y = shown.box.top + shown.box.height / 2
        for x in (region.box.left, shown.box.left + 1, region.box.right - 1):
            assert frame.at(x, y) is shown
        assert frame.at(region.box.left - 1, y) is None
    assert frame.at(region.box.right - 1, region.box.top - 1) is None


def test_a_region_that_scrolls_lets_its_newest_cue_come_in(stage: Stage) -> None:
    stage.set_head(Head(REGION + b"scroll:up\n"))
    cues = [cue(1, settings="region:r"), cue(2, settings="region:r")]
    frame = stage.show(cues, 0, WIDE)
    at_rest, coming = painted(frame), painted(frame, {"r": 1.0})
    assert (at_rest != coming).any()
    assert dark(at_rest) == dark(coming), "what is not in the region yet is not seen"
