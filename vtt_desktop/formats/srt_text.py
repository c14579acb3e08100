"""The text of a SubRip block and WebVTT cue text, each made from the other."""

from __future__ import annotations

import re

from vtt_desktop.formats.webvtt_cue import parse_settings
from vtt_desktop.formats.webvtt_text import Node, parse_text

_TOKEN = re.compile(r"</?\s*([ibuIBU])\s*>|(<\s*font\b[^<>]*>)|(</\s*font\s*>)|([<>&])", re.IGNORECASE)
_COLOUR = re.compile(r"""color\s*=\s*["']?#?([0-9A-Za-z]+)""", re.IGNORECASE)
_PLACE = re.compile(r"\{\\an([1-9])\}")
_COLUMNS = {1: "align:left", 2: "", 0: "align:right"}
_ROWS = ("", "line:50%", "line:0")
OVERRIDE = re.compile(r"\{\\[^{}]*\}")
"""A styling override that some players understand in SubRip: kept as it is, for there is nothing like it."""


def from_subrip(text: str) -> tuple[str, str]:
    """(cue text, cue settings). A font's colour becomes a class `font-…`; `{\\an8}` in front, settings."""
    settings = ""
    place = _PLACE.match(text)
    if place:
        text = text[place.end() :]
        number = int(place[1])
        words = (_ROWS[(number - 1) // 3], _COLUMNS[number % 3])
        settings = " ".join(word for word in words if word)
    return _TOKEN.sub(_escaped, text), settings


def to_subrip(text: str, settings: str = "") -> str:
    """The text of a block: italics, bold, underline, font colours and places are kept, all other tags go."""
    return _place(settings) + "".join(map(_written, parse_text(text)))


def _escaped(found: re.Match[str]) -> str:
    if found[1]:
        return f"<{'/' if '/' in found[0] else ''}{found[1].lower()}>"
    if found[2]:
        colour = _COLOUR.search(found[2])
        return f"<c.font-{colour[1]}>" if colour else "<c>"
    if found[3]:
        return "</c>"
    return {"<": "&lt;", ">": "&gt;", "&": "&amp;"}[found[4]]


def _written(node: Node) -> str:
    if node.type == "text":
        return str(node.value)
    inside = "".join(map(_written, node.children))
    if node.type in ("i", "b", "u"):
        return f"<{node.type}>{inside}</{node.type}>"
    colour = next((name.removeprefix("font-") for name in node.classes if name.startswith("font-")), "")
    if colour:
        sharp = "#" if re.fullmatch("[0-9A-Fa-f]{6}", colour) else ""
        return f'<font color="{sharp}{colour}">{inside}</font>'
    return "" if node.type == "timestamp" else inside


def _place(settings: str) -> str:
    if not settings:
        return ""
    said = parse_settings(settings)
    row = 0
    if said.line != "auto":
        share = said.line if not said.snap_to_lines else (0 if 0 <= said.line < 3 else 100)
        row = 2 if share < 34 else 1 if share < 67 else 0
    column = {"left": 1, "start": 1, "right": 3, "end": 3}.get(said.align, 2)
    number = row * 3 + column
    return "" if number == 2 else f"{{\\an{number}}}"
