"""All fields of the current cue: identifier, each setting by its allowed values, and the note before it."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from vtt_desktop.domain.cue import Cue, settings_by_name
from vtt_desktop.domain.document import Change, Snapshot
from vtt_desktop.domain.edit import Edit, HeadChange, Origin
from vtt_desktop.domain.edits_document import comment_of, set_comment, set_setting
from vtt_desktop.domain.edits_text import set_identifier, set_settings
from vtt_desktop.ui.authoring import HeadText
from vtt_desktop.ui.commands import Commands
from vtt_desktop.ui.document_dialog.live import LiveText, LiveWindow, attempt, region_ids, set_tab_order
from vtt_desktop.ui.editor_lines import FieldLine
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import UNIT

_PERCENT = re.compile(r"(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)%?", re.ASCII)
_LINE = re.compile(r"-?\d+|(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)%", re.ASCII)
_VERTICAL = (
    ("", "Horizontal"),
    ("rl", "Vertical, right to left"),
    ("lr", "Vertical, left to right"),
)
_ALIGN = (("", "Center"), ("start", "Start"), ("end", "End"), ("left", "Left"), ("right", "Right"))
_LINE_ALIGN = (("", "Start"), ("center", "Center"), ("end", "End"))
_POSITION_ALIGN = (("", "As the text"), ("line-left", "Left"), ("center", "Center"), ("line-right", "Right"))
_AGAIN = "Close it again to leave that out."


class CueFields(LiveWindow):
    """Follows the selection's current cue; every change is an edit, and the picture shows it."""

    def __init__(
        self, session: Session, selection: Selection, head: HeadText, commands: Commands, parent: QWidget
    ) -> None:
        super().__init__("Cue details", commands, parent)
        self._session, self._selection, self._head = session, selection, head
        self._hearing = False
        self.setMinimumWidth(460)
        self.identifier = FieldLine("Identifier", "The cue's identifier line", str.strip, self)
        self.identifier.setPlaceholderText("none")
        self.vertical = _combo("Direction", "vertical: how lines run", _VERTICAL)
        self.line = FieldLine(
            "Line", "line: 0 is the first, -1 the last; or per cent, e.g. 85%", str.strip, self
        )
        self.line.setPlaceholderText("auto")
        self.line_align = _combo("Line alignment", "Which edge of the cue stands on the line", _LINE_ALIGN)
        self.position = FieldLine("Position", "position: per cent across, e.g. 10%", _percent, self)
        self.position.setPlaceholderText("auto")
        self.position_align = _combo(
            "Position alignment", "Which edge of the cue stands at the position", _POSITION_ALIGN
        )
        self.cue_size = FieldLine("Size", "size: how wide it may be, per cent", _percent, self)
        self.cue_size.setPlaceholderText("100%")
        self.align = _combo("Text alignment", "align: how its lines stand to each other", _ALIGN)
        self.region = _combo("Region", "region: the area that it scrolls in", ())
        self.settings = FieldLine("Settings as written", "All settings", lambda s: " ".join(s.split()), self)
        self.settings.setPlaceholderText("none")
        self.note = LiveText("Note", "A comment before the cue; players do not show it", self)
        self.note.setFixedHeight(4 * self.note.fontMetrics().lineSpacing() + 4 * UNIT)
        self._wrong = QLabel()
        self._wrong.setProperty("role", "warn")
        self._wrong.setWordWrap(True)
        self._title = QLabel()
        self._title.setProperty("role", "muted")
        self._lay_out()
        self._connect()
        self._disconnect = [
            session.document.changed.connect(self._edited),
            selection.changed.connect(lambda _selection: self._show(follow_note=True)),
        ]
        self._shown: int | None = None
        self._note = ""
        self._show(follow_note=True)

    def let_go(self) -> None:
        """Another document comes: hears nothing any more."""
        for disconnect in self._disconnect:
            disconnect()
        self._disconnect = []

    def reject(self) -> None:
        """Closing leaves out what no cue can have: the first time it is said, and the field has the focus."""
        wrong = self._refused()
        if wrong and not self.wrong.endswith(_AGAIN):
            self._wrong.setText(f"{self.wrong} {_AGAIN}")
            wrong[0].setFocus()
            return
        self.put_back()
        super().reject()

    def put_back(self) -> None:
        for field in self._refused():
            field.mark(False)
        self._wrong.setText("")
        self._show(follow_note=True)

    def focus_note(self) -> None:
        self.note.setFocus()

    @property
    def wrong(self) -> str:
        """What could not be done, in a sentence."""
        return self._wrong.text()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(3 * UNIT)
        form.setVerticalSpacing(2 * UNIT)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("Identifier", self.identifier)
        form.addRow("Direction", self.vertical)
        form.addRow("Line", _pair(self.line, self.line_align))
        form.addRow("Position", _pair(self.position, self.position_align))
        form.addRow("Size", self.cue_size)
        form.addRow("Align", self.align)
        form.addRow("Region", self.region)
        form.addRow("As written", self.settings)
        form.addRow("Note", self.note)
        column = QVBoxLayout(self)
        column.setContentsMargins(5 * UNIT, 4 * UNIT, 5 * UNIT, 4 * UNIT)
        column.setSpacing(3 * UNIT)
        column.addWidget(self._title)
        column.addLayout(form)
        column.addWidget(self._wrong)
        column.addStretch(1)
        placing = (self.line, self.line_align, self.position, self.position_align, self.cue_size, self.align)
        set_tab_order(self.identifier, self.vertical, *placing, self.region, self.settings, self.note)

    def _connect(self) -> None:
        seal = self._seal
        self.identifier.textEdited.connect(lambda text: self._set(self.identifier, set_identifier, text))
        self.settings.textEdited.connect(lambda text: self._set(self.settings, set_settings, text))
        self.line.textEdited.connect(lambda _text: self._set_pair("line", self.line, self.line_align, _LINE))
        self.line_align.activated.connect(
            lambda _at: self._set_pair("line", self.line, self.line_align, _LINE)
        )
        place = ("position", self.position, self.position_align, _PERCENT)
        self.position.textEdited.connect(lambda _text: self._set_pair(*place))
        self.position_align.activated.connect(lambda _at: self._set_pair(*place))
        self.cue_size.textEdited.connect(lambda _text: self._set_pair("size", self.cue_size, None, _PERCENT))
        for name, combo in (("vertical", self.vertical), ("align", self.align), ("region", self.region)):
            combo.activated.connect(lambda _at, n=name, c=combo: self._set_setting(n, str(c.currentData())))
        self.note.typed.connect(lambda text: self._set(self.note, set_comment, text))
        for line in (self.identifier, self.settings, self.line, self.position, self.cue_size):
            line.editingFinished.connect(seal)
        self.note.left.connect(seal)

    # What a person does

    def _seal(self) -> None:
        self._session.history.seal()

    def _set(
        self, field: FieldLine | LiveText, make: Callable[[Snapshot, int, str], Edit], text: str
    ) -> None:
        field.mark(not self._try(lambda snapshot, cue_id: make(snapshot, cue_id, text)))

    def _set_setting(self, name: str, value: str) -> bool:
        return self._try(lambda snapshot, cue_id: set_setting(snapshot, cue_id, name, value))

    def _set_pair(
        self, name: str, line: FieldLine, combo: QComboBox | None, allowed: re.Pattern[str]
    ) -> None:
        """A value and where it holds the cue, which are one setting: `line:85%,end`."""
        typed = line.text().strip()
        if typed in ("", "auto"):
            line.mark(not self._set_setting(name, ""))
            return
        if not allowed.fullmatch(typed):
            line.mark(True)
            self._wrong.setText(f"“{typed}” is not a value that {name} can have.")
            return
        value = typed if allowed is _LINE else _percent(typed)
        align = str(combo.currentData()) if combo is not None else ""
        line.mark(not self._set_setting(name, f"{value},{align}" if align else value))

    def _try(self, make: Callable[[Snapshot, int], Edit]) -> bool:
        cue = self._cue()
        if cue is None or self._hearing:
            return False
        session = self._session
        return attempt(lambda: session.submit(make(session.document.snapshot, cue.id)), self._wrong.setText)

    # What the model says

    def _cue(self) -> Cue | None:
        current = self._selection.current
        return None if current is None else self._session.document.snapshot.cues.get(current)

    def _edited(self, change: Change) -> None:
        head = any(isinstance(part, HeadChange) for part in change.edit.changes)
        if head or self._selection.current in change.edit.ids:
            self._show(follow_note=change.edit.origin is not Origin.USER or not self.note.hasFocus())

    def _show(self, *, follow_note: bool) -> None:
        cue = self._cue()
        self.setEnabled(cue is not None)
        if cue is None:
            self._title.setText("Select a cue")
            return
        number = self._session.document.snapshot.cues.index_of(cue.id) + 1
        self._title.setText(f"Cue {number:,}")
        said = settings_by_name(cue.settings)
        self._hearing = True
        try:
            lines = [
                (self.identifier, cue.identifier),
                (self.settings, cue.settings),
                (self.cue_size, said.get("size", "")),
            ]
            for name, line, combo in (
                ("line", self.line, self.line_align),
                ("position", self.position, self.position_align),
            ):
                value, _, align = said.get(name, "").partition(",")
                lines.append((line, value))
                combo.setEnabled(bool(value))
                _choose(combo, align)
            other, self._shown = self._shown != cue.id, cue.id
            gone = [line.show_other(value) if other else line.show_change(value) for line, value in lines]
            _choose(self.vertical, said.get("vertical", ""))
            _choose(self.align, said.get("align", "") if said.get("align") != "center" else "")
            self._fill_regions(said.get("region", ""))
            note, before = comment_of(cue.lead), self._note
            self._note = note
            refused = self.note.toPlainText() if self.note.property("invalid") else ""
            if follow_note and (other or note != before or not refused):
                gone.append(refused)
                self.note.show_change(note)
                self.note.mark(False)
            if typed := next(filter(None, gone), ""):
                self._wrong.setText(f"“{typed}” could not be taken, and was left out.")
        finally:
            self._hearing = False

    def _fill_regions(self, chosen: str) -> None:
        blocks = self._head.blocks(self._session.document.snapshot.head)
        defined = region_ids(self._head.region(b.text).id for b in blocks if b.kind == "region")
        names = ["", *region_ids([*defined, chosen])]
        if [str(self.region.itemData(i)) for i in range(self.region.count())] != names:
            self.region.clear()
            for name in names:
                words = name if name in defined else f"{name} (not defined)" if name else "None"
                self.region.addItem(words, name)
        _choose(self.region, chosen)


def _percent(text: str) -> str:
    """`10` is meant as `10%`."""
    text = text.strip()
    return f"{text}%" if text and not text.endswith("%") else text


def _combo(name: str, hint: str, choices: tuple[tuple[str, str], ...]) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setToolTip(hint)
    for value, words in choices:
        made.addItem(words, value)
    return made


def _choose(combo: QComboBox, value: str) -> None:
    at = combo.findData(value)
    if combo.currentIndex() != at:
        combo.setCurrentIndex(at)  # -1, nothing: a value that is none of the allowed ones


def _pair(first: QWidget, second: QWidget) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(2 * UNIT)
    row.addWidget(first, 1)
    row.addWidget(second, 1)
    return box
