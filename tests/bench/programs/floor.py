"""A bare table over an index of blocks, painted by itself: what Python and Qt cannot do without."""

import re
import sys
from pathlib import Path

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QMainWindow

from tests.bench.programs.watch import Watch

ROW = 26
TIMES = re.compile(r"([\d:.]+) --> ([\d:.]+)")


class Table(QAbstractScrollArea):
    def __init__(self, data: bytes, watch: Watch) -> None:
        super().__init__()
        data.decode()
        self._data, self._watch = data, watch
        self._starts = [found.start() for found in re.finditer(rb"(?<=\n\n)[^\n]", data)]
        self._starts.append(len(data))
        self.verticalScrollBar().setRange(0, len(self._starts) - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        first = self.verticalScrollBar().value()
        for row in range(first, min(len(self._starts) - 1, first + self.viewport().height() // ROW + 1)):
            number, timing, *text = self._data[self._starts[row] : self._starts[row + 1]].decode().split("\n")
            found = TIMES.search(timing)
            y = (row - first) * ROW + 18
            painter.drawText(8, y, number)
            if found is not None:
                painter.drawText(70, y, found[1])
                painter.drawText(170, y, found[2])
            painter.drawText(280, y, " ".join(text))
        painter.end()
        self._watch.rows_are_there()


if __name__ == "__main__":
    content = Path(sys.argv[1]).read_bytes()
    app = QApplication([])
    window = QMainWindow()
    window.setCentralWidget(Table(content, Watch(app.quit)))
    window.resize(1280, 800)
    window.show()
    app.exec()
