"""Where one version is made of two: the text with a proposal in it, and a choice for every other field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QTextCursor
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from vtt_desktop.domain.cue import Cue, settings_by_name, settings_text
from vtt_desktop.domain.edits_text import clean_text
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.merge import propose_text
from vtt_desktop.domain.timecode import format_time, parse_typed_time
from vtt_desktop.sync.body import Conflict
from vtt_desktop.ui.dialogs.conflict_fields import shown, versions
from vtt_desktop.ui.dialogs.conflict_words import field_name
from vtt_desktop.ui.editor_text_box import TEXT_PX
from vtt_desktop.ui.theme import UNIT, font

_TIMES = ("start", "end")
_TYPED = (*_TIMES, "identifier")
_YOURS = "Compose: as you left it."


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has composed so far: the text, and by field what is chosen or typed."""

    text: str
    choices: tuple[tuple[str, str], ...]


class ComposeBox(QWidget):
    """`changed` is told when what is composed changed, by a person or by another conflict being shown."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._conflict: Conflict | None = None
        self._fields: dict[str, QComboBox] = {}
        self._touched = False
        self._offset = 0
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setProperty("role", "muted")
        self._text = QPlainTextEdit()
        self._text.setAccessibleName("Composed text")
        self._text.setTabChangesFocus(True)
        large = font()
        large.setPixelSize(TEXT_PX)
        self._text.setFont(large)
        self._text.setMinimumHeight(3 * QFontMetrics(large).lineSpacing() + 5 * UNIT)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._text.textChanged.connect(self._edited)
        self._form = QFormLayout()
        self._form.setVerticalSpacing(UNIT)
        self._form.setHorizontalSpacing(2 * UNIT)
        self._form.setContentsMargins(0, 0, 0, 0)
        side = QWidget()
        side.setLayout(self._form)
        side.setMinimumWidth(60 * UNIT)
        self._side = side
        across = QHBoxLayout()
        across.setSpacing(4 * UNIT)
        across.addWidget(self._text, 3)
        across.addWidget(side, 2, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT + 2)
        column.addWidget(self._words)
        column.addLayout(across, 1)
        self._showing = False
        self.setFocusProxy(self._text)

    @property
    def draft(self) -> Draft | None:
        """What the person composed; None where the proposal stands as it was made."""
        if not self._touched:
            return None
        choices = tuple((name, box.currentText()) for name, box in self._fields.items())
        return Draft(self._text.toPlainText(), choices)

    def show_conflict(self, conflict: Conflict, draft: Draft | None, time_offset: int = 0) -> None:
        """A proposal for this conflict, or what was composed for it before; `time_offset` (ms) is added to
        the times that are seen and typed."""
        self._offset = time_offset
        self._showing = True
        self._conflict, self._touched = conflict, draft is not None
        self._text.setReadOnly(False)
        self._side.setEnabled(True)
        text, clean = self._proposal(conflict)
        self._words.setText(_words(conflict, clean) if draft is None else _YOURS)
        if draft is None or draft.text != self._text.toPlainText():
            self._text.setPlainText(text if draft is None else draft.text)
            self._text.moveCursor(QTextCursor.MoveOperation.End)
        self._fill_fields(conflict, dict(draft.choices) if draft is not None else {})
        self._showing = False
        self.changed.emit()

    def freeze(self) -> None:
        """What was composed can be read and copied, and not be changed, until another conflict is shown."""
        self._text.setReadOnly(True)
        self._side.setEnabled(False)
        self._words.setText("What you had composed, to be copied:")

    def composed(self) -> Cue:
        """The cue as composed. UserError where it is none."""
        model = self._model()
        text = self._text.toPlainText()
        if "-->" in text:
            raise UserError("A cue's text cannot hold “-->”.", "Write --&gt; instead.")
        cue = model.with_(text=clean_text(text))
        for name, box in self._fields.items():
            cue = self._with_field(cue, name, box)
        if cue.end <= cue.start:
            raise UserError("A cue must end after it starts.")
        return cue

    # Inside

    def _model(self) -> Cue:
        assert self._conflict is not None
        found = self._conflict.keep_mine or self._conflict.theirs or self._conflict.base
        assert found is not None, "a conflict is about some cue"
        return found

    def _proposal(self, conflict: Conflict) -> tuple[str, bool]:
        base, mine, theirs = conflict.base, conflict.mine, conflict.theirs
        if base is None or mine is None or theirs is None:
            return self._model().text, mine is None or theirs is None
        return propose_text(base, mine, theirs)

    def _fill_fields(self, conflict: Conflict, chosen: dict[str, str]) -> None:
        while self._form.rowCount():
            self._form.removeRow(0)
        self._fields = {}
        merged = self._model()
        for row in versions(conflict, self._offset):
            if row.field in ("text", "speaker") or not row.changed:
                continue
            sides = {"mine": row.mine, "theirs": row.theirs, "before": row.base}
            values = list(dict.fromkeys(value for value in sides.values() if value is not None))
            if len(values) < 2:
                continue
            box = QComboBox()
            box.setAccessibleName(f"Composed {field_name(row.field).lower()}")
            box.setEditable(row.field in _TYPED)
            box.addItems(values)
            value = chosen.get(row.field, shown(row.field, merged, self._offset) or "")
            if box.isEditable() and box.findText(value) < 0:
                box.setEditText(value)
            else:
                box.setCurrentIndex(max(0, box.findText(value)))
            whose = QLabel()
            whose.setProperty("role", "muted")
            whose.setMinimumWidth(QFontMetrics(whose.font()).horizontalAdvance("mine, before") + UNIT)
            tell = partial(_say_whose, whose, sides)
            tell(box.currentText())
            box.currentTextChanged.connect(tell)
            box.currentTextChanged.connect(self._edited)
            self._fields[row.field] = box
            line = QHBoxLayout()
            line.setSpacing(2 * UNIT)
            line.addWidget(box, 1)
            line.addWidget(whose)
            self._form.addRow(field_name(row.field), line)
        before: QWidget = self._text
        for box in self._fields.values():  # made anew each time: else Tab comes to them last
            self.setTabOrder(before, box)
            before = box
        self._side.setVisible(bool(self._fields))

    def _with_field(self, cue: Cue, name: str, box: QComboBox) -> Cue:
        value = box.currentText()
        if name in _TIMES:
            ms = parse_typed_time(value)
            if ms is None:
                raise UserError(f"{field_name(name)} is no time.", f"Write it like {format_time(83_500)}.")
            return cue.with_(**{name: ms - self._offset})
        if name == "identifier":
            if "-->" in value:
                raise UserError("An identifier is one line without “-->”.")
            return cue.with_(identifier=value.strip())
        if name == "comment":
            assert self._conflict is not None
            sides = (self._conflict.mine, self._conflict.theirs, self._conflict.base)
            return cue.with_(lead=next(s.lead for s in sides if s is not None and shown(name, s) == value))
        settings = settings_by_name(cue.settings)
        settings.pop(name.removeprefix("setting:"), None)
        if value:
            settings[name.removeprefix("setting:")] = value
        same = settings == settings_by_name(cue.settings)
        return cue if same else cue.with_(settings=settings_text(settings))

    def _edited(self, _: str = "") -> None:
        if not self._showing:
            self._touched = True
            self.changed.emit()


def _say_whose(label: QLabel, sides: Mapping[str, str | None], value: str) -> None:
    label.setText(", ".join(side for side, has in sides.items() if has == value) or "your own")


def _words(conflict: Conflict, clean: bool) -> str:
    if conflict.mine is None or conflict.theirs is None:
        return "Compose: the version that is left, to change as you like."
    if not clean:
        return "Compose: both changed the same words. Mine stands there; please look."
    if any(found.field == "text" for found in conflict.fields):
        return "Compose: the words of both fit together like this. Please read it once."
    return "Compose: pick from both, or write."
