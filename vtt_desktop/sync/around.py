"""What may belong to a conflict: what is known of the cues that either side made or changed since its base.

Of what was done here each segment keeps what it gave to which other until it is written itself, also over a
restart; of what others did the sync log tells what each cue was and what it became.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.sync.body import Conflict, by_id
from vtt_desktop.sync.cut_and_joined import NEAR, Other, less_at_end, said
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.state import SyncState
from vtt_desktop.sync.sync_log import LogKind, LogLine
from vtt_desktop.sync.together import Around


def around(
    conflict: Conflict,
    one: Segment,
    inside: Mapping[int, Cue],
    snapshot: Snapshot,
    state: SyncState,
) -> Around:
    """What is around a conflict of the segment `one`, which holds the cues `inside` when it is decided."""
    sides = [side for side in (conflict.base, conflict.mine, conflict.theirs) if side is not None]
    start, end = min(side.start for side in sides), max(side.end for side in sides)
    its = by_id(one.mine)
    near = [cue for cue in snapshot.cues.overlapping(start, end) if cue.id not in its]
    asked = {each.id for each in one.conflicts}
    others = [
        *_in_it(conflict, one, inside, asked),
        *_given(one, snapshot, state),
        *_made_here(near, state),
    ]
    gone = {cue.id: cue for cue in _left_out(one, inside, asked)}
    for line in state.diary.others_since(by_id(one.base), start - NEAR, end + NEAR):
        now = snapshot.cues.get(line.cue_id)
        if now is None:
            gone |= _gone(line)
        elif not _is_asked(state.segment_of(now.id), now.id):
            others += _by_others(line, now, conflict, snapshot)
    stay = [each for each in one.conflicts if each.id in inside]
    again = [_again(state.segment_of(cue.id), cue, conflict) for cue in near]
    again += (
        _kept(each.base, each.mine, conflict.base, conflict.mine) for each in stay if each.theirs is None
    )
    there = (
        _kept(each.base, each.theirs, conflict.base, conflict.theirs) for each in stay if each.mine is None
    )
    return Around(
        tuple(others),
        (*near, *inside.values()),
        tuple(gone.values()),
        kept_here=tuple(cue for cue in again if cue is not None),
        kept_there=tuple(cue for cue in there if cue is not None),
    )


def _gone(line: LogLine) -> dict[int, Cue]:
    was = line.replaced.before if line.replaced is not None and line.replaced.after is None else None
    return {was.id: was} if isinstance(was, Cue) else {}


def _by_others(line: LogLine, now: Cue, conflict: Conflict, snapshot: Snapshot) -> Iterator[Other]:
    """What a line tells of a cue that others made or changed."""
    was, became = (line.replaced.before, line.replaced.after) if line.replaced is not None else (None, None)
    if not isinstance(became, Cue):
        return
    if line.kind is LogKind.DECIDED:  # the version put aside is not what they had before
        yield Other(now, None, became, made=False, here=False, told=True)
        return
    known = was if isinstance(was, Cue) else None
    doubt = known is None and _doubtful(
        became, conflict, snapshot.cues.overlapping(became.start - 1, became.end + 1)
    )
    yield Other(now, known, became, made=known is None, here=False, doubtful=doubt)


def _doubtful(one: Cue, conflict: Conflict, cues: Iterable[Cue]) -> bool:
    """Whether a cue stands in the time of a third or right beside it: it may be a part of that."""
    third = (cue for cue in cues if cue.id not in (one.id, conflict.id))
    return any(one.start <= cue.end and cue.start <= one.end for cue in third)


def _again(one: Segment | None, now: Cue, conflict: Conflict) -> Cue | None:
    """A cue that others removed and a person decided to keep, as it was on the server."""
    if one is None or one.theirs is not None:
        return None
    return _kept(by_id(one.was).get(now.id), now, conflict.base, conflict.mine)


def _kept(was: Cue | None, now: Cue | None, base: Cue | None, side: Cue | None) -> Cue | None:
    """A cue that one side removed and that is decided to stay, as it was; without the words that went from
    it, as it is `now`, to what that side made of the one in conflict: they are said there."""
    went = (said(was) - said(now)) & (said(side) - said(base))
    return was.with_(text=less_at_end(was.text, went)) if was is not None and went else was


def _is_asked(one: Segment | None, cue_id: int) -> bool:
    """Whether a person has to decide on that cue, too."""
    return one is not None and any(conflict.id == cue_id for conflict in one.conflicts)


def _in_it(
    conflict: Conflict, one: Segment, inside: Mapping[int, Cue], asked: Collection[int]
) -> Iterator[Other]:
    """Cues of the segment itself that one side made or changed."""
    was = by_id(one.base)
    mine, theirs = by_id(one.mine), by_id(one.theirs.body if one.theirs is not None else None)
    for side, other, here in ((mine, theirs, True), (theirs, mine, False)):
        for cue_id, cue in side.items():
            now, before = inside.get(cue_id), was.get(cue_id)
            if now is None or cue_id in asked:
                continue
            if cue_id in other and other[cue_id].text == cue.text:
                continue  # both did the same to it
            if before is None or before.text != cue.text:
                doubt = before is None and _doubtful(cue, conflict, side.values())
                yield Other(now, before, cue, made=before is None, here=here, doubtful=doubt)


def _given(one: Segment, snapshot: Snapshot, state: SyncState) -> Iterator[Other]:
    """Cues of other segments that text of this one went to by an edit made here."""
    for gave in one.gave:
        taker = state.segment(gave.taker)
        if taker is None:
            continue
        words, was, cues = Counter(gave.words), by_id(taker.base), by_id(taker.mine).values()
        saved = {cue.id for cue in cues if cue.id in was and was[cue.id].text == cue.text}
        its = [cue for cue in cues if cue.id in saved and words <= said(cue)]
        fresh = any(words & (said(cue) - said(was.get(cue.id))) for cue in cues)
        for cue in cues:
            now = snapshot.cues.get(cue.id)
            if now is None:
                continue
            if cue.id not in saved:
                before = was.get(cue.id)
                yield Other(now, before, cue, made=before is None, here=True, told=True)
            elif taker.saved and not fresh and (its == [cue] or not its):
                made = _was_made_here(taker) and said(cue) <= words
                yield Other(now, None, cue, made=made, here=True, told=True)


def _was_made_here(one: Segment) -> bool:
    """Whether what the server has of it was never there before a save of ours."""
    return {*one.past, one.etag} <= {*one.saved}


def _made_here(near: Iterable[Cue], state: SyncState) -> Iterator[Other]:
    """Cues that nobody else knows: text may have gone there by edits of which each did one thing."""
    for cue in near:
        its = state.segment_of(cue.id)
        if its is not None and its.base is None:
            yield Other(cue, None, cue, made=True, here=True)


def _left_out(one: Segment, inside: Mapping[int, Cue], asked: Collection[int]) -> Iterator[Cue]:
    """Cues that others removed from the segment: here they stand."""
    was = by_id(one.base)
    for cue_id, cue in by_id(one.mine).items():
        if cue_id in was and cue_id not in inside and cue_id not in asked:
            yield cue
