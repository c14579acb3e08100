"""Stories of the window: real views, real keys, real sessions; no file, no network, no film."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_window import desk_of, make_window, press, texts
from vtt_desktop.domain.edit import CueChange, Edit
from vtt_desktop.domain.edits_text import remove_cues, set_text
from vtt_desktop.domain.errors import UserError
from vtt_desktop.resources import ROOT
from vtt_desktop.sync.segment import Phase
from vtt_desktop.ui.appearance import ThemeChoice
from vtt_desktop.ui.dialogs.go_to import GoToDialog
from vtt_desktop.ui.furnishing import MENUS
from vtt_desktop.ui.main_window import MainWindow
from vtt_desktop.ui.menus import TOOLBAR

Open = Callable[[DeskSession], MainWindow]


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, settings: QSettings) -> Open:
    return lambda session: make_window(qtbot, qapp, session, settings)


@pytest.fixture
def window(open_window: Open) -> MainWindow:
    return open_window(DeskSession(some_cues(5)).share())


# The registry, whole


def test_every_command_is_in_a_menu_and_in_the_palette(window: MainWindow) -> None:
    in_menus = {
        action.objectName() for menu in window._menus._menus.values() for action in menu.actions()
    } - {""}
    assert in_menus == {command.id for command in window.commands}
    assert {command.menu[0] for command in window.commands} == set(MENUS)
    window.palette_box.open()
    assert len(window.palette_box.titles) == len(in_menus)
    assert len(set(window.palette_box.titles)) == len(in_menus)


def test_no_key_takes_a_letter_or_a_word_jump_from_a_text_box(window: MainWindow) -> None:
    for command in window.commands:
        for key in command.keys:
            one = QKeySequence(key)[0]
            plain = one.keyboardModifiers() in (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.ShiftModifier,
            )
            named = one.key() >= Qt.Key.Key_F1
            assert named or not plain, command.id
            arrows = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
            assert not (one.key() in arrows and one.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier)


def test_every_command_has_words_and_an_icon_that_is_there(window: MainWindow) -> None:
    for command in window.commands:
        assert command.title
        assert not command.icon or (ROOT / "icons" / f"{command.icon}.svg").is_file(), command.id
    for group in TOOLBAR:
        assert all(window.commands[command_id].icon for command_id in group)


def test_what_cannot_be_used_says_why_in_a_sentence(open_window: Open) -> None:
    empty = open_window(DeskSession())
    disabled = {c.id: c.disabled_reason() for c in empty.commands if c.disabled_reason()}
    assert set(disabled) >= {"undo", "redo", "find", "delete", "split", "merge", "sync-now", "conflicts"}
    for command_id, reason in disabled.items():
        assert reason is not None
        assert reason[0].isupper() and reason.endswith("."), command_id
        assert not empty.commands.run(command_id)
        assert empty.report.message == reason


def test_every_command_that_can_be_used_runs(window: MainWindow) -> None:
    window.selection.select((2, 3), 2)
    leaves = {"quit", "new"}
    for at, command in enumerate(list(window.commands)):
        if command.id in leaves or command.disabled_reason():
            continue
        window._player.seek(4000 + at)
        assert window.commands.run(command.id), (command.id, window.report.message)
        for dialog in QApplication.topLevelWidgets():
            if dialog is not window and dialog.isVisible():
                dialog.close()
    assert not window.report.message


# What is shown


def test_typing_shows_in_the_table_the_status_and_over_the_picture(window: MainWindow) -> None:
    box = window.editor.text_box
    box.setFocus()
    QTest.keyClicks(box, "!")
    assert desk_of(window).sync.phase(1) is Phase.DIRTY
    assert window.status.words == "1 edit waiting"
    assert [cue.text for cue in window._shown._shown] == ["Line of cue 1!"]
    window.commands.run("sync-now")
    assert window.status.words == "All saved on server"


def test_the_picture_shows_the_moment_once_the_playhead_moves(window: MainWindow) -> None:
    window.selection.select_one(2)
    assert [cue.id for cue in window._shown._shown] == [2]
    window._player.seek(12_500)
    assert [cue.id for cue in window._shown._shown] == [5]
    window._player.seek(2_500)
    assert window._shown._shown == ()
    cue = desk_of(window).document.snapshot.cues[0]
    desk_of(window).remote(Edit("Longer", (CueChange(cue, cue.with_(end=2_600)),)))
    assert [shown.id for shown in window._shown._shown] == [1]


def test_going_to_a_time_takes_the_playhead_along(window: MainWindow) -> None:
    for typed, cue_id, position in (("0:02.5", 2, 2500), ("4", 4, 2500), ("0:12.5", 5, 12_500)):
        window.commands.run("go-to")
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, GoToDialog)
        QTest.keyClicks(dialog.place, typed)
        QTest.keyClick(dialog.place, Qt.Key.Key_Return)
        assert (window.selection.current, window._player.position) == (cue_id, position)


def test_a_conflict_shows_calmly_and_opens_on_request(window: MainWindow) -> None:
    desk, box = desk_of(window), window.editor.text_box
    box.setFocus()
    QTest.keyClicks(box, " mine")
    desk.their(some_cues(1)[0].with_(text="theirs"))
    assert desk.sync.phase(1) is Phase.CONFLICT
    assert window.focusWidget() is box
    assert QApplication.activeModalWidget() is None
    assert window.conflicts.isVisible()
    assert window.status.words == "All else saved on server · 1 conflict"
    press(box, "Ctrl+Shift+K")
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    assert window.conflict_dialog is dialog
    window.conflict_dialog.take_theirs()
    assert texts(window)[0] == "theirs"
    assert not window.conflicts.isVisible()
    dialog.close()


def test_a_conflict_that_arrives_does_not_make_a_small_window_grow(window: MainWindow) -> None:
    window.commands.run("problems")
    window.resize(1000, 600)
    QApplication.processEvents()
    before, desk = window.size(), desk_of(window)
    window.editor.text_box.setFocus()
    QTest.keyClicks(window.editor.text_box, " mine")
    desk.their(some_cues(1)[0].with_(text="theirs"))
    QApplication.processEvents()
    assert window.conflicts.isVisible()
    layout = window.layout()
    assert layout is not None
    assert layout.totalMinimumSize().height() <= 600
    assert window.size() == before


def test_another_document_takes_the_place_of_all(window: MainWindow) -> None:
    old = desk_of(window)
    window._player.seek(1000)
    fresh = DeskSession(some_cues(2))
    fresh.title = "b.vtt"
    window._workspace.bring(fresh)  # type: ignore[attr-defined]
    assert window.windowTitle().startswith("b.vtt")
    assert (window.status.words, window.selection.current) == ("Local file", 1)
    assert window.table.model().rowCount() == 2
    old.submit(set_text(old.document.snapshot, 1, "old"))
    old.submit(remove_cues(old.document.snapshot, [2, 3, 4, 5, 1]))
    assert window._panes.left.currentWidget() is window.table
    assert window.editor.text_box.toPlainText() == "Line of cue 1"
    assert window.status.words == "Local file"


def test_an_empty_document_says_what_to_do(open_window: Open) -> None:
    window = open_window(DeskSession())
    assert window.welcome.isVisible()
    window.commands.run("insert-after")
    assert window.table.isVisible()
    QTest.keyClicks(window.editor.text_box, "Hello")
    assert texts(window) == ["Hello"]
    window.commands.run("undo")
    window.commands.run("undo")
    assert window.welcome.isVisible()


def test_find_marks_the_words_in_the_text_box(window: MainWindow) -> None:
    press(window.table, "Ctrl+F")
    QTest.keyClicks(window.find_bar._box, "cue 3")
    assert window.selection.current == 3
    assert window.editor.text_box.textCursor().selectedText() == "cue 3"
    press(window.find_bar._box, "Escape")
    assert window.focusWidget() is window.table


def test_the_toolbar_knows_what_can_be_used(window: MainWindow) -> None:
    enabled = {c.id: a.isEnabled() for c, a in window._toolbar._actions}
    assert (enabled["undo"], enabled["delete"], enabled["publish"]) == (False, True, False)
    desk_of(window).submit(set_text(desk_of(window).document.snapshot, 1, "x"))
    actions = {c.id: a for c, a in window._toolbar._actions}
    assert actions["undo"].isEnabled()
    assert "Edit text" in actions["undo"].toolTip()


# Failures


def test_a_failure_is_shown_and_the_next_command_does_not_take_it_away(window: MainWindow) -> None:
    window._workspace.refuse = UserError("It cannot be read.", "Try another.")  # type: ignore[attr-defined]
    window._files.drop(Path("/nowhere/a.vtt"))
    assert window.report.message == "It cannot be read. Try another."
    window.commands.run("next-cue")
    assert window.report.message
    window.report._close.click()
    assert not window.report.message


def test_a_bug_is_told_to_the_person_and_to_the_log(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[object] = []
    monkeypatch.setattr("sys.excepthook", lambda *what: logged.append(what[0]))
    monkeypatch.setattr(DeskSession, "undo", lambda self: 1 / 0)
    desk_of(window).submit(set_text(desk_of(window).document.snapshot, 1, "x"))
    window.commands.run("undo")
    assert "your work is safe" in window.report.message
    assert logged == [ZeroDivisionError]
    window.report._copy.click()
    assert "ZeroDivisionError" in QApplication.clipboard().text()


def test_edits_that_are_not_written_down_are_said_once_with_what_to_do(window: MainWindow) -> None:
    sync = desk_of(window).sync
    sync.set_journal_error("Edits are kept in memory only: the disk is full.")
    said = "Edits are kept in memory only: the disk is full. Save them as a file (Ctrl+Shift+S) to be safe."
    assert window.report.message == said
    window.report._close.click()
    desk_of(window).submit(set_text(desk_of(window).document.snapshot, 1, "x"))
    assert not window.report.message
    assert "not being written down" in window.status.words
    sync.set_journal_error("")
    sync.set_journal_error("Edits are kept in memory only: the disk is full.")
    assert window.report.message == said
    sync.set_journal_error("")
    assert not window.report.message, "it is over"


def test_another_message_stays_when_a_full_disk_is_over(window: MainWindow) -> None:
    sync = desk_of(window).sync
    sync.set_journal_error("Edits are kept in memory only: the disk is full.")
    window.report.user_error(UserError("Something else."))
    sync.set_journal_error("")
    assert window.report.message == "Something else."


# Files and the window itself


def drop(window: MainWindow, path: str) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path)])
    window.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def test_a_dropped_file_is_opened_and_a_film_joins(window: MainWindow) -> None:
    drop(window, "/films/a.MP4")
    assert desk_of(window).media == Path("/films/a.MP4")
    assert window._player.media == Path("/films/a.MP4")
    drop(window, "/films/a.srt")
    assert window._workspace.asked == [("open_file", Path("/films/a.srt"))]  # type: ignore[attr-defined]
    assert window._player.media is None


def test_unsaved_changes_are_asked_about_before_the_window_goes(open_window: Open, qtbot: QtBot) -> None:
    session = DeskSession(some_cues(2))
    session.path = Path("/films/a.vtt")
    window = open_window(session)
    session.submit(set_text(session.document.snapshot, 1, "x"))
    assert window.isWindowModified()
    assert not window.close()
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    box.button(QMessageBox.StandardButton.Cancel).click()
    assert window.isVisible()
    window.close()
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    with qtbot.waitSignal(window.closed, timeout=1000):
        box.button(QMessageBox.StandardButton.Save).click()
    assert not session.unsaved
    assert not window.isVisible()


def test_a_shared_document_needs_no_question(window: MainWindow) -> None:
    desk_of(window).submit(set_text(desk_of(window).document.snapshot, 1, "x"))
    assert window.close()


def test_theme_and_shape_are_kept(window: MainWindow, open_window: Open, settings: QSettings) -> None:
    window.commands.run("theme-light")
    light = window.table.palette().base().color()
    assert light.lightness() > 200
    window.commands.run("theme-dark")
    assert window.table.palette().base().color().lightness() < 60
    window._panes.top.setSizes([400, 880])
    assert window.close()
    again = open_window(DeskSession(some_cues(2)))
    assert again._appearance.choice is ThemeChoice.DARK
    table, picture = again._panes.top.sizes()  # the test's screen is smaller, so only the proportion tells
    assert table < picture
