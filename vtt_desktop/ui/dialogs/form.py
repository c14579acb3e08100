"""What the small dialogs share: labelled rows, one sentence for what is wrong, work that takes time."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.commands import Spawn
from vtt_desktop.ui.theme import UNIT


class FormDialog(QDialog):
    """`work` gives what OK does: nothing, or a coroutine. While that runs the form is locked; when it fails
    the form stays, says why and keeps what was typed. Shown with `open()`, never with a nested loop."""

    def __init__(
        self, title: str, intro: str, ok: str, spawn: Spawn, parent: QWidget | None, *, width: int = 460
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(width)
        self._spawn = spawn
        self._over = False
        self._left: QWidget | None = None
        self.finished.connect(self._end)
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(3 * UNIT)
        self.form.setVerticalSpacing(2 * UNIT)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._wrong = QLabel()
        self._wrong.setProperty("role", "bad")
        self._wrong.setWordWrap(True)
        self._wrong.setAccessibleName("What is wrong")
        self._wrong.hide()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._ok: QPushButton = self._buttons.addButton(ok, QDialogButtonBox.ButtonRole.AcceptRole)
        self._words = ok
        self._buttons.accepted.connect(self.submit)
        self._buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(5 * UNIT, 4 * UNIT, 5 * UNIT, 4 * UNIT)
        column.setSpacing(3 * UNIT)
        if intro:
            words = QLabel(intro)
            words.setWordWrap(True)
            column.addWidget(words)
        column.addLayout(self.form)
        column.addWidget(self._wrong)
        column.addStretch(1)
        column.addWidget(self._buttons)
        self._buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        self._ok.setDefault(True)  # only now, since a button without a dialog cannot be its default

    def work(self) -> Coroutine[Any, Any, object] | None:
        """What OK does. UserError where the form does not make sense."""
        raise NotImplementedError

    @property
    def wrong(self) -> str:
        """The sentence that the form shows, or nothing."""
        return self._wrong.text() if not self._wrong.isHidden() else ""

    def add_row(self, label: str, field: QWidget, hint: str = "") -> None:
        """A field under its name; `hint` stands below it."""
        field.setAccessibleName(label)
        self.form.addRow(label, field)
        if hint:
            words = QLabel(hint)
            words.setProperty("role", "muted")
            self.form.addRow("", words)

    def submit(self) -> None:
        """As a press on OK."""
        if not self._ok.isEnabled():
            return
        self._wrong.hide()
        try:
            work = self.work()
        except UserError as error:
            self._say(error)
            return
        if work is None:
            self.accept()
            return
        self._lock(locked=True)
        self._spawn(self._finish(work))

    async def _finish(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        except UserError as error:
            if self._over:
                raise  # the form is gone: the window says it
            self._lock(locked=False)
            self._say(error)
            return
        except BaseException:
            if not self._over:
                self._lock(locked=False)
            raise
        if not self._over:
            self.accept()

    def _lock(self, *, locked: bool) -> None:
        if locked:
            self._left = self.focusWidget()
        self._ok.setEnabled(not locked)
        self._ok.setText("Please wait…" if locked else self._words)
        for row in range(self.form.rowCount()):
            item = self.form.itemAt(row, QFormLayout.ItemRole.FieldRole)
            if item is not None and (field := item.widget()) is not None:
                field.setEnabled(not locked)
        if not locked and self._left is not None:
            self._left.setFocus()  # what is locked hands its focus on, to the button that closes

    def _say(self, error: UserError) -> None:
        self._wrong.setText(str(error))
        self._wrong.show()

    def _end(self) -> None:
        self._over = True

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._keep_room()
        return handled

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_room()

    def _keep_room(self) -> None:
        """Qt asks no wrapped line how high it is, and on a small screen takes the room from the fields."""
        layout = self.layout()
        if layout is not None:
            self.setMinimumHeight(layout.totalMinimumHeightForWidth(self.width()))


def run_after(dialog: QDialog, then: Callable[[], object]) -> None:
    """Opens a dialog and runs `then` when it was accepted."""
    dialog.accepted.connect(lambda: then())
    dialog.open()
