"""Drives the segment machines: hears edits, sends when it is time, carries answers back into the document.

Everything here runs on the loop's thread. Decisions are the machine's (`segment.step`); this file knows
when, how many at once, and how long to wait after a failure.
"""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Change, Document
from vtt_desktop.domain.edit import CueChange, Edit, HeadChange, Origin
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync import segment as machine
from vtt_desktop.sync.answers import (
    Answer,
    Done,
    Missing,
    NotAccepted,
    NotAllowed,
    NotReached,
    StaleTag,
    TokenNeeded,
    Unchanged,
    Unproven,
)
from vtt_desktop.sync.body import Body, Conflict, merge_bodies
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.engine_ports import JournalPort, RepositoryPort
from vtt_desktop.sync.layout import Layout
from vtt_desktop.sync.ports import Frame, Spawn
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.segment import Event, Segment, Version
from vtt_desktop.sync.state import Link, LogLine, SyncState

PARALLEL = 8
"""Segments that are sent at once."""
DEBOUNCE_S = 0.6
"""A pause in typing after which a segment is sent."""
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 60.0
STALE_AT_ONCE = 3
"""So many 412s in a row are answered by a refetch and a new try at once; after that we back off (I14)."""


@dataclass(slots=True)
class _Retry:
    """How a segment's last tries went."""

    failures: int = 0
    stale: int = 0


class Engine:
    """One document shared through one backend.

    `submit` is the road of a person's edits (a decided conflict is one); `clock` counts seconds that only
    grow; `jitter` is between 0 and 1.
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
    ) -> None:
        self._document = document
        self._state = state
        self._codec = codec
        self.repository = repository
        self._submit = submit
        self._spawn = spawn
        self._journal = journal
        self._clock = clock
        self._debounce = debounce_s
        self._jitter = jitter
        self.layout = Layout()
        self._due: dict[str, float] = {}
        self._flying: set[str] = set()
        self._landed = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._retries: dict[str, _Retry] = {}
        self._link_failures = 0
        self._link_wait_until = 0.0
        self._probing = False
        self._choices: dict[str, dict[int, Cue | None]] = {}
        self._stopped = False
        self._link_up: list[Callable[[], object]] = []
        self._disconnect = document.changed.connect(self._heard_edit)

    # Life ---------------------------------------------------------------------------------------

    def start(self, segments: Iterable[Segment], *, offline: bool = False) -> None:
        """Takes over what is known (from the journal or from opening) and begins to send what waits."""
        known = list(segments)
        for one in known:
            self.layout.learn(one)
        self._state.put(known)
        self._state.set_link(Link.OFFLINE if offline else Link.ONLINE)
        snapshot = self._document.snapshot
        for one in known:
            self._step(one.key, machine.Edited(self._mine(one.key)))
        for cue in snapshot.cues:
            if self.layout.key_of(cue.id) is None:
                self._place(cue.id)
        for one in known:
            self._schedule(one.key, 0.0)

    async def stop(self) -> None:
        """Sends nothing more; a write that is out is waited for, never cancelled."""
        self._stopped = True
        self._disconnect()
        if self._timer is not None:
            self._timer.cancel()
        while self._flying:
            self._landed.clear()
            await self._landed.wait()
        await self.repository.close()

    def on_link_up(self, call: Callable[[], object]) -> None:
        """Calls back whenever the server answers again after it did not."""
        self._link_up.append(call)

    @property
    def online(self) -> bool:
        return self._state.link is Link.ONLINE and not self._stopped

    @property
    def idle(self) -> bool:
        """Nothing under way and nothing waiting for its time."""
        return not self._flying and (not self._due or not self.online)

    def set_offline(self, offline: bool) -> None:
        """The person's switch. What is out is let finish; nothing new goes out while it is off."""
        if offline:
            self._state.set_link(Link.OFFLINE)
            self._landed.set()
        elif self._state.link is Link.OFFLINE:
            self._link_failures, self._link_wait_until = 0, 0.0
            self._state.set_link(Link.ONLINE)
            self._everything_due()
            self._tell_link_up()

    def set_token(self, token: str) -> None:
        self.repository.set_token(token)
        if self._state.link is Link.NEEDS_TOKEN:
            self._state.set_link(Link.ONLINE)
            self._everything_due()
            self._tell_link_up()

    def reading_failed(self, why: str) -> None:
        """The feed could not reach the server: the same link is down for writing."""
        self._link_lost(why, None)

    def halt(self, why: str) -> None:
        """Neither sends nor takes anything any more, and says why."""
        self._state.set_link(Link.READ_ONLY, why)

    # Edits --------------------------------------------------------------------------------------

    def check(self, edit: Edit) -> None:
        """UserError for an edit that this backend could never be told of."""
        profile = self.repository.profile
        for change in edit.changes:
            if isinstance(change, HeadChange):
                if self.layout.head_key is None:
                    raise UserError("This backend keeps no header, styles or regions.")
                continue
            self._check_cue(change, profile)

    def _check_cue(self, change: CueChange, profile: Profile) -> None:
        key = self.layout.key_of(change.id)
        if change.before is None:
            if not profile.create.method and profile.content.kind == "fields":
                raise UserError("This backend cannot make new segments.")
            return
        if change.after is None:
            segment = self._state.segment(key or "")
            frame = segment.mine.frame if segment is not None and segment.mine is not None else Frame()
            alone = key is not None and len(self.layout.cues_of(key, self._document.snapshot)) == 1
            if alone and not profile.delete.method and not frame.before:
                raise UserError("This backend cannot remove segments.", "Empty the text instead.")
            return
        body = self._state.segments[key].mine if key is not None and key in self._state.segments else None
        timeless = body is not None and body.frame.payload_only
        if profile.content.kind == "fields":
            timeless = "start" not in profile.content.fields
        times = (change.before.start, change.before.end) != (change.after.start, change.after.end)
        if timeless and times:
            raise UserError("This backend keeps the text only: times cannot be changed.")

    def _heard_edit(self, change: Change) -> None:
        snapshot = change.new
        keys: dict[str, None] = {}
        if self.layout.head_key is not None and any(isinstance(c, HeadChange) for c in change.edit.changes):
            keys[self.layout.head_key] = None
        for one in change.edit.cue_changes:
            if self.layout.key_of(one.id) is None and snapshot.cues.has(one.id):
                self._place(one.id)
            key = self.layout.key_of(one.id)
            if key is None:
                continue
            keys[key] = None
            if one.before is None and one.after is not None and change.edit.origin is not Origin.REMOTE:
                self._rank_again(one.id, key)
        self._edited(keys, self._debounce)

    def _edited(self, keys: Iterable[str], delay: float) -> None:
        changed = []
        for key in keys:
            one = self._state.segment(key) or Segment(key)
            after, _ = machine.step(one, machine.Edited(self._mine(key)), self._codec.make)
            if after is not one and after != one:
                changed.append(after)
                if after.mine is None or _stored(after) != _stored(one):
                    self._journal.put_segments((after,))
        self._state.put(changed)
        for one in changed:
            if one.mine is None and one.base is None and one.sent is None and not one.out:
                self._drop(one.key)
            else:
                self._schedule(one.key, delay)

    def _place(self, cue_id: int) -> None:
        """Gives a cue its segment: a new one where the backend can make it, else its neighbour's."""
        snapshot = self._document.snapshot
        profile = self.repository.profile
        neighbour = None if profile.create.method else self.layout.neighbour(cue_id, snapshot)
        if neighbour is not None:
            self.layout.assign(cue_id, neighbour)
        else:
            key = uuid.uuid4().hex
            order = self.layout.order_between(cue_id, snapshot)
            self.layout.assign(cue_id, key)
            self.layout.rank(key, order)
        placed = self.layout.key_of(cue_id)
        assert placed is not None
        self._edited((placed,), self._debounce)

    def _rank_again(self, cue_id: int, key: str) -> None:
        if not self.layout.fits(cue_id, self._document.snapshot):
            self.layout.rank(key, self.layout.order_between(cue_id, self._document.snapshot))

    def _mine(self, key: str) -> Body | None:
        """What the document says for this segment."""
        snapshot = self._document.snapshot
        one = self._state.segment(key)
        known = (one.mine or one.base) if one is not None else None
        order = self.layout.order_of(key) if self.repository.profile.content.order else ""
        if key == self.layout.head_key:
            return self._codec.make((), snapshot.head, known.order if known is not None else order, Frame())
        cues = self.layout.cues_of(key, snapshot)
        frame = known.frame if known is not None else Frame()
        if not cues:
            return self._emptied(key, known, order)
        if known is not None and known.cues == cues and known.order == order:
            if all(a.source is b.source for a, b in zip(known.cues, cues, strict=True)):
                return known
        return self._codec.make(cues, None, order, frame)

    def _emptied(self, key: str, known: Body | None, order: str) -> Body | None:
        """A segment without cues: gone, where it may go; else it stays with what stands around them."""
        if known is not None and not known.cues:
            return known
        frame = known.frame if known is not None else Frame()
        if self.repository.profile.delete.method and not frame.before:
            return None
        return self._codec.make((), None, order, frame)

    # Deciding -----------------------------------------------------------------------------------

    def resolve(self, cue_id: int, choice: Cue | None) -> None:
        """Ends a conflict on one cue: it shall be `choice` (None: removed). UserError where there is none."""
        found = next(
            ((s, c) for s in self._state.segments.values() for c in s.conflicts if c.id == cue_id), None
        )
        if found is None:
            raise UserError("There is no conflict on that cue any more.")
        one, conflict = found
        choices = self._choices.setdefault(one.key, {})
        choices[cue_id] = choice.with_(id=cue_id) if choice is not None else None
        if {c.id for c in one.conflicts} - set(choices):
            return  # the segment holds more cues to decide; they are sent together
        del self._choices[one.key]
        body = self._decided(one, choices)
        self._log_decision(conflict, choice)
        self._decide(one, body)

    def resolve_head(self, mine: bool) -> None:
        """Ends a conflict on the document's head."""
        one = self._state.segment(self.layout.head_key or "")
        if one is None or one.theirs is None:
            raise UserError("There is no conflict on the header any more.")
        self._decide(one, one.mine if mine else one.theirs.body)

    def _decide(self, one: Segment, body: Body | None) -> None:
        after, actions = machine.step(one, machine.Resolved(body), self._codec.make)
        self._take(after)
        for action in actions:
            if isinstance(action, machine.Adopt):
                edit = self.layout.edit_for(
                    one.key, action.body, self._document.snapshot, "Resolve conflict", Origin.USER
                )
                self._submit(edit)
        self._schedule(one.key, 0.0)

    def _decided(self, one: Segment, choices: Mapping[int, Cue | None]) -> Body | None:
        """The segment's body with the person's choices in it, and all else merged."""
        theirs = one.theirs.body if one.theirs is not None else None
        model = one.mine or theirs or one.base
        assert model is not None
        if one.base is not None and one.mine is not None and theirs is not None:
            model = merge_bodies(one.base, one.mine, theirs, self._codec.make).body
        cues = {cue.id: cue for cue in model.cues}
        for cue_id, choice in choices.items():
            if choice is None:
                cues.pop(cue_id, None)
            else:
                cues[cue_id] = choice
        if not cues:
            return None
        order = (theirs or model).order
        return self._codec.make(tuple(cues.values()), None, order, model.frame)

    def _log_decision(self, conflict: Conflict, choice: Cue | None) -> None:
        other = conflict.theirs if choice == conflict.mine else conflict.mine
        self._state.tell(LogLine(conflict.id, "Conflict resolved", None, other))

    # Sending ------------------------------------------------------------------------------------

    def _schedule(self, key: str, delay: float) -> None:
        one = self._state.segment(key)
        if one is None or not one.due:
            self._due.pop(key, None)
            return
        self._due[key] = self._clock() + delay
        self._arm()

    def _everything_due(self) -> None:
        now = self._clock()
        for key, one in self._state.segments.items():
            if one.due:
                self._due[key] = now
        self._arm()

    def _arm(self) -> None:
        """Sets the one timer to the next thing to do; none while nothing may be done."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._stopped or not self._due or len(self._flying) >= PARALLEL:
            return
        if self._state.link not in (Link.ONLINE, Link.UNREACHABLE):
            return
        at = min(self._due.values())
        if self._state.link is Link.UNREACHABLE:
            if self._probing:
                return
            at = max(at, self._link_wait_until)
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(max(0.0, at - self._clock()), self._launch)

    def _launch(self) -> None:
        """Starts what is due, as many as may fly at once; one alone while the server does not answer."""
        self._timer = None
        now = self._clock()
        alone = self._state.link is Link.UNREACHABLE
        if self._stopped or self._state.link not in (Link.ONLINE, Link.UNREACHABLE):
            return
        if alone and (self._probing or now < self._link_wait_until):
            return
        ready = sorted((at, key) for key, at in self._due.items() if at <= now and key not in self._flying)
        for _, key in ready[: 1 if alone else PARALLEL - len(self._flying)]:
            del self._due[key]
            self._flying.add(key)
            self._probing = alone
            self._spawn(self._flight(key), f"sync of segment {key}")
        self._arm()

    async def _flight(self, key: str) -> None:
        """One request for one segment, from its decision to its answer."""
        delay = 0.0
        try:
            delay = await self._fly(key)
        except BaseException:
            self._step(key, machine.Unanswered())
            delay = LONGEST_WAIT_S
            raise
        finally:
            self._flying.discard(key)
            self._probing = False
            if key not in self._due:
                self._schedule(key, delay)
            self._landed.set()
            self._arm()

    async def _fly(self, key: str) -> float:
        """Carries out what the machine wants now; gives the seconds to wait before its next turn."""
        one = self._state.segment(key)
        if one is None:
            return 0.0
        write_id = one.sent.write_id if one.sent is not None else uuid.uuid4().hex
        after, actions = machine.step(one, machine.Due(write_id), self._codec.make)
        if not actions:
            return 0.0
        self._take(after)
        action = actions[0]
        if not isinstance(action, machine.Fetch):
            # On disk before it goes out: after a crash an unseen write must be known as one (I3).
            await self._journal.flushed()
        match action:
            case machine.Save(body, base, etag, write_id):
                changes = self._codec.document(body, base)
                answer = await self.repository.save(
                    key, changes, etag, write_id, lambda whole: self._codec.merged(whole, body)
                )
            case machine.Create(body, write_id):
                answer = await self.repository.create(key, self._codec.document(body, None), write_id)
            case machine.Delete(etag, write_id):
                answer = await self.repository.delete(key, etag, write_id)
            case machine.Fetch(cache_bust):
                answer = await self.repository.fetch(key, cache_bust=cache_bust)
            case _:
                return 0.0
        return self._answered(key, action, answer)

    def _answered(self, key: str, action: machine.Action, answer: Answer) -> float:
        """Tells the machine what an answer means; gives the seconds to wait before the next turn."""
        retry = self._retries.setdefault(key, _Retry())
        reading = isinstance(action, machine.Fetch)
        match answer:
            case NotReached(why, after, link_down):
                self._step(key, machine.NotSent())
                if link_down:
                    return self._link_lost(why, after)
                return self._backed_off(retry, after)
            case TokenNeeded(why):
                self._step(key, machine.NotSent())
                self._state.set_link(Link.NEEDS_TOKEN, f"{why}.")
                return 0.0
        self._link_found()
        match answer:
            case Done(etag, document):
                return self._done(key, action, etag, document, retry)
            case StaleTag():
                self._step(key, machine.Stale())
                self._say(key, "The server has a newer version; reading it", action)
                retry.stale += 1
                return 0.0 if retry.stale <= STALE_AT_ONCE else self._backed_off(retry, None)
            case Missing():
                self._step(key, machine.Fetched(Version(None, None)))
            case Unproven(why, after):
                self._step(key, machine.NotSent() if reading else machine.Unanswered())
                self._say(key, f"No proof that it arrived: {why}", action)
                return self._backed_off(retry, after)
            case NotAllowed(sentence):
                self._step(key, machine.Forbidden(sentence))
            case NotAccepted(sentence):
                self._step(key, machine.Refused(sentence))
                self._say(key, sentence, action)
            case Unchanged():
                self._step(key, machine.NotSent())
        return 0.0

    def _done(
        self, key: str, action: machine.Action, etag: str | None, document: Any, retry: _Retry
    ) -> float:
        try:
            body = self._read(key, document) if document is not None else None
        except UserError as error:
            if isinstance(action, machine.Fetch):
                self._step(key, machine.Refused(str(error)))
                return 0.0
            body = None
        if isinstance(action, machine.Fetch):
            if etag is None:
                self._step(
                    key, machine.Forbidden("The server shows no version (ETag): nothing can be saved safely.")
                )
                return 0.0
            self._step(key, machine.Fetched(Version(body, etag)))
            return self._backed_off(retry, None) if retry.stale > STALE_AT_ONCE else 0.0
        if isinstance(action, machine.Delete):
            self._step(key, machine.Saved(Version(None, etag)))
        else:
            self._step(key, machine.Saved(Version(body, etag)))
        if etag is not None or isinstance(action, machine.Delete):
            self._retries.pop(key, None)
            self._say(key, "Saved", action, etag)
        return 0.0

    def _link_lost(self, why: str, after: float | None) -> float:
        self._link_failures += 1
        wait = self._wait(self._link_failures, after)
        self._link_wait_until = self._clock() + wait
        if self._state.link in (Link.ONLINE, Link.UNREACHABLE):
            self._state.set_link(Link.UNREACHABLE, f"{why}.")
        return 0.0

    def _link_found(self) -> None:
        self._link_failures, self._link_wait_until = 0, 0.0
        if self._state.link is Link.UNREACHABLE:
            self._state.set_link(Link.ONLINE)
            self._everything_due()
            self._tell_link_up()

    def _tell_link_up(self) -> None:
        for call in self._link_up:
            call()

    def _backed_off(self, retry: _Retry, after: float | None) -> float:
        retry.failures += 1
        return self._wait(retry.failures, after)

    def _wait(self, failures: int, after: float | None) -> float:
        if after is not None:
            return max(after, 0.05)
        most = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(failures - 1, 16))
        return most * (0.5 + 0.5 * self._jitter())

    # Hearing ------------------------------------------------------------------------------------

    def hear(self, key: str, etag: str | None, document: Any, gone: bool) -> None:
        """What a list or the feed told of one segment. UserError where the document cannot be read."""
        one = self._state.segment(key)
        if one is None and gone:
            return
        if one is not None and not gone and etag is not None and (etag == one.etag or etag in one.past):
            return
        if gone:
            self._step(key, machine.Seen(Version(None, None)))
        elif document is None or etag is None:
            if one is not None and not one.out:
                self._take(replace(one, fetch=True))
        else:
            self._step(key, machine.Seen(Version(self._read(key, document), etag)))
        self._schedule(key, 0.0)

    def _read(self, key: str, document: Any) -> Body:
        one = self._state.segment(key)
        known = ((one.mine or one.base) if one is not None else None) or Body("")
        return self._codec.read(document, known.cues, self._document.new_id)

    def _step(self, key: str, event: Event) -> None:
        """One step of one machine, and what follows for the document."""
        one = self._state.segment(key) or Segment(key)
        after, actions = machine.step(one, event, self._codec.make)
        self._take(after)
        for action in actions:
            if isinstance(action, machine.Adopt):
                self._adopt(after, action)
        if after.mine is None and after.base is None and not after.due and not after.out:
            self._drop(key)

    def _adopt(self, one: Segment, action: machine.Adopt) -> None:
        self.layout.learn(one)
        snapshot = self._document.snapshot
        edit = self.layout.edit_for(one.key, action.body, snapshot, "Change by a colleague", Origin.REMOTE)
        if edit.changes:
            self._document.apply(edit)
        if action.body is not None and action.body.order:
            self.layout.rank(one.key, action.body.order)
            move = self.layout.move_for(one.key, self._document.snapshot, "Moved by a colleague")
            if move.changes:
                self._document.apply(move)
        if action.took:
            cue_id = next(iter(edit.ids), 0)
            self._state.tell(LogLine(cue_id, f"Took from the server: {', '.join(action.took)}", one.etag))

    def _take(self, one: Segment) -> None:
        old = self._state.segment(one.key)
        if old is not None and old == one:
            return
        self._state.put((one,))
        if old is None or _stored(old) != _stored(one):
            self._journal.put_segments((one,))

    def _drop(self, key: str) -> None:
        self._due.pop(key, None)
        self._state.drop(key)
        self.layout.forget(key)
        self._journal.drop_segment(key)

    def _say(self, key: str, words: str, action: machine.Action, etag: str | None = None) -> None:
        one = self._state.segment(key)
        body = (one.mine or one.base) if one is not None else None
        cue_id = body.cues[0].id if body is not None and body.cues else 0
        held = action.etag if isinstance(action, (machine.Save, machine.Delete)) else None
        self._state.tell(LogLine(cue_id, words, etag or held))

    # Settling -----------------------------------------------------------------------------------

    async def settle(self, patience_s: float = 15.0) -> None:
        """Sends everything that waits, at once, and returns when nothing is left that would go by itself:
        all is confirmed, refused, in conflict, or the server does not answer. Back-off longer than
        `patience_s` is not waited for."""
        deadline = self._clock() + patience_s
        self._link_wait_until = 0.0
        self._everything_due()
        while self.online or (self._state.link is Link.UNREACHABLE and self._link_failures < 2):
            waiting = [at for key, at in self._due.items() if key not in self._flying]
            if not self._flying and not waiting:
                return
            if not self._flying and min(waiting) > deadline:
                return
            self._landed.clear()
            self._arm()
            await self._landed.wait()
        while self._flying:
            self._landed.clear()
            await self._landed.wait()


def _stored(one: Segment) -> tuple[Any, ...]:
    """The parts of a segment that a journal keeps; `mine` follows from the document unless it is gone."""
    return (one.base, one.etag, one.mine is None, one.sent, one.theirs, one.refused, one.read_only, one.fetch)
