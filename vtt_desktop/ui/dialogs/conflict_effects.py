"""What a choice on a conflict does besides, in words: to other cues, and to the times of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.timecode import format_time
from vtt_desktop.sync.sync_log import Preview, Replaced
from vtt_desktop.ui.dialogs.conflict_words import quoted
from vtt_desktop.ui.word_marks import Mark, marked

_FEW = 3


@dataclass(frozen=True, slots=True)
class Naming:
    """`number` gives the number that a cue has now; times are told `time_offset` ms later."""

    number: Callable[[int], int | None]
    time_offset: int = 0

    def time(self, ms: int) -> str:
        return format_time(ms + self.time_offset, hours=False)

    def of(self, cues: Sequence[Cue]) -> str:
        """Number, in-time and first words of each of the first few."""
        named = []
        for cue in cues[:_FEW]:
            number = self.number(cue.id)
            named.append(
                f"{f'{number} ' if number else ''}({self.time(cue.start)}) {quoted(cue.text)}".rstrip()
            )
        if len(cues) > _FEW:
            named.append(f"{len(cues) - _FEW} more")
        return _listed(named)


def effects(choice: str, shown: Cue | None, preview: Preview, naming: Naming) -> str:
    """Sentences on the choice, of a cue whose times are `shown` with it. Empty: it does nothing besides."""
    others = preview.others
    back = _cues(one.after for one in others if one.before is None)
    gone = _cues(one.before for one in others if one.after is None)
    parts = [f"brings back {_count(back, known=False)}{naming.of(back)}"] if back else []
    parts += [f"removes {_count(gone)}{naming.of(gone)}"] if gone else []
    parts += [
        _changed(one, naming) for one in others if isinstance(one.before, Cue) and one.after is not None
    ]
    parts += _times(shown, preview.cue, naming)
    told = [f"“{choice}” also {_listed(parts)}."] if parts else []
    if preview.twice:
        say = "says" if len(preview.twice) == 1 else "say"
        there = (
            f"{_count(preview.twice)}{naming.of(preview.twice)} as {'it is' if say == 'says' else 'they are'}"
        )
        told.append(f"“{choice}” leaves {there}, which {say} some of the same words.")
    return " ".join(told)


def _cues(sides: Iterable[object]) -> list[Cue]:
    """In the order of their times, as they stand in the document."""
    return sorted((cue for cue in sides if isinstance(cue, Cue)), key=lambda cue: cue.start)


def _count(cues: Sequence[Cue], *, known: bool = True) -> str:
    if known:
        return "cue " if len(cues) == 1 else "cues "
    return "the cue " if len(cues) == 1 else f"{len(cues)} cues: "


def _changed(one: Replaced, naming: Naming) -> str:
    before, after = one.before, one.after
    assert isinstance(before, Cue) and isinstance(after, Cue), "the header is no other cue"
    if before.text != after.text:
        pieces = [piece for piece in marked(before.text, after.text) if not piece.text.isspace()]
        kinds = {piece.mark for piece in pieces} - {Mark.SAME}
        changed = quoted(" ".join(piece.text for piece in pieces if piece.mark is not Mark.SAME))
        if changed and after.text and len(kinds) == 1:  # the first words of both may be the same
            there = f"cue {naming.of([before])}"
            return (
                f"takes {changed} out of {there}" if Mark.REMOVED in kinds else f"adds {changed} to {there}"
            )
        return f"makes cue {naming.of([before])} say {quoted(after.text) or 'nothing'}"
    if (before.start, before.end) != (after.start, after.end):
        return f"has cue {naming.of([before])} last {_lasting(after, naming)}"
    return f"changes cue {naming.of([before])}"


def _times(shown: Cue | None, cue: Cue | None, naming: Naming) -> list[str]:
    """What becomes of the cue's own times, where they are not those that are seen."""
    if shown is None or cue is None or (shown.start, shown.end) == (cue.start, cue.end):
        return []
    if shown.start == cue.start:
        return [f"ends this cue at {naming.time(cue.end)}"]
    if shown.end == cue.end:
        return [f"begins this cue at {naming.time(cue.start)}"]
    return [f"has this cue last {_lasting(cue, naming)}"]


def _lasting(cue: Cue, naming: Naming) -> str:
    return f"from {naming.time(cue.start)} to {naming.time(cue.end)}"


def _listed(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`; `a and b, and c` where a part is a list itself."""
    last = ", and " if any(" and " in part for part in parts[:-1]) else " and "
    return last.join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
