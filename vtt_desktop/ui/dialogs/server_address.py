"""What a person types for an address of a server, checked before anything is sent."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.commands import Spawn
from vtt_desktop.ui.ports import Workspace


def server_address(text: str) -> str:
    """The address with its scheme; `http` for this machine, `https` elsewhere. UserError where it is none."""
    typed = text.strip()
    if not typed:
        raise UserError("Type the address of the server.")
    if "://" not in typed:
        host = typed.partition("/")[0].rpartition(":")[0] or typed.partition("/")[0]
        typed = f"{'http' if host in ('localhost', '127.0.0.1', '[::1]') else 'https'}://{typed}"
    try:
        parts = urlsplit(typed)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(c.isspace() for c in typed):
        raise UserError("That is not the address of a server.", "It looks like https://server/projects/name.")
    return typed


def token_field() -> QLineEdit:
    """A line for a token: not shown, not completed, not spelled."""
    line = QLineEdit()
    line.setEchoMode(QLineEdit.EchoMode.Password)
    line.setPlaceholderText("Only where the server asks for one")
    return line


NO_KEYRING = "This system has no keyring: the token is kept until you close the program."


class KeepToken(QWidget):
    """Whether the token goes into the system's keyring; where there is none, that it does not."""

    def __init__(self, workspace: Workspace, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QCheckBox("Keep it in the system's keyring")
        self.box.setChecked(True)
        self.box.setToolTip("For this server only. Otherwise it is kept until you close the program.")
        self.sentence = QLabel(NO_KEYRING)
        self.sentence.setProperty("role", "muted")
        self.sentence.setWordWrap(True)
        self.sentence.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.box)
        column.addWidget(self.sentence)
        self.setFocusProxy(self.box)
        over = _Once()
        self.destroyed.connect(over)
        spawn(self._look(workspace, over))

    @property
    def wanted(self) -> bool:
        """Whether to keep it."""
        return not self.box.isHidden() and self.box.isChecked()

    async def _look(self, workspace: Workspace, over: _Once) -> None:
        there = await workspace.has_keyring()
        if not over.happened:  # a dialog may be closed before the keyring answers
            self.box.setVisible(there)
            self.sentence.setVisible(not there)


class _Once:
    """Remembers that a widget is gone, without holding it."""

    happened = False

    def __call__(self) -> None:
        self.happened = True
