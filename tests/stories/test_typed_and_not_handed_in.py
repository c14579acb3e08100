"""What stands in a field and was not handed in: no command passes over it, and none saves something else."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMessageBox

from tests.driver import Driver, program_running, story


def type_into(editor: Driver, field: QLineEdit, text: str) -> None:
    """As a person who goes there with Tab and types, and presses nothing yet."""
    field.setFocus(Qt.FocusReason.TabFocusReason)
    field.selectAll()
    QTest.keyClicks(field, text)
    assert field.hasFocus()


async def begin(editor: Driver, film: Path, text: str = "0:03.500", number: int = 2) -> QLineEdit:
    """Opens the file and types an in-time for a cue."""
    await editor.open(film)
    editor.select(number)
    type_into(editor, editor.window.editor.start, text)
    return editor.window.editor.start


@story
async def test_save_hands_in_the_time_that_is_typed(editor: Driver, film: Path) -> None:
    await begin(editor, film)
    assert editor.window.isWindowModified(), "the title says that the file is behind"
    assert editor.window.status._file.text() == "Edited"
    editor.press("Ctrl+S")
    await editor.until("it is saved", lambda: not editor.session.unsaved)
    assert b"00:03.500 -->" in film.read_bytes()
    assert not editor.window.isWindowModified()
    assert editor.window.status._file.text() == "Saved"


@story
async def test_a_time_that_is_typed_makes_save_possible(editor: Driver, film: Path) -> None:
    field = await begin(editor, film)
    (button,) = [a for a in editor.window._toolbar.actions() if a.text() == "Save"]
    assert button.isEnabled()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not button.isEnabled() and not editor.window.isWindowModified()


@story
async def test_what_is_no_time_is_neither_saved_nor_lost(editor: Driver, film: Path) -> None:
    before = film.read_bytes()
    field = await begin(editor, film, "0:03.x")
    editor.press("Ctrl+S")
    assert "Not a time" in editor.message
    assert field.text() == "0:03.x" and field.hasFocus() and editor.window.isWindowModified()
    editor.type("", 1)
    assert "“0:03.x” was not taken" in editor.window.editor.message.text()
    assert film.read_bytes() == before


@pytest.mark.parametrize("command", ["split", "insert-after", "save-as", "delete", "shift"])
async def test_no_command_passes_over_what_cannot_be_taken(command: str, film: Path, tmp_path: Path) -> None:
    async with program_running(tmp_path / "settings.ini") as editor:
        field = await begin(editor, film, "0:03.x")
        texts = editor.texts
        assert not editor.run(command)
        assert "Not a time" in editor.message and editor.texts == texts and editor.dialog is None
        assert field.text() == "0:03.x" and field.hasFocus()


@story
async def test_an_out_time_before_the_in_time_stays_and_is_said(editor: Driver, film: Path) -> None:
    await editor.open(film)
    editor.select(2)
    type_into(editor, editor.window.editor.end, "0:00.001")
    editor.press("Ctrl+S")
    assert "end after it starts" in editor.message
    assert editor.window.editor.end.text() == "0:00.001" and editor.window.editor.end.hasFocus()


@story
async def test_a_split_goes_by_the_time_that_is_typed(editor: Driver, film: Path) -> None:
    await begin(editor, film)
    assert editor.run("split")
    assert editor.row(2).start.endswith("03.500")
    editor.run("undo")
    editor.run("undo")
    assert not editor.session.unsaved


@story
async def test_an_arrow_in_the_text_is_saved_as_a_player_reads_it_and_said(
    editor: Driver, film: Path
) -> None:
    await editor.open(film)
    editor.type(" a-->b typed", 1)
    editor.press("Ctrl+S")
    await editor.until("it is saved", lambda: not editor.session.unsaved)
    assert b"One a--&gt;b typed\r\n" in film.read_bytes()
    assert editor.typed == editor.row(1).text == "One a--&gt;b typed"
    assert "was written as" in editor.window.editor.message.text()


@story
async def test_an_identifier_that_no_cue_can_have_stops_a_save(editor: Driver, film: Path) -> None:
    await editor.open(film)
    editor.select(1)
    type_into(editor, editor.window.editor.identifier, "a-->b")
    before = film.read_bytes()
    editor.press("Ctrl+S")
    assert editor.message and film.read_bytes() == before
    assert editor.window.editor.identifier.text() == "a-->b"
    assert editor.window.editor.identifier.hasFocus()


@story
async def test_closing_asks_about_the_time_that_is_typed(editor: Driver, film: Path) -> None:
    await begin(editor, film)
    assert not editor.window.close()
    (await editor.question()).button(QMessageBox.StandardButton.Save).click()
    await editor.until("the window has closed", editor.editor.finished.is_set)
    assert b"00:03.500 -->" in film.read_bytes()


@story
async def test_closing_asks_whether_what_cannot_be_taken_may_go(editor: Driver, film: Path) -> None:
    field = await begin(editor, film, "0:03.x")
    assert not editor.window.close()
    question = await editor.question()
    assert "cannot be taken" in question.text() and "Not a time" in question.informativeText()
    editor.click("Go back")
    await editor.dialog_closes()
    assert field.text() == "0:03.x" and not editor.editor.finished.is_set()
    editor.window.close()
    await editor.question()
    editor.click("Throw it away")
    await editor.until("the window has closed", editor.editor.finished.is_set)


@story
async def test_a_window_of_fields_that_holds_what_cannot_be_taken_stops_a_save(
    editor: Driver, film: Path
) -> None:
    await editor.open(film)
    editor.type("!", 1)
    editor.run("cue-details")
    fields = editor.window.documents.cue_fields
    assert fields is not None
    await editor.until("it is in front", fields.isActiveWindow)
    type_into(editor, fields.line, "x")
    before = film.read_bytes()
    QTest.keyClick(fields.line, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert "“Line” cannot be taken" in editor.message
    assert film.read_bytes() == before and fields.line.hasFocus()


@story
async def test_a_regions_new_name_is_saved_with_the_file(editor: Driver, film: Path) -> None:
    await editor.open(film)
    editor.run("document-regions")
    document = editor.window.documents.document
    assert document is not None
    await editor.until("it is in front", document.isActiveWindow)
    document.regions.add()
    type_into(editor, document.regions.identifier, "lower")
    editor.press("Ctrl+S")
    await editor.until("it is saved", lambda: not editor.session.unsaved)
    assert b"id:lower" in film.read_bytes()
