"""Edits of what cues say: text, identifier, settings; cues that come, go, split and merge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import FIRST, CueChange, Edit
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.markup import divided, joined

SHORTEST = 1
"""Milliseconds that a cue must last at the least (WebVTT 4.1: the end is greater than the start)."""

_EOL = re.compile(rb"\r\n|\r|\n")
_GAP = re.compile(rb"[^\r\n]*([\r\n]*)")
_EOLS_AT_END = re.compile(rb"[\r\n]*\Z")


def cue_of(snapshot: Snapshot, cue_id: int) -> Cue:
    """The cue with this id; UserError when it is gone."""
    cue = snapshot.cues.get(cue_id)
    if cue is None:
        raise UserError("That cue is not in the document any more.")
    return cue


def cues_of(snapshot: Snapshot, ids: Iterable[int]) -> list[Cue]:
    """The cues with these ids, in their order; UserError when one is gone."""
    find = snapshot.cues.finder()
    return [find(cue_id) or cue_of(snapshot, cue_id) for cue_id in ids]


def clean_text(text: str) -> str:
    """Text as a cue can hold it: line ends as `\\n`, no blank lines and no NUL, since a blank line ends a cue
    (WebVTT 4.1 "cue payload")."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n")
    return "\n".join(line for line in lines if line)


def set_text(snapshot: Snapshot, cue_id: int, text: str) -> Edit:
    """Another text for one cue. Typing in the same cue joins into one undo step."""
    cue = cue_of(snapshot, cue_id)
    if "-->" in text:
        raise UserError("A cue's text cannot hold “-->”.", "Write --&gt; instead.")
    fresh = cue.with_(text=clean_text(text))
    return Edit("Edit text", (CueChange(cue, fresh),) if fresh != cue else (), group=f"text:{cue_id}")


def set_identifier(snapshot: Snapshot, cue_id: int, identifier: str) -> Edit:
    """Another identifier line; UserError where it cannot be one (WebVTT 4.1 "cue identifier")."""
    cue = cue_of(snapshot, cue_id)
    if "-->" in identifier or "\n" in identifier or "\r" in identifier:
        raise UserError("An identifier is one line without “-->”.")
    fresh = cue.with_(identifier=identifier.strip().replace("\0", ""))
    return Edit(
        "Set identifier", (CueChange(cue, fresh),) if fresh != cue else (), group=f"identifier:{cue_id}"
    )


def set_settings(snapshot: Snapshot, cue_id: int, settings: str) -> Edit:
    """Other cue settings, as written; spaces between them are folded."""
    cue = cue_of(snapshot, cue_id)
    if "-->" in settings:
        raise UserError("Cue settings cannot hold “-->”.")
    fresh = cue.with_(settings=" ".join(settings.replace("\0", "").split()))
    return Edit(
        "Set cue settings", (CueChange(cue, fresh),) if fresh != cue else (), group=f"settings:{cue_id}"
    )


def insert_cue(cue: Cue, follows: int = FIRST) -> Edit:
    """A new cue behind the one with the id `follows`."""
    return Edit("Insert cue", (CueChange(None, cue, follows),))


def remove_cues(snapshot: Snapshot, ids: Iterable[int]) -> Edit:
    """Takes cues away, with what stands before them (their NOTEs)."""
    gone: set[int] = set()
    changes = []
    for cue_id in sorted(set(ids), key=snapshot.cues.index_of, reverse=True):
        gone.add(cue_id)
        changes.append(CueChange(cue_of(snapshot, cue_id), None, snapshot.follows(cue_id)))
    return Edit("Delete cue" if len(changes) == 1 else f"Delete {len(changes)} cues", tuple(changes))


def split_cue(
    snapshot: Snapshot, cue_id: int, new_id: int, *, at_char: int | None, at_ms: int | None
) -> Edit:
    """Cuts a cue in two: its text at a character offset, its time at a moment.

    What is not given follows from the other: the time by the share of characters, the text by the
    share of time at the nearest space or line end.
    """
    cue = cue_of(snapshot, cue_id)
    if cue.duration < 2 * SHORTEST:
        raise UserError("This cue is too short to be split.")
    if at_char is None:
        share = 0.5 if at_ms is None else (at_ms - cue.start) / cue.duration
        at_char = _nearest_break(cue.text, round(share * len(cue.text)))
    at_char = max(0, min(at_char, len(cue.text)))
    if at_ms is None:
        at_ms = cue.start + round(cue.duration * (at_char / len(cue.text) if cue.text else 0.5))
    at_ms = max(cue.start + SHORTEST, min(at_ms, cue.end - SHORTEST))
    before, behind = divided(cue.text, at_char)
    first = cue.with_(end=at_ms, text=clean_text(before))
    second = Cue(new_id, at_ms, cue.end, clean_text(behind), settings=cue.settings)
    return Edit("Split cue", (CueChange(cue, first), CueChange(None, second, cue_id)))


def merge_cues(snapshot: Snapshot, ids: Sequence[int], joiner: str = "\n") -> Edit:
    """Makes one cue of neighbours: the first one's identity, all texts, first in-time, last out-time. The
    comments that stood between them stand before it."""
    order = sorted(set(ids), key=snapshot.cues.index_of)
    if len(order) < 2:
        raise UserError("Select two or more cues to merge.")
    first_index = snapshot.cues.index_of(order[0])
    if [snapshot.cues[first_index + i].id for i in range(len(order))] != order:
        raise UserError("Only neighbouring cues can be merged.")
    cues = [cue_of(snapshot, cue_id) for cue_id in order]
    text = clean_text(joined([cue.text for cue in cues if cue.text], joiner))
    one = cues[0].with_(start=min(c.start for c in cues), end=max(c.end for c in cues), text=text)
    one = one.with_(lead=_lead_of(cues))
    gone = remove_cues(snapshot, order[1:]).changes
    return Edit("Merge cues", (*gone, CueChange(cues[0], one)))


def _lead_of(cues: Sequence[Cue]) -> bytes:
    """What leads to the first cue, then what else than blank lines leads to the others, as it is written."""
    lead = cues[0].lead
    for cue in cues[1:]:
        gap = _GAP.match(cue.lead)
        assert gap is not None  # it matches nothing too
        comments = cue.lead[gap.end() :]
        if not comments.strip():
            continue
        before, ends = _EOL.findall(gap[1]), _EOLS_AT_END.search(lead)
        there = len(_EOL.findall(ends[0])) if ends else 0
        # As in its old place: a blank line before a comment block, for a line behind another is of its block.
        lead += before[0] * max(0, min(2, len(before)) - there) + comments
    return lead


def _nearest_break(text: str, at: int) -> int:
    breaks = [i for i, c in enumerate(text) if c in " \n" and 0 < i < len(text) - 1]
    return min(breaks, key=lambda i: abs(i - at)) if breaks else at
