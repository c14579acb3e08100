"""What is shown of many changes, no more often than a person sees."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

MANY = 100
"""Of fewer all can be shown anew for each that comes or goes."""
_PAUSE_MS = 50


class Paced(QTimer):
    """Does its `work` when it is asked to, and then not again for a pause; what was asked for meanwhile is
    done at the end of it, once."""

    def __init__(self, work: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent, interval=_PAUSE_MS, singleShot=True)
        self._work = work
        self._behind = False
        self.timeout.connect(self.catch_up)

    def ask(self, *, now: bool = False) -> None:
        """At once where there was none for a pause, or it has to be `now`; else at the end of the pause."""
        self._behind = True
        if now or not self.isActive():
            self.catch_up()

    def catch_up(self) -> None:
        """Does what was asked for, if it is not done yet."""
        if self._behind:
            self.give_up()
            self._work()
            self.start()

    def give_up(self) -> None:
        """What was asked for is done, or not needed any more."""
        self._behind = False
        self.stop()
