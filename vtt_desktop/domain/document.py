"""The document: one immutable snapshot at a time, and one way to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_draft import CueDraft
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.edit import FIRST, CueChange, Edit, Head, Origin
from vtt_desktop.domain.errors import StaleEditError
from vtt_desktop.domain.observe import Signal


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A document as it was at one instant: safe to hand to a worker, to diff, to keep."""

    head: Head = field(default_factory=Head)
    cues: CueList = field(default_factory=lambda: CueList.of(()))

    def follows(self, cue_id: int) -> int:
        """Id of the cue before this one, or `FIRST`."""
        index = self.cues.index_of(cue_id)
        return self.cues[index - 1].id if index else FIRST


@dataclass(frozen=True, slots=True)
class Change:
    """What `Document.changed` announces: the edit as applied, and the snapshots around it."""

    edit: Edit
    old: Snapshot
    new: Snapshot


Fit = Callable[[Edit, Snapshot, Snapshot], Edit]
"""(edit, before, after) → the edit, or another."""


def applied(snapshot: Snapshot, edit: Edit) -> Snapshot:
    """The snapshot after `edit`; StaleEditError where it was made from something else."""
    before, after = vars(edit).pop(_FORESEEN, (None, None))
    if before is snapshot and isinstance(after, Snapshot):
        return after
    cues, head = snapshot.cues, snapshot.head
    if (in_place := edit.in_place) is not None:
        try:
            return Snapshot(head, cues.changed(in_place))
        except KeyError as error:
            raise _stale(edit, error) from None
    run: list[tuple[Cue, Cue]] = []  # changes in place, carried out together: there may be 100,000 of them
    draft: CueDraft | None = None
    try:
        for change in edit.changes:
            if not isinstance(change, CueChange):
                if change.before != head:
                    raise StaleEditError(f"{edit.label}: the head has changed since")
                head = change.after
                continue
            before, after = change.before, change.after
            if before is not None and after is not None:
                if draft is None:
                    run.append((before, after))
                else:
                    draft.change(before, after)
                continue
            if draft is None:
                draft = CueDraft(cues.changed(run))
            if after is not None:
                draft.insert(after, change.follows)
            elif before is not None:
                draft.remove(before)
        cues = draft.done() if draft is not None else cues.changed(run)
    except KeyError as error:
        raise _stale(edit, error) from None
    return Snapshot(head, cues)


_FORESEEN = "_foreseen"
"""Where an edit carries what it makes of one snapshot, until it is applied: else it would keep both alive."""


def foreseen(snapshot: Snapshot, edit: Edit) -> Edit:
    """The same edit; what the loop would have to work out when it is applied to this very snapshot is there
    already. For who makes an edit of thousands of cues in a worker."""
    for worked_out_once in ("ids", "of_times"):
        getattr(edit, worked_out_once)
    vars(edit)[_FORESEEN] = (snapshot, applied(snapshot, edit))
    return edit


def _stale(edit: Edit, error: KeyError) -> StaleEditError:
    return StaleEditError(f"{edit.label}: cue {error.args[0]} has changed since")


class Document:
    """Holds the snapshot. `apply` is the only way in and announces once, to `changed`."""

    def __init__(self, snapshot: Snapshot | None = None, next_id: int | None = None) -> None:
        self._snapshot = snapshot or Snapshot()
        self._next_id = next_id or max(self._snapshot.cues.ids, default=0) + 1
        self._announcing = False
        self._last: Change | None = None
        self.changed: Signal[Change] = Signal()
        self.fit: Fit | None = None
        """What is to be applied instead of an edit that makes or moves cues, where somebody holds the cues in
        an order of their own; not asked about a colleague's change."""

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    @property
    def next_id(self) -> int:
        """The id that the next new cue will get."""
        return self._next_id

    def new_id(self) -> int:
        """An id that no cue of this document has or had."""
        self._next_id += 1
        return self._next_id - 1

    def apply(self, edit: Edit) -> Change:
        """Applies an edit and tells all observers, who must not edit in turn (law 2).

        Gives what was applied: the edit, or what `fit` made of it.
        StaleEditError where the edit was made from an older snapshot and does not fit any more.
        """
        self._must_not_announce(edit)
        before, after = self._snapshot, applied(self._snapshot, edit)
        if self.fit is not None and edit.structural and edit.origin is not Origin.REMOTE:
            fitted = self.fit(edit, before, after)
            if fitted is not edit:
                edit, after = fitted, applied(before, fitted)
        if edit.structural:
            newest = max((c.id for c in edit.cue_changes if c.before is None), default=0)
            self._next_id = max(self._next_id, newest + 1)
        return self._became(Change(edit, before, after))

    def take_back(self, edit: Edit) -> Change | None:
        """Applies the inverse of an edit as `apply` does, where that is what was applied last and no cue came
        or went; else None, and nothing is changed. The document before it is known: there is nothing to be
        compared or made, be it 100,000 cues."""
        last = self._last
        if last is None or last.edit is not edit or edit.structural:
            return None
        self._must_not_announce(edit)
        return self._became(Change(edit.inverse(), last.new, last.old))

    def _must_not_announce(self, edit: Edit) -> None:
        if self._announcing:
            raise RuntimeError(f"{edit.label}: an observer tried to edit while being told of an edit")

    def _became(self, change: Change) -> Change:
        self._snapshot, self._last = change.new, change
        self._announcing = True
        try:
            self.changed.emit(change)
        finally:
            self._announcing = False
        return change
