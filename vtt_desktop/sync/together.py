"""What one edit did to several cues is decided together: a cue that was cut in two, cues that were joined.

A conflict is about one cue. Where a side cut it, the other part is a cue of its own by now; where a side
joined others to it, those are gone. Whoever decides against that side decides against all of it: a part that
was cut off goes, and a cue that was joined comes back, or words would stand twice or nowhere. Pure. What an
edit did is told by what can be seen of it, times and words: of a colleague's edits nothing else arrives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot, applied
from vtt_desktop.domain.edit import Edit
from vtt_desktop.domain.edits_back import put_back
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.body import Body, Conflict, by_id
from vtt_desktop.sync.cut_and_joined import (
    Other,
    covers,
    cut_off,
    given_from,
    got_all,
    got_rest,
    joined,
    less_at_end,
    rest,
    said,
    shortened_alike,
    stretched,
    with_again,
    without,
)
from vtt_desktop.sync.moved_text import Sides, Words, with_words
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.sync_log import LogKind, LogLine, Replaced


@dataclass(frozen=True, slots=True)
class Along:
    """What goes with a decision on a cue: it `is` that then (None: removed), others are as in `others` (None:
    they go), and those in `back`, which are not there any more, come back. `twice` stay, though they say some
    of it, too: more was done to them since."""

    cue: Cue | None
    others: Mapping[int, Cue | None] = field(default_factory=dict)
    back: tuple[Cue, ...] = ()
    twice: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """What may belong to a conflict: `others` that a side made or changed since, all that stand `beside` it
    in the time of any side, those that are `gone` by what another did; and, as they were, those that one
    side removed and that are decided to stay: `kept_here` what was removed there, `kept_there` what was here.
    """

    others: tuple[Other, ...] = ()
    beside: tuple[Cue, ...] = ()
    gone: tuple[Cue, ...] = ()
    kept_here: tuple[Cue, ...] = ()
    kept_there: tuple[Cue, ...] = ()


def along(conflict: Conflict, chosen: Cue | None, around: Around) -> Along:
    """What goes with the choice."""
    base, mine, theirs = conflict.base, conflict.mine, conflict.theirs
    if base is None:
        return Along(chosen)
    cue, others, back, twice = chosen, dict[int, Cue | None](), list[Cue](), dict[int, Cue]()
    for side, other, here in ((mine, theirs, True), (theirs, mine, False)):
        touched = [one for one in around.others if one.here is here]
        if side is None:
            if chosen is not None:
                taken = _dropped(base, other, here, around.others) if said(chosen) <= said(base) else Words()
                others |= _without_all(touched, base, taken)
            continue
        against = _Against(base, side, other, chosen, _dropped(base, other, here, around.others))
        if cue is not None and chosen is not None and chosen.text == side.text:
            # Nothing of that side is decided against, but for what was decided before.
            cue = _without_kept(cue, base, around.kept_there if here else around.kept_here)
            if cue.text != chosen.text and said(cue) <= said(base):
                cue = against.as_it_was(cue)
            continue
        found, stay = against.of_others(touched)
        if not here:
            sides = Sides(said(base), said(theirs), said(mine), said(chosen))
            parts = _cut_behind(side, touched)
            whole = _whole(side, parts)  # as when it was joined, and cut elsewhere then
            back = [one for one in around.gone if joined(one, base, whole) and sides.leaves_out(said(one))]
            back = _each_once(back, whole)
            found |= {one.now.id: None for one in parts if any(said(one.now) <= said(each) for each in back)}
            found |= _given_again(touched, base, side, sides)
        others |= found
        twice |= {one.id: one for one in stay}
        over = (*around.beside, *back)
        if cue is not None and (found or stay or any(stretched(side, base, one) for one in over)):
            cue = against.as_it_was(cue)
    return Along(cue, others, tuple(back), tuple(twice.values()))


@dataclass(frozen=True, slots=True)
class _Against:
    """A choice against what one `side` made of a cue; the `other` side made something else of it."""

    base: Cue
    side: Cue
    other: Cue | None
    chosen: Cue | None
    dropped: Words
    """What the other side took out of it, and has nowhere else."""

    def of_others(self, touched: Iterable[Other]) -> tuple[dict[int, Cue | None], list[Cue]]:
        """What becomes of others that this side touched, and those that stay with some of the same words."""
        found: dict[int, Cue | None] = {}
        stay: list[Cue] = []
        for one in touched:
            cut = cut_off(one, self.base, self.side)
            if cut and said(one.now) <= said(self.base) - said(self.side) and self._goes(said(one.now)):
                found[one.now.id] = None
            elif cut or got_rest(one, self.base, self.side):
                left = self._without_rest(one)
                if left is not None:
                    found[one.now.id] = left
                elif self._twice(one):
                    stay.append(one.now)
        return found, stay

    def _goes(self, words: Words) -> bool:
        """Whether words that were cut off have no place any more beside what was chosen: all of them are
        there, but for what the other side dropped."""
        chosen, other = self.chosen, self.other
        if chosen is None or other is None or chosen.text == other.text:
            return (chosen is None) == (other is None)
        left = words - self.dropped
        return bool(left) and left <= said(chosen) - said(self.side)

    def _twice(self, one: Other) -> bool:
        lost = said(self.base) - said(self.side)
        return bool(said(one.now) & lost & (said(self.chosen) - said(self.side)))

    def _without_rest(self, one: Other) -> Cue | None:
        if self.other is not None and shortened_alike(self.base, self.side, self.other):
            return None  # it may have gone to the same place
        text = rest(self.base.text, self.side.text)
        if self.chosen is None or not text or not self._goes(said(self.base) - said(self.side)):
            return None
        return without(one, text, self.base.start, self.base.end)

    def as_it_was(self, cue: Cue) -> Cue:
        """A cue without what this side did to its times and the comments before it."""
        side, other = self.side, self.other or self.base
        return cue.with_(
            start=other.start if cue.start == side.start else cue.start,
            end=other.end if cue.end == side.end else cue.end,
            lead=other.lead if cue.lead == side.lead else cue.lead,
        )


def _cut_behind(side: Cue, touched: Iterable[Other]) -> list[Other]:
    """New cues that stand one after the other right behind one, as if they had been cut off from it."""
    found, end = list[Other](), side.end
    for one in sorted(touched, key=lambda one: one.became.start):
        if one.made and one.became.start == end:
            found, end = [*found, one], one.became.end
    return found


def _whole(side: Cue, parts: Iterable[Other]) -> Cue:
    """A cue with what was cut off from it."""
    for one in parts:
        side = side.with_(end=one.became.end, text=f"{side.text} {one.became.text}")
    return side


def _each_once(gone: list[Cue], whole: Cue) -> list[Cue]:
    """Those that stood in the time of the cue that they were joined to; and of others, the nearest first, so
    many as it says their text: of many that say the same, as a refrain, it is one."""

    def order(one: Cue) -> tuple[int, bool, int]:
        return -len(one.text), not covers(whole, one), abs(one.start - whole.start)

    found, text = set[int](), whole.text
    for one in sorted(gone, key=order):
        if covers(whole, one) or one.text in text:
            found.add(one.id)
            text = text.replace(one.text, "\n", 1)
    return [one for one in gone if one.id in found]


def _given_again(touched: Iterable[Other], base: Cue, side: Cue, sides: Sides) -> dict[int, Cue]:
    """Cues that have words again which went into a cue that is decided to be without them."""
    found: dict[int, Cue] = {}
    touched = tuple(touched)
    got: dict[int, Words] = defaultdict(Words)
    for one in touched:
        if one.made or one.was:
            got[one.now.id] += said(one.became) - said(one.was)
    every = sum(got.values(), Words())
    for one in reversed(touched):  # what was done to one cue step by step, the last first
        if one.was is None:
            continue
        one = replace(one, now=found.get(one.now.id, one.now))
        words = given_from(one, base, side, every - got[one.now.id])
        if words and sides.leaves_out(words) and (again := with_again(one, words)) is not None:
            found[one.now.id] = again
    return found


def _without_kept(cue: Cue, base: Cue, kept: Iterable[Cue]) -> Cue:
    """A cue that others were joined to, without those that stand by themselves."""
    for one in kept:
        if joined(one, base, cue):
            cue = _left_of(cue, one) or cue
    return cue


def _dropped(base: Cue, side: Cue | None, here: bool, others: Iterable[Other]) -> Words:
    if side is None:
        return Words()
    parts = (said(one.now) for one in others if one.here is not here and cut_off(one, base, side))
    return said(base) - sum(parts, said(side))


def _without_all(touched: Iterable[Other], base: Cue, taken: Words) -> dict[int, Cue | None]:
    """Cues that one is joined to that shall stay by itself, without it. Words that the other side took out of
    it may have gone to that very cue, which has both if it is saved."""
    found: dict[int, Cue | None] = {}
    for one in touched:
        both = one.was is None and base.text in one.now.text
        text = less_at_end(base.text, taken) if taken and both else base.text
        if got_all(one, base) and (left := without(one, text, base.start, base.end)) is not None:
            found[one.now.id] = left
    return found


def back_beside(one: Segment, was: Body, cues: dict[int, Cue], choices: Mapping[int, Cue | None]) -> None:
    """Among the `cues` of a segment that is decided those have words again that went into one here which the
    person chose to be without them: but for those that a text was chosen for. `was`: what both come from."""
    mine = by_id(one.mine)
    theirs = by_id(one.theirs.body if one.theirs is not None else None)
    before = by_id(was)
    shorter = [
        i for i, cue in before.items() if choices.get(i) is None and i in theirs and _lost(cue, mine.get(i))
    ]
    if not shorter:
        return
    gained = {i: said(cue) - said(before.get(i)) for i, cue in mine.items()}
    for into in choices:
        first, ours = before.get(into), mine.get(into)
        sides = Sides(said(first), said(ours), said(theirs.get(into)), said(cues.get(into)))
        elsewhere = sum((words for i, words in gained.items() if i != into), Words())
        for cue_id in shorter:
            cue, there = before[cue_id], theirs[cue_id]
            taken = _lost(cue, mine.get(cue_id)) - elsewhere
            whole = first and ours and cue_id not in mine and joined(cue, first, ours)
            if first and ours and not whole and not taken <= gained.get(into, Words()):
                taken = given_from(_changed(cue, mine.get(cue_id), cues.get(cue_id)), first, ours, elsewhere)
            if into != cue_id and (whole or taken <= gained.get(into, Words())) and sides.leaves_out(taken):
                again = cues.get(cue_id) or (there if taken == said(there) else there.with_(text=""))
                cues[cue_id] = again.with_(text=with_words(there.text, again.text, taken))


def _changed(was: Cue, became: Cue | None, now: Cue | None) -> Other:
    """A cue that was changed here."""
    became = became or was.with_(text="")
    return Other(now or became, was, became, made=False, here=True)


def _lost(was: Cue, now: Cue | None) -> Words:
    return said(was) - said(now)


def removed_where_joined(one: Segment, after: Segment, takers: Iterable[Segment]) -> Iterator[LogLine]:
    """What to write down where someone removed a cue that was joined to another here: the person may want it
    to go from there, too."""
    # Of two writes the first may have removed it; and one that was carried out is read after.
    first = one.sent is not None and one.out and one.unseen is None and not one.fetch
    if one.mine is not None or one.base is None or after.base is not None or not first:
        return
    for taker in takers:
        for cue in taker.mine.cues if taker.mine is not None else ():
            for gone in one.base.cues:
                if (left := _left_of(cue, gone)) is not None:
                    words = "Someone removed what was joined to this cue here; “Put back” takes it out of it"
                    yield LogLine(cue.id, words, None, LogKind.MERGED, Replaced(left, cue))


def _left_of(cue: Cue, gone: Cue) -> Cue | None:
    if not covers(cue, gone) or not gone.text.strip():
        return None
    return without(Other(cue, None, cue, made=False, here=True), gone.text, gone.start, gone.end)


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
