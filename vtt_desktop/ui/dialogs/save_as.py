"""Choose a name, a format and an encoding to save in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QLabel, QWidget

from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.saving import FormatChoice, Saving

_EVERY = "All files (*)"
_UTF8 = "utf-8"


class SaveDialog(QFileDialog):
    """Qt's own dialog with a row for the encoding. `chosen` carries a Path and an encoding's name, or None
    where the format says it, or the file keeps the one it has."""

    chosen = Signal(object, object)

    def __init__(self, session: Session, saving: Saving, parent: QWidget) -> None:
        path = session.path
        super().__init__(parent, "Save subtitles", str(path.parent) if path is not None else "")
        self._formats = {_filter(choice): choice for choice in saving.formats}
        self._keeps = session.encoding if path is not None else _UTF8
        self._free: bool | None = None
        self._own_suffix = path.suffix.lower() if path is not None else ""
        # Qt's own, since a native one runs a nested loop on some platforms.
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        # So would its question whether to replace a file: who saves asks it.
        self.setOption(QFileDialog.Option.DontConfirmOverwrite)
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setFileMode(QFileDialog.FileMode.AnyFile)
        self.setNameFilters([*self._formats, _EVERY])
        self.encoding = QComboBox()
        self.encoding.setAccessibleName("Encoding")
        for choice in saving.encodings():
            self.encoding.addItem(
                f"{choice.title} — {choice.area}" if choice.area else choice.title, choice.name
            )
        self._add_row(QLabel("Encoding:"))
        self.finished.connect(self.deleteLater)
        self.filterSelected.connect(self._follow)
        self.fileSelected.connect(self._tell)
        own = next((f for f, c in self._formats.items() if session.format_name == c.title), "")
        suffixes = {f: c for f, c in self._formats.items() if self._own_suffix[1:] in c.suffixes}
        self.selectNameFilter(own or next(iter(suffixes), next(iter(self._formats))))
        self.selectFile(str(path or f"{Path(session.title).stem or 'subtitles'}.vtt"))
        self._follow(self.selectedNameFilter())

    def _add_row(self, label: QLabel) -> None:
        label.setBuddy(self.encoding)
        grid = self.layout()
        if isinstance(grid, QGridLayout):
            row = grid.rowCount()
            grid.addWidget(label, row, 0)
            grid.addWidget(self.encoding, row, 1)

    def _follow(self, chosen: str) -> None:
        """Another format: the name gets its suffix, and the encodings are those it can have."""
        choice = self._formats.get(chosen)
        self.setDefaultSuffix(choice.suffixes[0] if choice is not None else "")
        if choice is not None and (names := self.selectedFiles()):
            name = Path(names[0])
            if name.suffix.lower().removeprefix(".") not in choice.suffixes and not name.is_dir():
                self.selectFile(name.with_suffix(f".{choice.suffixes[0]}").name)
        self._offer()

    def _offer(self) -> None:
        choice = self._formats.get(self.selectedNameFilter())
        free = choice is None or choice.any_encoding
        if free != self._free:
            self._free = free
            self.encoding.setEnabled(free)
            self.encoding.setCurrentIndex(self.encoding.findData(self._keeps if free else _UTF8))
        self.encoding.setToolTip("" if choice is None or free else f"{choice.title} is always UTF-8")

    def _tell(self, name: str) -> None:
        path = Path(name)
        used = self.encoding.currentData() if self.encoding.isEnabled() else None
        same = path.suffix.lower() == self._own_suffix and used == self._keeps
        self.chosen.emit(path, None if same else used)


def _filter(choice: FormatChoice) -> str:
    return f"{choice.title} ({' '.join(f'*.{suffix}' for suffix in choice.suffixes)})"
