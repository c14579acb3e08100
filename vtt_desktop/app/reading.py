"""Joins the WebVTT readers and checks to the window: the one place where formats and the views meet."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vtt_desktop.app.problems import LiveProblems
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Edit, Head
from vtt_desktop.formats.hls import display_offset
from vtt_desktop.formats.webvtt_blocks import Kind, has_signature
from vtt_desktop.formats.webvtt_head import (
    head_parts,
    with_new_part,
    with_part,
    with_region_setting,
    without_part,
)
from vtt_desktop.formats.webvtt_region import Region, parse_region
from vtt_desktop.formats.webvtt_source import pieces, source_edit
from vtt_desktop.formats.webvtt_write import style_of
from vtt_desktop.ui.authoring import HeadBlock, SourcePiece
from vtt_desktop.ui.commands import Spawn


class WebVTTHeadText:
    """Implements `ui.authoring.HeadText`. A document without a file yet has the shortest head there is."""

    def blocks(self, head: Head) -> Sequence[HeadBlock]:
        return [HeadBlock(part.kind.value, part.text) for part in head_parts(_bytes(head))]

    def time_offset(self, head: Head) -> int | None:
        return display_offset(head.text)

    def changed(self, snapshot: Snapshot, at: int, text: str) -> Head:
        head = snapshot.head
        return Head(with_part(_bytes(head), at, text, style_of(snapshot).eol), head.tail)

    def added(self, snapshot: Snapshot, kind: str, text: str) -> Head:
        head = snapshot.head
        return Head(with_new_part(_bytes(head), Kind(kind), text, style_of(snapshot).eol), head.tail)

    def removed(self, snapshot: Snapshot, at: int) -> Head:
        return Head(without_part(_bytes(snapshot.head), at), snapshot.head.tail)

    def region(self, text: str) -> Region:
        return parse_region(text)

    def region_text(self, text: str, name: str, value: str) -> str:
        return with_region_setting(text, name, value)


class WebVTTSourceText:
    """Implements `ui.authoring.SourceText`."""

    def pieces(self, snapshot: Snapshot, first: int, last: int) -> Sequence[SourcePiece]:
        return [SourcePiece(piece.key, piece.text) for piece in pieces(snapshot, first, last)]

    def edit(self, snapshot: Snapshot, keys: Sequence[int], text: str, new_id: Callable[[], int]) -> Edit:
        return source_edit(snapshot, keys, text, new_id)


def _bytes(head: Head) -> bytes:
    return head.text if has_signature(head.text) or head.text else b"WEBVTT"


class WebVTTAuthoring:
    """Implements `ui.authoring.Authoring`. `spawn` is the program's door for background work."""

    def __init__(self, spawn: Spawn) -> None:
        self.problems = LiveProblems(spawn)
        self.head = WebVTTHeadText()
        self.source = WebVTTSourceText()
