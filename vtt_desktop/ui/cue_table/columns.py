"""The table's columns: what they are called and what they say of a cue."""

from __future__ import annotations

from enum import IntEnum
from math import isinf
from typing import Final

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.reading import characters_per_second
from vtt_desktop.domain.timecode import format_duration, format_time

LINE_END: Final = "\u23ce"
"""Stands between two lines of a cue in a cell; the painter draws it, a screen reader gets a blank."""


class Column(IntEnum):
    """The model's columns, in the order of the file's own fields; the badge is last."""

    NUMBER = 0
    START = 1
    END = 2
    DURATION = 3
    CPS = 4
    TEXT = 5
    SYNC = 6


TITLES: Final = {
    Column.NUMBER: "#",
    Column.START: "Start",
    Column.END: "End",
    Column.DURATION: "Length",
    Column.CPS: "CPS",
    Column.TEXT: "Text",
    Column.SYNC: "",
}

HINTS: Final = {
    Column.NUMBER: "Place in the file",
    Column.START: "In-time",
    Column.END: "Out-time",
    Column.DURATION: "Duration in seconds",
    Column.CPS: "Characters to read a second",
    Column.TEXT: "Text as written; tags are dim, and not shown in a narrow column",
    Column.SYNC: "Whether the server has it",
}

WIDEST: Final = {
    Column.NUMBER: "000000",
    Column.START: "00:00:00.000",
    Column.END: "00:00:00.000",
    Column.DURATION: "000.000",
    Column.CPS: "000.0",
}
"""Texts that a column of figures has room for."""

HOUR_MS: Final = 3_600_000
WITHOUT_HOURS: Final = "00:00.000"
"""The widest time of a document that ends within the hour: the room is the text's."""


def time_text(ms: int, hours: bool) -> str:
    """`00:01:02.345`, or `01:02.345` where no hours are shown and there are none."""
    return format_time(ms, hours=hours)


def needs_hours(cues: CueList, offset: int = 0) -> bool:
    """Whether a cue lasts to the hour or beyond, its times `offset` ms later. In a long document the last
    one tells at once."""
    hour = HOUR_MS - offset
    if not len(cues):
        return False
    if offset <= -HOUR_MS:  # then the first ones may be an hour below nought
        return True
    return cues[-1].end >= hour or any(chunk.span[1] >= hour for chunk in cues.chunks)


def cps_text(rate: float) -> str:
    """`14.2`; `∞` where there is text and no time to read it."""
    if isinf(rate):
        return "∞"
    return f"{rate:.1f}" if rate < 1000 else f"{rate:.0f}"


def cell_text(column: int, cue: Cue, row: int, offset: int = 0) -> str:
    """What a cell says, in plain text; `offset` (ms) is added to the cue's times."""
    if column == Column.NUMBER:
        return str(row + 1)
    if column == Column.START:
        return format_time(cue.start + offset)
    if column == Column.END:
        return format_time(cue.end + offset)
    if column == Column.DURATION:
        return format_duration(cue.duration)
    if column == Column.CPS:
        return cps_text(characters_per_second(cue.text, cue.duration))
    if column == Column.TEXT:
        return cue.text.replace("\n", " ")
    return ""
