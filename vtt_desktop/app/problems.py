"""The author's checks, kept up with the open document while it is edited.

A cue by itself is looked at where it is edited, on the loop: some ten microseconds. All of a document, and
what depends on neighbours (the order of in-times, identifiers or cues there twice), is looked at in a worker
on a snapshot; what was edited meanwhile is checked again, what was replaced meanwhile is dropped. So when
nothing is left to do they are those of a check from nothing: all are marked, the first of them are listed.
"""

from __future__ import annotations

import asyncio
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice

from vtt_desktop.app.problem_fixes import fix_all, fix_of
from vtt_desktop.app.problem_neighbours import Near, NearCheck
from vtt_desktop.app.problem_worker import Checks, Found, check_chunks, checks_of
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Change, Snapshot
from vtt_desktop.domain.edit import CueChange, Edit
from vtt_desktop.domain.observe import Signal
from vtt_desktop.domain.problem import Problem
from vtt_desktop.quality.profiles import Profile, load_profile, profile_names
from vtt_desktop.resources import resource
from vtt_desktop.ui.authoring import Fix, ProblemsChange
from vtt_desktop.ui.commands import Spawn
from vtt_desktop.ui.ports import Session

FEW = 64
"""Cues in one edit up to which each is checked at once; more are the worker's."""
_QUIET_S = 0.3
"""After an edit of many cues the worker begins so much later: hands often go on at once, say with undo."""
_KEPT = 20_000
"""Problems that are listed at most: nobody reads more, and a list has its price."""
_FILLED_UP = 10_000
"""Where some were left out and fewer than these are left, the list is filled up."""


class LiveProblems:
    """Implements `ui.ports.Problems`. `rows` are those of the file, then those of the cues in file order."""

    def __init__(self, spawn: Spawn) -> None:
        self.changed: Signal[ProblemsChange] = Signal()
        self.rows: list[Problem] = []
        self._spawn = spawn
        self._own: Found = {}
        self._near: Found = {}
        self._left_out = False
        self._shares_its_time: Callable[[Cue], bool] = lambda cue: False
        self._checks = Checks()
        self._neighbours = NearCheck()
        self._profile: Profile | None = None
        self._run = 0
        self._running = False
        self._all_wanted = self._near_wanted = False
        self._touched: set[int] | None = None
        self._looking = False
        self._hurry = True
        self._session: Session | None = None
        self._disconnect: Callable[[], None] = lambda: None

    @property
    def checking(self) -> bool:
        """Whether the whole document is still being looked at."""
        return self._looking

    def has(self, cue_id: int) -> bool:
        """Whether a cue has a problem."""
        return cue_id in self._own or cue_id in self._near

    def fix_of(self, problem: Problem) -> Fix | None:
        """What mends it, from the document as it is now; None where only a person can."""
        if self._session is None:
            return None
        return fix_of(problem, self._session.document.snapshot, self._checks)

    async def fix_like(self, problem: Problem) -> Fix | None:
        """What mends all problems of the same rule that can be, in one edit; None where none can."""
        assert self._session is not None
        while True:
            snapshot = self._session.document.snapshot
            alike = [
                one
                for found in (self._own, self._near)
                for one in chain.from_iterable(found.values())
                if (one.rule, one.section) == (problem.rule, problem.section)
            ]
            alike = [one for one in alike if one.cue_id is not None and snapshot.cues.has(one.cue_id)]
            alike.sort(key=lambda one: snapshot.cues.index_of(one.cue_id or 0))
            fix = await asyncio.to_thread(fix_all, alike, snapshot, self._checks)
            if self._session.document.snapshot is snapshot:  # else somebody has edited meanwhile
                return fix

    @property
    def profiles(self) -> Sequence[tuple[str, str]]:
        """Names and titles of the profiles of good subtitling there are."""
        return [(name, _title(name)) for name in profile_names()]

    @property
    def profile(self) -> str:
        """The name of the chosen profile, or nothing."""
        return self._profile.name if self._profile is not None else ""

    def set_profile(self, name: str) -> None:
        """Holds the document against another profile, or none. UserError where there is no such profile."""
        self._profile = load_profile(name) if name else None
        if self._session is not None:
            self.set_session(self._session)

    def set_session(self, session: Session) -> None:
        """Another document: what is known of the one before goes."""
        self._disconnect()
        self._session = session
        self._disconnect = session.document.changed.connect(self._edited)
        self._own, self._near, self._neighbours, self._left_out = {}, {}, NearCheck(), False
        self._run += 1
        self._touched, self._all_wanted, self._near_wanted = None, False, False
        self._checks = checks_of(session.document.snapshot, session.format_name, self._profile)
        self._looking = True  # before anybody is told, so that they are told of a check
        self._list(self._checks.of_file)
        self._ask(everything=True)

    # An edit

    def _edited(self, change: Change) -> None:
        edit = change.edit
        if edit.of_head:
            self._head_edited(change.new)
        ids = edit.ids
        if edit.structural:
            self._take_away(change.old, (cue_id for cue_id in ids if not change.new.cues.has(cue_id)))
        if self._touched is not None:
            self._touched |= ids
        if len(ids) > FEW:
            self._fill_up()
            self._hurry = False
            self._ask(everything=True)
            return
        if edit.structural:  # a cue that only stands elsewhere is taken out and put in
            self._take_away(change.old, ids)
        for cue_id in ids:
            cue = change.new.cues.get(cue_id)
            if cue is not None:
                self._show(change.new, cue_id, self._checks.of_cue(cue), self._near.get(cue_id, ()))
        self._fill_up()
        if edit.structural or _touches_neighbours(edit) or self._shared_times(change.new, ids):
            self._ask()

    def _shared_times(self, snapshot: Snapshot, ids: Iterable[int]) -> bool:
        """Whether one of the cues has its times in common with another, so that its words can make it the
        same cue twice, or end that."""
        cues = (snapshot.cues.get(cue_id) for cue_id in ids)
        return any(cue is not None and self._shares_its_time(cue) for cue in cues)

    def _head_edited(self, snapshot: Snapshot) -> None:
        assert self._session is not None
        before, self._checks = self._checks, checks_of(snapshot, self._session.format_name, self._profile)
        gone = sum(1 for problem in self.rows if problem.cue_id is None)
        if before.of_file != self._checks.of_file:
            self._replace(0, gone, self._checks.of_file)
        if not before.same_for_cues(self._checks):
            self._ask(everything=True)

    # The list

    def _show(self, snapshot: Snapshot, cue_id: int, own: Sequence[Problem], near: Sequence[Problem]) -> None:
        """What a cue has wrong now, in its place of the list."""
        before = (*self._own.get(cue_id, ()), *self._near.get(cue_id, ()))
        _put(self._own, cue_id, tuple(own))
        _put(self._near, cue_id, tuple(near))
        now = (*own, *near)
        if now != before:
            at = end = self._place(snapshot, cue_id)
            while end < len(self.rows) and self.rows[end].cue_id == cue_id:
                end += 1
            self._replace(at, end - at, now)

    def _take_away(self, snapshot: Snapshot, ids: Iterable[int]) -> None:
        """Cues that are not there any more; `snapshot` still has them."""
        gone = [cue_id for cue_id in ids if self.has(cue_id)]
        if len(gone) > FEW:
            for cue_id in gone:
                self._own.pop(cue_id, None)
                self._near.pop(cue_id, None)
            them = set(gone)
            self._list([problem for problem in self.rows if problem.cue_id not in them])
            return
        for cue_id in gone:
            self._show(snapshot, cue_id, (), ())

    def _place(self, snapshot: Snapshot, cue_id: int) -> int:
        cues = snapshot.cues
        index_of = cues.index_of

        def place(problem: Problem) -> int:
            known = problem.cue_id is not None and cues.has(problem.cue_id)
            return index_of(problem.cue_id) if known and problem.cue_id is not None else -1

        return bisect_left(self.rows, index_of(cue_id), key=place)

    def _replace(self, at: int, gone: int, fresh: Sequence[Problem]) -> None:
        if at == len(self.rows) and self._left_out:
            return  # behind the last one that is listed
        self.rows[at : at + gone] = fresh
        self.changed.emit(ProblemsChange(at, gone, tuple(fresh)))
        if (over := len(self.rows) - _KEPT) > 0:
            self._left_out = True
            del self.rows[_KEPT:]
            self.changed.emit(ProblemsChange(_KEPT, over, ()))

    def _list(self, rows: Iterable[Problem]) -> None:
        gone, self.rows = len(self.rows), list(islice(rows, _KEPT + 1))
        if len(self.rows) > _KEPT:
            self._left_out = True
            del self.rows[_KEPT:]
        self.changed.emit(ProblemsChange(0, gone, tuple(self.rows)))

    def _fill_up(self) -> None:
        if self._left_out and len(self.rows) < _FILLED_UP:
            self._sort()

    # The worker

    def _ask(self, *, everything: bool = False) -> None:
        """One run at a time; what is asked for meanwhile comes after it."""
        self._all_wanted |= everything
        self._near_wanted = True
        if everything:
            self._looking = True
            self._run += 1  # what is under way is of no use any more
        if not self._running:
            self._running = True
            self._spawn(self._work())

    async def _work(self) -> None:
        try:
            while self._all_wanted or self._near_wanted:
                if not self._hurry:
                    self._hurry = True
                    await asyncio.sleep(_QUIET_S)
                assert self._session is not None
                snapshot = self._session.document.snapshot
                everything, run, self._touched = self._all_wanted, self._run, set()
                self._all_wanted = self._near_wanted = False
                if everything:
                    await self._check_all(snapshot, run)
                if run == self._run:
                    near = await asyncio.to_thread(self._neighbours.check, snapshot, self._checks)
                    if run == self._run and not self._near_wanted:
                        self._take_near(near)
                if not self._all_wanted and not self._near_wanted:
                    self._touched = None
                    self._end()
        finally:
            self._running = False

    async def _check_all(self, snapshot: Snapshot, run: int) -> None:
        loop = asyncio.get_running_loop()
        first = not self._own and not self._near
        whole: Found = {}

        def stopped() -> bool:
            return run != self._run

        def report(found: Found) -> None:
            if not stopped():
                self._take_some(found)

        def later(found: Found) -> None:
            whole.update(found)
            if first:
                loop.call_soon_threadsafe(report, found)

        await asyncio.to_thread(
            check_chunks, snapshot, self._checks, stopped, later, self._neighbours.read(self._checks.profile)
        )
        if stopped():
            return
        if not first:
            self._take_all(whole, self._touched or set())

    def _end(self) -> None:
        """All has been looked at: who says so shall hear of it."""
        if self._looking:
            self._looking = False
            self.changed.emit(ProblemsChange(0, 0, ()))

    def _take_some(self, found: Found) -> None:
        """A part of the first look at a document: the next cues in order, as a rule."""
        assert self._session is not None
        snapshot = self._session.document.snapshot
        fresh: list[Problem] = []
        for cue_id, problems in found.items():
            if cue_id in (self._touched or ()) or not snapshot.cues.has(cue_id):
                continue
            self._own[cue_id] = problems
            fresh += problems
        if not fresh:
            return
        last = self.rows[-1].cue_id if self.rows else None
        first_id = fresh[0].cue_id
        assert first_id is not None
        if last is None or snapshot.cues.index_of(last) < snapshot.cues.index_of(first_id):
            self._replace(len(self.rows), 0, fresh[: _KEPT + 1 - len(self.rows)])
        else:
            self._sort()

    def _take_all(self, found: Found, touched: set[int]) -> None:
        assert self._session is not None
        cues = self._session.document.snapshot.cues
        kept = {cue_id: self._own[cue_id] for cue_id in touched if cue_id in self._own}
        fresh = {
            cue_id: every for cue_id, every in found.items() if cue_id not in touched and cues.has(cue_id)
        }
        self._own = fresh | kept
        self._sort()

    def _take_near(self, near: Near) -> None:
        assert self._session is not None
        snapshot, found = self._session.document.snapshot, near.found
        self._shares_its_time = near.shares_its_time
        if self._shared_times(snapshot, self._touched or ()):
            self._near_wanted = True  # their words are others than those that were looked at
            return
        changed = [i for i in {**self._near, **found} if self._near.get(i) != found.get(i)]
        changed = [cue_id for cue_id in changed if snapshot.cues.has(cue_id)]
        if len(changed) > FEW:
            self._near = found
            self._sort()
            return
        for cue_id in changed:
            self._show(snapshot, cue_id, self._own.get(cue_id, ()), found.get(cue_id, ()))
        self._fill_up()

    def _sort(self) -> None:
        assert self._session is not None
        cues = self._session.document.snapshot.cues
        ids = sorted(filter(cues.has, {**self._own, **self._near}), key=cues.index_of)
        every = (problem for i in ids for problem in (*self._own.get(i, ()), *self._near.get(i, ())))
        self._left_out = False
        self._list(chain(self._checks.of_file, every))


def _title(name: str) -> str:
    """What a profile calls itself. Reading all of each of them would be felt at the start."""
    found = re.search(r'^title = "(.+)"$', resource("rules", f"{name}.toml").read_text("utf-8"), re.MULTILINE)
    return found[1] if found else name


def _put(found: Found, cue_id: int, problems: tuple[Problem, ...]) -> None:
    if problems:
        found[cue_id] = problems
    else:
        found.pop(cue_id, None)


def _touches_neighbours(edit: Edit) -> bool:
    return any(
        isinstance(part, CueChange)
        and part.before is not None
        and part.after is not None
        and _for_neighbours(part.before) != _for_neighbours(part.after)
        for part in edit.changes
    )


def _for_neighbours(cue: Cue) -> tuple[object, ...]:
    """What the checks of its neighbours, and its own beside them, look at in any case."""
    return (cue.start, cue.end, cue.identifier, cue.settings)
