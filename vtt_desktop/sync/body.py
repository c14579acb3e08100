"""What a segment says, and the three-way merge of two sides of it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import NamedTuple, Protocol

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.many import quickly
from vtt_desktop.domain.matching import matched
from vtt_desktop.domain.merge import FieldConflict, merge_cue
from vtt_desktop.domain.merge_head import merge_head
from vtt_desktop.sync.ports import Frame


@dataclass(frozen=True, slots=True)
class Body:
    """A segment's content: its cues in order, or the document's head; and its place among the others.

    `wire` is how the backend holds it, exactly: two bodies are the same when their wire and their
    `order` (the backend's sort key, empty where it has none) are. What was read from it (`cues`, or
    `head`) follows from the wire. `frame` is what stands around the cue blocks.
    """

    wire: str
    order: str = ""
    cues: tuple[Cue, ...] = field(default=(), compare=False)
    head: Head | None = field(default=None, compare=False)
    frame: Frame = field(default_factory=Frame, compare=False)
    others: str | None = field(default=None, compare=False)
    """What else the document held on the server, as JSON; empty: nothing; None: it was not read there."""

    @property
    def empty(self) -> bool:
        """Whether it holds no cues, and should."""
        return not self.cues and self.head is None


def by_id(body: Body | None) -> dict[int, Cue]:
    """The cues of a body; none where there is no body."""
    return {cue.id: cue for cue in body.cues} if body is not None else {}


made_body = quickly(Body)
"""`Body(…)`, where thousands are read."""


def same_cues(one: tuple[Cue, ...], other: tuple[Cue, ...]) -> bool:
    """Whether they say the same, and were read from the same bytes: by value, since what a journal brings
    back is the same without being the same object."""
    if len(one) != len(other):
        return False
    return all(a is b or (a == b and a.source == b.source) for a, b in zip(one, other, strict=True))


class MakeBody(Protocol):
    """Writes cues or a head as the backend holds them: a profile's codec."""

    def __call__(self, cues: tuple[Cue, ...], head: Head | None, order: str, frame: Frame) -> Body: ...


class ConflictKind(Enum):
    """What both sides did."""

    EDIT = "edit"
    """Both changed one field differently."""
    REMOVED_THERE = "removed-there"
    """Changed here, removed there."""
    REMOVED_HERE = "removed-here"
    """Removed here, changed there."""
    HEAD = "head"
    """Both changed the document's head."""
    REVERTED = "reverted"
    """Sent from here without seeing the answer, and the server has a new version without what was sent."""
    TAKEN_BACK = "taken-back"
    """Saved from here, and the server shows a version again that was there before."""


class Heads(NamedTuple):
    """The document's head as text (what stands after the last cue at its end), as it was and on both sides.
    None: not there."""

    base: str | None
    mine: str | None
    theirs: str | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """One cue (or the head, with id 0) that needs a person: what it was, what each side made of it.

    Of the head `heads` tells that, and no cue stands for it: it is decided as `ConflictKind.HEAD` only.
    """

    id: int
    base: Cue | None
    mine: Cue | None
    theirs: Cue | None
    kind: ConflictKind
    fields: tuple[FieldConflict, ...] = ()
    heads: Heads | None = field(default=None, compare=False)

    @property
    def keep_mine(self) -> Cue | None:
        """What “keep mine” makes of it: mine where both changed a field, else what either side changed."""
        return self._decided(self.mine, self.theirs)

    @property
    def take_theirs(self) -> Cue | None:
        """What “take theirs” makes of it: theirs where both changed a field, else either's change."""
        return self._decided(self.theirs, self.mine)

    def _decided(self, chosen: Cue | None, other: Cue | None) -> Cue | None:
        if self.kind in (ConflictKind.REVERTED, ConflictKind.TAKEN_BACK):
            return chosen
        if self.base is None or chosen is None or other is None:
            return chosen
        return merge_cue(self.base, chosen, other).cue


def head_conflict(base: Body | None, mine: Body | None, theirs: Body | None) -> Conflict:
    """The conflict on the document's head between these sides of its segment."""
    heads = Heads(_head_text(base), _head_text(mine), _head_text(theirs))
    return Conflict(0, None, None, None, ConflictKind.HEAD, heads=heads)


def _head_text(body: Body | None) -> str | None:
    head = body.head if body is not None else None
    return (head.text + head.tail).decode("utf-8", "replace") if head is not None else None


@dataclass(frozen=True, slots=True)
class BodyMerge:
    """A merged body; on what is in conflict it has mine. `took` tells in words what came from theirs."""

    body: Body
    conflicts: tuple[Conflict, ...] = ()
    took: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        return not self.conflicts


def identified(
    theirs: Iterable[Cue], base: Iterable[Cue], added: Iterable[Cue], new_id: Callable[[], int]
) -> tuple[Cue, ...]:
    """Cues from the wire under our ids.

    Matched to the cues that the server had (`base`: those that were removed here since, too), one that says
    the very same as one that we `added` to that. What fits none of them is new.
    """
    theirs, base, added = tuple(theirs), tuple(base), tuple(added)
    known = base or added
    if not known:
        return tuple([cue.called(new_id()) for cue in theirs])
    if len(theirs) == len(known) == 1:
        return (theirs[0].called(known[0].id),)
    return matched(theirs, base, new_id, added)


def merge_bodies(base: Body, mine: Body, theirs: Body, make: MakeBody) -> BodyMerge:
    """Three-way merge of a segment: cues matched by id, each merged field by field.

    An insertion on one side and an edit of another cue on the other side are no conflict; an edit
    against a removal is, in both directions.
    """
    if mine == theirs:
        return BodyMerge(mine)
    if mine == base:
        return BodyMerge(theirs, took=("all of it",))
    if theirs == base:
        return BodyMerge(mine)
    if base.head is not None or mine.head is not None or theirs.head is not None:
        return _merge_heads(base, mine, theirs, make)
    b, m, t = ({cue.id: cue for cue in body.cues} for body in (base, mine, theirs))
    conflicts: list[Conflict] = []
    took: list[str] = []
    merged: dict[int, Cue] = {}
    for cue_id in dict.fromkeys([*m, *t]):
        cue, conflict, words = _merge_one(b.get(cue_id), m.get(cue_id), t.get(cue_id))
        if cue is not None:
            merged[cue_id] = cue
        if conflict is not None:
            conflicts.append(conflict)
        took.extend(words)
    order, frame = mine.order, mine.frame
    if mine.order == base.order != theirs.order:
        order = theirs.order
        took.append("its place")
    if mine.frame == base.frame:
        frame = theirs.frame
    first, second = mine.cues, theirs.cues
    if _same_order(base.cues, mine.cues) and not _same_order(base.cues, theirs.cues):
        first, second = second, first
        took.append("the order of cues")
    cues = tuple(merged[i] for i in sequence(first, second, merged))
    body = make(cues, None, order, frame)
    return BodyMerge(body, tuple(conflicts), tuple(dict.fromkeys(took)))


def _merge_one(
    was: Cue | None, ours: Cue | None, other: Cue | None
) -> tuple[Cue | None, Conflict | None, tuple[str, ...]]:
    """One cue on both sides: what it becomes (None: it goes), the conflict, what came from theirs."""
    if ours is not None and other is not None:
        if was is None:  # both inserted it
            conflict = Conflict(ours.id, None, ours, other, ConflictKind.EDIT)
            return ours, conflict if ours != other else None, ()
        result = merge_cue(was, ours, other)
        found = Conflict(ours.id, was, ours, other, ConflictKind.EDIT, result.conflicts)
        return result.cue, None if result.clean else found, result.took
    if ours is not None:
        if was is None:
            return ours, None, ()
        if ours == was:
            return None, None, ("a removal",)
        return ours, Conflict(ours.id, was, ours, None, ConflictKind.REMOVED_THERE), ()
    if other is not None:
        if was is None:
            return other, None, ("a new cue",)
        if other != was:
            return None, Conflict(other.id, was, None, other, ConflictKind.REMOVED_HERE), ()
    return None, None, ()


def sequence(first: tuple[Cue, ...], second: tuple[Cue, ...], kept: Container[int]) -> list[int]:
    """The first's ids in its order, and each of the second's that it lacks behind what it follows there."""
    order = [cue.id for cue in first if cue.id in kept]
    known, at = set(order), 0
    behind: dict[int, list[int]] = {}
    for cue in second:
        if cue.id in known:
            at = cue.id
        elif cue.id in kept:
            behind.setdefault(at, []).append(cue.id)
    return [*behind.get(0, ()), *(i for one in order for i in (one, *behind.get(one, ())))]


def _same_order(one: tuple[Cue, ...], other: tuple[Cue, ...]) -> bool:
    """Whether the cues that both have stand in one order."""
    here, there = {cue.id for cue in one}, {cue.id for cue in other}
    return [cue.id for cue in one if cue.id in there] == [cue.id for cue in other if cue.id in here]


def _merge_heads(base: Body, mine: Body, theirs: Body, make: MakeBody) -> BodyMerge:
    was, ours, other = base.head or Head(), mine.head or Head(), theirs.head or Head()
    head, took, clean = ours, [], True
    for name in ("text", "tail"):
        before, here, there = (getattr(side, name) for side in (was, ours, other))
        if here == before != there:
            head = replace(head, **{name: there})
            took.append("the header")
        elif before not in (here, there) and here != there:
            merged, apart = merge_head(before, here, there) if name == "text" else (here, False)
            head = replace(head, **{name: merged})
            took += ["the header"] * (merged != here)
            clean = clean and apart
    conflicts = () if clean else (head_conflict(base, mine, theirs),)
    order = theirs.order if mine.order == base.order else mine.order
    return BodyMerge(make((), head, order, Frame()), conflicts, tuple(dict.fromkeys(took)))
