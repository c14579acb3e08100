"""What a step of a segment's machine writes into the sync log."""

from __future__ import annotations

from collections.abc import Iterator

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import CueChange, Edit, Head
from vtt_desktop.sync.body import Body, by_id
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.sync_log import LogKind, LogLine, Replaced, changed_words, changes_of, named


def put_aside_lines(before: Segment, one: Segment) -> Iterator[LogLine]:
    """Decisions that were not sent and are about nothing any more: what was composed can be put back."""
    for gone in before.chosen:
        if all(gone.id != other.id for other in one.chosen):
            left = {cue.id: cue for cue in one.mine.cues} if one.mine is not None else {}
            now = left.get(gone.id)
            words = "The conflict changed before all of it was decided; your decision was put aside"
            replaced = Replaced(gone.choice, now) if gone.choice != now else None
            yield LogLine(gone.id, words, None, LogKind.DECIDED, replaced)


def adopted_lines(before: Segment, etag: str | None, edit: Edit, *, altered: bool) -> Iterator[LogLine]:
    """What the server has, and the document says from then on by that edit. `altered`: the server made it of
    what was sent."""
    sides = (before.base, before.mine)
    was, ours = by_id(sides[0]), by_id(sides[1])
    for change in changes_of(edit):
        cue_id = change.id if isinstance(change, CueChange) else 0
        merged = was.get(cue_id) != ours.get(cue_id) if cue_id else _head(sides[0]) != _head(sides[1])
        yield _taken(cue_id, Replaced(change.before, change.after), etag, merged=merged, altered=altered)


def merged_lines(one: Segment, merged: Body) -> Iterator[LogLine]:
    """What others did to cues of a segment that nobody is asked about, and what is taken over with the
    decision on the rest of it."""
    if one.theirs is None or one.theirs.body is None or one.mine is None:
        return
    asked, was, ours, now = (
        {each.id for each in one.conflicts},
        by_id(one.base),
        by_id(one.mine),
        by_id(merged),
    )
    for cue_id in dict.fromkeys([*ours, *now]):
        before, after = ours.get(cue_id), now.get(cue_id)
        if cue_id not in asked and before != after:
            yield _taken(cue_id, Replaced(before, after), one.theirs.etag, merged=was.get(cue_id) != before)


def _taken(
    cue_id: int, change: Replaced, etag: str | None, *, merged: bool, altered: bool = False
) -> LogLine:
    kind, verb = (LogKind.MERGED, "Merged with yours") if merged else (LogKind.TAKEN, "Taken over")
    verb = "The server changed what was sent" if altered else verb
    gone = change.before if change.after is None and isinstance(change.before, Cue) else None
    words = f"{verb}: {changed_words(change.before, change.after)}{f', {named(gone)}' if gone else ''}"
    return LogLine(cue_id, words, etag, kind, change)


def came_back_lines(edit: Edit) -> Iterator[LogLine]:
    """Text that others took away from where it was to go, and that is where it came from again."""
    for change in changes_of(edit):
        words = "It came back: someone removed its text from where it was to go"
        cue_id = change.id if isinstance(change, CueChange) else 0
        yield LogLine(cue_id, words, None, LogKind.MERGED, Replaced(change.before, change.after))


def came_back_line(one: Replaced, into: str) -> LogLine:
    """A cue that has its text again, since it is not in the one that was decided, called `into`."""
    return _decided_line(one, f"It came back: its text was to go into {into}")


def beside_line(one: Replaced, decided: str) -> LogLine:
    """What becomes of a cue beside the one that was decided."""
    if one.before is None:
        return came_back_line(one, decided)
    how = "It went" if one.after is None else "A part of it went"
    return _decided_line(one, f"{how}: its text is decided with {decided}")


def _decided_line(one: Replaced, words: str) -> LogLine:
    cue = one.before or one.after
    return LogLine(cue.id if isinstance(cue, Cue) else 0, words, None, LogKind.DECIDED, one)


def _head(body: Body | None) -> Head | None:
    return body.head if body is not None else None
