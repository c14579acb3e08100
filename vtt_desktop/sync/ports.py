"""What the sync needs from the packages beside and above it; `app/` puts them together."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Head


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the cue blocks in a segment's text, and is written back as it was.

    `payload_only`: the text is a bare cue payload, without a timing line; its times are our own. `leadless`:
    blank lines before the first cue are the document's alone, the segment's text has none.
    """

    before: str = ""
    after: str = ""
    payload_only: bool = False
    leadless: bool = False


class SegmentText(Protocol):
    """WebVTT text of segments to cues and back, losslessly. Cues come without ids of ours (0)."""

    def read(self, text: str) -> tuple[tuple[Cue, ...], Frame]:
        """Cue blocks, a whole file, or a bare payload: whatever a backend keeps in one field."""

    def write(self, cues: Iterable[Cue], frame: Frame) -> str:
        """The text again: byte for byte where nobody touched it."""

    def read_head(self, text: str, tail: str) -> Head: ...
    def write_head(self, head: Head) -> tuple[str, str]: ...


Spawn = Callable[[Coroutine[Any, Any, None], str], object]
"""The one door for background work: a coroutine and what it is, in words."""
