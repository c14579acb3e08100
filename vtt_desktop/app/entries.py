"""Where the command line goes in: each command imports what it needs, and no other command pays for it."""

from __future__ import annotations

from types import ModuleType


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


def editor() -> ModuleType:
    """All that works in the window: a quarter of a second of imports."""
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
