"""A list of cues while one edit inserts and removes: deleting half of a long film must not take seconds."""

from __future__ import annotations

from collections.abc import Sequence

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CHUNK, NOWHERE, Chunk, CueList, same
from vtt_desktop.domain.edit import FIRST


class CueDraft:
    """Starts as `cues`, takes changes one after the other, and is a `CueList` again by `done`.

    Chunks that no change touches stay those of `cues`. KeyError, with the id, for a change that does not fit.
    """

    def __init__(self, cues: CueList) -> None:
        self._cues = cues
        self._order = [chunk.key for chunk in cues.chunks]
        self._chunks = {chunk.key: chunk for chunk in cues.chunks}
        self._opened: dict[int, list[Cue]] = {}
        self._moved: dict[int, int] = {}
        self._next_key = cues.next_key
        self._near = 0  # the slot that was used last: the next change is mostly beside it

    def get(self, cue_id: int) -> Cue | None:
        """The cue with this id, or None."""
        key, slot = self._place(cue_id)
        return self._inside(key)[slot] if key != NOWHERE else None

    def change(self, before: Cue, after: Cue) -> None:
        """`after` in the place of `before`, which has the same id."""
        key, slot = self._place(before.id)
        if key == NOWHERE or after.id != before.id or not same(self._inside(key)[slot], before):
            raise KeyError(before.id)
        self._open(key)[slot] = after

    def remove(self, before: Cue) -> None:
        """Takes `before` away."""
        key, slot = self._place(before.id)
        if key == NOWHERE or not same(self._inside(key)[slot], before):
            raise KeyError(before.id)
        del self._open(key)[slot]
        self._moved[before.id] = NOWHERE

    def insert(self, cue: Cue, follows: int) -> None:
        """`cue` behind the one with the id `follows` (`FIRST`: before all), or by in-time if that is gone."""
        if cue.id < 0 or self._place(cue.id)[0] != NOWHERE:
            raise KeyError(cue.id)
        if not self._order:
            self._order.append(self._new_chunk([]))
        if follows == FIRST:
            key, slot = self._order[0], 0
        else:
            key, slot = self._place(follows)
            slot += 1
            if key == NOWHERE:
                key, slot = self._place_in_time(cue.start)
        inside = self._open(key)
        inside.insert(slot, cue)
        self._moved[cue.id] = key
        self._near = slot
        if len(inside) > 2 * CHUNK:
            rest = self._new_chunk(inside[CHUNK:])
            del inside[CHUNK:]
            self._order.insert(self._order.index(key) + 1, rest)

    def done(self) -> CueList:
        """The list with all changes."""
        chunks = []
        for key in self._order:
            inside = self._opened.get(key)
            if inside is None:
                chunks.append(self._chunks[key])
            elif inside:
                chunks.append(Chunk(key, tuple(inside)))
        return self._cues.remade(tuple(chunks), self._moved, self._next_key)

    def _inside(self, key: int) -> Sequence[Cue]:
        opened = self._opened.get(key)
        return opened if opened is not None else self._chunks[key].cues

    def _open(self, key: int) -> list[Cue]:
        if key not in self._opened:
            self._opened[key] = list(self._chunks[key].cues)
        return self._opened[key]

    def _new_chunk(self, cues: list[Cue]) -> int:
        key = self._next_key
        self._next_key += 1
        self._opened[key] = cues
        self._moved.update((cue.id, key) for cue in cues)
        return key

    def _place(self, cue_id: int) -> tuple[int, int]:
        """Key of the cue's chunk (NOWHERE where there is none) and its slot."""
        key = self._moved.get(cue_id)
        if key is None:
            key = self._cues.key_of(cue_id)
        if key == NOWHERE:
            return NOWHERE, 0
        inside = self._inside(key)
        for slot in range(max(0, self._near - 2), min(self._near + 3, len(inside))):
            if inside[slot].id == cue_id:
                self._near = slot
                return key, slot
        self._near = next(i for i, cue in enumerate(inside) if cue.id == cue_id)
        return key, self._near

    def _place_in_time(self, start: int) -> tuple[int, int]:
        for key in self._order:
            for slot, other in enumerate(self._inside(key)):
                if other.start > start:
                    return key, slot
        return self._order[-1], len(self._inside(self._order[-1]))
