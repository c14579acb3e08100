"""X-TIMESTAMP-MAP (RFC 8216 3.5): what a person sees and types is the film's clock; cues stay as written."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_window import make_window
from vtt_desktop.domain.edit import Edit, Head, HeadChange
from vtt_desktop.ui.cue_table.columns import Column
from vtt_desktop.ui.dialogs.go_to import place_meant
from vtt_desktop.ui.dialogs.shift import ShiftDialog
from vtt_desktop.ui.main_window import MainWindow
from vtt_desktop.ui.timeline.geometry import Geometry, tick_label, ticks

Open = Callable[[DeskSession], MainWindow]
TEN = Head(b"WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000")
BELOW = Head(b"WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:05.000")
FILM = Path("film.ts")


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Open:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    return lambda session: make_window(qtbot, qapp, session, settings)


def cell(window: MainWindow, row: int, column: Column) -> str:
    return str(window.table.model().index(row, column).data())


def test_all_times_shown_are_the_films(open_window: Open) -> None:
    window = open_window(DeskSession(some_cues(3), head=TEN))
    assert cell(window, 1, Column.START) == "00:00:13.000"
    assert cell(window, 1, Column.END) == "00:00:15.000"
    window.selection.select_one(2)
    assert (window.editor.start.text(), window.editor.end.text()) == ("00:00:13.000", "00:00:15.000")
    assert window.editor.duration.text() == "2.000"
    window._player.seek(3000)
    assert window.video.controls._time.text().startswith("00:00:13.000 / 00:00:18.000")
    assert window.status._clock.isVisible() and window.status._clock.text() == "Times + 10.000 s"
    assert window.timeline.time_offset == 10_000


def test_what_is_typed_is_taken_as_shown(open_window: Open) -> None:
    window = open_window(DeskSession(some_cues(3), head=TEN))
    window.selection.select_one(2)
    field = window.editor.start
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "12.5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    cue = window._session.document.snapshot.cues.get(2)
    assert cue is not None and cue.start == 2500
    assert field.text() == "00:00:12.500"
    snapshot = window._session.document.snapshot
    assert place_meant(snapshot, "0:16.5", 10_000) == (3, 6500)
    assert place_meant(snapshot, "-0:01", -5000) == (2, 4000)


def test_a_shift_is_previewed_in_the_times_that_are_shown(open_window: Open) -> None:
    window = open_window(DeskSession(some_cues(3), head=TEN))
    window.commands.run("shift")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ShiftDialog)
    assert dialog._preview.text() == "00:00:10.000  →  00:00:11.000"
    dialog.reject()


def test_the_map_can_be_edited_and_undone_under_ones_eyes(open_window: Open) -> None:
    window = open_window(DeskSession(some_cues(3), head=Head(b"WEBVTT")))
    assert not window.status._clock.isVisible()
    session = window._session
    session.submit(Edit("Map", (HeadChange(session.document.snapshot.head, TEN),)))
    assert cell(window, 0, Column.START) == "00:00:10.000"
    assert window.editor.start.text() == "00:00:10.000"
    session.undo()
    assert cell(window, 0, Column.START) == "00:00:00.000"
    assert not window.status._clock.isVisible()
    assert [cue.start for cue in session.document.snapshot.cues] == [0, 3000, 6000]


def test_times_below_nought_are_shown_and_typed(open_window: Open) -> None:
    window = open_window(DeskSession(some_cues(3), head=BELOW))
    assert cell(window, 0, Column.START) == "-00:00:05.000"
    window.selection.select_one(2)
    assert window.editor.start.text() == "-00:00:02.000"
    field = window.editor.start
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "-1.5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    cue = window._session.document.snapshot.cues.get(2)
    assert cue is not None and cue.start == 3500
    window.grab()
    assert window.status._clock.text() == "Times \u2212 5.000 s"
    assert tick_label(-3000, 1000) == "-0:03"


def test_a_film_that_begins_at_the_usual_ten_seconds_begins_with_the_cues(open_window: Open) -> None:
    window = open_window(DeskSession(some_cues(3), head=TEN))
    player, timeline = window._player, window.timeline
    window._session.set_media(FILM)
    assert player.first == -10_000, "as long as nobody knows better the stamps begin at nought"
    assert timeline.view.start == -10_000
    player.set_film_start(10_000)
    assert player.first == 0 and timeline.view.start == 0
    player.seek(3000)
    assert player._transport.position == 3000
    player.set_film_start(4000)
    assert player._transport.position == 3000 and player.position == -3000
    assert window.video.controls._time.text().startswith("00:00:07.000")
    player.seek(-9000)  # before the first picture: there
    assert player.position == -6000
    QTest.keyClick(timeline, Qt.Key.Key_Home)
    assert player.position == -6000
    window._session.set_media(None)
    assert player.first == 0


def test_stamps_that_begin_again_mean_the_nearest_film(open_window: Open) -> None:
    late = Head(b"WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:8589934591,LOCAL:00:00:00.000")  # a tick before they wrap
    window = open_window(DeskSession(some_cues(3), head=late))
    window._session.set_media(FILM)
    assert window._player.first == 0


def test_without_a_map_a_film_is_counted_from_its_first_picture(open_window: Open) -> None:
    window = open_window(DeskSession(some_cues(3), head=Head(b"WEBVTT")))
    window._session.set_media(FILM)
    window._player.set_film_start(10_000)
    assert window._player.first == 0


def test_the_ruler_has_round_times_of_the_clock_that_is_shown() -> None:
    view = Geometry(ms_per_px=10.0).resized(1000, 60_000, -2500)
    assert view.starting(-9000).first == -2500
    at = [ms for ms, labelled in ticks(view.starting(-2500), 84, 0, 1000, offset=2012) if labelled]
    assert at[0] == -2012 and {(ms + 2012) % 1000 for ms in at} == {0}
