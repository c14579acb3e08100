"""What the window needs to check and edit all of WebVTT. `app/` provides it; nothing here parses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from vtt_desktop.domain.observe import Signal
from vtt_desktop.domain.problem import Problem
from vtt_desktop.ui.ports import Session


@dataclass(frozen=True, slots=True)
class ProblemsChange:
    """From place `at` of the list on, `gone` problems are now `fresh`; nothing: a check has ended."""

    at: int
    gone: int
    fresh: tuple[Problem, ...]


class Problems(Protocol):
    """What is wrong with the open document, kept up with every edit."""

    changed: Signal[ProblemsChange]

    @property
    def rows(self) -> Sequence[Problem]:
        """Those of the file (without a cue), then those of the cues in file order."""

    @property
    def checking(self) -> bool:
        """Whether a part of the document has not been looked at yet."""

    def has(self, cue_id: int) -> bool:
        """Whether a cue has a problem: quick, for painting."""

    def set_session(self, session: Session) -> None: ...


class Authoring(Protocol):
    """Everything of the kind, for one window."""

    @property
    def problems(self) -> Problems: ...
