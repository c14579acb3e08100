"""The event loop of the window: Qt's, with what asyncio's own loop would do besides."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import AsyncGenerator, Coroutine
from contextlib import suppress
from typing import Any, NoReturn

from PySide6.QtCore import QAbstractEventDispatcher, QEventLoop
from PySide6.QtWidgets import QApplication

from vtt_desktop.app.callbacks import Loop


def end_process(status: int) -> NoReturn:
    """Ends the program once all is closed and on disk.

    Not by way of the interpreter's own end: that takes Qt's objects down in an order of its own, after the
    threads of Qt Multimedia were cut off, and now and then crashes there when everything is done.
    """
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)


class Turns:
    """What qasync turns in the application's place: deaf at first, it leaves keys, clicks and the closing of
    the window in Qt's queue until `hear`; all else (paints, timers, sockets) goes its way."""

    def __init__(self, app: QApplication, *, deaf: bool) -> None:
        self._app = app
        self._deaf = QEventLoop() if deaf else None
        self._over = False

    def hear(self) -> None:
        """From here on everything is heard, first what waits in the queue."""
        if self._deaf is not None:
            self._deaf.exit()

    def exec(self) -> int:
        if self._deaf is not None:
            self._deaf.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
            self._deaf = None
        return 0 if self._over else self._app.exec()

    def exit(self) -> None:
        self._over = True
        if self._deaf is not None:
            self._deaf.exit()
        else:
            self._app.exit()

    def eventDispatcher(self) -> QAbstractEventDispatcher:
        return self._app.eventDispatcher()


def run_on_qt(app: QApplication | Turns, work: Coroutine[Any, Any, int]) -> int:
    """Runs `work` on Qt's loop and gives its result.

    qasync does not take care of async generators that are dropped half-way (an event stream, say): here
    they are closed on the loop, as asyncio does it.
    """
    with Loop(app) as loop:
        asyncio.set_event_loop(loop)

        def close(generator: AsyncGenerator[Any, Any]) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(loop.create_task, generator.aclose())

        before = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(finalizer=close)
        try:
            return int(loop.run_until_complete(work))
        finally:
            sys.set_asyncgen_hooks(*before)
