"""A question that one line answers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.commands import Spawn
from vtt_desktop.ui.dialogs.form import FormDialog


class OneLineDialog(FormDialog):
    """`take` is told what was typed; a UserError of its keeps the dialog, with the sentence."""

    def __init__(
        self,
        title: str,
        label: str,
        hint: str,
        ok: str,
        take: Callable[[str], object],
        spawn: Spawn,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, "", ok, spawn, parent, width=360)
        self._take = take
        self.line = QLineEdit()
        self.add_row(label, self.line, hint)
        self.line.setFocus()

    def work(self) -> None:
        typed = self.line.text().strip()
        if not typed:
            raise UserError("Type something, or cancel.")
        self._take(typed)
