"""What waits for a person: one entry a conflict, with mine and theirs, decided here or opened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListView, QPushButton, QVBoxLayout, QWidget

from vtt_desktop.domain.document import Change
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.body import Conflict, ConflictKind
from vtt_desktop.sync.state import SyncChange
from vtt_desktop.ui.conflict_rows import ConflictPainting, ConflictRows
from vtt_desktop.ui.dialogs.conflict_order import in_document_order
from vtt_desktop.ui.dialogs.conflict_words import WORDINGS, cue_name
from vtt_desktop.ui.paced import MANY, Paced
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import UNIT, Theme


class ConflictsPanel(QWidget):
    """Lists `session.sync`'s conflicts. A change of the sync costs what it changed, not what there is.

    The current entry is one that a person went to, here or in the table, and the table goes with it. When it
    is settled by others none is current: a press of a button would decide what nobody looked at.
    """

    open_requested = Signal(int)
    """The person wants to see the conflict on the cue with this id (0: the header) side by side."""
    refused = Signal(str)
    """A choice could not be made, in one sentence."""

    def __init__(
        self, session: Session, selection: Selection, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Conflicts")
        self._selection = selection
        self._deciding = False
        self._in_order = False
        self._listing = Paced(self._fill, self)
        self._model = ConflictRows(self, self._number)
        self._painting = ConflictPainting(theme, self)
        self._empty = QLabel("No conflicts.")
        self._empty.setProperty("role", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._list = _List()
        self._list.setModel(self._model)
        self._list.setItemDelegate(self._painting)
        self._list.doubleClicked.connect(lambda _: self._open())
        self._list.walked.connect(self._take_table_along)
        self._list.selectionModel().currentChanged.connect(lambda *_: self._show_buttons())
        self._buttons = QVBoxLayout()
        self._buttons.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, UNIT)
        self._buttons.setSpacing(UNIT)
        self._open_button = self._button("Open…", "See all versions side by side (Enter)", self._open)
        self._mine_button = self._button("Mine", "", lambda: self._decide(mine=True))
        self._theirs_button = self._button("Theirs", "", lambda: self._decide(mine=False))
        self._buttons.addStretch(1)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self._empty, 1)
        across.addWidget(self._list, 1)
        across.addLayout(self._buttons)
        self._disconnect: list[Callable[[], None]] = []
        selection.changed.connect(lambda _selection: self._follow())
        self.set_session(session)

    def set_time_offset(self, ms: int) -> None:
        """What is added to the times of cues."""
        self._model.time_offset = ms
        self._list.viewport().update()

    def set_session(self, session: Session) -> None:
        """Lists another session's conflicts."""
        for disconnect in self._disconnect:
            disconnect()
        self._session = session
        self._disconnect = [
            session.sync.changed.connect(self._synced),
            session.document.changed.connect(self._edited),
        ]
        self._by_key = {key: s.conflicts for key, s in session.sync.segments.items() if s.conflicts}
        self._in_order = False
        self._listing.ask(now=True)

    def set_theme(self, theme: Theme) -> None:
        self._painting.theme = theme
        self._list.viewport().update()

    @property
    def count(self) -> int:
        """How many conflicts wait."""
        return self._model.rowCount()

    # What is heard

    def _synced(self, change: SyncChange) -> None:
        touched, there = False, self._session.sync.disputed
        if not there and not self._by_key:
            return
        for key in [key for key in change.keys if key in there or key in self._by_key]:
            segment = self._session.sync.segment(key)
            found = segment.conflicts if segment is not None else ()
            if found != self._by_key.get(key, ()):
                touched = True
                if found:
                    self._by_key[key] = found
                else:
                    del self._by_key[key]
        if touched:
            self._fill_in_time()

    def _edited(self, change: Change) -> None:
        if self._by_key and change.edit.structural:
            self._in_order = False
            self._fill_in_time()  # numbers have moved

    def _fill_in_time(self) -> None:
        """At once; of many no more often than a person sees, since all may be decided in one go."""
        self._listing.ask(now=len(self._by_key) < MANY)

    def _fill(self) -> None:
        """Shows what there is. The current entry stays current; one that was decided here hands over."""
        before, row = self._current(), self._list.currentIndex().row()
        every = {conflict.id: conflict for conflicts in self._by_key.values() for conflict in conflicts}
        found = [conflict for conflict in self._model.found if every.get(conflict.id) is conflict]
        if len(found) < len(every) or not self._in_order:  # else some went, which moves none of the others
            found = in_document_order(every.values(), self._session.document.snapshot)
            self._in_order = True
        self._model.show(found)
        at = self._model.index_of(before.id if before is not None else self._selection.current)
        if before is not None and not at.isValid() and found and self._deciding:
            at = self._model.index(min(row, len(found) - 1))
        self._list.setCurrentIndex(at)
        self._empty.setVisible(not found)
        self._list.setVisible(bool(found))
        self._show_buttons()

    def _number(self, conflict: Conflict) -> int | None:
        cues = self._session.document.snapshot.cues
        return cues.index_of(conflict.id) + 1 if cues.has(conflict.id) else None

    def _follow(self) -> None:
        """The table went to another cue: to its conflict, where it has one."""
        self._listing.catch_up()
        at = self._model.index_of(self._selection.current)
        if at.isValid() and at != self._list.currentIndex():
            self._list.setCurrentIndex(at)

    # What the person does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current() is not None:
            self._open()
        else:
            super().keyPressEvent(event)

    def _take_table_along(self) -> None:
        conflict = self._current()
        if conflict is not None and self._session.document.snapshot.cues.has(conflict.id):
            self._selection.select_one(conflict.id)

    def _current(self) -> Conflict | None:
        return self._model.conflict(self._list.currentIndex())

    def _open(self) -> None:
        self._listing.catch_up()
        conflict = self._current() or self._model.conflict(self._model.index(0))
        if conflict is not None:
            self.open_requested.emit(conflict.id)

    def _decide(self, *, mine: bool) -> None:
        self._listing.catch_up()
        conflict = self._current()
        if conflict is None:
            return
        self._deciding = True
        try:
            if conflict.kind is ConflictKind.HEAD:
                self._session.resolve_head(mine)
            else:
                choice = conflict.keep_mine if mine else conflict.take_theirs
                if not self._session.preview(conflict, choice).alone:
                    self.open_requested.emit(conflict.id)  # where it is said what becomes of these
                    return
                self._session.resolve(conflict.id, choice)
            self._listing.catch_up()
        except UserError as error:
            self.refused.emit(str(error))
        else:
            self._take_table_along()
        finally:
            self._deciding = False

    def _show_buttons(self) -> None:
        conflict = self._current()
        for button in (self._open_button, self._mine_button, self._theirs_button):
            button.setVisible(self.count > 0)
        meanings = ["Choose a conflict in the list first"] * 2
        if conflict is not None:
            head = conflict.kind is ConflictKind.HEAD
            name = "the header" if head else cue_name(conflict, self._number(conflict))
            words = WORDINGS[conflict.kind]
            meanings = [f"{words.mine}: {name}", f"{words.theirs}: {name}"]
        for button, meaning in zip((self._mine_button, self._theirs_button), meanings, strict=True):
            button.setEnabled(conflict is not None)
            button.setToolTip(meaning)
            button.setAccessibleDescription(meaning)

    def _button(self, text: str, tip: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.setAccessibleName(text.rstrip("…"))
        button.clicked.connect(lambda: run())
        self._buttons.addWidget(button)
        return button


class _List(QListView):
    """`walked`: a person went to an entry, by key or by mouse."""

    walked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Conflicts")
        self.pressed.connect(lambda _: self.walked.emit())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.currentIndex()
        super().keyPressEvent(event)
        if self.currentIndex() != before:
            self.walked.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming by Tab makes the first entry current, and shows it as that."""
        super().focusInEvent(event)
        self.setCurrentIndex(self.currentIndex())
