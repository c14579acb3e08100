"""How the timeline looks: ruler, sound, cue blocks, labels, playhead. Paints a scene, decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLine, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPolygonF

from vtt_desktop.domain.reading import spoken_text
from vtt_desktop.sync.segment import Phase
from vtt_desktop.ui.icons import badge_name, pixmap
from vtt_desktop.ui.theme import Theme, digits_font, font, mixed, phase_color
from vtt_desktop.ui.timeline.blocks import CONFLICTS, Block
from vtt_desktop.ui.timeline.geometry import Geometry, tick_label, tick_step, ticks
from vtt_desktop.ui.timeline.waveform import Waveform

RULER = 22
"""Height of the ruler, px."""
LABEL = 36
"""Height of a cue's label at the foot of its block, px."""
_ONE_ROW = 18
"""The same where there is no room for two rows, or less where cues overlap."""
PLAYHEAD = 6
"""The playhead's picture reaches so many pixels to both sides."""
_TEXT_FROM = 22  # px: a block narrower than this has no words
_BADGE = 14
_LABEL_ROOM = 84
_HINT_ROOM = 24
_TEXTS_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a frame shows."""

    geometry: Geometry
    area: QRect
    """The whole of ruler and body, without the overview."""
    blocks: Sequence[Block]
    playhead: int
    hint: str = ""
    hovered: int | None = None


class TimelinePainter:
    """Colours, fonts and shortened texts made once; `paint` draws a scene, or a strip of it."""

    def __init__(self, theme: Theme) -> None:
        self.waveform = Waveform()
        self._font = font()
        self._font.setPixelSize(12)
        self._small = digits_font(11)
        self._metrics = QFontMetrics(self._font)
        self._small_metrics = QFontMetrics(self._small)
        self._elided: dict[tuple[str, int], str] = {}
        self.time_offset = 0
        """ms that are added to the times of cues for those shown."""
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        plain, chosen = theme.cue_block, theme.cue_block_selected
        self._fills = {
            (False, False): mixed(plain, theme.base, 0.55),
            (True, False): mixed(chosen, theme.base, 0.45),
            (False, True): mixed(theme.warn, theme.base, 0.16),
            (True, True): mixed(theme.warn, theme.base, 0.28),
        }
        self._labels = {
            (False, False): plain,
            (True, False): chosen,
            (False, True): mixed(theme.warn, theme.base, 0.30),
            (True, True): mixed(theme.warn, theme.base, 0.45),
        }
        self._edges = {
            (False, False): mixed(theme.muted, plain, 0.45),
            (True, False): theme.accent,
            (False, True): theme.warn,
            (True, True): theme.warn,
        }
        self._faint = mixed(theme.text, theme.cue_block, 0.72)
        self._grid = mixed(theme.border, theme.base, 0.45)

    def body(self, area: QRect) -> QRect:
        """Where the blocks stand."""
        return area.adjusted(0, RULER, 0, 0)

    def sound(self, area: QRect) -> QRect:
        """Where the sound is drawn: above the labels."""
        body = self.body(area)
        return body.adjusted(0, 2, 0, -_label_height(body) - 3)

    def paint(self, painter: QPainter, scene: Scene, strip: QRect) -> None:
        """Draws what of the scene lies in `strip`; the painter is clipped to it."""
        painter.setClipRect(strip)
        body, theme = self.body(scene.area), self.theme
        painter.fillRect(strip, theme.base)
        blocks = [b for b in scene.blocks if self._reaches(scene.geometry, b, strip)]
        roomy = len(scene.blocks) < max(40, scene.area.width() // 8)
        self._paint_ruler(painter, scene, strip)
        for block in blocks:
            painter.fillRect(self._rect(scene.geometry, block, body), self._fills[_look(block)])
        self._paint_sound(painter, scene, strip, blocks)
        if scene.hint:
            self._paint_hint(painter, scene)
        self._paint_edges(painter, scene, blocks, body, roomy)
        if roomy:
            lanes = 1 + max((block.lane for block in scene.blocks), default=0)
            for block in blocks:  # over the edges: those of a cue that overlaps would go through the words
                rect = self._rect(scene.geometry, block, body)
                self._paint_label(painter, block, label_rect(rect, block.lane, lanes))
        self._paint_playhead(painter, scene, strip)

    # Parts, from the back to the front

    def _paint_ruler(self, painter: QPainter, scene: Scene, strip: QRect) -> None:
        geometry, theme = scene.geometry, self.theme
        ruler = QRect(strip.left(), scene.area.top(), strip.width(), RULER)
        painter.fillRect(ruler, theme.window)
        step, _ = tick_step(geometry.ms_per_px, _LABEL_ROOM)
        long, short, grid = [], [], []
        painter.setFont(self._small)
        painter.setPen(theme.muted)
        for at, labelled in ticks(geometry, _LABEL_ROOM, strip.left(), strip.right(), self.time_offset):
            x = round(geometry.x(at))
            if labelled:
                long.append(QLine(x, RULER - 9, x, RULER - 1))
                grid.append(QLine(x, RULER, x, scene.area.bottom()))
                painter.drawText(QPoint(x + 4, RULER - 8), tick_label(at + self.time_offset, step))
            else:
                short.append(QLine(x, RULER - 4, x, RULER - 1))
        painter.setPen(theme.border)
        painter.drawLines([*long, *short, QLine(strip.left(), RULER - 1, strip.right(), RULER - 1)])
        painter.setPen(self._grid)
        painter.drawLines(grid)

    def _paint_hint(self, painter: QPainter, scene: Scene) -> None:
        painter.setFont(self._font)
        painter.setPen(self.theme.muted)
        painter.drawText(self.hint_room(scene), Qt.AlignmentFlag.AlignCenter, scene.hint)

    def hint_room(self, scene: Scene) -> QRect:
        """Where the hint stands: in the widest room that no cue takes, or nowhere. Over blocks it would read
        as their words."""
        sound = self.sound(scene.area)
        rects = sorted((self._rect(scene.geometry, b, sound) for b in scene.blocks), key=QRect.left)
        best, free_from = QRect(), sound.left()
        for rect in [*rects, QRect(sound.right() + 1, 0, 1, 1)]:
            if rect.left() - free_from > best.width():
                best = QRect(free_from, sound.top(), rect.left() - free_from, sound.height())
            free_from = max(free_from, rect.right() + 1)
        needed = self._metrics.horizontalAdvance(scene.hint) + _HINT_ROOM
        return best if best.width() >= needed else QRect()

    def _paint_sound(self, painter: QPainter, scene: Scene, strip: QRect, blocks: Iterable[Block]) -> None:
        geometry, sound = scene.geometry, self.sound(scene.area)
        if self.waveform.peaks is None:
            return
        first, last = max(strip.left(), 0), min(strip.right() + 1, geometry.width)
        self.waveform.draw(painter, geometry, sound, first, last, self.theme.wave)
        for block in blocks:
            if block.selected:
                left, right = round(geometry.x(block.start)), round(geometry.x(block.end))
                self.waveform.draw(
                    painter, geometry, sound, max(first, left), min(last, right), self.theme.wave_selected
                )

    def _paint_label(self, painter: QPainter, block: Block, label: QRect) -> None:
        painter.fillRect(label.adjusted(1, 0, -1, 0), self._labels[_look(block)])
        if label.width() < _TEXT_FROM:
            return
        # Where the beginning is out of view the words stay readable at its border.
        left = max(label.left(), 0) + 6
        room = label.right() - 4 - left
        if room < 8:
            return
        one_row = label.height() < LABEL
        name = badge_name(block.phase) if block.phase is not Phase.SYNCED else None
        if name is not None and room > _BADGE + 2:
            mark = pixmap(
                name, phase_color(self.theme, block.phase), _BADGE, painter.device().devicePixelRatioF()
            )
            down = min(2, (label.height() - _BADGE) // 2)
            painter.drawPixmap(QPoint(label.right() - _BADGE - 2, label.top() + down), mark)
            if one_row:
                room -= _BADGE + 2
        base = label.top() + (self._small_metrics.ascent() if one_row else 13)
        painter.setFont(self._small)
        painter.setPen(self._faint)
        number = str(block.number)
        wide = self._small_metrics.horizontalAdvance(number)
        if wide <= room - (_BADGE if name is not None and not one_row else 0):
            painter.drawText(QPoint(left, base), number)
        if one_row:
            left, room = left + wide + 6, room - wide - 6
        else:
            base = label.top() + 29
        if room >= 12:
            painter.setFont(self._font)
            painter.setPen(self.theme.cue_text)
            painter.drawText(QPoint(left, base), self._short(block.text, room))

    def _paint_edges(
        self, painter: QPainter, scene: Scene, blocks: Iterable[Block], body: QRect, roomy: bool
    ) -> None:
        by_look: dict[tuple[bool, bool], list[QLine]] = {}
        for block in blocks:
            rect = self._rect(scene.geometry, block, body)
            lines = by_look.setdefault(_look(block), [])
            lines.append(QLine(rect.left(), rect.top(), rect.left(), rect.bottom()))
            if rect.width() > 2:
                lines.append(QLine(rect.right(), rect.top(), rect.right(), rect.bottom()))
            if block.current and roomy:
                lines.append(QLine(rect.left(), rect.top(), rect.right(), rect.top()))
                lines.append(QLine(rect.left(), rect.top() + 1, rect.right(), rect.top() + 1))
        for look in sorted(by_look):
            painter.setPen(self._edges[look])
            painter.drawLines(by_look[look])

    def _paint_playhead(self, painter: QPainter, scene: Scene, strip: QRect) -> None:
        x = round(scene.geometry.x(scene.playhead))
        if not strip.left() - PLAYHEAD <= x <= strip.right() + PLAYHEAD:
            return
        painter.setPen(QPen(self.theme.playhead, 1))
        painter.drawLine(x, scene.area.top() + 8, x, scene.area.bottom())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.playhead)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = float(scene.area.top() + RULER - 11)
        middle = x + 0.5
        painter.drawPolygon(
            QPolygonF([QPointF(middle - 5, top), QPointF(middle + 5, top), QPointF(middle, top + 9)])
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    # Small things

    def _rect(self, geometry: Geometry, block: Block, body: QRect) -> QRect:
        # Far outside the view is as good as at its border, and safe from 32-bit pixels.
        left = max(-50, round(geometry.x(block.start)))
        right = min(geometry.width + 50, round(geometry.x(block.end)))
        return QRect(left, body.top(), max(1, right - left), body.height())

    def _reaches(self, geometry: Geometry, block: Block, strip: QRect) -> bool:
        return geometry.x(block.start) <= strip.right() + 1 and geometry.x(block.end) >= strip.left() - 2

    def _short(self, text: str, room: int) -> str:
        key = (text, room)
        found = self._elided.get(key)
        if found is None:
            if len(self._elided) > _TEXTS_KEPT:
                self._elided.clear()
            line = spoken_text(text).replace("\n", " ⏎ ")[:200]
            short = self._metrics.elidedText(line, Qt.TextElideMode.ElideRight, room)
            found = self._elided[key] = short if short != "…" else ""
        return found


def label_rect(block: QRect, lane: int, lanes: int) -> QRect:
    """Where the words of a cue stand in its block, when labels are `lanes` high: none on another's."""
    height = _label_height(block, lanes)
    return QRect(block.left(), block.bottom() - height - lane * (height + 2), block.width(), height)


def _label_height(body: QRect, lanes: int = 1) -> int:
    room = (body.height() - 1) // lanes - 2
    return LABEL if body.height() > 2 * LABEL and room >= LABEL else min(_ONE_ROW, room)


def _look(block: Block) -> tuple[bool, bool]:
    return block.selected, block.phase in CONFLICTS


def frame_of(rect: QRectF) -> QRectF:
    """The rectangle whose one-pixel outline lies inside `rect`."""
    return rect.adjusted(0.5, 0.5, -0.5, -0.5)
