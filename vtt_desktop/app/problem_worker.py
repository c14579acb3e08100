"""The author's checks in a worker: all cues of a snapshot, each by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import Chunk
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.problem import Problem
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_blocks import Kind, has_signature, index_cues
from vtt_desktop.formats.webvtt_checks import check_cue, check_file, check_webvtt, kind_of
from vtt_desktop.quality.profiles import Profile
from vtt_desktop.quality.rules import check_cue as check_quality_of

Found = dict[int, tuple[Problem, ...]]
_REPORT_EVERY = 8  # chunks


@dataclass(frozen=True, slots=True)
class Checks:
    """What a document is checked for beside cues that are there twice: WebVTT's rules for authors, and those
    of a profile if one is chosen."""

    webvtt: bool = False
    profile: Profile | None = None
    regions: frozenset[str] = frozenset()
    kind: str = "captions"
    of_file: tuple[Problem, ...] = ()

    def of_cue(self, cue: Cue) -> tuple[Problem, ...]:
        """What is wrong with one cue by itself."""
        found: tuple[Problem, ...] = ()
        if self.webvtt:
            found = tuple(check_cue(cue, self.regions, self.kind))
            if cue.lead.strip():
                found += tuple(_unknown_blocks(cue.lead, "before it", cue.id))
        return (*found, *check_quality_of(cue, self.profile)) if self.profile is not None else found

    def same_for_cues(self, other: Checks) -> bool:
        """Whether what is known of cues still holds."""
        mine = (self.webvtt, self.profile, self.regions, self.kind)
        return mine == (other.webvtt, other.profile, other.regions, other.kind)


def checks_of(snapshot: Snapshot, format_name: str, profile: Profile | None) -> Checks:
    """What the head asks to be checked, and what is wrong with it and behind the last cue."""
    text = snapshot.head.text
    if format_name != "WebVTT":
        return Checks(profile=profile)
    if not has_signature(text):
        return Checks(True, profile)
    file = read_webvtt(text)
    regions = frozenset(region.id for region in file.regions if region.id)
    of_head = check_webvtt(Snapshot(snapshot.head))
    behind = _unknown_blocks(snapshot.head.tail, "behind the last cue", None)
    return Checks(True, profile, regions, kind_of(file), (*of_head, *check_file(file), *behind))


def check_chunks(
    snapshot: Snapshot,
    checks: Checks,
    stopped: Callable[[], bool],
    report: Callable[[Found], object],
    made: Callable[[Chunk, tuple[Cue, ...]], object] = lambda chunk, cues: None,
) -> None:
    """All cues by themselves; `report` is told every few thousand, in file order, until `stopped`. `made`
    gets the cues of each chunk, in order: who needs them too has not to make them again."""
    found: Found = {}
    for number, chunk in enumerate(snapshot.cues.chunks, 1):
        if stopped():
            return
        cues = cues_of(chunk)
        made(chunk, cues)
        for cue in cues:
            if problems := checks.of_cue(cue):
                found[cue.id] = problems
        if found and number % _REPORT_EVERY == 0:
            report(found)
            found = {}
    report(found)


def cues_of(chunk: Chunk) -> tuple[Cue, ...]:
    """The cues of a chunk; those that nobody has looked at yet are made and not kept, or a check would load
    a whole film."""
    if chunk.origin is not None:
        load, lo, hi = chunk.origin
        return load(lo, hi)
    return chunk.cues


def _unknown_blocks(data: bytes, where: str, cue_id: int | None) -> Iterable[Problem]:
    for block in index_cues(data).others:
        line = data[block.start : block.end].decode("utf-8", "replace").splitlines()[0]
        if block.kind is Kind.JUNK and line.rstrip(" \t") not in ("STYLE", "REGION"):
            said = f"A block that a player skips stands {where}: “{line[:60]}”."
            yield Problem("unknown-block", "WebVTT 4.1 WebVTT file body", said, cue_id)
