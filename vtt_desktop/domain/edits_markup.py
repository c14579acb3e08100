"""Edits of how the words of cues look and who speaks them."""

from __future__ import annotations

from collections.abc import Iterable

from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import CueChange, Edit
from vtt_desktop.domain.edits_text import clean_text, cue_of, cues_of
from vtt_desktop.domain.markup import is_under, toggled, with_speaker


def format_cues(snapshot: Snapshot, ids: Iterable[int], tag: str, label: str) -> Edit:
    """All words of these cues under `tag`, or from under it where all of them are."""
    cues = [cue for cue in cues_of(snapshot, ids) if cue.text.strip()]
    on = not all(is_under(cue.text, 0, len(cue.text), tag) for cue in cues)
    changes = []
    for cue in cues:
        fresh = cue.with_(text=toggled(cue.text, 0, len(cue.text), tag, on).text)
        if fresh != cue:
            changes.append(CueChange(cue, fresh))
    return Edit(label, tuple(changes))


def change_text(snapshot: Snapshot, cue_id: int, text: str, label: str) -> Edit:
    """Another text for one cue as a step of its own, under this name."""
    cue = cue_of(snapshot, cue_id)
    fresh = cue.with_(text=clean_text(text))
    return Edit(label, (CueChange(cue, fresh),) if fresh != cue else ())


def set_speaker(snapshot: Snapshot, ids: Iterable[int], name: str) -> Edit:
    """Who speaks these cues: the voice tag that opens each; no name takes it away (WebVTT 4.2.2)."""
    changes = []
    cues = cues_of(snapshot, ids)
    for cue in cues:
        fresh = cue.with_(text=with_speaker(cue.text, name))
        if fresh != cue:
            changes.append(CueChange(cue, fresh))
    group = f"speaker:{cues[0].id}" if len(cues) == 1 else ""
    return Edit("Set speaker", tuple(changes), group=group)
