"""A server that went back: restored from an older backup, emptied, or made anew under the same name.

What it has lost was acknowledged here. Nothing is taken from it and nothing sent to it until a person has
decided whose versions shall hold (`engine.Engine.decide_setback`).
"""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

from vtt_desktop.sync.answers import Contents
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.version_parts import bare


class Setback(Enum):
    """How the server's copy of the project went back behind what it had acknowledged."""

    OLDER = "older"
    """Restored from a backup: a position of the feed that we were told of is not in its history, or versions
    are shown again that had been followed by others."""
    EMPTY = "empty"
    """The project is there, and nothing in it."""
    ANOTHER = "another"
    """Another project of that name: its epoch is not the one that this document was shared in, or it holds
    none of the segments that were there."""
    GONE = "gone"
    """There is no such project."""

    @property
    def sentence(self) -> str:
        """What happened, and that nothing here has changed."""
        return _SENTENCES[self]


_SENTENCES = {
    Setback.OLDER: "The server went back to an older state of this project, as after a restored backup; "
    "nothing was taken over, and your text is as it was.",
    Setback.EMPTY: "The project on the server is empty now; nothing was taken over.",
    Setback.ANOTHER: "The project on the server is not the one this document was shared in; "
    "nothing was taken over.",
    Setback.GONE: "The project is not on the server any more; your text is as it was.",
}


def setback_of(contents: Contents, seq: int, epoch: str, known: Collection[str]) -> Setback | None:
    """What a whole list says, compared with the position `seq` in the `epoch` that we were told of (0: none
    that has an order); `known` are the segments that the server had for us. None: nothing went back, as far
    as a list can tell."""
    if epoch and contents.epoch and contents.epoch != epoch:
        return Setback.ANOTHER
    if 0 < contents.seq < seq:
        return Setback.OLDER
    there = {item.key for item in contents.items if not item.gone}
    if len(known) > 1 and not contents.unread and there.isdisjoint(known):
        return Setback.ANOTHER if there else Setback.EMPTY
    return None


def older(one: Segment, etag: str | None) -> bool:
    """Whether a version is one that others had followed here, and not the one of now as something between
    rewrote it."""
    return etag in one.past and bare(etag) != bare(one.etag)
