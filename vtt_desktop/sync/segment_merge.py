"""What two versions of a segment come from, and what of them a person has to decide. Pure, as the machine."""

from __future__ import annotations

import re

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.many import replace
from vtt_desktop.sync.body import Body, Conflict, ConflictKind, MakeBody, by_id, head_conflict, merge_bodies
from vtt_desktop.sync.segment import Chosen, Segment, Version

_PACKED = re.compile(r'[-;]{1,2}(?:gzip|br|deflate|zstd)("?)$')


def ground(s: Segment, theirs: Body | None, make: MakeBody) -> Body | None:
    """What both sides come from: the base; or what went out from here unseen, where theirs was made from it.

    Then what is new over there is only what they made of it, and what is new here what was typed since.
    """
    for sent in reversed(s.unproven):
        if theirs is None:
            break
        if s.base is None:
            # Nobody but us made a segment of this name, ever; of two creations it can have been either.
            return sent if not s.past and len(s.unproven) == 1 else None
        arrived = merge_bodies(s.base, sent, theirs, make)
        if arrived.clean and _says(arrived.body) == _says(theirs):
            return sent
    return s.base


def lacks_what_was_sent(s: Segment, theirs: Body, make: MakeBody) -> bool:
    """Whether a write whose answer was not seen left no trace in a newer version, and would go out again."""
    if s.unseen is None or s.base is None or s.mine == s.base:
        return False
    if s.unseen.body is None:
        return theirs == s.base
    arrived = merge_bodies(s.base, s.unseen.body, theirs, make)
    return arrived.clean and _says(arrived.body) != _says(theirs)


def takes_back(s: Segment, theirs: Version) -> bool:
    """Whether a version that was met before is shown again, and something that was saved here after it is not
    in it: somebody put it back to what it was, or the server did, as after a restored backup."""
    if theirs.etag is None or theirs.body in (s.base, s.mine):
        return False
    tags = [_as_made(tag) for tag in (*s.past, s.etag or "")]
    tag = _as_made(theirs.etag)
    if tag not in tags:
        return False
    saved = {_as_made(one) for one in s.saved}
    return not saved.isdisjoint(tags[len(tags) - tags[::-1].index(tag) :])


def goes_together(s: Segment, theirs: Version, make: MakeBody) -> bool:
    """Whether a version is simply a colleague's change beside ours: of what was sent or saved here nothing
    can have been taken back with it."""
    if s.unseen is not None or takes_back(s, theirs):
        return False
    base = ground(s, theirs.body, make)
    if base is None or s.mine is None or theirs.body is None:
        return False
    return merge_bodies(base, s.mine, theirs.body, make).clean


def taken_back(s: Segment, make: MakeBody) -> bool:
    """Whether what was in conflict is as it was again here, or as they have it: nothing is left to decide."""
    now = by_id(s.mine)
    if s.theirs is None or any(now.get(one.id) not in (one.base, one.theirs) for one in s.conflicts):
        return False
    return goes_together(s, s.theirs, make)


def _as_made(tag: str) -> str:
    """A tag without what proxies that pack answers put to it: a sign that is met again is the same version,
    however it came through. What is sent back is the tag as it came."""
    return _PACKED.sub(r"\1", tag.removeprefix("W/"))


def _says(body: Body) -> tuple[object, ...]:
    """What a body says, however it is written."""
    return (body.cues, body.head, body.order)


def conflicts_of(s: Segment, make: MakeBody) -> tuple[Conflict, ...]:
    """What a person has to decide, cue by cue, while `theirs` waits."""
    theirs = s.theirs.body if s.theirs is not None else None
    base = ground(s, theirs, make)
    if base is not None and s.mine is not None and theirs is not None:
        found = merge_bodies(base, s.mine, theirs, make).conflicts
        if found:
            return found
    sides = (base, s.mine, theirs)
    if any(side is not None and side.head is not None for side in sides):
        return (head_conflict(*sides),)
    b, m, t = ({cue.id: cue for cue in side.cues} if side is not None else {} for side in sides)
    every = []
    again = s.theirs is not None and takes_back(s, s.theirs)
    for cue_id in dict.fromkeys([*b, *m, *t]):
        was, ours, other = b.get(cue_id), m.get(cue_id), t.get(cue_id)
        if (ours is None and other is None) or ours == other:
            continue
        if ours is None:
            kind = ConflictKind.REMOVED_HERE
        elif other is None:
            kind = ConflictKind.REMOVED_THERE
        else:
            # Nothing that both changed, and yet it waits: what was sent, or saved, is not there; or a read
            # has still to show that nothing of the conflict is left.
            back = ConflictKind.TAKEN_BACK if again else ConflictKind.REVERTED
            kind = back if was is not None and (again or s.unseen is not None) else ConflictKind.EDIT
        every.append(Conflict(cue_id, was, ours, other, kind))
    return tuple(every)


def decided_head(s: Segment, mine: bool, make: MakeBody) -> Body | None:
    """The head as a person decided: that side's where both changed a block, else what either side changed."""
    theirs = s.theirs.body if s.theirs is not None else None
    kept, other = (s.mine, theirs) if mine else (theirs, s.mine)
    base = ground(s, theirs, make)
    if base is None or kept is None or other is None:
        return kept
    merged = merge_bodies(base, kept, other, make)
    return kept if merged.clean else merged.body


def chose(s: Segment, cue_id: int, choice: Cue | None) -> Segment:
    """A person decided on one of several cues that are in conflict."""
    chosen = [one for one in s.chosen if one.id != cue_id]
    chosen += [Chosen(one.id, one.mine, one.theirs, choice) for one in s.conflicts if one.id == cue_id]
    return replace(s, chosen=tuple(chosen))


def still_chosen(s: Segment) -> tuple[Chosen, ...]:
    """What of the decisions is about sides that have not moved. Where nothing else would be left to decide
    all is asked again: only a person ends a conflict."""
    chosen = tuple(one for one in s.chosen if any(one.is_about(conflict) for conflict in s.conflicts))
    return chosen if len(chosen) < len(s.conflicts) else ()
