"""What can happen to a segment, and what its machine can want done."""

from __future__ import annotations

from dataclasses import dataclass

from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.body import Body
from vtt_desktop.sync.segment import Given, Version


@dataclass(frozen=True, slots=True)
class Edited:
    """The document's part of this segment is now `mine` (None: removed). `after`: the segments that got what
    the edit took from this one, as told by `gave`."""

    mine: Body | None
    after: frozenset[str] = frozenset()
    gave: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True)
class Proved:
    """These segments need not be waited for any more."""

    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class TakerMoved:
    """What became of a segment that text was given to. `there`: the server has it with that text.
    `in_question`: whether it still has is to be read, or a person's to decide."""

    taker: str
    there: bool
    in_question: bool


@dataclass(frozen=True, slots=True)
class Due:
    """It is this segment's turn. `write_id` names the write that may follow."""

    write_id: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """A write was acknowledged. `version` is what the answer told: a tag, and the body where it had one.
    `named`: a tag that a read has to show what is under."""

    version: Version
    named: str | None = None


@dataclass(frozen=True, slots=True)
class Stale:
    """A write was refused because its tag was not the current one (412, or 409)."""


@dataclass(frozen=True, slots=True)
class NotSent:
    """A request never reached the server, or was refused before it was looked at (401, 429)."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A request may or may not have been carried out: nobody saw the answer."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a read of this segment showed just now. `deleted`: not there, and known to have been (410)."""

    version: Version
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What a list or the change feed, asked after all we know, showed of this segment."""

    version: Version


@dataclass(frozen=True, slots=True)
class Told:
    """A list or the change feed named a version without showing it, or showed one that may be older than
    what is known: a read will tell."""

    etag: str | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The server has something that cannot be read as the profile says; in a sentence."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The server will not have this content (400, 422, 413 …), in its own words."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Forbidden:
    """This segment may be read and not written (403)."""

    sentence: str


@dataclass(frozen=True, slots=True)
class NewToken:
    """Another token is used from now on: what was forbidden may be allowed."""


@dataclass(frozen=True, slots=True)
class Again:
    """A person asked for it, or the program has started: what was refused may be sent once more."""


@dataclass(frozen=True, slots=True)
class Chose:
    """A person decided on one cue of several that are in conflict: it shall be `choice` (None: removed)."""

    cue_id: int
    choice: Cue | None


@dataclass(frozen=True, slots=True)
class Resolved:
    """A person decided: this is what the segment shall say (None: it shall be gone)."""

    body: Body | None


@dataclass(frozen=True, slots=True)
class PutBack:
    """The server lost what it had, and a person decided to put back what is here. `version` is there now;
    `met`: it was here before, so nobody has changed it since; `deleted`: somebody removed it since."""

    version: Version
    met: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Overruled:
    """A person decided to take what the server has now, whatever was here."""

    version: Version


Event = (
    Edited
    | Proved
    | TakerMoved
    | Due
    | Saved
    | Stale
    | NotSent
    | Unanswered
    | Fetched
    | Seen
    | Told
    | Unreadable
    | Refused
    | Forbidden
    | NewToken
    | Again
    | Chose
    | Resolved
    | PutBack
    | Overruled
)


@dataclass(frozen=True, slots=True)
class Save:
    body: Body
    base: Body
    etag: str
    write_id: str


@dataclass(frozen=True, slots=True)
class Create:
    """`others`: what else the segment's document held when it was there before, as JSON (I16)."""

    body: Body
    write_id: str
    others: str = ""


@dataclass(frozen=True, slots=True)
class Delete:
    etag: str
    write_id: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """Read it, past every cache."""


@dataclass(frozen=True, slots=True)
class Adopt:
    """The document shall say `body` here (None: it is gone); `took` tells in words what came from there.
    `altered`: it is what the server made of what was sent from here."""

    body: Body | None
    took: tuple[str, ...]
    altered: bool = False


Action = Save | Create | Delete | Fetch | Adopt
