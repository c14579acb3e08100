"""The keys of the list of what the server refused: for it and for the list of all keys."""

from __future__ import annotations

from typing import Final

AGAIN: Final = "Alt+T"
BACK: Final = "Alt+P"

REFUSED_KEYS: Final = (
    ("What the server refused", "Try again", AGAIN),
    ("What the server refused", "Put back what was removed", BACK),
)
"""Group, what it does, and its key."""
