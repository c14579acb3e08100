"""Which segments of one edit wait for which others: no text is taken away before its new place is safe.

A merge removes one cue and lets another grow; a split makes a cue and shortens another. If the second write
were refused after the first was carried out, the words would be nowhere.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from vtt_desktop.domain.edit import CueChange, Edit, HeadChange
from vtt_desktop.domain.text_merge import tokens

FEW = 8
"""So many segments that an edit fills are waited for together; of more, those nearest in time, since text
moves to a neighbour and a list of thousands would be kept for each of thousands."""
_NEAR = 2
AnyChange = CueChange | HeadChange
Waits = Mapping[str, frozenset[str]]


class OrderOfWrites:
    """Hears a person's edits one after the other."""

    def __init__(self, key_of: Callable[[int], str | None]) -> None:
        self._key_of = key_of
        self._group = ""
        self._lately: tuple[AnyChange, ...] = ()
        """The last changes of one group of edits."""

    def waits(self, edit: Edit) -> Waits:
        """For each segment that an edit takes text from, those that it gives text to.

        An edit that makes or removes cues moves text, whatever it does to it. One that changes a few cues
        (words carried over to the next) moves the words that one cue loses and another gains; so do several
        of a group. What changes many cues by itself moves nothing.
        """
        few = edit.changes if len(edit.changes) <= FEW else ()
        self._lately = (*self._lately, *few)[-FEW:] if edit.group and edit.group == self._group else few
        self._group = edit.group
        found = _text_that_moved(edit, self._key_of) if edit.structural else {}
        if len(self._lately) > 1:
            for key, others in _words_that_moved(self._lately, self._key_of).items():
                found[key] = found.get(key, frozenset()) | others
        return found


def _text_that_moved(edit: Edit, key_of: Callable[[int], str | None]) -> dict[str, frozenset[str]]:
    gained: Counter[str] = Counter()
    starts: dict[str, int] = {}
    for key, start, before, after in _texts(edit.changes, key_of):
        gained[key] += len(after) - len(before)
        starts.setdefault(key, start)
    filled = sorted((starts[key], key) for key, much in gained.items() if much > 0)
    if not filled:
        return {}
    every = frozenset(key for _, key in filled)
    emptied = [key for key, much in gained.items() if much < 0]
    if len(every) <= FEW:
        return dict.fromkeys(emptied, every)
    return {key: _nearest(filled, starts[key]) for key in emptied}


def _texts(
    changes: Iterable[AnyChange], key_of: Callable[[int], str | None]
) -> Iterator[tuple[str, int, str, str]]:
    """Of each cue that changes: its segment, its start, and its text before and after."""
    for change in changes:
        if not isinstance(change, CueChange):
            continue
        key, cue = key_of(change.id), change.after or change.before
        if key is None or cue is None:
            continue
        before, after = (one.text if one is not None else "" for one in (change.before, change.after))
        yield key, cue.start, before, after


def _words_that_moved(
    changes: Iterable[AnyChange], key_of: Callable[[int], str | None]
) -> dict[str, frozenset[str]]:
    gained: dict[str, Counter[str]] = {}
    for key, _, before, after in _texts(changes, key_of):
        words = gained.setdefault(key, Counter())
        words.update(_words(after))
        words.subtract(_words(before))
    found: dict[str, frozenset[str]] = {}
    for key, words in gained.items():
        lost = {word for word, much in words.items() if much < 0}
        if others := {
            other for other, more in gained.items() if other != key and any(more[word] > 0 for word in lost)
        }:
            found[key] = frozenset(others)
    return found


def _words(text: str) -> list[str]:
    """What it says, without signs; in a script without blanks each character is a word."""
    return [word for word in tokens(text) if any(map(str.isalnum, word)) and not word.startswith("<")]


def _nearest(filled: list[tuple[int, str]], start: int) -> frozenset[str]:
    at = bisect_left(filled, (start, ""))
    return frozenset(key for _, key in filled[max(0, at - _NEAR) : at + _NEAR])
