"""What the server refused, cue by cue: which cue a refusal is told on, and where that one stands."""

from __future__ import annotations

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.sync.answers import SAYS
from vtt_desktop.sync.segment import Segment


def cue_of(segment: Segment, cues: CueList) -> Cue | None:
    """The segment's first cue as it is here, else as it was last; None for the header."""
    known = [cue for body in (segment.mine, segment.base) if body is not None for cue in body.cues]
    here = next((cue.id for cue in known if cues.has(cue.id)), None)
    if here is not None:
        return cues.get(here)
    return known[0] if known else None


def place_of(segment: Segment, cues: CueList) -> tuple[int, str]:
    """What orders refusals as the document is: the header first, last what is not there any more."""
    cue = cue_of(segment, cues)
    if cue is None:
        return -1, segment.key
    return (cues.index_of(cue.id) if cues.has(cue.id) else len(cues)), segment.key


def removed_of(segment: Segment, cues: CueList) -> tuple[Cue, ...]:
    """What the server has of it and was removed here: as it was last."""
    return tuple(cue for cue in segment.base.cues if not cues.has(cue.id)) if segment.base is not None else ()


def why_of(segment: Segment) -> str:
    """The server's sentence, for a list that says whose it is."""
    return (segment.refused or segment.read_only).removeprefix(SAYS)
