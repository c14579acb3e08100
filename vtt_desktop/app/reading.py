"""Joins the WebVTT readers and checks to the window: the one place where formats and the views meet."""

from __future__ import annotations

from vtt_desktop.app.problems import LiveProblems
from vtt_desktop.ui.commands import Spawn


class WebVTTAuthoring:
    """Implements `ui.authoring.Authoring`. `spawn` is the program's door for background work."""

    def __init__(self, spawn: Spawn) -> None:
        self.problems = LiveProblems(spawn)
