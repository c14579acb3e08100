"""What a keystroke costs in the editor with the table beside it, against an empty window with a text box.

Run: `python -m tests.bench.bench_typing`. CPU ms from the key event to nothing left to do, at 1,000 and at
100,000 cues, shared (each key marks its cue unsent). Exits 1 when a budget is missed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from statistics import median, quantiles
from time import process_time

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QVBoxLayout, QWidget

from tests.ui.desk_session import DeskSession, some_cues
from vtt_desktop.ui.cue_table.view import CueTable
from vtt_desktop.ui.editor import CueEditor
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import font, palette, stylesheet, theme

BUDGETS_MS = {1_000: 4.0, 100_000: 6.0}
KEYS = "the quick brown fox jumps over it "


def press(target: QWidget, key: int, text: str) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))


def typing(app: QApplication, target: QWidget, before: Callable[[], object] = lambda: None) -> list[float]:
    """CPU ms of each of some hundred keys; a long text is taken back between the rounds."""
    took = []
    for _ in range(6):
        before()
        for character in KEYS:
            begun = process_time()
            press(target, 0, character)
            app.processEvents()
            took.append((process_time() - begun) * 1000)
        for _ in KEYS:
            press(target, Qt.Key.Key_Backspace, "")
        app.processEvents()
    return took


def main() -> int:
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    colours = theme(dark=True)
    app.setStyle("Fusion")
    app.setPalette(palette(colours))
    app.setStyleSheet(stylesheet(colours))
    app.setFont(font())
    empty = QWidget()
    bare = QPlainTextEdit(empty)
    QVBoxLayout(empty).addWidget(bare)
    empty.resize(1000, 800)
    empty.show()
    bare.setFocus()
    app.processEvents()
    floor = median(typing(app, bare))
    empty.close()
    print(f"bare text box: {floor:.2f} ms CPU a key")
    missed = False
    for cues, budget in BUDGETS_MS.items():
        session, selection = DeskSession(some_cues(cues)), Selection()
        session.share()
        window = QWidget()
        table = CueTable(session, selection, colours, window)
        editor = CueEditor(session, selection, colours, window)
        column = QVBoxLayout(window)
        column.addWidget(table, 1)
        column.addWidget(editor)
        window.resize(1000, 800)
        window.show()
        selection.select_one(cues // 2)
        editor.focus_text()
        app.processEvents()
        took = typing(app, editor.text_box, session.history.seal)
        middle, worst = median(took), quantiles(took, n=100)[98]
        missed |= middle > budget
        word = "ok  " if middle <= budget else "OVER"
        print(
            f"{word} {cues:>7,} cues: {middle:.2f} ms CPU a key (99 %: {worst:.2f});"
            f" {middle / floor:.1f} × bare;"
            f" budget {budget} ms; ratio {middle / budget:.2f}"
        )
        window.close()
    return int(missed)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.exit(main())
