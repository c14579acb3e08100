"""The text of a SubRip block and WebVTT cue text, each made from the other."""

from __future__ import annotations

import re

from vtt_desktop.formats.font_colours import class_of, colour_of
from vtt_desktop.formats.foreign_text import PLACE, PLACES, place_override
from vtt_desktop.formats.webvtt_text import Node, parse_text

_TOKEN = re.compile(r"</?\s*([ibuIBU])\s*>|(<\s*font\b[^<>]*>)|(</\s*font\s*>)|([<>&])", re.IGNORECASE)
_COLOUR = re.compile(r"""color\s*=\s*["']?#?([0-9A-Za-z]+)""", re.IGNORECASE)


def from_subrip(text: str) -> tuple[str, str]:
    """(cue text, cue settings). A font's colour becomes a class; `{\\an8}` in front, settings."""
    settings = ""
    place = PLACE.match(text)
    if place:
        text = text[place.end() :]
        settings = PLACES[int(place[1])]
    return _TOKEN.sub(_escaped, text), settings


def to_subrip(text: str, settings: str = "") -> str:
    """The text of a block: italics, bold, underline, font colours and places are kept, all other tags go."""
    return place_override(settings) + "".join(map(_written, parse_text(text)))


def _escaped(found: re.Match[str]) -> str:
    if found[1]:
        return f"<{'/' if '/' in found[0] else ''}{found[1].lower()}>"
    if found[2]:
        colour = _COLOUR.search(found[2])
        return f"<c.{class_of(colour[1])}>" if colour else "<c>"
    if found[3]:
        return "</c>"
    return {"<": "&lt;", ">": "&gt;", "&": "&amp;"}[found[4]]


def _written(node: Node) -> str:
    if node.type == "text":
        return str(node.value)
    inside = "".join(map(_written, node.children))
    if node.type in ("i", "b", "u"):
        return f"<{node.type}>{inside}</{node.type}>"
    colour = colour_of(node.classes)
    if colour:
        return f'<font color="{colour}">{inside}</font>'
    return "" if node.type == "timestamp" else inside
