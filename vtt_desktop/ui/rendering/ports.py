"""What rendering needs read of a document. `app` gives a reader that parses WebVTT; nothing here does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from vtt_desktop.domain.edit import Head


class Node(Protocol):
    """A WebVTT node object (WebVTT 6.4): `type` is `text`, `timestamp` or a tag's name.

    `value` is the text, the annotation of a `v`, the language of a `lang`, or the ms of a timestamp.
    """

    @property
    def type(self) -> str: ...
    @property
    def value(self) -> str | int: ...
    @property
    def classes(self) -> tuple[str, ...]: ...
    @property
    def children(self) -> Sequence[Node]: ...


class Settings(Protocol):
    """What a cue's settings say, after WebVTT 6.3. `line` and `position` are "auto" or a number."""

    @property
    def vertical(self) -> str: ...
    @property
    def line(self) -> str | float: ...
    @property
    def snap_to_lines(self) -> bool: ...
    @property
    def line_align(self) -> str: ...
    @property
    def position(self) -> str | float: ...
    @property
    def position_align(self) -> str: ...
    @property
    def size(self) -> float: ...
    @property
    def align(self) -> str: ...
    @property
    def region(self) -> str | None: ...


class Region(Protocol):
    """A region of WebVTT 3.4. Widths and anchors are percentages, `lines` is a count."""

    @property
    def id(self) -> str: ...
    @property
    def width(self) -> float: ...
    @property
    def lines(self) -> int: ...
    @property
    def anchor(self) -> tuple[float, float]: ...
    @property
    def viewport_anchor(self) -> tuple[float, float]: ...
    @property
    def scroll(self) -> str: ...


@dataclass(frozen=True)
class Setup:
    """What the head of a document says about looks: its regions and the texts of its STYLE blocks. `foreign`:
    it is none of WebVTT, and its cues are read by the rules of others."""

    regions: Sequence[Region] = ()
    styles: tuple[str, ...] = ()
    foreign: bool = False


class CueReader(Protocol):
    """Reads the parts of a document that say how it looks. Never raises: what is wrong is ignored."""

    def settings(self, text: str) -> Settings: ...
    def tree(self, text: str, *, foreign: bool = False) -> Sequence[Node]:
        """The nodes of a cue's text; of a foreign one without styling overrides, which nobody shows."""
        ...

    def colours(self, text: str) -> str:
        """A style sheet for the font colours that are classes in a foreign cue's text; empty without."""
        ...

    def setup(self, head: Head) -> Setup: ...
