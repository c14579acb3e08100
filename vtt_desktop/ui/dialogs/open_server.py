"""Open a project from a server."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.commands import Spawn
from vtt_desktop.ui.dialogs.form import FormDialog
from vtt_desktop.ui.dialogs.server_address import KeepToken, server_address, token_field
from vtt_desktop.ui.ports import Workspace


class OpenServerDialog(FormDialog):
    """An address and a token; for a backend other than ours its profile, and ids where it has no list."""

    def __init__(self, workspace: Workspace, spawn: Spawn, parent: QWidget | None = None) -> None:
        intro = "Everyone who has it open edits the same cues. You can go on editing without the network."
        super().__init__("Open from a server", intro, "Open", spawn, parent, width=520)
        self._workspace = workspace
        self.address = QComboBox()
        self.address.setEditable(True)
        self.address.addItems(_servers(workspace.recent))
        self.address.setCurrentIndex(-1)
        line = self.address.lineEdit()
        if line is not None:
            line.setPlaceholderText("https://server/projects/name")
        self.token = token_field()
        self.profile = QLineEdit()
        self.profile.setPlaceholderText("Our own server")
        self.ids = QLineEdit()
        self.ids.setPlaceholderText("All that the server lists")
        self.add_row("Address", self.address)
        self.add_row("Token", self.token)
        self.keep = KeepToken(workspace, spawn)
        self.form.addRow("", self.keep)
        self.add_row(
            "Profile", self.profile, "Name or file, for a backend of another kind; may hold the address."
        )
        self.add_row("Segments", self.ids, "Ids with spaces between, for a backend that has no list.")
        self.address.setFocus()

    def work(self) -> Coroutine[Any, Any, object]:
        typed, profile = self.address.currentText().strip(), self.profile.text().strip()
        address = server_address(typed) if typed or not profile else ""  # a profile may have one of its own
        ids = self.ids.text().replace(",", " ").split()
        if len(ids) != len(set(ids)):
            raise UserError("An id is named twice.")
        return self._workspace.open_server(address, self.token.text(), profile, ids, self.keep.wanted)


def _servers(recent: Sequence[str]) -> list[str]:
    return [place for place in recent if place.startswith(("http://", "https://"))]
