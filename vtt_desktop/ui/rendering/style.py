"""The computed style of a part of a cue, and how declarations change it (WebVTT 8.2.1, CSS 2.2).

Lengths are in the units of the reference picture, see `REFERENCE_HEIGHT`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from vtt_desktop.ui.rendering.colours import CLEAR, WHITE, Rgba, parse_colour
from vtt_desktop.ui.rendering.css import Declaration, split_outside

REFERENCE_HEIGHT = 720.0
"""Cues are laid out on a picture of this height and painted to scale: a small pane breaks lines as a large
screen does, and a `px` of a style sheet is one of a video 720 pixels high."""
FONT_SIZE = 0.05 * REFERENCE_HEIGHT
"""WebVTT 7.4: 5vh."""
_SMALLEST, _LARGEST = 1.0, REFERENCE_HEIGHT

_LENGTH = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+))(px|em|rem|ex|ch|%|vh|vw|vmin|vmax|pt|pc|in|cm|mm|)")
_PIXELS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 9.6 / 2.54}
_SIZES = {
    "xx-small": 0.6, "x-small": 0.75, "small": 8 / 9, "medium": 1.0,
    "large": 1.2, "x-large": 1.5, "xx-large": 2.0, "xxx-large": 3.0,
}  # fmt: skip
_FONT = re.compile(
    r"((?:[\w-]+\s+){0,4})([\d.]+[a-z%]+|(?:x{1,3}-)?(?:small|large)|medium|larger|smaller)"
    r"(?:\s*/\s*(\S+))?\s+(.+)",
    re.IGNORECASE | re.DOTALL,
)
_EDGES = ("solid", "dashed", "dotted", "double", "auto", "groove", "ridge", "inset", "outset")
_DECORATIONS = ("underline", "overline", "line-through")


class Shadow(NamedTuple):
    """One `text-shadow`; no colour means that of the text."""

    x: float
    y: float
    blur: float
    colour: Rgba | None


@dataclass(frozen=True, slots=True)
class Style:
    """What a run of text looks like. `background` and `outline` are of the element alone, not inherited."""

    colour: Rgba = WHITE
    background: Rgba = CLEAR
    families: tuple[str, ...] = ("sans-serif",)
    size: float = FONT_SIZE
    weight: int = 400
    italic: bool = False
    small_caps: bool = False
    line_height: float | None = None
    """As a multiple of the size; None is `normal`."""
    decorations: frozenset[str] = frozenset()
    shadows: tuple[Shadow, ...] = ()
    outline: tuple[float, Rgba] | None = None
    opacity: float = 1.0
    """All the way from the root: what is inside a translucent element is at least as translucent."""
    visible: bool = True
    white_space: str = "pre-line"
    ruby_under: bool = False

    def child(self) -> Style:
        """What an element inside starts with."""
        if self.background is CLEAR and self.outline is None:
            return self
        return replace(self, background=CLEAR, outline=None)

    def with_(self, declaration: Declaration, parent: Style) -> Style:
        """This style after one declaration; as it was where that one is wrong or does not apply to cues."""
        apply = _PROPERTIES.get(declaration.name)
        value = declaration.value
        if apply is None:
            return self
        keyword = value.lower()
        if keyword in ("inherit", "initial", "unset", "revert"):
            if declaration.name == "opacity":
                return replace(self, opacity=parent.opacity)
            source = parent if keyword == "inherit" else Style()
            fields = _RESETS.get(declaration.name)
            return replace(self, **{name: getattr(source, name) for name in fields}) if fields else self
        changed = apply(self, value, parent)
        return self if changed is None else changed


def length(text: str, em: float) -> float | None:
    """A length or percentage (of `em`) in units of the reference picture, None where it is none."""
    found = _LENGTH.fullmatch(text.strip().lower())
    if not found:
        return None
    number, unit = float(found[1]), found[2]
    if not unit:
        return 0.0 if number == 0 else None
    if unit in _PIXELS:
        return number * _PIXELS[unit]
    if unit in ("vh", "vmin"):
        return number * REFERENCE_HEIGHT / 100
    if unit in ("vw", "vmax"):
        return number * REFERENCE_HEIGHT * 16 / 9 / 100
    if unit == "rem":
        return number * 16
    return number * em * {"%": 0.01, "ex": 0.5, "ch": 0.5}.get(unit, 1.0)


def _colour(style: Style, value: str, parent: Style) -> Style | None:
    colour = parse_colour(value, parent.colour)
    return replace(style, colour=colour) if colour else None


def _background(style: Style, value: str, parent: Style) -> Style | None:
    """The colour is all that is painted of a background: images come from elsewhere (WebVTT 7.3)."""
    if value.lower() == "none":
        return replace(style, background=CLEAR)
    for word in split_outside(value, " "):
        colour = parse_colour(word, style.colour)
        if colour:
            return replace(style, background=colour)
    return None


def _family(style: Style, value: str, parent: Style) -> Style | None:
    names = tuple(name.strip().strip("\"'") for name in split_outside(value, ","))
    return replace(style, families=names) if all(names) else None


def _size(style: Style, value: str, parent: Style) -> Style | None:
    word = value.lower()
    if word in _SIZES:
        size: float | None = FONT_SIZE * _SIZES[word]
    elif word in ("larger", "smaller"):
        size = parent.size * (1.2 if word == "larger" else 1 / 1.2)
    else:
        size = length(word, parent.size)
    return None if size is None or size < 0 else replace(style, size=min(max(size, _SMALLEST), _LARGEST))


def _weight(style: Style, value: str, parent: Style) -> Style | None:
    word = value.lower()
    if word in ("bolder", "lighter"):
        return replace(style, weight=700 if word == "bolder" else 400 if parent.weight > 500 else 100)
    if word in ("normal", "bold"):
        return replace(style, weight=400 if word == "normal" else 700)
    heavy = int(word) if re.fullmatch("[0-9]{1,4}", word) else 0
    return replace(style, weight=heavy) if 1 <= heavy <= 1000 else None


def _slant(style: Style, value: str, parent: Style) -> Style | None:
    word = value.lower().split()[0]
    return replace(style, italic=word != "normal") if word in ("normal", "italic", "oblique") else None


def _variant(style: Style, value: str, parent: Style) -> Style | None:
    words = value.lower().split()
    if words == ["normal"] or words == ["none"]:
        return replace(style, small_caps=False)
    return replace(style, small_caps=True) if set(words) & {"small-caps", "all-small-caps"} else None


def _line_height(style: Style, value: str, parent: Style) -> Style | None:
    word = value.lower()
    if word == "normal":
        return replace(style, line_height=None)
    if re.fullmatch(r"\d+\.?\d*|\.\d+", word):
        return replace(style, line_height=min(float(word), 20.0))
    high = length(word, style.size)
    return None if high is None or high < 0 else replace(style, line_height=min(high / style.size, 20.0))


def _font(style: Style, value: str, parent: Style) -> Style | None:
    """The `font` shorthand: what is not named goes back to normal (CSS Fonts 4)."""
    found = _FONT.fullmatch(value)
    if not found:
        return None
    before, size, high, families = found.groups()
    made: Style | None = replace(style, italic=False, weight=400, small_caps=False, line_height=None)
    steps: list[tuple[_Apply, str]] = [(_size, size), (_family, families)]
    steps += [(_line_height, high)] if high else []
    for word in before.lower().split():
        if word in ("italic", "oblique"):
            steps.append((_slant, word))
        elif word == "small-caps":
            steps.append((_variant, word))
        elif word != "normal":
            steps.append((_weight, word))
    for apply, words in steps:
        made = apply(made, words, parent) if made is not None else None
    return made


def _decoration(style: Style, value: str, parent: Style) -> Style | None:
    words = value.lower().split()
    drawn = frozenset(word for word in words if word in _DECORATIONS)
    if not drawn and "none" not in words:
        return None
    # An element adds to the lines of those around it and cannot take theirs away (CSS Text Decoration 3).
    return replace(style, decorations=parent.decorations | drawn)


def _shadows(style: Style, value: str, parent: Style) -> Style | None:
    if value.lower() == "none":
        return replace(style, shadows=())
    found: list[Shadow] = []
    for words in split_outside(value, ","):
        colour: Rgba | None = None
        numbers: list[float] = []
        for word in split_outside(words.strip(), " "):
            number = length(word, style.size)
            if number is not None:
                numbers.append(number)
            elif word:
                if colour is not None or (colour := parse_colour(word, style.colour)) is None:
                    return None
        if len(numbers) not in (2, 3):
            return None
        x, y, *blur = numbers
        found.append(Shadow(x, y, max(0.0, blur[0]) if blur else 0.0, colour))
    return replace(style, shadows=tuple(found[:8]))


def _outline(style: Style, value: str, parent: Style) -> Style | None:
    wide, colour, drawn = 3.0, style.colour, False
    for word in split_outside(value, " "):
        if word.lower() in ("none", "hidden"):
            return replace(style, outline=None)
        if word.lower() in _EDGES:
            drawn = True
        elif (number := length(word, style.size)) is not None:
            wide = number
        elif (named := parse_colour(word, style.colour)) is not None:
            colour = named
        elif word:
            return None
    return replace(style, outline=(wide, colour)) if drawn else None


def _opacity(style: Style, value: str, parent: Style) -> Style | None:
    found = re.fullmatch(r"([-+]?(?:\d+\.?\d*|\.\d+))(%?)", value)
    if not found:
        return None
    share = float(found[1]) / (100 if found[2] else 1)
    return replace(style, opacity=parent.opacity * min(max(share, 0.0), 1.0))


def _visibility(style: Style, value: str, parent: Style) -> Style | None:
    word = value.lower()
    return replace(style, visible=word == "visible") if word in ("visible", "hidden", "collapse") else None


def _white_space(style: Style, value: str, parent: Style) -> Style | None:
    word = value.lower()
    known = ("normal", "pre", "nowrap", "pre-wrap", "pre-line", "break-spaces")
    return replace(style, white_space=word) if word in known else None


def _ruby_position(style: Style, value: str, parent: Style) -> Style | None:
    words = value.lower().split()
    known = bool(words) and set(words) <= {"over", "under", "alternate"}
    return replace(style, ruby_under="under" in words) if known else None


_Apply = Callable[[Style, str, Style], Style | None]
_PROPERTIES: dict[str, _Apply] = {
    "color": _colour,
    "background": _background,
    "background-color": _background,
    "font": _font,
    "font-family": _family,
    "font-size": _size,
    "font-weight": _weight,
    "font-style": _slant,
    "font-variant": _variant,
    "font-variant-caps": _variant,
    "line-height": _line_height,
    "text-decoration": _decoration,
    "text-decoration-line": _decoration,
    "text-shadow": _shadows,
    "outline": _outline,
    "opacity": _opacity,
    "visibility": _visibility,
    "white-space": _white_space,
    "ruby-position": _ruby_position,
}
_RESETS = {
    "color": ("colour",),
    "background": ("background",),
    "background-color": ("background",),
    "font": ("families", "size", "weight", "italic", "small_caps", "line_height"),
    "font-family": ("families",),
    "font-size": ("size",),
    "font-weight": ("weight",),
    "font-style": ("italic",),
    "font-variant": ("small_caps",),
    "font-variant-caps": ("small_caps",),
    "line-height": ("line_height",),
    "text-shadow": ("shadows",),
    "outline": ("outline",),
    "visibility": ("visible",),
    "white-space": ("white_space",),
    "ruby-position": ("ruby_under",),
}
OF_FONTS = frozenset(
    "font font-family font-size font-weight font-style font-variant font-variant-caps line-height "
    "white-space ruby-position".split()
)
"""What `:past` and `:future` cannot change: the boxes would move (WebVTT 8.2.1)."""
