"""One request for one segment, from its machine's decision to what the answer means for it."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync import pointer
from vtt_desktop.sync import segment_events as machine
from vtt_desktop.sync.answers import (
    AnotherHistory,
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
    words_of,
)
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.engine_ports import JournalPort, RepositoryPort
from vtt_desktop.sync.link import LinkWatch
from vtt_desktop.sync.machines import Machines
from vtt_desktop.sync.on_disk import OnDisk
from vtt_desktop.sync.request_body import laid_over
from vtt_desktop.sync.schedule import PARALLEL, Schedule
from vtt_desktop.sync.segment import Segment, Version
from vtt_desktop.sync.state import SyncState
from vtt_desktop.sync.sync_log import LogKind, named, removal_lines, sent_words

STALE_AT_ONCE = 3
"""So many 412s in a row are answered by a refetch and a new try at once; after that we back off (I14)."""

SETTLED_S = 1.1
"""A server that refuses the version that it shows may make versions of the clock's seconds (Apache: RFC 9110
8.8.2.2 forbids it a strong one for a second); a cache may be as old: what it shows then is believed."""

NOT_TAKEN = "The server finds nothing at the address of a save (404), and shows the segment when it is read."

Believed = Callable[[Segment, Answer], Awaitable[bool]]
"""Whether what a read of that segment showed is of the history that we know, and may be acted on."""


class Flights:
    """Carries out what machines want of the server. `believed` is asked about whatever a read showed of a
    segment that the server had for us, where it is news."""

    def __init__(
        self,
        state: SyncState,
        machines: Machines,
        codec: Codec,
        repository: RepositoryPort,
        journal: JournalPort,
        link: LinkWatch,
    ) -> None:
        self._state = state
        self._machines = machines
        self._codec = codec
        self._repository = repository
        self._on_disk = OnDisk(state, journal, link)
        self._link = link
        self._stale: dict[str, int] = {}
        """Writes in a row that were refused as made from another version than the one there is."""
        self._not_made: dict[str, str] = {}
        """Creations that were refused because there is one, in the server's words."""
        self._claimed: dict[str, machine.Action] = {}
        """Writes that were answered as carried out, without a proof: a read has to show them."""
        self._out = asyncio.Semaphore(PARALLEL)
        self._writer = uuid.uuid4().hex
        self._writes = count(1)
        self.believed: Believed | None = None
        self.unheard: Callable[[str, machine.Action], bool] = lambda key, action: False
        """Whether a request is not to go out before others were heard."""

    async def fly(self, key: str, schedule: Schedule) -> None:
        """One turn of one segment."""
        try:
            await self._fly(key, schedule)
        except BaseException:
            # A bug of ours, or the end of the program: whether it arrived is not known.
            self._machines.step(key, machine.Unanswered())
            raise

    async def _fly(self, key: str, schedule: Schedule) -> None:
        one = self._state.segment(key)
        if one is None:
            return
        # What cannot be written down is not even begun: each try would make the journal's backlog longer.
        if self._on_disk.refuses and not one.reads_first and not await self._on_disk.takes(key, schedule):
            return
        # Only a backend that knows ids of writes can be asked about one again.
        known = self._repository.profile.write.idempotency
        write_id = f"{self._writer}-{next(self._writes)}" if known else ""
        actions = self._machines.step(key, machine.Due(write_id))
        if not actions:
            return
        action = actions[0]
        if not isinstance(action, machine.Fetch):
            self._claimed.pop(key, None)
            # On disk before it goes out: after a crash an unseen write must be known as one (I3).
            if not await self._on_disk.takes(key, schedule):
                self._machines.step(key, machine.NotSent())
                return
        try:
            async with self._out:
                if self.unheard(key, action):  # the server was lost while it waited for its turn
                    self._machines.step(key, machine.NotSent())
                    return
                answer = await self._asked(key, action)
        except UserError as error:
            answer = NotAccepted(str(error))  # it can never be asked: nothing went out
        if not await self._may_be_acted_on(key, action, answer):
            self._machines.step(key, machine.NotSent())
            schedule.backed_off(key, None)
            return
        self._answered(key, action, answer, schedule)

    async def _may_be_acted_on(self, key: str, action: machine.Action, answer: Answer) -> bool:
        """Whether an answer that shows what others did is of the history that we know."""
        one = self._state.segment(key)
        if one is None or self.believed is None:
            return not isinstance(answer, AnotherHistory)
        match answer:
            case Done(etag) if isinstance(action, machine.Fetch):
                news = one.base is not None and etag != one.etag
            case Missing():
                news = one.base is not None and not isinstance(self._claimed.get(key), machine.Delete)
            case _:
                news = isinstance(answer, AnotherHistory)
        return not news or await self.believed(one, answer)

    async def _asked(self, key: str, action: machine.Action) -> Answer:
        match action:
            case machine.Save(body, base, etag, write_id):
                changes = self._codec.document(body, base)
                return await self._repository.save(
                    key, changes, etag, write_id, lambda whole: self._codec.merged(whole, body)
                )
            case machine.Create(body, write_id, others):
                document = self._codec.document(body, None)
                return await self._made(key, document, write_id, json.loads(others or "{}"))
            case machine.Delete(etag, write_id):
                return await self._repository.delete(key, etag, write_id)
            case machine.Fetch():
                # What is decided by a read must not be an older version out of a cache.
                return await self._repository.fetch(key, cache_bust=True)
            case machine.Adopt():
                raise AssertionError("the document is no server")

    async def _made(
        self, key: str, document: dict[str, Any], write_id: str, others: dict[str, Any]
    ) -> Answer:
        """Makes a segment; `others` is what else it held when it was there before. A backend that will not
        have all of that is asked without what stands beside its own bookkeeping."""
        apart, refused = self._codec.apart(others), ""
        fewer = [more for more in (others, apart) if more]
        if apart == others:
            fewer = fewer[:1]
        for more in fewer:
            answer = await self._repository.create(key, laid_over(more, document), write_id)
            if not isinstance(answer, NotAccepted):
                if more != others and isinstance(answer, Done):
                    self._left_out(key, others, more, refused, answer.etag)
                return answer  # else it will not have those when it makes one
            refused = answer.sentence
        answer = await self._repository.create(key, document, write_id)
        if others and isinstance(answer, Done):
            return await self._brought_back(key, others, fewer, answer)
        return answer

    async def _brought_back(
        self, key: str, others: dict[str, Any], fewer: list[dict[str, Any]], made: Done
    ) -> Answer:
        """Saves what else a segment held, or less of it, on top of what was made anew without it; `made`
        where the backend will not have that either."""
        how, refused = self._repository.profile.create, ""
        for more in fewer:
            for at in (how.marker, how.id):
                if at.startswith("/"):
                    pointer.drop(more, at)  # our own name of it is a new one
            answer = await self._repository.fetch(key)
            if isinstance(answer, Done) and answer.etag is not None:
                answer = await self._repository.save(
                    key, more, answer.etag, "", lambda whole, more=more: laid_over(whole, more)
                )
                if isinstance(answer, (Done, Unproven)):
                    self._left_out(key, others, more, refused, made.etag)
                    return answer
            refused = words_of(answer) if not isinstance(answer, Done) else ""
        self._left_out(key, others, {}, refused, made.etag)
        return made

    def _left_out(
        self, key: str, others: dict[str, Any], more: dict[str, Any], why: str, etag: str | None
    ) -> None:
        """Says what of a segment's other fields did not come back with it."""
        names = ", ".join(at for at, _ in pointer.leaves(others) if not pointer.has(more, at))[:200]
        if names:
            self._machines.say(key, f"Made again without its other fields ({names}). {why}".rstrip(), etag)

    def _answered(self, key: str, action: machine.Action, answer: Answer, schedule: Schedule) -> None:
        """Tells the machine what an answer means, and the schedule when to come again."""
        step = self._machines.step
        reading = isinstance(action, machine.Fetch)
        match answer:
            case NotReached(why, after, link_down):
                step(key, machine.NotSent())
                if link_down:
                    self._link.lost(why, after)
                else:
                    self._link.busy(after, why)
                return
            case TokenNeeded(why):
                step(key, machine.NotSent())
                self._link.token_needed(why)
                return
        self._link.found(wrote=not reading)
        match answer:
            case Done():
                self._done(key, action, answer, schedule)
            case StaleTag(sentence):
                step(key, machine.Stale())
                self._machines.say(key, "The server has a newer version; reading it", _held(action))
                self._stale[key] = self._stale.get(key, 0) + 1
                if isinstance(action, machine.Create):
                    self._not_made[key] = sentence
                if self._stale[key] > STALE_AT_ONCE:
                    schedule.backed_off(key, None)
            case Missing() if isinstance(action, machine.Save) and self._stale.get(key, 0) >= STALE_AT_ONCE:
                step(key, machine.Refused(NOT_TAKEN))
                self._machines.say(key, NOT_TAKEN, action.etag, LogKind.REFUSED)
            case Missing(deleted):
                if isinstance(action, machine.Save):
                    self._stale[key] = self._stale.get(key, 0) + 1
                self._read(key, machine.Fetched(Version(None, None), deleted), schedule)
            case Unproven(why, after):
                step(key, machine.NotSent() if reading else machine.Unanswered())
                words = "It cannot be read" if reading else "No proof that it arrived"
                self._machines.say(key, f"{words}: {why}", _held(action))
                schedule.backed_off(key, after)
                self._link.waits(after, why)
            case NotAllowed(sentence) if self._repository.profile.read_only:
                step(key, machine.NotSent())
                self._link.halt(sentence)
            case NotAllowed(sentence):
                step(key, machine.Forbidden(sentence))
                self._refused(key, action, sentence)
            case NotAccepted(sentence):
                step(key, machine.Refused(sentence))
                self._refused(key, action, sentence)
            case Unchanged():
                step(key, machine.NotSent())

    def _refused(self, key: str, action: machine.Action, sentence: str) -> None:
        """Writes down what it was that the server refused, and in which words."""
        what = "" if isinstance(action, machine.Fetch) else f"Refused: {_words(action)}. "
        one = self._state.segment(key)
        if isinstance(action, machine.Delete) and one is not None and one.base is not None:
            what = f"Refused: a removal, {', '.join(named(cue) for cue in one.base.cues[:1])}. "
        self._machines.say(key, f"{what}{sentence}", _held(action), LogKind.REFUSED)

    def _done(self, key: str, action: machine.Action, answer: Done, schedule: Schedule) -> None:
        etag, document = answer.etag, answer.document
        reading = isinstance(action, machine.Fetch)
        body = None
        try:
            body = self._machines.read(key, document) if document is not None else None
        except UserError as error:
            if reading:
                self._machines.step(key, machine.Refused(str(error)))
                return
        if reading:
            self._read(key, machine.Fetched(Version(body, etag)), schedule)
            return
        before = self._state.segment(key)
        proved = before is not None and before.sent is not None and before.sent.proved_by(etag)
        self._machines.step(key, machine.Saved(Version(body, etag), answer.named))
        if proved:
            self._saved(key, action, etag, schedule, before)
        else:
            self._claimed[key] = action

    def _read(self, key: str, event: machine.Fetched, schedule: Schedule) -> None:
        """A read showed the segment, or that there is none."""
        before, claimed = self._state.segment(key), self._claimed.get(key)
        self._machines.step(key, event)
        if before is None:
            return
        after = self._state.segment(key)
        if after is None or not after.fetch:
            self._claimed.pop(key, None)
        sent, base = before.sent, after.base if after is not None else None
        named = sent is not None and sent.named is not None and sent.named == event.version.etag
        if sent is not None and (named or base == sent.body):
            if claimed is not None:
                self._saved(key, claimed, event.version.etag, schedule, before)
            else:
                self._worked(key, schedule)
        elif claimed is not None and sent is not None:
            # Else a server that says yes and does nothing would be asked again and again (I14).
            self._machines.say(key, "It was answered as saved, and a read does not show it", _held(claimed))
            schedule.backed_off(key, None)
        elif before.stale_tag and self._stale.get(key, 0) > STALE_AT_ONCE:
            schedule.backed_off(key, None)
        elif before.stale_tag and before.stale_tag == event.version.etag and not before.confirming:
            schedule.backed_off(key, SETTLED_S)
        if event.version.body is None and after is not None and after.edited and after.base is None:
            self._not_there_either(key)

    def _not_there_either(self, key: str) -> None:
        """A read shows nothing. Where a creation was refused all the same, and not for the first time, it was
        not a colleague's that was removed since: as after a removal that the server remembers."""
        sentence = self._not_made.pop(key, None)
        if sentence is not None and self._stale.get(key, 0) > 1:
            words = f"The server shows nothing there, and will not have it made again. {sentence}".rstrip()
            self._machines.step(key, machine.Refused(words))
            self._machines.say(key, words, None, LogKind.REFUSED)

    def _saved(
        self, key: str, action: machine.Action, etag: str | None, schedule: Schedule, was: Segment | None
    ) -> None:
        """A write is proved to be on the server; `was`: the segment before that was known."""
        self._worked(key, schedule)
        if isinstance(action, machine.Delete) and was is not None and was.base is not None:
            for line in removal_lines(was.base, action.etag):
                self._state.tell(line)
        else:
            self._machines.say(key, f"Saved: {_words(action)}", etag, LogKind.SENT)

    def _worked(self, key: str, schedule: Schedule) -> None:
        self._stale.pop(key, None)
        self._not_made.pop(key, None)
        schedule.succeeded(key)


def _held(action: machine.Action) -> str | None:
    return action.etag if isinstance(action, (machine.Save, machine.Delete)) else None


def _words(action: machine.Action) -> str:
    """What a write said."""
    match action:
        case machine.Save(body, base):
            return sent_words(base, body)
        case machine.Create(body):
            return sent_words(None, body)
        case _:
            return "a removal"
