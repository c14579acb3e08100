"""Writing WebVTT: what nobody touched as it was read, what somebody touched in the file's own style."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from vtt_desktop.domain.cue import Cue, Source
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.reading import without_overrides
from vtt_desktop.domain.timecode import format_time
from vtt_desktop.formats.foreign_text import is_ass_head
from vtt_desktop.formats.webvtt_blocks import BOM, BlockIndex, has_signature, index_cues, index_file
from vtt_desktop.formats.webvtt_cue import ASCII_WHITESPACE

_EOL = re.compile(rb"\r\n|\r|\n")
_BLANK_LINES = re.compile(rb"(?:\r\n|\r|\n)++")
_TIME = rb"(?:([0-9]++):)?[0-5][0-9]:[0-5][0-9]\.[0-9]{3}(?![0-9])"
# A cue block in its three parts: identifier line, timing line, the line end and text behind it.
_PARTS = re.compile(
    rb"([^\r\n]*?(?:\r\n|\r|\n))??([ \t\f]*"
    + _TIME
    + rb"[ \t\f]*-->[ \t\f]*"
    + _TIME
    + rb"([^\r\n]*))(.*)\Z",
    re.DOTALL,
)
_ANY_CUE = b"00:00.000 --> 00:00.001\nx"
_LOOKED_AT = 256  # cues


@dataclass(frozen=True, slots=True)
class Style:
    """How a file writes: its line end, and whether hours stand before times below one hour."""

    eol: bytes = b"\n"
    hours: bool = True


def style_of(snapshot: Snapshot) -> Style:
    """The style of a document: its first line end, and its first cue that was read from a file.

    Desks that share a document come to the same style, so that a cue inserted on one is written alike on all.
    """
    first = list(islice(snapshot.cues, _LOOKED_AT))
    places = (snapshot.head.text, *(cue.lead for cue in first[:1]), snapshot.head.tail)
    eol: bytes = next((found[0] for found in map(_EOL.search, places) if found), b"\n")
    parts = (_PARTS.match(cue.source.block) for cue in first if cue.source is not None)
    return Style(eol, next((_has_hours(found) for found in parts if found), True))


def write_webvtt(snapshot: Snapshot) -> bytes:
    """The bytes of the file. Runs of cues that are still as they were read are copied without making them."""
    return b"".join(_pieces(snapshot))


def write_cue(cue: Cue, style: Style) -> bytes:
    """The block of one cue: bytes as read for the identifier line, the timing line and the text that
    nobody changed (WebVTT 4.1 for the rest)."""
    source = cue.source
    parts = _parts(source)
    if source is None or parts is None:
        eol = style.eol
        if source is not None:  # read from another format
            cue = cue.with_(text=without_overrides(cue.text))
        return _identifier(cue, eol) + _timing(cue, style.hours, _one_line(cue.settings)) + _text(cue, eol)
    same_timing = cue.start == source.start and cue.end == source.end and cue.settings == source.settings
    if same_timing and cue.text == source.text and cue.identifier == source.identifier:
        return source.block
    found = _EOL.search(source.block)
    eol = found[0] if found else style.eol
    identifier, timing, settings, text = parts[1] or b"", parts[2], parts[5], parts[6]
    if cue.identifier != source.identifier:
        identifier = _identifier(cue, eol)
    if not same_timing:
        same_settings = cue.settings == source.settings
        written = settings.strip(_WHITESPACE) if same_settings else _one_line(cue.settings)
        timing = _timing(cue, _has_hours(parts), written)
    if cue.text != source.text:
        text = _text(cue, eol)
    return identifier + timing + text


def is_webvtt(source: Source) -> bool:
    """Whether a cue was read from WebVTT, and not from another format."""
    return _parts(source) is not None


def lead_of(cue: Cue, block: bytes, style: Style, before: bytes = _ANY_CUE) -> bytes:
    """What to write between `before` and the block: the cue's lead, with what it lacks for a parser to find
    this block there and nothing else."""
    lead = cue.lead
    if not lead:
        return style.eol * 2
    blank = _BLANK_LINES.fullmatch(lead)
    if before is _ANY_CUE and blank and (not cue.identifier or len(_EOL.findall(lead)) > 1):
        return lead
    if not blank and cue.source is not None and _parts(cue.source) is None:
        return style.eol * 2  # comments of another format
    if _stands_alone(before, lead, block):
        return lead
    two, ends = style.eol * 2, _EOL.findall(lead)
    last: bytes = ends[-1] if ends else style.eol  # the lead's own kind: CR and LF would make one line end
    tries = (lead + last, lead + last * 2, two + lead, two + lead + two)
    return next((made for made in tries if _stands_alone(before, made, block)), tries[-1])


def write_head(head: Head) -> bytes:
    """The head's bytes; a document that was no WebVTT file gets a signature."""
    if has_signature(head.text):
        return head.text
    text = b"" if is_ass_head(head.text) else head.text.removeprefix(BOM)
    return b"WEBVTT" + (b"\n\n" + text if text else b"")


def _pieces(snapshot: Snapshot) -> Iterator[bytes | memoryview]:
    head, cues = write_head(snapshot.head), snapshot.cues
    style: Style | None = None
    yield head
    first = True
    for chunk in cues.chunks:
        if chunk.origin is not None:
            load, lo, hi = chunk.origin
            if isinstance(load, BlockIndex) and (not first or (lo == 0 and load.head == head)):
                yield load.raw(lo, hi)
                first = False
                continue
        style = style or style_of(snapshot)
        for cue in chunk.cues:
            block = write_cue(cue, style)
            yield lead_of(cue, block, style, head) if first else lead_of(cue, block, style)
            yield block
            first = False
    tail = b"" if is_ass_head(snapshot.head.text) else snapshot.head.tail
    if not has_signature(snapshot.head.text) and not tail:
        tail = b"\n"
    if tail and tail[:1] not in b"\r\n":
        yield (style or style_of(snapshot)).eol * 2
    yield tail


def _parts(source: Source | None) -> re.Match[bytes] | None:
    """The parts of the block that a cue was read from; None where that was no WebVTT."""
    parts = _PARTS.match(source.block) if source is not None else None
    # A number line that the source does not call its identifier is SubRip's.
    return None if source is None or parts is None or (parts[1] is None) != (not source.identifier) else parts


def _stands_alone(before: bytes, lead: bytes, block: bytes) -> bool:
    if lead[:1] not in (b"\r", b"\n"):
        return False
    data = before + lead + block
    index = index_file(data) if has_signature(before) else index_cues(data)
    wanted = [len(before) + len(lead)]
    if before is _ANY_CUE:
        wanted = [0, *wanted]
    ends = [len(before), len(data)][-len(wanted) :]
    return list(index.starts) == wanted and list(index.ends) == ends


def _has_hours(parts: re.Match[bytes]) -> bool:
    return parts[3] is not None or parts[4] is not None


def _identifier(cue: Cue, eol: bytes) -> bytes:
    line = cue.identifier.replace("\r", " ").replace("\n", " ")
    while "-->" in line:
        line = line.replace("-->", "->")
    return _bytes(line) + eol if line else b""


def _timing(cue: Cue, hours: bool, settings: bytes) -> bytes:
    times = f"{format_time(max(cue.start, 0), hours=hours)} --> {format_time(max(cue.end, 0), hours=hours)}"
    return times.encode() + (b" " + settings if settings else b"")


def _text(cue: Cue, eol: bytes) -> bytes:
    """The text as a cue can hold it: no blank line and no arrow (WebVTT 4.1 "WebVTT cue block")."""
    text = cue.text.replace("\r\n", "\n").replace("\r", "\n")
    if "-->" in text:
        text = text.replace("-->", "--&gt;")
    return b"".join(eol + _bytes(line) for line in text.split("\n") if line)


def _one_line(settings: str) -> bytes:
    line = " ".join(settings.split("\n")).replace("\r", " ").strip(ASCII_WHITESPACE)
    while "-->" in line:
        line = line.replace("-->", "->")
    return _bytes(line)


def _bytes(text: str) -> bytes:
    return text.replace("\0", "\ufffd").encode("utf-8", "replace")


_WHITESPACE = ASCII_WHITESPACE.encode()
