"""The dialog that tries a backend: it asks, shows the worst first, and stays to be read."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_workspace import DeskWorkspace, run_now
from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.dialogs.test_backend import TestBackendDialog


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def workspace() -> DeskWorkspace:
    return DeskWorkspace(DeskSession(some_cues(2)))


def test_what_is_found_stays_to_be_read_the_worst_first(window: QWidget, workspace: DeskWorkspace) -> None:
    dialog = TestBackendDialog(workspace, run_now, window)
    dialog.open()
    dialog.profile.setText(" mine.toml ")
    dialog.address.setText("localhost:8000#film")
    dialog.token.setText("secret")
    dialog.scratch.setText("a")
    dialog.submit()
    assert workspace.asked == [("test_backend", "mine.toml", "http://localhost:8000#film", "secret", "a")]
    assert dialog.isVisible() and dialog.verdict.isVisible()
    assert dialog.verdict.text() == "It must not be written to."
    rows = [dialog.findings.item(i).text() for i in range(dialog.findings.count())]
    assert rows == ["✗  A save with an old version is ACCEPTED.", "✓  Same."]
    dialog.submit()  # and once more
    assert len(workspace.asked) == 2 and dialog.findings.count() == 2
    dialog.reject()
    assert not dialog.isVisible()


def test_without_a_profile_or_a_server_it_says_so(window: QWidget, workspace: DeskWorkspace) -> None:
    dialog = TestBackendDialog(workspace, run_now, window)
    dialog.open()
    dialog.submit()
    assert "profile" in dialog.wrong and workspace.asked == []
    dialog.profile.setText("kinto")
    workspace.refuse = UserError("http://localhost cannot be reached.")
    dialog.submit()
    assert dialog.wrong == "http://localhost cannot be reached."
    assert dialog.isVisible() and dialog.profile.isEnabled() and not dialog.verdict.isVisible()
