"""Joins the WebVTT reader to the sync: what one field of a backend's document says."""

from __future__ import annotations

from collections.abc import Iterable

from vtt_desktop.domain.cue import Cue, Source
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import CueChange, Edit, Head
from vtt_desktop.formats.webvtt_cue import read_cue
from vtt_desktop.formats.webvtt_segments import SegmentText as Blocks
from vtt_desktop.formats.webvtt_write import lead_of, style_of, write_cue
from vtt_desktop.sync.ports import Frame

_NO_FRAME = Frame()


class WebVTTSegmentText:
    """Implements `sync.ports.SegmentText` on the lossless reader and writer."""

    def __init__(self) -> None:
        self._blocks = Blocks()

    def read(self, text: str) -> tuple[tuple[Cue, ...], Frame]:
        """A whole file, cue blocks, or a bare payload: told apart by the signature and by timing lines."""
        if self._blocks.looks_like_file(text):
            head, cues = self._blocks.read_file(text)
            before, after = self._blocks.write_head(head)
            return tuple(cue.with_(id=0) for cue in cues), Frame(before, after)
        blocks = self._blocks.read_blocks(text)
        if blocks.cues:
            return blocks.cues, Frame("", blocks.tail) if blocks.tail else _NO_FRAME
        payload = text.rstrip("\r\n")
        return (Cue(0, 0, 0, _unix(payload), source=_payload_source(payload)),), Frame(
            "", text[len(payload) :], payload_only=True
        )

    def write(self, cues: Iterable[Cue], frame: Frame) -> str:
        """The text again: every part that nobody touched as it was."""
        if frame.payload_only:
            return "".join(_payload(cue) for cue in cues) + frame.after
        return frame.before + self._blocks.write_blocks(cues, frame.after)

    def read_head(self, text: str, tail: str) -> Head:
        return self._blocks.read_head(text, tail)

    def write_head(self, head: Head) -> tuple[str, str]:
        return self._blocks.write_head(head)


def in_style(edit: Edit, snapshot: Snapshot) -> Edit:
    """The edit with every new cue written out in the document's own style, so that it is the same bytes
    in this file, on the server, and in a colleague's file."""
    if not edit.structural:
        return edit
    style = style_of(snapshot)
    changes = []
    for change in edit.changes:
        if isinstance(change, CueChange) and change.before is None and change.after is not None:
            cue = change.after
            if cue.source is None:
                block = write_cue(cue, style)
                cue = read_cue(block, cue.id, lead_of(cue, block, style))
                change = CueChange(None, cue, change.follows)
        changes.append(change)
    return Edit(edit.label, tuple(changes), edit.origin, edit.group)


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _payload_source(text: str) -> Source:
    return Source("", 0, 0, "", _unix(text), text.encode("utf-8", "surrogatepass"))


def _payload(cue: Cue) -> str:
    if cue.source is not None and cue.source.text == cue.text:
        return cue.source.block.decode("utf-8", "surrogatepass")
    return cue.text
