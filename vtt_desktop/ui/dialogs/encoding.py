"""Choose a text encoding, to read the file again with or to save in; what comes of it is seen before."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QListWidgetItem, QPlainTextEdit, QWidget

from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.commands import Spawn
from vtt_desktop.ui.dialogs.form import FormDialog
from vtt_desktop.ui.saving import EncodingChoice

_NAME = Qt.ItemDataRole.UserRole
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True, slots=True)
class Purpose:
    """What the encoding is chosen for. `preview` tells at once how the beginning looks (UserError where it
    cannot be), `look` in a sentence what would change; `run` does it."""

    title: str
    intro: str
    ok: str
    run: Callable[[str], Coroutine[Any, Any, object]]
    preview: Callable[[str], str] | None = None
    look: Callable[[str], Coroutine[Any, Any, str]] | None = None


class EncodingDialog(FormDialog):
    """A list that a few letters shorten, and below it what the marked encoding makes of the file."""

    def __init__(
        self,
        choices: Sequence[EncodingChoice],
        purpose: Purpose,
        spawn: Spawn,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(purpose.title, purpose.intro, purpose.ok, spawn, parent, width=560)
        self._choices, self._purpose, self._spawn_look = choices, purpose, spawn
        self._gone = False
        self.letters = QLineEdit()
        self.letters.setPlaceholderText("Name or language, e.g. cyr or 1251")
        self.letters.setClearButtonEnabled(True)
        self.letters.installEventFilter(self)
        self.list = QListWidget()
        self.list.setUniformItemSizes(True)
        self.list.setMinimumHeight(180)
        self.view = QPlainTextEdit()
        self.view.setReadOnly(True)
        self.view.setTabChangesFocus(True)
        self.view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.view.setMinimumHeight(130)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setProperty("role", "muted")
        self.note.setAccessibleName("What this encoding would change")
        self.add_row("Find", self.letters)
        self.add_row("Encoding", self.list)
        if purpose.preview is not None:
            self.add_row("Beginning", self.view)
        if purpose.look is not None:
            self.form.addRow("", self.note)
        self.letters.textChanged.connect(self._list_matching)
        self.list.currentItemChanged.connect(lambda _now, _before: self._show())
        self.list.itemActivated.connect(lambda _item: self.submit())
        self.finished.connect(self._closed)
        self._list_matching("")
        self.letters.setFocus()

    @property
    def chosen(self) -> str:
        """The name of the marked encoding; nothing where none matches."""
        return str(self.list.currentItem().data(_NAME)) if self.list.currentRow() >= 0 else ""

    @property
    def titles(self) -> list[str]:
        """What is listed, the best first."""
        return [self.list.item(row).text() for row in range(self.list.count())]

    def work(self) -> Coroutine[Any, Any, object]:
        if not self.chosen:
            raise UserError("No encoding has these letters.")
        return self._purpose.run(self.chosen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows move in the list while the letters go into the line."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _MOVES:
            self.list.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def _list_matching(self, typed: str) -> None:
        words = typed.casefold().split()
        self.list.clear()
        for choice in self._choices:
            said = f"{choice.title} {choice.area} {choice.name}".casefold()
            if all(word in said or word in said.replace("-", "") for word in words):
                item = QListWidgetItem(_title(choice), self.list)
                item.setData(_NAME, choice.name)
        self.list.setCurrentRow(0)
        self._show()

    def _show(self) -> None:
        name, preview, look = self.chosen, self._purpose.preview, self._purpose.look
        self.note.clear()
        if preview is not None:
            try:
                self.view.setPlainText(preview(name) if name else "")
            except UserError as error:
                self.view.setPlainText(str(error))
        if look is not None and name:
            self._spawn_look(self._note(name, look(name)))

    async def _note(self, name: str, looking: Coroutine[Any, Any, str]) -> None:
        words = await looking
        if not self._gone and name == self.chosen:
            self.note.setText(words)

    def _closed(self) -> None:
        self._gone = True


def _title(choice: EncodingChoice) -> str:
    signs = [words for words, on in (("told by the file", choice.told), ("in use", choice.now)) if on]
    area = f" — {choice.area}" if choice.area else ""
    return f"{choice.title}{area}" + (f"   ({', '.join(signs)})" if signs else "")
