"""Looking for text in cues and replacing it. Pure.

A search goes through a document chunk by chunk, as the list of cues has it: what was looked at before an
edit holds for all chunks that the edit shares, and a large document can be looked at in portions.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import BETWEEN, Chunk, CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import CueChange, Edit
from vtt_desktop.domain.edits_text import clean_text
from vtt_desktop.domain.errors import UserError

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


@dataclass(frozen=True, slots=True)
class _Hits:
    """The hits in the text of one chunk: where each begins and how long it is, in order; none overlap."""

    starts: array[int]
    lengths: int | array[int]
    """One for all of them, or one each."""

    def end(self, number: int) -> int:
        length = self.lengths if isinstance(self.lengths, int) else self.lengths[number]
        return self.starts[number] + length


class Search:
    """All hits of one query in one list of cues, in the order of the file.

    `before` is a search in an older snapshot: what it read and found in chunks that are still there is not
    looked for again. UserError where the query is malformed.
    """

    def __init__(self, cues: CueList, query: Query, before: Search | None = None) -> None:
        self.cues, self.query = cues, query
        self._pattern = query.pattern()
        self._texts: dict[Chunk, str] = {}
        self._found: dict[Chunk, _Hits] = {}
        if before is not None:
            self._texts = {c: before._texts[c] for c in cues.chunks if c in before._texts}
            if before.query == query:
                self._found = {c: before._found[c] for c in cues.chunks if c in before._found}
        self._count = sum(len(hits.starts) for hits in self._found.values())

    def __len__(self) -> int:
        """How many hits are known so far."""
        return self._count

    @property
    def complete(self) -> bool:
        """Whether all of the document has been looked at."""
        return len(self._found) == len(self.cues.chunks)

    def look(self, at: tuple[int, int] | None, enough: Callable[[], bool]) -> None:
        """Looks at the next part that was not looked at yet, from `at` (cue id, offset) on and round the end
        of the document, until `enough`."""
        first, _here = self._place(at)
        chunks = self.cues.chunks
        for number in _round(first, len(chunks)):
            if chunks[number] not in self._found:
                self._hits(chunks[number])
                if enough():
                    return

    def number(self, hit: Hit) -> int:
        """Which of all hits this one is, from one; all before it have been looked at."""
        chunk, here = self._place((hit.cue_id, hit.start))
        before = sum(len(self._hits(one).starts) for one in self.cues.chunks[:chunk])
        return before + bisect_right(self._hits(self.cues.chunks[chunk]).starts, here)

    def next(
        self, at: tuple[int, int] | None, *, backwards: bool = False, known_only: bool = False
    ) -> Hit | None:
        """The first hit that begins at `at` (cue id, offset) or behind it, or the last that ends there or
        before; round the end of the document where there is none. None where there is nothing at all, or,
        with `known_only`, where what comes next was not looked at yet."""
        chunks = self.cues.chunks
        first, here = self._place(at)
        order = chain(_round(first, len(chunks), backwards=backwards), (first,))
        for turn, number in enumerate(order):
            if number >= len(chunks) or (known_only and chunks[number] not in self._found):
                return None
            hits = self._hits(chunks[number])
            if backwards:
                known = range(len(hits.starts))
                found = bisect_right(known, here if turn == 0 else _FAR, key=hits.end) - 1
            else:
                found = bisect_left(hits.starts, here if turn == 0 else 0)
            if 0 <= found < len(hits.starts):
                return self._hit(chunks[number], hits.starts[found], hits.end(found))
        return None

    def _place(self, at: tuple[int, int] | None) -> tuple[int, int]:
        """The number of a chunk and the offset in its text; the beginning where the cue is gone."""
        place = self.cues.place_of(at[0]) if at is not None else None
        if at is None or place is None:
            return 0, 0
        text, offset = self._text(self.cues.chunks[place[0]]), 0
        for _ in range(place[1]):
            offset = text.index(BETWEEN, offset) + len(BETWEEN)
        return place[0], offset + at[1]

    def _hit(self, chunk: Chunk, start: int, end: int) -> Hit:
        text = self._text(chunk)
        cue = chunk.cues[text.count(BETWEEN, 0, start)]
        offset = text.rfind(BETWEEN, 0, start) + len(BETWEEN)
        return Hit(cue.id, start - offset, end - offset)

    def _text(self, chunk: Chunk) -> str:
        text = self._texts.get(chunk)
        if text is None:
            text = self._texts[chunk] = chunk.text
        return text

    def _hits(self, chunk: Chunk) -> _Hits:
        known = self._found.get(chunk)
        if known is None:
            known = self._found[chunk] = self._look_at(self._text(chunk))
            self._count += len(known.starts)
        return known

    def _look_at(self, text: str) -> _Hits:
        query, pattern = self.query, self._pattern
        if pattern is None:
            return _Hits(array("q"), 0)
        if query.regex:  # one cue at a time, since `\s` or `[^x]` would run on into the next one
            starts, lengths, offset = array("q"), array("q"), 0
            for one in text.split(BETWEEN):
                for found in pattern.finditer(one):
                    if found.end() > found.start():
                        starts.append(offset + found.start())
                        lengths.append(found.end() - found.start())
                offset += len(one) + len(BETWEEN)
            return _Hits(starts, lengths)
        # Characters match one by one, capital or small: a hit is as long as the words.
        plain = query.match_case or (text.isascii() and query.words.isascii())
        if plain and not query.whole_words:  # several times as quick as the same as an expression
            words = query.words if query.match_case else query.words.lower()
            return _Hits(_every(text if query.match_case else text.lower(), words), len(words))
        return _Hits(array("q", [found.start() for found in pattern.finditer(text)]), len(query.words))


def _every(text: str, words: str) -> array[int]:
    """Where `words` begin in `text`, none in another."""
    found, find, length = array("q"), text.find, len(words)
    at = find(words)
    while at >= 0:
        found.append(at)
        at = find(words, at + length)
    return found


def _round(first: int, count: int, *, backwards: bool = False) -> Iterator[int]:
    """`count` numbers from `first` on, round the end."""
    numbers = range(first, first - count, -1) if backwards else range(first, first + count)
    return (number % count for number in numbers)


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
