"""SubRip, kept block by block like WebVTT: what nobody touched is written as it was read.

SubRip has no specification; this reads what players read. Bytes of the model are UTF-8: a file in another
encoding is decoded before and encoded again behind (see `files`). Cue text in the model is WebVTT cue text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from vtt_desktop.domain.cue import Cue, Source
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Head
from vtt_desktop.formats.foreign_text import is_ass_head
from vtt_desktop.formats.srt_text import from_subrip, to_subrip
from vtt_desktop.formats.webvtt_blocks import has_signature

_TIME = rb"(?:([0-9]{1,6}):)?([0-9]{1,2}):([0-9]{1,2})[,.]([0-9]{1,3})"
_LINE = rb"([ \t]*)" + _TIME + rb"([ \t]*-->[ \t]*)" + _TIME + rb"(?![0-9])([^\r\n]*)"
_TIMING = re.compile(rb"(?:\A(?:\xef\xbb\xbf)?|(?<=[\r\n]))" + _LINE)
_BLOCK = re.compile(rb"([ \t]*[0-9]+[ \t]*(?:\r\n|\r|\n))?(" + _LINE + rb")(.*)\Z", re.DOTALL)
_NUMBER = re.compile(rb"(?:\A(?:\xef\xbb\xbf)?|(?<=[\r\n]))([ \t]*[0-9]{1,9})[ \t]*(?:\r\n|\r|\n)\Z")
_EOL = re.compile(rb"\r\n|\r|\n")
_FIRST_BLOCK = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?:[0-9]++\s++)?" + _LINE)
_FURTHEST_NUMBER = 64  # bytes before a timing line in which its number must stand


def looks_like_srt(data: bytes, *, strict: bool = False) -> bool:
    """Whether UTF-8 `data` begins with a SubRip block; `strict`: its times have the comma of SubRip."""
    found = _FIRST_BLOCK.match(data)
    return found is not None and (not strict or b"," in found[0])


def read_srt(data: bytes) -> Snapshot:
    """The cues of UTF-8 SubRip bytes. A blank line inside a text belongs to it, as players have it."""
    timings = list(_TIMING.finditer(data))
    starts = [_block_start(data, found.start(1)) for found in timings]
    cues: list[Cue] = []
    before = starts[0] if starts else len(data)
    head = data[:before]
    for i, start in enumerate(starts):
        upto = starts[i + 1] if i + 1 < len(starts) else len(data)
        end = max(_stripped(data, timings[i].end(), upto), timings[i].end())
        cues.append(_read_cue(data[start:end], i + 1, data[before:start]))
        before = end
    return Snapshot(Head(head, data[before:]), CueList.of(cues))


def write_srt(snapshot: Snapshot) -> bytes:
    """UTF-8 SubRip bytes; blocks that nobody touched, and all between them, as they were read.

    A cue that is new is numbered behind the one before it; no other number is changed for it.
    """
    if has_signature(snapshot.head.text) or is_ass_head(
        snapshot.head.text
    ):  # saved in another format than its own
        snapshot = Snapshot(cues=as_foreign(snapshot.cues))
    first_lead = next((cue.lead for cue in snapshot.cues if cue.lead), b"")
    found = _EOL.search(first_lead or snapshot.head.tail)
    eol: bytes = found[0] if found else b"\n"
    head, tail = snapshot.head.text, snapshot.head.tail
    out = [head] if not head.removeprefix(b"\xef\xbb\xbf") or head[-1:] in b"\r\n" else [head, eol * 2]
    number = 0
    subrip = any(map(_is_subrip, snapshot.cues))
    for cue in snapshot.cues:
        number += 1
        block, number = _write_cue(cue, number, eol, subrip=subrip)
        out += [_lead(cue, eol, first=len(out) < 2), block]
    return b"".join([*out, tail or (eol if not subrip and not snapshot.head.text and len(out) > 1 else b"")])


def as_foreign(cues: Iterable[Cue]) -> CueList:
    """The same cues without what they were read from: to be written in another format."""
    return CueList.of(cue.with_(source=None, lead=b"") for cue in cues)


def _block_start(data: bytes, timing: int) -> int:
    found = _NUMBER.search(data, max(0, timing - _FURTHEST_NUMBER), timing)
    return found.start(1) if found else timing


def _stripped(data: bytes, start: int, end: int) -> int:
    """Where the text in between ends without the white space behind it that has line ends."""
    text = data[start:end]
    kept = text.rstrip(b" \t\r\n")
    rest = text[len(kept) :]
    eol = _EOL.search(rest)
    return start + len(kept) + (eol.start() if eol else len(rest))


def _read_cue(block: bytes, cue_id: int, lead: bytes) -> Cue:
    parts = _BLOCK.match(block)
    assert parts is not None  # the block was found by its timing line
    start, end = _ms(*parts.group(4, 5, 6, 7)), _ms(*parts.group(9, 10, 11, 12))
    raw = parts[14].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    text, settings = from_subrip(raw.removeprefix("\n"))
    return Cue(cue_id, start, end, text, "", settings, lead, Source("", start, end, settings, text, block))


def _is_subrip(cue: Cue) -> bool:
    """Whether a cue can have been read from SubRip only: a point in the times is some programs' SubRip and
    all of WebVTT, where a number is the identifier."""
    parts = _BLOCK.match(cue.source.block) if cue.source is not None else None
    return parts is not None and (
        b"," in parts[2] or bool(parts[1] and cue.source and not cue.source.identifier)
    )


def _write_cue(cue: Cue, number: int, eol: bytes, *, subrip: bool) -> tuple[bytes, int]:
    """`subrip`: some cue of the document was read from SubRip, so that all sources are."""
    source = cue.source
    parts = _BLOCK.match(source.block) if source is not None else None
    if source is None or parts is None or not subrip:
        text = to_subrip(cue.text, cue.settings)
        times = f"{_time(cue.start)} --> {_time(cue.end)}"
        return _joined(f"{number}\n{times}\n{text}", eol), number
    own = _EOL.search(source.block)
    eol = own[0] if own else eol
    number = int(parts[1]) if parts[1] and len(parts[1]) < _FURTHEST_NUMBER else number
    timing, text_part = parts[2], parts[14]
    if (cue.start, cue.end) != (source.start, source.end):
        arrow, rest = parts[8], parts[13]
        timing = parts[3] + _time(cue.start).encode() + arrow + _time(cue.end).encode() + rest
    if (cue.text, cue.settings) != (source.text, source.settings):
        text_part = eol + _joined(to_subrip(cue.text, cue.settings), eol)
    return (parts[1] or b"") + timing + text_part, number


def _lead(cue: Cue, eol: bytes, *, first: bool) -> bytes:
    if first:
        return b""
    return cue.lead if cue.lead[:1] in (b"\r", b"\n") and not cue.lead.strip() else eol * 2


def _joined(text: str, eol: bytes) -> bytes:
    return eol.join(line.encode("utf-8", "replace") for line in text.split("\n"))


def _time(ms: int) -> str:
    seconds, millis = divmod(max(ms, 0), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d},{millis:03d}"


def _ms(hours: bytes | None, minutes: bytes, seconds: bytes, fraction: bytes) -> int:
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int(fraction.ljust(3, b"0"))
