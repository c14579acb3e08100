"""What each choice in the dialog on a conflict would do besides: told before it is made, and as one types."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel

from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.body import Conflict
from vtt_desktop.sync.sync_log import Preview
from vtt_desktop.ui.dialogs.conflict_effects import Naming, effects
from vtt_desktop.ui.dialogs.conflict_words import WORDINGS
from vtt_desktop.ui.ports import Session

PAUSE_MS = 120
"""After the last key: where a segment holds very many cues, reckoning takes a moment."""


class Foresight(QLabel):
    """Says what using the composed cue would do; `of_sides` are the words on the two other choices, and
    `outcomes` the cue as these would make it. `due`: something may be told otherwise now."""

    due = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._known: tuple[Conflict, object] | None = None
        self._sides: tuple[Preview, ...] = ()
        self.of_sides = ""
        self._later = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._later.timeout.connect(self.due)
        self.setWordWrap(True)
        self.setAccessibleName("What using the composed cue also does")
        self.hide()

    @property
    def outcomes(self) -> tuple[Cue | None, ...]:
        return tuple(preview.cue for preview in self._sides)

    @property
    def pending(self) -> bool:
        """Whether `due` is about to be told."""
        return self._later.isActive()

    def expect(self, *, typing: bool) -> None:
        """What is composed, or the document, is another now. Who types is let finish."""
        if typing or not self.pending:
            self._later.start()

    def give_up(self) -> None:
        self._later.stop()

    def reckon(self, one: Conflict | None, composed: Cue | None, time_offset: int) -> bool:
        """Tells it of this conflict (None: there is nothing to choose) and of what is composed for it (None:
        no cue); gives whether on that there is news."""
        self._later.stop()
        self.of_sides = words = ""
        if one is None:
            self._known, self._sides = None, ()
        else:
            cues = self._session.document.snapshot.cues
            naming = Naming(lambda i: cues.index_of(i) + 1 if cues.has(i) else None, time_offset)
            self.of_sides = self._told_of_sides(one, naming)
            if composed is not None:
                words = effects("Use composed", composed, self._session.preview(one, composed), naming)
        news = words != self.text()
        self.setText(words)
        self.setVisible(bool(words))
        return news

    def _told_of_sides(self, one: Conflict, naming: Naming) -> str:
        snapshot = self._session.document.snapshot
        if self._known is None or self._known[0] != one or self._known[1] is not snapshot:
            self._known = (one, snapshot)  # for as long as both are, who types does not pay for these again
            self._sides = tuple(self._session.preview(one, side) for side in (one.keep_mine, one.take_theirs))
        words, (mine, theirs) = WORDINGS[one.kind], self._sides
        told = (
            effects(words.mine, one.mine, mine, naming),
            effects(words.theirs, one.theirs, theirs, naming),
        )
        return " ".join(filter(None, told))
