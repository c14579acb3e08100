"""A server that went back: restored from an older backup, emptied, or made anew under the same name.

What it has lost was acknowledged here. Nothing is taken from it and nothing sent to it until a person has
decided whose versions shall hold (`engine.Engine.decide_setback`).
"""

from __future__ import annotations

from enum import Enum

from vtt_desktop.sync.answers import Contents


class Setback(Enum):
    """How the server's copy of the project went back behind what it had acknowledged."""

    OLDER = "older"
    """Restored from a backup: the feed's position is before one that we were told of."""
    EMPTY = "empty"
    """The project is there, and nothing in it."""
    ANOTHER = "another"
    """Another project of that name: its epoch is not the one that this document was shared in."""
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


def setback_of(contents: Contents, seq: int, epoch: str, known: int) -> Setback | None:
    """What a whole list says, compared with the position `seq` in the `epoch` that we were told of; `known`
    is how many segments the server had for us. None: nothing went back."""
    if epoch and contents.epoch and contents.epoch != epoch:
        return Setback.ANOTHER
    if 0 < _number(contents.seq) < _number(seq):
        return Setback.OLDER
    if known > 1 and not contents.unread and all(item.gone for item in contents.items):
        return Setback.EMPTY
    return None


def _number(position: object) -> int:
    """A feed's position where it can be compared; else none."""
    return position if isinstance(position, int) else 0
