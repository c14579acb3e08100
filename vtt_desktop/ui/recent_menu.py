"""The menu of what was opened lately, files and servers, filled when it is looked at."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from vtt_desktop.ui.ports import Workspace


class RecentMenu(QMenu):
    """`open_place` gets the path or the address that was chosen."""

    def __init__(self, workspace: Workspace, open_place: Callable[[str], None], parent: QWidget) -> None:
        super().__init__("Open recent", parent)
        self._workspace, self._open_place = workspace, open_place
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        for place in self._workspace.recent:
            self.addAction(place.replace("&", "&&"), partial(self._open_place, place))
        if self.isEmpty():
            self.addAction("Nothing opened yet").setEnabled(False)
