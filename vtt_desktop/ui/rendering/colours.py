"""Colours as CSS writes them (CSS Color 4, the parts that subtitles use)."""

from __future__ import annotations

import colorsys
import re
from typing import NamedTuple

from PySide6.QtGui import QColor


class Rgba(NamedTuple):
    """A colour: red, green and blue 0 … 255, alpha 0 … 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    def faded(self, opacity: float) -> Rgba:
        return self._replace(alpha=self.alpha * opacity) if opacity != 1 else self


WHITE = Rgba(255, 255, 255)
CUE_BOX = Rgba(0, 0, 0, 0.8)
"""WebVTT 7.4: behind every cue, ruby text and region."""
CLEAR = Rgba(0, 0, 0, 0)

# WebVTT 5: "default text colors" and "default text background colors".
CLASSES = {
    "white": Rgba(255, 255, 255),
    "lime": Rgba(0, 255, 0),
    "cyan": Rgba(0, 255, 255),
    "red": Rgba(255, 0, 0),
    "yellow": Rgba(255, 255, 0),
    "magenta": Rgba(255, 0, 255),
    "blue": Rgba(0, 0, 255),
    "black": Rgba(0, 0, 0),
}

_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_FUNCTION = re.compile(r"(rgb|hsl)a?\(\s*([^()]*?)\s*\)")
_NUMBER = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(%|deg|turn|rad|grad)?")
_TURN = {"": 360.0, "deg": 360.0, "turn": 1.0, "rad": 6.283185307179586, "grad": 400.0}


def parse_colour(text: str, current: Rgba = WHITE) -> Rgba | None:
    """The colour that `text` names, None where it names none. `currentcolor` is `current`."""
    word = text.strip().lower()
    if word == "transparent":
        return CLEAR
    if word == "currentcolor":
        return current
    if found := _HEX.fullmatch(word):
        return _hex(found[1])
    if found := _FUNCTION.fullmatch(word):
        return _function(found[1], found[2])
    if word == "rebeccapurple":
        return Rgba(102, 51, 153)
    if word.isascii() and word.isalpha() and QColor.isValidColorName(word):
        named = QColor(word)
        return Rgba(named.red(), named.green(), named.blue())
    return None


def _hex(digits: str) -> Rgba:
    if len(digits) < 6:
        digits = "".join(2 * digit for digit in digits)
    red, green, blue, *alpha = (int(digits[at : at + 2], 16) for at in range(0, len(digits), 2))
    return Rgba(red, green, blue, alpha[0] / 255 if alpha else 1.0)


def _function(name: str, inside: str) -> Rgba | None:
    parts = [_NUMBER.fullmatch(word) for word in re.split(r"\s*[,/]\s*|\s+", inside)]
    if len(parts) not in (3, 4) or None in parts:
        return None
    numbers = [(float(part[1]), part[2] or "") for part in parts if part]
    alpha = 1.0
    if len(numbers) == 4:
        value, unit = numbers[3]
        alpha = _between(value / 100 if unit == "%" else value)
    if name == "rgb":
        if any(unit not in ("", "%") for _, unit in numbers):
            return None
        red, green, blue = (_between(v * 2.55 if unit else v, 255) for v, unit in numbers[:3])
        return Rgba(red, green, blue, alpha)
    (hue, turn), (saturation, _), (lightness, _) = numbers[:3]
    if turn not in _TURN:
        return None
    rgb = colorsys.hls_to_rgb(hue / _TURN[turn] % 1, _between(lightness / 100), _between(saturation / 100))
    return Rgba(255 * rgb[0], 255 * rgb[1], 255 * rgb[2], alpha)


def _between(value: float, most: float = 1.0) -> float:
    return min(max(value, 0.0), most)
