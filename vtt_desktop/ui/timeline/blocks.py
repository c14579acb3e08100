"""The cues in view as the timeline draws them, and what a tooltip says of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.timecode import format_duration, format_time
from vtt_desktop.sync.phase import Link, Phase, shown_phase
from vtt_desktop.ui.cue_table.words import sync_words
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.timeline.gestures import Times

LANES = 3
"""Labels of cues that overlap in time stand above each other, so many at the most."""
CONFLICTS = (Phase.CONFLICT, Phase.GONE)
"""Phases that wait for a person."""


@dataclass(frozen=True, slots=True)
class Block:
    """A cue as it is drawn: with the times of the drag under way, where there is one."""

    cue_id: int
    number: int
    start: int
    end: int
    text: str
    lane: int = 0
    selected: bool = False
    current: bool = False
    phase: Phase = Phase.LOCAL


def visible_blocks(
    session: Session, selection: Selection, in_view: Iterable[Cue], times: Mapping[int, Times]
) -> tuple[Block, ...]:
    """The cues in view, those selected last (in front); `times` by cue id are of the drag under way."""
    cues, sync = session.document.snapshot.cues, session.sync
    shown = list(in_view)
    known = {cue.id for cue in shown}
    shown += [cue for cue in map(cues.get, set(times) - known) if cue is not None]
    spans = [times.get(cue.id, (cue.start, cue.end)) for cue in shown]
    chosen, local = set(selection.selected), sync.link is Link.LOCAL
    blocks = [
        Block(
            cue.id,
            cues.index_of(cue.id) + 1,
            *span,
            cue.text,
            lane,
            cue.id in chosen,
            cue.id == selection.current,
            Phase.LOCAL if local else shown_phase(sync, cue.id),
        )
        for cue, span, lane in zip(shown, spans, lanes(spans), strict=True)
    ]
    return tuple(sorted(blocks, key=lambda block: block.selected))


def lanes(blocks: Iterable[tuple[int, int]]) -> list[int]:
    """A lane for each (start, end), in order: the first one whose last label has ended by then."""
    ends: list[int] = []
    found = []
    for start, end in blocks:
        lane = next((i for i, last in enumerate(ends) if last <= start), len(ends))
        if lane >= LANES:
            lane = min(range(LANES), key=lambda i: ends[i])
        if lane == len(ends):
            ends.append(end)
        ends[lane] = end
        found.append(lane)
    return found


def words_of(session: Session, cue: Cue, *, at_edge: bool, time_offset: int = 0) -> str:
    """Number, times, text and sync of a cue; at an edge also what dragging does there.

    `time_offset` (ms) is added to the cue's times for those shown.
    """
    number = session.document.snapshot.cues.index_of(cue.id) + 1
    lines = [
        f"Cue {number}: {format_time(cue.start + time_offset)} → {format_time(cue.end + time_offset)}"
        f" ({format_duration(cue.duration)} s)",
        cue.text,
    ]
    if session.sync.link is not Link.LOCAL:
        lines.append(sync_words(session.sync, cue.id))
    if at_edge:
        lines.append("Drag the edge · Alt: the neighbour's too · Shift: without snapping")
    return "\n".join(line for line in lines if line)
