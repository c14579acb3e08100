"""Cues laid out with real fonts: where they stand, that they stay there, and that nothing is done twice."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontDatabase, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.formats.corpus import FOLDER, needs_corpus
from vtt_desktop.app.rendering import WebVTTReader
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.errors import UserError
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.ui.rendering.painting import paint_frame
from vtt_desktop.ui.rendering.stage import Frame, Stage
from vtt_desktop.ui.rendering.vertical import is_form_of, stands_upright

WIDE = 16 / 9
REGION = b"WEBVTT\n\nREGION\nid:r\nwidth:50%\nlines:3\nregionanchor:0%,100%\nviewportanchor:25%,50%\n"
SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "sample" / "the-last-ferry.vtt"


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return Stage(WebVTTReader())


@pytest.fixture
def ideographs(qtbot: QtBot) -> None:
    """Skips where no font has them: what stands in for them is not a square."""
    if not QFontDatabase.families(QFontDatabase.WritingSystem.Japanese):
        pytest.skip("no font with ideographs is installed (Debian: fonts-noto-cjk)")


def cue(number: int, text: str = "Words", settings: str = "") -> Cue:
    return Cue(number, 0, 10_000, text, settings=settings)


def boxes(frame: Frame) -> dict[int, tuple[float, float, float, float]]:
    return {shown.cue.id: tuple(shown.box) for shown in frame.all_cues}


def painted(frame: Frame, scrolled: dict[str, float] | None = None) -> np.ndarray:
    """A frame on white, 320 × 180: 0 black … 255 white."""
    image = QImage(320, 180, QImage.Format.Format_Grayscale8)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(0.25, 0.25)
    paint_frame(painter, frame, scrolled)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(180, image.bytesPerLine())
    return pixels[:, :320].astype(int)


def dark(pixels: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is darker than half."""
    rows, columns = np.nonzero(pixels < 128)
    return int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max())


def opened(stage: Stage, data: bytes) -> Snapshot:
    snapshot = read_webvtt(data).snapshot
    stage.set_head(snapshot.head)
    return snapshot


# Places


def test_a_plain_cue_stands_at_the_bottom_in_the_middle(stage: Stage) -> None:
    (shown,) = stage.show([cue(1, "Two\nlines")], 0, WIDE).cues
    assert len(shown.lines) == 2
    assert shown.box.bottom == pytest.approx(720)
    assert shown.box.left + shown.box.width / 2 == pytest.approx(640)
    assert 36 <= shown.lines[0].height < 60, "7.4: 5vh, and what the font needs around it"


def test_the_picture_has_the_proportions_of_the_film(stage: Stage) -> None:
    narrow = stage.show([cue(1, "Two words " * 4)], 0, 9 / 16)
    assert narrow.picture.width == pytest.approx(405)
    assert len(narrow.cues[0].lines) > 1


def test_a_later_cue_stands_above_an_earlier_one(stage: Stage) -> None:
    first, second = stage.show([cue(1), cue(2)], 0, WIDE).cues
    assert second.box.bottom == pytest.approx(first.box.top)


@pytest.mark.parametrize("settings", [("", "vertical:rl"), ("vertical:rl", ""), ("", "vertical:lr line:0")])
def test_a_cue_without_room_for_its_box_is_seen_and_known_as_one_that_players_leave_out(
    stage: Stage, settings: tuple[str, str]
) -> None:
    frame = stage.show([cue(1, settings=settings[0]), cue(2, settings=settings[1])], 0, WIDE)
    first, second = frame.cues
    assert (first.crowded, second.crowded) == (False, True)
    assert not first.box.overlaps(second.box) and second.box.within(frame.picture)
    (alone,) = Stage(WebVTTReader()).show([cue(2, settings=settings[1])], 0, WIDE).cues
    assert second.box == alone.box, "its words are in nobody's way"
    (left,) = stage.show([cue(2, settings=settings[1])], 0, WIDE).cues
    assert not left.crowded, "there is room again"


def test_a_cue_that_players_leave_out_pushes_none_away(stage: Stage) -> None:
    high = cue(1, "\n".join("Words" * 9), "line:0")
    third = cue(3, settings="align:left")
    before = stage.show([high, third], 0, WIDE).find(3)
    after = stage.show([high, cue(2, settings="vertical:rl"), third], 0, WIDE).find(3)
    assert before is not None and after is not None and before.box == after.box


def test_a_cue_is_seen_where_there_is_no_room_at_all(stage: Stage) -> None:
    full = [cue(number, "\n".join(["Words"] * 9)) for number in (1, 2, 3)]
    frame = stage.show(full, 0, WIDE)
    assert [shown.crowded for shown in frame.cues] == [False, True, True]
    assert all(shown.box.within(frame.picture) for shown in frame.cues)


def test_cues_are_placed_in_the_order_of_their_times(stage: Stage) -> None:
    late, early, longer = Cue(1, 900, 5000, "Late"), Cue(2, 0, 5000, "Early"), Cue(3, 0, 6000, "Longer")
    frame = stage.show([late, early, longer], 1000, WIDE)
    assert [shown.cue.id for shown in frame.cues] == [3, 2, 1]
    assert frame.cues[0].box.bottom == pytest.approx(720)


def test_7_1_what_stands_keeps_its_place_when_others_go(stage: Stage) -> None:
    before = boxes(stage.show([cue(1), cue(2)], 0, WIDE))
    after = boxes(stage.show([cue(2), cue(3)], 0, WIDE))
    assert after[2] == before[2]
    assert after[3] == before[1]


def test_an_edit_of_a_cue_that_shows_places_all_of_them_anew(stage: Stage) -> None:
    before = boxes(stage.show([cue(1), cue(2)], 0, WIDE))
    after = boxes(stage.show([cue(1, settings="line:0"), cue(2)], 0, WIDE))
    assert after[2][1] > before[2][1]


def test_nothing_is_laid_out_twice(stage: Stage) -> None:
    frame = stage.show([cue(1), cue(2)], 0, WIDE)
    assert stage.show([cue(1), cue(2)], 5000, WIDE) is frame
    again = stage.show([cue(1)], 0, WIDE)
    assert again.cues[0].lines is frame.cues[0].lines


def test_8_2_2_words_change_as_they_are_spoken(stage: Stage) -> None:
    stage.set_head(Head(b"WEBVTT\n\nSTYLE\n::cue(:future) { color: red }\n\n"))
    said = cue(1, "<00:01.000><c>One</c> <00:02.000><c>two</c>")
    first = stage.show([said], 500, WIDE)
    assert stage.show([said], 900, WIDE) is first
    second = stage.show([said], 1500, WIDE)
    assert second is not first
    assert boxes(second) == boxes(first)


def test_long_lines_are_balanced(stage: Stage) -> None:
    text = "As many words as do not fit into one line of the picture, whatever it is that they say"
    (shown,) = stage.show([cue(1, text)], 0, WIDE).cues
    first, second = shown.lines
    assert abs(first.length - second.length) < 300
    (balanced,) = stage.show([cue(2, text, "size:60%")], 0, WIDE).cues
    assert max(line.length for line in balanced.lines) <= 0.6 * 1280


def test_a_word_too_long_is_cut_not_hidden(stage: Stage) -> None:
    (shown,) = stage.show([cue(1, "w" * 200)], 0, WIDE).cues
    assert len(shown.lines) > 2
    assert max(line.length for line in shown.lines) <= 1280


def test_ideographs_are_broken_between_any_two(stage: Stage, ideographs: None) -> None:
    (shown,) = stage.show([cue(1, "縦書きの日本語です" * 8)], 0, WIDE).cues
    assert len(shown.lines) == 3
    assert len({line.length for line in shown.lines}) == 1


def test_emoji_and_other_planes_keep_styles_in_step(stage: Stage) -> None:
    (shown,) = stage.show([cue(1, "😀😀<b>bold</b> 😀 <c.bg_red>red</c>")], 0, WIDE).cues
    (line,) = shown.lines
    back = line.fills[-1]
    assert back.colour == QColor("red")
    assert back.rect.right() == pytest.approx(line.length, abs=2)


def test_ruby_needs_room_above_its_line(stage: Stage) -> None:
    plain, ruby = (
        stage.show([cue(number, text)], 0, WIDE).cues[0].lines[0]
        for number, text in ((1, "漢字"), (2, "<ruby>漢字<rt>かんじとよむ</rt></ruby>"))
    )
    assert ruby.height > plain.height * 1.3
    assert ruby.length > plain.length, "what stands over it is longer"
    (over,) = ruby.ruby
    assert over.at.y() + over.line.height <= ruby.ascent
    assert over.at.x() + over.line.length / 2 == pytest.approx(ruby.length / 2, abs=2)


def test_direction_of_each_line(stage: Stage) -> None:
    (shown,) = stage.show([cue(1, "שלום\nHello", "align:start position:50%,center size:60%")], 0, WIDE).cues
    hebrew, english = shown.boxes
    assert hebrew.right == pytest.approx(0.8 * 1280)
    assert english.left == pytest.approx(0.2 * 1280)


def test_vertical_lines_stand_upright(stage: Stage) -> None:
    frame = stage.show([cue(1, "縦書き\n日本語です", "vertical:rl line:0")], 0, WIDE)
    (shown,) = frame.cues
    first, second = shown.boxes
    assert first.right == pytest.approx(1280) and second.right == pytest.approx(first.left)
    assert second.height == pytest.approx(5 / 3 * first.height)
    left, top, right, bottom = dark(painted(frame))
    assert right >= 318 and bottom - top > right - left


def test_in_vertical_lines_words_lie_and_letters_stand(stage: Stage, ideographs: None) -> None:
    assert [stands_upright(letter) for letter in "日ーっ「Aa1 é"] == [True] * 4 + [False] * 5
    (upright,) = stage.show([cue(1, "日日日日", "vertical:rl line:0")], 0, WIDE).cues
    (lying,) = stage.show([cue(2, "iiii", "vertical:rl line:0")], 0, WIDE).cues
    assert upright.box.height == pytest.approx(4 * 36)
    assert lying.box.height < 2 * 36


def test_ruby_of_a_vertical_line_stands_to_its_right(stage: Stage) -> None:
    (shown,) = stage.show([cue(1, "<ruby>漢字<rt>かんじ</rt></ruby>", "vertical:lr line:0")], 0, WIDE).cues
    (plain,) = stage.show([cue(2, "漢字", "vertical:lr line:0")], 0, WIDE).cues
    assert shown.box.width > plain.box.width * 1.3
    pixels = painted(stage.show([shown.cue], 0, WIDE))
    assert dark(pixels)[0] <= 1, "the words are at the edge, what explains them is right of them"


@pytest.mark.parametrize(
    ("letter", "plain", "vertical", "same"),
    [
        ("「", (12, 20), (20, 12), True),
        ("「", (12, 20), (30, 28), False),
        ("ー", (24, 3), (3, 24), True),
        ("ー", (24, 3), (18, 22), False),
        ("。", (8, 8), (8, 8), True),
        ("。", (8, 8), (28, 30), False),
    ],
)
def test_a_form_for_vertical_lines_is_that_of_the_letter(
    letter: str, plain: tuple[int, int], vertical: tuple[int, int], same: bool
) -> None:
    """Droid Sans Fallback names ideographs as the upright forms of brackets and marks."""
    assert is_form_of(letter, QRectF(0, 0, *plain), QRectF(0, 0, *vertical), 36) is same


def test_small_capitals_are_capitals_and_small(stage: Stage) -> None:
    stage.set_head(Head(b"WEBVTT\n\nSTYLE\n::cue(c) { font-variant: small-caps }\n"))
    lengths = [
        stage.show([cue(1, text)], 0, WIDE).cues[0].lines[0].length
        for text in ("ab", "<c>ab</c>", "AB", "<c>AB</c>")
    ]
    assert lengths[0] != lengths[1] < lengths[2] == lengths[3]


# Styles, coarsely


def test_a_style_sheet_is_seen_and_gone_again_with_the_head(stage: Stage) -> None:
    plain = painted(stage.show([cue(1)], 0, WIDE))
    assert stage.set_head(Head(b"WEBVTT\n\nSTYLE\n::cue { background: none; color: white; opacity: 0 }\n"))
    assert painted(stage.show([cue(1)], 0, WIDE)).min() == 255
    assert stage.set_head(Head(b"WEBVTT\n"))
    assert (painted(stage.show([cue(1)], 0, WIDE)) == plain).all()
    assert not stage.set_head(Head(b"WEBVTT - with another title\n"))


def test_shadows_and_outlines_paint_beside_the_letters(stage: Stage) -> None:
    def ink(sheet: bytes) -> int:
        stage.set_head(Head(b"WEBVTT\n\nSTYLE\n" + sheet + b"\n"))
        return int((painted(stage.show([cue(1)], 0, WIDE)) < 200).sum())

    bare = ink(b"::cue { background: none; color: white }")
    assert bare == 0
    assert ink(b"::cue { background: none; color: white; text-shadow: 4px 4px black }") > 0
    assert ink(b"::cue { background: none; color: white; text-shadow: 4px 4px 6px black }") > 0
    assert ink(b"::cue { background: none; color: white; outline: 8px solid black }") > 0
    assert ink(b"::cue { color: white; visibility: hidden }") == 0


@pytest.mark.parametrize("head", [b"", b"[Script Info]\n"])
def test_overrides_and_font_colours_of_other_formats_are_seen_as_what_they_mean(
    stage: Stage, head: bytes
) -> None:
    said = cue(1, "{\\pos(100,100)}<c.font-ff8000>Words</c> {\\i0}")
    plain = stage.show([cue(1, "<c>Words</c>")], 0, WIDE).cues[0]
    stage.set_head(Head(head))
    (shown,) = stage.show([said], 0, WIDE).cues
    assert shown.box == plain.box
    (run,) = shown.lines[0].paragraph.runs
    assert (run.style.colour.red, run.style.colour.green, run.style.colour.blue) == (255, 128, 0)
    stage.set_head(Head(b"WEBVTT\n\n"))
    (shown,) = stage.show([said], 0, WIDE).cues
    assert shown.box.width > plain.box.width, "WebVTT has no overrides, and players show them"
    assert shown.lines[0].paragraph.runs[1].style.colour.green == 255


def test_another_format_has_no_regions_and_no_styles() -> None:
    setup = WebVTTReader().setup(Head(b"[Script Info]\nSTYLE\n::cue { color: red }\n"))
    assert (tuple(setup.regions), setup.styles) == ((), ())


def test_the_sample_looks_as_it_was_written(stage: Stage) -> None:
    snapshot = opened(stage, SAMPLE.read_bytes())
    tannoy = next(c for c in snapshot.cues if c.identifier == "tannoy-1")
    (region,) = stage.show([tannoy], tannoy.start, WIDE).regions
    assert (region.box.left, region.box.width) == (0.2 * 1280, 0.6 * 1280)
    assert region.box.bottom == pytest.approx((8 + 3 * 6) * 7.2)
    (run, *_) = region.cues[0].lines[0].paragraph.runs
    assert run.style.colour == (0xFF, 0xE9, 0xB0, 1.0), "v[voice] is more specific than .tannoy"
    radio = next(c for c in snapshot.cues if c.identifier == "radio-1")
    (shown,) = stage.show([radio], radio.start, WIDE).cues
    assert shown.box.top == 0
    assert all(run.style.italic for line in shown.lines for run in line.paragraph.runs)


@needs_corpus
@pytest.mark.parametrize("path", sorted((FOLDER / "real").rglob("*.vtt")), ids=lambda path: path.name)
def test_real_cues_stand_on_the_picture(stage: Stage, path: Path) -> None:
    snapshot = opened(stage, path.read_bytes())
    for one in tuple(snapshot.cues)[:40]:
        frame = stage.show([one], one.start, WIDE)
        assert all(shown.box.within(frame.picture) for shown in frame.cues), one


@needs_corpus
def test_every_file_of_the_corpus_can_be_looked_at(stage: Stage) -> None:
    count = 0
    for path in sorted((FOLDER / "webvtt").rglob("*.vtt")):
        try:
            snapshot = opened(stage, path.read_bytes())
        except UserError:
            continue  # refused by the specification
        for cues in (snapshot.cues[:5], *([one] for one in snapshot.cues[:20])):
            painted(stage.show(tuple(cues), 1000, WIDE))
            count += 1
    assert count > 200


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                ["<i>", "<b>", "</b>", "<u>", "<ruby>", "<rt>", "</rt>", "</ruby>", "<v.loud x>", "<lang he>"]
                + [
                    "<00:01.000>",
                    "<c.sh>",
                    "\n",
                    " ",
                    "&nbsp;",
                    "&#0;",
                    "\u2028",
                    "\u202e",
                    "\u200f",
                    "\u0301",
                ]
                + ["שלום", "漢字、", "😀", "👩\u200d👧", "\ud83d", "\ufffc"]
            ),
            st.text(max_size=8),
        ),
        max_size=12,
    ),
    st.sampled_from(
        ["", "vertical:rl", "vertical:lr line:20%", "size:1% position:1%", "size:0%", "region:r"]
    ),
    st.integers(0, 2000),
)
def test_no_text_breaks_the_picture(parts: list[str], settings: str, now: int) -> None:
    QApplication.instance() or QApplication([])
    stage = Stage(WebVTTReader())
    stage.set_head(
        Head(
            REGION + b"\nSTYLE\n::cue(.sh) { text-shadow: 1px 1px 3px red; outline: 1px solid; font-variant: "
            b"small-caps }\n::cue(rt) { ruby-position: under }\n::cue(:past) { background: red }\n"
        )
    )
    frame = stage.show([cue(1, "".join(parts), settings), cue(2, "".join(parts), settings)], now, WIDE)
    painted(frame)


def test_a_megabyte_in_one_cue_is_cut_before_it_costs(stage: Stage) -> None:
    began = time.process_time()
    stage.show([cue(1, "<b>word </b>" * 100_000)], 0, WIDE)
    assert time.process_time() - began < 5
