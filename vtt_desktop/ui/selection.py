"""Which cues are selected and which one is current: one object, shared by table, editor and timeline."""

from __future__ import annotations

from collections.abc import Iterable

from vtt_desktop.domain.document import Change, Snapshot
from vtt_desktop.domain.observe import Signal


class Selection:
    """Cue ids, never rows: an insert above moves nothing here.

    `changed` is told with this object when `current` or `selected` are others than before, and only then.
    An id may outlive its cue for the length of one announcement: look cues up with `cues.get`.
    """

    def __init__(self) -> None:
        self.changed: Signal[Selection] = Signal()
        self._current: int | None = None
        self._selected: tuple[int, ...] = ()

    @property
    def current(self) -> int | None:
        """The cue that the editor shows, or None."""
        return self._current

    @property
    def selected(self) -> tuple[int, ...]:
        """Ids of all selected cues, in file order when the table made the selection."""
        return self._selected

    def select(self, ids: Iterable[int], current: int | None = None) -> None:
        """Selects these cues. `current` is one of them, or the first of them when not given."""
        selected = tuple(dict.fromkeys(ids))
        if current is None and selected:
            current = selected[0]
        if (current, selected) != (self._current, self._selected):
            self._current, self._selected = current, selected
            self.changed.emit(self)

    def select_one(self, cue_id: int) -> None:
        """Makes one cue current and the only selected one."""
        self.select((cue_id,), cue_id)

    def clear(self) -> None:
        """Nothing is selected: there is no cue, or another document has come."""
        self.select(())

    def follow(self, change: Change) -> None:
        """Lets go of cues that a change removed; a removed current cue hands over to the one in its place.

        The cue table calls this once its rows are up to date, so that nobody else has to.
        """
        if not change.edit.structural:
            return
        cues = change.new.cues
        current = self._current
        if current is not None and not cues.has(current):
            current = _heir(change.old, change.new, current)
        kept = tuple(cue_id for cue_id in self._selected if cues.has(cue_id))
        if not kept and current is not None:
            kept = (current,)
        self.select(kept, current)


def _heir(old: Snapshot, new: Snapshot, gone: int) -> int | None:
    """The nearest cue behind `gone` that is still there, else the nearest before it, else None."""
    if not len(new.cues) or not old.cues.has(gone):
        return None
    at = old.cues.index_of(gone)
    places = (*range(at + 1, len(old.cues)), *range(at - 1, -1, -1))
    return next((old.cues[i].id for i in places if new.cues.has(old.cues[i].id)), new.cues[0].id)
