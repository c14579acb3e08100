"""Of the window: a server that must not be written to is loud, and no row says that its edit will be sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_window import make_window
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.sync.phase import Link, Phase, Unshared, shown_phase
from vtt_desktop.sync.setback import Setback
from vtt_desktop.ui.cue_table.words import sync_words
from vtt_desktop.ui.main_window import MainWindow

WHY = "Read only: it takes a save with an old version."


@pytest.fixture
def session() -> DeskSession:
    return DeskSession(some_cues(4)).share()


@pytest.fixture
def window(qtbot: QtBot, qapp: object, tmp_path: Path, session: DeskSession) -> MainWindow:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    return make_window(qtbot, qapp, session, settings)  # type: ignore[arg-type]


def test_it_is_said_in_a_banner_once_and_taken_back(window: MainWindow, session: DeskSession) -> None:
    session.sync.set_link(Link.READ_ONLY, WHY)
    assert window.report.message.startswith(WHY) and "never sent" in window.report.message
    window.report._close.click()
    session.submit(set_text(session.document.snapshot, 1, "mine"))
    assert not window.report.message
    session.sync.set_link(Link.ONLINE)
    session.sync.set_link(Link.READ_ONLY, WHY)
    assert window.report.message
    session.sync.set_link(Link.ONLINE)
    assert not window.report.message


def test_a_document_that_opens_read_only_says_so(window: MainWindow) -> None:
    other = DeskSession(some_cues(2)).share()
    other.sync.set_link(Link.READ_ONLY, WHY)
    window._workspace.bring(other)  # type: ignore[attr-defined]
    assert window.report.message.startswith(WHY)
    window._workspace.bring(DeskSession(some_cues(2)))  # type: ignore[attr-defined]
    assert not window.report.message


def test_what_another_program_holds_is_said_by_its_own_message(
    window: MainWindow, session: DeskSession
) -> None:
    session.read_only = "Another program has it open."
    session.sync.set_link(Link.READ_ONLY, session.read_only)
    assert not window.report.message


def test_the_row_of_an_edit_is_read_only(window: MainWindow, session: DeskSession) -> None:
    session.sync.set_link(Link.READ_ONLY, WHY)
    session.submit(set_text(session.document.snapshot, 1, "mine"))
    assert shown_phase(session.sync, 1) is Phase.READ_ONLY
    assert shown_phase(session.sync, 2) is Phase.SYNCED
    assert window.editor.sync_line.words == "Read-only — not sent"
    assert window.editor.sync_line._shown[0] is Phase.READ_ONLY


def test_a_cue_that_the_server_forbids_has_a_badge_of_its_own(session: DeskSession) -> None:
    session.put(2, read_only="You may not write here.")
    assert session.sync.phase(2) is Phase.READ_ONLY
    assert sync_words(session.sync, 2) == "Read-only: You may not write here."
    assert session.sync.summary.waiting == session.sync.summary.refused == 0
    session.submit(set_text(session.document.snapshot, 2, "mine"))
    assert session.sync.phase(2) is Phase.REFUSED, "there is an edit now, and it goes nowhere"


def test_nothing_is_called_saved_that_the_server_lost(session: DeskSession) -> None:
    session.submit(set_text(session.document.snapshot, 1, "mine"))
    session.sync.set_setback(Setback.OLDER)
    session.sync.set_link(Link.READ_ONLY, Setback.OLDER.sentence)
    assert shown_phase(session.sync, 2) is Phase.UNKNOWN and shown_phase(session.sync, 1) is Phase.DIRTY
    assert sync_words(session.sync, 2).startswith("Saved before the server went back")
    assert sync_words(session.sync, 1).startswith("Not sent")
    assert shown_phase(Unshared(), 1) is Phase.LOCAL
