"""What a decision put aside, whole: a side that was not chosen, with the cues that it would have left.

Put back alone, a cue would stand beside what came back when it was decided against, or without what went: its
words twice, or nowhere. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.many import replace
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.sync_log import LogLine, Replaced

Choices = Mapping[int, Cue | None]
Becomes = Callable[[Segment, Choices], Choices]


@dataclass(frozen=True, slots=True)
class Aside:
    """A `side` of the cue `id` that was not chosen; what it would have left of that cue, and of `others`, and
    as they were decided: a cue that was removed there stays where its text comes back."""

    id: int
    side: Cue | None
    replaced: Replaced
    others: tuple[Replaced, ...]

    def belonging(self, line: LogLine) -> LogLine | None:
        """A line that is about it, with what is to be put back with it; None: one about something else."""
        if line.replaced is None:
            return None
        if line.cue_id == self.id:
            mine = line.replaced.before == self.side
            return replace(line, replaced=self.replaced, others=self.others) if mine else None
        rest = tuple(one for one in self.others if _id(one) != line.cue_id)
        return replace(line, others=(self.replaced, *rest)) if len(rest) < len(self.others) else None


def asides(one: Segment, choices: Choices, becomes: Becomes, cues: CueList) -> tuple[Aside, ...]:
    """What these choices, on all that is in conflict in a segment, will put aside. `becomes` tells what cues
    would be by choices; others are as in `cues`, the document's before it is decided."""
    found = []
    decided = becomes(one, choices)
    for conflict in one.conflicts:
        choice = choices[conflict.id]
        sides = ((conflict.mine, conflict.keep_mine), (conflict.theirs, conflict.take_theirs))
        for side, kept in sides:
            if choice in (side, kept):
                continue
            aside = becomes(one, {**choices, conflict.id: kept})
            others = _otherwise(conflict.id, aside, decided, cues)
            left = side or aside.get(conflict.id)
            found.append(Aside(conflict.id, side, Replaced(left, decided.get(conflict.id)), others))
    return tuple(found)


def told_whole(line: LogLine, every: Iterable[Aside]) -> LogLine:
    """A line on a decision, with what belongs to it."""
    its = [one for one in every if one.id == line.cue_id]
    return next((whole for one in its or every if (whole := one.belonging(line)) is not None), line)


def _otherwise(cue_id: int, aside: Choices, decided: Choices, cues: CueList) -> tuple[Replaced, ...]:
    """Cues, but for that one, that one choice would leave otherwise than the other does: as the one would, as
    the other does."""
    ids = [i for i in dict.fromkeys([*aside, *decided]) if i != cue_id]
    pairs = ([side.get(i, cues.get(i)) for side in (aside, decided)] for i in ids)
    return tuple(Replaced(before, after) for before, after in pairs if before != after)


def _id(one: Replaced) -> int:
    cue = one.before or one.after
    return cue.id if isinstance(cue, Cue) else 0
