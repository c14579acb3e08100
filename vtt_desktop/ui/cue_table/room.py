"""Which columns there is room for: in a narrow table figures give way to the text, and come back later."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QTableView

from vtt_desktop.ui.cue_table.columns import TITLES, Column

_TEXT_LEAST: Final = 140
"""Pixels of text below which a column of figures goes."""
_GIVE_WAY: Final = (Column.CPS, Column.DURATION, Column.END, Column.START)
"""What can be missed most easily is first."""


class ColumnRoom:
    """Shows and hides the columns of `table`: those that a person wants, as far as there is room."""

    def __init__(self, table: QTableView) -> None:
        self._table = table
        self._unwanted: set[Column] = set()
        self._away: set[Column] = set()
        self._widths: dict[int, int] = {}
        table.horizontalHeader().sectionResized.connect(self._resized)

    def fit(self) -> None:
        """The table has another width."""
        others = [column for column in Column if column not in self._unwanted and column is not Column.TEXT]
        room = self._table.viewport().width() - sum(self._widths.get(column, 0) for column in others)
        away: set[Column] = set()
        for column in _GIVE_WAY:
            if room < _TEXT_LEAST and column in others:
                away.add(column)
                room += self._widths.get(column, 0)
        before, self._away = self._away, away
        for column in before ^ away:
            self._table.setColumnHidden(column, column in away or column in self._unwanted)

    def menu(self) -> QMenu:
        """Which columns are shown; the text always is."""
        menu = QMenu(self._table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in Column:
            if column == Column.TEXT:
                continue
            name = TITLES[column] or "Sync"
            action = menu.addAction(f"{name} (no room now)" if column in self._away else name)
            action.setCheckable(True)
            action.setChecked(column not in self._unwanted)
            action.toggled.connect(lambda shown, c=column: self._want(c, shown))
        return menu

    def _want(self, column: Column, shown: bool) -> None:
        if shown:
            self._unwanted.discard(column)
        else:
            self._unwanted.add(column)
        self._table.setColumnHidden(column, not shown or column in self._away)
        self.fit()

    def _resized(self, column: int, _before: int, width: int) -> None:
        if width:  # a hidden one has none, and shall come back as it was
            self._widths[column] = width
