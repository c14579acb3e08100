"""Hands at the editor's real window: they type, select, find, shift; each act's longest gap of the loop.

Prints one line an act: its name, and the longest time that the loop did not turn until all was quiet, ms; for
what is done behind the loop also how long it took until it was seen.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from tests.bench.programs.editor import run
from tests.bench.programs.watch import Pulse, clock
from vtt_desktop.ui.dialogs.shift import ShiftDialog

QUIET_S = 0.08
"""An act is over when the loop has turned for so long; the pause between two keys of a quick hand."""
SETTLE_S = 1.5
TYPING_S = 1.0
"""How long somebody takes at the least to type how far to shift."""
KEYS = "the quick brown fox jumps over the lazy dog "
SEEN = ("shift all", "undo that")


def press(target: Any, text: str) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(target, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, text))


Act = tuple[str, Callable[[], object]] | tuple[str, Callable[[], object], Callable[[], bool]]
"""Its name, what is done, and where that goes on behind the loop: whether its end is there to be seen."""


def acts(window: Any) -> Iterator[Act]:
    """What the hands do, in their order. Names that stand several times are one measure, its median."""
    session = window._workspace.session
    cues = session.document.snapshot.cues
    yield "rest", lambda: None
    yield "choose a cue", lambda: window.selection.select_one(len(cues) // 2)
    yield "choose a cue", window.editor.focus_text
    yield "first key", lambda: press(window.editor.text_box, "a")
    for character in KEYS:
        yield "key", lambda c=character: press(window.editor.text_box, c)
    yield "seek", lambda: window._player.seek(cues[len(cues) // 3].start)
    yield "find bar", lambda: window.commands.run("find")
    for number, character in enumerate("film, s"):
        yield "find" if number else "first find", lambda c=character: press(window.find_bar._box, c)
    yield "select all", lambda: window.commands.run("select-all")
    yield "one again", lambda: window.selection.select_one(len(cues) // 2)
    yield "shift window", lambda: window.commands.run("shift")
    typed = clock() + TYPING_S
    yield "typing in it", lambda: None, lambda: clock() > typed
    dialog = window.findChild(ShiftDialog)
    dialog.all.setChecked(True)
    before = session.document.snapshot
    yield "shift all", dialog.submit, lambda: session.document.snapshot is not before
    yield "undo that", lambda: window.commands.run("undo")
    yield "one cue", lambda: window.selection.select_one(len(cues) // 2)
    yield "one cue", window.editor.focus_text
    yield "key after all", lambda: press(window.editor.text_box, "b")
    yield "source", lambda: window.commands.run("source")
    window.source.box.setFocus()
    for character in KEYS:
        yield "key in the source", lambda c=character: press(window.source.box, c)


class Hands:
    """Does one act after the other, each when the loop has been quiet for a while."""

    def __init__(self, window: Any) -> None:
        self._window = window
        self._acts = acts(window)
        self._name = "start"
        self._gaps: dict[str, list[float]] = {}
        self._until = clock() + SETTLE_S
        self._begun, self._seen = clock(), lambda: True
        self._waited: dict[str, float] = {}
        self._pulse = Pulse(self._turn)

    def _turn(self) -> None:
        if not hasattr(self._window, "_shown") or not len(self._window._session.document.snapshot.cues):
            self._until = clock() + SETTLE_S  # the document is not there yet
            return
        if self._name not in self._waited and self._seen():
            self._waited[self._name] = clock() - self._begun
        if clock() < self._until or self._name not in self._waited:
            return
        self._gaps.setdefault(self._name, []).append(self._pulse.again())
        act = next(self._acts, None)
        if act is None:
            self._pulse.stop()
            for name, gaps in self._gaps.items():
                print(f"{name}: {median(gaps) * 1000:.1f}", flush=True)
            for name in SEEN:
                print(f"{name}, until seen: {self._waited[name] * 1000:.1f}", flush=True)
            self._window.leave()
            return
        self._name, do, self._seen = act if len(act) == 3 else (*act, lambda: True)
        self._begun = clock()
        do()
        self._until = clock() + QUIET_S


if __name__ == "__main__":
    at_work: list[Hands] = []

    def rows(window: Any) -> None:
        if not at_work:
            at_work.append(Hands(window))

    run(sys.argv[1], rows)
