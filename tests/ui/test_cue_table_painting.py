"""The picture of the table is what the model says, and only what changed is painted again."""

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_table import Desk, colours_of
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.domain.edits_timing import shift
from vtt_desktop.ui.cue_table.columns import Column
from vtt_desktop.ui.cue_table.painting import ROW_HEIGHT
from vtt_desktop.ui.cue_table.view import CueTable
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import theme


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot, DeskSession(some_cues(200)), theme(dark=True))


def row_of(desk: Desk, cue_id: int) -> QImage:
    """The picture of one row's text and badge."""
    y = desk.y_of(cue_id)
    return desk.picture().copy(0, y, desk.table.viewport().width(), ROW_HEIGHT)


def test_a_changed_text_is_repainted_and_the_neighbours_are_as_they_were(desk: Desk) -> None:
    before = {i: row_of(desk, i) for i in (3, 4, 5)}
    desk.session.remote(set_text(desk.session.document.snapshot, 4, "Something else"))
    assert row_of(desk, 4) != before[4]
    assert row_of(desk, 3) == before[3] and row_of(desk, 5) == before[5]


def test_a_conflict_tints_its_row_and_each_phase_has_its_badge(desk: Desk) -> None:
    desk.session.share()
    plain = row_of(desk, 4)
    pictures = [plain]
    desk.session.submit(set_text(desk.session.document.snapshot, 4, "mine"))
    pictures.append(row_of(desk, 4))
    desk.session.send(4)
    pictures.append(row_of(desk, 4))
    desk.session.put(4, out=False)
    pictures.append(row_of(desk, 4))
    desk.session.put(4, sent=None)
    desk.session.their(desk.cue(4).with_(text="theirs"))
    conflict = row_of(desk, 4)
    badge = [p.copy(p.width() - 36, 0, 36, ROW_HEIGHT - 1) for p in (*pictures, conflict)]
    assert all(a != b for i, a in enumerate(badge) for b in badge[:i])
    assert conflict.pixelColor(10, 3) != plain.pixelColor(10, 3)
    assert conflict.pixelColor(1, 10).name() == desk.theme.warn.name()


def test_a_rate_that_nobody_can_read_is_coloured(desk: Desk) -> None:
    assert desk.theme.bad.name() not in colours_of(desk.picture())
    desk.session.remote(set_text(desk.session.document.snapshot, 4, "x" * 60))
    assert desk.theme.bad.name() in colours_of(row_of(desk, 4))


def test_light_and_dark_are_another_picture(desk: Desk) -> None:
    dark = desk.picture()
    desk.table.set_theme(theme(dark=False))
    light = desk.picture()
    assert dark.pixelColor(5, 300).lightness() < 60 < 200 < light.pixelColor(5, 300).lightness()


def test_a_wider_table_shows_more_of_a_long_text(desk: Desk) -> None:
    desk.session.remote(set_text(desk.session.document.snapshot, 2, "a long text " * 20))
    desk.picture()
    desk.table.resize(1100, 400)
    fresh = CueTable(desk.session, Selection(), desk.theme)
    fresh.resize(1100, 400)
    fresh.show()
    y = desk.y_of(2)
    for x in range(200, 1050, 10):
        strip = (x, y, 10, ROW_HEIGHT)
        assert desk.picture().copy(*strip) == fresh.viewport().grab().toImage().copy(*strip)
    fresh.close()


def announced(desk: Desk) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []

    def hear(first: QModelIndex, last: QModelIndex, *_: object) -> None:
        told.append((first.row(), last.row()))

    desk.table.model().dataChanged.connect(hear)
    return told


def test_only_rows_that_can_be_seen_are_announced(desk: Desk) -> None:
    told = announced(desk)
    desk.session.remote(set_text(desk.session.document.snapshot, 150, "far away"))
    assert not told
    desk.session.remote(set_text(desk.session.document.snapshot, 4, "near"))
    assert told == [(3, 3)]
    told.clear()
    desk.session.remote(shift(desk.session.document.snapshot, range(1, 201), 500))
    visible = desk.table.visible_rows()
    assert told == [(visible.start, visible.stop - 1)]


def test_a_sync_change_repaints_the_badges_that_it_names(desk: Desk) -> None:
    desk.session.share()
    told = announced(desk)
    desk.session.put(150, refused="no")
    desk.session.set_offline(True)
    assert not told
    desk.session.put(6, refused="no")
    assert told == [(5, 5)]


def test_columns_can_be_hidden_from_the_heads(desk: Desk) -> None:
    menu = desk.table._room.menu()
    assert [action.text() for action in menu.actions()] == ["#", "Start", "End", "Length", "CPS", "Sync"]
    menu.actions()[1].setChecked(False)
    assert desk.table.isColumnHidden(Column.START)
    menu.close()
