"""Deciding a conflict: what it was, mine and theirs side by side; keep one, or compose one from both.

Opened by a person, never by the network, and closed without harm: an undecided conflict waits in the
panel, and what was composed for it waits in this dialog for the next `open_on`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.body import Conflict, ConflictKind
from vtt_desktop.sync.state import SyncChange
from vtt_desktop.ui.dialogs.conflict_columns import VersionColumns
from vtt_desktop.ui.dialogs.conflict_compose import ComposeBox, Draft
from vtt_desktop.ui.dialogs.conflict_fields import FieldVersions, head_versions, versions
from vtt_desktop.ui.dialogs.conflict_words import WORDINGS, cue_name
from vtt_desktop.ui.icons import icon
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.theme import UNIT, Theme

_WIDE = 1000  # px: three columns of the longest lines that a cue should have
MOVED = "The other side changed it again; you see the newest."
SETTLED = "This conflict was settled meanwhile: both sides say the same now."


class ConflictDialog(QDialog):
    """Shows one conflict of the session at a time. Make it once a session and call `open_on`."""

    def __init__(
        self,
        session: Session,
        theme: Theme,
        parent: QWidget | None = None,
        play: Callable[[int, int], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
        self._conflict: Conflict | None = None
        self._decided: dict[int, Conflict] = {}
        self._drafts: dict[int, Draft] = {}
        self._resolving = False
        self._order: list[int] = []
        self._rows: list[FieldVersions] = []
        self.time_offset = 0
        """ms that are added to the times of cues for those seen and typed."""
        self._disconnect: Callable[[], None] = lambda: None
        self.setWindowTitle("Resolve conflicts")
        self._build(play)
        self.finished.connect(lambda _: self._leave())

    # Public

    def open_on(self, cue_id: int) -> None:
        """Opens on the conflict of that cue (0: the header), or on the first there is. Does not wait."""
        waiting = self._waiting()
        self._disconnect()
        self._disconnect = self._session.sync.changed.connect(self._synced)
        self._show(next((c for c in waiting if c.id == cue_id), waiting[0] if waiting else None))
        self._fit(_WIDE)
        self.open()
        (self._columns if cue_id == 0 else self._compose).setFocus()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._columns.set_theme(theme)
        self._draw_icons()

    @property
    def conflict(self) -> Conflict | None:
        """The conflict in view."""
        return self._conflict

    @property
    def notice(self) -> str:
        """The sentence in the notice bar, or nothing."""
        return self._notice.text() if not self._notice.isHidden() else ""

    def keep_mine(self) -> None:
        """Mine stands, here and for all like it where that is ticked."""
        self._decide_side(mine=True)

    def take_theirs(self) -> None:
        """Theirs stands, here and for all like it where that is ticked."""
        self._decide_side(mine=False)

    def use_composed(self) -> None:
        """The composed cue stands."""
        conflict = self._conflict
        if conflict is None or not self._composed.isEnabled():
            return
        try:
            cue = self._compose.composed()
        except UserError as error:
            self._say(str(error), bad=True)
            return
        if self._resolve([(conflict, cue)]):
            self._go_on()

    def go(self, by: int) -> None:
        """To the next (1) or the previous (-1) conflict, round and round."""
        waiting = self._waiting()
        if self._conflict is None or not waiting:
            return
        ids = [conflict.id for conflict in waiting]
        at = ids.index(self._conflict.id) if self._conflict.id in ids else 0
        self._show(waiting[(at + by) % len(waiting)])

    # Showing

    def _show(self, conflict: Conflict | None, *, notice: str = "") -> None:
        self._keep_draft()
        self._conflict = conflict
        self._say(notice)
        for part in (self._columns, *self._deciding):
            part.setVisible(conflict is not None)
        self._wrong.hide()
        self._later.setText("Decide later" if conflict is not None else "Close")
        self._compose.setVisible(conflict is not None and conflict.kind is not ConflictKind.HEAD)
        if conflict is None:
            self._title.setText("No conflicts")
            self._story.setText("Nothing waits for a decision.")
            self._count_left()
            return
        words = WORDINGS[conflict.kind]
        self._title.setText(words.title.format(cue=cue_name(conflict, self._number(conflict))))
        self._story.setText(words.story)
        self._mine.setText(words.mine)
        self._theirs.setText(words.theirs)
        head = conflict.kind is ConflictKind.HEAD
        self._rows = head_versions(self._session.sync) if head else versions(conflict, self.time_offset)
        sides = (conflict.base, conflict.mine, conflict.theirs)
        self._columns.show_versions(self._rows, sides, self.time_offset)
        self._composed.setVisible(not head)
        if not head:
            self._compose.show_conflict(conflict, self._drafts.get(conflict.id), self.time_offset)
        self._all.setChecked(False)
        self._count_left()
        self._grow()

    def _grow(self) -> None:
        """What came shall not take the room of what was there."""
        if self.isVisible():
            had = self.height()
            self._fit(self.width(), at_least=had)

    def _fit(self, wide: int, at_least: int = 0) -> None:
        """As high as what is shown, and no larger than the screen or, where that is larger, the window."""
        behind = self.parentWidget()
        room = self.screen().availableSize().expandedTo(behind.size() if behind else QSize()) * 0.9
        layout = self.layout()
        assert layout is not None, "made in the constructor"
        wide = min(wide, room.width())
        self.resize(wide, self.height())
        layout.activate()
        self.resize(wide, max(at_least, min(layout.totalHeightForWidth(wide), room.height())))

    def _count_left(self) -> None:
        waiting = self._waiting()
        ids = self._order = [conflict.id for conflict in waiting]
        one = self._conflict
        if one is not None and one.id in ids:
            self._count.setText(f"{ids.index(one.id) + 1} of {len(ids)}" if len(ids) > 1 else "1 left")
        else:
            self._count.setText(f"{len(ids)} left")
        for button in (self._previous, self._next):
            button.setEnabled(len(ids) > 1)
        alike = self._alike()
        self._all.setText(f"The same for all {len(alike)} like this")
        self._all.setVisible(len(alike) > 1)

    def _say(self, words: str, *, bad: bool = False) -> None:
        self._notice.setText(words)
        self._notice.setProperty("role", "bad" if bad else "warn")
        self._notice.style().polish(self._notice)
        self._notice.setVisible(bool(words))
        self._grow()

    def _check_composed(self) -> None:
        reason = "It decides one conflict: untick “the same for all”." if self._all.isChecked() else ""
        if not reason:
            try:
                self._compose.composed()
            except UserError as error:
                reason = str(error)
        self._composed.setEnabled(not reason)
        self._composed.setToolTip(reason or "The composed version stands (Ctrl+Enter)")
        self._wrong.setText(reason)
        self._wrong.setVisible(bool(reason))
        self._grow()

    # What is heard

    def _synced(self, change: SyncChange) -> None:
        """The other side may move again while this is open: the newest is shown, what was composed stays."""
        one = self._conflict
        if self._resolving or not change.keys:
            return
        if one is None or (one.id and one.id not in change.cue_ids):
            self._count_left()
            return
        now = next((c for c in self._waiting() if c.id == one.id), None)
        if one.kind is ConflictKind.HEAD and now is not None:
            if head_versions(self._session.sync) != self._rows:  # they are not part of the conflict
                self._show(now, notice=MOVED)
        elif now is None:
            self._go_on(notice=SETTLED)
        elif now != one:
            self._show(now, notice=MOVED if now.theirs != one.theirs else "")
        else:
            self._count_left()

    # Deciding

    def _decide_side(self, *, mine: bool) -> None:
        conflict = self._conflict
        if conflict is None:
            return
        if conflict.kind is ConflictKind.HEAD:
            done = self._guarded(partial(self._session.resolve_head, mine))
        else:
            several = self._alike() if self._all.isChecked() else [conflict]
            done = self._resolve((c, c.keep_mine if mine else c.take_theirs) for c in several)
        if done:
            self._go_on()

    def _resolve(self, choices: Iterable[tuple[Conflict, Cue | None]]) -> bool:
        for conflict, cue in choices:
            if not self._guarded(partial(self._session.resolve, conflict.id, cue)):
                return False
            # Of a segment with several cues all are sent together: until then this one is still listed.
            self._decided[conflict.id] = conflict
            self._drafts.pop(conflict.id, None)
        return True

    def _guarded(self, run: Callable[[], object]) -> bool:
        self._resolving = True
        try:
            run()
        except UserError as error:
            self._say(str(error), bad=True)
            return False
        finally:
            self._resolving = False
        return True

    def _go_on(self, *, notice: str = "") -> None:
        """Shows the conflict behind the one that is done; closes after the last one, unless there is news."""
        waiting = self._waiting()
        if not waiting and not notice:
            self._conflict = None
            self.accept()
            return
        done = self._order.index(self._conflict.id) if self._conflict is not None else -1
        after = [c for c in waiting if c.id not in self._order[: done + 1]] or waiting
        self._show(after[0] if after else None, notice=notice)

    # Small things

    def _waiting(self) -> list[Conflict]:
        return [c for c in self._session.sync.conflicts if self._decided.get(c.id) != c]

    def _alike(self) -> list[Conflict]:
        if self._conflict is None or self._conflict.kind is ConflictKind.HEAD:
            return []
        return [c for c in self._waiting() if c.kind is self._conflict.kind]

    def _number(self, conflict: Conflict) -> int | None:
        cues = self._session.document.snapshot.cues
        return cues.index_of(conflict.id) + 1 if cues.has(conflict.id) else None

    def _keep_draft(self) -> None:
        one = self._conflict
        if one is not None and one.kind is not ConflictKind.HEAD and self._decided.get(one.id) != one:
            draft = self._compose.draft
            if draft is not None:
                self._drafts[one.id] = draft

    def _leave(self) -> None:
        self._keep_draft()
        self._conflict = None
        self._disconnect()
        self._disconnect = lambda: None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            # Enter is for the button that has the focus; in a field it must not decide anything.
            focused = self.focusWidget()
            if isinstance(focused, QPushButton):
                focused.click()
            return
        super().keyPressEvent(event)

    # Making

    def _build(self, play: Callable[[int, int], None] | None) -> None:
        self._title, self._story, self._count = QLabel(), QLabel(), QLabel()
        self._title.setProperty("role", "title")
        self._story.setProperty("role", "muted")
        self._count.setProperty("role", "muted")
        self._count.setAccessibleName("Conflicts left")
        self._story.setWordWrap(True)
        self._notice, self._wrong = QLabel(), QLabel()
        self._notice.setAccessibleName("Notice")
        self._notice.hide()
        self._wrong.setProperty("role", "bad")
        self._wrong.setAccessibleName("Why it cannot be used")
        self._previous = self._arrow("Previous conflict", "Alt+Up", -1)
        self._next = self._arrow("Next conflict", "Alt+Down", 1)
        self._columns = VersionColumns(self._theme, play)
        self._compose = ComposeBox()
        self._compose.changed.connect(self._check_composed)
        self._all = QCheckBox()
        self._all.toggled.connect(lambda _: self._check_composed())
        self._later = self._button("Decide later", "Esc", self.reject, "It stays in the list of conflicts")
        self._mine = self._button("Keep mine", "Alt+M", self.keep_mine, "Your version stands")
        self._theirs = self._button("Take theirs", "Alt+T", self.take_theirs, "The other version stands")
        self._composed = self._button("Use composed", "Ctrl+Return", self.use_composed, "")
        self._composed.setProperty("role", "primary")
        heading = _row(self._title, None, self._count, self._previous, self._next)
        self._deciding = (self._all, self._mine, self._theirs, self._composed)
        actions = _row(self._later, self._all, None, self._mine, self._theirs, self._composed)
        rule = QFrame()
        rule.setFrameShape(QFrame.Shape.HLine)
        column = QVBoxLayout(self)
        column.setContentsMargins(5 * UNIT, 4 * UNIT, 5 * UNIT, 4 * UNIT)
        column.setSpacing(2 * UNIT)
        column.addLayout(heading)
        column.addWidget(self._story)
        column.addWidget(self._notice)
        column.addSpacing(UNIT)
        column.addWidget(self._columns, 3)
        column.addSpacing(UNIT)
        column.addWidget(self._compose, 2)
        column.addWidget(self._wrong)
        column.addSpacing(UNIT)
        column.addLayout(actions)
        self._draw_icons()

    def _draw_icons(self) -> None:
        for button, name in ((self._previous, "previous"), (self._next, "next")):
            button.setIcon(icon(name, self._theme.text))

    def _arrow(self, name: str, keys: str, by: int) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(name)
        button.setToolTip(f"{name} ({keys})")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.go(by))
        QShortcut(QKeySequence(keys), self, lambda: self.go(by))
        return button

    def _button(self, words: str, keys: str, run: Callable[[], object], tip: str) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.setToolTip(f"{tip} ({keys})")
        button.clicked.connect(lambda: run())
        if keys != "Esc":
            QShortcut(QKeySequence(keys), self, lambda: run())
        return button


def _row(*parts: QWidget | None) -> QHBoxLayout:
    """Widgets beside each other; None is the stretch."""
    row = QHBoxLayout()
    row.setSpacing(2 * UNIT)
    for part in parts:
        if part is None:
            row.addStretch(1)
        else:
            row.addWidget(part)
    return row
