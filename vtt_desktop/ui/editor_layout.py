"""Where the parts of the cue editor stand: times at the left, beside the text and the other fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from vtt_desktop.ui.document_dialog.live import first_words
from vtt_desktop.ui.editor_lines import FieldLine
from vtt_desktop.ui.editor_reading import MessageLine, ReadingLine, SyncLine
from vtt_desktop.ui.editor_text_box import CueTextBox
from vtt_desktop.ui.icons import icon
from vtt_desktop.ui.markup.speaker import SpeakerField
from vtt_desktop.ui.theme import UNIT, Theme, digits_font
from vtt_desktop.ui.time_field import TimeField

_NOTE_SHOWN: Final = 24  # characters


@dataclass(frozen=True, slots=True)
class EditorParts:
    """What a person sees of one cue, in the order in which Tab goes through the fields."""

    text_box: CueTextBox
    start: TimeField
    end: TimeField
    duration: TimeField
    speaker: SpeakerField
    identifier: FieldLine
    settings: FieldLine
    details: DetailsButton
    note: NoteButton
    reading: ReadingLine
    message: MessageLine
    sync_line: SyncLine

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """What is of no use without a cue."""
        times = (self.start, self.end, self.duration)
        return (
            *(self.text_box, *times, self.speaker),
            *(self.identifier, self.settings, self.details, self.note),
        )

    def lay_out(self, whole: QWidget) -> None:
        """Puts the parts into `whole`."""
        outer = QHBoxLayout(whole)
        outer.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        outer.setSpacing(3 * UNIT)
        outer.addLayout(self._times_column())
        right = QVBoxLayout()
        right.setSpacing(UNIT)
        right.addWidget(self.text_box, 1)
        right.addLayout(self._said_line())
        right.addLayout(self._more_line())
        outer.addLayout(right, 1)
        self.text_box.setPlaceholderText("Type the cue's text")
        self.text_box.setMinimumHeight(64)
        for before, after in zip(self.fields, self.fields[1:], strict=False):
            QWidget.setTabOrder(before, after)

    def _times_column(self) -> QGridLayout:
        times = QGridLayout()
        times.setHorizontalSpacing(2 * UNIT)
        times.setVerticalSpacing(UNIT)
        for row, (words, field) in enumerate(
            (("Start", self.start), ("End", self.end), ("Length", self.duration))
        ):
            times.addWidget(_label(words, field), row, 0)
            times.addWidget(field, row, 1)
            field.setFixedWidth(field.fontMetrics().horizontalAdvance("00:00:00.000") + 26)
        times.setRowStretch(3, 1)
        return times

    def _said_line(self) -> QHBoxLayout:
        below = QHBoxLayout()
        below.setSpacing(4 * UNIT)
        below.addWidget(self.reading)
        below.addWidget(self.message, 1)
        below.addWidget(self.sync_line)
        return below

    def _more_line(self) -> QHBoxLayout:
        for line in (self.identifier, self.settings):
            line.setFont(digits_font())
            line.setPlaceholderText("none")
        more = QHBoxLayout()
        more.setSpacing(2 * UNIT)
        more.addWidget(_label("Speaker", self.speaker))
        more.addWidget(self.speaker, 3)
        more.addSpacing(2 * UNIT)
        more.addWidget(_label("Identifier", self.identifier))
        more.addWidget(self.identifier, 2)
        more.addSpacing(2 * UNIT)
        more.addWidget(_label("Settings", self.settings))
        more.addWidget(self.settings, 3)
        more.addWidget(self.details)
        more.addWidget(self.note)
        return more


class _LineButton(QToolButton):
    """A button that stands in the line of the fields."""

    def __init__(self, name: str, tip: str, picture: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture = picture
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setIconSize(QSize(16, 16))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def set_theme(self, theme: Theme) -> None:
        self.setIcon(icon(self._picture, theme.muted, sizes=(16,)))


class DetailsButton(_LineButton):
    """Asks for all fields of the cue."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Cue details", "All fields of the cue, one by one (Ctrl+Shift+D)", "fields", parent)


class NoteButton(_LineButton):
    """Shows how the note before the cue begins, and asks for it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Note", "", "note", parent)

    def show_note(self, said: str) -> None:
        words = f" {first_words(said, _NOTE_SHOWN)}" if said else " Note"
        if words != self.text():
            self.setText(words)
        tip = f"{said}\n\nEdit the note (Ctrl+Shift+N)" if said else "Write a note (Ctrl+Shift+N)"
        if tip != self.toolTip():
            self.setToolTip(tip)
            self.setAccessibleDescription(said)


def _label(words: str, buddy: QWidget) -> QLabel:
    label = QLabel(words)
    label.setProperty("role", "muted")
    label.setBuddy(buddy)
    return label
