"""The lines of the sync log as rows, the newest on top. A new line costs one row, whatever there is."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QDateTime,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.sync_log import LogKind, LogLine, Told, named
from vtt_desktop.ui.icons import icon
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_ICONS: Final = {
    LogKind.SENT: ("badge-sending", "muted"),
    LogKind.TAKEN: ("server", "muted"),
    LogKind.MERGED: ("merge", "accent"),
    LogKind.DECIDED: ("badge-conflict", "warn"),
    LogKind.REFUSED: ("badge-refused", "bad"),
    LogKind.NOTE: ("badge-unknown", "muted"),
}
TIME, CUE, WHAT, TAG = range(4)
_TITLES = ("When", "Cue", "What", "Version")
_DISPLAY, _ICON, _COLOR, _TIP, _ACCESSIBLE = _ROLES = (
    Qt.ItemDataRole.DisplayRole.value,
    Qt.ItemDataRole.DecorationRole.value,
    Qt.ItemDataRole.ForegroundRole.value,
    Qt.ItemDataRole.ToolTipRole.value,
    Qt.ItemDataRole.AccessibleTextRole.value,
)
"""As numbers: each cell is asked for several roles at each paint, most of which it has nothing for."""


class SyncLogModel(QAbstractTableModel):
    """`only_back` shows only lines that something can be put back from."""

    def __init__(self, session: Session, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
        self._lines: list[LogLine] = []  # oldest first: a new one is cheap
        self._only_back = False

    def show(self, session: Session, *, only_back: bool) -> None:
        """Everything anew."""
        self.beginResetModel()
        self._session, self._only_back = session, only_back
        self._lines = [line for line in session.sync.log if self._wanted(line)]
        self.endResetModel()

    def add(self, told: Told) -> None:
        """A line came; and one may have gone for it."""
        if told.dropped:
            for at, line in enumerate(self._lines):
                if line.number >= told.dropped:
                    if line.number == told.dropped:
                        row = len(self._lines) - 1 - at
                        self.beginRemoveRows(QModelIndex(), row, row)
                        del self._lines[at]
                        self.endRemoveRows()
                    break
        if self._wanted(told.line):
            self.beginInsertRows(QModelIndex(), 0, 0)
            self._lines.append(told.line)
            self.endInsertRows()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme

    def line(self, index: _Index) -> LogLine | None:
        """The line of a row."""
        return self._lines[-1 - index.row()] if index.isValid() and index.row() < len(self._lines) else None

    def _wanted(self, line: LogLine) -> bool:
        return line.replaced is not None or not self._only_back

    # What Qt asks

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return len(_TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return _TITLES[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in _ROLES or (line := self.line(index)) is None:
            return None
        column = index.column()
        if role in (_DISPLAY, _TIP):
            return self._cell(line, column, whole=role == _TIP)
        if role == _ICON and column == WHAT:
            name, color = _ICONS[line.kind]
            return icon(name, getattr(self._theme, color))
        if role == _COLOR and column in (TIME, TAG):
            return self._theme.muted
        if role == _ACCESSIBLE:
            cue = self.cue_words(line)
            return (
                f"{when(line)}, {f'cue {cue}' if cue.isdigit() else cue or 'the project'}: {self.what(line)}"
            )
        return None

    def _cell(self, line: LogLine, column: int, *, whole: bool) -> str:
        if column == TIME:
            return when(line, whole=whole)
        if column == CUE:
            return self.cue_words(line)
        return self.what(line) if column == WHAT else line.etag or ("no version" if whole else "")

    def whole_words(self, line: LogLine) -> str:
        """All that the line says, also what its row has no room for: when, which cue, the tag."""
        cue = self.cue_words(line)
        where = f"Cue {cue}" if cue.isdigit() else cue and "A cue that is gone"
        first = ", ".join(part for part in (when(line, whole=True), where) if part)
        tag = f"Version {line.etag}" if line.etag else ""
        return "\n".join(part for part in (first, self.what(line), tag) if part)

    def what(self, line: LogLine) -> str:
        """What happened; of a cue that is gone, and so has no number, also which one it was."""
        sides = (line.replaced.before, line.replaced.after) if line.replaced is not None else ()
        cue = next((side for side in sides if isinstance(side, Cue)), None)
        if cue is None or self._session.document.snapshot.cues.has(cue.id) or named(cue) in line.words:
            return line.words
        return f"{line.words} ({named(cue)})"

    def cue_words(self, line: LogLine) -> str:
        """The cue's number as it is now; “gone” where it is not there any more."""
        if not line.cue_id:
            return ""
        cues = self._session.document.snapshot.cues
        return str(cues.index_of(line.cue_id) + 1) if cues.has(line.cue_id) else "gone"


def when(line: LogLine, *, whole: bool = False) -> str:
    """The line's time on this machine's clock; nothing where it is not known."""
    if not line.at:
        return ""
    at = QDateTime.fromMSecsSinceEpoch(round(line.at * 1000))
    if whole:
        return QLocale().toString(at, QLocale.FormatType.LongFormat)
    if at.date() == QDateTime.currentDateTime().date():
        return at.toString("HH:mm:ss")
    return at.toString("d MMM HH:mm")


def now_of(session: Session, line: LogLine) -> Any:
    """What the line's cue, or the head, says now."""
    replaced = line.replaced
    if replaced is None:
        return None
    sides = (replaced.before, replaced.after)
    cue = next((side for side in sides if isinstance(side, Cue)), None)
    snapshot = session.document.snapshot
    return snapshot.cues.get(cue.id) if cue is not None else snapshot.head
