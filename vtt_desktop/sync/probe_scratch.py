"""The segment that a probe tries things on: read, written with any version, and put back or removed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync import pointer
from vtt_desktop.sync.answers import (
    Answer,
    Done,
    Missing,
    NotReached,
    StaleTag,
    TokenNeeded,
    Unproven,
    words_of,
)
from vtt_desktop.sync.body import Body
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.flight import SETTLED_S
from vtt_desktop.sync.ports import SegmentText
from vtt_desktop.sync.probe_patience import Patient
from vtt_desktop.sync.probe_report import Finding, Mark
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.repository import NOT_AS_THE_PROFILE_SAYS, Repository

Connect = Callable[[Profile], Repository]
"""Opens a connection to the backend with a profile that may differ from its own in what is tried."""


class Lost(Exception):
    """The backend does not answer (any more), or not to us, or does not let us try."""


class Enough(Exception):
    """What was found makes everything after it meaningless."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The scratch segment as a read showed it."""

    etag: str
    document: dict[str, Any]
    body: Body


class Scratch:
    """One segment on one backend. `own`: it is made for this; else it is somebody's, and is put back.

    `findings` collects what is found on the way.
    """

    def __init__(self, profile: Profile, text: SegmentText, connect: Connect, name: str) -> None:
        self.profile = replace(profile, read_only="")
        self.codec = Codec(profile.content, text)
        made = profile.create.new_id()
        self.key = name or (made if profile.create.ids == "uuid" else f"probe-{made}")
        self.own = not name
        self.made = False
        self.findings: list[Finding] = []
        self.settling = False
        """Whether a version that a read shows can be named in a save a second later only."""
        self.met: set[str] = set()
        """All versions that reads have shown."""
        self._connect = connect
        self._open: list[tuple[Profile, Patient]] = []
        self._ids = count(1)

    async def close(self) -> None:
        """Ends all connections."""
        for _, one in self._open:
            await one.close()

    def repository(self, profile: Profile | None = None) -> Patient:
        """The connection with this profile; the backend's own without one."""
        profile = profile or self.profile
        for known, repository in self._open:
            if known == profile:
                return repository
        repository = Patient(self._connect(profile))
        self._open.append((profile, repository))
        return repository

    def stranger(self) -> Patient:
        """A connection of its own, that knows nothing of what this one did."""
        self._open.append((self.profile, repository := Patient(self._connect(self.profile))))
        return repository

    async def fetched(self) -> Seen:
        """What a read shows; `Lost` where it cannot be read."""
        if self.settling:
            await self.pause()
        answer = await self.repository().fetch(self.key)
        if not isinstance(answer, Done):
            raise self.untried("read", f"The scratch segment cannot be read: {self.reached(answer)}")
        try:
            body = self.codec.read(answer.document, (), lambda: next(self._ids))
        except UserError as error:
            raise self.untried("read", f"The scratch segment is not as the profile says: {error}") from None
        if answer.etag is None:
            words = "A read shows no version where the profile says that it is (item.version)."
            self.bad("version", f"{words}{_decimal(self.profile, answer.document)}")
            raise Enough
        self.met.add(answer.etag)
        return Seen(answer.etag, answer.document, body)

    async def pause(self) -> None:
        """As long as a version may be too new for a save."""
        await asyncio.sleep(SETTLED_S)

    async def fetched_later(self) -> Seen:
        """What a read shows a second later."""
        await self.pause()
        return await self.fetched()

    async def saved(self, seen: Seen, body: Body) -> Seen:
        """A save that must work, and what a read shows then."""
        answer = await self.send(seen, body, seen.etag)
        if not isinstance(answer, Done):
            raise self.untried("save-again", f"A further save is refused: {self.reached(answer)}")
        return await self.fetched()

    async def send(self, seen: Seen, body: Body, etag: str, *, guarded: bool = True) -> Answer:
        """A save as the engine's, but with any version and without the look before that a whole document
        gets: the server shall be the one who refuses."""
        write = self.profile.write
        changes = self.codec.document(body, seen.body)
        if write.body == "full":
            changes = self.codec.merged(seen.document, body)
            for at in write.omit:
                pointer.drop(changes, at)
            write = replace(write, body="partial", content_type=write.content_type or "application/json")
        if not guarded:
            for place in write.precondition:  # a version in a whole document came with the document
                if place.startswith("body:"):
                    pointer.drop(changes, place.removeprefix("body:").removeprefix(write.wrap))
            write = replace(write, precondition=("none",))
        tried = self.repository(replace(self.profile, write=write))
        answer = await tried.save(self.key, changes, etag)
        self.reached(answer)
        return answer

    async def clean_up(self, first: Seen | None) -> None:
        """Puts the scratch segment back, or takes it away; what cannot be is said and no more."""
        try:
            if self.made:
                await self._take_away()
            elif not self.own and first is not None:
                now = await self.fetched()
                if said(now.body) != said(first.body):
                    answer = await self.send(now, first.body, now.etag)
                    if not isinstance(answer, Done):
                        self.note("clean-up", f"{self.key} could not be put back: {words_of(answer)}")
        except (Lost, Enough):
            self.note("clean-up", f"{self.key} could not be put back as it was.")

    async def _take_away(self) -> None:
        """Removes the segment that was made, or may have been."""
        there = await self.repository().fetch(self.key)
        if isinstance(there, Missing):
            return
        why = "This backend cannot remove segments."
        if not isinstance(there, Done):
            why = f"It cannot be read. {words_of(there)}"
        elif there.etag is None:
            why = "It shows no version that a removal could name."
        elif self.profile.delete.method:
            answer = await self.repository().delete(self.key, there.etag)
            if isinstance(answer, StaleTag):  # it may be too new a version yet
                await self.pause()
                there = await self.repository().fetch(self.key)
                if isinstance(there, Done) and there.etag is not None:
                    await self.repository().delete(self.key, there.etag)
            now = await self.repository().fetch(self.key)
            if isinstance(now, Missing):
                return
            why = f"A removal does not work. {words_of(now) if not isinstance(now, Done) else ''}".rstrip()
        stays = "stays" if isinstance(there, Done) else "may stay"
        self.note("clean-up", f"{self.key}, made for these tries, {stays} behind on the server. {why}")

    def with_text(self, body: Body, text: str) -> Body:
        """The body with another text in its first cue."""
        return self.with_cue(body, body.cues[0].with_(text=text))

    def with_cue(self, body: Body, cue: Cue) -> Body:
        """The body with another first cue."""
        return self.codec.make((cue, *body.cues[1:]), None, body.order, body.frame)

    def reached(self, answer: Answer) -> str:
        """What an answer says, in words; `Lost` where there was none that says anything of the backend."""
        match answer:
            case NotReached(why) | Unproven(why) if why.startswith(NOT_AS_THE_PROFILE_SAYS):
                return f"{why}."
            case NotReached(why) | Unproven(why) | TokenNeeded(why):
                raise Lost(f"{why}.")
            case Done():
                return "It was accepted."
            case StaleTag():
                return "It is not the current version there."
        return words_of(answer)

    def good(self, check: str, words: str) -> None:
        self.findings.append(Finding(check, Mark.GOOD, words))

    def note(self, check: str, words: str) -> None:
        self.findings.append(Finding(check, Mark.NOTE, words))

    def bad(self, check: str, words: str) -> None:
        self.findings.append(Finding(check, Mark.BAD, words))

    def untried(self, check: str, words: str) -> Lost:
        """What to raise where the backend does not let us try something that all the rest needs."""
        self.findings.append(Finding(check, Mark.UNTRIED, words))
        return Lost(words)


def _decimal(profile: Profile, document: Any) -> str:
    """What to say where there is a number in the version's place that is not a whole one."""
    for place in profile.item.version:
        kind, _, at = place.partition(":")
        if kind == "json" and at.startswith(profile.item.read):
            value = pointer.get(document, at.removeprefix(profile.item.read))
            if isinstance(value, float):
                return f" There is a decimal number ({value}): a version is text, or a whole number."
    return ""


def said(body: Body) -> list[tuple[int, int, str]]:
    """What a body says, without ids."""
    return [(cue.start, cue.end, cue.text) for cue in body.cues]
