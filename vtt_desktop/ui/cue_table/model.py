"""Qt's view of the snapshot: no copies, rows looked up when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Change, Snapshot, applied
from vtt_desktop.domain.edit import CueChange, Edit
from vtt_desktop.sync.phase import Badges
from vtt_desktop.ui.cue_table.columns import HINTS, TITLES, Column, cell_text
from vtt_desktop.ui.cue_table.words import sync_words

if TYPE_CHECKING:
    from vtt_desktop.sync.presence import Colleague

STEPS_MAX: Final = 64
"""Rows that come or go one by one; more than that are one reset, which is cheaper for Qt."""

_FEW: Final = 500
"""Rows up to which looking each up beats walking there from the first."""

_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_ROOT: Final = QModelIndex()

Index = QModelIndex | QPersistentModelIndex


class CueModel(QAbstractTableModel):
    """The cues of one snapshot as rows. `take` brings the next snapshot."""

    def __init__(self, snapshot: Snapshot, sync: Badges, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._snapshot = snapshot
        self._sync = sync
        self._taking = False
        self.people: Callable[[int], tuple[Colleague, ...]] = lambda _cue_id: ()
        """Who else is on a cue."""
        self.time_offset = 0
        """ms that are added to the times of cues for those shown; `announce` after setting it."""

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    @property
    def sync(self) -> Badges:
        return self._sync

    @property
    def taking(self) -> bool:
        """Rows come and go at this moment: what Qt makes of its selection is not a person's doing."""
        return self._taking

    def show_other(self, snapshot: Snapshot, sync: Badges) -> None:
        """Another document."""
        self._taking = True
        self.beginResetModel()
        self._snapshot, self._sync = snapshot, sync
        self.endResetModel()
        self._taking = False

    def take(self, change: Change) -> bool:
        """The snapshot after a change. Returns whether all rows were reset, so that Qt forgot its selection.

        Cells that changed are not announced here: the view does it for the rows that can be seen.
        """
        if not change.edit.structural:
            self._snapshot = change.new
            return False
        self._taking = True
        try:
            if len(change.edit.changes) > STEPS_MAX:
                self.beginResetModel()
                self._snapshot = change.new
                self.endResetModel()
                return True
            for part in change.edit.changes:
                self._step(part if isinstance(part, CueChange) else None, Edit("", (part,)))
            self._snapshot = change.new
            return False
        finally:
            self._taking = False

    def _step(self, part: CueChange | None, edit: Edit) -> None:
        after = applied(self._snapshot, edit)
        if part is None or (part.before is not None and part.after is not None):
            self._snapshot = after
        elif part.before is None:
            row = after.cues.index_of(part.id)
            self.beginInsertRows(QModelIndex(), row, row)
            self._snapshot = after
            self.endInsertRows()
        else:
            row = self._snapshot.cues.index_of(part.id)
            self.beginRemoveRows(QModelIndex(), row, row)
            self._snapshot = after
            self.endRemoveRows()

    def announce(self, first: int, last: int) -> None:
        """These rows say something else now."""
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(Column) - 1))

    def cue(self, row: int) -> Cue:
        return self._snapshot.cues[row]

    def ids(self, first: int, last: int) -> Iterable[int]:
        """Ids of the cues in these rows."""
        if last - first < _FEW:
            return [self.cue(row).id for row in range(first, last + 1)]
        return self._snapshot.cues.ids[first : last + 1]

    def row_of(self, cue_id: int) -> int:
        """The row of a cue, or -1."""
        cues = self._snapshot.cues
        return cues.index_of(cue_id) if cues.has(cue_id) else -1

    # What Qt asks

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._snapshot.cues)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = index.row(), index.column()
        if not 0 <= row < len(self._snapshot.cues):
            return None
        cue = self._snapshot.cues[row]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(column, cue, row, self.time_offset)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            here = f", {people}" if (people := self._people_words(cue.id)) else ""
            if column == Column.SYNC:
                return f"{sync_words(self._sync, cue.id) or 'Local'}{here}"
            return cell_text(column, cue, row, self.time_offset)
        if role == Qt.ItemDataRole.ToolTipRole:
            words = cue.text if column == Column.TEXT else sync_words(self._sync, cue.id)
            return "\n".join(line for line in (words, self._people_words(cue.id)) if line) or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if column == Column.TEXT else _RIGHT
        return None

    def _people_words(self, cue_id: int) -> str:
        people = self.people(cue_id)
        return f"{' and '.join(one.title for one in people)} on this cue" if people else ""

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        column = Column(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return TITLES[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return HINTS[column]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return TITLES[column] or "Sync"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if column == Column.TEXT else _RIGHT
        return None
