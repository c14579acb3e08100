"""A window of PySide6 with nothing in it."""

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from tests.bench.programs.watch import Watch


class Window(QMainWindow):
    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def paintEvent(self, event: QPaintEvent) -> None:
        self._watch.rows_are_there()


if __name__ == "__main__":
    app = QApplication([])
    window = Window(Watch(app.quit))
    window.resize(1280, 800)
    window.show()
    app.exec()
