"""What the window needs to check and edit all of WebVTT. `app/` provides it; nothing here parses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Edit, Head
from vtt_desktop.domain.observe import Signal
from vtt_desktop.domain.problem import Problem
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.rendering.ports import Region


@dataclass(frozen=True, slots=True)
class ProblemsChange:
    """From place `at` of the list on, `gone` problems are now `fresh`; nothing: a check has ended."""

    at: int
    gone: int
    fresh: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Fix:
    """What mends a problem: one edit, and in words what it changes (`“a & b” → “a &amp; b”`)."""

    edit: Edit
    preview: str


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

    def fix_of(self, problem: Problem) -> Fix | None:
        """What mends it, from the document as it is now; None where only a person can."""

    async def fix_like(self, problem: Problem) -> Fix | None:
        """What mends all problems of the same rule that can be, in one edit; None where none can."""

    def set_session(self, session: Session) -> None: ...
    @property
    def profiles(self) -> Sequence[tuple[str, str]]:
        """Names and titles of the profiles of good subtitling there are."""

    @property
    def profile(self) -> str:
        """The name of the one that the document is held against, or nothing."""

    def set_profile(self, name: str) -> None: ...


@dataclass(frozen=True, slots=True)
class HeadBlock:
    """A block of the document's head. `kind` is header, style, region, note or junk; `text` what a person
    edits of it: all lines of the header, those behind the first one of STYLE and REGION."""

    kind: str
    text: str


class HeadText(Protocol):
    """The head block by block. What cannot stand in a block raises UserError; nothing else changes a byte."""

    def blocks(self, head: Head) -> Sequence[HeadBlock]:
        """In file order; the first one is the header. None where the format has no such head."""

    def time_offset(self, head: Head) -> int | None:
        """ms that X-TIMESTAMP-MAP adds to the times of cues for those of the film; None without a map."""

    def changed(self, snapshot: Snapshot, at: int, text: str) -> Head: ...
    def added(self, snapshot: Snapshot, kind: str, text: str) -> Head: ...
    def removed(self, snapshot: Snapshot, at: int) -> Head: ...
    def region(self, text: str) -> Region: ...
    def region_text(self, text: str, name: str, value: str) -> str:
        """A region's text with one setting of another value; no value takes it away."""


@dataclass(frozen=True, slots=True)
class SourcePiece:
    """A piece of the file's text. `key` is a cue's id; below nought it is the head or the end of the file."""

    key: int
    text: str


class SourceText(Protocol):
    """The file as text, piece by piece."""

    def pieces(self, snapshot: Snapshot, first: int, last: int) -> Sequence[SourcePiece]:
        """Cues `first` to `last`, that one left out, from nought; head and end where next to them."""

    def edit(self, snapshot: Snapshot, keys: Sequence[int], text: str, new_id: Callable[[], int]) -> Edit:
        """The edit that makes these neighbours say `text`; UserError while that text is not whole."""


class Authoring(Protocol):
    """Everything of the kind, for one window."""

    @property
    def problems(self) -> Problems: ...
    @property
    def head(self) -> HeadText: ...
    @property
    def source(self) -> SourceText: ...
