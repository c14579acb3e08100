"""Deciding a conflict: what it was, mine and theirs side by side; keep one, or compose one from both.

Opened by a person, never by the network, and closed without harm: an undecided conflict waits in the
panel, and what was composed for it waits for the next `open_on`. The network never takes
another conflict into view: what is typed must not go to another cue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Change
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.body import Conflict, ConflictKind
from vtt_desktop.sync.state import SyncChange
from vtt_desktop.ui.dialogs.conflict_choices import ONLY_ONE, ConflictChoices
from vtt_desktop.ui.dialogs.conflict_columns import VersionColumns
from vtt_desktop.ui.dialogs.conflict_compose import ComposeBox
from vtt_desktop.ui.dialogs.conflict_drafts import Drafts
from vtt_desktop.ui.dialogs.conflict_fields import FieldVersions, head_versions, versions
from vtt_desktop.ui.dialogs.conflict_foresight import Foresight
from vtt_desktop.ui.dialogs.conflict_heading import ConflictHeading
from vtt_desktop.ui.dialogs.conflict_order import ConflictQueue
from vtt_desktop.ui.dialogs.conflict_settled import Settled
from vtt_desktop.ui.dialogs.conflict_words import WORDINGS
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.theme import UNIT, Theme

_WIDE = 1000  # px: three columns of the longest lines that a cue should have
MOVED = "The other side changed it again; you see the newest."


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
        self._settled: Settled | None = None
        self._queue = ConflictQueue(session)
        self._drafts = Drafts(session, session.sync.conflicts)
        self._resolving = False
        self._rows: list[FieldVersions] = []
        self._foresight = Foresight(session)
        self._foresight.due.connect(self._foresee)
        self.time_offset = 0
        """ms that are added to the times of cues for those seen and typed."""
        self._disconnect: tuple[Callable[[], None], ...] = ()
        self.setWindowTitle("Resolve conflicts")
        self._build(play)
        self.finished.connect(lambda _: self._leave())

    # Public

    def open_on(self, cue_id: int) -> None:
        """Opens on the conflict of that cue (0: the header), or on the first there is. Does not wait."""
        waiting = self._queue.waiting
        self._hear_nothing()
        self._disconnect = (
            self._session.sync.changed.connect(self._synced),
            self._session.document.changed.connect(self._edited),
        )
        self._show(next((c for c in waiting if c.id == cue_id), waiting[0] if waiting else None))
        self._fit(_WIDE)  # before it is put into the middle of the window
        self.open()
        (self._compose if self._composing else self._columns).setFocus()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._columns.set_theme(theme)
        self._heading.set_theme(theme)

    @property
    def conflict(self) -> Conflict | None:
        """The conflict that is to be decided here; None where none is, or where it is settled."""
        return self._conflict if self._settled is None else None

    @property
    def notice(self) -> str:
        """The sentence in the notice bar, or nothing."""
        return self._heading.notice

    def keep_mine(self) -> None:
        """Mine stands, here and for all like it where that is ticked."""
        self._decide_side(mine=True)

    def take_theirs(self) -> None:
        """Theirs stands, here and for all like it where that is ticked."""
        self._decide_side(mine=False)

    def use_composed(self) -> None:
        """The composed cue stands."""
        conflict = self.conflict
        if conflict is None or not self._composing:
            return
        try:
            if self._choices.for_all:
                raise UserError(ONLY_ONE)
            cue = self._compose.composed()
        except UserError as error:
            self._say(str(error), bad=True)
            return
        if self._foresight.pending and self._foresee() and self._foresight.text():
            return  # what it does to others was not told yet: now it is, and another press does it
        if self._resolve([(conflict, cue)]):
            self._go_on()

    def go(self, by: int) -> None:
        """To the next (1) or the previous (-1) conflict, round and round."""
        found = self._queue.next_to(self._conflict, by) if self._conflict is not None else None
        if found is not None:
            self._show(found)

    # Showing

    @property
    def _composing(self) -> bool:
        one = self._conflict
        return one is not None and one.kind is not ConflictKind.HEAD and self._settled is None

    def _show(self, conflict: Conflict | None, *, notice: str = "") -> None:
        self._keep_draft()
        another = conflict is None or self._conflict is None or conflict.id != self._conflict.id
        self._conflict, self._settled = conflict, None
        self._columns.setVisible(conflict is not None)
        self._compose.setVisible(self._composing)
        if conflict is None:
            self._wrong.hide()
            self._choices.show_settled(False)
        else:
            head = conflict.kind is ConflictKind.HEAD
            self._rows = head_versions(self._session.sync) if head else versions(conflict, self.time_offset)
            self._show_columns(conflict)
            self._choices.show_choices(WORDINGS[conflict.kind], composing=not head)
            if not head:
                self._compose.show_conflict(conflict, self._drafts.of(conflict.id), self.time_offset)
        self._foresee()
        self._count_left()
        self._say(notice)
        if another:
            self._rest()

    def _show_settled(self, one: Conflict) -> None:
        """Nobody has to decide this one any more. It stays in view, and what was typed can be copied."""
        self._keep_draft()
        self._settled = settled = Settled.of(self._session.sync, one)
        if one.kind is not ConflictKind.HEAD:
            self._rows = versions(settled.now, self.time_offset)
            self._show_columns(settled.now)
        drafted = self._compose.isVisible() and self._compose.draft is not None
        self._compose.setVisible(drafted)
        if drafted:
            self._compose.freeze()
        self._wrong.hide()
        self._choices.show_settled(bool(self._queue.waiting))
        self._foresee()
        self._count_left()
        self._say(settled.sentence(self._queue.name(one)))
        self._rest()

    def _show_columns(self, conflict: Conflict) -> None:
        self._columns.show_versions(
            self._rows, (conflict.base, conflict.mine, conflict.theirs), self.time_offset
        )

    def _show_words(self) -> None:
        one = self._conflict
        if one is None:
            self._heading.show_words("No conflicts", "Nothing waits for a decision.")
        elif self._settled is not None:
            name = self._queue.name(one)
            drafted = self._drafts.of(one.id) is not None and not self._compose.isHidden()
            unused = " What you had composed was not used; you can still copy it." if drafted else ""
            title = f"{name[0].upper()}{name[1:]} was settled"
            self._heading.show_words(title, f"Nothing is left to decide here.{unused}")
        else:
            words = WORDINGS[one.kind]
            title = words.title.format(cue=self._queue.name(one))
            self._heading.show_words(title, words.story, self._foresight.of_sides)

    def _rest(self) -> None:
        """No button has the focus that a person did not give it: a space would decide what they never saw."""
        focused: QWidget | None = self.focusWidget()
        if focused is None or not self._composing or not self._compose.isAncestorOf(focused):
            self._columns.setFocus()

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

    def _grow(self) -> None:
        """What came shall not take the room of what was there."""
        if self.isVisible():
            self._fit(self.width(), at_least=self.height())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit(_WIDE)  # now that fonts and margins are those of the style

    def _count_left(self) -> None:
        ids = [conflict.id for conflict in self._queue.waiting]
        one = self.conflict
        if one is not None and one.id in ids:
            words = f"{ids.index(one.id) + 1} of {len(ids)}" if len(ids) > 1 else "1 left"
        else:
            words = f"{len(ids)} left"
        self._heading.show_count(words, others=len(ids) > (one is not None))
        if self._settled is not None:
            self._choices.show_settled(bool(ids))
        self._choices.show_alike(len(self._queue.alike(self.conflict)))

    def _say(self, words: str, *, bad: bool = False) -> None:
        self._heading.say(words, bad=bad)
        self._grow()

    def _check_composed(self) -> None:
        self._keep_draft()
        reason = ""
        try:
            self._compose.composed()
        except UserError as error:
            reason = str(error)
        self._choices.allow_composed(reason)
        self._wrong.setText(reason)
        self._wrong.setVisible(bool(reason))
        self._foresight.expect(typing=True)
        self._grow()

    def _foresee(self) -> bool:
        """Says what else each choice would do; gives whether of the composed cue that is news."""
        one, composed = self.conflict if self._composing else None, None
        with suppress(UserError):  # it is no cue, which is said
            composed = self._compose.composed() if one is not None else None
        news = self._foresight.reckon(one, composed, self.time_offset)
        self._columns.show_outcomes(*self._foresight.outcomes)
        self._show_words()
        self._grow()
        return news

    def _ticked(self) -> None:
        if self._composing:
            self._check_composed()
        if self.notice == ONLY_ONE:
            self._say("")

    # What is heard

    def _synced(self, change: SyncChange) -> None:
        """The other side may move again while this is open: the newest is shown, what was composed stays."""
        one = self._conflict
        if self._resolving or not change.keys:
            return
        if one is None or (one.id and one.id not in change.cue_ids):
            self._count_left()
            return
        now = next((c for c in self._queue.waiting if c.id == one.id), None)
        if now is None and self._settled is None:
            self._show_settled(one)
        elif now is not None and (self._settled is not None or now != one):
            self._show(now, notice=MOVED if now.theirs != one.theirs else "")
        elif now is not None and one.kind is ConflictKind.HEAD:
            if head_versions(self._session.sync) != self._rows:  # they are not part of the conflict
                self._show(now, notice=MOVED)
        else:
            self._count_left()

    def _edited(self, change: Change) -> None:
        if self._resolving:
            return
        if change.edit.structural:
            self._show_words()  # numbers have moved
        if self.conflict is not None:
            self._foresight.expect(typing=False)  # what is beside it may be another

    # Deciding

    def _decide_side(self, *, mine: bool) -> None:
        conflict = self.conflict
        if conflict is None:
            return
        apart = ""
        if conflict.kind is ConflictKind.HEAD:
            done = self._guarded(partial(self._session.resolve_head, mine))
        else:
            several = self._queue.alike(conflict) if self._choices.for_all else [conflict]
            alone, apart = self._foresight.parted(conflict, several, mine=mine)
            with self._session.history.group("Resolve conflicts" if len(alone) > 1 else "Resolve conflict"):
                done = self._resolve(alone)
        if done:
            self._go_on()
            self._say(apart)

    def _resolve(self, choices: Iterable[tuple[Conflict, Cue | None]]) -> bool:
        for conflict, cue in choices:
            if not self._guarded(partial(self._session.resolve, conflict.id, cue)):
                return False
            self._queue.decided(conflict)
            self._drafts.drop(conflict.id)
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

    def _go_on(self) -> None:
        """Shows the conflict behind the one that is done; closes after the last one."""
        if self._queue.waiting:
            self.go(1)
        else:
            self._conflict = None
            self.accept()

    # Small things

    def _keep_draft(self) -> None:
        one = self._conflict
        if one is not None and one.kind is not ConflictKind.HEAD and not self._queue.is_decided(one):
            draft = self._compose.draft
            if draft is not None:
                self._drafts.keep(one, draft)

    def _leave(self) -> None:
        self._keep_draft()
        self._conflict = self._settled = None
        self._hear_nothing()

    def _hear_nothing(self) -> None:
        self._foresight.give_up()
        for disconnect in self._disconnect:
            disconnect()
        self._disconnect = ()

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
        self._heading = ConflictHeading(self._theme, self.go)
        self._columns = VersionColumns(self._theme, play)
        self._compose = ComposeBox()
        self._compose.changed.connect(self._check_composed)
        self._wrong = QLabel()
        self._wrong.setProperty("role", "bad")
        self._wrong.setAccessibleName("Why it cannot be used")
        self._choices = choices = ConflictChoices()
        choices.mine.connect(self.keep_mine)
        choices.theirs.connect(self.take_theirs)
        choices.composed.connect(self.use_composed)
        choices.later.connect(self.reject)
        choices.onward.connect(lambda: self.go(1))
        choices.ticked.connect(self._ticked)
        column = QVBoxLayout(self)
        column.setContentsMargins(5 * UNIT, 4 * UNIT, 5 * UNIT, 4 * UNIT)
        column.setSpacing(2 * UNIT)
        column.addWidget(self._heading)
        column.addSpacing(UNIT)
        column.addWidget(self._columns, 3)
        column.addSpacing(UNIT)
        column.addWidget(self._compose, 2)
        column.addWidget(self._wrong)
        column.addWidget(self._foresight)
        column.addSpacing(UNIT)
        column.addWidget(choices)
