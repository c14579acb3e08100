"""Whether what a cue became holds the text that an edit moved into it; and what was taken away for that, as
it was.

A merge removes a cue and a word is carried over because another cue has the text from then on. Where a person
decides that the other cue shall say something without it, or the server made that of it, nobody decided that
the text shall be nowhere: the cue that it came from has it again. Pure; text is compared by its words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.text_merge import tokens
from vtt_desktop.sync.body import Body, MakeBody, sequence
from vtt_desktop.sync.segment import Given, Segment

Words = Counter[str]


@dataclass(frozen=True, slots=True)
class Sides:
    """One text in four versions: what it was, what it became here and there, and what it shall be."""

    was: Words
    mine: Words
    theirs: Words
    chosen: Words
    passed_on: bool = False
    """Whether what went into it has gone on from there."""

    def leaves_out(self, taken: Words) -> bool:
        """Whether words that were taken from elsewhere went into `mine` and are not in what was chosen."""
        taken, gained = _said(taken), _said(self.mine - self.was)
        if not taken or self.chosen == self.mine:
            return False
        if not gained and not self.passed_on:
            return False
        # Retyped since, what was gained is all in it that tells.
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
    takers: Iterable[Body],
    make: MakeBody,
) -> dict[str, Body]:
    """Segments that gave text to `one` which neither `chosen` holds nor those `takers` that `one` gave text
    to itself, as they shall be again; and those that gave text to them. `was` is what `one` and the other
    side come from."""
    theirs = one.theirs.body if one.theirs is not None else chosen
    found: dict[str, Body] = {}
    if not any(True for _ in waiters(one.key)):
        return found  # nor has all that it says to be looked through
    left, went_on = words_in(chosen), sum(map(words_in, takers), Words())
    gave = _said(Counter(word for gave in one.gave for word in gave.words))
    if left == words_in(one.mine) and (not gave or gave & went_on):
        return found  # the person's own side, with all that went on from it
    left += went_on
    passed_on = bool(one.gave)
    todo = [(one.key, Sides(words_in(was), words_in(one.mine), words_in(theirs), left, passed_on))]
    while todo:
        key, sides = todo.pop()
        for waiter in waiters(key):
            versions = _versions(waiter, key)
            known = {cue.id for body in found.values() for cue in body.cues}
            twice = any(cue.id in known for body in versions for cue in body.cues)
            if not versions or twice or waiter.key in (one.key, *found):
                continue
            there, has = words_in(_there(waiter, key)), words_in(waiter.mine)
            moved = _given_words(waiter, key) or (words_in(versions[0]) | words_in(versions[-1])) - has
            if replace(sides, was=sides.was - _given_words(waiter, key, there=True)).leaves_out(moved):
                again = _again(versions, waiter.mine, moved, make)
                found[waiter.key] = again
                todo.append((waiter.key, Sides(there, has, there, words_in(again), passed_on=True)))
    return found


def _versions(waiter: Segment, taker: str) -> list[Body]:
    """What the server has of a segment that waits, and what was said here before it gave text to that one."""
    return [body for body in (_there(waiter, taker), *_before(waiter, taker)) if body is not None]


def _there(waiter: Segment, taker: str) -> Body | None:
    """What the server has of a segment that waits, or will have when what went out arrives."""
    saved = any(one.there for one in waiter.gave if one.taker == taker)  # what goes out then is without it
    writes = (write.body for write in (waiter.sent, waiter.unseen) if write is not None and not saved)
    return next((body for body in writes if body is not None), waiter.base)


def _before(giver: Segment, taker: str) -> list[Body | None]:
    return [one.before for one in giver.gave if one.taker == taker]


def _given_words(giver: Segment, taker: str, *, there: bool = False) -> Words:
    """What it gave to that one; or of it only what the server has `there`."""
    gave = (one for one in giver.gave if one.taker == taker and (one.there or not there))
    return Counter(word for one in gave for word in one.words)


def _again(versions: Sequence[Body], mine: Body | None, moved: Words, make: MakeBody) -> Body:
    """A segment with the cues and the words that it lost; what else was typed there stays."""
    first, *later = versions
    texts, were = {cue.id: cue.text for cue in first.cues}, {cue.id: cue for cue in first.cues}
    for body in later:
        texts |= {cue.id: with_words(texts.get(cue.id, ""), cue.text, moved) for cue in body.cues}
        were |= {cue.id: cue for cue in body.cues}
    last = {cue.id for cue in versions[-1].cues}
    cues = {cue.id: cue for cue in mine.cues} if mine is not None else {}
    for cue in were.values():
        if cue.id not in last and not (cue.text and words_of(cue.text) <= moved):
            continue  # it went before, and not by that
        now = cues.get(cue.id)
        text = with_words(texts[cue.id], now.text, moved) if now is not None else texts[cue.id]
        cues[cue.id] = (now or cue).with_(text=text)
    ids = [cue.id for cue in mine.cues] if mine is not None else []
    for body in reversed(versions):
        ids = sequence(tuple(cues[i] for i in ids), body.cues, cues)
    known = versions[-1] if mine is None or mine.empty else mine
    return make(tuple(cues[i] for i in ids), None, known.order, known.frame)


def with_words(before: str, now: str, moved: Words) -> str:
    """A text as it is now, with those words of what it was that were `moved` away."""
    old, new = tokens(before), tokens(now)
    out: list[str] = []
    missing = False
    for _, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        lost = old[a:b] if old[a:b] != new[c:d] and not moved.keys().isdisjoint(old[a:b]) else []
        missing |= bool(lost)
        for word in (*(word for word in lost if word in moved or word.isspace()), *new[c:d]):
            if out and out[-1].isspace() and word.isspace():
                out[-1] = word if "\n" in word else out[-1]
                continue
            if out and _runs_on(out[-1]) and _runs_on(word):
                out.append(" ")
            out.append(word)
    return "".join(out).strip() if missing else now


def _runs_on(word: str) -> bool:
    """Whether it needs a blank beside another: a sign of a script without blanks is a word by itself."""
    return word[0].isalnum() and (len(word) > 1 or word.isascii())


def given(
    one: Segment, mine: Body | None, takers: Mapping[str, Body | None], lately: Body | None
) -> tuple[Given, ...]:
    """What an edit takes from a segment that it makes `mine`, for each of the others, as they are now. Where
    an earlier edit of the same step took it, what was said `lately`, before that, tells what it was, or the
    server's version."""
    before, had = one.mine, words_in(one.mine)
    if one.mine == mine:
        before, had = lately or one.base, words_in(lately) | words_in(one.base)
    lost = had - words_in(mine)
    # A write of ours that nobody saw arrive may still, over what the server has.
    unsent = before if before != one.base or one.unproven else None
    return tuple(
        Given(key, unsent, tuple((lost & words_in(takers[key])).elements())) for key in sorted(takers)
    )


def arrived(giver: Segment, taker: str, was: Body | None, now: Body | None) -> bool:
    """Whether the server has what a segment gave to another, since that is `now` what it was not before."""
    return not _said(_given_words(giver, taker)).keys().isdisjoint(words_in(now) - words_in(was))


def given_back(giver: Segment, taker: str, was: Body | None, now: Body | None, make: MakeBody) -> Body | None:
    """What a segment shall say again that is not written yet, where what it gave to another went from there
    by what others did: from `was` to `now`. None: nothing of it went."""
    if giver.in_step:
        return None
    gone = _said(_given_words(giver, taker) & (words_in(was) - words_in(now)))
    versions = [body for body in (giver.base, *_before(giver, taker)) if body is not None]
    return _again(versions, giver.mine, gone, make) if gone and versions else None


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
            lead = other.lead if cue.lead == ours.lead else cue.lead  # comments go back with what comes back
            after[cue_id] = cue.with_(start=other.start, end=other.end, lead=lead)
    return after


def _over(cue: Cue, others: Iterable[Cue]) -> bool:
    return any(cue.start < other.end and other.start < cue.end for other in others)
