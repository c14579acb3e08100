"""The text of an ASS line and WebVTT cue text, each made from the other."""

from __future__ import annotations

import re

from vtt_desktop.formats.foreign_text import PLACES, place_override
from vtt_desktop.formats.webvtt_text import Node, parse_text

_TOKEN = re.compile(r"(\{[^{}]*\})|(\\N)|(\\h)|([<>&])")
_PLACE_FIRST = re.compile(r"\{\\an([13-9])(?=[\\}])")  # the style may say another than 2: that one stays
_TAG = re.compile(r"\\(?:[^\\()]|\((?:[^()]|\([^()]*\))*\)|[()])*")
"""One tag of an override block, with the tags that are inside of its brackets (`\\t`, `\\clip`)."""
_SWITCH = re.compile(r"\\([ibu])([01])")
_STYLED = re.compile(r"\\(?:([ibu])(?![a-z])|r)")
"""A tag that gives one kind of styling another value, or with `\\r` all of them those of a style."""
_ESCAPED = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def from_ass(text: str, speaker: str = "") -> tuple[str, str]:
    """(cue text, cue settings). Italics, bold and underline become tags, a place in front settings, the
    actor a voice; every other override stays in the text as it is."""
    settings = ""
    place = _PLACE_FIRST.match(text)
    if place:
        text = text[place.end() + 1 :] if text[place.end()] == "}" else "{" + text[place.end() :]
        settings = PLACES[int(place[1])]
    opened: list[str] = []

    def made(found: re.Match[str]) -> str:
        if found[1]:
            return _block(opened, found[1])
        return "\n" if found[2] else "\u00a0" if found[3] else _ESCAPED[found[4]]

    cue_text = _TOKEN.sub(made, text)
    cue_text += "".join(f"</{tag}>" for tag in reversed(opened))
    voice = _escape(" ".join(speaker.split()))
    return (f"<v {voice}>{cue_text}" if voice else cue_text), settings


def to_ass(text: str, settings: str = "") -> str:
    """The text field of a line: italics, bold and underline as overrides; the opening voice is left out."""
    return place_override(settings) + "".join(map(_written, parse_text(text)))


def _block(opened: list[str], block: str) -> str:
    """An override block as tags and what is left of it, in its order. A switch that turns nothing is one
    against the style of the line: it stays, as what it says may be what is seen."""
    made: list[str] = []
    kept = ""
    first = block.find("\\")
    if first < 0:
        return _escape(block)
    comment, tags = block[1:first], _TAG.findall(block[first:-1])
    for tag in tags:
        switch, styled = _SWITCH.fullmatch(tag), _STYLED.match(tag)
        turned = ""
        if switch:
            turned = _switched(opened, switch[1], switch[2] == "1")
        elif styled:
            turned = "".join(_switched(opened, kind, False) for kind in styled[1] or "".join(opened))
        if turned:
            made += [_braced(kept), turned]
            kept = ""
        if not (switch and turned):
            kept += tag
    return _braced(comment) + "".join(made) + _braced(kept) if made else _escape(block)


def _braced(inside: str) -> str:
    return _escape(f"{{{inside}}}") if inside else ""


def _switched(opened: list[str], tag: str, on: bool) -> str:
    """The tags that turn one kind on or off, with what was opened inside closed and opened again; nothing
    where it is so already."""
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
