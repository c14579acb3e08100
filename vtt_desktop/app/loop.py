"""The event loop of the window: Qt's, with what asyncio's own loop would do besides."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import AsyncGenerator, Coroutine
from contextlib import suppress
from typing import Any, NoReturn

import qasync
from PySide6.QtWidgets import QApplication


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


def run_on_qt(app: QApplication, work: Coroutine[Any, Any, int]) -> int:
    """Runs `work` on Qt's loop and gives its result.

    qasync does not take care of async generators that are dropped half-way (an event stream, say): here
    they are closed on the loop, as asyncio does it.
    """
    with qasync.QEventLoop(app) as loop:
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
