"""Cues over a picture: what their settings ask for, where they go, how their words look."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont
from pytestqt.qtbot import QtBot

from vtt_desktop.domain.cue import Cue
from vtt_desktop.ui.player.overlay import Block, Placement, lay_out, paragraphs, placement

PICTURE = QRectF(100, 50, 640, 360)


def blocks(*cues: tuple[str, str]) -> list[Block]:
    made = [Cue(number, 0, 1000, text, settings=settings) for number, (text, settings) in enumerate(cues)]
    return lay_out(made, PICTURE, QFont("DejaVu Sans"))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", Placement()),
        ("line:0", Placement(line=0)),
        ("line:-2", Placement(line=-2)),
        ("line:25%", Placement(line=25, percent=True)),
        ("line:25%,end", Placement(line=25, percent=True, line_align="end")),
        ("line:101%", Placement()),
        ("line:top", Placement()),
        ("line:3,middle", Placement()),
        ("align:start", Placement(align="start", position=0, anchor="line-left")),
        ("align:right", Placement(align="right", position=100, anchor="line-right")),
        ("align:middle", Placement()),
        ("align:start position:10%", Placement(align="start", position=10, anchor="line-left")),
        ("position:10%,line-right", Placement(position=10, anchor="line-right")),
        ("position:10", Placement()),
        ("size:40%", Placement(size=40)),
        ("size:-1%", Placement()),
    ],
)
def test_settings_are_read_and_bad_ones_ignored(settings: str, expected: Placement) -> None:
    assert placement(settings) == expected


def test_a_plain_cue_stands_at_the_bottom_in_the_middle(qtbot: QtBot) -> None:
    (block,) = blocks(("Two\nlines", ""))
    assert len(block.lines) == 2
    assert block.rect.center().x() == pytest.approx(PICTURE.center().x())
    assert PICTURE.bottom() - 30 < block.rect.bottom() < PICTURE.bottom()


def test_line_numbers_count_from_the_top_and_from_the_bottom(qtbot: QtBot) -> None:
    (first,), (second,), (last,), (above,) = (blocks(("Words", f"line:{n}")) for n in (0, 1, -1, -2))
    assert PICTURE.top() <= first.rect.top() < PICTURE.top() + 20
    assert second.rect.top() == pytest.approx(first.rect.bottom())
    assert above.rect.bottom() == pytest.approx(last.rect.top())


@pytest.mark.parametrize(("align", "share"), [("start", 0), ("center", 0.5), ("end", 1)])
def test_a_line_in_percent_is_a_share_of_the_height(qtbot: QtBot, align: str, share: float) -> None:
    (block,) = blocks(("Words", f"line:50%,{align}"))
    assert block.rect.top() + share * block.rect.height() == pytest.approx(PICTURE.center().y())


def test_positions_are_shares_of_the_width(qtbot: QtBot) -> None:
    (left,), (right,) = blocks(("Words", "align:start")), blocks(("Words", "align:end"))
    assert PICTURE.left() <= left.rect.left() < PICTURE.left() + 15
    assert PICTURE.right() - 15 < right.rect.right() <= PICTURE.right()
    (at,) = blocks(("Words", "align:start position:25%"))
    assert at.rect.left() == pytest.approx(PICTURE.left() + 160, abs=15)


def test_a_narrow_cue_wraps(qtbot: QtBot) -> None:
    words = "As many words as do not fit into a fifth"
    (wide,), (narrow,) = blocks((words, "")), blocks((words, "size:20%"))
    assert len(wide.lines) == 1
    assert len(narrow.lines) > 3
    assert narrow.rect.width() <= 0.2 * PICTURE.width() + 1


def test_a_later_cue_moves_off_an_earlier_one(qtbot: QtBot) -> None:
    for settings in ("", "line:0"):
        first, second, third = blocks(("One", settings), ("Two\nlines", settings), ("Three", settings))
        assert not first.rect.intersects(second.rect)
        assert not third.rect.intersects(first.rect) and not third.rect.intersects(second.rect)
        assert all(PICTURE.contains(block.rect) for block in (first, second, third))


def test_cues_side_by_side_do_not_disturb_each_other(qtbot: QtBot) -> None:
    left, right = blocks(("One", "align:start"), ("Two", "align:end"))
    assert left.rect.top() == right.rect.top()


def test_too_many_cues_are_still_shown(qtbot: QtBot) -> None:
    many = blocks(*((f"Cue {number}", "") for number in range(40)))
    assert len(many) == 40
    assert all(PICTURE.contains(block.rect) for block in many)


def test_start_means_right_in_right_to_left_words(qtbot: QtBot) -> None:
    (block,) = blocks(("שלום\nHello", "align:start position:20% size:60%"))
    hebrew, english = block.line_rect(0), block.line_rect(1)
    assert hebrew.right() > english.right()


def test_words_lose_their_tags_and_keep_their_look() -> None:
    found = paragraphs("<v.loud Odile>Mind <b>the <i>goat</i></b> &amp;\nthe <u>man</u>.</v>")
    assert [text for text, _ in found] == ["Mind the goat &", "the man."]
    marks = [
        (
            text[f.start : f.start + f.length],
            f.format.fontWeight() > 400,
            f.format.fontItalic(),
            f.format.fontUnderline(),
        )
        for text, formats in found
        for f in formats
    ]
    assert marks == [("the ", True, False, False), ("goat", True, True, False), ("man", False, False, True)]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("\n\n", []),
        ("a < b", ["a "]),
        ("1 &lt; 2 &copy &bogus;", ["1 < 2 © &bogus;"]),
        ("<00:01.000>karaoke<c.x> words</c>", ["karaoke words"]),
        ("</i>x</b>", ["x"]),
        ("<i>over\ntwo lines</i>", ["over", "two lines"]),
    ],
)
def test_odd_text_is_shown_as_far_as_it_goes(text: str, lines: list[str]) -> None:
    assert [line for line, _ in paragraphs(text)] == lines
