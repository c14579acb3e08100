"""Our pictures against Chromium's, where it is installed: the words stand in the same place.

Coarse on purpose: fonts are asked in other ways. What differs by more is listed with the section that says
who is right.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from tests.formats.corpus import FOLDER, needs_corpus
from tests.ui.chromium_pictures import HEIGHT, PROGRAM, WIDTH, Chromium, chromium
from vtt_desktop.app.rendering import WebVTTReader
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.ui.rendering.painting import paint_frame
from vtt_desktop.ui.rendering.stage import Stage

pytestmark = [
    needs_corpus,
    pytest.mark.skipif(PROGRAM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(shutil.which("fc-list") is None, reason="fontconfig is not installed"),
]

NEAR = 6
"""Pixels of a picture 640 wide."""
BALANCED = "7.4 text-wrap: balance; Chromium fills the first line"
AUTO_START = "3.1 computed position: start without a position is at 50 %; Chromium takes 0 %"
NO_REGIONS = "7.1 regions; Chromium has none"
DIFFERENT = {
    "align_start": AUTO_START,
    "start_alignment": AUTO_START,
    "bidi_vertical_rl": "7.4 ruby; Chromium shows no ruby text here",
    "evil__9_cues_overlapping_completely": "7.2 step 10: the closest free place; Chromium lets them overlap",
    "evil__9_cues_overlapping_completely_all_cues_have_same_timestamp": "the same",
    "line_-2_long": BALANCED,
    "line_1_long": BALANCED,
    "size_50": BALANCED,
    "test_long": BALANCED,
    "underline_long": BALANCED,
    "voice_long": BALANCED,
    "regions__regionanchor_y_50_percent": NO_REGIONS,
    "regions__scroll_up": NO_REGIONS,
    "regions__width_50_percent": NO_REGIONS,
    "u002E_u2028_u05D0": "CSS Text 3, 5.1: U+2028 ends a line; Chromium paints it as a space",
    "white-spaces_long_size_20": "7.4 white-space: pre-line folds spaces; Chromium keeps them",
}
CORNERS = {
    "both at the bottom": "align:left / align:right",
    "both at the top": "align:left line:0 / align:right line:0",
    "each on its half": "align:left size:50% / align:right size:50%",
    "both at one side": "vertical:rl line:0 align:left / vertical:rl line:0 align:right",
}
FILES = sorted((FOLDER / "webvtt" / "derived-wpt-rendering").glob("*.vtt"))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("browser")) as one:
        yield one


def ours(data: bytes, ms: int) -> np.ndarray:
    """What we say that players show."""
    snapshot = read_webvtt(data).snapshot
    stage = Stage(WebVTTReader())
    stage.set_head(snapshot.head)
    frame = stage.show([cue for cue in snapshot.cues if cue.start <= ms < cue.end], ms, WIDTH / HEIGHT)
    frame = replace(frame, cues=tuple(shown for shown in frame.cues if not shown.crowded))
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_Grayscale8)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(HEIGHT / frame.picture.height, HEIGHT / frame.picture.height)
    paint_frame(painter, frame)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(HEIGHT, image.bytesPerLine())
    return pixels[:, :WIDTH].astype(int)


def dark(pixels: np.ndarray) -> list[int]:
    """Left, top, right, bottom of the boxes on the white picture; nothing where there are none."""
    rows, columns = np.nonzero(pixels < 128)
    return [int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max())] if len(rows) else []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem.partition("processing-model__")[2])
def test_words_stand_where_chromium_puts_them(qtbot: QtBot, browser: Chromium, path: Path) -> None:
    data = path.read_bytes()
    theirs, mine = dark(browser.picture(data.decode(), 0.5)), dark(ours(data, 500))
    same = len(theirs) == len(mine) and all(abs(a - b) <= NEAR for a, b in zip(theirs, mine, strict=True))
    why = DIFFERENT.get(path.stem.partition("processing-model__")[2])
    if why is None:
        assert same, (theirs, mine)
    elif same:
        pytest.fail(f"no longer different: {why}")


@pytest.mark.parametrize("settings", CORNERS.values(), ids=list(CORNERS))
def test_cues_keep_off_each_other_as_they_do_in_chromium(
    qtbot: QtBot, browser: Chromium, settings: str
) -> None:
    """Cues are as long as their size says, whatever their words: two speakers in two corners are not on one
    line, unless each has a half of it."""
    cues = (f"00:00.000 --> 00:10.000 {said}\n漢漢" for said in settings.split(" / "))
    text = "WEBVTT\n\n" + "\n\n".join(cues) + "\n"
    theirs, mine = dark(browser.picture(text, 0.5)), dark(ours(text.encode(), 500))
    assert all(abs(a - b) <= NEAR for a, b in zip(theirs, mine, strict=True)), (theirs, mine)


@pytest.mark.parametrize("settings", [("", "vertical:rl"), ("vertical:rl", ""), ("vertical:lr line:0", "")])
def test_chromium_leaves_out_what_we_say_is_left_out(
    qtbot: QtBot, browser: Chromium, settings: tuple[str, str]
) -> None:
    """7.2 step 10, "switch direction": a plain cue and a vertical one are each as long as the picture."""
    cues = [f"00:00.000 --> 00:10.000 {said}\n漢漢\n\n" for said in settings]
    both, first = "WEBVTT\n\n" + "".join(cues), "WEBVTT\n\n" + cues[0]
    assert dark(browser.picture(both, 0.5)) == dark(browser.picture(first, 0.5))
    assert dark(ours(both.encode(), 500)) == dark(ours(first.encode(), 500)) != []
