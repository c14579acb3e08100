"""The machine of a segment: `step(segment, event) → (segment, actions)`.

The engine brings events and carries actions out; a test brings every order of events that a network can
produce. The rules are numbered as in ARCHITECTURE.md, "Rules of saving".
"""

from __future__ import annotations

from dataclasses import replace

from vtt_desktop.sync.body import Body, Conflict, ConflictKind, MakeBody, merge_bodies
from vtt_desktop.sync.segment import NO_VERSION, TAGS_KEPT, Segment, Sent, Version
from vtt_desktop.sync.segment_events import (
    Action,
    Adopt,
    Create,
    Delete,
    Due,
    Edited,
    Event,
    Fetch,
    Fetched,
    Forbidden,
    NewToken,
    NotSent,
    Refused,
    Resolved,
    Save,
    Saved,
    Seen,
    Stale,
    Told,
    Unanswered,
    Unreadable,
)

Outcome = tuple[Segment, tuple[Action, ...]]


def step(s: Segment, event: Event, make: MakeBody) -> Outcome:
    """The next state and what to do. `make` writes a merged body as the backend holds it."""
    after, actions = _step(s, event, make)
    if after.theirs is None:
        return (replace(after, conflicts=()) if after.conflicts else after), actions
    if (after.mine, after.theirs) == (s.mine, s.theirs) and after.conflicts:
        return after, actions
    after = replace(after, conflicts=_conflicts(after, make))
    return (after, actions) if after.conflicts else _undisputed(after, make)


def _step(s: Segment, event: Event, make: MakeBody) -> Outcome:
    match event:
        case Edited(mine):
            return _edited(s, mine)
        case Due(write_id):
            return _due(s, write_id)
        case Saved(version):
            return _caught_up(_saved(s, version, make))
        case Stale():
            tag = s.sent.etag if s.sent is not None else None
            return replace(_unproven(s), out=False, fetch=True, stale_tag=tag, sent=None), ()
        case NotSent():
            # A read that did not get through leaves an unseen write as unseen as it was.
            s = replace(s, out=False, sent=s.sent if s.fetch else None)
            return (s if s.fetch else _catch_up(s)), ()
        case Unanswered():
            return replace(_unproven(s), out=False, fetch=True), ()
        case Fetched(version, deleted):
            return _caught_up(_fetched(replace(s, out=False, fetch=False), version, deleted, make))
        case Seen(version):
            return _seen(s, version, make)
        case Told(etag):
            return _told(s, etag), ()
        case Unreadable(sentence):
            if s.out or s.sent is not None or s.fetch:
                return replace(s, seen=Version(None, None)), ()
            return replace(s, refused=sentence), ()
        case Refused(sentence):
            # What was typed since it went out is not what was refused (I10).
            if not s.fetch and s.sent is not None and s.mine != s.sent.body:
                sentence = ""
            return _catch_up(replace(_unproven_read(s), out=False, sent=None, refused=sentence)), ()
        case Forbidden(sentence):
            return _catch_up(replace(_unproven_read(s), out=False, sent=None, read_only=sentence)), ()
        case NewToken():
            return replace(s, read_only="" if s.read_only != NO_VERSION else NO_VERSION), ()
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
    s = _rebased(s, Version(sent, version.etag if sent is not None else None))
    if sent is not None and version.body is not None and version.body != sent:
        return _newer(s, version, make)  # the server made something else of it: a change by another
    return s, ()


def _fetched(s: Segment, version: Version, deleted: bool, make: MakeBody) -> Outcome:
    version = _in_our_words(s, version)
    body, etag = version.body, version.etag
    if body is not None and etag is None:
        return replace(_unproven(s), sent=None, read_only=NO_VERSION), ()
    if s.sent is not None and body == s.sent.body:
        return _rebased(s, version), ()  # it had arrived: only the answer was lost
    if s.theirs is not None:
        return _moved_on(s, version)
    if body is None:
        return _not_there(s, deleted)
    if body in s.unproven:
        return _rebased(s, version), ()  # what is there is ours; what was typed since is sent next
    if etag is not None and etag in s.past and not s.cache_bust:
        return replace(s, fetch=True, cache_bust=True), ()  # an old answer from a cache, or truly put back
    if etag is not None and etag == s.stale_tag:
        if s.cache_bust:
            sentence = "The server refuses this version and then shows it again: something between is stale."
            return replace(s, sent=None, stale_tag=None, cache_bust=False, refused=sentence), ()
        return replace(s, fetch=True, cache_bust=True), ()
    if etag != s.etag and _lacks_what_was_sent(s, body, make):
        # Carried out and taken back by somebody, or never carried out and the version moved for another
        # reason: sending again could silently undo a colleague (I5), so a person decides.
        return replace(s, sent=None, cache_bust=False, theirs=version), ()
    return _newer(replace(_unproven(s), sent=None), version, make)


def _newer(s: Segment, version: Version, make: MakeBody) -> Outcome:
    """The server has `version` now, and no write of ours is out."""
    version = _in_our_words(s, version)
    body = version.body
    if body is None:
        return _not_there(s, False)
    if body in (s.mine, s.base):
        return _rebased(s, version), ()
    if s.mine is None and s.base is None:
        return replace(_rebased(s, version), mine=body), (Adopt(body, ("a new cue",)),)
    base = ground(s, body, make)
    if base is None or s.mine is None:
        return replace(s, cache_bust=False, theirs=version), ()
    merged = merge_bodies(base, s.mine, body, make)
    if not merged.clean:
        return replace(s, cache_bust=False, stale_tag=None, theirs=version), ()
    adopt = (Adopt(merged.body, merged.took),) if merged.body != s.mine else ()
    return replace(_rebased(s, version), mine=merged.body), adopt


def ground(s: Segment, theirs: Body | None, make: MakeBody) -> Body | None:
    """What both sides come from: the base; or what went out from here unseen, where theirs was made from it.

    Then what is new over there is only what they made of it, and what is new here what was typed since.
    """
    for sent in reversed(s.unproven):
        if theirs is None:
            break
        if s.base is None:
            return sent if not s.past else None  # nobody but us made a segment of this name, ever
        arrived = merge_bodies(s.base, sent, theirs, make)
        if arrived.clean and _says(arrived.body) == _says(theirs):
            return sent
    return s.base


def _lacks_what_was_sent(s: Segment, theirs: Body, make: MakeBody) -> bool:
    """Whether a write whose answer was not seen left no trace in a newer version, and would go out again."""
    sent = s.sent.body if s.sent is not None else None
    if s.sent is None or s.base is None or s.mine == s.base:
        return False
    if sent is None:
        return theirs == s.base
    arrived = merge_bodies(s.base, sent, theirs, make)
    return arrived.clean and _says(arrived.body) != _says(theirs)


def _says(body: Body) -> tuple[object, ...]:
    """What a body says, however it is written."""
    return (body.cues, body.head, body.order)


def _not_there(s: Segment, deleted: bool) -> Outcome:
    gone = Version(None, None)
    if s.mine is None:
        return _rebased(s, gone), ()
    if s.base is None and deleted and s.unproven and not s.past:
        # The creation did arrive, and somebody removed it.
        if s.mine in s.unproven:
            return replace(_rebased(s, gone), mine=None, unproven=()), (Adopt(None, ("a removal",)),)
        return replace(s, sent=None, theirs=gone), ()
    if s.base is None:
        return replace(s, sent=None, etag=None), ()  # the creation did not arrive: it is made again
    if s.mine == s.base:
        return replace(_rebased(s, gone), mine=None), (Adopt(None, ("a removal",)),)
    return replace(s, sent=None, cache_bust=False, theirs=gone), ()


def _seen(s: Segment, version: Version, make: MakeBody) -> Outcome:
    etag = version.etag
    if etag is not None and s.read_only == NO_VERSION:
        s = replace(s, read_only="")
    if s.sent is not None or s.out or s.fetch:
        # Our own echo, or what we wrote on top of; anything else is looked at when the answer is here.
        echo = etag is not None and (etag == s.etag or etag in s.past)
        return (s if echo else replace(s, seen=version)), ()
    if etag is not None and etag == s.etag:
        return s, ()
    if etag is not None and etag in s.past:
        # Put back to what it was (a tag that is only a hash), or an old answer from a cache.
        return replace(s, fetch=True, cache_bust=True), ()
    version = _in_our_words(s, version)
    if s.theirs is not None:
        return _moved_on(s, version)
    if version.body is not None and version.body in s.unproven:
        return _rebased(s, version), ()
    return _newer(s, version, make)


def _told(s: Segment, etag: str | None) -> Segment:
    if etag is not None and etag == s.etag and s.read_only != NO_VERSION:
        return s
    if s.sent is not None or s.out or s.fetch:
        return replace(s, seen=Version(None, etag))
    return replace(s, fetch=True)


def _moved_on(s: Segment, version: Version) -> Outcome:
    """The server's copy moved again while a person has to decide."""
    return (_rebased(s, version) if s.mine == version.body else replace(s, theirs=version)), ()


def _undisputed(s: Segment, make: MakeBody) -> Outcome:
    """Two versions that differ in nothing a person could decide (a place, white space): mine goes on top."""
    assert s.theirs is not None
    theirs = s.theirs
    merged = s.mine
    base = ground(s, theirs.body, make)
    if base is not None and s.mine is not None and theirs.body is not None:
        merged = merge_bodies(base, s.mine, theirs.body, make).body
    elif theirs.body is None and s.mine is not None and not s.mine.cues:
        merged = None
    adopt = (Adopt(merged, ()),) if merged != s.mine else ()
    return replace(_rebased(s, theirs), mine=merged, conflicts=()), adopt


def _caught_up(outcome: Outcome) -> Outcome:
    return _catch_up(outcome[0]), outcome[1]


def _catch_up(s: Segment) -> Segment:
    """After a request: what was told meanwhile is looked at again, by a read, since it may be older."""
    if s.seen is None:
        return s
    held = (s.etag, s.theirs.etag if s.theirs is not None else None, *s.past)
    known = s.seen.etag is not None and s.seen.etag in held
    return replace(s, seen=None, fetch=s.fetch or not known)


def _in_our_words(s: Segment, version: Version) -> Version:
    """The same version, as the very body we know where it says the same: its cues have our ids."""
    sent = s.sent.body if s.sent is not None else None
    waiting = s.theirs.body if s.theirs is not None else None
    for body in (s.mine, sent, s.base, waiting, *s.unproven):
        if body is not None and body == version.body:
            return Version(body, version.etag)
    return version


def _resolved(s: Segment, body: Body | None) -> Outcome:
    if s.theirs is None:
        return s, ()
    adopt = (Adopt(body, ()),) if body != s.mine else ()
    return replace(_rebased(s, s.theirs), mine=body), adopt


def _unproven_read(s: Segment) -> Segment:
    """A read that failed for good proves nothing about a write before it; a refused write is no write."""
    return replace(_unproven(s), fetch=False) if s.fetch else s


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
        unproven=s.unproven if version.etag == s.etag else (),
    )


def _conflicts(s: Segment, make: MakeBody) -> tuple[Conflict, ...]:
    """What a person has to decide, cue by cue, while `theirs` waits."""
    theirs = s.theirs.body if s.theirs is not None else None
    base = ground(s, theirs, make)
    if base is not None and s.mine is not None and theirs is not None:
        found = merge_bodies(base, s.mine, theirs, make).conflicts
        if found:
            return found
    sides = (base, s.mine, theirs)
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
            # Nothing that both changed, and yet it waits: it is about what was sent and is not there.
            kind = ConflictKind.REVERTED if was is not None else ConflictKind.EDIT
        every.append(Conflict(cue_id, was, ours, other, kind))
    return tuple(every)
