"""The text of an ASS line and WebVTT cue text, each made from the other."""

from __future__ import annotations

import re

from vtt_desktop.formats.foreign_text import PLACE, PLACES, place_override
from vtt_desktop.formats.webvtt_text import Node, parse_text

_TOKEN = re.compile(r"\{((?:\\[ibu][01])+)\}|(\\N)|(\\h)|([<>&])")
_SWITCH = re.compile(r"\\([ibu])([01])")
_ESCAPED = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def from_ass(text: str, speaker: str = "") -> tuple[str, str]:
    """(cue text, cue settings). Italics, bold and underline become tags, a place in front settings, the
    actor a voice; every other override stays in the text as it is."""
    settings = ""
    place = PLACE.match(text)
    if place:
        text = text[place.end() :]
        settings = PLACES[int(place[1])]
    opened: list[str] = []

    def made(found: re.Match[str]) -> str:
        if not found[1]:
            return "\n" if found[2] else "\u00a0" if found[3] else _ESCAPED[found[4]]
        return "".join(_switched(opened, tag, on == "1") for tag, on in _SWITCH.findall(found[1]))

    cue_text = _TOKEN.sub(made, text)
    cue_text += "".join(f"</{tag}>" for tag in reversed(opened))
    voice = _escape(" ".join(speaker.split()))
    return (f"<v {voice}>{cue_text}" if voice else cue_text), settings


def to_ass(text: str, settings: str = "") -> str:
    """The text field of a line: italics, bold and underline as overrides; the opening voice is left out."""
    return place_override(settings) + "".join(map(_written, parse_text(text)))


def _switched(opened: list[str], tag: str, on: bool) -> str:
    """The tags that turn one kind on or off, with what was opened inside closed and opened again."""
    if on == (tag in opened):
        return ""
    if on:
        opened.append(tag)
        return f"<{tag}>"
    inner = opened[opened.index(tag) + 1 :]
    opened.remove(tag)
    closing = "".join(f"</{name}>" for name in (*reversed(inner), tag))
    return closing + "".join(f"<{name}>" for name in inner)


def _written(node: Node) -> str:
    if node.type == "text":
        return str(node.value).replace("\n", "\\N").replace("\u00a0", "\\h")
    if node.type == "timestamp":
        return ""
    inside = "".join(map(_written, node.children))
    return f"{{\\{node.type}1}}{inside}{{\\{node.type}0}}" if node.type in ("i", "b", "u") else inside


def _escape(text: str) -> str:
    return re.sub("[<>&]", lambda found: _ESCAPED[found[0]], text)
