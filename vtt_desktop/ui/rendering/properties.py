"""How declarations change a style: the properties that apply to cues (WebVTT 8.2.1), each as CSS reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from vtt_desktop.ui.rendering.colours import CLEAR, Rgba, parse_colour
from vtt_desktop.ui.rendering.css import Declaration, split_outside
from vtt_desktop.ui.rendering.style import (
    COMBINE_ALL,
    FONT_SIZE,
    REFERENCE_HEIGHT,
    Outline,
    Shadow,
    Style,
)

_SMALLEST, _LARGEST = 1.0, REFERENCE_HEIGHT
_LENGTH = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+))(px|em|rem|ex|ch|%|vh|vw|vmin|vmax|pt|pc|in|cm|mm|)")
_PIXELS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 9.6 / 2.54}
_SIZES = {
    "xx-small": 0.6, "x-small": 0.75, "small": 8 / 9, "medium": 1.0,
    "large": 1.2, "x-large": 1.5, "xx-large": 2.0, "xxx-large": 3.0,
}  # fmt: skip
_STRETCHES = {
    "ultra-condensed": 50, "extra-condensed": 63, "condensed": 75, "semi-condensed": 88, "normal": 100,
    "semi-expanded": 113, "expanded": 125, "extra-expanded": 150, "ultra-expanded": 200,
}  # fmt: skip
_FONT = re.compile(
    r"((?:[\w-]+\s+){0,4})([\d.]+[a-z%]+|(?:x{1,3}-)?(?:small|large)|medium|larger|smaller)"
    r"(?:\s*/\s*(\S+))?\s+(.+)",
    re.IGNORECASE | re.DOTALL,
)
_OUTLINES = (
    "none",
    "hidden",
    "solid",
    "dashed",
    "dotted",
    "double",
    "auto",
    "groove",
    "ridge",
    "inset",
    "outset",
)
_OUTLINE_WIDTHS = {"thin": 1.0, "medium": 3.0, "thick": 5.0}
_LINES = ("underline", "overline", "line-through")
_LINE_SHAPES = ("solid", "double", "dotted", "dashed", "wavy")
_FILL_WORDS = re.compile(
    r"(repeat(-[xy])?|no-repeat|space|round|scroll|fixed|local|(padding|border|content)-box|center|top|left|"
    r"right|bottom|cover|contain|auto|none|/)\Z"
)


def declared(style: Style, declaration: Declaration, parent: Style) -> Style:
    """`style` after one declaration; as it was where that one is wrong or does not apply to cues."""
    apply = _PROPERTIES.get(declaration.name)
    value = declaration.value
    if apply is None:
        return style
    keyword = value.lower()
    if keyword in ("inherit", "initial", "unset", "revert"):
        names = _RESETS[declaration.name]
        of_parent = keyword == "inherit" or (keyword != "initial" and not names & _OWN)
        source = parent if of_parent else Style()
        return replace(style, **{name: getattr(source, name) for name in names})
    changed = apply(style, value, parent)
    return style if changed is None else changed


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
    """The shorthand. Its colour is all that is painted: images come from elsewhere (WebVTT 7.3)."""
    found: Rgba | None = None
    for word in split_outside(value.replace("/", " / "), " "):
        if (colour := parse_colour(word, style.colour)) is not None:
            if found is not None:
                return None
            found = colour
        elif word and "(" not in word and length(word, 1) is None and not _FILL_WORDS.match(word.lower()):
            return None
    return replace(style, background=CLEAR if found is None else found)


def _background_colour(style: Style, value: str, parent: Style) -> Style | None:
    colour = parse_colour(value, style.colour)
    return None if colour is None else replace(style, background=colour)


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


def _stretch(style: Style, value: str, parent: Style) -> Style | None:
    word = value.lower()
    wide: float | None = _STRETCHES.get(word)
    if wide is None and (found := re.fullmatch(r"(\d+\.?\d*)%", word)):
        wide = float(found[1])
    return None if wide is None else replace(style, stretch=min(max(round(wide), 50), 200))


def _line_height(style: Style, value: str, parent: Style) -> Style | None:
    word = value.lower()
    if word == "normal":
        return replace(style, leading=None, leading_fixed=None)
    if re.fullmatch(r"\d+\.?\d*|\.\d+", word):
        return replace(style, leading=min(float(word), 20.0), leading_fixed=None)
    high = length(word, style.size)
    if high is None or high < 0:
        return None
    return replace(style, leading=None, leading_fixed=min(high, _LARGEST))


def _font(style: Style, value: str, parent: Style) -> Style | None:
    """The `font` shorthand: what is not named goes back to normal (CSS Fonts 4)."""
    found = _FONT.fullmatch(value)
    if not found:
        return None
    before, size, high, families = found.groups()
    normal = replace(style, italic=False, weight=400, small_caps=False, stretch=100)
    made: Style | None = replace(normal, leading=None, leading_fixed=None)
    steps: list[tuple[_Apply, str]] = [(_size, size), (_family, families)]
    steps += [(_line_height, high)] if high else []
    for word in before.lower().split():
        if word in ("italic", "oblique"):
            steps.append((_slant, word))
        elif word == "small-caps":
            steps.append((_variant, word))
        elif word in _STRETCHES and word != "normal":
            steps.append((_stretch, word))
        elif word != "normal":
            steps.append((_weight, word))
    for apply, words in steps:
        made = apply(made, words, parent) if made is not None else None
    return made


def _decoration(style: Style, value: str, parent: Style) -> Style | None:
    """The shorthand: what is not named goes back to none, to the colour of the text, to solid."""
    made: Style | None = replace(
        style, line_names=frozenset(), line_colour=None, line_shape="solid", line_thickness=None
    )
    lines: list[str] = []
    for word in split_outside(value, " "):
        if not word or made is None:
            continue
        lower = word.lower()
        if lower in (*_LINES, "none", "blink"):
            lines.append(lower)
        elif lower in _LINE_SHAPES:
            made = replace(made, line_shape=lower)
        elif lower in ("auto", "from-font") or length(lower, style.size) is not None:
            made = _line_thickness(made, lower, parent)
        else:
            made = _line_colour(made, word, parent)
    return made if made is None or not lines else _line_names(made, " ".join(lines), parent)


def _line_names(style: Style, value: str, parent: Style) -> Style | None:
    words = set(value.lower().split())
    if not words or not words <= {*_LINES, "none", "blink"} or ("none" in words and len(words) > 1):
        return None
    return replace(style, line_names=frozenset(words & set(_LINES)))


def _line_colour(style: Style, value: str, parent: Style) -> Style | None:
    if value.lower() == "currentcolor":
        return replace(style, line_colour=None)
    colour = parse_colour(value)
    return None if colour is None else replace(style, line_colour=colour)


def _line_shape(style: Style, value: str, parent: Style) -> Style | None:
    word = value.lower()
    return replace(style, line_shape=word) if word in _LINE_SHAPES else None


def _line_thickness(style: Style, value: str, parent: Style) -> Style | None:
    word = value.lower()
    if word in ("auto", "from-font"):
        return replace(style, line_thickness=None)
    thick = length(word, style.size)
    return None if thick is None or thick < 0 else replace(style, line_thickness=min(thick, _LARGEST))


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
    """The shorthand, any order."""
    made: Style | None = replace(style, outline=Outline(offset=style.outline.offset))
    for word in split_outside(value, " "):
        if not word or made is None:
            continue
        lower = word.lower()
        if lower in _OUTLINES:
            made = _outline_shape(made, lower, parent)
        elif lower in _OUTLINE_WIDTHS or length(lower, style.size) is not None:
            made = _outline_width(made, lower, parent)
        else:
            made = _outline_colour(made, word, parent)
    return made


def _outline_shape(style: Style, value: str, parent: Style) -> Style | None:
    word = value.lower()
    if word not in _OUTLINES:
        return None
    return replace(style, outline=style.outline._replace(shape="none" if word == "hidden" else word))


def _outline_width(style: Style, value: str, parent: Style) -> Style | None:
    word = value.lower()
    wide = _OUTLINE_WIDTHS.get(word, length(word, style.size))
    return None if wide is None or wide < 0 else replace(style, outline=style.outline._replace(width=wide))


def _outline_colour(style: Style, value: str, parent: Style) -> Style | None:
    if value.lower() in ("currentcolor", "invert", "auto"):
        return replace(style, outline=style.outline._replace(colour=None))
    colour = parse_colour(value)
    return None if colour is None else replace(style, outline=style.outline._replace(colour=colour))


def _outline_offset(style: Style, value: str, parent: Style) -> Style | None:
    off = length(value, style.size)
    return None if off is None else replace(style, outline=style.outline._replace(offset=off))


def _opacity(style: Style, value: str, parent: Style) -> Style | None:
    found = re.fullmatch(r"([-+]?(?:\d+\.?\d*|\.\d+))(%?)", value)
    if not found:
        return None
    return replace(style, opacity=min(max(float(found[1]) / (100 if found[2] else 1), 0.0), 1.0))


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


def _combine(style: Style, value: str, parent: Style) -> Style | None:
    """`digits` without a number means two (CSS Writing Modes 4, 9.1)."""
    word = value.lower()
    if word in ("none", "all"):
        return replace(style, combine=COMBINE_ALL if word == "all" else 0)
    found = re.fullmatch(r"digits(?:\s+([234]))?", word)
    return replace(style, combine=int(found[1] or 2)) if found else None


_Apply = Callable[[Style, str, Style], Style | None]
_TABLE: tuple[tuple[str, _Apply, str], ...] = (
    ("color", _colour, "colour"),
    ("background", _background, "background"),
    ("background-color", _background_colour, "background"),
    ("font", _font, "families size weight italic small_caps stretch leading leading_fixed"),
    ("font-family", _family, "families"),
    ("font-size", _size, "size"),
    ("font-weight", _weight, "weight"),
    ("font-style", _slant, "italic"),
    ("font-stretch", _stretch, "stretch"),
    ("font-width", _stretch, "stretch"),
    ("font-variant", _variant, "small_caps"),
    ("font-variant-caps", _variant, "small_caps"),
    ("line-height", _line_height, "leading leading_fixed"),
    ("text-decoration", _decoration, "line_names line_colour line_shape line_thickness"),
    ("text-decoration-line", _line_names, "line_names"),
    ("text-decoration-color", _line_colour, "line_colour"),
    ("text-decoration-style", _line_shape, "line_shape"),
    ("text-decoration-thickness", _line_thickness, "line_thickness"),
    ("text-shadow", _shadows, "shadows"),
    ("outline", _outline, "outline"),
    ("outline-color", _outline_colour, "outline"),
    ("outline-style", _outline_shape, "outline"),
    ("outline-width", _outline_width, "outline"),
    ("outline-offset", _outline_offset, "outline"),
    ("opacity", _opacity, "opacity"),
    ("visibility", _visibility, "visible"),
    ("white-space", _white_space, "white_space"),
    ("ruby-position", _ruby_position, "ruby_under"),
    ("text-combine-upright", _combine, "combine"),
)
_PROPERTIES = {name: apply for name, apply, _ in _TABLE}
_RESETS = {name: frozenset(fields.split()) for name, _, fields in _TABLE}
_OWN = frozenset("background outline opacity line_names line_colour line_shape line_thickness".split())
OF_BOXES = frozenset(
    name
    for name in _PROPERTIES
    if name.startswith("font")
    or name in ("line-height", "white-space", "ruby-position", "text-combine-upright")
)
"""What `:past` and `:future` cannot change: the boxes would move (WebVTT 8.2.1)."""
