"""What SubRip and ASS texts have in common: places by number."""

from __future__ import annotations

import re

from vtt_desktop.formats.webvtt_cue import parse_settings

_COLUMNS = ("align:left", "", "align:right")
_ROWS = ("", "line:50%", "line:0")
PLACES = {
    row * 3 + column + 1: " ".join(word for word in (_ROWS[row], _COLUMNS[column]) if word)
    for row in range(3)
    for column in range(3)
}
"""Cue settings for the place numbers of `\\an`, which are laid out like the keys of a number pad."""
PLACE = re.compile(r"\{\\an([1-9])\}")


_ASS_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*+\[(?:script info|v4\+? styles)\]", re.IGNORECASE)


def is_ass_head(head: bytes) -> bool:
    """Whether a document was read from ASS or SSA, by its head."""
    return _ASS_HEAD.match(head) is not None


def place_number(settings: str) -> int:
    """The number of the place nearest to where the settings put a cue; 2 is below in the middle."""
    if not settings:
        return 2
    said = parse_settings(settings)
    row = 0
    if said.line != "auto":
        share = said.line if not said.snap_to_lines else (0 if 0 <= said.line < 3 else 100)
        row = 2 if share < 34 else 1 if share < 67 else 0
    column = {"left": 0, "start": 0, "right": 2, "end": 2}.get(said.align, 1)
    return row * 3 + column + 1


def place_override(settings: str) -> str:
    """`{\\an8}` for settings that put a cue elsewhere than below in the middle, else nothing."""
    number = place_number(settings)
    return "" if number == 2 else f"{{\\an{number}}}"
