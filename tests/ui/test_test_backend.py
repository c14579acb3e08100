"""The dialog that tries a backend: it asks, shows the worst first, and stays to be read."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_workspace import DeskWorkspace, run_now
from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.dialogs.test_backend import TestBackendDialog
from vtt_desktop.ui.ports import BackendFinding, BackendTest
from vtt_desktop.ui.theme import stylesheet, theme


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
    dialog.profile.setEditText(" mine.toml ")
    dialog.address.setText("localhost:8000#film")
    dialog.token.setText("secret")
    dialog.scratch.setText("a")
    dialog.submit()
    assert workspace.asked == [("test_backend", "mine.toml", "http://localhost:8000#film", "secret", "a")]
    assert dialog.isVisible() and dialog.verdict.isVisible()
    assert dialog.verdict.text() == "It must not be written to."
    assert dialog.findings.toPlainText().splitlines() == [
        "✗  A save with an old version is ACCEPTED.",
        "✓  Same.",
    ]
    dialog.submit()  # and once more
    assert len(workspace.asked) == 2 and dialog.findings.blockCount() == 2
    dialog.reject()
    assert not dialog.isVisible()


def test_without_a_profile_or_a_server_it_says_so(window: QWidget, workspace: DeskWorkspace) -> None:
    dialog = TestBackendDialog(workspace, run_now, window)
    dialog.open()
    dialog.submit()
    assert "profile" in dialog.wrong and workspace.asked == []
    dialog.profile.setEditText("kinto")
    workspace.refuse = UserError("http://localhost cannot be reached.")
    dialog.submit()
    assert dialog.wrong == "http://localhost cannot be reached."
    assert dialog.isVisible() and dialog.profile.isEnabled() and not dialog.verdict.isVisible()


def test_it_offers_the_profiles_there_are_and_the_backend_that_is_open(
    window: QWidget, workspace: DeskWorkspace
) -> None:
    dialog = TestBackendDialog(workspace, run_now, window)
    assert (dialog.profile.currentText(), dialog.address.text()) == ("", "")
    assert [dialog.profile.itemText(i) for i in range(dialog.profile.count())] == list(workspace.profiles)
    workspace.desk.share()
    dialog = TestBackendDialog(workspace, run_now, window)
    assert (dialog.profile.currentText(), dialog.address.text()) == ("kinto", workspace.desk.shared_url)


@pytest.mark.parametrize("reached", [True, False])
def test_the_focus_is_where_it_was_after_a_run(
    window: QWidget, workspace: DeskWorkspace, qtbot: QtBot, reached: bool
) -> None:
    dialog = TestBackendDialog(workspace, run_now, window)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.profile.setEditText("kinto")
    workspace.refuse = None if reached else UserError("http://localhost cannot be reached.")
    line = dialog.profile.lineEdit()
    assert line is not None
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert QApplication.focusWidget() in (line, dialog.profile) and line.isEnabled()


def test_no_finding_is_cut(window: QWidget, workspace: DeskWorkspace, qtbot: QtBot) -> None:
    window.setStyleSheet(stylesheet(theme(dark=True)))
    dialog = TestBackendDialog(workspace, run_now, window)
    dialog.open()
    long = (
        "A finding of many words, which has to be read as a whole, however long it may be. " * 12 + "The end."
    )
    dialog._show(
        BackendTest(False, "No.", (BackendFinding("a", "bad", long), BackendFinding("b", "good", long)))
    )
    findings = dialog.findings
    block = findings.document().firstBlock()

    def fits() -> bool:
        findings.document().documentLayout().blockBoundingRect(block)  # it lays out what nobody has seen yet
        lines = [block.layout().lineAt(at) for at in range(block.layout().lineCount())]
        return len(lines) > 1 and all(
            line.naturalTextWidth() <= findings.viewport().width() for line in lines
        )

    qtbot.waitUntil(findings.verticalScrollBar().isVisible)
    qtbot.waitUntil(fits)


def test_findings_can_be_copied_and_left_with_the_keyboard(
    window: QWidget, workspace: DeskWorkspace, qtbot: QtBot
) -> None:
    dialog = TestBackendDialog(workspace, run_now, window)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog._show(BackendTest(False, "No.", (BackendFinding("a", "bad", "Words."),)))
    dialog.findings.setFocus()
    QTest.keyClick(dialog.findings, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(dialog.findings, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "✗  Words."
    QTest.keyClick(dialog.findings, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not dialog.findings
