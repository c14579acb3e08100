"""Telling what one edit did to several cues: which were cut off, joined, or got words from another.

Of a colleague's edits nothing arrives but what each cue was and what it became; so it is told by times and
words, and only of cues that are known to have come or changed since. Pure.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.text_merge import tokens
from vtt_desktop.sync.moved_text import Words, with_words

TELLING = 3
"""So many words that stand as they stood tell where they came from, whatever became of the times."""
_NOTHING = Words()
NEAR = 5_000
"""So many milliseconds from where it was cut off a part is looked for, all of whose words are known."""


@dataclass(frozen=True, slots=True)
class Other:
    """Another cue that one side made or changed since: it was `was` (None: not there, or, where it was not
    `made`, not known), became `became` by that, and is `now`. `here`: this desk's side. `told`: it is known,
    and need not be guessed, that text went there. `doubtful`: it may be a part of a third, at whose time
    it stands."""

    now: Cue
    was: Cue | None
    became: Cue
    made: bool
    here: bool
    told: bool = False
    doubtful: bool = False


def said(cue: Cue | None) -> Words:
    """How often each word is in a cue, without tags: cut in two, both parts have them. Not to be changed."""
    return _words(cue.text) if cue is not None else _NOTHING


def tells(cue: Cue) -> bool:
    """Whether there are enough words to tell by them alone where they came from."""
    return said(cue).total() >= TELLING


@lru_cache(4096)
def _words(text: str) -> Words:
    found = (token for token in tokens(text) if not token.startswith("<"))
    return Counter(token for token in found if not token.isspace())


def cut_off(other: Other, base: Cue, side: Cue) -> bool:
    """Whether a cue came to be as a part of what the base was, when that became `side`: by its words, and by
    its time where that was not changed since."""
    became = other.became
    if not other.made:
        return False
    inside = base.start <= became.start and became.end <= base.end
    beside = became.end <= side.start or side.end <= became.start
    lost, words = said(base) - said(side), said(became)
    if not lost or not words:
        return False
    if inside and beside:
        return words <= lost or lost <= words or (_are_all_of(base, became, side) and bool(words & lost))
    if lost <= words and side.end == became.start < base.end:
        return True  # and joined to the next
    return words <= lost if other.told else words == lost and _near(became, base) and not other.doubtful


def _near(one: Cue, base: Cue) -> bool:
    return one.start <= base.end + NEAR and base.start - NEAR <= one.end


def _are_all_of(base: Cue, one: Cue, other: Cue) -> bool:
    """Whether two cues stand one after the other just in the time of the base."""
    first, last = (one, other) if one.start < other.start else (other, one)
    return (first.start, first.end, last.end) == (base.start, last.start, base.end)


def joined(one: Cue, base: Cue, side: Cue) -> bool:
    """Whether a cue that is gone was joined to this one: its words are there, as they were or, where this one
    lasts over its time since, any of them."""
    covered = covers(side, one)
    whole = one.text in side.text and one.text not in base.text
    if not (covered or whole):
        return False  # as nearly all are, of many that are gone
    words = said(one)
    if words and whole:
        return covered or tells(one)
    left = words - (said(side) - said(base))
    if stretched(side, base, one):
        return any(map(_is_spoken, words - left))
    return bool(words) and not left


def _is_spoken(token: str) -> bool:
    """Whether it is neither a sign nor a tag."""
    return any(map(str.isalnum, token)) and not token.startswith("<")


def covers(cue: Cue, other: Cue) -> bool:
    """Whether a cue lasts as long as the other, or longer."""
    return cue.start <= other.start and other.end <= cue.end


def stretched(side: Cue, base: Cue, beside: Cue) -> bool:
    """Whether a side made a cue last over another that it did not touch before."""
    return covers(side, beside) and (beside.end <= base.start or base.end <= beside.start)


def got_all(other: Other, base: Cue) -> bool:
    """Whether a cue got all that the base said."""
    if not said(base):
        return False
    if other.was is None:
        return other.told
    return _near(other.became, base) and said(base) <= said(other.became) - said(other.was)


def got_rest(other: Other, base: Cue, side: Cue) -> bool:
    """Whether a cue got just what the base lost when it became `side`, as when a word is carried over."""
    lost = said(base) - said(side)
    if not lost:
        return False
    if other.was is None:
        return other.told and lost <= said(other.became)
    return _near(other.became, base) and lost == said(other.became) - said(other.was)


def shortened_alike(base: Cue, side: Cue, other: Cue) -> bool:
    """Whether both sides took just the same words away at an end of the base, and put nothing there."""
    words, others = _in_order(side.text), _in_order(other.text)
    if not words or not others or said(base) - said(side) != said(base) - said(other):
        return False
    at = -1 if base.text.startswith(side.text) else 0
    return words[at] == others[at]


def given_from(other: Other, base: Cue, side: Cue, elsewhere: Words) -> Words:
    """The words that went from a cue into what the base became; none where that is not to be told.
    `elsewhere` are those that others got."""
    if other.was is None:
        return _NOTHING
    lost = said(other.was) - (said(other.became) | said(other.now)) - elsewhere
    words = lost & (said(side) - said(base))
    if not words or not _near(other.was, base):
        return _NOTHING
    stood, known = _in_order(other.was.text), said(base) | words
    stands = [word for word in _in_order(side.text) if word in known]  # without what was typed there
    run = [word for word in stood if word in words]
    at_start, at_end = stands[: len(run)] == run, stands[-len(run) :] == run
    if words == lost:
        return words if at_start or at_end else _NOTHING
    # More of it was typed over: what stood at the end that faces the other went over to there.
    after = base.start <= other.was.start
    faces = stood[: len(run)] == run and at_end if after else stood[-len(run) :] == run and at_start
    return words if faces else _NOTHING


def _in_order(text: str) -> list[str]:
    return [token for token in tokens(text) if not (token.isspace() or token.startswith("<"))]


def with_again(other: Other, words: Words) -> Cue | None:
    """A cue with words that it had given; None where it has them."""
    now, was = other.now, other.was
    if was is None or words <= said(now) - (said(was) - words):
        return None
    if now.text == other.became.text and said(was) - said(now) == words and said(now) <= said(was):
        return _as_it_was(now, was, other.became)
    return now.with_(text=with_words(was.text, now.text, words))


def without(other: Other, text: str, start: int, end: int) -> Cue | None:
    """A cue that got this text, which stood from `start` to `end` (ms), without it; None where that is not
    to be told, or nothing of it would be left."""
    now, was = other.now, other.was
    if was is not None and now.text == other.became.text and said(was) <= said(now):
        if was.text and said(now) - said(was) == _words(text):
            return _as_it_was(now, was, other.became)
    left, at_start, at_end = _less(now.text, text, first=start - now.start < now.end - end)
    if left is None:
        return None
    if at_end and now.start < start < now.end <= end:
        now = now.with_(end=start)
    elif at_start and start <= now.start < end < now.end:
        now = now.with_(start=end)
    return now.with_(text=left)


def _as_it_was(now: Cue, was: Cue, became: Cue) -> Cue:
    """With the text and the times that it had; what else was done to it stays."""
    start = was.start if now.start == became.start else now.start
    end = was.end if now.end == became.end else now.end
    return now.with_(text=was.text, start=start, end=end) if start < end else now.with_(text=was.text)


def rest(base: str, side: str) -> str:
    """What stands in `base` before or behind what became of it; empty where it is not at one end."""
    if not side.strip() or len(side) >= len(base):
        return ""
    if base.startswith(side):
        return base.removeprefix(side).strip()
    return base.removesuffix(side).strip() if base.endswith(side) else ""


def less_at_end(text: str, words: Words) -> str:
    """A text without words that stand at one end of it; as it is where they do not."""
    every = tokens(text)
    for order in (1, -1):
        left = every[::order]
        while left and (left[0] in words or not _is_spoken(left[0])):
            del left[0]
        rest = "".join(left[::order]).strip()
        if _words(text) - _words(rest) == words:
            return rest
    return text


def _without_middle(text: str, part: str) -> str | None:
    before, found, behind = text.partition(part) if part else ("", "", "")
    if not found or part in behind or not (before[-1:].isspace() and behind[:1].isspace()):
        return None
    return before.rstrip() + ("\n" if "\n" in before[-1:] + behind[:1] else " ") + behind.lstrip()


def _less(text: str, part: str, *, first: bool) -> tuple[str | None, bool, bool]:
    """A text without a part of it that has lines of its own, or stands at an end; and at which. `first`: of
    two places it is the first."""
    lines, of_it = text.split("\n"), part.split("\n")
    places = range(len(lines) - len(of_it) + 1)
    for at in places if first else reversed(places):
        behind = at + len(of_it)
        if lines[at:behind] == of_it:
            left = "\n".join([*lines[:at], *lines[behind:]]).strip()
            return left or None, at == 0, behind == len(lines)
    if not part or not (text.startswith(part) or text.endswith(part)):
        return _without_middle(text, part), False, False
    first = text.startswith(part) and (first or not text.endswith(part))
    left = (text.removeprefix(part) if first else text.removesuffix(part)).strip()
    return left or None, first, not first
