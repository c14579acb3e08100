"""An edit: intent as data. Undo entry, announcement, journal row and what to send are this one value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from vtt_desktop.domain.cue import Cue

FIRST = 0
"""As a `CueChange.follows`: before all other cues. No cue has this id."""


class Origin(Enum):
    """Who started an edit."""

    USER = "user"
    HISTORY = "history"
    REMOTE = "remote"
    DISK = "disk"


@dataclass(frozen=True, slots=True)
class Head:
    """All before the first cue (signature line, header lines, STYLE and REGION blocks) and all after
    the last one, as bytes. A format other than WebVTT keeps there what it needs to be written again."""

    text: bytes = b""
    tail: bytes = b""


@dataclass(frozen=True, slots=True)
class CueChange:
    """One cue changed (both given), inserted (`before` is None) or removed (`after` is None).

    `follows` is the id of the cue that the inserted one stands behind, or that the removed one stood
    behind; `FIRST` for the beginning. Changes of an edit apply one after the other.
    """

    before: Cue | None
    after: Cue | None
    follows: int = FIRST

    @property
    def id(self) -> int:
        cue = self.after or self.before
        assert cue is not None
        return cue.id

    def inverse(self) -> CueChange:
        return made_change(self.after, self.before, self.follows)


class _Open:
    """A change in the making: the slots of `CueChange` without its guard (see `cue.made_cue`)."""

    __slots__ = ("after", "before", "follows")

    def __init__(self, before: Cue | None, after: Cue | None, follows: int) -> None:
        self.before = before
        self.after = after
        self.follows = follows


def made_change(before: Cue | None, after: Cue | None, follows: int = FIRST) -> CueChange:
    """`CueChange(…)` in half the time, where a hundred thousand are made at once."""
    made = _Open(before, after, follows)
    made.__class__ = CueChange  # type: ignore[assignment]  # the slots are the same, which Python checks here
    return made  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class HeadChange:
    """The head of the document changed."""

    before: Head
    after: Head

    def inverse(self) -> HeadChange:
        return HeadChange(self.after, self.before)


@dataclass(frozen=True)  # no slots: what every view asks of an edit is worked out once
class Edit:
    """Changes that belong together, with a name for the undo list.

    `group` names what a following edit may join in one undo step (typing in one cue, say);
    an empty one joins nothing.
    """

    label: str
    changes: tuple[CueChange | HeadChange, ...]
    origin: Origin = Origin.USER
    group: str = ""

    @property
    def cue_changes(self) -> Iterable[CueChange]:
        return (change for change in self.changes if isinstance(change, CueChange))

    @cached_property
    def ids(self) -> frozenset[int]:
        """Ids of the cues that the edit touches."""
        parts = [c.after or c.before for c in self.changes if isinstance(c, CueChange)]
        return frozenset([cue.id for cue in parts if cue is not None])

    @cached_property
    def structural(self) -> bool:
        """Whether cues come or go, so that rows move."""
        for change in self.changes:  # there may be 100,000: no generators
            if isinstance(change, CueChange) and (change.before is None or change.after is None):
                return True
        return False

    @cached_property
    def of_head(self) -> bool:
        """Whether the head of the document changes."""
        for change in self.changes:
            if isinstance(change, HeadChange):
                return True
        return False

    @property
    def in_place(self) -> Sequence[tuple[Cue, Cue]] | None:
        """What each cue was and is, in order, where cues only change; None of an edit that does more."""
        if self.structural or self.of_head:
            return None
        return [(change.before, change.after) for change in self.changes]  # type: ignore[misc]  # `structural`

    @cached_property
    def of_times(self) -> bool:
        """Whether all that changes is when cues show."""
        return all(
            before.text is after.text
            and before.identifier is after.identifier
            and before.settings is after.settings
            and before.lead is after.lead
            for before, after in self.in_place or ()
        ) and not (self.structural or self.of_head)

    def inverse(self) -> Edit:
        """The edit that takes this one back, where nothing has happened since."""
        changes = tuple(
            [
                made_change(one.after, one.before, one.follows)
                if isinstance(one, CueChange)
                else one.inverse()
                for one in reversed(self.changes)
            ]
        )
        back = Edit(self.label, changes, Origin.HISTORY)
        # What was worked out of the one holds for the other.
        vars(back).update((name, vars(self)[name]) for name in _ALIKE if name in vars(self))
        return back


_ALIKE = ("ids", "structural", "of_head", "of_times")
"""What holds for an edit holds for its inverse."""


def joined(first: Edit, second: Edit) -> Edit:
    """Both as one edit under the first one's label: the same cue typed in twice becomes one change."""
    changes = list(first.changes)
    for change in second.changes:
        last = changes[-1] if changes else None
        if (
            isinstance(last, CueChange)
            and isinstance(change, CueChange)
            and last.id == change.id
            and None not in (last.before, last.after, change.before, change.after)
        ):
            changes[-1] = CueChange(last.before, change.after)
        elif isinstance(last, HeadChange) and isinstance(change, HeadChange):
            changes[-1] = HeadChange(last.before, change.after)
        else:
            changes.append(change)
    return Edit(first.label, tuple(changes), first.origin, second.group)
