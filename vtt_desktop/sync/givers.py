"""Segments that gave text to others, in edits that are not saved yet: when they may be written, and what
comes back to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from vtt_desktop.domain.document import Document
from vtt_desktop.domain.edit import Edit, Origin
from vtt_desktop.domain.many import replace
from vtt_desktop.sync.body import Body, MakeBody
from vtt_desktop.sync.graves import Graves
from vtt_desktop.sync.layout import Layout
from vtt_desktop.sync.moved_text import arrived, given_back
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.segment_events import Event, TakerMoved
from vtt_desktop.sync.state import SyncState
from vtt_desktop.sync.step_lines import came_back_lines
from vtt_desktop.sync.waiting import Waiting


class Givers:
    """`catch_up` writes out what the document says for a segment where that was put off; `tell` steps one
    that nothing follows from for the document; `submit` is the road of a person's edits: text that comes back
    is one, and can be undone."""

    def __init__(
        self,
        document: Document,
        state: SyncState,
        layout: Layout,
        graves: Graves,
        waiting: Waiting,
        make: MakeBody,
        catch_up: Callable[[str], object],
        tell: Callable[[Segment, Event], Segment],
        submit: Callable[[Edit], object],
    ) -> None:
        self._document = document
        self._state = state
        self._layout = layout
        self._graves = graves
        self._waiting = waiting
        self._make = make
        self._catch_up = catch_up
        self._tell = tell
        self._submit = submit

    def of(self, key: str) -> Iterable[Segment]:
        """Those that gave text to this segment, and waited for it to be written before them."""
        for waiter in self._waiting.waiters(key):
            self._catch_up(waiter)
            has = self._document.snapshot.cues.has
            one = self._state.segment(waiter) or self._graves.of_cues_that_are_nowhere(waiter, has)
            if one is not None:
                yield one

    def taker_moved(self, before: Segment, taker: Segment) -> None:
        """What gave text to a segment, and is not written yet, hears whether the server has it there. While
        that is in question it is not written."""
        if taker.base is before.base and not (before.in_question or taker.in_question):
            return
        for giver in self._waiting.givers(taker.key):
            self._catch_up(giver.key)
            if (one := self._state.segment(giver.key)) is None:
                continue
            there = arrived(one, taker.key, before.base, taker.base) or _is_there(one, taker.key)
            # Where the server has not had the text yet, it waits in any case.
            waits = taker.in_question and there
            self._waiting.go_on((self._tell(one, TakerMoved(taker.key, there, waits)),))
            if not taker.in_question and self._waiting.leads_to(taker.key, one.key):
                # Of two that wait for each other neither would ever be written.
                self._waiting.untie(one.key, taker.key)

    def let_go(self, keys: Iterable[str]) -> None:
        """Those that waited for one of these segments need not, where all of it is saved and nothing of that
        in question."""
        for key in keys:
            one = self._state.segment(key)
            if one is None or (one.in_step and not one.in_question):
                self._waiting.proved(key)

    def give_back(self, was: Segment, now: Body | None) -> None:
        """What gave text to a segment, and is not written itself, has it again where others took it away."""
        for one in self._waiting.givers(was.key):
            self._catch_up(one.key)
        givers = self._waiting.givers(was.key)
        every = {one.key: given_back(one, was.key, was.mine, now, self._make) for one in givers}
        back = {key: body for key, body in every.items() if body is not None}
        if not back:
            return  # as nearly always, of thousands that a colleague changed
        self.wait_no_more(back)
        edit = self._layout.edit_for_all(back, self._document.snapshot, "Text comes back", Origin.USER)
        self._submit(edit)
        for line in came_back_lines(edit):
            self._state.tell(line)

    def wait_no_more(self, keys: Iterable[str]) -> None:
        """What has its text again waits for nobody, also where all of it had gone."""
        for key in keys:
            if (gone := self._graves.get(key)) is not None:
                self._graves.bury(replace(gone, after=frozenset(), gave=()))


def _is_there(giver: Segment, taker: str) -> bool:
    """Whether the server has all that a segment gave to another."""
    return all(gave.there for gave in giver.gave if gave.taker == taker)
