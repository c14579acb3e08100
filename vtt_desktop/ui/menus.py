"""The menu bar and the toolbar, made from the registry of commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar, QWidget

from vtt_desktop.ui.commands import Command, Commands
from vtt_desktop.ui.icons import icon
from vtt_desktop.ui.theme import TOOL_SIDE, Theme

TOOLBAR = (
    ("open", "save", "publish"),
    ("undo", "redo"),
    ("insert-after", "split", "merge", "delete"),
    ("set-start", "set-end", "shift"),
    ("find", "sync-now", "conflicts"),
)
"""Ids of the commands on the toolbar, in groups."""


class Menus:
    """One `QAction` a command and a place. What can be used is asked when a menu opens, not on each edit."""

    def __init__(self, commands: Commands, bar: QMenuBar, order: Iterable[str], theme: Theme) -> None:
        self._commands = commands
        self._theme = theme
        self._bar = bar
        self._menus: dict[tuple[str, ...], QMenu] = {}
        self._actions: dict[tuple[str, ...], list[tuple[Command, QAction]]] = {}
        self._sections: dict[tuple[str, ...], int] = {}
        for title in order:
            self._menu((title,))
        for command in commands:
            self._add(command)

    def menu(self, *path: str) -> QMenu:
        """The menu with this path, e.g. to put a list of recent files into."""
        return self._menu(path)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for actions in self._actions.values():
            for _command, action in actions:
                action.setIcon(QIcon())

    def _menu(self, path: tuple[str, ...]) -> QMenu:
        if path not in self._menus:
            parent: QMenuBar | QMenu = self._menu(path[:-1]) if len(path) > 1 else self._bar
            made = parent.addMenu(_with_mnemonic(path[-1]))
            made.setToolTipsVisible(True)
            made.aboutToShow.connect(lambda: self._refresh(path))
            self._menus[path] = made
            self._actions[path] = []
        return self._menus[path]

    def _add(self, command: Command) -> None:
        menu = self._menu(command.menu)
        if self._sections.setdefault(command.menu, command.section) != command.section:
            self._sections[command.menu] = command.section
            menu.addSeparator()
        action = menu.addAction(command.title)
        action.setObjectName(command.id)
        action.triggered.connect(lambda: self._commands.run(command.id))
        self._actions[command.menu].append((command, action))
        _refresh(command, action)

    def _refresh(self, path: tuple[str, ...]) -> None:
        for command, action in self._actions[path]:
            _refresh(command, action)
            if command.icon and action.icon().isNull():
                # Drawn when the menu opens for the first time: all at once would show at the start.
                action.setIcon(icon(command.icon, self._theme.text, sizes=(16,)))


class Toolbar(QToolBar):
    """The commands of `TOOLBAR`; `refresh` asks which of them can be used now."""

    def __init__(self, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Toolbar", parent)
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setIconSize(QSize(TOOL_SIDE, TOOL_SIDE))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._actions: list[tuple[Command, QAction]] = []
        for group in TOOLBAR:
            if self._actions:
                self.addSeparator()
            for command_id in group:
                self._add(commands, commands[command_id])
        self.set_theme(theme)
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        for command, action in self._actions:
            action.setIcon(icon(command.icon, theme.text, sizes=(TOOL_SIDE,)))

    def refresh(self) -> None:
        """Cheap: one question a command, and nothing is touched that has not changed."""
        for command, action in self._actions:
            reason = command.disabled_reason()
            if action.isEnabled() != (reason is None):
                action.setEnabled(reason is None)
            if action.toolTip() != (tip := command.tooltip()):
                action.setToolTip(tip)

    def _add(self, commands: Commands, command: Command) -> None:
        action = QAction(command.plain_title, self)
        action.triggered.connect(_run(commands, command.id))
        self.addAction(action)
        self.widgetForAction(action).setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._actions.append((command, action))


def _run(commands: Commands, command_id: str) -> Callable[[], object]:
    return lambda: commands.run(command_id)


def _refresh(command: Command, action: QAction) -> None:
    key = f"\t{command.shortcut}" if command.shortcut else ""
    action.setText(command.title.replace("&", "&&") + key)
    reason = command.disabled_reason()
    action.setEnabled(reason is None)
    action.setToolTip(reason or command.tip or command.plain_title)
    if command.checked is not None:
        action.setCheckable(True)
        action.setChecked(command.checked())


def _with_mnemonic(title: str) -> str:
    return f"&{title}"
