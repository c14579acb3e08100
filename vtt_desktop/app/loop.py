"""The event loop of the window: Qt's, with what asyncio's own loop would do besides."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Coroutine
from typing import Any

import qasync
from PySide6.QtWidgets import QApplication


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
