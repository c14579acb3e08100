"""Full disks, damaged journals, and others who write the same file: said calmly, and nothing is lost."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.driver import Driver, program_running, story
from tests.server_process import ServerProcess
from vtt_desktop.app.journals import journal_path
from vtt_desktop.sync.link import DISK_REFUSES

ALARM = "Edits are not being written down"


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A disk of one megabyte, on which the program keeps its journals."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if sys.platform != "linux" or os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Takes all room on a disk; the file to remove for it."""
    with (folder / "ballast").open("wb", 0) as ballast:
        try:
            while True:
                ballast.write(bytes(4096))
        except OSError as error:
            assert error.errno == errno.ENOSPC
    return folder / "ballast"


@story
async def test_a_full_disk_under_the_journal(editor: Driver, film: Path, small_disk: Path) -> None:
    await editor.open(film)
    ballast = fill(small_disk)
    editor.type(" more words", 1)
    await editor.until("the status says so", lambda: ALARM in editor.status)
    assert "the disk is full" in editor.message and "Save them as a file" in editor.message
    editor.type(" and goes on", 3)
    assert editor.row(3).text == "Three and goes on"
    kept = film.with_name("kept.vtt")
    await editor.session.save(kept)
    assert b"Three and goes on" in kept.read_bytes(), "it can be saved elsewhere"
    ballast.unlink()
    await editor.until("all is well again", lambda: ALARM not in editor.status)
    assert not editor.message, "and no banner says otherwise"


@story
async def test_closing_with_shared_edits_that_only_the_window_has(
    editor: Driver, film: Path, small_disk: Path, server: ServerProcess
) -> None:
    url = f"{server.url}/projects/film"
    film.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nOne\n")
    await editor.open(film)
    await editor.editor.workspace.publish(url, server.token)
    await editor.open(url, server.token)
    editor.run("offline")
    ballast = fill(small_disk)
    editor.type(" typed offline", 1)
    await editor.until("the status says so", lambda: ALARM in editor.status)
    editor.press("Ctrl+Q")
    box = await editor.question()
    assert "neither on the server nor on this disk" in box.text()
    assert "the disk is full" in box.informativeText()
    editor.click("Cancel")
    await editor.dialog_closes()
    kept = film.with_name("kept.vtt")
    await editor.session.save(kept)
    editor.press("Ctrl+Q")
    await editor.until("the window goes", lambda: not editor.editor.window.isVisible())
    assert b"typed offline" in kept.read_bytes()
    ballast.unlink()


@story
async def test_shared_edits_wait_for_the_disk_that_shall_know_that_they_were_sent(
    editor: Driver, film: Path, small_disk: Path, server: ServerProcess
) -> None:
    film.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nOne\n")
    await editor.open(film)
    await editor.editor.workspace.publish(f"{server.url}/projects/film", server.token)
    ballast = fill(small_disk)
    editor.type(" typed online", 1)
    await editor.until("it is said", lambda: editor.session.sync.summary.detail == DISK_REFUSES)
    assert editor.session.sync.summary.waiting == 1
    ballast.unlink()
    await editor.until("it is sent", lambda: not editor.session.sync.summary.waiting)
    assert ALARM not in editor.status and not editor.session.sync.summary.detail


async def test_a_journal_whose_folder_is_moved_is_said_and_written_on(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, moved = tmp_path / "state", tmp_path / "moved"
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open(film)
        editor.type(" before", 1)
        await editor.session.sync_now()  # it is on disk
        state.rename(moved)
        editor.type(" and after", 1)
        await editor.until("the status says so", lambda: "The project was moved" in editor.status)
        assert "edits are kept where it is now" in editor.message
        assert not list(state.glob("**/*.vttproj")), "none is made in the old place"
        moved.rename(state)
        editor.type(".", 1)
        await editor.until("all is well again", lambda: "moved" not in editor.status)
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open(film)
        assert editor.row(1).text == "One before and after."


@story
async def test_a_save_that_failed_is_forgotten_when_it_is_saved(editor: Driver, film: Path) -> None:
    folder, away = film.with_name("stick"), film.with_name("pulled out")
    folder.mkdir()
    await editor.open(film)
    await editor.session.save(folder / "film.vtt")
    editor.type(" more", 1)
    folder.rename(away)
    editor.press("Ctrl+S")
    await editor.until("the save fails", lambda: "film.vtt was not saved: there is no" in editor.message)
    away.rename(folder)
    editor.press("Ctrl+S")
    await editor.until("it is saved", lambda: not editor.session.unsaved)
    assert "was not saved" not in editor.message


@story
async def test_a_disk_that_is_full_from_the_start(editor: Driver, film: Path, small_disk: Path) -> None:
    fill(small_disk)
    await editor.open(film)
    assert "disk is full" in editor.message or "No space left" in editor.message


async def test_a_damaged_journal_is_said_in_the_window(film: Path, tmp_path: Path) -> None:
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open(film)
        editor.type("!", 1)
    journal = journal_path(f"file:{film}")
    data = bytearray(journal.read_bytes())
    data[:4096] = b"\xaa" * 4096
    journal.write_bytes(data)
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open(film)
        assert "was damaged" in editor.message and ".damaged-1" in editor.message
        assert len(editor.texts) == 4
    assert (journal.parent / f"{journal.name}.damaged-1").read_bytes() == bytes(data)


async def test_a_file_that_is_gone_is_said_and_what_was_typed_is_there(film: Path, tmp_path: Path) -> None:
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open(film)
        editor.type("!", 1)
    film.unlink()
    async with program_running(tmp_path / "settings.ini") as editor:
        await editor.open(film)
        assert "There is no file" in editor.message and editor.row(1).text == "One!"
        editor.press("Ctrl+S")
        await editor.until("it is there again", lambda: not editor.session.unsaved)
    assert b"One!" in film.read_bytes()


@story
async def test_somebody_else_writes_the_file(editor: Driver, film: Path) -> None:
    await editor.open(film)
    editor.type("!", 1)
    film.write_bytes(film.read_bytes().replace(b"Three", b"Theirs"))
    editor.press("Ctrl+S")
    await editor.until("it is saved", lambda: not editor.session.unsaved)
    assert editor.row(3).text == "Theirs" and editor.row(1).text == "One!"
    assert b"One!" in film.read_bytes() and b"Theirs" in film.read_bytes()


@story
async def test_what_changed_on_disk_is_said_with_what_must_be_decided(editor: Driver, film: Path) -> None:
    await editor.open(film)
    editor.type(" mine", 3)
    film.write_bytes(film.read_bytes().replace(b"Three", b"Theirs").replace(b"One", b"First"))
    said = "1 cue taken over; 1 cue was changed here too and must be decided (Ctrl+Shift+K)."
    await editor.until("it is said", lambda: editor.message == f"film.vtt changed on disk: {said}")
    assert "1 conflict" in editor.status and editor.row(1).text == "First"


@story
async def test_somebody_else_writes_the_same_cue(editor: Driver, film: Path) -> None:
    await editor.open(film)
    editor.type(" mine", 3)
    film.write_bytes(film.read_bytes().replace(b"Three", b"Theirs"))
    editor.press("Ctrl+S")
    await editor.until("the conflict", lambda: "1 conflict" in editor.status)
    assert b"Theirs" in film.read_bytes() and editor.row(3).text == "Three mine"
    editor.press("Ctrl+Shift+K")
    await editor.dialog_opens()
    editor.press("Alt+M")
    await editor.dialog_closes()
    editor.press("Ctrl+S")
    await editor.until("it is saved", lambda: not editor.session.unsaved)
    assert b"Three mine" in film.read_bytes()


@story
async def test_what_they_wrote_comes_in_when_mine_is_undone(editor: Driver, film: Path) -> None:
    await editor.open(film)
    editor.type(" mine", 3)
    theirs = film.read_bytes().replace(b"Three", b"Theirs")
    film.write_bytes(theirs)
    await editor.until("the conflict", lambda: "1 conflict" in editor.status and editor.message)
    editor.press("Ctrl+Z")
    await editor.until("theirs", lambda: editor.row(3).text == "Theirs")
    assert "conflict" not in editor.status and not editor.message and not editor.session.unsaved
    assert editor.typed == "Theirs"
    editor.type("!", 3)
    editor.press("Ctrl+S")
    await editor.until("it is saved", lambda: not editor.session.unsaved)
    assert film.read_bytes() == theirs.replace(b"Theirs", b"Theirs!")


@story
async def test_the_bar_that_asks_for_a_decision_goes_with_it(editor: Driver, film: Path) -> None:
    await editor.open(film)
    editor.type(" mine", 3)
    film.write_bytes(film.read_bytes().replace(b"Three", b"Theirs"))
    editor.press("Ctrl+S")
    await editor.until("the bar", lambda: "changed both here and in film.vtt" in editor.message)
    editor.press("Ctrl+Z")
    await editor.until("theirs", lambda: editor.row(3).text == "Theirs")
    assert not editor.message


@story
async def test_a_file_that_was_replaced_by_something_else(editor: Driver, film: Path) -> None:
    await editor.open(film)
    film.write_bytes(b"no subtitles at all")
    await editor.until("it is saved nowhere", lambda: editor.session.unsaved)
    editor.press("Ctrl+S")
    await editor.until("it is said", lambda: "cannot be merged" in editor.message)
    film.unlink()
    editor.press("Ctrl+S")
    await editor.until("it is saved", lambda: not editor.session.unsaved)
    assert not editor.message and b"Three" in film.read_bytes()
