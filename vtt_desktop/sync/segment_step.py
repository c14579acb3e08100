"""The machine of a segment: `step(segment, event) → (segment, actions)`.

The engine brings events and carries actions out; a test brings every order of events that a network can make.
"""

from __future__ import annotations

from vtt_desktop.domain.many import replace
from vtt_desktop.sync.body import Body, MakeBody, merge_bodies
from vtt_desktop.sync.phase import Phase
from vtt_desktop.sync.segment import (
    NO_VERSION,
    STALE_BETWEEN,
    TAGS_KEPT,
    Segment,
    Sent,
    Version,
)
from vtt_desktop.sync.segment_base import (
    allowed,
    catch_up,
    given_up,
    gives_on,
    giving,
    in_our_words,
    no_version,
    rebased,
    settled,
    surely,
    taker_moved,
    told,
    tried_again,
    unproven_read,
    was_refused,
    what_was_there,
    with_unproven,
)
from vtt_desktop.sync.segment_events import (
    Action,
    Adopt,
    Again,
    Chose,
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
    Overruled,
    Proved,
    PutBack,
    Refused,
    Resolved,
    Save,
    Saved,
    Seen,
    Stale,
    TakerMoved,
    Told,
    Unanswered,
    Unreadable,
)
from vtt_desktop.sync.segment_merge import (
    chose,
    conflicts_of,
    goes_together,
    ground,
    lacks_what_was_sent,
    still_chosen,
    taken_back,
    takes_back,
)
from vtt_desktop.sync.version_parts import bare

Outcome = tuple[Segment, tuple[Action, ...]]


def step(s: Segment, event: Event, make: MakeBody) -> Outcome:
    """The next state and what to do. `make` writes a merged body as the backend holds it."""
    after, actions = _step(s, event, make)
    if after.after or after.gave:
        after = gives_on(after)
    if after.confirming and not after.fetch:
        after = replace(after, confirming=False)
    if after.theirs is None:
        return (
            replace(after, conflicts=(), chosen=()) if after.conflicts or after.chosen else after
        ), actions
    if (after.mine, after.theirs) == (s.mine, s.theirs) and after.conflicts:
        return after, actions
    after = replace(after, conflicts=conflicts_of(after, make))
    if after.chosen:
        after = replace(after, chosen=still_chosen(after))
    return (after, actions) if after.conflicts else _undisputed(after, make)


def _step(s: Segment, event: Event, make: MakeBody) -> Outcome:
    match event:
        case Edited(mine, others, gave):
            return _edited(giving(s, others, gave), mine, make)
        case Proved(keys):
            return replace(s, after=s.after - keys), ()
        case TakerMoved(taker, there, in_question):
            return taker_moved(s, taker, there=there, in_question=in_question), ()
        case Due(write_id):
            return _due(s, write_id)
        case Saved(version, named):
            return _caught_up(_saved(s, version, named, make))
        case Stale() | Refused() | Forbidden() if s.doubt is not None:
            if s.doubt.body in s.unproven and isinstance(event, Stale):
                # What went out before it is what arrived.
                return _caught_up((rebased(replace(s, out=False), s.doubt, ours=True), ()))
            # No proof that it never arrived: ids of writes are not remembered for ever. A person decides.
            return _caught_up((replace(s, out=False, sent=None, doubt=None, theirs=s.doubt), ()))
        case Fetched(version) if s.doubt is not None and not s.fetch:
            return _caught_up((replace(s, out=False, sent=None, doubt=None, theirs=version), ()))
        case Stale():
            tag = s.sent.etag if s.sent is not None else None
            return replace(with_unproven(s), out=False, fetch=True, stale_tag=tag, sent=None), ()
        case NotSent():
            # A read that did not get through leaves an unseen write as unseen as it was.
            s = replace(s, out=False, sent=s.sent if s.fetch else None)
            return (s if s.fetch else catch_up(s)), ()
        case Unanswered():
            return replace(with_unproven(s), out=False, fetch=True, doubt=None), ()
        case Fetched(version, deleted):
            s = replace(s, out=False, fetch=False, doubt=None)
            return _caught_up(_fetched(s, version, deleted, make))
        case Seen(version):
            return _seen(s, version, make)
        case Told(etag):
            return told(s, etag), ()
        case Unreadable(sentence):
            if s.out or s.sent is not None or s.fetch:
                return replace(s, seen=Version(None, None)), ()
            return replace(s, refused=sentence), ()
        case Refused(sentence):
            return catch_up(was_refused(s, sentence)), ()
        case Forbidden(sentence):
            # What was typed since is tried as any later edit is.
            typed = not s.fetch and s.sent is not None and s.mine != s.sent.body
            s = replace(unproven_read(s), out=False, sent=None, read_only=sentence, again=typed)
            return catch_up(s), ()
        case NewToken():
            return replace(s, read_only="" if s.read_only != NO_VERSION else NO_VERSION), ()
        case Again():
            return tried_again(s), ()
        case Chose(cue_id, choice):
            return chose(s, cue_id, choice), ()
        case Resolved(body):
            return _resolved(replace(s, again=True) if s.read_only else s, body)
        case PutBack(version, met, deleted):
            return _put_back(settled(s), in_our_words(s, version), met, deleted, make)
        case Overruled(version):
            version = in_our_words(s, version)
            adopt = (Adopt(version.body, ()),) if version.body != s.mine else ()
            return replace(rebased(settled(s), version), mine=version.body), adopt


def _edited(s: Segment, mine: Body | None, make: MakeBody) -> Outcome:
    if mine == s.mine or (mine is None and s.of_head):
        return replace(s, mine=mine or s.mine), ()
    s = replace(s, mine=mine, refused="", again=s.read_only != "")
    if s.theirs is not None and mine == s.theirs.body:
        return rebased(s, s.theirs), ()  # typed what they have: nothing is left to decide
    if s.theirs is not None and (mine == s.base == ground(s, s.theirs.body, make) or taken_back(s, make)):
        return replace(surely(s), theirs=None), ()  # theirs is simply a colleague's change
    return s, ()


def _due(s: Segment, write_id: str) -> Outcome:
    if not s.due:
        return s, ()
    if s.reads_first:
        return replace(s, out=True, fetch=True), (Fetch(),)
    sent = Sent(s.mine, s.etag, write_id)
    if s.unseen is not None and (s.doubt is not None or s.unseen.is_as(sent)):
        sent = s.unseen  # under its own id: one that arrived after all, or arrives late, is not made twice
    s = replace(s, out=True, sent=sent)
    if s.base is None:
        assert sent.body is not None
        others = s.was.others if s.was is not None else None
        return s, (Create(sent.body, sent.write_id, others or ""),)
    assert sent.etag is not None
    if sent.body is None:
        return s, (Delete(sent.etag, sent.write_id),)
    return s, (Save(sent.body, s.base, sent.etag, sent.write_id),)


def _saved(s: Segment, version: Version, named: str | None, make: MakeBody) -> Outcome:
    s, doubt = replace(s, out=False, doubt=None), s.doubt
    if s.sent is None:
        return replace(s, fetch=True), ()
    sent = s.sent.body
    if not s.sent.proved_by(version.etag) and (doubt is None or sent is not None):
        if doubt is not None:
            return replace(s, sent=None, theirs=doubt), ()
        named = named if named not in (s.sent.etag, *s.past) else None
        s = replace(with_unproven(s), sent=replace(s.sent, named=named))
        return replace(s, fetch=True), ()  # a read has to show what was sent
    again = s.unseen is not None and s.unseen == s.sent
    s = allowed(rebased(s, Version(sent, version.etag if sent is not None else None), ours=True))
    if again:
        # Carried out now or then: if then, others may have gone on from it since.
        s = surely(s)
    if sent is not None and version.body is not None and version.body != sent:
        return _newer(s, version, make)  # the server made something else of it: a change by another
    return s, ()


def _fetched(s: Segment, version: Version, deleted: bool, make: MakeBody) -> Outcome:
    version = in_our_words(s, version)
    body, etag = version.body, version.etag
    if body is not None and etag is None:
        s = no_version(s)
        if s.base is None and s.mine is None:
            return replace(s, base=body, mine=body), (Adopt(body, ()),)  # a colleague's: shown all the same
        return s, ()
    if s.sent is not None and body == s.sent.body:
        return allowed(rebased(s, version, ours=True)), ()  # it had arrived: only the answer was lost
    if s.sent is not None and s.sent.body is not None and body is not None and etag == s.sent.named:
        return _altered(s, s.sent.body, version, make)
    if s.theirs is not None:
        return _moved_on(s, version, make)
    if body is None and s.base is not None and not (deleted or s.confirming):
        return surely(s), ()  # one 404 may be a gateway's, or of a server that is starting
    if body is None:
        return _not_there(replace(s, confirming=True), deleted)
    if body == s.was and etag is not None and etag in s.past[-1:] and s.mine is not None:
        return rebased(given_up(s), version), ()  # what was taken for removed is there as it was
    if body in s.unproven:
        if s.sent is None or not s.sent.write_id:
            return rebased(s, version, ours=True), ()  # what is there is ours; what was typed since goes next
        # So is what was sent after it: not there, or taken back by somebody since. A replay tells.
        return (replace(given_up(s), doubt=version) if s.confirming else surely(s)), ()
    if etag == s.stale_tag:
        if not s.confirming:
            return surely(s), ()
        return replace(given_up(s), stale_tag=None, refused=STALE_BETWEEN, again=False), ()
    return _newer(replace(given_up(s), confirming=True), version, make)


def _altered(s: Segment, sent: Body, version: Version, make: MakeBody) -> Outcome:
    """The answer to our write named this version, so nobody else wrote it: it is what the server made of what
    was sent, as one that takes blanks away. What was typed since goes on top of it."""
    mine = s.mine
    if mine is not None and version.body is not None:
        mine = merge_bodies(sent, mine, version.body, make).body
    adopt = (Adopt(mine, (), altered=True),) if mine != s.mine else ()
    return replace(allowed(rebased(s, version, ours=True)), mine=mine), adopt


def _ask(s: Segment, version: Version) -> Outcome:
    """A person has to decide, if that is what the server has indeed."""
    if not s.confirming:
        return surely(s), ()
    return replace(s, sent=None, stale_tag=None, theirs=version), ()


def _newer(s: Segment, version: Version, make: MakeBody) -> Outcome:
    """The server has `version` now, and no write of ours is out."""
    version = in_our_words(s, version)
    body = version.body
    if body is None:
        return _not_there(s, False)
    if bare(version.etag) != bare(s.etag) and lacks_what_was_sent(s, body, make):
        # Carried out and taken back by somebody, or never carried out and the version moved for another
        # reason: sending again could silently undo a colleague (I5). A replay under its own id may tell,
        # else a person decides.
        if s.confirming and s.unseen is not None and s.unseen.write_id:
            return replace(s, doubt=version), ()
        return _ask(s, version)
    if body in (s.mine, s.base):
        return rebased(s, version, ours=body != s.base), ()
    if takes_back(s, version):
        return _ask(s, version)
    if s.mine is None and s.base is None:
        if s.past and not s.confirming:
            return surely(s), ()  # made again, or a cache that is behind its removal
        return replace(rebased(s, version), mine=body), (Adopt(body, ("a new cue",)),)
    base = ground(s, body, make)
    if base is None or s.mine is None:
        return _ask(s, version)
    merged = merge_bodies(base, s.mine, body, make)
    if not merged.clean:
        return _ask(s, version)
    adopt = (Adopt(merged.body, merged.took),) if merged.body != s.mine else ()
    return replace(rebased(s, version), mine=merged.body), adopt


def _not_there(s: Segment, deleted: bool) -> Outcome:
    gone = Version(None, None)
    if s.mine is None:
        return rebased(s, gone), ()
    if s.base is None and deleted and s.unproven and not s.past:
        # The creation did arrive, and somebody removed it.
        if s.mine in s.unproven:
            return replace(rebased(s, gone), mine=None, unproven=()), (Adopt(None, ("a removal",)),)
        return _ask(s, gone)
    if s.base is None:
        # The creation did not arrive, or is gone without a trace: it is made again.
        free = "" if s.read_only == NO_VERSION else s.read_only
        return replace(given_up(s), etag=None, read_only=free), ()
    if s.mine == s.base:
        return replace(rebased(s, gone), mine=None), (Adopt(None, ("a removal",)),)
    if s.unseen is not None and s.unseen.body is None and s.unseen.etag == s.etag and s.unseen.write_id:
        return replace(s, sent=None, doubt=gone), ()  # our own removal may have arrived late: a replay tells
    return _ask(s, gone)


def _seen(s: Segment, version: Version, make: MakeBody) -> Outcome:
    etag = version.etag
    if etag is not None and s.read_only == NO_VERSION:
        s = replace(s, read_only="")
    if s.sent is not None or s.out or s.fetch or s.doubt is not None:
        # Our own echo, or what we wrote on top of; anything else is looked at when the answer is here.
        echo = etag is not None and (etag == s.etag or etag in s.past)
        return (s if echo else replace(s, seen=version)), ()
    if etag is not None and etag == s.etag:
        if s.phase is Phase.GONE:
            return surely(s), ()  # it is shown again, if that is no old answer out of a cache
        return replace(s, refused="") if s.refused == STALE_BETWEEN else s, ()
    if etag is not None and etag in s.past:
        # Put back to what it was (a tag that is only a hash), or an old answer from a cache.
        return surely(s), ()
    version = in_our_words(s, version)
    if s.theirs is not None:
        return _moved_on(s, version, make)
    if version.body is not None and version.body in s.unproven:
        return rebased(s, version, ours=True), ()
    return _newer(s, version, make)


def _moved_on(s: Segment, version: Version, make: MakeBody) -> Outcome:
    """The server's copy moved again while a person has to decide; or it was never gone. If nothing is left of
    the conflict it ends."""
    if version.etag is not None and (version.etag, version.body) == (s.etag, s.base):
        return replace(s, theirs=None), ()
    if s.mine == version.body:
        return rebased(s, version), ()
    s = replace(s, theirs=version)
    if not goes_together(s, version, make):
        return s, ()
    return _newer(replace(s, theirs=None), version, make) if s.confirming else (surely(s), ())


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
    return replace(rebased(s, theirs), mine=merged, conflicts=(), chosen=()), adopt


def _caught_up(outcome: Outcome) -> Outcome:
    return catch_up(outcome[0]), outcome[1]


def _resolved(s: Segment, body: Body | None) -> Outcome:
    if s.theirs is None or (body is None and s.of_head):
        return s, ()
    adopt = (Adopt(body, ()),) if body != s.mine else ()
    decided = replace(rebased(s, s.theirs), mine=body)
    if s.theirs.body is None and body is not None and s.base is not None:
        decided = replace(decided, was=s.base)  # if it is there after all, it is known
    return decided, adopt


def _put_back(s: Segment, version: Version, met: bool, deleted: bool, make: MakeBody) -> Outcome:
    """What is here goes on top of an older version, as any edit; one of somebody else is asked about."""
    past = (*s.past, s.etag)[-TAGS_KEPT:] if s.etag is not None else s.past
    # What was saved is no ancestor of what is there now.
    lost = replace(s, base=None, etag=None, sent=None, theirs=None, past=past, unproven=(), unseen=None)
    lost = replace(lost, was=what_was_there(s))
    if version.body is None and s.mine is None:
        return rebased(s, version), ()
    if s.theirs is not None and s.theirs.body == version.body and (deleted or version.body is not None):
        return replace(s, theirs=version, sent=None), ()  # as undecided as it was, and from the same base
    if version.body is None:
        return (replace(lost, theirs=version) if deleted else lost), ()
    if version.etag is not None and version.etag == s.etag:
        return replace(s, theirs=None), ()
    if met or version.etag in s.past or version.body in (s.base, s.mine):
        return rebased(s, version), ()
    if s.mine is None and s.base is None:
        return _newer(s, version, make)
    return replace(lost, theirs=version), ()
