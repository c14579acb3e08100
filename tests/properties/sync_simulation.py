"""A world in virtual time for the sync: desks with people, a backend, and a network that fails by a seed.

The engine, the machines, the feed, the codec and the history are the real ones. The backend keeps account of
every write it accepted and of who wrote it; the accounts of what people did, and each rule of saving is
checked the moment it could be broken. After the last step nothing fails any more, and all must come to agree.

Where each rule is looked at:
- at each accepted write: I1, I2, I5, I8, I11, I16 (`Accounts.wrote`, `FieldAccounts.wrote`)
- at each request: I3 on the disk (`Desk._goes_out`), I10 (`Screen.sends`), I13, I14 (`Network`), and I18 at
  those that are answered over HTTP (`Lures`)
- at each change of a document: I1, I3 (`Accounts.replaced`, `FieldAccounts.replaced`), I10 (`Screen.adopted`)
- at each change of a segment: I4 (`Screen.look`), I7 (`Accounts.disputed`), I9 (`Accounts.holds`), I11
  (`Accounts.open`)
- at each move of a position in the feed: I12 (`Accounts.passed`)
- at the end: I6, and I10, that nothing waits for a button (`World._peace`)
- of the whole: I15 (`Schedule.run`), I17 (`test_sync_simulator`)

Computers are suspended for half a second to days, while requests are out, and find their connections dead;
on some the monotonic clock goes on meanwhile (`sync_virtual_time.Computer`). Clocks on the wall show another
day at every look; of a hundred schedules one is run again with clocks that are right (`sync_walls`).

Disks are full or can only be read for a while in every fifth world: all is said, nothing goes out that is not
on disk, and in the end all is written (`sync_disks`). In one of 125 worlds the journals are real files: a
start may find one of which a page is broken, and second programs look at what another one has open
(`sync_journal_files`).
"""

from __future__ import annotations

import asyncio
import json
import random
from contextvars import copy_context

from tests.properties.sync_accounts import Accounts
from tests.properties.sync_backend import NOBODY, Backend, Change, cue_of, text_of
from tests.properties.sync_desk import Desk, Place
from tests.properties.sync_disks import check_written, make_sound, refuse_some
from tests.properties.sync_faults import PROFILE, UNMARKED, Network, Weather
from tests.properties.sync_journal_files import JournalFiles, kept_in_files
from tests.properties.sync_lures import Lures
from tests.properties.sync_memory_journal import Disk, MemoryJournal
from tests.properties.sync_virtual_time import Broken, Computer, VirtualLoop
from tests.properties.sync_walls import Wall
from vtt_desktop.app.segment_text import WebVTTSegmentText
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Head
from vtt_desktop.sync.answers import Answer
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.engine import AT_ONCE
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.segment import Segment

PROFILES = [*[PROFILE] * 6, *UNMARKED]
"""Of every so many worlds so many have a backend of that kind."""
Shown = tuple[int, int, str, str, str]
"""What a person sees of a cue."""
NAPS_S = (0.5, 3.0, 60.0, 3600.0, 200_000.0)
"""So long a computer may be suspended; during a long nap the others do nothing but wait for a while."""
LEFT_ALONE_S = 400.0
"""After so long without a fault nothing waits that could be sent."""
ROUNDS = 12
"""So often everybody looks at everything before the world must be at peace."""


class World:
    """Everything, from one seed."""

    def __init__(
        self,
        seed: int,
        *,
        desks: int = 2,
        cues: int = 3,
        skipped: frozenset[int] = frozenset(),
        profile: Profile | None = None,
        jump: bool = True,
    ) -> None:
        """`jump`: whether the clocks on the wall do."""
        self.seed = seed
        self.skipped = skipped
        """Steps that are left out, to make a failing schedule shorter."""
        self.chance = random.Random(seed)
        self.loop = VirtualLoop()
        self.wall = Wall(seed, self.loop, jump=jump)
        self._outside = copy_context()
        """Of what goes on, whoever is suspended."""
        self.backend = Backend()
        self._profile = profile or PROFILES[seed % len(PROFILES)]
        self.accounts = Accounts(self.backend, marked=self._profile.mark != "")
        self.trace: list[str] = []
        self._keys = 0
        self._late: set[asyncio.Task[None]] = set()
        self._write_start(cues)
        self.weather = Weather(self.chance, self.loop, self.backend)
        self.accounts.fields.refused = self.weather.refused
        self.accounts.untold = self.weather.lost
        at_once = AT_ONCE if seed % 3 else 0
        self._backup = self.backend.backup()
        self._place = Place(
            self.loop, self.weather, self.backend, self.accounts, self.new_key, at_once, self.wall
        )
        self._files = JournalFiles(seed, self._network, self.accounts) if kept_in_files(seed) else None
        disks = [Disk(lambda: self.loop.now) for _ in range(desks)]
        self.desks = [self._desk(f"desk{i}", self._opened(disk)) for i, disk in enumerate(disks)]

    # Making it

    def _write_start(self, cues: int) -> None:
        self.backend.put("head", {"content": "WEBVTT", "tail": "\n", "order": "0", "kind": "head"}, NOBODY)
        for i in range(cues):
            self.backend.put(self.new_key(), self._document(i), NOBODY)

    def _document(self, place: int) -> dict[str, object]:
        """A cue that nobody at a desk wrote."""
        content = f"00:00:{10 + place}.000 --> 00:00:{10 + place}.900\n{self.accounts.typed(NOBODY)}"
        return {"content": content, "order": "abcdefgh"[place], "kind": "cues", "note": self.new_key()}

    def _opened(self, disk: Disk) -> MemoryJournal:
        """As `sync.opening`, without a network."""
        codec = Codec(PROFILE.content, WebVTTSegmentText())
        journal = MemoryJournal(disk)
        ids = iter(range(1, 1000))
        cues, head = [], Head()
        for key, (tag, document) in sorted(self.backend.documents.items(), key=lambda i: i[1][1]["order"]):
            body = codec.read(document, (), lambda: next(ids))
            head = body.head or head
            cues += body.cues
            journal.segments[key] = Segment(key, body, tag, body)
        journal.begin(Snapshot(head, CueList.of(cues)), len(cues) + 1)
        journal.meta |= {"seq": str(self.backend.seq), "epoch": self.backend.epoch, "mark": self.backend.mark}
        return journal

    def _desk(self, name: str, journal: MemoryJournal) -> Desk:
        computer = Computer(self.loop, stops=(self.seed + len(name) + ord(name[-1])) % 2 == 0)
        return computer.run(Desk, name, self._place, self._network(name, computer), journal, computer)

    def _network(self, name: str, computer: Computer | None = None) -> Network:
        lures = Lures(name, self._profile, self.chance, self.wall, self.accounts.broken)
        shared = self._profile, self.weather, self.backend, self.write, self._go
        return Network(name, *shared, computer, lures)

    def _go(self, work: asyncio._CoroutineLike[None]) -> None:
        task = self.loop.create_task(work, context=self._outside)
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    def new_key(self) -> str:
        self._keys += 1
        return f"k{self._keys}"

    def write(self, key: str, tag: str | None, change: Change, author: str, write_id: str = "") -> Answer:
        count = len(self.backend.writes)
        answer = self.backend.write(key, tag, change, author, write_id)
        self.trace.append(f"{self.loop.now:.3f} {author} {key} {tag} {answer}")
        for written in self.backend.writes[count:]:
            self.accounts.wrote(written)
        return answer

    # Running

    def run(self, steps: int) -> None:
        """A whole schedule: people work while things fail, then all is well and everybody agrees."""
        asyncio.set_event_loop(self.loop)
        try:
            with self.wall.hung():
                self.loop.run_until_complete(self._story(steps))
        finally:
            for desk in self.desks:
                desk.die()
            for task in tuple(self._late):
                task.cancel()
            if self._files is not None:
                self.loop.run_until_complete(self._files.close())
            self.loop.run_until_complete(self.loop.pause(0))
            asyncio.set_event_loop(None)
            self.loop.close()
        self.accounts.check()

    async def _story(self, steps: int) -> None:
        for number in range(steps):
            if number in self.skipped:
                continue
            # Each step draws for itself: one that is left out leaves the others much as they were.
            self.chance.seed(1000 * self.seed + number)
            nap = self._happen(self.chance.choice(self.desks), self.chance.random())
            refuse_some(self.desks, self.seed, number, self.loop.now)
            if self._files is not None and (killed := self._files.happen(self.desks)) is not None:
                self._crash(killed)
            await self.loop.pause(nap + self.chance.choice((0.0, 0.01, 0.1, 0.25, 1.0)))
            for one in self.desks:  # the journal's group commit
                count = self.chance.randrange(one.journal.waiting + 1)
                if count or one.journal.told:  # else there is nothing to be written or said
                    one.run(one.journal.commit, count)
            self.accounts.check()
        self.weather.level = 0.0
        make_sound(self.desks)
        await self._peace()
        check_written(self.desks)
        if len(self.desks) == 2:  # of what a third does to the same cues meanwhile there is no end
            self.accounts.ended()

    def _happen(self, desk: Desk, what: float) -> float:
        """One thing that happens; gives how many seconds nothing else does."""
        if what < 0.53:
            desk.run(desk.act)
        elif what < 0.55:
            return self._suspend(desk)
        elif what < 0.80:
            desk.spawned(desk.pull, "pull", whole=what > 0.77)
        elif what < 0.86:
            desk.run(desk.engine.set_offline, desk.engine.online)
        elif what < 0.90:
            self._crash(desk)
        elif what < 0.92:
            if self.backend.documents:
                self.backend.bump(self.chance.choice(sorted(self.backend.documents)))
        elif what < 0.96:
            desk.run(desk.engine.set_token, "another")
        elif what < 0.97:
            self.weather.begin_to_cache()
        elif what < 0.98:
            self.weather.begin_an_outage()
        elif what < 0.985:
            self._make_again()
        elif what < 0.988:
            self._backup = self.backend.backup()
        elif what < 0.992:
            self.backend.restore(self._backup)
            self.accounts.lost()
        elif what < 0.993:
            self.backend.wipe(again=self.chance.random() < 0.5)
            self.accounts.lost()
        else:
            desk.spawned(desk.decide_setback, "deciding what the server shall have")
        return 0.0

    def _suspend(self, desk: Desk) -> float:
        """A lid is closed, and opened a while after."""
        awake = [one for one in self.desks if not one.computer.asleep]
        if not awake:
            return 0.0
        # Rather one that waits for an answer.
        desk = next((one for one in awake if one.network.writing), desk if desk in awake else awake[0])
        nap = self.chance.choice(NAPS_S)
        quiet = nap if nap > 10 else 0.0
        desk.suspend()
        self.loop.call_later(
            nap + (self.chance.choice((0.0, 0.2, 3.0)) if quiet else 0.0), desk.computer.wake
        )
        self.trace.append(f"{self.loop.now:.3f} {desk.name} is suspended for {nap} s")
        return quiet

    def _crash(self, desk: Desk) -> None:
        """kill -9 and a new start: what was on disk is there, with what was out as unseen. Where that cannot
        be read any more it begins with what the server has."""
        desk.die()
        desk.journal.closed = True
        again: MemoryJournal | None = desk.journal.left()
        if self._files is not None and again is not None:
            again = self._files.started(desk.name, again, may_break=bool(self.backend.documents))
        if again is None:
            self.accounts.began_anew(desk.name)
            again = self._opened(desk.journal.disk)
        self.accounts.crashed(desk.name, again.texts)
        self.desks[self.desks.index(desk)] = self._desk(desk.name, again)
        self.trace.append(f"{self.loop.now:.3f} {desk.name} crashed")

    def _make_again(self) -> None:
        """Somebody without a desk removes a cue and makes another under its name."""
        keys = sorted(key for key, (_, document) in self.backend.documents.items() if key != "head")
        if keys:
            key = self.chance.choice(keys)
            document = self._document(self.chance.randrange(8))
            before = self.backend.documents[key][1]
            self.accounts.did(NOBODY, text_of(before), text_of(document))
            self.accounts.fields.did(NOBODY, cue_of(before), cue_of(document))
            self.accounts.words.edited(NOBODY, *((text_of(one) or "",) for one in (before, document)))
            self.backend.put(key, None, NOBODY)
            self.backend.put(key, document, NOBODY)

    async def _peace(self) -> None:
        """Nothing fails any more: in bounded time all are equal, once people have decided (I6)."""
        for desk in self.desks:
            desk.computer.wake()
            desk.run(desk.engine.set_offline, False)
            desk.run(desk.engine.set_token, "the right one")
        if self.seed % 2:  # in the others people press buttons at once
            await self.loop.pause(LEFT_ALONE_S)
            for desk in self.desks:
                desk.check_sent()
        for round_ in range(ROUNDS):
            for desk in self.desks:
                desk.run(desk.engine.set_offline, False)
                desk.run(desk.engine.set_token, "the right one")
                await self.loop.pause(3.0)
                await desk.runs(desk.tidy_up())
                self.accounts.check()
            if round_ % 2 == 1 and all(self._shown(desk) == self.kept() for desk in self.desks):
                return
        shown = "\n".join(f"{desk.name}: {self._shown(desk)}" for desk in self.desks)
        phases = [
            (desk.name, one.key, one.phase, one.refused)
            for desk in self.desks
            for one in desk.state.segments.values()
            if one.phase.value != "synced"
        ]
        raise Broken(f"I6 not equal after all was well:\n{shown}\nserver: {self.kept()}\n{phases}")

    def _shown(self, desk: Desk) -> list[Shown]:
        return [_shown(cue) for cue in desk.document.snapshot.cues]

    def kept(self) -> list[Shown]:
        """What the backend holds, in order."""
        text = WebVTTSegmentText()
        inorder = sorted(
            (document["order"], key, document)
            for key, (_, document) in self.backend.documents.items()
            if document["kind"] == "cues"
        )
        return [_shown(cue) for _, _, document in inorder for cue in text.read(document["content"])[0]]


def _shown(cue: Cue) -> Shown:
    return (cue.start, cue.end, cue.identifier, cue.settings, cue.text)


def as_json(world: World) -> str:
    """What happened on the backend, for comparing two runs."""
    return json.dumps([world.trace, world.kept()], default=str)
