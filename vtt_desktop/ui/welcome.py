"""What stands where the cues will be while there are none: what to do next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from vtt_desktop.ui.commands import Command, Commands
from vtt_desktop.ui.icons import icon
from vtt_desktop.ui.theme import UNIT, Theme

_OFFERED = ("open", "open-server", "insert-after")
_RECENT = 5
_WORDS = {"insert-after": "Begin with a new cue"}


class Welcome(QWidget):
    """Three ways to begin, and the files of late. `recent_chosen` carries a path or an address."""

    recent_chosen = Signal(str)

    def __init__(self, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "welcome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._buttons: list[tuple[Command, QPushButton]] = []
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(3 * UNIT)
        self._rows.setVerticalSpacing(2 * UNIT)
        title = QLabel("No cues yet")
        title.setProperty("role", "title")
        for row, command_id in enumerate(_OFFERED):
            self._offer(commands, commands[command_id], row)
        hint = QLabel("Or drop a subtitle file or a film anywhere on this window.")
        hint.setProperty("role", "muted")
        hint.setWordWrap(True)
        self._recent_title = QLabel("Recent")
        self._recent_title.setProperty("role", "muted")
        self._recent = QVBoxLayout()
        self._recent.setSpacing(UNIT)
        column = QVBoxLayout()
        column.setSpacing(3 * UNIT)
        column.addWidget(title)
        column.addLayout(self._rows)
        column.addWidget(hint)
        column.addWidget(self._recent_title)
        column.addLayout(self._recent)
        middle = QGridLayout(self)
        middle.addLayout(column, 1, 1)
        for side in (0, 2):
            middle.setRowStretch(side, 1)
            middle.setColumnStretch(side, 1)
        self.setFocusProxy(self._buttons[0][1])
        self.set_theme(theme)
        self.set_recent(())

    def set_theme(self, theme: Theme) -> None:
        for command, button in self._buttons:
            button.setIcon(icon(command.icon, theme.text))

    def set_recent(self, places: Sequence[str]) -> None:
        """The files and projects of late, the newest first."""
        while (item := self._recent.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for place in places[:_RECENT]:
            button = QPushButton(PurePath(place).name if "://" not in place else place)
            button.setFlat(True)
            button.setToolTip(place)
            button.setProperty("role", "link")
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(_tell(self, place))
            self._recent.addWidget(button)
        self._recent_title.setVisible(bool(places))

    def _offer(self, commands: Commands, command: Command, row: int) -> None:
        words = _WORDS.get(command.id, command.title)
        button = QPushButton(f" {words}")  # a little room between icon and words
        button.setAccessibleName(words.removesuffix("…"))
        button.setProperty("role", "offer")
        button.setIconSize(QSize(16, 16))
        button.setMinimumWidth(52 * UNIT)
        button.setToolTip(command.tip or command.plain_title)
        button.clicked.connect(lambda: commands.run(command.id))
        key = QLabel(command.shortcut)
        key.setProperty("role", "muted")
        self._rows.addWidget(button, row, 0)
        self._rows.addWidget(key, row, 1)
        self._buttons.append((command, button))


def _tell(welcome: Welcome, place: str) -> Callable[[], None]:
    return lambda: welcome.recent_chosen.emit(place)
