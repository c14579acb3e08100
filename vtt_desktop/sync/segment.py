"""One segment under optimistic locking: what is known of it, and the phase that follows from that.

What happens to it is decided in `segment_step`, purely: no clock, no I/O, no task.
"""

from __future__ import annotations

from dataclasses import dataclass

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.many import quickly
from vtt_desktop.sync.body import Body, Conflict
from vtt_desktop.sync.phase import Phase as Phase

TAGS_KEPT = 32
BODIES_KEPT = 8
WAITS = "Not sent before the other part of the same edit is saved."
"""Why a segment that an edit took text from is not written yet."""
NO_VERSION = "The server shows no version (ETag) for this segment: nothing can be saved safely."
"""Why a segment is read-only until its version is shown (again)."""
STALE_BETWEEN = "The server refuses this version and then shows it again: something between is stale."
"""Why a segment is left alone until something else shows its version, or it is edited."""


@dataclass(frozen=True, slots=True)
class Version:
    """A body the server showed and the tag it showed it under; no body: it is not there (any more)."""

    body: Body | None
    etag: str | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A write that went out: what it said (None: a removal), under which tag, under which write id (empty:
    the backend knows no ids of writes, and a replay would tell nothing). `named`: the version that its answer
    named, without what the server made of it."""

    body: Body | None
    etag: str | None
    write_id: str = ""
    named: str | None = None

    def proved_by(self, etag: str | None) -> bool:
        """Whether an answer of success that shows this version proves it (I4): it has to be another one than
        it was sent under. Of a removal no answer shows anything; only a read does, that finds nothing."""
        return self.body is not None and etag is not None and etag != self.etag

    def is_as(self, other: Sent) -> bool:
        """Whether another write says the same, and this one can be asked about by its id."""
        return self.write_id != "" and (self.body, self.etag) == (other.body, other.etag)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person decided on one cue of several in conflict: `choice` (None: removed), of these sides."""

    id: int
    mine: Cue | None
    theirs: Cue | None
    choice: Cue | None

    def is_about(self, conflict: Conflict) -> bool:
        """Whether both sides are still those that it was decided on."""
        return (self.id, self.mine, self.theirs) == (conflict.id, conflict.mine, conflict.theirs)


@dataclass(frozen=True, slots=True)
class Given:
    """What an edit took from a segment: these words are in the segment `taker` now. `before` is what was said
    until then, where the server did not have it, or a write of ours may arrive over it. `there`: the server
    has that segment with them."""

    taker: str
    before: Body | None
    words: tuple[str, ...]
    there: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """All we know of one segment.

    `base` is exactly a state that the server once had and that `mine` was made from (I9), under `etag`;
    None: the server does not have it. `mine` None: removed here. `sent` is the one write whose answer
    has not been seen; `out` says whether a request is under way at this moment. `theirs` waits for a
    person to decide. `seen` is a newer version that was told of while a request was out. `unproven` are
    bodies that were sent under `etag` without an answer that proved anything: met on the server, they are
    ours; once another tag is held they can never arrive any more. `unseen` is the last of those writes whose
    answer nobody saw: the same write goes out again under its own id only. `doubt` is a version without a
    trace of it, until such a replay tells whether it had arrived. `past` are tags held before `etag`,
    `saved` those of them, and of `etag`, that were the answer to a save of ours.
    `was` is what the server had last of a segment that is not there any more, where its document held more
    than ours (that comes back with it) or a person decided that it shall be there again.
    `confirming`: the read is to make sure of something, and what it shows is believed.
    `again`: what was refused or forbidden may be sent once more, until an answer to it is here.
    `conflicts` is what a person has to decide, cue by cue, for as long as `theirs` waits; `chosen` is what is
    decided of it, until all of it is. `after` names the segments that got text which the same edit took from
    this one: until each is proved to be saved, this one is not written. `gave` is what each of them got,
    until this one is written.
    """

    key: str
    base: Body | None = None
    etag: str | None = None
    mine: Body | None = None
    sent: Sent | None = None
    out: bool = False
    theirs: Version | None = None
    refused: str = ""
    read_only: str = ""
    fetch: bool = False
    confirming: bool = False
    stale_tag: str | None = None
    seen: Version | None = None
    past: tuple[str, ...] = ()
    saved: tuple[str, ...] = ()
    unproven: tuple[Body, ...] = ()
    unseen: Sent | None = None
    doubt: Version | None = None
    was: Body | None = None
    again: bool = False
    conflicts: tuple[Conflict, ...] = ()
    chosen: tuple[Chosen, ...] = ()
    after: frozenset[str] = frozenset()
    gave: tuple[Given, ...] = ()

    @property
    def at_rest(self) -> bool:
        """Whether it is synced and nothing else is to be told of it, as nearly all are."""
        if self.mine is not self.base or self.sent is not None or self.theirs is not None:
            return False
        return self.doubt is None and not (self.out or self.refused or self.read_only or self.fetch)

    @property
    def phase(self) -> Phase:
        if self.theirs is not None:
            return Phase.GONE if self.theirs.body is None else Phase.CONFLICT
        if self.sent is not None:
            return Phase.SENDING if self.out else Phase.UNKNOWN
        if self.doubt is not None:
            return Phase.UNKNOWN
        if self.edited:
            return Phase.REFUSED if self.refused or self.read_only else Phase.DIRTY
        if self.refused:
            return Phase.REFUSED
        return Phase.READ_ONLY if self.read_only else Phase.SYNCED

    @property
    def of_head(self) -> bool:
        """Whether it is the document's head, which no desk removes: without it there is no file."""
        return any(body is not None and body.head is not None for body in (self.base, self.mine))

    @property
    def edited(self) -> bool:
        """Whether something else is said here than the server had."""
        return self.mine is not self.base and self.mine != self.base

    @property
    def due(self) -> bool:
        """Whether the machine wants to talk to the server."""
        if self.out or self.at_rest:
            return False
        if self.sent is not None or self.fetch or self.doubt is not None:
            return True
        if self.theirs is not None:
            return False
        barred = bool(self.refused or self.read_only) and not (self.again and self.read_only != NO_VERSION)
        return self.edited and not (barred or self.after)

    @property
    def reads_first(self) -> bool:
        """Whether the next request is a read."""
        return self.sent is not None or self.fetch or (self.base is not None and self.etag is None)

    @property
    def in_step(self) -> bool:
        """Whether all that is said here is proved to be on the server."""
        waits = self.sent is not None or self.theirs is not None or self.doubt is not None
        return not (self.edited or waits)

    @property
    def in_question(self) -> bool:
        """Whether what the server has of it is to be read, or a person's to decide."""
        return self.fetch or self.theirs is not None

    @property
    def nowhere(self) -> bool:
        """Neither here nor there, and nothing to be said about it: it can be forgotten."""
        if self.mine is not None or self.base is not None:
            return False
        return not (self.due or self.out or self.refused or self.theirs is not None)

    @property
    def stored(self) -> tuple[object, ...]:
        """What is worth a row: of `mine` the document tells all but whether it is there and its sort key."""
        order = self.mine.order if self.mine is not None else None
        others = self.base.others if self.base is not None else None
        writes = (self.sent, self.unseen)
        known = (self.base, others, self.was, self.etag, order, writes, self.theirs, self.chosen)
        return (
            *known,
            self.refused,
            self.read_only,
            self.fetch,
            self.doubt is not None,
            self.after,
            self.gave,
        )


made_segment = quickly(Segment)
"""`Segment(…)`, where thousands are made at once."""
