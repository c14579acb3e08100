"""One choice of a side for many conflicts: decided in portions, between which the window goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import perf_counter, thread_time
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.body import Conflict
from vtt_desktop.ui.dialogs.conflict_keys import STOP
from vtt_desktop.ui.dialogs.conflict_order import ConflictQueue
from vtt_desktop.ui.paced import Paced
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.theme import UNIT

_PORTION_S: Final = 0.005
"""How long the loop is kept by one portion of the decisions, if one of them takes no longer."""
_TURN_S: Final = 0.010
"""As long a turn of the loop may be with all else that is done in it: what has been decided is sent and shown
in the same turns. A portion is shorter where the rest of the last turn took more."""


class AllAlike(QWidget):
    """Decides by `decide` (UserError: it cannot be), and shows how many are decided while that goes on.

    It stands in the place of `choices` then, and what is `locked` cannot be used. `ended`: all are decided,
    it was stopped, or one could not be; what is decided stays so, as one step of the history, and what is
    not is left as it was.
    """

    ended = Signal()

    def __init__(
        self,
        session: Session,
        queue: ConflictQueue,
        decide: Callable[[Conflict, Cue | None], object],
        choices: QWidget,
        locked: Iterable[QWidget],
    ) -> None:
        super().__init__()
        self._session, self._queue, self._decide = session, queue, decide
        self._choices, self._locked = choices, tuple(locked)
        self._left: Iterator[Conflict] = iter(())
        self._mine = True
        self._shown: Conflict | None = None
        self._step: object = None
        self._decided = self._apart = self._moved = self._settled = 0
        self.running = False
        """Whether there may be more to decide."""
        self._stopped = self.failure = ""
        """By the person; or why one could not be decided, in a sentence."""
        self._again = QTimer(self, interval=0, singleShot=True)
        self._again.timeout.connect(self._go_on)
        self._left_off = 0.0
        """When the last portion ended, in CPU of this thread (s): what others did meanwhile is not in it."""
        self._progress = Paced(self._show_progress, self)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Conflicts decided")
        self.bar.setTextVisible(False)
        self.bar.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # for who hears what the window shows
        self._words = QLabel()
        self._words.setProperty("role", "muted")
        stop = QPushButton("Stop")
        stop.setAutoDefault(False)
        stop.setToolTip(f"What is decided stays decided, the rest waits ({STOP})")
        stop.clicked.connect(self.stop)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2 * UNIT)
        line.addWidget(stop)
        line.addWidget(self.bar, 1)
        line.addWidget(self._words)
        self.hide()

    @property
    def outcome(self) -> str:
        """What is left of what was to be decided, and why, in sentences; nothing where all is decided."""
        concern = "1 is left: it concerns" if self._apart == 1 else f"{self._apart} are left: they concern"
        moved = "1 is left: it" if self._moved == 1 else f"{self._moved} are left: they"
        settled = "1 was" if self._settled == 1 else f"{self._settled} were"
        told = [words for words in (self._stopped, self.failure) if words]
        told += [f"{concern} other cues, too."] if self._apart else []
        told += [f"{moved} changed meanwhile."] if self._moved else []
        told += [f"{settled} settled meanwhile."] if self._settled else []
        return " ".join(told)

    def begin(self, shown: Conflict, several: Iterable[Conflict], *, mine: bool) -> None:
        """One choice for that which is `shown`, and for those of `several` that concern their own cue alone:
        of the others it was not told yet what becomes of these."""
        every = [shown, *(one for one in several if one.id != shown.id)]
        self._left, self._shown, self._mine = iter(every), shown, mine
        self._decided = self._apart = self._moved = self._settled = 0
        self._stopped = self.failure = ""
        self._step = None
        self.bar.setRange(0, len(every))
        self.running = True
        self._left_off = thread_time()
        self._go_on()

    def stop(self) -> None:
        """Goes no further."""
        if self.running:
            left = self.bar.maximum() - self._done
            self._stopped = f"Stopped: {self._decided:,} decided, {left:,} left."
            self._end()

    def give_up(self) -> None:
        """As `stop`, and nobody wants to know."""
        self._again.stop()
        self._progress.give_up()
        self._left, self.running = iter(()), False
        if not self.isHidden():
            self._stand_in(False)

    def _go_on(self) -> None:
        history, begun = self._session.history, perf_counter()
        longest, before = 0.0, begun
        room = min(_PORTION_S, _TURN_S - (thread_time() - self._left_off))
        stands = history.position
        label = "Resolve conflicts" if self.bar.maximum() > 1 else "Resolve conflict"
        try:
            with history.group(label, onto=self._step):
                # One that may not fit any more waits for the next portion.
                while self._more and (before == begun or before + longest <= begun + room):
                    self._next(next(self._left))
                    now = perf_counter()
                    longest, before = max(longest, now - before), now
        except BaseException:
            self._end()  # or nothing could be pressed any more
            raise
        if history.position is not stands:
            self._step = history.position
        if self._more or (before > begun and not self.isHidden()):
            self._again.start()  # where no more is left, what is shown then has a turn of its own
            self._progress.ask()
            self._left_off = thread_time()
        else:
            self._end()

    @property
    def _more(self) -> bool:
        return self._done < self.bar.maximum() and not self.failure

    def _next(self, one: Conflict) -> None:
        choice = one.keep_mine if self._mine else one.take_theirs
        now = self._queue.now(one)
        if now is None:
            self._settled += 1
        elif now != one:
            self._moved += 1
        elif one != self._shown and not self._session.preview(one, choice).alone:
            self._apart += 1
        else:
            try:
                self._decide(one, choice)
            except UserError as error:
                self.failure = str(error)
            else:
                self._decided += 1

    def _show_progress(self) -> None:
        self.bar.setValue(self._done)
        self._words.setText(f"{self._decided:,} of {self.bar.maximum():,} decided")
        if self.isHidden():
            self._stand_in(True)
            self.bar.setFocus()

    def _stand_in(self, going_on: bool) -> None:
        self._choices.setVisible(not going_on)
        self.setVisible(going_on)
        for widget in self._locked:
            widget.setDisabled(going_on)

    @property
    def _done(self) -> int:
        """How many it has looked at."""
        return self._decided + self._apart + self._moved + self._settled

    def _end(self) -> None:
        self.give_up()
        self.ended.emit()
