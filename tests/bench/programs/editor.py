"""The editor as the command line starts it; told by its table's first paint with rows."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from PySide6.QtCore import QTimer

from tests.bench.programs.watch import Watch
from vtt_desktop.app import entries
from vtt_desktop.app.cli import main


def run(file: str, seen: Callable[[Any], object]) -> None:
    """Runs the editor on a file; `seen` hears of the window, each time that rows were painted."""
    start = entries.start

    def watched() -> ModuleType:
        module = start()
        table = sys.modules["vtt_desktop.ui.cue_table.view"].CueTable
        paint = table.paintEvent

        def painted(self: Any, event: Any) -> None:
            paint(self, event)
            if self.model().rowCount():
                seen(self.window())

        table.paintEvent = painted
        return module

    entries.start = watched
    main([file])


if __name__ == "__main__":
    windows: list[Any] = []

    def leave() -> None:
        if hasattr(windows[0], "_shown"):  # the last thing that is put in
            windows[0].leave()
        else:
            QTimer.singleShot(100, leave)

    watch = Watch(leave)

    def rows(window: Any) -> None:
        windows.append(window)
        watch.rows_are_there()

    run(sys.argv[1], rows)
