"""Whether there is a screen, and what to do without one."""

from __future__ import annotations

import os
import sys

from vtt_desktop.domain.errors import UserError


def has_display() -> bool:
    """Whether a window could be seen, or somebody said expressly how Qt shall draw."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def need_eyes() -> None:
    """UserError where a window would open that nobody can see."""
    if not has_display():
        raise UserError(
            "There is no display to open a window on.",
            "`demo --script`, `run`, `check` and the other commands do without one.",
        )


def draw_in_memory() -> None:
    """For what is drawn to be saved as pictures: without a display Qt's offscreen platform serves."""
    if not has_display():
        print("vtt-desktop: there is no display here; the window is drawn in memory", file=sys.stderr)
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
