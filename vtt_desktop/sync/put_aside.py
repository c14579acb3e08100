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
from vtt_desktop.sync.body import Conflict, ConflictKind
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.sync_log import LogLine, Preview, Replaced

MakePreview = Callable[[Conflict, Cue | None], Preview]


@dataclass(frozen=True, slots=True)
class Aside:
    """A side of the cue `id` that was not chosen; `others` as it would have left them, and as they were
    decided."""

    id: int
    replaced: Replaced
    others: tuple[Replaced, ...]

    def belonging(self, line: LogLine) -> LogLine | None:
        """A line that is about it, with what is to be put back with it; None: one about something else."""
        if line.replaced is None:
            return None
        if line.cue_id == self.id:
            return replace(line, others=self.others) if line.replaced.before == self.replaced.before else None
        rest = tuple(one for one in self.others if _id(one) != line.cue_id)
        return replace(line, others=(self.replaced, *rest)) if len(rest) < len(self.others) else None


def asides(
    one: Segment, choices: Mapping[int, Cue | None], preview: MakePreview, cues: CueList
) -> tuple[Aside, ...]:
    """What these choices on a segment will put aside. `cues` are the document's before it is decided."""
    found = []
    for conflict in one.conflicts:
        if conflict.kind is ConflictKind.HEAD or conflict.id not in choices:
            continue
        choice = choices[conflict.id]
        decided = preview(conflict, choice)
        sides = ((conflict.mine, conflict.keep_mine), (conflict.theirs, conflict.take_theirs))
        for side, kept in sides:
            if choice in (side, kept):
                continue
            others = _otherwise(preview(conflict, kept), decided, cues)
            if others:
                found.append(Aside(conflict.id, Replaced(side, decided.cue), others))
    return tuple(found)


def told_whole(line: LogLine, every: Iterable[Aside]) -> LogLine:
    """A line on a decision, with what belongs to it."""
    return next((whole for one in every if (whole := one.belonging(line)) is not None), line)


def _otherwise(aside: Preview, decided: Preview, cues: CueList) -> tuple[Replaced, ...]:
    """Cues that one choice would leave otherwise than the other does: as the one would, as the other does."""
    sides = [{_id(one): one.after for one in preview.others} for preview in (aside, decided)]
    pairs = {i: [side.get(i, cues.get(i)) for side in sides] for i in dict.fromkeys([*sides[0], *sides[1]])}
    return tuple(Replaced(before, after) for before, after in pairs.values() if before != after)


def _id(one: Replaced) -> int:
    cue = one.before or one.after
    return cue.id if isinstance(cue, Cue) else 0
