"""Desks in lockstep: nothing fails, people do things by a seed, and then all sync."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any, Self

from tests.properties.sync_backend import NOBODY, Backend
from tests.properties.sync_faults import PROFILE, Network, Weather
from tests.properties.sync_memory_journal import MemoryJournal
from tests.properties.sync_virtual_time import T, VirtualLoop
from vtt_desktop.app.segment_text import WebVTTSegmentText, in_style
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Change, Document, Snapshot
from vtt_desktop.domain.edit import FIRST, Edit, Origin
from vtt_desktop.domain.edits_text import insert_cue, merge_cues, remove_cues, set_text, split_cue
from vtt_desktop.domain.edits_timing import set_times
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.history import History
from vtt_desktop.domain.rearrange import edit_to
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.engine import Engine
from vtt_desktop.sync.feed import Feed
from vtt_desktop.sync.profile import Create, Profile
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.sorting import Sorting, sorting_of, time_key
from vtt_desktop.sync.state import SyncState

STEPS = 25
TEXT = WebVTTSegmentText()
PROFILES = {
    "keys": PROFILE,
    "keys, none made": replace(PROFILE, create=Create()),
    "times": replace(PROFILE, content=replace(PROFILE.content, order="")),
    "list": replace(
        PROFILE, content=replace(PROFILE.content, order=""), list=replace(PROFILE.list, sort="given")
    ),
}


class Desk:
    """A person, and all that is behind the screen."""

    def __init__(self, world: World, name: str, journal: MemoryJournal) -> None:
        self.name, self.journal, self._world = name, journal, world
        self.document = Document(journal.snapshot, journal.next_id)
        self.history = History(self.document, world.loop.time)
        self.state = SyncState()
        self.state.diary.restore(journal.diary)
        self.state.diary.told.connect(lambda told: journal.tell(told.line))
        self.codec = Codec(world.profile.content, TEXT)
        weather, backend = world.weather, world.backend
        network = Network(name, world.profile, weather, backend, backend.write, lambda work: work.close())
        network.mark = journal.meta["mark"]
        self.tasks: set[asyncio.Task[None]] = set()
        self.engine = Engine(
            self.document,
            self.state,
            self.codec,
            network,
            submit=self.history.do,
            spawn=self.spawn,
            journal=journal,
            clock=world.loop.time,
            jitter=world.chance.random,
            mint=world.new_key,
        )
        self.feed = Feed(
            self.engine, self.state, journal, seq=int(journal.meta["seq"]), epoch=journal.meta["epoch"]
        )
        self.document.changed.connect(self._heard)
        self.engine.start(journal.segments.values())

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> object:
        task = self._world.loop.create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def _heard(self, change: Change) -> None:
        self.journal.put_document(self.document, change.edit)

    async def sync(self) -> None:
        for _ in range(3):
            await self._world.loop.pause(1.0)
            await self.engine.settle()
            # Where a list tells the order, a feed does not.
            by_list = sorting_of(self._world.profile) is Sorting.LIST
            await self.feed.pull(whole=by_list or self._world.chance.random() < 0.5)
            for conflict in self.state.conflicts:
                self.engine.resolve(conflict.id, conflict.keep_mine or conflict.theirs)

    async def restart(self) -> Self:
        """The program ends and begins anew; what was to be undone is not looked at here."""
        await self.engine.stop()
        await self.journal.flushed()
        return type(self)(self._world, self.name, self.journal.left())

    @property
    def shown(self) -> list[tuple[int, str]]:
        return [(cue.start, cue.text) for cue in self.document.snapshot.cues]

    def submit(self, edit: Edit) -> None:
        self.engine.check(edit)
        self.history.do(in_style(edit, self.document.snapshot))

    def act(self) -> str:
        """One thing that a person does to the list of cues; in words."""
        chance, snapshot = self._world.chance, self.document.snapshot
        cues = list(snapshot.cues)
        at = chance.randrange(len(cues)) if cues else 0
        doings: list[Callable[[], Edit | None]] = [lambda: self._back(self.history.undo)] * 4
        doings += [lambda: self._back(self.history.redo)] * 2
        doings += [lambda: insert_cue(self._new(), chance.choice((FIRST, *(cue.id for cue in cues))))] * 3
        if cues:
            some = [cue.id for cue in cues[at : at + chance.choice((1, 1, 2, 4))]]
            doings += [lambda: remove_cues(snapshot, some)] * 2
            doings += [lambda: merge_cues(snapshot, some, " ")] * 2
            doings += [lambda: self._split(cues[at])] * 3
            doings += [lambda: set_text(snapshot, cues[at].id, f"{cues[at].text} {self._world.word()}")]
            start = 1000 * chance.randrange(20)
            doings += [lambda: set_times(snapshot, cues[at].id, start, start + 700)]
            sorted_ = sorted(cues, key=lambda cue: cue.start)
            doings += [lambda: edit_to(snapshot, snapshot.head, sorted_, "Sort", Origin.USER)]
        try:
            edit = chance.choice(doings)()
            if edit is None:
                return "a step back or forth"
            self.submit(edit)
        except UserError as error:
            return str(error)
        return edit.label

    def _back(self, step: Callable[[], object]) -> None:
        step()

    def _new(self) -> Cue:
        start = 1000 * self._world.chance.randrange(20)
        return Cue(self.document.new_id(), start, start + 900, self._world.word())

    def _split(self, cue: Cue) -> Edit:
        new_id = self.document.new_id()
        return split_cue(self.document.snapshot, cue.id, new_id, at_char=len(cue.text) // 2, at_ms=None)


class World:
    """Desks on one backend, of segments with several cues or with one; everything from one seed."""

    def __init__(self, seed: int, profile: Profile, several: Sequence[int] = (1, 3, 3)) -> None:
        """`several`: how many cues a segment may have at first."""
        self.chance = random.Random(seed)
        self.profile = profile
        self.loop = VirtualLoop()
        self.backend = Backend()
        self.did: list[str] = []
        self._keys = self._words = 0
        self.backend.put("head", {"content": "WEBVTT", "tail": "\n", "order": "0", "kind": "head"}, NOBODY)
        for content, order in zip(self.film(several), "bdfhj", strict=False):
            document = {"content": content, "order": order, "kind": "cues"}
            self.backend.put(self.new_key(), document, NOBODY)
        self.weather = Weather(self.chance, self.loop, self.backend)
        self.weather.level = 0.0

    def film(self, several: Sequence[int]) -> list[str]:
        """What the segments hold at first."""
        contents, start = [], 0
        for _ in range(3):
            content = ""
            for _ in range(self.chance.choice(several)):
                content += f"\n\n00:00:{start:02}.000 --> 00:00:{start:02}.900\n{self.word()} {self.word()}"
                start += 1
            contents.append(content)
        return contents

    def new_key(self) -> str:
        self._keys += 1
        return f"k{self.chance.randrange(100)}-{self._keys}" if self._keys > 3 else f"k{self._keys}"

    def word(self) -> str:
        self._words += 1
        return f"w{self._words}"

    def open(self, name: str) -> Desk:
        return Desk(self, name, self.journal())

    def journal(self) -> MemoryJournal:
        """Of a desk that has just opened what the server has."""
        codec, journal = Codec(self.profile.content, TEXT), MemoryJournal()
        ids = iter(range(1, 1000))
        segments = [
            Segment(key, body, tag, body)
            for key, (tag, document) in self.backend.documents.items()
            for body in [codec.read(document, (), lambda: next(ids))]
        ]
        segments.sort(key=lambda one: self._place(one.key))
        journal.segments = {one.key: one for one in segments}
        cues = [cue for one in segments if one.base is not None for cue in one.base.cues]
        heads = [one.base.head for one in segments if one.base is not None and one.base.head is not None]
        journal.snapshot, journal.next_id = Snapshot(heads[0], CueList.of(cues)), next(ids)
        journal.meta |= {"seq": str(self.backend.seq), "epoch": self.backend.epoch, "mark": self.backend.mark}
        return journal

    def _place(self, key: str) -> tuple[str, str]:
        document = self.backend.documents[key][1]
        sorting = sorting_of(self.profile)
        if document["kind"] == "head" or sorting is Sorting.LIST:
            return "", key
        return (document["order"] if sorting is Sorting.KEYS else time_key(self._cues(key))), key

    def _cues(self, key: str) -> tuple[Cue, ...]:
        document = self.backend.documents[key][1]
        return TEXT.read(document["content"])[0] if document["kind"] == "cues" else ()

    @property
    def kept(self) -> list[tuple[int, str]]:
        """What the server has, in its order."""
        inorder = sorted(self.backend.documents, key=self._place)
        return [(cue.start, cue.text) for key in inorder for cue in self._cues(key)]

    async def story(self) -> None:
        desks = [self.open(name) for name in ("one", "two", "three")[: self.chance.choice((2, 2, 3))]]
        for step in range(STEPS):
            for _ in range(self.chance.choice((1, 1, 1, 2, 3))):
                desk = self.chance.choice(desks)
                self.did.append(f"{step} {desk.name}: {desk.act()} → {' | '.join(t for _, t in desk.shown)}")
            if self.chance.random() < 0.1:
                i = self.chance.randrange(len(desks))
                desks[i] = await desks[i].restart()
                self.did.append(f"{step} {desks[i].name} began anew")
            for _ in range(3):
                for desk in desks:
                    await desk.sync()
            shown = "".join(f"\n{desk.name} shows {desk.shown}" for desk in desks)
            same = all(desk.shown == self.kept for desk in desks)
            assert same, "\n".join(self.did) + f"{shown}\nthe server has {self.kept}"
            phases = {one.phase.value for desk in desks for one in desk.state.segments.values()}
            assert phases <= {"synced"}, "\n".join(self.did)
        for desk in desks:
            await desk.engine.stop()

    def run(self, story: Coroutine[Any, Any, T]) -> T:
        """A whole story, in virtual time."""
        asyncio.set_event_loop(self.loop)
        try:
            return self.loop.run_until_complete(story)
        finally:
            asyncio.set_event_loop(None)
            self.loop.close()
