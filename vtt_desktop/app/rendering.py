"""Reads for the picture what the WebVTT parsers know: the one place where they and the window meet."""

from __future__ import annotations

from collections.abc import Sequence

from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.reading import without_overrides
from vtt_desktop.formats.font_colours import style_rules
from vtt_desktop.formats.webvtt_blocks import Kind, has_signature, index_file
from vtt_desktop.formats.webvtt_cue import decode, parse_settings
from vtt_desktop.formats.webvtt_region import parse_region
from vtt_desktop.formats.webvtt_text import parse_text
from vtt_desktop.ui.rendering.ports import Node, Settings, Setup


class WebVTTReader:
    """Implements `ui.rendering.ports.CueReader`. Cues of other formats are read by the same rules: their
    `<i>` and `<b>` mean the same."""

    def settings(self, text: str) -> Settings:
        return parse_settings(text)

    def tree(self, text: str, *, foreign: bool = False) -> Sequence[Node]:
        return parse_text(without_overrides(text) if foreign else text)

    def colours(self, text: str) -> str:
        return style_rules((text,))

    def setup(self, head: Head) -> Setup:
        """The regions and STYLE blocks; none where the head is that of another format."""
        if not has_signature(head.text):
            return Setup(foreign=True)
        regions, styles = [], []
        for block in index_file(head.text).others:
            if block.kind in (Kind.REGION, Kind.STYLE):
                inside = decode(head.text[block.start : block.end]).partition("\n")[2]
                if block.kind is Kind.REGION:
                    regions.append(parse_region(inside))
                else:
                    styles.append(inside)
        return Setup(regions, tuple(styles))
