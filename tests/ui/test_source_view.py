"""Stories of the source view: what is typed is what the file says, the caret is the current cue."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_window import make_window
from vtt_desktop.app.reading import WebVTTSourceText
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.edits_text import insert_cue, remove_cues, set_text
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_cue import decode
from vtt_desktop.formats.webvtt_write import write_webvtt
from vtt_desktop.ui.document_dialog.live import units
from vtt_desktop.ui.main_window import MainWindow
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.source_view import PART, SourceView
from vtt_desktop.ui.theme import theme

FILE = (
    b"\xef\xbb\xbfWEBVTT\r\n\r\nSTYLE\r\n::cue {}\r\n\r\nNOTE hello\r\n\r\n"
    b"one\r\n00:01.000 --> 00:02.000 line:0\r\nfirst \xc2\xa0line\r\n\r\n\r\n"
    b"00:03.000 --> 00:04.000\nsecond \xf0\x9d\x84\x9e\n\n00:05.000 --> 00:06.000\r\nthird\r\n"
)
Open = Callable[[DeskSession], MainWindow]


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Open:
    keep = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    return lambda session: make_window(qtbot, qapp, session, keep)


@pytest.fixture
def window(open_window: Open) -> MainWindow:
    snapshot = read_webvtt(FILE).snapshot
    opened = open_window(DeskSession(snapshot.cues, head=snapshot.head))
    QTest.keyClick(opened.table, Qt.Key.Key_F2)
    return opened


def written(view: SourceView) -> bytes:
    return write_webvtt(view._session.document.snapshot)


def caret_to(view: SourceView, words: str, *, behind: bool = True) -> None:
    text = view.box.toPlainText()
    at = text.index(words) + (len(words) if behind else 0)
    cursor = view.box.textCursor()
    cursor.setPosition(len(text[:at].encode("utf-16-le")) // 2)
    view.box.setTextCursor(cursor)


def whole(view: SourceView) -> bool:
    """Whether the box says what the file says, and knows where each piece is."""
    text = view.box.toPlainText()
    lengths = sum(stretch.length for stretch in view._stretches)
    return (
        decode(written(view)).removeprefix("\ufeff") == text and lengths == len(text.encode("utf-16-le")) // 2
    )


def test_f2_shows_the_text_with_the_caret_in_the_current_cue(window: MainWindow) -> None:
    view = window.source
    assert view.isVisible()
    assert not window.table.isVisible()
    assert view.box.hasFocus()
    assert whole(view)
    assert not view._part.isVisible()
    window.selection.select_one(2)
    assert view.box.textCursor().block().text() == "00:03.000 --> 00:04.000"
    caret_to(view, "third")
    assert window.selection.current == 3
    caret_to(view, "NOTE he")
    assert window.selection.current == 1
    QTest.keyClick(view.box, Qt.Key.Key_F2)
    assert window.table.hasFocus()
    assert window.selection.current == 1


def test_a_key_changes_that_cue_and_no_other_byte(window: MainWindow) -> None:
    view = window.source
    caret_to(view, "second 𝄞")
    QTest.keyClicks(view.box, "!")
    assert written(view) == FILE.replace(b"\x9e\n", b"\x9e!\n")
    assert window.editor.text_box.toPlainText() == "second 𝄞!"
    caret_to(view, "line:0")
    QTest.keyClicks(view.box, " align:start")
    assert written(view) == FILE.replace(b"\x9e\n", b"\x9e!\n").replace(b"line:0", b"line:0 align:start")
    QTest.keyClick(view.box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view.box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert written(view) == FILE
    assert whole(view)


def test_what_is_not_whole_waits_and_is_said(window: MainWindow) -> None:
    view = window.source
    caret_to(view, "00:03.000 --")
    QTest.keyClick(view.box, Qt.Key.Key_Backspace)
    assert view.words.startswith("This is no cue yet")
    assert written(view) == FILE
    assert view.box.property("invalid")
    QTest.keyClicks(view.box, "-")
    assert not view.words
    assert written(view) == FILE
    caret_to(view, "00:03.000 -->")
    QTest.keyClicks(view.box, " 0")
    assert view.words
    window.commands.run("undo")  # there is nothing of it in the document
    session = view._session
    assert isinstance(session, DeskSession)
    session.remote(set_text(session.document.snapshot, 2, "theirs"))
    assert "was changed meanwhile" in view.words
    assert whole(view)


def test_what_is_not_whole_is_not_taken_away(window: MainWindow) -> None:
    view, session = window.source, window._session
    assert isinstance(session, DeskSession)
    caret_to(view, "00:04.00")
    QTest.keyClick(view.box, Qt.Key.Key_Backspace)
    caret_to(view, "second 𝄞")
    QTest.keyClicks(view.box, " said")
    QTest.keyClick(view.box, Qt.Key.Key_F2)
    assert view.isVisible() and "a block is not whole" in window.report.message
    caret_to(view, "third")
    QTest.keyClicks(view.box, "!")
    assert session.document.snapshot.cues[-1].text == "third!"
    assert view.words.startswith("This is no cue yet"), "it is still said"
    for edit in (
        remove_cues(session.document.snapshot, [1]),
        insert_cue(Cue(9, 0, 500, "theirs"), 3),
    ):
        session.remote(edit)
        assert "second 𝄞 said" in view.box.toPlainText() and view.waiting
    assert window._files._nothing_to_save() == window.report.message.replace("left", "saved")
    assert not window.close()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QMessageBox) and "not whole yet" in dialog.text()
    dialog.button(QMessageBox.StandardButton.Cancel).click()
    assert window.isVisible() and view.waiting and view._back.isVisible()
    view._back.click()
    assert not view.waiting and not view.words and whole(view)
    assert not view._back.isVisible()
    QTest.keyClick(view.box, Qt.Key.Key_F2)
    assert not view.isVisible()


def test_no_other_part_is_shown_while_a_block_is_not_whole(open_window: Open) -> None:
    window = open_window(DeskSession(some_cues(5000), head=Head(b"WEBVTT\n\n")))
    window.commands.run("source")
    view = window.source
    caret_to(view, "-->")
    QTest.keyClick(view.box, Qt.Key.Key_Backspace)
    view._part.later.click()
    window.selection.select_one(4000)
    assert view.waiting and view._first == 0
    view.put_back()
    window.selection.select_one(4000)
    assert view._first > 3000


def test_they_change_a_block_that_is_not_whole(window: MainWindow) -> None:
    view, session = window.source, window._session
    assert isinstance(session, DeskSession)
    caret_to(view, "00:03.000 --")
    QTest.keyClick(view.box, Qt.Key.Key_Backspace)
    session.remote(remove_cues(session.document.snapshot, [2]))
    assert "was changed meanwhile" in view.words and not view.waiting
    assert whole(view)


def test_new_blocks_are_new_cues_and_blocks_that_go_are_gone(window: MainWindow) -> None:
    view = window.source
    caret_to(view, "second 𝄞")
    for key in "\n\n00:04.000 --> 00:04.500\nnew":
        QTest.keyClick(view.box, Qt.Key.Key_Return) if key == "\n" else QTest.keyClicks(view.box, key)
    cues = view._session.document.snapshot.cues
    assert [cue.text for cue in cues] == ["first \xa0line", "second 𝄞", "new", "third"]
    assert [cue.id for cue in cues[:2]] == [1, 2]
    assert cues[3].id == 3
    assert whole(view)
    text = view.box.toPlainText()
    caret_to(view, "\n\n00:04.000", behind=False)
    cursor = view.box.textCursor()
    cursor.setPosition(
        cursor.position() + len("\n\n00:04.000 --> 00:04.500\nnew"), QTextCursor.MoveMode.KeepAnchor
    )
    assert cursor.selectedText().endswith("new"), text
    view.box.setTextCursor(cursor)
    QTest.keyClick(view.box, Qt.Key.Key_Delete)
    assert [cue.id for cue in view._session.document.snapshot.cues] == [1, 2, 3]
    assert decode(written(view)) == decode(FILE)


def test_what_others_do_comes_in_and_the_caret_stays_with_its_words(window: MainWindow) -> None:
    view = window.source
    session = view._session
    assert isinstance(session, DeskSession)
    caret_to(view, "thi")
    session.remote(set_text(session.document.snapshot, 1, "longer than it was\nby a line"))
    assert whole(view)
    assert view.box.textCursor().block().text()[: view.box.textCursor().positionInBlock()] == "thi"
    session.remote(insert_cue(Cue(session.document.new_id(), 10, 20, "x"), 0))
    session.remote(remove_cues(session.document.snapshot, [2]))
    assert whole(view)
    assert view.box.textCursor().block().text()[: view.box.textCursor().positionInBlock()] == "thi"
    assert window.selection.current == 3


def test_the_head_is_text_too(window: MainWindow) -> None:
    view = window.source
    caret_to(view, "::cue {")
    QTest.keyClicks(view.box, " color: red ")
    assert written(view) == FILE.replace(b"::cue {}", b"::cue { color: red }")
    caret_to(view, "WEBVTT")
    QTest.keyClicks(view.box, "x")
    assert "must begin with WEBVTT" in view.words
    assert written(view).startswith(b"\xef\xbb\xbfWEBVTT\r\n")


def test_of_a_long_file_a_part_is_shown_and_said(qtbot: QtBot) -> None:
    session, selection = DeskSession(some_cues(5000), head=Head(b"WEBVTT", b"\n")), Selection()
    view = SourceView(session, selection, WebVTTSourceText(), theme(dark=True))
    qtbot.addWidget(view)
    selection.select_one(2500)
    view.set_shown(True)
    assert view._part.words.text() == "Cues 2,200 to 2,799 of 5,000"
    assert len(view._stretches) == PART
    assert view.box.textCursor().block().text() == "02:04:57.000 --> 02:04:59.000"
    caret_to(view, "Line of cue 2799")
    QTest.keyClicks(view.box, "!")
    assert session.document.snapshot.cues[2798].text.startswith("Line of cue 2799!")
    view._part.later.click()
    assert view._part.words.text() == "Cues 2,800 to 3,399 of 5,000"
    selection.select_one(1)
    assert view._part.words.text() == "Cues 1 to 600 of 5,000"
    assert view.box.toPlainText().startswith("WEBVTT\n\n00:00:00.000 --> ")


@settings(max_examples=40)
@given(data=st.data())
def test_any_keys_leave_the_text_and_the_file_one(qapp: QApplication, data: st.DataObject) -> None:
    snapshot = read_webvtt(FILE).snapshot
    session = DeskSession(snapshot.cues, head=snapshot.head)
    view = SourceView(session, Selection(), WebVTTSourceText(), theme(dark=True))
    view.set_shown(True)
    for _ in range(data.draw(st.integers(1, 6))):
        text, cursor = view.box.toPlainText(), view.box.textCursor()
        at = data.draw(st.integers(0, len(text)))
        end = min(len(text), at + data.draw(st.sampled_from([0, 0, 1, 3, 30])))
        cursor.setPosition(units(text[:at]))
        cursor.setPosition(units(text[:end]), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(
            data.draw(st.sampled_from(["", "x", "\n", "\n\n", "𝄞", "-->", "00:07.000 --> 00:08.000\n"]))
        )
        lengths = sum(stretch.length for stretch in view._stretches)
        assert lengths == view.box.document().characterCount() - 1
        if not any(stretch.waiting for stretch in view._stretches):
            assert whole(view)
    view.put_back()
    assert whole(view)
    while session.history.undo_label:
        session.undo()
    assert written(view) == FILE
    assert whole(view)
    view.deleteLater()
