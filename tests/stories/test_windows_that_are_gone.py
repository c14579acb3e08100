"""A window that is gone hears nothing more, and hands nothing more in, while the process lives on."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.driver import program_running


async def test_nothing_plays_on_to_a_window_that_is_gone(film: Path, tmp_path: Path) -> None:
    async with program_running(tmp_path / "settings.ini") as first:
        await first.open(film)
        first.run("play")
        assert first.editor.player.playing
    assert not first.editor.player.playing
    async with program_running(tmp_path / "settings.ini") as second:
        await second.open(film)


async def test_a_field_of_a_window_that_goes_hands_nothing_in_any_more(film: Path, tmp_path: Path) -> None:
    async with program_running(tmp_path / "settings.ini") as first:
        await first.open(film)
        session = first.session
        first.run("document-regions")
        document = first.window.documents.document
        assert document is not None
        await first.until("it is in front", document.isActiveWindow)
        document.regions.add()
        field = document.regions.identifier
        await first.editor.workspace.close()  # before the window, as when it is torn down
        before = session.document.snapshot
        field.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClicks(field, "late")
        field.clearFocus()
        assert session.document.snapshot is before
        assert document.regions.said.text() == "This document is closed."
