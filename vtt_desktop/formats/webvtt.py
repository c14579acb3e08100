"""A WebVTT file, read so that it can be written again byte for byte."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.errors import RefusedError
from vtt_desktop.formats.webvtt_blocks import BOM, Block, BlockIndex, Kind, has_signature, index_file
from vtt_desktop.formats.webvtt_cue import decode
from vtt_desktop.formats.webvtt_region import Region, parse_region


@dataclass
class WebVTTFile:
    """What was read: the snapshot to edit (its cues are made when first looked at) and the other blocks."""

    index: BlockIndex
    snapshot: Snapshot

    @cached_property
    def header(self) -> tuple[str, ...]:
        """The signature line and the header lines, as a parser sees them (without the BOM)."""
        return tuple(self._texts(Kind.HEADER, lambda text: text.removeprefix("\ufeff"))[0].split("\n"))

    @cached_property
    def styles(self) -> tuple[str, ...]:
        """The CSS of the STYLE blocks that count: those before the first cue."""
        return tuple(self._texts(Kind.STYLE, _behind_first_line))

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """The regions in file order."""
        return tuple(map(parse_region, self._texts(Kind.REGION, _behind_first_line)))

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """The texts of the NOTE blocks."""
        return tuple(self._texts(Kind.NOTE, lambda text: text[4:].strip(" \t\n")))

    @property
    def junk(self) -> tuple[Block, ...]:
        """Blocks that a parser skips; they are kept."""
        return tuple(block for block in self.index.others if block.kind is Kind.JUNK)

    def line_of(self, at: int) -> int:
        """The number, from one, of the line that holds byte `at`."""
        return 1 + bisect_right(self._line_ends, at)

    @cached_property
    def _line_ends(self) -> list[int]:
        return [found.end() for found in re.finditer(rb"\r\n|\r|\n", self.index.data)]

    def _texts(self, kind: Kind, part: Callable[[str], str]) -> list[str]:
        data = self.index.data
        return [part(decode(data[b.start : b.end])) for b in self.index.others if b.kind is kind]


def read_webvtt(data: bytes, name: str = "This") -> WebVTTFile:
    """Reads a file (WebVTT 6.1); UserError where the specification refuses it, with `name` as its subject."""
    if not has_signature(data):
        raise RefusedError(f"{name} is not a WebVTT file: {why_not_webvtt(data)}.")
    index = index_file(data)
    head = Head(index.head, index.tail)
    cues = CueList.lazy(len(index.starts), index, index.span, index.texts)
    return WebVTTFile(index, Snapshot(head, cues))


def why_not_webvtt(data: bytes) -> str:
    """The reason, in words that follow “is not a WebVTT file:”."""
    if not data:
        return "it is empty"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "it is in UTF-16, and WebVTT is always UTF-8"
    if data.startswith(BOM + BOM):
        return "it begins with two byte order marks"
    if data.removeprefix(BOM).startswith(b"WEBVTT"):
        return "its first word goes on after WEBVTT"
    return "it does not begin with the word WEBVTT"


def _behind_first_line(text: str) -> str:
    return text.partition("\n")[2]
