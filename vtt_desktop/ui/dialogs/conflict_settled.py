"""A conflict that came to an end while a person was looking at it: what each side has now, and in words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.body import Body, Conflict, ConflictKind
from vtt_desktop.sync.state import SyncState

SAME = "both sides say the same now"
FITS = "what the other side has now goes together with yours"


@dataclass(frozen=True, slots=True)
class Settled:
    """`now` is the conflict with what each side has now; `how` says why nobody has to decide it any more."""

    now: Conflict
    how: str

    @classmethod
    def of(cls, sync: SyncState, conflict: Conflict) -> Settled:
        """`conflict` is one that `sync` does not hold any more."""
        segment = sync.segment_of(conflict.id)
        if conflict.kind is ConflictKind.HEAD:
            return cls(conflict, SAME)
        if segment is None:
            return cls(replace(conflict, mine=None, theirs=None, fields=()), SAME)
        # Another cue of the segment may still wait: then the server's copy is not the base yet.
        there = segment.theirs.body if segment.theirs is not None else segment.base
        mine, theirs = _cue(segment.mine, conflict.id), _cue(there, conflict.id)
        now = replace(conflict, mine=mine, theirs=theirs, fields=())
        return cls(now, SAME if mine == theirs else FITS)

    def sentence(self, name: str) -> str:
        """`name` as `cue_name` gives it."""
        return f"{name[0].upper()}{name[1:]} was settled: {self.how}."


def _cue(body: Body | None, cue_id: int) -> Cue | None:
    return next((cue for cue in body.cues if cue.id == cue_id), None) if body is not None else None
