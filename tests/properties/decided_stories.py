"""Stories of decisions: two or three people edit a film, one of them offline, and decide all conflicts.

Everything comes from a seed, in virtual time, and nothing fails. `python -m tests.properties.decided_stories
FIRST END` runs the seeds from FIRST to END (not run) and tells the laws that one breaks.
"""

from __future__ import annotations

import argparse
import random
import sys
import traceback
from collections.abc import Sequence

from tests.properties.decided_laws import Choice, Cues, Decision, Words, nowhere, said, seen
from tests.properties.decided_people import CUES, TEXTS, Person, film
from tests.properties.sync_lockstep import PROFILES, Desk, World
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import applied
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.body import Conflict, MakeBody, merge_bodies
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.sync_log import LogKind, LogLine, Preview

MOST = 20
"""More decisions than there can be in a story."""


class Film(World):
    """A backend with four cues in segments of one, two or four. `texts`, `several`: not drawn, but these."""

    def __init__(self, seed: int, texts: Sequence[str] = (), several: int = 0) -> None:
        draw = random.Random(seed)
        self.kind = draw.choice(list(TEXTS))
        self.many = several or draw.choice((1, 1, 2, 4))
        self._texts = texts or [TEXTS[self.kind](i) for i in range(CUES)]
        super().__init__(seed, PROFILES["keys"])

    def film(self, several: Sequence[int]) -> list[str]:
        blocks, many = film(self._texts, self.chance), self.many
        return ["\n\n".join(blocks[at : at + many]) for at in range(0, len(blocks), many)]


class Story:
    """One story; `broken` are the laws that it broke, `told` what happened."""

    def __init__(self, seed: int, people: int) -> None:
        self.broken: list[str] = []
        self.world = Film(seed)
        self.told = [f"{self.world.kind}, {self.world.many} cues in a segment"]
        self._chance = self.world.chance
        self._desks = [self.world.open(name) for name in "abc"[:people]]
        self._at_first = _cues(self._desks[0])
        self._began = {key: one.base for key, one in self._desks[0].state.segments.items() if one.base}
        self._left_by: dict[str, Cues] = {}
        """What each desk showed when it had not heard of the others."""
        self._choices: list[Choice] = []
        self._restarts = self._chance.random() < 0.3

    async def happens(self) -> None:
        await self._edit()
        for _ in range(MOST):
            await self._all_sync()
            waiting = [(desk, one) for desk in self._desks for one in desk.state.conflicts]
            if not waiting:
                break
            desk, conflict = self._chance.choice(waiting)
            if self._restarts and self._chance.random() < 0.5:
                desk = await self._restarted(desk)
            self._decide(desk, conflict)
        else:
            self.broken.append("there is always something left to decide")
        await self._all_sync()
        self._end()
        for desk in self._desks:
            await desk.engine.stop()

    async def _edit(self) -> None:
        """All edit, the first one offline."""
        first = self._desks[0]
        first.engine.set_offline(True)
        for desk in self._desks:
            person = Person(desk, self._chance)
            for _ in range(self._chance.choice((1, 1, 2, 2, 3))):
                person.act()
            self._left_by[desk.name] = _cues(desk)
            self.told.append(f"{desk.name}: {', '.join(person.did)} → {_texts(_cues(desk))}")
            if desk is not first:
                await _sync(desk)
        first.engine.set_offline(False)

    async def _all_sync(self) -> None:
        for _ in range(2):
            for desk in self._desks:
                await _sync(desk)

    async def _restarted(self, desk: Desk) -> Desk:
        """The desk after its program began anew: what can be decided, and what comes of it, is the same."""
        before, at = _outlook(desk), self._desks.index(desk)
        self._desks[at] = again = await desk.restart()
        if (after := _outlook(again)) != before:
            self.broken.append(f"after a restart other things would be decided: {before}, {after}")
        return again

    def _decide(self, desk: Desk, conflict: Conflict) -> None:
        one = desk.state.segment_of(conflict.id)
        assert one is not None
        how, choice = self._choose(conflict, desk.name)
        there = self._made_by(conflict, [other.name for other in self._desks if other is not desk])
        self._choices.append(Choice.of(conflict, choice, desk.name, there, self._open(desk, one)))
        showed, told = _cues(desk), desk.engine.preview(conflict, choice)
        chosen = {each.id: each.choice for each in one.chosen}
        asides = _asides(desk, conflict, choice)
        number = max((line.number for line in desk.state.diary.lines), default=0)
        steps = len(desk.history.labels)
        last = {each.id for each in one.conflicts} == {*chosen, conflict.id}
        desk.engine.resolve(conflict.id, choice)
        after = _cues(desk)
        sides = [side and side.text for side in (conflict.base, conflict.mine, conflict.theirs)]
        self.told.append(
            f"{desk.name} decides {sides} {how}: {choice and choice.text!r} of"
            f" {_texts(showed)} → {_texts(after)}{'' if last else ' (waits for others)'}"
        )
        if not last:
            if after != showed:
                self.broken.append(f"what waits for other decisions did something: {_texts(after)}")
            return
        before = _merged(one, showed, desk.codec.make)
        expected = _with(showed | chosen, conflict.id, told)
        decision = Decision(conflict, choice, one.conflicts, self._at_first, before, expected, after)
        self.broken += decision.broken()
        self._put_back(desk, conflict, number, asides)
        if len(desk.history.labels) > steps:
            self._undo(desk, showed, after)

    def _made_by(self, conflict: Conflict, names: Sequence[str]) -> str:
        """Which of these people made what a cue is there; “”: it may have been several."""
        if len(names) > 1:
            side, left_by = seen(conflict.theirs), self._left_by
            names = [name for name in names if seen(left_by[name].get(conflict.id)) == side]
        return names[0] if len(names) == 1 else ""

    def _open(self, desk: Desk, one: Segment) -> Words:
        """What the segments had said that wait for a decision here, too; and those to which text went from
        this one. Where text went both ways, one of both is written before the other is decided."""
        waiting = [each for each in desk.state.segments.values() if each.conflicts and each is not one]
        had = [each.base for each in waiting if each.base is not None]
        had += [self._began[gave.taker] for gave in one.gave if gave.taker in self._began]
        return sum((said(dict(enumerate(body.cues))) for body in had), Words())

    def _choose(self, conflict: Conflict, name: str) -> tuple[str, Cue | None]:
        """What is to be, and how that was chosen."""
        how = self._chance.choice(("mine", "mine", "theirs", "theirs", "new"))
        known = conflict.mine or conflict.theirs
        if how != "new" or known is None:
            return how, conflict.keep_mine if how == "mine" else conflict.take_theirs
        texts = [side.text for side in (conflict.mine, conflict.theirs, conflict.base) if side is not None]
        both = " ".join(dict.fromkeys(" ".join(texts).split()))
        return how, known.with_(text=self._chance.choice((both, f"{name}new", f"{texts[0]}!")))

    def _put_back(
        self, desk: Desk, conflict: Conflict, number: int, asides: list[tuple[Cue | None, Cues]]
    ) -> None:
        """What was put aside, put back, leaves what it would have left."""
        for line in desk.state.diary.lines:
            if line.number <= number or line.cue_id != conflict.id or line.kind is not LogKind.DECIDED:
                continue
            for side, would in asides:
                if line.replaced is None or side != line.replaced.before:
                    continue
                is_then = _put_back(desk, line)
                wanted = {**would, conflict.id: side} if side is not None else would
                if _texts(is_then) != _texts(wanted):
                    self.broken.append(f"put back {side}: {_texts(is_then)} instead of {_texts(wanted)}")

    def _undo(self, desk: Desk, before: Cues, after: Cues) -> None:
        """Undo gives back what the desk showed, but for what others did; redo what was decided."""
        desk.history.undo()
        undone = _cues(desk)
        for i in {*before, *(undone.keys() - after.keys())}:
            if seen(before.get(i)) != seen(undone.get(i)):
                self.broken.append(f"undo: {seen(before.get(i))} is {seen(undone.get(i))}")
        desk.history.redo()
        if _seen(_cues(desk)) != _seen(after):
            self.broken.append(f"redo: {_texts(after)} is {_texts(_cues(desk))}")

    def _end(self) -> None:
        """All is saved, all show the same, and no word is nowhere that nobody decided on."""
        shown = [_cues(desk) for desk in self._desks]
        self.told.append(f"in the end {_texts(shown[0])}")
        if any(_in_order(each) != _in_order(shown[0]) for each in shown):
            self.broken.append(f"not all show the same: {[_texts(each) for each in shown]}")
        if self._desks[0].shown != self.world.kept:
            self.broken.append(f"the server has {self.world.kept}")
        phases = {one.phase.value for desk in self._desks for one in desk.state.segments.values()}
        if phases != {"synced"}:
            self.broken.append(f"not all is saved: {phases}")
        left_by = {name: said(cues) for name, cues in self._left_by.items()}
        in_the_end = {desk.name: cues for desk, cues in zip(self._desks, shown, strict=True)}
        self.broken += nowhere(self._at_first, left_by, self._choices, in_the_end)

    def run(self) -> None:
        failed = self.broken.append
        self.world.loop.set_exception_handler(lambda _, context: failed(f"a task failed: {context}"))
        try:
            self.world.run(self.happens())
        except Exception:
            failed(traceback.format_exc())


def _put_back(desk: Desk, line: LogLine) -> Cues:
    """What a desk would show with what a line tells of put back."""
    try:
        edit, _ = line.put_back(desk.document.snapshot, "Put back")
    except UserError:
        return _cues(desk)  # all of it is so already
    return {cue.id: cue for cue in applied(desk.document.snapshot, edit).cues}


async def _sync(desk: Desk) -> None:
    for _ in range(2):
        await desk.engine.settle()
        await desk.feed.pull(asked=True)
    await desk.engine.settle()


def _cues(desk: Desk) -> dict[int, Cue]:
    return {cue.id: cue for cue in desk.document.snapshot.cues}


def _texts(cues: Cues) -> list[str]:
    return [cue.text for _, cue in sorted(cues.items()) if cue is not None]


def _seen(cues: Cues) -> dict[int, object]:
    return {i: seen(cue) for i, cue in cues.items()}


def _in_order(cues: Cues) -> list[object]:
    return [seen(cue) for cue in cues.values()]


def _with(cues: Cues, cue_id: int, told: Preview) -> Cues:
    """Cues with what a choice would make of them."""
    after = {**cues, cue_id: told.cue}
    for one in told.others:
        cue = one.after or one.before
        assert isinstance(cue, Cue)
        after[cue.id] = cue if one.after is not None else None
    return after


def _merged(one: Segment, cues: Cues, make: MakeBody) -> Cues:
    """Cues, with what others did to a segment of them where nobody is asked."""
    if one.base is None or one.mine is None or one.theirs is None or one.theirs.body is None:
        return cues
    merged = {cue.id: cue for cue in merge_bodies(one.base, one.mine, one.theirs.body, make).body.cues}
    gone = {cue.id for cue in one.mine.cues} - merged.keys()
    return {i: cue for i, cue in cues.items() if i not in gone} | merged


def _asides(desk: Desk, conflict: Conflict, choice: Cue | None) -> list[tuple[Cue | None, Cues]]:
    """Sides that are not chosen, and what each would leave."""
    one = desk.state.segment_of(conflict.id)
    chosen = {each.id: each.choice for each in one.chosen} if one is not None else {}
    sides = ((conflict.mine, conflict.keep_mine), (conflict.theirs, conflict.take_theirs))
    return [
        (side, _with(_cues(desk) | chosen, conflict.id, desk.engine.preview(conflict, kept)))
        for side, kept in sides
        if choice not in (side, kept)
    ]


def _outlook(desk: Desk) -> list[str]:
    """All that could be decided, and what would come of it."""
    found = []
    for one in desk.state.conflicts:
        for choice in (one.keep_mine, one.take_theirs):
            would = desk.engine.preview(one, choice)
            others = [tuple(map(_visible, other.pair)) for other in would.others]
            found.append(f"{one.id}: {seen(would.cue)}, {others}, {[seen(cue) for cue in would.twice]}")
    return sorted(found)


def _visible(one: Cue | Head | None) -> object:
    return seen(one) if not isinstance(one, Head) else one


def failure(seed: int, people: int = 2) -> str:
    """What broke in a story, and how it went; empty: nothing."""
    story = Story(seed, people)
    story.run()
    if not story.broken:
        return ""
    replay = f"python -m tests.properties.decided_stories {seed} {seed + 1} --people {people}"
    return "\n  ".join((f"seed {seed}", *story.broken, *story.told, f"Replay: {replay}"))


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("first", type=int)
    parser.add_argument("end", type=int, help="the first that is not run")
    parser.add_argument("--people", type=int, default=2)
    asked = parser.parse_args(arguments)
    failures = [told for seed in range(asked.first, asked.end) if (told := failure(seed, asked.people))]
    print("\n".join(failures) or f"{asked.end - asked.first} stories kept every law")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
