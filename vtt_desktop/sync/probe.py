"""What a backend really does with versions, tried on a scratch segment: whether it may be written to at all.

A profile says what a backend is meant to do; this finds out. Asked for by a person, never done by itself.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync import pointer
from vtt_desktop.sync.answers import (
    Answer,
    Done,
    Missing,
    News,
    StaleTag,
    Unchanged,
    Unproven,
    words_of,
)
from vtt_desktop.sync.ports import SegmentText
from vtt_desktop.sync.probe_beside import look_beside
from vtt_desktop.sync.probe_lists import listed, look_at_list
from vtt_desktop.sync.probe_report import Mark, Report
from vtt_desktop.sync.probe_scratch import Connect, Enough, Lost, Scratch, Seen, said
from vtt_desktop.sync.probe_values import REGET, WEAK, a_second_later, altered, rounds, shared
from vtt_desktop.sync.profile import Profile

AT_ONCE = 8
"""Saves with one tag that are sent at the same time: one of them may be accepted."""
_TEXT = "Probe of a backend, to be deleted"


class Probe:
    """Tries one backend. `scratch` is a segment that may be changed for it, for a backend that cannot make
    one; it is put back as it was. UserError where neither is possible.
    """

    def __init__(self, profile: Profile, text: SegmentText, connect: Connect, scratch: str = "") -> None:
        self._on = Scratch(profile, text, connect, scratch)
        self._profile = self._on.profile
        self._since = 0

    async def run(self) -> Report:
        """Tries everything that the profile promises. Cleans up behind itself, as far as it is let."""
        if self._on.own and not self._profile.create.method:
            raise UserError(
                "This backend cannot make a segment to try things on.",
                "Name one that may be changed for it with --scratch ID; it is put back as it was.",
            )
        lost, first = "", None
        try:
            self._since = await look_at_list(self._on)
            if self._on.own:
                await self._make()
            first = await self._read()
            await self._try(first)
        except Lost as error:
            lost = str(error)
        except Enough:
            pass
        finally:
            try:
                await self._on.clean_up(first)
            finally:
                await self._on.close()
        if any(one.mark is Mark.BAD for one in self._on.findings):
            lost = ""  # what was found is enough, however it ended
        return Report(tuple(self._on.findings), lost)

    async def _try(self, first: Seen) -> None:
        await self._conditional_read(first)
        first, second = await self._save(first)
        await self._stale(first, second)
        seen = await self._unguarded(await self._on.fetched())
        seen = await altered(self._on, seen)
        seen = await self._timing(seen)
        seen = await self._in_a_second(seen)
        seen = await self._there_and_back(seen)
        seen = await self._at_once(seen)
        await self._compressed(seen)
        await listed(self._on, seen)
        await self._heard("changes", seen.etag)
        await look_beside(self._on, seen)
        if self._on.own:
            made_there = self._profile.create.id == "server"
            await (self._found_again if made_there else self._made_again)(seen)
            await self._removed(first)

    # Reading

    async def _read(self) -> Seen:
        one, two = await self._on.fetched(), await self._on.fetched()
        if one.etag != two.etag:
            self._on.bad(
                "version", f"Two reads show two versions ({one.etag} and {two.etag}): none can be held."
            )
            raise Enough
        if not two.body.cues:
            raise UserError("The scratch segment holds no cue.", "Name another one with --scratch.")
        self._on.good("version", f"Two reads show the same version, {two.etag}.")
        return two

    async def _conditional_read(self, seen: Seen) -> None:
        answer = await self._on.repository().fetch(self._on.key, unless=seen.etag)
        if isinstance(answer, Unchanged):
            self._on.good(
                "conditional-read", "A read of what is known already is answered with 304, in short."
            )
        else:
            self._on.note("conditional-read", "Every read is answered whole: If-None-Match is not looked at.")

    async def _compressed(self, seen: Seen) -> None:
        other = self._on.repository(replace(self._profile, accept_encoding="gzip"))
        answer = await other.fetch(self._on.key)
        if isinstance(answer, Done) and answer.etag == seen.etag:
            self._on.good("compression", "The version is the same with and without compression.")
        elif self._profile.accept_encoding == "identity":
            self._on.note(
                "compression", "Compressed answers show another version; uncompressed ones are asked for."
            )
        else:
            self._on.bad(
                "compression", "Compressed answers show another version: accept_encoding = 'identity'."
            )

    # Writing

    async def _make(self) -> None:
        cue = Cue(0, 1000, 2000, _TEXT)
        body = self._on.codec.make(
            (cue,), None, "zz" if self._profile.content.order else "", self._on.codec.new_frame
        )
        self._on.made = True  # it may be there even if nobody sees the answer
        answer = await self._on.repository().create(self._on.key, self._on.codec.document(body, None))
        if not isinstance(answer, Done):
            raise self._on.untried("create", f"A segment cannot be made: {self._on.reached(answer)}")
        made = await self._on.fetched()
        if [(c.start, c.end, c.text) for c in made.body.cues] != [(cue.start, cue.end, cue.text)]:
            if "start" in self._profile.content.fields or self._profile.content.kind == "webvtt":
                self._on.bad("create", "A segment that was made does not read back as it was written.")
                raise Enough
        self._on.good("create", f"A segment can be made; {self._on.key} was, for these tries.")

    async def _save(self, first: Seen) -> tuple[Seen, Seen]:
        """What was there before a save, and what is there after it."""
        wanted = self._on.with_text(first.body, "Probe A")
        answer = await self._on.send(first, wanted, first.etag)
        if isinstance(answer, StaleTag):
            first, answer = await a_second_later(self._on, first, wanted)
        if not isinstance(answer, Done):
            weak = isinstance(answer, StaleTag) and first.etag.startswith("W/")
            raise self._on.untried(
                "save",
                f"A save with the version just read is refused: {self._on.reached(answer)}"
                f"{WEAK if weak else ''}",
            )
        now = await self._on.fetched()
        if said(now.body) != said(wanted):
            self._on.bad("save", "A save is answered with success, and a read does not show what was saved.")
            raise Enough
        if now.etag == first.etag:
            words = "A save does not change the version: nobody could tell that it happened."
            await shared(self._on, "save", words, now)
            raise Enough
        if answer.etag is None:
            self._on.note(
                "save", "A save works; its answer shows no version, so each is read again to prove it."
            )
        elif answer.etag != now.etag:
            self._on.bad(
                "save",
                f"The answer to a save shows version {answer.etag}, a read then {now.etag}: "
                "write.version or write.version_format is not right.",
            )
        else:
            self._on.good("save", "A save with the version just read works, and shows the new version.")
        gone = [at for at, _ in pointer.leaves(first.document) if not pointer.has(now.document, at)]
        if gone:
            hint = "write.body = 'full' keeps them" if self._profile.write.body != "full" else "it loses them"
            self._on.bad(
                "other-fields", f"A save removed what it did not name ({', '.join(gone[:5])}): {hint}."
            )
        else:
            self._on.good("other-fields", "A save leaves all other fields of the document as they were.")
        return first, now

    async def _stale(self, first: Seen, now: Seen) -> None:
        wanted, failed = self._on.with_text(now.body, "Probe B"), ""
        answer: Answer = Unchanged()
        try:
            answer = await self._on.send(now, wanted, first.etag)
        except Lost as error:  # a server that fails over it; whether it is still there the read will tell
            failed = str(error)
        after = await self._on.fetched()
        if isinstance(answer, Done) or said(after.body) != said(now.body):
            self._on.bad(
                "stale-save",
                "A save with an old version is ACCEPTED: it would overwrite others' work without a word.",
            )
        elif not isinstance(answer, StaleTag):
            self._on.bad(
                "stale-save",
                "A save with an old version is refused, but not in a way that the profile names "
                f"(status.conflict): {failed or self._on.reached(answer)}",
            )
        elif after.etag != now.etag:
            self._on.bad(
                "stale-save", "A save with an old version is refused, and a read then shows an old one."
            )
        else:
            self._on.good(
                "stale-save", "A save with an old version is refused, and a read then shows the new one."
            )

    async def _unguarded(self, seen: Seen) -> Seen:
        wanted = self._on.with_text(seen.body, "Probe C")
        answer: Answer = Unchanged()
        with suppress(Lost):  # some fail over it; whether the server is still there the read will tell
            answer = await self._on.send(seen, wanted, "", guarded=False)
        if isinstance(answer, Done):
            self._on.note(
                "no-version",
                "A save without a version is accepted; this program never sends one, others may.",
            )
        else:
            self._on.good("no-version", "A save without a version is refused.")
        return await self._on.fetched()

    async def _timing(self, seen: Seen) -> Seen:
        fields = self._profile.content.fields
        timeless = seen.body.frame.payload_only or (
            self._profile.content.kind == "fields" and "start" not in fields
        )
        if timeless:
            self._on.note("timing", "No times are kept there: only text can be edited.")
            return seen
        cue = seen.body.cues[0]
        wanted = self._on.with_cue(seen.body, cue.at(cue.start + 100, cue.end + 200))
        now = await self._on.saved(seen, wanted)
        if rounds(now.body, wanted):
            words = "The server moves times to others close by"
            if self._profile.write.version == ("reget",):
                self._on.note("timing", f"{words}; each save is read again, so that is seen.")
            else:
                self._on.bad("timing", f"{words}, which a save has to be read again for: {REGET}.")
        elif said(now.body) != said(wanted):
            self._on.bad("timing", "Changed times do not read back as they were saved: look at the units.")
        elif now.etag == seen.etag:
            words = "A change of the times alone does not change the version."
            return await shared(self._on, "timing", words, now)
        else:
            self._on.good("timing", "A change of the times alone changes the version.")
        return now

    async def _in_a_second(self, seen: Seen) -> Seen:
        one = await self._on.saved(seen, self._on.with_text(seen.body, "Probe 1"))
        two = await self._on.saved(one, self._on.with_text(one.body, "Probe 2"))
        if one.etag == two.etag:
            words = "Two saves of texts of the same length share a version."
            return await shared(self._on, "resolution", words, two)
        self._on.good("resolution", "Two saves of the same length right after one another differ in version.")
        return two

    async def _there_and_back(self, seen: Seen) -> Seen:
        there = await self._on.saved(seen, self._on.with_text(seen.body, "Probe 3"))
        back = await self._on.saved(there, self._on.with_text(there.body, "Probe 2"))
        if back.etag == seen.etag and self._profile.item.versions == "once":
            self._on.bad(
                "revert",
                "An edit that is taken back has the version of before, and item.versions says that none comes"
                " back: text that somebody put back would look like an older backup.",
            )
        elif there.etag in (seen.etag, back.etag):
            self._on.note(
                "revert", "Whether an edit that is taken back has a version of its own is not told."
            )
        elif back.etag == seen.etag:
            self._on.note(
                "revert",
                "The version is made of the content alone: an edit that is taken back leaves no trace in it.",
            )
        else:
            self._on.good("revert", "An edit that is taken back has a version of its own.")
        return back

    async def _at_once(self, seen: Seen) -> Seen:
        bodies = [self._on.with_text(seen.body, f"Probe at once {i}") for i in range(AT_ONCE)]
        answers = await asyncio.gather(*(self._on.send(seen, body, seen.etag) for body in bodies))
        won = sum(isinstance(answer, Done) for answer in answers)
        if any(one.check == "stale-save" and one.mark is Mark.BAD for one in self._on.findings):
            return await self._on.fetched()  # it takes every save, so this tells nothing new
        if won > 1:
            self._on.note(
                "at-once",
                f"Of {AT_ONCE} saves sent at once with one version {won} were accepted: the server looks "
                "first and writes later. Two people who save in the same instant may lose one edit there.",
            )
        elif won == 1:
            self._on.good("at-once", f"Of {AT_ONCE} saves sent at once with one version one was accepted.")
        else:
            self._on.note("at-once", f"Of {AT_ONCE} saves sent at once with one version none was accepted.")
        return await self._on.fetched()

    # Others

    async def _heard(self, check: str, etag: str | None) -> None:
        """Whether the change feed tells of a save (or, without a tag, of a removal)."""
        if self._profile.changes.kind != "since":
            return
        news = await self._on.repository().news(self._since)
        rows = [one for one in news.items if one.key == self._on.key] if isinstance(news, News) else []
        what = "a save" if etag is not None else "a removal"
        if not isinstance(news, News):
            self._on.bad(check, f"The change feed cannot be read: {self._on.reached(news)}")
        elif not rows:
            self._on.bad(check, f"The change feed does not tell of {what} (changes.items, changes.seq).")
        elif etag is None and not rows[-1].gone:
            self._on.bad(check, "The change feed does not say that it was a removal (changes.tombstone).")
        elif etag is not None and news.seq == self._since:
            self._on.bad(check, "The change feed's position does not move on with a save (changes.seq).")
        else:
            self._on.good(check, f"The change feed tells of {what}.")

    async def _found_again(self, seen: Seen) -> None:
        """Whether a segment whose id the server made is found by somebody who does not know that id."""
        fresh = self._on.stranger()
        answer = await fresh.fetch(self._on.key)
        if isinstance(answer, Done) and answer.etag == seen.etag:
            self._on.good("create-lost", "What was made is found again by its mark, after a lost answer too.")
        else:
            self._on.bad(
                "create-lost",
                "What was made is not found in the list by its mark (create.marker): after a lost answer it "
                f"would be made twice. {self._on.reached(answer)}",
            )

    async def _made_again(self, seen: Seen) -> None:
        body = self._on.with_text(seen.body, "Probe made again")
        answer = await self._on.repository().create(self._on.key, self._on.codec.document(body, None))
        if isinstance(answer, Unproven):
            self._on.bad("create-again", f"Making a segment that exists makes the server fail: {answer.why}.")
        elif isinstance(answer, StaleTag):
            self._on.good("create-again", "A segment that exists is not made again.")
        elif isinstance(answer, Done):
            self._on.bad("create-again", "Making a segment that exists overwrites it, or makes a second one.")
        else:
            self._on.bad(
                "create-again",
                f"Making a segment that exists is not refused as the profile says (create.exists): "
                f"{self._on.reached(answer)}",
            )

    async def _removed(self, first: Seen) -> None:
        if not self._profile.delete.method:
            self._on.note("delete", f"Segments cannot be removed; {self._on.key} stays behind.")
            self._on.made = False
            return
        answer = await self._on.repository().delete(self._on.key, first.etag)
        there = await self._on.repository().fetch(self._on.key)
        if not isinstance(there, Done) or there.etag is None:
            self._on.made = False
            self._on.bad(
                "stale-delete",
                "A removal with an old version is ACCEPTED: it would take away what others wrote.",
            )
            return
        if isinstance(answer, StaleTag):
            self._on.good("stale-delete", "A removal with an old version is refused.")
        else:
            self._on.bad(
                "stale-delete",
                f"A removal with an old version is not refused as it should be: {self._on.reached(answer)}",
            )
        answer = await self._on.repository().delete(self._on.key, there.etag)
        gone = await self._on.repository().fetch(self._on.key)
        if isinstance(answer, (Done, Missing, Unproven)) and isinstance(gone, Missing):
            self._on.made = False  # no answer to a removal shows it, 202 no less than another
            self._on.good("delete", "A removal with the version just read works.")
            await self._heard("changes-removal", None)
        else:
            why = words_of(answer)
            if isinstance(answer, Done):
                there_yet = "a read shows the segment as before (status.gone, item.gone)."
                why = there_yet if isinstance(gone, Done) else f"no read proves it. {words_of(gone)}"
            self._on.bad("delete", f"A removal does not work: {why}")
