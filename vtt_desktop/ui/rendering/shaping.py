"""Paragraphs broken into lines by Qt: bidirectional order, line breaking, ruby, one style a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from math import cos, sin, sqrt
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFont, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from vtt_desktop.ui.rendering.fitting import fitted
from vtt_desktop.ui.rendering.flow import Flow, Paragraph, Ruby, Run, reads_right_to_left
from vtt_desktop.ui.rendering.fonts import colour, font_of, heights, ink, placed
from vtt_desktop.ui.rendering.strokes import Fill, Stroke
from vtt_desktop.ui.rendering.style import Style

_UNBOUNDED = 1e6
_MOST_BALANCED = 6
"""Lines: CSS lets a program give up balancing beyond a few (CSS Text 4, `balance`)."""
_BLUR = [  # where the draws stand that stand in for a blurred shadow: even over a disc of radius 1
    (sqrt((n + 0.5) / 14) * cos(2.4 * n), sqrt((n + 0.5) / 14) * sin(2.4 * n)) for n in range(14)
]
_FAINT = 0.2  # the opacity of each of them: where all of them meet it is as good as one


class Layer(NamedTuple):
    """A paragraph laid out, and how far it is painted from where it is: a shadow, or the words themselves.

    Of a paragraph with translucent parts there is one for each of them, in which all else cannot be seen.
    """

    x: float
    y: float
    layout: QTextLayout
    paragraph: Paragraph
    path: tuple[float, ...] = ()


class Over(NamedTuple):
    """Ruby text: a line of its own, and where it is from the left and top of the line that it belongs to."""

    at: QPointF
    line: Line


@dataclass(slots=True)
class Line:
    """One line of a cue: how much room it takes and what is on it. Implements `boxes.Extent`.

    `layers` are the paragraph's, shadows first; the words are their line `number`, and `strokes` has the
    lines along those of each. `ascent` is from the top of the line to the base line. `path` is what its cue
    is translucent with. `upright` is what `vertical` makes of it when it is first painted.
    """

    length: float
    height: float
    rtl: bool
    number: int
    ascent: float
    paragraph: Paragraph
    layers: Sequence[Layer]
    path: tuple[float, ...] = ()
    strokes: Sequence[Sequence[Stroke]] = ()
    fills: list[Fill] = field(default_factory=list)
    ruby: list[Over] = field(default_factory=list)
    upright: Sequence[Sequence[object]] | None = None

    @property
    def text(self) -> QTextLine:
        return self.layers[-1].layout.lineAt(self.number)


def lay_out(flow: Flow, room: float, *, vertical: bool = False) -> list[Line]:
    """The lines of a cue in `room`; none where it says nothing."""
    lines: list[Line] = []
    for paragraph in flow.paragraphs:
        lines += _lines(fitted(paragraph, vertical=vertical), flow.root, room)
    return lines


def _lines(paragraph: Paragraph, root: Style, room: float) -> list[Line]:
    layout, width = _broken(paragraph, root, room)
    layers: list[Layer] = []
    paths = list(dict.fromkeys(run.style.path for run in paragraph.runs)) or [root.path]
    for path in paths:
        shown = paragraph if len(paths) == 1 else _only(paragraph, path)
        for places, shaded in _shadows(shown):
            behind = _laid_out(shaded, root, width)
            layers += [Layer(x, y, behind, shaded, path) for x, y in places]
        own = layout if shown is paragraph else _laid_out(shown, root, width)
        layers.append(Layer(0.0, 0.0, own, shown, path))
    return [_line(root, paragraph, layers, number) for number in range(layout.lineCount())]


def _laid_out(paragraph: Paragraph, root: Style, width: float) -> QTextLayout:
    layout = _layout(paragraph, root)
    _break(layout, width)
    return layout


def _only(paragraph: Paragraph, path: tuple[float, ...]) -> Paragraph:
    """With what is painted at one place among what is translucent, all else taking its room."""
    runs = (
        run if run.style.path == path else replace(run, style=run.style.unseen()) for run in paragraph.runs
    )
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
    look.setForeground(QBrush(ink(style)))
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = start, size, look
    return made


def _shadows(paragraph: Paragraph) -> Iterator[tuple[list[tuple[float, float]], Paragraph]]:
    """The paragraph once for every shadow, in its colour, and where to paint it; the first one named is
    uppermost."""
    most = max((len(run.style.shadows) for run in paragraph.runs), default=0)
    for number in reversed(range(most)):
        places = {shadow[:3] for run in paragraph.runs for shadow in run.style.shadows[number : number + 1]}
        for x, y, blur in sorted(places):
            runs = tuple(
                replace(run, style=_shaded(run.style, number, (x, y, blur))) for run in paragraph.runs
            )
            shaded = replace(paragraph, runs=runs)
            yield (
                [(x, y)] if blur < 1 else [(x + left * blur, y + up * blur) for left, up in _BLUR],
                shaded,
            )


def _shaded(style: Style, number: int, place: tuple[float, float, float]) -> Style:
    """A run as its shadow of that number, where that one falls there; else unseen."""
    for shadow in style.shadows[number : number + 1]:
        if shadow[:3] == place:
            shade = shadow.colour or style.colour
            return style.inked(shade.faded(_FAINT) if shadow.blur >= 1 else shade)
    return style.unseen()


def _line(root: Style, paragraph: Paragraph, layers: Sequence[Layer], number: int) -> Line:
    text = layers[-1].layout.lineAt(number)
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
            a, d, _ = (max(parts) for parts in zip(*(heights(r.style) for r in run.ruby.runs), strict=True))
            if run.ruby.style.ruby_under:
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
        paragraph,
        layers,
        root.path,
    )
    if paragraph.text:
        _behind(line, root, text)
        line.strokes = [list(_strokes(line, layer)) for layer in layers]
    return line


def _behind(line: Line, root: Style, text: QTextLine) -> None:
    """The backgrounds: of the cue along the whole line, of each element along its part; and the ruby."""
    ascent, descent, _ = heights(root)
    left = text.naturalTextRect().left()
    whole = QRectF(0, line.ascent - ascent, line.length, ascent + descent)
    _fill(line, whole, root)
    over: list[tuple[Ruby, Run, bool, QRectF]] = []
    for run, start, _, spans in _on_line(line.paragraph, text):
        for around in run.around[1:]:
            up, down, _ = heights(around)
            for span in spans:
                _fill(line, QRectF(span.left() - left, line.ascent - up, span.width(), up + down), around)
        if run.ruby is not None:
            for span in spans:
                over.append((run.ruby, run, start >= text.textStart(), span))
    for ruby, group in groupby(over, lambda part: part[0]):
        parts = list(group)
        if parts[0][2]:  # of words that go on in the next line it stands over the first ones
            begin = min(span.left() for *_, span in parts)
            width = max(span.right() for *_, span in parts) - begin
            _put_ruby(line, ruby, [run for _, run, _, _ in parts], begin - left, width)


def _on_line(paragraph: Paragraph, text: QTextLine) -> Iterator[tuple[Run, int, int, list[QRectF]]]:
    """Runs that have a part on a line: where they start and end, and the rectangles of that part."""
    first, last = text.textStart(), text.textStart() + text.textLength()
    for run, start, size in _spans(paragraph):
        begin, end = max(start, first), min(start + size, last)
        if begin < end and (len(run.around) > 1 or run.ruby is not None or run.style.decorations):
            yield run, start, end, [one.boundingRect() for one in text.glyphRuns(begin, end - begin)]


def _strokes(line: Line, layer: Layer) -> Iterator[Stroke]:
    text = layer.layout.lineAt(line.number)
    left = text.naturalTextRect().left() - layer.x
    for run, _, _, spans in _on_line(layer.paragraph, text):
        if not run.style.visible:
            continue
        for drawn in run.style.decorations:
            base = line.ascent + layer.y
            top, thick = placed(drawn, replace(run.style, size=drawn.size))
            for span in spans:
                rect = QRectF(span.left() - left, base + top, span.width(), thick)
                yield Stroke(rect, colour(drawn.colour), drawn.shape, drawn.line == "line-through")


def _fill(line: Line, rect: QRectF, style: Style) -> None:
    if not style.visible:
        return
    if style.background.alpha > 0:
        line.fills.append(Fill(rect, colour(style.background), path=style.path))
    edge = style.outline
    if edge.shape != "none" and edge.width > 0:
        out = edge.width / 2 + edge.offset
        rect = rect.adjusted(-out, -out, out, out)
        ink_of_edge = colour(edge.colour or style.colour)
        line.fills.append(Fill(rect, ink_of_edge, edge.width, edge.shape, style.path))


def _put_ruby(line: Line, ruby: Ruby, base: Sequence[Run], left: float, width: float) -> None:
    text = "".join(run.text for run in ruby.runs)
    one = Paragraph(ruby.runs, reads_right_to_left(text), wraps=False)
    (over,) = _lines(one, ruby.style, _UNBOUNDED)
    if ruby.style.ruby_under:
        top = line.ascent + max(heights(run.style)[1] for run in base)
    else:
        top = line.ascent - max(heights(run.style)[0] for run in base) - over.height
    line.ruby.append(Over(QPointF(left + (width - over.length) / 2, top), over))
