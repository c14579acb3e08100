"""The editor of one cue: its text, times, identifier and settings, over the shared selection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Change, Snapshot
from vtt_desktop.domain.edit import Edit, Origin
from vtt_desktop.domain.edits_document import comment_of
from vtt_desktop.domain.edits_markup import change_text, set_speaker
from vtt_desktop.domain.edits_text import clean_text, set_identifier, set_settings, set_text
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.markup import Marked
from vtt_desktop.domain.text_merge import merge_text
from vtt_desktop.sync.phase import Phase, shown_phase
from vtt_desktop.sync.state import SyncChange
from vtt_desktop.ui.cue_table.words import sync_words
from vtt_desktop.ui.editor_layout import DetailsButton, EditorParts, NoteButton
from vtt_desktop.ui.editor_lines import FieldLine
from vtt_desktop.ui.editor_reading import MessageLine, ReadingLine, SyncLine
from vtt_desktop.ui.editor_text_box import CueTextBox
from vtt_desktop.ui.editor_times import CueTimes, Make
from vtt_desktop.ui.markup.speaker import SpeakerField, speaker_of, speakers
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import Theme

_OTHERS: Final = (Origin.REMOTE, Origin.DISK)
_GONE: Final = "This cue was changed meanwhile; what you had typed was not kept: {}"
_ELSEWHERE: Final = "Cue removed by someone. Enter: go on here."


class CueEditor(QWidget):
    """Shows the selection's current cue. Every key submits an edit; what the model says comes back compared,
    so that nothing a person sees in the box is replaced by the same thing."""

    details_requested = Signal()
    """The person wants all fields of the cue, one by one."""
    note_requested = Signal()
    """The person wants to see or write the note before the cue."""
    typing = Signal()
    """What is typed in a field and not handed in changed: `unfinished` may be another."""

    def __init__(
        self, session: Session, selection: Selection, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._selection = selection
        self._cue_id: int | None = None
        self._lost: int | None = None
        self._refused = False
        self._hearing = False
        self._disconnects: list[Callable[[], None]] = []
        self.text_box = CueTextBox(theme, self)
        self._times = times = CueTimes(self._cue, self._submit, self)
        self.start, self.end, self.duration = times.fields
        self.identifier = FieldLine("Identifier", "The cue's identifier line", str.strip, self)
        self.settings = FieldLine(
            "Cue settings",
            "Where the cue stands, e.g. line:0 align:start",
            lambda s: " ".join(s.split()),
            self,
        )
        self.speaker = SpeakerField(self._speakers, self)
        self.reading = ReadingLine(theme, self)
        self.message = MessageLine(self)
        self.sync_line = SyncLine(theme, self)
        self.details, self.note = DetailsButton(self), NoteButton(self)
        self._parts = EditorParts(
            *(self.text_box, self.start, self.end, self.duration, self.speaker),
            *(self.identifier, self.settings, self.details, self.note),
            *(self.reading, self.message, self.sync_line),
        )
        self._parts.lay_out(self)
        self.setObjectName("cue-editor")
        self.setAccessibleName("Cue editor")
        self.details.set_theme(theme)
        self.note.set_theme(theme)
        self._connect()
        selection.changed.connect(self._selection_changed)
        self.set_session(session)

    # What the window calls

    def set_session(self, session: Session) -> None:
        """Edits another document."""
        for disconnect in self._disconnects:
            disconnect()
        self._session = session
        self._disconnects = [
            session.document.changed.connect(self._document_changed),
            session.sync.changed.connect(self._sync_changed),
        ]
        self._refused = False
        self._show(self._selection.current)

    def set_time_offset(self, ms: int) -> None:
        """What is added to the times of cues for those shown, and taken from those typed."""
        self._times.set_offset(ms)

    def set_theme(self, theme: Theme) -> None:
        for part in (self.text_box, self.reading, self.sync_line, self.details, self.note):
            part.set_theme(theme)

    def focus_text(self) -> None:
        """Puts the caret into the text box: what Enter in the table does."""
        self.text_box.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def unfinished(self) -> bool:
        """Whether something is typed that the document does not have, or not so."""
        lines = self.identifier.refused or self.settings.refused or self.speaker.refused
        return self._cue() is not None and (self._times.unfinished or bool(lines) or self._refused)

    def finish(self) -> str:
        """Hands in what is typed, as if the focus left. Why it cannot be taken; then the focus is there."""
        if self._cue() is None:
            return ""
        for line, again in ((self.identifier, self._set_identifier), (self.settings, self._set_settings)):
            if line.refused:
                again(line.text())
                if line.refused:
                    return self._back_to(line, self.message.text())
        if self.speaker.refused:
            self._set_speaker(self.speaker.currentText())
            if self.speaker.refused:
                return self._back_to(self.speaker, self.message.text())
        self._keep_text()
        if self._refused:
            return self._back_to(self.text_box, self.message.text())
        field = self._times.finish()
        return self._back_to(field, field.wrong) if field is not None else ""

    def put_back(self) -> None:
        """What is typed and cannot be taken goes: all is shown as the document has it."""
        self._show(self._cue_id)

    def _back_to(self, field: QWidget, why: str) -> str:
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        return why

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """What can be typed in or pressed, in the order in which Tab goes through it."""
        return self._parts.fields

    @property
    def caret_offset(self) -> int:
        """Characters of the cue's text before the caret, as the model counts: where a split would cut."""
        return self.text_box.caret_offset

    def mark_up(self, make: Callable[[str, int, int], Marked | None], label: str) -> bool:
        """Changes the text by what is selected, as a step of its own; the words stay selected. With nothing
        selected it is all of the text. Whether there was anything to do."""
        cue = self._cue()
        if cue is None or self._refused or self.text_box.held or self.text_box.waiting:
            return False
        start, end = self.text_box.selected_offsets
        nothing = start == end
        made = make(cue.text, *((0, len(cue.text)) if nothing else (start, end)))
        if made is None or made.text == cue.text:
            return False
        self._session.history.seal()
        self._session.submit(change_text(self._session.document.snapshot, cue.id, made.text, label))
        if not nothing and self.text_box.toPlainText() == made.text:
            self.text_box.select_offsets(made.start, made.end)
        return True

    def _connect(self) -> None:
        self.text_box.textChanged.connect(self._text_typed)
        self.text_box.burst_ended.connect(lambda: self._session.history.seal())
        self.text_box.left.connect(self._text_left)
        self.text_box.resumed.connect(self._resume)
        for field in self._times.fields:
            field.textChanged.connect(lambda _text: self.typing.emit())
            field.doubted.connect(self.message.say)
            field.editingFinished.connect(lambda: self._session.history.seal())
        self.identifier.textEdited.connect(self._set_identifier)
        self.settings.textEdited.connect(self._set_settings)
        self.details.clicked.connect(lambda: self.details_requested.emit())
        self.note.clicked.connect(lambda: self.note_requested.emit())
        self.speaker.named.connect(self._set_speaker)
        self.speaker.finished.connect(lambda: self._session.history.seal())
        for line in (self.identifier, self.settings):
            line.editingFinished.connect(lambda: self._session.history.seal())

    # What a person does

    def _text_typed(self) -> None:
        if self._hearing or self.text_box.held or self.text_box.waiting:
            return
        cue = self._cue()
        if cue is None:
            return
        text = self.text_box.toPlainText()
        if clean_text(text) == cue.text:
            self._set_refused(None)
            return
        try:
            self._session.submit(set_text(self._session.document.snapshot, cue.id, text))
        except UserError as error:
            self._set_refused(error)
            self.reading.show_text(text, cue.duration)
        else:
            self._set_refused(None)

    def _text_left(self) -> None:
        """The focus is elsewhere."""
        if self.text_box.held:
            self._resume()
        self._keep_text()

    def _keep_text(self) -> None:
        """Text that could not be a cue's as typed is kept in the way that can."""
        cue = self._cue()
        if not self._refused or cue is None:
            return
        text = self.text_box.toPlainText().replace("-->", "--&gt;")
        try:
            self._session.submit(set_text(self._session.document.snapshot, cue.id, text))
        except UserError as error:
            self._set_refused(error)  # it stays in the box
            return
        self._set_refused(None)
        self._session.history.seal()
        self.message.say("“-->” was written as “--&gt;”: a player shows the same.")

    def _resume(self) -> None:
        self.text_box.hold(False)
        self.message.say("")

    def _set_speaker(self, name: str) -> None:
        self.speaker.refused = not self._try(lambda snapshot, cue_id: set_speaker(snapshot, (cue_id,), name))

    def _set_identifier(self, text: str) -> None:
        self._set_line(self.identifier, set_identifier, text)

    def _set_settings(self, text: str) -> None:
        self._set_line(self.settings, set_settings, text)

    def _set_line(self, line: FieldLine, make: Callable[[Snapshot, int, str], Edit], text: str) -> None:
        line.mark(not self._try(lambda snapshot, cue_id: make(snapshot, cue_id, text)))

    def _try(self, make: Make) -> bool:
        return self._cue_id is not None and not self._submit(make)

    def _submit(self, make: Make) -> str:
        """Why it cannot be done; said, too."""
        try:
            self._session.submit(make(self._session.document.snapshot, self._cue_id or 0))
        except UserError as error:
            self.message.say(str(error))
            return str(error)
        self.message.say("")
        return ""

    def _set_refused(self, error: UserError | None) -> None:
        if error is not None or self._refused:
            self._refused = error is not None
            self.message.say(str(error) if error is not None else "")

    # What the model says

    def _cue(self) -> Cue | None:
        return None if self._cue_id is None else self._session.document.snapshot.cues.get(self._cue_id)

    def _selection_changed(self, selection: Selection) -> None:
        if selection.current == self._cue_id:
            return
        before = self._cue_id
        lost = ""
        if self._cue() is not None:
            lost = self._times.leave() or self._refused_lines()
            self._text_left()
            self._session.history.seal()
            self._lost = None
        else:
            self._lost = before
        self._show(selection.current)
        if lost:
            self.message.say(lost)

    def _document_changed(self, change: Change) -> None:
        if change.edit.structural and change.edit.origin in _OTHERS:
            self._hold_if_lost(change)
        if self._cue_id is None:
            return
        old, new = change.old.cues.get(self._cue_id), change.new.cues.get(self._cue_id)
        if new is None or new is old:
            return
        self._hearing = True
        try:
            self._take_text(old, new, change.edit.origin)
        finally:
            self._hearing = False
        self._show_rest(new)

    def _hold_if_lost(self, change: Change) -> None:
        """Keys on their way to a cue that a colleague removed must not land in its neighbour."""
        for cue_id in (self._cue_id, self._lost):
            if cue_id is not None and change.old.cues.has(cue_id) and not change.new.cues.has(cue_id):
                if self.text_box.hasFocus():
                    self.text_box.hold(True)
                    self.message.say(_ELSEWHERE)
        self._lost = None

    def _take_text(self, old: Cue | None, new: Cue, origin: Origin) -> None:
        box = self.text_box.toPlainText()
        if self._refused and old is not None:
            if new.text == old.text:
                return
            merged, clean = merge_text(old.text, box, new.text)
            self.text_box.show_change(merged if clean else new.text)
            if not clean:
                self._refused = False
                self.message.say(_GONE.format(box))
        elif clean_text(box) != new.text or self.text_box.waiting:
            # The line that a person has just begun is no text yet, and must not vanish under the caret.
            begun = box[len(box.rstrip("\n")) :] if origin in _OTHERS else ""
            self.text_box.show_change(new.text + begun)

    def _sync_changed(self, change: SyncChange) -> None:
        if self._cue_id is not None and (not change.keys or self._cue_id in change.cue_ids):
            self._show_sync()

    def _show(self, cue_id: int | None) -> None:
        """Another cue, or none."""
        cue = None if cue_id is None else self._session.document.snapshot.cues.get(cue_id)
        self._cue_id = cue.id if cue is not None else None
        self._refused = False
        if not self.text_box.held:
            self.message.say("")
        for field in reversed(self._parts.fields):  # the focus leaves the text for none of them
            locked = self._session.read_only and field is not self.text_box  # whose words may be copied
            field.setEnabled(cue is not None and not locked)
        self.text_box.lock(bool(self._session.read_only))
        self._hearing = True
        try:
            self.text_box.show_other(cue.text if cue is not None else "")
        finally:
            self._hearing = False
        self._times.show_other(cue)
        if cue is None:
            self.text_box.setPlaceholderText("Select a cue to edit it")
            for field in (self.speaker, self.identifier, self.settings):
                field.show_other("")
            self.note.show_note("")
            self.reading.clear()
            self.sync_line.show_state(Phase.LOCAL, "")
        else:
            self.text_box.setPlaceholderText("Type the cue's text")
            self.speaker.show_other(speaker_of(cue))
            self.identifier.show_other(cue.identifier)
            self.settings.show_other(cue.settings)
            self._show_rest(cue)
            self._show_sync()

    def _refused_lines(self) -> str:
        """A sentence on what is typed in a line, and the document cannot have."""
        speaker = self.speaker.currentText() if self.speaker.refused else ""
        typed = speaker or self.identifier.refused or self.settings.refused
        return f"“{typed}” cannot be written in a file, and was not taken." if typed else ""

    def _show_rest(self, cue: Cue) -> None:
        self._times.show(cue)
        gone = self.speaker.show_change(speaker_of(cue))
        gone = self.identifier.show_change(cue.identifier) or gone
        gone = self.settings.show_change(cue.settings) or gone
        if gone:
            self.message.say(_GONE.format(gone))
        self.note.show_note(comment_of(cue.lead) if cue.lead.strip() else "")
        self.reading.show_text(self.text_box.toPlainText() if self._refused else cue.text, cue.duration)

    def _speakers(self) -> list[str]:
        return speakers(self._session.document.snapshot.cues, self._cue_id)

    def _show_sync(self) -> None:
        if self._cue_id is not None:
            sync = self._session.sync
            self.sync_line.show_state(shown_phase(sync, self._cue_id), sync_words(sync, self._cue_id))
