"""Below the text box: how much there is to read, what is wrong, and where the cue's save stands."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from vtt_desktop.domain.reading import characters_per_second, count_characters
from vtt_desktop.domain.timecode import format_duration
from vtt_desktop.sync.segment import Phase
from vtt_desktop.ui.cue_table.columns import cps_text
from vtt_desktop.ui.cue_table.limits import CPS_MAX, LINE_MAX
from vtt_desktop.ui.elided_label import ElidedLabel
from vtt_desktop.ui.icons import badge_name, pixmap
from vtt_desktop.ui.theme import UNIT, Theme, digits_font, phase_color

_LINES_SHOWN = 6
_BADGE = 16
_ROOM = 320
"""px that a message gets at least."""


class ReadingLine(QWidget):
    """Characters of each line, characters a second and length; what is over the limit is coloured.

    Painted, not labels: it changes with every key, and a label would lay the window out again.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts: list[tuple[str, bool, bool]] = []  # what, whether a figure, whether too much
        self._metrics = QFontMetrics(digits_font())
        self.setFont(digits_font())
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            f"Characters that are read, line by line (at most {LINE_MAX}), and a second (at most {CPS_MAX:g})"
        )

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_text(self, text: str, duration: int) -> None:
        """Counts a cue's text; `duration` in ms."""
        parts: list[tuple[str, bool, bool]] = []
        for i, line in enumerate(text.split("\n")[:_LINES_SHOWN]):
            count = count_characters(line)
            parts += [(" + " if i else "", False, False), (str(count), True, count > LINE_MAX)]
        rate = characters_per_second(text, duration)
        parts += [(" chars     ", False, False), (cps_text(rate), True, rate > CPS_MAX)]
        parts += [(" CPS     ", False, False), (format_duration(duration), True, duration <= 0)]
        parts += [(" s", False, False)]
        self._show(parts)

    def clear(self) -> None:
        self._show([])

    @property
    def words(self) -> str:
        """What is shown, as a screen reader says it."""
        return " ".join("".join(text for text, _, _ in self._parts).split())

    @property
    def marked(self) -> list[str]:
        """The figures that are over their limit."""
        return [text for text, _, too_much in self._parts if too_much]

    def _show(self, parts: list[tuple[str, bool, bool]]) -> None:
        if parts == self._parts:
            return
        longer = sum(len(p[0]) for p in parts) != sum(len(p[0]) for p in self._parts)
        self._parts = parts
        if longer:
            self.updateGeometry()
        if QAccessible.isActive():
            self.setAccessibleName(self.words)
        self.update()

    def sizeHint(self) -> QSize:
        width = sum(self._metrics.horizontalAdvance(text) for text, _, _ in self._parts)
        return QSize(width + UNIT, self._metrics.height() + UNIT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        theme, x = self._theme, 0
        y = (self.height() + self._metrics.ascent() - self._metrics.descent()) // 2
        for text, figure, too_much in self._parts:
            painter.setPen(theme.bad if too_much else theme.text if figure else theme.muted)
            painter.drawText(x, y, text)
            x += self._metrics.horizontalAdvance(text)


class MessageLine(QLabel):
    """One calm sentence on what could not be done; gone when it no longer holds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "warn")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Elided where there is no room; the tooltip has all of it."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)

    def say(self, words: str) -> None:
        if words == self.text():
            return
        self.setText(words)
        self.setToolTip(words)
        # What a server says beside it may be long, and must leave room for this.
        self.setMinimumWidth(min(self.fontMetrics().horizontalAdvance(words), _ROOM))
        if words and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))


class SyncLine(QWidget):
    """Badge and words of the current cue's sync; empty for a document without a server. Words that are too
    long (a server's whole sentence) are elided: they never make the window wider."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[Phase, str] = (Phase.LOCAL, "")
        self._badge, self._words = QLabel(self), ElidedLabel(self)
        self._words.setContentsMargins(0, 0, 0, 0)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        row.addWidget(self._badge)
        row.addWidget(self._words)

    @property
    def words(self) -> str:
        return self._shown[1]

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._draw()

    def show_state(self, phase: Phase, words: str) -> None:
        if (phase, words) != self._shown:
            self._shown = (phase, words)
            self._draw()

    def _draw(self) -> None:
        phase, words = self._shown
        name = badge_name(phase)
        if name is None:
            self._badge.clear()
        else:
            color = phase_color(self._theme, phase)
            self._badge.setPixmap(pixmap(name, color, _BADGE, self.devicePixelRatioF()))
        self._words.show_words(words)
        self._row.activate()
        self.updateGeometry()
        self.setAccessibleName(words)
        self.setToolTip(words)
