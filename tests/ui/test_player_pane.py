"""The video pane: the film's picture and the cues are seen, the controls do what they say."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QAccessible, QColor, QDropEvent, QImage
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession
from vtt_desktop.app.rendering import WebVTTReader
from vtt_desktop.app.sample_film import make_sample_film
from vtt_desktop.domain.cue import Cue
from vtt_desktop.ui.player.backend_qt import QtMedia
from vtt_desktop.ui.player.player import Player
from vtt_desktop.ui.player.video_pane import VideoPane
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.shown_cues import ShownCues
from vtt_desktop.ui.theme import theme

CUE = Cue(1, 500, 1500, "<v Odile>Anybody on <i>board</i> tonight?")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "ferry.mp4"
    make_sample_film([(500, 1500, "Anybody on board tonight?", "Odile")], path)
    return path


@pytest.fixture
def player(qtbot: QtBot) -> Iterator[Player]:
    player = Player(QtMedia, time.monotonic)
    yield player
    player.close()


@pytest.fixture
def pane(qtbot: QtBot, player: Player) -> VideoPane:
    pane = VideoPane(player, theme(dark=True), WebVTTReader())
    qtbot.addWidget(pane)
    pane.resize(640, 420)
    pane.show()
    return pane


def seen(pane: VideoPane) -> np.ndarray:
    """What the screen shows, height × width × 3."""
    image = pane.screen_view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return pixels[:, :, :3].astype(int)


def button(pane: VideoPane, name: str) -> QToolButton:
    (found,) = [b for b in pane.findChildren(QToolButton) if b.accessibleName() == name]
    return found


@pytest.fixture
def opened(qtbot: QtBot, pane: VideoPane, player: Player, film: Path) -> VideoPane:
    player.open(film)
    qtbot.waitUntil(lambda: seen(pane).std() > 20)  # no longer the flat empty surface
    return pane


def changes(qtbot: QtBot, pane: VideoPane, act: Callable[[], object]) -> QRect:
    """Waits until `act` changed what is seen; where it did."""
    before = seen(pane)
    act()
    qtbot.waitUntil(lambda: bool((np.abs(seen(pane) - before).max(axis=2) > 60).any()))
    rows, columns = np.nonzero(np.abs(seen(pane) - before).max(axis=2) > 60)
    return QRect(QPoint(columns.min(), rows.min()), QPoint(columns.max(), rows.max()))


def test_without_a_film_it_says_how_to_open_one(pane: VideoPane) -> None:
    picture = seen(pane)
    assert (picture[:100] == picture[0, 0]).all(), "a calm surface"
    assert (picture[150:220] != picture[0, 0]).any(), "with words in the middle"


def test_cues_are_drawn_without_a_film_too(qtbot: QtBot, pane: VideoPane) -> None:
    pane.show_cues([CUE])
    picture = seen(pane)
    rows, columns = np.nonzero((np.abs(picture - picture[0, 0]) > 80).any(axis=2))
    assert rows.min() > 250, "the words on how to open a film make place"
    assert abs((columns.min() + columns.max()) / 2 - 320) < 5


def test_the_film_fills_the_screen_in_its_own_proportions(opened: VideoPane) -> None:
    where = opened.screen_view.picture_rect()
    assert where.width() / where.height() == pytest.approx(640 / 360)
    assert where.width() == 640 or where.height() == opened.screen_view.height()
    opened.resize(400, 620)
    assert opened.screen_view.picture_rect().height() == pytest.approx(400 * 9 / 16)
    assert seen(opened)[:30].max() == 0, "black above"


def test_a_seek_changes_the_clock_in_the_picture(qtbot: QtBot, opened: VideoPane, player: Player) -> None:
    picture = opened.screen_view.picture_rect()
    where = changes(qtbot, opened, lambda: player.seek(1000))
    inside = (
        (where.top() - picture.top()) / picture.height(),
        (where.bottom() - picture.top()) / picture.height(),
    )
    # The clock, its frame number and the lamps of the ferry; neither the sky above nor the sea.
    assert inside[0] > 0.29 and inside[1] < 0.7


def test_cues_come_over_the_film_and_go_again(qtbot: QtBot, opened: VideoPane) -> None:
    before = seen(opened)
    where = changes(qtbot, opened, lambda: opened.show_cues([CUE]))
    assert where.top() > 250
    changes(qtbot, opened, lambda: opened.show_cues([]))
    assert (seen(opened) == before).all()


def test_italics_look_other_than_upright(qtbot: QtBot, pane: VideoPane) -> None:
    pane.show_cues([CUE])
    changes(qtbot, pane, lambda: pane.show_cues([CUE.with_(text="Anybody on board tonight?")]))


def test_the_screen_reader_hears_the_words(pane: VideoPane) -> None:
    pane.show_cues([CUE, CUE.with_(id=2, text="Nobody &amp; nothing")])
    found = QAccessible.queryAccessibleInterface(pane.screen_view)
    assert found.text(QAccessible.Text.Name) == "Video"
    assert found.text(QAccessible.Text.Description) == "Anybody on board tonight?\nNobody & nothing"


def test_every_control_has_a_name_and_a_tooltip(pane: VideoPane) -> None:
    controls = [*pane.controls.findChildren(QToolButton), pane.controls.findChild(QLabel)]
    assert [control.accessibleName() for control in controls] == [
        "Frame back",
        "Play",
        "Frame forward",
        "Speed",
        "Position",
    ]
    assert all(control.toolTip() for control in controls)


def test_buttons_play_and_step(qtbot: QtBot, opened: VideoPane, player: Player) -> None:
    button(opened, "Frame forward").click()
    button(opened, "Frame forward").click()
    assert player.position == 80
    button(opened, "Frame back").click()
    assert player.position == 40
    button(opened, "Play").click()
    assert player.playing
    button(opened, "Pause").click()
    assert not player.playing
    assert button(opened, "Play").toolTip() == "Play"


def test_the_label_tells_position_and_length(opened: VideoPane, player: Player) -> None:
    label = opened.controls.findChild(QLabel)
    player.seek(1234)
    assert label.text() == "00:00:01.234 / 00:00:04.000"
    player.close()
    player.set_text_length(61_000)
    assert label.text() == "00:00:01.234 / 00:01:01.000"


def test_the_menu_sets_the_speed(pane: VideoPane, player: Player) -> None:
    menu = button(pane, "Speed").menu()
    half = next(action for action in menu.actions() if action.text() == "0.5×")
    half.trigger()
    assert player.speed == 0.5
    assert button(pane, "Speed").text() == "0.5×"
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["0.5×"]


def test_a_click_plays_a_film_and_asks_for_one_where_there_is_none(
    qtbot: QtBot, pane: VideoPane, player: Player, film: Path
) -> None:
    with qtbot.waitSignal(pane.open_requested):
        qtbot.mouseClick(pane.screen_view, Qt.MouseButton.LeftButton)
    assert not player.playing
    player.open(film)
    qtbot.mouseClick(pane.screen_view, Qt.MouseButton.LeftButton)
    assert player.playing


def test_a_film_can_be_dropped(qtbot: QtBot, pane: VideoPane, film: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(film))])
    event = QDropEvent(
        QPointF(9, 9),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(pane.file_dropped) as dropped:
        pane.screen_view.dropEvent(event)
    assert dropped.args == [film]


def test_another_theme_paints_the_icons_anew(pane: VideoPane) -> None:
    def darkest() -> int:
        image = button(pane, "Play").icon().pixmap(20, 20).toImage()
        colours = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        return min(QColor(colour).lightness() for colour in colours if colour.alpha() > 250)

    on_dark = darkest()
    pane.set_colors(theme(dark=False))
    assert darkest() < on_dark - 100


def test_a_cue_that_is_looked_at_over_another_picture_is_marked_as_a_preview(
    qtbot: QtBot, opened: VideoPane, player: Player
) -> None:
    session = DeskSession([CUE, CUE.with_(id=2, start=1600, end=1700)])
    selection = Selection()
    shown = ShownCues(session, selection, player, opened.show_cues)
    player.seek(600)
    assert not opened.screen_view.says_preview
    where = changes(qtbot, opened, lambda: selection.select_one(2))
    assert opened.screen_view.says_preview
    assert where.top() < 40, "it says so at the top"
    changes(qtbot, opened, lambda: selection.select_one(1))
    assert not opened.screen_view.says_preview, "this one is on the picture"
    selection.select_one(2)
    player.seek(1000)
    assert not opened.screen_view.says_preview, "the moment counts again"
    shown.set_session(session)
