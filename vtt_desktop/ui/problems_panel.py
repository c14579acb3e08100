"""What is wrong with the document: one entry a problem, in the rule's words, with where it is written."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import partial
from itertools import islice, takewhile

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Change
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.problem import Problem
from vtt_desktop.ui.authoring import Fix, Problems, ProblemsChange
from vtt_desktop.ui.commands import readable_key
from vtt_desktop.ui.elided_label import ElidedLabel
from vtt_desktop.ui.icons import icon
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.problem_rows import ProblemLines, ProblemList, ProblemRows
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import UNIT, Theme

FIX_KEY = "Ctrl+."
FIX_LIKE_KEY = "Ctrl+Shift+."


class ProblemsPanel(QWidget):
    """Lists `problems`. An entry that is chosen makes its cue current; nothing here edits."""

    stepped = Signal(str)
    """A problem was gone to by its command: what is wrong, in words for where the list is not seen."""
    closed = Signal()
    """The person does not want to see the list."""
    edit_requested = Signal()
    """Enter: the person wants to type in the cue."""
    fix_requested = Signal()
    fix_like_requested = Signal()

    def __init__(
        self,
        session: Session,
        selection: Selection,
        problems: Problems,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._selection, self._problems = session, selection, problems
        self._theme = theme
        self.setAccessibleName("Problems")
        self._model = ProblemRows(session.document.snapshot.cues, self)
        self._lines = ProblemLines(theme, self)
        self._title = QLabel()
        self._close = QToolButton()
        self._close.setAccessibleName("Hide the problems")
        self._close.setToolTip("Hide the problems")
        self._close.clicked.connect(lambda: self.closed.emit())
        self._fix = self._fix_button("Fix", "fix", self.fix_requested)
        self._fix_like = self._fix_button("Fix all like it", "", self.fix_like_requested)
        self._preview = ElidedLabel()
        self._empty = QLabel()
        self._empty.setProperty("role", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._list = ProblemList(self._model, self._lines)
        self._list.setMinimumHeight(self._lines.height)  # an entry: what the smallest window has room for
        self._list.entered_key.connect(lambda: self.edit_requested.emit())
        self._list.clicked.connect(lambda index: self._choose(index))
        self._list.selectionModel().currentChanged.connect(lambda index, _old: self._moved(index))
        head = QHBoxLayout()
        head.setContentsMargins(2 * UNIT, UNIT, UNIT, UNIT)
        head.addWidget(self._title, 1)
        head.addWidget(self._fix)
        head.addWidget(self._fix_like)
        head.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._empty, 1)
        column.addWidget(self._list, 1)
        column.addWidget(self._preview)
        self._disconnect: list[Callable[[], None]] = []
        problems.changed.connect(self._heard)
        selection.changed.connect(lambda _selection: self._show_fix())
        self.set_theme(theme)
        self.set_session(session)

    def set_session(self, session: Session) -> None:
        """Another document; `problems` tells what is wrong with it."""
        for disconnect in self._disconnect:
            disconnect()
        self._session = session
        self._disconnect = [session.document.changed.connect(self._edited)]
        self._model.show_all(session.document.snapshot.cues, self._problems.rows)
        self._show_count()

    def set_theme(self, theme: Theme) -> None:
        self._theme = self._lines.theme = theme
        self._close.setIcon(icon("close", theme.muted))
        self._fix.setIcon(icon("fix", theme.muted, sizes=(16,)))
        self._list.viewport().update()

    @property
    def chosen(self) -> Problem | None:
        """The one that is meant: marked in the list, else the first of the current cue that can be mended."""
        marked = self._model.problem(self._list.currentIndex())
        current = self._selection.current
        if marked is not None and (self._list.hasFocus() or marked.cue_id == current):
            return marked
        here = self._of_cue(current)
        return next((one for one in here if self._problems.fix_of(one)), here[0] if here else None)

    @property
    def preview(self) -> str:
        """What mending the chosen one would change, or that it cannot be mended; nothing without one."""
        return self._preview.words

    def fix(self) -> None:
        """Mends the chosen problem, as an undo step of its own. UserError where only a person can."""
        self._mend(self._problems.fix_of(self._meant()))

    async def fix_like(self) -> None:
        """Mends all problems of its kind that can be, as one undo step."""
        self._mend(await self._problems.fix_like(self._meant()))

    def _meant(self) -> Problem:
        problem = self.chosen
        if problem is None:
            raise UserError("This cue has no problem.", "F8 goes to the next one that has.")
        return problem

    def _mend(self, fix: Fix | None) -> None:
        if fix is None:
            raise UserError("This problem cannot be mended by itself: only you know what is meant.")
        history = self._session.history
        history.seal()
        self._session.submit(fix.edit)
        history.seal()

    @property
    def count(self) -> int:
        """How many problems are listed."""
        return self._model.rowCount()

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What each entry says, in two lines."""
        return [self._model.lines(row) for row in range(self.count)]

    @property
    def words(self) -> str:
        """What stands above the list, or in its place."""
        return self._title.text() if self.count else self._empty.text()

    def focus_list(self) -> None:
        """Gives the list the focus."""
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def step(self, *, backwards: bool = False) -> Problem | None:
        """Goes to the next problem of a cue, all those of the current cue first, and round the end."""
        rows, cues = self._problems.rows, self._session.document.snapshot.cues
        current = self._selection.current
        here = cues.index_of(current) if current is not None and cues.has(current) else -1

        place = partial(_place, cues)
        first = bisect_right(rows, -1, key=place)  # behind those of the file
        if first == len(rows):
            return None
        marked = self._list.currentIndex().row()
        if first <= marked < len(rows) and rows[marked].cue_id == current:
            at = marked - 1 if backwards else marked + 1
        else:
            at = bisect_right(rows, here, key=place) - 1 if backwards else bisect_left(rows, here, key=place)
        at = first if at >= len(rows) else len(rows) - 1 if at < first else at
        self._list.mark(at)
        self._select(rows[at])
        said, where = self._model.lines(at)
        self.stepped.emit(f"{where.partition(' · ')[0]}: {said}")
        return rows[at]

    # What is heard

    def _heard(self, change: ProblemsChange) -> None:
        self._model.take(change, self._problems.rows)
        self._show_count()
        self._show_fix()

    def _edited(self, change: Change) -> None:
        self._model.cues = change.new.cues
        if change.edit.structural:
            self._list.viewport().update()  # numbers have moved
        if self._selection.current in change.edit.ids:
            self._show_fix()

    def _show_count(self) -> None:
        count = self.count
        looking = "Checking…" if self._problems.checking else ""
        self._title.setText(count_words(count) + (f" · {looking.lower()}" if looking else ""))
        self._empty.setText(looking or "No problems.")
        self._empty.setVisible(not count)
        self._list.setVisible(bool(count))

    def _show_fix(self) -> None:
        if not self.isVisible():
            return
        problem = self.chosen
        fix = self._problems.fix_of(problem) if problem is not None else None
        words = ""
        if problem is not None:
            words = f"Fix: {fix.preview}" if fix is not None else "Only you can mend this one."
        self._preview.show_words(words)
        for button, key in ((self._fix, FIX_KEY), (self._fix_like, FIX_LIKE_KEY)):
            button.setEnabled(fix is not None)
            button.setToolTip(f"{button.text()} ({readable_key(key)})" + (f"\n{words}" if words else ""))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_fix()

    def _of_cue(self, cue_id: int | None) -> list[Problem]:
        """The problems of one cue."""
        cues, rows = self._session.document.snapshot.cues, self._problems.rows
        if cue_id is None or not cues.has(cue_id):
            return []
        place = partial(_place, cues)
        first = bisect_left(rows, cues.index_of(cue_id), key=place)
        return list(takewhile(lambda one: one.cue_id == cue_id, islice(rows, first, None)))

    def _fix_button(self, words: str, drawn: str, wish: SignalInstance) -> QToolButton:
        made = QToolButton()
        made.setText(words)
        made.setAccessibleName(words)
        made.setIconSize(QSize(16, 16))
        beside = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        made.setToolButtonStyle(beside if drawn else Qt.ToolButtonStyle.ToolButtonTextOnly)
        made.clicked.connect(lambda: wish.emit())
        return made

    # What the person does

    def _moved(self, index: QModelIndex) -> None:
        self._show_fix()
        if self._list.hasFocus():  # a row that came or went under it is nobody's choice
            self._choose(index)

    def _choose(self, index: QModelIndex) -> None:
        if (problem := self._model.problem(index)) is not None:
            self._select(problem)

    def _select(self, problem: Problem) -> None:
        if problem.cue_id is not None and self._session.document.snapshot.cues.has(problem.cue_id):
            self._selection.select_one(problem.cue_id)


def _place(cues: CueList, problem: Problem) -> int:
    """The index of its cue; below nought for one of the file."""
    cue_id = problem.cue_id
    return cues.index_of(cue_id) if cue_id is not None and cues.has(cue_id) else -1


def count_words(count: int) -> str:
    """`1 problem`, `2,000 problems`, nothing for none."""
    return "" if not count else "1 problem" if count == 1 else f"{count:,} problems"
