"""What a person types for an address of a server, checked before anything is sent."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtWidgets import QLineEdit

from vtt_desktop.domain.errors import UserError


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
