"""Stories of formatting: by keys, over what is selected, undone as one step; signs and tags while typing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QSettings, Qt
from PySide6.QtGui import QColor, QFont, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_window import make_window
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.ui.dialogs.one_line import OneLineDialog
from vtt_desktop.ui.main_window import MainWindow
from vtt_desktop.ui.markup.highlighter import SMALL_PX, readable
from vtt_desktop.ui.theme import contrast, theme

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Open = Callable[..., MainWindow]


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Open:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)

    def open_on(*texts: str) -> MainWindow:
        cues = [cue.with_(text=text) for cue, text in zip(some_cues(len(texts)), texts, strict=True)]
        window = make_window(qtbot, qapp, DeskSession(cues, head=Head(b"WEBVTT")), settings)
        window.editor.text_box.setFocus()
        return window

    return open_on


def cue(window: MainWindow, number: int = 1) -> Cue:
    return window._session.document.snapshot.cues[number - 1]


def choose(box: QPlainTextEdit, words: str) -> None:
    at = box.toPlainText().index(words)
    cursor = box.textCursor()
    cursor.setPosition(at)
    cursor.setPosition(at + len(words), QTextCursor.MoveMode.KeepAnchor)
    box.setTextCursor(cursor)


def test_italics_over_the_selection_and_back(open_window: Open) -> None:
    window = open_window("one two")
    box = window.editor.text_box
    choose(box, "two")
    QTest.keyClick(box, Qt.Key.Key_I, CTRL)
    assert cue(window).text == "one <i>two</i>"
    assert box.textCursor().selectedText() == "two"
    QTest.keyClick(box, Qt.Key.Key_B, CTRL)
    assert cue(window).text == "one <i><b>two</b></i>"
    QTest.keyClick(box, Qt.Key.Key_I, CTRL)
    assert cue(window).text == "one <b>two</b>"
    QTest.keyClick(box, Qt.Key.Key_Z, CTRL)
    QTest.keyClick(box, Qt.Key.Key_Z, CTRL)
    assert cue(window).text == box.toPlainText() == "one <i>two</i>"


def test_with_nothing_selected_it_is_all_of_the_text(open_window: Open) -> None:
    window = open_window("<v Ann>one\ntwo")
    QTest.keyClick(window.editor.text_box, Qt.Key.Key_U, CTRL)
    assert cue(window).text == "<v Ann><u>one\ntwo</u>"


def test_from_the_table_it_is_the_selected_cues_in_one_step(open_window: Open) -> None:
    window = open_window("one", "<i>two</i>", "three")
    window.table.setFocus()
    window.selection.select((1, 2), 1)
    QTest.keyClick(window.table, Qt.Key.Key_I, CTRL)
    assert [cue(window, n).text for n in (1, 2, 3)] == ["<i>one</i>", "<i>two</i>", "three"]
    QTest.keyClick(window.table, Qt.Key.Key_I, CTRL)
    assert [cue(window, n).text for n in (1, 2)] == ["one", "two"]
    window.commands.run("undo")
    window.commands.run("undo")
    assert [cue(window, n).text for n in (1, 2)] == ["one", "<i>two</i>"]


def test_a_typed_sign_is_written_as_a_reference_and_shown_tags_leave_it(open_window: Open) -> None:
    window = open_window("a")
    box = window.editor.text_box
    QTest.keyClicks(box, " & <3")
    assert cue(window).text == "a &amp; &lt;3"
    QTest.keyClick(box, Qt.Key.Key_F6)
    QTest.keyClicks(box, "&<")
    assert cue(window).text == "a &amp; &lt;3&<"
    assert window._settings.value("editor/tags") == "shown"


def test_a_tag_that_is_typed_whole_is_a_tag(open_window: Open) -> None:
    window = open_window("")
    box = window.editor.text_box
    QTest.keyClicks(box, "a <i>b</i> <v Ann>c x>y")
    assert cue(window).text == "a <i>b</i> <v Ann>c x>y"


def test_pasted_signs_are_mended_and_pasted_tags_stay(open_window: Open) -> None:
    window = open_window("")
    data = QMimeData()
    data.setText("Tom & <i>Jerry</i> &amp; co < 3")
    window.editor.text_box.insertFromMimeData(data)
    assert cue(window).text == "Tom &amp; <i>Jerry</i> &amp; co &lt; 3"


def test_the_caret_passes_tags_in_one_step(open_window: Open) -> None:
    window = open_window("a<i>b</i>c &amp; d")
    box = window.editor.text_box
    at = [box.textCursor().position()]
    for _ in range(7):
        QTest.keyClick(box, Qt.Key.Key_Left)
        at.append(box.textCursor().position())
    text = box.toPlainText()
    assert [text[place:] for place in at] == [
        *("", "d", " d", "&amp; d", " &amp; d", "c &amp; d", "b</i>c &amp; d", "a<i>b</i>c &amp; d")
    ]
    for _ in range(3):
        QTest.keyClick(box, Qt.Key.Key_Right)
    assert text[box.textCursor().position() :] == " &amp; d"
    QTest.keyClick(box, Qt.Key.Key_Right, SHIFT)
    QTest.keyClick(box, Qt.Key.Key_Right, SHIFT)
    assert box.textCursor().selectedText() == " &amp;"


def test_rubbing_out_takes_letters_and_whole_references_not_halves_of_tags(open_window: Open) -> None:
    window = open_window("a<i>b</i> &amp;")
    box = window.editor.text_box
    QTest.keyClick(box, Qt.Key.Key_Backspace)
    assert cue(window).text == "a<i>b</i> "
    QTest.keyClick(box, Qt.Key.Key_Backspace)
    QTest.keyClick(box, Qt.Key.Key_Backspace)
    assert cue(window).text == "a<i></i>"
    QTest.keyClick(box, Qt.Key.Key_Backspace)
    assert cue(window).text == "<i></i>"
    QTest.keyClick(box, Qt.Key.Key_Backspace)
    assert cue(window).text == "<i></i>"


def test_it_looks_as_its_tags_say(open_window: Open) -> None:
    window = open_window("<i>one\ntwo</i> &amp; <c.yellow>three</c>")
    box = window.editor.text_box

    def look(line: int, words: str) -> QFont:
        block = box.document().findBlockByNumber(line)
        at = block.text().index(words)
        form = next(f for f in block.layout().formats() if f.start <= at < f.start + f.length)
        return form.format.font()

    assert look(0, "one").italic()
    assert look(1, "two").italic()
    assert look(1, "</i>").pixelSize() == SMALL_PX
    QTest.keyClick(box, Qt.Key.Key_F6)
    formats = box.document().findBlockByNumber(1).layout().formats()
    assert not any(f.format.fontItalic() for f in formats)


@pytest.mark.parametrize("dark", [True, False])
def test_every_colour_can_be_read_on_the_box(dark: bool) -> None:
    colours = theme(dark)
    for name in ("white", "lime", "cyan", "red", "yellow", "magenta", "blue", "black"):
        assert contrast(readable(QColor(name), colours), colours.base) >= 4.5


def test_speaker_field(open_window: Open) -> None:
    window = open_window("<v.loud Ann>one", "two", "<v Bob>three")
    speaker = window.editor.speaker
    assert speaker.currentText() == "Ann"
    QTest.keyClick(window.editor.text_box, Qt.Key.Key_F7)
    assert speaker.hasFocus()
    QTest.keyClick(speaker.lineEdit(), Qt.Key.Key_A, CTRL)
    QTest.keyClicks(speaker.lineEdit(), "Ann B")
    assert cue(window).text == "<v.loud Ann B>one"
    assert window.editor.text_box.toPlainText() == "<v.loud Ann B>one"
    QTest.keyClick(speaker.lineEdit(), Qt.Key.Key_Z, CTRL)
    assert (cue(window).text, speaker.currentText()) == ("<v.loud Ann>one", "Ann")
    window.selection.select_one(2)
    assert speaker.currentText() == ""
    speaker.showPopup()
    assert [speaker.itemText(i) for i in range(speaker.count())] == ["Ann", "Bob"]
    assert cue(window, 2).text == "two"
    speaker.hidePopup()
    speaker._picked("Bob")
    assert cue(window, 2).text == "<v Bob>two"
    window._session.submit(set_text(window._session.document.snapshot, 2, "two"))
    assert speaker.currentText() == ""


def test_a_timestamp_at_the_playhead(open_window: Open) -> None:
    window = open_window("one two")
    box = window.editor.text_box
    window._player.seek(5000)
    QTest.keyClick(box, Qt.Key.Key_T, CTRL | SHIFT)
    assert window.report.message == "The playhead is not inside the current cue."
    window._player.seek(1200)
    for _ in range(3):
        QTest.keyClick(box, Qt.Key.Key_Left)
    QTest.keyClick(box, Qt.Key.Key_T, CTRL | SHIFT)
    assert cue(window).text == "one <00:00:01.200>two"
    assert not window._authoring.problems.rows


def test_ruby_and_language_are_asked_for(open_window: Open, qapp: QApplication) -> None:
    window = open_window("東京 blue")
    box = window.editor.text_box
    assert not window.commands.run("ruby")
    choose(box, "東京")
    assert window.commands.run("ruby")
    ask = window.findChild(OneLineDialog)
    assert ask is not None
    ask.line.setText("とうきょう")
    ask.submit()
    assert cue(window).text == "<ruby>東京<rt>とうきょう</rt></ruby> blue"
    choose(box, "blue")
    window.commands.run("language")
    ask = next(d for d in window.findChildren(OneLineDialog) if d.windowTitle() == "Language")
    ask.line.setText("en-GB")
    ask.submit()
    assert cue(window).text.endswith(" <lang en-GB>blue</lang>")
    window.commands.run("class")
    ask = next(d for d in window.findChildren(OneLineDialog) if d.windowTitle() == "Class")
    ask.line.setText("a<b")
    ask.submit()
    assert ask.wrong == "A class is a name without <, > and &."
    ask.line.setText("sea loud")
    ask.submit()
    assert cue(window).text.endswith(" <lang en-GB><c.sea.loud>blue</c></lang>")
    assert not window._authoring.problems.rows


def test_no_break_spaces_stay_what_they_are(open_window: Open) -> None:
    window = open_window("Quoi\u202f? Non\xa0!")
    QTest.keyClicks(window.editor.text_box, "x")
    assert cue(window).text == "Quoi\u202f? Non\xa0!x"
