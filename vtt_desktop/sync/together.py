"""What one edit did to several cues is decided together: a cue that was cut in two, cues that were joined.

A conflict is about one cue. Where a side cut it, the other part is a cue of its own by now; where a side
joined others to it, those are gone. Whoever decides against that side decides against all of it: a part that
was cut off goes, and a cue that was joined comes back, or words would stand twice or nowhere. Pure. What an
edit did is told by what can be seen of it, times and words: of a colleague's edits nothing else arrives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot, applied
from vtt_desktop.domain.edit import Edit
from vtt_desktop.domain.edits_back import put_back
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.text_merge import tokens
from vtt_desktop.sync.body import Conflict, ConflictKind
from vtt_desktop.sync.moved_text import Sides, Words
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.sync_log import LogKind, LogLine, Replaced

TELLING = 3
"""So many words that stand as they stood tell where they came from, whatever became of the times."""
_ASKED = (ConflictKind.EDIT, ConflictKind.REMOVED_HERE, ConflictKind.REMOVED_THERE)


@dataclass(frozen=True, slots=True)
class Along:
    """What goes with a decision on a cue: it `is` that then (None: removed), others are as in `others` (None:
    they go), and those in `back`, which are not there any more, come back."""

    cue: Cue | None
    others: Mapping[int, Cue | None] = field(default_factory=dict)
    back: tuple[Cue, ...] = ()


def along(conflict: Conflict, chosen: Cue | None, near: Iterable[Cue], gone: Iterable[Cue]) -> Along:
    """What goes with the choice. `near` are cues at its time, `gone` those that another removed."""
    base, mine, theirs = conflict.base, conflict.mine, conflict.theirs
    if base is None or conflict.kind not in _ASKED:
        return Along(chosen)
    others: dict[int, Cue | None] = {}
    back: list[Cue] = []
    cue, near = chosen, tuple(near)
    for side, other in ((mine, theirs), (theirs, mine)):
        if side is None or (chosen is not None and chosen.text == side.text):
            continue  # nothing of that side is decided against
        parts = [part for part in near if _cut_off(part, base, side) and _is_rather(part, base, side, other)]
        goes = [part.id for part in parts if _goes(part, chosen, base, side, other)]
        others |= dict.fromkeys(goes, None)
        if side is theirs:
            sides = Sides(_words(base), _words(theirs), _words(mine), _words(chosen))
            back = [one for one in gone if _joined(one, base, theirs) and sides.leaves_out(_words(one))]
        undone = goes or (side is theirs and back)
        if undone and cue is not None and other is not None:
            cue = cue.with_(
                start=other.start if cue.start == side.start else cue.start,
                end=other.end if cue.end == side.end else cue.end,
                lead=other.lead if cue.lead == side.lead else cue.lead,
            )
    if mine is None and chosen is not None:
        others |= {one.id: left for one in near if (left := _without(one, base)) is not None}
    return Along(cue, others, tuple(back))


def _words(cue: Cue | None) -> Words:
    """How often each word is in a cue, without tags: cut in two, both parts have them."""
    found = (token for token in tokens(cue.text) if not token.startswith("<")) if cue is not None else ()
    return Counter(token for token in found if not token.isspace())


def _cut_off(part: Cue, base: Cue, side: Cue) -> bool:
    """Whether a cue is a part of what the base was, in its time and its words, and `side` is another."""
    inside = base.start <= part.start and part.end <= base.end
    beside = part.end <= side.start or side.end <= part.start
    words = _words(part)
    return inside and beside and bool(words) and words <= _words(base) - _words(side)


def _is_rather(part: Cue, base: Cue, side: Cue, other: Cue | None) -> bool:
    """Whether it was cut off by this side, where both cut: what is left there and the part are nearer to the
    whole."""
    if other is None or not _cut_off(part, base, other):
        return True
    whole, words = _words(base), _words(part)
    return (whole - _words(side) - words).total() < (whole - _words(other) - words).total()


def _goes(part: Cue, chosen: Cue | None, base: Cue, side: Cue, other: Cue | None) -> bool:
    """Whether a part that was cut off has no place any more beside what was chosen: all of it is there, but
    for what the other side took out of it."""
    if chosen is None or other is None or chosen.text == other.text:
        return (chosen is None) == (other is None)
    left = _words(part) - (_words(base) - _words(other))
    return bool(left) and left <= _words(chosen) - _words(side)


def _joined(one: Cue, base: Cue, side: Cue) -> bool:
    """Whether a cue that is gone was joined to this one: its words are there, in its time or as they were."""
    covered = side.start <= one.start and one.end <= side.end
    whole = one.text in side.text and one.text not in base.text
    if not (covered or whole):
        return False  # as nearly all are, of many that are gone
    words = _words(one)
    if words and whole:
        return covered or words.total() >= TELLING
    return bool(words) and words <= _words(side) - _words(base)


def _without(cue: Cue, base: Cue) -> Cue | None:
    """A cue that the base had been joined to, without it; None where it was not."""
    if not (cue.start <= base.start and base.end <= cue.end) or not base.text.strip():
        return None
    if cue.text.endswith(base.text) and cue.end == base.end:
        text, start, end = cue.text.removesuffix(base.text).rstrip(), cue.start, base.start
    elif cue.text.startswith(base.text) and cue.start == base.start:
        text, start, end = cue.text.removeprefix(base.text).lstrip(), base.end, cue.end
    else:
        return None
    return cue.with_(text=text, start=start, end=end) if text and start < end else None


def removed_where_joined(one: Segment, after: Segment, takers: Iterable[Segment]) -> Iterator[LogLine]:
    """What to write down where someone removed a cue that was joined to another here: the person may want it
    to go from there, too."""
    first = one.sent is not None and one.out and one.unseen is None  # of two the first may have removed it
    if one.mine is not None or one.base is None or after.base is not None or not first:
        return
    for taker in takers:
        for cue in taker.mine.cues if taker.mine is not None else ():
            for gone in one.base.cues:
                if (left := _without(cue, gone)) is not None:
                    words = "Someone removed what was joined to this cue here; “Put back” takes it out of it"
                    yield LogLine(cue.id, words, None, LogKind.MERGED, Replaced(left, cue))


def one_after_the_other(
    key: str, beside: Iterable[Replaced], keys_of: Callable[[Iterable[int]], set[str]]
) -> dict[str, frozenset[str]]:
    """Which segments wait for which: a decided one is written when what comes back beside it is saved, and
    before what goes."""
    beside = tuple(beside)
    made = [one.after for one in beside if one.before is None]
    cut = [one.before for one in beside]
    back, rest = (keys_of(cue.id for cue in cues if isinstance(cue, Cue)) - {key} for cues in (made, cut))
    return dict.fromkeys(rest, frozenset((key,))) | ({key: frozenset(back)} if back else {})


def with_others(edit: Edit, snapshot: Snapshot, others: Iterable[Replaced]) -> Edit:
    """The edit, and what becomes of other cues with it: one that comes back stands at its time."""
    changes = list(edit.changes)
    for one in others:
        now = applied(snapshot, replace(edit, changes=tuple(changes)))
        with suppress(UserError):  # it is so already
            changes += put_back(now, one.after, one.before).changes
    return replace(edit, changes=tuple(changes))
