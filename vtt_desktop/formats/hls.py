"""WebVTT in HTTP Live Streaming (RFC 8216 3.5): the map to the film's clock, segments, and joining them.

Splitting loses nothing: a header line of ours tells which cues of the whole a segment holds, so that joining
gives the bytes that were split. Segments of another maker are joined by what they show.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.errors import UserError
from vtt_desktop.formats.webvtt import WebVTTFile, read_webvtt
from vtt_desktop.formats.webvtt_blocks import Kind
from vtt_desktop.formats.webvtt_cue import parse_timestamp
from vtt_desktop.formats.webvtt_write import lead_of, style_of, write_cue, write_webvtt

_MAP = re.compile(r"X-TIMESTAMP-MAP=(.*)")
_SPLIT = re.compile(rb"(\r\n|\r|\n)X-VTT-DESKTOP-SPLIT:([^\r\n]*)")
_ADDED_MAP = re.compile(rb"(?:\r\n|\r|\n)X-TIMESTAMP-MAP=[^\r\n]*\Z")
_FIRST_LINE = re.compile(rb"[^\r\n]*")
_EOL = re.compile(rb"\r\n|\r|\n")
_CLOCK = 90  # ticks of the MPEG-2 clock in a ms
_WRAP = 1 << 33  # ticks after which it begins again
_MOST_SEGMENTS = 50_000


@dataclass(frozen=True, slots=True)
class TimestampMap:
    """An X-TIMESTAMP-MAP line: cue time `local` (ms) is the moment `mpegts` (1/90000 s) of the film."""

    mpegts: int = 0
    local: int = 0

    @property
    def offset(self) -> int:
        """ms to add to a cue time for the moment in the film's own clock."""
        return round(self.ticks / _CLOCK)

    @property
    def ticks(self) -> int:
        """The same in 1/90000 s, exactly."""
        return self.mpegts - self.local * _CLOCK


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its file's bytes, and when it begins and how long it lasts, ms."""

    data: bytes
    start: int
    duration: int


def timestamp_map(header: Sequence[str]) -> TimestampMap | None:
    """The map in the header lines of a file, None where there is none that can be read (RFC 8216 3.5)."""
    for line in header:
        found = _MAP.fullmatch(line.strip())
        if not found:
            continue
        said = dict(part.strip().partition(":")[::2] for part in found[1].split(","))
        local, mpegts = parse_timestamp(said.get("LOCAL", "")), said.get("MPEGTS", "")
        if local is not None and mpegts.isascii() and mpegts.isdigit() and len(mpegts) <= 20:
            return TimestampMap(int(mpegts), local)
    return None


def display_offset(head: bytes) -> int | None:
    """ms to add to the times of a document with this head for those of its film; None without a map.

    The map speaks of the film's own time stamps (RFC 8216 3.5), which need not begin at nought: 900000 is
    usual because segmenters have the film begin at 10 s. What counts from the first picture has to add the
    stamp of that picture (`Player.set_film_start`), and then a cue at nought is at the beginning again.
    """
    if not head.startswith((b"WEBVTT", b"\xef\xbb\xbfWEBVTT")):
        return None
    found = timestamp_map(read_webvtt(head).header)
    return found.offset if found else None


def split_segments(data: bytes, duration: int, mpegts: int = 0, name: str = "This file") -> list[Segment]:
    """A file as segments of `duration` ms; a cue stands in each in which it shows.

    A file without a map gets one from `mpegts`. UserError where there would be too many segments.
    """
    file = read_webvtt(data, name)
    cues = tuple(file.snapshot.cues)
    if duration <= 0:
        raise UserError("A segment must last longer than nought.")
    end = max((max(cue.end, cue.start + 1) for cue in cues), default=1)
    count = max(1, -(-end // duration))
    if count > _MOST_SEGMENTS:
        raise UserError(
            f"That would be {count:,} segments; {_MOST_SEGMENTS:,} are the most.", "Make them longer."
        )
    held: list[list[int]] = [[] for _ in range(count)]
    for i, cue in enumerate(cues):
        first = cue.start // duration
        for at in range(first, max(first, -(-cue.end // duration) - 1) + 1):
            held[at].append(i)
    added = None if timestamp_map(file.header) else f"X-TIMESTAMP-MAP=MPEGTS:{mpegts},LOCAL:00:00:00.000"
    made = []
    for at, inside in enumerate(held):
        length = duration if at + 1 < count else max(1, min(duration, end - at * duration))
        whole = _Whole(file, cues, added, last=at + 1 == count)
        made.append(Segment(whole.segment(inside, at * duration, duration), at * duration, length))
    return made


def playlist(names: Sequence[str], segments: Sequence[Segment]) -> str:
    """The media playlist of the segments (RFC 8216 4.3.3)."""
    longest = max(math.ceil(segment.duration / 1000) for segment in segments)
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", f"#EXT-X-TARGETDURATION:{longest}", "#EXT-X-MEDIA-SEQUENCE:0"]
    lines.append("#EXT-X-PLAYLIST-TYPE:VOD")
    for name, segment in zip(names, segments, strict=True):
        lines += [f"#EXTINF:{segment.duration / 1000:.3f},", name]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def playlist_names(text: str) -> list[str]:
    """The segments that a playlist names, in order; UserError where it is none, or names playlists."""
    lines = [line.strip() for line in text.removeprefix("\ufeff").splitlines()]
    if not lines or lines[0] != "#EXTM3U":
        raise UserError("This is no playlist: it does not begin with #EXTM3U.")
    if any(line.startswith("#EXT-X-STREAM-INF") for line in lines):
        raise UserError("This playlist names other playlists.", "Give the one of the subtitles.")
    return [line for line in lines if line and not line.startswith("#")]


def join_segments(parts: Sequence[bytes]) -> tuple[bytes, tuple[str, ...]]:
    """(the whole file, a sentence for each thing that was not kept). UserError where one is no segment."""
    files = [read_webvtt(part, f"Segment {number}") for number, part in enumerate(parts, 1)]
    if not files:
        raise UserError("There are no segments to join.")
    ours = [_SPLIT.search(file.index.head) for file in files]
    if all(ours):
        found = _joined_ours(files)
        if found is not None:
            return found
    return _joined_others(files)


@dataclass(frozen=True, slots=True)
class _Whole:
    """A file on its way into segments."""

    file: WebVTTFile
    cues: tuple[Cue, ...]
    added_map: str | None
    last: bool

    def segment(self, inside: Sequence[int], start: int, duration: int) -> bytes:
        style = style_of(self.file.snapshot)
        cues = [self.cues[i] for i in inside]
        own = [start <= cue.start < start + duration for cue in cues]
        tail = self.file.index.tail if self.last else style.eol
        pieces = [
            (cue.lead if mine else style.eol * 2, cue.source.block if cue.source else b"")
            for cue, mine in zip(cues, own, strict=True)
        ]
        head = self._head(inside, "", style.eol)
        data = b"".join([head, *(part for piece in pieces for part in piece), tail])
        if self._reads(data, head, cues):
            return data
        # What stands between these cues would mean something else here: the bytes go into the header.
        kept = ",".join(".".join(base64.b64encode(part).decode() for part in piece) for piece in pieces)
        kept += f";{base64.b64encode(tail).decode()}"
        head = self._head(inside, f" kept={kept}", style.eol)
        out = [head]
        for i, cue in enumerate(cues):
            bare = cue.with_(lead=b"")
            block = write_cue(bare, style)
            out += [lead_of(bare, block, style, head) if not i else lead_of(bare, block, style), block]
        return b"".join([*out, style.eol])

    def _head(self, inside: Sequence[int], kept: str, eol: bytes) -> bytes:
        head = self.file.index.head
        first = _FIRST_LINE.match(head)
        at = first.end() if first else 0
        found = _EOL.match(head, at)
        eol = found[0] if found else eol
        line = f"X-VTT-DESKTOP-SPLIT:{' map' if self.added_map else ''} cues={_ranges(inside)}{kept}"
        lines = [self.added_map, line] if self.added_map else [line]
        return head[:at] + b"".join(eol + one.encode() for one in lines) + head[at:]

    def _reads(self, data: bytes, head: bytes, cues: Sequence[Cue]) -> bool:
        """Whether a player sees these cues in the segment, and its own STYLE and REGION blocks alone."""
        seen = read_webvtt(data)
        blocks = [cue.source.block for cue in cues if cue.source]
        index = seen.index
        found = [index.data[a:b] for a, b in zip(index.starts, index.ends, strict=True)]
        return index.head == head and found == blocks


def _joined_ours(files: Sequence[WebVTTFile]) -> tuple[bytes, tuple[str, ...]] | None:
    """The bytes that were split; None where cues are missing or somebody has edited what counts them."""
    pieces: dict[int, tuple[bytes, bytes]] = {}
    losses = []
    tail = b""
    for at, file in enumerate(files, 1):
        said = _said(file.index.head)
        numbers = _numbers(said.get("cues", ""))
        cues = tuple(file.snapshot.cues)
        inside = [(cue.lead, cue.source.block if cue.source else b"") for cue in cues]
        tail = file.index.tail
        if "kept" in said:
            kept = _kept(said["kept"])
            if kept is None:
                return None
            inside, tail = kept
        if numbers is None or len(numbers) != len(inside) or len(cues) != len(inside):
            return None
        for number, piece in zip(numbers, inside, strict=True):
            if pieces.setdefault(number, piece)[1] != piece[1]:
                losses.append(f"Cue {number + 1} says something else in segment {at}; the first is kept.")
    if sorted(pieces) != list(range(len(pieces))):
        return None
    every = (part for number in range(len(pieces)) for part in pieces[number])
    return b"".join([_own_head(files[0].index.head), *every, tail]), tuple(losses)


def _said(head: bytes) -> dict[str, str]:
    """What our header line says: `map` where the map was added too, `cues`, `kept`."""
    found = _SPLIT.search(head)
    words = found[2].decode("utf-8", "replace").split() if found else []
    return dict(word.partition("=")[::2] for word in words)


def _own_head(head: bytes) -> bytes:
    """The head without the lines that splitting added."""
    found = _SPLIT.search(head)
    if found is None:
        return head
    before = head[: found.start()]
    return (_ADDED_MAP.sub(b"", before) if "map" in _said(head) else before) + head[found.end() :]


def _joined_others(files: Sequence[WebVTTFile]) -> tuple[bytes, tuple[str, ...]]:
    """By what they show: times on the first one's clock, a cue that goes on over a border once."""
    losses = []
    first = files[0]
    latest = zero = (timestamp_map(first.header) or TimestampMap()).ticks
    before: dict[tuple[object, ...], Cue] = {}
    cues: list[Cue] = []
    for number, file in enumerate(files, 1):
        ticks = (timestamp_map(file.header) or TimestampMap()).ticks
        if ticks < latest - _WRAP // 2:
            ticks += -(-(latest - _WRAP // 2 - ticks) // _WRAP) * _WRAP
        latest = ticks
        if number > 1 and _blocks(file) != _blocks(first):
            losses.append(
                f"Styles and regions of segment {number} differ from the first one's and are left out."
            )
        here: dict[tuple[object, ...], Cue] = {}
        for cue in file.snapshot.cues:
            by = round((ticks - zero) / _CLOCK)
            moved = cue.at(cue.start + by, cue.end + by) if by else cue
            key = (moved.identifier, moved.start, moved.end, moved.settings, moved.text)
            here[key] = moved
            if key not in before:
                cues.append(moved.with_(id=len(cues) + 1))
        before = here
    tail = files[-1].index.tail
    head = Head(_own_head(first.index.head), tail)
    return write_webvtt(Snapshot(head, CueList.of(cues))), tuple(losses)


def _blocks(file: WebVTTFile) -> list[bytes]:
    kinds = (Kind.STYLE, Kind.REGION)
    return [file.index.data[b.start : b.end] for b in file.index.others if b.kind in kinds]


def _kept(text: str) -> tuple[list[tuple[bytes, bytes]], bytes] | None:
    try:
        body, _, tail = text.partition(";")
        pieces = [piece.split(".") for piece in body.split(",")] if body else []
        made = [
            (base64.b64decode(lead, validate=True), base64.b64decode(block, validate=True))
            for lead, block in pieces
        ]
        return made, base64.b64decode(tail, validate=True)
    except (binascii.Error, ValueError):
        return None


def _ranges(numbers: Sequence[int]) -> str:
    """`[0, 1, 2, 5]` → `0-2,5`."""
    made: list[list[int]] = []
    for number in numbers:
        if made and made[-1][1] == number - 1:
            made[-1][1] = number
        else:
            made.append([number, number])
    return ",".join(f"{a}-{b}" if b > a else str(a) for a, b in made)


def _numbers(text: str) -> list[int] | None:
    def every() -> Iterator[int]:
        for part in text.split(",") if text else ():
            first, _, last = part.partition("-")
            a, b = int(first[:12]), int((last or first)[:12])
            if b - a > 10_000_000:
                raise ValueError(text)
            yield from range(a, b + 1)

    try:
        return list(every())
    except ValueError:
        return None
