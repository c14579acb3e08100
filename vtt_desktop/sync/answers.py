"""What a backend's answer means, whatever it was spelt like: for the engine to act on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from vtt_desktop.domain.many import quickly

SAYS: Final = "The server says: "
"""How a sentence of the server's own begins."""


@dataclass(frozen=True, slots=True)
class Done:
    """Carried out, or read: the version (None where the answer had none) and the document (None likewise).

    `named`: the version that the answer to a write named, of one whose version is read again all the same.
    """

    etag: str | None = None
    document: Any = None
    named: str | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A conditional read: the version is still the one that was asked about (304)."""


@dataclass(frozen=True, slots=True)
class StaleTag:
    """Refused: the tag is not the current one, or what was to be created exists. In the server's words, where
    it has some."""

    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """There is no such segment; `deleted`: the server knows that there was one (410)."""

    deleted: bool = False


@dataclass(frozen=True, slots=True)
class NotReached:
    """Certainly not carried out: the request never got there, or was turned away unread."""

    why: str
    retry_after_s: float | None = None
    link_down: bool = True


@dataclass(frozen=True, slots=True)
class Unproven:
    """Perhaps carried out: nobody saw an answer that proves anything."""

    why: str
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class TokenNeeded:
    """401: certainly not carried out; a (new) token is asked for."""

    why: str


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """403, 405, 501: this may be read and not written."""

    sentence: str


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """The server will not have this content, in its own words."""

    sentence: str


@dataclass(frozen=True, slots=True)
class AnotherHistory:
    """Refused: what we were told of last is not in this project's history, or it is another project, of that
    `epoch`."""

    epoch: str = ""


Answer = (
    Done
    | Unchanged
    | StaleTag
    | Missing
    | NotReached
    | Unproven
    | TokenNeeded
    | NotAllowed
    | NotAccepted
    | AnotherHistory
)


def words_of(answer: Answer) -> str:
    """What an answer that is no success says, in one sentence for a person."""
    match answer:
        case NotReached(why) | Unproven(why) | TokenNeeded(why):
            return f"{why}."
        case NotAllowed(sentence) | NotAccepted(sentence):
            return sentence
        case Missing():
            return "There is nothing at that address on the server."
        case StaleTag():
            return "It is already there on the server."
        case AnotherHistory():
            return "The server went back to an older state of this project."
        case _:
            return "The server's answer was not understood."


@dataclass(frozen=True, slots=True)
class Listed:
    """One segment in a list or in the change feed; `document` None: not told (or it is gone)."""

    key: str
    etag: str | None
    document: Any = None
    gone: bool = False


made_listed = quickly(Listed)
"""`Listed(…)`, where thousands are."""


@dataclass(frozen=True, slots=True)
class Contents:
    """All segments of a project in their order, and the feed's position that the list is as new as."""

    items: tuple[Listed, ...]
    seq: int = 0
    epoch: str = ""
    unread: Mapping[str, str] = field(default_factory=dict)
    """Segments that are there, or may be, and could not be read this time: their keys, and why."""
    pages: int = 1
    """In how many answers they came."""


@dataclass(frozen=True, slots=True)
class News:
    """What changed since a position. `stale`: not all of it is told, or the position means nothing there any
    more (then `seq` is 0): list again."""

    items: tuple[Listed, ...] = ()
    seq: int = 0
    epoch: str = ""
    more: bool = False
    stale: bool = False
