"""In which order panel and dialog list conflicts and walk through them: that of the document."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from vtt_desktop.domain.document import Snapshot
from vtt_desktop.sync.body import Conflict, ConflictKind


def in_document_order(conflicts: Iterable[Conflict], snapshot: Snapshot) -> list[Conflict]:
    """The header's first; a cue that was removed here stands before the first one that begins no sooner."""
    cues = snapshot.cues

    def place(conflict: Conflict) -> tuple[int, int]:
        if conflict.kind is ConflictKind.HEAD:
            return (-1, 0)
        if cues.has(conflict.id):
            return (cues.index_of(conflict.id), 1)
        cue = conflict.base or conflict.theirs or conflict.mine
        return (bisect_left(cues, cue.start, key=lambda one: one.start) if cue is not None else 0, 0)

    return sorted(conflicts, key=place)
