"""The lower part of the dialog on a conflict: keep mine, take theirs, use what was composed; or go on."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QWidget

from vtt_desktop.ui.commands import readable_key
from vtt_desktop.ui.dialogs.conflict_keys import ALL_ALIKE, COMPOSED, MINE, NEXT, THEIRS
from vtt_desktop.ui.dialogs.conflict_words import Wording
from vtt_desktop.ui.theme import UNIT

ONLY_ONE = "What is composed decides one conflict: untick “the same for all”."


class ConflictChoices(QWidget):
    """What can be pressed, by button and by key; what comes of it is the dialog's matter."""

    mine = Signal()
    theirs = Signal()
    composed = Signal()
    later = Signal()
    onward = Signal()
    """To the next conflict, from one that is settled."""
    ticked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._later = self._button("Decide later", "Esc", self.later, "It stays in the list of conflicts")
        self._all = QCheckBox()
        self._all.setToolTip(f"Keep mine or take theirs decides all of this kind ({ALL_ALIKE})")
        self._all.toggled.connect(lambda _: self.ticked.emit())
        QShortcut(QKeySequence(ALL_ALIKE), self, self._tick)
        self._mine = self._button("Keep mine", MINE, self.mine, "Your version stands")
        self._theirs = self._button("Take theirs", THEIRS, self.theirs, "The other version stands")
        self._composed = self._button("Use composed", COMPOSED, self.composed, "")
        self._onward = self._button("Next conflict", NEXT, self.onward, "Nothing is left to decide here")
        for keys, chosen in ((MINE, self.mine), (THEIRS, self.theirs), (COMPOSED, self.composed)):
            QShortcut(QKeySequence(keys), self, chosen.emit)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2 * UNIT)
        line.addWidget(self._later)
        line.addWidget(self._all)
        line.addStretch(1)
        for button in (self._mine, self._theirs, self._composed, self._onward):
            line.addWidget(button)
        for primary in (self._composed, self._onward):
            primary.setProperty("role", "primary")

    def show_choices(self, words: Wording, *, composing: bool) -> None:
        """A conflict that waits."""
        self._mine.setText(words.mine)
        self._theirs.setText(words.theirs)
        self._show(self._mine, self._theirs, *((self._composed,) if composing else ()))
        self._later.setText("Decide later")
        self._all.setChecked(False)

    def show_settled(self, others: bool) -> None:
        """Nothing to decide; `others`: whether there is another conflict to go to."""
        self._show(*((self._onward,) if others else ()))
        self._later.setText("Close")
        self._all.setChecked(False)
        self.show_alike(0)

    def show_alike(self, number: int) -> None:
        """How many conflicts one choice could decide."""
        self._all.setText(f"The same for all {number} like this")
        self._all.setVisible(number > 1)

    def allow_composed(self, reason: str) -> None:
        """`reason`: why what is composed is no cue, or nothing."""
        reason = reason or (ONLY_ONE if self.for_all else "")
        self._composed.setEnabled(not reason)
        self._composed.setToolTip(reason or f"The composed version stands ({readable_key(COMPOSED)})")

    @property
    def for_all(self) -> bool:
        """Whether a side shall be taken for all conflicts like this one."""
        return self._all.isChecked()

    def _tick(self) -> None:
        if self._all.isVisible():
            self._all.toggle()

    def _show(self, *wanted: QPushButton) -> None:
        for button in (self._mine, self._theirs, self._composed, self._onward):
            button.setVisible(button in wanted)

    def _button(self, words: str, keys: str, pressed: SignalInstance, tip: str) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.setToolTip(f"{tip} ({readable_key(keys)})")
        button.clicked.connect(lambda: pressed.emit())
        return button
