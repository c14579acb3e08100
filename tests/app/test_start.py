"""The start of the window: rows first, then all that works on them."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession
from tests.ui.desk_workspace import DeskWorkspace, run_now
from vtt_desktop.app.loop import Turns, run_on_qt
from vtt_desktop.app.reading import WebVTTAuthoring
from vtt_desktop.app.rendering import WebVTTReader
from vtt_desktop.app.start import Begun, begin
from vtt_desktop.formats.files import open_file
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.ui.cue_table.columns import Column
from vtt_desktop.ui.furnishing import furnish
from vtt_desktop.ui.main_window import MainWindow
from vtt_desktop.ui.player.clock import VirtualClock
from vtt_desktop.ui.player.player import Player

FILM = b"WEBVTT\n\n00:01.000 --> 00:02.000\nThe ferry leaves.\n\n00:03.000 --> 00:04.000\nIt is gone.\n"


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.vtt"
    path.write_bytes(FILM)
    return path


@pytest.fixture
def begun(qtbot: QtBot, qapp: QApplication, settings: QSettings, film: Path) -> Iterator[Begun]:
    made = begin(qapp, settings, str(film))
    yield made
    made.window._leaving = True
    made.window.deleteLater()


def texts(window: MainWindow) -> list[object]:
    model = window.table.model()
    return [model.index(row, Column.TEXT).data() for row in range(model.rowCount())]


def test_the_rows_are_there_before_anything_works_on_them(begun: Begun) -> None:
    assert begun.file is not None
    assert begun.window.isVisible()
    assert texts(begun.window) == ["The ferry leaves.", "It is gone."]
    assert begun.window.windowTitle().startswith("film.vtt")
    assert begun.window.selection.current == begun.file.snapshot.cues[0].id
    assert not hasattr(begun.window, "commands")


def test_no_row_moves_when_the_window_is_furnished(begun: Begun) -> None:
    window, table = begun.window, begun.window.table
    begun.breathe()
    before = table.viewport().mapTo(window, table.viewport().rect().topLeft())
    player = Player(lambda _path: VirtualClock(lambda: 0.0), lambda: 0.0)
    assert begun.file is not None
    session = DeskSession(list(begun.file.snapshot.cues))
    workspace = DeskWorkspace(session)
    for _ in furnish(window, workspace, run_now, player, WebVTTReader(), WebVTTAuthoring(run_now)):
        begun.breathe()
    window.set_session(session)
    begun.breathe()
    assert texts(window) == ["The ferry leaves.", "It is gone."]
    assert window.selection.current == session.document.snapshot.cues[0].id
    assert table.viewport().mapTo(window, table.viewport().rect().topLeft()) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("film.srt", b"1\n00:00:01,000 --> 00:00:02,000\nx\n"),
        ("film.vtt", b"WEBVTTX\n\n" + FILM),
        ("film.vtt", b"WEBVTT\n"),
        ("film.vtt", b"WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n" + FILM[8:]),
        ("film.vtt", None),
    ],
    ids=["other format", "refused", "no cue", "times that are shown moved", "missing"],
)
def test_what_cannot_be_shown_as_it_stands_is_not_shown_first(
    qapp: QApplication, settings: QSettings, tmp_path: Path, name: str, content: bytes | None
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    made = begin(qapp, settings, str(path))
    assert made.file is None
    assert not made.window.isVisible()
    made.window.deleteLater()


def test_what_was_read_for_the_rows_is_not_read_again(film: Path) -> None:
    read = read_webvtt(FILM)
    assert open_file(film, read=read).snapshot is read.snapshot
    film.write_bytes(FILM.replace(b"gone", b"back"))
    assert open_file(film, read=read).snapshot.cues[1].text == "It is back."


@pytest.mark.parametrize("deaf", [True, False])
@pytest.mark.parametrize("hears", [True, False])
def test_work_on_the_loop_ends_whether_it_was_heard_or_not(
    qapp: QApplication, deaf: bool, hears: bool
) -> None:
    turns = Turns(qapp, deaf=deaf)
    order: list[str] = []

    async def work() -> int:
        await asyncio.to_thread(order.append, "opened")
        if hears:
            turns.hear()
        await asyncio.to_thread(order.append, "worked")
        return 3

    assert run_on_qt(turns, work()) == 3
    assert order == ["opened", "worked"]
