"""Vertical lines: ideographs and kana stand upright, Latin words lie on their side (CSS Writing Modes 4,
`text-orientation: mixed`; Unicode UAX #50).

All is in a painter that is turned by a right angle: its x axis points down, its y axis to the left.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from unicodedata import combining, east_asian_width

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGlyphRun, QPainter, QTextLayout, QTextLine

from vtt_desktop.ui.rendering.flow import Run
from vtt_desktop.ui.rendering.fonts import colour, font_of, ink
from vtt_desktop.ui.rendering.shaping import Layer, Line
from vtt_desktop.ui.rendering.strokes import Stroke, paint_stroke
from vtt_desktop.ui.rendering.style import Style

# UAX #50 "Tr": turned where the font has no form of its own for vertical lines.
_TURNED = frozenset("〈〉《》「」『』【】〔〕〖〗〘〙〚〛〜〝〞〟〰゠ー（），：；［］｛｜｝～｟｠￣＿＝…‥—―–")
# UAX #50 "Tu" that stand in a corner: in vertical lines in the upper right one.
_CORNER = frozenset("、。，．")
_SMALL = frozenset("ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ")
_RULE = 0.05  # of the size: how thick an underline is


class Part(NamedTuple):
    """Glyphs and where they go: lying on the line, or turned back round `at` to stand."""

    glyphs: QGlyphRun
    at: QPointF
    stands: bool
    colour: QColor
    narrow: float = 1.0
    """How much narrower than their font has them: what shares a square with others."""


def paint_upright(painter: QPainter, line: Line, number: int) -> None:
    """Paints the words of one layer of a line, its ruby apart."""
    if line.upright is None:
        line.upright = [list(_parts(line, layer)) for layer in line.layers]
    for part in line.upright[number]:
        if isinstance(part, Stroke):
            paint_stroke(painter, part)
        elif isinstance(part, Part):
            painter.setPen(part.colour)
            if not part.stands:
                painter.drawGlyphRun(part.at, part.glyphs)
                continue
            painter.translate(part.at)
            painter.rotate(-90)
            painter.scale(part.narrow, 1)
            painter.drawGlyphRun(QPointF(), part.glyphs)
            painter.scale(1 / part.narrow, 1)
            painter.rotate(90)
            painter.translate(-part.at)


def stands_upright(letter: str) -> bool:
    """Whether it is not turned with the line."""
    return east_asian_width(letter[0]) in ("W", "F") or letter[0] in _SMALL


def _parts(line: Line, layer: Layer) -> Iterator[Part | Stroke]:
    text = layer.layout.lineAt(line.number)
    first, last = text.textStart(), text.textStart() + text.textLength()
    left = text.naturalTextRect().left()
    # Letters are centred half way up the words. What is painted right of it lies up of it, turned.
    origin = QPointF(layer.y - left, line.ascent + (text.descent() - text.ascent()) / 2 - layer.x)
    at = 0
    for run in layer.paragraph.runs:
        shade = ink(run.style)
        begin = max(at, first)
        for start, size, letter in _pieces(run, at, first, last):
            middle = (_x(text, start) + _x(text, start + size)) / 2
            if run.combined:
                yield _across(
                    run.combined, font_of(run.style), run.style.size, origin + QPointF(middle, 0), shade
                )
            elif letter:
                yield _standing(letter, font_of(run.style), origin + QPointF(middle, 0), shade)
            else:
                yield from _lying(text, start, size, run.style, origin, shade)
        at += sum(size for _, size in _letters(run))
        if run.style.decorations and begin < min(at, last):
            span = _x(text, begin), _x(text, min(at, last))
            yield from _rules(run.style, min(span), max(span), origin)


def _pieces(run: Run, at: int, first: int, last: int) -> Iterator[tuple[int, int, str]]:
    """(start, length, letter) of each letter that stands, and of each stretch that lies, without a letter."""
    lying: tuple[int, int] | None = None
    for letter, size in _letters(run):
        if first <= at < last:
            if stands_upright(letter):
                if lying:
                    yield *lying, ""
                lying = None
                yield at, size, letter
            else:
                lying = (lying[0], lying[1] + size) if lying else (at, size)
        at += size
    if lying:
        yield *lying, ""


def _letters(run: Run) -> list[tuple[str, int]]:
    """The letters with their combining marks, each with its length in UTF-16 units."""
    found: list[str] = []
    for sign in run.text:
        if found and (combining(sign) or sign in "\u3099\u309a\ufe0e\ufe0f"):
            found[-1] += sign
        else:
            found.append(sign)
    return [(letter, len(letter.encode("utf-16-le", "surrogatepass")) // 2) for letter in found]


def _x(text: QTextLine, at: int) -> float:
    found = text.cursorToX(at)
    return float(found[0]) if isinstance(found, tuple) else float(str(found))


def _lying(
    text: QTextLine, start: int, size: int, style: Style, origin: QPointF, ink: QColor
) -> Iterator[Part]:
    metrics = QFontMetricsF(font_of(style))
    base = (metrics.ascent() - metrics.descent()) / 2
    for glyphs in text.glyphRuns(start, size):
        yield Part(glyphs, origin + QPointF(0, base - text.y() - text.ascent()), False, ink)


def _standing(letter: str, font: QFont, centre: QPointF, ink: QColor) -> Part:
    glyphs, advance, own_form = _letter(letter, font.key())
    metrics = QFontMetricsF(font)
    base = (metrics.ascent() - metrics.descent()) / 2
    if letter in _TURNED and not own_form:
        return Part(glyphs, centre + QPointF(-advance / 2, base), False, ink)
    x, y = -advance / 2, base  # from the centre, as the letter stands
    if letter in _CORNER and not own_form:
        x, y = x + 0.55 * font.pixelSize(), y - 0.55 * font.pixelSize()
    # Upright x points to the left of the turned painter's y, upright y along its x.
    return Part(glyphs, centre + QPointF(y, -x), True, ink)


def _across(text: str, font: QFont, square: float, centre: QPointF, ink: QColor) -> Part:
    """Letters beside each other in the place of one, made narrower where they are wider than it (CSS Writing
    Modes 4, 9.1.3)."""
    glyphs, advance = _shaped(text, font.key(), vertical=False)
    metrics = QFontMetricsF(font)
    narrow = min(1.0, square / advance) if advance > 0 else 1.0
    base = (metrics.ascent() - metrics.descent()) / 2
    return Part(glyphs, centre + QPointF(base, narrow * advance / 2), True, ink, narrow)


def _rules(style: Style, begin: float, end: float, origin: QPointF) -> Iterator[Stroke]:
    """Lines along the words. The side of a vertical line that is under is the left one."""
    if not style.visible:
        return
    for drawn in style.decorations:
        share = {"underline": 0.5, "overline": -0.5}.get(drawn.line, 0.0)
        thick = drawn.size * _RULE if drawn.thickness is None else drawn.thickness
        top = origin.y() + drawn.size * share - thick / 2
        rect = QRectF(origin.x() + begin, top, end - begin, thick)
        yield Stroke(rect, colour(drawn.colour), drawn.shape, drawn.line == "line-through")


@lru_cache(maxsize=1024)
def _letter(letter: str, key: str) -> tuple[QGlyphRun, float, bool]:
    """The glyphs of a letter from its base line, its width, and whether the font has a form of it for
    vertical lines, which these are then."""
    plain, width = _shaped(letter, key, vertical=False)
    glyphs, advance = _shaped(letter, key, vertical=True)
    if plain.glyphIndexes() == glyphs.glyphIndexes():
        return plain, width, False
    if is_form_of(letter, _drawn(plain), _drawn(glyphs), plain.rawFont().pixelSize()):
        return glyphs, advance, True
    return plain, width, False


def is_form_of(letter: str, plain: QRectF, vertical: QRectF, size: float) -> bool:
    """Whether what a font has for vertical lines can be that letter, by the size of both as drawn: some fonts
    name glyphs of quite another one."""
    width, height = plain.width(), plain.height()
    if letter in _TURNED:
        width, height = height, width
    return abs(vertical.width() - width) < size / 4 and abs(vertical.height() - height) < size / 4


def _drawn(glyphs: QGlyphRun) -> QRectF:
    around = QRectF()
    for index in glyphs.glyphIndexes():
        around = around.united(glyphs.rawFont().pathForGlyph(index).boundingRect())
    return around


def _shaped(letter: str, key: str, *, vertical: bool) -> tuple[QGlyphRun, float]:
    font = QFont()
    font.fromString(key)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if vertical:
        font.setFeature(QFont.Tag("vert"), 1)
    layout = QTextLayout(letter, font)
    layout.beginLayout()
    text = layout.createLine()
    layout.endLayout()
    runs = layout.glyphRuns()
    if not runs:
        return QGlyphRun(), 0.0
    glyphs = runs[0]
    base = text.y() + text.ascent()
    glyphs.setPositions([point - QPointF(0, base) for point in glyphs.positions()])
    return glyphs, text.naturalTextWidth()
