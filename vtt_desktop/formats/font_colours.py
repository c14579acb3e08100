"""Font colours of SubRip as classes of WebVTT: its own eight where they are meant, else one a colour."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vtt_desktop.domain.cue import Cue

_DEFAULT = frozenset(("white", "lime", "cyan", "red", "yellow", "magenta", "blue", "black"))
"""Classes that have their colour without a STYLE block (WebVTT 5.1)."""
_PREFIX = "font-"
_HEX = re.compile("[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3}")
_CLASS = re.compile(rf"<c\.{_PREFIX}([0-9A-Za-z]+)[.>]")


def class_of(colour: str) -> str:
    """`red` → `red`, `ff8000` → `font-ff8000`."""
    return colour.lower() if colour.lower() in _DEFAULT else _PREFIX + colour


def colour_of(classes: Iterable[str]) -> str:
    """The value of the attribute `color` for the first class that is a font's colour; empty without one."""
    for name in classes:
        colour = name if name in _DEFAULT else name.removeprefix(_PREFIX) if name.startswith(_PREFIX) else ""
        if colour:
            return f"#{colour}" if _HEX.fullmatch(colour) else colour
    return ""


def is_colour(name: str) -> bool:
    """Whether a class stands for a font's colour."""
    return name in _DEFAULT or name.startswith(_PREFIX)


def style_rules(texts: Iterable[str]) -> str:
    """Rules, one a line, that give the colours of `font-…` classes in the texts; empty without such."""
    found = sorted({name for text in texts if "<c." in text for name in _CLASS.findall(text)})
    return "\n".join(
        f"::cue(.{_PREFIX}{name}) {{ color: {'#' if _HEX.fullmatch(name) else ''}{name}; }}" for name in found
    )


def style_block(cues: Iterable[Cue]) -> str:
    """The same as a STYLE block."""
    rules = style_rules(cue.text for cue in cues)
    return f"STYLE\n{rules}" if rules else ""
