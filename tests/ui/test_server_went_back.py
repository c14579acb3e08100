"""A server that went back is said calmly in the status bar, and decided in a dialog that can wait."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_workspace import run_now
from vtt_desktop.sync.setback import Setback
from vtt_desktop.sync.state import Link
from vtt_desktop.ui.dialogs.server_went_back import ServerWentBackDialog
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.status import StatusRow
from vtt_desktop.ui.theme import theme


def went_back(setback: Setback = Setback.OLDER) -> DeskSession:
    session = DeskSession(some_cues(2)).share()
    session.sync.set_setback(setback)
    session.sync.set_link(Link.READ_ONLY, setback.sentence)
    return session


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_the_status_bar_says_it_and_opens_the_choice(qtbot: QtBot, window: QWidget) -> None:
    session = went_back()
    row = StatusRow(session, Selection(), theme(dark=False), window)
    assert row.words == "The server went back — choose how to go on"
    with qtbot.waitSignal(row.setback_requested, timeout=1000):
        row._link.click()
    session.sync.set_setback(None)
    session.sync.set_link(Link.ONLINE)
    assert row.words == "All saved on server"


def test_it_opens_on_the_choice_with_nothing_chosen(window: QWidget, qtbot: QtBot) -> None:
    dialog = ServerWentBackDialog(went_back(), run_now, window)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    assert dialog.focusWidget() is dialog.mine
    assert not dialog.mine.isChecked() and not dialog.theirs.isChecked()


@pytest.mark.parametrize("mine", [True, False])
def test_one_of_two_ways_is_chosen(window: QWidget, mine: bool) -> None:
    session = went_back()
    dialog = ServerWentBackDialog(session, run_now, window)
    dialog.open()
    dialog.submit()
    assert dialog.wrong == "Choose whose versions shall hold." and session.decided_setback is None
    (dialog.mine if mine else dialog.theirs).click()
    dialog.submit()
    assert session.decided_setback is mine


def test_of_a_project_that_is_gone_there_is_nothing_to_take(window: QWidget) -> None:
    dialog = ServerWentBackDialog(went_back(Setback.GONE), run_now, window)
    assert not dialog.theirs.isEnabled() and dialog.mine.isEnabled()
