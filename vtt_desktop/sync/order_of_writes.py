"""Which segments of one edit wait for which others: no text is taken away before its new place is safe.

A merge removes one cue and lets another grow; a split makes a cue and shortens another. If the second write
were refused after the first was carried out, the words would be nowhere.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping

from vtt_desktop.domain.edit import Edit

FEW = 8
"""So many segments that an edit fills are waited for together; of more, those nearest in time, since text
moves to a neighbour and a list of thousands would be kept for each of thousands."""
_NEAR = 2


def waits(edit: Edit, key_of: Callable[[int], str | None]) -> Mapping[str, frozenset[str]]:
    """For each segment that an edit takes text from, those that it gives text to. Only edits that make or
    remove cues move text: others give nothing."""
    if not edit.structural:
        return {}
    gained: Counter[str] = Counter()
    starts: dict[str, int] = {}
    for change in edit.cue_changes:
        key, cue = key_of(change.id), change.after or change.before
        if key is None or cue is None:
            continue
        gained[key] += len(change.after.text) if change.after is not None else 0
        gained[key] -= len(change.before.text) if change.before is not None else 0
        starts.setdefault(key, cue.start)
    filled = sorted((starts[key], key) for key, much in gained.items() if much > 0)
    if not filled:
        return {}
    every = frozenset(key for _, key in filled)
    emptied = [key for key, much in gained.items() if much < 0]
    if len(every) <= FEW:
        return dict.fromkeys(emptied, every)
    return {key: _nearest(filled, starts[key]) for key in emptied}


def _nearest(filled: list[tuple[int, str]], start: int) -> frozenset[str]:
    at = bisect_left(filled, (start, ""))
    return frozenset(key for _, key in filled[max(0, at - _NEAR) : at + _NEAR])
