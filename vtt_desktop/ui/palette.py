"""The command palette: every command by a few letters of its name, with its key and why it cannot be used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from vtt_desktop.ui.commands import Command, Commands
from vtt_desktop.ui.icons import pixmap
from vtt_desktop.ui.theme import UNIT, Theme, mixed

ROW = 32
SHOWN = 10
_WIDTH = 620

Index = QModelIndex | QPersistentModelIndex


def score(wanted: str, text: str) -> int | None:
    """How well `text` answers the letters `wanted`, higher is better; None where they do not occur in order.

    The words' first letters, word starts and runs count; a short text beats a long one.
    """
    letters, rest = wanted.casefold().replace(" ", ""), text.casefold()
    if not letters:
        return 0
    if (whole := rest.find(wanted.casefold().strip())) >= 0:
        return 1000 - 2 * len(text) + (300 if whole == 0 or not rest[whole - 1].isalnum() else 0)
    if len(letters) > 1 and letters in "".join(word[0] for word in rest.split()):
        return 600 - len(text)
    total, at, before = 0, -1, -2
    for letter in letters:
        at = rest.find(letter, at + 1)
        if at < 0:
            return None
        total += 12 if at == before + 1 else 8 if at == 0 or not rest[at - 1].isalnum() else 0
        before = at
    return total - len(text)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the palette."""

    command: Command
    title: str
    place: str
    reason: str | None


def ranked(commands: Iterable[Command], wanted: str) -> list[Row]:
    """The commands that answer `wanted`, the best first; those that can be used before those that cannot."""
    found = []
    for order, command in enumerate(commands):
        title, place = command.plain_title, " ▸ ".join(command.menu)
        points = score(wanted, title)
        if points is None and (outer := score(wanted, f"{title} {place}")) is not None:
            points = outer - 200
        if points is not None:
            reason = command.disabled_reason()
            found.append(
                (points - (150 if reason and wanted else 0), -order, Row(command, title, place, reason))
            )
    found.sort(key=lambda entry: entry[:2], reverse=True)
    return [row for *_, row in found]


class _Rows(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []

    def show(self, rows: list[Row]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's signature
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(
                part for part in (row.title, row.command.all_shortcuts, row.reason or "") if part
            )
        return None


class _Painter(QStyledItemDelegate):
    def __init__(self, rows: _Rows, theme: Theme) -> None:
        super().__init__(rows)
        self._rows = rows
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(_WIDTH, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t, row = self.theme, self._rows.rows[index.row()]
        area: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        ground = t.selection if chosen else t.raised
        if chosen:
            painter.fillRect(area, ground)
        words = t.selection_text if chosen else t.text
        faint = mixed(words, ground, 0.72)
        if row.command.icon:
            scale = painter.device().devicePixelRatioF()
            colour = faint if row.reason else words
            painter.drawPixmap(area.left() + 12, area.top() + 8, pixmap(row.command.icon, colour, 16, scale))
        inner = area.adjusted(40, 0, -12, 0)
        right = row.reason or row.command.all_shortcuts or row.place
        measure = painter.fontMetrics()
        left_width = measure.horizontalAdvance(row.title)
        painter.setPen(faint if row.reason else words)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, row.title)
        room = inner.adjusted(left_width + 16, 0, 0, 0)
        painter.setPen(t.warn if row.reason and not chosen else faint)
        shown = measure.elidedText(right, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, shown)
        painter.restore()


class CommandPalette(QFrame):
    """A box over the window: type, choose with the arrows, Enter runs, Esc closes.

    A command that cannot be used now says why on its row, and stays unrun.
    """

    closed = Signal()

    def __init__(self, commands: Commands, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "palette")
        self._commands = commands
        self._over = parent
        self._back_to: QWidget | None = None
        self._box = QLineEdit()
        self._box.setPlaceholderText("Type a command…")
        self._box.setAccessibleName("Command")
        self._box.installEventFilter(self)
        self._box.textChanged.connect(self._look_up)
        self._rows = _Rows(self)
        self._painter = _Painter(self._rows, theme)
        self._list = QListView()
        self._list.setModel(self._rows)
        self._list.setItemDelegate(self._painter)
        self._list.setUniformItemSizes(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName("Commands")
        self._list.clicked.connect(lambda _index: self._run())
        self._none = QLabel("No command has these letters.")
        self._none.setProperty("role", "muted")
        self._none.setContentsMargins(3 * UNIT, 0, 0, UNIT)
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT, UNIT, UNIT, UNIT)
        column.setSpacing(UNIT)
        column.addWidget(self._box)
        column.addWidget(self._none)
        column.addWidget(self._list)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        self._painter.theme = theme

    @property
    def titles(self) -> list[str]:
        """What is listed now, the best first."""
        return [row.title for row in self._rows.rows]

    def open(self) -> None:
        """Shows it over the middle of the window's top, empty."""
        self._back_to = self.window().focusWidget()
        self._box.clear()
        self._look_up("")
        parent = self._over
        width = min(_WIDTH, parent.width() - 8 * UNIT)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((parent.width() - width) // 2, 16 * UNIT)
        self.show()
        self.raise_()
        self._box.setFocus()

    def close_palette(self) -> None:
        """Hides it and gives the focus back to where it was."""
        self.hide()
        if self._back_to is not None:
            self._back_to.setFocus()
        self._back_to = None
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.hide()  # somebody clicked elsewhere
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: SHOWN - 1,
            Qt.Key.Key_PageUp: 1 - SHOWN,
        }
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run()
        elif key == Qt.Key.Key_Escape:
            self.close_palette()
        elif key in steps:
            self._choose(self._list.currentIndex().row() + steps[Qt.Key(key)])
        else:
            return False
        return True

    def _look_up(self, wanted: str) -> None:
        self._rows.show(ranked(self._commands, wanted))
        self._none.setVisible(not self._rows.rows)
        self._list.setFixedHeight(ROW * min(SHOWN, len(self._rows.rows)) + UNIT)
        self.adjustSize()
        self._choose(0)

    def _choose(self, row: int) -> None:
        last = self._rows.rowCount() - 1
        if last >= 0:
            self._list.setCurrentIndex(self._rows.index(max(0, min(row, last)), 0))

    def _run(self) -> None:
        at = self._list.currentIndex().row()
        if not 0 <= at < self._rows.rowCount():
            return
        row = self._rows.rows[at]
        if row.reason is None:
            self.close_palette()
        self._commands.run(row.command.id)
