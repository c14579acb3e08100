"""Colleagues in the window: seen at their cues and in the status bar, and nothing of theirs moves ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_workspace import DeskWorkspace, run_now
from vtt_desktop.app.reading import WebVTTAuthoring
from vtt_desktop.app.rendering import WebVTTReader
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import FIRST
from vtt_desktop.domain.edits_text import insert_cue, remove_cues, set_text
from vtt_desktop.sync.presence import Colleague
from vtt_desktop.ui.appearance import Appearance
from vtt_desktop.ui.cue_table.columns import Column
from vtt_desktop.ui.cue_table.painting import PAD, ROW_HEIGHT
from vtt_desktop.ui.cue_table.view import CueTable
from vtt_desktop.ui.furnishing import furnished
from vtt_desktop.ui.main_window import MainWindow
from vtt_desktop.ui.panels.presence import PresenceButton, summary
from vtt_desktop.ui.player.clock import VirtualClock
from vtt_desktop.ui.player.player import Player
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import theme


def here(session: DeskSession, **people: int | None) -> None:
    """Colleagues by name on the cues with these ids."""
    session.colleagues.hear(
        [
            {"desk": name, "name": name, "segment": f"cue-{cue_id}" if cue_id else None}
            for name, cue_id in people.items()
        ],
        "me",
    )


@pytest.fixture
def session() -> DeskSession:
    return DeskSession(some_cues(40)).share()


@pytest.fixture
def button(qtbot: QtBot, session: DeskSession) -> PresenceButton:
    made = PresenceButton(session, theme(True))
    qtbot.addWidget(made)
    return made


def test_alone_nothing_is_shown(button: PresenceButton, session: DeskSession) -> None:
    assert button.isHidden()
    here(session, Ann=3)
    assert not button.isHidden() and button.text().strip() == "Ann"
    assert button.accessibleName() == "Also here: Ann"
    here(session)
    assert button.isHidden()


def test_the_list_says_where_they_are_and_leads_there(
    button: PresenceButton, session: DeskSession, qtbot: QtBot
) -> None:
    here(session, Ann=3, Bo=None, Cem=99)
    went: list[int] = []
    button.go_requested.connect(went.append)
    button.open_list()
    actions = button.list.actions()
    assert [(a.text(), a.isEnabled()) for a in actions] == [
        ("Ann — cue 3", True),
        ("Bo — no cue", False),
        ("Cem — no cue", False),
    ]
    actions[0].trigger()
    button.list.close()
    assert went == [3]


@pytest.mark.parametrize(
    ("names", "words"),
    [(["Ann"], "Ann"), (["Ann", "Bo"], "Ann and Bo"), (["Ann", "Bo", "C"], "Ann and 2 others")],
)
def test_a_few_are_named(names: list[str], words: str) -> None:
    assert summary(tuple(Colleague(name, name, None) for name in names)) == words


# At the cues


@pytest.fixture
def table(qtbot: QtBot, session: DeskSession) -> CueTable:
    made = CueTable(session, Selection(), theme(False))
    qtbot.addWidget(made)
    made.resize(900, 300)
    made.show()
    return made


def row_picture(table: CueTable, row: int) -> QImage:
    return table.viewport().grab().toImage().copy(0, row * ROW_HEIGHT, table.viewport().width(), ROW_HEIGHT)


def test_initials_stand_in_the_row_and_go_again(table: CueTable, session: DeskSession) -> None:
    bare = [row_picture(table, row) for row in (1, 2)]
    here(session, Ann=3)
    assert row_picture(table, 1) == bare[0] and row_picture(table, 2) != bare[1]
    index = table.model().index(2, Column.TEXT)
    assert table.model().data(index, Qt.ItemDataRole.ToolTipRole).endswith("\nAnn on this cue")
    sync = table.model().index(2, Column.SYNC)
    assert table.model().data(sync, Qt.ItemDataRole.AccessibleTextRole).endswith("Ann on this cue")
    here(session)
    assert row_picture(table, 2) == bare[1]


def test_a_long_text_ends_with_an_ellipsis_before_the_initials(table: CueTable, session: DeskSession) -> None:
    session.submit(set_text(session.document.snapshot, 3, "l" * 400))
    here(session, Ann=3)
    picture = row_picture(table, 2).convertToFormat(QImage.Format.Format_RGB32)
    x, width, accent = (
        table.columnViewportPosition(Column.TEXT),
        table.columnWidth(Column.TEXT),
        theme(False).accent,
    )
    middle = ROW_HEIGHT // 2
    pill = next(at for at in range(x, x + width) if picture.pixelColor(at, middle).hue() == accent.hue())
    ink = [
        (at, y)
        for at in range(x, pill - 2)
        for y in range(3, ROW_HEIGHT - 2)
        if picture.pixelColor(at, y).lightness() < 160
    ]
    last = max(at for at, _ in ink)
    assert last < pill - PAD // 2, "nothing touches the initials"
    assert min(y for at, y in ink if at > last - 3) > middle, "dots, no half of a letter"


def test_another_document_has_its_own_colleagues(table: CueTable, session: DeskSession) -> None:
    here(session, Ann=3)
    table.set_session(DeskSession(some_cues(40)).share())
    bare = row_picture(table, 2)
    here(session, Ann=2, Bo=3)
    assert row_picture(table, 2) == bare


# Nothing of ours moves


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path, session: DeskSession) -> Iterator[MainWindow]:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    player = Player(lambda _path: VirtualClock(lambda: 0.0), lambda: 0.0)
    made = furnished(
        DeskWorkspace(session),
        run_now,
        player,
        Appearance(qapp, settings),
        settings,
        WebVTTReader(),
        WebVTTAuthoring(run_now),
    )
    qtbot.addWidget(made, before_close_func=lambda w: setattr(w, "_leaving", True))
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made


def add_before(session: DeskSession) -> None:
    for number in range(5):
        session.remote(insert_cue(Cue(100 + number, 10 * number, 10 * number + 5, "new"), FIRST))


def change_near(session: DeskSession) -> None:
    session.remote(set_text(session.document.snapshot, 19, "theirs"))
    session.remote(remove_cues(session.document.snapshot, [3, 4]))


def come_and_go(session: DeskSession) -> None:
    here(session, Ann=20, Bo=1)
    here(session, Ann=21)
    here(session)


@pytest.mark.parametrize("what", [add_before, change_near, come_and_go])
def test_a_colleague_moves_neither_row_nor_caret_nor_scroll(
    window: MainWindow, session: DeskSession, what: Callable[[DeskSession], None]
) -> None:
    table, box = window.table, window.editor.text_box
    window.selection.select_one(20)
    window.editor.focus_text()
    QTest.keyClicks(box, "Hi ")
    text = box.toPlainText()
    row = session.document.snapshot.cues.index_of(20)
    top = table.visualRect(table.model().index(row, 0)).top()
    caret, focus = box.textCursor().position(), QApplication.focusWidget()
    what(session)
    row = session.document.snapshot.cues.index_of(20)
    assert window.selection.current == 20 and window.selection.selected == (20,)
    assert table.currentIndex().row() == row
    assert table.visualRect(table.model().index(row, 0)).top() == top
    assert (box.toPlainText(), box.textCursor().position()) == (text, caret)
    assert QApplication.focusWidget() is focus
    QTest.keyClicks(box, "x")
    cue = session.document.snapshot.cues.get(20)
    assert cue is not None and cue.text == text[:caret] + "x" + text[caret:]


def test_where_the_person_is_is_told_and_of_the_next_document_too(
    window: MainWindow, session: DeskSession
) -> None:
    window.selection.select_one(5)
    assert session.been_at[-1] == 5
    told = len(session.been_at)
    other = DeskSession(some_cues(3)).share()
    window._workspace.bring(other)  # type: ignore[attr-defined]
    assert len(session.been_at) == told
    assert other.been_at[-1] == 1


def test_the_status_bar_leads_to_a_colleagues_cue(window: MainWindow, session: DeskSession) -> None:
    here(session, Ann=7)
    assert window.shared_views.presence.isVisible()
    assert window.commands.run("colleagues")
    window.shared_views.presence.list.actions()[0].trigger()
    window.shared_views.presence.list.close()
    assert window.selection.current == 7
    here(session)
    assert not window.commands.run("colleagues")
