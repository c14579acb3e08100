"""The very same cue made here and by a colleague, as when two people cut one cue at one place: it is one cue.

Only one that nobody was told of yet is given up for theirs; of two that are on the server both stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.body import Body
from vtt_desktop.sync.segment import Segment

WORDS = "A colleague made the very same cue: it is one"


class MadeHere:
    """Segments that were made here and that the server has not. `known` gives a segment as it is now."""

    def __init__(self, known: Callable[[str], Segment | None]) -> None:
        self._known = known
        self._keys: dict[str, None] = {}

    def note(self, segments: Iterable[Segment]) -> None:
        made = [one.key for one in segments if one.base is None and one.mine is not None]
        self._keys |= dict.fromkeys(made)

    def same_as(self, before: Segment, after: Segment) -> Segment | None:
        """The segment made here whose only cue says just what that of a segment says which is met for the
        first time in this step."""
        if before.mine is not None or before.base is not None or after.base is None or after.mine is None:
            return None
        if len(after.mine.cues) != 1:
            return None
        for key in tuple(self._keys):
            one = self._known(key)
            if one is None or one.base is not None:
                del self._keys[key]
            elif key != after.key and _untold(one) and _says(one.mine) == _says(after.mine):
                return one
        return None


def under_its_id(theirs: Segment, ours: Segment) -> Segment:
    """A segment as it was met, with its cue under our id, so that the edit which made it can be undone."""
    assert theirs.base is not None and theirs.mine is not None and ours.mine is not None
    cues = (theirs.mine.cues[0].with_(id=ours.mine.cues[0].id),)
    return replace(theirs, base=replace(theirs.base, cues=cues), mine=replace(theirs.mine, cues=cues))


def _untold(one: Segment) -> bool:
    """Whether nothing of a segment that was made here can be on the server."""
    written = one.sent is not None or one.unseen is not None or one.unproven or one.past
    return not (written or one.out or one.fetch or one.theirs is not None or one.was is not None)


def _says(body: Body | None) -> tuple[Cue, ...]:
    return tuple(cue.with_(id=0, lead=b"") for cue in body.cues) if body is not None else ()
