"""Ask for the token again when a server does not take the one we have."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.commands import Spawn
from vtt_desktop.ui.dialogs.form import FormDialog
from vtt_desktop.ui.dialogs.server_address import token_field
from vtt_desktop.ui.ports import Session


class TokenDialog(FormDialog):
    """One line. Everything that is queued stays queued until the server takes a token."""

    def __init__(self, session: Session, spawn: Spawn, parent: QWidget | None = None) -> None:
        intro = f"For {session.shared_url or 'the server'}. Your edits are kept here until it is taken."
        super().__init__("Token for the server", intro, "Use token", spawn, parent)
        self._session = session
        self.token = token_field()
        self.token.setPlaceholderText("")
        self.add_row("Token", self.token)
        self.token.setFocus()

    def work(self) -> None:
        typed = self.token.text().strip()
        if not typed:
            raise UserError("Type or paste the token.")
        self._session.set_token(typed)
