"""Edits of when cues show. All times are milliseconds."""

from __future__ import annotations

from collections.abc import Iterable

from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import CueChange, Edit, made_change
from vtt_desktop.domain.edits_text import cue_of, cues_of
from vtt_desktop.domain.errors import UserError

LATEST = 359_999_999_999
"""The latest time we let a person set: 99,999 hours, so that no sum of two can surprise a format."""


def set_times(snapshot: Snapshot, cue_id: int, start: int, end: int) -> Edit:
    """Another in- and out-time for one cue; UserError where they make no duration."""
    cue = cue_of(snapshot, cue_id)
    if start < 0 or end > LATEST:
        raise UserError("A cue's times must lie between 0 and 99,999 hours.")
    if end <= start:
        raise UserError("A cue must end after it starts.")
    fresh = cue.at(start, end)
    return Edit("Set times", (CueChange(cue, fresh),) if fresh != cue else (), group=f"times:{cue_id}")


def shift(snapshot: Snapshot, ids: Iterable[int], by: int) -> Edit:
    """Moves cues in time together; as a whole it stops at nought, so that no distance changes."""
    cues = cues_of(snapshot, ids)
    if not cues or not by:
        return Edit("Shift times", ())
    by = max(by, -min(cue.start for cue in cues))
    if max(cue.end for cue in cues) + by > LATEST:
        raise UserError("That shift would move cues past 99,999 hours.")
    changes = tuple([made_change(cue, cue.at(cue.start + by, cue.end + by)) for cue in cues]) if by else ()
    return Edit("Shift times" if len(cues) > 1 else "Move cue", changes)
