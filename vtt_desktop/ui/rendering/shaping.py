"""Paragraphs broken into lines by Qt: bidirectional order, line breaking, ruby, one style a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontInfo,
    QFontMetricsF,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
    QTextOption,
)

from vtt_desktop.ui.rendering.colours import Rgba
from vtt_desktop.ui.rendering.flow import Flow, Paragraph, Run
from vtt_desktop.ui.rendering.style import Style

_UNBOUNDED = 1e6
_MOST_BALANCED = 6
"""Lines: CSS lets a program give up balancing beyond a few (CSS Text 4, `balance`)."""
_SMALL_CAPS = 0.8
_BLUR = 4  # draws that stand in for a blurred shadow


@dataclass(frozen=True, slots=True)
class Fill:
    """A rectangle behind the words, from the left and top of its line."""

    rect: QRectF
    colour: QColor
    edge: float = 0.0
    """Width of an outline around it instead of a filling; 0 fills."""


class Layer(NamedTuple):
    """A paragraph laid out, and how far it is painted from where it is: a shadow, or the words themselves."""

    x: float
    y: float
    layout: QTextLayout
    paragraph: Paragraph


class Over(NamedTuple):
    """Ruby text: a line of its own, and where it is from the left and top of the line that it belongs to."""

    at: QPointF
    line: Line


@dataclass(slots=True)
class Line:
    """One line of a cue: how much room it takes and what is on it. Implements `boxes.Extent`.

    `layers` are the paragraph's, shadows first; the words are their line `number`. `ascent` is from the top
    of the line to the base line. `upright` is what `vertical` makes of it when it is first painted.
    """

    length: float
    height: float
    rtl: bool
    number: int
    ascent: float
    layers: Sequence[Layer]
    fills: list[Fill] = field(default_factory=list)
    ruby: list[Over] = field(default_factory=list)
    upright: Sequence[object] | None = None

    @property
    def paragraph(self) -> Paragraph:
        return self.layers[-1].paragraph

    @property
    def text(self) -> QTextLine:
        return self.layers[-1].layout.lineAt(self.number)


def colour(rgba: Rgba) -> QColor:
    """The same for Qt."""
    made = QColor.fromRgbF(rgba.red / 255, rgba.green / 255, rgba.blue / 255)
    made.setAlphaF(min(max(rgba.alpha, 0.0), 1.0))
    return made


@lru_cache(maxsize=256)
def _font(families: tuple[str, ...], size: float, weight: int, italic: bool) -> QFont:
    font = QFont()
    font.setFamilies([_family(name) for name in families])
    for name, hint in _HINTS.items():
        if name in families:
            font.setStyleHint(hint)
    font.setPixelSize(max(1, round(size)))
    font.setWeight(QFont.Weight(weight))
    font.setItalic(italic)
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
    return _font(style.families, style.size, style.weight, style.italic)


@lru_cache(maxsize=256)
def _heights(
    families: tuple[str, ...], size: float, weight: int, italic: bool, line_height: float | None
) -> tuple[float, float, float]:
    """(ascent, descent, what a line has more than both): CSS 2.2, 10.8.1."""
    metrics = QFontMetricsF(_font(families, size, weight, italic))
    high = metrics.ascent() + metrics.descent()
    more = metrics.leading() if line_height is None else line_height * size - high
    return metrics.ascent(), metrics.descent(), more


def heights(style: Style) -> tuple[float, float, float]:
    """(ascent, descent, leading) of a style's own font; the leading may be negative."""
    return _heights(style.families, style.size, style.weight, style.italic, style.line_height)


def lay_out(flow: Flow, room: float) -> list[Line]:
    """The lines of a cue in `room`; none where it says nothing."""
    lines: list[Line] = []
    for paragraph in flow.paragraphs:
        lines += _lines(_carrying_ruby(_small_caps(paragraph)), flow.root, room)
    return lines


def _lines(paragraph: Paragraph, root: Style, room: float) -> list[Line]:
    layout, width = _broken(paragraph, root, room)
    layers: list[Layer] = []
    for x, y, shaded in _shadows(paragraph):
        behind = _layout(shaded, root)
        _break(behind, width)
        layers.append(Layer(x, y, behind, shaded))
    layers.append(Layer(0.0, 0.0, layout, paragraph))
    return [_line(root, layers, number) for number in range(layout.lineCount())]


def _small_caps(paragraph: Paragraph) -> Paragraph:
    """With small letters as smaller capitals: Qt knows them for one font a paragraph only."""
    if not any(run.style.small_caps for run in paragraph.runs):
        return paragraph
    runs: list[Run] = []
    for run in paragraph.runs:
        for small, letters in groupby(run.text, str.islower):
            text = "".join(letters)
            if small and run.style.small_caps:
                less = replace(run.style, size=run.style.size * _SMALL_CAPS)
                runs.append(replace(run, text=text.upper(), style=less))
            else:
                runs.append(replace(run, text=text))
    return replace(paragraph, runs=tuple(runs))


def _carrying_ruby(paragraph: Paragraph) -> Paragraph:
    """With room on both sides of every word that is shorter than what stands over it."""
    if not any(run.ruby for run in paragraph.runs):
        return paragraph
    runs: list[Run] = []
    for run in paragraph.runs:
        spare = 0.0
        if run.ruby is not None:
            spare = QFontMetricsF(font_of(run.ruby.style)).horizontalAdvance(run.ruby.text)
            spare -= QFontMetricsF(font_of(run.style)).horizontalAdvance(run.text)
        if spare > 0:
            pad = replace(run, text="\u00a0", ruby=None, wide=spare / 2)
            runs += (pad, run, pad)
        else:
            runs.append(run)
    return replace(paragraph, runs=tuple(runs))


def _broken(paragraph: Paragraph, root: Style, room: float) -> tuple[QTextLayout, float]:
    """The paragraph in lines of about one length (`text-wrap: balance`, WebVTT 7.4), and that length."""
    layout = _layout(paragraph, root)
    width = max(1.0, room) if paragraph.wraps else _UNBOUNDED
    count = _break(layout, width)
    if not 1 < count <= _MOST_BALANCED or not paragraph.wraps:
        return layout, width
    narrow, wide = width / count, width
    while wide - narrow > 1:
        middle = (narrow + wide) / 2
        if _break(layout, middle) > count or _sticks_out(layout, middle):
            narrow = middle
        else:
            wide = middle
    _break(layout, wide)
    return layout, wide


def _sticks_out(layout: QTextLayout, width: float) -> bool:
    """Whether a word had to be cut to get into `width`."""
    text = layout.text()
    for number in range(layout.lineCount() - 1):
        line = layout.lineAt(number)
        end = line.textStart() + line.textLength()
        if 0 < end < len(text) and text[end - 1].isalnum() and text[end].isalnum() and text[end].isascii():
            return True
    return False


def _break(layout: QTextLayout, width: float) -> int:
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
    layout.endLayout()
    return layout.lineCount()


def _layout(paragraph: Paragraph, root: Style) -> QTextLayout:
    layout = QTextLayout(paragraph.text or "\u200b", font_of(root))
    option = QTextOption()
    option.setWrapMode(
        QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
        if paragraph.wraps
        else QTextOption.WrapMode.ManualWrap
    )
    option.setTextDirection(
        Qt.LayoutDirection.RightToLeft if paragraph.rtl else Qt.LayoutDirection.LeftToRight
    )
    layout.setTextOption(option)
    layout.setFormats([_format(run, start, size) for run, start, size in _spans(paragraph)])
    layout.setCacheEnabled(True)
    return layout


def _spans(paragraph: Paragraph) -> Iterator[tuple[Run, int, int]]:
    """Each run with its start and length in UTF-16 units, as Qt counts."""
    at = 0
    for run in paragraph.runs:
        size = len(run.text.encode("utf-16-le", "surrogatepass")) // 2
        yield run, at, size
        at += size


def _format(run: Run, start: int, size: int) -> QTextLayout.FormatRange:
    style = run.style
    font = font_of(style)
    if run.wide:
        font = QFont(font)
        font.setPixelSize(1)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, run.wide)
    look = QTextCharFormat()
    look.setFont(font)
    shown = style.colour.faded(style.opacity if style.visible else 0)
    look.setForeground(QBrush(colour(shown)))
    look.setFontUnderline("underline" in style.decorations)
    look.setFontOverline("overline" in style.decorations)
    look.setFontStrikeOut("line-through" in style.decorations)
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = start, size, look
    return made


def _shadows(paragraph: Paragraph) -> Iterator[tuple[float, float, Paragraph]]:
    """The paragraph once for every shadow, in its colour; the first one named is uppermost."""
    most = max((len(run.style.shadows) for run in paragraph.runs), default=0)
    for number in reversed(range(most)):
        runs: list[Run] = []
        moved = (0.0, 0.0, 0.0)
        for run in paragraph.runs:
            of_run = run.style.shadows[number : number + 1]
            shade = run.style.colour.faded(0)
            if of_run:
                moved = of_run[0][:3]
                shade = of_run[0].colour or run.style.colour
            runs.append(replace(run, style=replace(run.style, colour=shade)))
        x, y, blur = moved
        if blur < 1:
            yield x, y, replace(paragraph, runs=tuple(runs))
            continue
        soft = tuple(
            replace(run, style=replace(run.style, colour=run.style.colour.faded(1 / _BLUR))) for run in runs
        )
        for left, up in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
            yield x + left * blur / 4, y + up * blur / 4, replace(paragraph, runs=soft)


def _line(root: Style, layers: Sequence[Layer], number: int) -> Line:
    text, paragraph = layers[-1].layout.lineAt(number), layers[-1].paragraph
    ascent, descent, more = heights(root)
    first, last = text.textStart(), text.textStart() + text.textLength()
    over = under = 0.0
    # A fallback font may be higher than the one asked for: its letters shall not touch the next line.
    high = [ascent, text.ascent() if root.line_height is None else 0.0]
    low = [descent, text.descent() if root.line_height is None else 0.0]
    for run, start, size in _spans(paragraph):
        if start >= last or start + size <= first:
            continue
        run_ascent, run_descent, run_more = heights(run.style)
        high.append(run_ascent + run_more / 2 - more / 2)
        low.append(run_descent + run_more / 2 - more / 2)
        if run.ruby is not None:
            a, d, _ = heights(run.ruby.style)
            if run.style.ruby_under:
                under = max(under, a + d)
            else:
                over = max(over, a + d)
    base = over + more / 2 + max(high)
    line = Line(
        text.naturalTextWidth(),
        max(0.0, base + max(low) + more / 2 + under),
        paragraph.rtl,
        number,
        base,
        layers,
    )
    if paragraph.text:
        _behind(line, root, text)
    return line


def _behind(line: Line, root: Style, text: QTextLine) -> None:
    """The backgrounds: of the cue along the whole line, of each element along its part; and the ruby."""
    ascent, descent, _ = heights(root)
    left = text.naturalTextRect().left()
    whole = QRectF(0, line.ascent - ascent, line.length, ascent + descent)
    _fill(line, whole, root)
    first, last = text.textStart(), text.textStart() + text.textLength()
    for run, start, size in _spans(line.paragraph):
        begin, end = max(start, first), min(start + size, last)
        if begin >= end or (len(run.around) < 2 and run.ruby is None):
            continue
        spans = [glyphs.boundingRect() for glyphs in text.glyphRuns(begin, end - begin)]
        for around in run.around[1:]:
            up, down, _ = heights(around)
            for span in spans:
                rect = QRectF(span.left() - left, line.ascent - up, span.width(), up + down)
                _fill(line, rect, around)
        if run.ruby is not None and start >= first and spans:
            around_all = QRectF(spans[0])
            for span in spans[1:]:
                around_all = around_all.united(span)
            _put_ruby(line, run, around_all.left() - left, around_all.width())


def _fill(line: Line, rect: QRectF, style: Style) -> None:
    share = style.opacity if style.visible else 0.0
    if style.background.alpha * share > 0:
        line.fills.append(Fill(rect, colour(style.background.faded(share))))
    if style.outline is not None and share > 0:
        wide, edge = style.outline
        rect = rect.adjusted(-wide / 2, -wide / 2, wide / 2, wide / 2)
        line.fills.append(Fill(rect, colour(edge.faded(share)), wide))


def _put_ruby(line: Line, run: Run, left: float, width: float) -> None:
    assert run.ruby is not None
    style = run.ruby.style
    one = Paragraph((Run(run.ruby.text, style, (style,)),), line.rtl, wraps=False)
    (over,) = _lines(one, style, _UNBOUNDED)
    base_ascent, base_descent, _ = heights(run.style)
    below = run.style.ruby_under
    top = line.ascent + base_descent if below else line.ascent - base_ascent - over.height
    line.ruby.append(Over(QPointF(left + (width - over.length) / 2, top), over))
