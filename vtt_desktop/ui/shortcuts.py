"""Keys for the commands, and the list of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from vtt_desktop.ui.commands import Command, Commands, readable_key
from vtt_desktop.ui.first_size import give_first_size
from vtt_desktop.ui.theme import UNIT

KEYS_BESIDE = ("undo", "redo", "next-cue", "previous-cue", "play", "save")
"""Commands whose keys hold also in a window that stays open beside the main one."""


def install_keys(commands: Commands, window: QWidget, work: Iterable[QWidget]) -> None:
    """Binds all keys: those of the window, and those that hold only while a widget of `work` has the focus.

    Not through the menu's actions: a disabled action swallows its key in silence, and ours shall say why.
    """
    areas = tuple(work)
    for command in commands:
        for key in command.keys:
            _bind(key, window, Qt.ShortcutContext.WindowShortcut, _runner(commands, command.id))
        for key in command.work_keys:
            for area in areas:
                _bind(key, area, Qt.ShortcutContext.WidgetShortcut, _runner(commands, command.id))


def lend_keys(commands: Commands, window: QWidget, command_ids: Iterable[str]) -> None:
    """Makes the keys of these commands hold in another window, too; those that are not known are left out."""
    known = {command.id: command for command in commands}
    for command_id in command_ids:
        for key in known[command_id].keys if command_id in known else ():
            _bind(key, window, Qt.ShortcutContext.WindowShortcut, _runner(commands, command_id))


def _runner(commands: Commands, command_id: str) -> Callable[[], object]:
    return lambda: commands.run(command_id)


def _bind(key: str, owner: QWidget, context: Qt.ShortcutContext, run: Callable[[], object]) -> None:
    shortcut = QShortcut(QKeySequence(key), owner)
    shortcut.setContext(context)
    shortcut.activated.connect(run)


class ShortcutsDialog(QDialog):
    """Every command with its keys, searchable; `others` are keys that hold elsewhere: where, what they
    do, and the key."""

    def __init__(
        self,
        commands: Iterable[Command],
        parent: QWidget | None = None,
        others: Iterable[tuple[str, str, str]] = (),
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        give_first_size(self, 560, 620)
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search for a command or a key…")
        self._search.setAccessibleName("Search")
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._filter)
        self._tree = QTreeWidget()
        self._tree.setHeaderLabels(["Command", "Keys"])
        self._tree.setAccessibleName("Commands and their keys")
        self._tree.setRootIsDecorated(False)
        self._tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._tree.header().setStretchLastSection(False)
        self._groups: dict[str, QTreeWidgetItem] = {}
        self._rows: dict[str, list[QTreeWidgetItem]] = {}
        for command in commands:
            only = " (not in a text box)" if command.work_keys and not command.keys else ""
            self._add(command.menu[0], command.plain_title, command.all_shortcuts + only)
        for where, what, key in others:
            self._add(where, what, readable_key(key))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * UNIT, 4 * UNIT, 4 * UNIT, 4 * UNIT)
        column.setSpacing(2 * UNIT)
        column.addWidget(self._search)
        column.addWidget(self._tree, 1)
        column.addWidget(buttons)

    def _add(self, group: str, what: str, keys: str) -> None:
        row = QTreeWidgetItem(self._group(group), [what, keys])
        self._rows[group].append(row)

    def _group(self, menu: str) -> QTreeWidgetItem:
        if menu not in self._groups:
            made = self._groups[menu] = QTreeWidgetItem(self._tree, [menu])
            self._rows[menu] = []
            font = made.font(0)
            font.setBold(True)
            made.setFont(0, font)
            made.setExpanded(True)
        return self._groups[menu]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """The rows that the search leaves: command and keys."""
        rows = (row for group in self._rows.values() for row in group)
        return [(row.text(0), row.text(1)) for row in rows if not row.isHidden()]

    def _filter(self, wanted: str) -> None:
        words = wanted.casefold()
        for menu, rows in self._rows.items():
            for row in rows:
                row.setHidden(words not in f"{menu} {row.text(0)} {row.text(1)}".casefold())
            self._groups[menu].setHidden(all(row.isHidden() for row in rows))
