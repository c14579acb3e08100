"""Undo and redo that are yours: each step is rebased over colleagues' changes, or says why it cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from enum import Enum

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Change, Document, Snapshot
from vtt_desktop.domain.edit import CueChange, Edit, HeadChange, joined
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.merge import merge_cue
from vtt_desktop.domain.observe import Signal
from vtt_desktop.domain.timecode import format_time

PAUSE = 1.0
"""Seconds without typing after which a new undo step begins."""
_SHORT = 40
"""Characters of a cue that is named by its words."""


class Step(Enum):
    """What happened to the two stacks, so that a journal can tell it again."""

    DID = "did"
    JOINED = "joined"
    UNDID = "undid"
    REDID = "redid"


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """A step and the edit that was applied for it."""

    step: Step
    edit: Edit


class History:
    """The road of every edit that a person makes. Edits with origin REMOTE or DISK go past it.

    `clock` gives seconds that only ever grow; it decides where one burst of typing ends. `as_one` is held
    from a step's change of the document to the word about it: what is written down of both is of one piece.
    `one_group` is held during a group.
    """

    def __init__(
        self,
        document: Document,
        clock: Callable[[], float],
        as_one: Callable[[], AbstractContextManager[None]] = nullcontext,
        one_group: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._document = document
        self._clock = clock
        self._as_one = as_one
        self._one_group = one_group
        self._undo: list[Edit] = []
        self._redo: list[Edit] = []
        self._last_at = float("-inf")
        self._open: tuple[str, bool] | None = (
            None  # label of the group being made, and whether it has its first edit
        )
        self._groups = 0
        self.changed: Signal[HistoryEvent] = Signal()

    @property
    def undo_label(self) -> str | None:
        """What undo would take back, or None."""
        return self._undo[-1].label if self._undo else None

    @property
    def redo_label(self) -> str | None:
        """What redo would do again, or None."""
        return self._redo[-1].label if self._redo else None

    @property
    def position(self) -> object:
        """Where in the history the document stands: the same object again means the same steps done."""
        return self._undo[-1] if self._undo else None

    @property
    def labels(self) -> tuple[str, ...]:
        """The steps that can be undone, oldest first."""
        return tuple(edit.label for edit in self._undo)

    def do(self, edit: Edit) -> Change | None:
        """Applies a person's edit and remembers it. An edit without changes is nothing at all."""
        if not edit.changes:
            return None
        if self._open is not None:
            edit = replace(edit, group=f"group {self._groups}")
        with self._as_one():
            change = self._document.apply(edit)
            self.changed.emit(self._remember(change.edit))
        return change

    @contextmanager
    def group(self, label: str, onto: object = None) -> Iterator[None]:
        """All edits made inside become one undo step. Groups in groups join the outermost. `onto`: one with
        the step that ended at this `position`, where nothing was done since."""
        if self._open is not None:
            yield
            return
        self._open = (label, onto is not None and onto is self.position and not self._redo)
        self._groups += 1
        try:
            with self._one_group():
                yield
        finally:
            self._open = None
            self.seal()

    def seal(self) -> None:
        """Ends the burst: what comes next is an undo step of its own (caret moved, focus left, a paste)."""
        self._last_at = float("-inf")

    def undo(self) -> Change | None:
        """Takes the last step back; None when there is none.

        UserError, and nothing changed, where somebody changed the same thing since.
        """
        return self._step_back(self._undo, self._redo, Step.UNDID, "undo")

    def redo(self) -> Change | None:
        """Does the last undone step again; None when there is none. UserError as for `undo`."""
        return self._step_back(self._redo, self._undo, Step.REDID, "redo")

    def restore(self, event: HistoryEvent) -> None:
        """Tells the stacks of a step that the document already has: how a journal brings them back."""
        if event.step is Step.DID:
            self._undo.append(event.edit)
            self._redo.clear()
        elif event.step is Step.JOINED:
            self._undo[-1] = joined(self._undo[-1], event.edit)
        elif event.step is Step.UNDID:
            self._undo.pop()
            self._redo.append(event.edit)
        else:
            self._redo.pop()
            self._undo.append(event.edit)

    def _remember(self, edit: Edit) -> HistoryEvent:
        now = self._clock()
        if self._open is not None:
            label, begun = self._open
            self._open = (label, True)
            event = HistoryEvent(Step.JOINED if begun else Step.DID, replace(edit, label=label))
        else:
            same_burst = bool(edit.group) and bool(self._undo) and self._undo[-1].group == edit.group
            fresh = not same_burst or now - self._last_at > PAUSE or bool(self._redo)
            event = HistoryEvent(Step.DID if fresh else Step.JOINED, edit)
        self._last_at = now
        self.restore(event)
        return event

    def _step_back(self, source: list[Edit], target: list[Edit], step: Step, verb: str) -> Change | None:
        if not source:
            return None
        with self._as_one():
            change = self._document.take_back(source[-1])
            if change is None:
                change = self._document.apply(rebased(source[-1].inverse(), self._document.snapshot, verb))
            self.seal()
            source.pop()
            target.append(change.edit)
            self.changed.emit(HistoryEvent(step, change.edit))
        return change


def rebased(edit: Edit, snapshot: Snapshot, verb: str) -> Edit:
    """The same intent on top of what the document is now; UserError where someone's change is in the way."""
    now: dict[int, Cue | None] = {}
    find = snapshot.cues.finder()
    head = snapshot.head
    if not edit.structural and len(edit.ids) == len(edit.changes):
        # Cues changed once each, mostly all of them or one, and mostly nobody else did anything since.
        for change in edit.changes:
            if isinstance(change, CueChange):
                before = change.before
                if before is None or find(before.id) is not before:
                    break
        else:
            return edit
    changes: list[CueChange | HeadChange] = []
    for change in edit.changes:
        if isinstance(change, HeadChange):
            if head != change.before:
                raise _in_the_way(edit, verb, "the header")
            head = change.after
            changes.append(change)
            continue
        cue_id = change.id
        current = now[cue_id] if cue_id in now else find(cue_id)
        if current is not change.before:
            change = _rebased_change(change, current, edit, verb, snapshot)
        now[cue_id] = change.after
        changes.append(change)
    return replace(edit, changes=tuple(changes))


def _rebased_change(
    change: CueChange, current: Cue | None, edit: Edit, verb: str, snapshot: Snapshot
) -> CueChange:
    if current == change.before:
        return replace(change, before=current)
    if current is None:
        gone = change.before or change.after
        assert gone is not None
        raise _in_the_way(edit, verb, f"the cue {_described(gone)}", "removed")
    if change.before is None or change.after is None:
        raise _in_the_way(edit, verb, _name(current, snapshot))
    merged = merge_cue(change.before, current, change.after)
    if not merged.clean:
        names = ", ".join(conflict.field for conflict in merged.conflicts)
        raise _in_the_way(edit, verb, f"the {names} of {_name(current, snapshot)}")
    return CueChange(current, merged.cue)


def _name(cue: Cue, snapshot: Snapshot) -> str:
    """A cue as a person finds it: by its number; one that is gone by what it said."""
    return f"cue {snapshot.cues.index_of(cue.id) + 1}" if snapshot.cues.has(cue.id) else _described(cue)


def _described(cue: Cue) -> str:
    said = " ".join(cue.text.split())
    short = said if len(said) <= _SHORT else f"{said[: _SHORT - 1]}…"
    return f"“{short}” at {format_time(cue.start)}" if short else f"at {format_time(cue.start)}"


def _in_the_way(edit: Edit, verb: str, what: str, did: str = "changed") -> UserError:
    return UserError(
        f"Cannot {verb} “{edit.label}”: someone {did} {what} since.",
        "Their change was kept; edit the cue by hand if you want yours."
        if did == "changed"
        else "Insert it again if you want it back.",
    )
