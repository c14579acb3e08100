"""The edit that makes a document say exactly a given list of cues, moving as few of them as can be."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import FIRST, CueChange, Edit, Head, HeadChange, Origin


def edit_to(snapshot: Snapshot, head: Head, cues: Sequence[Cue], label: str, origin: Origin) -> Edit:
    """From the snapshot to `head` and `cues`: removals from the end, then changes, then insertions in order.

    A cue that only stands elsewhere is taken out and put in again, under its id.
    """
    wanted = {cue.id for cue in cues}
    places = [snapshot.cues.index_of(cue.id) for cue in cues if snapshot.cues.has(cue.id)]
    staying = {snapshot.cues[at].id for at in longest_rising(places)}
    changes: list[CueChange | HeadChange] = []
    if head != snapshot.head:
        changes.append(HeadChange(snapshot.head, head))
    if len(staying) < len(snapshot.cues):
        every = tuple(snapshot.cues)
        for at in range(len(every) - 1, -1, -1):
            if every[at].id not in staying or every[at].id not in wanted:
                changes.append(CueChange(every[at], None, every[at - 1].id if at else FIRST))
    follows = FIRST
    insertions: list[CueChange] = []
    for cue in cues:
        if cue.id in staying:
            old = snapshot.cues.get(cue.id)
            if old is not None and (old != cue or old.source is not cue.source):
                changes.append(CueChange(old, cue))
        else:
            insertions.append(CueChange(None, cue, follows))
        follows = cue.id
    return Edit(label, (*changes, *insertions), origin)


def longest_rising(places: Sequence[int]) -> list[int]:
    """A longest strictly rising subsequence (patience sorting)."""
    tails: list[int] = []
    heads: list[int] = []
    before: list[int] = []
    for i, place in enumerate(places):
        at = bisect_left(tails, place)
        before.append(heads[at - 1] if at else -1)
        if at == len(tails):
            tails.append(place)
            heads.append(i)
        else:
            tails[at], heads[at] = place, i
    out: list[int] = []
    i = heads[-1] if heads else -1
    while i >= 0:
        out.append(places[i])
        i = before[i]
    return out[::-1]
