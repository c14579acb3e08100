"""In which order panel and dialog list conflicts and walk through them: that of the document."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from contextlib import suppress

from vtt_desktop.domain.document import Snapshot
from vtt_desktop.sync.body import Conflict, ConflictKind
from vtt_desktop.ui.dialogs.conflict_words import cue_name
from vtt_desktop.ui.ports import Session


def in_document_order(conflicts: Iterable[Conflict], snapshot: Snapshot) -> list[Conflict]:
    """The header's first; a cue that was removed here stands before the first one that begins no sooner."""
    cues = snapshot.cues

    def place(conflict: Conflict) -> tuple[int, int]:
        if conflict.kind is ConflictKind.HEAD:
            return (-1, 0)
        with suppress(KeyError):
            return (cues.index_of(conflict.id), 1)
        cue = conflict.base or conflict.theirs or conflict.mine
        return (bisect_left(cues, cue.start, key=lambda one: one.start) if cue is not None else 0, 0)

    return sorted(conflicts, key=place)


class ConflictQueue:
    """What is left to decide in the dialog, and in which order."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._decided: dict[int, Conflict] = {}
        self._as_of: tuple[Snapshot, int] | None = None
        self._waiting: list[Conflict] = []

    @property
    def waiting(self) -> list[Conflict]:
        """Not to be changed. Put into order once, for all who ask before anything changes."""
        snapshot, moves = self._session.document.snapshot, self._session.sync.moves
        if self._as_of is None or self._as_of[0] is not snapshot or self._as_of[1] != moves:
            found = (one for one in self._session.sync.conflicts if not self.is_decided(one))
            self._waiting = in_document_order(found, snapshot)
            self._as_of = (snapshot, moves)
        return self._waiting

    def decided(self, conflict: Conflict) -> None:
        """Of a segment with several cues all are sent together: until then this one is still listed."""
        self._decided[conflict.id] = conflict
        self._as_of = None

    def is_decided(self, conflict: Conflict) -> bool:
        """Not where the other side has moved since."""
        return self._decided.get(conflict.id) == conflict

    def now(self, conflict: Conflict) -> Conflict | None:
        """What waits on that cue now."""
        segment = self._session.sync.segment_of(conflict.id)
        if segment is None or segment.theirs is None or any(conflict.id == one.id for one in segment.chosen):
            return None
        found = next((one for one in segment.conflicts if one.id == conflict.id), None)
        return found if found is not None and not self.is_decided(found) else None

    def next_to(self, one: Conflict, by: int) -> Conflict | None:
        """The one after (1) or before (-1) `one`, round and round, also where that waits no more."""
        others = [conflict for conflict in self.waiting if conflict.id != one.id]
        around = in_document_order([*others, one], self._session.document.snapshot)
        return around[(around.index(one) + by) % len(around)] if others else None

    def alike(self, one: Conflict | None) -> list[Conflict]:
        """Those that one choice of a side could decide; the header's is always alone."""
        if one is None or one.kind is ConflictKind.HEAD:
            return []
        return [conflict for conflict in self.waiting if conflict.kind is one.kind]

    def name(self, conflict: Conflict) -> str:
        """As `cue_name`, by the number that the cue has now."""
        cues = self._session.document.snapshot.cues
        return cue_name(conflict, cues.index_of(conflict.id) + 1 if cues.has(conflict.id) else None)
