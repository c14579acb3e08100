"""Pieces of a WebVTT file as text: what a backend holds of one segment, and what it is to hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.timecode import format_time
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_blocks import index_cues
from vtt_desktop.formats.webvtt_cue import read_cue
from vtt_desktop.formats.webvtt_write import Style, lead_of, write_cue, write_webvtt

_SIGNATURE = re.compile(r"\ufeff?WEBVTT(?=[ \t\r\n]|\Z)")


@dataclass(frozen=True, slots=True)
class Blocks:
    """The cues of a piece of a file (their ids are nought) and what follows the last one."""

    cues: tuple[Cue, ...]
    tail: str = ""


class SegmentText:
    """WebVTT text to cues and back, so that reading and writing give the text that was read."""

    def __init__(self, style: Style | None = None) -> None:
        self.style = style or Style()

    def looks_like_file(self, text: str) -> bool:
        """Whether the text has the signature of a whole file."""
        return _SIGNATURE.match(text) is not None

    def read_blocks(self, text: str) -> Blocks:
        """The cues of a text without signature. All before the first block is that cue's lead, all behind
        the last one is the tail; a text without a cue (a bare payload, say) is all tail."""
        data = _encoded(text)
        index = index_cues(data)
        starts, ends = index.starts, index.ends
        cues = tuple(
            read_cue(data[start:end], 0, data[before:start])
            for before, start, end in zip((0, *ends), starts, ends, strict=False)
        )
        return Blocks(cues, _decoded(index.tail, "the end of this segment"))

    def write_blocks(self, cues: Iterable[Cue], tail: str = "") -> str:
        """Lead and block of each cue, then `tail`. The first lead is written as it is, even where it is
        empty; a lead between two cues gets what it lacks. UserError names a cue that is not UTF-8."""
        out: list[str] = []
        for cue in cues:
            block = write_cue(cue, self.style)
            lead = lead_of(cue, block, self.style) if out else cue.lead
            out.append(_decoded(lead + block, f"the cue at {format_time(cue.start)}"))
        return "".join(out) + tail

    def read_head(self, text: str, tail: str) -> Head:
        """The head from the two texts of a head segment."""
        return Head(_encoded(text), _encoded(tail))

    def write_head(self, head: Head) -> tuple[str, str]:
        """The two texts of a head; UserError where they are not UTF-8."""
        return _decoded(head.text, "the header"), _decoded(head.tail, "the end of the file")

    def read_file(self, text: str) -> tuple[Head, tuple[Cue, ...]]:
        """A whole file; ids count from one. UserError where it is no WebVTT."""
        snapshot = read_webvtt(_encoded(text), "This text").snapshot
        return snapshot.head, tuple(snapshot.cues)

    def write_file(self, head: Head, cues: Iterable[Cue]) -> str:
        """The text of a whole file; ids do not matter."""
        numbered = CueList.of(cue.with_(id=i) for i, cue in enumerate(cues, 1))
        return _decoded(write_webvtt(Snapshot(head, numbered)), "this document")


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise UserError(f"The text holds a lone surrogate at character {error.start + 1}.") from error


def _decoded(data: bytes, what: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise UserError(
            f"Byte {data[error.start]:#04x} in {what} is not UTF-8, so it cannot be sent.",
            "Edit that place first; in a file it is kept as it is.",
        ) from error
