"""Two people work on one segment of several cues, told without ids: nothing is lost and nothing doubled.

Every cue has words of its own, and an edit of its text keeps most of them, so that a person reading both
versions could tell which cue is which.
"""

from __future__ import annotations

from collections import Counter
from itertools import count
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sync.segments import CODEC, body, cue
from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.body import BodyMerge, identified, merge_bodies

LONG = 2000
"""ms that each cue is shown, one right behind the other."""


class Side:
    """A person's version. `said` is what each cue came to say, by the word that it has always had."""

    def __init__(self, name: str, chance: Random, base: list[Cue]) -> None:
        self.name = name
        self.cues = list(base)
        self._chance = chance
        self._ids = count(100)
        for _ in range(chance.randrange(1, 4)):
            self._act()

    def _act(self) -> None:
        chance, cues = self._chance, self.cues
        what = chance.choice(("shift", "text", "text", "time", "insert", "remove", "settings", "number"))
        at = chance.randrange(len(cues)) if cues else 0
        if what == "shift":
            by = chance.choice((-1, 1, 2)) * LONG
            first = chance.choice((0, at))
            if all(one.start + by >= 0 for one in cues[first:]):
                cues[first:] = [one.at(one.start + by, one.end + by) for one in cues[first:]]
        elif what == "insert" or not cues:
            number = next(self._ids)
            start = 100 * LONG + number  # on the times of none that may have been removed
            text = f"{self.name}new{number} brings news"
            cues.insert(at + 1, Cue(number, start, start + LONG, text))
        elif what == "text":
            cues[at] = cues[at].with_(text=f"{cues[at].text} {self.name}")
        elif what == "time":
            cues[at] = cues[at].with_(end=cues[at].end - chance.choice((100, 300)))
        elif what == "settings":
            cues[at] = cues[at].with_(settings=f"line:{chance.choice((0, 5))}")
        elif what == "remove":
            del cues[at]
        else:
            cues[:] = [one.with_(identifier=str(i)) for i, one in enumerate(cues, 1)]


def word(one: Cue) -> str:
    return one.text.split()[0]


def by_word(cues: tuple[Cue, ...] | list[Cue]) -> dict[str, Cue]:
    return {word(one): one for one in cues}


def check(base: list[Cue], mine: Side, theirs: Side, result: BodyMerge) -> None:
    merged = by_word(result.body.cues)
    times = Counter(map(word, result.body.cues))
    assert set(times.values()) <= {1}, f"doubled: {times}"
    asked = {word(side) for one in result.conflicts for side in (one.base, one.mine, one.theirs) if side}
    was, here, there = by_word(base), by_word(mine.cues), by_word(theirs.cues)
    for name in {*was, *here, *there} - asked:
        b, m, t = was.get(name), here.get(name), there.get(name)
        kept = (m is not None and t is not None) or (b is None)
        assert (name in merged) == kept, f"{name} is {'lost' if kept else 'back again'}"
        if b is not None and not kept:
            assert (m or t) in (None, b), f"{name} was removed on one side, changed on the other, in silence"
        if b is not None and m is not None and t is not None:
            for field in ("text", "settings", "start", "end"):
                before, ours, others = (getattr(one, field) for one in (b, m, t))
                wanted = others if ours == before else ours
                assert getattr(merged[name], field) == wanted, f"{field} of {name}"


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 6), st.booleans())
def test_nothing_is_lost_or_doubled(seed: int, number: int, numbered: bool) -> None:
    chance = Random(seed)
    words = [f"w{i} speaks about thing{i}" for i in range(number)]
    base = [
        cue(text, LONG * i, LONG * (i + 1), id=i + 1, identifier=str(i + 1) if numbered else "")
        for i, text in enumerate(words)
    ]
    mine, theirs = Side("mine", chance, base), Side("theirs", chance, base)
    ids = count(1000)
    read = identified([one.with_(id=0) for one in theirs.cues], base, (), lambda: next(ids))
    result = merge_bodies(body(*base), body(*mine.cues), body(*read), CODEC.make)
    check(base, mine, theirs, result)
