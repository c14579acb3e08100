"""Words for where a segment and the link to its server stand. By themselves: the first rows need no more."""

from __future__ import annotations

from enum import Enum
from typing import Protocol


class Phase(Enum):
    """What a badge shows. Derived from a segment, never stored."""

    LOCAL = "local"
    SYNCED = "synced"
    DIRTY = "dirty"
    SENDING = "sending"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"
    GONE = "gone"
    REFUSED = "refused"


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
    def phase(self, cue_id: int) -> Phase: ...
    def detail(self, cue_id: int) -> str:
        """The server's sentence on the cue, or nothing."""


class Unshared:
    """The badges of a document that no server has."""

    link = Link.LOCAL

    def phase(self, cue_id: int) -> Phase:
        return Phase.LOCAL

    def detail(self, cue_id: int) -> str:
        return ""
