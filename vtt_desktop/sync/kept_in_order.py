"""Which of several things that are put into another order need not be moved."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise


def kept_in_order(now: Sequence[int], wanted: Sequence[int]) -> set[int]:
    """Of what is there now and wanted, the most that need not be moved: a longest increasing subsequence."""
    place = {cue_id: at for at, cue_id in enumerate(now)}
    common = [cue_id for cue_id in wanted if cue_id in place]
    places = [place[cue_id] for cue_id in common]
    if all(a < b for a, b in pairwise(places)):
        return set(common)
    ends: list[int] = []  # the smallest place that a run of each length can end with so far
    length: list[int] = []
    for at in places:
        length.append(bisect_left(ends, at))
        ends[length[-1] : length[-1] + 1] = [at]
    kept: set[int] = set()
    missing = len(ends) - 1
    for cue_id, longest in zip(reversed(common), reversed(length), strict=True):
        if longest == missing:
            kept.add(cue_id)
            missing -= 1
    return kept
