"""Opening, editing and saving files in the window: nothing is lost, and only what was touched changes."""

from pathlib import Path

from PySide6.QtWidgets import QMessageBox

from tests.driver import Driver, program_running, story
from vtt_desktop.app.journals import journal_path
from vtt_desktop.app.opening import Source, open_source
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.domain.edits_text import set_text


@story
async def test_open_edit_save_changes_no_other_byte(editor: Driver, film: Path) -> None:
    before = film.read_bytes()
    await editor.open(film)
    assert editor.texts == ["One", "Two \ufffd", "Three", "<i>Four</i>"]
    assert editor.status == "Local file"
    editor.type(" and a half", 3)
    assert editor.row(3).text == "Three and a half"
    assert "*" in editor.title.replace("[*]", "*") and editor.window.isWindowModified()
    editor.press("Ctrl+S")
    await editor.until("it is saved", lambda: not editor.session.unsaved)
    assert film.read_bytes() == before.replace(b"Three", b"Three and a half")


@story
async def test_everything_undone_is_the_file_again(editor: Driver, film: Path) -> None:
    before = film.read_bytes()
    await editor.open(film)
    editor.type(" more", 1)
    editor.run("split")
    editor.select(3)
    editor.run("insert-after")
    editor.type("New")
    editor.select(2)
    editor.run("delete")
    for _ in range(10):
        editor.press("Ctrl+Z")
    assert editor.texts == ["One", "Two \ufffd", "Three", "<i>Four</i>"]
    assert editor.message == "There is nothing to undo."
    assert editor.session.document.snapshot.cues[1].source is not None
    await editor.session.save(film.with_name("copy.vtt"))
    assert film.with_name("copy.vtt").read_bytes() == before


async def test_undo_over_a_restart(film: Path, tmp_path: Path) -> None:
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open(film)
        editor.type("!", 1)
        editor.select(3)
        editor.run("insert-after")
        editor.type("New")
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open(film)
        assert editor.texts == ["One!", "Two \ufffd", "Three", "New", "<i>Four</i>"]
        assert editor.session.unsaved
        for expected in ("", "Three", "Three"):
            editor.run("undo")
            assert editor.row(4 if expected == "" else 3).text == expected
        assert editor.texts == ["One", "Two \ufffd", "Three", "<i>Four</i>"]
        editor.run("redo")
        assert editor.row(1).text == "One!"


@story
async def test_what_cannot_be_opened_is_said_and_the_document_stays(
    editor: Driver, film: Path, tmp_path: Path
) -> None:
    await editor.open(film)
    editor.type("!", 1)
    picture = tmp_path / "picture.vtt"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    for path, words in (
        (tmp_path / "none.vtt", "There is no file"),
        (picture, "it is a PNG picture"),
        (tmp_path, "folder"),
    ):
        await editor.open(path)
        assert words in editor.message
        assert editor.row(1).text == "One!"


@story
async def test_a_save_that_fails_is_said_and_the_edit_stays(editor: Driver, film: Path) -> None:
    await editor.open(film)
    editor.type("!", 1)
    editor.window.commands.spawn(editor.session.save(film / "below" / "a.vtt"))
    await editor.until("the report", lambda: "a.vtt was not saved" in editor.message)
    assert editor.row(1).text == "One!" and editor.session.unsaved


@story
async def test_closing_with_unsaved_changes_asks(editor: Driver, film: Path) -> None:
    await editor.open(film)
    editor.type("!", 1)
    editor.run("quit")
    question = await editor.question()
    assert "film.vtt" in question.text()
    editor.press("Esc")
    await editor.dialog_closes()
    assert not editor.editor.finished.is_set() and editor.row(1).text == "One!"
    editor.run("quit")
    (await editor.question()).button(QMessageBox.StandardButton.Save).click()
    await editor.until("the window has closed", editor.editor.finished.is_set)
    assert b"One!" in film.read_bytes()


@story
async def test_closing_without_saving_keeps_the_file(editor: Driver, film: Path) -> None:
    before = film.read_bytes()
    await editor.open(film)
    editor.type("!", 1)
    editor.run("quit")
    (await editor.question()).button(QMessageBox.StandardButton.Discard).click()
    await editor.until("the window has closed", editor.editor.finished.is_set)
    assert film.read_bytes() == before


@story
async def test_closing_without_changes_asks_nothing(editor: Driver, film: Path) -> None:
    await editor.open(film)
    editor.type("!", 1)
    editor.press("Ctrl+Z")
    editor.run("quit")
    assert editor.editor.finished.is_set()


@story
async def test_a_dropped_file_is_opened(editor: Driver, film: Path) -> None:
    editor.drop(film)
    await editor.until("the file is open", lambda: len(editor.texts) == 4)
    assert editor.title.startswith("film.vtt")


@story
async def test_a_dropped_file_asks_before_unsaved_changes_go(
    editor: Driver, film: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.vtt"
    other.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nOther\n")
    await editor.open(film)
    editor.type("!", 1)
    editor.drop(other)
    (await editor.question()).button(QMessageBox.StandardButton.Save).click()
    await editor.until("the other is open", lambda: editor.texts == ["Other"])
    assert b"One!" in film.read_bytes()


@story
async def test_a_dropped_film_joins_the_document(editor: Driver, film: Path, tmp_path: Path) -> None:
    media = tmp_path / "no-film.mp4"
    media.write_bytes(b"this is no film")
    await editor.open(film)
    editor.drop(media)
    assert editor.session.media == media
    await editor.until("it is said", lambda: editor.message)
    assert len(editor.texts) == 4
    editor.type("!", 1)
    assert editor.row(1).text == "One!"


@story
async def test_a_file_that_another_program_has_open(editor: Driver, film: Path) -> None:
    journal = journal_path(f"file:{film}")
    other = await open_source(Source(str(film), journal=journal), Tasks())
    other.submit(set_text(other.document.snapshot, 1, "Typed there"))
    await other.sync_now()  # it is in the journal
    await editor.open(film)
    assert editor.message.startswith(f"“{film.name}” is open in another program (process")
    assert editor.texts[0] == "Typed there" and "Read only" in editor.status
    editor.type("!", 1)
    assert editor.texts[0] == "Typed there"
    await other.close()
    await editor.open(film)
    editor.type("!", 1)
    assert editor.texts[0] == "Typed there!"


async def test_what_is_not_saved_is_gone_and_undo_brings_it_back(film: Path, tmp_path: Path) -> None:
    before = film.read_bytes()
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open(film)
        editor.type(" mine", 1)
        editor.run("delete")
        editor.run("quit")
        question = await editor.question()
        assert "Undo (Ctrl+Z) brings them back" in question.informativeText()
        question.button(QMessageBox.StandardButton.Discard).click()
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open(film)
        assert editor.row(1).text == "One" and len(editor.texts) == 4
        assert not editor.session.unsaved
        editor.press("Ctrl+Z")
        editor.press("Ctrl+Z")
        assert editor.row(1).text == "One mine" and editor.session.unsaved
        editor.run("quit")
        (await editor.question()).button(QMessageBox.StandardButton.Discard).click()
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open(film)
        editor.type("!", 4)
        editor.press("Ctrl+S")
        await editor.until("it is saved", lambda: not editor.session.unsaved)
    assert film.read_bytes() == before + b"!"


async def test_a_conflict_that_is_left_unsaved_is_theirs(film: Path, tmp_path: Path) -> None:
    theirs = film.read_bytes().replace(b"Three", b"Theirs")
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open(film)
        editor.type(" mine", 3)
        film.write_bytes(theirs)
        await editor.until("the conflict", lambda: "1 conflict" in editor.status)
        editor.run("quit")
        (await editor.question()).button(QMessageBox.StandardButton.Discard).click()
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open(film)
        assert editor.row(3).text == "Theirs"
        assert not editor.session.unsaved and "conflict" not in editor.status
    assert film.read_bytes() == theirs


async def test_an_untitled_document_that_is_not_wanted_is_empty(tmp_path: Path) -> None:
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open("")
        editor.run("insert-after")
        editor.type("words")
        editor.run("quit")
        (await editor.question()).button(QMessageBox.StandardButton.Discard).click()
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open("")
        assert not editor.texts
        assert not editor.window._files.must_ask(editor.session)
        editor.press("Ctrl+Z")
        assert len(editor.texts) == 1
