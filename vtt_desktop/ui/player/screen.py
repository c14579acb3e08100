"""The picture itself, letterboxed, with the cues on it; without a film, a calm dark picture of 16 : 9.

A cue can be moved on it, with the pointer or with Alt and the arrow keys: `placed` tells its settings.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QMenu, QSizePolicy, QWidget

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.reading import spoken_text
from vtt_desktop.ui.player.dragging import ARROWS, BY_LINES, Drag
from vtt_desktop.ui.player.overlay import Overlay
from vtt_desktop.ui.player.signs import paint_sign
from vtt_desktop.ui.player.transport import Picture
from vtt_desktop.ui.rendering.ports import CueReader
from vtt_desktop.ui.theme import UNIT, Theme, font

# A film is looked at against black in every theme; the words on it are grey in every theme.
_BLACK = QColor("#000000")
_NO_FILM = QColor("#14171a")
_PREVIEW = QColor("#242b31")  # so light that the boxes of cues and the edge of the picture are seen
_WORDS = QColor("#8b959d")
_PREVIEW_SIGN = "Preview: not at this picture", "Preview"
_CROWDED_SIGN = "Left out by players: no room", "No room"
_WIDE = 16 / 9
_SAFE = (0.035, 0.05)
"""EBU R 95: outside of these shares of a 16 : 9 picture no action, and no graphics."""
_SAFE_LINE = QColor(255, 255, 255, 110)
_SCROLL_MS = 433  # WebVTT 7.1: `transition-duration` 0.433 s
# Who points at a thing needs no frame to know where they are.
_BY_KEYS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class Screen(QWidget):
    """Shows a `Picture` and cues. Knows no player and no document."""

    clicked = Signal()
    picked = Signal(int)
    """The id of a cue that was clicked on."""
    placed = Signal(int, str)
    """The id of a cue that was moved by hand, and the settings that put it there."""
    nudged = Signal(int, str)
    """The same by a key, one step of several."""
    file_dropped = Signal(object)
    """A Path that a person let go over it."""

    def __init__(self, reader: CueReader, colors: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._overlay = Overlay(reader)
        self._colors = colors
        self._picture: Picture | None = None
        self._image: QImage | None = None
        self._film = False
        self._preview = False
        self._current: int | None = None
        self._drag: Drag | None = None
        self._pressed = QPointF()
        self._safe_areas = False
        self._framed = False
        self._scrolling = QVariantAnimation(self)
        self._scrolling.setDuration(_SCROLL_MS)
        self._scrolling.setStartValue(1.0)
        self._scrolling.setEndValue(0.0)
        self._scrolling.valueChanged.connect(self._scroll)
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 48)
        self.setAccessibleName(self.tr("Video"))
        self.setToolTip(self.tr("Drag a cue to place it (Ctrl: by lines), or Alt and the arrow keys"))
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(480, 270)

    # What it shows

    def show_picture(self, picture: Picture | None) -> None:
        """The picture to paint; it is turned into an image only when it comes to be painted."""
        self._picture, self._image = picture, None
        self.update()

    def show_cues(self, cues: Sequence[Cue]) -> None:
        """The cues to draw, in the order of the file."""
        shown = tuple(cues)
        if shown == self._overlay.cues:
            return
        before = {region.region.id: region.cues for region in self._overlay.frame().regions}
        self._overlay.set_cues(shown)
        if self._drag is not None and not any(cue.id == self._drag.cue_id for cue in shown):
            self._cancel()
        self._start_scrolling(set(before))
        self._describe()
        self.update()

    def set_head(self, head: Head) -> None:
        """The document's regions and styles."""
        if self._overlay.set_head(head):
            self.update()

    def set_time(self, ms: int) -> None:
        """The play position: words before it and after it may look different."""
        if self._overlay.cues and self._overlay.set_time(ms):
            self.update()

    def set_current(self, cue_id: int | None) -> None:
        """The cue that the arrow keys move, where it shows; else the last one that shows."""
        self._current = cue_id

    def set_film(self, film: bool) -> None:
        """Whether there is a film: without one and without cues the surface says how to open one."""
        self._film = film
        self.update()

    def set_preview(self, preview: bool) -> None:
        """Whether the cues are drawn over a picture that they do not stand on: then it says so."""
        if preview != self._preview:
            self._preview = preview
            self.update()

    @property
    def says_preview(self) -> bool:
        """Whether it is said that the cue belongs to another picture; without a film there is none."""
        return self._preview and self._image is not None and bool(self._overlay.cues)

    def set_colors(self, colors: Theme) -> None:
        """Another theme: for what is drawn round a cue that is moved."""
        self._colors = colors
        self.update()

    @property
    def asks_for_film(self) -> bool:
        """Whether the surface says how to open one."""
        return not self._film and not self._overlay.cues

    @property
    def safe_areas(self) -> bool:
        """Whether the frames for action and graphics are drawn (EBU R 95)."""
        return self._safe_areas

    def set_safe_areas(self, drawn: bool) -> None:
        self._safe_areas = drawn
        self.update()

    def picture_rect(self) -> QRectF:
        """Where the picture is: as large as fits, in its own proportions (16 : 9 without a film)."""
        ratio = self._ratio()
        width = min(float(self.width()), self.height() * ratio)
        height = width / ratio
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def cue_rect(self, cue_id: int) -> QRectF | None:
        """Where the words of a cue are, None where it does not show."""
        self._overlay.set_ratio(self._ratio())
        return self._overlay.rect_of(cue_id, self.picture_rect())

    def _ratio(self) -> float:
        if self._image is not None and self._image.height():
            return self._image.width() / self._image.height()
        return _WIDE

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None and self._picture is not None:
            self._image = self._picture.toImage()
        painter = QPainter(self)
        painter.fillRect(self.rect(), _BLACK if self._film else _NO_FILM)
        where = self.picture_rect()
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(where, self._image)
        elif self.asks_for_film:
            self._paint_hint(painter)
        elif not self._film:
            painter.fillRect(where, _PREVIEW)
        self._overlay.set_ratio(self._ratio())
        self._overlay.paint(painter, where)
        if self._safe_areas:
            self._paint_safe_areas(painter, where)
        self._paint_signs(painter, where)
        if self._drag is not None and self._drag.settings is not None:
            self._paint_drag(painter, where)
        elif self._framed:
            painter.setPen(QPen(self._colors.accent, 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _paint_hint(self, painter: QPainter) -> None:
        painter.setFont(font())
        painter.setPen(_WORDS)
        margin = 4 * UNIT
        painter.drawText(
            QRectF(self.rect()).adjusted(margin, margin, -margin, -margin),
            int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap),
            self.tr("No video — drop a film here, or File ▸ Open film or sound (Ctrl+Shift+O)"),
        )

    def _paint_signs(self, painter: QPainter, where: QRectF) -> None:
        """What is to be known of the cues on the picture, off all of them."""
        taken = self._overlay.rects(where)
        if self.says_preview:
            taken.append(paint_sign(painter, _PREVIEW_SIGN, where, taken))
        crowded = self._overlay.rects(where, crowded=True)
        if not crowded:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._colors.warn, 1, Qt.PenStyle.DashLine))
        for box in crowded:
            painter.drawRect(box)
        paint_sign(painter, _CROWDED_SIGN, where, taken)

    def _paint_safe_areas(self, painter: QPainter, where: QRectF) -> None:
        painter.setPen(QPen(_SAFE_LINE, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for share in _SAFE:
            x, y = where.width() * share, where.height() * share
            painter.drawRect(where.adjusted(x, y, -x, -y))

    def _paint_drag(self, painter: QPainter, where: QRectF) -> None:
        assert self._drag is not None
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._colors.accent, 1, Qt.PenStyle.DashLine))
        box = self._overlay.rect_of(self._drag.cue_id, where)
        if box is not None:
            painter.drawRect(box.adjusted(-1, -1, 1, 1))
        said = self._drag.settings or ""
        painter.setFont(font())
        words = painter.fontMetrics().boundingRect(said).toRectF().adjusted(-8, -4, 8, 4)
        top = where.top() + UNIT
        if box is not None and box.top() < where.top() + words.height() + 2 * UNIT:
            top = where.bottom() - words.height() - UNIT
        words.moveTo(where.center().x() - words.width() / 2, top)
        painter.fillRect(words, self._colors.raised)
        painter.setPen(self._colors.text)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter), said)

    # A region that scrolls

    def _start_scrolling(self, filled: set[str]) -> None:
        """WebVTT 7.1: with `scroll:up` a cue that comes to others in its region pushes them up."""
        shown = self._overlay.frame().regions
        moving = [
            region.region.id
            for region in shown
            if region.region.scroll == "up" and region.region.id in filled and len(region.cues) > 1
        ]
        self._scrolling.stop()
        self._overlay.scrolled = dict.fromkeys(moving, 1.0)
        if moving:
            self._scrolling.start()

    def _scroll(self, share: object) -> None:
        left = float(share) if isinstance(share, float) else 0.0
        self._overlay.scrolled = dict.fromkeys(self._overlay.scrolled, left)
        self.update()

    # Hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        shown = self._overlay.at(event.position(), self.picture_rect())
        self._pressed = event.position()
        self._drag = Drag(shown, event.position()) if shown is not None else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        drag = self._drag
        if drag is None or not event.buttons() & Qt.MouseButton.LeftButton:
            over = self._overlay.at(event.position(), self.picture_rect())
            self.setCursor(Qt.CursorShape.SizeAllCursor if over else Qt.CursorShape.ArrowCursor)
            return
        by = event.position() - drag.start
        if drag.settings is None and by.manhattanLength() < QApplication.startDragDistance():
            return
        by_lines = bool(event.modifiers() & BY_LINES)
        drag.settings = self._overlay.settings_for(drag.shown, by, self.picture_rect(), by_lines=by_lines)
        self._overlay.preview(drag.cue_id, drag.settings)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        drag, self._drag = self._drag, None
        if drag is None:
            # A hand that reached for a cue, missed it and pulled did not mean to play.
            if (event.position() - self._pressed).manhattanLength() < QApplication.startDragDistance():
                self.clicked.emit()
            return
        self._overlay.preview(drag.cue_id, None)
        self.update()
        if drag.settings is None:
            self.picked.emit(drag.cue_id)
        elif drag.settings != drag.shown.cue.settings:
            self.placed.emit(drag.cue_id, drag.settings)

    def _cancel(self) -> None:
        """The cue stays where it was; the rest of this drag does nothing."""
        if self._drag is not None:
            self._overlay.preview(self._drag.cue_id, None)
            self._drag = None
            self.update()

    def event(self, event: QEvent) -> bool:
        # What this widget needs of the keys is not the window's while it has the focus.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._takes(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def _takes(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            return self._drag is not None
        alt = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.AltModifier
        return alt and event.key() in ARROWS and bool(self._overlay.cues)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._takes(event):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            self._cancel()
        else:
            self._nudge(ARROWS[Qt.Key(event.key())])

    def _nudge(self, by: QPointF) -> None:
        frame = self._overlay.frame()
        shown = frame.find(self._current) or next(reversed(frame.all_cues), None)
        if shown is None or self._drag is not None:
            return
        by_lines = shown.settings.snap_to_lines
        said = self._overlay.settings_for(shown, by, self.picture_rect(), by_lines=by_lines, whole=True)
        if said != shown.cue.settings:
            self.nudged.emit(shown.cue.id, said)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._framed = event.reason() in _BY_KEYS
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._cancel()
        self._framed = False
        super().focusOutEvent(event)
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        safe = menu.addAction(self.tr("Safe areas"))
        safe.setCheckable(True)
        safe.setChecked(self._safe_areas)
        safe.toggled.connect(self.set_safe_areas)
        menu.popup(event.globalPos())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.file_dropped.emit(Path(files[0]))

    def _describe(self) -> None:
        """What a screen reader says of it: the words that are on the picture."""
        self.setAccessibleDescription("\n".join(spoken_text(cue.text) for cue in self._overlay.cues))
