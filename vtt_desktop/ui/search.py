"""Looking for text in cues and replacing it. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import CueChange, Edit
from vtt_desktop.domain.edits_text import clean_text
from vtt_desktop.domain.errors import UserError

_BETWEEN: Final = "\0"
"""No cue's text has it (`clean_text`), and no query that is taken literally can step over it."""
_FAR: Final = 1 << 62


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


class Texts:
    """All texts of a snapshot in one string, made once a snapshot: a search runs over it at C speed."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.cues = snapshot.cues
        texts = [cue.text for cue in snapshot.cues]
        self.joined = _BETWEEN.join(texts)
        self._starts = [0, *accumulate(len(text) + len(_BETWEEN) for text in texts)]

    def hit(self, start: int, end: int) -> Hit:
        """The hit between two offsets of `joined`."""
        index = bisect_right(self._starts, start) - 1
        offset = self._starts[index]
        return Hit(self.cues[index].id, start - offset, end - offset)

    def offset(self, cue_id: int, at: int) -> int:
        """Where in `joined` a place in a cue is; the beginning where the cue is gone."""
        return self._starts[self.cues.index_of(cue_id)] + at if self.cues.has(cue_id) else 0


class Search:
    """All hits of one query in one snapshot, in the order of the file. UserError where it is malformed."""

    def __init__(self, texts: Texts, query: Query) -> None:
        self._texts = texts
        pattern = query.pattern()
        self._spans: list[tuple[int, int]] = []
        if pattern is None:
            return
        if query.regex:  # one cue at a time, since `\s` or `[^x]` would run on into the next one
            for cue in texts.cues:
                if pattern.search(cue.text) is not None:
                    at = texts.offset(cue.id, 0)
                    self._spans += [
                        (at + m.start(), at + m.end()) for m in pattern.finditer(cue.text) if m[0]
                    ]
        else:
            self._spans = [m.span() for m in pattern.finditer(texts.joined)]

    def __len__(self) -> int:
        return len(self._spans)

    def number(self, hit: Hit) -> int:
        """Which of all hits this one is, from one."""
        return bisect_right(self._spans, (self._texts.offset(hit.cue_id, hit.start), _FAR))

    def next(self, at: tuple[int, int] | None, *, backwards: bool = False) -> Hit | None:
        """The first hit that begins at `at` (cue id, offset) or behind it, or the last that ends there or
        before; round the end of the document where there is none. None where there is nothing at all."""
        if not self._spans:
            return None
        here = self._texts.offset(*at) if at is not None else 0
        if backwards:
            found = bisect_left(self._spans, (here, -1)) - 1
            while found >= 0 and self._spans[found][1] > here:
                found -= 1
        else:
            found = bisect_left(self._spans, (here, -1)) % len(self._spans)
        return self._texts.hit(*self._spans[found])


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
