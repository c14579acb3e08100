"""The machines of one document's segments: steps them, and carries what they decide into the document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from vtt_desktop.domain.document import Document
from vtt_desktop.domain.edit import Edit, Origin
from vtt_desktop.domain.many import replace
from vtt_desktop.sync import segment_events as machine
from vtt_desktop.sync.body import Body
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.engine_ports import JournalPort
from vtt_desktop.sync.givers import Givers
from vtt_desktop.sync.graves import Graves
from vtt_desktop.sync.layout import Layout
from vtt_desktop.sync.made_twice import WORDS, MadeHere, under_its_id
from vtt_desktop.sync.moved_text import given
from vtt_desktop.sync.order_of_writes import FEW
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.segment_events import Event
from vtt_desktop.sync.segment_step import step
from vtt_desktop.sync.state import SyncState
from vtt_desktop.sync.step_lines import adopted_lines, put_aside_lines
from vtt_desktop.sync.sync_log import LogKind, LogLine, Replaced, conflict_line
from vtt_desktop.sync.together import one_after_the_other, removed_where_joined, with_others
from vtt_desktop.sync.waiting import Waiting

_IN_ORDER = "In the order that the server has"

NEVER = -1
"""The mark before all others: of what was never met, or asked."""


class Machines:
    """All on the loop's thread. What changes is written to the state and to the journal, nowhere else.
    `let_go` hears of segments that need not wait for others any more, or were written out before their turn;
    `submit` is the road of a person's edits: a decided conflict is one, and text that comes back, and can be
    undone.
    """

    def __init__(
        self,
        document: Document,
        state: SyncState,
        codec: Codec,
        journal: JournalPort,
        layout: Layout,
        mine: Callable[[str], Body | None],
        let_go: Callable[[Iterable[str]], object],
        submit: Callable[[Edit], object],
    ) -> None:
        self._submit = submit
        self._let_go = let_go
        self._document = document
        self._state = state
        self._codec = codec
        self._journal = journal
        self._layout = layout
        self._mine = mine
        self._waiting = Waiting(self._known, mine, self._free, let_go)
        self._made_here = MadeHere(state.segment)
        self._moves = 0
        self._moved: dict[str, int] = {}
        self._graves = Graves(journal)
        self._givers = Givers(
            document,
            state,
            layout,
            self._graves,
            self._waiting,
            codec.make,
            self.catch_up,
            self._told,
            submit,
        )
        self._lately: dict[str, Body | None] = {}
        """What the segments that were edited last said before: a person's step may have several edits."""
        self._were: dict[int, Body] = {}
        """What the server had of cues that are nowhere, where it had more than what is ours."""
        self.behind: dict[str, None] = {}
        """Segments that the document says something else for than is written out as their `mine`; none of
        them is stepped before it is."""

    def step(self, key: str, event: Event) -> tuple[machine.Action, ...]:
        """One step of one machine, and what follows for the document; gives the requests to be made."""
        self.catch_up(key)
        one = self._known(key)
        after, actions = step(one, event, self._codec.make)
        self._tell_asked_again(one, after)
        with self._journal.together():
            if (twin := self._made_here.same_as(one, after)) is not None and twin.key not in self.behind:
                after = self._given_up(twin, after)
                actions = (machine.Adopt(after.mine, ()),)
            self._show(after)
            if after.after or after.gave:
                self._waiting.go_on((after,))
            for action in actions:
                if isinstance(action, machine.Adopt):
                    self._adopt(one, after, action)
                    self._givers.give_back(one, action.body)
            if after.base is not one.base and self._layout.by_time(after):
                self.to_its_place(key)
            self._write(one, after)
            self._givers.taker_moved(one, after)
        if after.theirs is not None:
            known = {conflict.id for conflict in one.conflicts}
            for conflict in after.conflicts:
                if conflict.id not in known:
                    self._state.tell(conflict_line(conflict, after.theirs.etag))
        if one.gave:
            takers = (self._state.segment(gave.taker) for gave in one.gave)
            for line in removed_where_joined(one, after, [taker for taker in takers if taker is not None]):
                self._state.tell(line)
        if after.mine is not None and after.mine.empty and after.mine != one.mine:
            self.edited((key,))  # what two desks removed together was all of it
        if (left := self._state.segment(key)) is not None and left.nowhere:
            self.drop(key)
        self._proved((key,))
        return tuple([action for action in actions if not isinstance(action, machine.Adopt)])

    def _given_up(self, ours: Segment, theirs: Segment) -> Segment:
        """A colleague made the very cue that was made here, not sent: gives their segment, with our cue."""
        after = under_its_id(theirs, ours)
        self.drop(ours.key)
        self._proved((ours.key,))
        assert after.mine is not None
        self._state.tell(LogLine(after.mine.cues[0].id, WORDS, after.etag))
        return after

    def to_its_place(self, key: str, label: str = _IN_ORDER) -> None:
        """Brings a segment's cues to where they stand among the others, on every desk."""
        move = self._layout.move_for(key, self._document.snapshot, label, Origin.REMOTE)
        if move.changes:
            self._document.apply(move)

    def to_their_places(self, keys: Iterable[str], label: str) -> None:
        """As `to_its_place`, for several: each is put behind the one before it, which has to stand right."""
        for key in sorted(keys, key=self._layout.place_of):
            self.to_its_place(key, label)

    def tidy(self) -> None:
        """Brings each segment's cues together, and segments that cannot be moved to where they belong."""
        snapshot, sort = self._document.snapshot, not self._layout.free
        tidied = self._layout.tidied(snapshot, _IN_ORDER, Origin.REMOTE, sort=sort)
        if tidied.changes:
            self._document.apply(tidied)

    def fall_behind(self, keys: Iterable[str], known: frozenset[int]) -> None:
        """Marks segments as changed; what the document says for them `edited` writes out later, in portions,
        or it tells it again after a crash. `known`: those of their cues that changed, if all were there."""
        keys = dict.fromkeys(keys)
        self.behind |= keys
        self._state.touch(keys, self._layout.owners(keys.keys(), beside=bool(known)), known)

    def catch_up(self, key: str) -> None:
        """Writes out what the document says for a segment, where that was put off."""
        if key in self.behind:
            self._let_go(self.edited((key,)))

    def edited(self, keys: Iterable[str]) -> list[str]:
        """Tells many machines what the document says for them now; gives those that it is news to.

        Announced once, whatever their number. `mine` follows from the document, so a journal that has the
        edit needs no row for it, unless the segment appears or goes.
        """
        keys = tuple(keys)
        changed, rows, same = [], [], []
        for key in keys:
            mine = self._mine(key)
            one = self._known(key)
            if one.base is None and one.was is None and mine is not None and mine.cues:
                one = replace(one, was=self._were.get(mine.cues[0].id))
            others = self._waiting.taken(key)
            takers = {other: self._mine(other) for other in others}
            gave = given(one, mine, takers, self._lately.get(key)) if others else ()
            edited = machine.Edited(mine, others, gave)
            after, _ = step(one, edited, self._codec.make)
            self._tell_asked_again(one, after)
            if key in self.behind:
                del self.behind[key]
                same.append(key)
            if after != one:
                if len(keys) <= FEW and one.mine != after.mine:
                    self._lately.pop(key, None)
                    self._lately[key] = one.mine
                self._graves.open(key)
                changed.append(after)
                if after.stored != one.stored or after.mine is None:
                    rows.append(after)
        self._journal.put_segments(rows)
        self._made_here.note(changed)
        self._state.put(changed)
        self._state.settle(same)
        for one in changed:
            if one.nowhere:
                self.drop(one.key)
        while len(self._lately) > FEW:
            del self._lately[next(iter(self._lately))]
        self._proved(keys)
        return [one.key for one in changed if not one.nowhere]

    def emptied(self, key: str) -> None:
        """A segment that the server does not have is not to be made there again: its cues have another."""
        after = self._told(self._known(key), machine.Edited(None))
        self._keep_what_was(after)
        if after.nowhere:
            self.drop(key)

    def follow(self, after: Mapping[str, frozenset[str]]) -> None:
        """Segments that an edit took text from, and those that it gave text to; before `edited`."""
        self._waiting.follow(after)

    def go_on_waiting(self, made: frozenset[str]) -> None:
        """After a start, when the document has told what it says: who still waits for whom. Who waited for a
        segment whose name was not on disk yet waits for those that were `made` now."""
        for one in tuple(self._state.segments.values()):
            if made and any(self._state.segment(other) is None for other in one.after):
                self.follow({one.key: made})
                self.edited((one.key,))
        self._made_here.note(self._state.segments.values())
        self._waiting.go_on((*self._state.segments.values(), *self._graves.every))
        self._proved(self._waiting.awaited)

    def waiting_for(self, key: str) -> Iterable[Segment]:
        """Segments that gave text to this one, and waited for it to be written before them."""
        return self._givers.of(key)

    def _proved(self, keys: Iterable[str]) -> None:
        self._givers.let_go(key for key in keys if key not in self.behind)

    def _free(self, key: str, others: frozenset[str]) -> None:
        one = self._state.segment(key)
        if one is not None and one.after & others:
            self._told(one, machine.Proved(others))

    def _told(self, one: Segment, event: Event) -> Segment:
        """A step that nothing follows from for the document."""
        after, _ = step(one, event, self._codec.make)
        if after != one:
            self._state.put((after,), self.behind)
            self._write(one, after)
        return after

    def decided(
        self,
        key: str,
        event: Event,
        label: str,
        back: Mapping[str, Body] | None = None,
        beside: Sequence[Replaced] = (),
    ) -> None:
        """A step that a person decided: what follows for the document is an edit of theirs, with what comes
        `back` because of it, and what becomes of cues `beside` it."""
        self.catch_up(key)
        one = self._known(key)
        if went_on := frozenset(g.taker for g in one.gave if not self._known(g.taker).in_step):
            # What is known to have gone on from here is no more, once it is decided: who gave it is asked.
            passed = {giver: went_on - {giver} for giver in self._waiting.waiters(key)}
            self.follow(passed)
            self.edited(passed)
        after, actions = step(one, event, self._codec.make)
        if not isinstance(event, machine.Resolved):
            self._tell_asked_again(one, after)
        self._show(after)
        with self._journal.together():
            snapshot = self._document.snapshot
            bodies: dict[str, Body | None] = {}
            for action in actions:
                if isinstance(action, machine.Adopt):
                    self._layout.learn(after)
                    bodies[key] = action.body
            self._givers.wait_no_more(back or ())
            bodies |= back or {}
            edit = self._layout.edit_for_all(bodies, snapshot, label, Origin.USER)
            edit = with_others(edit, snapshot, [r for r in beside if r.before is not None])
            if edit.changes:
                self._submit(edit)
            # What others had joined is no step to undo: its words would be nowhere.
            joined = [one for one in beside if one.before is None]
            returned = with_others(Edit(label, (), Origin.REMOTE), self._document.snapshot, joined)
            if returned.changes:
                self._document.apply(returned)
                self.to_their_places(self._layout.keys_of(each.id for each in returned.cue_changes), label)
            if beside:
                waits = one_after_the_other(key, beside, self._layout.keys_of)
                self.follow(waits)
                self.edited(waits)
                self._proved(waits.get(key, ()))  # what was not gone on the server yet is there already
            if self._layout.by_time(after):
                self.to_its_place(key)
            self._write(one, self._state.segment(key) or after)
            self._givers.taker_moved(one, after)
        if (left := self._state.segment(key)) is not None and left.nowhere:
            self.drop(key)
        self._proved((key,))

    def read(self, key: str, document: Any) -> Body:
        """A document from the wire as this segment's body. UserError where it is not as the profile says."""
        self.catch_up(key)
        place = len(self._document.snapshot.cues)
        return self._codec.read_segment(document, self._state.segment(key), self._document.new_id, place)

    @property
    def moves(self) -> int:
        """A mark of this moment, for `moved_since`."""
        return self._moves

    def moved_since(self, key: str, mark: int) -> bool:
        """Whether another version of the segment came to be known since `mark`: what was asked for before
        that may be older. What this run has not met yet is from an earlier one, at mark 0, or unknown."""
        return self._moved.get(key, 0 if self._state.segment(key) is not None else NEVER) > mark

    def _show(self, one: Segment) -> None:
        """The segment as it is from now on."""
        old = self._state.segment(one.key)
        if old is not None and old == one:
            return
        if old is None or (old.base, old.etag, old.theirs) != (one.base, one.etag, one.theirs):
            self._moves += 1
            self._moved[one.key] = self._moves
        self._graves.open(one.key)
        self._keep_what_was(one)
        self._state.put((one,))

    def _keep_what_was(self, one: Segment) -> None:
        """What else the server had comes back with a cue, though the segment is shown with another."""
        if one.was is not None:
            self._were |= {cue.id: one.was for cue in one.was.cues}

    def _write(self, old: Segment, one: Segment) -> None:
        """On disk in one with the document's edit: after a crash between the two, text that is not there yet
        would look like an edit made on top of the newer version."""
        if old.stored != one.stored:
            self._journal.put_segments((one,))

    def drop(self, key: str) -> None:
        """Forgets a segment that is neither here nor there, but for its tags: who shows one of them is
        behind. And but for creations that may still arrive: they are ours, and were taken back."""
        self._moves += 1
        self._moved[key] = self._moves
        self.behind.pop(key, None)
        one = self._state.segment(key)
        self._state.drop(key)
        self._layout.forget(key)
        if one is None or not (one.past or one.was or one.unproven or one.gave):
            self._journal.drop_segment(key)
            return
        known = Segment(key, past=one.past, was=one.was, unproven=one.unproven)
        self.bury(replace(known, after=one.after, gave=one.gave))
        self._graves.write(key)

    def bury(self, one: Segment) -> None:
        """Remembers a segment that was, and is nowhere."""
        self._graves.bury(one)
        self._keep_what_was(one)

    def buried(self, key: str) -> bool:
        """Whether the segment was here once and is nowhere now."""
        return key in self._graves

    def _known(self, key: str) -> Segment:
        if (one := self._state.segment(key)) is not None:
            return one
        one = self._graves.get(key)
        if one is None or not one.after:
            return one or Segment(key)
        # It comes back: of what it waited for, some may be saved since.
        others = {other: self._state.segment(other) for other in one.after}
        return replace(one, after=frozenset(k for k, o in others.items() if o is not None and not o.in_step))

    def say(self, key: str, words: str, etag: str | None = None, kind: LogKind = LogKind.NOTE) -> None:
        """A line in the sync log, on the segment's first cue."""
        one = self._state.segment(key)
        body = (one.mine or one.base) if one is not None else None
        cue_id = body.cues[0].id if body is not None and body.cues else 0
        self._state.tell(LogLine(cue_id, words, etag, kind))

    def _tell_asked_again(self, before: Segment, one: Segment) -> None:
        for line in put_aside_lines(before, one):
            self._state.tell(line)

    def _adopt(self, before: Segment, one: Segment, action: machine.Adopt) -> None:
        label = "As the server keeps it" if action.altered else "Change by a colleague"
        edit = self._carry(one, action.body, label)
        for line in adopted_lines(before, one.etag, edit, altered=action.altered):
            self._state.tell(line)

    def _carry(self, one: Segment, body: Body | None, label: str) -> Edit:
        """Makes the document say `body`, at its place; gives what that changed, but for places."""
        self._layout.learn(one)
        if body is not None and body.order:
            self._layout.rank(one.key, body.order)
        edit = self._layout.edit_for(one.key, body, self._document.snapshot, label, Origin.REMOTE)
        if edit.changes:
            self._document.apply(edit)
        if body is not None and body.order:
            self.to_its_place(one.key, label)
        return edit
