"""What a backend really does with versions, tried on a scratch segment: whether it may be written to at all.

A profile says what a backend is meant to do; this finds out. Asked for by a person, never done by itself.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum
from itertools import count
from typing import Any

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync import pointer
from vtt_desktop.sync.answers import (
    Answer,
    Contents,
    Done,
    Missing,
    News,
    NotReached,
    StaleTag,
    TokenNeeded,
    Unchanged,
    Unproven,
)
from vtt_desktop.sync.body import Body
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.ports import Frame, SegmentText
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.repository import NOT_AS_THE_PROFILE_SAYS, Repository, words_of

AT_ONCE = 8
"""Saves with one tag that are sent at the same time: one of them may be accepted."""
_TEXT = "Probe of a backend, to be deleted"

Connect = Callable[[Profile], Repository]
"""Opens a connection to the backend with a profile that may differ from its own in what is tried."""


class Mark(Enum):
    """How a finding counts."""

    GOOD = "good"
    NOTE = "note"
    """Worth knowing; nothing is lost by it."""
    BAD = "bad"
    """With this, somebody's edit could be lost, or no save would work: nothing is written."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried: a name that stays, how it counts, and a sentence for a person."""

    check: str
    mark: Mark
    words: str


@dataclass(frozen=True, slots=True)
class Report:
    """All findings. `lost` says why the backend was not reached (to the end); empty: it was."""

    findings: tuple[Finding, ...]
    lost: str = ""

    @property
    def writable(self) -> bool:
        return not self.lost and not self.reason

    @property
    def reason(self) -> str:
        """Why nothing may be written there: the gravest finding in its words; empty: it may."""
        bad = [one for one in self.findings if one.mark is Mark.BAD]
        grave = [one for one in bad if one.check in _GRAVE]
        return (grave or bad)[0].words if bad else ""


_GRAVE = ("stale-save", "stale-delete", "other-fields")


class _Lost(Exception):
    """The backend does not answer (any more), or not to us."""


class _Enough(Exception):
    """What was found makes everything after it meaningless."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """The scratch segment as a read showed it."""

    etag: str
    document: dict[str, Any]
    body: Body


class Probe:
    """Tries one backend. `scratch` is a segment that may be changed for it, for a backend that cannot make
    one; it is put back as it was. UserError where neither is possible.
    """

    def __init__(self, profile: Profile, text: SegmentText, connect: Connect, scratch: str = "") -> None:
        self._profile = replace(profile, read_only="")
        self._codec = Codec(profile.content, text)
        self._connect = connect
        self._open: list[tuple[Profile, Repository]] = []
        self._key = scratch or f"probe-{uuid.uuid4().hex}"
        self._own = not scratch
        self._made = False
        self._findings: list[Finding] = []
        self._ids = count(1)
        self._since = 0

    async def run(self) -> Report:
        """Tries everything that the profile promises. Cleans up behind itself, as far as it is let."""
        if self._own and not self._profile.create.method:
            raise UserError(
                "This backend cannot make a segment to try things on.",
                "Name one that may be changed for it with --scratch ID; it is put back as it was.",
            )
        lost, first = "", None
        try:
            await self._look_at_list()
            if self._own:
                await self._make()
            first = await self._read()
            await self._try(first)
        except _Lost as error:
            lost = str(error)
        except _Enough:
            pass
        finally:
            try:
                await self._clean_up(first)
            finally:
                for _, one in self._open:
                    await one.close()
        if any(one.mark is Mark.BAD for one in self._findings):
            lost = ""  # what was found is enough, however it ended
        return Report(tuple(self._findings), lost)

    async def _try(self, first: _Seen) -> None:
        await self._conditional_read(first)
        second = await self._save(first)
        await self._stale(first, second)
        seen = await self._unguarded(await self._fetched())
        seen = await self._timing(seen)
        seen = await self._in_a_second(seen)
        seen = await self._there_and_back(seen)
        seen = await self._at_once(seen)
        await self._compressed(seen)
        await self._listed(seen)
        await self._heard("changes", seen.etag)
        if self._own:
            await self._made_again(seen)
            await self._removed(first)

    # Reading

    async def _look_at_list(self) -> None:
        if not self._profile.list.url:
            return
        contents = await self._repository().contents()
        if not isinstance(contents, Contents):
            self._bad("list", f"The list cannot be read: {self._reached(contents)}")
            raise _Enough
        self._since = contents.seq
        self._good("list", f"The list can be read; it names {_count(len(contents.items), 'segment')}.")

    async def _fetched(self) -> _Seen:
        answer = await self._repository().fetch(self._key)
        if not isinstance(answer, Done):
            self._bad("read", f"The scratch segment cannot be read: {self._reached(answer)}")
            raise _Enough
        try:
            body = self._codec.read(answer.document, (), lambda: next(self._ids))
        except UserError as error:
            self._bad("read", f"The scratch segment is not as the profile says: {error}")
            raise _Enough from None
        if answer.etag is None:
            self._bad("version", "A read shows no version where the profile says that it is (item.version).")
            raise _Enough
        return _Seen(answer.etag, answer.document, body)

    async def _read(self) -> _Seen:
        one, two = await self._fetched(), await self._fetched()
        if one.etag != two.etag:
            self._bad(
                "version", f"Two reads show two versions ({one.etag} and {two.etag}): none can be held."
            )
            raise _Enough
        if not two.body.cues:
            raise UserError("The scratch segment holds no cue.", "Name another one with --scratch.")
        self._good("version", f"Two reads show the same version, {two.etag}.")
        return two

    async def _conditional_read(self, seen: _Seen) -> None:
        answer = await self._repository().fetch(self._key, unless=seen.etag)
        if isinstance(answer, Unchanged):
            self._good("conditional-read", "A read of what is known already is answered with 304, in short.")
        else:
            self._note("conditional-read", "Every read is answered whole: If-None-Match is not looked at.")

    async def _compressed(self, seen: _Seen) -> None:
        other = self._repository(replace(self._profile, accept_encoding="gzip"))
        answer = await other.fetch(self._key)
        if isinstance(answer, Done) and answer.etag == seen.etag:
            self._good("compression", "The version is the same with and without compression.")
        elif self._profile.accept_encoding == "identity":
            self._note(
                "compression", "Compressed answers show another version; uncompressed ones are asked for."
            )
        else:
            self._bad("compression", "Compressed answers show another version: accept_encoding = 'identity'.")

    # Writing

    async def _make(self) -> None:
        cue = Cue(0, 1000, 2000, _TEXT)
        body = self._codec.make((cue,), None, "zz" if self._profile.content.order else "", Frame())
        answer = await self._repository().create(self._key, self._codec.document(body, None), "")
        if not isinstance(answer, Done):
            self._bad("create", f"A segment cannot be made: {self._reached(answer)}")
            raise _Enough
        self._made = True
        made = await self._fetched()
        if [(c.start, c.end, c.text) for c in made.body.cues] != [(cue.start, cue.end, cue.text)]:
            if "start" in self._profile.content.fields or self._profile.content.kind == "webvtt":
                self._bad("create", "A segment that was made does not read back as it was written.")
                raise _Enough
        self._good("create", f"A segment can be made; {self._key} was, for these tries.")

    async def _save(self, first: _Seen) -> _Seen:
        wanted = self._with_text(first.body, "Probe A")
        answer = await self._send(first, wanted, first.etag)
        if not isinstance(answer, Done):
            self._bad("save", f"A save with the version just read is refused: {self._reached(answer)}")
            raise _Enough
        now = await self._fetched()
        if _said(now.body) != _said(wanted):
            self._bad("save", "A save is answered with success, and a read does not show what was saved.")
            raise _Enough
        if now.etag == first.etag:
            self._bad("save", "A save does not change the version: nobody could tell that it happened.")
            raise _Enough
        if answer.etag is None:
            self._note(
                "save", "A save works; its answer shows no version, so each is read again to prove it."
            )
        elif answer.etag != now.etag:
            self._bad(
                "save",
                f"The answer to a save shows version {answer.etag}, a read then {now.etag}: "
                "write.version or write.version_format is not right.",
            )
        else:
            self._good("save", "A save with the version just read works, and shows the new version.")
        gone = [at for at, _ in pointer.leaves(first.document) if not pointer.has(now.document, at)]
        if gone:
            hint = "write.body = 'full' keeps them" if self._profile.write.body != "full" else "it loses them"
            self._bad("other-fields", f"A save removed what it did not name ({', '.join(gone[:5])}): {hint}.")
        else:
            self._good("other-fields", "A save leaves all other fields of the document as they were.")
        return now

    async def _stale(self, first: _Seen, now: _Seen) -> None:
        wanted, failed = self._with_text(now.body, "Probe B"), ""
        answer: Answer = Unchanged()
        try:
            answer = await self._send(now, wanted, first.etag)
        except _Lost as error:  # a server that fails over it; whether it is still there the read will tell
            failed = str(error)
        after = await self._fetched()
        if isinstance(answer, Done) or _said(after.body) != _said(now.body):
            self._bad(
                "stale-save",
                "A save with an old version is ACCEPTED: it would overwrite others' work without a word.",
            )
        elif not isinstance(answer, StaleTag):
            self._bad(
                "stale-save",
                "A save with an old version is refused, but not in a way that the profile names "
                f"(status.conflict): {failed or self._reached(answer)}",
            )
        elif after.etag != now.etag:
            self._bad(
                "stale-save", "A save with an old version is refused, and a read then shows an old one."
            )
        else:
            self._good(
                "stale-save", "A save with an old version is refused, and a read then shows the new one."
            )

    async def _unguarded(self, seen: _Seen) -> _Seen:
        wanted = self._with_text(seen.body, "Probe C")
        answer: Answer = Unchanged()
        with suppress(_Lost):  # some fail over it; whether the server is still there the read will tell
            answer = await self._send(seen, wanted, "", guarded=False)
        if isinstance(answer, Done):
            self._note(
                "no-version",
                "A save without a version is accepted; this program never sends one, others may.",
            )
        else:
            self._good("no-version", "A save without a version is refused.")
        return await self._fetched()

    async def _timing(self, seen: _Seen) -> _Seen:
        fields = self._profile.content.fields
        timeless = seen.body.frame.payload_only or (
            self._profile.content.kind == "fields" and "start" not in fields
        )
        if timeless:
            self._note("timing", "No times are kept there: only text can be edited.")
            return seen
        cue = seen.body.cues[0]
        wanted = self._with_cue(seen.body, cue.at(cue.start + 100, cue.end + 200))
        now = await self._saved(seen, wanted)
        if _said(now.body) != _said(wanted):
            self._bad("timing", "Changed times do not read back as they were saved: look at the units.")
        elif now.etag == seen.etag:
            self._bad("timing", "A change of the times alone does not change the version.")
        else:
            self._good("timing", "A change of the times alone changes the version.")
        return now

    async def _in_a_second(self, seen: _Seen) -> _Seen:
        one = await self._saved(seen, self._with_text(seen.body, "Probe 1"))
        two = await self._saved(one, self._with_text(one.body, "Probe 2"))
        if one.etag == two.etag:
            self._bad("resolution", "Two saves of the same length within a second share a version.")
        else:
            self._good(
                "resolution", "Two saves of the same length right after one another differ in version."
            )
        return two

    async def _there_and_back(self, seen: _Seen) -> _Seen:
        there = await self._saved(seen, self._with_text(seen.body, "Probe 3"))
        back = await self._saved(there, self._with_text(there.body, "Probe 2"))
        if back.etag == seen.etag:
            self._note(
                "revert",
                "The version is made of the content alone: an edit that is taken back leaves no trace in it.",
            )
        else:
            self._good("revert", "An edit that is taken back has a version of its own.")
        return back

    async def _at_once(self, seen: _Seen) -> _Seen:
        bodies = [self._with_text(seen.body, f"Probe at once {i}") for i in range(AT_ONCE)]
        answers = await asyncio.gather(*(self._send(seen, body, seen.etag) for body in bodies))
        won = sum(isinstance(answer, Done) for answer in answers)
        if won > 1:
            self._note(
                "at-once",
                f"Of {AT_ONCE} saves sent at once with one version {won} were accepted: the server looks "
                "first and writes later. Two people who save in the same instant may lose one edit there.",
            )
        elif won == 1:
            self._good("at-once", f"Of {AT_ONCE} saves sent at once with one version one was accepted.")
        else:
            self._note("at-once", f"Of {AT_ONCE} saves sent at once with one version none was accepted.")
        return await self._fetched()

    # Others

    async def _listed(self, seen: _Seen) -> None:
        if not self._profile.list.url:
            return
        contents = await self._repository().contents()
        rows = contents.items if isinstance(contents, Contents) else ()
        row = next((one for one in rows if one.key == self._key), None)
        if row is None:
            self._bad("list-version", "The list does not name the scratch segment (list.items, list.id).")
        elif row.etag is None:
            self._note("list-version", "The list shows no versions: each segment is read by itself.")
        elif row.etag != seen.etag:
            self._bad(
                "list-version",
                f"The list shows version {row.etag} for what a read shows as {seen.etag}: "
                "list.version or list.version_format is not right.",
            )
        else:
            self._good("list-version", "The list shows the same version as a read.")

    async def _heard(self, check: str, etag: str | None) -> None:
        """Whether the change feed tells of a save (or, without a tag, of a removal)."""
        if self._profile.changes.kind != "since":
            return
        news = await self._repository().news(self._since)
        rows = [one for one in news.items if one.key == self._key] if isinstance(news, News) else []
        what = "a save" if etag is not None else "a removal"
        if not isinstance(news, News):
            self._bad(check, f"The change feed cannot be read: {self._reached(news)}")
        elif not rows:
            self._bad(check, f"The change feed does not tell of {what} (changes.items, changes.seq).")
        elif etag is None and not rows[-1].gone:
            self._bad(check, "The change feed does not say that it was a removal (changes.tombstone).")
        elif etag is not None and news.seq == self._since:
            self._bad(check, "The change feed's position does not move on with a save (changes.seq).")
        else:
            self._good(check, f"The change feed tells of {what}.")

    async def _made_again(self, seen: _Seen) -> None:
        body = self._with_text(seen.body, "Probe made again")
        answer = await self._repository().create(self._key, self._codec.document(body, None), "")
        if isinstance(answer, Unproven):
            self._bad("create-again", f"Making a segment that exists makes the server fail: {answer.why}.")
        elif isinstance(answer, StaleTag):
            self._good("create-again", "A segment that exists is not made again.")
        elif isinstance(answer, Done):
            self._bad("create-again", "Making a segment that exists overwrites it, or makes a second one.")
        else:
            self._bad(
                "create-again",
                f"Making a segment that exists is not refused as the profile says (create.exists): "
                f"{self._reached(answer)}",
            )

    async def _removed(self, first: _Seen) -> None:
        if not self._profile.delete.method:
            self._note("delete", f"Segments cannot be removed; {self._key} stays behind.")
            return
        answer = await self._repository().delete(self._key, first.etag, "")
        there = await self._repository().fetch(self._key)
        if not isinstance(there, Done) or there.etag is None:
            self._made = False
            self._bad(
                "stale-delete",
                "A removal with an old version is ACCEPTED: it would take away what others wrote.",
            )
            return
        if isinstance(answer, StaleTag):
            self._good("stale-delete", "A removal with an old version is refused.")
        else:
            self._bad(
                "stale-delete",
                f"A removal with an old version is not refused as the profile says: {self._reached(answer)}",
            )
        answer = await self._repository().delete(self._key, there.etag, "")
        gone = await self._repository().fetch(self._key)
        if isinstance(answer, (Done, Missing)) and isinstance(gone, Missing):
            self._made = False
            self._good("delete", "A removal with the version just read works.")
            await self._heard("changes-removal", None)
        else:
            self._bad("delete", f"A removal does not work: {words_of(answer)}")

    async def _clean_up(self, first: _Seen | None) -> None:
        """Puts the scratch segment back, or takes it away; what cannot be is said and no more."""
        try:
            if self._made and self._profile.delete.method:
                await self._repository().delete(self._key, (await self._fetched()).etag, "")
            elif not self._own and first is not None:
                now = await self._fetched()
                if _said(now.body) != _said(first.body):
                    answer = await self._send(now, first.body, now.etag)
                    if not isinstance(answer, Done):
                        self._note("clean-up", f"{self._key} could not be put back: {words_of(answer)}")
        except (_Lost, _Enough):
            self._note("clean-up", f"{self._key} could not be put back as it was.")

    # Inside

    def _repository(self, profile: Profile | None = None) -> Repository:
        """The connection with this profile; the backend's own without one."""
        profile = profile or self._profile
        for known, repository in self._open:
            if known == profile:
                return repository
        repository = self._connect(profile)
        self._open.append((profile, repository))
        return repository

    async def _saved(self, seen: _Seen, body: Body) -> _Seen:
        """A save that must work, and what a read shows then."""
        answer = await self._send(seen, body, seen.etag)
        if not isinstance(answer, Done):
            self._bad("save-again", f"A further save is refused: {self._reached(answer)}")
            raise _Enough
        return await self._fetched()

    async def _send(self, seen: _Seen, body: Body, etag: str, *, guarded: bool = True) -> Answer:
        """A save as the engine's, but with any version and without the look before that a whole document
        gets: the server shall be the one who refuses."""
        write = self._profile.write
        changes = self._codec.document(body, seen.body)
        if write.body == "full":
            changes = self._codec.merged(seen.document, body)
            for at in write.omit:
                pointer.drop(changes, at)
            write = replace(write, body="partial", content_type=write.content_type or "application/json")
        if not guarded:
            write = replace(write, precondition="")
        tried = self._repository(replace(self._profile, write=write))
        answer = await tried.save(self._key, changes, etag, "", None)
        self._reached(answer)
        return answer

    def _with_text(self, body: Body, text: str) -> Body:
        return self._with_cue(body, body.cues[0].with_(text=text))

    def _with_cue(self, body: Body, cue: Cue) -> Body:
        return self._codec.make((cue, *body.cues[1:]), None, body.order, body.frame)

    def _reached(self, answer: Answer) -> str:
        """What an answer says, in words; `_Lost` where there was none that says anything of the backend."""
        match answer:
            case NotReached(why) if why in NOT_AS_THE_PROFILE_SAYS:
                return f"{why}."
            case NotReached(why) | Unproven(why) | TokenNeeded(why):
                raise _Lost(f"{why}.")
            case Done():
                return "It was accepted."
            case StaleTag():
                return "It is not the current version there."
        return words_of(answer)

    def _good(self, check: str, words: str) -> None:
        self._findings.append(Finding(check, Mark.GOOD, words))

    def _note(self, check: str, words: str) -> None:
        self._findings.append(Finding(check, Mark.NOTE, words))

    def _bad(self, check: str, words: str) -> None:
        self._findings.append(Finding(check, Mark.BAD, words))


def _said(body: Body) -> list[tuple[int, int, str]]:
    return [(cue.start, cue.end, cue.text) for cue in body.cues]


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
