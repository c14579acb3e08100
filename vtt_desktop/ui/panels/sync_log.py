"""The sync log: what was sent, merged, decided; here a merge is undone and what was put aside put back."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QWidget

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Change
from vtt_desktop.domain.edit import Edit, HeadChange
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.sync_log import LogKind, LogLine, Told
from vtt_desktop.ui.panels.differences import difference_html, difference_words
from vtt_desktop.ui.panels.put_back_words import beside_words
from vtt_desktop.ui.panels.row_table import RowTable
from vtt_desktop.ui.panels.side_window import SideWindow, side_button
from vtt_desktop.ui.panels.sync_log_model import CUE, TAG, TIME, WHAT, SyncLogModel, now_of
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import Theme

_BACK = {
    LogKind.MERGED: "Undo this merge",
    LogKind.TAKEN: "Undo this change",
    LogKind.DECIDED: "Put back what was put aside",
}


class SyncLogWindow(SideWindow):
    """While it is hidden it only notes that there is more to show."""

    def __init__(
        self, session: Session, selection: Selection, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__("Sync log", (760, 520), session, parent)
        self._selection, self._theme = selection, theme
        self._behind = True
        self._model = SyncLogModel(session, theme, self)
        self.only_back = QCheckBox("Only what can be put back")
        self.only_back.toggled.connect(lambda _on: self._fill())
        self.table = RowTable("Sync log", self._model, {TIME: 96, CUE: 64, TAG: 150}, WHAT)
        self.table.selectionModel().currentChanged.connect(lambda *_: self._show_line())
        self.table.doubleClicked.connect(lambda _: self._go())
        self._empty = QLabel("Nothing was sent or taken over yet.")
        self._empty.setProperty("role", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.table.setProperty("fills", True)
        self._empty.setProperty("fills", True)
        self.detail.setTextFormat(Qt.TextFormat.RichText)
        self.detail.setMinimumHeight(96)
        self.go = side_button("Go to cue", "Make it the current cue (Enter)", self._go)
        self.back = side_button("Put back", "As an edit of yours, which can be undone", self._put_back)
        self.back.setProperty("role", "primary")
        top = QHBoxLayout()
        top.addWidget(self.only_back)
        top.addStretch(1)
        self._lay_out((top, self._empty, self.table, self.detail, self.said), self.go, self.back)
        self.set_session(session)

    def _listen(self, session: Session) -> Sequence[Callable[[], None]]:
        return session.sync.diary.told.connect(self._told), session.document.changed.connect(self._edited)

    def _begin(self) -> None:
        self._behind = True
        if self.isVisible():
            self._fill()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._model.set_theme(theme)
        self.table.viewport().update()
        if self.isVisible():
            self._show_line()

    @property
    def line(self) -> LogLine | None:
        """The line that is selected."""
        return self._model.line(self.table.currentIndex())

    # What is heard

    def _told(self, told: Told) -> None:
        if not self.isVisible():
            self._behind = True
            return
        self._model.add(told)
        self._show_whether_empty()

    def _edited(self, change: Change) -> None:
        if not self.isVisible():
            return
        if change.edit.structural:
            self.table.viewport().update()  # numbers have moved
        line = self.line
        if line is not None and line.replaced is not None:
            self._show_line()

    def showEvent(self, event: QShowEvent) -> None:
        if self._behind:
            self._fill()
        super().showEvent(event)

    def _fill(self) -> None:
        self._behind = False
        self._model.show(self._session, only_back=self.only_back.isChecked())
        self._show_whether_empty()
        if self._model.rowCount():
            self.table.setCurrentIndex(self._model.index(0, 0))
        self._show_line()

    def _show_whether_empty(self) -> None:
        there = self._model.rowCount() > 0
        self._empty.setVisible(not there)
        self.table.setVisible(there)

    def _show_line(self) -> None:
        line = self.line
        self.said.hide()
        cues = self._session.document.snapshot.cues
        self.go.setEnabled(line is not None and cues.has(line.cue_id))
        self.back.setVisible(line is not None and line.replaced is not None)
        self.back.setText(_BACK.get(line.kind, "Put back") if line is not None else "Put back")
        self.back.setAccessibleName(self.back.text())
        if line is None or line.replaced is None:
            words = self._model.whole_words(line) if line is not None else ""
            self.detail.setText(html.escape(words).replace("\n", "<br>"))
            self.detail.setAccessibleName(words)
            return
        now = result = now_of(self._session, line)
        edit, stays = self._edit_back(line)
        for change in edit.changes:
            if isinstance(change, HeadChange) or change.id == line.cue_id:
                result = change.after
        self.back.setEnabled(bool(edit.changes))
        also = beside_words(self._session, self.back.text(), edit, line.cue_id, stays)
        intro = "" if result == now else f"<p style='margin:0 0 4px 0'>{self.back.text()} makes it:</p>"
        more = f"<p style='margin:4px 0 0 0'>{html.escape(also)}</p>" if also else ""
        self.detail.setText(intro + difference_html(now, result, self._theme) + more)
        self.detail.setAccessibleName(". ".join(filter(None, (difference_words(now, result), also))))

    def _edit_back(self, line: LogLine) -> tuple[Edit, Sequence[Cue]]:
        """What putting back changes, and what it leaves though it belongs to it."""
        try:
            return line.put_back(self._session.document.snapshot, "")
        except UserError:
            return Edit("", ()), ()

    # What the person does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.focusWidget() is self.table:
            self._go()
        else:
            super().keyPressEvent(event)

    def _go(self) -> None:
        line = self.line
        if line is not None and self._session.document.snapshot.cues.has(line.cue_id):
            self._selection.select_one(line.cue_id)

    def _put_back(self) -> None:
        line = self.line
        if line is None or line.replaced is None:
            return
        try:
            label = "Undo merge" if line.kind is LogKind.MERGED else "Put back"
            self._session.submit(line.put_back(self._session.document.snapshot, label)[0])
        except UserError as error:
            self._say(str(error), "bad")
        else:
            self.table.setFocus()  # the button has nothing more to do, and would hand the focus on
            self._say("Done, as an edit of yours: Ctrl+Z takes it back.", "muted")
