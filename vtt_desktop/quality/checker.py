"""A document held against a profile: all of it, or what one edit can have changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.problem import Problem
from vtt_desktop.quality.profiles import Profile
from vtt_desktop.quality.rules import check_cue, check_gap, shown_alike, there_twice


def check_quality(cues: Iterable[Cue], profile: Profile) -> Iterator[Problem]:
    """All problems, cue by cue in the order of their in-times."""
    for before, cue in pairs(cues):
        yield from check_cue(cue, profile)
        if before is not None:
            yield from check_gap(before, cue, profile)


def check_twice(cues: Iterable[Cue]) -> Iterator[Problem]:
    """Cues that say what one before them says, at the same time; no profile has to be chosen for that."""
    seen = set()
    for cue in cues:
        if (what := shown_alike(cue)) in seen:
            yield there_twice(cue.id)
        seen.add(what)


def pairs(cues: Iterable[Cue]) -> Iterator[tuple[Cue | None, Cue]]:
    """(the cue before it on the screen, the cue) by in-time; before it is, of all earlier, what ends last."""
    latest: Cue | None = None
    for cue in sorted(cues, key=lambda cue: cue.start):
        yield latest, cue
        if latest is None or cue.end >= latest.end:
            latest = cue
