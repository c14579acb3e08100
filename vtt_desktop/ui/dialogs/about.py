"""What this program is."""

from __future__ import annotations

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from vtt_desktop import __version__
from vtt_desktop.ui.icons import pixmap
from vtt_desktop.ui.theme import UNIT

_WIDTH = 340  # pixels of the text


class AboutDialog(QDialog):
    """Name, version, what for, licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About VTT Desktop")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sign = QLabel()
        sign.setPixmap(pixmap("app", QColor("white"), 64, self.devicePixelRatioF()))
        sign.setAlignment(Qt.AlignmentFlag.AlignTop)
        title = QLabel("VTT Desktop")
        title.setProperty("role", "title")
        words = QLabel(
            f"Version {__version__}\n\nA subtitle editor that works offline and never silently overwrites a "
            "colleague. A WebVTT file comes back byte for byte, except where you touched it.\n\n"
            f"MIT licence. Made with Qt {qVersion()} for Python (LGPL), PyAV and FFmpeg, NumPy, httpx, "
            "pysubs2 and FastAPI."
        )
        words.setWordWrap(True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setFixedWidth(_WIDTH)
        words.setMinimumHeight(words.heightForWidth(_WIDTH))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout()
        column.setSpacing(2 * UNIT)
        column.addWidget(title)
        column.addWidget(words)
        column.addWidget(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(5 * UNIT, 5 * UNIT, 5 * UNIT, 4 * UNIT)
        row.setSpacing(5 * UNIT)
        row.addWidget(sign)
        row.addLayout(column, 1)
