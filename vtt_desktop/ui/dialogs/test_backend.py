"""Tries a backend and shows what was found, each finding in words; it stays open to be read."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.commands import Spawn
from vtt_desktop.ui.dialogs.form import FormDialog
from vtt_desktop.ui.dialogs.server_address import server_address, token_field
from vtt_desktop.ui.ports import BackendTest, Workspace

_SIGNS = {"good": "✓", "note": "•", "bad": "✗", "untried": "?"}


class TestBackendDialog(FormDialog):
    """Profile, address, token, and a segment to try things on where none can be made."""

    __test__ = False  # its name begins as those of tests do

    def __init__(self, workspace: Workspace, spawn: Spawn, parent: QWidget | None = None) -> None:
        intro = (
            "Tries on a segment of its own whether a backend keeps two people from overwriting each other. "
            "One that does not is opened to be read only from then on."
        )
        super().__init__("Test backend", intro, "Test", spawn, parent, width=620)
        self._workspace = workspace
        profile, address = workspace.backend
        self.profile = QComboBox()
        self.profile.setEditable(True)
        self.profile.addItems(list(workspace.profiles))
        self.profile.setEditText(profile)
        self.address = QLineEdit(address)
        self.address.setPlaceholderText("The profile's own")
        self.token = token_field()
        self.scratch = QLineEdit()
        self.scratch.setPlaceholderText("Made for it, and removed again")
        self.add_row("Profile", self.profile, "Name or file. How to write one is told in docs/backends.md.")
        self.add_row("Address", self.address)
        self.add_row("Token", self.token)
        self.add_row("Segment", self.scratch, "Id of one that may be changed; it is put back as it was.")
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.verdict.setAccessibleName("What was found")
        self.verdict.hide()
        # A text and not a list: it wraps whatever the font, and can be copied for who runs the server.
        self.findings = QPlainTextEdit()
        self.findings.setReadOnly(True)
        self.findings.setTabChangesFocus(True)
        self.findings.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.findings.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.findings.setAccessibleName("Findings")
        self.findings.setMinimumHeight(220)
        self.findings.hide()
        self.form.addRow(self.verdict)
        self.form.addRow(self.findings)
        self._buttons.button(QDialogButtonBox.StandardButton.Cancel).setText("Close")
        self.profile.setFocus()

    def work(self) -> Coroutine[Any, Any, object]:
        profile, address = self.profile.currentText().strip(), self.address.text().strip()
        if not profile:
            raise UserError("Type the name or the file of a profile.")
        self.verdict.hide()
        self.findings.hide()
        return self._test(profile, server_address(address) if address else "")

    def accept(self) -> None:
        """The test is done: what was found stays to be read."""
        self._lock(locked=False)

    async def _test(self, profile: str, address: str) -> None:
        test = await self._workspace.test_backend(
            profile, address, self.token.text(), self.scratch.text().strip()
        )
        if not self._over:
            self._show(test)

    def _show(self, test: BackendTest) -> None:
        self.verdict.setText(test.verdict)
        self.verdict.setProperty("role", "title" if test.writable else "bad")
        self.verdict.style().unpolish(self.verdict)
        self.verdict.style().polish(self.verdict)
        self.verdict.show()
        worst_first = sorted(
            test.findings, key=lambda one: ("bad", "untried", "note", "good").index(one.mark)
        )
        self.findings.setPlainText("\n".join(f"{_SIGNS[one.mark]}  {one.words}" for one in worst_first))
        self.findings.show()
