"""The system's requests to end: Ctrl+C, a service manager, a terminal that closes, a logout."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier

ENDING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)


class EndingSignals(QObject):
    """Calls `end` on the GUI thread when the system asks the program to end; until `release`.

    Python runs its handlers between bytecodes, of which Qt's loop may run none for long: the number of a
    signal is written to a socket that Qt waits for, so that nothing has to look now and then.
    """

    def __init__(self, end: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._hear, self._tell = socket.socketpair()
        for one in (self._hear, self._tell):
            one.setblocking(False)
        self._notifier = QSocketNotifier(self._hear.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(lambda *_: self._hear.recv(64))  # the handler itself runs now
        self._wakeup = signal.set_wakeup_fd(self._tell.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, lambda *_: end()) for number in ENDING}

    def release(self) -> None:
        """As it was before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        self._notifier.setEnabled(False)
        self._hear.close()
        self._tell.close()
