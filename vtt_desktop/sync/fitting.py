"""Edits fitted to segments: the cues of one segment stand together, on every desk and on the server.

What a person does to a list of cues knows nothing of segments: an undo brings a cue back behind another that
is elsewhere by now, a repair sorts all cues by their times. What would stand among another segment's cues is
put beside its own before the edit is applied, so that no desk shows an order that the server does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Edit, Origin
from vtt_desktop.domain.rearrange import edit_to
from vtt_desktop.sync.layout import Layout

Place = tuple[int, int, int]
"""Where a segment's cues go: beside the cue with that number; before (-1), at (0) or behind (1) it; which one
of several."""


def fitted(edit: Edit, before: Snapshot, after: Snapshot, layout: Layout, new_id: Callable[[], int]) -> Edit:
    """The edit that leads from `before` to `after`, or another to the same cues in an order that segments can
    have. A cue that a person moves into another segment is a new one there, named by `new_id`."""
    inserted = {change.id for change in edit.cue_changes if change.before is None}
    keys = dict.fromkeys(key for i in inserted if after.cues.has(i) and (key := layout.key_of(i)) is not None)
    moved = {i for i in inserted if before.cues.has(i)}
    if not keys or _in_order(keys, layout.keys_of(moved) if layout.free else set(), after, layout):
        return edit
    cues = list(after.cues)
    if edit.origin is Origin.USER:
        cues = _as_new_ones(cues, inserted, moved, layout, new_id)
    places = _places(cues, _Runs(cues, inserted, layout), moved, layout)
    cues = layout.gathered(cues, places.__getitem__)
    return replace(edit_to(before, after.head, cues, edit.label, edit.origin), group=edit.group)


def _in_order(keys: Iterable[str], moved: set[str], snapshot: Snapshot, layout: Layout) -> bool:
    """Whether these segments stand each together and at their places, but for those that shall move, and
    within no other."""
    for key in keys:
        if not (layout.whole(key, snapshot) if key in moved else layout.fits(key, snapshot)):
            return False
        if not all(layout.whole(other, snapshot) for other in layout.around(key, snapshot) if other):
            return False
    return True


class _Runs:
    """Cues by the segments they belong to, as they come: `runs` are (segment, the numbers of its cues).

    Those of no segment yet are left out: they belong wherever they stand.
    """

    def __init__(self, cues: list[Cue], inserted: set[int], layout: Layout) -> None:
        self.runs: list[tuple[str, list[int]]] = []
        self.spans: dict[str, tuple[int, int]] = {}
        """From the first to the last run with a cue that stood there before, of each segment with one."""
        for number, cue in enumerate(cues):
            key = layout.key_of(cue.id)
            if key is None:
                continue
            if not self.runs or self.runs[-1][0] != key:
                self.runs.append((key, []))
            self.runs[-1][1].append(number)
            if cue.id not in inserted:
                run = len(self.runs) - 1
                self.spans[key] = (self.spans.get(key, (run, run))[0], run)

    def within(self) -> list[str | None]:
        """Of each run the segment whose cues are around it, if that is another than its own."""
        found: list[str | None] = [None] * len(self.runs)
        for key, (first, last) in self.spans.items():
            for run in range(first + 1, last):
                if self.runs[run][0] != key:
                    found[run] = key
        return found


def _as_new_ones(
    cues: list[Cue], inserted: set[int], moved: set[int], layout: Layout, new_id: Callable[[], int]
) -> list[Cue]:
    """The same cues; those that a person moved away from all others of their segment are new ones."""
    known = _Runs(cues, inserted, layout)
    kept: set[str] = set()
    for run, ((key, numbers), other) in enumerate(zip(known.runs, known.within(), strict=True)):
        span = known.spans.get(key)
        at_home = span[0] <= run <= span[1] if span is not None else key not in kept
        if at_home and other is None:
            kept.add(key)
            continue
        for number in numbers:
            if cues[number].id in moved:
                cues[number] = cues[number].with_(id=new_id())
    return cues


def _places(cues: list[Cue], known: _Runs, moved: set[int], layout: Layout) -> dict[str, Place]:
    """Where each segment goes: those that have cues which stood there stay. Others go where they were moved
    to, if segments can be moved; else to where they stand among the segments."""
    places: dict[str, Place] = {key: (known.runs[run][1][0], 0, 0) for key, (run, _) in known.spans.items()}
    staying = sorted((layout.place_of(key), key) for key in places)
    within = known.within()
    for run, (key, numbers) in enumerate(known.runs):
        if key in places:
            continue
        other = within[run]
        if not layout.free or not any(cues[number].id in moved for number in numbers):
            continue
        if other is None:
            places[key] = (numbers[0], 0, 0)
        else:
            beside, _, _ = places[other]
            places[key] = (beside, -1 if cues[numbers[0]].start < cues[beside].start else 1, numbers[0])
    rest = sorted({key for key, _ in known.runs} - places.keys(), key=layout.place_of)
    for number, key in enumerate(rest):
        behind = next((other for place, other in staying if place > layout.place_of(key)), None)
        places[key] = (places[behind][0], -1, number) if behind is not None else (len(cues), 0, number)
    return places
