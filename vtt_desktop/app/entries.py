"""Where the command line goes in: each command imports what it needs, and no other command pays for it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

_PORTIONS = (
    "socket",
    "ssl",
    "asyncio.base_events",
    "asyncio",
    "qasync",
    "uuid",
    "sqlite3",
    "platformdirs",
    "tomllib",
    "vtt_desktop.domain.merge",
    "vtt_desktop.domain.markup",
    "vtt_desktop.sync.body",
    "vtt_desktop.sync.state",
    "vtt_desktop.sync.profile",
    "vtt_desktop.sync.presence",
    "vtt_desktop.sync.versions",
    "vtt_desktop.ui.ports",
    "vtt_desktop.formats.files",
    "vtt_desktop.formats.webvtt_checks",
    "vtt_desktop.quality.profiles",
    "vtt_desktop.quality.rules",
    "vtt_desktop.sync.journal",
    "vtt_desktop.sync.machines",
    "vtt_desktop.sync.engine",
    "vtt_desktop.app.session",
    "vtt_desktop.app.opening",
    "vtt_desktop.app.workspace",
    "vtt_desktop.app.problems",
    "vtt_desktop.app.reading",
    "vtt_desktop.ui.rendering.style",
    "vtt_desktop.ui.rendering.flow",
    "vtt_desktop.ui.rendering.stage",
    "vtt_desktop.app.rendering",
    "vtt_desktop.ui.player.screen",
    "vtt_desktop.ui.player.video_pane",
    "vtt_desktop.ui.timeline.widget",
    "vtt_desktop.ui.editor",
    "vtt_desktop.ui.source_view",
    "vtt_desktop.ui.find",
    "vtt_desktop.ui.problems_panel",
    "vtt_desktop.ui.conflicts_panel",
    "vtt_desktop.ui.palette",
    "vtt_desktop.ui.document_dialog.window",
    "vtt_desktop.ui.actions.format",
    "vtt_desktop.ui.actions.share",
    "vtt_desktop.ui.actions.edit",
    "vtt_desktop.ui.furnishing",
)


def server() -> ModuleType:
    """The server: brings FastAPI. Needed by `serve` alone."""
    from vtt_desktop.server import main

    return main


def headless() -> ModuleType:
    """Sessions without a window."""
    from vtt_desktop.app import headless

    return headless


def backend_commands() -> ModuleType:
    """probe."""
    from vtt_desktop.app import commands_backend

    return commands_backend


def file_commands() -> ModuleType:
    """inspect, convert, check."""
    from vtt_desktop.app import commands_files

    return commands_files


def start() -> ModuleType:
    """The start of the window: brings Qt, and what shows the rows of a file."""
    from vtt_desktop.app import start

    return start


def editor_in_portions() -> Iterator[None]:
    """What `editor` brings, some milliseconds at a time: the window that shows the first rows may paint in
    between. What is missing in the list is imported at its end."""
    for name in _PORTIONS:
        import_module(name)
        yield


def editor() -> ModuleType:
    """All that works in the window."""
    from vtt_desktop.app import editor

    return editor


def event_loop() -> ModuleType:
    """asyncio, for the commands that wait for a server."""
    import asyncio

    return asyncio


def demo() -> ModuleType:
    """The demonstration: brings all of it."""
    from vtt_desktop.app import demo

    return demo


def demo_story() -> ModuleType:
    """The acts of the demonstration's story: brings Qt and the window."""
    from vtt_desktop.app.demo import story

    return story
