"""A cue on its way to another place of the picture."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF

from vtt_desktop.ui.rendering.stage import Shown


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
