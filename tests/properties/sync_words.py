"""Where words that were joined to another cue end up in a simulated world: in the end they are somewhere,
unless a person made something without them (I1). A text that is typed holds a number that no other does."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from vtt_desktop.sync.body import Conflict, ConflictKind

_NUMBER = re.compile(r"\b\d+\b")
_OF_THE_CUE = (ConflictKind.EDIT, ConflictKind.REMOVED_HERE, ConflictKind.REMOVED_THERE)


class WordAccounts:
    """Hears all that people do at any desk."""

    def __init__(self) -> None:
        self._joined: defaultdict[str, set[str]] = defaultdict(set)
        """What a person joined to another cue, by desk."""
        self._often: set[str] = set()
        """What was joined more than once, or is not to be followed: what cue it is of nobody can tell."""
        self._dropped: defaultdict[str, set[str]] = defaultdict(set)
        """What a person made something without, by desk."""
        self._first: dict[tuple[str, str], int] = {}
        """Which cue said it first, by desk and number."""
        self._brought: defaultdict[str, set[str]] = defaultdict(set)
        """What a person brought back, by desk."""

    def joined(self, name: str, text: str) -> None:
        """A person at this desk joined a cue with this text to another."""
        found = numbers((text,))
        self._often |= found & self._by_anybody()
        self._joined[name] |= found

    def leave(self, text: str) -> None:
        """Not to be followed: a part of a cue that was cut off, since joined to it again it is where it was;
        a word that goes on by itself; what the backend never knew, of which its desk alone can tell."""
        self._often |= numbers((text,))

    def shows(self, name: str, cue_id: int, text: str) -> None:
        """A cue at this desk says this text."""
        for number in numbers((text,)):
            self._first.setdefault((name, number), cue_id)

    def edited(self, name: str, before: Iterable[str], after: Iterable[str]) -> None:
        """A person at this desk made these texts of those, and not by a decision on a conflict."""
        was, now = numbers(before), numbers(after)
        self._brought[name] |= now - was
        self._dropped[name] = (self._dropped[name] - (now - was)) | (was - now)

    def decides(
        self, name: str, conflict: Conflict, choice: str | None, there: Callable[[int], bool]
    ) -> None:
        """A person at this desk decided a conflict on one cue: that is not about words which they know from
        another cue that one side joined to it, and that is not `there` any more."""
        sides = (conflict.base, conflict.mine, conflict.theirs)
        base, mine, theirs = (numbers((side.text,)) if side is not None else set() for side in sides)
        own = {number for (desk, number), cue in self._first.items() if (desk, cue) == (name, conflict.id)}
        dropped = (base | mine | theirs | own) - numbers((choice,) if choice is not None else ())
        if conflict.base is not None and conflict.kind in _OF_THE_CUE:
            here = self._joined[name]
            joined = ((mine - theirs) & here) | ((theirs - mine) & self._by_anybody() - here) - base
            first = {number: self._first.get((name, number), conflict.id) for number in joined}
            dropped -= {number for number, cue in first.items() if cue != conflict.id and not there(cue)}
        self._dropped[name] |= dropped

    def crashed(self, name: str, texts: Iterable[str]) -> None:
        """What had been brought back at this desk, and is not on its disk, was not."""
        self._dropped[name] |= self._brought[name] - numbers(texts)

    def lost(self, texts: Iterable[str]) -> set[str]:
        """What should be in one of these texts, and is in none."""
        return self._by_anybody().difference(self._often, numbers(texts), *self._dropped.values())

    def _by_anybody(self) -> set[str]:
        return set().union(*self._joined.values())


def numbers(texts: Iterable[str]) -> set[str]:
    return {number for text in texts for number in _NUMBER.findall(text)}
