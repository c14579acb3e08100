"""The keys of the dialog on a conflict: for the dialog itself and for the list of all keys."""

from __future__ import annotations

from typing import Final

MINE: Final = "Alt+M"
THEIRS: Final = "Alt+T"
COMPOSED: Final = "Ctrl+Return"
ALL_ALIKE: Final = "Alt+A"
PREVIOUS: Final = "Alt+Up"
NEXT: Final = "Alt+Down"
STOP: Final = "Esc"
"""While many are decided alike."""
PLAY: Final = ("Alt+1", "Alt+2", "Alt+3")
"""By version: before, mine, theirs."""

CONFLICT_KEYS: Final = (
    ("Resolving a conflict", "Keep mine", MINE),
    ("Resolving a conflict", "Take theirs", THEIRS),
    ("Resolving a conflict", "Use composed", COMPOSED),
    ("Resolving a conflict", "The same for all like this", ALL_ALIKE),
    ("Resolving a conflict", "Stop deciding all", STOP),
    ("Resolving a conflict", "Previous conflict", PREVIOUS),
    ("Resolving a conflict", "Next conflict", NEXT),
    ("Resolving a conflict", "Play before", PLAY[0]),
    ("Resolving a conflict", "Play mine", PLAY[1]),
    ("Resolving a conflict", "Play theirs", PLAY[2]),
    ("Resolving a conflict", "Decide later", "Esc"),
)
"""Group, what it does, and its key."""
