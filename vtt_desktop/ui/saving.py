"""What the window needs to know of the open document's file to read and write it otherwise. `app/` has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class FormatChoice:
    """A format that files can be saved in; `suffixes` without dots, the usual one first."""

    name: str
    title: str
    suffixes: tuple[str, ...]
    any_encoding: bool
    """False where the format itself says how its text is encoded."""


@dataclass(frozen=True, slots=True)
class EncodingChoice:
    """A text encoding: its name in the program, for people, and what it is used for."""

    name: str
    title: str
    area: str
    told: bool = False
    """Whether the file's own bytes speak for it."""
    now: bool = False
    """Whether it is in use."""


class Saving(Protocol):
    """The open document's file, as it could be read and written. Sentences are whole, for people."""

    @property
    def formats(self) -> Sequence[FormatChoice]: ...
    def encodings(self) -> Sequence[EncodingChoice]:
        """The one that the file's bytes speak for comes first, then the one in use."""

    def read_as(self, encoding: str) -> str:
        """The first lines of the file, read with an encoding."""

    async def unfit(self, encoding: str) -> str:
        """Which characters of the document an encoding does not have, and where; nothing: all fit."""

    async def losses(self, path: Path | None) -> Sequence[str]:
        """What a save under that name would lose, or one where the file is: a sentence for each kind.

        UserError where no format has that suffix.
        """

    async def reread(self, encoding: str) -> None:
        """Reads the file again with an encoding. What was edited and not saved is kept; where both say
        something else of a cue, a person decides. UserError where the file makes no sense so."""
