"""The one place where the window says what went wrong: a quiet bar above the status bar, never modal."""

from __future__ import annotations

import html
import sys
import traceback

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.icons import icon, pixmap
from vtt_desktop.ui.theme import UNIT, Theme

_BUG = "Something went wrong; your work is safe."
_BUG_HINT = "Everything up to your last change is kept. Copy the details to report it."


class Report(QFrame):
    """Shows one message at a time, the newest. It stays until it is read: closing it is the person's.

    A remark (why a command cannot be used now) goes when the next command starts.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "report")
        self._theme = theme
        self._remark = False
        self._told: UserError | None = None
        self._bad = False
        self._details = ""
        self._sign = QLabel()
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.RichText)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._copy = QPushButton("Copy details")
        self._copy.setToolTip("Copy what is known of the failure to the clipboard")
        self._copy.clicked.connect(self._copy_details)
        self._close = QToolButton()
        self._close.setAccessibleName("Close this message")
        self._close.setToolTip("Close this message")
        self._close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * UNIT, UNIT, 2 * UNIT, UNIT)
        row.setSpacing(2 * UNIT)
        row.addWidget(self._sign)
        row.addWidget(self._words, 1)
        row.addWidget(self._copy)
        row.addWidget(self._close)
        self.set_theme(theme)
        self.hide()

    @property
    def message(self) -> str:
        """What is being shown, in plain words; nothing while the bar is hidden."""
        return self.accessibleName() if not self.isHidden() else ""

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._close.setIcon(icon("close", theme.text))
        self._draw_sign()

    def tell(self, message: str, hint: str = "") -> None:
        """A remark: nothing failed, but what was asked for cannot be done now."""
        self._show(message, hint, remark=True)

    def user_error(self, error: UserError) -> None:
        """What a person asked for and could not be done."""
        self._show(error.message, error.hint)
        self._told = error

    def over(self, kind: type[UserError]) -> None:
        """What an error of this kind said is no longer so: it goes."""
        if isinstance(self._told, kind):
            self.hide()

    def bug(self, error: BaseException) -> None:
        """A failure of the program itself: told here, and to `sys.excepthook` for the log."""
        self._show(_BUG, _BUG_HINT, details="".join(traceback.format_exception(error)))
        sys.excepthook(type(error), error, error.__traceback__)

    def settle(self) -> None:
        """Takes a remark away; an error stays until it is closed."""
        if self._remark:
            self.hide()

    def _show(self, message: str, hint: str, *, remark: bool = False, details: str = "") -> None:
        self._remark, self._details, self._told = remark, details, None
        self._bad = bool(details)
        rest = f"&nbsp; {html.escape(hint)}" if hint else ""
        self._words.setText(f"<b>{html.escape(message)}</b>{rest}" if not remark else html.escape(message))
        self._copy.setVisible(bool(details))
        self.setProperty("kind", "bug" if self._bad else "remark" if remark else "error")
        self.style().unpolish(self)
        self.style().polish(self)
        self._draw_sign()
        self.setAccessibleName(f"{message} {hint}".strip())
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _draw_sign(self) -> None:
        color = self._theme.bad if self._bad else self._theme.muted if self._remark else self._theme.warn
        name = "about" if self._remark else "error"
        self._sign.setPixmap(pixmap(name, color, 20, self.devicePixelRatioF()))

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
