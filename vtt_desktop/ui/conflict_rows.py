"""How conflicts stand in a list: what each entry says in three lines, and how it is painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os.path import commonprefix
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.reading import spoken_text
from vtt_desktop.domain.timecode import format_time
from vtt_desktop.sync.body import Conflict, ConflictKind
from vtt_desktop.ui.dialogs.conflict_fields import shown
from vtt_desktop.ui.dialogs.conflict_words import WORDINGS, field_name
from vtt_desktop.ui.icons import pixmap
from vtt_desktop.ui.theme import UNIT, Theme, font

_Index = QModelIndex | QPersistentModelIndex
_ICON = 16
_BEFORE = 16  # characters that are shown before the first difference of a long text
_MARGIN = UNIT  # px: above and below the lines of an entry
_SIDES = 52  # px: room for the words Mine and Theirs


class ConflictRows(QAbstractListModel):
    """One row a conflict, with the `number` that its cue has now: asked for by those that are seen."""

    def __init__(self, parent: QWidget, number: Callable[[Conflict], int | None]) -> None:
        super().__init__(parent)
        self._number = number
        self.found: Sequence[Conflict] = ()
        self.time_offset = 0
        """ms that are added to the times of cues for those seen."""

    def show(self, found: Sequence[Conflict]) -> None:
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self.found)

    def conflict(self, index: _Index) -> Conflict | None:
        return self.found[index.row()] if index.isValid() and index.row() < len(self.found) else None

    def index_of(self, cue_id: int | None) -> QModelIndex:
        """Where the conflict on that cue stands (0: the header); no index where there is none."""
        row = next((at for at, conflict in enumerate(self.found) if conflict.id == cue_id), -1)
        return self.index(row) if row >= 0 else QModelIndex()

    def lines(self, index: _Index) -> tuple[str, str, str]:
        """Heading, mine and theirs, each one line."""
        conflict = self.found[index.row()]
        words = WORDINGS[conflict.kind].short
        if conflict.kind is ConflictKind.HEAD:
            return f"Header · {words}", "your STYLE, REGION and header lines", "those of the other side"
        number = self._number(conflict)
        cue = conflict.mine or conflict.theirs or conflict.base
        when = f"{format_time(cue.start + self.time_offset, hours=False)} · " if cue is not None else ""
        name = f"Cue {number} · " if number is not None else ""
        sides = [_line(conflict, cue, self.time_offset) for cue in (conflict.mine, conflict.theirs)]
        return f"{name}{when}{words}", sides[0], sides[1]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.lines(index)[0]
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            heading, mine, theirs = self.lines(index)
            return f"{heading}\nMine: {mine}\nTheirs: {theirs}"
        return None


class ConflictPainting(QStyledItemDelegate):
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
        return QSize(200, QFontMetrics(self._strong).height() + 2 * self._row + 2 * _MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        assert isinstance(model, ConflictRows)
        heading, mine, theirs = model.lines(index)
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        theme = self.theme
        painter.save()
        painter.fillRect(rect, theme.selection if chosen else theme.base)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.border)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.accent, 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -2))
        scale = painter.device().devicePixelRatioF()
        left, top = rect.left() + 2 * UNIT, rect.top() + _MARGIN
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


def _line(conflict: Conflict, cue: Cue | None, time_offset: int) -> str:
    """One side in one line: its text, or where that is not what they differ in, the fields that are."""
    if cue is None:
        return "removed"
    names = [found.field for found in conflict.fields]
    if names and "text" not in names:
        return ", ".join(f"{field_name(name)} {shown(name, cue, time_offset) or 'none'}" for name in names)
    return spoken_text(cue.text).replace("\n", " ⏎ ")[:200] or "no text"
