"""The cue table: rows that stay where they are whatever others insert, remove or change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from vtt_desktop.domain.document import Change, Snapshot
from vtt_desktop.domain.edit import Origin
from vtt_desktop.sync.phase import Unshared
from vtt_desktop.ui.cue_table.columns import HOUR_MS, WIDEST, WITHOUT_HOURS, Column, needs_hours
from vtt_desktop.ui.cue_table.model import CueModel
from vtt_desktop.ui.cue_table.painting import ROW_HEIGHT, Row, RowPainter, Span
from vtt_desktop.ui.cue_table.room import ColumnRoom
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from vtt_desktop.sync.state import SyncChange
    from vtt_desktop.ui.ports import Session

_SYNC_WIDTH: Final = 36

_Index = QModelIndex | QPersistentModelIndex
_Hint = QAbstractItemView.ScrollHint
_Flag = QItemSelectionModel.SelectionFlag


class CueTable(QTableView):
    """All cues of a session. Follows and sets the shared `Selection`; never edits anything itself.

    Before there is a session it shows the rows of a file that is being opened, to be looked at only.
    """

    edit_requested = Signal()
    """Enter was pressed: the person wants to type in the current cue."""
    play_requested = Signal(int)
    """A row was double-clicked; carries the cue's id."""

    def __init__(
        self, session: Session | None, selection: Selection, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._selection = selection
        self._theme = theme
        self._painter = RowPainter(theme)
        self._model = CueModel(Snapshot(), Unshared(), self)
        self._selected: frozenset[int] = frozenset()
        self._hearing_qt = False
        self._quiet = False
        self._widest_time = WIDEST[Column.START]
        self._disconnects: list[Callable[[], None]] = []
        self._build()
        selection.changed.connect(self._selection_changed)
        if session is not None:
            self.set_session(session)

    # What the window calls

    def set_session(self, session: Session) -> None:
        """Shows another document, from its first cue on."""
        for disconnect in self._disconnects:
            disconnect()
        self._disconnects = [
            session.document.changed.connect(self._document_changed),
            session.sync.changed.connect(self._sync_changed),
            session.colleagues.changed.connect(lambda _nothing: self.viewport().update()),
        ]
        self._painter.people = self._model.people = session.colleagues.at
        self._show_hours(needs_hours(session.document.snapshot.cues, self._painter.time_offset))
        self._model.show_other(session.document.snapshot, session.sync)
        cues = session.document.snapshot.cues
        self._selection.select((cues[0].id,) if len(cues) else ())
        self._mirror()
        self.scrollToTop()

    def show_first(self, snapshot: Snapshot) -> None:
        """The rows of a document that has no session yet."""
        self._show_hours(needs_hours(snapshot.cues, self._painter.time_offset))
        self._model.show_other(snapshot, Unshared())
        self._selection.select((snapshot.cues[0].id,) if len(snapshot.cues) else ())
        self._mirror()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._painter.set_theme(theme)
        self.viewport().update()

    def set_time_offset(self, ms: int) -> None:
        """What is added to the times of cues for those shown."""
        if ms == self._painter.time_offset:
            return
        self._painter.time_offset = self._model.time_offset = ms
        self._show_hours(needs_hours(self._model.snapshot.cues, ms))
        visible = self.visible_rows()
        if visible:
            self._model.announce(visible[0], visible[-1])
        self.viewport().update()

    def set_marks(self, marked: Callable[[int], bool]) -> None:
        """`marked` tells of a cue's id whether a sign stands by its number; asked for each painted row."""
        self._painter.marked = marked

    def show_cue(self, cue_id: int) -> None:
        """Scrolls as far as needed to bring a cue into view, without selecting it."""
        if (row := self._model.row_of(cue_id)) >= 0:
            self.scrollTo(self._model.index(row, 0))

    def visible_rows(self) -> range:
        """Rows of which at least a part can be seen."""
        count, height = self._model.rowCount(), self.viewport().height()
        first = max(0, self.verticalScrollBar().value() // ROW_HEIGHT)
        last = (self.verticalScrollBar().value() + height - 1) // ROW_HEIGHT
        return range(min(first, count), min(last + 1, count))

    # Building

    def _build(self) -> None:
        self.setObjectName("cue-table")
        self.setAccessibleName("Cues")
        self.setAccessibleDescription("Enter edits the text of the current cue")
        self.setModel(self._model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(ROW_HEIGHT)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setMinimumSectionSize(_SYNC_WIDTH)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        columns.setSectionResizeMode(Column.SYNC, QHeaderView.ResizeMode.Fixed)
        columns.setSectionResizeMode(Column.TEXT, QHeaderView.ResizeMode.Stretch)
        self._room = ColumnRoom(self)
        for column in Column:
            if column in WIDEST:
                self.setColumnWidth(column, self._painter.width_for(WIDEST[column]))
        self.setColumnWidth(Column.SYNC, _SYNC_WIDTH)
        columns.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        columns.customContextMenuRequested.connect(
            lambda at: self._room.menu().popup(columns.mapToGlobal(at))
        )
        # The heads ask of each column whether all its rows are selected: a second for 100,000 rows. With a
        # selection of their own, which is empty, they have nothing to ask.
        columns.setSelectionModel(QItemSelectionModel(self._model, columns))
        columns.setSectionsClickable(False)
        self.selectionModel().currentChanged.connect(self._qt_selection_changed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._room.fit()

    def scrollTo(self, index: _Index, hint: QAbstractItemView.ScrollHint = _Hint.EnsureVisible) -> None:
        """To the row only: the columns stay where they are."""
        across = self.horizontalScrollBar().value()
        super().scrollTo(index, hint)
        self.horizontalScrollBar().setValue(across)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """One pass over the rows in need, without a delegate: a Python delegate costs 40 ms a page."""
        area = event.rect()
        painter = QPainter(self.viewport())
        if not self._model.rowCount():
            painter.fillRect(area, self._theme.base)
            self._paint_empty(painter)
            return
        offset = self.verticalScrollBar().value()
        first = max(0, (area.top() + offset) // ROW_HEIGHT)
        last = min(self._model.rowCount() - 1, (area.bottom() + offset) // ROW_HEIGHT)
        current = self._selection.current
        rows = []
        for number in range(first, last + 1):
            cue = self._model.cue(number)
            top = number * ROW_HEIGHT - offset
            rows.append(Row(number + 1, top, cue, cue.id in self._selected, cue.id == current))
        spans = {
            column: Span(self.columnViewportPosition(column), self.columnWidth(column))
            for column in range(len(Column))
            if not self.isColumnHidden(column)
        }
        self._painter.paint(painter, area, rows, spans, self._model.sync, focused=self.hasFocus())

    def _paint_empty(self, painter: QPainter) -> None:
        room = self.viewport().rect()
        upper = QRect(room.left(), room.center().y() - 24, room.width(), 24)
        painter.setFont(self._painter.font)
        painter.setPen(self._theme.text)
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, "No cues yet")
        painter.setPen(self._theme.muted)
        lower = upper.translated(0, 24)
        painter.drawText(
            lower, Qt.AlignmentFlag.AlignCenter, "Insert one with Alt+Ins, or open a file with Ctrl+O"
        )

    # Hearing of edits and of the sync

    def _show_hours(self, hours: bool) -> None:
        widest = WIDEST[Column.START] if hours else WITHOUT_HOURS
        if self._painter.time_offset < 0:
            widest = f"-{widest}"
        if widest != self._widest_time:
            self._widest_time, self._painter.hours = widest, hours
            width = self._painter.width_for(widest)
            for column in (Column.START, Column.END):
                self.setColumnWidth(column, width)
        self._painter.forget()

    def _document_changed(self, change: Change) -> None:
        if not self._painter.hours and any(
            part.after is not None and part.after.end + self._painter.time_offset >= HOUR_MS
            for part in change.edit.cue_changes
        ):
            self._show_hours(True)
        if not change.edit.structural:
            self._model.take(change)
            self._renew(change.edit.ids)
            self._selection.follow(change)
            return
        self._quiet = change.edit.origin in (Origin.REMOTE, Origin.DISK)
        try:
            anchors = self._anchors()
            self._model.take(change)
            self.updateGeometries()
            self._return_to(anchors)
            self._selection.follow(change)
            self._mirror()
            self.viewport().update()
        finally:
            self._quiet = False

    def _sync_changed(self, change: SyncChange) -> None:
        if change.cue_ids:
            self._renew(change.cue_ids)
        elif not change.keys:
            self.viewport().update()  # the link: badges say what it makes of their cues

    def _renew(self, ids: frozenset[int]) -> None:
        """Repaints those of the cues that can be seen: costs nothing for all the others."""
        visible = self.visible_rows()
        if len(ids) > len(visible):
            rows = [row for row in visible if self._model.cue(row).id in ids]
        else:
            rows = [row for row in map(self._model.row_of, ids) if row in visible]
        if rows:
            self._model.announce(min(rows), max(rows))

    def _anchors(self) -> list[tuple[int, int]]:
        """(cue id, y) of what is on screen, what matters most first."""
        offset = self.verticalScrollBar().value()
        seen = [(self._model.cue(row).id, row * ROW_HEIGHT - offset) for row in self.visible_rows()]
        current = self._selection.current
        return sorted(seen, key=lambda anchor: anchor[0] != current)

    def _return_to(self, anchors: list[tuple[int, int]]) -> None:
        """Scrolls so that the first anchor that is still there stands where it stood."""
        for cue_id, y in anchors:
            if (row := self._model.row_of(cue_id)) >= 0:
                self.verticalScrollBar().setValue(row * ROW_HEIGHT - y)
                return

    # Selection, both ways

    def _selection_changed(self, selection: Selection) -> None:
        self._selected = frozenset(selection.selected)
        if not self._hearing_qt and not self._model.taking:
            self._mirror()
            if selection.current is not None and not self._quiet:
                self.show_cue(selection.current)
        self.viewport().update()

    def _mirror(self) -> None:
        """Makes Qt's selection and current row those of the shared selection, where they are not."""
        selection, model = self._selection, self.selectionModel()
        self._selected = frozenset(selection.selected)
        if self._selected_in_qt() == selection.selected and self._current_in_qt() == selection.current:
            return
        rows = self._rows_of(selection.selected)
        wanted = QItemSelection()
        begin = 0
        for i in range(1, len(rows) + 1):
            if i == len(rows) or rows[i] != rows[i - 1] + 1:
                top = self._model.index(rows[begin], 0)
                wanted.select(top, self._model.index(rows[i - 1], len(Column) - 1))
                begin = i
        offset = self.verticalScrollBar().value()
        self._hearing_qt = True
        try:
            current = self._model.row_of(selection.current) if selection.current is not None else -1
            index = self._model.index(current, Column.TEXT) if current >= 0 else QModelIndex()
            model.setCurrentIndex(index, _Flag.NoUpdate)
            model.select(wanted, _Flag.ClearAndSelect)
        finally:
            self._hearing_qt = False
        if self._quiet:  # Qt scrolls to a new current row; for a colleague's edit nothing may move
            self.verticalScrollBar().setValue(offset)

    def _rows_of(self, ids: tuple[int, ...]) -> Sequence[int]:
        """The rows of cues, in order."""
        count = self._model.rowCount()
        if len(ids) == count and ids == tuple(self._model.ids(0, count - 1)):
            return range(count)  # all of them: nothing to look up
        return sorted(row for row in map(self._model.row_of, ids) if row >= 0)

    def _selected_in_qt(self) -> tuple[int, ...]:
        chosen = self.selectionModel().selection()
        parts = (chosen.at(i) for i in range(chosen.size()))
        ids: dict[int, None] = {}
        for top, bottom in sorted((part.top(), part.bottom()) for part in parts):
            ids.update(dict.fromkeys(self._model.ids(top, bottom)))
        return tuple(ids)

    def _current_in_qt(self) -> int | None:
        index = self.selectionModel().currentIndex()
        return self._model.cue(index.row()).id if index.isValid() else None

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self._qt_selection_changed()

    def _qt_selection_changed(self, *_: object) -> None:
        """A person chose rows: told to everyone. Qt selects first and moves its current row afterwards."""
        if self._hearing_qt or self._model.taking:
            return
        ids, current = self._selected_in_qt(), self._current_in_qt()
        if not ids and current is None:
            return
        if not ids:
            ids = (current,) if current is not None else ()
        elif current not in set(ids):
            current = ids[0]
        self._hearing_qt = True
        try:
            self._selection.select(ids, current)
        finally:
            self._hearing_qt = False

    # Keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the editor, Home and End (also with Ctrl, as in a text) to the first and last cue;
        Space is left to the player."""
        key, keys = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        plain = keys == Qt.KeyboardModifier.NoModifier
        if plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._selection.current is not None:
                self.edit_requested.emit()
            return
        if key == Qt.Key.Key_Space:
            event.ignore()
            return
        far = key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._model.rowCount()
        if far and (plain or keys == Qt.KeyboardModifier.ControlModifier):
            last = self._model.rowCount() - 1
            self._selection.select_one(self._model.cue(0 if key == Qt.Key.Key_Home else last).id)
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Nothing: a letter would make Qt look through every row; finding has its own bar."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.play_requested.emit(self._model.cue(index.row()).id)
            return
        super().mouseDoubleClickEvent(event)
