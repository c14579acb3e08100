"""The picture itself, letterboxed, with the cues on it; without a film, a calm dark surface."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.reading import spoken_text
from vtt_desktop.ui.player.overlay import lay_out, paint
from vtt_desktop.ui.player.transport import Picture
from vtt_desktop.ui.theme import UNIT, font

# A film is looked at against black in every theme; the words on it are grey in every theme.
_BLACK = QColor("#000000")
_NO_FILM = QColor("#14171a")
_WORDS = QColor("#8b959d")
_WIDE = 16 / 9


class Screen(QWidget):
    """Shows a `Picture` and cues. Knows no player and no document."""

    clicked = Signal()
    file_dropped = Signal(object)
    """A Path that a person let go over it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Picture | None = None
        self._image: QImage | None = None
        self._film = False
        self._cues: tuple[Cue, ...] = ()
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 90)
        self.setAccessibleName(self.tr("Video"))
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(480, 270)

    def show_picture(self, picture: Picture | None) -> None:
        """The picture to paint; it is turned into an image only when it comes to be painted."""
        self._picture, self._image = picture, None
        self.update()

    def show_cues(self, cues: Sequence[Cue]) -> None:
        """The cues to draw, in the order of the file."""
        shown = tuple(cues)
        if shown != self._cues:
            self._cues = shown
            self._describe()
            self.update()

    def set_film(self, film: bool) -> None:
        """Whether there is a film: without one the surface says how to open one."""
        self._film = film
        self.update()

    def picture_rect(self) -> QRectF:
        """Where the picture is: as large as fits, in its own proportions (16 : 9 without a film)."""
        ratio = _WIDE
        if self._image is not None and self._image.height():
            ratio = self._image.width() / self._image.height()
        width = min(float(self.width()), self.height() * ratio)
        height = width / ratio
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None and self._picture is not None:
            self._image = self._picture.toImage()
        painter = QPainter(self)
        painter.fillRect(self.rect(), _BLACK if self._film else _NO_FILM)
        where = self.picture_rect()
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(where, self._image)
        elif not self._film:
            painter.setFont(font())
            painter.setPen(_WORDS)
            margin = 4 * UNIT
            painter.drawText(
                QRectF(self.rect()).adjusted(margin, margin, -margin, -margin),
                int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap),
                self.tr("No video — drop a film here or Media ▸ Open…"),
            )
        if self._cues:
            paint(painter, lay_out(self._cues, where, font()))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()
        else:
            super().mousePressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.file_dropped.emit(Path(files[0]))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self.update()
        super().changeEvent(event)

    def _describe(self) -> None:
        """What a screen reader says of it: the words that are on the picture."""
        self.setAccessibleDescription("\n".join(spoken_text(cue.text) for cue in self._cues))
