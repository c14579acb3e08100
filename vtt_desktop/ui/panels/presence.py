"""Who else is here, in the status bar: by name, and in a list of where each of them is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from vtt_desktop.sync.presence import Colleague
from vtt_desktop.ui.icons import icon
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.theme import Theme

NAMED = 2
"""So many are named; of more the number is told."""


class PresenceButton(QToolButton):
    """Hidden while nobody else is here. It never takes the focus by itself, and nothing of it is modal."""

    go_requested = Signal(int)
    """The person wants to see the cue with this id, where a colleague is."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
        self._disconnect: Callable[[], None] = lambda: None
        self._menu = QMenu(self)
        self._menu.setAccessibleName("Colleagues")
        self.clicked.connect(self.open_list)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(QSize(16, 16))
        self.hide()
        self.set_session(session)

    def set_session(self, session: Session) -> None:
        """Another document."""
        self._disconnect()
        self._session = session
        self._disconnect = session.colleagues.changed.connect(lambda _nothing: self._show())
        self._show()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._show()

    def open_list(self) -> None:
        """Shows who is where, above the button; the keyboard goes through it."""
        self._fill()
        self._menu.popup(self.mapToGlobal(QPoint(0, -self._menu.sizeHint().height())))

    @property
    def list(self) -> QMenu:
        """Who is where, as it was when it was opened."""
        return self._menu

    def _show(self) -> None:
        others = self._session.colleagues.all
        self.setVisible(bool(others))
        if not others:
            return
        self.setIcon(icon("people", self._theme.text))
        self.setText(f" {summary(others)}")
        names = "\n".join(one.title for one in others)
        self.setToolTip(f"Also here:\n{names}")
        self.setAccessibleName(f"Also here: {', '.join(one.title for one in others)}")

    def _fill(self) -> None:
        """As they are at the moment the list opens."""
        self._menu.clear()
        cues = self._session.document.snapshot.cues
        for one in self._session.colleagues.all:
            cue_id = self._session.colleagues.cue_of(one)
            there = cue_id is not None and cues.has(cue_id)
            place = f"cue {cues.index_of(cue_id) + 1}" if there and cue_id is not None else "no cue"
            name = one.title.replace("&", "&&")
            action = self._menu.addAction(f"{name} — {place}", partial(self._go, cue_id))
            action.setEnabled(there)

    def _go(self, cue_id: int | None) -> None:
        if cue_id is not None and self._session.document.snapshot.cues.has(cue_id):
            self.go_requested.emit(cue_id)


def summary(others: tuple[Colleague, ...]) -> str:
    """`Ann`, `Ann and Bo`, `Ann and 3 others`."""
    names = [one.title if len(one.title) <= 20 else f"{one.title[:19]}…" for one in others]
    if len(names) <= NAMED:
        return " and ".join(names)
    return f"{names[0]} and {len(names) - 1} others"
