"""Words for where a segment and the link to its server stand. By themselves: the first rows need no more."""

from __future__ import annotations

from enum import Enum
from typing import Final, Protocol


class Phase(Enum):
    """What a badge shows. Derived from a segment, never stored."""

    __hash__ = object.__hash__  # they are counted at each change of each segment; an Enum hashes its name

    LOCAL = "local"
    SYNCED = "synced"
    DIRTY = "dirty"
    SENDING = "sending"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"
    GONE = "gone"
    REFUSED = "refused"
    READ_ONLY = "read-only"
    """Saved, and what one would change of it could not be, the last time: the server forbids it, or shows no
    version."""


SETTLED: Final = frozenset((Phase.LOCAL, Phase.SYNCED, Phase.READ_ONLY))
"""Phases in which nothing is left to be done."""


class Link(Enum):
    """Whether we talk to a server, and if not, why."""

    LOCAL = "local"
    """There is no server: a file on this machine."""
    ONLINE = "online"
    OFFLINE = "offline"
    """The person switched it off."""
    UNREACHABLE = "unreachable"
    """The network or the server does not answer."""
    NEEDS_TOKEN = "needs-token"
    READ_ONLY = "read-only"
    """The backend cannot be written to safely, or may not be."""


class Badges(Protocol):
    """What can be said of each cue's sync."""

    @property
    def link(self) -> Link: ...
    @property
    def setback(self) -> object | None:
        """Not None: the server lost something that was saved, and a person has to decide."""

    def phase(self, cue_id: int) -> Phase: ...
    def detail(self, cue_id: int) -> str:
        """The server's sentence on the cue, or nothing."""


class Unshared:
    """The badges of a document that no server has."""

    link = Link.LOCAL
    setback = None

    def phase(self, cue_id: int) -> Phase:
        return Phase.LOCAL

    def detail(self, cue_id: int) -> str:
        return ""


def shown_phase(badges: Badges, cue_id: int) -> Phase:
    """What a badge shows of the cue: its phase, where the link to the server does not make it untrue."""
    phase = badges.phase(cue_id)
    if badges.setback is not None:
        return Phase.UNKNOWN if phase in (Phase.SYNCED, Phase.READ_ONLY) else phase
    return Phase.READ_ONLY if phase is Phase.DIRTY and badges.link is Link.READ_ONLY else phase
