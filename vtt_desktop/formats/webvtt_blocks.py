"""Where the blocks of a WebVTT file stand: "collect a WebVTT block" of WebVTT 6.2 on the bytes themselves.

UTF-8 lets us: no byte of a longer sequence is a line end, a hyphen or an angle bracket. Blocks of the common
shapes are found by one regular expression (no step of which can be taken back, so time grows with the length
only); every other block is collected line by line, as the specification has it.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import BETWEEN
from vtt_desktop.formats.webvtt_cue import decode, parse_timings, read_cue

BOM = b"\xef\xbb\xbf"
_EOL = rb"(?>\n|\r\n?+)"
_LINE = rb"(?=[^\r\n])[^\r\n\-]*+(?:-(?!->)[^\r\n\-]*+)*+(?=[\r\n]|\Z)"  # not empty, without an arrow
_TIME = rb"(?:[0-9]++:)?[0-5][0-9]:[0-5][0-9]\.[0-9]{3}(?![0-9])"
_TIMING_LINE = rb"[ \t\f]*+" + _TIME + rb"[ \t\f]*+-->[ \t\f]*+" + _TIME + rb"[^\r\n]*+"
# Without an identifier first: that is the common case, and the identifier's way would read the line twice.
_CUE = rb"(?:" + _TIMING_LINE + rb"|" + _LINE + _EOL + _TIMING_LINE + rb")(?:" + _EOL + _LINE + rb")*+"
# A block without an arrow, ended by a blank line or the end of the file, that cannot be a STYLE or REGION.
_OTHER = rb"(?!STYLE|REGION)" + _LINE + rb"(?:" + _EOL + _LINE + rb")*+(?=\Z|" + _EOL + rb"(?:[\r\n]|\Z))"
_BLOCK = re.compile(rb"[\r\n]*+(?:(" + _CUE + rb")|(" + _OTHER + rb"))")
_REST_OF_LINE = re.compile(rb"[^\r\n]*+")
_ONE_EOL = re.compile(_EOL)
_BLANK = re.compile(rb"[\r\n]*+")
_SIGNATURE = re.compile(rb"(?:\xef\xbb\xbf)?WEBVTT(?=[ \t\r\n]|\Z)")
_USUAL_TIME = rb"[0-9]{2}:[0-5][0-9]:[0-5][0-9]\.[0-9]{3}"
_USUAL_TIMINGS = re.compile(
    rb"(?:[\r\n]" + _USUAL_TIME + rb" --> " + _USUAL_TIME + rb"(?:[ \t\r\n]|\Z))*+", re.DOTALL
)
_BEFORE_ARROW, _AFTER_ARROW = 14, 17
"""Bytes of a usual timing line with the byte on either side, counted from its arrow."""
_NAMED_BLOCK = re.compile(rb"(STYLE|REGION)[ \t\f]*\Z")


class Kind(Enum):
    """What a block without a cue is."""

    HEADER = "header"
    STYLE = "style"
    REGION = "region"
    NOTE = "note"
    JUNK = "junk"


class Block(NamedTuple):
    """A block that is no cue: bytes `start` to `end`, without its last line end."""

    kind: Kind
    start: int
    end: int


@dataclass(slots=True)
class BlockIndex:
    """Where the cue blocks of `data` stand, and the others. Called, it makes cues (for `CueList.lazy`)."""

    data: bytes
    body: int
    """Where the first lead begins: the end of the header, or of the last STYLE or REGION before a cue."""
    starts: array[int] = field(default_factory=lambda: array("q"))
    ends: array[int] = field(default_factory=lambda: array("q"))
    others: list[Block] = field(default_factory=list)

    def __call__(self, first: int, last: int) -> tuple[Cue, ...]:
        """Cues `first` to `last`, that one left out, from nought; their ids are their places from one."""
        data, starts, ends = self.data, self.starts, self.ends
        made = []
        before = ends[first - 1] if first else self.body
        for i in range(first, last):
            start, end = starts[i], ends[i]
            made.append(read_cue(data[start:end], i + 1, data[before:start]))
            before = end
        return tuple(made)

    def span(self, first: int, last: int) -> tuple[int, int] | None:
        """Earliest in-time and latest out-time of the same cues, ms, from their timing lines alone. None
        where one of these is not written `HH:MM:SS.mmm --> HH:MM:SS.mmm`: those sort as bytes."""
        data, find = self.data, self.data.find
        arrows = [find(b"-->", start) for start in self.starts[first:last]]
        if not arrows or arrows[0] < _BEFORE_ARROW:
            return None
        lines = b"".join([data[at - _BEFORE_ARROW : at + _AFTER_ARROW] for at in arrows])
        if _USUAL_TIMINGS.fullmatch(lines) is None:
            return None
        first_in = min(data[at - 13 : at - 1] for at in arrows)
        last_out = max(data[at + 4 : at + 16] for at in arrows)
        return _usual_ms(first_in), _usual_ms(last_out)

    def texts(self, first: int, last: int) -> str:
        """The texts of the same cues joined by `BETWEEN`: some ten times as quick as making the cues."""
        data, starts, ends = self.data, self.starts[first:last], self.ends[first:last]
        piece = data[starts[0] : ends[-1]] if starts else b""
        if b"\r" in piece or b"\0" in piece:  # other line ends, or what a reader sees as something else
            return BETWEEN.join([cue.text for cue in self(first, last)])
        find, texts = data.find, []
        for start, end in zip(starts, ends, strict=True):
            line_end = find(b"\n", find(b"-->", start), end)
            texts.append(data[line_end + 1 : end] if line_end >= 0 else b"")
        return BETWEEN.encode().join(texts).decode("utf-8", "replace")

    def raw(self, first: int, last: int) -> memoryview:
        """The bytes of the same cues, leads and blocks."""
        return memoryview(self.data)[self.ends[first - 1] if first else self.body : self.ends[last - 1]]

    @property
    def head(self) -> bytes:
        """All before the first lead."""
        return self.data[: self.body]

    @property
    def tail(self) -> bytes:
        """All after the last cue block, or after the head where there is no cue."""
        return self.data[self.ends[-1] if self.ends else self.body :]


def has_signature(data: bytes) -> bool:
    """WebVTT 6.1 steps 4 to 6: one BOM at most, `WEBVTT`, then nothing, a space, a tab or a line end."""
    return _SIGNATURE.match(data) is not None


def index_file(data: bytes) -> BlockIndex:
    """The blocks of a file that has the signature (WebVTT 6.1 steps 7 to 14)."""
    first = _REST_OF_LINE.match(data)
    eol = _ONE_EOL.match(data, first.end() if first else 0)
    if eol is None:  # steps 8 and 10
        index = BlockIndex(data, len(data))
        index.others.append(Block(Kind.HEADER, 0, len(data)))
        return index
    end, at = eol.start(), eol.end()
    if at < len(data) and data[at] not in b"\r\n":  # step 11: header lines
        block, at = _collect(data, at, in_header=True, seen_cue=False)
        end = block.end if block.end > block.start else end
    index = BlockIndex(data, end)
    index.others.append(Block(Kind.HEADER, 0, end))
    _index_body(index, at, seen_cue=False)
    return index


def index_cues(data: bytes) -> BlockIndex:
    """The blocks of a piece of a file, without a signature: STYLE and REGION have no meaning in it."""
    index = BlockIndex(data, 0)
    _index_body(index, 0, seen_cue=True)
    return index


def _index_body(index: BlockIndex, at: int, *, seen_cue: bool) -> None:
    data = index.data
    starts, ends, others = index.starts, index.ends, index.others
    while True:
        scanner = _BLOCK.scanner(data, at)  # type: ignore[attr-defined]  # as old as `re`, yet undocumented
        for found in iter(scanner.match, None):
            start, at = found.span(1)
            if start >= 0:
                starts.append(start)
                ends.append(at)
            else:
                start, at = found.span(2)
                others.append(Block(_kind(data[start : start + 5]), start, at))
        at = _end(_BLANK, data, at)
        if at >= len(data):
            return
        block, at = _collect(data, at, in_header=False, seen_cue=seen_cue or bool(starts))
        if block.kind is None:
            starts.append(block.start)
            ends.append(block.end)
            continue
        others.append(Block(block.kind, block.start, block.end))
        if block.kind in (Kind.STYLE, Kind.REGION):
            index.body = block.end


@dataclass(slots=True)
class _Collected:
    kind: Kind | None  # None: a cue
    start: int
    end: int


def _collect(data: bytes, at: int, *, in_header: bool, seen_cue: bool) -> tuple[_Collected, int]:
    """WebVTT 6.2 "collect a WebVTT block" from `at`: the block and the place where the next begins.

    `end` is where the last line of the block ends, without its line end.
    """
    start = end = previous = at
    first_line = b""
    kind: Kind | None = Kind.HEADER if in_header else Kind.JUNK
    seen_arrow = False
    lines = 0
    while at < len(data):  # step 2
        line_end = _end(_REST_OF_LINE, data, at)
        line = data[at:line_end]
        after = _end(_ONE_EOL, data, line_end)
        lines += 1
        if b"-->" in line:  # step 2.3
            if in_header or not (lines == 1 or (lines == 2 and not seen_arrow)):
                at = previous
                break
            seen_arrow = True
            if parse_timings(decode(line)) is not None:
                kind = None
        elif not line:  # step 2.4
            at = after
            break
        elif lines == 1:
            first_line = line
        elif lines == 2 and not in_header and not seen_cue and not seen_arrow:  # step 2.5.1
            named = _NAMED_BLOCK.match(first_line)
            if named:
                kind = Kind.STYLE if named[1] == b"STYLE" else Kind.REGION
        end = line_end
        at = previous = after
    if kind is Kind.JUNK:
        kind = _kind(first_line[:5])
    return _Collected(kind, start, end), at


def _usual_ms(time: bytes) -> int:
    return ((int(time[:2]) * 60 + int(time[3:5])) * 60 + int(time[6:8])) * 1000 + int(time[9:])


def _kind(first_bytes: bytes) -> Kind:
    """NOTE or junk: WebVTT 4.1 "WebVTT comment block" is NOTE, then nothing, white space or a line end."""
    return Kind.NOTE if first_bytes[:4] == b"NOTE" and first_bytes[4:5] in _AFTER_NOTE else Kind.JUNK


_AFTER_NOTE = (b"", b" ", b"\t", b"\n", b"\r")


def _end(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    found = pattern.match(data, at)
    return found.end() if found else at
