"""The file as text: the caret and the current cue go together, and each block is read again as it is typed.

Of a long file the part round the current cue is shown, and said to be a part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from vtt_desktop.domain.document import Change, Snapshot
from vtt_desktop.domain.edit import Edit
from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.authoring import SourceText
from vtt_desktop.ui.document_dialog.live import LiveBox, replace_text, units
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.source_colours import SourceColours
from vtt_desktop.ui.source_part import SourcePart, quiet_button
from vtt_desktop.ui.theme import UNIT, Theme, font

PART: Final = 600
"""Cues that are shown at once; a file of up to twice as many is shown whole."""
_FEW: Final = 20  # cues of an edit by others that are brought up one by one
_GONE: Final = "This block was changed meanwhile; what was typed and not whole is gone."


@dataclass(slots=True)
class _Stretch:
    """Pieces that stand together in the box, `length` in Qt's units; several while they are not read:
    then `waiting` says why."""

    keys: tuple[int, ...]
    length: int
    waiting: str = ""


class SourceView(QWidget):
    """Edits through `source`; what is not whole yet waits, and is said."""

    def __init__(
        self,
        session: Session,
        selection: Selection,
        source: SourceText,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._selection, self._source = session, selection, source
        self._stretches: list[_Stretch] = []
        self._first = 0  # number of the first cue that is shown
        self._last = 0
        self._busy = False
        self._shown = False
        self.box = LiveBox("Source", "The file as text", self)
        face = font()
        face.setFamilies(["Noto Sans Mono", "DejaVu Sans Mono", "monospace"])
        self.box.setFont(face)
        self.box.setLineWrapMode(LiveBox.LineWrapMode.NoWrap)
        self._colours = SourceColours(self.box.document(), theme)
        self._part = SourcePart()
        self._part.wanted.connect(self._go)
        self._said = QLabel()
        self._said.setProperty("role", "warn")
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._said.setWordWrap(True)
        below = QHBoxLayout()
        below.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, UNIT)
        below.addWidget(self._said, 1)
        self._back = quiet_button("Put back", "What is not whole yet, as it was before")
        self._back.clicked.connect(self.put_back)
        self._back.hide()
        below.addWidget(self._back)
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT, 0, UNIT, 0)
        column.setSpacing(0)
        column.addWidget(self._part)
        column.addWidget(self.box, 1)
        column.addLayout(below)
        self.setFocusProxy(self.box)
        self.setAccessibleName("Source")
        self.box.document().contentsChange.connect(self._typed)
        self.box.cursorPositionChanged.connect(self._caret_moved)
        self.box.left.connect(lambda: self._session.history.seal())
        selection.changed.connect(lambda _selection: self._selected())
        self._disconnect: Callable[[], None] = lambda: None
        self.set_session(session)

    # What the window calls

    def set_session(self, session: Session) -> None:
        """Another document."""
        self._disconnect()
        self._session = session
        self._disconnect = session.document.changed.connect(self._edited)
        self._stretches = []
        if self._shown:
            self._fill()

    def set_theme(self, theme: Theme) -> None:
        self._colours.set_theme(theme)

    def set_shown(self, shown: bool) -> None:
        """Only while it is shown it keeps up: nobody pays for what is not seen."""
        self._shown = shown
        if shown:
            self._fill()
        else:
            self._stretches = []
            self._busy = True
            self.box.clear()
            self._busy = False

    @property
    def words(self) -> str:
        """What it says of the text that is not whole yet, or nothing."""
        return self._said.text()

    @property
    def waiting(self) -> str:
        """Why a block that was typed is not whole yet, so that the document knows nothing of it; or nothing.

        Nobody may take it away unasked: no other part is shown meanwhile, and the window asks before it goes.
        """
        return next((stretch.waiting for stretch in self._stretches if stretch.waiting), "")

    def put_back(self) -> None:
        """What is not whole becomes what it was."""
        while self.waiting:
            self._renew(next(i for i, stretch in enumerate(self._stretches) if stretch.waiting))
        self._say("")
        self._caret_moved()
        self.box.setFocus()

    # What a person does

    def _typed(self, at: int, removed: int, added: int) -> None:
        if self._busy or not self._shown or (not removed and not added):
            return
        total = self.box.document().characterCount() - 1
        before = sum(stretch.length for stretch in self._stretches)
        # Qt counts the end of the document, too, where all of it is replaced.
        removed = min(removed, before - at)
        added = total - before + removed
        lo, hi = self._touched(at, removed)
        keys = tuple(key for stretch in self._stretches[lo : hi + 1] for key in stretch.keys)
        length = sum(stretch.length for stretch in self._stretches[lo : hi + 1]) + added - removed
        self._stretches[lo : hi + 1] = [_Stretch(keys, length, "It is not read yet.")]
        self._read(lo)

    def _touched(self, at: int, removed: int) -> tuple[int, int]:
        """The stretches that an edit touches; one that ends where it begins is among them."""
        lo = hi = -1
        begin = 0
        for number, stretch in enumerate(self._stretches):
            end = begin + stretch.length
            if lo < 0 and end >= at and stretch.length:
                lo = number
            if lo >= 0 and (begin < at + removed or number == lo):
                hi = number
            begin = end
        if lo < 0:
            lo = hi = len(self._stretches) - 1
        return lo, max(lo, hi)

    def _read(self, number: int) -> None:
        """Submits what a stretch says, if it is whole."""
        stretch = self._stretches[number]
        text = self._text(self._begin(number), stretch.length)
        document = self._session.document
        try:
            edit = self._source.edit(document.snapshot, stretch.keys, text, document.new_id)
            self._busy = True
            if edit.changes:
                self._session.submit(edit)
        except UserError as error:
            stretch.waiting = str(error)
            self._say(stretch.waiting)
            return
        finally:
            self._busy = False
        self._renew(number)
        self._say(self.waiting)
        self._caret_moved()

    def _caret_moved(self) -> None:
        if self._busy or not self._shown or not self._stretches:
            return
        at = self.box.textCursor().position()
        begin = 0
        for stretch in self._stretches:
            begin += stretch.length
            if at <= begin and stretch.length:
                key = stretch.keys[0]
                if key > 0 and key != self._selection.current and self._snapshot.cues.has(key):
                    self._busy = True
                    self._selection.select_one(key)
                    self._busy = False
                return

    def _go(self, by: int) -> None:
        if self.waiting:
            self.box.setFocus()
            return
        cues = self._snapshot.cues
        at = min(max(0, (self._first + self._last) // 2 + by * PART), len(cues) - 1)
        self._selection.select_one(cues[at].id)
        self.box.setFocus()

    # What the model says

    @property
    def _snapshot(self) -> Snapshot:
        return self._session.document.snapshot

    def _selected(self) -> None:
        current = self._selection.current
        if self._busy or not self._shown or current is None or not self._snapshot.cues.has(current):
            return
        place = self._place_of(current)
        if place is None:
            if not self.waiting:
                self._fill()
            return
        at = self.box.textCursor().position()
        stretch = self._stretches[place]
        begin = self._begin(place)
        if not begin < at <= begin + stretch.length:
            self._put_caret(place)

    def _edited(self, change: Change) -> None:
        if not self._shown:
            return
        others = not self._busy
        edit = change.edit
        if not others:
            if edit.structural:
                self._count(change.new)
            return
        self._busy = True
        try:
            if edit.of_head or edit.structural or len(edit.ids) > _FEW:
                self._fill_keeping(edit)
                return
            for cue_id in edit.ids:
                place = self._place_of(cue_id)
                if place is not None:
                    gone = self._stretches[place].waiting
                    self._renew(place)
                    if gone:
                        self._say(_GONE)
        finally:
            self._busy = False

    def _renew(self, number: int) -> None:
        """Brings a stretch, and those beside it, up with the model, each piece by itself again."""
        lo = max(0, number - 1) if number and not self._stretches[number - 1].waiting else number
        hi = number
        if number + 1 < len(self._stretches) and not self._stretches[number + 1].waiting:
            hi = number + 1
        cues = self._snapshot.cues
        left = [key for s in self._stretches[:lo] for key in s.keys][-1:]
        right = [key for s in self._stretches[hi + 1 :] for key in s.keys][:1]
        first = cues.index_of(left[0]) + 1 if left and left[0] > 0 else self._first
        last = cues.index_of(right[0]) if right and right[0] > 0 else self._last
        pieces = list(self._source.pieces(self._snapshot, first, last))
        if left:
            pieces = [piece for piece in pieces if piece.key not in left]
        if right:
            pieces = [piece for piece in pieces if piece.key not in right]
        begin = self._begin(lo)
        length = sum(stretch.length for stretch in self._stretches[lo : hi + 1])
        old, new = self._text(begin, length), "".join(piece.text for piece in pieces)
        busy, self._busy = self._busy, True
        try:
            if old != new:
                replace_text(self.box.document(), begin, old, new)
        finally:
            self._busy = busy
        self._stretches[lo : hi + 1] = [_Stretch((piece.key,), units(piece.text)) for piece in pieces]

    def _count(self, snapshot: Snapshot) -> None:
        """A cue more or less in the part that is shown, by the person's own hand."""
        cues = snapshot.cues
        whole = self._last >= len(cues) - 1 and self._first == 0 and len(cues) <= 2 * PART + PART
        if whole:
            self._last = len(cues)
        else:
            keys = [key for s in self._stretches for key in s.keys if key > 0 and cues.has(key)]
            self._last = max(cues.index_of(keys[-1]) + 1 if keys else 0, self._first)
        self._show_part()

    def _fill(self, current: int | None = None) -> None:
        """Shows the part round a cue, the current one by itself."""
        cues, current = self._snapshot.cues, current or self._selection.current
        here = cues.index_of(current) if current is not None and cues.has(current) else 0
        if len(cues) <= 2 * PART:
            self._first, self._last = 0, len(cues)
        else:
            self._first = max(0, min(here - PART // 2, len(cues) - PART))
            self._last = self._first + PART
        pieces = self._source.pieces(self._snapshot, self._first, self._last)
        busy, self._busy = self._busy, True
        try:
            self.box.setPlainText("".join(piece.text for piece in pieces))
            self._stretches = [_Stretch((piece.key,), units(piece.text)) for piece in pieces]
            self._say("")
            self._show_part()
            place = self._place_of(current) if current is not None else None
            if place is not None:
                self._put_caret(place)
        finally:
            self._busy = busy

    def _fill_keeping(self, edit: Edit) -> None:
        """All again; the caret stays with its words, the text where it stood, and what is not whole as it is
        where `edit` did nothing to its blocks."""
        waits = [
            (stretch, self._text(self._begin(i), stretch.length))
            for i, stretch in enumerate(self._stretches)
            if stretch.waiting
        ]
        caret, bar = self.box.textCursor().position(), self.box.verticalScrollBar()
        begin, kept = 0, (0, caret)
        for stretch in self._stretches:
            if begin <= caret <= begin + stretch.length and stretch.length:
                kept = (stretch.keys[0], caret - begin)
                break
            begin += stretch.length
        scrolled = bar.value()
        self._fill(waits[0][0].keys[-1] if waits else None)
        lost = [not self._wait_again(stretch, text, edit) for stretch, text in waits]
        self._say(_GONE if any(lost) else self.waiting)
        place = self._place_of(kept[0])
        if place is not None:
            cursor = self.box.textCursor()
            cursor.setPosition(self._begin(place) + min(kept[1], self._stretches[place].length))
            self.box.setTextCursor(cursor)
        bar.setValue(scrolled)

    def _wait_again(self, stretch: _Stretch, text: str, edit: Edit) -> bool:
        """Brings text that is not whole back to the place of its blocks. False where those are others now."""
        keys = stretch.keys
        place = self._place_of(keys[0])
        if place is None or (edit.of_head and keys[0] < 0) or not edit.ids.isdisjoint(keys):
            return False
        now = self._stretches[place : place + len(keys)]
        if tuple(key for one in now for key in one.keys) != keys:
            return False
        begin, length = self._begin(place), sum(one.length for one in now)
        replace_text(self.box.document(), begin, self._text(begin, length), text)
        self._stretches[place : place + len(keys)] = [stretch]
        return True

    def _show_part(self) -> None:
        self._part.show_part(self._first, self._last, len(self._snapshot.cues))

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self.box.mark(bool(words))
        self._back.setVisible(bool(self.waiting))

    # Places

    def _begin(self, number: int) -> int:
        return sum(stretch.length for stretch in self._stretches[:number])

    def _place_of(self, key: int) -> int | None:
        return next((i for i, stretch in enumerate(self._stretches) if key in stretch.keys), None)

    def _text(self, begin: int, length: int) -> str:
        cursor = QTextCursor(self.box.document())
        cursor.setPosition(begin)
        cursor.setPosition(begin + length, QTextCursor.MoveMode.KeepAnchor)
        return cursor.selectedText().replace("\u2029", "\n")

    def _put_caret(self, place: int) -> None:
        """The caret to the cue's first line of its own, and that into view."""
        begin, length = self._begin(place), self._stretches[place].length
        text = self._text(begin, length)
        timing = text.find("-->")
        line = text.rfind("\n", 0, timing if timing >= 0 else len(text)) + 1
        cursor = self.box.textCursor()
        cursor.setPosition(begin + units(text[:line]))
        busy, self._busy = self._busy, True
        try:
            self.box.setTextCursor(cursor)
            self.box.centerCursor()
        finally:
            self._busy = busy
