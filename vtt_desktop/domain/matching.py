"""Which cue of another version is which of ours.

An alignment that keeps the order and costs least, in which what a cue says counts more than when: a shift
puts each of several cues that stand back to back on the times of the next one. What it leaves over is looked
for elsewhere, since it may have been moved. Two cues that neither words nor times speak for are not taken for
one: what somebody did to the one is then asked about, not put on the other in silence. Linear where most is
the same; what differs is aligned pair by pair.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterator, Sequence

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.rearrange import longest_rising
from vtt_desktop.domain.text_merge import tokens

CELLS = 4096
"""So many pairs of cues are compared at most; a longer stretch is first cut at what is unmistakable."""

_GAP = 130
"""What it costs that a cue has no counterpart: two that share nothing (2 × 130) are not each other's."""

_Block = tuple[range, range]
"""Places of ours, places of theirs."""
_Key = Callable[[Cue], Hashable]

_CUTS: tuple[_Key, ...] = (
    lambda cue: (cue.identifier, cue.text),
    lambda cue: cue.text,
    lambda cue: (cue.start, cue.end),
)
_MOVED: tuple[_Key, ...] = (
    lambda cue: _says(cue),
    lambda cue: cue.identifier if _is_name(cue) else "",
    lambda cue: cue.text,
)


def matched(
    theirs: Sequence[Cue], base: Sequence[Cue], new_id: Callable[[], int], added: Sequence[Cue] = ()
) -> tuple[Cue, ...]:
    """`theirs` under the ids of `base`; one that says the very same as one of those `added` here, under that
    one's; what fits nothing gets a new id.
    """
    theirs, base = tuple(theirs), tuple(base)
    ids = _of_added(theirs, base, added)
    rest = [i for i in range(len(theirs)) if i not in ids]
    there = [theirs[i] for i in rest]
    pairs = dict(_aligned(base, there, (range(len(base)), range(len(there))), _CUTS))
    _find_moved(base, there, pairs)
    ids |= {rest[other]: base[own].id for own, other in pairs.items()}
    return tuple(cue.called(ids[i] if i in ids else new_id()) for i, cue in enumerate(theirs))


def under_ids(theirs: Sequence[Cue], ours: Sequence[Cue], new_id: Callable[[], int]) -> tuple[Cue, ...]:
    """`theirs`, made of `ours` one by one, under their ids; matched where it is not as many."""
    if len(theirs) != len(ours):
        return matched(theirs, ours, new_id)
    return tuple(cue.called(own.id) for cue, own in zip(theirs, ours, strict=True))


def _says(cue: Cue) -> tuple[Hashable, ...]:
    return (cue.identifier, cue.start, cue.end, cue.text, cue.settings)


def _of_added(theirs: Sequence[Cue], base: Sequence[Cue], added: Sequence[Cue]) -> dict[int, int]:
    """Ids of theirs that were added here and are no cue of the base."""
    if not added:
        return {}
    known = {_says(cue) for cue in base}
    ours: dict[Hashable, deque[int]] = {}
    for cue in added:
        ours.setdefault(_says(cue), deque()).append(cue.id)
    found: dict[int, int] = {}
    for i, cue in enumerate(theirs):
        says = _says(cue)
        if says not in known and (queue := ours.get(says)):
            found[i] = queue.popleft()
    return found


def _aligned(
    base: Sequence[Cue], theirs: Sequence[Cue], block: _Block, cuts: Sequence[_Key]
) -> Iterator[tuple[int, int]]:
    """Pairs of places (ours, theirs), both rising."""
    own, other = block
    while own and other and _says(base[own[0]]) == _says(theirs[other[0]]):
        yield own[0], other[0]
        own, other = own[1:], other[1:]
    while own and other and _says(base[own[-1]]) == _says(theirs[other[-1]]):
        yield own[-1], other[-1]
        own, other = own[:-1], other[:-1]
    if len(own) * len(other) <= CELLS:
        yield from _cheapest(base, theirs, own, other)
    elif cuts:
        at, begun = own.start, other.start
        for one, two in (*_unmistakable(base, theirs, (own, other), cuts[0]), (own.stop, other.stop)):
            yield from _aligned(base, theirs, (range(at, one), range(begun, two)), cuts[1:])
            if one < own.stop:
                yield one, two
            at, begun = one + 1, two + 1
    elif len(own) == len(other):
        yield from zip(own, other, strict=True)


def _unmistakable(
    base: Sequence[Cue], theirs: Sequence[Cue], block: _Block, key: _Key
) -> list[tuple[int, int]]:
    """The most pairs in one order whose key nobody else on either side has."""
    own, other = block
    here, there = Counter(key(base[i]) for i in own), Counter(key(theirs[i]) for i in other)
    places = {key(base[i]): i for i in own if here[key(base[i])] == 1}
    found = {places[k]: i for i in other if there[k := key(theirs[i])] == 1 and k in places}
    return [(one, found[one]) for one in longest_rising(list(found))]


def _cheapest(
    base: Sequence[Cue], theirs: Sequence[Cue], own: range, other: range
) -> Iterator[tuple[int, int]]:
    """The alignment of least cost (Needleman and Wunsch, 1970)."""
    if not own or not other:
        return
    texts = {*(base[i].text for i in own), *(theirs[k].text for k in other)}
    words = {text: _words(text) for text in texts}
    costs = [[_cost(base[i], theirs[k], words) for k in other] for i in own]
    wide = len(other)
    above = [_GAP * k for k in range(wide + 1)]
    rows = [above]
    for i in range(len(own)):
        row = [above[0] + _GAP]
        for k in range(wide):
            row.append(min(above[k] + costs[i][k], above[k + 1] + _GAP, row[k] + _GAP))
        rows.append(row)
        above = row
    i, k = len(own), wide
    while i and k:
        cost = costs[i - 1][k - 1]
        if cost < 2 * _GAP and rows[i][k] == rows[i - 1][k - 1] + cost:
            i, k = i - 1, k - 1
            yield own[i], other[k]
        elif rows[i][k] == rows[i - 1][k] + _GAP:
            i -= 1
        else:
            k -= 1


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in tokens(text.casefold()) if word[0].isalnum())


def _cost(one: Cue, other: Cue, words: dict[str, frozenset[str]]) -> int:
    """How little speaks for two cues being one: 0 for all the same, 260 where neither words nor times do. The
    same identifier makes it less than half, another one more; a mere number, which many programs give anew
    with each insertion, speaks less."""
    cost = 0
    if one.text != other.text:
        a, b = words[one.text], words[other.text]
        cost = 200 - (320 * len(a & b) // (len(a) + len(b)) if a and b else 0)
    if (one.start, one.end) != (other.start, other.end):
        near = one.start == other.start or (one.start < other.end and other.start < one.end)
        cost += 30 if near else 60
    if one.settings != other.settings:
        cost += 5
    if one.identifier == other.identifier:
        return cost * (2 if _is_name(one) else 4) // 5 if one.identifier else cost
    return cost + (60 if _is_name(one) and _is_name(other) else 20)


def _is_name(cue: Cue) -> bool:
    """Whether its identifier is more than a number."""
    return bool(cue.identifier) and not cue.identifier.strip().isdigit()


def _find_moved(base: Sequence[Cue], theirs: Sequence[Cue], pairs: dict[int, int]) -> None:
    """Pairs what stands elsewhere: all the same, else the same identifier, else the same text."""
    free = {i: cue for i, cue in enumerate(base) if i not in pairs}
    taken = set(pairs.values())
    left = [i for i in range(len(theirs)) if i not in taken]
    for key in _MOVED if free and left else ():
        places: dict[Hashable, deque[int]] = {}
        for at, cue in free.items():
            if (found := key(cue)) != "":  # no identifier, no text: alike in nothing
                places.setdefault(found, deque()).append(at)
        still = []
        for i in left:
            if queue := places.get(key(theirs[i])):
                pairs[queue[0]] = i
                del free[queue.popleft()]
            else:
                still.append(i)
        left = still
