"""The find bar: looks as you type, replaces one or all. It keeps its words while it is hidden.

A large document is looked at in portions: the view goes to the next hit as soon as it is known, and the count
of all of them follows.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from time import perf_counter
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from vtt_desktop.domain.edit import Edit
from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.icons import icon
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.search import Hit, Query, Search, replace_all, replace_hit
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import UNIT, Theme

_PORTION_S: Final = 0.008
"""How long the loop is kept by one portion of a search."""


class FindBar(QFrame):
    """`found` tells a hit to the editor, which marks it; `closed` gives the focus back."""

    found = Signal(object)
    closed = Signal()

    def __init__(
        self,
        session: Session,
        selection: Selection,
        theme: Theme,
        fail: Callable[[UserError], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self._session, self._selection, self._fail = session, selection, fail
        self._hit: Hit | None = None
        self._from: tuple[int, int] | None = None
        self._last: Search | None = None
        self._looking = QTimer(self, interval=0, singleShot=True)
        self._looking.timeout.connect(self._look_on)
        self._box = self._line("Find", "Find…")
        self._by = self._line("Replace with", "Replace with…")
        self._count = QLabel()
        self._count.setProperty("role", "muted")
        self._count.setMinimumWidth(18 * UNIT)
        self._case = self._switch("Match case", "Capital and small letters differ")
        self._words = self._switch("Whole words", "Not inside a longer word")
        self._regex = self._switch(
            "Regular expression", "Python's regular expressions; ^ and $ match at lines"
        )
        self._previous = self._tool("previous", "Previous (Shift+F3)", lambda: self.step(backwards=True))
        self._next = self._tool("next", "Next (F3)", self.step)
        self._close = self._tool("close", "Close (Esc)", self.close_bar)
        self._one = QPushButton("Replace")
        self._one.setToolTip("Replace this one and go to the next")
        self._one.clicked.connect(self.replace_one)
        self._all = QPushButton("Replace all")
        self._all.setToolTip("Replace all of them: one step to undo")
        self._all.clicked.connect(self.replace_every)
        self._lay_out()
        self._box.textChanged.connect(self._as_typed)
        for switch in (self._case, self._words, self._regex):
            switch.toggled.connect(self._as_typed)
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        for button, name in ((self._previous, "previous"), (self._next, "next"), (self._close, "close")):
            button.setIcon(icon(name, theme.text))

    def set_session(self, session: Session) -> None:
        self._session, self._hit, self._from = session, None, None
        self._forget()
        self._count.clear()

    @property
    def query(self) -> Query:
        """What is being looked for."""
        return Query(
            self._box.text(), self._case.isChecked(), self._words.isChecked(), self._regex.isChecked()
        )

    @property
    def count_words(self) -> str:
        """What the bar says of the hits: `2 of 5`, `Not found`."""
        return self._count.text()

    def open(self, *, replace: bool, words: str = "") -> None:
        """Shows the bar, with the row for replacing or without it. `words` are looked for where given."""
        self._by.setVisible(replace)
        self._one.setVisible(replace)
        self._all.setVisible(replace)
        self._from = (self._selection.current, 0) if self._selection.current is not None else None
        self.show()
        if words and "\n" not in words:
            self._box.setText(words)
        self._box.setFocus()
        self._box.selectAll()

    def close_bar(self) -> None:
        self.hide()
        self._forget()
        self.closed.emit()

    def step(self, *, backwards: bool = False) -> None:
        """Goes to the next hit or to the one before."""
        if not self._box.text():
            self.open(replace=not self._by.isHidden())
            return
        at = self._from
        if self._hit is not None and self._hit.cue_id == self._selection.current:
            at = (self._hit.cue_id, self._hit.start if backwards else self._hit.end)
        elif self._selection.current is not None:
            at = (self._selection.current, 0)
        self._go(at, backwards=backwards)

    def replace_one(self) -> None:
        """Replaces the hit that is shown, then goes to the next one."""
        if self._hit is None:
            self.step()
            return
        hit = self._hit
        if self._submit(
            lambda: replace_hit(self._session.document.snapshot, self.query, hit, self._by.text())
        ):
            self._hit = Hit(hit.cue_id, hit.start, hit.start + len(self._by.text()))
            self.step()

    def replace_every(self) -> None:
        """Replaces all hits in one undo step and says how many cues changed."""
        before = self._session.document.snapshot
        if self._submit(lambda: replace_all(before, self.query, self._by.text())):
            after = self._session.document.snapshot
            changed = sum(1 for old, new in zip(before.cues, after.cues, strict=True) if old is not new)
            self._hit = None
            self._count.setText(f"{changed} cues changed" if changed != 1 else "1 cue changed")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.close_bar()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if watched is self._by:
                    self.replace_one()
                else:
                    self.step(backwards=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
                return True
        return super().eventFilter(watched, event)

    def _as_typed(self) -> None:
        self._looking.stop()
        if not self._box.text():
            self._mark(invalid=False)
            self._count.clear()
            return
        self._hit = None
        self._look_on()

    def _look_on(self) -> None:
        """The next portion of what was typed; goes to the next hit once it is known."""
        if (search := self._search()) is None:
            return
        until = perf_counter() + _PORTION_S
        search.look(self._from, lambda: perf_counter() > until)
        if self._hit is None and (hit := search.next(self._from, known_only=True)) is not None:
            self._show(hit, search)
        elif self._hit is not None:
            self._tell(self._hit, search)
        elif search.complete:
            self._count.setText("Not found")
        if not search.complete:
            self._looking.start()

    def _go(self, at: tuple[int, int] | None, *, backwards: bool = False) -> None:
        if (search := self._search()) is None:
            return
        self._hit = hit = search.next(at, backwards=backwards)
        if hit is None:
            self._count.setText("Not found")
            return
        self._show(hit, search)
        if not search.complete:
            self._looking.start()

    def _show(self, hit: Hit, search: Search) -> None:
        self._hit = hit
        self._tell(hit, search)
        self._selection.select_one(hit.cue_id)
        self.found.emit(hit)

    def _tell(self, hit: Hit, search: Search) -> None:
        self._count.setText(
            f"{search.number(hit):,} of {len(search):,}" if search.complete else f"… of {len(search):,}"
        )

    def _search(self) -> Search | None:
        """The hits as the document is now; what is known of it is not looked for again. None, and said so,
        where there is nothing that can be looked for."""
        cues, query, last = self._session.document.snapshot.cues, self.query, self._last
        try:
            if last is None or last.cues is not cues or last.query != query:
                last = self._last = Search(cues, query, last)
        except UserError as error:
            self._mark(invalid=True)
            self._count.setText("Malformed")
            self._count.setToolTip(error.message)
            return None
        self._mark(invalid=False)
        self._count.setToolTip("")
        return last

    def _forget(self) -> None:
        self._looking.stop()
        self._last = None  # a large document's texts are not kept twice for nothing

    def _submit(self, edit: Callable[[], Edit]) -> bool:
        try:
            made = edit()
            self._session.history.seal()
            self._session.submit(made)
        except UserError as error:
            self._fail(error)
            return False
        return True

    def _mark(self, *, invalid: bool) -> None:
        if self._box.property("invalid") != invalid:
            self._box.setProperty("invalid", invalid)
            self._box.style().unpolish(self._box)
            self._box.style().polish(self._box)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(3 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        grid.setHorizontalSpacing(2 * UNIT)
        grid.setVerticalSpacing(UNIT)
        top: tuple[QWidget, ...] = (
            self._box,
            self._count,
            self._previous,
            self._next,
            self._case,
            self._words,
            self._regex,
            self._close,
        )
        for column, widget in enumerate(top):
            grid.addWidget(widget, 0, column)
        grid.addWidget(self._by, 1, 0)
        row = QHBoxLayout()
        row.setSpacing(2 * UNIT)
        row.addWidget(self._one)
        row.addWidget(self._all)
        row.addStretch(1)
        grid.addLayout(row, 1, 1, 1, len(top) - 1)
        grid.setColumnStretch(0, 1)
        focusable = [widget for widget in top[1:] if widget is not self._count]
        for before, after in pairwise((self._box, self._by, self._one, self._all, *focusable)):
            self.setTabOrder(before, after)

    def _line(self, name: str, hint: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(name)
        line.setPlaceholderText(hint)
        line.installEventFilter(self)
        return line

    def _switch(self, words: str, tip: str) -> QCheckBox:
        switch = QCheckBox(words)
        switch.setToolTip(tip)
        return switch

    def _tool(self, name: str, tip: str, run: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setToolTip(tip)
        button.setAccessibleName(tip.partition(" (")[0])
        button.clicked.connect(lambda: run())
        return button
