"""Which cues are on screen at a time, without looking at every cue of a long document.

A document is parsed where it is looked at. `CueList.overlapping` is exact and looks at every timing line
once, or at every cue: a tenth of a second to a second for 100,000. So in a long document, until all cues have
been looked at anyway, they are searched as WebVTT 4.1 has them, in the order of their in-times; those that
were moved since it was opened are remembered by id.
"""

from __future__ import annotations

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Change

_SLACK = 64  # cues: how far before and behind its place one may stand that starts early or lasts long
_SHORT = 10_000  # cues: up to here exactness costs a few milliseconds
_MANY = 1_000  # changes: an edit of more has looked at so many cues that exactness costs nothing any more


class CuesInTime:
    """Finds cues by time. `exact` once every cue of the document has been looked at."""

    def __init__(self) -> None:
        self.exact = False
        self._moved: set[int] = set()

    def follow(self, change: Change) -> None:
        """Takes over what an edit moved or brought."""
        if self.exact:
            return
        if len(change.edit.changes) > _MANY:
            self.exact = True
            return
        for one in change.edit.cue_changes:
            if one.after is not None and (one.before is None or one.before.start != one.after.start):
                self._moved.add(one.after.id)

    def between(self, cues: CueList, start: int, end: int) -> list[Cue]:
        """Cues on screen at some time in [start, end) ms, in file order."""
        if self.exact or len(cues) <= _SHORT:
            return list(cues.overlapping(start, end))
        first = max(0, _place(cues, start) - _SLACK)
        last = min(len(cues), _place(cues, end) + _SLACK)
        found = {cue.id: cue for cue in map(cues.__getitem__, range(first, last)) if _on(cue, start, end)}
        strays = [cue for cue in map(cues.get, self._moved - set(found)) if cue and _on(cue, start, end)]
        if not strays:
            return list(found.values())
        return sorted((*found.values(), *strays), key=lambda cue: cues.index_of(cue.id))


def _on(cue: Cue, start: int, end: int) -> bool:
    return cue.start < end and cue.end > start


def _place(cues: CueList, ms: int) -> int:
    """The index of the first cue that starts at `ms` or later."""
    low, high = 0, len(cues)
    while low < high:
        middle = (low + high) // 2
        # Of three neighbours the one in the middle of the time: one that stands out of order misleads nobody.
        around = sorted(cues[i].start for i in range(max(0, middle - 1), min(len(cues), middle + 2)))
        if around[len(around) // 2] < ms:
            low = middle + 1
        else:
            high = middle
    return low
