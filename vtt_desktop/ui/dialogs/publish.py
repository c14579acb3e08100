"""Put the open document on a server and go on as shared there."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from vtt_desktop.ui.commands import Spawn
from vtt_desktop.ui.dialogs.form import FormDialog
from vtt_desktop.ui.dialogs.server_address import KeepToken, server_address, token_field
from vtt_desktop.ui.ports import Workspace


class PublishDialog(FormDialog):
    """An address and a token. The file on this machine stays as it is."""

    def __init__(self, workspace: Workspace, spawn: Spawn, parent: QWidget | None = None) -> None:
        count = len(workspace.session.document.snapshot.cues)
        cues = "its one cue" if count == 1 else f"all {count:,} cues"
        intro = (
            f"Puts “{workspace.session.title}” with {cues} into a new project on a server. From then on each "
            "edit is sent as you make it, and nobody's is overwritten. The file here stays as it is."
        )
        super().__init__("Publish to a server", intro, "Publish", spawn, parent, width=520)
        self._workspace = workspace
        self.address = QLineEdit()
        self.address.setPlaceholderText("https://server")
        self.token = token_field()
        self.add_row("Address", self.address)
        self.add_row("Token", self.token)
        self.keep = KeepToken(workspace, spawn)
        self.form.addRow("", self.keep)
        self.address.setFocus()

    def work(self) -> Coroutine[Any, Any, object]:
        address = server_address(self.address.text())
        return self._workspace.publish(address, self.token.text(), self.keep.wanted)
