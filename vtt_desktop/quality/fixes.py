"""What mends a problem of a profile. A fix is taken only where it makes no other problem and changes no word:
it moves an out-time into free time, or breaks lines elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.reading import spoken_text
from vtt_desktop.quality.checker import pairs
from vtt_desktop.quality.profiles import Profile
from vtt_desktop.quality.rules import check_cue, check_gap, count_shown


def mended(cues: Iterable[Cue], profile: Profile) -> dict[int, Cue]:
    """The cues that can be mended as they then are, by id."""
    order = [cue for _, cue in pairs(cues)]
    changed: dict[int, Cue] = {}
    for i, cue in enumerate(order):
        best = mended_cue(
            cue, order[i - 1] if i else None, order[i + 1] if i + 1 < len(order) else None, profile
        )
        if best is not cue:
            order[i] = changed[cue.id] = best
    return changed


def mended_cue(cue: Cue, before: Cue | None, after: Cue | None, profile: Profile) -> Cue:
    """A cue mended, between its neighbours in time (None: there is none); the same one where nothing can."""
    alone = after is None
    # Only neighbours that do not overlap have a gap to move in.
    after = after if after is not None and after.start >= cue.end else None
    before = before if before is not None and before.end <= cue.start else None
    best = cue
    if _found(cue, before, after, profile):
        for made in _tries(cue, after, profile, free=alone or after is not None):
            if _better(best, made, before, after, profile):
                best = made
    return best


def _tries(cue: Cue, after: Cue | None, profile: Profile, *, free: bool) -> Iterator[Cue]:
    text = _rebroken(cue.text, profile)
    if text != cue.text:
        cue = cue.with_(text=text)
        yield cue
    if cue.duration <= 0 or not free:
        return
    shown = spoken_text(cue.text)
    longer = {cue.start + profile.shortest}
    if profile.cps:
        longer.add(cue.start + math.ceil(count_shown(shown) * 1000 / profile.cps))
    if profile.wpm:
        longer.add(cue.start + math.ceil(len(shown.split()) * 60_000 / profile.wpm))
    if after is not None and profile.gap_policy == "long-or-none":
        longer.add(after.start)
    ends = {end for end in longer if end > cue.end}
    if profile.longest:
        ends.add(cue.start + profile.longest)
    if after is not None and profile.gap_policy:
        ends.add(after.start - round(profile.gap))
    # The nearest first: of what mends the same, the smallest change is taken.
    for end in sorted(ends, key=lambda end: abs(end - cue.end)):
        if end > cue.start and end != cue.end and (after is None or end <= after.start):
            yield cue.at(cue.start, end)


def _better(old: Cue, new: Cue, before: Cue | None, after: Cue | None, profile: Profile) -> bool:
    was, now = _found(old, before, after, profile), _found(new, before, after, profile)
    return len(now) < len(was) and now <= was


def _found(cue: Cue, before: Cue | None, after: Cue | None, profile: Profile) -> set[tuple[str, str, int]]:
    every = [*check_cue(cue, profile)]
    every += check_gap(before, cue, profile) if before is not None else ()
    every += check_gap(cue, after, profile) if after is not None else ()
    return {(one.rule, one.severity.value, one.cue_id or 0) for one in every}


def _rebroken(text: str, profile: Profile) -> str:
    """The text with its line ends elsewhere, where fewer or shorter lines hold it; else as it is.

    Lines of a dialogue begin with a dash and stay; a tag with a space in it is not broken.
    """
    lines = text.split("\n")
    if (
        not profile.characters
        or "<" in text
        or any(line.lstrip().startswith(("-", "–", "—", "‐")) for line in lines)
    ):
        return text
    if len(lines) <= (profile.most_lines or len(lines)) and _longest(lines) <= profile.characters:
        return text
    words = text.split()
    for count in range(2, (profile.most_lines or 2) + 1):
        made = _balanced(words, count)
        if made is not None and _longest(made) <= profile.characters:
            return "\n".join(made)
    return text


def _balanced(words: list[str], count: int) -> list[str] | None:
    """The words on so many lines, as even as can be; None where there are fewer words or very many."""
    if len(words) < count or len(words) > 100:
        return None
    if count == 1:
        return [" ".join(words)]
    made = []
    for at in range(1, len(words)):
        rest = _balanced(words[at:], count - 1)
        if rest is not None:
            made.append([" ".join(words[:at]), *rest])
    return min(made, key=_longest)


def _longest(lines: list[str]) -> int:
    return max((count_shown(spoken_text(line)) for line in lines), default=0)
