"""Paints the visible rows of the cue table: one `drawText` a cell, what was laid out once is kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.reading import characters_per_second
from vtt_desktop.domain.timecode import format_duration
from vtt_desktop.sync.phase import Badges, Phase, shown_phase
from vtt_desktop.ui.cue_table.columns import LINE_END, Column, cps_text, time_text
from vtt_desktop.ui.cue_table.limits import CPS_MAX
from vtt_desktop.ui.icons import badge_name, pixmap
from vtt_desktop.ui.theme import UNIT, Theme, digits_font, font, mixed, phase_color

if TYPE_CHECKING:
    from vtt_desktop.sync.presence import Colleague

ROW_HEIGHT: Final = 26
BADGE: Final = 16
MARK: Final = 14
PAD: Final = 2 * UNIT
_TAGS_FROM: Final = 280
"""Pixels of text below which a tag such as that of a voice would leave no room for its words."""
_CACHED_MOST: Final = 2000
_TAG: Final = re.compile(r"<[^>\n]*>")
_PARTS: Final = re.compile(r"(<[^>\n]*>|\n)")
_MARK_WIDTH: Final = 22

_RIGHT_TO_LEFT: Final = ("R", "AL")


@dataclass(slots=True)
class Span:
    """Where a column stands in the viewport, px."""

    x: int
    width: int

    @property
    def right(self) -> int:
        return self.x + self.width


@dataclass(slots=True)
class _Cells:
    cue: Cue
    start: str
    end: str
    duration: str
    cps: str
    fast: bool
    backwards: bool
    text: list[tuple[int, str, bool]] | None = None  # x from the column's left, what, whether dim


@dataclass(slots=True)
class Row:
    """One row to paint."""

    number: int
    top: int
    cue: Cue
    selected: bool
    current: bool


class RowPainter:
    """Holds what painting needs: pens, metrics and the cells laid out so far."""

    def __init__(self, theme: Theme) -> None:
        self.marked: Callable[[int], bool] = lambda _cue_id: False
        self.people: Callable[[int], tuple[Colleague, ...]] = lambda _cue_id: ()
        self._cells: dict[int, _Cells] = {}
        self._text_width = 0
        self._number_widths: dict[int, int] = {}
        self.hours = True
        """Whether times are shown with their hours; `forget` after setting it."""
        self.time_offset = 0
        """ms that are added to the times of cues for those shown; `forget` after setting it."""
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.font, self.digits = font(), digits_font()
        self._metrics, self._digit_metrics = QFontMetrics(self.font), QFontMetrics(self.digits)
        self._baseline = (ROW_HEIGHT + self._metrics.ascent() - self._metrics.descent()) // 2
        self._line = mixed(theme.border, theme.base, 0.45)
        self._tints = {
            Phase.CONFLICT: mixed(theme.warn, theme.base, 0.18),
            Phase.GONE: mixed(theme.bad, theme.base, 0.18),
            Phase.REFUSED: mixed(theme.bad, theme.base, 0.10),
        }
        self._dim = mixed(theme.muted, theme.base, 0.75)
        self._dim_selected = mixed(theme.selection_text, theme.selection, 0.65)
        self.forget()

    def forget(self) -> None:
        """Another document, font or width: nothing laid out so far holds."""
        self._cells.clear()
        self._number_widths.clear()

    def width_for(self, text: str) -> int:
        """How wide a column of figures has to be for `text`, px."""
        return self._digit_metrics.horizontalAdvance(text) + 2 * PAD

    def paint(
        self,
        painter: QPainter,
        area: QRect,
        rows: list[Row],
        spans: Mapping[int, Span],
        sync: Badges,
        *,
        focused: bool,
    ) -> None:
        """Paints `rows` over `area`, the part of the viewport to renew."""
        theme = self._theme
        painter.fillRect(area, theme.base)
        if not rows:
            return
        text_span = spans.get(Column.TEXT)
        if text_span is not None and text_span.width != self._text_width:
            self._text_width = text_span.width
            for known in self._cells.values():
                known.text = None
        phases = [shown_phase(sync, row.cue.id) for row in rows]
        self._backgrounds(painter, area, rows, phases, focused)
        cells = [self._cells_of(row.cue) for row in rows]
        self._figures(painter, rows, cells, spans)
        if text_span is not None:
            self._texts(painter, rows, cells, text_span)
            self._initials(painter, rows, text_span)
        if (badge_span := spans.get(Column.SYNC)) is not None:
            scale = painter.device().devicePixelRatio()
            for row, phase in zip(rows, phases, strict=True):
                if (name := badge_name(phase)) is not None:
                    x = badge_span.x + (badge_span.width - BADGE) // 2
                    drawn = pixmap(name, phase_color(theme, phase), BADGE, scale)
                    painter.drawPixmap(QPoint(x, row.top + (ROW_HEIGHT - BADGE) // 2), drawn)

    def _backgrounds(
        self, painter: QPainter, area: QRect, rows: list[Row], phases: list[Phase], focused: bool
    ) -> None:
        theme, left, width = self._theme, area.left(), area.width()
        for row, phase in zip(rows, phases, strict=True):
            tint = self._tints.get(phase)
            if row.selected:
                painter.fillRect(left, row.top, width, ROW_HEIGHT, theme.selection)
            elif tint is not None:
                painter.fillRect(left, row.top, width, ROW_HEIGHT, tint)
            painter.fillRect(left, row.top + ROW_HEIGHT - 1, width, 1, self._line)
            if tint is not None:
                painter.fillRect(0, row.top, 3, ROW_HEIGHT - 1, phase_color(theme, phase))
            elif row.current:
                painter.fillRect(0, row.top, 3, ROW_HEIGHT - 1, theme.accent if focused else theme.muted)

    def _figures(
        self, painter: QPainter, rows: list[Row], cells: list[_Cells], spans: Mapping[int, Span]
    ) -> None:
        theme = self._theme
        painter.setFont(self.digits)
        if (span := spans.get(Column.NUMBER)) is not None:
            plain, selected = theme.muted, self._dim_selected
            self._column(painter, rows, [str(row.number) for row in rows], span, plain, selected)
            scale = painter.device().devicePixelRatio()
            for row in rows:
                if self.marked(row.cue.id):
                    sign = pixmap("error", theme.selection_text if row.selected else theme.bad, MARK, scale)
                    painter.drawPixmap(QPoint(span.x + 5, row.top + (ROW_HEIGHT - MARK) // 2), sign)
        for column, texts in (
            (Column.START, [c.start for c in cells]),
            (Column.END, [c.end for c in cells]),
        ):
            if (span := spans.get(column)) is not None:
                self._column(painter, rows, texts, span, theme.text, theme.selection_text)
        for column, texts, marked in (
            (Column.DURATION, [c.duration for c in cells], [c.backwards for c in cells]),
            (Column.CPS, [c.cps for c in cells], [c.fast for c in cells]),
        ):
            if (span := spans.get(column)) is not None:
                self._column(painter, rows, texts, span, theme.muted, self._dim_selected, marked)

    def _column(
        self,
        painter: QPainter,
        rows: list[Row],
        texts: list[str],
        span: Span,
        plain: QColor,
        selected: QColor,
        marked: list[bool] | None = None,
    ) -> None:
        right, now = span.right - PAD, None
        narrow = PAD + max(map(self._digits_width, texts)) > span.width
        if narrow:  # somebody made it so: the figures must not run into the column before
            painter.save()
            painter.setClipRect(span.x + PAD // 2, 0, span.width - PAD // 2, rows[-1].top + ROW_HEIGHT)
        for i, row in enumerate(rows):
            text = texts[i]
            pen = self._theme.bad if marked and marked[i] else selected if row.selected else plain
            if pen is not now:
                now = pen
                painter.setPen(pen)
            painter.drawText(right - self._digits_width(text), row.top + self._baseline, text)
        if narrow:
            painter.restore()

    def _digits_width(self, text: str) -> int:
        # Figures have one width, so the shape of a text is its length; a minus or ∞ is not in it.
        if text[0] == "-" or text == "∞":
            return self._digit_metrics.horizontalAdvance(text)
        width = self._number_widths.get(len(text))
        if width is None:
            width = self._number_widths[len(text)] = self._digit_metrics.horizontalAdvance(text)
        return width

    def _texts(self, painter: QPainter, rows: list[Row], cells: list[_Cells], span: Span) -> None:
        theme = self._theme
        painter.setFont(self.font)
        left, room = span.x + PAD, span.width - 2 * PAD
        for row, cell in zip(rows, cells, strict=True):
            if people := self.people(row.cue.id):  # they come and go: not worth keeping
                pieces = self._laid_out(cell.cue.text, room, self._pill_width(people) + PAD)
            elif cell.text is None:
                pieces = cell.text = self._laid_out(cell.cue.text, room)
            else:
                pieces = cell.text
            plain, dim = (
                (theme.selection_text, self._dim_selected) if row.selected else (theme.text, self._dim)
            )
            y = row.top + self._baseline
            for x, text, faint in pieces:
                painter.setPen(dim if faint else plain)
                if text is LINE_END:
                    self._draw_line_end(painter, left + x, row.top)
                else:
                    painter.drawText(left + x, y, text)

    def _pill_width(self, people: Sequence[Colleague]) -> int:
        return self._metrics.horizontalAdvance(_initials_of(people)) + 3 * UNIT

    def _initials(self, painter: QPainter, rows: list[Row], span: Span) -> None:
        """Who else is on a cue, at the end of its text."""
        theme = self._theme
        for row in rows:
            people = self.people(row.cue.id)
            if not people:
                continue
            width = self._pill_width(people)
            pill = QRect(span.right - PAD - width, row.top + 4, width, ROW_HEIGHT - 9)
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.accent, 1))
            painter.setBrush(theme.raised)
            painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
            painter.setPen(theme.text)
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, _initials_of(people))
            painter.restore()

    def _draw_line_end(self, painter: QPainter, x: int, top: int) -> None:
        # Drawn, not written: not every font has the sign, and a fallback font changes the line's height.
        middle = top + ROW_HEIGHT // 2 + 2
        painter.setPen(QPen(painter.pen().color(), 1.25))
        painter.drawPolyline([QPoint(x + 15, middle - 6), QPoint(x + 15, middle), QPoint(x + 6, middle)])
        painter.drawPolyline([QPoint(x + 9, middle - 3), QPoint(x + 6, middle), QPoint(x + 9, middle + 3)])

    def _laid_out(self, text: str, room: int, taken: int = 0) -> list[tuple[int, str, bool]]:
        """What is cut ends with an ellipsis; `taken` px of the column's room are not for the text. Tags are
        in all rows or in none, by the width of the column: a row without them beside one with them would
        look as if an edit had been taken back."""
        if room < _TAGS_FROM:
            text = _TAG.sub("", text)
        room -= taken
        advance = self._metrics.horizontalAdvance
        if _runs_right_to_left(text):
            line = " ".join(text.split("\n"))
            shown = self._metrics.elidedText(line, Qt.TextElideMode.ElideRight, room)
            return [(max(0, room - advance(shown)), shown, False)]
        pieces: list[tuple[int, str, bool]] = []
        x = 0
        for part in _PARTS.split(text):
            if part == "\n":
                pieces.append((x, LINE_END, True))
                x += _MARK_WIDTH
            elif part:
                pieces.append((x, part, part[0] == "<" and part[-1] == ">"))
                x += advance(part)
            if x > room:
                return self._cut(text, room)
        return pieces

    def _cut(self, text: str, room: int) -> list[tuple[int, str, bool]]:
        """As much of a text as there is room for."""
        advance = self._metrics.horizontalAdvance
        cut = advance("…")
        pieces: list[tuple[int, str, bool]] = []
        x = 0
        parts = [part for part in _PARTS.split(text) if part]
        for part in parts:
            dim = part[0] in "<\n" and part[-1] in ">\n"
            width = _MARK_WIDTH if part == "\n" else advance(part)
            if x + width + cut > room:
                rest = "…" if part == "\n" else part + "…"
                shown = self._metrics.elidedText(rest, Qt.TextElideMode.ElideRight, room - x)
                return [*pieces, (x, shown, dim)]
            pieces.append((x, LINE_END if part == "\n" else part, dim))
            x += width
        return pieces

    def _cells_of(self, cue: Cue) -> _Cells:
        known = self._cells.get(cue.id)
        if known is not None and known.cue is cue:
            return known
        rate = characters_per_second(cue.text, cue.duration)
        if len(self._cells) > _CACHED_MOST:
            self._cells.clear()
        made = self._cells[cue.id] = _Cells(
            cue,
            time_text(cue.start + self.time_offset, self.hours),
            time_text(cue.end + self.time_offset, self.hours),
            format_duration(cue.duration),
            cps_text(rate),
            rate > CPS_MAX,
            cue.duration <= 0,
        )
        return made


def _initials_of(people: Sequence[Colleague]) -> str:
    """A colleague's initials, and how many more they are."""
    return people[0].initials if len(people) == 1 else f"{people[0].initials} +{len(people) - 1}"


def _runs_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction runs right to left (Unicode UAX 9, rules P2 and P3)."""
    if text.isascii():
        return False
    for character in re.sub(r"<[^>]*>", "", text):
        direction = unicodedata.bidirectional(character)
        if direction == "L":
            return False
        if direction in _RIGHT_TO_LEFT:
            return True
    return False
