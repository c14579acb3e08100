"""A person's decisions on conflicts, cue by cue, until a whole segment is decided."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Document, Snapshot, applied
from vtt_desktop.domain.edit import Edit, Head, Origin
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.around import around
from vtt_desktop.sync.body import Body, Conflict, ConflictKind, by_id, merge_bodies, sequence
from vtt_desktop.sync.codec import Codec
from vtt_desktop.sync.machines import Machines
from vtt_desktop.sync.moved_text import at_their_times, coming_back
from vtt_desktop.sync.ports import Frame
from vtt_desktop.sync.put_aside import asides, told_whole
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.segment_events import Chose, Resolved
from vtt_desktop.sync.segment_merge import decided_head, ground
from vtt_desktop.sync.state import SyncState
from vtt_desktop.sync.step_lines import beside_line, came_back_line, merged_lines
from vtt_desktop.sync.sync_log import Preview, Replaced, decision_lines, head_line
from vtt_desktop.sync.together import along, back_beside, with_others


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a segment becomes by its decisions (None: it goes), what comes `back` in others, which cues have
    their text again by that (`returned`), what becomes of cues `beside` it, and which stay that say some of
    it, too."""

    body: Body | None
    back: Mapping[str, Body]
    returned: tuple[Replaced, ...]
    beside: tuple[Replaced, ...]
    twice: tuple[Cue, ...]


NO_CUE = "The header is decided with “mine” or “theirs”: no cue can stand for it."


class Decisions:
    """A decided conflict is an edit of the person's, and can be undone."""

    def __init__(
        self,
        document: Document,
        state: SyncState,
        codec: Codec,
        machines: Machines,
    ) -> None:
        self._document = document
        self._state = state
        self._codec = codec
        self._machines = machines
        self._merged: tuple[Segment, tuple[Body | None, Body]] | None = None
        self._as_of: tuple[Snapshot, int, int] | None = None
        self._found: dict[Hashable, tuple[_Outcome, tuple[Segment, ...]]] = {}
        """What was worked out as of that moment: who decides was told of it just before."""

    def resolve(self, cue_id: int, choice: Cue | None) -> str:
        """Ends a conflict on one cue: it shall be `choice` (None: removed); gives its segment's key.

        UserError where there is none, and for the head: no cue stands for it, nor can it be removed.
        """
        one = self._state.segment_of(cue_id)
        if one is None or all(conflict.id != cue_id for conflict in one.conflicts):
            conflicts = ((s, c) for s in self._state.segments.values() for c in s.conflicts)
            one = next((s for s, c in conflicts if c.id == cue_id), None)
        if one is None:
            raise UserError("There is no conflict on that cue any more.")
        if any(conflict.kind is ConflictKind.HEAD for conflict in one.conflicts):
            raise UserError(NO_CUE)
        choice = choice.with_(id=cue_id) if choice is not None else None
        choices = _so_far(one) | {cue_id: choice}
        if {c.id for c in one.conflicts} - set(choices):
            # The segment holds more cues to decide; they are sent together.
            self._machines.step(one.key, Chose(cue_id, choice))
            return one.key
        merged = tuple(merged_lines(one, self._sides(one)[1]))
        every = asides(one, choices, self._becomes, self._document.snapshot.cues)
        with self._state.diary.belonging(lambda line: told_whole(line, every)):
            self._end(one, choices)
        for line in merged:
            self._state.tell(line)
        return one.key

    def _end(self, one: Segment, choices: Mapping[int, Cue | None]) -> None:
        """All of a segment is decided."""
        decided = one.theirs.etag if one.theirs is not None else one.etag
        found = self._written(self._outcome(one, choices))
        name = self._name(choices)
        for back in found.returned:
            self._state.tell(came_back_line(back, name))
        chosen = {cue.id: cue for cue in found.body.cues} if found.body is not None else {}
        for each in one.conflicts:
            for line in decision_lines(each, choices[each.id], decided, chosen.get(each.id)):
                self._state.tell(line)
        for beside in found.beside:
            self._state.tell(beside_line(beside, name))
        self._decide(one.key, found.body, found.back, found.beside)

    def resolve_head(self, key: str, mine: bool) -> None:
        """Ends a conflict on the document's head. UserError where there is none, or theirs is no head."""
        one = self._state.segment(key)
        if one is None or one.theirs is None:
            raise UserError("There is no conflict on the header any more.")
        ours = one.mine.head if one.mine is not None else None
        other = one.theirs.body.head if one.theirs.body is not None else None
        if other is None and not mine:
            raise UserError("The header was removed on the server.", "Keep yours: it is put there again.")
        decided = decided_head(one, mine, self._codec.make)
        kept = decided.head if decided is not None else None
        self._state.tell(head_line(mine, other if mine else ours, kept, one.theirs.etag))
        self._decide(key, decided)

    def _decide(
        self,
        key: str,
        body: Body | None,
        back: Mapping[str, Body] | None = None,
        beside: Sequence[Replaced] = (),
    ) -> None:
        self._machines.decided(key, Resolved(body), "Resolve conflict", back, beside)

    def preview(self, conflict: Conflict, choice: Cue | None) -> Preview:
        """What the choice on this cue would make of it and of others, after those that were made on others of
        its segment; of these it tells only what was not chosen. Nothing is changed."""
        one = self._state.segment_of(conflict.id)
        if one is None or conflict not in one.conflicts or conflict.kind is ConflictKind.HEAD:
            return Preview(choice)
        chosen, cues = _so_far(one), self._document.snapshot.cues
        found = self._outcome(one, chosen | {conflict.id: choice})
        every = _every(one, found)
        cue = every.pop(conflict.id, None)
        known = {i: chosen.get(i, cues.get(i)) for i in every}
        others = (Replaced(cues.get(i), other) for i, other in every.items() if other != known[i])
        return Preview(cue, tuple(others), found.twice)

    def _becomes(self, one: Segment, choices: Mapping[int, Cue | None]) -> dict[int, Cue | None]:
        """What a segment's cues and others would be by these choices (None: removed)."""
        return _every(one, self._outcome(one, choices))

    def _outcome(self, one: Segment, choices: Mapping[int, Cue | None]) -> _Outcome:
        """What is decided by these choices, with all that belongs to it; no body of it is written yet. Asked
        again while nothing has changed, it is known."""
        givers = tuple(self._machines.waiting_for(one.key))
        as_of = (self._document.snapshot, self._state.moves, self._state.diary.number)
        if self._as_of is None or self._as_of[0] is not as_of[0] or self._as_of[1:] != as_of[1:]:
            self._as_of = as_of
            self._found.clear()
        chosen = tuple((i, cue, cue and id(cue.source)) for i, cue in choices.items())  # no part of the value
        asked = (one.key, chosen, tuple(map(id, givers)))
        if asked not in self._found:
            self._found[asked] = self._worked_out(one, choices), givers
        return self._found[asked][0]

    def _written(self, found: _Outcome) -> _Outcome:
        """With its bodies as the backend would hold them."""

        def written(body: Body) -> Body:
            return self._codec.make(body.cues, body.head, body.order, body.frame)

        body = written(found.body) if found.body is not None else None
        return replace(found, body=body, back={key: written(back) for key, back in found.back.items()})

    def _worked_out(self, one: Segment, choices: Mapping[int, Cue | None]) -> _Outcome:
        body = self._decided(one, choices)
        now = {cue.id: cue for cue in body.cues} if body is not None else {}
        inside, beside, back = dict(now), dict[int, Replaced](), list[Cue]()
        twice: dict[int, Cue] = {}
        before = snapshot = self._document.snapshot
        known = by_id(one.base)
        for conflict in one.conflicts:
            known_of_it = around(conflict, one, inside, snapshot, self._state)
            found = along(conflict, now.get(conflict.id), known_of_it)
            if found.cue is not None:
                inside[conflict.id] = found.cue
            twice |= {cue.id: cue for cue in found.twice}
            back += (cue for cue in found.back if cue.id in known)
            others = {**found.others, **{cue.id: cue for cue in found.back}}
            for cue_id, other in others.items():
                if cue_id not in now and cue_id not in known:
                    beside[cue_id] = Replaced(before.cues.get(cue_id), other)
                elif other is not None:
                    inside[cue_id] = other
                else:
                    inside.pop(cue_id, None)
            if beside and conflict is not one.conflicts[-1]:
                # What gave words to several has those again of each.
                outside = (Replaced(snapshot.cues.get(i), each.after) for i, each in beside.items())
                snapshot = applied(snapshot, with_others(Edit("", (), Origin.USER), snapshot, outside))
        if inside != now:
            body = self._with(body or self._sides(one)[1], inside, back)
        again = self._coming_back(one, body, beside)
        returns = {cue.id: cue for each in again.values() for cue in each.cues}
        beside = {i: each for i, each in beside.items() if returns.get(i) in (None, each.after)}
        returned = self._returned(one, body, again, choices)
        body = self._beside(one, body, [cue for was, cue in returned if was is None])
        told = tuple(Replaced(was, cue) for was, cue in returned)
        return _Outcome(body, again, told, tuple(beside.values()), tuple(twice.values()))

    def _with(self, body: Body, cues: Mapping[int, Cue], back: Iterable[Cue]) -> Body | None:
        """A body of these cues; those that come back stand at their times."""
        ids = [cue.id for cue in body.cues if cue.id in cues]
        for cue in back:
            if cue.id not in ids:
                ids.insert(sum(cues[i].start <= cue.start for i in ids), cue.id)
        return _unwritten(tuple(cues[i] for i in ids), None, body.order, body.frame) if ids else None

    def _coming_back(
        self, one: Segment, chosen: Body | None, beside: Mapping[int, Replaced]
    ) -> dict[str, Body]:
        """What gave text to a segment, and has it again where the segment shall be without it, with what else
        becomes of it."""

        def givers(key: str) -> Iterator[Segment]:
            for giver in self._machines.waiting_for(key):
                mine = giver.mine.cues if giver.mine is not None else ()
                if giver.mine is not None and any(cue.id in beside for cue in mine):
                    after = {cue.id: beside[cue.id].after if cue.id in beside else cue for cue in mine}
                    cues = {i: cue for i, cue in after.items() if isinstance(cue, Cue)}
                    giver = replace(giver, mine=self._with(giver.mine, cues, ()))
                yield giver

        every = (self._state.segment(gave.taker) for gave in one.gave)
        takers = [taker.mine for taker in every if taker is not None and taker.mine is not None]
        return coming_back(one, self._sides(one)[0], chosen, givers, takers, _unwritten)

    def _returned(
        self, one: Segment, body: Body | None, back: Mapping[str, Body], choices: Mapping[int, Cue | None]
    ) -> list[tuple[Cue | None, Cue]]:
        """Which cues have their text again since it is not where it was to go: as they were (None: removed),
        and as they are then."""
        was = {cue.id: cue for cue in one.mine.cues} if one.mine is not None else {}
        before = {cue.id for cue in one.base.cues} - choices.keys() if one.base is not None else set()
        beside = [cue for cue in body.cues if cue.id in before] if body is not None else []
        changed = (cue for cue in beside if _text(was.get(cue.id)) != cue.text)
        there = [cue for cue in changed if cue.id not in was or self._ours(one, cue)]
        for key, again in back.items():
            segment = self._state.segment(key)
            was |= {cue.id: cue for cue in segment.mine.cues} if segment and segment.mine else {}
            there += [cue for cue in again.cues if _text(was.get(cue.id)) != cue.text]
        return [(was.get(cue.id), cue) for cue in there]

    def _name(self, choices: Iterable[int]) -> str:
        """What the log calls the cue that was decided."""
        cues, cue_id = self._document.snapshot.cues, next(iter(choices))
        return f"cue {cues.index_of(cue_id) + 1}" if cues.has(cue_id) else "a cue that is removed"

    @staticmethod
    def _ours(one: Segment, cue: Cue) -> bool:
        """Whether the cue says what the base did: nobody else changed it."""
        base = one.base.cues if one.base is not None else ()
        return any(cue.id == other.id and cue.text == other.text for other in base)

    def _beside(self, one: Segment, body: Body | None, returned: list[Cue]) -> Body | None:
        """What was decided, not stretched over cues that come back."""
        if body is None or not returned:
            return body
        cues = at_their_times(one, {cue.id: cue for cue in body.cues}, returned)
        return _unwritten(tuple(cues.values()), None, body.order, body.frame)

    def _sides(self, one: Segment) -> tuple[Body | None, Body]:
        """What both sides of a segment come from, and both merged. It depends on no choice: who types what
        shall be chosen does not wait for it each time."""
        if self._merged is None or self._merged[0] is not one:
            theirs = one.theirs.body if one.theirs is not None else None
            model = one.mine or theirs or one.base
            assert model is not None
            base = ground(one, theirs, self._codec.make)
            if base is not None and one.mine is not None and theirs is not None:
                model = merge_bodies(base, one.mine, theirs, self._codec.make).body
            self._merged = (one, (base, model))
        return self._merged[1]

    def _decided(self, one: Segment, choices: Mapping[int, Cue | None]) -> Body | None:
        """The segment's body with the person's choices in it, and all else merged."""
        theirs = one.theirs.body if one.theirs is not None else None
        base, model = self._sides(one)
        cues = {cue.id: cue for cue in model.cues}
        for cue_id, choice in choices.items():
            if choice is None:
                cues.pop(cue_id, None)
            else:
                cues[cue_id] = choice
        if base is not None:
            back_beside(one, base, cues, choices)
        if not cues:
            return None
        ids = [cue.id for cue in model.cues if cue.id in cues]
        for side in (theirs, one.mine, one.base):  # one that comes back stands where it stood there
            if side is not None:
                ids = sequence(tuple(cues[i] for i in ids), side.cues, cues)
        return _unwritten(tuple(cues[i] for i in ids), None, model.order, model.frame)


def _text(cue: Cue | None) -> str | None:
    return cue.text if cue is not None else None


def _so_far(one: Segment) -> dict[int, Cue | None]:
    """What was chosen on cues of a segment of which others are to be decided yet."""
    return {chosen.id: chosen.choice for chosen in one.chosen}


def _every(one: Segment, found: _Outcome) -> dict[int, Cue | None]:
    """What becomes of each cue of a segment, and of others (None: it goes)."""
    every: dict[int, Cue | None] = {cue.id: None for cue in one.mine.cues} if one.mine is not None else {}
    for body in (found.body, *found.back.values()):
        every |= {cue.id: cue for cue in body.cues} if body is not None else {}
    for replaced in found.beside:
        cue = replaced.after or replaced.before
        if isinstance(cue, Cue):
            every[cue.id] = cue if replaced.after is not None else None
    return every


def _unwritten(cues: tuple[Cue, ...], head: Head | None, order: str, frame: Frame) -> Body:
    """A body that may be only looked at: what the backend would hold takes its time."""
    return Body("", order, cues, head, frame)
