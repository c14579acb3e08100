"""How large a window is at first."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

FRAME = QSize(8, 40)
"""What a window manager puts around a window, at the most, in pixels."""


def give_first_size(window: QWidget, wide: int, high: int) -> None:
    """As large as asked, in pixels, and no larger than its screen: what stands at the lower edge, buttons or
    what became of the sync, is seen on a small one, too."""
    window.resize(QSize(wide, high).boundedTo(window.screen().availableSize() - FRAME))
