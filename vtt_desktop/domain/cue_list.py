"""The cues of a snapshot: an immutable sequence that is cheap to change.

Cues stand in chunks of a few hundred; a changed cue costs a new chunk and a new list of chunks,
everything else is shared with the snapshot before. Ids are small whole numbers given in order, so
"which chunk holds this id" is a two-level table whose pages are shared in the same way. Cues come and
go through a `CueDraft`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import overload

from vtt_desktop.domain.cue import Cue

CHUNK = 256
Loader = Callable[[int, int], tuple[Cue, ...]]
Origin = tuple[Loader, int, int]
"""(loader, first, last + 1): all cues of a chunk are still those that the loader makes of these numbers, so
that a writer may copy what they were read from."""
Spans = Callable[[int, int], tuple[int, int] | None]
"""(first, last + 1) → earliest in-time and latest out-time of these cues, ms, without making them; None where
that cannot be told so."""
Texts = Callable[[int, int], str]
"""(first, last + 1) → the texts of these cues joined by `BETWEEN`, without making them."""
BETWEEN = "\0"
"""Stands between the texts of two cues; no text has it: readers make U+FFFD of it (WebVTT 6.1)."""
_PAGE_BITS = 10
_PAGE = 1 << _PAGE_BITS
NOWHERE = -1


class Chunk:
    """A run of cues under a key of its own; `load` makes them when they are first looked at."""

    __slots__ = ("_cues", "_load", "_slots", "_span", "_spans", "_texts", "count", "key", "origin")

    def __init__(
        self,
        key: int,
        cues: tuple[Cue, ...] | None = None,
        *,
        count: int | None = None,
        load: Callable[[], tuple[Cue, ...]] | None = None,
        origin: Origin | None = None,
        spans: Spans | None = None,
        texts: Texts | None = None,
    ) -> None:
        self.key = key
        self.origin = origin
        self._spans = spans
        self._texts = texts
        self._cues = cues
        self._load = load
        self.count = len(cues) if cues is not None else (count or 0)
        self._slots: dict[int, int] | None = None
        self._span: tuple[int, int] | None = None

    @property
    def cues(self) -> tuple[Cue, ...]:
        cues, load = self._cues, self._load
        if cues is None:
            # Two threads may come here at once: both make the same cues, and `_load` goes last.
            cues = self._cues if load is None else load()
            assert cues is not None
            self._cues = cues
            self._load = None
        return cues

    @property
    def slots(self) -> Mapping[int, int]:
        """Where in the chunk each cue stands, by id."""
        if self._slots is None:
            self._slots = {cue.id: i for i, cue in enumerate(self.cues)}
        return self._slots

    def slot(self, cue_id: int) -> int:
        """Where in the chunk the cue stands; KeyError when it does not."""
        return self.slots[cue_id]

    @property
    def span(self) -> tuple[int, int]:
        """Earliest in-time and latest out-time of the chunk, ms; where the loader knows, no cue is made."""
        if self._span is None:
            if self._cues is None and self._spans is not None and self.origin is not None:
                self._span = self._spans(*self.origin[1:])
            if self._span is None:
                cues = self.cues
                self._span = (min(c.start for c in cues), max(c.end for c in cues)) if cues else (0, 0)
        return self._span

    @property
    def text(self) -> str:
        """The texts of its cues joined by `BETWEEN`; where the loader knows, no cue is made. Not kept."""
        if self._cues is None and self._texts is not None and self.origin is not None:
            return self._texts(*self.origin[1:])
        return BETWEEN.join([cue.text for cue in self.cues])


class _Where:
    """Id → key of the chunk that holds it. Changing it shares all pages that did not change."""

    __slots__ = ("_pages",)

    def __init__(self, pages: tuple[array[int], ...] = ()) -> None:
        self._pages = pages

    @classmethod
    def of_runs(cls, counts: Iterable[int]) -> _Where:
        """Ids from one on: the first `counts[0]` of them in chunk 0, the next in chunk 1 …"""
        keys = array("i", [NOWHERE])
        for key, count in enumerate(counts):
            keys.extend(array("i", [key]) * count)
        keys.extend(array("i", [NOWHERE]) * (-len(keys) % _PAGE))
        return cls(tuple(keys[at : at + _PAGE] for at in range(0, len(keys), _PAGE)))

    def get(self, cue_id: int) -> int:
        page = cue_id >> _PAGE_BITS
        if cue_id < 0 or page >= len(self._pages):
            return NOWHERE
        return self._pages[page][cue_id & (_PAGE - 1)]

    def set_all(self, entries: Iterable[tuple[int, int]]) -> _Where:
        pages = list(self._pages)
        own: set[int] = set()
        for cue_id, key in entries:
            page = cue_id >> _PAGE_BITS
            while page >= len(pages):
                own.add(len(pages))
                pages.append(array("i", [NOWHERE]) * _PAGE)
            if page not in own:
                own.add(page)
                pages[page] = pages[page][:]
            pages[page][cue_id & (_PAGE - 1)] = key
        return _Where(tuple(pages))


class CueList(Sequence[Cue]):
    """An immutable sequence of cues with look-up by id. Make one with `CueList.of`."""

    __slots__ = ("_chunks", "_index_of_key", "_next_key", "_starts", "_where")

    def __init__(
        self,
        chunks: tuple[Chunk, ...],
        where: _Where,
        next_key: int,
        layout: tuple[list[int], dict[int, int]] | None = None,
    ) -> None:
        self._chunks = chunks
        self._where = where
        self._next_key = next_key
        if layout is None:
            starts = [0, *accumulate(chunk.count for chunk in chunks)]
            layout = (starts, {chunk.key: i for i, chunk in enumerate(chunks)})
        self._starts, self._index_of_key = layout

    @classmethod
    def of(cls, cues: Iterable[Cue]) -> CueList:
        """A list of cues; ids must be non-negative, small and unique."""
        every = tuple(cues)
        chunks = tuple(Chunk(k, every[at : at + CHUNK]) for k, at in enumerate(range(0, len(every), CHUNK)))
        if [cue.id for cue in every] == list(range(1, len(every) + 1)):
            where = _Where.of_runs([chunk.count for chunk in chunks])
        else:
            where = _Where().set_all((cue.id, chunk.key) for chunk in chunks for cue in chunk.cues)
        return cls(chunks, where, len(chunks))

    @classmethod
    def lazy(
        cls, count: int, load: Loader, spans: Spans | None = None, texts: Texts | None = None
    ) -> CueList:
        """`count` cues with ids 1 … count, made by `load(first, last + 1)` (from 0) when looked at."""

        def loader(lo: int, hi: int) -> Callable[[], tuple[Cue, ...]]:
            return lambda: load(lo, hi)

        bounds = [(at, min(at + CHUNK, count)) for at in range(0, count, CHUNK)]
        chunks = tuple(
            Chunk(k, count=hi - lo, load=loader(lo, hi), origin=(load, lo, hi), spans=spans, texts=texts)
            for k, (lo, hi) in enumerate(bounds)
        )
        return cls(chunks, _Where.of_runs([chunk.count for chunk in chunks]), len(chunks))

    @property
    def chunks(self) -> tuple[Chunk, ...]:
        """The runs of cues, in order: for who can do something with a whole run at once."""
        return self._chunks

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, index: int) -> Cue: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Cue, ...]: ...
    def __getitem__(self, index: int | slice) -> Cue | tuple[Cue, ...]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        at = bisect_right(self._starts, index) - 1
        return self._chunks[at].cues[index - self._starts[at]]

    def __iter__(self) -> Iterator[Cue]:
        for chunk in self._chunks:
            yield from chunk.cues

    @property
    def ids(self) -> list[int]:
        """All ids in their order. No cue is made for that: a loader numbers from one."""
        ids: list[int] = []
        for chunk in self._chunks:
            if chunk.origin is not None:
                ids += range(chunk.origin[1] + 1, chunk.origin[2] + 1)
            else:
                ids += [cue.id for cue in chunk.cues]
        return ids

    def __contains__(self, cue: object) -> bool:
        return isinstance(cue, Cue) and self.get(cue.id) == cue

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CueList) and len(self) == len(other) and all(map(same, self, other))

    __hash__ = None  # type: ignore[assignment]  # two lists that say the same are equal; nobody keys on one

    def has(self, cue_id: int) -> bool:
        """Whether a cue with this id is in the list."""
        return self._where.get(cue_id) in self._index_of_key

    def get(self, cue_id: int) -> Cue | None:
        """The cue with this id, or None."""
        at = self._index_of_key.get(self._where.get(cue_id))
        if at is None:
            return None
        chunk = self._chunks[at]
        return chunk.cues[chunk.slot(cue_id)]

    def finder(self) -> Callable[[int], Cue | None]:
        """`get`, for many look-ups: quick where neighbours are asked for one after the other."""
        where, index_of_key, chunks = self._where.get, self._index_of_key, self._chunks
        last = NOWHERE - 1
        cues: tuple[Cue, ...] = ()
        slots: Mapping[int, int] = {}

        def find(cue_id: int) -> Cue | None:
            nonlocal last, cues, slots
            key = where(cue_id)
            if key != last:
                at = index_of_key.get(key)
                if at is None:
                    return None
                last, cues, slots = key, chunks[at].cues, chunks[at].slots
            return cues[slots[cue_id]]

        return find

    def index_of(self, cue_id: int) -> int:
        """Where the cue stands, from nought; KeyError when it does not."""
        at = self._index_of_key.get(self._where.get(cue_id))
        if at is None:
            raise KeyError(cue_id)
        return self._starts[at] + self._chunks[at].slot(cue_id)

    def place_of(self, cue_id: int) -> tuple[int, int] | None:
        """Which of `chunks` holds the cue and where in it, both from nought; None where none does."""
        at = self._index_of_key.get(self._where.get(cue_id))
        return (at, self._chunks[at].slot(cue_id)) if at is not None else None

    def overlapping(self, start: int, end: int) -> Iterator[Cue]:
        """Cues on screen at some time in [start, end), in file order; opens only chunks that reach there."""
        for chunk in self._chunks:
            lo, hi = chunk.span
            if lo < end and hi > start:
                yield from (cue for cue in chunk.cues if cue.start < end and cue.end > start)

    def replaced(self, cues: Mapping[int, Cue]) -> CueList:
        """The same list with these cues, by id, in place of those that have their ids."""
        by_chunk: dict[int, list[Cue]] = {}
        for cue_id, cue in cues.items():
            at = self._index_of_key.get(self._where.get(cue_id))
            if at is None or cue.id != cue_id:
                raise KeyError(cue_id)
            by_chunk.setdefault(at, []).append(cue)
        chunks = list(self._chunks)
        for at, changed in by_chunk.items():
            chunk = chunks[at]
            inside = list(chunk.cues)
            for cue in changed:
                inside[chunk.slot(cue.id)] = cue
            fresh = Chunk(chunk.key, tuple(inside))
            fresh._slots = chunk._slots
            chunks[at] = fresh
        return CueList(tuple(chunks), self._where, self._next_key, (self._starts, self._index_of_key))

    def changed(self, pairs: Iterable[tuple[Cue, Cue]]) -> CueList:
        """The same list with each (before, after) carried out in turn; KeyError with the id of a cue that
        is not `before` there, or would become another one."""
        where, index_of_key, chunks = self._where.get, self._index_of_key, list(self._chunks)
        opened: dict[int, list[Cue]] = {}
        last = NOWHERE - 1
        inside: list[Cue] = []
        slots: Mapping[int, int] = {}
        for before, after in pairs:
            cue_id = before.id
            key = where(cue_id)
            if key != last:
                at = index_of_key.get(key)
                if at is None:
                    raise KeyError(cue_id)
                chunk = chunks[at]
                if at not in opened:
                    opened[at] = list(chunk.cues)
                last, inside, slots = key, opened[at], chunk.slots
            slot = slots[cue_id]
            now = inside[slot]
            if (now is not before and now != before) or after.id != cue_id:
                raise KeyError(cue_id)
            inside[slot] = after
        for at, inside in opened.items():
            fresh = Chunk(chunks[at].key, tuple(inside))
            fresh._slots = chunks[at]._slots
            chunks[at] = fresh
        return CueList(tuple(chunks), self._where, self._next_key, (self._starts, self._index_of_key))

    def key_of(self, cue_id: int) -> int:
        """Key of the chunk that holds the cue, or NOWHERE."""
        key = self._where.get(cue_id)
        return key if key in self._index_of_key else NOWHERE

    @property
    def next_key(self) -> int:
        """A key that no chunk of this list or of those that it came from has."""
        return self._next_key

    def remade(self, chunks: tuple[Chunk, ...], moved: Mapping[int, int], next_key: int) -> CueList:
        """A list of these chunks; `moved` has, by id, the chunk keys of cues that have another now."""
        return CueList(chunks, self._where.set_all(moved.items()), next_key)


def same(a: Cue, b: Cue) -> bool:
    """`a == b`, quicker where they are one object, as they mostly are."""
    return a is b or a == b
