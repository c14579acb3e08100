"""A desk of the simulator: the real document, history, engine, machines, feed and codec, and a person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Set
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tests.properties.sync_accounts import Accounts
from tests.properties.sync_backend import Backend
from tests.properties.sync_faults import PROFILE, Network, Weather
from tests.properties.sync_memory_journal import MemoryJournal
from tests.properties.sync_screen import Screen
from tests.properties.sync_virtual_time import Broken, Computer, P, T, VirtualLoop
from tests.properties.sync_walls import Wall
from vtt_desktop.app.segment_text import WebVTTSegmentText, in_style
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Change, Document
from vtt_desktop.domain.edit import FIRST, CueChange, Edit, Origin
from vtt_desktop.domain.edits_text import insert_cue, remove_cues, set_identifier, set_settings, set_text
from vtt_desktop.domain.edits_timing import set_times, shift
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.history import History
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.engine import Engine
from vtt_desktop.sync.feed import Feed
from vtt_desktop.sync.setback import Setback
from vtt_desktop.sync.state import Link, SyncChange, SyncState


@dataclass(frozen=True)
class Place:
    """What all desks of a world share."""

    loop: VirtualLoop
    weather: Weather
    backend: Backend
    accounts: Accounts
    mint: Callable[[], str]
    at_once: int
    wall: Wall


class Desk:
    """A person at a screen. It lives on its `computer`: the world asks anything of it by `run` and `runs`."""

    def __init__(
        self, name: str, place: Place, network: Network, journal: MemoryJournal, computer: Computer
    ) -> None:
        self.name = name
        self.computer = computer
        self.network = network
        self.journal = journal
        self.dead = False
        self.tasks: set[asyncio.Task[None]] = set()
        self.document = Document(journal.snapshot, journal.next_id)
        self.history = History(self.document, computer.time, journal.together)
        self.state = SyncState()
        self.state.diary.wall = place.wall.time
        self.state.diary.restore(journal.diary)
        self.state.diary.told.connect(lambda told: journal.tell(told.line))
        journal.on_error = self.state.set_journal_error
        self.codec = Codec(PROFILE.content, WebVTTSegmentText())
        self._place = place
        self._chance = place.weather.chance
        self._accounts = place.accounts
        self._replaced: dict[int, str] = {}
        known, broken = journal.segments.values(), place.accounts.broken
        self._screen = Screen(name, place.backend, self.document, self.state, known, broken)
        self._deciding = False
        self._unseen: set[str] = set()
        """Segments that changed since the screen was looked at."""
        self.engine = Engine(
            self.document,
            self.state,
            self.codec,
            self.network,
            submit=self.history.do,
            spawn=self.spawn,
            journal=journal,
            clock=computer.time,
            debounce_s=0.2,
            jitter=self._chance.random,
            mint=place.mint,
            at_once=place.at_once,
        )
        network.goes_out = self._goes_out
        network.mark = journal.meta.get("mark", "")
        seq = int(journal.meta.get("seq", "0"))
        self.feed = Feed(self.engine, self.state, journal, seq=seq, epoch=journal.meta.get("epoch", ""))
        if not place.at_once:
            self.feed.portion = 1
        for cue in self.document.snapshot.cues:
            self._accounts.words.shows(self.name, cue.id, cue.text)
        self.document.changed.connect(self._heard)
        self.state.changed.connect(self._synced)
        self.engine.start(journal.segments.values())
        self._check_position()

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> object:
        if self.dead:
            work.close()
            return None
        task = self._place.loop.create_task(work, name=f"{self.name}: {name}")
        self.tasks.add(task)

        def ended(done: asyncio.Task[None]) -> None:
            self.tasks.discard(done)
            if not done.cancelled() and (error := done.exception()) is not None:
                self._accounts.failed(error)

        task.add_done_callback(ended)
        return task

    def die(self) -> None:
        self.dead = True
        for task in tuple(self.tasks):
            task.cancel()
        self.computer.wake()  # to an end

    def run(self, what: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> None:
        """It happens here, now, if the computer is on."""
        if not self.computer.asleep:
            self.computer.run(what, *args, **kwargs)

    def spawned(
        self, work: Callable[P, Coroutine[Any, Any, None]], name: str, *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """It begins here now."""
        self.run(lambda: self.spawn(work(*args, **kwargs), name))

    async def runs(self, work: Coroutine[Any, Any, Any]) -> None:
        """It happens here, from its beginning to its end."""
        await self.computer.run(self._place.loop.create_task, work)

    def suspend(self) -> None:
        self.network.suspended()
        self.computer.suspend()

    # What the person does

    def submit(self, edit: Edit) -> None:
        self.engine.check(edit)
        self.history.do(in_style(edit, self.document.snapshot))

    def act(self) -> None:
        """One thing a person might do."""
        chance, cues = self._chance, self.document.snapshot.cues
        often = ("text",) * 8 + ("time",) * 3 + ("settings", "identifier")
        rare = ("insert", "remove", "undo", "redo", "move", "shift")
        what = chance.choice((*often, *rare, *("join", "cut", "carry", "revert", "decide") * 2))
        if what == "decide":
            self.decide()
        elif what in ("undo", "redo"):
            with suppress(UserError):  # somebody changed the same thing since
                self.history.undo() if what == "undo" else self.history.redo()
        elif what == "shift":
            with suppress(UserError):  # nobody can shift a cue to before nought
                by = 10 * chance.randrange(-200, 200)
                self.submit(shift(self.document.snapshot, [cue.id for cue in cues], by))
        elif what == "revert":
            self._revert()
        elif what == "insert" or len(cues) < 2:
            start = 1000 * chance.randrange(100)
            cue = Cue(self.document.new_id(), start, start + 700, self._accounts.typed(self.name))
            self.submit(insert_cue(cue, chance.choice((FIRST, *(c.id for c in cues)))))
        else:
            cue = cues[chance.randrange(len(cues))]
            if what == "text":
                self.type_into(cue.id)
            elif what == "join":
                self._join(cue, cues[0] if cues[0] is not cue else cues[1])
            elif what == "cut":
                self._cut(cue)
            elif what == "settings":
                line = f"line:{chance.randrange(10_000) / 100}%"
                self.submit(set_settings(self.document.snapshot, cue.id, line))
            elif what == "identifier":
                name = f"{self.name}-{chance.randrange(10_000)}"
                self.submit(set_identifier(self.document.snapshot, cue.id, name))
            elif what == "move":
                self._move(cue, chance.choice((FIRST, *(c.id for c in cues if c is not cue))))
            elif what == "carry":
                self._carry(cue, cues[0] if cues[0] is not cue else cues[1])
            elif what == "time":
                start = 10 * chance.randrange(10_000)
                self.submit(set_times(self.document.snapshot, cue.id, start, start + 700))
            else:
                self.submit(remove_cues(self.document.snapshot, [cue.id]))

    def type_into(self, cue_id: int) -> None:
        self.submit(set_text(self.document.snapshot, cue_id, self._accounts.typed(self.name)))

    def _join(self, kept: Cue, other: Cue) -> None:
        """Two cues become one, which says as much as both."""
        text = self._accounts.typed(self.name, word=f"{kept.text} {other.text}")
        start, end = min(kept.start, other.start), max(kept.end, other.end)
        changes = (
            CueChange(kept, kept.with_(text=text, start=start, end=end)),
            CueChange(other, None, self.document.snapshot.follows(other.id)),
        )
        one = self.state.segment_of(other.id)
        if one is None or one.base is None:
            self._accounts.words.leave(other.text)
        self._accounts.words.joined(self.name, other.text)
        self.submit(Edit("Join", changes))
        self._accounts.moved(self.name, other.text, None, text)

    def _cut(self, cue: Cue) -> None:
        """A part of what a cue says goes into a cue of its own, where there is enough of it."""
        text = self._accounts.typed(self.name)
        if len(text) >= len(cue.text):
            return
        place = self._accounts.typed(self.name, len(cue.text) - len(text))
        self._accounts.words.leave(place)
        half = Cue(self.document.new_id(), cue.end, cue.end + 700, place)
        changes = (CueChange(cue, cue.with_(text=text)), CueChange(None, half, cue.id))
        self.submit(Edit("Cut", changes))
        self._accounts.moved(self.name, cue.text, text, place)

    def _move(self, cue: Cue, after: int) -> None:
        """A cue goes behind another."""
        if self.document.snapshot.follows(cue.id) != after:
            out = CueChange(cue, None, self.document.snapshot.follows(cue.id))
            self.submit(Edit("Move", (out, CueChange(None, cue, after))))

    def _carry(self, cue: Cue, other: Cue) -> None:
        """A word goes over to another cue: by one edit, by several in one step, or with the cue removed."""
        word = cue.text.split()[-1]
        self._accounts.words.leave(word)
        text: str | None = self._accounts.typed(self.name)
        place = self._accounts.typed(self.name, len(other.text), word)
        how = self._chance.choice(("one", "several", "first", "removed"))
        if word in other.text.split() or (how != "removed" and len(text or "") >= len(cue.text)):
            return
        if how == "one":
            changes = (CueChange(cue, cue.with_(text=text)), CueChange(other, other.with_(text=place)))
            self.submit(Edit("Carry", changes))
        else:
            with self.history.group("Carry"):
                if how == "several":
                    self.submit(set_text(self.document.snapshot, other.id, place))
                if how == "removed":
                    text = None
                    self.submit(remove_cues(self.document.snapshot, [cue.id]))
                else:
                    self.submit(set_text(self.document.snapshot, cue.id, text))
                if how != "several":
                    self.submit(set_text(self.document.snapshot, other.id, place))
        self._accounts.moved(self.name, cue.text, text, place)

    def _revert(self) -> None:
        """Takes back what a colleague just did to a text."""
        back = [(i, text) for i, text in self._replaced.items() if self.document.snapshot.cues.has(i)]
        if back:
            cue_id, text = back[-1]
            self.submit(set_text(self.document.snapshot, cue_id, text))

    def decide(self) -> None:
        """Looks at the first conflict and decides it."""
        if not self.state.conflicts:
            return
        conflict = self.state.conflicts[0]
        how = self._chance.choice(("mine", "theirs", "new"))
        choice = conflict.keep_mine if how == "mine" else conflict.take_theirs
        known = conflict.mine or conflict.theirs
        if how == "new" and known is not None:
            choice = known.with_(text=self._accounts.typed(self.name))
        shown = self.engine.preview(conflict, choice).cue
        self._accounts.decides(self.name, (conflict.mine, conflict.theirs, conflict.base), shown)
        text, there = shown.text if shown is not None else None, self.document.snapshot.cues.has
        self._accounts.words.decides(self.name, conflict, text, there)
        self._deciding = True
        self.engine.resolve(conflict.id, choice)
        self._deciding = False

    async def decide_setback(self) -> None:
        """The server went back: its person decides, who sees both sides of everything."""
        setback = self.state.setback
        if setback is None:
            return
        mine = setback is Setback.GONE or self._chance.random() < 0.6
        self._accounts.settles(self.name, self._cues(), mine)
        try:
            await self.feed.decide_setback(mine, self.history.group)
        except UserError:
            return  # the server cannot be asked now

    def _cues(self) -> dict[str, Cue | None]:
        """What each segment says here."""
        bodies = ((key, one.mine) for key, one in self.state.segments.items() if key != "head")
        return {key: body.cues[0] if body is not None and body.cues else None for key, body in bodies}

    def retype_what_was_refused(self) -> None:
        """The server would not have a text: its person writes another."""
        for one in tuple(self.state.segments.values()):
            if one.refused and one.mine is not None and one.mine.cues:
                self.type_into(one.mine.cues[0].id)

    async def tidy_up(self) -> None:
        """Sends everything, hears everything and decides everything."""
        await self.engine.settle(60.0)
        await self.pull(asked=True)
        await self.engine.settle(60.0)
        await self.decide_setback()
        await self.engine.settle(60.0)
        while self.state.conflicts:
            self.decide()
        self.retype_what_was_refused()
        await self.engine.settle(60.0)

    # What is watched

    async def pull(self, *, whole: bool = False, asked: bool = False) -> None:
        await self.feed.pull(whole=whole, asked=asked)
        self._check_position()

    def _goes_out(self, key: str, document: dict[str, Any] | None, write_id: str) -> None:
        """What goes out is on disk as sent: killed now, the next start knows of it (I3, I5)."""
        one = self.journal.segments.get(key)
        if one is None or one.sent is None or (write_id and one.sent.write_id != write_id):
            raise Broken(f"I3 {self.name} sends {key}, and its disk does not know that it does")
        self._screen.sends(key, document, write_id)

    def check_sent(self) -> None:
        """Nobody pressed a button for a while, and all was well: what was typed went out by itself (I10)."""
        waits = [key for key, one in self.state.segments.items() if one.due or one.out]
        if waits and self.state.link in (Link.ONLINE, Link.UNREACHABLE):
            self._accounts.broken(f"I10 {self.name} forgot to send {waits}")

    def _check_position(self) -> None:
        self._accounts.passed(self.name, self.feed.seq, self.state.segments)

    def _heard(self, change: Change) -> None:
        self.journal.put_document(self.document, change.edit)
        remote = change.edit.origin is Origin.REMOTE and not self._deciding
        if not (remote or self._deciding):
            befores = (one.before for one in change.edit.cue_changes)
            afters = (one.after for one in change.edit.cue_changes)
            texts = ([cue.text for cue in cues if cue is not None] for cues in (befores, afters))
            self._accounts.words.edited(self.name, *texts)
        moved = {c.id for c in change.edit.cue_changes if c.before is None}
        gone = {c.id for c in change.edit.cue_changes if c.after is None}
        for one in change.edit.cue_changes:
            was = one.before.text if one.before is not None else None
            now = one.after.text if one.after is not None else None
            if one.after is None and one.id in moved:
                continue  # only taken out to be put somewhere else
            self._look_soon({self.state.key_of(one.id) or ""})
            self._accounts.words.shows(self.name, one.id, now or "")
            if one.before is not None or one.id not in gone:
                (self._screen.adopted if remote else self._screen.typed)(one.id, one.before, one.after)
            if not remote:
                self._accounts.fields.did(self.name, one.before, one.after)
                self._accounts.did(self.name, was, now)
                self._accounts.acted(self.name, now)
                self._replaced.pop(one.id, None)
                continue
            if one.before is not None and one.after is not None:
                self._accounts.fields.replaced(self.name, one.before, one.after)
            if was is not None and was != now:
                self._replaced[one.id] = was
                self._accounts.replaced(self.name, was, now)

    def _look_soon(self, keys: Set[str]) -> None:
        """When all that happens at once has happened."""
        if not self._unseen and keys:
            self._place.loop.call_soon(self._look)
        self._unseen |= keys

    def _look(self) -> None:
        keys, self._unseen = self._unseen, set()
        if not self.dead:
            self._screen.look(keys)

    def _synced(self, change: SyncChange) -> None:
        self._look_soon(change.keys)
        for key in change.keys:
            one = self.state.segment(key)
            if not self.dead:
                self._accounts.open(self.name, key, one)
            if one is not None:
                self._accounts.holds(self.name, one, self.codec)
        for conflict in self.state.conflicts:
            self._accounts.disputed(self.name, self.state.key_of(conflict.id) or "", conflict)
