"""What becomes of a segment in itself: put on top of what the server has, to be read, no more waited for."""

from __future__ import annotations

from vtt_desktop.domain.many import replace
from vtt_desktop.sync.body import Body
from vtt_desktop.sync.phase import Phase
from vtt_desktop.sync.segment import (
    BODIES_KEPT,
    NO_VERSION,
    STALE_BETWEEN,
    TAGS_KEPT,
    Given,
    Segment,
    Version,
)
from vtt_desktop.sync.version_parts import bare

SPELLINGS = 4
"""So many spellings of a tag are read again when a save under one is refused."""


def what_was_there(s: Segment) -> Body | None:
    """What the server had last, where there is more to it than what is ours."""
    return s.base if s.base is not None and s.base.others else s.was


def _with_others(body: Body | None, before: Body | None) -> Body | None:
    """What we wrote, on top of what else the document held; what was read shows that itself."""
    if body is None or body.others is not None or before is None or not before.others:
        return body
    return replace(body, others=before.others)


def _saved_tags(s: Segment, past: tuple[str, ...], etag: str | None, ours: bool) -> tuple[str, ...]:
    """Those of the tags that are still remembered; what another made under a tag is not ours any more."""
    known = tuple(tag for tag in s.saved if tag in past and tag != etag)
    return (*known, etag) if ours and etag is not None else known


def _as_refused(s: Segment, version: Version) -> bool:
    """Whether a read shows nothing but what was there when an edit was refused (I14)."""
    same = version.etag is not None and (version.etag, version.body) == (s.etag, s.base)
    return same and s.sent is None and s.mine != s.base and s.refused != STALE_BETWEEN


def allowed(s: Segment) -> Segment:
    """A write of ours arrived: what was forbidden once is not, any more."""
    return replace(s, read_only="", again=False)


def rebased(s: Segment, version: Version, *, ours: bool = False) -> Segment:
    """On top of what the server has: the fresh tag is held from here on, the old one only remembered. `ours`:
    it is what was edited here."""
    ours = ours or (version.body == s.base and s.etag in s.saved)  # another version that says the same
    same = bare(version.etag) == bare(s.etag)  # as made: what went out under it may arrive yet
    past = (*s.past, s.etag)[-TAGS_KEPT:] if s.etag is not None and s.etag != version.etag else s.past
    return replace(
        s,
        base=_with_others(version.body, s.base or s.was),
        was=what_was_there(s) if version.body is None else None,
        etag=version.etag,
        sent=None,
        theirs=None,
        doubt=None,
        stale_tag=None,
        confirming=False,
        refused=s.refused if _as_refused(s, version) else "",
        read_only="" if s.read_only == NO_VERSION else s.read_only,
        past=past,
        saved=_saved_tags(s, past, version.etag, ours),
        unproven=s.unproven if same else (),
        unseen=s.unseen if same else None,
    )


def surely(s: Segment) -> Segment:
    """To be read: the version at hand may be older than others that were met, as out of a cache."""
    return replace(s, fetch=True, confirming=True)


def given_up(s: Segment) -> Segment:
    """The write whose answer nobody saw is not to be seen on the server, either."""
    return replace(with_unproven(s), sent=None, unseen=s.sent or s.unseen)


def in_our_words(s: Segment, version: Version) -> Version:
    """The same version, as the very body we know where it says the same: its cues have our ids."""
    sent = s.sent.body if s.sent is not None else None
    waiting = s.theirs.body if s.theirs is not None else None
    for body in (s.mine, sent, s.base, waiting, *s.unproven):
        if body is not None and body == version.body:
            others = version.body.others
            return Version(body if not others else replace(body, others=others), version.etag)
    return version


def settled(s: Segment) -> Segment:
    """Nothing is waited for any more, and nothing is held against what a person decided."""
    free = "" if s.read_only == NO_VERSION else s.read_only
    return replace(s, out=False, fetch=False, seen=None, doubt=None, refused="", read_only=free)


def unproven_read(s: Segment) -> Segment:
    """A read that failed for good proves nothing about a write before it; a refused write is no write."""
    return replace(with_unproven(s), fetch=False) if s.fetch else s


def was_refused(s: Segment, sentence: str) -> Segment:
    """The server would not have a write, or a read cannot be used. What was typed since it went out is not
    what was refused (I10)."""
    writing = not s.fetch and s.sent is not None
    if s.sent is not None and writing and s.mine != s.sent.body:
        sentence = ""
    fetch = writing and _rewritten(s)
    return replace(unproven_read(s), out=False, sent=None, refused=sentence, again=False, fetch=fetch)


def _rewritten(s: Segment) -> bool:
    """Whether the tag is another spelling of one held before, as something between made of it: that may be
    what was refused. Not without end, where it is spelt another way each time."""
    alike = [tag for tag in s.past if bare(tag) == bare(s.etag)]
    return len(alike) < SPELLINGS and any(tag != s.etag for tag in alike)


def no_version(s: Segment) -> Segment:
    """A read showed the segment without a version: it is read once more, since that one answer may have lost
    it on the way."""
    return replace(given_up(s), read_only=NO_VERSION, fetch=s.read_only != NO_VERSION)


def tried_again(s: Segment) -> Segment:
    """A person asks: what is barred may go out once more. Where there was no version, or what was sent under
    one was refused, it is read first: it may have come wrong."""
    if not (s.refused or s.read_only) or s.mine == s.base:
        return s
    read = not s.out and (s.read_only == NO_VERSION or (s.refused != "" and s.base is not None))
    return replace(s, again=s.read_only != NO_VERSION, fetch=s.fetch or read)


def with_unproven(s: Segment) -> Segment:
    if s.sent is None or s.sent.body is None or s.sent.body in s.unproven:
        return s
    return replace(s, unproven=(*s.unproven, s.sent.body)[-BODIES_KEPT:])


def catch_up(s: Segment) -> Segment:
    """After a request: what was told meanwhile is looked at again, by a read, since it may be older."""
    if s.seen is None:
        return s
    held = (s.etag, s.theirs.etag if s.theirs is not None else None, *s.past)
    known = s.seen.etag is not None and s.seen.etag in held
    return replace(s, seen=None, fetch=s.fetch or not known)


def giving(s: Segment, others: frozenset[str], gave: tuple[Given, ...]) -> Segment:
    """An edit takes text from it that these others get: it waits for them, and knows what it gave."""
    if not others:
        return s
    return replace(s, after=s.after | others, gave=tuple(dict.fromkeys((*s.gave, *gave))))


def taker_moved(s: Segment, taker: str, *, there: bool, in_question: bool) -> Segment:
    """While what became of the text that it gave away is in question it waits again."""
    gave = tuple(replace(one, there=True) if there and one.taker == taker else one for one in s.gave)
    return replace(s, gave=gave, after=s.after | {taker} if in_question else s.after)


def told(s: Segment, etag: str | None) -> Segment:
    """A version was named, and not shown."""
    if etag is not None and etag == s.etag and s.read_only != NO_VERSION and s.phase is not Phase.GONE:
        return s
    if s.sent is not None or s.out or s.fetch or s.doubt is not None:
        return replace(s, seen=Version(None, etag))
    return surely(s)


def gives_on(s: Segment) -> Segment:
    """It waits for those that it gave text to, and knows of them, while something is taken from it."""
    # A creation that may still arrive holds what was moved, as does what was typed and never sent.
    unsent = s.after and any(one.before for one in s.gave)
    late = s.base is None and (s.unproven or unsent)
    if not s.in_step or s.fetch or late:
        return s
    return replace(s, after=frozenset(), gave=())
