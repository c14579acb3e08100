"""The list of problems: rows of one height that come and go one by one, painted with sign and place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.problem import Problem, Severity
from vtt_desktop.ui.authoring import ProblemsChange
from vtt_desktop.ui.icons import pixmap
from vtt_desktop.ui.theme import UNIT, Theme, font

_Index = QModelIndex | QPersistentModelIndex
_ICON = 16
_STEPS = 64  # rows that come or go one by one; more are a reset


class ProblemList(QTableView):
    """One column of rows of one height: what comes and goes among many thousand costs little."""

    entered_key = Signal()

    def __init__(self, model: ProblemRows, lines: ProblemLines) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(lines)
        self.setAccessibleName("Problems")
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(lines.height)

    def mark(self, row: int) -> None:
        """Makes a row the current one and shows it."""
        self.setCurrentIndex(self.model().index(row, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_key.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Nothing: a letter would make Qt look through every row."""


class ProblemRows(QAbstractListModel):
    def __init__(self, cues: CueList, parent: QWidget) -> None:
        super().__init__(parent)
        self.cues = cues
        self._rows: list[Problem] = []

    def show_all(self, cues: CueList, rows: Sequence[Problem]) -> None:
        self.beginResetModel()
        self.cues, self._rows = cues, list(rows)
        self.endResetModel()

    def take(self, change: ProblemsChange, rows: Sequence[Problem]) -> None:
        at, gone, fresh = change.at, change.gone, len(change.fresh)
        if gone + fresh > _STEPS:
            if at == len(self._rows) and not gone:
                self.beginInsertRows(QModelIndex(), at, at + fresh - 1)
                self._rows += change.fresh
                self.endInsertRows()
                return
            self.show_all(self.cues, rows)
            return
        same = min(gone, fresh)  # an entry that says something else stays where it is, and stays chosen
        if same:
            self._rows[at : at + same] = change.fresh[:same]
            self.dataChanged.emit(self.index(at), self.index(at + same - 1))
        if gone > same:
            self.beginRemoveRows(QModelIndex(), at + same, at + gone - 1)
            del self._rows[at + same : at + gone]
            self.endRemoveRows()
        if fresh > same:
            self.beginInsertRows(QModelIndex(), at + same, at + fresh - 1)
            self._rows[at + same : at + same] = change.fresh[same:]
            self.endInsertRows()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def problem(self, index: _Index) -> Problem | None:
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def lines(self, row: int) -> tuple[str, str]:
        """What is wrong, and where: cue or line, section."""
        problem = self._rows[row]
        where = "File"
        if problem.cue_id is not None:
            known = self.cues.has(problem.cue_id)
            where = f"Cue {self.cues.index_of(problem.cue_id) + 1:,}" if known else "Cue"
        elif problem.line:
            where = f"Line {problem.line:,}"
        return problem.message, f"{where} · {problem.section}"

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        problem = self.problem(index)
        if problem is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return problem.message
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return "\n".join((*self.lines(index.row()), f"Rule: {problem.rule}"))
        return None


class ProblemLines(QStyledItemDelegate):
    """Paints an entry: its sign, what is wrong, and below it where."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self._font, self._small = font(), font()
        self._small.setPixelSize(12)
        self._metrics, self._small_metrics = QFontMetrics(self._font), QFontMetrics(self._small)
        self.height = self._metrics.height() + self._small_metrics.height() + 2 + 3 * UNIT

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        assert isinstance(model, ProblemRows)
        problem = model.problem(index)
        if problem is None:
            return
        said, where = model.lines(index.row())
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        theme = self.theme
        painter.save()
        painter.fillRect(rect, theme.selection if chosen else theme.base)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.border)
        left, top = rect.left() + 2 * UNIT, rect.top() + UNIT + 1
        error = problem.severity is Severity.ERROR
        sign = pixmap(
            "error" if error else "conflict",
            theme.bad if error else theme.warn,
            _ICON,
            painter.device().devicePixelRatioF(),
        )
        painter.drawPixmap(QPoint(left, top + 1), sign)
        left += _ICON + 2 * UNIT
        room = max(0, rect.right() - left - 2 * UNIT)
        for face, metrics, pen, words in (
            (self._font, self._metrics, theme.text, said),
            (self._small, self._small_metrics, theme.muted, where),
        ):
            painter.setFont(face)
            painter.setPen(theme.selection_text if chosen else pen)
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
            painter.drawText(left, top + metrics.ascent(), shown)
            top += metrics.height() + 2
        painter.restore()
