"""What the server refused, cue by cue, with its sentence on each: the report of a bulk edit, and a way to go
from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from vtt_desktop.domain.document import Change
from vtt_desktop.domain.edits_back import put_all_back
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.state import Link, SyncChange
from vtt_desktop.ui.commands import Spawn
from vtt_desktop.ui.panels.refused_keys import AGAIN, BACK
from vtt_desktop.ui.panels.refused_model import CUE, TEXT, TIME, WHY, Refusal, RefusedModel
from vtt_desktop.ui.panels.row_table import RowTable
from vtt_desktop.ui.panels.side_window import SideWindow, side_button
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.status import sync_words


class RefusedWindow(SideWindow):
    """The person mends the cues beside it."""

    def __init__(
        self, session: Session, selection: Selection, spawn: Spawn, parent: QWidget | None = None
    ) -> None:
        super().__init__("Refused by the server", (820, 420), session, parent)
        self._selection, self._spawn = selection, spawn
        self._model = RefusedModel(session, self)
        self.title = QLabel()
        self.title.setProperty("role", "title")
        self.table = RowTable("Refused by the server", self._model, {CUE: 72, TIME: 110, TEXT: 240}, WHY)
        self.table.selectionModel().currentChanged.connect(lambda *_: self._show_row())
        self.table.doubleClicked.connect(lambda _: self._go())
        self.table.setProperty("fills", True)
        self.detail.setTextFormat(Qt.TextFormat.PlainText)
        self.detail.setMinimumHeight(48)
        self.go = side_button("Go to cue", "Make it the current cue (Enter)", self._go)
        self.copy = side_button("Copy the list", "With all sentences, as a table (Ctrl+C)", self._copy)
        self.again = side_button("Try again", f"Send all of it once more ({AGAIN})", self._try_again)
        self.back = side_button(
            "Put it back", f"Undo the removal, as an edit of yours ({BACK})", self._put_back
        )
        for key, run in ((AGAIN, self._try_again), (BACK, self._put_back)):
            QShortcut(QKeySequence(key), self, run)
        parts = (self.title, self.table, self.detail, self.said)
        self._lay_out(parts, self.go, self.again, self.back, self.copy)
        self.set_session(session)

    def _listen(self, session: Session) -> Sequence[Callable[[], None]]:
        return session.sync.changed.connect(self._synced), session.document.changed.connect(self._edited)

    def _begin(self) -> None:
        if self.isVisible():
            self._fill()

    def set_time_offset(self, ms: int) -> None:
        """What is added to the times of cues."""
        self._model.time_offset = ms
        self.table.viewport().update()

    @property
    def refusal(self) -> Refusal | None:
        """The row that is selected."""
        return self._model.refusal(self.table.currentIndex())

    # What is heard

    def showEvent(self, event: QShowEvent) -> None:
        self.said.hide()
        self._fill()
        super().showEvent(event)

    def _synced(self, change: SyncChange) -> None:
        if self.isVisible() and change.keys:
            before = self._model.rowCount()
            self._model.take(change.keys)
            if (count := self._model.rowCount()) != before:
                self.said.hide()  # it was said of others
            if count and not self.table.currentIndex().isValid():
                self.table.setCurrentIndex(self._model.index(0, 0))
            self._show_count()
            self._show_row()

    def _edited(self, change: Change) -> None:
        if self.isVisible() and change.edit.structural and self._model.rowCount():
            self._fill()  # numbers and places have moved

    def _fill(self) -> None:
        row = max(0, self.table.currentIndex().row())
        self._model.show(self._session)
        self._show_count()
        if count := self._model.rowCount():
            self.table.setCurrentIndex(self._model.index(min(row, count - 1), 0))
        self._show_row()

    def _show_count(self) -> None:
        count = self._model.rowCount()
        many = "1 edit was" if count == 1 else f"{count:,} edits were"
        self.title.setText(f"{many} refused by the server, and kept here" if count else "Nothing is refused.")
        for button in (self.copy, self.again):
            button.setEnabled(bool(count))

    def _show_row(self) -> None:
        found = self.refusal
        self.go.setEnabled(found is not None and found.cue_id != 0)
        self.back.setVisible(found is not None and bool(found.removed))
        words = found.cells[WHY] if found is not None else ""
        if words != self.detail.text():
            self.detail.setText(words)
            self.detail.setAccessibleName(words)

    # What the person does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        in_table = self.focusWidget() is self.table
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and in_table:
            self._go()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        else:
            super().keyPressEvent(event)

    def _go(self) -> None:
        found = self.refusal
        if found is not None and found.cue_id:
            self._selection.select_one(found.cue_id)

    def _try_again(self) -> None:
        if self._session.offline:
            self._say("You are working offline.", "bad")
        elif self._model.rowCount():
            self._say("Trying again…", "muted")
            self._spawn(self._tried())

    async def _tried(self) -> None:
        session = self._session
        try:
            await session.sync_now()
        except UserError as error:
            self._say(str(error), "bad")
            return
        if session is not self._session:
            return  # another document is shown meanwhile
        summary = session.sync.summary
        if summary.link is not Link.ONLINE:
            self._say(f"It cannot be tried now: {summary.detail or sync_words(summary).text}", "bad")
            return
        left = self._model.rowCount()
        many = "1 is" if left == 1 else f"{left:,} are"
        self._say(f"Tried again: {many} refused still." if left else "Tried again: all is taken.", "muted")

    def _put_back(self) -> None:
        found = self.refusal
        if found is None or not found.removed:
            return
        first, *others = ((cue, None) for cue in found.removed)
        try:
            self._session.submit(put_all_back(self._session.document.snapshot, first, others)[0])
        except UserError as error:
            self._say(str(error), "bad")
            return
        self._selection.select_one(found.removed[0].id)
        self.table.setFocus()  # the button has nothing more to do, and would hand the focus on
        self._say("Put back, as an edit of yours: Ctrl+Z takes it back.", "muted")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._model.report())
