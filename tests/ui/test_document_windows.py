"""Stories of the windows beside the main one: a cue's fields and note, header, styles, regions; all live."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_window import make_window
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Edit, Head, HeadChange
from vtt_desktop.domain.edits_document import comment_of, set_comment
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_write import write_webvtt
from vtt_desktop.ui.document_dialog.cue_fields import CueFields
from vtt_desktop.ui.document_dialog.styles_page import css_remark
from vtt_desktop.ui.document_dialog.window import PAGES, DocumentWindow
from vtt_desktop.ui.main_window import MainWindow

FILE = (
    b"\xef\xbb\xbfWEBVTT - A film\r\nKind: captions\r\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\r\n\r\n"
    b"STYLE\r\n::cue(b) { color: red }\r\n\r\n\r\nREGION\r\nid:top width:40%\r\n\r\nREGION\nid:low\n\n"
    b"NOTE keep me\r\n\r\none\r\n00:01.000 --> 00:02.000 region:top line:0\r\nfirst\r\n\r\n"
    b"00:03.000 --> 00:04.000\r\nsecond\r\n"
)
Open = Callable[[DeskSession], MainWindow]


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Open:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    return lambda session: make_window(qtbot, qapp, session, settings)


@pytest.fixture
def window(open_window: Open) -> MainWindow:
    snapshot = read_webvtt(FILE).snapshot
    return open_window(DeskSession(snapshot.cues, head=snapshot.head))


def written(window: MainWindow) -> bytes:
    return write_webvtt(window._session.document.snapshot)


def cue(window: MainWindow, number: int = 1) -> Cue:
    return window._session.document.snapshot.cues[number - 1]


def fields(window: MainWindow) -> CueFields:
    window.commands.run("cue-details")
    assert window.documents.cue_fields is not None
    return window.documents.cue_fields


def document(window: MainWindow, page: str) -> DocumentWindow:
    assert window.commands.run(f"document-{page.lower()}")
    assert window.documents.document is not None
    return window.documents.document


def pick(combo: QComboBox, words: str) -> None:
    combo.setCurrentText(words)
    combo.activated.emit(combo.currentIndex())


def retype(widget: QWidget, text: str) -> None:
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(widget, Qt.Key.Key_Delete)
    QTest.keyClicks(widget, text)


# A cue's fields


def test_each_setting_by_itself_and_undo_in_that_window(window: MainWindow) -> None:
    box = fields(window)
    assert (box.line.text(), box.region.currentText(), box.identifier.text()) == ("0", "top", "one")
    retype(box.line, "85%")
    pick(box.line_align, "End")
    assert cue(window).settings == "region:top line:85%,end"
    retype(box.position, "10")
    pick(box.vertical, "Vertical, right to left")
    assert cue(window).settings == "region:top line:85%,end position:10% vertical:rl"
    pick(box.region, "low")
    pick(box.align, "Left")
    assert cue(window).settings == "region:low line:85%,end position:10% vertical:rl align:left"
    assert window.editor.settings.text() == cue(window).settings
    QTest.keyClick(box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert cue(window).settings == "region:top line:85%,end position:10% vertical:rl"
    assert box.region.currentText() == "top"


def test_a_value_that_cannot_be_is_said_and_not_taken(window: MainWindow) -> None:
    box = fields(window)
    retype(box.position, "120")
    assert cue(window).settings == "region:top line:0 position:12%"
    assert "is not a value" in box.wrong
    assert box.position.property("invalid")
    retype(box.position, "")
    assert cue(window).settings == "region:top line:0"


@pytest.mark.parametrize(("name", "typed"), [("position", "10%zz"), ("note", "a -->")])
def test_closing_over_a_value_that_cannot_be_says_so_first(window: MainWindow, name: str, typed: str) -> None:
    box = fields(window)
    field = getattr(box, name)
    retype(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert box.isVisible() and box.focusWidget() is field
    assert box.wrong.endswith("Close it again to leave that out.")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not box.isVisible()
    fields(window)
    assert not box.wrong and not field.property("invalid")


def test_it_follows_the_current_cue_and_a_colleague(window: MainWindow) -> None:
    box = fields(window)
    QTest.keyClick(box, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert (box._title.text(), box.settings.text(), box.region.currentText()) == ("Cue 2", "", "None")
    session = window._session
    assert isinstance(session, DeskSession)
    edit = set_comment(session.document.snapshot, 2, "from them")
    session.remote(edit)
    assert box.note.toPlainText() == "from them"


@pytest.mark.parametrize(("name", "typed"), [("position", "10%zz"), ("note", "a -->"), ("identifier", "-->")])
def test_what_cannot_be_taken_stays_over_others_changes_and_does_not_go_along(
    window: MainWindow, name: str, typed: str
) -> None:
    box = fields(window)
    field = getattr(box, name)
    retype(field, typed)
    session = window._session
    assert isinstance(session, DeskSession)
    session.remote(set_text(session.document.snapshot, 1, "theirs"))
    assert field.property("invalid") and box.wrong
    shown = field.toPlainText() if name == "note" else field.text()
    assert shown == typed
    window.selection.select_one(2)
    assert not field.property("invalid")
    assert box.wrong == f"“{typed}” could not be taken, and was left out."


def test_a_note_is_written_before_the_cue_and_nowhere_else(window: MainWindow) -> None:
    window.selection.select_one(2)
    assert window.editor.note.text() == " Note"
    window.commands.run("note")
    box = fields(window)
    assert box.focusWidget() is box.note
    QTest.keyClicks(box.note, "Ask")
    QTest.keyClick(box.note, Qt.Key.Key_Return)
    QTest.keyClicks(box.note, "twice --")
    assert written(window) == FILE.replace(b"\r\n\r\n00:03", b"\r\n\r\nNOTE Ask\r\ntwice --\r\n\r\n00:03")
    assert window.editor.note.text() == " Ask"
    QTest.keyClicks(box.note, ">")
    assert box.wrong == "A note cannot hold “-->”."
    assert comment_of(cue(window, 2).lead) == "Ask\ntwice --"
    window.selection.select_one(1)
    assert box.note.toPlainText() == "keep me"
    retype(box.note, "")
    assert b"NOTE keep" not in written(window)
    for _ in range(3):
        window.commands.run("undo")
    assert written(window) == FILE


# The document


def test_styles_while_they_are_typed(window: MainWindow) -> None:
    page = document(window, "Styles").styles
    assert page.css.toPlainText() == "::cue(b) { color: red }"
    retype(page.css, "::cue(i) { color: #00ff00")
    assert page.said.text() == "A { is not closed yet."
    QTest.keyClicks(page.css, " }")
    assert not page.said.text()
    assert written(window) == FILE.replace(b"::cue(b) { color: red }", b"::cue(i) { color: #00ff00 }")
    QTest.keyClicks(page.css, "-->")
    assert page.css.property("invalid")
    assert "cannot hold" in page.said.text()
    window.commands.run("undo")
    assert written(window) == FILE


@pytest.mark.parametrize(
    ("sheet", "remark"),
    [
        ("::cue { color: red }", ""),
        ("/* x */ ::cue(.a), ::cue(.b) { color: red; font-style: italic }", ""),
        ("::cue(((( { color: red }", "selects no cue"),
        ("::cue { colour red }", "is no declaration"),
        ("::cue { color: red } ::cue(b)", "has no rule yet"),
        ("::cue } ", "one } too many"),
    ],
)
def test_what_the_picture_cannot_follow_is_said(sheet: str, remark: str) -> None:
    assert (remark in css_remark(sheet)) if remark else not css_remark(sheet)


def test_styles_come_and_go(window: MainWindow) -> None:
    page = document(window, "Styles").styles
    page.add_button.click()
    assert page.list.count() == 2
    assert written(window).startswith(FILE[: FILE.index(b"\n\nNOTE keep")] + b"\r\n\r\nSTYLE\r\n::cue {")
    page.list.setCurrentRow(0)
    page.remove_button.click()
    assert page.list.count() == 1
    assert b"color: red" not in written(window)
    window.commands.run("undo")
    window.commands.run("undo")
    assert written(window) == FILE


def test_a_region_field_by_field(window: MainWindow) -> None:
    page = document(window, "Regions").regions
    assert [page.list.item(i).text() for i in range(page.list.count())] == ["top", "low"]
    assert (page.region_width.value(), page.lines.value()) == (40, 3)
    page.region_width.setValue(55)
    assert written(window) == FILE.replace(b"width:40%", b"width:55%")
    page.scroll_up.click()
    page.viewport.down.setValue(12.5)
    assert b"id:top width:55% scroll:up viewportanchor:0%,12.5%\r\n" in written(window)
    page.list.setCurrentRow(1)
    assert (page.region_width.value(), page.scroll_up.isChecked()) == (100, False)
    for _ in range(3):
        window.commands.run("undo")
    assert written(window) == FILE


def test_another_name_goes_to_the_cues_that_use_it(window: MainWindow) -> None:
    page = document(window, "Regions").regions
    retype(page.identifier, "upper")
    QTest.keyClick(page.identifier, Qt.Key.Key_Return)
    assert cue(window).settings == "region:upper line:0"
    assert not [p for p in window._authoring.problems.rows if p.rule == "undefined-region"]
    window.commands.run("undo")
    assert written(window) == FILE
    retype(page.identifier, "two words")
    QTest.keyClick(page.identifier, Qt.Key.Key_Return)
    assert page.said.text() == "An identifier is one word, without spaces."


def test_the_header_by_fields_and_as_written(window: MainWindow) -> None:
    page = document(window, "Header").header
    assert (page.heading.text(), page.kind.currentText()) == ("- A film", "Captions")
    retype(page.language, "fr")
    assert b"MPEGTS:0\r\nLanguage: fr\r\n\r\nSTYLE" in written(window)
    pick(page.kind, "Not said")
    assert b"- A film\r\nX-TIMESTAMP-MAP" in written(window)
    retype(page.lines, "A: b")
    assert written(window).startswith(b"\xef\xbb\xbfWEBVTT - A film\r\nA: b\r\n\r\nSTYLE")
    retype(page.heading, "x --> y")
    assert page.heading.property("invalid")
    assert "cannot hold" in page.said.text()


def test_a_head_that_changes_elsewhere_shows_and_another_document_closes_them(window: MainWindow) -> None:
    page = document(window, "Styles")
    session = window._session
    assert isinstance(session, DeskSession)
    before = session.document.snapshot.head
    session.remote(Edit("Theirs", (HeadChange(before, Head(b"WEBVTT\n\nSTYLE\n::cue {}", before.tail)),)))
    assert page.styles.css.toPlainText() == "::cue {}"
    box = fields(window)
    window._workspace.bring(DeskSession(some_cues(1)))  # type: ignore[attr-defined]
    assert not page.isVisible()
    assert not box.isVisible()
    fresh = document(window, "Styles")  # a document without a file yet has a head all the same
    fresh.styles.add_button.click()
    assert written(window).startswith(b"WEBVTT\n\nSTYLE\n::cue {")


def test_other_formats_say_that_they_have_no_place_for_it(open_window: Open) -> None:
    session = DeskSession(some_cues(2))
    session.format_name = "SubRip"
    window = open_window(session)
    assert not window.commands.run("document-styles")
    assert window.report.message == "SubRip has no place for this; WebVTT has."


def test_all_that_takes_the_focus_has_a_name(window: MainWindow) -> None:
    for page in PAGES:
        document(window, page)
    for top in (fields(window), window.documents.document):
        assert top is not None
        for widget in top.findChildren(QWidget):
            if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                spoken = QAccessible.queryAccessibleInterface(widget)
                assert spoken is None or spoken.text(QAccessible.Text.Name), (widget, widget.parent())


def test_numbers_of_a_region_are_shown_as_short_as_they_can_be(window: MainWindow) -> None:
    page = document(window, "Regions").regions
    assert (page.region_width.text(), page.lines.text()) == ("40 %", "3")
    page.region_width.setValue(33.33)
    assert page.region_width.text() == "33.33 %" and b"width:33.33%" in written(window)
