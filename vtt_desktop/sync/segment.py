"""One segment under optimistic locking: a pure machine, `step(segment, event) → (segment, actions)`.

No clock, no I/O, no task: the engine brings events and carries actions out, a test brings every order
of events that a network can produce. The rules are numbered as in ARCHITECTURE.md, "Rules of saving".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from vtt_desktop.sync.body import Body, Conflict, ConflictKind, MakeBody, merge_bodies

TAGS_KEPT = 8


class Phase(Enum):
    """What a badge shows. Derived from a segment, never stored."""

    LOCAL = "local"
    SYNCED = "synced"
    DIRTY = "dirty"
    SENDING = "sending"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"
    GONE = "gone"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Version:
    """A body the server showed and the tag it showed it under; no body: it is not there (any more)."""

    body: Body | None
    etag: str | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A write that went out: what it said (None: a removal), under which tag, under which write id."""

    body: Body | None
    etag: str | None
    write_id: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """All we know of one segment.

    `base` is exactly a state that the server once had and that `mine` was made from (I9), under `etag`;
    None: the server does not have it. `mine` None: removed here. `sent` is the one write whose answer
    has not been seen; `out` says whether a request is under way at this moment. `theirs` waits for a
    person to decide. `seen` is a newer version that was told of while a write was out. `unproven` are
    bodies that were sent without an answer that proved anything: met again on the server, they are ours.
    `conflicts` is what a person has to decide, cue by cue, for as long as `theirs` waits.
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
    cache_bust: bool = False
    stale_tag: str | None = None
    seen: Version | None = None
    past: tuple[str, ...] = ()
    unproven: tuple[Body, ...] = ()
    conflicts: tuple[Conflict, ...] = ()

    @property
    def phase(self) -> Phase:
        if self.theirs is not None:
            return Phase.GONE if self.theirs.body is None else Phase.CONFLICT
        if self.sent is not None:
            return Phase.SENDING if self.out else Phase.UNKNOWN
        if self.mine != self.base:
            return Phase.REFUSED if self.refused or self.read_only else Phase.DIRTY
        return Phase.SYNCED

    @property
    def due(self) -> bool:
        """Whether the machine wants to talk to the server."""
        if self.out or self.theirs is not None:
            return False
        if self.sent is not None or self.fetch:
            return True
        return self.mine != self.base and not self.refused and not self.read_only


# Events -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Edited:
    """The document's part of this segment is now `mine` (None: removed)."""

    mine: Body | None


@dataclass(frozen=True, slots=True)
class Due:
    """It is this segment's turn. `write_id` names the write that may follow."""

    write_id: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """A write was acknowledged. `version` is what the answer told: a tag, and the body where it had one."""

    version: Version


@dataclass(frozen=True, slots=True)
class Stale:
    """A write was refused because its tag was not the current one (412, or 409)."""


@dataclass(frozen=True, slots=True)
class NotSent:
    """A request never reached the server, or was refused before it was looked at (401, 429)."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A request may or may not have been carried out: nobody saw the answer."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a read of this segment showed just now."""

    version: Version


@dataclass(frozen=True, slots=True)
class Seen:
    """What a list or the change feed told of this segment."""

    version: Version


@dataclass(frozen=True, slots=True)
class Refused:
    """The server will not have this content (400, 422, 413 …), in its own words."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Forbidden:
    """This segment may be read and not written (403)."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """A person decided: this is what the segment shall say (None: it shall be gone)."""

    body: Body | None


Event = Edited | Due | Saved | Stale | NotSent | Unanswered | Fetched | Seen | Refused | Forbidden | Resolved

# Actions ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Save:
    body: Body
    base: Body
    etag: str
    write_id: str


@dataclass(frozen=True, slots=True)
class Create:
    body: Body
    write_id: str


@dataclass(frozen=True, slots=True)
class Delete:
    etag: str
    write_id: str


@dataclass(frozen=True, slots=True)
class Fetch:
    cache_bust: bool


@dataclass(frozen=True, slots=True)
class Adopt:
    """The document shall say `body` here (None: it is gone); `took` tells in words what came from there."""

    body: Body | None
    took: tuple[str, ...]


Action = Save | Create | Delete | Fetch | Adopt
Outcome = tuple[Segment, tuple[Action, ...]]


def step(s: Segment, event: Event, make: MakeBody) -> Outcome:
    """The next state and what to do. `make` writes a merged body as the backend holds it."""
    after, actions = _step(s, event, make)
    if after.theirs is None:
        return (replace(after, conflicts=()) if after.conflicts else after), actions
    if (after.mine, after.theirs) != (s.mine, s.theirs) or not after.conflicts:
        after = replace(after, conflicts=_conflicts(after, make))
    return after, actions


def _step(s: Segment, event: Event, make: MakeBody) -> Outcome:
    match event:
        case Edited(mine):
            return _edited(s, mine)
        case Due(write_id):
            return _due(s, write_id)
        case Saved(version):
            return _saved(s, version, make)
        case Stale():
            return replace(
                _unproven(s), out=False, fetch=True, stale_tag=s.sent.etag if s.sent else None, sent=None
            ), ()
        case NotSent():
            # A read that did not get through leaves an unseen write as unseen as it was.
            return replace(s, out=False, sent=s.sent if s.fetch else None), ()
        case Unanswered():
            return replace(_unproven(s), out=False, fetch=True), ()
        case Fetched(version):
            return _fetched(replace(s, out=False, fetch=False), version, make)
        case Seen(version):
            return _seen(s, version, make)
        case Refused(sentence):
            return replace(s, out=False, sent=None, fetch=False, refused=sentence), ()
        case Forbidden(sentence):
            return replace(s, out=False, sent=None, fetch=False, read_only=sentence), ()
        case Resolved(body):
            return _resolved(s, body)


def _edited(s: Segment, mine: Body | None) -> Outcome:
    if mine == s.mine:
        return replace(s, mine=mine), ()
    s = replace(s, mine=mine, refused="")
    if s.theirs is not None and mine == s.theirs.body:
        return _rebased(s, s.theirs), ()  # typed what they have: nothing is left to decide
    return s, ()


def _due(s: Segment, write_id: str) -> Outcome:
    if not s.due:
        return s, ()
    if s.sent is not None or s.fetch or (s.base is not None and s.etag is None):
        return replace(s, out=True, fetch=True), (Fetch(s.cache_bust),)
    s = replace(s, out=True, sent=Sent(s.mine, s.etag, write_id))
    if s.base is None:
        assert s.mine is not None
        return s, (Create(s.mine, write_id),)
    assert s.etag is not None
    if s.mine is None:
        return s, (Delete(s.etag, write_id),)
    return s, (Save(s.mine, s.base, s.etag, write_id),)


def _saved(s: Segment, version: Version, make: MakeBody) -> Outcome:
    s = replace(s, out=False)
    if s.sent is None:
        return replace(s, fetch=True), ()
    sent = s.sent.body
    if version.etag is None and sent is not None:
        # No version, no proof (I4): a read has to show what was sent.
        return replace(_unproven(s), fetch=True), ()
    s = replace(_rebased(s, Version(sent, version.etag)), unproven=())
    if sent is not None and version.body is not None and version.body != sent:
        return _newer(s, version, make)  # the server made something else of it: a change by another
    return _catch_up(s), ()


def _fetched(s: Segment, version: Version, make: MakeBody) -> Outcome:
    body, etag = version.body, version.etag
    if s.sent is not None and body == s.sent.body:
        return _catch_up(_rebased(s, version)), ()  # it had arrived: only the answer was lost
    if body is None:
        return _not_there(s)
    if body in s.unproven:
        return _catch_up(_rebased(s, version)), ()  # what is there is ours; what was typed since is sent next
    if etag is not None and etag == s.stale_tag:
        if s.cache_bust:
            sentence = "The server refuses this version and then shows it again: something between is stale."
            return replace(s, sent=None, stale_tag=None, cache_bust=False, refused=sentence), ()
        return replace(s, fetch=True, cache_bust=True), ()
    if s.sent is not None and s.base is not None and body == s.base and etag != s.etag:
        # Carried out and taken back by somebody, or never carried out and the version moved for another
        # reason: sending again could silently undo a colleague (I5), so a person decides.
        return replace(s, sent=None, cache_bust=False, theirs=version), ()
    return _newer(replace(s, sent=None), version, make)


def _newer(s: Segment, version: Version, make: MakeBody) -> Outcome:
    """The server has `version` now, and no write of ours is out."""
    body = version.body
    if body is None:
        return _not_there(s)
    if body in (s.mine, s.base):
        return _rebased(s, version), ()
    if s.mine is None and s.base is None:
        return replace(_rebased(s, version), mine=body), (Adopt(body, ("a new cue",)),)
    if s.base is None or s.mine is None:
        return replace(s, cache_bust=False, theirs=version), ()
    merged = merge_bodies(s.base, s.mine, body, make)
    if not merged.clean:
        return replace(s, cache_bust=False, stale_tag=None, theirs=version), ()
    adopt = (Adopt(merged.body, merged.took),) if merged.body != s.mine else ()
    return replace(_rebased(s, version), mine=merged.body), adopt


def _not_there(s: Segment) -> Outcome:
    gone = Version(None, None)
    if s.mine is None:
        return _rebased(s, gone), ()
    if s.base is None:
        return replace(s, sent=None, etag=None), ()  # the creation did not arrive: it is made again
    if s.mine == s.base:
        return replace(_rebased(s, gone), mine=None), (Adopt(None, ("a removal",)),)
    return replace(s, sent=None, cache_bust=False, theirs=gone), ()


def _seen(s: Segment, version: Version, make: MakeBody) -> Outcome:
    if version.etag is not None and (version.etag == s.etag or version.etag in s.past):
        return s, ()
    if s.sent is not None or s.out or s.fetch:
        return replace(s, seen=version), ()
    if s.theirs is not None:
        return (_rebased(s, version) if s.mine == version.body else replace(s, theirs=version)), ()
    return _newer(s, version, make)


def _catch_up(s: Segment) -> Segment:
    """After a write: what was told meanwhile is looked at again, by a read, since it may be older."""
    known = s.seen is None or (s.seen.etag is not None and s.seen.etag in (s.etag, *s.past))
    return replace(s, seen=None, fetch=s.fetch or not known)


def _resolved(s: Segment, body: Body | None) -> Outcome:
    if s.theirs is None:
        return s, ()
    adopt = (Adopt(body, ()),) if body != s.mine else ()
    return replace(_rebased(s, s.theirs), mine=body), adopt


def _unproven(s: Segment) -> Segment:
    if s.sent is None or s.sent.body is None or s.sent.body in s.unproven:
        return s
    return replace(s, unproven=(*s.unproven, s.sent.body)[-TAGS_KEPT:])


def _rebased(s: Segment, version: Version) -> Segment:
    """On top of what the server has: the fresh tag is held from here on, the old one only remembered."""
    past = (*s.past, s.etag)[-TAGS_KEPT:] if s.etag is not None and s.etag != version.etag else s.past
    return replace(
        s,
        base=version.body,
        etag=version.etag,
        sent=None,
        theirs=None,
        stale_tag=None,
        cache_bust=False,
        refused="",
        past=past,
    )


def _conflicts(s: Segment, make: MakeBody) -> tuple[Conflict, ...]:
    """What a person has to decide, cue by cue, while `theirs` waits."""
    theirs = s.theirs.body if s.theirs is not None else None
    if s.base is not None and s.mine is not None and theirs is not None:
        found = merge_bodies(s.base, s.mine, theirs, make).conflicts
        if found:
            return found
    sides = (s.base, s.mine, theirs)
    if any(side is not None and side.head is not None for side in sides):
        return (Conflict(0, None, None, None, ConflictKind.HEAD),)
    b, m, t = ({cue.id: cue for cue in side.cues} if side is not None else {} for side in sides)
    every = []
    for cue_id in dict.fromkeys([*b, *m, *t]):
        was, ours, other = b.get(cue_id), m.get(cue_id), t.get(cue_id)
        if (ours is None and other is None) or ours == other:
            continue
        if ours is None:
            kind = ConflictKind.REMOVED_HERE
        elif other is None:
            kind = ConflictKind.REMOVED_THERE
        else:
            kind = ConflictKind.REVERTED if other == was else ConflictKind.EDIT
        every.append(Conflict(cue_id, was, ours, other, kind))
    return tuple(every)
