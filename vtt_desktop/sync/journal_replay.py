"""What a journal says when it is read again: the document as it was, and the steps that can be taken back.

The log has of a changed cue only the fields that differ. The rest follows from the checkpoint: forward
through the edits after it to the document of today, backward through those before it to their cues of then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot, applied
from vtt_desktop.domain.edit import CueChange, Edit, Head, HeadChange
from vtt_desktop.domain.history import HistoryEvent, Step
from vtt_desktop.sync.journal_rows import Difference, PackedEdit, cue_ids, kept
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.sync_log import LogLine

STEPS_KEPT = 5000
"""Entries of the log that are kept for undo after a restart."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a journal brings back. `events` go through `History.restore` in their order."""

    meta: Mapping[str, str]
    snapshot: Snapshot
    next_id: int
    events: tuple[HistoryEvent, ...]
    segments: tuple[Segment, ...]
    told: tuple[LogLine, ...] = ()
    """The sync log."""


# What can be asked to be written down -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PutMeta:
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    snapshot: Snapshot
    next_id: int


@dataclass(frozen=True, slots=True)
class Append:
    """An edit for the log; `step` is None for one that no person here made."""

    step: Step | None
    edit: Edit


@dataclass(frozen=True, slots=True)
class PutSegments:
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class DropSegment:
    key: str


@dataclass(frozen=True, slots=True)
class Tell:
    """A line of the sync log, and the number of the one that goes for it (0: none)."""

    line: LogLine
    dropped: int = 0


Command = PutMeta | Checkpoint | Append | PutSegments | DropSegment | Tell


@dataclass(slots=True)
class Contents:
    """All that the file holds, as values. They are those of the document and its history, shared, not copied:
    so a file that was deleted or damaged under us is written again whole."""

    meta: dict[str, str] = field(default_factory=dict)
    checkpoint: Checkpoint | None = None
    log: list[Append] = field(default_factory=list)
    after_checkpoint: int = 0
    """Entries at the end of `log` that the checkpoint does not have."""
    segments: dict[str, Segment] = field(default_factory=dict)
    told: dict[int, LogLine] = field(default_factory=dict)

    def take(self, command: Command) -> None:
        """Follows what was written."""
        match command:
            case PutMeta(key, value):
                self.meta[key] = value
            case Checkpoint():
                self.checkpoint = command
                self.after_checkpoint = 0
            case Append():
                self.log.append(command)
                self.after_checkpoint += 1
            case PutSegments(segments):
                self.segments.update((s.key, s) for s in segments)
            case DropSegment(key):
                self.segments.pop(key, None)
            case Tell(line, dropped):
                self.told[line.number] = line
                self.told.pop(dropped, None)

    def commands(self) -> list[Command]:
        """What to write into an empty file to have all this."""
        before = len(self.log) - self.after_checkpoint
        found: list[Command] = [PutMeta(key, value) for key, value in self.meta.items()]
        found += self.log[:before]
        if self.checkpoint is not None:
            found.append(self.checkpoint)
        found += self.log[before:]
        if self.segments:
            found.append(PutSegments(tuple(self.segments.values())))
        found += map(Tell, self.told.values())
        return found

    def recovered(self) -> Recovered:
        """As the next start wants it."""
        snapshot, next_id = Snapshot(), 1
        if self.checkpoint is not None:
            snapshot, next_id = self.checkpoint.snapshot, self.checkpoint.next_id
        for entry in islice(self.log, len(self.log) - self.after_checkpoint, None):
            snapshot = applied(snapshot, entry.edit)
        used = [c.id for entry in self.log for c in entry.edit.cue_changes if c.before is None]
        used += [cue_id for segment in self.segments.values() for cue_id in cue_ids(segment)]
        for line in self.told.values():  # put back, a cue must meet no other one of its id
            cues = (cue for one in line.others for cue in (one.before, one.after) if isinstance(cue, Cue))
            used += [line.cue_id, *(cue.id for cue in cues)]
        mine = [(entry.step, entry.edit) for entry in self.log if entry.step is not None]
        start = cut([step for step, _ in mine])
        return Recovered(
            dict(self.meta),
            snapshot,
            max(next_id, max(used, default=0) + 1),
            tuple(HistoryEvent(step, edit) for step, edit in mine[start:]),
            tuple(kept(segment) for segment in self.segments.values()),
            tuple(self.told.values()),
        )


def cut(steps: Sequence[Step | None], keep: int = STEPS_KEPT, at_least: int = 0) -> int:
    """Where the log may begin so that the stacks stay right: no step after it needs one before it.

    At most `keep` entries stay, and none before the index `at_least`.
    """
    born: list[int] = []  # for each step, the oldest one that its undo entry is made of
    undo: list[int] = []
    redo: list[int] = []
    for i, step in enumerate(steps):
        if step is Step.DID:
            undo.append(i)
            redo.clear()
        elif step is Step.UNDID:
            redo.append(undo.pop() if undo else -1)
        elif step is Step.REDID:
            undo.append(redo.pop() if redo else -1)
        if step is None:
            born.append(i)
        elif step is Step.UNDID:
            born.append(redo[-1])
        else:
            born.append(undo[-1] if undo else -1)
    wanted = max(0, len(steps) - keep, at_least)
    best = oldest = len(steps)
    for i in range(len(steps) - 1, wanted - 1, -1):
        oldest = min(oldest, born[i])
        if oldest >= i:
            best = i
    return best


class Walk:
    """Cues by id at one place of the log, moving along it from the checkpoint."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._moved: dict[int, Cue | None] = {}
        self._find = snapshot.cues.finder()
        self._head: Head = snapshot.head

    def _get(self, cue_id: int) -> Cue | None:
        return self._moved[cue_id] if cue_id in self._moved else self._find(cue_id)

    def forward(self, packed: PackedEdit) -> Edit:
        """The edit whole, where the document stands just before it.

        It always fits: what a person wrote counts, also where the log has a hole before it.
        """
        changes: list[CueChange | HeadChange] = []
        for change in packed.changes:
            if isinstance(change, HeadChange):
                changes.append(HeadChange(self._head, change.after))
                self._head = change.after
                continue
            now = self._get(change.id)
            if isinstance(change, Difference):
                if now is None:
                    continue
                fresh = CueChange(now, change.after(now), change.follows)
            elif now is None and change.after is None:
                continue
            else:
                fresh = CueChange(now, change.after, change.follows)
            self._moved[change.id] = fresh.after
            changes.append(fresh)
        return Edit(packed.label, tuple(changes), packed.origin, packed.group)

    def backward(self, packed: PackedEdit) -> Edit | None:
        """The edit whole, where the document stands just after it; None where it does not fit there."""
        changes: list[CueChange | HeadChange] = []
        for change in reversed(packed.changes):
            if isinstance(change, HeadChange):
                if change.after != self._head:
                    return None
                self._head = change.before
                changes.append(change)
                continue
            now = self._get(change.id)
            if isinstance(change, Difference):
                was = change.before(now) if now is not None else None
                if was is None:
                    return None
                whole = CueChange(was, now, change.follows)
            elif now != change.after:
                return None
            else:
                whole = replace(change, after=now)
            self._moved[change.id] = whole.before
            changes.append(whole)
        return Edit(packed.label, tuple(reversed(changes)), packed.origin, packed.group)
