"""The upper part of the dialog on a conflict: which one, how many there are, what has just happened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from vtt_desktop.ui.dialogs.conflict_keys import NEXT, PREVIOUS
from vtt_desktop.ui.icons import icon
from vtt_desktop.ui.theme import UNIT, Theme


class ConflictHeading(QWidget):
    """`go` is asked for the next (1) or the previous (-1) conflict."""

    def __init__(self, theme: Theme, go: Callable[[int], object]) -> None:
        super().__init__()
        self._title, self._story, self._besides = QLabel(), QLabel(), QLabel()
        self._count, self._notice = QLabel(), QLabel()
        self._title.setProperty("role", "title")
        self._story.setProperty("role", "muted")
        self._story.setWordWrap(True)
        self._besides.setWordWrap(True)
        self._besides.hide()
        self._count.setProperty("role", "muted")
        self._count.setAccessibleName("Conflicts left")
        self._notice.setAccessibleName("Notice")
        self._notice.setWordWrap(True)
        self._notice.hide()
        self._previous = self._arrow("Previous conflict", PREVIOUS, lambda: go(-1))
        self._next = self._arrow("Next conflict", NEXT, lambda: go(1))
        line = QHBoxLayout()
        line.setSpacing(2 * UNIT)
        line.addWidget(self._title)
        line.addStretch(1)
        for part in (self._count, self._previous, self._next):
            line.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * UNIT)
        column.addLayout(line)
        column.addWidget(self._story)
        column.addWidget(self._besides)
        column.addWidget(self._notice)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        for button, name in ((self._previous, "previous"), (self._next, "next")):
            button.setIcon(icon(name, theme.text))

    def show_words(self, title: str, story: str, besides: str = "") -> None:
        """`besides`: what a choice does to other cues."""
        self._title.setText(title)
        self._story.setText(story)
        self._besides.setText(besides)
        self._besides.setVisible(bool(besides))

    def show_count(self, words: str, others: bool) -> None:
        """`others`: whether there is another conflict to go to."""
        self._count.setText(words)
        for button in (self._previous, self._next):
            button.setEnabled(others)

    @property
    def notice(self) -> str:
        """The sentence in the notice bar, or nothing."""
        return self._notice.text() if not self._notice.isHidden() else ""

    def say(self, words: str, *, bad: bool = False) -> None:
        """Puts a sentence into the notice bar; nothing takes the bar away."""
        self._notice.setText(words)
        self._notice.setProperty("role", "bad" if bad else "warn")
        self._notice.style().polish(self._notice)
        self._notice.setVisible(bool(words))

    def _arrow(self, name: str, keys: str, run: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(name)
        button.setToolTip(f"{name} ({keys})")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: run())
        QShortcut(QKeySequence(keys), self, lambda: run())
        return button
