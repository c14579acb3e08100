"""A world in virtual time for the sync: desks with people, a backend, and a network that fails by a seed.

The engine, the machines, the feed, the codec and the history are the real ones. The backend keeps account of
every write it accepted and of who wrote it; the world keeps account of what people did. Each rule of saving
is checked the moment it could be broken.
"""

from __future__ import annotations

import asyncio
import json
import random
import selectors
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vtt_desktop.app.segment_text import WebVTTSegmentText, in_style
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Change, Document, Snapshot
from vtt_desktop.domain.edit import FIRST, Edit, Head, Origin
from vtt_desktop.domain.edits_text import insert_cue, remove_cues, set_text
from vtt_desktop.domain.edits_timing import set_times
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.history import History
from vtt_desktop.sync.answers import (
    Answer,
    Contents,
    Done,
    Listed,
    Missing,
    News,
    NotReached,
    StaleTag,
    TokenNeeded,
    Unproven,
)
from vtt_desktop.sync.body import Conflict, ConflictKind
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.engine import AT_ONCE, Engine
from vtt_desktop.sync.feed import Feed
from vtt_desktop.sync.journal_rows import kept
from vtt_desktop.sync.opening import Opened
from vtt_desktop.sync.profile_file import read_profile
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.state import SyncChange, SyncState

PROFILE_FILE = Path(__file__).resolve().parents[2] / "resources" / "profiles" / "vtt-desktop.toml"
PROFILE = read_profile(PROFILE_FILE.read_text("utf-8"), "the profile")
NOBODY = "nobody"


class Broken(AssertionError):
    """A rule of saving was broken; it begins with the invariant's name."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop whose time passes at once when there is nothing else to do."""

    def __init__(self) -> None:
        self.now = 0.0
        loop = self

        class Selector(selectors.SelectSelector):
            def select(self, timeout: float | None = None) -> list[Any]:
                if timeout is None:
                    raise Broken("I6 nothing will ever happen again, and somebody waits")
                loop.now += max(timeout, 0.0)
                return []  # nothing here has a socket or a thread

        super().__init__(Selector())

    def time(self) -> float:
        return self.now


class Backend:
    """The segments, and an account of all that was ever there. Tags are never used twice."""

    def __init__(self) -> None:
        self.documents: dict[str, tuple[str, dict[str, Any]]] = {}
        self.gone: dict[str, str] = {}
        """Deleted segments and who deleted each."""
        self.ever: dict[tuple[str, str], dict[str, Any]] = {}
        self.log: list[tuple[int, str]] = []
        self.writes: list[tuple[str, str, dict[str, Any] | None, dict[str, Any] | None]] = []
        """Key, author, document before, document after."""
        self._tags = 0

    @property
    def seq(self) -> int:
        return len(self.log)

    def put(self, key: str, document: dict[str, Any] | None, author: str) -> str:
        before = self.documents.get(key, ("", None))[1]
        self._tags += 1
        tag = f'"{self._tags}"'
        self.log.append((self.seq + 1, key))
        self.writes.append((key, author, before, document))
        if document is None:
            del self.documents[key]
            self.gone[key] = author
        else:
            self.documents[key] = (tag, document)
            self.ever[key, tag] = document
            self.gone.pop(key, None)
        return tag

    def write(self, key: str, tag: str | None, change: Callable[[Any], Any], author: str) -> Answer:
        now = self.documents.get(key)
        if now is None:
            if tag is not None:
                return Missing(deleted=key in self.gone)
        elif tag != now[0]:
            return StaleTag()
        document = change(now[1] if now is not None else None)
        fresh = self.put(key, document, author)
        return Done(fresh, document)

    def bump(self, key: str) -> None:
        """Another version that says the same."""
        self.put(key, dict(self.documents[key][1]), NOBODY)

    def listed(self, key: str) -> Listed:
        if key not in self.documents:
            return Listed(key, None, gone=True)
        tag, document = self.documents[key]
        return Listed(key, tag, document)


class Network:
    """One desk's way to the backend: `RepositoryPort` with faults drawn from the world's seed."""

    profile = PROFILE

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._name = name
        self._writing: set[str] = set()

    def set_token(self, token: str) -> None: ...

    async def close(self) -> None: ...

    async def fetch(self, key: str, *, cache_bust: bool = False, unless: str | None = None) -> Answer:
        await self._travel()
        if self._world.fault(0.08):
            return NotReached("no answer to a read")
        if self._world.fault(0.02):
            return TokenNeeded("the session ended")
        item = self._world.backend.listed(key)
        await self._travel()
        if item.gone:
            return Missing(deleted=key in self._world.backend.gone)
        return Done(item.etag, item.document)

    async def save(
        self, key: str, changes: dict[str, Any], etag: str, write_id: str, whole: object
    ) -> Answer:
        return await self._write(key, etag, lambda now: {**now, **changes})

    async def create(self, key: str, document: dict[str, Any], write_id: str) -> Answer:
        return await self._write(key, None, lambda now: document)

    async def delete(self, key: str, etag: str, write_id: str) -> Answer:
        answer = await self._write(key, etag, lambda now: None)
        return Done(None, None) if isinstance(answer, Done) else answer

    async def _write(self, key: str, tag: str | None, change: Callable[[Any], Any]) -> Answer:
        if key in self._writing:
            raise Broken(f"I13 two writes of {key} by {self._name} at once")
        self._writing.add(key)
        try:
            await self._travel()
            if self._world.fault(0.06):
                return NotReached("no way there")
            if self._world.fault(0.03):
                return NotReached("busy", 2.0, link_down=False)
            if self._world.fault(0.06):
                return Unproven("lost on the way there")
            if self._world.fault(0.02):
                return TokenNeeded("the session ended")
            answer = self._world.write(key, tag, change, self._name)
            if self._world.fault(0.03):  # a proxy sent it twice: the second one's answer comes back
                answer = self._world.write(key, tag, change, self._name)
            await self._travel()
            if self._world.fault(0.10):
                return Unproven("lost on the way back")
            if isinstance(answer, Done) and self._world.fault(0.05):
                return Done(None, answer.document)  # the version was taken out on the way
            return answer
        finally:
            self._writing.discard(key)

    async def contents(self) -> Contents | Answer:
        await self._travel()
        if self._world.fault(0.1):
            return NotReached("no list")
        backend = self._world.backend
        found = Contents(tuple(backend.listed(key) for key in sorted(backend.documents)), backend.seq, "e")
        await self._travel()
        return found

    async def news(self, since: int) -> News | Answer:
        await self._travel()
        if self._world.fault(0.1):
            return NotReached("no news")
        backend = self._world.backend
        keys = dict.fromkeys(key for seq, key in backend.log if seq > since)
        found = News(tuple(backend.listed(key) for key in keys), backend.seq, "e")
        await self._travel()
        return found

    async def knocks(self, since: int) -> AsyncIterator[int]:
        yield since

    async def _travel(self) -> None:
        await self._world.pause(self._world.chance.choice((0.0, 0.01, 0.05, 0.3)))


class MemoryJournal:
    """What a desk wrote down, and how much of it a crash leaves: only what was put together stays so."""

    def __init__(self) -> None:
        self.segments: dict[str, Segment] = {}
        self.meta: dict[str, str] = {}
        self.snapshot = Snapshot()
        self.next_id = 1
        self.closed = False
        self._queue: list[list[Callable[[], object]]] = []
        self._open = 0

    @contextmanager
    def together(self) -> Iterator[None]:
        if not self._open:
            self._queue.append([])
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1

    def put_segments(self, segments: Iterable[Segment]) -> None:
        for one in segments:
            self._put(lambda one=one: self.segments.__setitem__(one.key, kept(one)))

    def drop_segment(self, key: str) -> None:
        self._put(lambda: self.segments.pop(key, None))

    def put_meta(self, key: str, value: str) -> None:
        self._put(lambda: self.meta.__setitem__(key, value))

    def put_document(self, document: Document) -> None:
        snapshot, next_id = document.snapshot, document.next_id

        def put() -> None:
            self.snapshot, self.next_id = snapshot, next_id

        self._put(put)

    async def flushed(self) -> None:
        self.commit(len(self._queue))

    def commit(self, count: int) -> None:
        """So much of the queue is on disk."""
        if not self.closed:
            for group in self._queue[:count]:
                for put in group:
                    put()
            del self._queue[:count]

    @property
    def waiting(self) -> int:
        return len(self._queue)

    def _put(self, put: Callable[[], object]) -> None:
        if not self._open:
            self._queue.append([])
        self._queue[-1].append(put)


class Desk:
    """A person at a screen."""

    def __init__(self, world: World, name: str, journal: MemoryJournal) -> None:
        self.world = world
        self.name = name
        self.journal = journal
        self.tasks: set[asyncio.Task[None]] = set()
        self.document = Document(journal.snapshot, journal.next_id)
        self.history = History(self.document, world.loop.time)
        self.state = SyncState()
        self.network = Network(world, name)
        self.codec = Codec(PROFILE.content, WebVTTSegmentText())
        self.dead = False
        self.replaced: dict[int, str] = {}
        """Texts that a colleague replaced, by cue."""
        self.engine = Engine(
            self.document,
            self.state,
            self.codec,
            self.network,
            submit=self.history.do,
            spawn=self.spawn,
            journal=journal,
            clock=world.loop.time,
            debounce_s=0.2,
            jitter=world.chance.random,
            mint=world.new_key,
            at_once=AT_ONCE if world.seed % 3 else 0,
        )
        seq = int(journal.meta.get("seq", "0"))
        self.feed = Feed(self.engine, self.state, journal, seq=seq, epoch=journal.meta.get("epoch", ""))
        self.document.changed.connect(self._heard)
        self.state.changed.connect(self._synced)
        self.engine.start(journal.segments.values())
        self._conflicts_known: set[Conflict] = set()

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> object:
        if self.dead:
            work.close()
            return None
        task = self.world.loop.create_task(work, name=f"{self.name}: {name}")
        self.tasks.add(task)

        def ended(done: asyncio.Task[None]) -> None:
            self.tasks.discard(done)
            if not done.cancelled() and (error := done.exception()) is not None:
                self.world.failures.append(error)

        task.add_done_callback(ended)
        return task

    # What the person does

    def submit(self, edit: Edit) -> None:
        self.engine.check(edit)
        self.history.do(in_style(edit, self.document.snapshot))

    def act(self) -> None:
        """One thing a person might do."""
        chance, cues = self.world.chance, self.document.snapshot.cues
        rare = ("insert", "remove", "undo", "revert", "revert", "decide", "decide")
        what = chance.choice(("text",) * 8 + ("time",) * 3 + rare)
        if what == "decide":
            self.decide()
        elif what == "undo":
            try:
                self.history.undo()
            except UserError:
                return
        elif what == "revert":
            self.revert()
        elif what == "insert" or len(cues) < 2:
            start = 1000 * chance.randrange(100)
            cue = Cue(self.document.new_id(), start, start + 700, self.world.token(self.name))
            self.submit(insert_cue(cue, chance.choice((FIRST, *(c.id for c in cues)))))
        else:
            cue = cues[chance.randrange(len(cues))]
            if what == "text":
                self.submit(set_text(self.document.snapshot, cue.id, self.world.token(self.name)))
            elif what == "time":
                start = 10 * chance.randrange(10_000)
                self.submit(set_times(self.document.snapshot, cue.id, start, start + 700))
            else:
                self.submit(remove_cues(self.document.snapshot, [cue.id]))

    def revert(self) -> None:
        """Takes back what a colleague just did to a text."""
        back = [(i, text) for i, text in self.replaced.items() if self.document.snapshot.cues.has(i)]
        if back:
            cue_id, text = back[-1]
            self.submit(set_text(self.document.snapshot, cue_id, text))

    def decide(self) -> None:
        """Looks at the first conflict and decides it."""
        if not self.state.conflicts:
            return
        conflict = self.state.conflicts[0]
        how = self.world.chance.choice(("mine", "theirs", "new"))
        choice = conflict.keep_mine if how == "mine" else conflict.take_theirs
        known = conflict.mine or conflict.theirs
        if how == "new" and known is not None:
            choice = known.with_(text=self.world.token(self.name))
        text = choice.text if choice is not None else None
        for side in (conflict.mine, conflict.theirs, conflict.base):
            if side is not None:
                self.world.did(self.name, side.text, text)
        self.world.acts[self.name, text] += 1
        self.world.decided.add(self.name)
        self.engine.resolve(conflict.id, choice)

    # What is watched

    def _heard(self, change: Change) -> None:
        self.journal.put_document(self.document)
        remote = change.edit.origin is Origin.REMOTE
        moved = {c.id for c in change.edit.cue_changes if c.before is None}
        for one in change.edit.cue_changes:
            was = one.before.text if one.before is not None else None
            now = one.after.text if one.after is not None else None
            if one.after is None and one.id in moved:
                continue  # only taken out to be put somewhere else
            if not remote:
                self.world.did(self.name, was, now)
                self.world.acts[self.name, now] += 1
                self.replaced.pop(one.id, None)
            elif was is not None and was != now:
                self._lost_or_replaced(one.id, was, now)

    def _lost_or_replaced(self, cue_id: int, was: str, now: str | None) -> None:
        self.replaced[cue_id] = was
        if self.world.only_here(self.name, was):
            self.world.broken(f"I3 “{was}”, typed at {self.name} and never sent, became “{now}” unasked")

    def _synced(self, change: SyncChange) -> None:
        for key in change.keys:
            one = self.state.segment(key)
            if one is None or one.base is None:
                continue
            had = self.world.backend.ever.get((key, one.etag or ""))
            ours = self.codec.document(one.base, None)
            if had is None or (had["content"], had["order"]) != (ours["content"], ours["order"]):
                self.world.broken(f"I9 {self.name} holds {ours} of {key} as {one.etag}; there it was {had}")
        for conflict in self.state.conflicts:
            self._check_reason(conflict)

    def _check_reason(self, conflict: Conflict) -> None:
        """Somebody else did something: one's own lost answers open no conflict (I7)."""
        if conflict.kind is ConflictKind.EDIT and conflict.theirs is not None and conflict.mine is not None:
            disputed = any(one.field == "text" for one in conflict.fields)
            theirs = conflict.theirs.text
            if disputed and not any(n != self.name for n, text in self.world.acts if text == theirs):
                if self.world.author.get(theirs) == self.name:
                    self.world.broken(f"I7 {self.name} is in conflict with its own “{theirs}”")
        if conflict.kind is ConflictKind.REMOVED_THERE:
            key = self.state.key_of(conflict.id) or ""
            if self.world.backend.gone.get(key, "somebody else") == self.name:
                self.world.broken(f"I7 {self.name} is in conflict with its own removal of {key}")


class World:
    """Everything, from one seed."""

    def __init__(
        self, seed: int, *, desks: int = 2, cues: int = 3, skipped: frozenset[int] = frozenset()
    ) -> None:
        self.seed = seed
        self.skipped = skipped
        """Steps that are left out, to make a failing schedule shorter."""
        self.chance = random.Random(seed)
        self.loop = VirtualLoop()
        self.backend = Backend()
        self.faults = 1.0
        self.trace: list[str] = []
        self.failures: list[BaseException] = []
        self.author: dict[str, str] = {}
        self.acts: Counter[tuple[str, str | None]] = Counter()
        """How often each desk's person made something say a text (None: removed it)."""
        self.accepted: Counter[tuple[str, str]] = Counter()
        self.decided: set[str] = set()
        self._ways: dict[str, defaultdict[str | None, set[str | None]]] = {}
        self._keys = self._tokens = 0
        self._write_start(cues)
        self.desks = [self._open(f"desk{i}") for i in range(desks)]

    # Making it

    def _write_start(self, cues: int) -> None:
        codec = Codec(PROFILE.content, WebVTTSegmentText())
        self.backend.put("head", {"content": "WEBVTT", "tail": "\n", "order": "0", "kind": "head"}, NOBODY)
        for i in range(cues):
            content = f"00:00:{10 + i}.000 --> 00:00:{10 + i}.900\n{self.token(NOBODY)}"
            key = self.new_key()
            document = {"content": content, "order": "abcdefgh"[i], "kind": "cues"}
            body = codec.read(document, (), lambda: 1)
            self.backend.put(key, codec.document(body, None), NOBODY)

    def _open(self, name: str) -> Desk:
        """As `sync.opening`, without a network."""
        codec = Codec(PROFILE.content, WebVTTSegmentText())
        journal = MemoryJournal()
        ids = iter(range(1, 1000))
        cues, segments, head = [], [], Head()
        for key, (tag, document) in sorted(self.backend.documents.items(), key=lambda i: i[1][1]["order"]):
            body = codec.read(document, (), lambda: next(ids))
            head = body.head or head
            cues += body.cues
            segments.append(Segment(key, body, tag, body))
        opened = Opened(Snapshot(head, CueList.of(cues)), tuple(segments), self.backend.seq)
        journal.snapshot, journal.next_id = opened.snapshot, len(cues) + 1
        journal.segments = {one.key: one for one in segments}
        journal.meta["seq"] = str(opened.seq)
        self._ways[name] = defaultdict(set)
        return Desk(self, name, journal)

    def token(self, author: str) -> str:
        self._tokens += 1
        text = f"{author} says {self._tokens}"
        self.author[text] = author
        return text

    def new_key(self) -> str:
        self._keys += 1
        return f"k{self._keys}"

    def fault(self, rate: float) -> bool:
        return self.chance.random() < rate * self.faults

    async def pause(self, seconds: float) -> None:
        """Lets virtual time pass."""
        done = self.loop.create_future()
        self.loop.call_later(seconds, lambda: done.done() or done.set_result(None))
        await done

    def broken(self, what: str) -> None:
        """Remembered, and raised at the next step: an observer's failure would go another way."""
        self.failures.append(Broken(what))

    # Accounts

    def did(self, name: str, was: str | None, now: str | None) -> None:
        """A person at this desk saw `was` and made it `now`."""
        self._ways[name][was].add(now)

    def knew(self, name: str, was: str | None, now: str | None) -> bool:
        """Whether a person at this desk went from `was` to `now`, in one step or several."""
        ways, seen, todo = self._ways[name], {was}, [was]
        while todo:
            for after in ways.get(todo.pop(), ()):
                if after not in seen:
                    seen.add(after)
                    todo.append(after)
        return now in seen

    def only_here(self, name: str, text: str) -> bool:
        """Whether this was typed at that desk and never reached the backend."""
        return self.author.get(text) == name and all(
            text not in document["content"] for document in self.backend.ever.values()
        )

    def write(self, key: str, tag: str | None, change: Callable[[Any], Any], author: str) -> Answer:
        count = len(self.backend.writes)
        answer = self.backend.write(key, tag, change, author)
        self.trace.append(f"{self.loop.now:.3f} {author} {key} {tag} {answer}")
        for written in self.backend.writes[count:]:
            self._check_write(*written)
        return answer

    def _check_write(
        self, key: str, author: str, before: dict[str, Any] | None, after: dict[str, Any] | None
    ) -> None:
        was, now = _text(before), _text(after)
        if was == now:
            return
        if before is not None and not self.knew(author, was, now):
            self.broken(f"I8 {author} wrote “{now}” over “{was}” in {key}, which nobody there had seen")
        if before is None and key in self.backend.gone and author not in self.decided:
            if self.backend.gone[key] != author:
                self.broken(f"I11 {author} brought {key} back, which another had removed")
        if now is not None:
            self.accepted[author, now] += 1
            if self.accepted[author, now] > self.acts[author, now]:
                self.broken(f"I5 {author} wrote “{now}” {self.accepted[author, now]} times, meant it less")

    # Running

    def run(self, steps: int) -> None:
        """A whole schedule: people work while things fail, then all is well and everybody agrees."""
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_until_complete(self._story(steps))
        finally:
            for desk in self.desks:
                desk.dead = True
                for task in tuple(desk.tasks):
                    task.cancel()
            self.loop.run_until_complete(self.pause(0))
            asyncio.set_event_loop(None)
            self.loop.close()
        self._raise()

    async def _story(self, steps: int) -> None:
        for number in range(steps):
            if number in self.skipped:
                continue
            # Each step draws for itself: one that is left out leaves the others much as they were.
            self.chance.seed(1000 * self.seed + number)
            desk = self.chance.choice(self.desks)
            what = self.chance.random()
            if what < 0.55:
                desk.act()
            elif what < 0.80:
                desk.spawn(self._pull(desk, whole=what > 0.77), "pull")
            elif what < 0.86:
                desk.engine.set_offline(not desk.engine.online)
            elif what < 0.90:
                self._crash(desk)
            elif what < 0.92:
                self.backend.bump(self.chance.choice(sorted(self.backend.documents)))
            elif what < 0.96:
                desk.engine.set_token("another")
            await self.pause(self.chance.choice((0.0, 0.01, 0.1, 0.25, 1.0)))
            for one in self.desks:  # the journal's group commit
                one.journal.commit(self.chance.randrange(one.journal.waiting + 1))
            self._raise()
        self.faults = 0.0
        await self._peace()

    async def _pull(self, desk: Desk, whole: bool = False) -> None:
        await desk.feed.pull(whole=whole)

    def _crash(self, desk: Desk) -> None:
        """kill -9 and a new start: what was on disk is there, with what was out as unseen."""
        desk.dead = True
        for task in tuple(desk.tasks):
            task.cancel()
        journal = desk.journal
        again = MemoryJournal()
        again.snapshot, again.next_id = journal.snapshot, journal.next_id
        again.segments, again.meta = dict(journal.segments), dict(journal.meta)
        journal.closed = True
        self.desks[self.desks.index(desk)] = Desk(self, desk.name, again)
        self.trace.append(f"{self.loop.now:.3f} {desk.name} crashed")

    async def _peace(self) -> None:
        """Nothing fails any more: in bounded time all are equal, once people have decided (I6)."""
        for round_ in range(12):
            for desk in self.desks:
                desk.engine.set_offline(False)
                desk.engine.set_token("the right one")
                await self.pause(3.0)
                await desk.engine.settle(60.0)
                await desk.feed.pull(whole=round_ % 2 == 1)
                await desk.engine.settle(60.0)
                while desk.state.conflicts:
                    desk.decide()
                await desk.engine.settle(60.0)
                self._raise()
            if round_ % 2 == 1 and all(self._shown(desk) == self._kept() for desk in self.desks):
                return
        shown = "\n".join(f"{desk.name}: {self._shown(desk)}" for desk in self.desks)
        phases = [
            (desk.name, one.key, one.phase, one.refused)
            for desk in self.desks
            for one in desk.state.segments.values()
            if one.phase.value != "synced"
        ]
        raise Broken(f"I6 not equal after all was well:\n{shown}\nserver: {self._kept()}\n{phases}")

    def _shown(self, desk: Desk) -> list[tuple[int, str]]:
        return [(cue.start, cue.text) for cue in desk.document.snapshot.cues]

    def _kept(self) -> list[tuple[int, str]]:
        text = WebVTTSegmentText()
        inorder = sorted(
            (document["order"], key, document)
            for key, (_, document) in self.backend.documents.items()
            if document["kind"] == "cues"
        )
        return [
            (cue.start, cue.text) for _, _, document in inorder for cue in text.read(document["content"])[0]
        ]

    def _raise(self) -> None:
        if self.failures:
            raise self.failures[0]


def _text(document: dict[str, Any] | None) -> str | None:
    if document is None:
        return None
    return WebVTTSegmentText().read(document["content"])[0][0].text


def as_json(world: World) -> str:
    """What happened on the backend, for comparing two runs."""
    return json.dumps([world.trace, world._kept()], default=str)
