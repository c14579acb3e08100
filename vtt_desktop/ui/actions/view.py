"""What is shown and how: theme, zoom, palette, help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtWidgets import QWidget

from vtt_desktop.ui.appearance import ThemeChoice
from vtt_desktop.ui.commands import Command, Commands
from vtt_desktop.ui.dialogs.about import AboutDialog
from vtt_desktop.ui.dialogs.conflict_keys import CONFLICT_KEYS
from vtt_desktop.ui.palette import CommandPalette
from vtt_desktop.ui.panels.refused_keys import REFUSED_KEYS
from vtt_desktop.ui.shortcuts import ShortcutsDialog


class Zoomable(Protocol):
    """What of the timeline the commands need."""

    def zoom_in(self) -> object: ...
    def zoom_out(self) -> object: ...
    def zoom_to_selection(self) -> object: ...


def view_commands(
    timeline: Zoomable,
    palette: CommandPalette,
    chosen: Callable[[], ThemeChoice],
    choose: Callable[[ThemeChoice], object],
) -> list[Command]:
    """`choose` sets the theme, `chosen` gives it."""

    def theme_command(choice: ThemeChoice, words: str) -> Command:
        return Command(
            f"theme-{choice.value}",
            words,
            lambda: choose(choice),
            ("View", "Theme"),
            checked=lambda: chosen() is choice,
        )

    menu = ("View",)
    return [
        Command(
            "palette",
            "Command palette…",
            palette.open,
            menu,
            ("Ctrl+Shift+P",),
            icon="command",
            tip="Every command by a few letters",
        ),
        Command(
            "zoom-in",
            "Zoom timeline in",
            lambda: timeline.zoom_in(),
            menu,
            ("Ctrl+=", "Ctrl++"),
            icon="zoom-in",
            section=1,
        ),
        Command(
            "zoom-out",
            "Zoom timeline out",
            lambda: timeline.zoom_out(),
            menu,
            ("Ctrl+-",),
            icon="zoom-out",
            section=1,
        ),
        Command(
            "zoom-selection",
            "Zoom timeline to selection",
            lambda: timeline.zoom_to_selection(),
            menu,
            ("Ctrl+0",),
            icon="zoom-fit",
            section=1,
        ),
        theme_command(ThemeChoice.SYSTEM, "As the system"),
        theme_command(ThemeChoice.DARK, "Dark"),
        theme_command(ThemeChoice.LIGHT, "Light"),
    ]


def help_commands(commands: Commands, window: QWidget) -> list[Command]:
    return [
        Command(
            "shortcuts",
            "Keyboard shortcuts",
            lambda: ShortcutsDialog(commands, window, (*CONFLICT_KEYS, *REFUSED_KEYS)).open(),
            ("Help",),
            ("F1",),
            icon="keyboard",
        ),
        Command("about", "About VTT Desktop", lambda: AboutDialog(window).open(), ("Help",), icon="about"),
    ]
