"""From where on a cue is marked as too much to read, until a rule profile says otherwise."""

from __future__ import annotations

from typing import Final

CPS_MAX: Final = 25.0
"""Characters a second (Subtitle Edit's default profile)."""

LINE_MAX: Final = 43
"""Characters in one line (Subtitle Edit's default profile)."""
