"""Putting back what a cue, or the head, said at another time or would have said by another choice."""

from __future__ import annotations

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import FIRST, CueChange, Edit, Head, HeadChange
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.merge import merge_cue


def put_back(
    snapshot: Snapshot, before: Cue | Head | None, after: Cue | Head | None, label: str = "Put back"
) -> Edit:
    """What `before` says, in the fields where it differs from `after`; all else as it is now.

    `before` None: the cue goes. One that is not there any more comes back at its time. UserError where there
    is nothing to be done.
    """
    if isinstance(before, Head) or isinstance(after, Head):
        if not isinstance(before, Head) or before == snapshot.head:
            raise UserError("The header says that already.")
        return Edit(label, (HeadChange(snapshot.head, before),))
    cue = before or after
    if cue is None:
        raise UserError("There is nothing to put back.")
    now = snapshot.cues.get(cue.id)
    if before is None:
        if now is None:
            raise UserError("That cue is gone already.")
        return Edit(label, (CueChange(now, None, snapshot.follows(cue.id)),))
    if now is None:
        return Edit(label, (CueChange(None, before, _place(snapshot, before)),))
    fresh = merge_cue(after, before, now).cue if after is not None else before
    if fresh.end <= fresh.start and before.end > before.start:
        fresh = fresh.with_(start=before.start, end=before.end)
    if fresh == now:
        raise UserError("The cue says that already.")
    return Edit(label, (CueChange(now, fresh),))


def _place(snapshot: Snapshot, cue: Cue) -> int:
    """The cue that one with this in-time comes behind."""
    behind = FIRST
    for other in snapshot.cues:
        if other.start <= cue.start:
            behind = other.id
    return behind
