"""Fonts and colours of a style as Qt has them."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF

from vtt_desktop.ui.rendering.colours import Rgba
from vtt_desktop.ui.rendering.style import Decoration, Style


def colour(rgba: Rgba) -> QColor:
    """The same for Qt."""
    made = QColor.fromRgbF(rgba.red / 255, rgba.green / 255, rgba.blue / 255)
    made.setAlphaF(min(max(rgba.alpha, 0.0), 1.0))
    return made


def ink(style: Style) -> QColor:
    """The colour of its words."""
    return colour(style.colour.faded(1 if style.visible else 0))


@lru_cache(maxsize=256)
def _font(families: tuple[str, ...], size: float, weight: int, italic: bool, stretch: int) -> QFont:
    font = QFont()
    font.setFamilies([_family(name) for name in families])
    for name, hint in _HINTS.items():
        if name in families:
            font.setStyleHint(hint)
    font.setPixelSize(max(1, round(size)))
    font.setWeight(QFont.Weight(weight))
    font.setItalic(italic)
    if stretch != 100:
        font.setStretch(stretch)
    # Scaled in painting: letters stand where the lines were broken for, at every size.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


_HINTS = {
    "sans-serif": QFont.StyleHint.SansSerif,
    "serif": QFont.StyleHint.Serif,
    "monospace": QFont.StyleHint.Monospace,
    "cursive": QFont.StyleHint.Cursive,
    "fantasy": QFont.StyleHint.Fantasy,
}


@lru_cache(maxsize=64)
def _family(name: str) -> str:
    """A font's name; for a generic name the font that the system has for it."""
    hint = _HINTS.get(name.lower())
    if hint is None:
        return name
    asked = QFont(name)
    asked.setStyleHint(hint)
    return QFontInfo(asked).family()


def font_of(style: Style) -> QFont:
    """The font for a run of this style."""
    return _font(style.families, style.size, style.weight, style.italic, style.stretch)


def heights(style: Style) -> tuple[float, float, float]:
    """(ascent, descent, leading) of a style's own font: CSS 2.2, 10.8.1; the leading may be negative."""
    ascent, descent, leading = _heights(style.families, style.size, style.weight, style.italic, style.stretch)
    return ascent, descent, leading if style.line_height is None else style.line_height - ascent - descent


@lru_cache(maxsize=256)
def _heights(
    families: tuple[str, ...], size: float, weight: int, italic: bool, stretch: int
) -> tuple[float, float, float]:
    metrics = QFontMetricsF(_font(families, size, weight, italic, stretch))
    return metrics.ascent(), metrics.descent(), metrics.leading()


def placed(drawn: Decoration, style: Style) -> tuple[float, float]:
    """Where the top of a line along words is below their base line, and its thickness."""
    metrics = QFontMetricsF(font_of(style))
    thick = metrics.lineWidth() if drawn.thickness is None else drawn.thickness
    middle = {"underline": metrics.underlinePos(), "overline": -metrics.overlinePos()}.get(
        drawn.line, -metrics.strikeOutPos()
    )
    return middle - thick / 2, max(thick, 0.5)
