"""One document shared through one backend: hears edits, sends when it is time, carries answers back.

Everything here runs on the loop's thread. What to do is the machine's decision (`segment.step`), when and
how many at once is the schedule's, how long to leave a server alone is the link's.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Collection, Iterable
from itertools import islice

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Change, Document, Snapshot
from vtt_desktop.domain.edit import Edit, Origin
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync import segment_events as machine
from vtt_desktop.sync.answers import Contents
from vtt_desktop.sync.body import Conflict
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.deciding import Decisions
from vtt_desktop.sync.engine_ports import JournalPort, RepositoryPort
from vtt_desktop.sync.fitting import fitted
from vtt_desktop.sync.flight import Believed, Flights
from vtt_desktop.sync.hearing import Hearing
from vtt_desktop.sync.hearing_first import HearingFirst
from vtt_desktop.sync.known_segments import KnownSegments
from vtt_desktop.sync.layout import Layout
from vtt_desktop.sync.link import LinkWatch
from vtt_desktop.sync.machines import Machines
from vtt_desktop.sync.order_of_writes import OrderOfWrites, Waits
from vtt_desktop.sync.placement import Placement
from vtt_desktop.sync.ports import Spawn
from vtt_desktop.sync.putting_back import Group, PuttingBack
from vtt_desktop.sync.schedule import Schedule
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.setback import Setback
from vtt_desktop.sync.sorting import Sorting, sorting_of
from vtt_desktop.sync.state import Link, SyncState
from vtt_desktop.sync.sync_log import Preview
from vtt_desktop.sync.versions import CueVersion, told_versions

DEBOUNCE_S = 0.6
"""A pause in typing after which a segment is sent."""
AT_ONCE = 32
"""So many segments are written out within the edit that changed them; more, in portions of that, after it."""
_TRIED = 3
"""In the time in which one is written out, so many are told that they may go out once more."""


class Engine:
    """`submit` is the road of a person's edits (a decided conflict is one); `clock` counts seconds that only
    grow; `jitter` is between 0 and 1; `mint` names new segments.
    """

    def __init__(
        self,
        document: Document,
        state: SyncState,
        codec: Codec,
        repository: RepositoryPort,
        *,
        submit: Callable[[Edit], object],
        spawn: Spawn,
        journal: JournalPort,
        clock: Callable[[], float],
        debounce_s: float = DEBOUNCE_S,
        jitter: Callable[[], float] = random.random,
        mint: Callable[[], str] | None = None,
        at_once: int = AT_ONCE,
    ) -> None:
        self.repository = repository
        self._document = document
        self._state = state
        self._codec = codec
        self._debounce = debounce_s
        self._at_once = at_once
        self._spawn = spawn
        self._journal = journal
        self._writing = False
        self._barred: dict[str, None] = {}
        """Segments that were refused, and are to go out once more."""
        sorting = sorting_of(repository.profile)
        self._layout = Layout(sorting)
        self._order = OrderOfWrites(self._layout.key_of)
        self._placement = Placement(document, state, codec, self._layout, repository.profile, mint)
        self._machines = Machines(
            document,
            state,
            codec,
            journal,
            self._layout,
            self._placement.mine,
            lambda keys: self._schedule.later_all(keys, 0.0),
            submit,
        )
        self._decisions = Decisions(document, state, codec, self._machines)
        self._putting_back = PuttingBack(state, self._machines, repository)
        self._link = LinkWatch(state, clock, jitter)
        self._flights = Flights(state, self._machines, codec, repository, journal, self._link)
        self._schedule = Schedule(
            state, self._link, spawn, clock, jitter, lambda key: self._first.turn(key, self._flights.fly)
        )
        self.hearing = Hearing(state, self._machines, self._layout, self._schedule)
        self._first = HearingFirst(
            state, self._link, self._schedule, spawn, by_times=sorting is Sorting.TIMES
        )
        self._flights.unheard = self._first.unheard
        self._disconnect = document.changed.connect(self._heard_edit)
        document.fit = self._fitted
        repository.on_mark(self._told_mark)

    # Life

    def start(self, segments: Iterable[Segment] | KnownSegments, *, offline: bool = False) -> None:
        """Takes over what is known (from the journal or from opening) and begins to send what waits. Many
        segments hold nobody up where they were looked through before."""
        known = segments
        if not isinstance(known, KnownSegments):
            sorting = sorting_of(self.repository.profile)
            known = KnownSegments.at_once(known, sorting, self._document.snapshot)
        for one in known.nowhere:
            self._machines.bury(one)
        self._layout.take_over(known.layout)
        self._state.take_over(known.state)
        self._link.start(offline)
        # What a conflict consists of is worked out, not kept: it must be there from the start.
        self._machines.edited(known.disputed)
        changed = dict.fromkeys([*known.unlike(self._document.snapshot), *self._placement.place_head()])
        if not known.in_place(self._document.snapshot):
            changed |= dict.fromkeys(self._placement.place_all(self._machines.tidy))
        made = frozenset(key for key in changed if self._state.segment(key) is None)
        self._edited(list(changed), 0.0)
        self._machines.go_on_waiting(made)
        self._try_refused()
        self._first.begin()

    async def stop(self) -> None:
        """Sends nothing more; a write that is out is waited for, never cancelled."""
        self._disconnect()
        self._document.fit = None
        self._first.stop()
        await self._schedule.stop()
        await self.repository.close()

    @property
    def online(self) -> bool:
        return self._link.up and not self._schedule.stopped

    @property
    def idle(self) -> bool:
        """Nothing under way and nothing waiting for its time."""
        return not (self._machines.behind or self._barred) and self._schedule.idle

    @property
    def pause_s(self) -> float:
        """Seconds for which the server asked to be left alone, from now on; 0: it did not."""
        return self._link.pause_s

    async def settle(self, patience_s: float = 15.0) -> None:
        """Sends everything that waits, now, and returns when nothing is left that would go by itself; see
        `Schedule.settle`."""
        await self._write_out(0.0)
        await self._schedule.settle(patience_s)

    def _try_refused(self) -> None:
        """What was refused or forbidden may go out once more: rights and rules change on a server."""
        barred = [one for one in self._state.segments.values() if one.refused or one.read_only]
        self._barred |= {one.key: None for one in barred if one.edited}
        self._try_some(_TRIED * self._at_once)
        if self._barred:
            self._go_on_behind(0.0)

    def _try_some(self, most: int) -> None:
        some = tuple(islice(self._barred, most))
        with self._state.together():
            for key in some:
                del self._barred[key]
                if (one := self._state.segment(key)) is not None and one.edited:
                    self._machines.step(key, machine.Again())
        self._schedule.later_all(some, 0.0)

    # The link

    def on_link_up(self, call: Callable[[], object]) -> None:
        """Calls back whenever the server answers again after it did not."""
        self._link.on_up.append(call)

    def set_offline(self, offline: bool) -> None:
        """The person's switch. What is out is let finish; nothing new goes out while it is off."""
        if not offline:
            self._try_refused()
        self._link.set_offline(offline)

    def hear_first(self, pull: Callable[[], Awaitable[object]]) -> None:
        """`pull` is waited for before what makes or removes cues is sent after a start, or after any time
        without the server: a colleague may have done the same."""
        self._first.pull = pull

    def set_token(self, token: str) -> None:
        """Another token from now on: what waited for one goes, what was forbidden is tried again."""
        self.repository.set_token(token)
        for key, one in list(self._state.segments.items()):
            if one.read_only:
                self._machines.step(key, machine.NewToken())
        self._link.token_given()
        self._schedule.everything()

    def reading_failed(self, why: str, after: float | None = None) -> None:
        """The feed could not reach the server: the same link is down for writing."""
        self._link.lost(why, after)

    def reading_worked(self) -> None:
        """The feed reached the server: the same link is up for writing."""
        self._link.found()

    def try_again(self) -> None:
        """A person asks for it now: what was refused goes out once more, a server that asked to be left alone
        is tried with one request, and the token that was refused is used until it is refused again."""
        self._try_refused()
        self._schedule.forgive()
        self._link.try_again()

    def token_needed(self, why: str) -> None:
        self._link.token_needed(why)

    def halt(self, why: str, *, for_good: bool = True) -> None:
        """Neither sends nor takes anything any more, and says why; see `LinkWatch.halt`."""
        self._link.halt(why, for_good=for_good)

    # A server that went back

    def believe(self, believed: Believed) -> None:
        """Asks `believed` from now on whether an answer is of the history that we know, before anything is
        made of it."""
        self._flights.believed = believed

    def set_back(self, setback: Setback | None) -> None:
        """The server went back: nothing is sent or taken until a person has decided, also after a restart.
        None: it did not, after all."""
        self._state.set_setback(setback)
        with self._journal.together():
            self._journal.put_meta("setback", setback.value if setback is not None else "")
            self._told_mark(self.repository.mark)
        if setback is not None:
            self._link.halt(setback.sentence)
        else:
            self._link.release()

    def _told_mark(self, mark: str) -> None:
        """The server's history is at that mark. While it is another one than ours, ours is kept."""
        if self._state.setback is None:
            self._journal.put_meta("mark", mark)

    async def decide_setback(self, mine: bool, group: Group) -> Contents:
        """What this desk has is put there again, or what the server has now is taken, in one step of `group`;
        gives the server's list. UserError where nothing went back or the server cannot be asked."""
        if self._state.setback is None:
            raise UserError("The server did not go back: there is nothing to decide.")
        if self._state.link is Link.OFFLINE:
            raise UserError("You are working offline.", "Go online to decide what the server shall have.")
        await self._schedule.landed()
        await self._write_out(0.0)
        mark, self.repository.mark = self.repository.mark, ""  # or the server would refuse to say anything
        try:
            contents, found = await self._putting_back.look(mine)
        except BaseException:
            self.repository.mark = mark
            raise
        with self._journal.together():
            keys = self._putting_back.carry_out(found, mine, group)
            self.set_back(None)
        self._schedule.later_all(keys, 0.0)
        return contents

    async def told_versions(self, cue_id: int) -> tuple[CueVersion, ...]:
        """The cue's past versions as the server tells them, the newest first; none where it does not.

        UserError where it cannot be asked.
        """
        one = self._state.segment_of(cue_id)
        if one is None or one.base is None or not self.repository.profile.history.url:
            return ()
        if not self._link.open:
            raise UserError("The server's history can be read once the server is reached.")
        rows = await self.repository.history(one.key)
        how = self.repository.profile.history
        return told_versions(rows, how, self._codec, one.base.cues, cue_id)

    # Edits

    def check(self, edit: Edit) -> None:
        """UserError for an edit that this backend could never be told of."""
        self._placement.check(edit)

    def resolve(self, cue_id: int, choice: Cue | None) -> None:
        """Ends a conflict on one cue: it shall be `choice` (None: removed). UserError where there is none."""
        self._catch_up_disputed()
        with self._journal.together():
            self._schedule.later(self._made_anew(self._decisions.resolve(cue_id, choice)), 0.0)
            self._catch_up_disputed()  # what came back with it may have ended another conflict

    def _made_anew(self, key: str) -> str:
        """The name that a decided segment is to be sent under."""
        one = self._state.segment(key)
        kept = one is not None and one.base is None and one.theirs is None and one.mine is not None
        if not kept or self.repository.profile.create.id != "server":
            return key
        # The removed one may still be listed there, under the id that this one is called by: what is made
        # again has another name, as after an undo.
        fresh = self._placement.anew(key)
        self._machines.emptied(key)
        self._edited([fresh], 0.0)
        return fresh

    def preview(self, conflict: Conflict, choice: Cue | None) -> Preview:
        """What the choice would make of the cue and of others, since it is decided with them."""
        return self._decisions.preview(conflict, choice)

    def resolve_head(self, mine: bool) -> None:
        """Ends a conflict on the document's head."""
        key = self._layout.head_key or ""
        self._machines.catch_up(key)
        self._decisions.resolve_head(key, mine)
        self._schedule.later(key, 0.0)

    def _fitted(self, edit: Edit, before: Snapshot, after: Snapshot) -> Edit:
        return fitted(edit, before, after, self._layout, self._document.new_id)

    def _heard_edit(self, change: Change) -> None:
        keys = self._placement.touched(change)
        after: Waits = {}
        if change.edit.origin is not Origin.REMOTE:
            after = self._order.waits(change.edit)
            self._machines.follow(after)
        ids = change.edit.ids
        known = ids if not change.edit.structural and self._state.knows(ids) else frozenset[int]()
        keys = [*keys, *(after.keys() - set(keys))] if after else keys
        self._edited(keys, self._debounce, after, known)

    def _edited(
        self,
        keys: list[str],
        delay: float,
        waiting: Collection[str] = (),
        known: frozenset[int] = frozenset(),
    ) -> None:
        """The document says something else for these segments. What a bulk tool did to thousands is written
        out after it, so that it holds nobody up, but for those that have to wait for others: that they do
        must be on disk with the edit. `known`: as in `Machines.fall_behind`."""
        if len(keys) <= self._at_once:
            self._schedule.later_all(self._machines.edited(keys), delay)
            return
        self._machines.fall_behind(keys, known)
        if waiting:
            self._schedule.later_all(self._machines.edited(waiting), delay)
        self._go_on_behind(delay)

    def _go_on_behind(self, delay: float) -> None:
        if not self._writing:
            self._writing = True
            self._spawn(self._write_out(delay), "writing out a bulk edit")

    async def _write_out(self, delay: float) -> None:
        """Writes out what was put off, then tries what was refused, letting others run between portions."""
        behind = self._machines.behind
        try:
            while (behind or self._barred) and not self._schedule.stopped:
                portion = tuple(islice(behind, max(1, self._at_once)))
                if portion:
                    self._schedule.later_all(self._machines.edited(portion), delay)
                else:
                    self._try_some(max(1, _TRIED * self._at_once))
                await asyncio.sleep(0)
        finally:
            self._writing = False

    def _catch_up_disputed(self) -> None:
        for key in tuple(self._machines.behind):
            one = self._state.segment(key)
            if one is not None and one.theirs is not None:
                self._machines.catch_up(key)
