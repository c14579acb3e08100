"""The lists beside the cues: one at a time is seen, under the picture, which gets all other room."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QSplitter, QTabWidget, QWidget

_SHARE = 3
"""The lists get one of so many parts of the height until a person has moved the border."""
_KEY = "window/lists"


class SideLists(QTabWidget):
    """Lists that come and go; where several are there, tabs choose. Gone when there is none."""

    appeared = Signal()

    def __init__(self, *lists: QWidget) -> None:
        """Each list is called by its accessible name."""
        super().__init__()
        self._lists = lists
        self.setDocumentMode(True)
        self.setTabBarAutoHide(True)
        self.tabBar().setDrawBase(False)
        self.setAccessibleName("Lists")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def show_list(self, wanted: QWidget, shown: bool) -> None:
        """Brings a list, in front of the others unless one of them has the focus, or takes it away."""
        at = self.indexOf(wanted)
        focus = QApplication.focusWidget()
        busy = focus is not None and any(one.isAncestorOf(focus) for one in self._lists)
        if not shown:
            if at >= 0:
                self.removeTab(at)
        elif at < 0:
            before = self._lists[: self._lists.index(wanted)]
            self.insertTab(sum(self.indexOf(one) >= 0 for one in before), wanted, wanted.accessibleName())
            if not busy:
                self.setCurrentWidget(wanted)
        self.setVisible(self.count() > 0)
        # Its focus is the bar's: the Tab key would never get past one whose bar is hidden.
        choice = self.count() > 1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if choice else Qt.FocusPolicy.NoFocus)

    def bring(self, wanted: QWidget) -> None:
        """Puts a list in front of the others where it is there."""
        if self.indexOf(wanted) >= 0:
            self.setCurrentWidget(wanted)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.appeared.emit()


class SideColumn(QSplitter):
    """The picture above the lists. The lists' height is kept as a number, not with the splitter's state:
    one that was written while they were hidden knows no height for them."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._wanted = 0
        self.setChildrenCollapsible(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.splitterMoved.connect(lambda *_: self._moved())

    def fill(self, picture: QWidget, lists: SideLists, settings: QSettings) -> None:
        """Puts both in; the lists get the height of the last time."""
        kept = settings.value(_KEY, 0, int)
        self._wanted = kept if isinstance(kept, int) else 0
        for part, share in ((picture, 1), (lists, 0)):
            self.addWidget(part)
            self.setStretchFactor(self.count() - 1, share)
        lists.appeared.connect(self._make_room)

    def keep(self, settings: QSettings) -> None:
        settings.setValue(_KEY, self._wanted)

    def _moved(self) -> None:
        self._wanted = self.sizes()[-1]

    def _make_room(self) -> None:
        whole = self.height() - self.handleWidth()
        wanted = min(self._wanted or whole // _SHARE, whole // 2)
        self.setSizes([whole - wanted, wanted])
