"""After any edits, whenever the worker gets its turn, the findings are those of a check from nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ui.desk_session import DeskSession, some_cues
from vtt_desktop.app import problems as live
from vtt_desktop.app.problems import LiveProblems
from vtt_desktop.domain import cue_draft, cue_list
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import FIRST, CueChange, Edit, Head, HeadChange, Origin
from vtt_desktop.domain.edits_text import (
    insert_cue,
    merge_cues,
    remove_cues,
    set_identifier,
    set_settings,
    set_text,
    split_cue,
)
from vtt_desktop.domain.edits_timing import set_times, shift
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.problem import Problem
from vtt_desktop.domain.rearrange import edit_to
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_checks import check_webvtt, kind_of
from vtt_desktop.quality.checker import check_quality, check_twice
from vtt_desktop.quality.profiles import load_profile
from vtt_desktop.ui.authoring import ProblemsChange

PROFILES = ["", "netflix-en", "arte", "bbc"]
HEADS = [Head(b"WEBVTT\nKind: chapters"), Head(b"WEBVTT\n\nREGION\nid:r\n", b"\nno times\n")]
TIMES = [(i * 2000, i * 2000 + lasts) for i in range(7) for lasts in (1950, 3000)] + [(0, 9000), (4000, 4000)]
KINDS = ["as another", "as another", "at another", "end", "end", "settings", "settings", "identifier"]
KINDS += ["insert", "remove", "shift", "merge", "split", "order", "all", "head"]
PROFILE = cache(load_profile)
EXAMPLES = 200
STEPS = ["edit", "edit", "edit", "undo", "turn", "turn", "holds"]


class Worker:
    """The threads of the checks, of which each gets on by a turn alone: nothing else decides when."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.asked = 0
        self._gates: list[asyncio.Future[None]] = []
        self._tasks: list[asyncio.Task[object]] = []

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        self.asked += 1
        self._tasks.append(self.loop.create_task(work))
        self._pause()

    async def to_thread(self, work: Callable[..., object], *given: object) -> object:
        """As `asyncio.to_thread`: what happens on the loop happens before the work or behind it."""
        await self._gate()
        made = work(*given)
        await self._gate()
        return made

    def turn(self) -> bool:
        """Lets the work that is at a gate go on to the next one; whether there was any."""
        if not self._gates:
            return False
        self._gates.pop(0).set_result(None)
        self._pause()
        return True

    def finish(self) -> None:
        while self.turn():
            pass
        for task in self._tasks:
            task.result()  # each has come to its end, and to a good one

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._pause()
        self.loop.close()

    def _gate(self) -> asyncio.Future[None]:
        self._gates.append(self.loop.create_future())
        return self._gates[-1]

    def _pause(self) -> None:
        """All that can go on without a gate does."""
        for _ in range(3):
            self.loop.call_soon(self.loop.stop)
            self.loop.run_forever()


@contextmanager
def worker(kept: int) -> Iterator[Worker]:
    """A worker, for a program whose parts of a document are small and whose list has `kept` rows at most."""
    made = Worker()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "to_thread", made.to_thread)
        for module in (cue_list, cue_draft):
            patch.setattr(module, "CHUNK", 3)
        patch.setattr(live, "load_profile", PROFILE)
        for name, value in {"FEW": 6, "_QUIET_S": 0, "_KEPT": kept, "_FILLED_UP": 2}.items():
            patch.setattr(live, name, value)
        try:
            yield made
        finally:
            made.close()


class Checked:
    """A session under checks, and a copy made of what is told."""

    def __init__(self, session: DeskSession, worker: Worker, profile: str = "") -> None:
        self.session, self.profile, self.worker = session, profile, worker
        self.problems = LiveProblems(worker.spawn)
        self.copy: list[Problem] = []
        self.problems.changed.connect(self._told)
        self.problems.set_session(session)
        self.problems.set_profile(profile)

    def _told(self, change: ProblemsChange) -> None:
        self.copy[change.at : change.at + change.gone] = change.fresh
        assert self.copy == self.problems.rows

    def holds(self) -> None:
        """Nothing is missing, too much, in another place or from before an edit."""
        self.worker.finish()
        snapshot = self.session.document.snapshot
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(live, "_KEPT", 20_000)
            fresh = LiveProblems(self.worker.spawn)
            fresh.set_session(DeskSession(snapshot.cues, head=snapshot.head))
            fresh.set_profile(self.profile)
            self.worker.finish()
        assert self.copy == fresh.rows[: len(self.copy)]
        assert len(self.copy) >= min(len(fresh.rows), live._FILLED_UP)
        assert not self.problems.checking
        ids = snapshot.cues.ids
        assert [self.problems.has(i) for i in ids] == [fresh.has(i) for i in ids]
        if snapshot.head.text.startswith(b"WEBVTT"):
            assert _words(fresh.rows) == _words(self._by_the_rules(snapshot))

    def _by_the_rules(self, snapshot: Snapshot) -> Iterable[Problem]:
        """What `check` says of a file, which looks at one cue after the other and keeps nothing."""
        yield from check_webvtt(snapshot, kind=kind_of(read_webvtt(snapshot.head.text)))
        yield from check_twice(snapshot.cues)
        if self.profile:
            yield from check_quality(snapshot.cues, PROFILE(self.profile))


def _words(found: Iterable[Problem]) -> list[str]:
    """Blocks that a player skips are left out: a file has them between its cues."""
    return sorted(repr(problem) for problem in found if problem.rule != "unknown-block")


SOME = [
    Cue(1, start, end, text, identifier, settings, lead)
    for start, end in TIMES
    for text, identifier, settings, lead in [
        ("one", "", "", b"\n\n"),
        ("<i>one", "", "", b"\n\n"),
        ("two & three", "a", "", b"\n\n"),
        ("one", "", "region:r", b"\n\nx y\n\n"),
    ]
]
"""Cues of which a few make a document where the same is met again, far apart too."""


class Person:
    """Does at random what a person can do, as a rule what makes a cue like another or ends that."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.pick = self.random.choice

    def document(self) -> list[Cue]:
        """Sometimes as somebody left it, sometimes in the order of its in-times."""
        cues = [self.pick(SOME) for _ in range(self.random.randrange(11))]
        if self.random.random() < 0.7:
            cues.sort(key=lambda cue: cue.start)
        return [cue.with_(id=number) for number, cue in enumerate(cues, 1)]

    def edit(self, session: DeskSession) -> Edit:
        """UserError where the cues that were picked cannot be edited so."""
        snapshot = session.document.snapshot
        kind = self.pick(KINDS)
        if kind == "head":
            return Edit("Head", (HeadChange(snapshot.head, self.pick(HEADS)),))
        if kind == "insert" or not snapshot.cues:
            fresh = self.pick(SOME).with_(id=session.document.new_id())
            return insert_cue(fresh, self.pick([FIRST, *snapshot.cues.ids]))
        cue = self.pick(snapshot.cues)
        if kind == "as another":
            return set_text(snapshot, cue.id, self.pick(snapshot.cues).text)
        if kind == "at another":
            other = self.pick(snapshot.cues)
            return set_times(snapshot, cue.id, other.start, other.end)
        if kind == "end":
            return set_times(snapshot, cue.id, cue.start, cue.end + self.pick([-30, 20, 3000]))
        if kind == "settings":
            return set_settings(snapshot, cue.id, self.pick(["", "line:0", "region:r"]))
        if kind == "identifier":
            return set_identifier(snapshot, cue.id, self.pick(["", "a"]))
        if kind == "all":
            changes = [CueChange(one, one.with_(text="one")) for one in snapshot.cues if one.text != "one"]
            return Edit("Text of all", tuple(changes))
        if kind == "order":
            order = self.random.sample(list(snapshot.cues), len(snapshot.cues))
            return edit_to(snapshot, snapshot.head, order, "Order", Origin.USER)
        at = snapshot.cues.index_of(cue.id)
        some = [one.id for one in snapshot.cues[at : at + self.random.randrange(1, 6)]]
        if kind == "remove":
            return remove_cues(snapshot, some)
        if kind == "shift":
            return shift(snapshot, some, self.pick([-2000, 10, 2000]))
        if kind == "merge":
            return merge_cues(snapshot, some)
        return split_cue(snapshot, cue.id, session.document.new_id(), at_char=1, at_ms=None)


@given(st.integers(0, 2**32))
@settings(max_examples=EXAMPLES)
def test_after_any_edits_they_are_those_of_a_check_from_nothing(seed: int) -> None:
    person = Person(seed)
    with worker(person.pick([4, 20_000])) as threads:
        session = DeskSession(person.document(), head=person.pick(HEADS))
        desk = Checked(session, threads, person.pick(PROFILES))
        for _ in range(person.random.randrange(16)):
            what = person.pick(STEPS)
            if what == "turn":
                threads.turn()
            elif what == "holds":
                desk.holds()
            elif what == "undo":
                session.undo()
            else:
                with suppress(UserError):
                    session.submit(person.edit(session))
        desk.holds()


def test_words_of_a_cue_that_is_alone_at_its_time_ask_nothing_of_the_worker() -> None:
    with worker(20_000) as threads:
        cues = some_cues(12)
        session = DeskSession([*cues, cues[0].with_(id=13, text="the same, in words of its own")])
        desk = Checked(session, threads)
        desk.holds()
        asked = threads.asked
        session.submit(set_text(session.document.snapshot, 5, "a key"))
        assert threads.asked == asked
        session.submit(set_text(session.document.snapshot, 13, cues[0].text))
        assert threads.asked == asked + 1
        threads.finish()
        assert [problem.rule for problem in desk.copy] == ["start-order", "cue-twice"]


def test_words_of_a_cue_that_gets_a_time_as_another_while_the_worker_looks_are_looked_at_again() -> None:
    with worker(20_000) as threads:
        session = DeskSession([*some_cues(12), Cue(13, 99_000, 99_500, "another")])
        desk = Checked(session, threads)
        desk.holds()
        session.submit(set_times(session.document.snapshot, 13, 0, 2000))
        session.submit(set_text(session.document.snapshot, 13, "Line of cue 1"))
        desk.holds()
        assert [problem.rule for problem in desk.copy] == ["start-order", "cue-twice"]
        session.undo()
        desk.holds()
        assert [problem.rule for problem in desk.copy] == ["start-order"]


def test_a_settings_line_that_ends_an_overlap_is_looked_at() -> None:
    with worker(20_000) as threads:
        session = DeskSession([Cue(1, 0, 2000, "one of two"), Cue(2, 1000, 3000, "the other one")])
        desk = Checked(session, threads, "netflix-en")
        desk.holds()
        assert "overlap" in [problem.rule for problem in desk.copy]
        session.submit(set_settings(session.document.snapshot, 2, "line:0"))
        desk.holds()
        assert "overlap" not in [problem.rule for problem in desk.copy]
