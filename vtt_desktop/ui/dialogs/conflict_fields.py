"""The fields of a conflict in three versions: which of them matter, and how each reads. Pure, no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.merge import fields
from vtt_desktop.domain.timecode import format_time
from vtt_desktop.sync.body import Conflict, ConflictKind
from vtt_desktop.sync.state import SyncState


@dataclass(frozen=True, slots=True)
class FieldVersions:
    """One field as it was and as each side has it; None: that side has no cue at all."""

    field: str
    base: str | None
    mine: str | None
    theirs: str | None

    @property
    def clash(self) -> bool:
        """Whether both sides changed it, differently."""
        return self.mine != self.theirs and self.base not in (self.mine, self.theirs)

    @property
    def changed(self) -> bool:
        return not self.base == self.mine == self.theirs


def shown(field: str, cue: Cue | None, time_offset: int = 0) -> str | None:
    """A field's value as a person reads it, times `time_offset` ms later; None without a cue."""
    if cue is None:
        return None
    value = fields(cue).get(field, "")
    if isinstance(value, int):
        return format_time(value + time_offset)
    return cue.speaker if field == "speaker" else value


def versions(conflict: Conflict, time_offset: int = 0) -> list[FieldVersions]:
    """The text, which says which cue this is, and the fields that somebody changed, in reading order. Where
    one side has no cue, those that the other one changed: its times are in the headings anyway."""
    sides = (conflict.base, conflict.mine, conflict.theirs)
    names = dict.fromkeys(name for cue in sides if cue is not None for name in fields(cue))
    order = sorted(names, key=lambda name: _ORDER.get(name, 4))
    rows = [FieldVersions(name, *(shown(name, cue, time_offset) for cue in sides)) for name in order]
    there = [at for at, cue in enumerate(sides) if cue is not None]

    def differs(row: FieldVersions) -> bool:
        every = (row.base, row.mine, row.theirs)
        return len({every[at] for at in there}) > 1

    return [row for row in rows if row.field == "text" or differs(row)]


_ORDER = {"text": 0, "identifier": 1, "start": 2, "end": 3, "speaker": 5, "comment": 6}


def head_versions(sync: SyncState) -> list[FieldVersions]:
    """The header in conflict, and what stands after the last cue where that differs. Looks at every segment:
    for when the dialog shows the header, not for every change."""
    for segment in sync.segments.values():
        if any(conflict.kind is ConflictKind.HEAD for conflict in segment.conflicts):
            bodies = (segment.base, segment.mine, segment.theirs.body if segment.theirs else None)
            heads = [body.head if body is not None else None for body in bodies]
            rows = [
                FieldVersions("header", *(_text(head, "text") for head in heads)),
                FieldVersions("footer", *(_text(head, "tail") for head in heads)),
            ]
            return [row for row in rows if row.changed]
    return []


def _text(head: Head | None, part: str) -> str | None:
    return bytes(getattr(head, part)).decode("utf-8", "replace").strip() if head is not None else None
