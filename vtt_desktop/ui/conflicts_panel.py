"""What waits for a person: one entry a conflict, with mine and theirs, decided here or opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os.path import commonprefix
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Change
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.reading import spoken_text
from vtt_desktop.domain.timecode import format_time
from vtt_desktop.sync.body import Conflict, ConflictKind
from vtt_desktop.sync.state import SyncChange
from vtt_desktop.ui.dialogs.conflict_fields import shown
from vtt_desktop.ui.dialogs.conflict_words import WORDINGS, field_name
from vtt_desktop.ui.icons import pixmap
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.theme import UNIT, Theme, font

_Index = QModelIndex | QPersistentModelIndex
_ICON = 16
_BEFORE = 16  # characters that are shown before the first difference of a long text
_SIDES = 52  # px: room for the words Mine and Theirs


class ConflictsPanel(QWidget):
    """Lists `session.sync`'s conflicts. A change of the sync costs what it changed, not what there is."""

    open_requested = Signal(int)
    """The person wants to see the conflict on the cue with this id (0: the header) side by side."""
    refused = Signal(str)
    """A choice could not be made, in one sentence."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Conflicts")
        self._model = _Conflicts(self)
        self._lines = _Lines(theme, self)
        self._empty = QLabel("No conflicts.")
        self._empty.setProperty("role", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._list = QListView()
        self._list.setModel(self._model)
        self._list.setItemDelegate(self._lines)
        self._list.setUniformItemSizes(True)
        self._list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._list.setAccessibleName("Conflicts")
        self._list.doubleClicked.connect(lambda _: self._open())
        self._list.selectionModel().currentChanged.connect(lambda *_: self._show_buttons())
        self._buttons = QHBoxLayout()
        self._buttons.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, 2 * UNIT)
        self._buttons.setSpacing(2 * UNIT)
        self._open_button = self._button("Open…", "See all versions side by side (Enter)", self._open)
        self._buttons.addStretch(1)
        self._mine_button = self._button("Mine", "", lambda: self._decide(mine=True))
        self._theirs_button = self._button("Theirs", "", lambda: self._decide(mine=False))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._empty, 1)
        column.addWidget(self._list, 1)
        column.addLayout(self._buttons)
        self._disconnect: list[Callable[[], None]] = []
        self.set_session(session)

    def set_time_offset(self, ms: int) -> None:
        """What is added to the times of cues."""
        self._model.time_offset = ms
        self._list.viewport().update()

    def set_session(self, session: Session) -> None:
        """Lists another session's conflicts."""
        for disconnect in self._disconnect:
            disconnect()
        self._session = session
        self._disconnect = [
            session.sync.changed.connect(self._synced),
            session.document.changed.connect(self._edited),
        ]
        self._by_key = {key: s.conflicts for key, s in session.sync.segments.items() if s.conflicts}
        self._fill()

    def set_theme(self, theme: Theme) -> None:
        self._lines.theme = theme
        self._list.viewport().update()

    @property
    def count(self) -> int:
        """How many conflicts wait."""
        return self._model.rowCount()

    # What is heard

    def _synced(self, change: SyncChange) -> None:
        touched = False
        for key in change.keys:
            segment = self._session.sync.segment(key)
            found = segment.conflicts if segment is not None else ()
            if found != self._by_key.get(key, ()):
                touched = True
                if found:
                    self._by_key[key] = found
                else:
                    del self._by_key[key]
        if touched:
            self._fill()

    def _edited(self, change: Change) -> None:
        if self._by_key and change.edit.structural:
            self._fill()  # numbers have moved

    def _fill(self) -> None:
        """Shows what there is. The current entry stays current, or hands over to the one in its place."""
        before, row = self._current(), self._list.currentIndex().row()
        found = [conflict for every in self._by_key.values() for conflict in every]
        self._model.show(found, [self._number(conflict) for conflict in found])
        ids = [conflict.id for conflict in found]
        if before is not None and before.id in ids:
            row = ids.index(before.id)
        if found:
            self._list.setCurrentIndex(self._model.index(max(0, min(row, len(found) - 1))))
        self._empty.setVisible(not found)
        self._list.setVisible(bool(found))
        self._show_buttons()

    def _number(self, conflict: Conflict) -> int | None:
        cues = self._session.document.snapshot.cues
        return cues.index_of(conflict.id) + 1 if cues.has(conflict.id) else None

    # What the person does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current() is not None:
            self._open()
        else:
            super().keyPressEvent(event)

    def _current(self) -> Conflict | None:
        return self._model.conflict(self._list.currentIndex())

    def _open(self) -> None:
        conflict = self._current()
        if conflict is not None:
            self.open_requested.emit(conflict.id)

    def _decide(self, *, mine: bool) -> None:
        conflict = self._current()
        if conflict is None:
            return
        try:
            if conflict.kind is ConflictKind.HEAD:
                self._session.resolve_head(mine)
            else:
                self._session.resolve(conflict.id, conflict.keep_mine if mine else conflict.take_theirs)
        except UserError as error:
            self.refused.emit(str(error))

    def _show_buttons(self) -> None:
        conflict = self._current()
        for button in (self._open_button, self._mine_button, self._theirs_button):
            button.setVisible(conflict is not None)
        if conflict is not None:
            words = WORDINGS[conflict.kind]
            for button, meaning in ((self._mine_button, words.mine), (self._theirs_button, words.theirs)):
                button.setToolTip(f"{meaning} for the conflict selected above")
                button.setAccessibleDescription(meaning)

    def _button(self, text: str, tip: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.setAccessibleName(text.rstrip("…"))
        button.clicked.connect(lambda: run())
        self._buttons.addWidget(button)
        return button


class _Conflicts(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._found: Sequence[Conflict] = ()
        self._numbers: Sequence[int | None] = ()
        self.time_offset = 0

    def show(self, found: Sequence[Conflict], numbers: Sequence[int | None]) -> None:
        self.beginResetModel()
        self._found, self._numbers = found, numbers
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self._found)

    def conflict(self, index: _Index) -> Conflict | None:
        return self._found[index.row()] if index.isValid() and index.row() < len(self._found) else None

    def lines(self, index: _Index) -> tuple[str, str, str]:
        """Heading, mine and theirs, each one line."""
        conflict = self._found[index.row()]
        words = WORDINGS[conflict.kind].short
        if conflict.kind is ConflictKind.HEAD:
            return f"Header · {words}", "your STYLE, REGION and header lines", "those of the other side"
        number = self._numbers[index.row()]
        cue = conflict.mine or conflict.theirs or conflict.base
        when = f"{format_time(cue.start + self.time_offset, hours=False)} · " if cue is not None else ""
        name = f"Cue {number} · " if number is not None else ""
        return f"{name}{when}{words}", _line(conflict, conflict.mine), _line(conflict, conflict.theirs)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.lines(index)[0]
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            heading, mine, theirs = self.lines(index)
            return f"{heading}\nMine: {mine}\nTheirs: {theirs}"
        return None


class _Lines(QStyledItemDelegate):
    """Paints an entry: a heading, and below it both sides, one line each."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self._strong, self._plain = font(), font()
        self._strong.setWeight(self._strong.Weight.DemiBold)
        self._plain.setPixelSize(12)
        self._metrics = QFontMetrics(self._plain)
        self._row = self._metrics.height() + 2

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(200, QFontMetrics(self._strong).height() + 2 * self._row + 4 * UNIT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        assert isinstance(model, _Conflicts)
        heading, mine, theirs = model.lines(index)
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        theme = self.theme
        painter.save()
        painter.fillRect(rect, theme.selection if chosen else theme.base)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.border)
        scale = painter.device().devicePixelRatioF()
        left, top = rect.left() + 2 * UNIT, rect.top() + 2 * UNIT
        painter.drawPixmap(QPoint(left, top), pixmap("badge-conflict", theme.warn, _ICON, scale))
        left += _ICON + 2 * UNIT
        strong = QFontMetrics(self._strong)
        painter.setFont(self._strong)
        painter.setPen(theme.selection_text if chosen else theme.text)
        room = rect.right() - left - 2 * UNIT
        painter.drawText(left, top + strong.ascent(), _fit(strong, heading, room))
        painter.setFont(self._plain)
        base = top + strong.height() + 2 + self._metrics.ascent()
        if max(self._metrics.horizontalAdvance(side) for side in (mine, theirs)) > room - _SIDES:
            mine, theirs = from_difference(mine, theirs)
        for side, text in (("Mine", mine), ("Theirs", theirs)):
            painter.setPen(theme.selection_text if chosen else theme.muted)
            painter.drawText(left, base, side)
            painter.setPen(theme.selection_text if chosen else theme.text)
            painter.drawText(left + _SIDES, base, _fit(self._metrics, text, room - _SIDES))
            base += self._row
        painter.restore()


def _fit(metrics: QFontMetrics, text: str, room: int) -> str:
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, room))


def from_difference(mine: str, theirs: str) -> tuple[str, str]:
    """Both from where they differ, with a few words before it: where there is no room for all."""
    alike = len(commonprefix((mine, theirs)))
    begin = mine.rfind(" ", 0, max(0, alike - _BEFORE)) + 1
    return (f"…{mine[begin:]}", f"…{theirs[begin:]}") if begin else (mine, theirs)


def _line(conflict: Conflict, cue: Cue | None) -> str:
    """One side in one line: its text, or where that is not what they differ in, the fields that are."""
    if cue is None:
        return "removed"
    names = [found.field for found in conflict.fields]
    if names and "text" not in names:
        return ", ".join(f"{field_name(name)} {shown(name, cue) or 'none'}" for name in names)
    return spoken_text(cue.text).replace("\n", " ⏎ ")[:200] or "no text"
