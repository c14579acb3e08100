"""Vertical lines: ideographs and kana stand upright, Latin words lie on their side (CSS Writing Modes 4,
`text-orientation: mixed`; Unicode UAX #50)."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import combining, east_asian_width

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextLayout

from vtt_desktop.ui.rendering.flow import Run
from vtt_desktop.ui.rendering.shaping import Line, colour, font_of

# UAX #50 "Tr": turned where the font has no form of its own for vertical lines.
_TURNED = frozenset("〈〉《》「」『』【】〔〕〖〗〘〙〚〛〜〝〞〟〰゠ー（），：；［］｛｜｝～｟｠￣＿＝…‥—―–")
# UAX #50 "Tu" that stand in a corner: in vertical lines in the upper right one.
_CORNER = frozenset("、。，．")
_SMALL = frozenset("ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ")


def paint_upright(painter: QPainter, line: Line) -> None:
    """Paints the words of a line in a painter that is turned by a right angle, its x axis pointing down."""
    text = line.text
    first, last = text.textStart(), text.textStart() + text.textLength()
    left = text.naturalTextRect().left()
    middle = _middle(line)
    at = 0
    for run in line.paragraph.runs:
        font = font_of(run.style)
        sideways: list[tuple[int, int]] = []
        painter.setPen(colour(run.style.colour.faded(run.style.opacity if run.style.visible else 0)))
        for letter, size in _letters(run):
            if first <= at < last:
                if stands_upright(letter):
                    begin, end = _x(line, at) - left, _x(line, at + size) - left
                    _paint_letter(painter, letter, font, QPointF((begin + end) / 2, middle))
                elif sideways and sum(sideways[-1]) == at:
                    sideways[-1] = (sideways[-1][0], sideways[-1][1] + size)
                else:
                    sideways.append((at, size))
            at += size
        for begin, size in sideways:
            metrics = QFontMetricsF(font)
            base = middle + (metrics.ascent() - metrics.descent()) / 2
            for glyphs in text.glyphRuns(begin, size):
                painter.drawGlyphRun(QPointF(-left, base - text.y() - text.ascent()), glyphs)


def stands_upright(letter: str) -> bool:
    """Whether it is not turned with the line."""
    return east_asian_width(letter[0]) in ("W", "F") or letter[0] in _SMALL


def _letters(run: Run) -> list[tuple[str, int]]:
    """The letters with their combining marks, each with its length in UTF-16 units."""
    found: list[str] = []
    for sign in run.text:
        if found and (combining(sign) or sign in "\u3099\u309a\ufe0e\ufe0f"):
            found[-1] += sign
        else:
            found.append(sign)
    return [(letter, len(letter.encode("utf-16-le", "surrogatepass")) // 2) for letter in found]


def _middle(line: Line) -> float:
    """The line along which letters are centred: half way up the words, not counting ruby."""
    text = line.text
    return line.ascent + (text.descent() - text.ascent()) / 2


def _x(line: Line, at: int) -> float:
    found = line.text.cursorToX(at)
    return float(found[0]) if isinstance(found, tuple) else float(str(found))


def _paint_letter(painter: QPainter, letter: str, font: QFont, centre: QPointF) -> None:
    standing = _vertical_font(font.key())
    own_form = _has_vertical_form(letter, font.key())
    metrics = QFontMetricsF(font)
    painter.save()
    painter.translate(centre)
    if not (letter in _TURNED and not own_form):
        painter.rotate(-90)
    if letter in _CORNER and not own_form:
        painter.translate(0.55 * font.pixelSize(), -0.55 * font.pixelSize())
    painter.setFont(standing if own_form else font)
    base = (metrics.ascent() - metrics.descent()) / 2
    painter.drawText(QPointF(-metrics.horizontalAdvance(letter) / 2, base), letter)
    painter.restore()


@lru_cache(maxsize=32)
def _vertical_font(key: str) -> QFont:
    font = QFont()
    font.fromString(key)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(QFont.Tag("vert"), 1)
    return font


@lru_cache(maxsize=1024)
def _has_vertical_form(letter: str, key: str) -> bool:
    """Whether the font draws the letter in another way in vertical lines."""
    plain = QFont()
    plain.fromString(key)
    return _glyphs(letter, plain) != _glyphs(letter, _vertical_font(key))


def _glyphs(letter: str, font: QFont) -> list[int]:
    layout = QTextLayout(letter, font)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return [index for run in layout.glyphRuns() for index in run.glyphIndexes()]
