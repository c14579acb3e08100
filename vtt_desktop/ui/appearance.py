"""Which theme is worn: the person's choice, or the desktop's. Applied to the whole application."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from vtt_desktop.ui.theme import Theme, font, palette, stylesheet, theme

_KEY = "theme"


class ThemeChoice(Enum):
    """What a person chose; SYSTEM follows the desktop, and is dark where that does not say."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class Appearance(QObject):
    """Keeps the choice in `settings`; `changed` carries the new Theme."""

    changed = Signal(object)

    def __init__(self, app: QApplication, settings: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app, self._settings = app, settings
        stored = settings.value(_KEY, ThemeChoice.SYSTEM.value)
        self._choice = ThemeChoice(stored) if stored in {c.value for c in ThemeChoice} else ThemeChoice.SYSTEM
        if not app.styleSheet():
            # Once a process: a style sheet that outlives the style under it makes Qt crash at the next one.
            app.setStyle("Fusion")
        if app.font() != (wanted := font()):
            app.setFont(wanted)
        self.theme: Theme = theme(self._wants_dark())
        self._wear()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._look_again)

    @property
    def choice(self) -> ThemeChoice:
        return self._choice

    def choose(self, choice: ThemeChoice) -> None:
        self._choice = choice
        self._settings.setValue(_KEY, choice.value)
        self._look_again()

    def _look_again(self) -> None:
        if self._wants_dark() != self.theme.dark:
            self.theme = theme(self._wants_dark())
            self._wear()
            self.changed.emit(self.theme)

    def _wants_dark(self) -> bool:
        if self._choice is ThemeChoice.SYSTEM:
            return QGuiApplication.styleHints().colorScheme() is not Qt.ColorScheme.Light
        return self._choice is ThemeChoice.DARK

    def _wear(self) -> None:
        # A sheet that is worn already would still be tried on every widget that there is.
        colours, sheet = palette(self.theme), stylesheet(self.theme)
        if self._app.palette() != colours:
            self._app.setPalette(colours)
        if self._app.styleSheet() != sheet:
            self._app.setStyleSheet(sheet)
