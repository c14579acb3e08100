"""The rules of a profile, each a function of one cue, or of two that follow each other in time.

What is counted is what is read: tags out, character references decoded, a line end no character, a combining
mark none of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from math import floor

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.problem import Problem, Severity
from vtt_desktop.domain.reading import spoken_text
from vtt_desktop.quality.profiles import Profile

TWICE = "cue-twice"
_ROUNDING = 1
"""ms by which a time may miss a frame: it is written in whole milliseconds."""


def check_cue(cue: Cue, profile: Profile) -> Iterator[Problem]:
    """What is wrong with one cue by itself."""
    text = spoken_text(cue.text)
    lines = [line for line in text.split("\n") if line.strip()]
    counts = [len(line) if line.isascii() else count_shown(line) for line in lines]
    if profile.most_lines and len(lines) > profile.most_lines:
        yield _problem(
            profile, "line-count", f"It has {len(lines)} lines; {profile.most_lines} are allowed.", cue
        )
    if profile.characters and counts and max(counts) > profile.characters:
        said = f"A line has {max(counts)} characters; {profile.characters} are allowed."
        yield _problem(profile, "line-length", said, cue)
    duration = cue.duration
    if duration <= 0:
        return  # the specification forbids it, and its check says so
    if profile.shortest and duration < profile.shortest:
        said = f"It is shown {duration} ms; {profile.shortest} ms is the least."
        yield _problem(profile, "duration-short", said, cue)
    if profile.longest and duration > profile.longest:
        said = f"It is shown {duration} ms; {profile.longest} ms is the most."
        yield _problem(profile, "duration-long", said, cue)
    cps = sum(counts) * 1000 / duration
    if profile.cps and cps > profile.cps:
        said = f"It is read at {cps:.1f} characters a second; {profile.cps:g} is the most."
        yield _problem(profile, "reading-speed", said, cue)
    if profile.wpm or profile.word:
        yield from _check_words(cue, len(text.split()), profile)


def check_gap(before: Cue, cue: Cue, profile: Profile) -> Iterator[Problem]:
    """What is wrong with the time between a cue and the one before it on the screen."""
    gap = cue.start - before.end
    if not profile.gap_policy:
        return
    if gap < 0:
        if cue.settings == before.settings:  # elsewhere on the picture they do not cover each other
            said = f"It begins {-gap} ms before the cue in front of it has ended."
            yield _problem(profile, "overlap", said, cue, Severity.WARNING)
        return
    least = profile.gap
    if profile.gap_policy == "long-or-none":
        if 0 < gap < least:
            said = f"The gap before it is {gap} ms; it must be {least:g} ms or none."
            yield _problem(profile, "gap", said, cue)
        elif 0 < gap < profile.better_gap:
            said = f"The gap before it is {gap} ms; {profile.better_gap} ms or none is better."
            yield _problem(profile, "gap", said, cue, Severity.WARNING)
        return
    slack = 500 / profile.fps if profile.gap_frames else _ROUNDING  # half a frame
    words = f"{profile.gap_frames} frames ({least:.0f} ms)" if profile.gap_frames else f"{least:g} ms"
    if gap < floor(least):
        yield _problem(profile, "gap", f"The gap before it is {gap} ms; {words} is the least.", cue)
    elif profile.gap_policy == "close" and least + slack < gap < profile.close_below - _ROUNDING:
        said = f"The gap before it is {gap} ms; one below {profile.close_below} ms is closed to {words}."
        yield _problem(profile, "gap", said, cue)


def shown_alike(cue: Cue) -> tuple[object, ...]:
    """What two cues have in common that are there twice: as when two people made the same one, each for
    themselves. An identifier or a comment before it tells no viewer anything."""
    return (cue.start, cue.end, cue.settings, cue.text)


def there_twice(cue_id: int) -> Problem:
    """What is wrong with the second of two such cues, whatever the profile."""
    said = "The very same cue stands before it: the same words at the same time."
    return Problem(TWICE, "One cue made twice", said, cue_id, Severity.WARNING)


def count_shown(text: str) -> int:
    """Characters of a text without tags and references, as they are counted above."""
    if max(text, default="") < _FIRST_MARK:
        return len(text) - text.count("\n") - text.count("\u00ad")
    return sum(1 for c in text if c != "\n" and unicodedata.category(c) not in ("Mn", "Me", "Cf"))


_FIRST_MARK = "\u0300"
"""Below it the soft hyphen alone is no character of its own."""


def _check_words(cue: Cue, words: int, profile: Profile) -> Iterator[Problem]:
    wpm = words * 60_000 / cue.duration
    if profile.word and cue.duration < words * profile.word:
        said = f"{words} words are shown {cue.duration} ms; each needs {profile.word} ms."
        yield _problem(profile, "reading-speed", said, cue)
    elif profile.wpm and wpm > profile.wpm:
        said = f"It is read at {wpm:.0f} words a minute; {profile.wpm:g} is the most."
        yield _problem(profile, "reading-speed", said, cue)


def _problem(
    profile: Profile, rule: str, message: str, cue: Cue, severity: Severity = Severity.ERROR
) -> Problem:
    return Problem(rule, profile.title, message, cue.id, severity)
