"""Of the window: what the server refused is listed cue by cue with its sentence, and gone through by keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.sync.test_bulk_edits import calls_of
from tests.ui.desk_session import DeskSession, body_of, some_cues
from tests.ui.desk_window import make_window
from vtt_desktop.domain.edits_text import insert_cue, remove_cues, set_text
from vtt_desktop.domain.edits_timing import shift
from vtt_desktop.sync.phase import Link, Phase
from vtt_desktop.ui.main_window import MainWindow
from vtt_desktop.ui.panels.refused import RefusedWindow

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def session() -> DeskSession:
    return DeskSession(some_cues(12)).share()


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path, session: DeskSession) -> MainWindow:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    return make_window(qtbot, qapp, session, settings)


def bulk(session: DeskSession, *refused: int) -> None:
    """One edit over all cues; the server saves what it does not refuse."""
    ids = [cue.id for cue in session.document.snapshot.cues]
    session.submit(shift(session.document.snapshot, ids, 10))
    for cue_id in ids:
        if cue_id not in refused:
            session.save_segment(f"cue-{cue_id}")
    for cue_id in reversed(refused):
        session.put(cue_id, refused=f"Cue {cue_id} is too long for me.")


def rows(listed: RefusedWindow) -> list[tuple[str, ...]]:
    model = listed.table.model()
    columns = range(model.columnCount())
    return [tuple(model.index(row, at).data() for at in columns) for row in range(model.rowCount())]


def opened(window: MainWindow, qtbot: QtBot) -> RefusedWindow:
    QTest.keyClick(window.table, Qt.Key.Key_R, CTRL | ALT)
    listed = window.shared_views._refused
    assert listed is not None
    qtbot.waitUntil(listed.isActiveWindow)
    return listed


def test_a_bulk_edit_ends_in_a_report_by_cue(window: MainWindow, session: DeskSession, qtbot: QtBot) -> None:
    bulk(session, 3, 8, 5)
    assert window.report.message.startswith("The server refused 3 edits.")
    assert "Ctrl+Alt+R" in window.report.message
    listed = opened(window, qtbot)
    assert rows(listed) == [
        ("3", "00:00:06.010", "Line of cue 3 ⏎ and its second", "Cue 3 is too long for me."),
        ("5", "00:00:12.010", "Line of cue 5", "Cue 5 is too long for me."),
        ("8", "00:00:21.010", "Line of cue 8", "Cue 8 is too long for me."),
    ]
    assert listed.title.text() == "3 edits were refused by the server, and kept here"
    assert listed.focusWidget() is listed.table
    QTest.keyClick(listed.table, Qt.Key.Key_Down)
    assert listed.detail.text() == "Cue 5 is too long for me."
    QTest.keyClick(listed.table, Qt.Key.Key_Return)
    assert window.selection.current == 5 and listed.isVisible()
    QTest.keyClick(listed.table, Qt.Key.Key_C, CTRL)
    lines = QApplication.clipboard().text().splitlines()
    assert len(lines) == 4 and lines[1].split("\t")[3] == "Cue 3 is too long for me."
    QTest.keyClick(listed.table, Qt.Key.Key_Escape)
    assert not listed.isVisible()


def test_the_status_opens_the_list(window: MainWindow, session: DeskSession) -> None:
    bulk(session, 4)
    assert not window.report.message, "one is said well enough by its row and the status"
    window.status._refused.click()
    assert window.shared_views._refused is not None and window.shared_views._refused.isVisible()


def test_the_list_follows_what_happens(window: MainWindow, session: DeskSession, qtbot: QtBot) -> None:
    bulk(session, 3, 8, 5)
    listed = opened(window, qtbot)
    session.submit(set_text(session.document.snapshot, 5, "short"))
    session.put(5, refused="")
    assert [row[0] for row in rows(listed)] == ["3", "8"]
    session.submit(set_text(session.document.snapshot, 2, "long"))
    session.put(2, refused="No.")
    assert [row[0] for row in rows(listed)] == ["2", "3", "8"]
    session.submit(remove_cues(session.document.snapshot, [1]))
    assert [row[0] for row in rows(listed)] == ["1", "2", "7"]
    session.submit(insert_cue(replace(some_cues(1)[0], id=40), 0))
    for cue_id in (2, 3, 8):
        session.put(cue_id, refused="")
    assert listed.title.text() == "Nothing is refused." and not listed.copy.isEnabled()
    assert not window.report.message, "and what was said of it is over"


def test_a_removal_that_was_refused_is_listed(window: MainWindow, session: DeskSession, qtbot: QtBot) -> None:
    session.submit(remove_cues(session.document.snapshot, [2]))
    session.put(2, refused="It is locked.", base=body_of(some_cues(2)[1]))
    listed = opened(window, qtbot)
    assert rows(listed)[0][0::2] == ("removed", "Line of cue 2") and not listed.go.isEnabled()


def refuse_removal(session: DeskSession, cue_id: int, words: str = "The server says: It is locked.") -> None:
    """A removal goes out, and the server will not have it."""
    session.submit(remove_cues(session.document.snapshot, [cue_id]))
    session.put(cue_id, refused=words)


def test_a_single_removal_that_was_refused_is_said_since_it_has_no_row(
    window: MainWindow, session: DeskSession
) -> None:
    refuse_removal(session, 2)
    assert window.report.message == (
        "The server refused to remove the cue at 00:00:03.000 “Line of cue 2”. "
        "Others see it still. Ctrl+Alt+R lists it: try again there, or put it back."
    )
    session.undo()
    assert not window.report.message and session.sync.summary.refused == 0


def test_a_removal_is_put_back_by_key_and_that_can_be_undone(
    window: MainWindow, session: DeskSession, qtbot: QtBot
) -> None:
    refuse_removal(session, 2)
    listed = opened(window, qtbot)
    assert listed.back.isVisible() and rows(listed) == [
        ("removed", "00:00:03.000", "Line of cue 2", "It is locked.")
    ], "whose words they are is said above them"
    QTest.keyClick(listed.table, Qt.Key.Key_P, ALT)
    assert session.document.snapshot.cues.has(2) and window.selection.current == 2
    assert rows(listed) == [] and session.sync.summary.refused == session.sync.summary.waiting == 0
    assert listed.focusWidget() is listed.table
    session.undo()
    assert not session.document.snapshot.cues.has(2)


def test_of_what_is_there_nothing_is_to_be_put_back(
    window: MainWindow, session: DeskSession, qtbot: QtBot
) -> None:
    bulk(session, 3)
    before = session.document.snapshot
    listed = opened(window, qtbot)
    assert not listed.back.isVisible()
    QTest.keyClick(listed.table, Qt.Key.Key_P, ALT)
    assert session.document.snapshot is before


def test_it_is_tried_again_by_key(window: MainWindow, session: DeskSession, qtbot: QtBot) -> None:
    refuse_removal(session, 2)
    listed = opened(window, qtbot)
    session.set_offline(True)
    QTest.keyClick(listed.table, Qt.Key.Key_T, ALT)
    assert "offline" in listed.said.text()
    session.set_offline(False)
    session.sync.set_link(Link.UNREACHABLE, "http://127.0.0.1 does not answer.")
    QTest.keyClick(listed.table, Qt.Key.Key_T, ALT)
    qtbot.waitUntil(lambda: listed.said.text() == "It cannot be tried now: http://127.0.0.1 does not answer.")
    session.sync.set_link(Link.ONLINE)
    session.submit(set_text(session.document.snapshot, 5, "waits"))
    QTest.keyClick(listed.table, Qt.Key.Key_T, ALT)
    qtbot.waitUntil(lambda: listed.said.text() == "Tried again: 1 is refused still.")
    assert session.sync.phase(5) is Phase.SYNCED, "it was a sync, which tries what was refused"
    session.put(2, refused="")
    assert listed.title.text() == "Nothing is refused." and not listed.again.isEnabled()
    assert listed.said.isHidden(), "it was said of what is over"
    session.put(2, refused="Still locked.")
    assert listed.refusal is not None and listed.back.isVisible(), "as before it was tried again"


def test_the_next_refused_cue_is_gone_to_and_the_first_again(
    window: MainWindow, session: DeskSession
) -> None:
    bulk(session, 8, 3, 5)
    gone: list[int | None] = []
    for _ in range(4):
        QTest.keyClick(window.table, Qt.Key.Key_N, CTRL | ALT)
        gone.append(window.selection.current)
    assert gone == [3, 5, 8, 3]


@pytest.mark.parametrize("command", ["sync-log", "cue-history", "refused"])
def test_undo_works_in_the_windows_beside(
    window: MainWindow, session: DeskSession, qtbot: QtBot, command: str
) -> None:
    bulk(session, 3)
    before = session.document.snapshot.cues[0].text
    session.submit(set_text(session.document.snapshot, 1, "x"))
    window.commands.run(command)
    beside = QApplication.activeWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is not window)
    beside = QApplication.activeWindow()
    assert beside is not None
    focus = beside.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Z, CTRL)
    assert session.document.snapshot.cues[0].text == before
    QTest.keyClick(focus, Qt.Key.Key_Y, CTRL)
    assert session.document.snapshot.cues[0].text == "x"
    beside.close()


def test_a_row_is_worked_out_once_for_all_its_cells(
    window: MainWindow, session: DeskSession, qtbot: QtBot
) -> None:
    bulk(session, 3, 5)
    model = opened(window, qtbot).table.model()

    def work(row: int, cells: int) -> int:
        """What it takes to be asked for the first time, over what it takes later."""
        first, later = (
            calls_of(lambda: [model.index(row, column).data() for column in range(cells)]) for _ in range(2)
        )
        return first - later

    assert work(0, 1) == work(1, 4) > 0


def test_what_changes_in_all_rows_is_told_once(
    window: MainWindow, session: DeskSession, qtbot: QtBot
) -> None:
    bulk(session, 3, 8, 5)
    model, told = opened(window, qtbot).table.model(), list[tuple[int, int]]()
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    with session.sync.together():
        for cue_id in (5, 8):
            session.put(cue_id, refused="It is longer still.")
    assert told == [(1, 2)]
