"""The author's checks in a worker: all cues of a snapshot, and what depends on their neighbours."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import Chunk
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.problem import Problem, Severity
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_blocks import Kind, has_signature, index_cues
from vtt_desktop.formats.webvtt_checks import check_cue, check_file, check_webvtt, kind_of
from vtt_desktop.quality.checker import pairs
from vtt_desktop.quality.profiles import Profile
from vtt_desktop.quality.rules import check_cue as check_quality_of
from vtt_desktop.quality.rules import check_gap

Found = dict[int, tuple[Problem, ...]]
_REPORT_EVERY = 8  # chunks
_SECTION = "WebVTT 4.1 cue timings"


@dataclass(frozen=True, slots=True)
class Checks:
    """What a document is checked for: WebVTT's rules for authors, and those of a profile if one is chosen."""

    webvtt: bool = False
    profile: Profile | None = None
    regions: frozenset[str] = frozenset()
    kind: str = "captions"
    of_file: tuple[Problem, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is anything to look for."""
        return self.webvtt or self.profile is not None

    def of_cue(self, cue: Cue) -> tuple[Problem, ...]:
        """What is wrong with one cue by itself."""
        found: tuple[Problem, ...] = ()
        if self.webvtt:
            found = tuple(check_cue(cue, self.regions, self.kind))
            if cue.lead.strip():
                found += tuple(_unknown_blocks(cue))
        return (*found, *check_quality_of(cue, self.profile)) if self.profile is not None else found

    def same_for_cues(self, other: Checks) -> bool:
        """Whether what is known of cues still holds."""
        mine = (self.webvtt, self.profile, self.regions, self.kind)
        return mine == (other.webvtt, other.profile, other.regions, other.kind)


def checks_of(snapshot: Snapshot, format_name: str, profile: Profile | None) -> Checks:
    """What the head asks to be checked, and what is wrong with it."""
    text = snapshot.head.text
    if format_name != "WebVTT":
        return Checks(profile=profile)
    if not has_signature(text):
        return Checks(True, profile)
    file = read_webvtt(text)
    regions = frozenset(region.id for region in file.regions if region.id)
    of_head = check_webvtt(Snapshot(snapshot.head))
    return Checks(True, profile, regions, kind_of(file), (*of_head, *check_file(file)))


def check_chunks(
    snapshot: Snapshot, checks: Checks, stopped: Callable[[], bool], report: Callable[[Found], object]
) -> None:
    """All cues by themselves; `report` is told every few thousand, in file order, until `stopped`."""
    found: Found = {}
    for number, chunk in enumerate(snapshot.cues.chunks, 1):
        if stopped():
            return
        for cue in _cues(chunk):
            if problems := checks.of_cue(cue):
                found[cue.id] = problems
        if found and number % _REPORT_EVERY == 0:
            report(found)
            found = {}
    report(found)


class NearCheck:
    """In-times below an earlier one, identifiers used before. A chunk that did not change is read once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Chunk, _Summary]] = {}
        self._gaps: dict[int, tuple[Chunk, Cue | None, Profile, Gaps]] = {}

    def check(self, snapshot: Snapshot, checks: Checks) -> Found:
        """Everything of the kind in a snapshot."""
        known: dict[int, tuple[Chunk, _Summary]] = {}
        found: dict[int, list[Problem]] = {}
        latest, used = -1, Counter[str]()
        in_order = True
        for chunk in snapshot.cues.chunks if checks.any else ():
            before = self._known.get(chunk.key)
            summary = before[1] if before is not None and before[0] is chunk else _summary(_cues(chunk))
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
        self._known = known
        if checks.profile is not None:
            gaps = self._gaps_of if in_order else _gaps_by_time
            for problem in gaps(snapshot, checks.profile):
                if problem.cue_id is not None:
                    found.setdefault(problem.cue_id, []).append(problem)
        return {cue_id: tuple(problems) for cue_id, problems in found.items()}

    def _gaps_of(self, snapshot: Snapshot, profile: Profile) -> Iterable[Problem]:
        """Gaps of a document in the order of its in-times: a chunk that did not change, behind the same cue,
        has the gaps it had."""
        known: dict[int, tuple[Chunk, Cue | None, Profile, Gaps]] = {}
        latest: Cue | None = None
        for chunk in snapshot.cues.chunks:
            before = self._gaps.get(chunk.key)
            if before is None or before[0] is not chunk or before[1] != latest or before[2] != profile:
                before = (chunk, latest, profile, _gaps_in(_cues(chunk), latest, profile))
            known[chunk.key] = before
            problems, latest = before[3]
            yield from problems
        self._gaps = known


Gaps = tuple[tuple[Problem, ...], Cue | None]
"""What was found in a chunk, and the cue that ends last up to its end."""


def _gaps_in(cues: Iterable[Cue], latest: Cue | None, profile: Profile) -> Gaps:
    found: list[Problem] = []
    for cue in cues:
        if latest is not None:
            found += check_gap(latest, cue, profile)
        if latest is None or cue.end >= latest.end:
            latest = cue
    return tuple(found), latest


def _gaps_by_time(snapshot: Snapshot, profile: Profile) -> Iterable[Problem]:
    """Gaps where cues do not stand in the order of their in-times."""
    for before, cue in pairs(cue for chunk in snapshot.cues.chunks for cue in _cues(chunk)):
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

    def early(self, latest: int) -> Iterable[int]:
        """Ids of the cues that start below an earlier in-time; `latest` is the latest before the chunk."""
        return self.inside if latest <= self.earliest else _early(self.ids, self.starts, latest)


def _summary(cues: Iterable[Cue]) -> _Summary:
    ids, starts = array("q"), array("q")
    identifiers = []
    for cue in cues:
        ids.append(cue.id)
        starts.append(cue.start)
        if cue.identifier:
            identifiers.append((cue.identifier, cue.id))
    inside = tuple(_early(ids, starts, -1))
    return _Summary(ids, starts, min(starts, default=0), max(starts, default=-1), inside, tuple(identifiers))


def _early(ids: array[int], starts: array[int], latest: int) -> Iterable[int]:
    for cue_id, start in zip(ids, starts, strict=True):
        if start < latest:
            yield cue_id
        else:
            latest = start


def _cues(chunk: Chunk) -> tuple[Cue, ...]:
    """The cues of a chunk; those that nobody has looked at yet are made and not kept, or a check would load
    a whole film."""
    if chunk.origin is not None:
        load, lo, hi = chunk.origin
        return load(lo, hi)
    return chunk.cues


def _unknown_blocks(cue: Cue) -> Iterable[Problem]:
    for block in index_cues(cue.lead).others:
        line = cue.lead[block.start : block.end].decode("utf-8", "replace").splitlines()[0]
        if block.kind is Kind.JUNK and line.rstrip(" \t") not in ("STYLE", "REGION"):
            said = f"A block that a player skips stands before it: “{line[:60]}”."
            yield Problem("unknown-block", "WebVTT 4.1 WebVTT file body", said, cue.id)
