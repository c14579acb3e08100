"""Who waits for whom to be written, over all edits that are not saved yet; see `order_of_writes`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from vtt_desktop.sync.body import Body
from vtt_desktop.sync.segment import Segment


class Waiting:
    """What waits is kept with each segment, on disk too; here is what follows from it, and what the document
    has told and no segment has been stepped with yet.

    `known` gives a segment as it is, `mine` what the document says for it now; `free` steps one that need
    not wait for certain others any more, and `let_go` hears of all whose time may have come.
    """

    def __init__(
        self,
        known: Callable[[str], Segment],
        mine: Callable[[str], Body | None],
        free: Callable[[str, frozenset[str]], object],
        let_go: Callable[[Iterable[str]], object],
    ) -> None:
        self._known = known
        self._mine = mine
        self._free_segment = free
        self._let_go = let_go
        self._after: dict[str, frozenset[str]] = {}
        """Segments to be written out, and those that got text of theirs."""
        self._waiters: dict[str, set[str]] = {}
        """Who waits for each segment."""
        self._givers: dict[str, set[str]] = {}
        """Who gave text to each segment, also when that is saved there."""

    def follow(self, after: Mapping[str, frozenset[str]]) -> None:
        """Segments that an edit took text from, and those that it gave text to: the ones are written after
        the others. To be called before they are stepped."""
        for key, others in after.items():
            held = set(others)
            for other in others:
                back = {one for one in self._ahead(other) if one == key or self.leads_to(one, key)}
                if back and not self._takes_more(key, other):
                    # What moved away moved back: here nothing is missing of what the server has, or of what
                    # it is known to have, and there something is.
                    held.discard(other)
                    continue
                if back:
                    # Of two that would wait for each other the older gives way.
                    self._free(other, frozenset(back))
                self._waiters.setdefault(other, set()).add(key)
            for other in held:
                self._givers.setdefault(other, set()).add(key)
            if held:
                self._after[key] = self._after.get(key, frozenset()) | held

    def taken(self, key: str) -> frozenset[str]:
        """What a segment that is stepped now has to wait for, beyond what it knows."""
        return self._after.pop(key, frozenset())

    def go_on(self, segments: Iterable[Segment]) -> None:
        """These segments wait as they say, after a start."""
        for one in segments:
            for other in one.after:
                self._waiters.setdefault(other, set()).add(one.key)
            for gave in one.gave:
                self._givers.setdefault(gave.taker, set()).add(one.key)

    @property
    def awaited(self) -> tuple[str, ...]:
        """Those that any segment waits for."""
        return tuple(self._waiters)

    def waiters(self, key: str) -> tuple[str, ...]:
        """Those that wait for this segment, or did."""
        return tuple(sorted(self._waiters.get(key, ())))

    def givers(self, key: str) -> tuple[Segment, ...]:
        """Those that gave text to this segment, and are not written themselves."""
        if key not in self._givers:
            return ()
        known = (self._known(one) for one in sorted(self._givers[key]))
        found = tuple(one for one in known if not one.in_step and any(g.taker == key for g in one.gave))
        self._givers[key] = {one.key for one in found}
        if not found:
            del self._givers[key]
        return found

    def proved(self, key: str) -> None:
        """A segment has nothing to be saved any more: those that waited for it need not."""
        if key not in self._waiters:
            return
        waiters = sorted(self._waiters.pop(key))
        for waiter in waiters:
            self._free(waiter, frozenset((key,)))
        self._let_go(waiters)

    def untie(self, key: str, other: str) -> None:
        """A segment need not wait for another."""
        if other in self._ahead(key):
            self._free(key, frozenset((other,)))
            self._let_go((key,))

    def _free(self, key: str, others: frozenset[str]) -> None:
        if key in self._after:
            self._after[key] -= others
        self._free_segment(key, others)

    def _takes_more(self, key: str, other: str) -> bool:
        """Of two that would wait for each other: whether the first has to."""
        return self._takes(key) or (self._takes_unproven(key) and not self._takes(other))

    def _takes(self, key: str) -> bool:
        """Whether what the document says for a segment now is less than the server has."""
        return _much(self._known(key).base) > _much(self._mine(key))

    def _takes_unproven(self, key: str) -> bool:
        """Whether it is less than what may have arrived there."""
        one = self._known(key)
        writes = (write.body for write in (one.sent, one.unseen) if write is not None)
        return any(_much(sent) > _much(self._mine(key)) for sent in writes)

    def _ahead(self, key: str) -> frozenset[str]:
        """Those that a segment waits for, as far as it has been told."""
        return self._known(key).after | self._after.get(key, frozenset())

    def leads_to(self, key: str, goal: str) -> bool:
        """Whether a segment waits for that other, be it by way of further ones."""
        seen, todo = {key}, [key]
        while todo:
            ahead = self._ahead(todo.pop())
            if goal in ahead:
                return True
            todo += ahead - seen
            seen |= ahead
        return False


def _much(body: Body | None) -> int:
    """How much text a segment says."""
    return sum(len(cue.text) for cue in body.cues) if body is not None else 0
