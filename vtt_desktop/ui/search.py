"""Looking for text in cues and replacing it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import CueChange, Edit
from vtt_desktop.domain.edits_text import clean_text
from vtt_desktop.domain.errors import UserError


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where the text was found: offsets are characters of the cue's raw text."""

    cue_id: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. A regular expression sees one cue's text at a time, `^` and `$` its lines."""

    words: str
    match_case: bool = False
    whole_words: bool = False
    regex: bool = False

    def pattern(self) -> re.Pattern[str] | None:
        """The query compiled; None where there is nothing to look for. UserError where it is malformed."""
        if not self.words:
            return None
        text = self.words if self.regex else re.escape(self.words)
        if self.whole_words:
            text = rf"(?<!\w)(?:{text})(?!\w)"
        try:
            return re.compile(text, re.MULTILINE | (0 if self.match_case else re.IGNORECASE))
        except re.error as error:
            raise UserError(f"That is not a regular expression: {error.msg}.") from None


def hits_in(pattern: re.Pattern[str], cue: Cue) -> Iterator[Hit]:
    """All hits in one cue; one that matches nothing (`a*`) is no hit."""
    for found in pattern.finditer(cue.text):
        if found.end() > found.start():
            yield Hit(cue.id, found.start(), found.end())


def find(
    snapshot: Snapshot, pattern: re.Pattern[str], at: tuple[int, int] | None, *, backwards: bool = False
) -> Hit | None:
    """The next hit behind `at` (cue id, offset), or before it; round the end of the document once.

    Stops at the first hit, so that it costs what lies between.
    """
    cues = snapshot.cues
    count = len(cues)
    if not count:
        return None
    here = cues.index_of(at[0]) if at is not None and cues.has(at[0]) else (count - 1 if backwards else 0)
    offset = at[1] if at is not None and cues.has(at[0]) else (1 << 60 if backwards else 0)
    if backwards:
        before = [hit for hit in hits_in(pattern, cues[here]) if hit.end <= offset]
        if before:
            return before[-1]
        for step in range(1, count + 1):
            hits = list(hits_in(pattern, cues[(here - step) % count]))
            if hits:
                return hits[-1]
        return None
    for hit in hits_in(pattern, cues[here]):
        if hit.start >= offset:
            return hit
    for step in range(1, count + 1):
        for hit in hits_in(pattern, cues[(here + step) % count]):
            return hit
    return None


def count_hits(snapshot: Snapshot, pattern: re.Pattern[str]) -> int:
    """How many hits the whole document has."""
    search, total = pattern.search, 0
    for cue in snapshot.cues:
        if search(cue.text) is not None:
            total += sum(1 for _ in hits_in(pattern, cue))
    return total


def position_of(snapshot: Snapshot, pattern: re.Pattern[str], hit: Hit) -> int:
    """Which of all hits this one is, from one."""
    place = 0
    for cue in snapshot.cues:
        if cue.id == hit.cue_id:
            return place + sum(1 for other in hits_in(pattern, cue) if other.start <= hit.start)
        if pattern.search(cue.text) is not None:
            place += sum(1 for _ in hits_in(pattern, cue))
    return place


def replace_hit(snapshot: Snapshot, query: Query, hit: Hit, by: str) -> Edit:
    """Another text for one hit; an edit without changes where it is not there any more."""
    cue = snapshot.cues.get(hit.cue_id)
    pattern = query.pattern()
    if cue is None or pattern is None:
        return Edit("Replace", ())
    found = next((m for m in pattern.finditer(cue.text) if m.span() == (hit.start, hit.end)), None)
    if found is None:
        return Edit("Replace", ())
    text = cue.text[: hit.start] + _replacement(query, found, by) + cue.text[hit.end :]
    return Edit("Replace", _changed(cue, text))


def replace_all(snapshot: Snapshot, query: Query, by: str) -> Edit:
    """All hits in one edit, which is one undo step."""
    pattern = query.pattern()
    if pattern is None:
        return Edit("Replace all", ())
    changes: list[CueChange] = []
    for cue in snapshot.cues:
        if pattern.search(cue.text) is not None:
            text = pattern.sub(lambda m: _replacement(query, m, by) if m.end() > m.start() else "", cue.text)
            changes.extend(_changed(cue, text))
    return Edit("Replace all", tuple(changes))


def _replacement(query: Query, found: re.Match[str], by: str) -> str:
    if not query.regex:
        return by
    try:
        return found.expand(by)
    except (re.error, IndexError):
        raise UserError(
            "The replacement names a group that the expression does not have.", "Write \\\\ for a backslash."
        ) from None


def _changed(cue: Cue, text: str) -> tuple[CueChange, ...]:
    if "-->" in text and "-->" not in cue.text:
        raise UserError("A cue's text cannot hold “-->”.", "Write --&gt; instead.")
    fresh = cue.with_(text=clean_text(text))
    return (CueChange(cue, fresh),) if fresh != cue else ()
