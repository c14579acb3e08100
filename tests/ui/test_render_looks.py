"""What style sheets do to the picture, pixel by pixel: translucence, lines, shadows, ruby and squares."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from vtt_desktop.app.rendering import WebVTTReader
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Head
from vtt_desktop.ui.rendering.painting import paint_frame
from vtt_desktop.ui.rendering.stage import Frame, Stage

WIDE = 16 / 9
BLOCK = "████"


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return Stage(WebVTTReader())


def cue(number: int, text: str = "Words", settings: str = "") -> Cue:
    return Cue(number, 0, 10_000, text, settings=settings)


def coloured(frame: Frame, back: str = "white") -> np.ndarray:
    """A frame on one colour, 640 × 360: red, green and blue of each pixel."""
    image = QImage(640, 360, QImage.Format.Format_RGB888)
    image.fill(QColor(back))
    painter = QPainter(image)
    painter.scale(0.5, 0.5)
    paint_frame(painter, frame)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(360, image.bytesPerLine())
    return pixels[:, : 640 * 3].reshape(360, 640, 3).astype(int)


def with_style(stage: Stage, sheet: str, text: str, settings: str = "", region: str = "") -> np.ndarray:
    stage.set_head(Head(f"WEBVTT\n\n{region}STYLE\n{sheet}\n\n".encode()))
    return coloured(stage.show([cue(1, text, settings)], 0, WIDE))


def colours_in(pixels: np.ndarray) -> set[tuple[int, int, int]]:
    """The colours that fill places, not those at the edges of letters."""
    found, often = np.unique(pixels.reshape(-1, 3), axis=0, return_counts=True)
    return {tuple(int(v) for v in one) for one, times in zip(found, often, strict=True) if times > 40}


@pytest.mark.parametrize("settings", ["", "vertical:rl", "vertical:lr line:2"])
def test_what_is_translucent_is_seen_as_one(stage: Stage, settings: str) -> None:
    """The background shows through the words of no glyph: each half of all is that of one picture."""
    sheet = "::cue { background: lime; color: red; opacity: 0.5 }"
    seen = colours_in(with_style(stage, sheet, f"{BLOCK}\nx", settings))
    assert any(r == 255 and abs(g - 127) < 3 and abs(b - 127) < 3 for r, g, b in seen), seen  # the words
    assert any(g == 255 and abs(r - 127) < 3 and abs(b - 127) < 3 for r, g, b in seen), seen  # beside them
    assert not any(r > 150 and g > 150 and b < 120 for r, g, b in seen), "words on their own background"


def test_translucent_words_inside_of_translucent_ones(stage: Stage) -> None:
    sheet = "::cue { background: none } ::cue(.a) { background: lime; opacity: 0.5 } "
    sheet += "::cue(.b) { background: blue; color: blue; opacity: 0.5 }"
    seen = colours_in(with_style(stage, sheet, f"<c.a>xx<c.b>{BLOCK}</c></c>"))
    # Half of blue over lime, and half of that over white.
    assert any(abs(r - 127) < 4 and abs(g - 191) < 4 and abs(b - 191) < 4 for r, g, b in seen), seen


def test_a_translucent_region_is_so_with_its_cues(stage: Stage) -> None:
    region = "REGION\nid:a\nwidth:50%\nlines:3\n\n"
    sheet = "::cue-region { background: lime; opacity: 0.5 } ::cue { background: red; color: red }"
    seen = colours_in(with_style(stage, sheet, BLOCK, "region:a", region))
    assert (127, 255, 127) in seen or (128, 255, 128) in seen, seen
    assert any(r == 255 and abs(g - 127) < 3 for r, g, b in seen) and not any(
        r > 150 and 40 < g < 120 for r, g, b in seen
    ), "the cue is no more translucent than its region"


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_what_is_translucent_is_where_it_would_be(stage: Stage, ratio: float) -> None:
    """On a screen with more pixels, and in a painter that is moved, too."""
    pictures = []
    for opacity in ("1", "0.999"):
        stage.set_head(Head(f"WEBVTT\n\nSTYLE\n::cue {{ opacity: {opacity} }}\n\n".encode()))
        frame = stage.show([cue(1, "Words", "line:1"), cue(2, "漢字", "vertical:rl")], 0, WIDE)
        image = QImage(round(400 * ratio), round(300 * ratio), QImage.Format.Format_Grayscale8)
        image.setDevicePixelRatio(ratio)
        image.fill(QColor("white"))
        painter = QPainter(image)
        painter.translate(13, 7)
        painter.scale(0.25, 0.25)
        paint_frame(painter, frame)
        painter.end()
        pictures.append(np.frombuffer(image.constBits(), np.uint8).astype(int))
    assert np.abs(pictures[0] - pictures[1]).max() <= 2


@pytest.mark.parametrize("shape", ["solid", "double", "dotted", "dashed", "wavy"])
@pytest.mark.parametrize("settings", ["", "vertical:rl"])
def test_lines_along_words_have_their_own_colour_and_shape(stage: Stage, settings: str, shape: str) -> None:
    sheet = "::cue { background: none; color: white } "
    sheet += f"::cue(u) {{ text-decoration: underline {shape} 6px red }}"
    pixels = with_style(stage, sheet, "<u>Words <c.lime>go</c></u>", settings)
    red = (pixels[:, :, 0] > 200) & (pixels[:, :, 1] < 90) & (pixels[:, :, 2] < 90)
    rows, columns = np.nonzero(red)
    assert len(rows) > 40
    long, thick = (rows, columns) if settings else (columns, rows)
    assert np.ptp(long) > 60, "under the words of another colour, too"
    assert np.ptp(thick) + 1 <= {"double": 10, "wavy": 14}.get(shape, 4)


def test_a_line_under_words_is_below_one_through_them_and_one_over_them(stage: Stage) -> None:
    tops = []
    for line in ("overline", "line-through", "underline"):
        sheet = f"::cue {{ background: none; color: white; text-decoration: {line} red }}"
        pixels = with_style(stage, sheet, "words")
        tops.append(int(np.nonzero(pixels[:, :, 1] < 128)[0].mean()))
    assert tops[0] + 5 < tops[1] < tops[2] - 5


def test_each_run_has_its_own_shadow(stage: Stage) -> None:
    sheet = "::cue { background: none; color: white } ::cue(.a) { text-shadow: 0 -40px red } "
    sheet += "::cue(.b) { text-shadow: 0 40px blue }"
    pixels = with_style(stage, sheet, f"<c.a>{BLOCK}</c> <c.b>{BLOCK}</c>", "line:5")
    red, blue = pixels[:, :, 2] < 90, pixels[:, :, 0] < 90
    assert np.nonzero(red)[0].max() < np.nonzero(blue)[0].min()


def test_ruby_stands_under_where_its_own_text_says_so(stage: Stage) -> None:
    stage.set_head(Head(b"WEBVTT\n\nSTYLE\n::cue(rt.low) { ruby-position: under }\n\n"))
    text = "<ruby>high<rt>up</rt></ruby><ruby>low<rt.low>down</rt></ruby>"
    (line,) = stage.show([cue(1, text)], 0, WIDE).cues[0].lines
    up, down = line.ruby
    assert up.at.y() + up.line.height <= line.ascent < down.at.y()
    assert line.height >= down.at.y() + down.line.height - 1


def test_digits_across_a_vertical_line_take_the_place_of_one_letter(stage: Stage) -> None:
    plain = stage.show([cue(1, "令和12年", "vertical:rl")], 0, WIDE).cues[0]
    assert plain.lines[0].length > 0
    lengths = {}
    for value in ("none", "all", "digits 2", "digits 3"):
        stage.set_head(Head(f"WEBVTT\n\nSTYLE\n::cue(c) {{ text-combine-upright: {value} }}\n\n".encode()))
        for digits in ("12", "123"):
            (shown,) = stage.show([cue(1, f"<c>{digits}</c>", "vertical:rl")], 0, WIDE).cues
            lengths[value, digits] = shown.lines[0].length
            pixels = coloured(stage.show([cue(1, f"<c>{digits}</c>", "vertical:rl")], 0, WIDE))
            assert (pixels > 200).any()
    for both in (("all", "12"), ("all", "123"), ("digits 2", "12"), ("digits 3", "123")):
        assert lengths[both] == pytest.approx(36, abs=2)
    assert lengths["digits 2", "123"] == lengths["none", "123"] > 50
    (flat,) = stage.show([cue(1, "<c>123</c>")], 0, WIDE).cues
    assert flat.lines[0].length > 50, "in horizontal lines it does nothing"
