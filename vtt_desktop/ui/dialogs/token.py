"""Ask for the token again when a server does not take the one we have."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from PySide6.QtWidgets import QWidget

from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.commands import Spawn
from vtt_desktop.ui.dialogs.form import FormDialog
from vtt_desktop.ui.dialogs.server_address import KeepToken, token_field
from vtt_desktop.ui.ports import Workspace


class TokenDialog(FormDialog):
    """One line. Everything that is queued stays queued until the server takes a token."""

    def __init__(self, workspace: Workspace, spawn: Spawn, parent: QWidget | None = None) -> None:
        where = workspace.session.shared_url or "the server"
        intro = f"For {where}. Your edits are kept here until it is taken."
        super().__init__("Token for the server", intro, "Use token", spawn, parent)
        self._workspace = workspace
        self.token = token_field()
        self.token.setPlaceholderText("")
        self.keep = KeepToken(workspace, spawn)
        self.add_row("Token", self.token)
        self.form.addRow("", self.keep)
        self.token.setFocus()

    def work(self) -> Coroutine[Any, Any, object]:
        typed = self.token.text().strip()
        if not typed:
            raise UserError("Type or paste the token.")
        return self._workspace.use_token(typed, self.keep.wanted)
