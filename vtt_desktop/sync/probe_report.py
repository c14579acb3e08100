"""What trying a backend found, in words and marks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Mark(Enum):
    """How a finding counts."""

    GOOD = "good"
    NOTE = "note"
    """Worth knowing; nothing is lost by it."""
    BAD = "bad"
    """With this, somebody's edit could be lost, or no save would work: nothing is written."""
    UNTRIED = "untried"
    """It could not be tried, which proves nothing; what was found before still holds."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried: a name that stays, how it counts, and a sentence for a person."""

    check: str
    mark: Mark
    words: str


_GRAVE = ("stale-save", "stale-delete", "other-fields")


@dataclass(frozen=True, slots=True)
class Report:
    """All findings. `lost` says why it could not be tried to the end; empty: it was."""

    findings: tuple[Finding, ...]
    lost: str = ""

    @property
    def writable(self) -> bool:
        return not self.lost and not self.reason

    @property
    def reason(self) -> str:
        """Why nothing may be written there: the gravest finding in its words; empty: it may."""
        bad = [one for one in self.findings if one.mark is Mark.BAD]
        grave = [one for one in bad if one.check in _GRAVE]
        return (grave or bad)[0].words if bad else ""
