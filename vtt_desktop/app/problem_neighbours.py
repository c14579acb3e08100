"""The checks that depend on neighbours, in a worker: a part of the document that did not change is not
read again."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass

from vtt_desktop.app.problem_worker import Checks, Found, cues_of
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import Chunk
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.problem import Problem, Severity
from vtt_desktop.formats.webvtt_checks import check_nesting, crossing, crossing_problem
from vtt_desktop.quality.checker import pairs
from vtt_desktop.quality.profiles import Profile
from vtt_desktop.quality.rules import check_gap, shown_alike, there_twice

_SECTION = "WebVTT 4.1 cue timings"


@dataclass(frozen=True, slots=True)
class Near:
    """What a look at a whole document found, by cue."""

    found: Found
    _shared: Set[int]
    """Marks of the times that more than one cue has."""

    def shares_its_time(self, cue: Cue) -> bool:
        """Whether another cue is shown from the same in-time to the same out-time. Where none is, the cue is
        there once, whatever it says."""
        return _time_mark(cue) in self._shared


class NearCheck:
    """In-times below an earlier one, identifiers used before, cues that are there twice, gaps, chapters that
    cross. A chunk that did not change is read once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Chunk, _Summary]] = {}
        self._gaps: dict[int, tuple[Chunk, Cue | None, Profile, Gaps]] = {}
        self._nests: dict[int, tuple[Chunk, Nest, tuple[Problem, ...], Nest]] = {}

    def read(self, profile: Profile | None) -> Callable[[Chunk, tuple[Cue, ...]], None]:
        """Reads chunks ahead of `check`, one after the other from the first on, while another check has their
        cues at hand."""
        latest: Cue | None = None

        def chunk_read(chunk: Chunk, cues: tuple[Cue, ...]) -> None:
            nonlocal latest
            self._known[chunk.key] = (chunk, _summary(cues))
            if profile is not None:
                gaps = _gaps_in(cues, latest, profile)
                self._gaps[chunk.key] = (chunk, latest, profile, gaps)
                latest = gaps[1]

        return chunk_read

    def check(self, snapshot: Snapshot, checks: Checks) -> Near:
        """Everything of the kind in a snapshot."""
        known: dict[int, tuple[Chunk, _Summary]] = {}
        found: dict[int, list[Problem]] = {}
        latest, used = -1, Counter[str]()
        twice = _Twice()
        in_order = True
        for chunk in snapshot.cues.chunks:
            before = self._known.get(chunk.key)
            summary = before[1] if before is not None and before[0] is chunk else _summary(cues_of(chunk))
            known[chunk.key] = (chunk, summary)
            for cue_id in summary.early(latest):
                in_order = False
                if not checks.webvtt:
                    break
                said = "It starts before the cue in front of it does."
                found.setdefault(cue_id, []).append(
                    Problem("start-order", _SECTION, said, cue_id, Severity.ERROR)
                )
            latest = max(latest, summary.latest)
            for identifier, cue_id in summary.identifiers if checks.webvtt else ():
                used[identifier] += 1
                if used[identifier] > 1:
                    said = f"The identifier “{identifier}” is used before."
                    found.setdefault(cue_id, []).append(
                        Problem("identifier-twice", "WebVTT 4.1 cue identifier", said, cue_id)
                    )
            twice.take(summary.times)
        self._known = known
        for cue_id in twice.ids(summary for _, summary in known.values()):
            found.setdefault(cue_id, []).append(there_twice(cue_id))
        if checks.profile is not None:
            gaps = self._gaps_of if in_order else _gaps_by_time
            for problem in gaps(snapshot, checks.profile):
                if problem.cue_id is not None:
                    found.setdefault(problem.cue_id, []).append(problem)
        if checks.webvtt and checks.kind == "chapters":
            for problem in self._crossings(snapshot):
                if problem.cue_id is not None:
                    found.setdefault(problem.cue_id, []).append(problem)
        return Near({cue_id: tuple(problems) for cue_id, problems in found.items()}, twice.shared)

    def _gaps_of(self, snapshot: Snapshot, profile: Profile) -> Iterable[Problem]:
        """Gaps of a document in the order of its in-times: a chunk that did not change, behind the same cue,
        has the gaps it had."""
        known: dict[int, tuple[Chunk, Cue | None, Profile, Gaps]] = {}
        latest: Cue | None = None
        for chunk in snapshot.cues.chunks:
            before = self._gaps.get(chunk.key)
            if before is None or before[0] is not chunk or before[1] != latest or before[2] != profile:
                before = (chunk, latest, profile, _gaps_in(cues_of(chunk), latest, profile))
            known[chunk.key] = before
            problems, latest = before[3]
            yield from problems
        self._gaps = known

    def _crossings(self, snapshot: Snapshot) -> Iterable[Problem]:
        """Chapters that cross. In the order of their in-times a chunk that did not change, behind the same
        open chapters, has the problems it had."""
        known: dict[int, tuple[Chunk, Nest, tuple[Problem, ...], Nest]] = {}
        nest: Nest = ((), _FIRST)
        every: list[Problem] = []
        for chunk in snapshot.cues.chunks:
            before = self._nests.get(chunk.key)
            if before is None or before[0] is not chunk or before[1] != nest:
                fresh = _nested_in(cues_of(chunk), nest)
                if fresh is None:  # not in order
                    self._nests = {}
                    return tuple(check_nesting(cue for part in snapshot.cues.chunks for cue in cues_of(part)))
                before = (chunk, nest, *fresh)
            known[chunk.key] = before
            every += before[2]
            nest = before[3]
        self._nests = known
        return every


Nest = tuple[tuple[int, ...], tuple[int, int]]
"""Out-times of the chapters that are open, the outermost first; in-time and negative out-time of the last."""
_FIRST = (-1, 0)


def _nested_in(cues: Iterable[Cue], nest: Nest) -> tuple[tuple[Problem, ...], Nest] | None:
    """What crosses in a chunk behind `nest`, and the nest behind it; None where the order is another."""
    open_until, last = list(nest[0]), nest[1]
    found: list[Problem] = []
    for cue in cues:
        place = (cue.start, -cue.end)
        if place < last:
            return None
        last = place
        if crossing(cue, open_until):
            found.append(crossing_problem(cue))
    return tuple(found), (tuple(open_until), last)


Gaps = tuple[tuple[Problem, ...], Cue | None]
"""What was found in a chunk, and the cue that ends last up to its end."""


def _gaps_in(cues: Iterable[Cue], latest: Cue | None, profile: Profile) -> Gaps:
    found: list[Problem] = []
    far = max(profile.gap, profile.better_gap, profile.close_below)
    for cue in cues:
        if latest is not None and cue.start - latest.end < far:
            found += check_gap(latest, cue, profile)
        if latest is None or cue.end >= latest.end:
            latest = cue
    return tuple(found), latest


def _gaps_by_time(snapshot: Snapshot, profile: Profile) -> Iterable[Problem]:
    """Gaps where cues do not stand in the order of their in-times."""
    for before, cue in pairs(cue for chunk in snapshot.cues.chunks for cue in cues_of(chunk)):
        if before is not None:
            yield from check_gap(before, cue, profile)


@dataclass(frozen=True, slots=True)
class _Summary:
    ids: array[int]
    starts: array[int]
    earliest: int
    latest: int
    inside: tuple[int, ...]
    """Ids of cues that start below one before them in the same chunk."""
    identifiers: tuple[tuple[str, int], ...]
    times: array[int]
    """Marks of the times of each cue."""
    marks: array[int]
    """Of what each cue says, at its time: equal where that is."""

    def early(self, latest: int) -> Iterable[int]:
        """Ids of the cues that start below an earlier in-time; `latest` is the latest before the chunk."""
        return self.inside if latest <= self.earliest else _early(self.ids, self.starts, latest)


def _summary(cues: Iterable[Cue]) -> _Summary:
    ids, starts, times, marks = array("q"), array("q"), array("q"), array("q")
    identifiers = []
    for cue in cues:
        times.append(_time_mark(cue))
        marks.append(hash(shown_alike(cue)))
        ids.append(cue.id)
        starts.append(cue.start)
        if cue.identifier:
            identifiers.append((cue.identifier, cue.id))
    inside = tuple(_early(ids, starts, -1))
    earliest, latest = min(starts, default=0), max(starts, default=-1)
    return _Summary(ids, starts, earliest, latest, inside, tuple(identifiers), times, marks)


def _time_mark(cue: Cue) -> int:
    return hash((cue.start, cue.end))


class _Twice:
    """Cues that are there twice, in a document that is read chunk by chunk: they have one time, so that the
    words are compared only where times are shared."""

    def __init__(self) -> None:
        self._times: set[int] = set()
        self.shared: set[int] = set()

    def take(self, times: array[int]) -> None:
        """The marks of the times of the next chunk."""
        here = set(times)
        if len(here) < len(times):
            self.shared.update(mark for mark, count in Counter(times).items() if count > 1)
        self.shared |= self._times & here
        self._times |= here

    def ids(self, summaries: Iterable[_Summary]) -> Iterable[int]:
        """Ids of the cues that say what one before them says, when all chunks have been taken."""
        seen: set[int] = set()
        for summary in summaries if self.shared else ():
            if self.shared.isdisjoint(summary.times):
                continue
            for cue_id, mark in zip(summary.ids, summary.marks, strict=True):
                if mark in seen:
                    yield cue_id
                seen.add(mark)


def _early(ids: array[int], starts: array[int], latest: int) -> Iterable[int]:
    for cue_id, start in zip(ids, starts, strict=True):
        if start < latest:
            yield cue_id
        else:
            latest = start
