"""Cues taken on the picture and put elsewhere: one edit of their settings, or none."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession
from vtt_desktop.app.rendering import WebVTTReader
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Edit, Head, HeadChange
from vtt_desktop.domain.edits_text import remove_cues, set_settings, set_text
from vtt_desktop.ui.player.clock import VirtualClock
from vtt_desktop.ui.player.player import Player
from vtt_desktop.ui.player.screen import Screen
from vtt_desktop.ui.player.signs import freest_corner, paint_sign
from vtt_desktop.ui.player.video_pane import VideoPane
from vtt_desktop.ui.theme import theme

ALT, NONE = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


class Desk:
    """A pane on a session of two cues, the first of which shows."""

    def __init__(self, qtbot: QtBot) -> None:
        self.session = DeskSession([Cue(1, 0, 2000, "Words"), Cue(2, 0, 2000, "More", settings="line:0")])
        self.edits: list[Edit] = []
        self.session.document.changed.connect(lambda change: self.edits.append(change.edit))
        self.player = player = Player(lambda _path: VirtualClock(lambda: 0.0), lambda: 0.0)
        self.pane = VideoPane(player, theme(dark=True), WebVTTReader())
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        column.addWidget(self.pane)
        column.addWidget(QLineEdit())
        qtbot.addWidget(self.window)
        self.window.resize(680, 480)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.pane.set_session(self.session)
        self.show()

    def show(self, *ids: int) -> None:
        self.pane.show_cues([self.cue(cue_id) for cue_id in ids or (1,)])

    def cue(self, cue_id: int) -> Cue:
        found = self.session.document.snapshot.cues.get(cue_id)
        assert found is not None
        return found

    @property
    def settings(self) -> str:
        return self.cue(1).settings

    @property
    def screen(self) -> Screen:
        return self.pane.screen_view

    def middle(self, cue_id: int = 1) -> QPoint:
        rect = self.screen.cue_rect(cue_id)
        assert rect is not None
        return rect.center().toPoint()

    def mouse(self, kind: QEvent.Type, at: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
        """One event of the pointer; the left button is held while it moves."""
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else LEFT
        pressed = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else LEFT
        where = QPointF(at)
        event = QMouseEvent(kind, where, self.screen.mapToGlobal(where), pressed, held, keys)
        QApplication.sendEvent(self.screen, event)

    def drag(self, right: int, down: int, keys: Qt.KeyboardModifier = NONE, cue_id: int = 1) -> None:
        """Takes a cue and moves it without letting go."""
        at = self.middle(cue_id)
        self.screen.setFocus(Qt.FocusReason.MouseFocusReason)
        self.mouse(QEvent.Type.MouseButtonPress, at)
        self.mouse(QEvent.Type.MouseMove, at + QPoint(right // 2, down // 2), keys)
        self.mouse(QEvent.Type.MouseMove, at + QPoint(right, down), keys)

    def let_go(self) -> None:
        self.mouse(QEvent.Type.MouseButtonRelease, QPoint(1, 1))
        if self.session.document.snapshot.cues.has(1):
            self.show()

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.screen, key, keys)
        self.show()


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_a_drag_is_one_edit_when_the_hand_lets_go(desk: Desk) -> None:
    picture = desk.screen.picture_rect()
    before = desk.middle()
    desk.drag(0, -round(picture.height() / 2))
    assert desk.edits == [], "while it is on its way the document knows nothing"
    assert desk.middle().y() == pytest.approx(before.y() - picture.height() / 2, abs=4)
    desk.let_go()
    assert [edit.label for edit in desk.edits] == ["Set cue settings"]
    assert desk.settings.startswith("line:") and desk.settings.endswith("%")
    assert desk.middle().y() == pytest.approx(before.y() - picture.height() / 2, abs=4)
    desk.session.undo()
    assert desk.settings == ""


def test_sideways_it_writes_the_position(desk: Desk) -> None:
    desk.drag(-round(desk.screen.picture_rect().width() / 4), 0)
    desk.let_go()
    assert desk.settings == "position:25%"


def test_each_drag_is_a_step_of_undo_beside_what_keys_do(desk: Desk) -> None:
    seen = [desk.settings]
    for down in (-60, -30):
        desk.drag(0, down)
        desk.let_go()
        seen.append(desk.settings)
    desk.key(Qt.Key.Key_Up, ALT)
    desk.key(Qt.Key.Key_Up, ALT)
    assert len({*seen, desk.settings}) == 4
    for settings in reversed(seen):
        desk.session.undo()
        assert desk.settings == settings


@pytest.mark.parametrize("keys", [ALT, Qt.KeyboardModifier.ControlModifier])
def test_with_a_key_held_it_goes_by_lines(desk: Desk, keys: Qt.KeyboardModifier) -> None:
    """Many desktops take Alt and the pointer to move the window."""
    desk.drag(0, -round(desk.screen.picture_rect().height() * 0.9), keys)
    desk.let_go()
    assert desk.settings in ("line:0", "line:1")


def test_escape_puts_it_back(desk: Desk) -> None:
    before = desk.middle()
    desk.drag(50, -100)
    QTest.keyClick(desk.screen, Qt.Key.Key_Escape)
    assert desk.middle() == before
    desk.let_go()
    assert desk.edits == []


def test_a_drag_back_to_where_it_was_is_no_edit(desk: Desk) -> None:
    at = desk.middle()
    desk.drag(50, -100)
    desk.mouse(QEvent.Type.MouseMove, at)
    desk.let_go()
    assert desk.edits == []


def test_a_click_on_a_cue_picks_it_and_one_beside_it_plays_or_opens(qtbot: QtBot, desk: Desk) -> None:
    picked: list[int] = []
    asked: list[bool] = []
    desk.pane.picked.connect(picked.append)
    desk.pane.open_requested.connect(lambda: asked.append(True))
    desk.show(1, 2)
    QTest.mouseClick(desk.screen, LEFT, NONE, desk.middle(2))
    assert (picked, asked, desk.player.playing) == ([2], [], False)
    QTest.mouseClick(desk.screen, LEFT, NONE, desk.screen.rect().center())
    assert (picked, asked, desk.player.playing) == ([2], [], True)
    desk.pane.show_cues([])
    QTest.mouseClick(desk.screen, LEFT, NONE, desk.screen.rect().center())
    assert (picked, asked, desk.player.playing) == ([2], [True], True)


def test_to_pull_beside_a_cue_does_nothing(desk: Desk) -> None:
    middle = desk.screen.rect().center()
    desk.mouse(QEvent.Type.MouseButtonPress, middle)
    desk.mouse(QEvent.Type.MouseMove, middle + QPoint(60, 0))
    desk.mouse(QEvent.Type.MouseButtonRelease, middle + QPoint(60, 0))
    assert not desk.player.playing and desk.edits == []


def test_typing_of_others_during_a_drag_is_kept(desk: Desk) -> None:
    desk.drag(0, -100)
    desk.session.remote(set_text(desk.session.document.snapshot, 1, "Other words"))
    desk.show()
    desk.let_go()
    assert desk.cue(1).text == "Other words" and desk.settings.startswith("line:")


def test_a_cue_that_goes_during_a_drag_ends_it(desk: Desk) -> None:
    desk.drag(0, -100)
    desk.session.remote(remove_cues(desk.session.document.snapshot, [1]))
    desk.pane.show_cues([])
    desk.let_go()
    assert desk.session.document.snapshot.cues.get(1) is None
    assert len(desk.edits) == 1


def test_a_refusal_is_told_in_one_sentence(desk: Desk) -> None:
    told: list[str] = []
    desk.pane.refused.connect(told.append)
    desk.drag(0, -100)
    desk.session.remote(remove_cues(desk.session.document.snapshot, [1]))  # the picture has not heard yet
    desk.let_go()
    assert told == ["That cue is not in the document any more."]


@pytest.mark.parametrize(
    ("keys", "settings"),
    [
        ([Qt.Key.Key_Up], "line:-2"),
        ([Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down], "line:-2"),
        ([Qt.Key.Key_Left], "position:49%"),
        ([Qt.Key.Key_Right, Qt.Key.Key_Right], "position:52%"),
        ([Qt.Key.Key_Down], ""),
    ],
)
def test_alt_and_the_arrows_move_the_cue(desk: Desk, keys: list[Qt.Key], settings: str) -> None:
    desk.screen.setFocus()
    for key in keys:
        desk.key(key, ALT)
    assert desk.settings == settings


def test_percentages_move_by_percentages(desk: Desk) -> None:
    desk.pane.set_current(2)
    desk.screen.setFocus()
    desk.show(1, 2)
    QTest.keyClick(desk.screen, Qt.Key.Key_Down, ALT)
    assert desk.cue(2).settings == "line:1", "the current one, of those that show"
    desk.pane.show_cues([desk.cue(2).with_(settings="line:20%")])
    placed: list[tuple[int, str]] = []
    desk.screen.nudged.connect(lambda cue_id, settings: placed.append((cue_id, settings)))
    QTest.keyClick(desk.screen, Qt.Key.Key_Down, ALT)
    assert placed == [(2, "line:21%")]


def test_arrows_move_nothing_without_alt_and_without_a_cue(desk: Desk) -> None:
    desk.screen.setFocus()
    desk.key(Qt.Key.Key_Up)
    desk.pane.show_cues([])
    QTest.keyClick(desk.screen, Qt.Key.Key_Up, ALT)
    assert desk.edits == []


def test_the_picture_follows_the_head_of_the_document(desk: Desk) -> None:
    def pixels() -> bytes:
        return bytes(desk.screen.grab().toImage().constBits())

    plain = pixels()
    head = desk.session.document.snapshot.head
    styled = Head(b"WEBVTT\n\nSTYLE\n::cue { background: red }\n")
    desk.session.remote(Edit("Style", (HeadChange(head, styled),)))
    red = pixels()
    assert red != plain
    other = DeskSession([Cue(1, 0, 2000, "Words")])
    desk.pane.set_session(other)
    assert pixels() == plain
    desk.session.remote(Edit("Style", (HeadChange(styled, head),)))
    assert pixels() == plain, "the document before is not listened to any more"


def test_safe_areas_are_drawn_and_gone_again(desk: Desk) -> None:
    before = desk.screen.grab().toImage()
    desk.pane.toggle_safe_areas()
    assert desk.pane.safe_areas
    assert desk.screen.grab().toImage() != before
    desk.pane.toggle_safe_areas()
    assert desk.screen.grab().toImage() == before


def test_a_region_that_scrolls_moves_and_comes_to_rest(qtbot: QtBot, desk: Desk) -> None:
    head = Head(b"WEBVTT\n\nREGION\nid:r\nscroll:up\n")
    desk.session.remote(Edit("Region", (HeadChange(desk.session.document.snapshot.head, head),)))
    cues = [Cue(1, 0, 9, "One", settings="region:r"), Cue(2, 0, 9, "Two", settings="region:r")]
    desk.pane.show_cues(cues[:1])
    desk.pane.show_cues(cues)
    moving = desk.screen.grab().toImage()
    qtbot.waitUntil(lambda: desk.screen.grab().toImage() != moving)


def test_a_frame_that_shows_a_drag_has_its_settings_written_on_it(desk: Desk) -> None:
    before = desk.screen.grab().toImage()
    desk.drag(0, -100)
    assert desk.screen.grab().toImage() != before


def test_a_cue_of_a_region_is_taken_by_the_bar_beside_its_words(desk: Desk) -> None:
    desk.screen.set_head(Head(b"WEBVTT\n\nREGION\nid:r\nwidth:60%\nviewportanchor:10%,90%\n\n"))
    desk.session.submit(set_settings(desk.session.document.snapshot, 1, "region:r align:left"))
    desk.show()
    words = desk.screen.cue_rect(1)
    assert words is not None
    at = words.center().toPoint() + QPoint(round(words.width()) + 20, 0)
    desk.mouse(QEvent.Type.MouseButtonPress, at)
    desk.mouse(QEvent.Type.MouseMove, at + QPoint(0, -60))
    desk.let_go()
    assert desk.settings.startswith("align:left line:"), "it leaves its region for a line of its own"


def test_a_cue_that_players_leave_out_is_drawn_with_a_frame_and_a_sign(desk: Desk) -> None:
    plain, vertical = Cue(1, 0, 2000, "Plain"), Cue(2, 0, 2000, "縦書き", settings="vertical:rl")
    with_room = vertical.with_(settings="vertical:rl size:60% position:30%")
    warn = theme(dark=True).warn.rgb()

    def framed(*cues: Cue) -> bool:
        desk.pane.show_cues(cues)
        image = desk.screen.grab().toImage()
        return any(image.pixel(x, y) == warn for x in range(image.width()) for y in range(image.height()))

    assert framed(plain, vertical)
    assert desk.screen.cue_rect(2) is not None
    assert not framed(plain, with_room)


@pytest.mark.parametrize(
    ("settings", "corner"), [("", "top"), ("line:0", "bottom"), ("line:0 size:40%", "top")]
)
def test_a_sign_covers_no_cue(desk: Desk, settings: str, corner: str) -> None:
    desk.pane.show_cues(
        [Cue(1, 0, 2000, "A cue that is longer than half of the picture is", settings=settings)]
    )
    cue, picture = desk.screen.cue_rect(1), desk.screen.picture_rect()
    assert cue is not None
    sign = freest_corner(QRectF(0, 0, 200, 20), picture, [cue])
    assert not sign.intersects(cue) and picture.contains(sign)
    assert (sign.center().y() < picture.center().y()) == (corner == "top")


def test_in_a_small_picture_a_sign_is_shorter(desk: Desk) -> None:
    image = QImage(800, 450, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    said = "Preview: not at this picture", "Preview"
    large = paint_sign(painter, said, QRectF(0, 0, 800, 450), [])
    small = paint_sign(painter, said, QRectF(0, 0, 220, 124), [])
    painter.end()
    assert small.width() < large.width() / 2 and small.width() < 0.6 * 220
