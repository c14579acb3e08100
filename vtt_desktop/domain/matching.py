"""Which cue of another version of a file is which of ours: linear in the number of cues."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Sequence

from vtt_desktop.domain.cue import Cue

_KEYS: tuple[Callable[[Cue], Hashable], ...] = (
    lambda cue: (cue.identifier, cue.start, cue.end, cue.text, cue.settings),
    lambda cue: cue.identifier,
    lambda cue: (cue.start, cue.end, cue.text),
    lambda cue: (cue.start, cue.end),
    lambda cue: cue.text,
)


def matched(theirs: Sequence[Cue], base: Sequence[Cue], new_id: Callable[[], int]) -> tuple[Cue, ...]:
    """`theirs` under the ids of `base`: matched by all they say, else by identifier, by times and text, by
    times, by text, else by standing alone between the same neighbours; what fits nothing gets a new id.

    Where several are alike, the first of theirs is the first of ours.
    """
    ids: dict[int, int] = {}
    free = dict(enumerate(base))
    for key in _KEYS:
        places: dict[Hashable, deque[int]] = {}
        for at, cue in free.items():
            found = key(cue)
            if found != "":  # no identifier, no text: alike in nothing
                places.setdefault(found, deque()).append(at)
        for i, cue in enumerate(theirs):
            if i not in ids and (queue := places.get(key(cue))):
                ids[i] = queue[0]
                del free[queue.popleft()]
    _match_by_neighbours(len(theirs), ids, free, len(base))
    return tuple(cue.with_(id=base[ids[i]].id if i in ids else new_id()) for i, cue in enumerate(theirs))


def under_ids(theirs: Sequence[Cue], ours: Sequence[Cue], new_id: Callable[[], int]) -> tuple[Cue, ...]:
    """`theirs`, made of `ours` one by one, under their ids; matched where it is not as many."""
    if len(theirs) != len(ours):
        return matched(theirs, ours, new_id)
    return tuple(cue.with_(id=own.id) for cue, own in zip(theirs, ours, strict=True))


def _match_by_neighbours(count: int, ids: dict[int, int], free: dict[int, Cue], known: int) -> None:
    """Runs of unmatched cues of one length between the same matched neighbours are each other's."""
    i = 0
    while i < count:
        if i in ids:
            i += 1
            continue
        end = i
        while end < count and end not in ids:
            end += 1
        before = ids[i - 1] if i else -1
        after = ids[end] if end < count else known
        places = range(before + 1, after)
        if len(places) == end - i and all(at in free for at in places):
            for offset, at in enumerate(places):
                ids[i + offset] = at
                del free[at]
        i = end
