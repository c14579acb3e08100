"""What the server refused, as rows in the order of the document. A change costs what it changed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.reading import spoken_text
from vtt_desktop.domain.timecode import format_time
from vtt_desktop.sync.refusals import cue_of, place_of, removed_of, why_of
from vtt_desktop.sync.segment import Phase, Segment
from vtt_desktop.ui.ports import Session

_Index = QModelIndex | QPersistentModelIndex
CUE, TIME, TEXT, WHY = range(4)
_ACCESSIBLE: Final = Qt.ItemDataRole.AccessibleTextRole.value
_ROLES: Final = (Qt.ItemDataRole.DisplayRole.value, Qt.ItemDataRole.ToolTipRole.value, _ACCESSIBLE)
TITLES: Final = ("Cue", "In-time", "Text", "What the server says")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A segment that the server does not take. `cue_id` 0: none of its cues is there, or it is the header.
    `removed`: what is not there any more and could be put back."""

    cue_id: int
    cells: tuple[str, str, str, str]
    removed: tuple[Cue, ...] = ()


_NONE = Refusal(0, ("", "", "", ""))


def refused_cues(session: Session) -> list[int]:
    """The first cue of each segment that was refused, where it is there; in the order of the document."""
    cues = session.document.snapshot.cues
    segments = session.sync.segments.values()
    found = (cue_of(segment, cues) for segment in segments if segment.phase is Phase.REFUSED)
    return sorted((cue.id for cue in found if cue is not None and cues.has(cue.id)), key=cues.index_of)


class RefusedModel(QAbstractTableModel):
    """Rows are made when they are looked at: a report on 10,000 cues is there at once. `time_offset` (ms) is
    added to the times of cues."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._keys: list[str] = []
        self._listed: set[str] = set()
        self.time_offset = 0
        self._last: tuple[tuple[Segment | None, CueList | None, int], Refusal] = ((None, None, 0), _NONE)

    def show(self, session: Session) -> None:
        """Everything anew; also after cues have moved."""
        self.beginResetModel()
        self._session = session
        refused = (key for key, one in session.sync.segments.items() if one.phase is Phase.REFUSED)
        self._keys = sorted(refused, key=self._place)
        self._listed = set(self._keys)
        self.endResetModel()

    def take(self, keys: Iterable[str]) -> None:
        """Something changed in the sync of these segments. It may be all that are listed."""
        again: set[str] = set()
        for key in keys:
            segment = self._session.sync.segment(key)
            refused = segment is not None and segment.phase is Phase.REFUSED
            if refused and key not in self._listed:
                row = bisect_left(self._keys, self._place(key), key=self._place)
                self.beginInsertRows(QModelIndex(), row, row)
                self._keys.insert(row, key)
                self._listed.add(key)
                self.endInsertRows()
            elif refused:
                again.add(key)
            elif key in self._listed:
                row = self._keys.index(key)
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._keys[row]
                self._listed.discard(key)
                self.endRemoveRows()
        if again:
            rows = [row for row, key in enumerate(self._keys) if key in again]
            self.dataChanged.emit(self.index(rows[0], 0), self.index(rows[-1], WHY))

    def refusal(self, index: _Index) -> Refusal | None:
        """What a row tells."""
        if not index.isValid() or index.row() >= len(self._keys):
            return None
        return self._refusal(self._keys[index.row()])

    def report(self) -> str:
        """All of it as lines, the cells parted by tabs."""
        rows = [TITLES, *(self._refusal(key).cells for key in self._keys)]
        return "".join("\t".join(cells) + "\n" for cells in rows)

    def _place(self, key: str) -> tuple[int, str]:
        segment = self._session.sync.segment(key)
        return place_of(segment, self._session.document.snapshot.cues) if segment is not None else (-1, key)

    def _refusal(self, key: str) -> Refusal:
        """Kept until another is asked for: each cell of a row asks."""
        segment, cues = self._session.sync.segment(key), self._session.document.snapshot.cues
        of, found = self._last
        if of[0] is segment and of[1] is cues and of[2] == self.time_offset:
            return found
        found = self._made(segment, cues)
        self._last = ((segment, cues, self.time_offset), found)
        return found

    def _made(self, segment: Segment | None, cues: CueList) -> Refusal:
        why = why_of(segment) if segment is not None else ""
        cue = cue_of(segment, cues) if segment is not None else None
        if cue is None:
            return Refusal(0, ("", "", "the header", why))
        there = cues.has(cue.id)
        number = str(cues.index_of(cue.id) + 1) if there else "removed"
        text = spoken_text(cue.text).replace("\n", " ⏎ ")
        when = format_time(cue.start + self.time_offset)
        removed = removed_of(segment, cues) if segment is not None else ()
        return Refusal(cue.id if there else 0, (number, when, text or "no text", why), removed)

    # What Qt asks

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self._keys)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return len(TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return TITLES[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in _ROLES or (found := self.refusal(index)) is None:
            return None
        return f"Cue {', '.join(found.cells)}" if role == _ACCESSIBLE else found.cells[index.column()]
