"""What the WebVTT specification forbids an author, found in a document as it is edited.

A cue's own problems depend on that cue and the regions alone, so one edit costs one cue's check; what
depends on neighbours (order of in-times, identifiers used twice) is looked at in one pass.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.problem import Problem, Severity
from vtt_desktop.formats.webvtt import WebVTTFile
from vtt_desktop.formats.webvtt_blocks import Kind, has_signature, index_file
from vtt_desktop.formats.webvtt_cue import CueSettings, decode, parse_setting, split_on_spaces
from vtt_desktop.formats.webvtt_region import Region, parse_region
from vtt_desktop.formats.webvtt_text_checks import check_text
from vtt_desktop.formats.webvtt_write import is_webvtt

_SETTINGS = ("vertical", "line", "position", "size", "align", "region")
_TIME = rb"(?:[0-9]{2,}:)?[0-5][0-9]:[0-5][0-9]\.[0-9]{3}"
_TIMING_LINE = re.compile(
    rb"(?:[^\r\n]*(?:\r\n|\r|\n))??"
    + _TIME
    + rb"[ \t]+-->[ \t]+"
    + _TIME
    + rb"(?:[ \t]+[^\r\n]*)?(?=[\r\n]|\Z)"
)


def check_webvtt(snapshot: Snapshot, *, kind: str = "captions") -> Iterator[Problem]:
    """All problems of a document: those of the file first, then cue by cue in file order.

    `kind` is what the cues are for: "chapters" cannot have tags (WebVTT 4.3), the text of "metadata" is
    anything without an arrow (WebVTT 4.5).
    """
    regions = tuple(_regions(snapshot.head.text))
    yield from _check_regions(regions)
    defined = frozenset(region.id for region in regions if region.id)
    used: Counter[str] = Counter()
    latest = -1
    for cue in snapshot.cues:
        yield from check_cue(cue, defined, kind)
        if cue.start < latest:
            yield _problem(
                "start-order", "4.1 cue timings", "It starts before the cue in front of it does.", cue.id
            )
        latest = max(latest, cue.start)
        if cue.identifier:
            used[cue.identifier] += 1
            if used[cue.identifier] > 1:
                said = f"The identifier “{cue.identifier}” is used before."
                yield _problem("identifier-twice", "4.1 cue identifier", said, cue.id)
    if kind == "chapters":
        yield from check_nesting(snapshot.cues)


def check_nesting(cues: Iterable[Cue]) -> Iterator[Problem]:
    """WebVTT 4.6.1 "WebVTT file using only nested cues": of two chapters one lies in the other, or they do
    not touch. One pass over them by in-time, the longer one first."""
    open_until: list[int] = []
    for cue in sorted(cues, key=lambda cue: (cue.start, -cue.end)):
        if crossing(cue, open_until):
            yield crossing_problem(cue)


def crossing(cue: Cue, open_until: list[int]) -> bool:
    """Whether a chapter begins in one that ends before it. `open_until`, the out-times of those that are open
    (ms), goes on to what is open behind this one; chapters come by in-time, the longer one first."""
    while open_until and open_until[-1] <= cue.start:
        open_until.pop()
    if open_until and cue.end > open_until[-1]:
        return True
    open_until.append(cue.end)
    return False


def crossing_problem(cue: Cue) -> Problem:
    """What is said of a chapter that crosses another."""
    said = "It begins in another chapter and ends behind it: chapters must nest."
    return _problem("chapters-cross", "4.6.1 only nested cues", said, cue.id)


def check_cue(cue: Cue, regions: frozenset[str], kind: str = "captions") -> Iterator[Problem]:
    """The problems of one cue by itself. `regions` are the identifiers of the regions that are defined."""
    if cue.end <= cue.start:
        yield _problem("end-before-start", "4.1 cue timings", "It must end after it starts.", cue.id)
    source = cue.source
    if source is not None and not _TIMING_LINE.match(source.block) and is_webvtt(source):
        if (cue.start, cue.end, cue.settings) == (source.start, source.end, source.settings):
            said = (
                "The timing line is not as it must be written: spaces round the arrow, hours of two digits."
            )
            yield _problem("timing-line", "4.1 cue timings", said, cue.id)
    if cue.settings:
        yield from _check_settings(cue, regions)
    for rule, section, message, severity in check_text(cue.text, cue.start, cue.end, kind):
        yield _problem(rule, section, message, cue.id, severity)
    if cue.lead.strip():
        yield from _check_lead(cue)


def kind_of(file: WebVTTFile) -> str:
    """What the file says that it is for, in a header line `Kind: chapters`; captions where it does not."""
    said = (line.partition(":") for line in file.header[1:])
    kinds = [value.strip().lower() for name, _, value in said if name.strip().lower() == "kind"]
    return kinds[0] if kinds else "captions"


def check_file(file: WebVTTFile) -> Iterator[Problem]:
    """Problems of the blocks that are no cues, with their lines in the file."""
    data = file.index.data
    seen_cue = file.index.starts[0] if file.index.starts else len(data)
    for block in file.index.others:
        text = decode(data[block.start : block.end])
        if block.kind is Kind.JUNK and not (block.start > seen_cue and _is_late(text)):
            line = text.partition("\n")[0]
            said = f"A block that a player skips: “{line[:60]}”."
            yield _problem(
                "unknown-block", "4.1 WebVTT file body", said, None, line=file.line_of(block.start)
            )
        if block.kind is not Kind.JUNK and "-->" in text:
            said = "An arrow (-->) stands in a block where it cannot."
            yield _problem("arrow-in-block", "4.1", said, None, line=file.line_of(block.start))
    if b"\0" in data:
        said = "The file holds NUL characters; they are read as U+FFFD."
        yield _problem("nul", "4.1 WebVTT file", said, None, line=file.line_of(data.index(b"\0")))
    try:
        data.decode()
    except UnicodeDecodeError as error:
        said = "The file is not UTF-8 throughout; what is not is shown as U+FFFD and kept."
        yield _problem("not-utf-8", "4.1 WebVTT file", said, None, line=file.line_of(error.start))


def _check_settings(cue: Cue, regions: frozenset[str]) -> Iterator[Problem]:
    section = "4.4 cue settings"
    seen: set[str] = set()
    said: CueSettings = CueSettings()
    for word in split_on_spaces(cue.settings):
        name, colon, value = word.partition(":")
        if name not in _SETTINGS or not colon:
            yield _problem("unknown-setting", section, f"There is no cue setting “{word}”.", cue.id)
            continue
        if name in seen:
            yield _problem("repeated-setting", section, f"The setting “{name}” is given twice.", cue.id)
        seen.add(name)
        better = parse_setting(said, name, value) if value else None
        if better is None:
            yield _problem("bad-setting", section, f"“{word}” is not a value that {name} can have.", cue.id)
        said = better or said
    if said.region is not None:
        if said.region not in regions:
            message = f"The region “{said.region}” is not defined."
            yield _problem("undefined-region", "4.4 region cue setting", message, cue.id)
        if said.line != "auto" or said.size != 100 or said.vertical:
            message = "A cue with line, size or vertical is shown without its region."
            yield _problem("region-overruled", "4.4 region cue setting", message, cue.id, Severity.WARNING)


def _regions(head: bytes) -> Iterator[Region]:
    for block in index_file(head).others if has_signature(head) else ():
        if block.kind is Kind.REGION:
            yield parse_region(decode(head[block.start : block.end]).partition("\n")[2])


def _check_regions(regions: tuple[Region, ...]) -> Iterator[Problem]:
    for name, count in Counter(region.id for region in regions).items():
        if not name:
            said = "A region has no identifier, so that no cue can use it."
            yield _problem("region-without-id", "4.2 region", said, None)
        elif count > 1:
            yield _problem(
                "region-twice", "4.2 region", f"The region “{name}” is defined {count} times.", None
            )


def _check_lead(cue: Cue) -> Iterator[Problem]:
    if b"-->" in cue.lead:
        said = "What stands before it has an arrow (-->), which a NOTE cannot hold."
        yield _problem("arrow-in-note", "4.1 comment block", said, cue.id)
    if re.search(rb"(?:\A|[\r\n])(?:STYLE|REGION)[ \t]*[\r\n]", cue.lead):
        said = "A STYLE or REGION block stands before it, behind the first cue: it has no effect."
        yield _problem("late-block", "4.1 WebVTT file body", said, cue.id)


def _is_late(text: str) -> bool:
    return text.partition("\n")[0].rstrip(" \t") in ("STYLE", "REGION")


def _problem(
    rule: str,
    section: str,
    message: str,
    cue_id: int | None,
    severity: Severity = Severity.ERROR,
    line: int = 0,
) -> Problem:
    return Problem(rule, f"WebVTT {section}", message, cue_id, severity, line)
