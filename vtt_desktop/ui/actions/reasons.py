"""Why a command cannot be used now: sentences shared by the commands."""

from __future__ import annotations

from collections.abc import Callable

from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection

Reason = Callable[[], str | None]


def needs_cue(current: Callable[[], Session], selection: Selection) -> Reason:
    """A cue must be current."""

    def reason() -> str | None:
        cues = current().document.snapshot.cues
        if not len(cues):
            return "There are no cues yet."
        if selection.current is None or not cues.has(selection.current):
            return "Select a cue first."
        return None

    return reason


def needs_cues(current: Callable[[], Session]) -> Reason:
    """The document must not be empty."""
    return lambda: None if len(current().document.snapshot.cues) else "There are no cues yet."


def needs_server(current: Callable[[], Session]) -> Reason:
    """The document must be shared."""
    return lambda: None if current().shared_url else "This document is not on a server. Publish it first."


def unread_words(why: str, done: str) -> str | None:
    """Why the source cannot be `done` now (saved, left) while a block is not whole; None where all are."""
    return f"It cannot be {done} yet: a block is not whole. {why} Finish it, or put it back." if why else None
