"""Putting back what a cue, or the head, said at another time or would have said by another choice."""

from __future__ import annotations

from collections.abc import Iterable

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot, applied
from vtt_desktop.domain.edit import FIRST, CueChange, Edit, Head, HeadChange
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.merge import merge_cue

Versions = tuple[Cue | Head | None, Cue | Head | None]


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


def put_all_back(
    snapshot: Snapshot, first: Versions, others: Iterable[Versions], label: str = "Put back"
) -> tuple[Edit, list[Cue]]:
    """As `put_back`, of `first` and all that belongs to it, in one edit: each as it was and as it became.

    Gives also those of the others that stay: they do not say any more what they became. UserError where
    nothing is to be done.
    """
    changes: list[CueChange | HeadChange] = []
    error, stays = UserError("It is as it was already."), list[Cue]()
    for at, (before, after) in enumerate((first, *others)):
        side = before or after
        now = snapshot.cues.get(side.id) if isinstance(side, Cue) else None
        if at and not _says(now, after):
            if now is not None and now != before:
                stays.append(now)
            continue
        so_far = applied(snapshot, Edit(label, tuple(changes)))
        try:
            changes += put_back(so_far, before, after, label).changes
        except UserError as already:
            error = already
    if not changes:
        raise error
    return Edit(label, tuple(changes)), stays


def _says(now: Cue | None, after: Cue | Head | None) -> bool:
    """Whether a cue still says what it became: else it is somebody's work."""
    return now.text == after.text if now is not None and isinstance(after, Cue) else now is after


def _place(snapshot: Snapshot, cue: Cue) -> int:
    """The cue that one with this in-time comes behind."""
    behind = FIRST
    for other in snapshot.cues:
        if other.start <= cue.start:
            behind = other.id
    return behind
