"""A cue on its way to another place of the picture."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt

from vtt_desktop.ui.rendering.stage import Shown

ARROWS = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}
"""Which way the keys move a cue, with Alt held."""
BY_LINES = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
"""Either of them held, a hand moves a cue by lines: many desktops take Alt to move the window."""


@dataclass
class Drag:
    """`shown` is the cue as it stood when it was taken, at `start` in the widget. `settings` is None until
    the hand has moved far enough to mean it."""

    shown: Shown
    start: QPointF
    settings: str | None = None

    @property
    def cue_id(self) -> int:
        return self.shown.cue.id
