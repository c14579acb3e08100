"""Deciding a conflict: what it was, mine and theirs side by side; keep one, or compose one from both.

Opened by a person, never by the network, and closed without harm: an undecided conflict waits in the
panel, and what was composed for it waits for the next `open_on`. The network never takes
another conflict into view: what is typed must not go to another cue.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Change
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.body import Conflict, ConflictKind
from vtt_desktop.sync.state import SyncChange
from vtt_desktop.ui.dialogs.conflict_alike import AllAlike
from vtt_desktop.ui.dialogs.conflict_choices import ONLY_ONE, ConflictChoices
from vtt_desktop.ui.dialogs.conflict_columns import VersionColumns
from vtt_desktop.ui.dialogs.conflict_compose import ComposeBox
from vtt_desktop.ui.dialogs.conflict_drafts import Drafts
from vtt_desktop.ui.dialogs.conflict_fields import FieldVersions, head_versions, versions
from vtt_desktop.ui.dialogs.conflict_foresight import Foresight
from vtt_desktop.ui.dialogs.conflict_frame import FittingDialog
from vtt_desktop.ui.dialogs.conflict_heading import ConflictHeading
from vtt_desktop.ui.dialogs.conflict_order import ConflictQueue
from vtt_desktop.ui.dialogs.conflict_settled import Settled
from vtt_desktop.ui.dialogs.conflict_words import WORDINGS
from vtt_desktop.ui.paced import MANY, Paced
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.theme import UNIT, Theme

MOVED = "The other side changed it again; you see the newest."


class ConflictDialog(FittingDialog):
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
        self._counting = Paced(self._count_left, self)
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
        self.fit()  # before it is put into the middle of the window
        self.open()
        (self._compose if self._composing else self._columns).setFocus()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._columns.set_theme(theme)
        self._heading.set_theme(theme)

    @property
    def conflict(self) -> Conflict | None:
        """The one to be decided here; None where none is, it is settled, or many are being decided."""
        return self._conflict if self._settled is None and not self._alike.running else None

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
        if self._guarded(partial(self._resolve, conflict, cue)):
            self._go_on()

    def go(self, by: int) -> None:
        """To the next (1) or the previous (-1) conflict, round and round."""
        found = self._queue.next_to(self._conflict, by) if self._conflict is not None else None
        if found is not None and not self._alike.running:
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
        self.grow()

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
        self.grow()

    def _foresee(self) -> bool:
        """Says what else each choice would do; gives whether of the composed cue that is news."""
        one, composed = self.conflict if self._composing else None, None
        with suppress(UserError):  # it is no cue, which is said
            composed = self._compose.composed() if one is not None else None
        news = self._foresight.reckon(one, composed, self.time_offset)
        self._columns.show_outcomes(*self._foresight.outcomes)
        self._show_words()
        self.grow()
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
        if self._busy or not change.keys:
            return
        if one is None or (one.id and one.id not in change.cue_ids):
            self._counting.ask(now=self._session.sync.summary.conflicts < MANY)
        else:
            self._catch_up(one)

    def _catch_up(self, one: Conflict) -> None:
        """The one in view as it is now."""
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
        if self._busy:
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
        if conflict.kind is not ConflictKind.HEAD:
            self._foresight.give_up()
            several = self._queue.alike(conflict) if self._choices.for_all else ()
            self._alike.begin(conflict, several, mine=mine)
        elif self._guarded(partial(self._session.resolve_head, mine)):
            self._go_on()

    def _resolve(self, conflict: Conflict, cue: Cue | None) -> None:
        self._session.resolve(conflict.id, cue)
        self._queue.decided(conflict)
        self._drafts.drop(conflict.id)

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

    @property
    def _busy(self) -> bool:
        """Whether what changes does so by what is decided here, and is shown when that is done."""
        return self._resolving or self._alike.running

    def _decided_alike(self) -> None:
        """All that were to be decided are, or as many as could be."""
        one, outcome = self._conflict, self._alike.outcome
        if one is None:
            return
        if not self._queue.is_decided(one):
            self._catch_up(one)
            self._foresee()
            self._rest()
        elif self._queue.waiting or not outcome:
            self._go_on()
        else:
            self._show(None)
        if outcome:
            self._say(outcome, bad=bool(self._alike.failure))

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
        for later in (self._foresight, self._counting, self._alike):
            later.give_up()
        for disconnect in self._disconnect:
            disconnect()
        self._disconnect = ()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._alike.running:
            self._alike.stop()
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
        locked = (self._heading, self._compose)
        self._alike = AllAlike(self._session, self._queue, self._resolve, choices, locked)
        self._alike.ended.connect(self._decided_alike)
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
        column.addWidget(self._alike)
