"""The row under the picture: play, step, where we are, how fast."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from vtt_desktop.domain.timecode import format_time
from vtt_desktop.ui.icons import icon
from vtt_desktop.ui.player.player import SPEEDS, Player
from vtt_desktop.ui.theme import UNIT, Theme, digits_font


class Controls(QWidget):
    """Drives a `Player` and shows its state. Shortcuts are the window's, so the tooltips name none."""

    def __init__(self, player: Player, colors: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._player = player
        self._colors = colors
        self._time_offset = 0
        self._back = self._button(self.tr("Frame back"), lambda: player.step(-1))
        self._play = self._button(self.tr("Play"), player.toggle)
        self._forward = self._button(self.tr("Frame forward"), lambda: player.step(1))
        for repeated in (self._back, self._forward):
            repeated.setAutoRepeat(True)
        self._time = QLabel(self)
        self._time.setFont(digits_font())
        self._time.setAccessibleName(self.tr("Position"))
        self._time.setToolTip(self.tr("Position and length"))
        self._time.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._speed = QToolButton(self)
        self._speed.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._speed.setAccessibleName(self.tr("Speed"))
        self._speed.setToolTip(self.tr("Speed"))
        self._speed.setMenu(self._speed_menu())
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, UNIT)
        row.setSpacing(UNIT // 2)
        for button in (self._back, self._play, self._forward):
            row.addWidget(button)
        row.addSpacing(2 * UNIT)
        row.addWidget(self._time)
        row.addStretch(1)
        row.addWidget(self._speed)
        player.position_changed.connect(self._show_time)
        player.duration_changed.connect(self._show_time)
        player.state_changed.connect(self._show_state)
        player.speed_changed.connect(self._show_speed)
        self.set_colors(colors)
        self._show_time()
        self._show_speed()

    def set_colors(self, colors: Theme) -> None:
        """Another theme."""
        self._colors = colors
        self._back.setIcon(icon("frame-back", colors.text))
        self._forward.setIcon(icon("frame-forward", colors.text))
        self._show_state()

    def set_time_offset(self, ms: int) -> None:
        """What is added to the times of cues for those shown."""
        self._time_offset = ms
        self._show_time()

    def _button(self, name: str, act: Callable[[], None]) -> QToolButton:
        button = QToolButton(self)
        button.setIconSize(QSize(20, 20))
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(act)
        return button

    def _speed_menu(self) -> QMenu:
        menu = QMenu(self)
        group = QActionGroup(menu)
        for speed in SPEEDS:
            action = menu.addAction(_times(speed))
            action.setCheckable(True)
            action.setData(speed)
            group.addAction(action)
        group.triggered.connect(lambda action: self._player.set_speed(action.data()))
        return menu

    def _show_state(self) -> None:
        playing = self._player.playing
        name = self.tr("Pause") if playing else self.tr("Play")
        self._play.setIcon(icon("pause" if playing else "play", self._colors.text))
        self._play.setAccessibleName(name)
        self._play.setToolTip(name)

    def _show_time(self) -> None:
        text = format_time(self._player.position + self._time_offset)
        if self._player.duration:
            text += f" / {format_time(self._player.last + self._time_offset)}"
        self._time.setText(text)

    def _show_speed(self) -> None:
        self._speed.setText(_times(self._player.speed))
        for action in self._speed.menu().actions():
            action.setChecked(action.data() == self._player.speed)


def _times(speed: float) -> str:
    return f"{speed:g}×"
