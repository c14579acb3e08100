"""Who speaks: a field with the names that the document has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import unescape

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.ui.editor_lines import DocumentLine

_NEAR = 2000  # cues on either side of the current one whose speakers are offered


class SpeakerField(QComboBox):
    """Shows the name in the voice tag that opens the cue. `named` is told what a person types or picks."""

    named = Signal(str)
    finished = Signal()
    """The field is left, or a name was picked: what comes next is a step of its own."""

    def __init__(self, names: Callable[[], Sequence[str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = names
        self.refused = False  # whether what is typed could not be taken
        self._value = ""
        self.setEditable(True)
        self._line = line = DocumentLine(self)
        line.setAccessibleName("Speaker")
        line.setPlaceholderText("none")
        self.setLineEdit(line)
        self.setCompleter(None)  # type: ignore[arg-type]  # Qt's own: no completion
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName("Speaker")
        self.setToolTip("Who speaks the cue (F7)")
        self.setMinimumContentsLength(8)
        line.textEdited.connect(self.named)
        line.editingFinished.connect(self.finished)
        self.textActivated.connect(self._picked)

    def show_change(self, name: str) -> str:
        """The model's name, of the same cue: one that it did not take stays to be mended, unless the name
        itself is another. What had to go then."""
        return "" if self.refused and name == self._value else self.show_other(name)

    def show_other(self, name: str) -> str:
        """The name, whatever is typed; a blank that is just being typed is not taken away. What the model had
        not taken, and is gone."""
        line = self._line
        self._value = name
        gone = ""
        if " ".join(line.text().split()) != name:
            gone = line.text() if self.refused else ""
            caret = line.cursorPosition()
            line.setText(name)
            line.setCursorPosition(min(caret, len(name)))
        self.refused = False
        return gone

    def showPopup(self) -> None:
        """Looks for names now: nobody asks for them more than now and then."""
        shown = self._line.text()
        self.clear()
        self.addItems(list(self._names()))
        self._line.setText(shown)
        self.setCurrentIndex(self.findText(shown))
        self._line.setText(shown)
        super().showPopup()

    def _picked(self, name: str) -> None:
        self.named.emit(name)
        self.finished.emit()


def speaker_of(cue: Cue) -> str:
    """The name as it is read."""
    return unescape(cue.speaker)


def speakers(cues: CueList, current: int | None) -> list[str]:
    """The names of the cues round the current one, in the order of the alphabet."""
    here = cues.index_of(current) if current is not None and cues.has(current) else 0
    near = cues[max(0, here - _NEAR) : here + _NEAR]
    return sorted({name for cue in near if (name := speaker_of(cue))}, key=str.casefold)
