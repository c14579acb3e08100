"""Whether what a cue became holds the text that an edit moved into it; and what was taken away for that, as
it was.

A merge removes a cue and a word is carried over because another cue has the text from then on. Where a person
decides that the other cue shall say something without it, or the server made that of it, nobody decided that
the text shall be nowhere: the cue that it came from has it again. Pure; text is compared by its words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.text_merge import tokens
from vtt_desktop.sync.body import Body, MakeBody, sequence
from vtt_desktop.sync.segment import Segment

Words = Counter[str]


@dataclass(frozen=True, slots=True)
class Sides:
    """One text in four versions: what it was, what it became here and there, and what it shall be."""

    was: Words
    mine: Words
    theirs: Words
    chosen: Words

    def leaves_out(self, taken: Words) -> bool:
        """Whether words that were taken from elsewhere went into `mine` and are not in what was chosen."""
        taken, gained = _said(taken), _said(self.mine - self.was)
        if not taken or self.chosen == self.mine:
            return False
        # Retyped since, what was gained is all in it that tells; nothing gained: it has gone on from here.
        moved = taken if taken <= gained else gained or taken
        return any(
            self.chosen[word] < min(self.was[word], self.theirs[word]) + much for word, much in moved.items()
        )


def _said(words: Words) -> Words:
    """Without signs, which are in any text; where there is nothing else they are what it says."""
    spoken = Counter({word: much for word, much in words.items() if any(map(str.isalnum, word))})
    return spoken or words


def words_of(*texts: str) -> Words:
    """How often each word is there; a sign of a script without blanks is one, as for a merge."""
    return Counter(token for text in texts for token in tokens(text) if not token.isspace())


def words_in(body: Body | None) -> Words:
    return words_of(*(cue.text for cue in body.cues)) if body is not None else Counter()


def coming_back(
    one: Segment,
    was: Body | None,
    chosen: Body | None,
    waiters: Callable[[str], Iterable[Segment]],
    make: MakeBody,
) -> dict[str, Body]:
    """Segments that gave text to `one` which `chosen` does not hold, as they shall be again; and those that
    gave text to them. `was` is what `one` and the other side come from; one that waits for a person is theirs
    to decide."""
    theirs = one.theirs.body if one.theirs is not None else chosen
    found: dict[str, Body] = {}
    todo = [(one.key, Sides(*map(words_in, (was, one.mine, theirs, chosen))))]
    while todo:
        key, sides = todo.pop()
        for waiter in waiters(key):
            before = _before(waiter)
            if before is None or waiter.theirs is not None or waiter.key in (one.key, *found):
                continue
            had, has = words_in(before), words_in(waiter.mine)
            if sides.leaves_out(had - has):
                found[waiter.key] = _again(before, waiter.mine, make)
                todo.append((waiter.key, Sides(had, has, had, words_in(found[waiter.key]))))
    return found


def _before(waiter: Segment) -> Body | None:
    """What the server has of a segment that waits, or will have when what went out arrives."""
    writes = (write.body for write in (waiter.sent, waiter.unseen) if write is not None)
    return next((body for body in writes if body is not None), waiter.base)


def _again(base: Body, mine: Body | None, make: MakeBody) -> Body:
    """A segment with the cues and the text that it lost; what else was changed there stays."""
    if mine is None or mine.empty:
        return base
    cues = {cue.id: cue for cue in mine.cues}
    for cue in base.cues:
        if (now := cues.get(cue.id)) is None:
            cues[cue.id] = cue
        elif words_of(cue.text) - words_of(now.text):
            cues[cue.id] = now.with_(text=cue.text)
    ids = sequence(mine.cues, base.cues, cues)
    return make(tuple(cues[i] for i in ids), None, mine.order, mine.frame)


def back_beside(one: Segment, was: Body, cues: dict[int, Cue], asked: Collection[int]) -> None:
    """The same among the `cues` of one segment that is decided: those that a person was not `asked` about
    and whose whole loss went into one that they were have it again."""
    mine, theirs = ({cue.id: cue for cue in side.cues} if side else {} for side in _sides(one))
    before = {cue.id: cue for cue in was.cues}
    for into in asked:
        texts = (side.get(into) for side in (before, mine, theirs, cues))
        sides = Sides(*(words_of(cue.text) if cue is not None else Counter() for cue in texts))
        for cue_id, cue in before.items():
            now, there = mine.get(cue_id), theirs.get(cue_id)
            if cue_id in asked or there is None:
                continue
            taken = words_of(cue.text) - words_of(now.text if now is not None else "")
            if taken <= sides.mine - sides.was and sides.leaves_out(taken):
                cues[cue_id] = there if now is None else cues[cue_id].with_(text=there.text)


def _sides(one: Segment) -> tuple[Body | None, Body | None]:
    return one.mine, one.theirs.body if one.theirs is not None else None


def at_their_times(one: Segment, cues: Mapping[int, Cue], back: Iterable[Cue]) -> dict[int, Cue]:
    """The `cues` of a decided segment, where one was stretched here over others that come `back`: there it
    was not."""
    mine, theirs = ({cue.id: cue for cue in side.cues} if side else {} for side in _sides(one))
    back, after = tuple(back), dict(cues)
    for cue_id, cue in cues.items():
        ours, other = mine.get(cue_id), theirs.get(cue_id)
        if ours is None or other is None or not _over(cue, back) or _over(other, back):
            continue
        if cue.start in (ours.start, other.start) and cue.end in (ours.end, other.end):
            after[cue_id] = cue.with_(start=other.start, end=other.end)
    return after


def _over(cue: Cue, others: Iterable[Cue]) -> bool:
    return any(cue.start < other.end and other.start < cue.end for other in others)
