"""What a frame of the timeline costs, as a ratio to a bare widget that draws the same in the simplest way.

Run as a script: `python tests/bench/bench_timeline.py`. Prints CPU milliseconds a frame and ratios, and
exits with 1 where a ratio is above its budget. 1600 × 200 pixels, 50 cues in view of 20,000, in one run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap, QRegion
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.desk_session import DeskSession
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.media.peaks import BUCKET, buckets_of, peaks_from
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import theme
from vtt_desktop.ui.timeline.waveform import TILE
from vtt_desktop.ui.timeline.widget import Timeline

CUES, IN_VIEW = 20_000, 50
WIDTH, HEIGHT = 1600, 200
ROUNDS, FRAMES = 7, 40
BUDGET_MS = 6.0
BUDGETS = {"frame": 15.0, "scrolled frame": 15.0, "zoomed frame": 30.0, "playhead": 2.0, "keystroke": 6.0}
"""Times the floor, which draws no word, no number, no ruler and no badge. Milliseconds are printed beside."""


class Floor(QWidget):
    """50 rectangles and four tiles of picture: what no timeline can do without."""

    def __init__(self) -> None:
        super().__init__()
        self.resize(WIDTH, HEIGHT)
        self.tile = QImage(TILE, HEIGHT, QImage.Format.Format_ARGB32_Premultiplied)
        self.tile.fill(0x40FFFFFF)
        self.colors = theme(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.colors.base)
        for i in range(IN_VIEW):
            painter.fillRect(
                QRect(i * WIDTH // IN_VIEW, 0, WIDTH // IN_VIEW - 4, HEIGHT), self.colors.cue_block
            )
        for x in range(0, WIDTH, TILE):
            painter.drawImage(x, 0, self.tile)
        painter.end()


def cues() -> list[Cue]:
    texts = (
        "The ferry leaves at noon.\nDon't be late!",
        "Is that the <i>last</i> one?",
        "No, there is another.",
    )
    return [Cue(i, i * 2000, i * 2000 + 1700, f"{texts[i % 3]} {i}") for i in range(1, CUES + 1)]


def cost(frame: Callable[[int], None]) -> float:
    """CPU milliseconds of one frame: the median of some rounds."""
    rounds = []
    for _ in range(ROUNDS):
        begin = process_time()
        for i in range(FRAMES):
            frame(i)
        rounds.append((process_time() - begin) * 1000 / FRAMES)
    return median(rounds)


def main() -> int:
    app = QApplication.instance() or QApplication([])
    session, selection = DeskSession(cues()).share(), Selection()
    timeline = Timeline(session, selection, theme(True))
    timeline.resize(WIDTH, HEIGHT)
    timeline.show()
    sound = np.random.default_rng(7).normal(0, 0.2, (1, 8000 * BUCKET)).astype(np.float32)
    low, high = (np.tile(row, 1000) for row in buckets_of(sound))
    timeline.set_peaks(peaks_from(low, high, 48_000, CUES * 2000))
    start = CUES * 1000
    timeline.look(timeline.view.showing(start, start + IN_VIEW * 2000, margin=0))
    selection.select_one(CUES // 2 + 5)
    for _ in range(400):
        app.processEvents()
    home = timeline.view
    target = QPixmap(WIDTH, HEIGHT)

    def draw(widget: QWidget, where: QRegion | None = None) -> None:
        widget.render(target, sourceRegion=where or QRegion(widget.rect()))

    def frame(i: int) -> None:
        timeline._blocks = None
        draw(timeline)

    def scrolled(i: int) -> None:
        timeline.look(home.scrolled(i * 7))
        draw(timeline)

    def zoomed(i: int) -> None:
        timeline.look(home.zoomed(1.02**i, 800))
        draw(timeline)

    def played(i: int) -> None:
        timeline.set_position(start + i * 40)
        x = round(timeline.view.x(start + i * 40))
        draw(timeline, QRegion(x - 8, 0, 16, HEIGHT - 18))

    def typed(i: int) -> None:
        cue_id = CUES // 2 + 5
        session.submit(set_text(session.document.snapshot, cue_id, f"typed {i}"))
        cue = session.document.snapshot.cues.get(cue_id)
        assert cue is not None
        left, right = timeline.view.x(cue.start), timeline.view.x(cue.end)
        draw(timeline, QRegion(round(left), 0, round(right - left), HEIGHT - 18))

    floor_widget = Floor()
    floor_widget.show()
    floor = cost(lambda i: draw(floor_widget))
    print(f"{'floor':16} {floor:6.2f} ms")
    failed = False
    for name, what in {
        "frame": frame,
        "scrolled frame": scrolled,
        "zoomed frame": zoomed,
        "playhead": played,
        "keystroke": typed,
    }.items():
        timeline.look(home)
        spent = cost(what)
        verdict = "" if spent <= BUDGETS[name] * floor else "  above its budget"
        failed |= bool(verdict)
        print(f"{name:16} {spent:6.2f} ms  {spent / floor:5.2f} × (≤ {BUDGETS[name]:.1f}){verdict}")
    print(f"in view: {len(timeline._visible())} cues of {CUES}; a frame may cost {BUDGET_MS} ms")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
