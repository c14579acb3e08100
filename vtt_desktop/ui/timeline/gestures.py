"""What the hand does on the timeline: what it points at, and what a drag makes of times. Pure, no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Edit
from vtt_desktop.domain.edits_text import SHORTEST
from vtt_desktop.domain.edits_timing import LATEST, set_times, shift
from vtt_desktop.ui.timeline.geometry import Geometry

EDGE_PX = 6
"""How near to an edge of a cue the pointer takes hold of that edge."""
SNAP_PX = 8
"""How near to another edge or the playhead a dragged edge lets itself be caught."""
DRAG_PX = 3
"""How far the pointer moves with the button down before that is a drag and no click."""
LINK_MS = 1_000
"""A neighbour's edge within this time can be dragged along (Alt)."""

Times = tuple[int, int]


class Zone(Enum):
    """What of a cue is under the pointer."""

    BODY = "body"
    START = "start"
    END = "end"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Hit:
    """A zone and the cue it belongs to; no cue on empty ground."""

    zone: Zone
    cue: Cue | None = None


def hit(geometry: Geometry, cues: Iterable[Cue], x: float, selected: Sequence[int] = ()) -> Hit:
    """What stands at pixel `x` among `cues`.

    Where cues touch, the pointer's side of the border decides; where they overlap, a selected one
    comes first, then the one drawn last. A third of a cue is always its body, so that a short one
    can still be moved.
    """
    edges: list[tuple[float, int, Hit]] = []
    bodies: list[tuple[int, Hit]] = []
    for order, cue in enumerate(cues):
        first, last = geometry.x(cue.start), geometry.x(cue.end)
        rank = order + (1 << 30 if cue.id in selected else 0)
        inner = min(EDGE_PX, (last - first) / 3)
        for edge, zone, inwards in ((first, Zone.START, x - first), (last, Zone.END, last - x)):
            if -EDGE_PX <= inwards <= inner:
                # Half a pixel against a pointer that is outside: of two that touch, its own cue wins.
                edges.append((abs(x - edge) + (0.5 if inwards < 0 else 0.0), -rank, Hit(zone, cue)))
        if first <= x < max(last, first + 2):
            bodies.append((rank, Hit(Zone.BODY, cue)))
    if edges:
        return min(edges, key=lambda e: e[:2])[2]
    return max(bodies, key=lambda b: b[0])[1] if bodies else Hit(Zone.EMPTY)


@dataclass(frozen=True, slots=True)
class Grip:
    """What a drag holds since the button went down: cues as they were then, and what they may catch on."""

    zone: Zone
    cue: Cue
    moving: tuple[Cue, ...]
    """All cues that move along with a body; for an edge the one cue."""
    at: int
    """The moment under the pointer at that time, ms."""
    catches: tuple[int, ...] = ()
    """Edges of other cues, and the playhead, ms."""
    neighbour: Cue | None = None
    """Whose edge is near enough to be dragged along."""

    def times(self, moment: int, *, snap_ms: float, linked: bool = False) -> dict[int, Times]:
        """Times by cue id with the pointer at `moment`: where a release now would leave them.

        No cue ever becomes shorter than `SHORTEST` or leaves 0 … `LATEST`. `snap_ms` is how near
        to an edge lets itself be caught; nought: not at all.
        """
        by = moment - self.at
        if self.zone is Zone.BODY:
            return self._moved(by, snap_ms)
        start, end = self.cue.start, self.cue.end
        pair = self.neighbour if linked else None
        if self.zone is Zone.START:
            low = pair.start + SHORTEST + (start - pair.end) if pair is not None else 0
            start = _within(self._caught(start + by, snap_ms), low, end - SHORTEST)
            moved = {self.cue.id: (start, end)}
            if pair is not None:
                moved[pair.id] = (pair.start, pair.end + start - self.cue.start)
            return moved
        high = pair.end - SHORTEST - (pair.start - end) if pair is not None else LATEST
        end = _within(self._caught(end + by, snap_ms), start + SHORTEST, high)
        moved = {self.cue.id: (start, end)}
        if pair is not None:
            moved[pair.id] = (pair.start + end - self.cue.end, pair.end)
        return moved

    def _moved(self, by: int, snap_ms: float) -> dict[int, Times]:
        corrections = [
            caught - edge
            for edge in (self.cue.start + by, self.cue.end + by)
            if (caught := self._caught(edge, snap_ms)) != edge
        ]
        by += min(corrections, key=abs, default=0)
        by = _within(by, -min(c.start for c in self.moving), LATEST - max(c.end for c in self.moving))
        return {cue.id: (cue.start + by, cue.end + by) for cue in self.moving}

    def _caught(self, edge: int, snap_ms: float) -> int:
        nearest = min(self.catches, key=lambda c: abs(c - edge), default=edge)
        return nearest if abs(nearest - edge) <= snap_ms else edge


def grip(
    found: Hit, at: int, around: Iterable[Cue], selected: Sequence[Cue] = (), playhead: int | None = None
) -> Grip | None:
    """Takes hold of what was hit, or of nothing on empty ground.

    `around` are the cues in view: their edges catch. `selected` move together when one of them is
    held by its body.
    """
    cue = found.cue
    if cue is None:
        return None
    together = found.zone is Zone.BODY and any(other.id == cue.id for other in selected)
    moving = tuple(selected) if together else (cue,)
    ids = {other.id for other in moving}
    others = [other for other in around if other.id not in ids]
    catches = {edge for other in others for edge in (other.start, other.end)}
    if playhead is not None:
        catches.add(playhead)
    return Grip(found.zone, cue, moving, at, tuple(sorted(catches)), _neighbour(found.zone, cue, others))


def edit_of(held: Grip, times: Mapping[int, Times], snapshot: Snapshot) -> Edit:
    """The one edit that a drag comes to. Nothing moved: an edit without changes."""
    if held.zone is Zone.BODY:
        return shift(snapshot, [cue.id for cue in held.moving], times[held.cue.id][0] - held.cue.start)
    edits = [set_times(snapshot, cue_id, *both) for cue_id, both in times.items()]
    if len(edits) == 1:
        return edits[0]
    return Edit("Move border", tuple(change for edit in edits for change in edit.changes))


@dataclass(slots=True)
class Press:
    """A button held down: a click as long as the pointer keeps still, a drag from then on."""

    x: float
    held: Grip | None
    zone: Zone
    extend: bool = False
    toggle: bool = False
    dragging: bool = False
    times: dict[int, Times] = field(default_factory=dict)

    def move(self, geometry: Geometry, x: float, *, snap: bool, linked: bool) -> bool:
        """The pointer is at `x` now; whether the preview of times changed."""
        if self.held is None or (not self.dragging and abs(x - self.x) < DRAG_PX):
            return False
        self.dragging = True
        snap_ms = SNAP_PX * geometry.ms_per_px if snap else 0
        times = self.held.times(geometry.moment(x), snap_ms=snap_ms, linked=linked)
        changed = times != self.times
        self.times = times
        return changed


def _neighbour(zone: Zone, cue: Cue, others: Iterable[Cue]) -> Cue | None:
    if zone is Zone.END:
        behind = [c for c in others if 0 <= c.start - cue.end <= LINK_MS and c.duration >= SHORTEST]
        return min(behind, key=lambda c: c.start, default=None)
    if zone is Zone.START:
        before = [c for c in others if 0 <= cue.start - c.end <= LINK_MS and c.duration >= SHORTEST]
        return max(before, key=lambda c: c.end, default=None)
    return None


def _within(value: int, low: int, high: int) -> int:
    return max(low, min(value, high))
