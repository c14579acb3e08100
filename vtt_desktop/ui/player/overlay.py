"""Cues drawn over a picture: where each goes, and the words with their weight and slant.

The beginnings of the WebVTT processing model (7.2, apply WebVTT cue settings): line, position, align
and size of horizontal cues, later ones pushed off earlier ones. Regions, vertical text and STYLE are
not done here yet.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from unicodedata import bidirectional

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption

from vtt_desktop.domain.cue import Cue, settings_by_name

_TEXT = QColor(255, 255, 255)
_BOX = QColor(0, 0, 0, 204)  # WebVTT 7.4: rgba(0, 0, 0, 0.8)
_FONT_SHARE = 0.05  # of the picture's height (WebVTT 7.4: 5vh)
_SMALLEST = 11  # pixels: a small pane stays readable
_TAG = re.compile(r"<(/?)([a-z]*)[^>]*>|([^<]+)|<.*", re.ASCII | re.DOTALL)
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%", re.ASCII)
_NUMBER = re.compile(r"-?\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Placement:
    """What a cue's settings ask for. `line` is a count of lines, or with `percent` a share of the height."""

    line: float | None = None
    percent: bool = False
    line_align: str = "start"
    position: float = 50
    anchor: str = "center"
    align: str = "center"
    size: float = 100


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of words laid out; `layout` holds the whole paragraph and is shared by its lines."""

    layout: QTextLayout
    number: int
    width: float


@dataclass(slots=True)
class Block:
    """A cue laid out: its lines, one box each, from `top`, between `left` and `left + width`."""

    left: float
    width: float
    top: float
    height: float
    align: str
    lines: list[_Line] = field(default_factory=list)

    @property
    def pad(self) -> float:
        """How far a line's box reaches over its words at either side."""
        return self.height * 0.28

    def line_rect(self, row: int) -> QRectF:
        """The box of a line."""
        line = self.lines[row]
        left = self.left + (self.width - line.width) * _share(self.align, line)
        top = self.top + row * self.height
        return QRectF(left - self.pad, top, line.width + 2 * self.pad, self.height)

    @property
    def rect(self) -> QRectF:
        """What is covered, all lines together."""
        covered = QRectF()
        for row in range(len(self.lines)):
            covered = covered.united(self.line_rect(row))
        return covered


def placement(settings: str) -> Placement:
    """The settings, each by its own rule; a bad one counts as not written (WebVTT 6.3)."""
    words = settings_by_name(settings)
    align = words.get("align", "center")
    if align not in ("start", "center", "end", "left", "right"):
        align = "center"
    anchor = {"left": "line-left", "start": "line-left", "right": "line-right", "end": "line-right"}.get(
        align, "center"
    )
    position = {"line-left": 0.0, "line-right": 100.0}.get(anchor, 50.0)
    value, _, wish = words.get("position", "").partition(",")
    if (percent := _percent(value)) is not None and wish in ("", "line-left", "center", "line-right"):
        position, anchor = percent, wish or anchor
    value, _, wish = words.get("line", "").partition(",")
    line: float | None = _percent(value)
    in_percent = line is not None
    if line is None and _NUMBER.fullmatch(value):
        line = int(value)
    if wish not in ("", "start", "center", "end"):
        line, in_percent, wish = None, False, ""
    size = _percent(words.get("size", ""))
    return Placement(
        line, in_percent, wish or "start", position, anchor, align, 100 if size is None else size
    )


def lay_out(cues: Sequence[Cue], picture: QRectF, font: QFont) -> list[Block]:
    """Where the lines of `cues`, in that order, go on `picture`; what would overlap moves on."""
    face = QFont(font)
    face.setPixelSize(max(_SMALLEST, round(picture.height() * _FONT_SHARE)))
    height = QFontMetricsF(face).height() * 1.12
    placed: list[Block] = []
    for cue in cues:
        block = _block(cue, picture, face, height)
        if block.lines:
            _settle(block, placement(cue.settings), picture, placed)
            placed.append(block)
    return placed


def paint(painter: QPainter, blocks: Sequence[Block]) -> None:
    """Draw what was laid out: a translucent box a line, the words on it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for block in blocks:
        for row, line in enumerate(block.lines):
            box = block.line_rect(row)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_BOX)
            painter.drawRect(box)
            painter.setPen(_TEXT)
            text = line.layout.lineAt(line.number)
            corner = box.topLeft() + QPointF(block.pad, (block.height - text.height()) / 2)
            text.draw(painter, corner - text.naturalTextRect().topLeft())


def _share(align: str, line: _Line) -> float:
    """How much of the free width stands before the line."""
    if align in ("start", "end"):
        return 1.0 if (align == "end") != _right_to_left(line.layout.text()) else 0.0
    return {"left": 0.0, "right": 1.0}.get(align, 0.5)


def _right_to_left(text: str) -> bool:
    """By the first letter that has a direction (Unicode bidirectional algorithm, P2 and P3)."""
    kinds = (bidirectional(letter) for letter in text)
    return next((kind in ("R", "AL") for kind in kinds if kind in ("L", "R", "AL")), False)


def _block(cue: Cue, picture: QRectF, font: QFont, height: float) -> Block:
    place = placement(cue.settings)
    # WebVTT 7.2, "maximum size": what fits between the anchor and the edges.
    room = {
        "line-left": 100 - place.position,
        "line-right": place.position,
        "center": 2 * min(place.position, 100 - place.position),
    }[place.anchor]
    width = picture.width() * min(place.size, room) / 100
    anchor = picture.left() + picture.width() * place.position / 100
    left = anchor - width * {"line-left": 0.0, "center": 0.5, "line-right": 1.0}[place.anchor]
    block = Block(left, width, 0, height, place.align)
    margin = height * 0.4  # the boxes reach a little over the words: they shall not be cut at the edge
    for paragraph, formats in paragraphs(cue.text):
        layout = QTextLayout(paragraph, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats(formats)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1.0, width - 2 * margin))
        layout.endLayout()
        for number in range(layout.lineCount()):
            block.lines.append(_Line(layout, number, layout.lineAt(number).naturalTextWidth()))
    block.left += margin
    block.width -= 2 * margin
    return block


def _settle(block: Block, place: Placement, picture: QRectF, placed: Sequence[Block]) -> None:
    high = block.height * len(block.lines)
    if place.percent and place.line is not None:
        shift = {"start": 0.0, "center": 0.5, "end": 1.0}[place.line_align]
        block.top = picture.top() + picture.height() * place.line / 100 - high * shift
        block.top = min(max(block.top, picture.top()), max(picture.top(), picture.bottom() - high))
        return
    margin = picture.height() * 0.03
    step = block.height
    line = -1 if place.line is None else int(place.line)
    if line < 0:
        block.top = picture.bottom() - margin - high + (line + 1) * step
        step = -step
    else:
        block.top = picture.top() + margin + line * step
    first = block.top
    while any(block.rect.intersects(other.rect) for other in placed):
        block.top += step
        if not picture.contains(block.rect):
            block.top = first  # no room: better over another than not at all
            return


def paragraphs(text: str) -> list[tuple[str, list[QTextLayout.FormatRange]]]:
    """Cue text line by line without its tags, and where it is bold, italic or underlined."""
    found: list[tuple[str, list[QTextLayout.FormatRange]]] = []
    shown, formats = "", list[QTextLayout.FormatRange]()
    open_tags: list[str] = []
    for match in _TAG.finditer(text):
        closing, name, words = match[1], match[2], match[3]
        if words is None:
            if closing and name in open_tags:
                open_tags.remove(name)
            elif name in ("b", "i", "u") and not closing:
                open_tags.append(name)
            continue
        for number, part in enumerate(html.unescape(words).split("\n")):
            if number:
                found.append((shown, formats))
                shown, formats = "", []
            if part and open_tags:
                formats.append(_format(len(shown), len(part), open_tags))
            shown += part
    found.append((shown, formats))
    return [(line, marks) for line, marks in found if line.strip()]


def _format(start: int, length: int, tags: Sequence[str]) -> QTextLayout.FormatRange:
    marked = QTextLayout.FormatRange()
    marked.start, marked.length = start, length
    look = QTextCharFormat()
    if "b" in tags:
        look.setFontWeight(QFont.Weight.Bold)
    look.setFontItalic("i" in tags)
    look.setFontUnderline("u" in tags)
    marked.format = look
    return marked


def _percent(value: str) -> float | None:
    found = _PERCENT.fullmatch(value)
    return float(found[1]) if found and float(found[1]) <= 100 else None
