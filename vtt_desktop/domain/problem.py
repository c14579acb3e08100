"""What a check found, as data: the same for a format's syntax and for rules of good subtitling."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """ERROR: the specification forbids it. WARNING: it can hardly be what was meant."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `rule` is a stable name, `section` where it is written, `cue_id` None for the whole file.

    `line` is the line of the file, from one, where that is known, else nought.
    """

    rule: str
    section: str
    message: str
    cue_id: int | None = None
    severity: Severity = Severity.ERROR
    line: int = 0
