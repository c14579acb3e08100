"""What is wrong with the document: one entry a problem, in the rule's words, with where it is written."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Change
from vtt_desktop.domain.problem import Problem, Severity
from vtt_desktop.ui.authoring import Problems, ProblemsChange
from vtt_desktop.ui.icons import icon, pixmap
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import UNIT, Theme, font

_Index = QModelIndex | QPersistentModelIndex
_ICON = 16
_STEPS = 64  # rows that come or go one by one; more are a reset


class ProblemsPanel(QWidget):
    """Lists `problems`. An entry that is chosen makes its cue current; nothing here edits."""

    closed = Signal()
    """The person does not want to see the list."""
    edit_requested = Signal()
    """Enter: the person wants to type in the cue."""

    def __init__(
        self,
        session: Session,
        selection: Selection,
        problems: Problems,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._selection, self._problems = session, selection, problems
        self._theme = theme
        self.setAccessibleName("Problems")
        self.setMinimumHeight(64)  # its bar and an entry: a conflict beside it shall not make the window grow
        self._model = _Rows(session.document.snapshot.cues, self)
        self._lines = _Lines(theme, self)
        self._title = QLabel()
        self._close = QToolButton()
        self._close.setAccessibleName("Hide the problems")
        self._close.setToolTip("Hide the problems")
        self._close.clicked.connect(lambda: self.closed.emit())
        self._empty = QLabel()
        self._empty.setProperty("role", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._list = _List(self._model, self._lines)
        self._list.entered_key.connect(lambda: self.edit_requested.emit())
        self._list.clicked.connect(lambda index: self._choose(index))
        self._list.selectionModel().currentChanged.connect(lambda index, _old: self._moved(index))
        head = QHBoxLayout()
        head.setContentsMargins(2 * UNIT, UNIT, UNIT, UNIT)
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._empty, 1)
        column.addWidget(self._list, 1)
        self._disconnect: list[Callable[[], None]] = []
        problems.changed.connect(self._heard)
        self.set_theme(theme)
        self.set_session(session)

    def set_session(self, session: Session) -> None:
        """Another document; `problems` tells what is wrong with it."""
        for disconnect in self._disconnect:
            disconnect()
        self._session = session
        self._disconnect = [session.document.changed.connect(self._edited)]
        self._model.show_all(session.document.snapshot.cues, self._problems.rows)
        self._show_count()

    def set_theme(self, theme: Theme) -> None:
        self._theme = self._lines.theme = theme
        self._close.setIcon(icon("close", theme.muted))
        self._list.viewport().update()

    @property
    def count(self) -> int:
        """How many problems are listed."""
        return self._model.rowCount()

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What each entry says, in two lines."""
        return [self._model.lines(row) for row in range(self.count)]

    @property
    def words(self) -> str:
        """What stands above the list, or in its place."""
        return self._title.text() if self.count else self._empty.text()

    def focus_list(self) -> None:
        """Gives the list the focus."""
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def step(self, *, backwards: bool = False) -> Problem | None:
        """Makes the next cue with a problem current, from the current cue on and round the end."""
        rows, cues = self._problems.rows, self._session.document.snapshot.cues
        current = self._selection.current
        here = cues.index_of(current) if current is not None and cues.has(current) else -1

        def place(problem: Problem) -> int:
            cue_id = problem.cue_id
            return cues.index_of(cue_id) if cue_id is not None and cues.has(cue_id) else -1

        first = bisect_right(rows, -1, key=place)  # behind those of the file
        if first == len(rows):
            return None
        if backwards:
            at = bisect_left(rows, here, key=place) - 1
            at = at if at >= first else len(rows) - 1
            at = bisect_left(rows, place(rows[at]), key=place)
        else:
            at = bisect_right(rows, here, key=place)
            at = at if at < len(rows) else first
        self._list.mark(at)
        self._select(rows[at])
        return rows[at]

    # What is heard

    def _heard(self, change: ProblemsChange) -> None:
        self._model.take(change, self._problems.rows)
        self._show_count()

    def _edited(self, change: Change) -> None:
        self._model.cues = change.new.cues
        if change.edit.structural:
            self._list.viewport().update()  # numbers have moved

    def _show_count(self) -> None:
        count = self.count
        looking = "Checking…" if self._problems.checking else ""
        self._title.setText(count_words(count) + (f" · {looking.lower()}" if looking else ""))
        self._empty.setText(looking or "No problems.")
        self._empty.setVisible(not count)
        self._list.setVisible(bool(count))

    # What the person does

    def _moved(self, index: QModelIndex) -> None:
        if self._list.hasFocus():  # a row that came or went under it is nobody's choice
            self._choose(index)

    def _choose(self, index: QModelIndex) -> None:
        if (problem := self._model.problem(index)) is not None:
            self._select(problem)

    def _select(self, problem: Problem) -> None:
        if problem.cue_id is not None and self._session.document.snapshot.cues.has(problem.cue_id):
            self._selection.select_one(problem.cue_id)


def count_words(count: int) -> str:
    """`1 problem`, `2,000 problems`, nothing for none."""
    return "" if not count else "1 problem" if count == 1 else f"{count:,} problems"


class _List(QTableView):
    """One column of rows of one height: what comes and goes among many thousand costs little."""

    entered_key = Signal()

    def __init__(self, model: _Rows, lines: _Lines) -> None:
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


class _Rows(QAbstractListModel):
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


class _Lines(QStyledItemDelegate):
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
        assert isinstance(model, _Rows)
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
